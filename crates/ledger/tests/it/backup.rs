//! Copies of the book, orders that carry a mark, and what a book knows after it was put back.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ledger::{
    Adopted, ChargeId, LedgerError, MemberId, Mode, NewOrphan, NewRestore, ReadStore, Store,
    copy_before_migration, copy_book,
};
use rusqlite::Connection;
use uuid::Uuid;

use crate::world::{Counted, NOON, Shop, paid, won};

fn proved(path: &Path) -> (i64, String) {
    let report = ReadStore::open(path).unwrap().read(|book| book.verify()).unwrap();
    assert_eq!(report.first_bad, None);
    (report.transactions, report.head)
}

#[test]
fn a_copy_made_while_charges_are_written_is_whole_and_an_earlier_state_of_the_book() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    for _ in 0..40 {
        shop.charged(member, 1_000);
    }
    let (from, to) = (shop.path.clone(), shop.path.with_extension("copy"));
    let written = Arc::new(AtomicBool::new(false));
    let copied = std::thread::scope(|scope| {
        let (seen, copy) = (Arc::clone(&written), (from, to.clone()));
        let copying = scope.spawn(move || {
            copy_book(&copy.0, &copy.1, || {
                // The copy stands still until something was written: the writer does not wait for it.
                while !seen.load(Ordering::SeqCst) {
                    std::thread::yield_now();
                }
            })
        });
        for _ in 0..20 {
            shop.charged(member, 1_000);
        }
        written.store(true, Ordering::SeqCst);
        copying.join().unwrap().unwrap()
    });
    assert_eq!(proved(&to), (copied.transactions, copied.head.clone()));
    assert!((40..=60).contains(&copied.transactions), "{copied:?}");
    let here = shop.store.read(|book| book.chain_at(copied.transactions)).unwrap();
    assert_eq!(here, Some(copied.head), "the copy is no earlier state of the book");
    assert!(!to.with_extension("copy-wal").exists());
}

/// A book as the second edition left it, with an owner in it.
fn old_book(path: &Path) {
    let conn = Connection::open(path).unwrap();
    conn.execute_batch(include_str!("../../migrations/0001_book.sql")).unwrap();
    conn.execute_batch(include_str!("../../migrations/0002_second_person.sql")).unwrap();
    conn.execute_batch(
        "PRAGMA application_id = 0x50544c4c; PRAGMA user_version = 2;
         INSERT INTO stamp (one, book_id, mode, created_at, actor, request_id)
         VALUES (1, '00000000-0000-7000-8000-000000000001', 'live', 0, 1, 'first');
         INSERT INTO staff (name, role, created_at, actor, request_id) VALUES ('점주', 'owner', 0, 1, 'first run');",
    )
    .unwrap();
}

fn version(path: &Path) -> i64 {
    Connection::open(path).unwrap().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
}

fn open(path: &Path) -> Result<Store, LedgerError> {
    Store::open(path, Mode::Live, Box::new(Counted(5)), NOON)
}

#[test]
fn before_a_migration_the_book_is_copied_beside_itself_and_a_new_book_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("live.db");
    old_book(&path);
    drop(open(&path).unwrap());
    let copy = copy_before_migration(&path, 2);
    assert_eq!(version(&copy), 2);
    assert!(version(&path) > 2);
    // What was copied opens again, and comes as far.
    drop(open(&copy).unwrap());
    // Opening what is up to date copies nothing.
    std::fs::remove_file(&copy).unwrap();
    drop(open(&path).unwrap());
    assert!(!copy.exists());
    let fresh = folder.path().join("fresh.db");
    drop(open(&fresh).unwrap());
    let files: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(!files.iter().any(|name| name.to_string_lossy().contains("fresh.before")), "{files:?}");
}

