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
    let status = answer.status();
    let answer: serde_json::Value = answer.json().await.unwrap();
    assert_eq!((status.as_u16(), &answer["code"]), (403, &json!(-1)), "in an envelope");
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
async fn ten_years_in_all_are_as_far_as_the_clock_goes() {
    let world = world().await;
    let ten_years = 10 * 365 * 86_400;
    let advance = |seconds: i64| world.post("/_sim/clock", json!({ "advance_seconds": seconds }));
    assert_eq!(advance(i64::MAX).await.0, 400);
    assert_eq!(advance(ten_years).await.0, 200);
    assert_eq!(advance(1).await.0, 400);
    assert_eq!(world.sim.control().advance_clock(i64::MAX), START + ten_years, "nor by hand");
    assert_eq!(world.fetch_token().await["expired_at"], START + ten_years + 1800);
}

#[tokio::test]
async fn a_clock_at_the_end_of_time_ends_nothing() {
    let world = world_with(Config { clock_offset_seconds: i64::MAX, ..config() }).await;
    world.sim.control().pay(json!({ "merchant_uid": "m", "amount": 1, "outcome": "vbank" }));
    assert_eq!(world.fetch_token().await["now"], i64::MAX);
}

#[tokio::test]
async fn a_sum_that_cannot_be_read_is_not_everything() {
    let world = world().await;
    let order = json!({ "merchant_uid": "v", "amount": 9_000, "outcome": "vbank" });
    let paths = [
        ("pay".to_owned(), json!({ "merchant_uid": "n" })),
        (
            format!(
                "payments/{}/console-cancel",
                uid(&world.pay(json!({ "merchant_uid": "m", "amount": 9 })).await)
            ),
            json!({ "by": "portone" }),
        ),
        (format!("payments/{}/deposit", uid(&world.pay(order).await)), json!({})),
    ];
    let before = world.sim.control().payments();
    for (path, body) in paths {
        for unreadable in [json!("abc"), json!(false)] {
            let mut body = body.clone();
            body["amount"] = unreadable;
            assert_eq!(world.post(&format!("/_sim/{path}"), body).await.0, 400, "{path}");
        }
    }
    assert_eq!(world.sim.control().payments(), before, "nothing changed");
}

#[tokio::test]
async fn what_is_refused_half_way_has_not_happened() {
    let world = world().await;
    let late =
        json!({ "merchant_uid": "m", "amount": 9_000, "pay_method": "vbank", "vbank_due": "2020-01-01" });
    assert_eq!(world.post("/_sim/pay", late.clone()).await.0, 400, "nobody pays after the due time");
    assert_eq!(world.get("/payments/findAll/m").await.0, 404);
    for due in ["2026-13-99", "2026-02-29", "tomorrow"] {
        let mut order = late.clone();
        order["vbank_due"] = json!(due);
        assert_eq!(world.post("/_sim/pay", order).await.1["error_code"], "F400", "{due}");
    }
    assert_eq!(world.sim.control().payments(), json!([]));
}

#[tokio::test]
async fn an_account_is_ready_until_the_money_comes() {
    let world = world().await;
    let order = json!({ "merchant_uid": "m", "amount": 9_000, "outcome": "vbank", "pg": "kcp" });
    let issued = world.pay(order).await;
    assert_eq!((&issued["status"], &issued["pay_method"]), (&json!("ready"), &json!("vbank")));
    assert!(issued["vbank_num"].is_string() && issued["vbank_name"].is_string());
    let open = json!({ "merchant_uid": "o", "amount": 9_000, "outcome": "ready", "pay_method": "vbank" });
    assert_eq!(world.pay(open).await["vbank_date"], 0, "no account, no due time");
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
