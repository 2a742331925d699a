//! The shop's people in the real window, with what their PINs are hashed with in the real keyring.

use pointill_tests::app::App;
use pointill_tests::screen::SOON;
use pointill_tests::session::Session;

use crate::clerk::{self, SETTLED};

// The first owner is number 2 and whoever is taken on next number 3: the machine itself is 1.

const OWNER_PIN: &str = "482915";
const CLERK_PIN: &str = "7306";
/// The Enter of WebDriver.
const ENTER: char = '\u{e007}';

/// Types digits and Enter wherever the focus is.
async fn type_pin(app: &App, pin: &str) {
    app.press(&format!("{pin}{ENTER}")).await.unwrap();
}

/// The owner's name and PIN, through the settings of a shop that has no people.
async fn make_owner(app: &App) {
    clerk::settled(app).await;
    app.click("nav-settings").await.unwrap();
    app.click("owner-open").await.unwrap();
    app.fill("owner-name", "최민서").await.unwrap();
    app.fill("new-pin", OWNER_PIN).await.unwrap();
    app.fill("new-pin-again", OWNER_PIN).await.unwrap();
    app.click("owner-go").await.unwrap();
    app.wait_gone("first-owner", SETTLED).await.unwrap();
}

#[tokio::test]
async fn an_owner_takes_a_clerk_on_and_nobody_gets_past_the_lock_without_their_pin() {
    let session = Session::start().await.unwrap();
    let app = clerk::practice(&session).await;
    clerk::enrol(&app, "김서연", "01028414821").await;
    make_owner(&app).await;

    // Whoever works alone gives their own PIN once more; a wrong one is told in its place, and what was typed stays.
    app.click("staff-add").await.unwrap();
    app.fill("person-name", "박지훈").await.unwrap();
    app.click("role-clerk").await.unwrap();
    app.fill("new-pin", CLERK_PIN).await.unwrap();
    app.fill("new-pin-again", CLERK_PIN).await.unwrap();
    app.click("person-save").await.unwrap();
    app.by_testid("approval").await.unwrap();
    type_pin(&app, "999888").await;
    app.wait_attr("error", "data-code", "wrong_pin", SETTLED).await.unwrap();
    type_pin(&app, OWNER_PIN).await;
    app.wait_gone("person", SETTLED).await.unwrap();

    // The customer's card is open; then the till is left alone.
    app.click("nav-counter").await.unwrap();
    app.click("lock-now").await.unwrap();
    app.by_testid("lock").await.unwrap();
    let page = app.page_text().await.unwrap();
    assert!(!page.contains("김서연") && !page.contains("4821"), "the customer shows behind the lock: {page}");

    app.click("person-3").await.unwrap();
    type_pin(&app, "0000").await;
    app.wait_attr("error", "data-code", "wrong_pin", SETTLED).await.unwrap();
    type_pin(&app, CLERK_PIN).await;
    app.wait_gone("lock", SETTLED).await.unwrap();
    app.click("nav-settings").await.unwrap();
    app.by_testid("own-pin").await.unwrap();
    app.wait_gone("staff-add", SOON).await.unwrap();
    app.close().await.unwrap();

    // The next start asks who it is, and the keyring still has what PINs are checked with.
    let app = clerk::practice(&session).await;
    app.by_testid("lock").await.unwrap();
    app.click("person-2").await.unwrap();
    type_pin(&app, OWNER_PIN).await;
    app.wait_gone("lock", SETTLED).await.unwrap();
    let log = app.log();
    assert!(!log.contains(OWNER_PIN) && !log.contains(CLERK_PIN), "a PIN stands in the log");
    app.close().await.unwrap();
}