#[test]
fn a_migration_that_ends_half_way_leaves_the_old_book_and_its_copy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("live.db");
    old_book(&path);
    let copy = copy_before_migration(&path, 2);
    // A crash while the copy was being made.
    std::fs::write(copy.with_extension("part"), "half a copy").unwrap();
    // Something stops the migration after its first tables.
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE orphan_end (x INTEGER) STRICT").unwrap();
    assert!(matches!(open(&path), Err(LedgerError::Migration(_))));
    assert_eq!((version(&path), version(&copy)), (2, 2));
    let tables: i64 = Connection::open(&path)
        .unwrap()
        .query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'order_key'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(tables, 0, "half of a migration stands in the book");
    // However often it is tried, the state is there once.
    assert!(open(&path).is_err());
    let files = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name());
    assert_eq!(files.filter(|name| name.to_string_lossy().contains(".before-")).count(), 1);
    // What was in the way is gone: the next start goes on.
    Connection::open(&path).unwrap().execute_batch("DROP TABLE orphan_end").unwrap();
    drop(open(&path).unwrap());
    assert!(version(&path) > 2 && !copy.with_extension("part").exists());
}

#[test]
fn a_copy_of_another_state_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("live.db");
    old_book(&path);
    drop(open(&path).unwrap());
    let first = std::fs::read(copy_before_migration(&path, 2)).unwrap();
    // An older file is put in its place by hand, and comes up to date again.
    std::fs::remove_file(&path).unwrap();
    old_book(&path);
    let other = "UPDATE staff SET name = '다른 점주' WHERE id = 2";
    let conn = Connection::open(&path).unwrap();
    conn.execute_batch("DROP TRIGGER IF EXISTS staff_is_append_only_update").unwrap();
    conn.execute_batch(other).unwrap();
    drop(conn);
    // The trigger's loss is found, which is no matter here.
    let _opened = open(&path);
    assert_eq!(std::fs::read(copy_before_migration(&path, 2)).unwrap(), first);
    assert_eq!(version(&copy_before_migration(&path, 2).with_extension("2.db")), 2);
}

#[test]
fn no_room_for_the_copy_means_no_migration() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("live.db");
    old_book(&path);
    // A folder stands where the copy would go.
    std::fs::create_dir_all(copy_before_migration(&path, 2).join("x")).unwrap();
    assert!(open(&path).is_err());
    assert_eq!(version(&path), 2);
}

#[test]
fn an_order_carries_a_mark_that_only_this_book_can_have_made() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let intent = shop.open(member, 10_000);
    let mark = shop.store.read(|book| book.order_mark(&intent)).unwrap().unwrap();
    let text = serde_json::to_string(&mark).unwrap();
    // Some keys longer than PortOne says anything about were refused by payment companies.
    assert!(text.len() < 200, "{text}");
    let own = |custom_data: &str, order: &str, sum: i64| {
        shop.store.read(|book| book.own_mark(Some(custom_data), order, won(sum))).unwrap()
    };
    let order = intent.merchant_uid.as_str();
    assert_eq!(own(&text, order, 10_000), Some(mark.clone()));
    // As PortOne hands back what was a text already.
    assert_eq!(own(&serde_json::to_string(&text).unwrap(), order, 10_000), Some(mark.clone()));
    let forged = |change: &dyn Fn(&mut ledger::OrderMark)| {
        let mut mark = mark.clone();
        change(&mut mark);
        own(&serde_json::to_string(&mark).unwrap(), order, 10_000)
    };
    assert_eq!(forged(&|mark| mark.m = MemberId(99)), None);
    assert_eq!(forged(&|mark| mark.c = ChargeId(Uuid::from_u128(7))), None);
    assert_eq!(forged(&|mark| mark.h = mark.h.replace('a', "b")), None);
    assert_eq!(forged(&|mark| mark.h.truncate(10)), None);
    assert_eq!((own(&text, "other", 10_000), own(&text, order, 9_999)), (None, None));
    for nothing in ["", "null", "{}", "[1]", "{\"c\":1}", "텍스트"] {
        assert_eq!(own(nothing, order, 10_000), None, "{nothing}");
    }
    // Another book has another key.
    let other =
        Store::open(&shop.path.with_extension("other"), Mode::Live, Box::new(Counted(77)), NOON).unwrap();
    assert_eq!(other.read(|book| book.own_mark(Some(&text), order, won(10_000))).unwrap(), None);
}

