use serde_json::{Value, json};

use crate::help::{START, uid, world};

/// A cancel that fails is HTTP 200 all the same.
fn refused((status, answer): (u16, Value), code: i64, message: &str) {
    assert_eq!((status, &answer["code"], &answer["response"]), (200, &json!(code), &json!(null)), "{answer}");
    assert!(answer["message"].as_str().unwrap().contains(message), "{answer}");
}

#[tokio::test]
async fn a_partial_cancel_leaves_the_payment_paid_and_the_rest_makes_it_cancelled() {
    let world = world().await;
    let imp_uid = uid(&world.pay(json!({ "merchant_uid": "m", "amount": 10_000 })).await);
    world.sim.control().advance_clock(60);
    let body = json!({ "imp_uid": imp_uid, "amount": 3_000, "checksum": 10_000, "reason": "환불" });
    let (status, answer) = world.post("/payments/cancel", body).await;
    let payment = &answer["response"];
    assert_eq!((status, &answer["code"], &payment["status"]), (200, &json!(0), &json!("paid")));
    assert_eq!(payment["cancel_amount"], 3_000);
    assert_eq!(
        (&payment["cancelled_at"], &payment["cancel_reason"]),
        (&json!(0), &json!(null)),
        "these belong to the status `cancelled`"
    );
    let entry = &payment["cancel_history"][0];
    assert_eq!(
        (&entry["amount"], &entry["reason"], &entry["cancelled_at"]),
        (&json!(3_000), &json!("환불"), &json!(START + 60))
    );
    assert!(entry["cancellation_id"].is_string() && entry["pg_tid"].is_string());

    let rest = json!({ "imp_uid": imp_uid, "amount": 0, "reason": "폐업" });
    let (_, answer) = world.post("/payments/cancel", rest).await;
    let payment = &answer["response"];
    assert_eq!(
        (&payment["status"], &payment["cancel_amount"]),
        (&json!("cancelled"), &json!(10_000)),
        "0 is the rest"
    );
    assert_eq!(payment["cancel_history"].as_array().unwrap().len(), 2);
    assert_eq!(payment["paid_at"], START, "when it was paid is kept");
    assert_eq!((&payment["cancelled_at"], &payment["cancel_reason"]), (&json!(START + 60), &json!("폐업")));
    refused(
        world.post("/payments/cancel", json!({ "imp_uid": imp_uid })).await,
        1,
        "이미 전액취소된 주문입니다.",
    );
}

#[tokio::test]
async fn a_cancel_is_refused_when_the_caller_is_mistaken() {
    let world = world().await;
    let imp_uid = uid(&world.pay(json!({ "merchant_uid": "m", "amount": 10_000 })).await);
    let cancel = |body| world.post("/payments/cancel", body);
    refused(cancel(json!({})).await, 1, "지정해주셔야합니다");
    refused(cancel(json!({ "imp_uid": "imp_0" })).await, 1, "취소할 결제건이 존재하지 않습니다.");
    refused(cancel(json!({ "imp_uid": "imp_0", "merchant_uid": "m" })).await, 1, "존재하지 않습니다");
    refused(cancel(json!({ "imp_uid": imp_uid, "checksum": 9_000 })).await, -1, "checksum");
    refused(cancel(json!({ "imp_uid": imp_uid, "amount": 10_001 })).await, -1, "bigger than cancelable");
    refused(cancel(json!({ "imp_uid": imp_uid, "amount": -1 })).await, -1, "취소금액");
    for unreadable in [json!("abc"), json!(""), json!(true), json!([1])] {
        refused(cancel(json!({ "imp_uid": imp_uid, "amount": unreadable })).await, -1, "amount");
        refused(cancel(json!({ "imp_uid": imp_uid, "checksum": unreadable })).await, -1, "checksum");
    }
    let (_, answer) = cancel(json!({ "merchant_uid": "m", "checksum": null })).await;
    assert_eq!(answer["response"]["status"], "cancelled", "nothing was taken back before");
}

#[tokio::test]
async fn what_was_never_paid_cannot_be_cancelled() {
    let world = world().await;
    for outcome in ["failed", "ready", "vbank", "abandoned"] {
        let imp_uid =
            uid(&world.pay(json!({ "merchant_uid": outcome, "amount": 1_000, "outcome": outcome })).await);
        refused(
            world.post("/payments/cancel", json!({ "imp_uid": imp_uid })).await,
            1,
            "결제완료 상태가 아니어서",
        );
    }
}

