//! Answers that are none.

use portone::PortoneError;
use serde_json::json;

use crate::script::{Reply, Scripted, envelope, payment, refusal};

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
    for body in [
        "{}",
        "[]",
        "null",
        r#"{"code":0,"message":null,"response":null}"#,
        r#"{"code":"0","response":{"list":[]}}"#,
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
    let slow = said(Reply::Silence).await;
    assert!(matches!(slow, PortoneError::TimedOut { call: "findAll" }), "{slow}");
    let cut = said(Reply::Cut(r#"{"code":0,"message":null,"resp"#.to_owned())).await;
    assert!(matches!(cut, PortoneError::Unreachable { .. }), "{cut}");
}

#[tokio::test]
async fn a_captive_portal_a_garbled_a_huge_and_a_redirected_answer_are_no_answers() {
    let twice = envelope(payment("imp_1", "order-1", json!({})))
        .replace("\"amount\":10000", "\"amount\":10000,\"amount\":1");
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
