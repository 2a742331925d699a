//! Statements, the overview, and files of what is listed.

use std::path::PathBuf;

use ledger::Mode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::shop::Shop;

/// A shop where 50,000 won were charged, 12,000 points used, and 3,000 more used and taken back.
async fn busy() -> Shop {
    let shop = Shop::open(Mode::Test).await;
    let (charge, order, _) = shop.start(50_000).await;
    shop.pay(&order, 50_000, "paid").await;
    shop.settle(&charge).await;
    spend(&shop, 12_000).await;
    let used = spend(&shop, 3_000).await;
    let undo = json!({
        "undoId": Uuid::new_v4(), "transactionId": used["transactionId"], "reason": "=HYPERLINK(\"http://evil.example\")"
    });
    shop.ok("undo", undo).await;
    shop
}

async fn spend(shop: &Shop, points: i64) -> Value {
    shop.ok("spend", json!({ "useId": Uuid::new_v4(), "memberId": shop.member, "points": points })).await
}

async fn exported(shop: &Shop, mut ask: Value) -> (PathBuf, Vec<u8>, u64) {
    ask["requestId"] = json!(Uuid::new_v4());
    let done = shop.ok("export", ask).await;
    let path = PathBuf::from(done["path"].as_str().unwrap());
    (path.clone(), std::fs::read(path).unwrap(), done["rows"].as_u64().unwrap())
}

