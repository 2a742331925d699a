use ledger::Mode;
use serde_json::json;

use crate::shop::Shop;

#[tokio::test]
async fn a_test_payment_in_the_live_book_is_disputed_and_credits_nothing() {
    let shop = Shop::open(Mode::Live).await;
    let (charge, order, _) = shop.start(10_000).await;
    let channels = shop.ok("channels", json!({})).await;
    let test = channels["channels"]
        .as_array()
        .unwrap()
        .iter()
        .find(|channel| channel["sandbox"] == true)
        .unwrap()
        .clone();
    shop.pay_with(json!({ "merchant_uid": order, "amount": 10_000, "outcome": "paid", "channel_key": test["channelKey"] }))
        .await;
    let view = shop.settle(&charge).await;
    assert_eq!((&view["state"], &view["reason"]), (&json!("disputed"), &json!("sandbox_mismatch")), "{view}");
    assert_eq!((shop.balance().await, shop.proved().await), (0, 0));
}

#[tokio::test]
async fn a_live_payment_in_the_test_book_is_disputed_too() {
    let shop = Shop::open(Mode::Test).await;
    let (charge, order, _) = shop.start(10_000).await;
    let channels = shop.ok("channels", json!({})).await;
    let live = channels["channels"]
        .as_array()
        .unwrap()
        .iter()
        .find(|channel| channel["sandbox"] == false)
        .unwrap()
        .clone();
    shop.pay_with(json!({ "merchant_uid": order, "amount": 10_000, "outcome": "paid", "channel_key": live["channelKey"] }))
        .await;
    assert_eq!(shop.settle(&charge).await["reason"], "sandbox_mismatch");
}

#[tokio::test]
async fn a_payment_over_another_channel_of_the_shop_is_disputed() {
    let shop = Shop::open(Mode::Test).await;
    let (charge, order, _) = shop.start(10_000).await;
    let chosen = shop.channel().await;
    let channels = shop.ok("channels", json!({})).await;
    let other = channels["channels"]
        .as_array()
        .unwrap()
        .iter()
        .find(|channel| channel["sandbox"] == true && channel["channelKey"] != json!(chosen))
        .unwrap()
        .clone();
    shop.pay_with(json!({ "merchant_uid": order, "amount": 10_000, "outcome": "paid", "channel_key": other["channelKey"] }))
        .await;
    assert_eq!(shop.settle(&charge).await["reason"], "channel_mismatch");
}

#[tokio::test]
async fn a_channel_of_the_other_mode_cannot_be_chosen() {
    let shop = Shop::open(Mode::Live).await;
    let channels = shop.ok("channels", json!({})).await;
    for channel in channels["channels"].as_array().unwrap() {
        let body = json!({ "channelKey": channel["channelKey"] });
        if channel["sandbox"] == false {
            assert_eq!(channel["usable"], true);
            shop.ok("channel_choose", body).await;
        } else {
            assert_eq!(channel["usable"], false);
            assert_eq!(shop.refused("channel_choose", body).await, "channel_wrong_mode");
        }
    }
    assert_eq!(shop.refused("channel_choose", json!({ "channelKey": "none" })).await, "channel_missing");
}

#[tokio::test]
async fn a_mode_is_not_left_while_a_pay_window_is_open_and_live_goes_on_settling_behind_test() {
    let shop = Shop::open(Mode::Live).await;
    let (charge, order, _) = shop.start(10_000).await;
    assert_eq!(shop.refused("mode_switch", json!({ "mode": "test" })).await, "window_open");
    shop.ok("charge_abandon", json!({ "chargeId": charge })).await;
    let live_channel = shop.channel().await;
    let state = shop.ok("mode_switch", json!({ "mode": "test" })).await;
    assert_eq!(state["mode"], "test");
    assert_eq!(shop.refused("charge_view", json!({ "chargeId": charge })).await, "unknown_charge");
    shop.pay_with(
        json!({ "merchant_uid": order, "amount": 10_000, "outcome": "paid", "channel_key": live_channel }),
    )
    .await;
    crate::shop::eventually(std::time::Duration::from_secs(20), async || {
        let told = shop.shell.told.lock().unwrap().iter().any(|line| line.contains("state"));
        told.then_some(())
    })
    .await;
    shop.ok("mode_switch", json!({ "mode": "live" })).await;
    shop.until(&charge, "credited").await;
    assert_eq!(shop.balance().await, 10_000);
}

#[tokio::test]
async fn a_page_of_the_pay_window_carries_no_secret() {
    let shop = Shop::open(Mode::Live).await;
    let (charge, order, page) = shop.start(10_000).await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let text = client.get(&page).send().await.unwrap().text().await.unwrap();
    assert!(text.contains(&order));
    // The charge's id stands in the order's mark, which PortOne hands back. It opens nothing: the page's own doors go by its
    // ticket, and by the till's key for the page (mode and charge) nobody comes in. The key that signs the mark stays in the book.
    assert!(text.contains(&charge.to_string()), "the order carries no mark");
    let signs: Vec<u8> = rusqlite::Connection::open(shop.file())
        .unwrap()
        .query_row("SELECT key FROM order_key", [], |row| row.get(0))
        .unwrap();
    let page_key = format!("live/{charge}");
    for secret in
        [portone_sim::DEFAULT_IMP_KEY, portone_sim::DEFAULT_IMP_SECRET, &page_key, &ledger::hex(&signs)]
    {
        assert!(!text.contains(secret), "the page holds {secret}");
    }
}
