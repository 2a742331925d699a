use portone::{Amount, Endpoint, Payment, PortoneError, Status, Vbank};
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
    for id in [
        "",
        "imp_",
        "imps_",
        "imp_../x",
        "imp_../users/getToken",
        "imp_1%2f..",
        "imp_%2e%2e",
        "imp_1 2",
        " imp_1",
        "imp_1\n",
        "imp_1?x=1",
        "imp_1#",
        "IMP_1",
        "imp_한글",
        "imp_１",
        &format!("imp_{}", "1".repeat(29)),
    ] {
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
    for (status, body) in [
        (404, "<html>not found</html>".to_owned()),
        (404, r#"{"message":"no route"}"#.to_owned()),
        (404, r#"{"code":404,"message":"no route"}"#.to_owned()),
        (404, envelope(json!(null))),
        (200, envelope(json!(null))),
    ] {
        for question in [ONE, ALL] {
            portone.says(question, status, body.clone());
        }
        let (one, all) = (client.payment("imp_1").await, client.payments_of("order-1").await);
        assert!(one.is_err() && all.is_err(), "{status} {body}: {one:?} {all:?}");
    }
    // A refusal with HTTP 200 is a refusal, not "none".
    portone.says(ALL, 200, refusal(1, "존재하지 않는 결제정보입니다."));
    let refused = client.payments_of("order-1").await;
    assert!(matches!(refused, Err(PortoneError::Refused { status: 200, code: 1, .. })), "{refused:?}");
}

#[tokio::test]
async fn sums_are_read_digit_by_digit() {
    let portone = Scripted::start().await;
    for (written, amount) in [
        ("10000.0", Amount::Whole(10_000)),
        ("1e4", Amount::Whole(10_000)),
        ("\"10000\"", Amount::Odd("\"10000\"".to_owned())),
        ("10000.5", Amount::Odd("10000.5".to_owned())),
        ("10000.0000000000000001", Amount::Odd("10000.0000000000000001".to_owned())),
        ("9007199254740993", Amount::Odd("9007199254740993".to_owned())),
        ("1e400", Amount::Odd("1e400".to_owned())),
    ] {
        for name in ["amount", "cancel_amount"] {
            let said = envelope(payment("imp_1", "order-1", json!({ name: 77 })))
                .replace(&format!("\"{name}\":77"), &format!("\"{name}\":{written}"));
            portone.says(ONE, 200, said);
            let found = portone.client().payment("imp_1").await.unwrap().unwrap();
            let read = if name == "amount" { found.amount } else { found.cancel_amount };
            assert_eq!(read, amount, "{name} {written}");
        }
    }
}

#[tokio::test]
async fn every_field_of_a_real_answer_is_read() {
    let portone = Scripted::start().await;
    // As PortOne's PHP writes it: sorted, \uXXXX, \/, zeros for "not yet".
    let said = r#"{"code":0,"message":null,"response":{"amount":9000,"apply_num":"","bank_code":null,"buyer_tel":"010-0000-0000",
        "cancel_amount":0,"cancel_history":[],"cancel_reason":null,"cancelled_at":0,"card_name":"\uc2e0\ud55c\uce74\ub4dc",
        "card_number":"12345678****1234","card_quota":0,"channel":"pc","currency":"KRW","custom_data":null,
        "customer_uid":null,"customer_uid_usage":null,"fail_reason":null,"failed_at":0,"imp_uid":"imp_747436343689",
        "merchant_uid":"order-1","paid_at":1668561453,"pay_method":"vbank","pg_id":"TC0ONETIME","pg_provider":"kakaopay",
        "pg_tid":"T3743a1c204d1c578263","promotion":{"id":"x"},"receipt_url":"https:\/\/pg.example\/r","sandbox":true,
        "started_at":1668561436,"status":"paid","vbank_date":1668647836,"vbank_holder":null,"vbank_issued_at":1668561440,
        "vbank_name":"\uc2e0\ud55c","vbank_num":"110123456789"}}"#;
    portone.says("GET /payments/imp_747436343689", 200, said.to_owned());
    let found = portone.client().payment("imp_747436343689").await.unwrap().unwrap();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        found,
        Payment {
            imp_uid: "imp_747436343689".to_owned(),
            merchant_uid: "order-1".to_owned(),
            status: Status::Paid,
            amount: Amount::Whole(9_000),
            cancel_amount: Amount::Whole(0),
            cancel_history_len: 0,
            cancel_history: Vec::new(),
            currency: some("KRW"),
            sandbox: Some(true),
            pg_provider: some("kakaopay"),
            pg_id: some("TC0ONETIME"),
            pg_tid: some("T3743a1c204d1c578263"),
            pay_method: some("vbank"),
            apply_num: None,
            card_name: some("신한카드"),
            card_number: some("12345678****1234"),
            receipt_url: some("https://pg.example/r"),
            paid_at: Some(1_668_561_453),
            started_at: Some(1_668_561_436),
            failed_at: None,
            cancelled_at: None,
            fail_reason: None,
            cancel_reason: None,
            customer_uid_usage: None,
            vbank: Some(Vbank {
                num: some("110123456789"),
                name: some("신한"),
                holder: None,
                date: Some(1_668_647_836),
                issued_at: Some(1_668_561_440),
            }),
            channel: some("pc"),
            custom_data: None,
        }
    );
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
    for asked in &asked {
        assert!(asked.contains("sorting=started") && !asked.contains("include_sandbox"), "{asked}");
    }
    // The same page for ever.
    portone.says(ALL, 200, page(vec![one("imp_1")], 1));
    assert!(matches!(portone.client().payments_of("order-1").await, Err(PortoneError::Odd { .. })));
}

