//! Time, as a shop meets it: points that go on their day by PortOne's clock, and no other.

use std::time::Duration;

use ledger::Mode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::shop::{Shop, eventually};

const DAY_S: i64 = 24 * 60 * 60;
const DAY_MS: i64 = DAY_S * 1000;

impl Shop {
    async fn charged(&self, won: i64) -> Uuid {
        let (charge, order, _) = self.start(won).await;
        self.pay(&order, won, "paid").await;
        assert_eq!(self.settle(&charge).await["state"], "credited");
        charge
    }

    async fn bonus_for(&self, valid_days: i64, offers: Value) {
        self.ok(
            "bonus_rule_set",
            json!({ "requestId": Uuid::new_v4(), "offers": offers, "validDays": valid_days }),
        )
        .await;
    }

    async fn until_balance(&self, balance: i64) -> Value {
        eventually(Duration::from_secs(30), async || {
            let card = self.card().await;
            (card["balance"] == balance).then_some(card)
        })
        .await
    }
}

fn percent(from: i64, percent: i64, first_only: bool) -> Value {
    json!({ "fromWon": from, "percent": percent, "points": 0, "firstOnly": first_only, "fromDay": null, "untilDay": null })
}

#[tokio::test]
async fn bonus_goes_on_its_day_by_portones_clock_and_paid_points_stay() {
    let shop = Shop::open(Mode::Live).await;
    shop.bonus_for(20, json!([percent(0, 10, false)])).await;
    shop.charged(10_000).await;
    let card = shop.card().await;
    assert_eq!((&card["expiringBonus"], &card["expiringPaid"]), (&json!(1_000), &json!(0)));
    let page = shop.ok("expiring", json!({})).await;
    assert_eq!((&page["bonus"], &page["members"], &page["next"]), (&json!(1_000), &json!(1), &Value::Null));
    assert_eq!((&page["rows"][0]["part"], &page["rows"][0]["points"]), (&json!("bonus"), &json!(1_000)));
    assert_eq!(page["rows"][0]["phoneMasked"], "010-••••-4821");
    // The till was off for a month.
    shop.portone.control().advance_clock(30 * DAY_S);
    let shop = shop.reopen().await;
    let card = shop.until_balance(10_000).await;
    assert_eq!(
        (&card["transactions"][0]["kind"], &card["transactions"][0]["bonusChange"]),
        (&json!("expiry"), &json!(-1_000))
    );
    assert_eq!(shop.proved().await, 2);
    // And once.
    let shop = shop.reopen().await;
    shop.charged(5_000).await;
    assert_eq!((shop.balance().await, shop.proved().await), (15_500, 3));
}

#[tokio::test]
async fn a_pc_whose_clock_is_months_ahead_makes_no_points_go() {
    let shop = Shop::open(Mode::Live).await;
    shop.bonus_for(20, json!([percent(0, 10, false)])).await;
    shop.charged(10_000).await;
    // Without PortOne only the PC's clock is there, and nothing goes by it.
    shop.portone.control().add_fault(json!({ "path": "*", "action": "drop" }));
    let shop = shop.reopen_at(200 * DAY_MS).await;
    assert_eq!(shop.ok("book_verify", json!({})).await["transactions"], 1);
    shop.portone.control().clear_faults();
    // With PortOne its clock is there, by which the day is far.
    let shop = shop.reopen_at(200 * DAY_MS).await;
    shop.charged(5_000).await;
    assert_eq!((shop.balance().await, shop.proved().await), (16_500, 2));
}

