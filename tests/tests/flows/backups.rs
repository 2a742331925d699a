//! Backups: made while the counter works, told apart when they are bad, and put back without losing money or paying it twice.

use std::path::{Path, PathBuf};
use std::time::Duration;

use ledger::{Mode, RequestId, UnixMillis};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::shop::{Shop, eventually};

pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn id() -> String {
    Uuid::new_v4().to_string()
}

/// Names the folder; the first backup is made by hand, so that a test knows when.
pub(crate) async fn with_folder(shop: &Shop) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    shop.ok("backup_settings_set", json!({ "requestId": id(), "folder": folder.path(), "daily": false }))
        .await;
    folder
}

pub(crate) async fn back_up(shop: &Shop) -> String {
    let view = shop.ok("backup_now", json!({ "requestId": id() })).await;
    assert_eq!(view["last"]["fault"], Value::Null, "{view}");
    view["last"]["file"].as_str().unwrap().to_owned()
}

pub(crate) async fn charged(shop: &Shop, won: i64) {
    let (charge, order, _) = shop.start(won).await;
    shop.pay(&order, won, "paid").await;
    assert_eq!(shop.settle(&charge).await["state"], "credited");
}

/// What the page hands to PortOne's script, so that it comes back with the payment.
pub(crate) async fn custom_data(page: &str) -> Value {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let text = client.get(page).send().await.unwrap().text().await.unwrap();
    let at = text.find("\"custom_data\":").unwrap() + "\"custom_data\":".len();
    serde_json::Deserializer::from_str(&text[at..]).into_iter().next().unwrap().unwrap()
}

/// A charge that was started and paid, whose window is gone. Its order, and PortOne's name for the payment.
pub(crate) async fn paid_in_window(shop: &Shop, won: i64) -> (Uuid, String, Value) {
    let (charge, order, page) = shop.start(won).await;
    let mark = custom_data(&page).await;
    assert_eq!((&mark["c"], &mark["m"]), (&json!(charge), &shop.member), "{mark}");
    let paid = shop
        .pay_with(json!({ "merchant_uid": order, "amount": won, "outcome": "paid", "custom_data": mark }))
        .await;
    (charge, order, paid)
}

pub(crate) async fn put_back(shop: &Shop, file: &str) -> Value {
    shop.ok("restore", json!({ "requestId": id(), "file": file })).await
}

pub(crate) async fn asked(shop: &Shop) -> Value {
    eventually(PATIENCE, async || {
        let report = shop.ok("restore_report", json!({})).await;
        report["askedAt"].is_i64().then_some(report)
    })
    .await
}

pub(crate) async fn proved(shop: &Shop) {
    eventually(PATIENCE, async || (shop.ok("app_state", json!({})).await["book"] == "ok").then_some(()))
        .await;
}

pub(crate) fn asides(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut asides: Vec<PathBuf> = files
        .filter(|path| path.to_string_lossy().contains(".aside-") && path.extension().unwrap() == "db")
        .collect();
    asides.sort();
    asides
}

#[tokio::test]
async fn a_backup_made_while_charges_are_written_proves_itself_and_is_an_earlier_state_of_the_book() {
    let shop = Shop::open(Mode::Live).await;
    let _folder = with_folder(&shop).await;
    let charging = async {
        for _ in 0..6 {
            charged(&shop, 1_000).await;
        }
    };
    let backing_up = async {
        let mut files = Vec::new();
        for _ in 0..4 {
            files.push(back_up(&shop).await);
        }
        files
    };
    let ((), files) = tokio::join!(charging, backing_up);
    assert_eq!(shop.proved().await, 6);
    let listed = shop.ok("backup_list", json!({})).await;
    // Four of one day: each has its number, and the last of the day is kept, beside the one that was drilled.
    let kept: Vec<_> = listed["files"].as_array().unwrap().iter().map(|one| &one["file"]).collect();
    assert_eq!(kept, [&json!(files[3]), &json!(files[0])], "{listed}");
    let checked = shop.ok("restore_check", json!({ "file": files[3] })).await;
    let sum = checked["transactions"].as_i64().unwrap() + checked["behind"].as_i64().unwrap();
    assert_eq!(sum, 6, "{checked}");
    assert_eq!(shop.ok("backup_view", json!({})).await["warning"], "none");
}

