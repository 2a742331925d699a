use portone_sim::{Config, Simulator};
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
    let left: Vec<_> = std::fs::read_dir(folder.path().join("books")).unwrap().collect();
    assert_eq!(left.len(), 1, "no half-written file is left");
}

#[tokio::test]
async fn a_state_file_that_is_not_ours_stops_the_start_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("practice.json");
    std::fs::write(&file, "not ours").unwrap();
    let config = Config { state_file: Some(file.clone()), ..config() };
    Simulator::start("127.0.0.1:0".parse().unwrap(), config).await.unwrap_err();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "not ours");
}
