//! The counter's work in the practice book.

use pointill_tests::screen::SOON;
use pointill_tests::session::Session;
use serde_json::{Value, json};

use crate::clerk;

const ENTER: &str = "\u{e007}";

#[tokio::test]
async fn the_whole_job_is_done_by_keyboard_and_a_double_enter_is_one_charge_and_one_use() {
    let session = Session::start().await.unwrap();
    let app = clerk::practice(&session).await;
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
    let app = clerk::practice(&session).await;
    clerk::enrol(&app, "김서연", "01028414821").await;
    clerk::open_pay_window(&app).await;
    app.by_css("div.imp-dialog iframe").await.unwrap();
    app.client().close_window().await.unwrap();
    app.switch_to_main().await.unwrap();
    app.wait_closed(|window| window.url.contains("/pay/"), clerk::SETTLED).await.unwrap();
    // Nobody presses 다시 확인: the close itself is what leads the till to look.
    let charge = clerk::waiting(&app).await;
    assert_eq!(clerk::hints(&app, &charge, "window_closed").await, ["window_closed"]);
    app.wait_attr("charge-state", "data-state", "open", SOON).await.unwrap();
    let text = app.text("charge-state").await.unwrap();
    assert!(!text.contains("완료") && !text.contains("실패"), "{text}");
    app.close().await.unwrap();
}

#[tokio::test]
async fn a_declined_card_is_failed_in_the_pgs_words_and_a_lost_callback_credits_all_the_same() {
    let session = Session::start().await.unwrap();
    let app = clerk::practice(&session).await;
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
async fn what_the_pay_window_answers_is_a_hint_before_the_window_is_closed() {
    let session = Session::start().await.unwrap();
    let app = clerk::practice(&session).await;
    clerk::enrol(&app, "김서연", "01028414821").await;
    clerk::open_pay_window(&app).await;
    let charge = clerk::waiting(&app).await;
    app.switch_to_pay_window(clerk::SETTLED).await.unwrap();
    // Given up: the window stays, and may be opened again in it.
    clerk::approve(&app, "#sim-giveup").await;
    assert_eq!(clerk::hints(&app, &charge, "callback").await, ["callback"]);
    app.switch_to_pay_window(clerk::SETTLED).await.unwrap();
    app.client().close_window().await.unwrap();
    assert_eq!(clerk::hints(&app, &charge, "window_closed").await, ["callback", "window_closed"]);
    app.close().await.unwrap();
}

#[tokio::test]
async fn a_sum_that_was_changed_in_the_page_is_refused_and_credits_nothing() {
    let session = Session::start().await.unwrap();
    let app = clerk::practice(&session).await;
    clerk::enrol(&app, "김서연", "01028414821").await;
    clerk::open_pay_window(&app).await;
    app.by_css("div.imp-dialog iframe").await.unwrap();
    let script = "const done = arguments[0];
        const { pay } = JSON.parse(document.getElementById('order').textContent);
        const asked = pay.amount;
        window.IMP.request_pay({ ...pay, amount: 100 }, (answer) => done({ asked, ...answer }));";
    let answer: Value = app.client().execute_async(script, Vec::new()).await.unwrap();
    assert_eq!(answer["asked"], 10_000, "{answer}");
    assert!(answer["error_code"].is_string() && answer["success"] != true, "{answer}");
    let charge = clerk::waiting(&app).await;
    let view = clerk::ask(&app, "charge_settle", json!({ "chargeId": charge["chargeId"] })).await;
    assert!(view["state"] != "credited" && view["transactionId"].is_null(), "{view}");
    let card = clerk::ask(&app, "member_card", json!({ "memberId": charge["memberId"] })).await;
    assert_eq!(card["balance"], 0, "{card}");
    app.close().await.unwrap();
}

#[tokio::test]
async fn a_payment_companys_script_finds_an_ordinary_browser_and_the_main_page_cannot_be_bent() {
    let session = Session::start().await.unwrap();
    let app = clerk::practice(&session).await;
    clerk::enrol(&app, "김서연", "01028414821").await;
    clerk::open_pay_window(&app).await;
    // What libraries do: a method of their own for a class, under a name that every object has.
    let script = "'use strict';
        const frozen = Object.isFrozen(Object.prototype);
        try { const Own = function () {}; Own.prototype.toString = () => 'own'; return [frozen, String(new Own())]; }
        catch (error) { return [frozen, String(error)]; }";
    assert_eq!(app.script(script).await.unwrap(), json!([false, "own"]));
    app.switch_to_main().await.unwrap();
    assert_eq!(app.script(script).await.unwrap()[0], true);
    app.close().await.unwrap();
}

#[tokio::test]
async fn the_pay_window_can_call_nothing() {
    let session = Session::start().await.unwrap();
    let app = clerk::practice(&session).await;
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
