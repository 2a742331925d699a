//! What somebody with the file in hand may try.

use ledger::{LedgerError, Mode, Store};

use crate::world::{Counted, NOON, Shop};

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

const LISTED: [&str; 19] = [
    "stamp",
    "shop_stamp",
    "request",
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
    "txn_note",
    "posting",
    "lot",
    "lot_use",
    "lot_expiry",
];

#[test]
fn no_row_of_an_append_only_table_can_be_changed_deleted_or_replaced() {
    let shop = busy();
    let stranger = shop.stranger();
    stranger.pragma_update(None, "recursive_triggers", "ON").unwrap();
    stranger.pragma_update(None, "foreign_keys", "OFF").unwrap();
    let mut tried = 0;
    for table in LISTED {
        let rows: i64 =
            stranger.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap();
        let column: String = stranger
            .query_row(&format!("SELECT name FROM pragma_table_info('{table}') LIMIT 1"), [], |row| {
                row.get(0)
            })
            .unwrap();
        if rows == 0 {
            continue;
        }
        for sql in [
            format!("UPDATE {table} SET {column} = {column}"),
            format!("DELETE FROM {table}"),
            format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"),
        ] {
            let refused = stranger.execute(&sql, []).unwrap_err().to_string();
            let known = refused.contains("append-only") || refused.contains("a gap");
            assert!(known, "{sql}: {refused}");
            tried += 1;
        }
    }
    assert!(tried >= 40, "{tried}");
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
        ("UPDATE charge_state SET state = 'open'", (0, "credit_without_payment")),
    ] {
        assert_eq!(after(change), Some(bad), "{change}");
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
