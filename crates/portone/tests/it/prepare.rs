use money::Won;
use portone::{Amount, PortoneError};
use serde_json::{Value, json};

use crate::script::{Reply, Scripted, envelope, refusal};

const POST: &str = "POST /payments/prepare";
const PUT: &str = "PUT /payments/prepare";
const GET: &str = "GET /payments/prepare/order-1";

fn echo(amount: i64) -> String {
    envelope(json!({ "merchant_uid": "order-1", "amount": amount }))
}

fn taken() -> String {
    refusal(1, "결제정보 사전등록에 실패하였습니다(이미 등록된 merchant_uid입니다).")
}

#[tokio::test]
async fn a_sum_is_registered_in_won() {
    let portone = Scripted::start().await;
    portone.says(POST, 200, echo(10_000));
    portone.client().prepare("order-1", Won::new(10_000).unwrap()).await.unwrap();
    let (_, body) = portone.asked().pop().unwrap();
    assert!(body.ends_with(r#"{"amount":10000,"currency":"KRW","merchant_uid":"order-1"}"#), "{body}");
}

#[tokio::test]
async fn a_sum_that_is_there_already_is_read_and_corrected_where_it_is_another() {
    let portone = Scripted::start().await;
    let won = Won::new(10_000).unwrap();
    portone.says(POST, 200, taken());
    portone.says(GET, 200, echo(10_000));
    portone.client().prepare("order-1", won).await.unwrap();
    assert_eq!(portone.count(PUT), 0);
    // Somebody else had registered 1 won.
    portone.on(GET, vec![Reply::Says(200, echo(1)), Reply::Says(200, echo(10_000))]);
    portone.says(PUT, 200, echo(10_000));
    portone.client().prepare("order-1", won).await.unwrap();
    assert_eq!(portone.count(PUT), 1);
    portone.says(GET, 200, echo(1));
    let stuck = portone.client().prepare("order-1", won).await;
    assert!(
        matches!(&stuck, Err(PortoneError::PreparedOtherwise { asked, registered: Amount::Whole(1), currency: None })
            if *asked == won),
        "{stuck:?}"
    );
}

#[tokio::test]
async fn a_registration_in_another_currency_is_corrected() {
    let portone = Scripted::start().await;
    let echo_in = |currency: Value| {
        Reply::Says(
            200,
            envelope(json!({ "merchant_uid": "order-1", "amount": 10_000, "currency": currency })),
        )
    };
    portone.says(POST, 200, taken());
    portone.says(PUT, 200, echo(10_000));
    portone.on(GET, vec![echo_in(json!("USD")), echo_in(json!("KRW"))]);
    portone.client().prepare("order-1", Won::new(10_000).unwrap()).await.unwrap();
    let (_, body) = portone.asked().into_iter().find(|(asked, _)| asked == PUT).unwrap();
    assert!(body.ends_with(r#"{"amount":10000,"currency":"KRW","merchant_uid":"order-1"}"#), "{body}");
    // One that PortOne does not tell is no objection.
    portone.on(GET, vec![echo_in(Value::Null)]);
    portone.client().prepare("order-1", Won::new(10_000).unwrap()).await.unwrap();
    assert_eq!(portone.count(PUT), 1);
}

#[tokio::test]
async fn a_refusal_for_another_reason_than_being_there_is_handed_on() {
    let portone = Scripted::start().await;
    portone.says(POST, 200, refusal(-1, "금액이 잘못되었습니다."));
    portone.says(GET, 404, refusal(-1, "사전등록된 결제정보가 존재하지 않습니다."));
    let refused = portone.client().prepare("order-1", Won::new(10_000).unwrap()).await;
    assert!(matches!(refused, Err(PortoneError::Refused { code: -1, .. })), "{refused:?}");
    assert_eq!(portone.count(PUT), 0);
}

#[tokio::test]
async fn an_echo_of_another_sum_or_order_is_no_registration() {
    let portone = Scripted::start().await;
    let won = Won::new(10_000).unwrap();
    for response in [
        json!({ "merchant_uid": "order-1", "amount": 1 }),
        json!({ "merchant_uid": "order-1", "amount": "10000" }),
        json!({ "merchant_uid": "order-1", "amount": 10_000.5 }),
        json!({ "merchant_uid": "order-1" }),
        json!({ "merchant_uid": "order-2", "amount": 10_000 }),
        json!({ "merchant_uid": "order-1", "amount": 10_000, "currency": "USD" }),
        json!({ "merchant_uid": "order-1", "amount": 10_000, "currency": 410 }),
        json!({ "amount": 10_000 }),
        json!([]),
    ] {
        portone.says(POST, 200, envelope(response.clone()));
        let odd = portone.client().prepare("order-1", won).await;
        assert!(matches!(odd, Err(PortoneError::Odd { .. })), "{response}: {odd:?}");
    }
    // Nor is it one where it is read back: another order's sum says nothing about ours.
    portone.says(POST, 200, taken());
    portone.says(GET, 200, envelope(json!({ "merchant_uid": "order-2", "amount": 10_000 })));
    let odd = portone.client().prepare("order-1", won).await;
    assert!(matches!(odd, Err(PortoneError::Odd { .. })), "{odd:?}");
    assert_eq!(portone.count(PUT), 0);
}

#[tokio::test]
async fn trouble_while_registering_is_handed_on_and_repeating_it_is_safe() {
    let portone = Scripted::start().await;
    let won = Won::new(10_000).unwrap();
    let client = portone.client();
    portone.on(POST, vec![Reply::Silence]);
    let slow = portone.client_in_a_hurry().prepare("order-1", won).await;
    assert!(matches!(slow, Err(PortoneError::TimedOut { call: "prepare" })), "{slow:?}");
    portone.says(POST, 503, String::new());
    assert!(matches!(client.prepare("order-1", won).await, Err(PortoneError::Down { status: 503 })));
    assert_eq!((portone.count(GET), portone.count(PUT)), (0, 0));
    // The first one had arrived after all.
    portone.says(POST, 200, taken());
    portone.says(GET, 200, echo(10_000));
    client.prepare("order-1", won).await.unwrap();
}

#[tokio::test]
async fn an_order_that_is_no_id_is_never_registered() {
    let portone = Scripted::start().await;
    for id in ["", "a/b", "order 1", "주문"] {
        let bad = portone.client().prepare(id, Won::new(1).unwrap()).await;
        assert!(matches!(bad, Err(PortoneError::BadId)), "{id}");
    }
    assert!(portone.asked().is_empty());
}
