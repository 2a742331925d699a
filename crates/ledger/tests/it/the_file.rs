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
    // Itself, or through the transaction that it belongs to; what is derived repeats what such rows say.
    const DERIVED: [&str; 9] = [
        "balance",
        "lot_left",
        "charge_state",
        "member_key",
        "member_word",
        "head",
        "refund_state",
        "disputed_seen",
        "day_sum",
    ];
    let tables: Vec<String> = stranger
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert!(tables.len() > 20, "{tables:?}");
    for table in tables.iter().filter(|table| !DERIVED.contains(&table.as_str())) {
        let required: Vec<String> = stranger
            .prepare(&format!("SELECT name FROM pragma_table_info('{table}') WHERE \"notnull\" OR pk"))
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let has = |name: &str| required.iter().any(|column| column == name);
        assert!((has("actor") && has("request_id")) || has("txn_seq"), "{table}: {required:?}");
    }
}

#[test]
fn a_book_of_the_edition_before_is_searched_by_initials_and_memo_after_it_was_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.db");
    let old = rusqlite::Connection::open(&path).unwrap();
    for edition in [
        include_str!("../../migrations/0001_book.sql"),
        include_str!("../../migrations/0002_second_person.sql"),
    ] {
        old.execute_batch(edition).unwrap();
    }
    old.execute_batch(
        "PRAGMA application_id = 0x50544c4c; PRAGMA user_version = 2;
         INSERT INTO stamp (one, book_id, mode, created_at, actor, request_id)
             VALUES (1, '00000000-0000-7000-8000-000000000000', 'live', 0, 1, 'x');
         INSERT INTO member (id, created_at, actor, request_id) VALUES (7, 0, 1, 'x');
         INSERT INTO balance (member_id, paid, bonus) VALUES (7, 0, 0);
         INSERT INTO member_profile (member_id, version, name, phone, memo, consents, at, actor, request_id)
             VALUES (7, 1, '김민지', '01000000000', NULL, '[]', 0, 1, 'x'),
                    (7, 2, '김민수', '01012345678', '단골 손님', '[]', 0, 1, 'x');",
    )
    .unwrap();
    drop(old);
    let store = Store::open(&path, Mode::Live, Box::new(Counted(9)), NOON).unwrap();
    assert_eq!(store.broken(), None);
    for (query, many) in [("ㄱㅁㅅ", 1), ("ㅁㅅ", 1), ("단골", 1), ("ㄱㅁㅈ", 0)] {
        assert_eq!(store.read(|book| book.find_members(query, 5)).unwrap().0.len(), many, "{query}");
    }
}

#[test]
fn a_book_whose_stamp_was_taken_off_is_made_no_other_book() {
    let mut shop = Shop::new(Mode::Test);
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 10_000);
    shop.stranger()
        .execute_batch(
            "PRAGMA foreign_keys = OFF; DROP TRIGGER stamp_is_append_only_delete; DELETE FROM stamp;",
        )
        .unwrap();
    for mode in [Mode::Live, Mode::Test] {
        assert!(matches!(open(&shop, mode), Err(LedgerError::OtherBook { .. })), "{mode:?}");
    }
    // And a stamp of another mode does not fit the rows.
    shop.stranger()
        .execute_batch("INSERT INTO stamp (one, book_id, mode, created_at, actor, request_id) VALUES (1, '00000000-0000-7000-8000-000000000000', 'live', 0, 1, 'x')")
        .unwrap();
    let store = open(&shop, Mode::Live).unwrap();
    assert_eq!(store.read(|book| book.verify()).unwrap().first_bad, Some((1, "hash")));
}

#[test]
fn what_was_committed_is_carried_into_the_file() {
    let mut shop = Shop::new(Mode::Live);
    shop.member("김서연", "010-2841-4821");
    let carried = shop.store.checkpoint().unwrap();
    assert!(carried.pages > 0 && carried.carried == carried.pages, "{carried:?}");
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
