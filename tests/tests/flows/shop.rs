//! A shop with a PortOne of its own.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use counter::wire::Event;
use ledger::{Mode, Role, UnixMillis};
use portone_sim::{Config as SimConfig, Simulator};
use serde_json::{Value, json};
use till::{
    ChannelPick, Config, EndpointChoice, PcClock, Pepper, Secrets, SecretsError, Shell, StartMode,
    StoredKeys, SystemPcClock, Till,
};
use uuid::Uuid;

/// The keys of the simulator, always there.
pub(crate) struct Keys;

impl Secrets for Keys {
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
        Ok(Some([7; 32].into()))
    }
    fn save_pepper(&self, _: &Pepper) -> Result<(), SecretsError> {
        Ok(())
    }
}

/// Writes down what a window would have been told.
#[derive(Default)]
pub(crate) struct Watched {
    pub(crate) told: Mutex<Vec<String>>,
}

impl Shell for Watched {
    fn show_checkout(&self, charge: &str, _: &str, _: &str) -> Result<(), String> {
        self.told.lock().unwrap().push(format!("show {charge}"));
        Ok(())
    }
    fn close_checkout(&self, charge: &str) {
        self.told.lock().unwrap().push(format!("close {charge}"));
    }
    fn emit(&self, event: &Event) {
        self.told.lock().unwrap().push(serde_json::to_string(event).unwrap());
    }
}

/// A PC whose clock is wrong by `off_ms`.
pub(crate) struct WrongClock(pub(crate) AtomicI64);

impl PcClock for WrongClock {
    fn now(&self) -> UnixMillis {
        SystemPcClock.now().plus_ms(self.0.load(Ordering::SeqCst))
    }
}

pub(crate) struct Shop {
    pub(crate) till: Arc<Till>,
    pub(crate) portone: Simulator,
    pub(crate) shell: Arc<Watched>,
    pub(crate) member: Value,
    folder: tempfile::TempDir,
    mode: Mode,
    off_ms: i64,
}

pub(crate) fn loopback() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

impl Shop {
    pub(crate) async fn open(mode: Mode) -> Shop {
        Shop::with_clock(mode, 0).await
    }

