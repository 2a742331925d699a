use portone::{Amount, Endpoint, PortoneError, Status};
use serde_json::json;

use crate::script::{Reply, Scripted, envelope, page, payment, refusal};

const ONE: &str = "GET /payments/imp_1";
const ALL: &str = "GET /payments/findAll/order-1";

#[tokio::test]
async fn a_payment_is_read_and_what_is_new_in_it_is_passed_over() {
    let portone = Scripted::start().await;
    let said =
        payment("imp_1", "order-1", json!({ "status": "on_hold", "cancel_history": null, "sandbox": null }));
    portone.says(ONE, 200, envelope(said));
    let found = portone.client().payment("imp_1").await.unwrap().unwrap();
    assert_eq!(found.status, Status::Unrecognized("on_hold".to_owned()));
    assert_eq!((found.amount, found.cancel_history_len, found.sandbox), (Amount::Whole(10_000), 0, None));
    assert_eq!((found.cancelled_at, found.apply_num.as_deref()), (None, Some("30012345")));
}

#[tokio::test]
async fn test_payments_are_asked_for_by_test_endpoints_alone() {
    let portone = Scripted::start().await;
    portone.says(ONE, 200, envelope(payment("imp_1", "order-1", json!({}))));
    portone.client().payment("imp_1").await.unwrap();
    assert_eq!(portone.asked().pop().unwrap().0, "GET /payments/imp_1?include_sandbox=true");
    portone.client_of(Endpoint::live_at(&portone.url).unwrap()).payment("imp_1").await.unwrap();
    assert_eq!(portone.asked().pop().unwrap().0, "GET /payments/imp_1");
}

#[tokio::test]
async fn an_id_that_is_none_never_leaves() {
    let portone = Scripted::start().await;
    let client = portone.client();
    for id in ["", "imp_", "imp_../users/getToken", "imp_1%2f..", "imp_1 2", "imp_1?x=1", "IMP_1", "imp_한글"]
    {
        assert!(matches!(client.payment(id).await, Err(PortoneError::BadId)), "{id}");
    }
    for id in ["", "a/b", "..", "a b", "a%20", &"a".repeat(41)] {
        assert!(matches!(client.payments_of(id).await, Err(PortoneError::BadId)), "{id}");
    }
    assert!(portone.asked().is_empty());
}

#[tokio::test]
async fn no_payment_is_an_answer_and_an_error_page_is_none() {
    let portone = Scripted::start().await;
    let client = portone.client();
    portone.says(ONE, 404, refusal(-1, "존재하지 않는 결제정보입니다."));
    portone.says(ALL, 404, refusal(-1, "존재하지 않는 결제정보입니다."));
    assert!(client.payment("imp_1").await.unwrap().is_none());
    assert!(client.payments_of("order-1").await.unwrap().is_empty());
    portone.says(ALL, 404, "<html>not found</html>".to_owned());
    assert!(matches!(client.payments_of("order-1").await, Err(PortoneError::Odd { .. })));
}

#[tokio::test]
async fn all_pages_are_read_and_a_payment_on_two_of_them_counts_once() {
    let portone = Scripted::start().await;
    let one = |id: &str| payment(id, "order-1", json!({}));
    portone.on(
        ALL,
        vec![
            Reply::Says(200, page(vec![one("imp_1"), one("imp_2")], 2)),
            Reply::Says(200, page(vec![one("imp_2"), one("imp_3")], 3)),
            Reply::Says(200, page(vec![one("imp_4")], 0)),
        ],
    );
    let found = portone.client().payments_of("order-1").await.unwrap();
    let ids: Vec<&str> = found.iter().map(|payment| payment.imp_uid.as_str()).collect();
    assert_eq!(ids, ["imp_1", "imp_2", "imp_3", "imp_4"]);
    let asked: Vec<String> = portone
        .asked()
        .into_iter()
        .map(|(asked, _)| asked)
        .filter(|asked| asked.contains("findAll"))
        .collect();
    assert!(
        asked[0].contains("page=1") && asked[2].contains("page=3") && asked[0].contains("limit=100"),
        "{asked:?}"
    );
    // Pages that never end.
    portone.says(ALL, 200, page(vec![one("imp_1")], 1));
    assert!(matches!(portone.client().payments_of("order-1").await, Err(PortoneError::Odd { .. })));
}

#[tokio::test]
async fn an_answer_about_another_payment_than_asked_for_is_none() {
    let portone = Scripted::start().await;
    portone.says(ONE, 200, envelope(payment("imp_2", "order-1", json!({}))));
    portone.says(ALL, 200, page(vec![payment("imp_1", "order-2", json!({}))], 0));
    assert!(matches!(portone.client().payment("imp_1").await, Err(PortoneError::Odd { .. })));
    assert!(matches!(portone.client().payments_of("order-1").await, Err(PortoneError::Odd { .. })));
}

#[tokio::test]
async fn a_payment_without_what_is_required_makes_the_answer_odd() {
    let portone = Scripted::start().await;
    for name in ["imp_uid", "merchant_uid", "status", "amount", "cancel_amount"] {
        portone.says(ONE, 200, envelope(payment("imp_1", "order-1", json!({ name: null }))));
        let said = portone.client().payment("imp_1").await;
        assert!(matches!(said, Err(PortoneError::Odd { .. })), "{name}: {said:?}");
    }
}
