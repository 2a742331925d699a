use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;

use crate::help::{uid, world};

#[tokio::test]
async fn a_status_fault_hits_n_times_and_has_no_effect_unless_told() {
    let world = world().await;
    let prepare = |id: &str| {
        world
            .request(Method::POST, "/payments/prepare")
            .bearer_auth(&world.token)
            .json(&json!({ "merchant_uid": id, "amount": 1 }))
            .send()
    };
    world.post("/_sim/faults", json!({ "path": "/payments/prepare", "status": 503, "times": 2 })).await;
    for id in ["a", "b"] {
        let response = prepare(id).await.unwrap();
        assert_eq!(response.status(), 503);
        assert!(response.text().await.unwrap().starts_with("<html>"), "a gateway knows no envelope");
    }
    assert_eq!(prepare("c").await.unwrap().status(), 200, "the third one passes");
    assert_eq!(world.get("/payments/prepare/a").await.0, 404);

    world.post("/_sim/faults", json!({ "path": "/payments/prepare", "status": 502, "effect": true })).await;
    assert_eq!(prepare("d").await.unwrap().status(), 502);
    assert_eq!(world.get("/payments/prepare/d").await.0, 200);
}

#[tokio::test]
async fn a_delayed_answer_comes_late_and_a_client_may_give_up_first() {
    let world = world().await;
    world.post("/_sim/faults", json!({ "path": "/users/pg", "delay_ms": 150 })).await;
    let start = Instant::now();
    assert_eq!(world.get("/users/pg").await.0, 200);
    assert!(start.elapsed() >= Duration::from_millis(150));

    world.post("/_sim/faults", json!({ "path": "/users/*", "delay_ms": 60_000 })).await;
    let hasty = world.request(Method::GET, "/users/pg").timeout(Duration::from_millis(100)).send();
    assert!(hasty.await.unwrap_err().is_timeout());
    let start = Instant::now();
    world.sim.shutdown().await;
    assert!(start.elapsed() < Duration::from_secs(30), "a delay does not hold the end up");
}

#[tokio::test]
async fn a_connection_dropped_before_the_effect_leaves_nothing_behind() {
    let world = world().await;
    let imp_uid = uid(&world.pay(json!({ "merchant_uid": "m", "amount": 10_000 })).await);
    world.post("/_sim/faults", json!({ "path": "/payments/cancel", "drop": "before" })).await;
    let cancel = world.request(Method::POST, "/payments/cancel").bearer_auth(&world.token);
    let error = cancel.json(&json!({ "imp_uid": imp_uid })).send().await.unwrap_err();
    assert!(!error.is_connect() && !error.is_timeout(), "cut in the middle: {error:?}");
    assert_eq!(world.get("/payments/find/m").await.1["response"]["cancel_amount"], 0);
}

#[tokio::test]
async fn a_connection_dropped_after_the_effect_loses_only_the_answer() {
    let world = world().await;
    let imp_uid = uid(&world.pay(json!({ "merchant_uid": "m", "amount": 10_000 })).await);
    world
        .post("/_sim/faults", json!({ "path": "/payments/cancel", "method": "post", "drop": "after" }))
        .await;
    let cancel = world.request(Method::POST, "/payments/cancel").bearer_auth(&world.token);
    cancel.json(&json!({ "imp_uid": imp_uid })).send().await.unwrap_err();
    assert_eq!(world.get("/payments/find/m").await.1["response"]["status"], "cancelled");
    let log = world.sim.control().log();
    let cut =
        log.as_array().unwrap().iter().find(|record| record["path"] == "/payments/cancel").unwrap().clone();
    assert_eq!(
        (&cut["status"], &cut["fault"], &cut["body"]["imp_uid"]),
        (&json!(null), &json!(1), &json!(imp_uid))
    );
}

#[tokio::test]
async fn a_garbled_answer_is_no_json() {
    let world = world().await;
    world.post("/_sim/faults", json!({ "path": "/users/pg", "garbled": true })).await;
    world
        .post(
            "/_sim/faults",
            json!({ "path": "/users/pg", "garbled": true, "body": "<!doctype html>점검중" }),
        )
        .await;
    let get = || async {
        let response =
            world.request(Method::GET, "/users/pg").bearer_auth(&world.token).send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.text().await.unwrap()
    };
    let half = get().await;
    assert!(half.starts_with("{\"code\":0") && serde_json::from_str::<serde_json::Value>(&half).is_err());
    assert_eq!(get().await, "<!doctype html>점검중");
    assert!(serde_json::from_str::<serde_json::Value>(&get().await).is_ok());
}

