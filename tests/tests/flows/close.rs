//! The day's close, against the simulator.

use std::time::Duration;

use ledger::Mode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::shop::{Shop, eventually};

async fn today(shop: &Shop) -> String {
    shop.ok("close_view", json!({})).await["today"].as_str().unwrap().to_owned()
}

async fn count(shop: &Shop, date: &str, won: i64) -> Value {
    let body = json!({ "requestId": Uuid::new_v4(), "date": date, "countedWon": won, "changeWon": 50_000 });
    shop.ok("close_count", body).await
}

fn step(date: &str) -> Value {
    json!({ "requestId": Uuid::new_v4(), "date": date })
}

async fn compared(shop: &Shop, date: &str) -> Value {
    let view = shop.ok("close_compare", step(date)).await;
    assert_eq!(view["unanswered"], Value::Null, "{view}");
    view["figures"]["comparison"].clone()
}

/// Compares until all that happened so far is in it: the till's idea of PortOne's clock is behind by up to two seconds, and
/// what was paid after that is the next comparison's.
async fn compared_with(shop: &Shop, date: &str, whole: impl Fn(&Value) -> bool) -> Value {
    eventually(Duration::from_secs(20), async || {
        let comparison = compared(shop, date).await;
        whole(&comparison).then_some(comparison)
    })
    .await
}

/// What was found, by payment: kind and action.
fn found(comparison: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let differences = comparison["differences"].as_array().unwrap();
    let mut found: Vec<_> = differences
        .iter()
        .map(|one| (text(&one["impUid"]), text(&one["kind"]), text(&one["action"])))
        .collect();
    found.sort();
    found
}

fn uid(payment: &Value) -> String {
    payment["response"]["imp_uid"].as_str().unwrap_or_else(|| panic!("{payment}")).to_owned()
}

async fn charged(shop: &Shop, won: i64) -> (String, String) {
    let (charge, order, _) = shop.start(won).await;
    let paid = shop.pay(&order, won, "paid").await;
    assert_eq!(shop.settle(&charge).await["state"], "credited");
    (order, uid(&paid))
}

