//! Money on its way back: the till with its real book and client against the simulator, with each answer lost, late or
//! refused.

use std::time::Duration;

use ledger::Mode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::shop::{Shop, eventually};

/// Longer than a cancel's answer is waited for, and a minute more.
const WAITED_S: i64 = 200;

/// A credited charge: its id and its payment.
struct Paid {
    charge: Uuid,
    imp_uid: String,
}

async fn charged(shop: &Shop, won: i64) -> Paid {
    charged_with(shop, won, json!({})).await
}

async fn charged_with(shop: &Shop, won: i64, more: Value) -> Paid {
    let (charge, order, _) = shop.start(won).await;
    let mut what = json!({ "merchant_uid": order, "amount": won, "outcome": "paid" });
    what.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let paid = shop.pay_with(what).await;
    assert_eq!(shop.settle(&charge).await["state"], "credited", "{paid}");
    Paid { charge, imp_uid: paid["response"]["imp_uid"].as_str().unwrap().to_owned() }
}

async fn quote(shop: &Shop) -> Value {
    shop.ok("refund_quote", json!({ "memberId": shop.member })).await
}

/// What the screen would ask for: all of a lot.
async fn ask_for(shop: &Shop, lot: usize) -> Value {
    let lot = quote(shop).await["lots"][lot].clone();
    json!({ "refundId": Uuid::new_v4().to_string(), "lotId": lot["lotId"], "won": lot["sum"]["won"], "way": "pg",
            "goodwill": !lot["sum"]["claim"].as_bool().unwrap(), "reason": "손님이 원해서" })
}

/// Paid, bonus, held, debt.
async fn balance(shop: &Shop) -> [i64; 4] {
    let card = shop.card().await;
    ["paid", "bonus", "held", "debt"].map(|name| card[name].as_i64().unwrap())
}

/// What PortOne says went back, and in how many cancels.
fn cancelled(shop: &Shop, imp_uid: &str) -> (i64, usize) {
    let payments = shop.portone.control().payments();
    let payment = payments.as_array().unwrap().iter().find(|one| one["imp_uid"] == imp_uid).unwrap().clone();
    (payment["cancel_amount"].as_i64().unwrap(), payment["cancel_history"].as_array().unwrap().len())
}

/// How often a cancel reached PortOne.
fn cancels_asked(shop: &Shop) -> usize {
    let log = shop.portone.control().log();
    log.as_array().unwrap().iter().filter(|line| line.to_string().contains("/payments/cancel")).count()
}

async fn until(shop: &Shop, refund: &Value, state: &str) -> Value {
    eventually(Duration::from_secs(40), async || {
        let view = shop.ok("refund_view", json!({ "refundId": refund })).await;
        (view["state"] == state).then_some(view)
    })
    .await
}

fn refusal(text: &str) -> String {
    json!({ "code": -1, "message": text, "response": null }).to_string()
}

#[tokio::test]
async fn a_refund_goes_back_with_its_bonus_and_says_how() {
    let shop = Shop::open(Mode::Live).await;
    shop.bonus(10).await;
    let paid = charged(&shop, 100_000).await;
    let lot = quote(&shop).await["lots"][0].clone();
    assert_eq!((&lot["sum"]["won"], &lot["sum"]["bonus"]), (&json!(100_000), &json!(10_000)), "{lot}");
    assert_eq!(
        (&lot["sum"]["basis"], &lot["ways"][1]["closed"]),
        (&json!("unused"), &json!("original_first"))
    );
    let ask = ask_for(&shop, 0).await;
    let view = shop.ok("refund_start", ask.clone()).await;
    assert_eq!((&view["state"], &view["won"]), (&json!("posted"), &json!(100_000)), "{view}");
    assert_eq!((balance(&shop).await, cancelled(&shop, &paid.imp_uid)), ([0, 0, 0, 0], (100_000, 1)));
    // A second Enter.
    assert_eq!(shop.ok("refund_start", ask).await["state"], "posted");
    assert_eq!(cancelled(&shop, &paid.imp_uid), (100_000, 1));
    let view = shop.settle(&paid.charge).await;
    assert_eq!((&view["state"], &view["disputes"]), (&json!("credited"), &json!([])), "{view}");
    assert_eq!(shop.proved().await, 3);
}

