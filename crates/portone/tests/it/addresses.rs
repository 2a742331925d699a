use std::process::Command;
use std::time::Duration;

use portone::{Endpoint, Net, PortoneError, Timeouts};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::script::{Scripted, envelope};

#[test]
fn a_simulator_may_only_be_on_this_machine() {
    for url in ["http://127.0.0.1:8788", "http://localhost:8788", "http://[::1]:8788", "http://127.0.0.2:1/"]
    {
        assert!(Endpoint::test_at(url).is_ok(), "{url}");
    }
    for url in [
        "https://api.iamport.kr",
        "http://192.168.0.10:8788",
        "http://127.0.0.1.example.com",
        "http://user@127.0.0.1",
        "http://127.0.0.1/path",
        "ftp://127.0.0.1",
        "127.0.0.1:8788",
        "",
    ] {
        assert!(matches!(Endpoint::test_at(url), Err(PortoneError::BadAddress { .. })), "{url}");
    }
    assert!(Endpoint::practice("10.0.0.1:80".parse().unwrap()).is_err());
}

/// A proxy that answers the first question with these words. Gives its address, and what it was asked.
async fn proxy(words: &'static [u8]) -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://user:the-password@{}", listener.local_addr().unwrap());
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut heard = Vec::new();
        while !heard.ends_with(b"\r\n\r\n") {
            heard.push(stream.read_u8().await.unwrap());
        }
        stream.write_all(words).await.unwrap();
        String::from_utf8(heard).unwrap()
    });
    (address, asked)
}

/// The live and the test constructor take no address; over a proxy one sees where they go.
#[tokio::test]
async fn live_and_test_ask_portone_itself_and_a_proxy_cannot_answer_in_its_place() {
    let here = Scripted::start().await;
    for endpoint in [Endpoint::live(), Endpoint::test()] {
        for words in [
            b"HTTP/1.1 502 Bad Gateway\r\n\r\n".as_slice(),
            // A captive portal: it says yes, and then speaks plain HTTP where PortOne would speak TLS.
            b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        ] {
            let (address, asked) = proxy(words).await;
            let client = here.client_over(endpoint.clone(), &Net { proxy: Some(address) });
            let error = client.connect().await.unwrap_err();
            assert!(matches!(error, PortoneError::Unreachable { .. }), "{error:?}");
            assert!(!format!("{error:?}").contains("the-password"), "{error:?}");
            let asked = asked.await.unwrap();
            assert!(asked.starts_with("CONNECT api.iamport.kr:443 HTTP/1.1\r\n"), "{asked}");
        }
    }
    assert!(here.asked().is_empty());
}

#[tokio::test]
async fn no_proxy_is_on_the_way_to_this_machine() {
    let portone = Scripted::start().await;
    let nowhere = Net { proxy: Some("http://127.0.0.1:9".to_owned()) };
    let endpoint = Endpoint::test_at(&portone.url).unwrap();
    portone.client_over(endpoint, &nowhere).connect().await.unwrap();
}

#[tokio::test]
async fn a_proxy_that_is_no_address_is_refused_and_its_password_not_shown() {
    let portone = Scripted::start().await;
    let net = Net { proxy: Some("http://user:the-password@[".to_owned()) };
    assert!(!format!("{net:?}").contains("the-password"), "{net:?}");
    let clock: std::sync::Arc<dyn portone::Clock> = portone.clock.clone();
    let refused = portone::Portone::new(Endpoint::live(), crate::script::keys(), &net, clock);
    let Err(error) = refused else { unreachable!("a proxy without an address") };
    assert!(matches!(error, PortoneError::BadAddress { .. }), "{error:?}");
    assert!(!format!("{error:?}").contains("the-password"), "{error:?}");
}

/// The environment of a process cannot be changed safely, so this test runs the next one in a process of its own.
#[test]
fn the_systems_proxy_is_not_used() {
    let mut child = Command::new(std::env::current_exe().unwrap());
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        child.env(name, "http://127.0.0.1:9");
    }
    for name in ["NO_PROXY", "no_proxy", "REQUEST_METHOD"] {
        child.env_remove(name);
    }
    let name = "addresses::in_a_process_with_a_proxy_in_its_environment";
    let done = child.args(["--exact", name, "--include-ignored"]).output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success() && said.contains("1 passed"), "{said}");
}

#[tokio::test]
#[ignore = "the test before this one runs it"]
async fn in_a_process_with_a_proxy_in_its_environment() {
    Scripted::start().await.client().connect().await.unwrap();
}

#[tokio::test]
async fn a_question_says_who_asks_and_wants_nothing_packed_or_kept() {
    let portone = Scripted::start().await;
    portone.says("GET /users/pg", 200, envelope(json!([])));
    portone.client().channels().await.unwrap();
    for headers in portone.headers() {
        let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(header("user-agent"), Some(format!("Pointill/{}", env!("CARGO_PKG_VERSION"))));
        assert_eq!(header("cache-control").as_deref(), Some("no-store"));
        assert_eq!(header("accept-encoding"), None);
        assert_eq!(header("cookie"), None);
    }
    assert_eq!(portone.headers()[0].get("content-type").unwrap(), "application/json");
    assert_eq!(portone.headers()[0].get("authorization"), None);
}

#[test]
fn each_call_has_the_time_that_was_decided_for_it() {
    let Timeouts { connect, token, prepare, look_up, channels, cancel } = Timeouts::default();
    let all = [connect, token, prepare, look_up, channels, cancel].map(|timeout: Duration| timeout.as_secs());
    assert_eq!(all, [5, 10, 10, 15, 15, 40]);
}
