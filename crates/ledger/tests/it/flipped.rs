//! Every byte of every row that was posted, flipped one at a time; every row taken away or put in another's place.

use ledger::Mode;
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::world::Shop;

/// What a transaction consists of, with the column that says which.
pub(crate) const POSTED: [(&str, &str); 8] = [
    ("txn", "seq"),
    ("posting", "txn_seq"),
    ("payment", "txn_seq"),
    ("lot", "txn_seq"),
    ("lot_use", "txn_seq"),
    ("lot_expiry", "txn_seq"),
    ("txn_fact", "txn_seq"),
    ("txn_note", "txn_seq"),
];

/// A loading, two uses, and a use that comes back into a lot that has gone: a row in every table of a posting.
fn posted() -> (Shop, Connection) {
    let mut shop = Shop::new(Mode::Live);
    shop.bonus(10);
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 10_000);
    shop.spend(member, 1_000).unwrap();
    let (_, used) = shop.spend(member, 3_000).unwrap();
    shop.now = shop.now.plus_ms(400 * 24 * 60 * 60 * 1000);
    shop.undo(used.transaction).unwrap();
    let stranger = shop.stranger();
    stranger.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").unwrap();
    let named: Vec<(String, String)> = stranger
        .prepare("SELECT type, name FROM sqlite_schema WHERE type = 'trigger' OR (type = 'index' AND sql IS NOT NULL)")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    for (kind, name) in named {
        stranger.execute_batch(&format!("DROP {kind} {name}")).unwrap();
    }
    (shop, stranger)
}

/// What the walk says, which is the same in stretches of any length, by however many it is walked.
fn first_bad(shop: &Shop) -> Option<(i64, &'static str)> {
    let whole = shop.first_bad();
    for stretch in [1, 3] {
        let report = shop.store.read(|book| book.verify_in(stretch)).unwrap();
        assert_eq!(report.first_bad, whole, "in stretches of {stretch}");
    }
    whole
}

