//! Members in full: found by everything a shop types, corrected, brought from the old book, made one, and forgotten.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ledger::Mode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::shop::Shop;

async fn member(shop: &Shop, name: &str, phone: &str, memo: &str) -> Value {
    let made = shop.ok("member_create", json!({ "name": name, "phone": phone, "memo": memo })).await;
    made["memberId"].clone()
}

async fn found(shop: &Shop, query: &str) -> Vec<String> {
    let rows = shop.ok("member_search", json!({ "query": query })).await;
    rows["rows"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

fn request() -> String {
    Uuid::new_v4().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_is_found_by_everything_that_a_shop_types_or_scans() {
    let shop = Shop::open(Mode::Practice).await;
    let id = member(&shop, "최민수", "010-3308-1164", "단골 12가3456").await;
    let card = shop.ok("member_card", json!({ "memberId": id })).await;
    let code = card["code"].as_str().unwrap().to_owned();
    for query in ["ㅊㅁㅅ", "ㅁㅅ", "최ㅁㅅ", "민수", "단골", "12가", "1164", "+82 10 3308 1164", &code]
    {
        assert_eq!(found(&shop, query).await, ["최민수"], "{query}");
    }
    assert_eq!(found(&shop, "ㄱㅅㅇ").await, ["김서연"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_changes_the_balance_once_and_stands_in_the_history_with_its_reason() {
    let shop = Shop::open(Mode::Practice).await;
    let ask = json!({ "requestId": request(), "memberId": shop.member, "paid": 5000, "bonus": 500,
                      "class": "goodwill", "reason": "기다리게 해서" });
    let done = shop.ok("adjust", ask.clone()).await;
    assert_eq!((done["before"].as_i64(), done["after"].as_i64()), (Some(0), Some(5_500)));
    shop.ok("adjust", ask.clone()).await;
    assert_eq!(shop.balance().await, 5_500);
    let mut other = ask;
    other["paid"] = json!(6000);
    assert_eq!(shop.refused("adjust", other).await, "id_conflict");
    let ask = |paid: Value, class: &str, reason: &str| json!({ "requestId": request(), "memberId": shop.member, "paid": paid, "bonus": 0, "class": class, "reason": reason });
    for (paid, class, reason, code) in [
        (json!(-5001), "correction", "x", "not_enough_points"),
        (json!(0), "correction", "x", "bad_amount"),
        (json!(1.5), "correction", "x", "bad_amount"),
        (json!(9_007_199_254_740_992_i64), "correction", "x", "bad_amount"),
        (json!(9_007_199_254_740_991_i64), "correction", "x", "above_limit"),
        (json!(1), "forfeit", "x", "bad_reason"),
        (json!(1), "correction", "  ", "bad_text"),
        (json!(1), "gift", "x", "bad_request"),
    ] {
        assert_eq!(shop.refused("adjust", ask(paid.clone(), class, reason)).await, code, "{paid} {class}");
    }
    let history = shop.ok("history", json!({ "memberId": shop.member })).await;
    assert_eq!(history["rows"][0]["kind"], "adjustment");
    assert_eq!(history["rows"][0]["note"], "기다리게 해서");
    assert_eq!((shop.balance().await, shop.proved().await), (5_500, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_members_become_one_that_both_numbers_find_and_a_charge_in_between_is_waited_for() {
    let shop = Shop::open(Mode::Practice).await;
    let (charge, merchant_uid, _) = shop.start(10_000).await;
    let other = member(&shop, "김서연", "010-7730-1111", "").await;
    let ask = json!({ "requestId": request(), "memberId": shop.member, "intoId": other, "reason": "번호를 바꾸심" });
    assert_eq!(shop.refused("member_merge", ask.clone()).await, "member_busy");
    shop.pay(&merchant_uid, 10_000, "paid").await;
    shop.settle(&charge).await;
    let merged = shop.ok("member_merge", ask.clone()).await;
    assert_eq!((merged["paid"].as_i64(), merged["balance"].as_i64()), (Some(10_000), Some(10_000)));
    shop.ok("member_merge", ask).await;
    assert_eq!(shop.balance().await, 0);
    let old = shop.card().await;
    assert_eq!(old["mergedInto"], other);
    for query in ["4821", "01077301111", old["code"].as_str().unwrap()] {
        let rows = shop.ok("member_search", json!({ "query": query })).await;
        assert_eq!(
            (rows["rows"].as_array().unwrap().len(), &rows["rows"][0]["memberId"]),
            (1, &other),
            "{query}"
        );
    }
    for (command, body) in [
        ("spend", json!({ "useId": request(), "memberId": shop.member, "points": 1 })),
        ("charge_start", shop.start_body(&Uuid::new_v4(), 1_000)),
        (
            "member_edit",
            json!({ "requestId": request(), "memberId": shop.member, "name": "김", "phone": "010-2841-4821" }),
        ),
    ] {
        assert_eq!(shop.refused(command, body).await, "member_merged", "{command}");
    }
    assert_eq!(shop.proved().await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_forgotten_while_the_till_runs_and_the_book_still_proves_itself() {
    let shop = Shop::open(Mode::Practice).await;
    let id = member(&shop, "남궁흐르는", "010-5512-0937", "비밀스러운쪽지").await;
    let adjust = |paid: i64, class: &str| json!({ "requestId": request(), "memberId": id, "paid": paid, "bonus": 0, "class": class, "reason": "그사람의사정" });
    shop.ok("adjust", adjust(1_000, "correction")).await;
    let ask = json!({ "requestId": request(), "memberId": id });
    assert_eq!(shop.refused("member_erase", ask.clone()).await, "member_has_balance");
    shop.ok("adjust", adjust(-1_000, "forfeit")).await;
    // Readers have looked at the person and are kept ready.
    assert_eq!(found(&shop, "비밀스러운").await, ["남궁흐르는"]);
    shop.ok("member_erase", ask.clone()).await;
    shop.ok("member_erase", ask).await;
    let file = shop.file();
    let log = file.with_extension("db-wal");
    for path in [file, log] {
        let bytes = std::fs::read(&path).unwrap_or_default();
        for trace in [
            "01055120937",
            "73902155010",
            "55120937",
            "남궁",
            "흐르는",
            "비밀스러운",
            "그사람의사정",
            "ㄴㄱㅎ",
        ] {
            let there = bytes.windows(trace.len()).any(|window| window == trace.as_bytes());
            assert!(!there, "{} still holds {trace}", path.display());
        }
    }
    let card = shop.ok("member_card", json!({ "memberId": id })).await;
    assert_eq!((&card["erased"], card["transactions"].as_array().unwrap().len()), (&json!(true), 2));
    let history = shop.ok("history", json!({ "memberId": id })).await;
    assert_eq!(
        (&history["rows"][0]["memberName"], &history["rows"][0]["note"]),
        (&json!("(파기된 손님)"), &Value::Null)
    );
    assert_eq!(
        shop.refused("spend", json!({ "useId": request(), "memberId": id, "points": 1 })).await,
        "member_erased"
    );
    assert_eq!(shop.proved().await, 2);
    let shop = shop.reopen().await;
    assert_eq!(shop.proved().await, 2);
}

const FILE: &str = "이름,전화번호,충전포인트,보너스,유효기간,메모\n\
    김서연,010-2841-4821,10000,500,,단골\n\
    박지훈,1077304821,\"3,000\",0,2099-12-31,\n\
    이도윤,010-551,100,0,,\n\
    최하은,010-3308-1164,-5,0,,\n\
    박지훈,01077304821,1,0,,\n\
    한지우,010-9200-5567,0.5,0,,\n";

#[tokio::test(flavor = "multi_thread")]
async fn balances_are_taken_over_from_a_file_with_a_preview_a_control_total_and_a_list_of_what_was_refused() {
    let shop = Shop::open(Mode::Practice).await;
    let content = STANDARD.encode(FILE);
    let preview = shop.ok("import_preview", json!({ "content": content })).await;
    assert_eq!(
        (&preview["count"], &preview["known"], &preview["paid"], &preview["bonus"]),
        (&json!(2), &json!(1), &json!(13_000), &json!(500))
    );
    let refused: Vec<(i64, String)> = preview["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["line"].as_i64().unwrap(), row["fault"].as_str().unwrap().to_owned()))
        .collect();
    let expected = [(4, "bad_phone"), (5, "negative"), (6, "duplicate"), (7, "not_whole")];
    assert_eq!(refused, expected.map(|(line, fault)| (line, fault.to_owned())));
    assert_eq!(shop.proved().await, 0, "a preview writes nothing");
    let apply = |request: &str, count: i64, paid: i64| json!({ "requestId": request, "content": content, "digest": preview["digest"], "count": count, "paid": paid, "bonus": 500 });
    assert_eq!(shop.refused("import_apply", apply(&request(), 2, 13_001)).await, "other_control_total");
    let mut other = apply(&request(), 2, 13_000);
    other["content"] = json!(STANDARD.encode("이름,전화,포인트\n김,010-1111-2222,13000"));
    assert_eq!(shop.refused("import_apply", other).await, "other_file");
    let id = request();
    shop.ok("import_apply", apply(&id, 2, 13_000)).await;
    let again = shop.ok("import_apply", apply(&id, 2, 13_000)).await;
    assert_eq!((&again["count"], shop.proved().await, shop.balance().await), (&json!(2), 2, 10_500));
    assert_eq!(shop.refused("import_apply", apply(&request(), 2, 13_000)).await, "other_control_total");
    let preview = shop.ok("import_preview", json!({ "content": content })).await;
    assert_eq!((&preview["count"], &preview["refused"][0]["fault"]), (&json!(0), &json!("already_opened")));
    assert_eq!(found(&shop, "ㅂㅈㅎ").await, ["박지훈"]);
    for (content, code) in [
        ("!!!".to_owned(), "bad_file"),
        (STANDARD.encode("이름,포인트\n김,1"), "no_columns"),
        (STANDARD.encode(vec![b'a'; 2 * 1024 * 1024 + 1]), "file_too_large"),
    ] {
        assert_eq!(shop.refused("import_preview", json!({ "content": content })).await, code);
    }
}