#[tokio::test]
async fn a_lost_answer_of_a_cancel_that_was_done_is_a_refund() {
    for fault in [
        json!({ "path": "/payments/cancel", "drop": "after" }),
        json!({ "path": "/payments/cancel", "status": 502, "effect": true }),
        json!({ "path": "/payments/cancel", "garbled": true }),
        json!({ "path": "/payments/cancel", "status": 400, "effect": true, "body": refusal("x") }),
        // Refused in words, and done all the same.
        json!({ "path": "/payments/cancel", "status": 200, "effect": true, "body": refusal("이미 전액취소된 주문입니다.") }),
    ] {
        let shop = Shop::open(Mode::Live).await;
        let paid = charged(&shop, 10_000).await;
        shop.portone.control().add_fault(fault.clone());
        let view = shop.ok("refund_start", ask_for(&shop, 0).await).await;
        assert_eq!(view["state"], "posted", "{fault}: {view}");
        assert_eq!((balance(&shop).await, cancelled(&shop, &paid.imp_uid)), ([0, 0, 0, 0], (10_000, 1)));
        shop.proved().await;
    }
}

#[tokio::test]
async fn a_cancel_that_never_reached_portone_is_sent_again_and_only_once() {
    let shop = Shop::open(Mode::Live).await;
    let paid = charged(&shop, 10_000).await;
    shop.portone.control().add_fault(json!({ "path": "/payments/cancel", "drop": "before" }));
    let view = shop.ok("refund_start", ask_for(&shop, 0).await).await;
    assert_eq!(view["state"], "unknown", "{view}");
    assert_eq!(balance(&shop).await, [0, 0, 10_000, 0]);
    let again = shop.ok("refund_settle", json!({ "refundId": view["refundId"] })).await;
    assert_eq!(
        (&again["state"], cancels_asked(&shop)),
        (&json!("unknown"), 1),
        "not before the time is over"
    );
    let waiting = shop.ok("waiting", json!({})).await;
    assert_eq!(waiting["refunds"][0]["refundId"], view["refundId"]);
    assert_eq!(
        shop.refused("refund_start", {
            let mut another = ask_for_known(&shop, &view).await;
            another["refundId"] = json!(Uuid::new_v4().to_string());
            another
        })
        .await,
        "nothing_to_refund"
    );
    shop.portone.control().advance_clock(WAITED_S);
    let shop = shop.reopen().await;
    until(&shop, &view["refundId"], "posted").await;
    assert_eq!((balance(&shop).await, cancelled(&shop, &paid.imp_uid)), ([0, 0, 0, 0], (10_000, 1)));
    shop.proved().await;
}

async fn ask_for_known(_: &Shop, view: &Value) -> Value {
    json!({ "lotId": view["lotId"], "won": view["won"], "way": "pg", "goodwill": true, "reason": "또" })
}

/// The first is still on its way when the second is sent: the checksum lets one of them through.
#[tokio::test]
async fn a_cancel_that_is_done_minutes_later_is_not_done_twice() {
    let shop = Shop::open(Mode::Live).await;
    let paid = charged(&shop, 10_000).await;
    shop.portone.control().add_fault(json!({ "path": "/payments/cancel", "drop": "before" }));
    let ask = json!({ "points": 4_000, "won": 4_000 });
    let mut body = ask_for(&shop, 0).await;
    body.as_object_mut().unwrap().extend(ask.as_object().unwrap().clone());
    let view = shop.ok("refund_start", body).await;
    assert_eq!((&view["state"], balance(&shop).await), (&json!("unknown"), [6_000, 0, 4_000, 0]));
    // It was done after all, when nobody looked.
    let history = json!([{ "amount": 4_000, "reason": format!("환불 {}", view["refundId"].as_str().unwrap()),
        "pg_tid": "t", "cancelled_at": 1, "cancellation_id": "late", "receipt_url": null }]);
    shop.portone.control().set(&paid.imp_uid, json!({ "cancel_amount": 4_000, "cancel_history": history }));
    shop.portone.control().clear_log();
    shop.portone.control().advance_clock(WAITED_S);
    let shop = shop.reopen().await;
    until(&shop, &view["refundId"], "posted").await;
    assert_eq!((balance(&shop).await, cancels_asked(&shop)), ([6_000, 0, 0, 0], 0));
    shop.proved().await;
}

