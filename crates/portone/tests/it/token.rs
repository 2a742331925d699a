use std::sync::Arc;

use portone::PortoneError;
use serde_json::json;
use tokio::sync::Barrier;

use crate::script::{Reply, SERVER_NOW, Scripted, envelope, keys, refusal, token_answer};

const CHANNELS: &str = "GET /users/pg";
const TOKEN: &str = "POST /users/getToken";

#[tokio::test]
async fn one_token_serves_many_questions_and_two_at_once_ask_for_one() {
    let portone = Scripted::start().await;
    portone.says(CHANNELS, 200, envelope(json!([])));
    let client = portone.client();
    let (first, second) = tokio::join!(client.channels(), client.channels());
    assert!(first.is_ok() && second.is_ok() && client.channels().await.is_ok());
    assert_eq!((portone.count(TOKEN), portone.count(CHANNELS)), (1, 3));
    let (_, body) = &portone.asked()[0];
    assert_eq!(body, r#"{"imp_key":"the-key","imp_secret":"the-secret"}"#);
    assert!(portone.asked()[1].1.starts_with("Bearer token-1"));
}

#[tokio::test]
async fn a_token_with_less_than_a_minute_to_live_is_renewed_first() {
    let portone = Scripted::start().await;
    portone.says(CHANNELS, 200, envelope(json!([])));
    let client = portone.client();
    client.channels().await.unwrap();
    portone.clock.advance_s(1_800 - 61);
    client.channels().await.unwrap();
    assert_eq!(portone.count(TOKEN), 1);
    portone.clock.advance_s(2);
    client.channels().await.unwrap();
    assert_eq!(portone.count(TOKEN), 2);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_and_the_question_asked_again_once() {
    let portone = Scripted::start().await;
    let refused = || Reply::Says(401, refusal(-1, "Unauthorized"));
    portone.on(CHANNELS, vec![refused(), Reply::Says(200, envelope(json!([])))]);
    let client = portone.client();
    assert!(client.channels().await.is_ok());
    assert_eq!((portone.count(TOKEN), portone.count(CHANNELS)), (2, 2));
    assert!(portone.asked()[3].1.starts_with("Bearer token-2"));
    portone.on(CHANNELS, vec![refused()]);
    let error = client.channels().await.unwrap_err();
    assert!(matches!(error, PortoneError::KeysRefused { .. }), "{error}");
    assert_eq!((portone.count(TOKEN), portone.count(CHANNELS)), (3, 4));
}

#[tokio::test]
async fn refused_keys_are_told_apart_from_a_portone_that_is_not_there() {
    let portone = Scripted::start().await;
    for (status, body) in
        [(401, refusal(-1, "인증에 실패하였습니다.")), (400, refusal(-1, "누락")), (200, refusal(-1, "x"))]
    {
        portone.says(TOKEN, status, body);
        let error = portone.client().connect().await.unwrap_err();
        assert!(matches!(error, PortoneError::KeysRefused { .. }), "{status}: {error}");
    }
    portone.says(TOKEN, 503, "<html>".to_owned());
    assert!(matches!(portone.client().connect().await, Err(PortoneError::Down { status: 503 })));
}

#[tokio::test]
async fn portones_clock_is_carried_on_whatever_the_pc_says() {
    let portone = Scripted::start().await;
    let client = portone.client();
    assert_eq!(client.server_now_ms(), None);
    client.connect().await.unwrap();
    assert_eq!(client.server_now_ms(), Some(SERVER_NOW * 1_000));
    portone.clock.advance_s(90);
    assert_eq!(client.server_now_ms(), Some((SERVER_NOW + 90) * 1_000));
}

#[tokio::test]
async fn neither_keys_nor_errors_show_a_secret() {
    let portone = Scripted::start().await;
    portone.says(TOKEN, 401, refusal(-1, "no"));
    let error = portone.client().connect().await.unwrap_err();
    for text in [format!("{:?}", keys()), format!("{error:?} {error}")] {
        assert!(!text.contains("the-secret") && !text.contains("the-key"), "{text}");
    }
}

/// PortOne gives the same token again while it lives: what was already asked for anew is told by the question, not by
/// the token's text.
#[tokio::test]
async fn two_refused_at_once_ask_for_one_new_token_even_where_portone_gives_the_same_again() {
    let portone = Scripted::start().await;
    portone.says(TOKEN, 200, token_answer("same", SERVER_NOW, 1_800));
    let both = Arc::new(Barrier::new(2));
    let refused = Reply::Says(401, refusal(-1, "Unauthorized"));
    let together = Reply::Together(both, Box::new(refused));
    portone.on(CHANNELS, vec![together.clone(), together, Reply::Says(200, envelope(json!([])))]);
    let client = portone.client();
    client.connect().await.unwrap();
    let (first, second) = tokio::join!(client.channels(), client.channels());
    assert!(first.is_ok() && second.is_ok(), "{first:?} {second:?}");
    assert_eq!((portone.count(TOKEN), portone.count(CHANNELS)), (2, 4));
}

#[tokio::test]
async fn those_who_wait_for_a_token_that_does_not_come_do_not_each_ask_in_turn() {
    let portone = Scripted::start().await;
    portone.on(TOKEN, vec![Reply::Silence]);
    let client = portone.client_in_a_hurry();
    let (first, second, third) = tokio::join!(client.channels(), client.channels(), client.connect());
    for error in [first.unwrap_err(), second.unwrap_err(), third.unwrap_err()] {
        assert!(matches!(error, PortoneError::TimedOut { call: "getToken" }), "{error}");
    }
    assert_eq!(portone.count(TOKEN), 1);
    // Who comes later asks anew.
    portone.says(TOKEN, 200, token_answer("t", SERVER_NOW, 1_800));
    client.connect().await.unwrap();
    assert_eq!(portone.count(TOKEN), 2);
}

#[tokio::test]
async fn a_question_for_a_token_that_is_dropped_keeps_nobody_waiting() {
    let portone = Scripted::start().await;
    portone.on(TOKEN, vec![Reply::Silence, Reply::Says(200, token_answer("t", SERVER_NOW, 1_800))]);
    let client = portone.client();
    tokio::select! {
        biased;
        said = client.connect() => unreachable!("{said:?}"),
        () = asked(&portone, TOKEN) => {}
    }
    client.connect().await.unwrap();
}

/// Waits until it was asked, bounded by the runner's own patience: each turn gives the server its own.
async fn asked(portone: &Scripted, question: &str) {
    while portone.count(question) == 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_token_that_dies_in_the_middle_is_renewed_between_two_pages() {
    let portone = Scripted::start().await;
    let clock = Arc::clone(&portone.clock);
    let page = |next| Reply::Says(200, crate::script::page(vec![], next));
    let slow = Reply::after(move || clock.advance_s(1_790), page(2));
    portone.on("GET /payments/findAll/order-1", vec![slow, page(0)]);
    portone.client().payments_of("order-1").await.unwrap();
    assert_eq!(portone.count(TOKEN), 2);
    let asked = portone.asked();
    assert!(
        asked[1].1.starts_with("Bearer token-1") && asked[3].1.starts_with("Bearer token-2"),
        "{asked:?}"
    );
}

#[tokio::test]
async fn a_reused_token_lives_as_long_as_portone_says_by_its_own_clock() {
    let portone = Scripted::start().await;
    portone.says(CHANNELS, 200, envelope(json!([])));
    // An hour before what the last answer said, and with 100 seconds left: both are PortOne's to say.
    for skew in [3_600, -3_600] {
        portone.says(TOKEN, 200, token_answer("reused", SERVER_NOW + skew, 100));
        let client = portone.client();
        client.connect().await.unwrap();
        let before = portone.count(TOKEN);
        assert_eq!(client.server_now_ms(), Some((SERVER_NOW + skew) * 1_000));
        portone.clock.advance_s(39);
        client.channels().await.unwrap();
        assert_eq!(portone.count(TOKEN), before);
        portone.says(TOKEN, 200, token_answer("reused", SERVER_NOW + skew + 45, 400));
        portone.clock.advance_s(2);
        client.channels().await.unwrap();
        assert_eq!(portone.count(TOKEN), before + 1);
        // PortOne's clock is learnt anew with every token answer.
        assert_eq!(client.server_now_ms(), Some((SERVER_NOW + skew + 45) * 1_000));
    }
}

#[tokio::test]
async fn a_slow_answer_makes_the_tokens_life_shorter_and_portones_clock_never_ahead() {
    let portone = Scripted::start().await;
    portone.says(CHANNELS, 200, envelope(json!([])));
    let clock = Arc::clone(&portone.clock);
    let answer = Reply::Says(200, token_answer("t", SERVER_NOW, 1_800));
    portone.on(TOKEN, vec![Reply::after(move || clock.advance_s(8), answer)]);
    let client = portone.client();
    client.connect().await.unwrap();
    assert_eq!(client.server_now_ms(), Some(SERVER_NOW * 1_000));
    portone.clock.advance_s(1_800 - 60 - 8 - 1);
    client.channels().await.unwrap();
    assert_eq!(portone.count(TOKEN), 1);
    portone.clock.advance_s(1);
    client.channels().await.unwrap();
    assert_eq!(portone.count(TOKEN), 2);
}

#[tokio::test]
async fn a_401_that_is_no_envelope_is_worth_a_new_token_and_is_no_word_about_the_keys() {
    let portone = Scripted::start().await;
    let page = || Reply::Says(401, "<html>401</html>".to_owned());
    portone.on(CHANNELS, vec![page(), Reply::Says(200, envelope(json!([])))]);
    portone.client().channels().await.unwrap();
    portone.on(CHANNELS, vec![page()]);
    assert!(matches!(portone.client().channels().await, Err(PortoneError::Odd { .. })));
    portone.on(TOKEN, vec![page()]);
    assert!(matches!(portone.client().connect().await, Err(PortoneError::Odd { .. })));
}

#[tokio::test]
async fn keys_that_are_taken_back_in_the_middle_are_refused_keys() {
    let portone = Scripted::start().await;
    let client = portone.client();
    client.connect().await.unwrap();
    portone.says(CHANNELS, 401, refusal(-1, "Unauthorized"));
    portone.says(TOKEN, 401, refusal(-1, "인증에 실패하였습니다."));
    let error = client.channels().await.unwrap_err();
    assert!(matches!(&error, PortoneError::KeysRefused { message } if message.contains("인증")), "{error}");
    assert_eq!((portone.count(TOKEN), portone.count(CHANNELS)), (2, 1));
}

#[tokio::test]
async fn a_token_without_what_belongs_to_it_is_none() {
    let portone = Scripted::start().await;
    let whole = json!({ "access_token": "t", "now": SERVER_NOW, "expired_at": SERVER_NOW + 1_800 });
    for (name, value) in [
        ("access_token", json!(null)),
        ("access_token", json!("")),
        ("access_token", json!(1)),
        ("access_token", json!("a\r\nX-Y: z")),
        ("access_token", json!("토큰")),
        ("now", json!(null)),
        ("now", json!(0)),
        ("now", json!("1795402800")),
        ("now", json!(SERVER_NOW * 1_000)),
        ("expired_at", json!(null)),
        ("expired_at", json!(1.5)),
    ] {
        let mut said = whole.clone();
        said[name] = value.clone();
        portone.says(TOKEN, 200, envelope(said));
        let client = portone.client();
        let error = client.connect().await.unwrap_err();
        assert!(matches!(error, PortoneError::Odd { .. }), "{name} {value}: {error}");
        assert_eq!(client.server_now_ms(), None);
    }
}

#[tokio::test]
async fn a_portone_that_repeats_a_secret_does_not_get_it_into_an_error() {
    let portone = Scripted::start().await;
    portone.says(TOKEN, 401, refusal(-1, "imp_secret the-secret is wrong"));
    let error = portone.client().connect().await.unwrap_err();
    assert!(
        matches!(&error, PortoneError::KeysRefused { message } if message == "imp_secret … is wrong"),
        "{error}"
    );
    portone.says(TOKEN, 200, token_answer("a-token", SERVER_NOW, 1_800));
    for (status, code) in [(200, 1), (401, -1)] {
        portone.says(CHANNELS, status, refusal(code, "Bearer a-token"));
        let error = portone.client().channels().await.unwrap_err();
        assert!(!format!("{error:?} {error}").contains("a-token"), "{error:?}");
    }
}
