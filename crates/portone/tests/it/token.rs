use portone::PortoneError;
use serde_json::json;

use crate::script::{Reply, SERVER_NOW, Scripted, envelope, keys, refusal};

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
