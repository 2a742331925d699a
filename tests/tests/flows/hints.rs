//! Hints are reasons to ask PortOne, and nothing else.

use ledger::Mode;
use serde_json::json;

use crate::shop::{Shop, post_result};

#[tokio::test]
async fn a_result_that_is_posted_twice_credits_once() {
    let shop = Shop::open(Mode::Test).await;
    let (charge, order, page) = shop.start(10_000).await;
    let paid = shop.pay(&order, 10_000, "paid").await;
    let result = json!({ "imp_uid": paid["response"]["imp_uid"], "merchant_uid": order });
    assert_eq!(post_result(&page, result.clone()).await, 200);
    let second = post_result(&page, result.clone()).await;
    assert!(matches!(second, 200 | 410), "{second}");
    shop.hinted(&charge, "callback").await;
    shop.until(&charge, "credited").await;
    // Late: the charge is settled, its ticket is dead.
    assert_eq!(post_result(&page, result).await, 410);
    assert_eq!((shop.balance().await, shop.proved().await), (10_000, 1));
}

#[tokio::test]
async fn a_result_that_claims_success_before_anything_was_paid_credits_nothing() {
    let shop = Shop::open(Mode::Test).await;
    let (charge, order, page) = shop.start(10_000).await;
    let lie = json!({ "imp_uid": "imp_123456789012", "merchant_uid": order, "success": true });
    assert_eq!(post_result(&page, lie).await, 200);
    shop.till.checkout_closed(&format!("test/{charge}"));
    assert_eq!(shop.settle(&charge).await["state"], "open");
    assert_eq!((shop.balance().await, shop.proved().await), (0, 0));
}

#[tokio::test]
async fn a_result_that_claims_failure_after_a_payment_credits_all_the_same() {
    let shop = Shop::open(Mode::Test).await;
    let (charge, order, page) = shop.start(10_000).await;
    shop.pay(&order, 10_000, "paid").await;
    let lie =
        json!({ "imp_uid": null, "merchant_uid": order, "error_code": "F400", "error_msg": "[결제포기]" });
    assert_eq!(post_result(&page, lie).await, 200);
    shop.hinted(&charge, "callback").await;
    shop.until(&charge, "credited").await;
}

#[tokio::test]
async fn another_payments_imp_uid_on_the_ticket_credits_nothing() {
    let shop = Shop::open(Mode::Test).await;
    // Somebody else's order on the same PortOne account, of the same sum, really paid.
    let foreign =
        shop.pay_with(json!({ "merchant_uid": "web-shop-77", "amount": 10_000, "outcome": "paid" })).await;
    let (charge, _, page) = shop.start(10_000).await;
    let result = json!({ "imp_uid": foreign["response"]["imp_uid"], "merchant_uid": "web-shop-77" });
    assert_eq!(post_result(&page, result).await, 200);
    assert_eq!(shop.settle(&charge).await["state"], "open");
    assert_eq!((shop.balance().await, shop.proved().await), (0, 0));
}

#[tokio::test]
async fn an_old_payments_imp_uid_does_not_credit_a_second_charge() {
    let shop = Shop::open(Mode::Test).await;
    let (first, order, _) = shop.start(10_000).await;
    let paid = shop.pay(&order, 10_000, "paid").await;
    shop.settle(&first).await;
    let (second, order, page) = shop.start(10_000).await;
    let result = json!({ "imp_uid": paid["response"]["imp_uid"], "merchant_uid": order });
    assert_eq!(post_result(&page, result).await, 200);
    assert_eq!(shop.settle(&second).await["state"], "open");
    assert_eq!(shop.balance().await, 10_000);
}

#[tokio::test]
async fn closing_the_window_after_paying_credits() {
    let shop = Shop::open(Mode::Test).await;
    let (charge, order, _) = shop.start(10_000).await;
    shop.pay(&order, 10_000, "paid").await;
    shop.till.checkout_closed(&format!("test/{charge}"));
    shop.hinted(&charge, "window_closed").await;
    shop.until(&charge, "credited").await;
}

#[tokio::test]
async fn a_result_that_comes_before_the_window_closes_and_one_that_comes_after_credit_once() {
    let shop = Shop::open(Mode::Test).await;
    // PortOne answers only when both hints are there.
    for closed_first in [false, true] {
        let (charge, order, page) = shop.start(10_000).await;
        shop.portone.control().add_fault(json!({ "path": "/payments/findAll/*", "status": 503, "times": 0 }));
        let paid = shop.pay(&order, 10_000, "paid").await;
        let result = json!({ "imp_uid": paid["response"]["imp_uid"], "merchant_uid": order });
        let close = || shop.till.checkout_closed(&format!("test/{charge}"));
        if closed_first {
            close();
            shop.hinted(&charge, "window_closed").await;
        }
        assert_eq!(post_result(&page, result).await, 200);
        shop.hinted(&charge, "callback").await;
        if !closed_first {
            close();
            shop.hinted(&charge, "window_closed").await;
        }
        shop.portone.control().clear_faults();
        shop.until(&charge, "credited").await;
    }
    assert_eq!((shop.balance().await, shop.proved().await), (20_000, 2));
}