fn lines(file: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(file.strip_prefix(b"\xef\xbb\xbf").expect("a BOM")).unwrap();
    assert!(text.ends_with("\r\n"));
    text.trim_end().split("\r\n").map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_tells_a_members_whole_past_and_its_balances_follow_from_each_other() {
    let shop = busy().await;
    let page = shop.ok("statement", json!({ "memberId": shop.member, "limit": 3 })).await;
    let rows = page["rows"].as_array().unwrap().clone();
    let rest = shop.ok("statement", json!({ "memberId": shop.member, "after": page["next"] })).await;
    let all: Vec<Value> = rows.iter().chain(rest["rows"].as_array().unwrap()).cloned().collect();
    let kinds: Vec<&str> = all.iter().map(|row| row["transaction"]["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["loading", "spending", "spending", "reversal"]);
    let mut balance = page["opening"].as_i64().unwrap();
    for row in &all {
        let row = &row["transaction"];
        balance += row["paidChange"].as_i64().unwrap() + row["bonusChange"].as_i64().unwrap();
        assert_eq!(row["balanceAfter"], balance);
        assert!(row["staffName"].as_str().is_some_and(|name| !name.is_empty()));
    }
    assert!(all[0]["transaction"]["payment"]["approvalNumber"].as_str().is_some());
    assert_eq!((&page["closing"], balance, &rest["next"]), (&json!(38_000), 38_000, &Value::Null));
    assert_eq!((&page["figures"]["chargedWon"], &page["figures"]["used"]), (&json!(50_000), &json!(12_000)));
    let proof = shop.ok("book_verify", json!({})).await;
    assert_eq!((&page["head"], &page["transactions"]), (&proof["head"], &proof["transactions"]));
    assert!(!page.to_string().contains("2841-4821") && !page.to_string().contains("28414821"));
    let nobody = json!({ "memberId": 77 });
    assert_eq!(shop.refused("statement", nobody).await, "unknown_member");
    let no_day = json!({ "memberId": shop.member, "from": "어제" });
    assert_eq!(shop.refused("statement", no_day).await, "bad_request");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_overview_says_what_is_owed_and_what_happened_today_and_this_month() {
    let shop = busy().await;
    let view = shop.ok("overview", json!({})).await;
    assert_eq!((&view["paid"], &view["all"], &view["members"]), (&json!(38_000), &json!(38_000), &json!(1)));
    assert_eq!(view["ages"][0]["paid"], 38_000);
    assert_eq!((&view["repeatOnce"], &view["repeatTwice"]), (&json!(1), &json!(0)));
    for rows in [&view["days"], &view["months"]] {
        let figures = &rows.as_array().unwrap().last().unwrap()["figures"];
        assert_eq!(
            (
                &figures["charges"],
                &figures["chargedWon"],
                &figures["uses"],
                &figures["used"],
                &figures["undone"]
            ),
            (&json!(1), &json!(50_000), &json!(2), &json!(12_000), &json!(1))
        );
    }
    assert_eq!(view["days"][0]["date"], view["today"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn history_is_filtered_by_day_kind_staff_and_way_of_paying() {
    let shop = busy().await;
    let today = shop.ok("overview", json!({})).await["today"].clone();
    let staff = shop.ok("history_filters", json!({})).await["staff"].as_array().unwrap().clone();
    let owner = staff.last().unwrap()["id"].clone();
    for (ask, rows) in [
        (json!({}), 4),
        (json!({ "from": today, "to": today }), 4),
        (json!({ "to": "2020-01-01" }), 0),
        (json!({ "kinds": ["reversal"] }), 1),
        (json!({ "kinds": ["spending", "reversal", "refund"], "from": today }), 3),
        (json!({ "staffId": owner }), 4),
        (json!({ "staffId": 1 }), 0),
        (json!({ "methods": ["card"] }), 1),
        (json!({ "methods": ["vbank", "trans"] }), 0),
    ] {
        let page = shop.ok("history", ask.clone()).await;
        assert_eq!(page["rows"].as_array().unwrap().len(), rows, "{ask}");
    }
    assert_eq!(shop.refused("history", json!({ "methods": ["돌멩이"] })).await, "bad_request");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_listed_is_exported_and_the_audit_says_what_and_how_many() {
    let shop = busy().await;
    let (path, file, rows) = exported(&shop, json!({ "table": "history", "format": "csv" })).await;
    assert!(path.file_name().unwrap().to_str().unwrap().starts_with("테스트_내역_"), "{path:?}");
    let written = lines(&file);
    assert_eq!((rows, written.len()), (4, 5));
    // A reason that is a formula is a text.
    assert!(written[1].contains("\"'=HYPERLINK("), "{}", written[1]);
    assert!(written[4].contains(",50000,"), "{}", written[4]);
    // The same again is another file.
    let (again, ..) = exported(&shop, json!({ "table": "history", "format": "csv" })).await;
    assert_ne!(path, again);
    let (_, file, _) =
        exported(&shop, json!({ "table": "history", "format": "csv", "kinds": ["loading"] })).await;
    assert_eq!(lines(&file).len(), 2);
    for (table, least) in
        [("members", 1), ("waiting", 0), ("overview", 10), ("days", 1), ("months", 1), ("statement", 4)]
    {
        for format in ["csv", "xlsx"] {
            let ask = json!({ "table": table, "format": format, "memberId": shop.member });
            let (path, file, rows) = exported(&shop, ask).await;
            assert!(rows >= least, "{table}: {rows}");
            assert!(path.extension().is_some_and(|end| end == format));
            let start: &[u8] = if format == "csv" { b"\xef\xbb\xbf" } else { b"PK" };
            assert!(file.starts_with(start), "{table}.{format}");
        }
    }
    let book = audited(&shop);
    assert!(
        book.iter().any(|detail| detail.starts_with("history ") && detail.ends_with(": 4 rows")),
        "{book:?}"
    );
    assert_eq!(book.len(), 3 + 12);
}

/// What the audit says about exports: nothing shows it on a screen yet.
fn audited(shop: &Shop) -> Vec<String> {
    let book = rusqlite::Connection::open(shop.file()).unwrap();
    let mut statement = book.prepare("SELECT detail FROM audit WHERE action = 'export' ORDER BY id").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn phone_numbers_leave_masked_unless_they_were_asked_for_in_full() {
    let shop = busy().await;
    let (_, file, _) = exported(&shop, json!({ "table": "members", "format": "csv" })).await;
    let masked = lines(&file);
    assert!(masked[1].contains("010-••••-4821"), "{}", masked[1]);
    let full = json!({ "table": "members", "format": "csv", "fullPhones": true });
    let (_, file, _) = exported(&shop, full).await;
    assert!(lines(&file)[1].contains("01028414821"));
}
