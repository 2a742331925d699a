//! What somebody with the file in hand may try.

use ledger::{FoundStatus, LedgerError, Mode, Said, Store, UnixMillis, Window};

use crate::world::{Counted, NOON, Shop, paid, won};

fn busy() -> Shop {
    let mut shop = Shop::new(Mode::Live);
    shop.bonus(10);
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 10_000);
    let (_, used) = shop.spend(member, 3_000).unwrap();
    shop.undo(used.transaction).unwrap();
    shop.spend(member, 1_000).unwrap();
    shop
}

/// The same with a row in every table.
fn full() -> Shop {
    let mut shop = busy();
    let member = shop.member("박지훈", "010-7730-4821");
    let intent = shop.open(member, 20_000);
    let mut less = paid(&intent, "imp_less");
    less.amount = Said::Whole(100);
    shop.settle(intent.charge, vec![less.clone()]);
    (less.status, less.cancel_amount) = (FoundStatus::Cancelled, Said::Whole(100));
    shop.settle(intent.charge, vec![less]);
    // A use that comes back into a lot which has gone meanwhile.
    shop.charged(member, 5_000);
    let (_, used) = shop.spend(member, 5_500).unwrap();
    shop.now = shop.now.plus_ms(400 * 24 * 60 * 60 * 1000);
    shop.undo(used.transaction).unwrap();
    // Two who were one, and who are forgotten.
    let (one, other) = (shop.member("이도윤", "010-5512-0937"), shop.member("이도윤", "010-5512-0938"));
    let by = shop.by();
    shop.store.write(|book| book.merge_members(&by, one, other, "같은 분")).unwrap();
    let by = shop.by();
    shop.store.write(|book| book.erase_member(&by, other, false)).unwrap();
    crate::refunds::paid_out(&mut shop, member);
    let file = "INSERT INTO imported_file VALUES (x'01', 1, 1, 'x')";
    shop.stranger().execute(file, []).unwrap();
    let note = "INSERT INTO refund_note SELECT id, 'x', actor, request_id FROM refund LIMIT 1";
    shop.stranger().execute(note, []).unwrap();
    let mut orphan = paid(&intent, "imp_orphan");
    orphan.merchant_uid = "lost".to_owned();
    let by = shop.by();
    shop.store
        .write(|book| {
            book.stamp_shop(&by, "imp12345678", "")?;
            let three_months = Some(ledger::Lifetime::Months(3));
            let rule = ledger::NewExpiryRule { lifetime: three_months, pg: None, source: "x".to_owned() };
            book.set_expiry_rule(&by, &rule)?;
            book.set(&by, "shop", &"x")?;
            book.know_person(by.now, ledger::StaffId(2), "김점주", ledger::Role::Owner)?;
            let run =
                ledger::NewRun { drill: true, file: None, transactions: None, head: None, fault: Some("x") };
            book.note_run(&by, &run)?;
            let lost = book.reader().transactions_after(0, 1)?;
            let restore = ledger::NewRestore {
                file: "x".to_owned(),
                made_at: by.now,
                transactions: 0,
                head: String::new(),
                ask_from: by.now,
                aside: None,
                lost: Some(lost),
            };
            book.note_restore(&by, &restore)?;
            book.restore_asked(&by, 1, 0, 0)?;
            let orphan =
                ledger::NewOrphan { found: orphan.clone(), won: crate::world::won(1_000), custom_data: None };
            book.keep_orphan(&by, Some(1), &orphan)?;
            book.end_orphan(&by, "imp_orphan", true)?;
            book.audit(&by, "channel", "x")
        })
        .unwrap();
    let today = shop.store.read(|book| book.business_day(by.now)).unwrap();
    let by = shop.by();
    shop.store
        .write(|book| {
            book.count_cash(&by, &today, won(0), won(0))?;
            // A charge that PortOne knows nothing of.
            let window = Window { from: UnixMillis(0), to: by.now };
            book.compare_day(&by, &today, window, &[])?;
            book.close_day(&by, &today)
        })
        .unwrap();
    shop
}