#[tokio::test]
async fn while_portone_is_away_nothing_is_sent_and_nothing_is_lost() {
    let shop = Shop::open(Mode::Live).await;
    let paid = charged(&shop, 10_000).await;
    let body = ask_for(&shop, 0).await;
    shop.portone.control().add_fault(json!({ "path": "*", "drop": "before", "times": 0 }));
    let view = shop.ok("refund_start", body).await;
    assert_eq!((&view["state"], balance(&shop).await), (&json!("holding"), [0, 0, 10_000, 0]), "{view}");
    let shop = shop.reopen().await;
    assert_eq!(cancelled(&shop, &paid.imp_uid), (0, 0));
    shop.portone.control().clear_faults();
    until(&shop, &view["refundId"], "posted").await;
    assert_eq!((balance(&shop).await, cancelled(&shop, &paid.imp_uid)), ([0, 0, 0, 0], (10_000, 1)));
    shop.proved().await;
}

/// The program ends while PortOne is at it.
#[tokio::test]
async fn a_crash_while_the_cancel_is_on_its_way_pays_once() {
    for (fault, waits) in [
        (json!({ "path": "/payments/cancel", "delay_ms": 1_000 }), false),
        (json!({ "path": "/payments/cancel", "delay_ms": 1_000, "drop": "before" }), true),
    ] {
        let shop = Shop::open(Mode::Live).await;
        let paid = charged(&shop, 10_000).await;
        shop.portone.control().add_fault(fault);
        let body = ask_for(&shop, 0).await;
        let refund = body["refundId"].clone();
        let started = tokio::spawn({
            let till = std::sync::Arc::clone(&shop.till);
            async move { till.rpc("refund_start", body).await }
        });
        eventually(Duration::from_secs(10), async || {
            let view = shop.rpc("refund_view", json!({ "refundId": refund })).await;
            (view["value"]["state"] == "sent").then_some(())
        })
        .await;
        started.abort();
        let _cut = started.await;
        if waits {
            shop.portone.control().advance_clock(WAITED_S);
        }
        let shop = shop.reopen().await;
        until(&shop, &refund, "posted").await;
        assert_eq!((balance(&shop).await, cancelled(&shop, &paid.imp_uid)), ([0, 0, 0, 0], (10_000, 1)));
        shop.proved().await;
    }
}

#[tokio::test]
async fn a_refusal_is_told_word_for_word_and_the_points_are_back() {
    let shop = Shop::open(Mode::Live).await;
    let paid = charged(&shop, 10_000).await;
    let said = "취소금액이 미정산 금액보다 큽니다";
    shop.portone
        .control()
        .add_fault(json!({ "path": "/payments/cancel", "status": 200, "body": refusal(said) }));
    let view = shop.ok("refund_start", ask_for(&shop, 0).await).await;
    assert_eq!((&view["state"], &view["why"]), (&json!("refused"), &json!("pg_refused")), "{view}");
    assert_eq!(view["said"], said);
    assert_eq!((balance(&shop).await, cancelled(&shop, &paid.imp_uid)), ([10_000, 0, 0, 0], (0, 0)));
    // Late, and after the release: found, and taken back.
    let history = json!([{ "amount": 10_000, "reason": format!("환불 {}", view["refundId"].as_str().unwrap()),
        "pg_tid": "t", "cancelled_at": 1, "cancellation_id": "late", "receipt_url": null }]);
    let late = json!({ "status": "cancelled", "cancel_amount": 10_000, "cancel_history": history });
    shop.ok(
        "spend",
        json!({ "useId": Uuid::new_v4().to_string(), "memberId": shop.member, "points": 3_000 }),
    )
    .await;
    shop.portone.control().set(&paid.imp_uid, late);
    shop.settle(&paid.charge).await;
    assert_eq!(balance(&shop).await, [0, 0, 0, 3_000]);
    let view = shop.ok("refund_view", json!({ "refundId": view["refundId"] })).await;
    assert_eq!((&view["state"], &view["landedLate"]), (&json!("refused"), &json!(true)));
    shop.proved().await;
}

