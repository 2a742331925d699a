//! Who is let in at all: Host, Origin, sizes, and the headers on every answer.

use reqwest::{Method, StatusCode};

use crate::shop::{Shop, order};

const CSP: &str = "object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

fn routes(base: &str, origin: &str) -> Vec<(Method, String)> {
    vec![
        (Method::GET, base.to_owned()),
        (Method::HEAD, base.to_owned()),
        (Method::POST, format!("{base}/begin")),
        (Method::POST, format!("{base}/result")),
        (Method::GET, format!("{base}/return?imp_uid=imp_1")),
        (Method::POST, format!("{base}/return")),
        (Method::GET, format!("{origin}/pay.js")),
        (Method::GET, format!("{origin}/pay.css")),
        (Method::GET, format!("{origin}/font.woff2")),
        (Method::GET, format!("{origin}/")),
        (Method::GET, format!("{origin}/nothing/here")),
        (Method::OPTIONS, format!("{base}/result")),
    ]
}

#[tokio::test]
async fn a_request_that_names_another_host_is_refused_on_every_route() {
    let shop = Shop::new().await;
    let url = shop.checkout.open(order()).unwrap();
    let port = shop.checkout.addr().port();
    let strangers = [
        format!("localhost:{port}"),
        "127.0.0.1".to_owned(),
        format!("shop.example:{port}"),
        "127.0.0.1:1".to_owned(),
    ];
    for host in strangers {
        for (method, route) in routes(&url, &shop.origin()) {
            let request =
                shop.own(method.clone(), &route).header("host", &host).body(r#"{"imp_uid":"imp_1"}"#);
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), StatusCode::MISDIRECTED_REQUEST, "{method} {route} {host}");
            assert_eq!(response.headers()["content-security-policy"], CSP);
            assert_eq!(response.text().await.unwrap(), "");
        }
    }
    assert_eq!(shop.told(), []);
}

#[tokio::test]
async fn two_hosts_or_a_foreign_address_in_the_request_line_are_refused() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let shop = Shop::new().await;
    let own = shop.checkout.addr();
    for head in [
        format!("GET /pay.js HTTP/1.1\r\nHost: {own}\r\nHost: evil.example\r\n\r\n"),
        format!("GET http://evil.example/pay.js HTTP/1.1\r\nHost: {own}\r\n\r\n"),
        "GET /pay.js HTTP/1.0\r\n\r\n".to_owned(),
    ] {
        let mut stream = tokio::net::TcpStream::connect(own).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 421") || answer.starts_with("HTTP/1.0 421"),
            "{head:?}: {answer}"
        );
    }
}

#[tokio::test]
async fn a_result_from_another_origin_or_from_none_is_refused() {
    let shop = Shop::new().await;
    let url = shop.checkout.open(order()).unwrap();
    let port = shop.checkout.addr().port();
    let origins = [
        None,
        Some("null".to_owned()),
        Some(format!("http://localhost:{port}")),
        Some(format!("https://127.0.0.1:{port}")),
        Some(format!("http://127.0.0.1:{port}.evil.example")),
        Some("http://127.0.0.1".to_owned()),
    ];
    for origin in origins {
        for (route, body) in [("begin", r#"{"again":true}"#), ("result", r#"{"imp_uid":"imp_1"}"#)] {
            let mut request = shop.client.post(format!("{url}/{route}")).body(body);
            if let Some(origin) = &origin {
                request = request.header("origin", origin);
            }
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), StatusCode::FORBIDDEN, "{route} {origin:?}");
            assert_eq!(response.text().await.unwrap(), "");
        }
    }
    // Two of them, ours first: whoever sends that is no browser.
    let both =
        shop.client.post(format!("{url}/result")).header("origin", shop.origin()).header("origin", "null");
    assert_eq!(both.body("{}").send().await.unwrap().status(), StatusCode::FORBIDDEN);
    assert_eq!(shop.told(), []);
    assert!(shop.begin(&url, false).await, "a refused `begin` counts for nothing");
}

#[tokio::test]
async fn a_body_above_sixteen_kibibytes_is_not_read() {
    let shop = Shop::new().await;
    let url = shop.checkout.open(order()).unwrap();
    for route in ["result", "begin", "return"] {
        let body = format!("{{\"error_msg\":\"{}\"}}", "x".repeat(17 * 1_024));
        let response = shop.own(Method::POST, &format!("{url}/{route}")).body(body).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE, "{route}");
    }
    assert_eq!(shop.told(), []);
    let fits = format!("{{\"error_msg\":\"{}\"}}", "x".repeat(16_000));
    assert_eq!(shop.result(&url, &fits).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn every_answer_carries_exactly_these_headers() {
    let shop = Shop::new().await;
    let url = shop.checkout.open(order()).unwrap();
    for (method, route) in routes(&url, &shop.origin()) {
        let response = shop.own(method, &route).body(r#"{"again":true}"#).send().await.unwrap();
        let headers = response.headers();
        assert_eq!(headers["content-security-policy"], CSP, "{route}");
        assert_eq!(headers["cache-control"], "no-store", "{route}");
        assert_eq!(headers["referrer-policy"], "strict-origin-when-cross-origin", "{route}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{route}");
        assert_eq!(headers["connection"], "close", "{route}");
        assert!(!headers.keys().any(|name| name.as_str().starts_with("access-control")), "{route}");
        assert!(!headers.contains_key("set-cookie"), "{route}");
    }
}

#[tokio::test]
async fn it_listens_on_this_machine_only_and_stops_when_the_last_handle_is_dropped() {
    let shop = Shop::new().await;
    let addr = shop.checkout.addr();
    assert!(addr.ip().is_loopback() && addr.port() != 0);
    let copy = shop.checkout.clone();
    drop(shop);
    assert!(tokio::net::TcpStream::connect(addr).await.is_ok());
    drop(copy);
    let gone = async {
        while tokio::net::TcpStream::connect(addr).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), gone).await.unwrap();
}