fn columns(conn: &Connection, table: &str) -> Vec<String> {
    conn.prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

/// Every other value that differs in one bit of one byte: each byte has its turn, and each bit.
fn flipped(value: &Value) -> Vec<Value> {
    match value {
        // Something where nothing stood.
        Value::Null => vec![Value::Integer(1), Value::Text("1".to_owned()), Value::Blob(vec![1])],
        Value::Integer(number) => {
            (0..64).step_by(7).map(|bit| Value::Integer(number ^ (1_i64 << bit))).collect()
        }
        Value::Text(text) => {
            let bytes = text.as_bytes();
            // A bit that leaves it text: what is not text is another test's.
            let flips = (0..bytes.len()).filter_map(|at| {
                let mut other = bytes.to_vec();
                other[at] ^= 1 << (at % 3);
                String::from_utf8(other).ok()
            });
            flips.map(Value::Text).collect()
        }
        Value::Blob(bytes) => (0..bytes.len())
            .map(|at| {
                let mut other = bytes.clone();
                other[at] ^= 1 << (at % 8);
                Value::Blob(other)
            })
            .collect(),
        Value::Real(_) => panic!("no table has one"),
    }
}

#[test]
fn every_flipped_byte_of_a_posted_row_is_found() {
    let (shop, stranger) = posted();
    assert_eq!(first_bad(&shop), None);
    let (mut tried, mut of_column) = (0, 0);
    for (table, _) in POSTED {
        let columns = columns(&stranger, table);
        let rows: Vec<Vec<Value>> = stranger
            .prepare(&format!("SELECT * FROM {table}"))
            .unwrap()
            .query_map([], |row| (0..columns.len()).map(|column| row.get(column)).collect())
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert!(!rows.is_empty(), "nothing was tried on {table}");
        let all: Vec<String> = columns.iter().map(|column| format!("{column} IS ?")).collect();
        for (column, name) in columns.iter().enumerate() {
            for row in &rows {
                for value in flipped(&row[column]).into_iter().chain([Value::Null]) {
                    if value == row[column] {
                        continue;
                    }
                    let set = |to: &Value, of: &[Value]| {
                        let mut values = vec![to.clone()];
                        values.extend_from_slice(of);
                        stranger
                            .execute(
                                &format!("UPDATE {table} SET {name} = ? WHERE {}", all.join(" AND ")),
                                rusqlite::params_from_iter(values),
                            )
                            .map(|changed| assert_eq!(changed, 1, "{table}.{name}"))
                    };
                    // Where the flip makes it another row's key, or what no such column holds, SQLite itself refuses it.
                    if set(&value, row).is_err() {
                        continue;
                    }
                    let bad = shop.first_bad();
                    assert!(bad.is_some(), "{table}.{name}: {:?} became {value:?}", row[column]);
                    let mut now = row.clone();
                    now[column] = value;
                    set(&row[column], &now).unwrap();
                    tried += 1;
                    of_column += 1;
                }
            }
            assert!(std::mem::take(&mut of_column) > 0, "nothing was tried on {table}.{name}");
        }
    }
    assert!(tried > 1_000, "only {tried} flips");
    assert_eq!(first_bad(&shop), None, "the test has put everything back");
}

#[test]
fn every_row_that_was_taken_away_is_found_and_named() {
    let (shop, stranger) = posted();
    for (table, key) in POSTED {
        // An erased note is no fault.
        if table == "txn_note" {
            continue;
        }
        let rows: Vec<(i64, String)> = stranger
            .prepare(&format!("SELECT {key}, {} FROM {table} ORDER BY 1, 2", columns(&stranger, table)[1]))
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get::<_, Value>(1).map(|value| format!("{value:?}"))?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        for place in 0..i64::try_from(rows.len()).unwrap() {
            stranger.execute_batch("SAVEPOINT before").unwrap();
            stranger
                .execute_batch(&format!(
                    "CREATE TEMP TABLE taken AS SELECT * FROM {table} ORDER BY {key}, 2 LIMIT 1 OFFSET {place};
                     RELEASE before"
                ))
                .unwrap();
            let same: Vec<String> = columns(&stranger, table)
                .iter()
                .map(|name| format!("{table}.{name} IS taken.{name}"))
                .collect();
            let gone = stranger
                .execute(
                    &format!(
                        "DELETE FROM {table} WHERE EXISTS (SELECT 1 FROM taken WHERE {})",
                        same.join(" AND ")
                    ),
                    [],
                )
                .unwrap();
            assert_eq!(gone, 1);
            let seq = rows[usize::try_from(place).unwrap()].0;
            let (bad, fault) = first_bad(&shop).unwrap_or_else(|| panic!("{table} {place} was not missed"));
            assert_eq!(bad, seq, "{table} {place}: {fault}");
            stranger
                .execute_batch(&format!("INSERT INTO {table} SELECT * FROM taken; DROP TABLE taken"))
                .unwrap();
        }
    }
    assert_eq!(first_bad(&shop), None);
}

#[test]
fn a_row_in_the_place_of_another_is_found_and_named() {
    let (shop, stranger) = posted();
    for (change, back, seq) in [
        (
            "UPDATE posting SET line = 9 WHERE txn_seq = 1 AND line = 0",
            "UPDATE posting SET line = 0 WHERE txn_seq = 1 AND line = 9",
            1,
        ),
        // The order is the same, and still one line is not where it was written.
        (
            "UPDATE posting SET line = 9 WHERE txn_seq = 1 AND line = 3",
            "UPDATE posting SET line = 3 WHERE txn_seq = 1 AND line = 9",
            1,
        ),
        (
            "UPDATE posting SET txn_seq = 3, line = 9 WHERE txn_seq = 2 AND line = 0",
            "UPDATE posting SET txn_seq = 2, line = 0 WHERE txn_seq = 3 AND line = 9",
            2,
        ),
        (
            "UPDATE lot_use SET txn_seq = 1 WHERE txn_seq = 2",
            "UPDATE lot_use SET txn_seq = 2 WHERE txn_seq = 1",
            1,
        ),
        ("UPDATE payment SET txn_seq = 99", "UPDATE payment SET txn_seq = 1", 1),
        (
            "UPDATE txn SET seq = 99 WHERE seq = 2; UPDATE txn SET seq = 2 WHERE seq = 3; UPDATE txn SET seq = 3 WHERE seq = 99",
            "UPDATE txn SET seq = 99 WHERE seq = 2; UPDATE txn SET seq = 2 WHERE seq = 3; UPDATE txn SET seq = 3 WHERE seq = 99",
            2,
        ),
        // Rows of no transaction: before the first, and after the last.
        ("INSERT INTO txn_fact VALUES (-5, 'x', 'y')", "DELETE FROM txn_fact WHERE txn_seq = -5", -5),
        ("INSERT INTO posting VALUES (0, 0, 'cash', NULL, 1)", "DELETE FROM posting WHERE txn_seq = 0", 0),
        ("INSERT INTO lot_use VALUES (77, 'x', 1, 1)", "DELETE FROM lot_use WHERE txn_seq = 77", 77),
    ] {
        stranger.execute_batch(change).unwrap();
        assert_eq!(first_bad(&shop).map(|(bad, _)| bad), Some(seq), "{change}");
        stranger.execute_batch(back).unwrap();
        assert_eq!(first_bad(&shop), None, "{back}");
    }
}