/// Else the screen would say "not paid" of a payment that the question came too early for.
#[tokio::test]
async fn an_answer_is_as_old_as_its_question() {
    let shop = Shop::open(Mode::Test).await;
    let (charge, order, page) = shop.start(10_000).await;
    shop.settle(&charge).await;
    let slow = json!({ "path": "/payments/findAll/*", "delay_after_ms": 900, "times": 2 });
    shop.portone.control().add_fault(slow);
    let early = tokio::spawn({
        let till = std::sync::Arc::clone(&shop.till);
        let body = json!({ "chargeId": charge });
        async move { till.rpc("charge_settle", body).await }
    });
    shop.portone.control().clear_log();
    crate::shop::eventually(std::time::Duration::from_secs(5), async || (shop.asked() > 0).then_some(()))
        .await;
    let result = json!({ "imp_uid": null, "merchant_uid": order, "error_code": "F400", "error_msg": "x" });
    assert_eq!(post_result(&page, result).await, 200);
    shop.hinted(&charge, "callback").await;
    let view = early.await.unwrap()["value"].clone();
    let hint = view["steps"].as_array().unwrap().iter().rfind(|step| step["kind"] == "hint").unwrap().clone();
    assert!(view["lookedUpAt"].as_i64() < hint["at"].as_i64(), "{view}");
    shop.portone.control().clear_faults();
}

/// A question that left before the customer paid, and is answered after another one credited.
#[tokio::test]
async fn an_answer_from_before_the_payment_takes_nothing_back() {
    let shop = Shop::open(Mode::Test).await;
    let (charge, order, _) = shop.start(10_000).await;
    let ready = shop.pay(&order, 10_000, "ready").await;
    assert_eq!(ready["code"], 0, "{ready}");
    let slow = json!({ "path": "/payments/findAll/*", "delay_after_ms": 700, "times": 1 });
    shop.portone.control().add_fault(slow);
    let early = tokio::spawn({
        let till = std::sync::Arc::clone(&shop.till);
        let body = json!({ "chargeId": charge });
        async move { till.rpc("charge_settle", body).await }
    });
    let imp_uid = ready["response"]["imp_uid"].as_str().unwrap();
    shop.portone.control().set(imp_uid, json!({ "status": "paid", "paid_at": shop.portone.control().now() }));
    shop.until(&charge, "credited").await;
    early.await.unwrap();
    let view = shop.settle(&charge).await;
    assert_eq!((&view["state"], &view["disputes"]), (&json!("credited"), &json!([])), "{view}");
    assert!(shop.waiting().await.is_empty());
}

#[tokio::test]
async fn a_sum_that_was_changed_in_the_page_is_stopped_by_what_was_registered() {
    let shop = Shop::open(Mode::Live).await;
    let (charge, order, _) = shop.start(10_000).await;
    let refused = shop.pay(&order, 100, "paid").await;
    assert_ne!(refused["code"], 0, "{refused}");
    assert_eq!(shop.settle(&charge).await["state"], "open");
    // And if PortOne let it through all the same, the gate does not.
    let channel_key = shop.channel().await;
    shop.pay_with(json!({ "merchant_uid": order, "amount": 100, "outcome": "paid", "force": true, "channel_key": channel_key }))
        .await;
    let view = shop.settle(&charge).await;
    assert_eq!((&view["state"], &view["reason"]), (&json!("disputed"), &json!("amount_mismatch")), "{view}");
    assert_eq!(shop.balance().await, 0);
}

#[tokio::test]
async fn an_order_that_was_paid_already_is_looked_up_and_not_called_failed() {
    let shop = Shop::open(Mode::Test).await;
    let (charge, order, page) = shop.start(10_000).await;
    shop.pay(&order, 10_000, "paid").await;
    let second = shop.pay(&order, 10_000, "paid").await;
    assert_eq!(second["error_code"], "F1002", "{second}");
    let result = json!({ "imp_uid": null, "merchant_uid": order, "error_code": "F1002",
        "error_msg": "이미 결제가 이루어진 거래건입니다." });
    let posted = post_result(&page, result).await;
    assert!(matches!(posted, 200 | 410), "{posted}");
    shop.until(&charge, "credited").await;
    assert_eq!((shop.balance().await, shop.proved().await), (10_000, 1));
}

#[tokio::test]
async fn two_payments_under_one_order_credit_once_and_show_the_second() {
    let shop = Shop::open(Mode::Test).await;
    let (charge, order, _) = shop.start(10_000).await;
    shop.pay(&order, 10_000, "paid").await;
    shop.pay_with(json!({ "merchant_uid": order, "amount": 10_000, "outcome": "paid", "force": true })).await;
    let view = shop.settle(&charge).await;
    assert_eq!(view["state"], "credited");
    assert_eq!(view["disputes"][0]["reason"], "second_payment", "{view}");
    assert_eq!(shop.balance().await, 10_000);
    let waiting = shop.ok("waiting", json!({})).await;
    assert_eq!(waiting["charges"][0]["chargeId"], json!(charge));
}