#[tokio::test]
async fn seeded_differences_of_every_kind_are_all_named_and_none_extra() {
    let shop = Shop::open(Mode::Live).await;
    let control = shop.portone.control();
    let (good, _) = charged(&shop, 11_000).await;
    let (twice, _) = charged(&shop, 12_000).await;
    let (_, gone) = charged(&shop, 13_000).await;
    let (_, other_sum) = charged(&shop, 14_000).await;
    let (_, part) = charged(&shop, 15_000).await;
    let (_, whole) = charged(&shop, 16_000).await;
    let (_, turned) = charged(&shop, 17_000).await;
    // Paid with another sum than asked for: in the inbox.
    let (charge, order, _) = shop.start(18_000).await;
    let less = json!({ "merchant_uid": order, "amount": 100, "outcome": "paid", "force": true });
    let disputed = uid(&shop.pay_with(less).await);
    assert_eq!(shop.settle(&charge).await["state"], "disputed");
    // From here on nobody learns what was paid by asking about one order.
    control.add_fault(json!({ "path": "/payments/findAll/*", "status": 503, "times": 0 }));
    let (_, order, _) = shop.start(19_000).await;
    let unseen = uid(&shop.pay(&order, 19_000, "paid").await);
    let (_, order, _) = shop.start(20_000).await;
    let test_key = {
        let channels = shop.ok("channels", json!({})).await["channels"].clone();
        let test = channels.as_array().unwrap().iter().find(|channel| channel["sandbox"] == true).cloned();
        test.unwrap()["channelKey"].clone()
    };
    let body = json!({ "merchant_uid": order, "amount": 20_000, "outcome": "paid", "channel_key": test_key });
    let test_money = uid(&shop.pay_with(body).await);
    let second = uid(&shop
        .pay_with(json!({ "merchant_uid": twice, "amount": 12_000, "outcome": "paid", "force": true }))
        .await);
    // Under this book's name, for a charge that a restored backup would not know.
    let unknown = uid(&shop.pay(&format!("{}zz", &good[..10]), 21_000, "paid").await);
    for order in ["web-1", "web-2"] {
        shop.pay(order, 1_000, "paid").await;
    }
    shop.pay("web-3", 1_000, "failed").await;
    shop.pay("web-4", 1_000, "ready").await;
    control.set(&gone, json!({ "status": "ready", "paid_at": 0 }));
    control.set(&other_sum, json!({ "amount": 14_001 }));
    control.set(&turned, json!({ "sandbox": true }));
    control.console_cancel(&part, json!({ "by": "portone", "amount": 5_000 }));
    control.console_cancel(&whole, json!({ "by": "portone" }));

    let date = today(&shop).await;
    count(&shop, &date, 50_000).await;
    let comparison =
        compared_with(&shop, &date, |made| made["foreign"]["count"] == 2 && made["other"]["count"] == 11)
            .await;
    let mut expected = vec![
        (gone, "only_in_book", "settle"),
        (other_sum, "another_sum", "ask_portone"),
        (part, "cancelled_outside", "settle"),
        (whole, "cancelled_outside", "settle"),
        (turned, "other_mode", "ask_portone"),
        (disputed, "disputed", "inbox"),
        (unseen, "only_in_portone", "settle"),
        (test_money, "other_mode", "ask_portone"),
        (second, "two_payments", "refund"),
        (unknown, "unknown_charge", "inbox"),
    ];
    expected.sort();
    let expected: Vec<_> = expected
        .into_iter()
        .map(|(imp_uid, kind, action)| (imp_uid, kind.to_owned(), action.to_owned()))
        .collect();
    assert_eq!(found(&comparison), expected, "{comparison}");
    // Of all these the inbox has the one whose charge is not in the book: not what is nobody's here, or the other mode's.
    let orphans = shop.ok("orphans", json!({})).await;
    let orphans: Vec<_> = orphans["orphans"].as_array().unwrap().iter().map(|one| &one["won"]).collect();
    assert_eq!(orphans, [&json!(21_000)]);
    assert_eq!(comparison["foreign"], json!({ "count": 2, "won": 2_000 }));
    assert_eq!(comparison["book"], json!({ "count": 7, "won": 98_000 }));

    // What can be done about one of them, done; the next comparison is another row.
    control.clear_faults();
    let unseen =
        comparison["differences"].as_array().unwrap().iter().find(|one| one["kind"] == "only_in_portone");
    let charge = unseen.unwrap()["chargeId"].as_str().unwrap().to_owned();
    shop.ok("charge_settle", json!({ "chargeId": charge })).await;
    assert_eq!(found(&compared(&shop, &date).await).len(), expected.len() - 1);
    shop.ok("close_finish", step(&date)).await;
    shop.proved().await;
}

#[tokio::test]
async fn what_the_desk_refunded_is_no_difference_and_what_the_console_cancelled_is_taken_back_from_here() {
    let shop = Shop::open(Mode::Live).await;
    charged(&shop, 10_000).await;
    let lot = shop.ok("refund_quote", json!({ "memberId": shop.member })).await["lots"][0].clone();
    let ask = json!({ "refundId": Uuid::new_v4(), "lotId": lot["lotId"], "won": 10_000, "way": "pg",
                      "goodwill": false, "reason": "손님이 원해서" });
    assert_eq!(shop.ok("refund_start", ask).await["state"], "posted");
    let (_, imp_uid) = charged(&shop, 20_000).await;
    shop.ok("spend", json!({ "useId": Uuid::new_v4(), "memberId": shop.member, "points": 15_000 })).await;
    shop.portone.control().console_cancel(&imp_uid, json!({ "by": "portone", "amount": 8_000 }));
    let date = today(&shop).await;
    count(&shop, &date, 50_000).await;
    let comparison = compared_with(&shop, &date, |made| made["other"]["count"] == 2).await;
    assert_eq!(found(&comparison), [(imp_uid, "cancelled_outside".to_owned(), "settle".to_owned())]);
    let charge = comparison["differences"][0]["chargeId"].as_str().unwrap().to_owned();
    shop.ok("charge_settle", json!({ "chargeId": charge })).await;
    let comparison = compared(&shop, &date).await;
    assert_eq!((found(&comparison).len(), &comparison["differenceWon"]), (0, &json!(0)), "{comparison}");
    let card = shop.card().await;
    assert_eq!((&card["paid"], &card["debt"]), (&json!(0), &json!(3_000)), "{card}");
    shop.proved().await;
}

