use portone_sim::{Config, Simulator, UnreadableState};
use serde_json::json;

use crate::help::{config, uid, world_with};

#[tokio::test]
async fn payments_and_preparations_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("books/practice.json");
    let config = || Config { state_file: Some(file.clone()), ..config() };

    let first = world_with(config()).await;
    first.post("/payments/prepare", json!({ "merchant_uid": "m", "amount": 5_000 })).await;
    let paid = first.pay(json!({ "merchant_uid": "m", "amount": 5_000 })).await;
    first.sim.control().advance_clock(60);
    first.sim.shutdown().await;

    let second = world_with(config()).await;
    assert_eq!(second.get("/payments/find/m").await.1["response"]["paid_at"], paid["paid_at"]);
    assert_eq!(second.get("/payments/prepare/m").await.1["response"]["amount"], 5_000);
    assert_eq!(second.sim.control().now(), crate::help::START + 60, "time did not run back");
    let other = second.pay(json!({ "merchant_uid": "n", "amount": 1 })).await;
    assert_ne!(uid(&other), uid(&paid), "the same seed gives no id twice");
    let left = std::fs::read_dir(folder.path().join("books")).unwrap();
    let mut left: Vec<_> = left.map(|file| file.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["practice.json", "practice.json.lock"], "no half-written file is left");
}

#[tokio::test]
async fn a_receipt_is_shown_at_the_address_of_today() {
    let folder = tempfile::tempdir().unwrap();
    let config = || Config { state_file: Some(folder.path().join("practice.json")), ..config() };
    let first = world_with(config()).await;
    let imp_uid = uid(&first.pay(json!({ "merchant_uid": "m", "amount": 5_000 })).await);
    first.post("/payments/cancel", json!({ "imp_uid": imp_uid, "amount": 1 })).await;
    // Stays bound while the second one starts, so that the port is another.
    let second = {
        let taken = first.sim.addr();
        first.sim.shutdown().await;
        let _taken = std::net::TcpListener::bind(taken);
        world_with(config()).await
    };
    let shown = second.get("/payments/find/m").await.1["response"].clone();
    let receipt = format!("{}/sim/receipt/{imp_uid}", second.sim.url());
    for url in
        [&shown["receipt_url"], &shown["cancel_history"][0]["receipt_url"], &shown["cancel_receipt_urls"][0]]
    {
        assert_eq!(url, &receipt);
    }
    assert_eq!(second.http.get(receipt).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn two_simulators_do_not_share_a_state_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("practice.json");
    let config = || Config { state_file: Some(file.clone()), ..config() };
    let first = world_with(config()).await;
    let second = || Simulator::start("127.0.0.1:0".parse().unwrap(), config());
    let error = second().await.unwrap_err();
    assert!(error.to_string().contains("in use by another") && !error.is::<UnreadableState>(), "{error}");
    let control = first.sim.control();
    drop(first);
    second().await.unwrap();
    let late = control.pay(json!({ "merchant_uid": "m", "amount": 1 }));
    assert_ne!(late["code"], 0, "who let go of the file writes no more");
    assert_eq!(control.payments(), json!([]));
}

#[tokio::test]
async fn a_state_file_that_is_not_ours_stops_the_start_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("practice.json");
    std::fs::write(&file, "not ours").unwrap();
    let config = Config { state_file: Some(file.clone()), ..config() };
    let error = Simulator::start("127.0.0.1:0".parse().unwrap(), config).await.unwrap_err();
    assert!(error.is::<UnreadableState>(), "{error:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "not ours");
}
