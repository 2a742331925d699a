//! The real app dies between payment and settling.

use pointill_tests::session::Session;
use serde_json::json;

use crate::clerk;

#[tokio::test]
async fn an_app_that_is_killed_between_payment_and_settling_credits_once_by_itself_at_the_next_start() {
    let (session, sim) = (Session::start().await.unwrap(), clerk::portone().await);
    let data = session.home().join("data");
    let app = clerk::app(&session, &data, &sim).await;
    clerk::connect(&app).await;
    clerk::enrol(&app, "김서연", "01028414821").await;
    clerk::open_pay_window(&app).await;
    // From here on PortOne answers no look-up, so that the payment cannot be settled before the end.
    for path in ["/payments/findAll/*", "/payments/imp_*"] {
        sim.post("/_sim/faults", &json!({ "path": path, "status": 503, "times": 0 })).await.unwrap();
    }
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
