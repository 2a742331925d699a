use reqwest::Method;
use serde_json::{Value, json};

use crate::help::{World, config, world, world_with};

const PAGE: &str = "http://127.0.0.1:9999";

/// What the SDK does in `request_pay`.
async fn open(world: &World, mode: &str, params: Value) -> Value {
    let body = json!({ "user_code": "imp00000000", "mode": mode, "params": params });
    let response =
        world.request(Method::POST, "/sim/windows").header("Origin", PAGE).json(&body).send().await.unwrap();
    assert_eq!(response.headers()["access-control-allow-origin"], PAGE);
    response.json().await.unwrap()
}

async fn choose(world: &World, opened: &Value, choice: &str) -> Value {
    let path = format!("/sim/window/{}/choose", opened["id"].as_str().unwrap());
    world
        .request(Method::POST, &path)
        .json(&json!({ "choice": choice }))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap()
}

async fn status(world: &World, merchant_uid: &str) -> Value {
    world.get(&format!("/payments/find/{merchant_uid}")).await.1["response"]["status"].clone()
}

fn order(merchant_uid: &str) -> Value {
    json!({ "merchant_uid": merchant_uid, "amount": 5_000, "name": "포인트 충전", "pay_method": "card" })
}

#[tokio::test]
async fn a_payment_is_ready_while_its_window_is_open_and_paid_when_it_is_approved() {
    let world = world().await;
    let opened = open(&world, "iframe", order("m")).await;
    assert_eq!(status(&world, "m").await, "ready");
    let answer = choose(&world, &opened, "approve").await;
    assert_eq!(status(&world, "m").await, "paid");
    let result = &answer["result"];
    assert_eq!(
        (&result["success"], &result["paid_amount"]),
        (&json!(true), &json!(5_000)),
        "inicis has the long form"
    );
    assert_eq!(choose(&world, &opened, "decline").await, answer, "the first click counts");
}