#[tokio::test]
async fn after_a_refusal_cash_is_open_and_closes_the_matter() {
    let shop = Shop::open(Mode::Live).await;
    charged(&shop, 10_000).await;
    let mut body = ask_for(&shop, 0).await;
    body["way"] = json!("cash");
    assert_eq!(shop.refused("refund_start", body.clone()).await, "refund_way_closed");
    shop.portone.control().add_fault(
        json!({ "path": "/payments/cancel", "status": 200, "body": refusal("취소불가 상태입니다") }),
    );
    assert_eq!(shop.ok("refund_start", ask_for(&shop, 0).await).await["state"], "refused");
    body["refundId"] = json!(Uuid::new_v4().to_string());
    assert_eq!(shop.ok("refund_start", body.clone()).await["state"], "posted");
    assert_eq!(balance(&shop).await, [0, 0, 0, 0]);
    body["way"] = json!("bank");
    body["refundId"] = json!(Uuid::new_v4().to_string());
    assert_eq!(shop.refused("refund_start", body).await, "proof_missing");
    shop.proved().await;
}

#[tokio::test]
async fn a_refund_that_is_not_done_at_once_stays_held_until_it_is() {
    let shop = Shop::open(Mode::Live).await;
    let paid = charged(&shop, 10_000).await;
    let payment = shop.portone.control().payments()[0].clone();
    let taken = json!({ "code": 0, "message": null, "response": payment });
    shop.portone
        .control()
        .add_fault(json!({ "path": "/payments/cancel", "status": 200, "body": taken.to_string() }));
    let view = shop.ok("refund_start", ask_for(&shop, 0).await).await;
    assert_eq!((&view["state"], balance(&shop).await), (&json!("pending"), [0, 0, 10_000, 0]), "{view}");
    shop.portone.control().advance_clock(WAITED_S);
    let shop = shop.reopen().await;
    let again = shop.ok("refund_settle", json!({ "refundId": view["refundId"] })).await;
    assert_eq!((&again["state"], cancels_asked(&shop)), (&json!("pending"), 1), "never sent again");
    let history = json!([{ "amount": 10_000, "reason": format!("환불 {}", view["refundId"].as_str().unwrap()),
        "pg_tid": "t", "cancelled_at": 1, "cancellation_id": "c", "receipt_url": null }]);
    let done = json!({ "status": "cancelled", "cancel_amount": 10_000, "cancel_history": history });
    shop.portone.control().set(&paid.imp_uid, done);
    until(&shop, &view["refundId"], "posted").await;
    assert_eq!(balance(&shop).await, [0, 0, 0, 0]);
    shop.proved().await;
}

#[tokio::test]
async fn parts_go_back_and_a_cancel_of_somebody_else_stops_ours() {
    let shop = Shop::open(Mode::Live).await;
    let paid = charged(&shop, 10_000).await;
    for _ in 0..2 {
        let mut body = ask_for(&shop, 0).await;
        (body["points"], body["won"]) = (json!(2_000), json!(2_000));
        assert_eq!(shop.ok("refund_start", body).await["state"], "posted");
    }
    assert_eq!((balance(&shop).await, cancelled(&shop, &paid.imp_uid)), ([6_000, 0, 0, 0], (4_000, 2)));
    // Between our look and our cancel, somebody cancels in the console: the checksum stops ours.
    let mut body = ask_for(&shop, 0).await;
    (body["points"], body["won"]) = (json!(2_000), json!(2_000));
    let refund = body["refundId"].clone();
    shop.portone.control().add_fault(json!({ "path": "/payments/cancel", "delay_ms": 1_500 }));
    let started = tokio::spawn({
        let till = std::sync::Arc::clone(&shop.till);
        async move { till.rpc("refund_start", body).await }
    });
    eventually(Duration::from_secs(10), async || {
        let view = shop.rpc("refund_view", json!({ "refundId": refund })).await;
        (view["value"]["state"] == "sent").then_some(())
    })
    .await;
    shop.portone.control().console_cancel(&paid.imp_uid, json!({ "by": "portone", "amount": 1_000 }));
    let view = started.await.unwrap()["value"].clone();
    assert_eq!((&view["state"], &view["why"]), (&json!("refused"), &json!("changed")), "{view}");
    assert!(view["said"].as_str().unwrap().contains("checksum"), "{view}");
    assert_eq!((balance(&shop).await, cancelled(&shop, &paid.imp_uid)), ([5_000, 0, 0, 0], (5_000, 3)));
    shop.proved().await;
}