#[tokio::test]
async fn paid_points_go_only_by_a_rule_that_was_accepted_with_its_source_and_an_extension_brings_them_back() {
    let shop = Shop::open(Mode::Live).await;
    let settings = shop.ok("settings", json!({})).await;
    assert_eq!(settings["expiryRule"], Value::Null);
    let kcp = settings["expirySuggestions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["pg"] == "kcp")
        .unwrap()
        .clone();
    assert_eq!(kcp["months"], 3);
    let rule = |months: i64, source: Value| json!({ "requestId": Uuid::new_v4(), "months": months, "days": 0, "pg": "kcp", "source": source });
    assert_eq!(shop.refused("expiry_rule_set", rule(3, json!(""))).await, "bad_setting");
    shop.charged(1_000).await;
    let settings = shop.ok("expiry_rule_set", rule(3, kcp["source"].clone())).await;
    assert_eq!(
        (&settings["expiryRule"]["months"], &settings["expiryRule"]["source"]),
        (&json!(3), &kcp["source"])
    );
    shop.charged(10_000).await;
    shop.portone.control().advance_clock(100 * DAY_S);
    let shop = shop.reopen().await;
    let card = shop.until_balance(1_000).await;
    assert_eq!(card["transactions"][0]["paidChange"], -10_000);
    let expired = shop.ok("expired", json!({ "memberId": shop.member })).await;
    assert_eq!((&expired["lots"][0]["paid"], &expired["lots"][1]), (&json!(10_000), &Value::Null));
    let lot = expired["lots"][0]["lotId"].clone();
    let extend = |day: &str, request: Uuid| json!({ "requestId": request, "lotId": lot, "paidUntil": day, "reason": "병원에 계셨어요" });
    assert_eq!(shop.refused("expiry_extend", extend("2026-02-30", Uuid::new_v4())).await, "bad_setting");
    assert_eq!(shop.refused("expiry_extend", extend("2020-01-01", Uuid::new_v4())).await, "not_later");
    let request = Uuid::new_v4();
    let extended = shop.ok("expiry_extend", extend("2028-12-31", request)).await;
    assert_eq!((&extended["reinstated"], &extended["after"]), (&json!(10_000), &json!(11_000)));
    assert_eq!(shop.ok("expiry_extend", extend("2028-12-31", request)).await, extended);
    assert_eq!((shop.balance().await, shop.proved().await), (11_000, 4));
}

#[tokio::test]
async fn a_first_charge_shows_its_bonus_on_the_members_tiles_and_has_it_once() {
    let shop = Shop::open(Mode::Live).await;
    shop.bonus_for(30, json!([percent(0, 5, false), percent(0, 20, true)])).await;
    let card = shop.card().await;
    assert_eq!(
        (&card["presets"][0]["won"], &card["presets"][0]["bonus"], &card["presets"][0]["first"]),
        (&json!(10_000), &json!(2_000), &json!(true))
    );
    assert_eq!(shop.ok("app_state", json!({})).await["presets"][0]["bonus"], 500);
    let quote = json!({ "won": 20_000, "memberId": shop.member });
    assert_eq!(shop.ok("charge_quote", quote).await["bonus"], 4_000);
    shop.charged(10_000).await;
    assert_eq!(shop.card().await["presets"][0]["bonus"], 500);
    shop.charged(10_000).await;
    assert_eq!(shop.balance().await, 22_500);
}

#[tokio::test]
async fn what_a_bonus_rule_costs_is_known_before_it_is_saved() {
    let shop = Shop::open(Mode::Live).await;
    shop.charged(10_000).await;
    shop.charged(90_000).await;
    let offers = json!([percent(50_000, 10, false), percent(0, 5, true)]);
    let preview = shop.ok("bonus_rule_preview", json!({ "offers": offers, "validDays": 365 })).await;
    assert_eq!((&preview["charges"], &preview["won"]), (&json!(2), &json!(100_000)));
    assert_eq!(
        (&preview["wouldGive"], &preview["wouldGiveBasisPoints"], &preview["gave"]),
        (&json!(9_500), &json!(950), &json!(0))
    );
    let tile = &preview["presets"][0];
    assert_eq!((&tile["bonus"], &tile["firstBonus"]), (&json!(0), &json!(500)));
    assert_eq!(shop.ok("settings", json!({})).await["bonusRule"], Value::Null);
    let both = json!([{ "fromWon": 0, "percent": 5, "points": 100, "firstOnly": false, "fromDay": null, "untilDay": null }]);
    assert_eq!(
        shop.refused("bonus_rule_preview", json!({ "offers": both, "validDays": 365 })).await,
        "bad_setting"
    );
}
