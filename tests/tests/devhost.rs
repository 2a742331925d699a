//! The commands over HTTP, as scripts use them.

#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::time::Duration;

use pointill_tests::devhost::Devhost;
use pointill_tests::{eventually, sim::Sim};
use serde_json::{Value, json};

#[tokio::test]
async fn what_changed_is_told_to_whoever_listens() {
    let folder = tempfile::tempdir().unwrap();
    let till = Devhost::practice(folder.path()).await.unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut events = client.get(format!("{}/events", till.url())).send().await.unwrap();
    let made =
        till.rpc("member_create", json!({ "name": "김서연", "phone": "010-2841-4821" })).await.unwrap();
    let mut told = String::new();
    let wanted = json!({ "kind": "member", "memberId": made["memberId"] }).to_string();
    tokio::time::timeout(Duration::from_secs(20), async {
        while !told.contains(&wanted) {
            told.push_str(&String::from_utf8_lossy(&events.chunk().await.unwrap().unwrap()));
        }
    })
    .await
    .unwrap_or_else(|_| panic!("{told}"));
    drop(events);
    till.kill().await.unwrap();
}

#[tokio::test]
async fn a_clerk_may_charge_but_not_change_the_shop() {
    let folder = tempfile::tempdir().unwrap();
    let till = Devhost::start(folder.path(), &["--practice", "--as", "clerk"]).await.unwrap();
    let shop = json!({ "requestId": uuid::Uuid::new_v4(), "shopName": "x", "maxChargeWon": 1000, "presetWon": [],
        "dayTurnsAtHour": 0 });
    assert_eq!(till.refusal("settings_shop", shop).await.unwrap(), "not_allowed");
    let rule = json!({ "requestId": uuid::Uuid::new_v4(), "offers": [], "validDays": 1 });
    assert_eq!(till.refusal("bonus_rule_set", rule).await.unwrap(), "not_allowed");
    let keys = json!({ "impKey": "k", "impSecret": "s", "userCode": "imp12345678" });
    assert_eq!(till.refusal("keys_save", keys).await.unwrap(), "not_allowed");
    assert_eq!(till.refusal("mode_switch", json!({ "mode": "test" })).await.unwrap(), "not_allowed");
    let member =
        till.rpc("member_create", json!({ "name": "김서연", "phone": "010-2841-4821" })).await.unwrap();
    let charge = json!({ "chargeId": uuid::Uuid::new_v4(), "memberId": member["memberId"], "won": 10_000, "method": "card" });
    assert!(till.rpc("charge_start", charge).await.unwrap()["checkoutUrl"].is_string());
    till.stop().await.unwrap();
}

#[expect(
    clippy::disallowed_methods,
    reason = "the offset that the simulator is started with counts from this clock"
)]
fn pc_clock_s() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

/// Three PCs that call the same moment yesterday, today and tomorrow.
#[tokio::test]
async fn the_day_is_seouls_wherever_the_pc_believes_to_be() {
    // 23:30 in Seoul, on a day to come: PortOne's clock counts.
    let now = pc_clock_s();
    let wanted = (now + 9 * 3_600).div_euclid(86_400) * 86_400 + 2 * 86_400 - 9 * 3_600 - 1_800;
    let offset = format!("--clock-offset-seconds={}", wanted - now);
    let sim = Sim::start(&[&offset]).await.unwrap();
    let keys = ["--imp-key", portone_sim::DEFAULT_IMP_KEY, "--imp-secret", portone_sim::DEFAULT_IMP_SECRET];
    let mut args = vec!["--portone", sim.url(), "--user-code", "imp12345678"];
    args.extend(keys);
    let seoul = ledger::business_date(ledger::UnixMillis(wanted * 1_000), 0);
    for zone in ["Asia/Seoul", "America/Los_Angeles", "Pacific/Kiritimati"] {
        let folder = tempfile::tempdir().unwrap();
        let till = Devhost::start_in_zone(folder.path(), zone, &args).await.unwrap();
        // PortOne's clock is known once it was asked.
        let day = eventually("PortOne's clock", Duration::from_secs(20), async || {
            let view = till.rpc("close_view", json!({})).await?;
            Ok((view["today"] == seoul.as_str()).then_some(view["businessDate"].clone()))
        })
        .await
        .unwrap();
        let count =
            json!({ "requestId": uuid::Uuid::new_v4(), "date": day, "countedWon": 0, "changeWon": 0 });
        till.rpc("close_count", count).await.unwrap();
        let step = || json!({ "requestId": uuid::Uuid::new_v4(), "date": day });
        let view = till.rpc("close_compare", step()).await.unwrap();
        let from = view["figures"]["comparison"]["from"].as_i64().unwrap();
        assert_eq!(from, (wanted + 1_800 - 86_400) * 1_000, "{zone}: the day begins at midnight in Seoul");
        assert_eq!(till.rpc("close_finish", step()).await.unwrap()["closed"]["place"], 1, "{zone}");
        till.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_book_that_was_changed_by_another_hand_is_read_only_and_still_shows_balances() {
    let (folder, sim) = (tempfile::tempdir().unwrap(), Sim::start(&[]).await.unwrap());
    let args = [
        "--portone",
        sim.url(),
        "--imp-key",
        portone_sim::DEFAULT_IMP_KEY,
        "--imp-secret",
        portone_sim::DEFAULT_IMP_SECRET,
        "--user-code",
        "imp12345678",
    ];
    let till = Devhost::start(folder.path(), &args).await.unwrap();
    let member =
        till.rpc("member_create", json!({ "name": "김서연", "phone": "010-2841-4821" })).await.unwrap();
    let member = member["memberId"].clone();
    let charge = uuid::Uuid::new_v4();
    let start = json!({ "chargeId": charge, "memberId": member, "won": 10_000, "method": "card" });
    let started = till.rpc("charge_start", start).await.unwrap();
    let channel = till.rpc("settings", json!({})).await.unwrap()["channelKey"].clone();
    let pay = json!({ "merchant_uid": started["merchantUid"], "amount": 10_000, "pay_method": "card",
        "channel_key": channel, "outcome": "paid" });
    sim.post("/_sim/pay", &pay).await.unwrap();
    till.rpc("charge_settle", json!({ "chargeId": charge })).await.unwrap();
    till.stop().await.unwrap();

    let book = rusqlite::Connection::open(folder.path().join("test.db")).unwrap();
    book.execute_batch("DROP TRIGGER txn_is_append_only_update; UPDATE txn SET at = at + 1").unwrap();
    drop(book);
    let till = Devhost::start(folder.path(), &args).await.unwrap();
    assert_eq!(till.rpc("app_state", json!({})).await.unwrap()["book"], "broken");
    assert_eq!(till.refusal("book_verify", json!({})).await.unwrap(), "book_broken");
    let spend = json!({ "useId": uuid::Uuid::new_v4(), "memberId": member, "points": 1_000 });
    assert_eq!(till.refusal("spend", spend).await.unwrap(), "book_broken");
    let card: Value = eventually("the card", Duration::from_secs(5), async || {
        Ok(Some(till.rpc("member_card", json!({ "memberId": member })).await?))
    })
    .await
    .unwrap();
    assert_eq!(card["balance"], 10_000);
    till.stop().await.unwrap();
}
