//! What a clerk does, in one place.

use std::path::Path;
use std::time::Duration;

use pointill_tests::app::App;
use pointill_tests::screen::SOON;
use pointill_tests::session::Session;
use pointill_tests::sim::Sim;

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

/// Stores the keys through the settings.
pub(crate) async fn type_keys(app: &App) {
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
    app.click("nav-counter").await.unwrap();
    app.fill("search", phone).await.unwrap();
    app.click("member-new").await.unwrap();
    app.fill("member-name", name).await.unwrap();
    app.click("member-consent").await.unwrap();
    app.click("member-save").await.unwrap();
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