#[tokio::test]
async fn a_day_without_a_difference_says_so_over_more_pages_than_one() {
    let shop = Shop::open(Mode::Test).await;
    for number in 0..130 {
        shop.pay(&format!("web-{number}"), 1_000, "paid").await;
    }
    charged(&shop, 10_000).await;
    let date = today(&shop).await;
    count(&shop, &date, 50_000).await;
    let comparison = compared_with(&shop, &date, |made| made["book"]["count"] == 1).await;
    assert_eq!((found(&comparison).len(), &comparison["differenceWon"]), (0, &json!(0)));
    assert_eq!(comparison["foreign"], json!({ "count": 130, "won": 130_000 }));
    assert_eq!(comparison["book"], comparison["other"]);
    let log = shop.portone.control().log();
    assert!(log.to_string().contains("page=2"), "one page held them all: nothing was tried");
}

#[tokio::test]
async fn nothing_is_told_about_the_drawer_before_it_was_counted() {
    let shop = Shop::open(Mode::Test).await;
    charged(&shop, 10_000).await;
    let date = today(&shop).await;
    let view = shop.ok("close_view", json!({ "date": date })).await;
    assert_eq!((&view["figures"], &view["closed"]), (&Value::Null, &Value::Null));
    assert!(!view.to_string().contains("expected"), "{view}");
    for command in ["close_compare", "close_finish"] {
        assert_eq!(shop.refused(command, step(&date)).await, "cash_not_counted", "{command}");
    }
    count(&shop, &date, 49_000).await;
    let view = count(&shop, &date, 50_500).await;
    assert_eq!(view["counts"].as_array().unwrap().len(), 2, "a count again hides none");
    assert_eq!(
        (&view["figures"]["expectedWon"], &view["figures"]["cashDifferenceWon"]),
        (&json!(50_000), &json!(500))
    );
}

#[tokio::test]
async fn offline_a_day_closes_with_the_counted_cash_and_the_comparison_follows_by_itself() {
    let shop = Shop::open(Mode::Live).await;
    charged(&shop, 10_000).await;
    let date = today(&shop).await;
    shop.portone.control().add_fault(json!({ "path": "/payments/status/*", "status": 503, "times": 0 }));
    count(&shop, &date, 50_000).await;
    let view = shop.ok("close_compare", step(&date)).await;
    assert_eq!(
        (&view["unanswered"], &view["figures"]["comparison"]),
        (&json!("portone_unreachable"), &Value::Null)
    );
    let view = shop.ok("close_finish", step(&date)).await;
    assert_eq!(view["closed"]["closedUncompared"], true, "{view}");
    let seal = view["closed"]["hash"].clone();
    let shop = shop.reopen().await;
    shop.portone.control().clear_faults();
    let shop = shop.reopen().await;
    let view = eventually(Duration::from_secs(40), async || {
        let view = shop.ok("close_view", json!({ "date": date })).await;
        (view["figures"]["comparison"] != Value::Null).then_some(view)
    })
    .await;
    assert_eq!(found(&view["figures"]["comparison"]).len(), 0);
    assert_eq!((&view["closed"]["hash"], &view["closed"]["closedUncompared"]), (&seal, &json!(true)));
    shop.proved().await;
}

#[tokio::test]
async fn a_closed_day_refuses_to_be_closed_again_and_what_comes_after_stands_on_the_next() {
    let shop = Shop::open(Mode::Test).await;
    charged(&shop, 10_000).await;
    let used =
        shop.ok("spend", json!({ "useId": Uuid::new_v4(), "memberId": shop.member, "points": 1_000 })).await;
    let date = today(&shop).await;
    count(&shop, &date, 50_000).await;
    compared(&shop, &date).await;
    let once = step(&date);
    let view = shop.ok("close_finish", once.clone()).await;
    assert_eq!(view["closed"]["transactions"], 2);
    assert_eq!(shop.ok("close_finish", once).await["closed"], view["closed"], "a repeat says what was done");
    assert_eq!(shop.refused("close_finish", step(&date)).await, "day_closed");
    let again = json!({ "requestId": Uuid::new_v4(), "date": date, "countedWon": 1, "changeWon": 0 });
    assert_eq!(shop.refused("close_count", again).await, "day_closed");
    let undo = json!({ "undoId": Uuid::new_v4(), "transactionId": used["transactionId"], "reason": "잘못 눌렀어요" });
    shop.ok("undo", undo).await;
    let rows = shop.ok("history", json!({})).await["rows"].clone();
    let day = |place: usize| rows[place]["businessDate"].as_str().unwrap().to_owned();
    assert!(day(0) > date && day(1) == date, "{rows}");
    let after = shop.ok("close_view", json!({ "date": date })).await;
    assert_eq!(after["figures"]["sums"], view["figures"]["sums"], "the closed day's sums stay");
    shop.proved().await;
}