#[tokio::test]
async fn a_daily_backup_is_made_and_drilled_by_itself_and_no_copy_stays_behind() {
    let shop = Shop::open(Mode::Live).await;
    assert_eq!(shop.ok("app_state", json!({})).await["backup"], "not_set");
    let folder = tempfile::tempdir().unwrap();
    shop.ok("backup_settings_set", json!({ "requestId": id(), "folder": folder.path(), "daily": true }))
        .await;
    let view = eventually(PATIENCE, async || {
        let view = shop.ok("backup_view", json!({})).await;
        view["drill"].is_object().then_some(view)
    })
    .await;
    assert_eq!(
        (&view["warning"], &view["good"]["file"], &view["drill"]["fault"]),
        (&json!("none"), &view["drill"]["file"], &Value::Null),
        "{view}"
    );
    let left = std::fs::read_dir(shop.file().parent().unwrap()).unwrap();
    assert!(
        !left.into_iter().any(|entry| entry.unwrap().file_name().to_string_lossy().starts_with("scratch-"))
    );
}

#[tokio::test]
async fn a_bad_backup_is_named_for_what_it_is_and_the_book_stays() {
    let shop = Shop::open(Mode::Live).await;
    let folder = with_folder(&shop).await;
    charged(&shop, 10_000).await;
    let file = back_up(&shop).await;
    let path = folder.path().join(&file);
    let whole = std::fs::read(&path).unwrap();
    let refused = async |file: &str| shop.refused("restore_check", json!({ "file": file })).await;
    for (bytes, code) in [
        (&whole[..whole.len() - 100], "backup_truncated"),
        (&[&whole[..whole.len() / 2], &[0; 40], &whole[whole.len() / 2 + 40..]].concat(), "backup_damaged"),
        (b"a text of somebody's\n that is no backup".as_slice(), "backup_not_ours"),
    ] {
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(refused(&file).await, code);
        let body = json!({ "requestId": id(), "file": file });
        assert_eq!(shop.refused("restore", body).await, code);
    }
    std::fs::write(&path, &whole).unwrap();
    assert_eq!(refused("../live.db").await, "backup_not_ours");
    assert_eq!(refused(&file.replace("-0000", "-0009")).await, "backup_no_folder");
    assert_eq!((shop.balance().await, shop.proved().await), (10_000, 1));
    // The folder is gone: said loudly, and the counter goes on.
    drop(folder);
    assert_eq!(shop.refused("backup_now", json!({ "requestId": id() })).await, "backup_no_folder");
    let state = shop.ok("app_state", json!({})).await;
    assert_eq!((&state["backup"], &state["book"]), (&json!("failed"), &json!("ok")));
    charged(&shop, 1_000).await;
    let nowhere = json!({ "requestId": id(), "folder": "/no/such/folder", "daily": true });
    assert_eq!(shop.refused("backup_settings_set", nowhere).await, "backup_no_folder");
}

#[tokio::test]
async fn on_a_new_pc_the_printed_key_opens_the_backup_and_an_empty_book_takes_it() {
    let shop = Shop::open(Mode::Live).await;
    let folder = with_folder(&shop).await;
    charged(&shop, 10_000).await;
    let file = back_up(&shop).await;
    let key = shop.ok("recovery_key", json!({ "requestId": id() })).await["key"].as_str().unwrap().to_owned();
    assert!(key.starts_with("AGE-SECRET-KEY-1"));
    assert!(shop.ok("backup_view", json!({})).await["keyShownAt"].is_i64());
    let (till, _data) = shop.new_pc().await;
    let rpc = async |command: &str, body: Value| till.rpc(command, body).await;
    rpc("backup_settings_set", json!({ "requestId": id(), "folder": folder.path(), "daily": false })).await;
    let body = json!({ "requestId": id(), "file": file });
    assert_eq!(rpc("restore", body.clone()).await["error"]["code"], "backup_wrong_key");
    let mistyped = json!({ "requestId": id(), "key": key.replace("KEY-1", "KEY-1Q") });
    assert_eq!(rpc("recovery_key_enter", mistyped).await["error"]["code"], "recovery_key_bad");
    let typed = json!({ "requestId": id(), "key": key.to_lowercase() });
    assert_eq!(rpc("recovery_key_enter", typed).await["ok"], true);
    assert_eq!(rpc("restore", body).await["ok"], true);
    let card = rpc("member_card", json!({ "memberId": shop.member })).await;
    assert_eq!(card["value"]["balance"], 10_000, "{card}");
    till.close().await;
    // A book in which somebody stands is not taken for another.
    let other = Shop::open(Mode::Live).await;
    other
        .ok("backup_settings_set", json!({ "requestId": id(), "folder": folder.path(), "daily": false }))
        .await;
    other.ok("recovery_key_enter", json!({ "requestId": id(), "key": key })).await;
    let listed = other.ok("backup_list", json!({})).await;
    assert_eq!(listed["files"][0]["ownBook"], false);
    let refused = other.refused("restore", json!({ "requestId": id(), "file": file })).await;
    assert_eq!(refused, "backup_other_book");
}

