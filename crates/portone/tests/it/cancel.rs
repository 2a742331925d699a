//! Giving money back.

use std::num::NonZeroU64;

use portone::{Amount, Cancel, PortoneError, RefundTo};
use serde_json::json;

use crate::script::{Scripted, envelope, page, payment, refusal};

const POST: &str = "POST /payments/cancel";

fn cancel() -> Cancel {
    Cancel {
        imp_uid: "imp_1".to_owned(),
        amount: NonZeroU64::new(4_000).unwrap(),
        checksum: NonZeroU64::new(10_000).unwrap(),
        reason: "환불 1".to_owned(),
        account: None,
    }
}

#[tokio::test]
async fn a_cancel_names_payment_sum_and_what_is_left_and_never_an_order() {
    let portone = Scripted::start().await;
    portone.says(POST, 200, envelope(payment("imp_1", "order-1", json!({}))));
    portone.client().cancel(&cancel()).await.unwrap();
    let (_, body) = portone.asked().pop().unwrap();
    let sent = r#"{"amount":4000,"checksum":10000,"imp_uid":"imp_1","reason":"환불 1"}"#;
    assert!(body.ends_with(sent), "{body}");
    let account =
        RefundTo {
            holder: "김서연".to_owned(), bank: "88".to_owned(), account: "110987654321".to_owned()
        };
    let with = Cancel { account: Some(account), ..cancel() };
    assert!(!format!("{with:?}").contains("110987654321"), "an account in a log");
    portone.client().cancel(&with).await.unwrap();
    let (_, body) = portone.asked().pop().unwrap();
    assert!(
        body.contains(r#""refund_account":"110987654321","refund_bank":"88","refund_holder":"김서연""#),
        "{body}"
    );
}

#[tokio::test]
async fn a_refusal_is_one_only_in_portones_own_words_and_it_is_asked_once() {
    let portone = Scripted::start().await;
    portone.says(POST, 200, refusal(-1, "취소금액이 미정산 금액보다 큽니다"));
    let refused = portone.client().cancel(&cancel()).await;
    assert!(
        matches!(&refused, Err(PortoneError::Refused { status: 200, code: -1, message }) if message.contains("미정산")),
        "{refused:?}"
    );
    assert_eq!(portone.count(POST), 1);
    for (status, body) in [
        (502, "<html>".to_owned()),
        (200, "{".to_owned()),
        (200, envelope(payment("imp_2", "order-1", json!({})))),
    ] {
        portone.says(POST, status, body);
        let said = portone.client().cancel(&cancel()).await;
        assert!(matches!(said, Err(PortoneError::Down { .. } | PortoneError::Odd { .. })), "{said:?}");
    }
    assert_eq!(portone.count(POST), 4);
}

#[tokio::test]
async fn the_cancels_of_a_payment_are_read_with_their_reasons() {
    let portone = Scripted::start().await;
    let history = json!([
        { "amount": 4_000, "reason": "환불 1", "cancellation_id": "c1", "pg_tid": "t", "cancelled_at": 1 },
        { "amount": 1_000.0, "reason": null, "pg_tid": "t", "cancelled_at": 2 },
    ]);
    let found = payment("imp_1", "order-1", json!({ "cancel_amount": 5_000, "cancel_history": history }));
    portone.says("GET /payments/findAll/order-1", 200, page(vec![found], 0));
    let found = portone.client().payments_of("order-1").await.unwrap().pop().unwrap();
    let told: Vec<_> = found
        .cancel_history
        .iter()
        .map(|cancel| (cancel.id.as_deref(), cancel.amount.clone(), cancel.reason.as_deref()))
        .collect();
    assert_eq!(
        told,
        [(Some("c1"), Amount::Whole(4_000), Some("환불 1")), (None, Amount::Whole(1_000), None)]
    );
}