/// Cuts the day at PortOne's clock, whatever the PC says.
#[tokio::test]
async fn midnight_and_the_shops_own_hour_part_the_days_in_seoul() {
    for (turns_at, off_ms) in [(0_i64, 0_i64), (4, -9 * 3_600_000), (0, 400 * 86_400_000)] {
        let shop = Shop::with_clock(Mode::Live, off_ms).await;
        let body = json!({ "requestId": Uuid::new_v4(), "shopName": "", "maxChargeWon": 1_000_000, "presetWon": [],
            "dayTurnsAtHour": turns_at });
        shop.ok("settings_shop", body).await;
        // On to ten minutes before the turn, a day later.
        let now = shop.portone.control().now();
        let turn = (now + 9 * 3_600).div_euclid(86_400) * 86_400 + 2 * 86_400 - 9 * 3_600 + turns_at * 3_600;
        shop.portone.control().advance_clock(turn - 600 - now);
        let (_, _) = charged(&shop, 10_000).await;
        let before = today(&shop).await;
        shop.portone.control().advance_clock(3_600);
        charged(&shop, 20_000).await;
        let after = today(&shop).await;
        assert!(before < after, "turn at {turns_at}: {before} {after}");
        for (date, won) in [(&before, 10_000), (&after, 20_000)] {
            count(&shop, date, 50_000).await;
            let comparison = compared_with(&shop, date, |made| made["book"]["count"] == 1).await;
            assert_eq!(found(&comparison), [], "{date}");
            assert_eq!(comparison["book"], json!({ "count": 1, "won": won }), "{date}");
            assert_eq!(comparison["other"], comparison["book"], "{date}");
            let view = shop.ok("close_finish", step(date)).await;
            assert_eq!(view["figures"]["sums"]["kinds"][0]["paid"], won, "{view}");
        }
        shop.proved().await;
    }
}

#[tokio::test]
async fn a_change_of_the_channel_prints_on_the_slip() {
    let shop = Shop::open(Mode::Test).await;
    let chosen = shop.channel().await;
    let channels = shop.ok("channels", json!({})).await["channels"].clone();
    let other = channels
        .as_array()
        .unwrap()
        .iter()
        .find(|channel| channel["usable"] == true && channel["channelKey"] != chosen.as_str())
        .unwrap()
        .clone();
    shop.ok("channel_choose", json!({ "channelKey": other["channelKey"] })).await;
    let date = today(&shop).await;
    count(&shop, &date, 50_000).await;
    let view = shop.ok("close_finish", step(&date)).await;
    let changes = view["figures"]["changes"].as_array().unwrap();
    let last = changes.last().unwrap();
    let way = format!("{} {}", other["pgProvider"].as_str().unwrap(), other["pgId"].as_str().unwrap());
    assert_eq!((&last["action"], &last["detail"]), (&json!("channel"), &json!(way)), "{changes:?}");
}

/// PortOne's reference can be read in two ways about the times of `all`; a deposit may come days after its window, and a
/// cancel days after its payment.
#[tokio::test]
async fn a_late_deposit_and_a_late_cancel_are_seen_under_either_reading_of_portones_clock() {
    for all_by_start in [false, true] {
        let portone = portone_sim::Config { all_by_start, ..portone_sim::Config::default() };
        let shop = Shop::beside(portone, Mode::Live, 0).await;
        let control = shop.portone.control();
        let (_, late) = charged(&shop, 10_000).await;
        let (_, cancelled) = charged(&shop, 20_000).await;
        control.set(&late, json!({ "started_at": control.now() - 3 * 86_400 }));
        let date = today(&shop).await;
        count(&shop, &date, 50_000).await;
        let comparison = compared_with(&shop, &date, |made| made["book"]["count"] == 2).await;
        assert_eq!(found(&comparison), [], "by start: {all_by_start}");
        shop.ok("close_finish", step(&date)).await;
        // Two days on it is cancelled in the console: the closed day names it when it is compared once more, and so does
        // the day of the cancel.
        // (The daily look would take the points back first, and leave no difference.)
        control.add_fault(json!({ "path": "/payments/findAll/*", "status": 503, "times": 0 }));
        control.advance_clock(2 * 86_400);
        control.console_cancel(&cancelled, json!({ "by": "portone" }));
        let expected = [(cancelled.clone(), "cancelled_outside".to_owned(), "settle".to_owned())];
        assert_eq!(found(&compared(&shop, &date).await), expected, "by start: {all_by_start}");
        let later = today(&shop).await;
        count(&shop, &later, 50_000).await;
        let comparison = compared_with(&shop, &later, |made| {
            made["differences"].as_array().is_some_and(|all| !all.is_empty())
        });
        assert_eq!(found(&comparison.await), expected, "by start: {all_by_start}");
    }
}