#[tokio::test]
async fn a_deposit_is_given_back_only_to_an_account() {
    let world = world().await;
    let issued = world.pay(json!({ "merchant_uid": "m", "amount": 1_000, "outcome": "vbank" })).await;
    world.sim.control().deposit(&uid(&issued), json!({}));
    refused(world.post("/payments/cancel", json!({ "merchant_uid": "m" })).await, -1, "환불계좌");
    let body = json!({
        "merchant_uid": "m", "refund_holder": "김하나", "refund_bank": "88", "refund_account": "1101",
    });
    assert_eq!(world.post("/payments/cancel", body).await.1["response"]["status"], "cancelled");
}

#[tokio::test]
async fn a_cancel_in_portones_console_is_seen() {
    let world = world().await;
    let imp_uid = uid(&world.pay(json!({ "merchant_uid": "m", "amount": 10_000 })).await);
    let path = format!("/_sim/payments/{imp_uid}/console-cancel");
    let (status, answer) = world.post(&path, json!({ "by": "portone", "amount": 4_000 })).await;
    assert_eq!((status, &answer["code"]), (200, &json!(0)));
    let payment = world.get("/payments/find/m").await.1["response"].clone();
    assert_eq!((&payment["status"], &payment["cancel_amount"]), (&json!("paid"), &json!(4_000)));
    world.post(&path, json!({ "by": "portone" })).await;
    assert_eq!(world.get("/payments/find/m").await.1["response"]["status"], "cancelled");
}

#[tokio::test]
async fn a_cancel_in_the_pgs_console_is_never_seen_but_stops_a_second_one() {
    let world = world().await;
    let paid = world.pay(json!({ "merchant_uid": "m", "amount": 10_000 })).await;
    let path = format!("/_sim/payments/{}/console-cancel", uid(&paid));
    world.post(&path, json!({ "by": "pg" })).await;
    assert_eq!(world.get("/payments/find/m").await.1["response"], paid, "nothing changed at PortOne");
    refused(world.post("/payments/cancel", json!({ "merchant_uid": "m" })).await, -1, "기 취소 거래");
    assert_eq!(world.post(&path, json!({ "by": "somebody" })).await.0, 400);
}

#[tokio::test]
async fn nobody_gets_back_more_than_the_pg_still_holds() {
    let world = world().await;
    let imp_uid = uid(&world.pay(json!({ "merchant_uid": "m", "amount": 10_000 })).await);
    let path = format!("/_sim/payments/{imp_uid}/console-cancel");
    let (_, answer) = world.post(&path, json!({ "by": "pg", "amount": 6_000 })).await;
    assert_eq!((&answer["code"], &answer["response"]["cancel_amount"]), (&json!(0), &json!(0)));
    refused(world.post(&path, json!({ "by": "pg", "amount": 6_000 })).await, -1, "기 취소 거래");
    refused(world.post(&path, json!({ "by": "portone" })).await, -1, "기 취소 거래");
    let (_, answer) = world.post(&path, json!({ "by": "portone", "amount": 1_000 })).await;
    assert_eq!(answer["response"]["cancel_amount"], 1_000);
    assert_eq!(world.post(&path, json!({ "by": "pg" })).await.1["code"], 0, "the 3,000 that are left");
    refused(world.post(&path, json!({ "by": "pg" })).await, -1, "기 취소 거래");
    refused(world.post(&path, json!({ "by": "portone", "amount": 1 })).await, -1, "기 취소 거래");
}

#[tokio::test]
async fn a_sum_with_a_fraction_is_cancelled_once_wherever_it_is_cancelled() {
    let world = world().await;
    let paid = world.pay(json!({ "merchant_uid": "m", "amount": 10.5, "currency": "USD" })).await;
    let path = format!("/_sim/payments/{}/console-cancel", uid(&paid));
    assert_eq!(world.post(&path, json!({ "by": "pg" })).await.1["code"], 0);
    refused(world.post(&path, json!({ "by": "pg" })).await, -1, "기 취소 거래");
    refused(world.post("/payments/cancel", json!({ "merchant_uid": "m" })).await, -1, "기 취소 거래");
}
