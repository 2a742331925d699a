//! The next customer is looked for while the card of the one before is open.

use pointill_tests::app::App;
use pointill_tests::session::Session;

use crate::clerk;

const ENTER: &str = "\u{e007}";
/// 내역: a screen on which nobody's card is drawn.
const F3: &str = "\u{e033}";

/// Two customers; the panel of the second's charge of 10,000 won says that it is through.
async fn charged(session: &Session) -> App {
    let data = session.home().join("data");
    let app = App::start(session, &["--practice", "--data", data.to_str().unwrap()]).await.unwrap();
    clerk::enrol(&app, "김서연", "01028414821").await;
    clerk::enrol(&app, "박지훈", "01077301199").await;
    clerk::open_pay_window(&app).await;
    clerk::approve(&app, "#sim-approve").await;
    app.switch_to_main().await.unwrap();
    app.wait_attr("charge-state", "data-state", "credited", clerk::SETTLED).await.unwrap();
    app
}

/// Two customers; the card of the second is open, with 10,000 points on it.
async fn two_customers(session: &Session) -> App {
    let app = charged(session).await;
    app.click("charge-same").await.unwrap();
    clerk::balance(&app, "10000").await;
    app
}

/// From another screen: the last four digits of the other customer, and Enter.
async fn look_for_the_other(app: &App) {
    app.press(F3).await.unwrap();
    app.by_testid("range-today").await.unwrap();
    app.press("/4821").await.unwrap();
    app.press(ENTER).await.unwrap();
    app.by_css("section[aria-label='김서연']").await.unwrap();
    clerk::balance(app, "0").await;
}

/// What stands in the book: the kinds of its transactions, the latest first.
async fn kinds(app: &App) -> Vec<String> {
    app.click("nav-history").await.unwrap();
    app.by_testid("history-row").await.unwrap();
    let mut kinds = Vec::new();
    for row in app.all_by_testid("history-row").await.unwrap() {
        kinds.push(row.attr("data-kind").await.unwrap().unwrap_or_default());
    }
    kinds
}

#[tokio::test]
async fn digits_that_look_for_the_next_customer_charge_nobody_before() {
    let session = Session::start().await.unwrap();
    let app = two_customers(&session).await;
    app.click("tab-charge").await.unwrap();
    look_for_the_other(&app).await;
    let windows = app.windows().await.unwrap();
    assert!(
        windows.iter().all(|window| !window.url.contains("/pay/")),
        "a pay window was opened: {windows:?}"
    );
    assert_eq!(kinds(&app).await, ["loading"]);
    app.close().await.unwrap();
}

#[tokio::test]
async fn digits_that_look_for_the_next_customer_use_nobodys_points() {
    let session = Session::start().await.unwrap();
    let app = two_customers(&session).await;
    app.click("tab-use").await.unwrap();
    look_for_the_other(&app).await;
    assert_eq!(kinds(&app).await, ["loading"]);
    app.close().await.unwrap();
}

/// Nothing has the focus on the panel of a finished charge, and the next customer stands there already.
#[tokio::test]
async fn digits_on_a_finished_charge_are_the_next_customers() {
    let session = Session::start().await.unwrap();
    let app = charged(&session).await;
    app.press("4821").await.unwrap();
    app.by_testid("member-row").await.unwrap();
    app.press(ENTER).await.unwrap();
    app.by_css("section[aria-label='김서연']").await.unwrap();
    clerk::balance(&app, "0").await;
    app.close().await.unwrap();
}
