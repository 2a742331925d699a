use ledger::{LedgerError, Mode, Store};

use crate::world::{Counted, NOON, Shop};

fn open(shop: &Shop, mode: Mode) -> Result<Store, LedgerError> {
    Store::open(&shop.path, mode, Box::new(Counted(9)), NOON)
}

#[test]
fn a_book_is_refused_under_another_mode_and_another_shop_code() {
    let mut shop = Shop::new(Mode::Test);
    assert!(matches!(open(&shop, Mode::Live), Err(LedgerError::OtherBook { found }) if found == "test"));
    assert!(open(&shop, Mode::Test).is_ok());
    let by = shop.by();
    shop.store.write(|book| book.stamp_shop(&by, "imp12345678", "")).unwrap();
    shop.store.write(|book| book.stamp_shop(&by, "imp12345678", "")).unwrap();
    let other = shop.store.write(|book| book.stamp_shop(&by, "imp87654321", ""));
    assert!(matches!(other, Err(LedgerError::OtherShop { found }) if found == "imp12345678"));
    let store = shop.store.write(|book| book.stamp_shop(&by, "imp12345678", "A01"));
    assert!(matches!(store, Err(LedgerError::OtherShop { .. })));
}

#[test]
fn a_book_of_a_newer_version_and_a_file_of_another_program_are_refused_and_left_alone() {
    let shop = Shop::new(Mode::Live);
    shop.stranger().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(open(&shop, Mode::Live), Err(LedgerError::Newer)));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    rusqlite::Connection::open(&path).unwrap().execute_batch("CREATE TABLE notes (text TEXT)").unwrap();
    let other = Store::open(&path, Mode::Live, Box::new(Counted(9)), NOON);
    assert!(matches!(other, Err(LedgerError::OtherBook { .. })));
}

#[test]
fn a_reopened_book_goes_on_where_it_was() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 10_000);
    shop.store = open(&shop, Mode::Live).unwrap();
    shop.spend(member, 1_000).unwrap();
    assert_eq!((shop.balance(member), shop.transactions(), shop.first_bad()), (9_000, 2, None));
}

#[test]
fn every_table_is_strict_and_every_row_says_who_and_why() {
    let shop = Shop::new(Mode::Live);
    let stranger = shop.stranger();
    let loose: Vec<String> = stranger
        .prepare("SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert!(loose.is_empty(), "{loose:?}");
    for table in [
        "staff",
        "audit",
        "setting",
        "bonus_rule",
        "member",
        "member_profile",
        "charge",
        "charge_event",
        "payment",
        "dispute",
        "txn",
    ] {
        let columns: Vec<String> = stranger
            .prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert!(
            columns.iter().any(|name| name == "actor") && columns.iter().any(|name| name == "request_id"),
            "{table}"
        );
    }
}

#[test]
fn business_days_are_stored_as_they_were_counted_that_day() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    // 2026-11-24T00:30 in Seoul.
    shop.now = NOON.plus_ms(12 * 60 * 60 * 1000 + 30 * 60 * 1000);
    shop.charged(member, 1_000);
    let by = shop.by();
    shop.store.write(|book| book.set(&by, ledger::DAY_TURNS_AT, &4_u8)).unwrap();
    shop.charged(member, 2_000);
    let days: Vec<String> = shop
        .store
        .read(|book| book.transactions(&ledger::HistoryFilter::default(), 10))
        .unwrap()
        .into_iter()
        .map(|transaction| transaction.business_date)
        .collect();
    assert_eq!(days, ["2026-11-23", "2026-11-24"]);
}