const LISTED: [&str; 43] = [
    "stamp",
    "shop_stamp",
    "request",
    "staff",
    "staff_version",
    "audit",
    "setting",
    "bonus_rule",
    "member",
    "member_profile",
    "charge",
    "charge_event",
    "payment",
    "dispute",
    "dispute_end",
    "txn",
    "txn_note",
    "posting",
    "lot",
    "lot_use",
    "lot_expiry",
    "txn_fact",
    "cash_count",
    "day_comparison",
    "day_difference",
    "day_close",
    "member_merge",
    "erasure",
    "forgotten_request",
    "imported_file",
    "expiry_rule",
    "bonus_offer",
    "refund_rule",
    "refund",
    "refund_event",
    "refund_note",
    "order_key",
    "backup_run",
    "restore",
    "restore_lost",
    "restore_asked",
    "orphan",
    "orphan_end",
];

#[test]
fn no_row_of_an_append_only_table_can_be_changed_deleted_or_replaced() {
    let shop = full();
    let stranger = shop.stranger();
    stranger.pragma_update(None, "recursive_triggers", "ON").unwrap();
    stranger.pragma_update(None, "foreign_keys", "OFF").unwrap();
    for table in LISTED {
        let rows: i64 =
            stranger.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap();
        let column: String = stranger
            .query_row(&format!("SELECT name FROM pragma_table_info('{table}') LIMIT 1"), [], |row| {
                row.get(0)
            })
            .unwrap();
        assert!(rows > 0, "nothing was tried on {table}");
        for sql in [
            format!("UPDATE {table} SET {column} = {column}"),
            format!("DELETE FROM {table}"),
            format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"),
        ] {
            let refused = stranger.execute(&sql, []).unwrap_err().to_string();
            let known = refused.contains("append-only")
                || refused.contains("a gap")
                || refused.contains("the day is closed");
            assert!(known, "{sql}: {refused}");
        }
    }
}

