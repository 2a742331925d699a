//! A till that dies: the real program is killed as by a power cut, PortOne goes on.

#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::path::Path;
use std::time::Duration;

use pointill_tests::devhost::Devhost;
use pointill_tests::eventually;
use pointill_tests::sim::Sim;
use serde_json::{Value, json};
use uuid::Uuid;

const SOON: Duration = Duration::from_secs(30);

async fn till(data: &Path, sim: &Sim, mode: &str) -> Devhost {
    let args = [
        "--portone",
        sim.url(),
        "--imp-key",
        portone_sim::DEFAULT_IMP_KEY,
        "--imp-secret",
        portone_sim::DEFAULT_IMP_SECRET,
        "--user-code",
        "imp12345678",
        "--mode",
        mode,
    ];
    Devhost::start(data, &args).await.unwrap()
}

async fn credited(till: &Devhost, charge: Uuid) -> Value {
    eventually("the credit", SOON, async || {
        let view = till.rpc("charge_view", json!({ "chargeId": charge })).await?;
        Ok((view["state"] == "credited").then_some(view))
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn a_till_that_is_killed_between_payment_and_settling_credits_once_by_itself_at_the_next_start() {
    for mode in ["test", "live"] {
        let (folder, sim) = (tempfile::tempdir().unwrap(), Sim::start(&[]).await.unwrap());
        let first = till(folder.path(), &sim, mode).await;
        let member =
            first.rpc("member_create", json!({ "name": "김서연", "phone": "010-2841-4821" })).await.unwrap();
        let charge = Uuid::new_v4();
        let body =
            json!({ "chargeId": charge, "memberId": member["memberId"], "won": 10_000, "method": "card" });
        let started = first.rpc("charge_start", body.clone()).await.unwrap();
        let channel = first.rpc("settings", json!({})).await.unwrap()["channelKey"].clone();
        first.kill().await.unwrap();
        let pay = json!({ "merchant_uid": started["merchantUid"], "amount": 10_000, "pay_method": "card",
            "channel_key": channel, "outcome": "paid" });
        sim.post("/_sim/pay", &pay).await.unwrap();

        let second = till(folder.path(), &sim, mode).await;
        // Nobody asks for it.
        credited(&second, charge).await;
        second.kill().await.unwrap();

        let third = till(folder.path(), &sim, mode).await;
        let repeated = third.rpc("charge_start", body).await.unwrap();
        assert_eq!((&repeated["checkoutUrl"], &repeated["state"]), (&Value::Null, &json!("credited")));
        third.rpc("charge_settle", json!({ "chargeId": charge })).await.unwrap();
        let card = third.rpc("member_card", json!({ "memberId": member["memberId"] })).await.unwrap();
        let report = third.rpc("book_verify", json!({})).await.unwrap();
        assert_eq!((&card["balance"], &report["transactions"]), (&json!(10_000), &json!(1)), "{mode}");
        third.stop().await.unwrap();
    }
}

#[tokio::test]
async fn what_was_answered_before_a_kill_stands_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut till = Devhost::practice(folder.path()).await.unwrap();
    for round in 0..5_i64 {
        let phone = format!("010-0000-{round:04}");
        let member = till.rpc("member_create", json!({ "name": "손님", "phone": phone })).await.unwrap();
        till.kill().await.unwrap();
        till = Devhost::practice(folder.path()).await.unwrap();
        let found = till.rpc("member_search", json!({ "query": format!("{round:04}") })).await.unwrap();
        assert_eq!(found["rows"][0]["memberId"], member["memberId"]);
    }
    till.stop().await.unwrap();
}

#[tokio::test]
async fn a_second_till_on_the_same_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let first = Devhost::practice(folder.path()).await.unwrap();
    let second = Devhost::practice(folder.path()).await;
    let why = format!("{:#}", second.err().unwrap());
    assert!(why.contains("book_in_use"), "{why}");
    first.stop().await.unwrap();
}

#[tokio::test]
async fn wrong_pins_that_were_given_before_a_kill_are_counted_after_it_and_the_register_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut till = Devhost::practice(folder.path()).await.unwrap();
    let owner = json!({ "requestId": Uuid::new_v4(), "name": "김점주", "pin": "482915" });
    till.rpc("staff_first_owner", owner).await.unwrap();
    let wrong = json!({ "staffId": 2, "pin": "606061" });
    for _ in 0..3 {
        assert_eq!(till.refusal("sign_in", wrong.clone()).await.unwrap(), "wrong_pin");
        till.kill().await.unwrap();
        till = Devhost::practice(folder.path()).await.unwrap();
        assert_eq!(till.refusal("member_search", json!({ "query": "1" })).await.unwrap(), "signed_out");
    }
    // Three wrong ones, each in a run of its own: now even the right one waits.
    let right = json!({ "staffId": 2, "pin": "482915" });
    assert_eq!(till.refusal("sign_in", right.clone()).await.unwrap(), "pin_wait");
    eventually("the end of the wait", SOON, async || {
        Ok(till.rpc("sign_in", right.clone()).await.ok().map(|app| app["door"] == "signed_in"))
    })
    .await
    .unwrap();
    assert!(!till.log().contains("482915") && !till.log().contains("606061"));
    till.stop().await.unwrap();
}