#[tokio::test]
async fn money_of_the_other_kind_is_never_cancelled() {
    let shop = Shop::open(Mode::Live).await;
    let paid = charged(&shop, 10_000).await;
    let body = ask_for(&shop, 0).await;
    shop.portone.control().set(&paid.imp_uid, json!({ "sandbox": true }));
    let view = shop.ok("refund_start", body).await;
    assert_eq!((&view["state"], &view["why"]), (&json!("refused"), &json!("sandbox_mismatch")), "{view}");
    assert_eq!((balance(&shop).await, cancels_asked(&shop)), ([10_000, 0, 0, 0], 0));
    shop.proved().await;
}

#[tokio::test]
async fn a_deposit_goes_back_to_an_account_that_is_not_kept() {
    let shop = Shop::open(Mode::Live).await;
    let paid = charged_with(&shop, 10_000, json!({ "pay_method": "vbank" })).await;
    let lot = quote(&shop).await["lots"][0].clone();
    assert_eq!(lot["ways"][0]["needsAccount"], true, "{lot}");
    let mut body = ask_for(&shop, 0).await;
    assert_eq!(shop.refused("refund_start", body.clone()).await, "refund_account_needed");
    body["account"] = json!({ "bank": "88", "number": "12", "holder": "김서연" });
    assert_eq!(shop.refused("refund_start", body.clone()).await, "bad_account");
    body["account"]["number"] = json!("110-987-654321");
    assert_eq!(shop.ok("refund_start", body).await["state"], "posted");
    assert_eq!(cancelled(&shop, &paid.imp_uid), (10_000, 1));
    let file = rusqlite::Connection::open(shop.file()).unwrap();
    let kept: i64 = file.query_row("SELECT count(*) FROM refund_account", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, 0);
}

#[tokio::test]
async fn a_cancel_in_the_console_takes_the_points_and_names_what_is_spent() {
    let shop = Shop::open(Mode::Live).await;
    let paid = charged(&shop, 10_000).await;
    shop.ok(
        "spend",
        json!({ "useId": Uuid::new_v4().to_string(), "memberId": shop.member, "points": 8_000 }),
    )
    .await;
    shop.portone.control().console_cancel(&paid.imp_uid, json!({ "by": "portone" }));
    let view = shop.settle(&paid.charge).await;
    assert_eq!((&view["state"], &view["disputes"]), (&json!("credited"), &json!([])), "{view}");
    shop.settle(&paid.charge).await;
    assert_eq!(balance(&shop).await, [0, 0, 0, 8_000]);
    assert!(shop.waiting().await.is_empty());
    // The next charge says so.
    let next = shop.ok("charge_start", shop.start_body(&Uuid::new_v4(), 5_000)).await;
    assert_eq!(next["debt"], 8_000);
    let request = Uuid::new_v4().to_string();
    let pay = json!({ "requestId": request, "memberId": shop.member, "won": 8_000, "how": "cash", "note": "현금으로 받음" });
    assert_eq!(shop.ok("debt_settle", pay.clone()).await["debt"], 0);
    assert_eq!(shop.ok("debt_settle", pay).await["debt"], 0);
    assert_eq!(balance(&shop).await, [0, 0, 0, 0]);
    shop.proved().await;
}

#[tokio::test]
async fn a_payment_that_was_disputed_goes_back_as_a_whole() {
    let shop = Shop::open(Mode::Live).await;
    let (charge, order, _) = shop.start(10_000).await;
    shop.pay(&order, 10_000, "paid").await;
    shop.pay_with(json!({ "merchant_uid": order, "amount": 10_000, "outcome": "paid", "force": true })).await;
    assert_eq!(shop.settle(&charge).await["disputes"][0]["reason"], "second_payment");
    let payment = quote(&shop).await["payments"][0].clone();
    let body = json!({ "refundId": Uuid::new_v4().to_string(), "chargeId": payment["chargeId"],
        "impUid": payment["impUid"], "won": payment["won"], "way": "pg", "reason": "두 번 결제" });
    let view = shop.ok("refund_start", body).await;
    assert_eq!(view["state"], "posted", "{view}");
    // Paid in the same second, either of them may be the credited one.
    let imp_uid = payment["impUid"].as_str().unwrap();
    assert_eq!((balance(&shop).await, cancelled(&shop, imp_uid)), ([10_000, 0, 0, 0], (10_000, 1)));
    assert!(shop.waiting().await.is_empty());
    assert_eq!(shop.proved().await, 1);
}
