//! Who comes in, who approves, and what a wrong PIN costs.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ledger::{Mode, Role, UnixMillis};
use portone_sim::{Config as SimConfig, Simulator};
use secrecy::SecretString;
use serde_json::{Value, json};
use till::{
    ChannelPick, Config, EndpointChoice, PcClock, Pepper, Secrets, SecretsError, StartMode, StoredKeys,
    SystemPcClock, Till,
};
use uuid::Uuid;

use crate::shop::{Watched, eventually, loopback};

const OWNER: i64 = 2;
const OWNER_PIN: &str = "482915";
const MANAGER_PIN: &str = "730482";
const CLERK_PIN: &str = "2580";
const WRONG: &str = "606061";

/// A PC whose clock stands where it is put, and a clock beside it that nobody sets.
#[derive(Default)]
struct Clocks {
    up_ms: AtomicU64,
    off_ms: AtomicU64,
}

impl Clocks {
    fn pass(&self, time: Duration) {
        self.up_ms.fetch_add(u64::try_from(time.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl PcClock for Clocks {
    fn now(&self) -> UnixMillis {
        SystemPcClock.now().plus_ms(i64::try_from(self.off_ms.load(Ordering::SeqCst)).unwrap())
    }
    fn up(&self) -> Duration {
        Duration::from_millis(self.up_ms.load(Ordering::SeqCst))
    }
}

/// A keyring that can be away, and that has no pepper until one is made.
#[derive(Default)]
struct Keyring {
    away: AtomicBool,
    pepper: Mutex<Option<Pepper>>,
}

impl Keyring {
    fn there(&self) -> Result<(), SecretsError> {
        let away = self.away.load(Ordering::SeqCst);
        if away { Err(SecretsError::Unavailable("no bus".to_owned())) } else { Ok(()) }
    }
}

impl Secrets for Keyring {
    fn load(&self) -> Result<Option<StoredKeys>, SecretsError> {
        Ok(Some(StoredKeys {
            imp_key: portone_sim::DEFAULT_IMP_KEY.to_owned(),
            imp_secret: portone_sim::DEFAULT_IMP_SECRET.to_owned().into(),
        }))
    }
    fn save(&self, _: &StoredKeys) -> Result<(), SecretsError> {
        Ok(())
    }
    fn forget(&self) -> Result<(), SecretsError> {
        Ok(())
    }
    fn pepper(&self) -> Result<Option<Pepper>, SecretsError> {
        self.there()?;
        Ok(self.pepper.lock().unwrap().clone())
    }
    fn save_pepper(&self, pepper: &Pepper) -> Result<(), SecretsError> {
        self.there()?;
        *self.pepper.lock().unwrap() = Some(pepper.clone());
        Ok(())
    }
    fn load_named(&self, _: &'static str) -> Result<Option<SecretString>, SecretsError> {
        self.there()?;
        Ok(None)
    }
    fn save_named(&self, _: &'static str, _: &SecretString) -> Result<(), SecretsError> {
        self.there()
    }
}

struct Shop {
    till: Arc<Till>,
    portone: Simulator,
    folder: tempfile::TempDir,
    clocks: Arc<Clocks>,
    keyring: Arc<Keyring>,
    shell: Arc<Watched>,
}

fn config(shop: (&Path, &str), clocks: &Arc<Clocks>, keyring: &Arc<Keyring>, shell: &Arc<Watched>) -> Config {
    Config {
        data: shop.0.to_owned(),
        start: StartMode::Book(Mode::Test),
        may_live: true,
        endpoint: EndpointChoice::EverythingAt(shop.1.to_owned()),
        secrets: keyring.clone(),
        shell: shell.clone(),
        clock: clocks.clone(),
        role: Role::Owner,
        trusted: false,
        new_people: false,
        channel: ChannelPick::First,
        font: None,
    }
}

impl Shop {
    /// A shop without people.
    async fn unclaimed() -> Shop {
        let _already = rustls::crypto::ring::default_provider().install_default();
        let portone = Simulator::start(loopback(), SimConfig::default()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (clocks, keyring) = (Arc::<Clocks>::default(), Arc::<Keyring>::default());
        let shell = Arc::new(Watched::default());
        let till =
            Till::open(config((folder.path(), &portone.url()), &clocks, &keyring, &shell)).await.unwrap();
        till.audited().await;
        till.stamp("imp12345678").await.unwrap();
        Shop { till, portone, folder, clocks, keyring, shell }
    }

    /// An owner, a manager (3) and a clerk (4); the owner is signed in.
    async fn staffed() -> Shop {
        let shop = Shop::unclaimed().await;
        shop.owner().await;
        let alone = json!({ "staffId": OWNER, "pin": OWNER_PIN });
        let body = json!({ "requestId": Uuid::new_v4(), "name": "박매니저", "role": "manager", "pin": MANAGER_PIN, "approval": alone });
        shop.ok("staff_add", body).await;
        let second = json!({ "staffId": 3, "pin": MANAGER_PIN });
        let body = json!({ "requestId": Uuid::new_v4(), "name": "이직원", "role": "clerk", "pin": CLERK_PIN, "approval": second });
        shop.ok("staff_add", body).await;
        shop
    }

    async fn owner(&self) {
        let body = json!({ "requestId": Uuid::new_v4(), "name": "김점주", "pin": OWNER_PIN });
        let app = self.ok("staff_first_owner", body).await;
        assert_eq!((&app["door"], &app["staff"]["id"]), (&json!("signed_in"), &json!(OWNER)));
    }

    /// Ends the till without a word, and starts it anew.
    async fn restarted(mut self) -> Shop {
        self.till.close().await;
        // A new run begins to count from nothing.
        self.clocks = Arc::default();
        let paths = (self.folder.path(), self.portone.url());
        let config = || config((paths.0, &paths.1), &self.clocks, &self.keyring, &self.shell);
        let till = eventually(Duration::from_secs(5), async || Till::open(config()).await.ok()).await;
        till.audited().await;
        self.till = till;
        self
    }

    async fn ok(&self, command: &str, body: Value) -> Value {
        let answer = self.till.rpc(command, body).await;
        assert_eq!(answer["ok"], true, "{command}: {answer}");
        answer["value"].clone()
    }

    async fn refused(&self, command: &str, body: Value) -> (String, Value) {
        let answer = self.till.rpc(command, body).await;
        assert_eq!(answer["ok"], false, "{command} was not refused: {answer}");
        let text = answer.to_string();
        for pin in [OWNER_PIN, MANAGER_PIN, WRONG] {
            assert!(!text.contains(pin), "{command}: a PIN stands in {text}");
        }
        (answer["error"]["code"].as_str().unwrap().to_owned(), answer["error"]["detail"].clone())
    }

    async fn sign_in(&self, who: i64, pin: &str) {
        let app = self.ok("sign_in", json!({ "staffId": who, "pin": pin })).await;
        assert_eq!(app["staff"]["id"], who);
    }

    async fn wrong(&self, who: i64) -> (String, Value) {
        self.refused("sign_in", json!({ "staffId": who, "pin": WRONG })).await
    }
}

fn rule(approval: Option<(i64, &str)>) -> Value {
    let offer = json!({ "fromWon": 0, "percent": 5, "points": 0, "firstOnly": false, "fromDay": null, "untilDay": null });
    let mut body = json!({ "requestId": Uuid::new_v4(), "offers": [offer], "validDays": 30 });
    if let Some((who, pin)) = approval {
        body["approval"] = json!({ "staffId": who, "pin": pin });
    }
    body
}

fn code(refused: (String, Value)) -> String {
    refused.0
}

#[tokio::test]
async fn real_money_waits_for_an_owner_with_a_pin_and_the_owner_is_made_once() {
    let shop = Shop::unclaimed().await;
    let app = shop.ok("app_state", json!({})).await;
    assert_eq!(app["door"], "unclaimed");
    // As before there were people: whoever opened the app is in.
    shop.ok("bonus_rule_set", rule(None)).await;
    assert_eq!(code(shop.refused("mode_switch", json!({ "mode": "live" })).await), "owner_needed");
    for pin in ["1234", "000000", "12", "48291x"] {
        let body = json!({ "requestId": Uuid::new_v4(), "name": "김점주", "pin": pin });
        assert_eq!(code(shop.refused("staff_first_owner", body).await), "bad_pin", "{pin}");
    }
    shop.owner().await;
    let body = json!({ "requestId": Uuid::new_v4(), "name": "남의집", "pin": MANAGER_PIN });
    assert_eq!(code(shop.refused("staff_first_owner", body).await), "owner_exists");
    // Alone: one's own PIN once more.
    assert_eq!(code(shop.refused("mode_switch", json!({ "mode": "live" })).await), "approval_needed");
    let approval = json!({ "staffId": OWNER, "pin": OWNER_PIN });
    let app = shop.ok("mode_switch", json!({ "mode": "live", "approval": approval })).await;
    assert_eq!((&app["mode"], &app["staff"]["name"]), (&json!("live"), &json!("김점주")));
}

#[tokio::test]
async fn an_app_that_starts_on_the_live_book_without_an_owner_is_refused() {
    let shop = Shop::unclaimed().await;
    shop.till.close().await;
    let paths = (shop.folder.path(), shop.portone.url());
    let mut config = config((paths.0, &paths.1), &shop.clocks, &shop.keyring, &shop.shell);
    config.start = StartMode::Book(Mode::Live);
    let refused = Till::open(config).await.err().unwrap();
    assert_eq!(refused.code().word(), "owner_needed");
}

#[tokio::test]
async fn without_somebody_signed_in_nothing_is_answered_but_the_frame_and_the_names() {
    let shop = Shop::staffed().await.restarted().await;
    let app = shop.ok("app_state", json!({})).await;
    assert_eq!(app["door"], "signed_out");
    let names = shop.ok("staff_names", json!({})).await;
    assert_eq!(names["people"].as_array().unwrap().len(), 3);
    for command in counter::COMMANDS.iter().map(|command| command.name) {
        if !["app_state", "staff_names", "sign_in"].contains(&command) {
            assert_eq!(code(shop.refused(command, json!({})).await), "signed_out", "{command}");
        }
    }
    shop.sign_in(4, CLERK_PIN).await;
    shop.ok("member_search", json!({ "query": "4821" })).await;
    shop.ok("sign_out", json!({})).await;
    assert_eq!(code(shop.refused("member_search", json!({ "query": "4821" })).await), "signed_out");
}

#[tokio::test]
async fn a_second_person_approves_and_never_oneself_nor_a_clerk_where_a_manager_could() {
    let shop = Shop::staffed().await;
    assert_eq!(code(shop.refused("bonus_rule_set", rule(None)).await), "approval_needed");
    let ask = async |who, pin| code(shop.refused("bonus_rule_set", rule(Some((who, pin)))).await);
    assert_eq!(ask(OWNER, OWNER_PIN).await, "approval_refused");
    assert_eq!(ask(4, CLERK_PIN).await, "approval_refused");
    assert_eq!(ask(9, CLERK_PIN).await, "approval_refused");
    assert_eq!(ask(3, WRONG).await, "wrong_pin");
    let approvers = shop.ok("approvers", json!({})).await;
    assert_eq!(approvers["people"].as_array().unwrap().len(), 1);
    shop.ok("bonus_rule_set", rule(Some((3, MANAGER_PIN)))).await;
    // A PIN serves the command that it stands on, and no other.
    assert_eq!(code(shop.refused("bonus_rule_set", rule(None)).await), "approval_needed");
    let rows: Vec<(i64, Option<i64>)> = rusqlite::Connection::open(shop.folder.path().join("test.db"))
        .unwrap()
        .prepare("SELECT actor, approver FROM bonus_rule")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(rows, [(OWNER, Some(3))]);
    // A clerk does not ask for it, whoever would approve.
    shop.sign_in(4, CLERK_PIN).await;
    assert_eq!(code(shop.refused("bonus_rule_set", rule(Some((3, MANAGER_PIN)))).await), "not_allowed");
    assert_eq!(code(shop.refused("staff_list", json!({})).await), "not_allowed");
}

#[tokio::test]
async fn a_charge_above_the_limit_waits_for_a_second_person_whose_name_the_credit_keeps() {
    let shop = Shop::staffed().await;
    let made = shop.ok("member_create", json!({ "name": "김서연", "phone": "010-2841-4821" })).await;
    let limit = json!({ "requestId": Uuid::new_v4(), "shopName": "가게", "maxChargeWon": 100_000,
        "presetWon": [10_000], "dayTurnsAtHour": 0 });
    // Nor does one person move the limit out of the way.
    assert_eq!(code(shop.refused("settings_shop", limit.clone()).await), "approval_needed");
    let mut approved = limit;
    approved["approval"] = json!({ "staffId": 3, "pin": MANAGER_PIN });
    shop.ok("settings_shop", approved).await;
    let channel = eventually(Duration::from_secs(5), async || {
        let key = shop.ok("settings", json!({})).await["channelKey"].clone();
        key.is_string().then_some(key)
    })
    .await;
    shop.sign_in(4, CLERK_PIN).await;
    let charge = Uuid::new_v4();
    let mut body =
        json!({ "chargeId": charge, "memberId": made["memberId"], "won": 150_000, "method": "card" });
    assert_eq!(code(shop.refused("charge_start", body.clone()).await), "approval_needed");
    body["won"] = json!(1_000_001);
    assert_eq!(code(shop.refused("charge_start", body.clone()).await), "above_limit");
    body["won"] = json!(150_000);
    body["approval"] = json!({ "staffId": 3, "pin": MANAGER_PIN });
    let started = shop.ok("charge_start", body).await;
    let pay = json!({ "merchant_uid": started["merchantUid"], "amount": 150_000, "outcome": "paid",
        "pay_method": "card", "channel_key": channel });
    shop.portone.control().pay(pay);
    let view = shop.ok("charge_settle", json!({ "chargeId": charge })).await;
    assert_eq!(view["state"], "credited", "{view}");
    let history = shop.ok("history", json!({ "memberId": made["memberId"] })).await;
    let row = &history["rows"][0];
    assert_eq!((&row["staffName"], &row["approverName"]), (&json!("이직원"), &json!("박매니저")), "{row}");
}

#[tokio::test]
async fn in_a_shop_of_owner_and_clerk_the_clerk_is_the_second_person() {
    let shop = Shop::unclaimed().await;
    shop.owner().await;
    let alone = json!({ "staffId": OWNER, "pin": OWNER_PIN });
    let body = json!({ "requestId": Uuid::new_v4(), "name": "이직원", "role": "clerk", "pin": CLERK_PIN, "approval": alone });
    shop.ok("staff_add", body).await;
    assert_eq!(
        code(shop.refused("bonus_rule_set", rule(Some((OWNER, OWNER_PIN)))).await),
        "approval_refused"
    );
    shop.ok("bonus_rule_set", rule(Some((3, CLERK_PIN)))).await;
    // A clerk who forgot the PIN does not stand in the way of getting a new one.
    let body = json!({ "requestId": Uuid::new_v4(), "staffId": 3, "pin": "9073" });
    assert_eq!(code(shop.refused("staff_pin_set", body.clone()).await), "approval_needed");
    let mut approved = body;
    approved["approval"] = json!({ "staffId": OWNER, "pin": OWNER_PIN });
    shop.ok("staff_pin_set", approved).await;
    shop.sign_in(3, "9073").await;
}

#[tokio::test]
async fn wrong_pins_stay_counted_over_a_restart_and_no_clock_makes_the_wait_shorter() {
    let mut shop = Shop::staffed().await;
    for _ in 0..2 {
        assert_eq!(shop.wrong(4).await, ("wrong_pin".to_owned(), json!({ "waitS": 0, "locked": false })));
        shop = shop.restarted().await;
    }
    assert_eq!(shop.wrong(4).await.1["waitS"], 5);
    // Neither the right PIN nor a clock put forward nor a restart gets in before the time is over.
    let right = json!({ "staffId": 4, "pin": CLERK_PIN });
    shop.clocks.off_ms.store(86_400_000, Ordering::SeqCst);
    assert_eq!(code(shop.refused("sign_in", right.clone()).await), "pin_wait");
    shop.clocks.pass(Duration::from_millis(4_000));
    assert_eq!(shop.refused("sign_in", right.clone()).await.1["waitS"], 1);
    shop = shop.restarted().await;
    assert_eq!(shop.refused("sign_in", right.clone()).await.1["waitS"], 5);
    shop.clocks.pass(Duration::from_millis(5_000));
    shop.sign_in(4, CLERK_PIN).await;
    assert_eq!(shop.wrong(4).await.1["waitS"], 0, "the right one forgave the wrong ones");
}

#[tokio::test]
async fn ten_wrong_pins_lock_until_a_manager_unlocks_and_approving_counts_like_signing_in() {
    let shop = Shop::staffed().await;
    for _ in 0..5 {
        shop.clocks.pass(Duration::from_secs(900));
        shop.sign_in(OWNER, OWNER_PIN).await;
        assert_eq!(code(shop.refused("bonus_rule_set", rule(Some((3, WRONG)))).await), "wrong_pin");
    }
    for _ in 0..5 {
        shop.clocks.pass(Duration::from_secs(900));
        assert_eq!(shop.wrong(3).await.0, "wrong_pin");
    }
    shop.clocks.pass(Duration::from_secs(90_000));
    assert_eq!(
        code(shop.refused("sign_in", json!({ "staffId": 3, "pin": MANAGER_PIN })).await),
        "pin_locked"
    );
    shop.sign_in(4, CLERK_PIN).await;
    let unlock = json!({ "requestId": Uuid::new_v4(), "staffId": 3 });
    assert_eq!(code(shop.refused("staff_unlock", unlock.clone()).await), "not_allowed");
    shop.sign_in(OWNER, OWNER_PIN).await;
    assert_eq!(code(shop.refused("bonus_rule_set", rule(Some((3, MANAGER_PIN)))).await), "pin_locked");
    let list = shop.ok("staff_unlock", unlock).await;
    assert_eq!(list["people"][1]["locked"], false);
    shop.ok("bonus_rule_set", rule(Some((3, MANAGER_PIN)))).await;
}

#[tokio::test]
async fn a_screen_that_nobody_touches_is_locked_and_says_so_and_questions_of_the_screen_keep_nobody_in() {
    let shop = Shop::staffed().await;
    shop.clocks.pass(Duration::from_secs(9 * 60));
    shop.ok("staff_active", json!({})).await;
    shop.clocks.pass(Duration::from_secs(9 * 60));
    shop.ok("waiting", json!({})).await;
    shop.shell.told.lock().unwrap().clear();
    shop.clocks.pass(Duration::from_secs(60));
    eventually(Duration::from_secs(5), async || {
        let told = shop.shell.told.lock().unwrap();
        told.iter().any(|event| event.contains("state")).then_some(())
    })
    .await;
    assert_eq!(code(shop.refused("waiting", json!({})).await), "signed_out");
    assert_eq!(shop.ok("app_state", json!({})).await["door"], "signed_out");
}

#[tokio::test]
async fn without_the_keyring_nobody_is_let_in_and_no_try_is_counted() {
    let shop = Shop::staffed().await.restarted().await;
    shop.keyring.away.store(true, Ordering::SeqCst);
    for pin in [OWNER_PIN, WRONG, WRONG, WRONG] {
        let body = json!({ "staffId": OWNER, "pin": pin });
        assert_eq!(code(shop.refused("sign_in", body).await), "pin_keyring");
    }
    shop.keyring.away.store(false, Ordering::SeqCst);
    shop.sign_in(OWNER, OWNER_PIN).await;
    // A keyring that lost it is not given another one: everybody's PIN would be wrong for good.
    let shop = shop.restarted().await;
    *shop.keyring.pepper.lock().unwrap() = None;
    let body = json!({ "staffId": OWNER, "pin": OWNER_PIN });
    assert_eq!(code(shop.refused("sign_in", body).await), "pin_secret_lost");
    assert!(shop.keyring.pepper.lock().unwrap().is_none());
}

#[tokio::test]
async fn somebody_who_leaves_is_out_at_once_and_a_smaller_role_counts_at_once() {
    let shop = Shop::staffed().await;
    shop.sign_in(3, MANAGER_PIN).await;
    let approval = json!({ "staffId": OWNER, "pin": OWNER_PIN });
    let edit = |who: i64, role: &str, active: bool| json!({ "requestId": Uuid::new_v4(), "staffId": who, "name": "박지훈", "role": role, "active": active, "approval": approval });
    assert_eq!(code(shop.refused("staff_edit", edit(3, "owner", true)).await), "owner_only");
    assert_eq!(code(shop.refused("staff_edit", edit(2, "clerk", true)).await), "approval_refused");
    shop.ok("staff_edit", edit(4, "clerk", false)).await;
    assert_eq!(
        code(shop.refused("sign_in", json!({ "staffId": 4, "pin": CLERK_PIN })).await),
        "unknown_staff"
    );
    shop.sign_in(OWNER, OWNER_PIN).await;
    let last = json!({ "requestId": Uuid::new_v4(), "staffId": OWNER, "name": "김점주", "role": "clerk", "active": true,
        "approval": { "staffId": 3, "pin": MANAGER_PIN } });
    assert_eq!(code(shop.refused("staff_edit", last).await), "last_owner");
}

#[tokio::test]
async fn ones_own_pin_is_changed_with_the_old_one_alone() {
    let shop = Shop::staffed().await;
    shop.sign_in(4, CLERK_PIN).await;
    let body = |old: &str, new: &str| json!({ "requestId": Uuid::new_v4(), "staffId": 4, "pin": new, "oldPin": old });
    assert_eq!(code(shop.refused("staff_pin_set", body(WRONG, "9073")).await), "wrong_pin");
    assert_eq!(code(shop.refused("staff_pin_set", body(CLERK_PIN, "1234")).await), "bad_pin");
    shop.ok("staff_pin_set", body(CLERK_PIN, "9073")).await;
    assert_eq!(code(shop.refused("sign_in", json!({ "staffId": 4, "pin": CLERK_PIN })).await), "wrong_pin");
    shop.sign_in(4, "9073").await;
    // Nobody else's.
    let other = json!({ "requestId": Uuid::new_v4(), "staffId": OWNER, "pin": "9073", "oldPin": "9073" });
    assert_eq!(code(shop.refused("staff_pin_set", other).await), "not_allowed");
}

#[tokio::test]
async fn a_whole_phone_number_asks_for_ones_own_pin_and_is_written_down() {
    let shop = Shop::staffed().await;
    shop.sign_in(4, CLERK_PIN).await;
    let member =
        shop.ok("member_create", json!({ "name": "김서연", "phone": "010-2841-4821" })).await["memberId"]
            .clone();
    let ask = |pin: &str| json!({ "memberId": member, "pin": pin });
    assert_eq!(code(shop.refused("member_phone", json!({ "memberId": member })).await), "bad_request");
    assert_eq!(code(shop.refused("member_phone", ask(WRONG)).await), "wrong_pin");
    assert_eq!(code(shop.refused("member_phone", ask(OWNER_PIN)).await), "wrong_pin");
    assert_eq!(shop.ok("member_phone", ask(CLERK_PIN)).await["phone"], "010-2841-4821");
    let seen: i64 = rusqlite::Connection::open(shop.folder.path().join("test.db"))
        .unwrap()
        .query_row(
            "SELECT count(*) FROM audit WHERE action = 'member_phone' AND actor = 4 AND detail = ?1",
            [member.to_string()],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(seen, 1);
}

#[tokio::test]
async fn a_person_keeps_the_number_in_every_book_and_the_name_that_is_in_force() {
    let shop = Shop::staffed().await;
    let approval = json!({ "staffId": 3, "pin": MANAGER_PIN });
    shop.ok("mode_switch", json!({ "mode": "live", "approval": approval })).await;
    let body = json!({ "requestId": Uuid::new_v4(), "staffId": 4, "name": "이새이름", "role": "clerk", "active": true, "approval": approval });
    shop.ok("staff_edit", body).await;
    for book in ["live.db", "test.db"] {
        let name: String = rusqlite::Connection::open(shop.folder.path().join(book))
            .unwrap()
            .query_row("SELECT name FROM staff_now WHERE id = 4", [], |row| row.get(0))
            .unwrap();
        assert_eq!(name, "이새이름", "{book}");
    }
}

#[tokio::test]
async fn a_register_that_was_taken_away_makes_nobody_an_owner_unless_the_app_is_told_to_begin_anew() {
    let shop = Shop::staffed().await;
    shop.till.close().await;
    for file in ["staff.db", "staff.db-wal", "staff.db-shm"] {
        let _gone = std::fs::remove_file(shop.folder.path().join(file));
    }
    let mut shop = shop.restarted().await;
    assert_eq!(shop.ok("app_state", json!({})).await["door"], "signed_out");
    let body = json!({ "requestId": Uuid::new_v4(), "name": "남의집", "pin": MANAGER_PIN });
    assert_eq!(code(shop.refused("staff_first_owner", body.clone()).await), "signed_out");
    assert_eq!(
        code(shop.refused("sign_in", json!({ "staffId": OWNER, "pin": OWNER_PIN })).await),
        "people_unreadable"
    );
    shop.till.close().await;
    let paths = (shop.folder.path(), shop.portone.url());
    let mut config = config((paths.0, &paths.1), &shop.clocks, &shop.keyring, &shop.shell);
    config.new_people = true;
    shop.till = Till::open(config).await.unwrap();
    shop.till.audited().await;
    let app = shop.ok("staff_first_owner", body).await;
    assert_eq!(app["staff"]["id"], 5, "nobody gets the number of somebody before");
    let begun: i64 = rusqlite::Connection::open(shop.folder.path().join("test.db"))
        .unwrap()
        .query_row("SELECT count(*) FROM audit WHERE action = 'staff_first_owner'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(begun, 2, "the book says that the register was begun twice");
}

#[tokio::test]
async fn whoever_changes_the_mode_and_the_keys_and_whoever_approved_stand_in_the_book() {
    let shop = Shop::staffed().await;
    let approval = json!({ "staffId": 3, "pin": MANAGER_PIN });
    shop.ok("mode_switch", json!({ "mode": "live", "approval": approval })).await;
    let keys = json!({ "impKey": portone_sim::DEFAULT_IMP_KEY, "impSecret": portone_sim::DEFAULT_IMP_SECRET,
        "userCode": "imp12345678", "approval": approval });
    shop.ok("keys_save", keys).await;
    let rows: Vec<(String, i64, Option<i64>)> =
        rusqlite::Connection::open(shop.folder.path().join("live.db"))
            .unwrap()
            .prepare(
                "SELECT action, actor, approver FROM audit WHERE action IN ('mode_entered', 'keys_saved')",
            )
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
    let of = |action: &str| (action.to_owned(), OWNER, Some(3));
    assert_eq!(rows, [of("mode_entered"), of("keys_saved")]);
}

/// Collects what is logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_pin_stands_in_no_log_no_answer_and_no_file() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _until_the_end = tracing::subscriber::set_default(subscriber);
    let shop = Shop::staffed().await;
    let pin_as_number: i64 = WRONG.parse().unwrap();
    // Whatever shape it comes in, and wherever it stands.
    for (command, body) in [
        ("sign_in", json!({ "staffId": OWNER, "pin": pin_as_number })),
        ("sign_in", json!({ "staffId": WRONG, "pin": OWNER_PIN })),
        ("sign_in", json!({ "staffId": OWNER, "pin": [WRONG] })),
        ("sign_in", json!(WRONG)),
        ("bonus_rule_set", json!({ "approval": WRONG })),
        ("bonus_rule_set", json!({ "approval": { "staffId": 3, "pin": pin_as_number } })),
        ("bonus_rule_set", json!({ "approval": { "staffId": WRONG, "pin": MANAGER_PIN } })),
        ("bonus_rule_set", rule(Some((3, WRONG)))),
        (
            "staff_pin_set",
            json!({ "requestId": Uuid::new_v4(), "staffId": OWNER, "pin": MANAGER_PIN, "oldPin": pin_as_number }),
        ),
    ] {
        shop.refused(command, body).await;
    }
    shop.till.close().await;
    let log = String::from_utf8_lossy(&lines.0.lock().unwrap()).into_owned();
    assert!(log.contains("was refused") && log.contains("a wrong PIN"), "nothing was logged: {log}");
    for pin in [OWNER_PIN, MANAGER_PIN, WRONG] {
        assert!(!log.contains(pin), "{pin} stands in the log");
        for file in std::fs::read_dir(shop.folder.path()).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            assert!(
                !bytes.windows(pin.len()).any(|window| window == pin.as_bytes()),
                "{pin} stands in a file"
            );
        }
    }
}
