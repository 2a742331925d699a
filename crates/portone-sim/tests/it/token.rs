use std::sync::{Arc, atomic::AtomicI64};

use portone_sim::{Config, DEFAULT_IMP_KEY, DEFAULT_IMP_SECRET};
use reqwest::Method;
use serde_json::json;

use crate::help::{START, Still, config, send, world, world_with};

#[tokio::test]
async fn a_token_is_the_same_for_all_who_ask_until_it_ends() {
    let world = world().await;
    let first = world.fetch_token().await;
    assert_eq!(first["now"], START);
    assert_eq!(first["expired_at"], START + 1800);
    let value = first["access_token"].as_str().unwrap();
    assert_eq!((value.len(), value.chars().all(|c| c.is_ascii_hexdigit())), (40, true));

    world.sim.control().advance_clock(1000);
    let second = world.fetch_token().await;
    assert_eq!(
        (&second["access_token"], &second["expired_at"]),
        (&first["access_token"], &first["expired_at"])
    );
    assert_eq!(second["now"], START + 1000);
}

#[tokio::test]
async fn a_token_with_less_than_a_minute_left_lives_five_minutes_longer() {
    let world = world().await;
    let first = world.fetch_token().await;
    world.sim.control().advance_clock(1740);
    assert_eq!(world.fetch_token().await["expired_at"], START + 1800, "a full minute is left");
    world.sim.control().advance_clock(1);
    let longer = world.fetch_token().await;
    assert_eq!(longer["access_token"], first["access_token"]);
    assert_eq!(longer["expired_at"], START + 2100);
}

#[tokio::test]
async fn an_ended_token_is_a_401_and_the_next_one_is_new() {
    let world = world().await;
    let first = world.fetch_token().await;
    world.sim.control().advance_clock(1799);
    assert_eq!(world.get("/users/pg").await.0, 200);
    world.sim.control().advance_clock(1);
    assert_eq!(world.get("/users/pg").await.0, 401);
    let second = world.fetch_token().await;
    assert_ne!(second["access_token"], first["access_token"]);
    assert_eq!(second["expired_at"], START + 3600);
    assert_eq!(world.get("/users/pg").await.0, 401, "the old one stays ended");
}

#[tokio::test]
async fn a_token_comes_in_four_ways() {
    let world = world().await;
    let ask = || world.request(Method::GET, "/users/pg");
    let query = world.request(Method::GET, &format!("/users/pg?_token={}", world.token));
    let ways = [
        ask().header("Authorization", format!("Bearer {}", world.token)),
        ask().header("Authorization", &world.token),
        ask().header("X-ImpTokenHeader", &world.token),
        query,
    ];
    for way in ways {
        assert_eq!(send(way).await.0, 200);
    }
    let log = world.sim.control().log();
    let ways: Vec<_> = log.as_array().unwrap().iter().filter_map(|record| record["token"].as_str()).collect();
    assert_eq!(ways, ["bearer", "raw", "header", "query"]);
    assert!(!log.to_string().contains(&world.token), "the log holds no token");
    assert!(!log.to_string().contains(DEFAULT_IMP_SECRET), "the log holds no secret");
}

#[tokio::test]
async fn a_secret_in_an_odd_place_is_not_in_the_log() {
    let secret = "s3cret & odd/한글";
    let world = world_with(Config { imp_secret: secret.to_owned(), ..config() }).await;
    let token = world.token.clone();
    world.sim.control().advance_clock(1800);
    let second = world.fetch_token_with(secret).await["access_token"].as_str().unwrap().to_owned();
    assert_ne!(token, second);
    let ask = |path: &str| world.request(Method::POST, path);
    let encoded = reqwest::Url::parse_with_params("http://a/", [("x", secret)]).unwrap();
    let encoded = encoded.query().unwrap().trim_start_matches("x=").to_owned();
    let sent = [
        ask(&format!("/users/getToken?q={encoded}&access_token={token}")),
        ask(&format!("/payments/{second}")),
        ask(&format!("/payments/{encoded}")),
        ask("/users/getToken").header("content-type", "text/plain").body(format!("secret {secret}")),
        ask("/users/getToken").header("content-type", format!("text/{token}")).body("a=b"),
        ask("/payments/prepare").json(&json!({ "deep": [{ "er": format!("<{secret}>") }], secret: token })),
        ask("/users/getToken").json(&json!({ "impSecret": "somebody's real one", "imp_key": "k" })),
        ask("/users/getToken?api_secret=somebody%27s+real+one"),
    ];
    for request in sent {
        request.send().await.unwrap();
    }
    let log = world.sim.control().log().to_string();
    for hidden in [secret, "s3cret", &encoded, &token, &second, "real"] {
        assert!(!log.contains(hidden), "{hidden} is in {log}");
    }
    assert!(log.contains("\"imp_key\":\"k\""), "the rest is there: {log}");
}