fn restored(shop: &mut Shop) {
    let new = NewRestore {
        file: "backup".to_owned(),
        made_at: shop.now,
        transactions: 0,
        head: String::new(),
        ask_from: shop.now,
        aside: None,
        lost: None,
    };
    let by = shop.by();
    shop.store.write(|book| book.note_restore(&by, &new)).unwrap();
}

#[test]
fn a_payment_whose_charge_was_lost_is_credited_once_and_only_through_the_gate() {
    // The book that was lost, and a copy of it from before the charge: one key, one member.
    let mut lost = Shop::new(Mode::Live);
    let member = lost.member("김서연", "010-2841-4821");
    let copy = lost.path.with_extension("copy");
    copy_book(&lost.path, &copy, || {}).unwrap();
    let intent = lost.open(member, 10_000);
    let mark = lost.store.read(|book| book.order_mark(&intent)).unwrap();
    let mut shop = Shop::new(Mode::Live);
    shop.store = open(&copy).unwrap();
    restored(&mut shop);
    assert!(shop.store.read(|book| book.restore_pending()).unwrap().is_some());
    let found = paid(&intent, "imp_lost");
    let orphan =
        NewOrphan { found: found.clone(), won: won(10_000), custom_data: serde_json::to_string(&mark).ok() };
    let by = shop.by();
    let kept = |shop: &mut Shop| shop.store.write(|book| book.keep_orphan(&by, Some(1), &orphan)).unwrap();
    assert!(kept(&mut shop) && !kept(&mut shop));
    let orphans = shop.store.read(|book| book.orphans()).unwrap();
    assert_eq!((orphans.len(), orphans[0].member, orphans[0].charge), (1, Some(member), Some(intent.charge)));
    // A member who was enrolled after the backup has a number that the order may mean somebody else by.
    shop.now = shop.now.plus_ms(60_000);
    let stranger = shop.member("박지훈", "010-7730-4821");
    let theirs = lost.member("이수진", "010-9911-0022");
    assert_eq!(theirs, stranger);
    let intent_of_theirs = lost.open(theirs, 5_000);
    let marked = lost.store.read(|book| book.order_mark(&intent_of_theirs)).unwrap();
    let other = NewOrphan {
        found: paid(&intent_of_theirs, "imp_other"),
        won: won(5_000),
        custom_data: serde_json::to_string(&marked).ok(),
    };
    let by = shop.by();
    shop.store.write(|book| book.keep_orphan(&by, Some(1), &other)).unwrap();
    assert!(shop.store.read(|book| book.orphan("imp_other")).unwrap().member.is_none());

    let adopted = Adopted {
        imp_uid: "imp_lost".to_owned(),
        member,
        channel_key: intent.channel_key.clone(),
        charge: ChargeId(Uuid::from_u128(1)),
    };
    let by = shop.by();
    let (_, again) = shop.store.write(|book| book.adopt(&by, &adopted)).unwrap();
    assert_eq!(
        (again.charge, &again.merchant_uid, again.won, again.at),
        (intent.charge, &intent.merchant_uid, intent.won, intent.at)
    );
    // Nothing is credited by that alone; and what the gate refuses is not credited now either.
    let mut less = found.clone();
    less.amount = ledger::Said::Whole(9_999);
    assert!(shop.settle(intent.charge, vec![less]).credited.is_none());
    assert_eq!(shop.balance(member), 0);
    assert!(shop.settle(intent.charge, vec![found.clone()]).credited.is_some());
    assert!(shop.settle(intent.charge, vec![found]).credited.is_none());
    // Another manager, another request, the same payment: for the same member it is done, for another it is refused.
    let by = shop.by();
    assert!(shop.store.write(|book| book.adopt(&by, &adopted)).is_ok());
    let by = shop.by();
    let stolen = Adopted { member: stranger, ..adopted };
    assert!(matches!(
        shop.store.write(|book| book.adopt(&by, &stolen)),
        Err(LedgerError::SameIdOtherContent)
    ));
    assert_eq!((shop.balance(member), shop.balance(stranger), shop.transactions()), (10_000, 0, 1));
    assert_eq!(shop.store.read(|book| book.orphans()).unwrap().len(), 1);
    assert_eq!(shop.first_bad(), None);
}