#[tokio::test]
async fn an_older_book_asks_portone_before_it_charges_and_every_payment_is_credited_once() {
    let shop = Shop::open(Mode::Live).await;
    let folder = with_folder(&shop).await;
    charged(&shop, 10_000).await;
    // Started before the backup, paid after it.
    let (known, known_order, _) = paid_later(&shop).await;
    let file = back_up(&shop).await;
    shop.pay(&known_order, 3_000, "paid").await;
    // All of this is lost: a charge that was credited, one that was only paid, a use.
    let (lost, _, paid_lost) = paid_in_window(&shop, 20_000).await;
    assert_eq!(shop.settle(&lost).await["state"], "credited");
    shop.ok("spend", json!({ "useId": id(), "memberId": shop.member, "points": 5_000 })).await;
    let (only_paid, _, paid_only) = paid_in_window(&shop, 30_000).await;
    assert_eq!(shop.refused("restore", json!({ "requestId": id(), "file": file })).await, "window_open");
    shop.ok("charge_abandon", json!({ "chargeId": only_paid })).await;
    shop.portone.control().add_fault(json!({ "path": "/payments/status", "times": 1_000, "status": 500 }));
    let request = json!({ "requestId": id(), "file": file });
    let report = shop.ok("restore", request.clone()).await;
    assert_eq!((&report["file"], &report["askedAt"]), (&json!(file), &Value::Null), "{report}");
    // The same button again: it was done.
    assert_eq!(shop.ok("restore", request).await["restoredAt"], report["restoredAt"]);
    proved(&shop).await;
    let body = shop.start_body(&Uuid::new_v4(), 1_000);
    assert_eq!(shop.refused("charge_start", body).await, "restore_pending");
    let state = shop.ok("app_state", json!({})).await;
    assert_eq!((&state["restorePending"], &state["orphans"]), (&json!(true), &json!(0)));
    // What is not recoverable from here is named.
    assert_eq!(report["lostKnown"], true, "{report}");
    let lost_kinds: Vec<(&str, i64)> = report["lost"]
        .as_array()
        .unwrap()
        .iter()
        .map(|lost| (lost["kind"].as_str().unwrap(), lost["points"].as_i64().unwrap()))
        .collect();
    assert!(lost_kinds.contains(&("spending", -5_000)), "{lost_kinds:?}");

    shop.portone.control().clear_faults();
    let report = asked(&shop).await;
    // The other book is not gone: it is sealed.
    eventually(PATIENCE, async || {
        let kept = std::fs::read_dir(folder.path().join("pointill-kept")).ok()?;
        (kept.count() == 1 && asides(shop.file().parent().unwrap()).is_empty()).then_some(())
    })
    .await;
    assert_eq!((&report["payments"], &report["known"]), (&json!(4), &json!(2)), "{report}");
    // The charge that the backup knew was settled like any other.
    assert_eq!(shop.view(&known).await["state"], "credited");
    assert_eq!(shop.balance().await, 13_000);
    let orphans = shop.ok("orphans", json!({})).await["orphans"].as_array().unwrap().clone();
    assert_eq!(orphans.len(), 2, "{orphans:?}");
    let of = |paid: &Value| {
        let imp_uid = paid["response"]["imp_uid"].as_str().or(paid["imp_uid"].as_str()).unwrap().to_owned();
        orphans.iter().find(|orphan| orphan["impUid"] == json!(imp_uid)).unwrap().clone()
    };
    let (first, second) = (of(&paid_lost), of(&paid_only));
    assert_eq!((&first["memberId"], &first["chargeId"]), (&shop.member, &json!(lost)), "{first}");
    let credit = |orphan: &Value, member: &Value| json!({ "requestId": id(), "impUid": orphan["impUid"], "memberId": member });
    let view = shop.ok("orphan_credit", credit(&first, &shop.member)).await;
    assert_eq!((&view["state"], &view["chargeId"]), (&json!("credited"), &json!(lost)), "{view}");
    // Again, by another manager; and for somebody else.
    assert_eq!(shop.ok("orphan_credit", credit(&first, &shop.member)).await["state"], "credited");
    let other = shop.ok("member_create", json!({ "name": "박지훈", "phone": "010-7730-4821" })).await;
    assert_eq!(shop.refused("orphan_credit", credit(&first, &other["memberId"])).await, "id_conflict");
    assert_eq!(shop.balance().await, 33_000);
    // The other one goes back: it stays in sight until PortOne says so.
    let back = json!({ "requestId": id(), "impUid": second["impUid"] });
    let left = shop.ok("orphan_refund", back).await;
    assert_eq!(left["orphans"][0]["toRefund"], true, "{left}");
    shop.portone.control().console_cancel(second["impUid"].as_str().unwrap(), json!({ "by": "portone" }));
    shop.ok("restore_go_on", json!({})).await;
    assert_eq!(shop.ok("orphans", json!({})).await["orphans"], json!([]));
    charged(&shop, 1_000).await;
    assert_eq!((shop.balance().await, shop.proved().await), (34_000, 4));
    // And after the next start nothing of it is done again.
    let shop = shop.reopen().await;
    shop.ok("restore_go_on", json!({})).await;
    assert_eq!((shop.balance().await, shop.proved().await), (34_000, 4));
}