#[tokio::test]
async fn without_a_good_token_every_endpoint_is_a_401() {
    let world = world().await;
    let paths = [
        (Method::GET, "/users/pg"),
        (Method::GET, "/payments/imp_1"),
        (Method::GET, "/payments?imp_uid[]=imp_1"),
        (Method::GET, "/payments/find/m"),
        (Method::GET, "/payments/findAll/m/paid"),
        (Method::GET, "/payments/status/paid"),
        (Method::GET, "/payments/prepare/m"),
        (Method::POST, "/payments/prepare"),
        (Method::PUT, "/payments/prepare"),
        (Method::POST, "/payments/cancel"),
    ];
    for (method, path) in paths {
        let (status, answer) = send(world.request(method.clone(), path)).await;
        assert_eq!((status, &answer["code"]), (401, &json!(-1)), "{method} {path}");
        let wrong = world.request(method, path).bearer_auth("0".repeat(40));
        assert_eq!(send(wrong).await.0, 401);
    }
}

#[tokio::test]
async fn a_wrong_secret_is_a_401_and_a_missing_one_a_400() {
    let world = world().await;
    let ask = |body| world.post("/users/getToken", body);
    assert_eq!(ask(json!({ "imp_key": DEFAULT_IMP_KEY, "imp_secret": "wrong" })).await.0, 401);
    assert_eq!(ask(json!({ "imp_key": "wrong", "imp_secret": DEFAULT_IMP_SECRET })).await.0, 401);
    let (status, answer) = ask(json!({ "imp_key": DEFAULT_IMP_KEY })).await;
    assert_eq!(status, 400);
    assert_eq!(answer["message"], "imp_key, imp_secret 파라메터가 누락되었습니다.");
}

#[tokio::test]
async fn a_form_is_taken_as_well_as_json() {
    let world = world().await;
    let form = [("imp_key", DEFAULT_IMP_KEY), ("imp_secret", DEFAULT_IMP_SECRET)];
    assert_eq!(send(world.request(Method::POST, "/users/getToken").form(&form)).await.0, 200);
    let form = [("merchant_uid", "m"), ("amount", "5000")];
    let prepare = world.request(Method::POST, "/payments/prepare").bearer_auth(&world.token).form(&form);
    let (status, answer) = send(prepare).await;
    assert_eq!((status, &answer["response"]), (200, &json!({ "merchant_uid": "m", "amount": 5000 })));
    let broken = world.request(Method::POST, "/payments/prepare").bearer_auth(&world.token);
    let broken = broken.header("content-type", "application/json").body("{\"merchant_uid\":");
    assert_eq!(send(broken).await.0, 400);
}

#[tokio::test]
async fn portones_clock_may_be_an_hour_off_the_pcs() {
    let clock = Arc::new(Still(AtomicI64::new(START)));
    let world = world_with(Config { clock, clock_offset_seconds: -3600, ..config() }).await;
    let token = world.fetch_token().await;
    assert_eq!(token["now"], START - 3600);
    assert_eq!(token["expired_at"], START - 1800, "ended by the PC's clock, alive by PortOne's");
    assert_eq!(world.get("/users/pg").await.0, 200);
}