#[tokio::test]
async fn a_modern_pg_tells_only_the_ids_and_an_error() {
    let world = world().await;
    let names = |result: &Value| -> Vec<String> { result.as_object().unwrap().keys().cloned().collect() };
    for (merchant_uid, choice, expected) in [
        ("a", "approve", vec!["imp_uid", "merchant_uid"]),
        ("b", "decline", vec!["error_code", "error_msg", "imp_uid", "merchant_uid"]),
    ] {
        let mut params = order(merchant_uid);
        params["channelKey"] = json!(world.channel("tosspayments", true).await);
        let opened = open(&world, "iframe", params).await;
        let mut found = names(&choose(&world, &opened, choice).await["result"]);
        found.sort();
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn giving_up_leaves_the_payment_ready() {
    let world = world().await;
    let opened = open(&world, "iframe", order("m")).await;
    let answer = choose(&world, &opened, "giveup").await;
    assert_eq!(answer["result"]["error_msg"], "[결제포기] 사용자가 결제를 취소하셨습니다");
    assert_eq!(status(&world, "m").await, "ready");
    let opened = open(&world, "iframe", order("m")).await;
    choose(&world, &opened, "approve").await;
    assert_eq!(status(&world, "m").await, "paid", "a new window may still pay");
}

#[tokio::test]
async fn silence_is_paid_or_not() {
    let world = world().await;
    for (merchant_uid, choice, expected) in [("a", "hang", "ready"), ("b", "approve-silent", "paid")] {
        let opened = open(&world, "popup", order(merchant_uid)).await;
        assert_eq!(choose(&world, &opened, choice).await["result"], json!(null));
        assert_eq!(status(&world, merchant_uid).await, expected);
        let path = format!("/sim/windows/{}/closed", opened["id"].as_str().unwrap());
        let closed =
            world.request(Method::POST, &path).header("Origin", PAGE).json(&json!({})).send().await.unwrap();
        assert_eq!(
            closed.json::<Value>().await.unwrap()["result"],
            json!(null),
            "nor when the popup is closed"
        );
    }
}

#[tokio::test]
async fn a_window_that_may_not_open_answers_without_an_imp_uid() {
    let world = world().await;
    world.post("/payments/prepare", json!({ "merchant_uid": "prepared", "amount": 7_000 })).await;
    world.pay(json!({ "merchant_uid": "paid", "amount": 5_000 })).await;
    let mut string = order("string");
    string["amount"] = json!("5000");
    let mut stranger = order("stranger");
    stranger["channelKey"] = json!("channel-key-of-nobody");
    for (params, code) in
        [(order("prepared"), "F400"), (order("paid"), "F1002"), (string, "F400"), (stranger, "NOT_READY")]
    {
        let result = open(&world, "iframe", params.clone()).await["result"].clone();
        assert_eq!((&result["imp_uid"], &result["error_code"]), (&json!(null), &json!(code)), "{result}");
        assert_eq!(result["merchant_uid"], params["merchant_uid"]);
    }
    assert_eq!(world.get("/payments/find/prepared").await.0, 404);
}

#[tokio::test]
async fn a_refused_window_of_a_modern_pg_says_no_success_either() {
    let world = world().await;
    world.pay(json!({ "merchant_uid": "paid", "amount": 5_000 })).await;
    for (provider, success) in [("tosspayments", None), ("nice_v2", None), ("kcp", Some(&json!(false)))] {
        let mut params = order("paid");
        params["channelKey"] = json!(world.channel(provider, true).await);
        let result = open(&world, "iframe", params).await["result"].clone();
        assert_eq!((&result["error_code"], result.get("success")), (&json!("F1002"), success), "{provider}");
    }
}

#[tokio::test]
async fn a_page_out_on_the_web_opens_and_approves_nothing() {
    let world = world().await;
    let opened = open(&world, "iframe", order("m")).await;
    let choice = format!("/sim/window/{}/choose", opened["id"].as_str().unwrap());
    let closed = format!("/sim/windows/{}/closed", opened["id"].as_str().unwrap());
    for origin in ["https://example.com", "http://localhost.example.com", "http://127.0.0.1.example.com:80"] {
        for path in ["/sim/windows", &choice, &closed] {
            let body = json!({ "params": order("n"), "choice": "approve" });
            let asked = world.request(Method::POST, path).header("Origin", origin).json(&body);
            let (status, _) = crate::help::send(asked).await;
            assert_eq!(status, 403, "{origin} {path}");
        }
    }
    assert_eq!((status(&world, "m").await, status(&world, "n").await), (json!("ready"), json!(null)));
    for origin in [world.sim.url().as_str(), "http://localhost:3000", "http://[::1]:3000"] {
        let asked = world.request(Method::POST, "/sim/windows").header("Origin", origin);
        let answer = asked.json(&json!({ "params": order(origin) })).send().await.unwrap();
        assert_eq!(answer.headers()["access-control-allow-origin"], origin);
        assert!(answer.json::<Value>().await.unwrap()["id"].is_string(), "{origin}");
    }
}

#[tokio::test]
async fn the_sdk_cannot_skip_the_checks() {
    let world = world().await;
    world.post("/payments/prepare", json!({ "merchant_uid": "m", "amount": 7_000 })).await;
    let mut params = order("m");
    params["force"] = json!(true);
    assert_eq!(open(&world, "iframe", params).await["result"]["error_code"], "F400");
}

#[tokio::test]
async fn on_a_phone_the_result_is_in_the_query_of_the_redirect() {
    let world = world().await;
    let mut params = order("m");
    params["m_redirect_url"] = json!("http://127.0.0.1:9999/done?a=1");
    params["channelKey"] = json!(world.channel("nice_v2", false).await);
    let opened = open(&world, "redirect", params).await;
    let answer = choose(&world, &opened, "giveup").await;
    let url = reqwest::Url::parse(answer["redirect"].as_str().unwrap()).unwrap();
    let query: std::collections::HashMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!((query["a"].as_str(), query["merchant_uid"].as_str()), ("1", "m"));
    assert_eq!(query["error_msg"], "[결제포기] 사용자가 결제를 취소하셨습니다");
    assert!(query["imp_uid"].starts_with("imp_") && !query.contains_key("imp_success"));
}

#[tokio::test]
async fn a_virtual_account_is_issued_not_paid() {
    let world = world().await;
    let mut params = order("m");
    params["pay_method"] = json!("vbank");
    params["vbank_due"] = json!("2026-11-30");
    let opened = open(&world, "iframe", params).await;
    let page = world.http.get(opened["url"].as_str().unwrap()).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("가상계좌 발급"));
    let result = choose(&world, &opened, "approve").await["result"].clone();
    assert_eq!((&result["success"], &result["status"]), (&json!(true), &json!("ready")));
    assert_eq!(result["vbank_date"], 1_796_050_799, "2026-11-30T23:59:59+09:00");
}

#[tokio::test]
async fn the_window_says_that_no_money_moves_and_has_its_buttons() {
    let world = world().await;
    let mut params = order("m");
    params["amount"] = json!(1_234_500);
    params["name"] = json!("<b>충전</b> {{amount}}");
    let opened = open(&world, "iframe", params).await;
    let response = world.http.get(opened["url"].as_str().unwrap()).send().await.unwrap();
    let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains(&format!("frame-ancestors {PAGE}")), "{policy}");
    let page = response.text().await.unwrap();
    for part in [
        "실제 결제가 아닙니다",
        "1,234,500",
        "&lt;b&gt;충전&lt;/b&gt; {{amount}}",
        "신용·체크카드",
        "KG이니시스",
    ] {
        assert!(page.contains(part), "{part}");
    }
    for id in ["sim-approve", "sim-decline", "sim-giveup", "sim-hang", "sim-approve-silent"] {
        assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
    }
    assert!(!page.contains("font.css"));
    let gone = format!("{}/sim/window/none", world.sim.url());
    assert_eq!(world.http.get(gone).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_font_is_served_if_one_is_given() {
    let font = b"wOF2".to_vec();
    let world = world_with(portone_sim::Config { font: Some(font.clone()), ..config() }).await;
    let opened = open(&world, "iframe", order("m")).await;
    let page = world.http.get(opened["url"].as_str().unwrap()).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("/sim/font.css"));
    let url = format!("{}/sim/font.woff2", world.sim.url());
    assert_eq!(world.http.get(url).send().await.unwrap().bytes().await.unwrap(), font);
}

#[tokio::test]
async fn the_sdk_script_is_served_with_the_channels_it_needs() {
    let world = world().await;
    let response = world.request(Method::GET, "/v1/iamport.js").send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/javascript; charset=UTF-8");
    let script = response.text().await.unwrap();
    assert!(script.contains("window.IMP") && script.contains("channel-key-"));
    assert!(script.contains("\"modern\":true") && script.contains("\"modern\":false"));
    assert!(!script.contains("/*CHANNELS*/"), "the channels were filled in");
}

#[tokio::test]
async fn a_page_without_an_http_origin_gets_no_window_and_rest_is_closed_to_pages() {
    let world = world().await;
    let body = json!({ "params": order("m") });
    let opaque = world.request(Method::POST, "/sim/windows").header("Origin", "null").json(&body);
    let response = opaque.send().await.unwrap();
    assert!(!response.headers().contains_key("access-control-allow-origin"));
    assert_eq!(response.status(), 403);
    let nobody = world.request(Method::POST, "/sim/windows").json(&body).send().await.unwrap();
    assert_eq!(nobody.json::<Value>().await.unwrap()["result"]["error_code"], "F400");
    let rest = world.request(Method::GET, "/users/pg").header("Origin", PAGE).bearer_auth(&world.token);
    assert!(!rest.send().await.unwrap().headers().contains_key("access-control-allow-origin"));
}
