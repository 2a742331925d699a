use ledger::Mode;
use serde_json::json;

use crate::shop::Shop;

#[tokio::test]
async fn a_paid_charge_puts_the_points_into_the_book_in_live_and_in_test() {
    for mode in [Mode::Live, Mode::Test] {
        let shop = Shop::open(mode).await;
        shop.bonus(10).await;
        let (charge, order, _) = shop.start(10_000).await;
        assert_eq!(shop.balance().await, 0);
        shop.pay(&order, 10_000, "paid").await;
        let view = shop.settle(&charge).await;
        assert_eq!(view["state"], "credited", "{view}");
        assert_eq!((view["balanceBefore"].as_i64(), view["balanceAfter"].as_i64()), (Some(0), Some(11_000)));
        assert!(view["payment"]["approvalNumber"].as_str().is_some_and(|number| !number.is_empty()));
        assert!(view["lookedUpAt"].as_i64().is_some());
        let card = shop.card().await;
        assert_eq!((card["paid"].as_i64(), card["bonus"].as_i64()), (Some(10_000), Some(1_000)));
        assert_eq!(shop.proved().await, 1);
    }
}

#[tokio::test]
async fn no_bonus_rule_is_in_force_unless_one_was_set() {
    let shop = Shop::open(Mode::Test).await;
    let quote = shop.ok("charge_quote", json!({ "won": 100_000 })).await;
    assert_eq!(
        quote,
        json!({ "won": 100_000, "bonus": 0, "points": 100_000, "bonusExpiresAt": null,
            "paidExpiresAt": null, "first": false })
    );
}

#[tokio::test]
async fn a_charge_credits_by_itself_when_no_callback_ever_comes() {
    let shop = Shop::open(Mode::Test).await;
    let (charge, order, _) = shop.start(10_000).await;
    shop.pay(&order, 10_000, "paid").await;
    shop.until(&charge, "credited").await;
    assert_eq!(shop.balance().await, 10_000);
    let told = shop.shell.told.lock().unwrap().clone();
    assert!(told.iter().any(|line| line.starts_with("close ")), "the pay window was left open: {told:?}");
}

#[tokio::test]
async fn a_charge_that_was_paid_while_the_till_was_down_is_credited_once_at_the_next_start() {
    let shop = Shop::open(Mode::Live).await;
    let (charge, order, _) = shop.start(10_000).await;
    let channel_key = shop.channel().await;
    shop.till.close().await;
    shop.pay_with(
        json!({ "merchant_uid": order, "amount": 10_000, "outcome": "paid", "channel_key": channel_key }),
    )
    .await;
    let shop = shop.reopen().await;
    shop.until(&charge, "credited").await;
    let shop = shop.reopen().await;
    shop.settle(&charge).await;
    assert_eq!((shop.balance().await, shop.proved().await), (10_000, 1));
}

#[tokio::test]
async fn a_declined_payment_is_failed_with_the_pgs_words_and_may_be_paid_after_all() {
    let shop = Shop::open(Mode::Test).await;
    let (charge, order, _) = shop.start(10_000).await;
    shop.pay(&order, 10_000, "failed").await;
    let view = shop.settle(&charge).await;
    assert_eq!(view["state"], "failed");
    assert!(view["reasonText"].as_str().is_some_and(|text| !text.is_empty()), "{view}");
    // The customer takes another card in a second window of the same order.
    let again = shop.ok("charge_start", shop.start_body(&charge, 10_000)).await;
    assert!(again["checkoutUrl"].is_string());
    shop.pay(&order, 10_000, "paid").await;
    assert_eq!(shop.settle(&charge).await["state"], "credited");
    assert_eq!(shop.balance().await, 10_000);
}

#[tokio::test]
async fn a_window_that_was_left_is_open_and_not_failed() {
    let shop = Shop::open(Mode::Test).await;
    for outcome in ["ready", "abandoned"] {
        let (charge, order, _) = shop.start(10_000).await;
        shop.pay(&order, 10_000, outcome).await;
        assert_eq!(shop.settle(&charge).await["state"], "open", "{outcome}");
    }
    assert_eq!(shop.balance().await, 0);
}

#[tokio::test]
async fn an_issued_account_awaits_its_deposit_and_credits_by_itself_once() {
    let shop = Shop::open(Mode::Test).await;
    let (charge, order, _) = shop.start(10_000).await;
    let issued = shop
        .pay_with(
            json!({ "merchant_uid": order, "amount": 10_000, "outcome": "vbank", "pay_method": "vbank" }),
        )
        .await;
    let view = shop.settle(&charge).await;
    assert_eq!(view["state"], "awaiting_deposit", "{view}");
    assert!(view["deposit"]["account"].as_str().is_some_and(|number| !number.is_empty()));
    let imp_uid = issued["response"]["imp_uid"].as_str().unwrap();
    shop.portone.control().deposit(imp_uid, json!({}));
    shop.until(&charge, "credited").await;
    assert_eq!((shop.balance().await, shop.proved().await), (10_000, 1));
}

#[tokio::test]
async fn a_cancelled_payment_credits_nothing() {
    let shop = Shop::open(Mode::Live).await;
    let (charge, order, page) = shop.start(10_000).await;
    // Nothing settles between payment and cancel: PortOne does not answer meanwhile.
    shop.portone.control().add_fault(json!({ "path": "*", "status": 503, "times": 0 }));
    let paid = shop.pay(&order, 10_000, "paid").await;
    let imp_uid = paid["response"]["imp_uid"].as_str().unwrap().to_owned();
    shop.portone.control().console_cancel(&imp_uid, json!({ "by": "portone" }));
    shop.portone.control().clear_faults();
    let view = shop.settle(&charge).await;
    assert_eq!(view["state"], "voided", "{page}: {view}");
    assert_eq!((shop.balance().await, shop.proved().await), (0, 0));
}

#[tokio::test]
async fn a_partly_cancelled_payment_is_disputed() {
    let shop = Shop::open(Mode::Live).await;
    let (charge, order, _) = shop.start(10_000).await;
    shop.portone.control().add_fault(json!({ "path": "*", "status": 503, "times": 0 }));
    let paid = shop.pay(&order, 10_000, "paid").await;
    let imp_uid = paid["response"]["imp_uid"].as_str().unwrap().to_owned();
    shop.portone.control().console_cancel(&imp_uid, json!({ "by": "portone", "amount": 1_000 }));
    shop.portone.control().clear_faults();
    let view = shop.settle(&charge).await;
    assert_eq!(
        (&view["state"], &view["reason"]),
        (&json!("disputed"), &json!("already_cancelled")),
        "{view}"
    );
    assert_eq!(shop.balance().await, 0);
}

#[tokio::test]
async fn an_abandoned_charge_that_is_paid_after_all_is_credited_late() {
    let shop = Shop::open(Mode::Test).await;
    let (charge, order, page) = shop.start(10_000).await;
    let view = shop.ok("charge_abandon", json!({ "chargeId": charge })).await;
    assert_eq!((&view["abandoned"], &view["checkoutUrl"]), (&json!(true), &json!(null)));
    assert!(
        matches!(crate::shop::post_result(&page, json!({})).await, 404 | 410),
        "the page outlived its charge"
    );
    shop.pay(&order, 10_000, "paid").await;
    let view = shop.until(&charge, "credited").await;
    assert_eq!(view["late"], true);
    let history = shop.ok("history", json!({})).await;
    assert_eq!(history["rows"][0]["late"], true);
}