#[tokio::test]
async fn pages_that_have_no_end_are_given_up() {
    let portone = Scripted::start().await;
    portone.on(ALL, (2..=60).map(|next| Reply::Says(200, page(vec![], next))).collect());
    let error = portone.client().payments_of("order-1").await;
    assert!(matches!(error, Err(PortoneError::Odd { .. })), "{error:?}");
    assert_eq!(portone.count(ALL), 50);
}

#[tokio::test]
async fn a_list_that_is_not_whole_is_no_list() {
    let portone = Scripted::start().await;
    let one = || payment("imp_1", "order-1", json!({}));
    let last = |reply: Reply| vec![Reply::Says(200, page(vec![one()], 2)), reply];
    let strange = [
        // A page that was promised and is not there.
        Reply::Says(404, refusal(-1, "없음")),
        // One payment with two sums.
        Reply::Says(200, page(vec![payment("imp_1", "order-1", json!({ "amount": 1 }))], 0)),
        // One bad row among good ones.
        Reply::Says(
            200,
            page(vec![payment("imp_2", "order-1", json!({})), json!({ "imp_uid": "imp_3" })], 0),
        ),
        Reply::Says(200, page(vec![payment("imp_2", "order-2", json!({}))], 0)),
        Reply::Says(200, envelope(json!({ "list": [] }))),
        Reply::Says(200, envelope(json!({ "list": {}, "next": 0 }))),
        Reply::Says(200, envelope(json!({ "next": 0 }))),
        Reply::Says(200, envelope(json!({ "list": [], "next": "0" }))),
        Reply::Says(200, page(vec![], -1)),
    ];
    for (row, reply) in strange.into_iter().enumerate() {
        portone.on(ALL, last(reply));
        let error = portone.client().payments_of("order-1").await;
        assert!(matches!(error, Err(PortoneError::Odd { .. })), "{row}: {error:?}");
    }
    portone.on(ALL, last(Reply::Says(503, String::new())));
    let down = portone.client().payments_of("order-1").await;
    assert!(matches!(down, Err(PortoneError::Down { status: 503 })), "{down:?}");
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

#[tokio::test]
async fn what_decides_may_be_missing_but_not_of_another_kind() {
    let portone = Scripted::start().await;
    for (name, value) in [
        ("sandbox", json!("true")),
        ("sandbox", json!(0)),
        ("currency", json!(410)),
        ("pg_id", json!(7)),
        ("pg_provider", json!(["a"])),
        ("customer_uid_usage", json!(true)),
        ("customer_uid_usage", json!(["issue"])),
        ("paid_at", json!("1795402800")),
        ("paid_at", json!(1.5)),
        ("cancel_history", json!({ "0": {} })),
        ("cancel_history", json!(1)),
        ("status", json!(1)),
        ("imp_uid", json!("")),
        ("merchant_uid", json!(1)),
    ] {
        portone.says(ONE, 200, envelope(payment("imp_1", "order-1", json!({ name: value }))));
        let said = portone.client().payment("imp_1").await;
        assert!(matches!(said, Err(PortoneError::Odd { .. })), "{name} {value}: {said:?}");
    }
    for name in
        ["sandbox", "currency", "pg_id", "pg_provider", "customer_uid_usage", "paid_at", "cancel_history"]
    {
        let mut said = payment("imp_1", "order-1", json!({}));
        said.as_object_mut().unwrap().remove(name);
        portone.says(ONE, 200, envelope(said));
        assert!(portone.client().payment("imp_1").await.unwrap().is_some(), "{name}");
    }
    // What is only shown does not stand in a payment's way.
    portone.says(ONE, 200, envelope(payment("imp_1", "order-1", json!({ "card_name": 1, "apply_num": [] }))));
    let found = portone.client().payment("imp_1").await.unwrap().unwrap();
    assert_eq!((found.card_name, found.apply_num), (None, None));
}

#[tokio::test]
async fn a_time_of_zero_is_no_time() {
    let portone = Scripted::start().await;
    let times = ["paid_at", "started_at", "failed_at", "cancelled_at", "vbank_date", "vbank_issued_at"];
    let mut said = payment("imp_1", "order-1", json!({ "vbank_num": "1" }));
    for name in times {
        said[name] = json!(0);
    }
    portone.says(ONE, 200, envelope(said));
    let found = portone.client().payment("imp_1").await.unwrap().unwrap();
    let vbank = found.vbank.unwrap();
    let read =
        [found.paid_at, found.started_at, found.failed_at, found.cancelled_at, vbank.date, vbank.issued_at];
    assert_eq!(read, [None; 6]);
}

#[tokio::test]
async fn each_cancel_is_counted() {
    let portone = Scripted::start().await;
    let changes = json!({ "cancel_amount": 300, "cancel_history": [{ "amount": 100 }, { "amount": 200 }] });
    portone.says(ONE, 200, envelope(payment("imp_1", "order-1", changes)));
    let found = portone.client().payment("imp_1").await.unwrap().unwrap();
    assert_eq!((found.cancel_amount, found.cancel_history_len), (Amount::Whole(300), 2));
}