/// Base64 of a file; by hand, so that the reading side is not tried with itself.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letter = |bits: u32| char::from(LETTERS[usize::try_from(bits & 63).unwrap()]);
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let byte = |place: usize| u32::from(three.get(place).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        text.extend([letter(bits >> 18), letter(bits >> 12)]);
        text.push(if three.len() > 1 { letter(bits >> 6) } else { '=' });
        text.push(if three.len() > 2 { letter(bits) } else { '=' });
    }
    text
}

#[tokio::test]
async fn a_settlement_file_in_windows_korean_finds_what_portone_never_hears_of() {
    let shop = Shop::open(Mode::Live).await;
    let mut approvals = Vec::new();
    for won in [10_000, 20_000, 30_000] {
        let (charge, order, _) = shop.start(won).await;
        shop.pay(&order, won, "paid").await;
        approvals.push(shop.settle(&charge).await["payment"]["approvalNumber"].as_str().unwrap().to_owned());
    }
    let date = today(&shop).await;
    count(&shop, &date, 50_000).await;
    let comparison = compared_with(&shop, &date, |made| made["book"]["count"] == 3).await;
    assert_eq!(found(&comparison), [], "PortOne sees nothing wrong");
    let dots = date.replace('-', ".");
    let text = format!(
        "정산내역서,,,,\r\n가맹점,포인틸,,,\r\n거래일시,승인번호,거래구분,거래금액,수수료\r\n\
         {dots} 10:00:00,{a},승인,\"10,000\",200\r\n{dots} 10:10:00,{b},승인,\"20,000\",400\r\n\
         {dots} 11:10:00,{b},취소,\"20,000\",-400\r\n{dots} 12:00:00,55555555,승인,\"7,000\",0\r\n,,합계,\"17,000\",\r\n",
        a = approvals[0],
        b = approvals[1],
    );
    let (korean, _, lost) = encoding_rs::EUC_KR.encode(&text);
    assert!(!lost && std::str::from_utf8(&korean).is_err());
    let body = |bytes: &[u8]| json!({ "requestId": Uuid::new_v4(), "date": date, "name": "정산.csv", "content": base64(bytes) });
    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    for bytes in [korean.as_ref(), text.as_bytes(), &marked] {
        let view = shop.ok("close_file", body(bytes)).await;
        let file = &view["figures"]["file"];
        let mut kinds: Vec<_> = file["differences"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                (
                    one["kind"].as_str().unwrap(),
                    one["approvalNumber"].as_str().unwrap(),
                    one["otherWon"].as_i64(),
                )
            })
            .collect();
        // Payments of one second have no order of their own.
        kinds.sort_unstable();
        assert_eq!(
            kinds,
            [
                ("file_sum", approvals[1].as_str(), Some(0)),
                ("not_in_file", approvals[2].as_str(), None),
                ("only_in_file", "55555555", Some(7_000)),
            ]
        );
    }
    for nonsense in
        ["", "이름,전화\r\n김서연,010", "승인일자,승인번호,금액\r\n2026-11-23,123,열두냥\r\n", "\u{0}\u{1}"]
    {
        assert_eq!(
            shop.refused("close_file", body(nonsense.as_bytes())).await,
            "bad_settlement_file",
            "{nonsense}"
        );
    }
    let view = shop.ok("close_view", json!({ "date": date })).await;
    assert_eq!(
        view["figures"]["file"]["differences"].as_array().unwrap().len(),
        3,
        "a bad file changes nothing"
    );
    assert_eq!(shop.proved().await, 3);
}
