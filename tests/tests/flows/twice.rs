//! Keys that are pressed twice.

use ledger::Mode;
use serde_json::json;
use uuid::Uuid;

use crate::shop::Shop;

#[tokio::test]
async fn enter_twice_on_charge_makes_one_charge() {
    let shop = Shop::open(Mode::Test).await;
    let charge = Uuid::new_v4();
    let body = shop.start_body(&charge, 10_000);
    let (first, second) = tokio::join!(shop.ok("charge_start", body.clone()), shop.ok("charge_start", body));
    assert_eq!(first["merchantUid"], second["merchantUid"]);
    let order = first["merchantUid"].as_str().unwrap();
    shop.pay(order, 10_000, "paid").await;
    let (a, b, c) = tokio::join!(shop.settle(&charge), shop.settle(&charge), shop.settle(&charge));
    for view in [a, b, c] {
        assert_eq!(view["state"], "credited");
    }
    assert_eq!((shop.balance().await, shop.proved().await), (10_000, 1));
}

/// The clerk goes on while PortOne is slow to answer the first step.
#[tokio::test]
async fn a_charge_that_is_given_up_while_it_starts_opens_no_window() {
    let shop = Shop::open(Mode::Test).await;
    let charge = Uuid::new_v4();
    shop.portone.control().add_fault(json!({ "path": "/payments/prepare*", "delay_ms": 600, "times": 1 }));
    let starting = shop.ok("charge_start", shop.start_body(&charge, 10_000));
    let giving_up = async {
        let body = json!({ "chargeId": charge });
        crate::shop::eventually(std::time::Duration::from_secs(5), async || {
            (shop.rpc("charge_view", body.clone()).await["ok"] == true).then_some(())
        })
        .await;
        shop.ok("charge_abandon", body.clone()).await
    };
    let (started, _) = tokio::join!(starting, giving_up);
    assert_eq!(started["checkoutUrl"], json!(null));
    assert_eq!(shop.view(&charge).await["checkoutUrl"], json!(null));
    // Taken up again on purpose, it is a charge like any other.
    let again = shop.ok("charge_start", shop.start_body(&charge, 10_000)).await;
    assert!(again["checkoutUrl"].is_string());
    assert_eq!(shop.waiting().await.len(), 1);
}

#[tokio::test]
async fn the_same_id_is_answered_as_before_whatever_the_limit_is_today() {
    let shop = Shop::open(Mode::Test).await;
    let charge = Uuid::new_v4();
    let first = shop.ok("charge_start", shop.start_body(&charge, 200_000)).await;
    let limit = json!({ "requestId": Uuid::new_v4(), "shopName": "가게", "maxChargeWon": 100_000,
        "presetWon": [10_000], "dayTurnsAtHour": 0 });
    shop.ok("settings_shop", limit.clone()).await;
    let again = shop.ok("charge_start", shop.start_body(&charge, 200_000)).await;
    assert_eq!(first["merchantUid"], again["merchantUid"]);
    assert_eq!(shop.refused("charge_start", shop.start_body(&charge, 300_000)).await, "id_conflict");
    assert_eq!(shop.refused("charge_start", shop.start_body(&Uuid::new_v4(), 200_000)).await, "above_limit");
    // And a setting is no exception.
    shop.ok("settings_shop", limit.clone()).await;
    let mut other = limit;
    other["shopName"] = json!("다른 가게");
    assert_eq!(shop.refused("settings_shop", other).await, "id_conflict");
}

#[tokio::test]
async fn what_was_done_before_is_told_to_nobody_again() {
    let shop = Shop::open(Mode::Test).await;
    let told = || shop.shell.told.lock().unwrap().iter().filter(|line| line.contains("member")).count();
    let before = told();
    let body = json!({ "name": "박지훈", "phone": "01077304821", "requestId": Uuid::new_v4() });
    for _ in 0..3 {
        shop.ok("member_create", body.clone()).await;
    }
    assert_eq!(told(), before + 1);
}

#[tokio::test]
async fn a_second_charge_is_not_let_in_while_nobody_knows_about_the_first() {
    let shop = Shop::open(Mode::Test).await;
    let (first, order, _) = shop.start(10_000).await;
    shop.portone.control().add_fault(json!({ "path": "/payments/findAll/*", "status": 503, "times": 0 }));
    shop.pay(&order, 10_000, "paid").await;
    // `repeatOk` is in it: a clerk who pressed on.
    let second = Uuid::new_v4();
    let refused = shop.rpc("charge_start", shop.start_body(&second, 10_000)).await;
    assert_eq!(refused["error"]["code"], "first_charge_unknown", "{refused}");
    assert_eq!(refused["error"]["detail"]["chargeId"], json!(first.to_string()));
    shop.portone.control().clear_faults();
    shop.ok("charge_start", shop.start_body(&second, 10_000)).await;
    assert_eq!(shop.view(&first).await["state"], "credited");
}

#[tokio::test]
async fn a_charge_that_is_credited_opens_no_second_window() {
    let shop = Shop::open(Mode::Test).await;
    let (charge, order, _) = shop.start(10_000).await;
    shop.pay(&order, 10_000, "paid").await;
    let again = shop.ok("charge_start", shop.start_body(&charge, 10_000)).await;
    assert_eq!((&again["checkoutUrl"], &again["state"]), (&json!(null), &json!("credited")));
}

#[tokio::test]
async fn enter_twice_on_use_takes_the_points_once() {
    let shop = Shop::open(Mode::Test).await;
    let (charge, order, _) = shop.start(10_000).await;
    shop.pay(&order, 10_000, "paid").await;
    shop.settle(&charge).await;
    let body = json!({ "useId": Uuid::new_v4(), "memberId": shop.member, "points": 3_000 });
    let (first, second) = tokio::join!(shop.ok("spend", body.clone()), shop.ok("spend", body));
    assert_eq!(first, second);
    assert_eq!((shop.balance().await, shop.proved().await), (7_000, 2));
    let undo =
        json!({ "undoId": Uuid::new_v4(), "transactionId": first["transactionId"], "reason": "다른 손님" });
    let (first, second) = tokio::join!(shop.ok("undo", undo.clone()), shop.ok("undo", undo));
    assert_eq!(first, second);
    assert_eq!((shop.balance().await, shop.proved().await), (10_000, 3));
}

#[tokio::test]
async fn the_same_id_with_other_content_is_refused_and_changes_nothing() {
    let shop = Shop::open(Mode::Test).await;
    let (charge, order, _) = shop.start(10_000).await;
    assert_eq!(shop.refused("charge_start", shop.start_body(&charge, 20_000)).await, "id_conflict");
    shop.pay(&order, 10_000, "paid").await;
    shop.settle(&charge).await;
    assert_eq!(shop.balance().await, 10_000);
}

#[tokio::test]
async fn the_same_customer_and_sum_within_ten_minutes_stops_and_names_the_first() {
    let shop = Shop::open(Mode::Test).await;
    let (first, ..) = shop.start(10_000).await;
    let mut body = shop.start_body(&Uuid::new_v4(), 10_000);
    body.as_object_mut().unwrap().remove("repeatOk");
    let refused = shop.rpc("charge_start", body.clone()).await;
    assert_eq!(refused["error"]["code"], "recent_same_charge");
    assert_eq!(refused["error"]["detail"]["chargeId"], json!(first));
    body["repeatOk"] = json!(true);
    shop.ok("charge_start", body).await;
}
