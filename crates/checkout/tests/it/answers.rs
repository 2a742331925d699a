//! What comes back from the pay window: hints, and whether the page may try again.

use checkout::Hint;
use reqwest::{Response, StatusCode};

use crate::shop::{CHARGE, Shop, data, json, order};

const PAID: &str = r#"{"imp_uid":"imp_1","merchant_uid":"someone-elses","error_code":null,"error_msg":null}"#;
const LEFT: &str =
    r#"{"imp_uid":null,"error_code":"F400","error_msg":"[결제포기] 사용자가 결제를 취소하셨습니다"}"#;

async fn again(response: Response) -> bool {
    json(response).await["again"].as_bool().unwrap()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn charge() -> String {
    CHARGE.to_owned()
}

#[tokio::test]
async fn a_result_may_be_posted_twice_and_is_told_each_time() {
    let shop = Shop::new().await;
    let url = shop.checkout.open(order()).unwrap();
    for _ in 0..2 {
        assert!(!again(shop.result(&url, PAID).await).await);
    }
    let hint = Hint::Answered { charge: charge(), imp_uid: some("imp_1"), error_code: None, error_msg: None };
    assert_eq!(shop.told(), [hint.clone(), hint]);
}

#[tokio::test]
async fn after_a_result_without_error_the_page_never_opens_the_window_again() {
    let shop = Shop::new().await;
    let url = shop.checkout.open(order()).unwrap();
    assert!(shop.begin(&url, false).await);
    shop.result(&url, PAID).await;
    assert!(!again(shop.result(&url, LEFT).await).await, "a later refusal changes nothing");
    assert!(!shop.begin(&url, true).await);
    shop.told();
    let page = shop.get(&url).await.text().await.unwrap();
    assert_eq!(data(&page)["answer"], serde_json::json!({ "words": null, "again": false }));
    assert_eq!(shop.told(), [], "a page that is looked at after the answer tells nothing new");
}

#[tokio::test]
async fn an_order_that_portone_calls_paid_is_not_offered_again() {
    let shop = Shop::new().await;
    let url = shop.checkout.open(order()).unwrap();
    let body = r#"{"imp_uid":null,"error_code":"F1002","error_msg":"이미 결제가 이루어진 거래건입니다."}"#;
    assert!(!again(shop.result(&url, body).await).await);
    assert!(!shop.begin(&url, true).await);
}

#[tokio::test]
async fn after_a_refusal_a_person_may_try_again_and_a_reload_may_not() {
    let shop = Shop::new().await;
    let url = shop.checkout.open(order()).unwrap();
    assert!(shop.begin(&url, false).await);
    assert!(again(shop.result(&url, LEFT).await).await);
    assert!(!shop.begin(&url, false).await);
    let page = shop.get(&url).await.text().await.unwrap();
    let words = "[결제포기] 사용자가 결제를 취소하셨습니다";
    assert_eq!(data(&page)["answer"], serde_json::json!({ "words": words, "again": true }));
    assert!(shop.begin(&url, true).await);
}

#[tokio::test]
async fn a_reloaded_page_knows_that_the_window_was_opened() {
    let shop = Shop::new().await;
    let url = shop.checkout.open(order()).unwrap();
    shop.get(&url).await;
    assert!(shop.begin(&url, false).await, "looking at the page opened nothing");
    let page = shop.get(&url).await.text().await.unwrap();
    assert_eq!(data(&page)["begun"], true);
    assert!(!shop.begin(&url, false).await);
    assert!(shop.begin(&url, true).await);
}

#[tokio::test]
async fn a_redirect_is_heard_by_get_and_as_a_form_and_leads_back_to_the_page() {
    let shop = Shop::new().await;
    let url = shop.checkout.open(order()).unwrap();
    let base = url.strip_prefix(&shop.origin()).unwrap();
    let foreign = |request: reqwest::RequestBuilder| request.header("origin", "https://pg.example").send();

    let by_get = format!(
        "{url}/return?imp_uid=imp_9&merchant_uid=x&error_code=A%20B&error_msg=%ED%95%9C%EB%8F%84+%EC%B4%88%EA%B3%BC"
    );
    let response = foreign(shop.client.get(by_get)).await.unwrap();
    assert_eq!(
        (response.status(), &response.headers()["location"]),
        (StatusCode::SEE_OTHER, &base.parse().unwrap())
    );
    let refused = Hint::Returned {
        charge: charge(),
        imp_uid: some("imp_9"),
        error_code: some("A B"),
        error_msg: some("한도 초과"),
    };
    assert_eq!(shop.told(), [refused]);

    let by_form =
        shop.client.post(format!("{url}/return")).form(&[("imp_uid", "imp_9"), ("imp_success", "true")]);
    let response = foreign(by_form).await.unwrap();
    assert_eq!(
        (response.status(), &response.headers()["location"]),
        (StatusCode::SEE_OTHER, &base.parse().unwrap())
    );
    let paid = Hint::Returned { charge: charge(), imp_uid: some("imp_9"), error_code: None, error_msg: None };
    assert_eq!(shop.told(), [paid]);
    assert!(!shop.begin(&url, true).await);
}

#[tokio::test]
async fn a_missing_sdk_is_told_and_leaves_the_window_unopened() {
    let shop = Shop::new().await;
    let url = shop.checkout.open(order()).unwrap();
    assert_eq!(shop.result(&url, r#"{"sdk_failed":true,"imp_uid":"imp_1"}"#).await.status(), StatusCode::OK);
    assert_eq!(shop.told(), [Hint::SdkFailed { charge: charge() }]);
    assert!(shop.begin(&url, false).await);
}

#[tokio::test]
async fn what_is_told_is_short_and_cannot_be_seen_wrongly() {
    let shop = Shop::new().await;
    let url = shop.checkout.open(order()).unwrap();
    let body = serde_json::json!({
        "imp_uid": "i".repeat(10_000), "error_code": 4100,
        "error_msg": format!("\u{1b}[31m한도\n초과\u{202e}\u{0}{}", "가".repeat(500)),
    });
    shop.result(&url, &body.to_string()).await;
    let expected = Hint::Answered {
        charge: charge(),
        imp_uid: Some("i".repeat(200)),
        error_code: some("4100"),
        error_msg: Some(format!("[31m한도 초과{}", "가".repeat(191))),
    };
    assert_eq!(shop.told(), [expected]);
    shop.result(&url, r#"{"imp_uid":{"a":1},"error_code":["x"],"error_msg":" "}"#).await;
    let empty = Hint::Answered { charge: charge(), imp_uid: None, error_code: None, error_msg: None };
    assert_eq!(shop.told(), [empty]);
}

#[tokio::test]
async fn a_ticket_gives_twenty_hints_and_then_is_answered_without_being_heard() {
    let shop = Shop::new().await;
    let url = shop.checkout.open(order()).unwrap();
    for _ in 0..15 {
        shop.result(&url, LEFT).await;
        shop.get(&format!("{url}/return?error_msg=x")).await;
    }
    assert_eq!(shop.told().len(), 20);
    let response = shop.result(&url, LEFT).await;
    assert!(!again(response).await);
    assert_eq!(shop.told(), []);
}

#[tokio::test]
async fn a_page_that_is_shown_a_thousand_times_tells_it_twenty_times() {
    let shop = Shop::new().await;
    let url = shop.checkout.open(order()).unwrap();
    shop.client.head(&url).send().await.unwrap();
    assert_eq!(shop.told(), [], "a look at the headers shows no page");
    for _ in 0..300 {
        shop.get(&url).await;
    }
    assert_eq!(shop.told(), vec![Hint::Opened { charge: charge() }; 20]);
}

#[tokio::test]
async fn what_is_no_answer_is_refused_quietly() {
    let shop = Shop::new().await;
    let url = shop.checkout.open(order()).unwrap();
    for body in ["", "x", "[]", "1", "null", r#"{"imp_uid":"#] {
        assert_eq!(shop.result(&url, body).await.status(), StatusCode::BAD_REQUEST, "{body}");
    }
    assert_eq!(shop.told(), []);
}
