//! Answers that are none.

use portone::PortoneError;
use serde_json::json;

use crate::script::{Reply, Scripted, envelope, page, payment, refusal};

const ALL: &str = "GET /payments/findAll/order-1";

async fn said(reply: Reply) -> PortoneError {
    let portone = Scripted::start().await;
    portone.on(ALL, vec![reply]);
    portone.client().payments_of("order-1").await.unwrap_err()
}

#[tokio::test]
async fn the_status_and_the_code_are_both_looked_at() {
    let refused = said(Reply::Says(200, refusal(1, "안 됩니다"))).await;
    assert!(
        matches!(&refused, PortoneError::Refused { status: 200, code: 1, message } if message == "안 됩니다"),
        "{refused}"
    );
    let error = said(Reply::Says(400, envelope(json!({ "list": [] })))).await;
    assert!(matches!(error, PortoneError::Odd { .. }), "{error}");
    for status in [201, 204, 207] {
        let error = said(Reply::Says(status, envelope(json!({ "list": [], "next": 0 })))).await;
        assert!(matches!(error, PortoneError::Odd { .. }), "{status}: {error}");
    }
    for body in [
        "{}",
        "[]",
        "null",
        r#"{"code":0,"message":null,"response":null}"#,
        r#"{"code":0,"message":null}"#,
        r#"{"code":null,"response":{"list":[],"next":0}}"#,
        r#"{"code":false,"response":{"list":[],"next":0}}"#,
        r#"{"code":"0","response":{"list":[],"next":0}}"#,
        r#"{"code":0.1,"response":{"list":[],"next":0}}"#,
        r#"{"code":1,"code":0,"response":{"list":[],"next":0}}"#,
    ] {
        let error = said(Reply::Says(200, body.to_owned())).await;
        assert!(matches!(error, PortoneError::Odd { .. }), "{body}: {error}");
    }
}

#[tokio::test]
async fn trouble_is_told_apart() {
    for status in [500, 502, 503] {
        let error = said(Reply::Says(status, "<html>".to_owned())).await;
        assert!(matches!(error, PortoneError::Down { status: down } if down == status), "{error}");
    }
    let busy = said(Reply::Patience("30")).await;
    assert!(matches!(busy, PortoneError::Busy { retry_after_s: Some(30) }), "{busy}");
}

#[tokio::test]
async fn an_answer_that_does_not_come_or_does_not_end_is_given_up() {
    let portone = Scripted::start().await;
    for reply in [Reply::Silence, Reply::Stall(r#"{"code":0,"#.to_owned())] {
        portone.on(ALL, vec![reply]);
        let slow = portone.client_in_a_hurry().payments_of("order-1").await;
        assert!(matches!(slow, Err(PortoneError::TimedOut { call: "findAll" })), "{slow:?}");
    }
}

#[tokio::test]
async fn patience_without_a_number_of_seconds_is_still_patience() {
    for after in ["Mon, 23 Nov 2026 03:00:30 GMT", "-1", ""] {
        let busy = said(Reply::Patience(after)).await;
        assert!(matches!(busy, PortoneError::Busy { retry_after_s: None }), "{after}: {busy}");
    }
}

#[tokio::test]
async fn a_cut_answer_is_no_answer_even_where_what_came_is_whole() {
    let whole = page(vec![], 0);
    for body in [r#"{"code":0,"message":null,"resp"#.to_owned(), whole.clone()] {
        for promised in [None, Some(body.len() + 100)] {
            let cut = said(Reply::Cut(body.clone(), promised)).await;
            assert!(matches!(cut, PortoneError::Odd { .. }), "{body} {promised:?}: {cut}");
        }
    }
}

#[tokio::test]
async fn an_answer_may_be_a_mebibyte_and_no_more() {
    let portone = Scripted::start().await;
    let frame = page(vec![], 0).replace("\"total\"", "\"x\":\"\",\"total\"");
    let of = |length: usize| {
        frame.replace("\"x\":\"\"", &format!("\"x\":\"{}\"", "x".repeat(length - frame.len())))
    };
    portone.says(ALL, 200, of(1 << 20));
    assert!(portone.client().payments_of("order-1").await.unwrap().is_empty());
    portone.says(ALL, 200, of((1 << 20) + 1));
    let error = portone.client().payments_of("order-1").await;
    assert!(matches!(error, Err(PortoneError::Odd { what: "too large" })), "{error:?}");
}

#[tokio::test]
async fn portones_words_are_bounded_and_cannot_write_lines_of_their_own() {
    let said = said(Reply::Says(200, refusal(1, &format!("x\n\u{1b}[31m{}", "가".repeat(10_000))))).await;
    let PortoneError::Refused { message, .. } = said else { unreachable!("{said}") };
    assert_eq!(message.chars().count(), 200);
    assert!(!message.contains(char::is_control), "{message}");
}

#[tokio::test]
async fn a_captive_portal_a_garbled_a_huge_and_a_redirected_answer_are_no_answers() {
    let twice = page(vec![payment("imp_1", "order-1", json!({}))], 0)
        .replace("\"amount\":10000", "\"amount\":10000,\"amount\":10000");
    assert_eq!(twice.matches("\"amount\"").count(), 2);
    for reply in [
        Reply::Says(200, "<html>Wi-Fi 로그인</html>".to_owned()),
        Reply::Says(200, r#"{"code":0,"message":null,"response":{"#.to_owned()),
        Reply::Says(200, twice),
        Reply::Says(200, format!(r#"{{"code":0,"x":"{}"}}"#, "x".repeat(2 << 20))),
        Reply::Says(200, "[".repeat(100_000)),
        Reply::Redirect("http://127.0.0.1:9/elsewhere".to_owned()),
    ] {
        let error = said(reply).await;
        assert!(matches!(error, PortoneError::Odd { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_portone_that_is_not_there_is_unreachable() {
    let portone = Scripted::start().await;
    let gone = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let client = portone.client_of(portone::Endpoint::test_at(&gone).unwrap());
    assert!(matches!(client.connect().await, Err(PortoneError::Unreachable { .. })));
}