    pub(crate) async fn with_clock(mode: Mode, off_ms: i64) -> Shop {
        // Another test of this process may have done it.
        let _already = rustls::crypto::ring::default_provider().install_default();
        let portone = Simulator::start(loopback(), SimConfig::default()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let shell = Arc::new(Watched::default());
        let config = config(folder.path(), mode, &portone.url(), &shell, off_ms, Role::Owner);
        let till = Till::open(config).await.unwrap();
        till.audited().await;
        till.stamp("imp12345678").await.unwrap();
        let mut shop = Shop { till, portone, shell, member: Value::Null, folder, mode, off_ms };
        let made = shop.ok("member_create", json!({ "name": "김서연", "phone": "010-2841-4821" })).await;
        shop.member = made["memberId"].clone();
        shop
    }

    /// The same on a PC whose clock is wrong by `off_ms`.
    pub(crate) async fn reopen_at(mut self, off_ms: i64) -> Shop {
        self.off_ms = off_ms;
        self.reopen().await
    }

    /// Closes the till and opens it again on the same folder, as after a crash.
    pub(crate) async fn reopen(mut self) -> Shop {
        self.till.close().await;
        let shell = Arc::new(Watched::default());
        let url = self.portone.url();
        drop(self.till);
        let config = config(self.folder.path(), self.mode, &url, &shell, self.off_ms, Role::Owner);
        self.till = eventually(Duration::from_secs(5), async || Till::open(again(&config)).await.ok()).await;
        self.till.audited().await;
        self.shell = shell;
        self
    }

    /// Opens another till on the same folder; the code, where it does not open.
    pub(crate) async fn open_again(&self) -> Result<Arc<Till>, String> {
        self.open_in(self.folder.path()).await
    }

    /// Opens a till on this folder.
    pub(crate) async fn open_in(&self, folder: &std::path::Path) -> Result<Arc<Till>, String> {
        let shell = Arc::new(Watched::default());
        let config = config(folder, self.mode, &self.portone.url(), &shell, self.off_ms, Role::Owner);
        Till::open(config).await.map_err(|error| error.code().word().to_owned())
    }

    pub(crate) async fn rpc(&self, command: &str, body: Value) -> Value {
        self.till.rpc(command, body).await
    }

    /// What a command answers.
    pub(crate) async fn ok(&self, command: &str, body: Value) -> Value {
        let answer = self.rpc(command, body).await;
        assert_eq!(answer["ok"], true, "{command}: {answer}");
        answer["value"].clone()
    }

    /// The code with which a command is refused.
    pub(crate) async fn refused(&self, command: &str, body: Value) -> String {
        let answer = self.rpc(command, body).await;
        assert_eq!(answer["ok"], false, "{command} was not refused: {answer}");
        assert!(answer["error"]["message"].as_str().unwrap().chars().count() > 5, "no sentence");
        answer["error"]["code"].as_str().unwrap().to_owned()
    }

    pub(crate) fn start_body(&self, charge: &Uuid, won: i64) -> Value {
        json!({ "chargeId": charge.to_string(), "memberId": self.member, "won": won, "method": "card", "repeatOk": true })
    }

    /// Starts a charge: its id, its merchant_uid, its page.
    pub(crate) async fn start(&self, won: i64) -> (Uuid, String, String) {
        let charge = Uuid::new_v4();
        let started = self.ok("charge_start", self.start_body(&charge, won)).await;
        let text = |name: &str| started[name].as_str().unwrap().to_owned();
        (charge, text("merchantUid"), text("checkoutUrl"))
    }

    /// The key of the channel that the book uses: it is known as soon as PortOne was first asked, in the background.
    pub(crate) async fn channel(&self) -> String {
        eventually(Duration::from_secs(5), async || {
            self.ok("settings", json!({})).await["channelKey"].as_str().map(str::to_owned)
        })
        .await
    }

    /// The customer pays, as in the pay window.
    pub(crate) async fn pay(&self, merchant_uid: &str, won: i64, outcome: &str) -> Value {
        self.pay_with(json!({ "merchant_uid": merchant_uid, "amount": won, "outcome": outcome })).await
    }

    pub(crate) async fn pay_with(&self, mut what: Value) -> Value {
        if what.get("channel_key").is_none() {
            what["channel_key"] = json!(self.channel().await);
        }
        if what.get("pay_method").is_none() {
            what["pay_method"] = json!("card");
        }
        self.portone.control().pay(what)
    }

    pub(crate) async fn settle(&self, charge: &Uuid) -> Value {
        self.ok("charge_settle", json!({ "chargeId": charge.to_string() })).await
    }

    pub(crate) async fn view(&self, charge: &Uuid) -> Value {
        self.ok("charge_view", json!({ "chargeId": charge.to_string() })).await
    }

    pub(crate) async fn card(&self) -> Value {
        self.ok("member_card", json!({ "memberId": self.member })).await
    }

    pub(crate) async fn balance(&self) -> i64 {
        self.card().await["balance"].as_i64().unwrap()
    }

    pub(crate) async fn proved(&self) -> i64 {
        self.ok("book_verify", json!({})).await["transactions"].as_i64().unwrap()
    }

    /// Waits until a hint of this kind stands among what happened to a charge.
    pub(crate) async fn hinted(&self, charge: &Uuid, why: &str) {
        eventually(Duration::from_secs(5), async || {
            let view = self.view(charge).await;
            let steps = view["steps"].as_array().unwrap();
            steps.iter().any(|step| step["kind"] == "hint" && step["detail"] == why).then_some(())
        })
        .await;
    }

    /// What is not finished.
    pub(crate) async fn waiting(&self) -> Vec<Value> {
        self.ok("waiting", json!({})).await["charges"].as_array().unwrap().clone()
    }

    /// The book's file.
    pub(crate) fn file(&self) -> std::path::PathBuf {
        self.folder.path().join(format!("{}.db", self.mode.word()))
    }

    /// How often PortOne was asked since the log was cleared.
    pub(crate) fn asked(&self) -> usize {
        self.portone.control().log().as_array().unwrap().len()
    }

    /// Waits until a charge is where it should be, without asking anybody to settle.
    pub(crate) async fn until(&self, charge: &Uuid, state: &str) -> Value {
        eventually(Duration::from_secs(40), async || {
            let view = self.view(charge).await;
            (view["state"] == state).then_some(view)
        })
        .await
    }
}

fn config(
    folder: &std::path::Path,
    mode: Mode,
    url: &str,
    shell: &Arc<Watched>,
    off_ms: i64,
    role: Role,
) -> Config {
    Config {
        data: folder.to_owned(),
        start: StartMode::Book(mode),
        may_live: true,
        endpoint: EndpointChoice::EverythingAt(url.to_owned()),
        secrets: Arc::new(Keys),
        shell: shell.clone(),
        clock: Arc::new(WrongClock(AtomicI64::new(off_ms))),
        role,
        trusted: true,
        new_people: false,
        channel: ChannelPick::First,
        font: None,
    }
}

fn again(config: &Config) -> Config {
    Config {
        data: config.data.clone(),
        start: config.start,
        may_live: config.may_live,
        endpoint: config.endpoint.clone(),
        secrets: Arc::clone(&config.secrets),
        shell: Arc::clone(&config.shell),
        clock: Arc::clone(&config.clock),
        role: config.role,
        trusted: config.trusted,
        new_people: config.new_people,
        channel: config.channel.clone(),
        font: None,
    }
}

/// Asks again until there is an answer, with a bound.
pub(crate) async fn eventually<T, F: Future<Output = Option<T>>>(bound: Duration, ask: impl Fn() -> F) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(started.elapsed() < bound, "not within {bound:?}");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// Posts to a pay page what its script would post.
pub(crate) async fn post_result(page: &str, result: Value) -> u16 {
    let url = reqwest::Url::parse(page).unwrap();
    let origin = format!("http://127.0.0.1:{}", url.port().unwrap());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client
        .post(format!("{page}/result"))
        .header("Origin", origin)
        .header("Content-Type", "application/json")
        .body(result.to_string())
        .send()
        .await
        .unwrap();
    answer.status().as_u16()
}
