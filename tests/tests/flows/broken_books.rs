//! Files that are not as the till left them.

use ledger::Mode;
use serde_json::json;
use uuid::Uuid;

use crate::shop::Shop;

#[tokio::test]
async fn a_book_that_is_found_broken_while_it_is_used_is_written_no_more() {
    let shop = Shop::open(Mode::Test).await;
    let (charge, order, _) = shop.start(10_000).await;
    shop.pay(&order, 10_000, "paid").await;
    shop.settle(&charge).await;
    rusqlite::Connection::open(shop.file())
        .unwrap()
        .execute_batch("DROP TRIGGER posting_is_append_only_update; UPDATE posting SET amount = amount * 2;")
        .unwrap();
    assert_eq!(shop.refused("book_verify", json!({})).await, "book_broken");
    assert_eq!(shop.ok("app_state", json!({})).await["book"], "broken");
    let body = json!({ "useId": Uuid::new_v4(), "memberId": shop.member, "points": 1_000 });
    assert_eq!(shop.refused("spend", body).await, "book_broken");
    assert_eq!(shop.refused("charge_start", shop.start_body(&Uuid::new_v4(), 1_000)).await, "book_broken");
    assert_eq!(shop.balance().await, 10_000);
}

#[tokio::test]
async fn a_live_book_that_cannot_be_read_holds_up_no_other_book() {
    let shop = Shop::open(Mode::Test).await;
    std::fs::write(
        shop.file().with_file_name("live.db"),
        "no book at all, and long enough to be looked into",
    )
    .unwrap();
    let shop = shop.reopen().await;
    assert_eq!(shop.ok("app_state", json!({})).await["mode"], "test");
    assert_eq!(shop.refused("mode_switch", json!({ "mode": "live" })).await, "book_broken");
    assert_eq!(shop.ok("app_state", json!({})).await["mode"], "test");
}

#[tokio::test]
async fn a_book_that_did_not_open_does_not_lock_the_next_try_out() {
    let shop = Shop::open(Mode::Test).await;
    shop.till.close().await;
    let good = std::fs::read(shop.file()).unwrap();
    for beside in ["db-wal", "db-shm"] {
        let _may_be_gone = std::fs::remove_file(shop.file().with_extension(beside));
    }
    std::fs::write(shop.file(), "no book at all, and long enough to be looked into").unwrap();
    for _ in 0..2 {
        assert_eq!(shop.open_again().await.err().as_deref(), Some("book_broken"));
    }
    std::fs::write(shop.file(), good).unwrap();
    assert!(shop.open_again().await.is_ok());
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let shop = Shop::open(Mode::Test).await;
    let in_the_way = shop.file().with_file_name("in-the-way");
    std::fs::write(&in_the_way, "").unwrap();
    assert_eq!(shop.open_in(&in_the_way).await.err().as_deref(), Some("data_folder"));
}
