use ledger::Mode;
use serde_json::json;
use uuid::Uuid;

use crate::shop::Shop;

#[tokio::test]
async fn a_sum_that_cannot_be_charged_is_refused_before_anything_is_written() {
    let shop = Shop::open(Mode::Test).await;
    for (won, code) in [
        (json!(99), "below_minimum"),
        (json!(0), "below_minimum"),
        (json!(1_000_001), "above_limit"),
        (json!(9_007_199_254_740_991_i64), "above_limit"),
        (json!(9_007_199_254_740_992_i64), "bad_amount"),
        (json!(-10_000), "bad_amount"),
        (json!(10_000.5), "bad_amount"),
        (json!("10000"), "bad_amount"),
        (json!(null), "bad_amount"),
    ] {
        let mut body = shop.start_body(&Uuid::new_v4(), 10_000);
        body["won"] = won.clone();
        assert_eq!(shop.refused("charge_start", body).await, code, "{won}");
    }
    assert_eq!(shop.ok("waiting", json!({})).await["charges"], json!([]));
    assert!(shop.portone.control().payments().to_string().find("imp_").is_none());
}

#[tokio::test]
async fn a_member_that_is_none_is_refused() {
    let shop = Shop::open(Mode::Test).await;
    let mut body = shop.start_body(&Uuid::new_v4(), 10_000);
    body["memberId"] = json!(9_999);
    assert_eq!(shop.refused("charge_start", body).await, "unknown_member");
    let spend = json!({ "useId": Uuid::new_v4(), "memberId": 9_999, "points": 1 });
    assert_eq!(shop.refused("spend", spend).await, "unknown_member");
    assert_eq!(shop.refused("member_card", json!({ "memberId": 9_999 })).await, "unknown_member");
}

#[tokio::test]
async fn a_phone_number_that_is_none_and_a_name_that_is_none_are_refused() {
    let shop = Shop::open(Mode::Test).await;
    for phone in ["", "1234", "전화", "010-12"] {
        let body = json!({ "name": "이름", "phone": phone });
        assert_eq!(shop.refused("member_create", body).await, "bad_phone", "{phone}");
    }
    for name in ["", "  ", &"가".repeat(41)] {
        let body = json!({ "name": name, "phone": "010-1111-2222" });
        assert_eq!(shop.refused("member_create", body).await, "bad_name", "{name}");
    }
    let taken = json!({ "name": "다른 사람", "phone": "+82 10 2841 4821" });
    assert_eq!(shop.refused("member_create", taken).await, "phone_taken");
}

#[tokio::test]
async fn more_points_than_there_are_and_no_points_are_refused() {
    let shop = Shop::open(Mode::Test).await;
    for (points, code) in
        [(json!(1), "not_enough_points"), (json!(0), "bad_amount"), (json!(1.5), "bad_amount")]
    {
        let body = json!({ "useId": Uuid::new_v4(), "memberId": shop.member, "points": points });
        assert_eq!(shop.refused("spend", body).await, code, "{points}");
    }
}

#[tokio::test]
async fn what_is_no_request_is_refused() {
    let shop = Shop::open(Mode::Test).await;
    assert_eq!(shop.refused("no_such_command", json!({})).await, "unknown_command");
    assert_eq!(shop.refused("member_search", json!({ "query": 1 })).await, "bad_request");
    assert_eq!(shop.refused("member_search", json!({ "query": "a", "qeury": "b" })).await, "bad_request");
    assert_eq!(shop.refused("charge_view", json!({ "chargeId": Uuid::new_v4() })).await, "unknown_charge");
    let undo = json!({ "undoId": Uuid::new_v4(), "transactionId": Uuid::new_v4(), "reason": "x" });
    assert_eq!(shop.refused("undo", undo).await, "unknown_transaction");
}

#[tokio::test]
async fn undoing_a_charge_needs_a_refund() {
    let shop = Shop::open(Mode::Test).await;
    let (charge, order, _) = shop.start(10_000).await;
    shop.pay(&order, 10_000, "paid").await;
    let view = shop.settle(&charge).await;
    let undo = json!({ "undoId": Uuid::new_v4(), "transactionId": view["transactionId"], "reason": "실수" });
    assert_eq!(shop.refused("undo", undo).await, "charge_needs_refund");
    assert_eq!((shop.balance().await, shop.proved().await), (10_000, 1));
}