/// A charge whose window was closed before anybody paid.
async fn paid_later(shop: &Shop) -> (Uuid, String, String) {
    let started = shop.start(3_000).await;
    shop.ok("charge_abandon", json!({ "chargeId": started.0 })).await;
    started
}

#[tokio::test]
async fn a_payment_that_somebody_else_marked_names_no_member_of_ours() {
    let shop = Shop::open(Mode::Live).await;
    let _folder = with_folder(&shop).await;
    let file = back_up(&shop).await;
    let (charge, order, page) = shop.start(10_000).await;
    let mut forged = custom_data(&page).await;
    forged["m"] = json!(shop.member.as_i64().unwrap() + 1);
    shop.pay_with(
        json!({ "merchant_uid": order, "amount": 10_000, "outcome": "paid", "custom_data": forged }),
    )
    .await;
    shop.ok("charge_abandon", json!({ "chargeId": charge })).await;
    put_back(&shop, &file).await;
    let report = asked(&shop).await;
    let orphan = &report["orphans"][0];
    assert_eq!(
        (&orphan["won"], &orphan["memberId"], &orphan["chargeId"]),
        (&json!(10_000), &Value::Null, &Value::Null)
    );
}

#[tokio::test]
async fn who_was_forgotten_after_the_backup_is_forgotten_again_when_it_is_put_back() {
    let shop = Shop::open(Mode::Live).await;
    let folder = with_folder(&shop).await;
    let gone =
        shop.ok("member_create", json!({ "name": "이도윤", "phone": "010-5512-0937" })).await["memberId"]
            .as_i64()
            .unwrap();
    let file = back_up(&shop).await;
    let (data, book) = (shop.file().parent().unwrap().to_owned(), shop.file());
    shop.till.close().await;
    {
        let now = UnixMillis(i64::MAX / 2);
        let mut store = ledger::Store::open(&book, Mode::Live, Box::new(Fixed), now).unwrap();
        let by =
            ledger::By { now, actor: ledger::StaffId(1), approver: None, request: RequestId(Uuid::new_v4()) };
        store.erase(&by, ledger::MemberId(gone), false).unwrap();
    }
    let shop = shop.reopen().await;
    // The list stands beside the backups without a backup being made.
    let list = eventually(PATIENCE, async || {
        let files = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        files.into_iter().find(|path| path.to_string_lossy().contains("pointill-erased-"))
    })
    .await;
    let text = std::fs::read_to_string(&list).unwrap();
    assert!(
        text.contains(&format!("\"member\":{gone},")) && !text.contains("0937") && !text.contains("이도윤"),
        "{text}"
    );
    put_back(&shop, &file).await;
    proved(&shop).await;
    let found = shop.ok("member_search", json!({ "query": "0937" })).await;
    assert_eq!(found["rows"], json!([]), "{found}");
    asked(&shop).await;
    shop.till.close().await;
    for file in ["live.db", "live.db-wal"] {
        let bytes = std::fs::read(data.join(file)).unwrap_or_default();
        assert!(!bytes.windows(11).any(|digits| digits == b"01055120937"), "{file} still has the number");
    }
}

struct Fixed;
impl ledger::Random for Fixed {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

#[tokio::test]
async fn practice_is_put_back_the_same_way_and_its_simulator_is_asked() {
    let shop = Shop::open(Mode::Practice).await;
    let _folder = with_folder(&shop).await;
    let file = back_up(&shop).await;
    let other = shop.ok("member_create", json!({ "name": "박지훈", "phone": "010-7730-4821" })).await;
    put_back(&shop, &file).await;
    asked(&shop).await;
    assert_eq!(shop.refused("member_card", json!({ "memberId": other["memberId"] })).await, "unknown_member");
    let (charge, ..) = shop.start(1_000).await;
    assert_eq!(shop.view(&charge).await["state"], "open");
}