#[test]
fn the_head_moves_by_one_and_what_is_derived_is_never_deleted() {
    let shop = full();
    let stranger = shop.stranger();
    stranger.pragma_update(None, "foreign_keys", "OFF").unwrap();
    for (sql, why) in [
        ("UPDATE head SET transactions = transactions", "the head moves by one"),
        ("UPDATE head SET transactions = transactions + 2", "the head moves by one"),
        ("DELETE FROM head", "never deleted: head"),
        ("DELETE FROM balance", "never deleted: balance"),
        ("DELETE FROM lot_left", "never deleted: lot_left"),
        ("DELETE FROM charge_state", "never deleted: charge_state"),
        ("DELETE FROM refund_state", "never deleted: refund_state"),
        ("UPDATE refund_state SET state = 'released'", "a refund ends once"),
        ("DELETE FROM day_sum", "never deleted: day_sum"),
    ] {
        let refused = stranger.execute(sql, []).unwrap_err().to_string();
        assert!(refused.contains(why), "{sql}: {refused}");
    }
    // And the tables that are listed are all that may not change.
    let triggers: i64 = stranger
        .query_row("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(triggers, 2 * i64::try_from(LISTED.len()).unwrap() + 12);
}

/// Changes a row as somebody would who drops the triggers first, and tells what the walk says.
fn after(change: &str) -> Option<(i64, &'static str)> {
    let shop = busy();
    let stranger = shop.stranger();
    stranger.pragma_update(None, "foreign_keys", "OFF").unwrap();
    let triggers: Vec<String> = stranger
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    for trigger in triggers {
        stranger.execute_batch(&format!("DROP TRIGGER {trigger}")).unwrap();
    }
    stranger.execute_batch(change).unwrap();
    shop.first_bad()
}

#[test]
fn the_walk_names_the_first_row_that_was_touched() {
    assert_eq!(busy().first_bad(), None);
    for (change, bad) in [
        ("UPDATE txn SET at = at + 1 WHERE seq = 2", (2, "hash")),
        ("UPDATE txn SET actor = 1 WHERE seq = 3", (3, "hash")),
        ("UPDATE posting SET amount = amount * 2 WHERE txn_seq = 1", (1, "hash")),
        ("UPDATE payment SET imp_uid = 'imp_other'", (1, "hash")),
        ("UPDATE payment SET request_id = 'other'", (1, "hash")),
        ("UPDATE txn_note SET text = '손님이 원해서'", (3, "note")),
        ("UPDATE txn SET business_date = CAST(x'ff' AS TEXT) WHERE seq = 2", (2, "unreadable")),
        ("DELETE FROM head", (5, "unreadable")),
        ("UPDATE lot SET bonus = bonus + 1", (1, "hash")),
        ("UPDATE lot_use SET paid = paid - 1 WHERE txn_seq = 4", (4, "hash")),
        ("DELETE FROM posting WHERE txn_seq = 4", (4, "hash")),
        ("DELETE FROM txn WHERE seq = 2", (2, "missing")),
        // The newest transaction, with all that belongs to it.
        (
            "DELETE FROM txn WHERE seq = 4; DELETE FROM posting WHERE txn_seq = 4; DELETE FROM lot_use WHERE txn_seq = 4",
            (4, "head_count"),
        ),
        ("DELETE FROM txn WHERE seq = 4", (4, "belongs_to_nothing")),
        ("UPDATE head SET hash = zeroblob(32)", (4, "head_hash")),
        ("UPDATE balance SET paid = paid + 50000", (0, "balance")),
        ("UPDATE lot_left SET bonus = bonus + 1", (0, "lot_left")),
        ("DELETE FROM balance", (0, "balance")),
        ("UPDATE day_sum SET pg = pg + 50000 WHERE kind = 'loading'", (0, "day_sum")),
        ("UPDATE day_sum SET last_seq = 3", (0, "day_sum")),
        ("DELETE FROM day_sum WHERE kind = 'reversal'", (0, "day_sum")),
        ("UPDATE charge_state SET state = 'open'", (0, "credit_without_payment")),
    ] {
        assert_eq!(after(change), Some(bad), "{change}");
    }
}

/// The text of a note may be erased: the chain holds a salted hash of it.
#[test]
fn a_note_that_was_erased_leaves_the_chain_whole() {
    assert_eq!(after("DELETE FROM txn_note"), None);
}

/// Bytes in a page of the file.
const PAGE: usize = 4096;

/// Every row that was posted, as SQLite reads it out of its own table; `None` where it cannot.
fn rows(path: &std::path::Path) -> Option<Vec<Vec<rusqlite::types::Value>>> {
    let book = rusqlite::Connection::open(path).ok()?;
    let mut rows = Vec::new();
    for (table, _) in crate::flipped::POSTED {
        let mut all = book.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2")).ok()?;
        let many = all.column_count();
        let mut found = all.query([]).ok()?;
        while let Some(row) = found.next().ok()? {
            rows.push((0..many).map(|column| row.get(column)).collect::<Result<_, _>>().ok()?);
        }
    }
    Some(rows)
}

#[test]
fn pages_that_were_damaged_are_a_broken_book_and_not_a_failed_question() {
    let mut shop = full();
    let member = shop.member("한유진", "010-3310-5577");
    shop.wait(1);
    for _ in 0..30 {
        shop.charged(member, 1_000);
    }
    shop.store.checkpoint().unwrap();
    let path = shop.path.clone();
    drop(shop.store);
    let (whole, posted) = (std::fs::read(&path).unwrap(), rows(&path).unwrap());
    let wiped = |bytes: &mut [u8]| bytes.fill(0);
    // The last byte of a row, which SQLite reads like any other.
    let flipped = |bytes: &mut [u8]| bytes[PAGE - 1] ^= 1;
    let ways: [fn(&mut [u8]); 2] = [wiped, flipped];
    for hurt in ways {
        let mut found = 0;
        for at in (PAGE..whole.len()).step_by(PAGE) {
            let mut damaged = whole.clone();
            hurt(&mut damaged[at..at + PAGE]);
            std::fs::write(&path, damaged).unwrap();
            // It may be that nobody can open it; if somebody can, it does not prove itself, or no row of it was hurt.
            // An index is no row: what it says twice stands in a table.
            let is_found = match Store::open(&path, Mode::Live, Box::new(Counted(9)), NOON) {
                Ok(store) => store.read(|book| book.verify()).unwrap().first_bad.is_some(),
                Err(_) => true,
            };
            assert!(is_found || rows(&path).as_ref() == Some(&posted), "nobody saw page {}", at / PAGE + 1);
            found += i32::from(is_found);
        }
        assert!(found > 10, "only {found} were seen");
    }
}

#[test]
fn a_book_whose_triggers_were_dropped_opens_for_reading_alone() {
    let shop = busy();
    shop.stranger().execute_batch("DROP TRIGGER txn_is_append_only_update").unwrap();
    let mut store = Store::open(&shop.path, Mode::Live, Box::new(Counted(9)), NOON).unwrap();
    assert_eq!(store.broken(), Some((0, "schema")));
    assert!(matches!(store.write(|_| Ok(())), Err(LedgerError::ReadOnly)));
    assert_eq!(store.read(|book| book.head()).unwrap().0, 4);
}
