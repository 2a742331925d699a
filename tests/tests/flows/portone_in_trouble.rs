//! A garbled, slow, lying or absent PortOne: never a credit, never a lost payment, always a state that can be read.

use ledger::Mode;
use serde_json::{Value, json};

use crate::shop::Shop;

/// A paid charge while `fault` is on: what the clerk reads, and that it is credited once when PortOne is well again.
async fn through(fault: Value) {
    let shop = Shop::open(Mode::Live).await;
    let (charge, order, _) = shop.start(10_000).await;
    shop.portone.control().add_fault(fault.clone());
    shop.pay(&order, 10_000, "paid").await;
    let view = shop.settle(&charge).await;
    assert_eq!(view["state"], "unknown", "{fault}: {view}");
    assert_eq!(shop.balance().await, 0);
    let waiting = shop.ok("waiting", json!({})).await;
    assert_eq!(waiting["charges"][0]["state"], "unknown");
    shop.portone.control().clear_faults();
    assert_eq!(shop.settle(&charge).await["state"], "credited", "{fault}");
    assert_eq!((shop.balance().await, shop.proved().await), (10_000, 1));
}

#[tokio::test]
async fn a_look_up_without_a_usable_answer_is_unknown_and_never_failed() {
    for fault in [
        json!({ "path": "/payments/*", "status": 500, "times": 0 }),
        json!({ "path": "/payments/*", "status": 503, "times": 0 }),
        json!({ "path": "/payments/*", "status": 429, "times": 0 }),
        json!({ "path": "/payments/*", "drop": "before", "times": 0 }),
        json!({ "path": "/payments/*", "drop": "after", "times": 0 }),
        json!({ "path": "/payments/*", "garbled": true, "times": 0 }),
        json!({ "path": "/payments/*", "garbled": true, "body": "<html>점검 중</html>", "times": 0 }),
        json!({ "path": "/payments/*", "garbled": true, "body": "{\"code\":-1,\"message\":\"x\",\"response\":null}", "times": 0 }),
        json!({ "path": "/payments/*", "garbled": true, "body": "{\"code\":0,\"message\":null,\"response\":null}", "times": 0 }),
    ] {
        through(fault).await;
    }
}

#[tokio::test]
async fn a_portone_that_is_not_there_refuses_a_new_charge_and_writes_nothing() {
    let shop = Shop::open(Mode::Test).await;
    shop.start(1_000).await;
    shop.portone.control().add_fault(json!({ "path": "*", "drop": "before", "times": 0 }));
    let charge = uuid::Uuid::new_v4();
    let code = shop.refused("charge_start", shop.start_body(&charge, 10_000)).await;
    assert_eq!(code, "portone_unreachable");
    let body = json!({ "chargeId": charge });
    assert_eq!(shop.refused("charge_view", body).await, "unknown_charge");
    shop.portone.control().clear_faults();
    // The same id, when PortOne is back.
    let started = shop.ok("charge_start", shop.start_body(&charge, 10_000)).await;
    shop.pay(started["merchantUid"].as_str().unwrap(), 10_000, "paid").await;
    assert_eq!(shop.settle(&charge).await["state"], "credited");
}

#[tokio::test]
async fn a_lost_answer_to_the_registration_is_made_good_by_the_same_id() {
    let shop = Shop::open(Mode::Test).await;
    let charge = uuid::Uuid::new_v4();
    shop.portone.control().add_fault(json!({ "path": "/payments/prepare*", "drop": "after", "times": 1 }));
    let code = shop.refused("charge_start", shop.start_body(&charge, 10_000)).await;
    assert_eq!(code, "portone_unreachable");
    let started = shop.ok("charge_start", shop.start_body(&charge, 10_000)).await;
    assert!(started["checkoutUrl"].is_string());
    shop.pay(started["merchantUid"].as_str().unwrap(), 10_000, "paid").await;
    assert_eq!(shop.settle(&charge).await["state"], "credited");
    assert_eq!(shop.proved().await, 1);
}

#[tokio::test]
async fn a_token_that_ends_in_the_middle_is_renewed() {
    let shop = Shop::open(Mode::Test).await;
    let (charge, order, _) = shop.start(10_000).await;
    shop.pay(&order, 10_000, "paid").await;
    // PortOne's half hour is over; the client's own clock has not moved.
    shop.portone.control().revoke_token();
    assert_eq!(shop.settle(&charge).await["state"], "credited");
}

#[tokio::test]
async fn a_pc_clock_that_is_an_hour_off_makes_no_difference() {
    for off_ms in [-3_600_000, 3_600_000, 86_400_000 * 365] {
        let shop = Shop::with_clock(Mode::Live, off_ms).await;
        let (charge, order, _) = shop.start(10_000).await;
        shop.pay(&order, 10_000, "paid").await;
        let view = shop.until(&charge, "credited").await;
        let paid_at = view["payment"]["paidAt"].as_i64().unwrap();
        let credited_at = view["creditedAt"].as_i64().unwrap();
        assert!((credited_at - paid_at).abs() < 600_000, "{off_ms}: {paid_at} {credited_at}");
    }
}