#[tokio::test]
async fn faults_are_listed_skipped_and_taken_back() {
    let world = world().await;
    world.post("/_sim/faults", json!({ "path": "*", "status": 500, "times": 0, "skip": 1 })).await;
    assert_eq!(world.get("/users/pg").await.0, 200, "the first one passes");
    for _ in 0..3 {
        let response = world.request(Method::GET, "/users/pg").send().await.unwrap();
        assert_eq!(response.status(), 500);
    }
    assert_eq!(world.get("/_sim/faults").await.1["response"][0]["times"], 0);
    assert_eq!(crate::help::send(world.request(Method::DELETE, "/_sim/faults")).await.0, 200);
    assert_eq!(world.get("/users/pg").await.0, 200);
    assert_eq!(
        world.post("/_sim/faults", json!({ "path": "*", "satus": 500 })).await.0,
        400,
        "a typing error is told"
    );
}

#[tokio::test]
async fn a_client_that_hangs_up_loses_the_answer_and_not_the_effect() {
    let world = world().await;
    world.post("/_sim/faults", json!({ "path": "/payments/prepare", "delay_ms": 400 })).await;
    let prepare = world.request(Method::POST, "/payments/prepare").bearer_auth(&world.token);
    let hasty = prepare.json(&json!({ "merchant_uid": "m", "amount": 1 })).timeout(Duration::from_millis(50));
    assert!(hasty.send().await.unwrap_err().is_timeout());
    assert_eq!(world.get("/payments/prepare/m").await.0, 404, "not yet");
    let start = Instant::now();
    while world.get("/payments/prepare/m").await.0 != 200 {
        assert!(start.elapsed() < Duration::from_secs(20), "it never happened");
    }
    let is_logged = || {
        let log = world.sim.control().log();
        let hit = log.as_array().unwrap().iter().find(|record| record["fault"] == 1).unwrap().clone();
        hit["status"] == 200
    };
    while !is_logged() {
        assert!(start.elapsed() < Duration::from_secs(20), "its status is not in the log");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_fault_that_could_never_hit_or_would_do_nothing_is_refused() {
    let world = world().await;
    for refused in [
        json!({ "path": "payments/cancel", "status": 500 }),
        json!({ "path": "", "status": 500 }),
        json!({ "path": "/payments/find/주문", "status": 500 }),
        json!({ "path": "/payments?imp_uid[]=a", "status": 500 }),
        json!({ "path": "/_sim/log", "status": 500 }),
        json!({ "path": "/payments/{imp_uid", "status": 500 }),
        json!({ "path": "/payments/imp_{n}", "status": 500 }),
        json!({ "path": "*" }),
        json!({ "path": "*", "times": 3, "delay_ms": 0 }),
        json!({ "path": "*", "body": "<html>" , "delay_ms": 1 }),
        json!({ "path": "*", "effect": true, "delay_ms": 1 }),
        json!({ "path": "*", "status": 500, "drop": "before" }),
        json!({ "path": "*", "status": 199 }),
        json!({ "path": "*", "status": 600 }),
        json!({ "path": "*", "status": 500, "method": "GTE" }),
    ] {
        assert_eq!(world.post("/_sim/faults", refused.clone()).await.0, 400, "{refused}");
        assert_eq!(world.sim.control().add_fault(refused.clone())["code"], -1, "{refused}");
    }
    assert_eq!(world.get("/_sim/faults").await.1["response"], json!([]));
}

#[tokio::test]
async fn a_path_is_meant_whole_and_braces_are_one_segment() {
    let world = world().await;
    let hits = async |pattern: &str, path: &str| {
        let fault = json!({ "path": pattern, "status": 418, "body": "{}", "times": 0 });
        assert_eq!(world.sim.control().add_fault(fault)["code"], 0);
        let response = world.request(Method::GET, path).bearer_auth(&world.token).send().await.unwrap();
        world.sim.control().clear_faults();
        response.status() == 418
    };
    assert!(hits("/payments/find/{merchant_uid}", "/payments/find/m?sorting=paid").await);
    assert!(!hits("/payments/find/{merchant_uid}", "/payments/find/m/paid").await);
    assert!(!hits("/payments/find", "/payments/find/m").await, "not the beginning alone");
    assert!(hits("/payments/find/*", "/payments/find/m/paid").await);
    assert!(hits("*/paid", "/payments/find/m/paid").await);
}

#[tokio::test]
async fn a_status_fault_with_a_json_body_is_a_refusal_of_portones() {
    let world = world().await;
    let body = json!({ "code": -1, "message": "점검 중입니다.", "response": null });
    world.post("/_sim/faults", json!({ "path": "/users/pg", "status": 200, "body": body.to_string() })).await;
    // `help::send` looks at the content type.
    assert_eq!(world.get("/users/pg").await, (200, body));
}
