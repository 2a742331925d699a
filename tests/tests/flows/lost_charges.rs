//! Payments whose charge was lost with an older book, however late they are paid and however the book was put back; and a restore
//! that fails.

use std::time::Duration;

use ledger::Mode;
use serde_json::{Value, json};

use crate::backups::{
    PATIENCE, asked, back_up, charged, custom_data, id, paid_in_window, put_back, with_folder,
};
use crate::shop::{Shop, eventually};

const DAY_S: i64 = 24 * 60 * 60;

async fn orphans(shop: &Shop) -> Vec<Value> {
    shop.ok("orphans", json!({})).await["orphans"].as_array().unwrap().clone()
}

fn credit(orphan: &Value, shop: &Shop) -> Value {
    json!({ "requestId": id(), "impUid": orphan["impUid"], "memberId": shop.member })
}

#[tokio::test]
async fn a_window_that_is_paid_two_months_after_the_restore_is_found_and_credited() {
    let shop = Shop::open(Mode::Live).await;
    let _folder = with_folder(&shop).await;
    let file = back_up(&shop).await;
    let (charge, order, page) = shop.start(20_000).await;
    let mark = custom_data(&page).await;
    shop.ok("charge_abandon", json!({ "chargeId": charge })).await;
    put_back(&shop, &file).await;
    assert_eq!(asked(&shop).await["orphans"], json!([]));
    let today = async || shop.ok("close_view", json!({})).await["today"].clone();
    let before = today().await;
    shop.portone.control().advance_clock(60 * DAY_S);
    // The till hears of the new time with an answer of PortOne's.
    eventually(PATIENCE, async || {
        shop.ok("channels", json!({})).await;
        (today().await != before).then_some(())
    })
    .await;
    let paid = json!({ "merchant_uid": order, "amount": 20_000, "outcome": "paid", "custom_data": mark });
    shop.pay_with(paid).await;
    shop.ok("restore_go_on", json!({})).await;
    let found = orphans(&shop).await;
    assert_eq!(found.len(), 1, "the payment is not in the inbox");
    assert_eq!((&found[0]["memberId"], &found[0]["won"]), (&shop.member, &json!(20_000)));
    assert_eq!(shop.ok("orphan_credit", credit(&found[0], &shop)).await["state"], "credited");
    assert_eq!((shop.balance().await, shop.proved().await), (20_000, 1));
}

#[tokio::test]
async fn where_an_older_file_was_put_back_by_hand_the_days_comparison_brings_its_payments_to_the_inbox() {
    let shop = Shop::open(Mode::Live).await;
    charged(&shop, 10_000).await;
    let (file, folder) = (shop.file(), tempfile::tempdir().unwrap());
    let copy = folder.path().join("copy.db");
    shop.till.close().await;
    std::fs::copy(&file, &copy).unwrap();
    let shop = shop.reopen().await;
    let (credited, ..) = paid_in_window(&shop, 20_000).await;
    assert_eq!(shop.settle(&credited).await["state"], "credited");
    let (only_paid, ..) = paid_in_window(&shop, 30_000).await;
    shop.ok("charge_abandon", json!({ "chargeId": only_paid })).await;
    shop.till.close().await;
    std::fs::copy(&copy, &file).unwrap();
    for ending in ["db-wal", "db-shm"] {
        let _none = std::fs::remove_file(file.with_extension(ending));
    }
    let shop = shop.reopen().await;
    assert_eq!(shop.balance().await, 10_000);

    let date = shop.ok("close_view", json!({})).await["today"].as_str().unwrap().to_owned();
    let body = json!({ "requestId": id(), "date": date, "countedWon": 0, "changeWon": 0 });
    shop.ok("close_count", body).await;
    let compare = async || shop.ok("close_compare", json!({ "requestId": id(), "date": date })).await;
    let found = eventually(PATIENCE, async || {
        compare().await;
        let found = orphans(&shop).await;
        (found.len() == 2).then_some(found)
    })
    .await;
    // Whose it is the book cannot know: numbers may have been given out twice.
    assert!(found.iter().all(|orphan| orphan["memberId"].is_null()), "{found:?}");
    assert_eq!(shop.ok("app_state", json!({})).await["orphans"], 2);
    let of = |won: i64| found.iter().find(|orphan| orphan["won"] == won).unwrap().clone();
    assert_eq!(shop.ok("orphan_credit", credit(&of(20_000), &shop)).await["state"], "credited");
    // Compared again it is no second time there.
    compare().await;
    assert_eq!(orphans(&shop).await.len(), 1);
    // The other goes back, and is gone from the list when PortOne says so.
    let back = json!({ "requestId": id(), "impUid": of(30_000)["impUid"] });
    assert_eq!(shop.ok("orphan_refund", back).await["orphans"][0]["toRefund"], true);
    shop.portone.control().console_cancel(of(30_000)["impUid"].as_str().unwrap(), json!({ "by": "portone" }));
    eventually(PATIENCE, async || {
        compare().await;
        orphans(&shop).await.is_empty().then_some(())
    })
    .await;
    assert_eq!((shop.balance().await, shop.proved().await), (30_000, 2));
}