/// Before PortOne was first asked, the PC's clock is all there is.
#[tokio::test]
async fn a_pc_clock_that_is_months_off_while_portone_is_away_does_not_lose_a_payment() {
    let shop = Shop::open(Mode::Live).await;
    let (charge, order, _) = shop.start(10_000).await;
    shop.portone.control().add_fault(json!({ "path": "*", "drop": "before", "times": 0 }));
    shop.pay(&order, 10_000, "paid").await;
    let shop = shop.reopen_at(120 * 86_400_000).await;
    shop.until(&charge, "unknown").await;
    shop.portone.control().clear_faults();
    shop.until(&charge, "credited").await;
    assert_eq!((shop.balance().await, shop.proved().await), (10_000, 1));
}

/// Another card was tried after the first was declined, and then nobody answers.
#[tokio::test]
async fn a_declined_charge_is_not_called_failed_while_nobody_knows_about_the_second_card() {
    let shop = Shop::open(Mode::Live).await;
    let (charge, order, _) = shop.start(10_000).await;
    shop.pay(&order, 10_000, "failed").await;
    assert_eq!(shop.settle(&charge).await["state"], "failed");
    shop.portone.control().add_fault(json!({ "path": "/payments/findAll/*", "status": 503, "times": 0 }));
    shop.pay(&order, 10_000, "paid").await;
    assert_eq!(shop.settle(&charge).await["state"], "unknown");
    assert_eq!(shop.waiting().await.len(), 1);
    // And nobody is asked to pay again.
    let again = shop.ok("charge_start", shop.start_body(&charge, 10_000)).await;
    assert_eq!((&again["checkoutUrl"], &again["state"]), (&json!(null), &json!("unknown")));
    shop.portone.control().clear_faults();
    assert_eq!(shop.settle(&charge).await["state"], "credited");
    assert_eq!((shop.view(&charge).await["late"].clone(), shop.proved().await), (json!(false), 1));
}

/// The list and the payment itself do not agree.
#[tokio::test]
async fn a_portone_that_contradicts_itself_credits_nothing() {
    let shop = Shop::open(Mode::Live).await;
    let (charge, order, _) = shop.start(10_000).await;
    shop.portone.control().add_fault(json!({ "path": "/payments/findAll/*", "status": 503, "times": 0 }));
    let paid = shop.pay(&order, 10_000, "paid").await["response"].clone();
    for (name, value) in [
        ("amount", json!(100)),
        ("currency", json!("USD")),
        ("pg_id", json!("another")),
        ("cancel_amount", json!(10_000)),
        ("paid_at", json!(paid["paid_at"].as_i64().unwrap() + 1)),
    ] {
        let mut listed = paid.clone();
        listed[name] = value;
        let page = json!({ "code": 0, "message": null,
            "response": { "total": 1, "previous": 0, "next": 0, "list": [listed] } });
        shop.portone.control().clear_faults();
        let lie =
            json!({ "path": "/payments/findAll/*", "garbled": true, "body": page.to_string(), "times": 0 });
        shop.portone.control().add_fault(lie);
        assert_eq!(shop.settle(&charge).await["state"], "unknown", "{name}");
        assert_eq!(shop.balance().await, 0);
    }
    shop.portone.control().clear_faults();
    assert_eq!(shop.settle(&charge).await["state"], "credited");
}

/// A machine that slept: its monotonic clock, and with it PortOne's as we carry it, stood still.
#[tokio::test]
async fn a_till_that_slept_for_twenty_minutes_believes_the_next_payment() {
    let shop = Shop::open(Mode::Live).await;
    shop.start(1_000).await;
    shop.portone.control().advance_clock(20 * 60);
    let (charge, order, _) = shop.start(10_000).await;
    shop.pay(&order, 10_000, "paid").await;
    let view = shop.settle(&charge).await;
    assert_eq!((&view["state"], &view["disputes"]), (&json!("credited"), &json!([])), "{view}");
}

#[tokio::test]
async fn a_portone_that_comes_and_goes_is_not_flooded() {
    let shop = Shop::open(Mode::Test).await;
    for won in 0..8 {
        shop.start(1_000 + won).await;
    }
    shop.portone.control().clear_log();
    // Every second answer is none, for as long as it takes to ask forty times or to see that nobody does.
    for _ in 0..40 {
        shop.portone
            .control()
            .add_fault(json!({ "path": "/payments/findAll/*", "status": 503, "skip": 1, "times": 1 }));
    }
    let before = std::time::Instant::now();
    crate::shop::eventually(std::time::Duration::from_secs(10), async || {
        (before.elapsed().as_secs() >= 4).then_some(())
    })
    .await;
    // Eight charges, each asked every two seconds and with more patience where nobody answered.
    let asked = shop.asked();
    assert!((4..80).contains(&asked), "{asked}");
}

#[tokio::test]
async fn a_payment_that_says_it_is_from_before_the_charge_is_disputed() {
    let shop = Shop::open(Mode::Live).await;
    let (charge, order, _) = shop.start(10_000).await;
    shop.portone.control().add_fault(json!({ "path": "/payments/*", "status": 503, "times": 0 }));
    let paid = shop.pay(&order, 10_000, "paid").await;
    let imp_uid = paid["response"]["imp_uid"].as_str().unwrap().to_owned();
    let before = paid["response"]["paid_at"].as_i64().unwrap() - 3_600;
    shop.portone.control().set(&imp_uid, json!({ "paid_at": before }));
    shop.portone.control().clear_faults();
    let view = shop.settle(&charge).await;
    assert_eq!((&view["state"], &view["reason"]), (&json!("disputed"), &json!("paid_time_outside")));
}
