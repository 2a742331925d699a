use money::Won;
use portone::PortoneError;
use serde_json::json;

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
    assert!(matches!(stuck, Err(PortoneError::PreparedOtherwise { .. })), "{stuck:?}");
}

#[tokio::test]
async fn an_echo_of_another_sum_is_no_registration() {
    let portone = Scripted::start().await;
    portone.says(POST, 200, echo(1));
    let odd = portone.client().prepare("order-1", Won::new(10_000).unwrap()).await;
    assert!(matches!(odd, Err(PortoneError::Odd { .. })), "{odd:?}");
}
