//! Between payment and settling: what leads the till to look, and an app that dies there.

use pointill_tests::session::Session;
use pointill_tests::sim::Sim;
use serde_json::json;

use crate::clerk;

async fn answer_no_look_up(sim: &Sim) {
    for path in ["/payments/findAll/*", "/payments/imp_*"] {
        sim.post("/_sim/faults", &json!({ "path": path, "status": 503, "times": 0 })).await.unwrap();
    }
}

#[tokio::test]
async fn an_approval_is_a_hint_and_the_till_that_closes_the_window_tells_itself_nothing() {
    let (session, sim) = (Session::start().await.unwrap(), clerk::portone().await);
    let app = clerk::app(&session, &session.home().join("data"), &sim).await;
    clerk::connect(&app).await;
    clerk::enrol(&app, "김서연", "01028414821").await;
    clerk::open_pay_window(&app).await;
    let charge = clerk::waiting(&app).await;
    // Until the window has answered, no timer finds the payment first.
    answer_no_look_up(&sim).await;
    app.switch_to_pay_window(clerk::SETTLED).await.unwrap();
    clerk::approve(&app, "#sim-approve").await;
    clerk::hints(&app, &charge, "callback").await;
    sim.delete("/_sim/faults").await.unwrap();
    app.wait_attr("charge-state", "data-state", "credited", clerk::SETTLED).await.unwrap();
    app.wait_closed(|window| window.url.contains("/pay/"), clerk::SETTLED).await.unwrap();
    assert_eq!(clerk::hints(&app, &charge, "callback").await, ["callback"]);
    app.close().await.unwrap();
}

#[tokio::test]
async fn an_app_that_is_killed_between_payment_and_settling_credits_once_by_itself_at_the_next_start() {
    let (session, sim) = (Session::start().await.unwrap(), clerk::portone().await);
    let data = session.home().join("data");
    let app = clerk::app(&session, &data, &sim).await;
    clerk::connect(&app).await;
    clerk::enrol(&app, "김서연", "01028414821").await;
    clerk::open_pay_window(&app).await;
    // From here on PortOne answers no look-up, so that the payment cannot be settled before the end.
    answer_no_look_up(&sim).await;
    clerk::approve(&app, "#sim-approve").await;
    app.switch_to_main().await.unwrap();
    app.wait_attr("charge-state", "data-state", "unknown", clerk::SETTLED).await.unwrap();
    app.kill().await.unwrap();
    sim.delete("/_sim/faults").await.unwrap();

    for _ in 0..2 {
        let app = clerk::app(&session, &data, &sim).await;
        app.fill("search", "4821").await.unwrap();
        app.click("member-row").await.unwrap();
        clerk::balance(&app, "10000").await;
        app.close().await.unwrap();
    }
}
