//! The counter's work in the practice book.

use pointill_tests::app::App;
use pointill_tests::screen::SOON;
use pointill_tests::session::Session;
use serde_json::Value;

use crate::clerk;

async fn practice(session: &Session) -> App {
    let data = session.home().join("data");
    App::start(session, &["--practice", "--data", data.to_str().unwrap()]).await.unwrap()
}

const ENTER: &str = "\u{e007}";

#[tokio::test]
async fn the_whole_job_is_done_by_keyboard_and_a_double_enter_is_one_charge_and_one_use() {
    let session = Session::start().await.unwrap();
    let app = practice(&session).await;
    clerk::enrol(&app, "김서연", "01028414821").await;
    // Last four digits, Enter, preset key, Enter.
    app.fill("search", "4821").await.unwrap();
    app.by_testid("member-row").await.unwrap();
    app.press(ENTER).await.unwrap();
    app.by_testid("charge-go").await.unwrap();
    app.press("1").await.unwrap();
    // A digit may be the first of a scanned code: it takes effect when no second one follows at once.
    app.wait_attr("preset-1", "aria-checked", "true", SOON).await.unwrap();
    app.press(ENTER).await.unwrap();
    app.press(ENTER).await.unwrap();
    app.switch_to_pay_window(clerk::SETTLED).await.unwrap();
    clerk::approve(&app, "#sim-approve").await;
    app.switch_to_main().await.unwrap();
    app.wait_attr("charge-state", "data-state", "credited", clerk::SETTLED).await.unwrap();
    // The next customer is the same one: a use, by keyboard.
    app.fill("search", "4821").await.unwrap();
    app.by_testid("member-row").await.unwrap();
    app.press(ENTER).await.unwrap();
    clerk::balance(&app, "10000").await;
    app.press("u").await.unwrap();
    app.by_testid("use-amount").await.unwrap();
    app.press("3000").await.unwrap();
    app.wait_attr("use-after", "data-points", "7000", SOON).await.unwrap();
    app.press(ENTER).await.unwrap();
    app.press(ENTER).await.unwrap();
    clerk::balance(&app, "7000").await;
    // The book has one charge and one use.
    app.click("nav-history").await.unwrap();
    app.by_testid("history-row").await.unwrap();
    assert_eq!(app.all_by_testid("history-row").await.unwrap().len(), 2);
    app.close().await.unwrap();
}

#[tokio::test]
async fn a_window_that_is_closed_without_paying_is_neither_done_nor_failed() {
    let session = Session::start().await.unwrap();
    let app = practice(&session).await;
    clerk::enrol(&app, "김서연", "01028414821").await;
    clerk::open_pay_window(&app).await;
    app.by_css("div.imp-dialog iframe").await.unwrap();
    app.client().close_window().await.unwrap();
    app.switch_to_main().await.unwrap();
    app.wait_closed(|window| window.url.contains("/pay/"), clerk::SETTLED).await.unwrap();
    app.click("charge-recheck").await.unwrap();
    app.wait_attr("charge-state", "data-state", "open", SOON).await.unwrap();
    let text = app.text("charge-state").await.unwrap();
    assert!(!text.contains("완료") && !text.contains("실패"), "{text}");
    app.close().await.unwrap();
}

#[tokio::test]
async fn a_declined_card_is_failed_in_the_pgs_words_and_a_lost_callback_credits_all_the_same() {
    let session = Session::start().await.unwrap();
    let app = practice(&session).await;
    clerk::enrol(&app, "김서연", "01028414821").await;
    clerk::open_pay_window(&app).await;
    clerk::approve(&app, "#sim-decline").await;
    app.switch_to_main().await.unwrap();
    app.wait_attr("charge-state", "data-state", "failed", clerk::SETTLED).await.unwrap();
    // Another customer's payment whose answer never comes.
    clerk::enrol(&app, "박지훈", "01077304821").await;
    clerk::open_pay_window(&app).await;
    clerk::approve(&app, "#sim-approve-silent").await;
    app.switch_to_main().await.unwrap();
    app.wait_attr("charge-state", "data-state", "credited", clerk::SETTLED).await.unwrap();
    app.close().await.unwrap();
}

#[tokio::test]
async fn the_pay_window_can_call_nothing() {
    let session = Session::start().await.unwrap();
    let app = practice(&session).await;
    clerk::enrol(&app, "김서연", "01028414821").await;
    clerk::open_pay_window(&app).await;
    let script = "const done = arguments[arguments.length - 1];
        const call = window.__TAURI_INTERNALS__?.invoke;
        if (!call) done('absent');
        else call('rpc', { command: 'app_state', body: {} }).then((value) => done(['answered', value]), (why) => done(String(why)))";
    let said = app.client().execute_async(script, Vec::new()).await.unwrap();
    let refused = said.as_str().is_some_and(|why| why == "absent" || why.contains("not allowed"));
    assert!(refused, "the pay window was answered: {said}");
    // The main window, by the same call, is answered: the question itself is a good one.
    app.switch_to_main().await.unwrap();
    let said: Value = app.client().execute_async(script, Vec::new()).await.unwrap();
    assert_eq!(said[0], "answered", "{said}");
    app.close().await.unwrap();
}
