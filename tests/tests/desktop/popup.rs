//! Some payment companies open a window of their own from the pay window.

use pointill_tests::session::Session;

use crate::clerk;

#[tokio::test]
async fn a_payment_companys_own_window_opens_answers_and_closes_with_the_pay_window() {
    let (session, sim) = (Session::start().await.unwrap(), clerk::portone().await);
    let data = session.home().join("data");
    let app = clerk::app(&session, &data, &sim).await;
    clerk::connect_to(&app, "페이코").await;
    clerk::enrol(&app, "김서연", "01028414821").await;
    clerk::open_pay_window(&app).await;
    app.switch_to(|window| window.url.contains("/sim/window"), clerk::SETTLED).await.unwrap();
    app.click_css("#sim-approve").await.unwrap();
    app.switch_to_main().await.unwrap();
    app.wait_attr("charge-state", "data-state", "credited", clerk::SETTLED).await.unwrap();
    // Nothing of the payment is left on the screen.
    app.wait_closed(|window| !window.url.contains("tauri"), clerk::SETTLED).await.unwrap();
    app.close().await.unwrap();
}
