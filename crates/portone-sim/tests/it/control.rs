use portone_sim::Config;
use serde_json::json;

use crate::help::{START, config, http, send, start, uid, world, world_with};

#[tokio::test]
async fn without_control_nobody_makes_payments_up() {
    let world = world_with(Config { control: false, ..config() }).await;
    assert_eq!(world.post("/_sim/pay", json!({ "merchant_uid": "m", "amount": 1 })).await.0, 404);
    assert_eq!(world.get("/_sim/log").await.0, 404);
    let answer = world.sim.control().pay(json!({ "merchant_uid": "m", "amount": 1 }));
    assert_eq!(answer["response"]["status"], "paid", "a test in the same process still can");
}

#[tokio::test]
async fn a_page_of_another_site_has_no_control() {
    let world = world().await;
    let request = world.request(reqwest::Method::POST, "/_sim/pay").header("Origin", "https://example.com");
    let answer = request.json(&json!({ "merchant_uid": "m", "amount": 1 })).send().await.unwrap();
    assert_eq!(answer.status(), 403);
}

#[tokio::test]
async fn only_loopback_is_listened_on() {
    let error = portone_sim::Simulator::start("0.0.0.0:0".parse().unwrap(), config()).await.unwrap_err();
    assert!(error.to_string().contains("loopback"));
}

#[tokio::test]
async fn the_clock_goes_on_for_payments_too() {
    let world = world().await;
    let (_, answer) = world.post("/_sim/clock", json!({ "advance_seconds": 100 })).await;
    assert_eq!(answer["response"]["now"], START + 100);
    let paid = world.pay(json!({ "merchant_uid": "m", "amount": 1 })).await;
    assert_eq!(paid["paid_at"], START + 100);
    assert_eq!(
        world.post("/_sim/clock", json!({ "advance_seconds": -1 })).await.0,
        400,
        "time does not run back"
    );
}

#[tokio::test]
async fn an_account_is_ready_until_the_money_comes() {
    let world = world().await;
    let order = json!({ "merchant_uid": "m", "amount": 9_000, "outcome": "vbank", "pg": "kcp" });
    let issued = world.pay(order).await;
    assert_eq!((&issued["status"], &issued["pay_method"]), (&json!("ready"), &json!("vbank")));
    assert!(issued["vbank_num"].is_string() && issued["vbank_name"].is_string());
    assert_eq!(
        (&issued["vbank_issued_at"], &issued["vbank_date"]),
        (&json!(START), &json!(START + 7 * 86_400))
    );
    let path = format!("/_sim/payments/{}/deposit", uid(&issued));
    assert_eq!(world.post(&path, json!({ "amount": 1 })).await.0, 400, "the bank takes no other sum");
    world.sim.control().advance_clock(3_600);
    let (_, answer) = world.post(&path, json!({})).await;
    assert_eq!(
        (&answer["response"]["status"], &answer["response"]["paid_at"]),
        (&json!("paid"), &json!(START + 3_600))
    );
    assert_eq!(world.post(&path, json!({})).await.0, 400, "only once");
}

#[tokio::test]
async fn an_abandoned_window_stays_ready_and_a_declined_card_is_failed() {
    let world = world().await;
    let left = world.pay(json!({ "merchant_uid": "a", "amount": 1, "outcome": "abandoned" })).await;
    assert_eq!(
        (&left["status"], &left["vbank_num"], &left["paid_at"]),
        (&json!("ready"), &json!(null), &json!(0))
    );
    let declined = world.pay(json!({ "merchant_uid": "b", "amount": 1, "outcome": "failed" })).await;
    assert_eq!((&declined["status"], &declined["failed_at"]), (&json!("failed"), &json!(START)));
    assert!(declined["fail_reason"].is_string());
}

#[tokio::test]
async fn a_payment_is_set_to_whatever_a_test_needs() {
    let world = world().await;
    let failed = world.pay(json!({ "merchant_uid": "m", "amount": 5_000, "outcome": "failed" })).await;
    let path = format!("/_sim/payments/{}/set", uid(&failed));
    let late = json!({ "status": "paid", "paid_at": START + 9, "fail_reason": null, "failed_at": 0 });
    assert_eq!(world.post(&path, late).await.1["response"]["status"], "paid");
    let (_, answer) = world.post("/_sim/pay", json!({ "merchant_uid": "m", "amount": 5_000 })).await;
    assert_eq!(answer["error_code"], "F1002", "the rules see what was set");
    let odd = json!({ "amount": "5000", "status": "pending", "new_field": { "a": 1 } });
    world.post(&path, odd).await;
    let shown = world.get("/payments/find/m").await.1["response"].clone();
    assert_eq!((&shown["amount"], &shown["status"]), (&json!("5000"), &json!("pending")));
    assert_eq!(shown["new_field"]["a"], 1);
    world.post(&path, json!({ "amount": 4_000 })).await;
    assert_eq!(world.get("/payments/find/m").await.1["response"]["amount"], 4_000);
    assert_eq!(world.post("/_sim/payments/imp_0/set", json!({})).await.0, 404);
}

#[tokio::test]
async fn a_revoked_token_is_a_401() {
    let world = world().await;
    send(world.request(reqwest::Method::DELETE, "/_sim/token")).await;
    assert_eq!(world.get("/users/pg").await.0, 401);
}

#[tokio::test]
async fn a_stopped_simulator_answers_nobody() {
    let sim = start(config()).await;
    let url = sim.url();
    assert_eq!(http().get(format!("{url}/v1/iamport.js")).send().await.unwrap().status(), 200);
    sim.shutdown().await;
    assert!(http().get(&url).send().await.unwrap_err().is_connect());
}
