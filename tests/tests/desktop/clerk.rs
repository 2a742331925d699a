//! What a clerk does, in one place.

use std::path::Path;
use std::time::Duration;

use anyhow::bail;
use pointill_tests::app::App;
use pointill_tests::eventually;
use pointill_tests::screen::SOON;
use pointill_tests::session::Session;
use pointill_tests::sim::Sim;
use serde_json::{Value, json};

pub(crate) const SETTLED: Duration = Duration::from_secs(30);
/// Long enough to be found nowhere by chance.
pub(crate) const SECRET: &str = "secret-0f5b1c9d7e3a4826-that-must-not-be-written-anywhere";

/// A simulator whose keys are ours.
pub(crate) async fn portone() -> Sim {
    Sim::start(&["--imp-key", "imp-key-of-the-shop", "--imp-secret", SECRET]).await.unwrap()
}

/// The app on a data folder of its own, with that simulator for its test book.
pub(crate) async fn app(session: &Session, data: &Path, sim: &Sim) -> App {
    App::start(session, &["--data", data.to_str().unwrap(), "--portone", sim.url()]).await.unwrap()
}

/// A first start's practice book: a clerk learning.
pub(crate) async fn practice(session: &Session) -> App {
    let data = session.home().join("data");
    App::start(session, &["--practice", "--data", data.to_str().unwrap()]).await.unwrap()
}

/// Asks the book, by the main window's own way.
pub(crate) async fn ask(app: &App, command: &str, body: Value) -> Value {
    let script = "const [command, body, done] = arguments;
        window.__TAURI_INTERNALS__.invoke('rpc', { command, body }).then(done, (why) => done(String(why)))";
    app.switch_to_main().await.unwrap();
    let mut answer = app.client().execute_async(script, vec![json!(command), body]).await.unwrap();
    assert_eq!(answer["ok"], true, "{command}: {answer}");
    answer["value"].take()
}

/// The charge that is not finished.
pub(crate) async fn waiting(app: &App) -> Value {
    let mut waiting = ask(app, "waiting", json!({})).await;
    assert_eq!(waiting["charges"].as_array().map(Vec::len), Some(1), "{waiting}");
    waiting["charges"][0].take()
}

/// What led the till to look at a charge, until it was `why`.
pub(crate) async fn hints(app: &App, charge: &Value, why: &str) -> Vec<String> {
    eventually(why, SETTLED, async || {
        let view = ask(app, "charge_view", json!({ "chargeId": charge["chargeId"] })).await;
        let steps = view["steps"].as_array().unwrap();
        let hints = steps.iter().filter(|step| step["kind"] == "hint");
        let hints: Vec<String> = hints.map(|step| step["detail"].as_str().unwrap().to_owned()).collect();
        if !hints.iter().any(|hint| hint == why) {
            bail!("the steps are {steps:?}");
        }
        Ok(Some(hints))
    })
    .await
    .unwrap()
}

/// Waits until the book has proved itself: until then a banner stands there, and what is below moves when it goes.
pub(crate) async fn settled(app: &App) {
    app.by_testid("mode-banner").await.unwrap();
    app.wait_gone("notice", SETTLED).await.unwrap();
}

/// Stores the keys through the settings.
pub(crate) async fn type_keys(app: &App) {
    settled(app).await;
    app.click("nav-settings").await.unwrap();
    app.fill("key-user", "imp12345678").await.unwrap();
    app.fill("key-imp", "imp-key-of-the-shop").await.unwrap();
    app.fill("key-secret", SECRET).await.unwrap();
    app.click("key-save").await.unwrap();
}

/// Stores the keys, goes into test mode and chooses the first test channel.
pub(crate) async fn connect(app: &App) {
    connect_to(app, "").await;
}

/// The same with the first test channel whose text holds this.
pub(crate) async fn connect_to(app: &App, channel: &str) {
    type_keys(app).await;
    app.wait_attr("keys-state", "data-stored", "true", SETTLED).await.unwrap();
    app.click("mode-test").await.unwrap();
    // Practice has a banner of its own.
    app.wait_text("mode-banner", |text| text.contains("테스트 모드"), SETTLED).await.unwrap();
    app.click("channels-load").await.unwrap();
    // Live channels are listed too, but cannot be chosen.
    let usable = "[data-testid^='channel-']:not([disabled])";
    app.by_css(usable).await.unwrap();
    let mut chosen = None;
    for button in app.client().find_all(fantoccini::Locator::Css(usable)).await.unwrap() {
        if chosen.is_none() && button.text().await.unwrap().contains(channel) {
            chosen = Some(button);
        }
    }
    chosen.expect("a channel of this name").click().await.unwrap();
    app.wait_attr("connection", "data-connection", "connected", SETTLED).await.unwrap();
}

/// Enters a new customer by keyboard and mouse; leaves their card open.
pub(crate) async fn enrol(app: &App, name: &str, phone: &str) {
    settled(app).await;
    app.click("nav-counter").await.unwrap();
    app.fill("search", phone).await.unwrap();
    app.click("member-new").await.unwrap();
    app.fill("member-name", name).await.unwrap();
    app.click("member-consent").await.unwrap();
    app.click("member-save").await.unwrap();
    // The card of the customer before may show the same balance.
    app.wait_gone("enrol", SETTLED).await.unwrap();
    app.by_css(&format!("section[aria-label='{name}']")).await.unwrap();
    app.wait_text("balance", |text| text == "0", SOON).await.unwrap();
}

/// Presses the first preset and opens the pay window; drives that window then.
///
/// The window of a charge before may still be there: a declined customer may try another card in it.
pub(crate) async fn open_pay_window(app: &App) {
    let before = app.windows().await.unwrap();
    app.click("preset-1").await.unwrap();
    app.click("charge-go").await.unwrap();
    app.switch_to_new(&before, SETTLED).await.unwrap();
    app.switch_to(
        |window| window.url.contains("/pay/") && before.iter().all(|old| old.handle != window.handle),
        SETTLED,
    )
    .await
    .unwrap();
}

/// The customer approves.
pub(crate) async fn approve(app: &App, button: &str) {
    app.by_css("div.imp-dialog iframe").await.unwrap();
    app.enter_frame("div.imp-dialog iframe").await.unwrap();
    app.click_css(button).await.unwrap();
}

pub(crate) async fn balance(app: &App, points: &str) {
    app.wait_attr("balance", "data-points", points, SETTLED).await.unwrap();
}
