use serde_json::json;

use crate::help::world;

#[tokio::test]
async fn a_second_preparation_is_refused_even_with_the_same_sum() {
    let world = world().await;
    let body = json!({ "merchant_uid": "m", "amount": 5000 });
    let (status, answer) = world.post("/payments/prepare", body.clone()).await;
    assert_eq!((status, &answer["code"], &answer["response"]), (200, &json!(0), &body));
    let (status, answer) = world.post("/payments/prepare", body).await;
    assert_eq!((status, &answer["code"], &answer["response"]), (200, &json!(1), &json!(null)));
    assert_eq!(answer["message"], "결제정보 사전등록에 실패하였습니다(이미 등록된 merchant_uid입니다).");
}

#[tokio::test]
async fn a_preparation_is_read_and_changed() {
    let world = world().await;
    assert_eq!(world.get("/payments/prepare/m").await.0, 404);
    assert_eq!(world.put("/payments/prepare", json!({ "merchant_uid": "m", "amount": 1 })).await.0, 404);
    world.post("/payments/prepare", json!({ "merchant_uid": "m", "amount": 5000, "currency": "KRW" })).await;
    let (_, answer) = world.get("/payments/prepare/m").await;
    assert_eq!(answer["response"], json!({ "merchant_uid": "m", "amount": 5000, "currency": "KRW" }));
    let (status, _) = world.put("/payments/prepare", json!({ "merchant_uid": "m", "amount": 7000 })).await;
    assert_eq!(status, 200);
    let (_, answer) = world.get("/payments/prepare/m").await;
    assert_eq!(answer["response"], json!({ "merchant_uid": "m", "amount": 7000 }));
}

#[tokio::test]
async fn a_preparation_without_a_sum_or_with_a_long_name_is_a_400() {
    let world = world().await;
    assert_eq!(world.post("/payments/prepare", json!({ "merchant_uid": "m" })).await.0, 400);
    assert_eq!(
        world.post("/payments/prepare", json!({ "merchant_uid": "m", "amount": "many" })).await.0,
        400
    );
    let negative = json!({ "merchant_uid": "m", "amount": -1 });
    assert_eq!(world.post("/payments/prepare", negative).await.0, 400);
    let long = json!({ "merchant_uid": "m".repeat(41), "amount": 1 });
    assert_eq!(world.post("/payments/prepare", long).await.0, 400);
}

#[tokio::test]
async fn a_window_with_another_sum_does_not_open() {
    let world = world().await;
    world.post("/payments/prepare", json!({ "merchant_uid": "m", "amount": 5000 })).await;
    let (status, answer) = world.post("/_sim/pay", json!({ "merchant_uid": "m", "amount": 100 })).await;
    assert_eq!((status, &answer["code"], &answer["response"]), (200, &json!(1), &json!(null)));
    assert_eq!(world.get("/payments/findAll/m").await.0, 404, "the refused window left no payment");
    world.pay(json!({ "merchant_uid": "m", "amount": 5000 })).await;
}

#[tokio::test]
async fn a_currency_is_checked_only_if_one_was_prepared() {
    let world = world().await;
    world.post("/payments/prepare", json!({ "merchant_uid": "any", "amount": 5000 })).await;
    world
        .post("/payments/prepare", json!({ "merchant_uid": "won", "amount": 5000, "currency": "KRW" }))
        .await;
    for (merchant_uid, code) in [("any", 0), ("won", 1)] {
        let order = json!({ "merchant_uid": merchant_uid, "amount": 5000, "currency": "USD" });
        assert_eq!(world.post("/_sim/pay", order).await.1["code"], code);
    }
}

#[tokio::test]
async fn a_window_for_a_sum_that_was_already_paid_does_not_open() {
    let world = world().await;
    world.pay(json!({ "merchant_uid": "m", "amount": 5000, "outcome": "failed" })).await;
    world.pay(json!({ "merchant_uid": "m", "amount": 5000, "outcome": "paid" })).await;
    let (status, answer) = world.post("/_sim/pay", json!({ "merchant_uid": "m", "amount": 5000 })).await;
    assert_eq!((status, &answer["code"], &answer["error_code"]), (200, &json!(1), &json!("F1002")));
    assert_eq!(answer["message"], "이미 결제가 이루어진 거래건입니다.");
}

#[tokio::test]
async fn force_plays_a_tampered_sum_and_a_second_payment() {
    let world = world().await;
    world.post("/payments/prepare", json!({ "merchant_uid": "m", "amount": 5000 })).await;
    world.pay(json!({ "merchant_uid": "m", "amount": 5000 })).await;
    world.pay(json!({ "merchant_uid": "m", "amount": 100, "force": true })).await;
    let (_, answer) = world.get("/payments/findAll/m/paid").await;
    assert_eq!(answer["response"]["total"], 2);
    assert_eq!(answer["response"]["list"][0]["amount"], 100, "the newest comes first");
}