#[tokio::test]
async fn a_decision_to_refund_is_taken_back_by_crediting_and_what_was_cancelled_is_not_credited() {
    let shop = Shop::open(Mode::Live).await;
    let _folder = with_folder(&shop).await;
    let file = back_up(&shop).await;
    for won in [10_000, 20_000] {
        let (charge, ..) = paid_in_window(&shop, won).await;
        shop.ok("charge_abandon", json!({ "chargeId": charge })).await;
    }
    put_back(&shop, &file).await;
    asked(&shop).await;
    let found = orphans(&shop).await;
    assert_eq!(found.len(), 2, "{found:?}");
    for orphan in &found {
        let back = json!({ "requestId": id(), "impUid": orphan["impUid"] });
        shop.ok("orphan_refund", back).await;
    }
    let of = |won: i64| found.iter().find(|orphan| orphan["won"] == won).unwrap();
    // The owner was faster in PortOne's console.
    shop.portone.control().console_cancel(of(20_000)["impUid"].as_str().unwrap(), json!({ "by": "portone" }));
    let cancelled = shop.ok("orphan_credit", credit(of(20_000), &shop)).await;
    assert_ne!(cancelled["state"], "credited", "{cancelled}");
    assert_eq!(shop.ok("orphan_credit", credit(of(10_000), &shop)).await["state"], "credited");
    assert_eq!((shop.balance().await, orphans(&shop).await.len()), (10_000, 0));
}

#[tokio::test]
async fn a_restore_that_fails_leaves_the_book_as_it_was_and_pay_windows_open_again() {
    let shop = Shop::open(Mode::Live).await;
    let _folder = with_folder(&shop).await;
    charged(&shop, 10_000).await;
    let file = back_up(&shop).await;
    let data = shop.file().parent().unwrap().to_owned();
    let restore = async || shop.rpc("restore", json!({ "requestId": id(), "file": file })).await;
    // The list of who was forgotten cannot be read.
    let book = file.split('-').nth(2).unwrap();
    let list = data.join(format!("pointill-erased-{book}.jsonl"));
    std::fs::create_dir(&list).unwrap();
    assert_eq!(restore().await["ok"], false);
    charged(&shop, 1_000).await;
    std::fs::remove_dir(&list).unwrap();
    // No file can be moved, and the old book does not open again at once either.
    let plan = data.join("live.put-back.part");
    std::fs::create_dir(&plan).unwrap();
    let stranger = rusqlite::Connection::open(shop.file()).unwrap();
    stranger.busy_timeout(Duration::from_secs(10)).unwrap();
    stranger.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(restore().await["ok"], false);
    stranger.execute_batch("ROLLBACK").unwrap();
    drop(stranger);
    eventually(PATIENCE, async || {
        let answer = shop.rpc("app_state", json!({})).await;
        (answer["value"]["book"] == "ok").then_some(())
    })
    .await;
    charged(&shop, 1_000).await;
    assert_eq!((shop.balance().await, shop.proved().await), (12_000, 3));
    std::fs::remove_dir(&plan).unwrap();
    assert_eq!(restore().await["ok"], true);
}

#[tokio::test]
async fn a_backup_that_is_made_by_hand_is_drilled_too() {
    let shop = Shop::open(Mode::Live).await;
    let _folder = with_folder(&shop).await;
    let file = back_up(&shop).await;
    let view = shop.ok("backup_view", json!({})).await;
    assert_eq!((&view["daily"], &view["warning"]), (&json!(false), &json!("none")), "{view}");
    assert_eq!((&view["drill"]["file"], &view["drill"]["fault"]), (&json!(file), &Value::Null), "{view}");
    // Once a week, and not with each.
    let again = back_up(&shop).await;
    let view = shop.ok("backup_view", json!({})).await;
    assert_eq!((&view["good"]["file"], &view["drill"]["file"]), (&json!(again), &json!(file)), "{view}");
}
