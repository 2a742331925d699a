//! A PortOne that follows a script.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use portone::{Clock, Endpoint, Keys, Net, Portone, Timeouts};
use serde_json::{Value, json};

pub(crate) struct Hand(AtomicU64);

impl Clock for Hand {
    fn monotonic_ms(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl Hand {
    pub(crate) fn advance_s(&self, seconds: u64) {
        self.0.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }
}

/// What is answered to one question.
#[derive(Clone)]
pub(crate) enum Reply {
    Says(u16, String),
    /// More is promised than comes.
    Cut(String),
    /// Nothing comes until the client gives up.
    Silence,
    /// Patience is asked for.
    Patience(&'static str),
    Redirect(String),
}

#[derive(Default)]
struct Desk {
    replies: HashMap<String, Vec<Reply>>,
    asked: Vec<(String, String)>,
    tokens: u64,
}

pub(crate) struct Scripted {
    pub(crate) url: String,
    pub(crate) clock: Arc<Hand>,
    desk: Arc<Mutex<Desk>>,
}

/// PortOne's clock when the tests begin: 2026-11-23T03:00:00Z.
pub(crate) const SERVER_NOW: i64 = 1_795_402_800;

pub(crate) fn envelope(response: Value) -> String {
    json!({ "code": 0, "message": null, "response": response }).to_string()
}

pub(crate) fn refusal(code: i64, message: &str) -> String {
    json!({ "code": code, "message": message, "response": null }).to_string()
}

impl Scripted {
    pub(crate) async fn start() -> Scripted {
        let desk = Arc::new(Mutex::new(Desk::default()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new().fallback(answer).with_state(Arc::clone(&desk));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Scripted { url, clock: Arc::new(Hand(AtomicU64::new(1_000_000))), desk }
    }

    /// The next replies to `GET /path`; the last one is repeated. (The query is not looked at.)
    pub(crate) fn on(&self, question: &str, replies: Vec<Reply>) {
        self.desk.lock().unwrap().replies.insert(question.to_owned(), replies);
    }

    pub(crate) fn says(&self, question: &str, status: u16, body: String) {
        self.on(question, vec![Reply::Says(status, body)]);
    }

    /// Questions so far, with their queries and bodies.
    pub(crate) fn asked(&self) -> Vec<(String, String)> {
        self.desk.lock().unwrap().asked.clone()
    }

    pub(crate) fn count(&self, question: &str) -> usize {
        self.asked().iter().filter(|(asked, _)| asked.split('?').next() == Some(question)).count()
    }

    pub(crate) fn client(&self) -> Portone {
        self.client_of(Endpoint::test_at(&self.url).unwrap())
    }

    pub(crate) fn client_of(&self, endpoint: Endpoint) -> Portone {
        let short = Duration::from_millis(400);
        let timeouts =
            Timeouts { connect: short, token: short, prepare: short, look_up: short, channels: short };
        let clock: Arc<dyn Clock> = self.clock.clone();
        Portone::with_timeouts(endpoint, keys(), &Net::default(), clock, timeouts).unwrap()
    }
}

pub(crate) fn keys() -> Keys {
    Keys { imp_key: "the-key".to_owned(), imp_secret: "the-secret".to_owned().into() }
}

async fn answer(State(desk): State<Arc<Mutex<Desk>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let question = format!("{} {}", parts.method, parts.uri.path());
    let query = parts.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_else(|_| Bytes::new());
    let token = parts
        .headers
        .get("authorization")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let reply = {
        let mut desk = desk.lock().unwrap();
        desk.asked.push((
            format!("{question}{query}"),
            format!("{token} {}", String::from_utf8_lossy(&body)).trim().to_owned(),
        ));
        match desk.replies.get_mut(&question) {
            Some(replies) if replies.len() > 1 => replies.remove(0),
            Some(replies) => replies[0].clone(),
            None if question == "POST /users/getToken" => {
                desk.tokens += 1;
                let token = format!("token-{}", desk.tokens);
                Reply::Says(
                    200,
                    envelope(
                        json!({ "access_token": token, "now": SERVER_NOW, "expired_at": SERVER_NOW + 1_800 }),
                    ),
                )
            }
            None => Reply::Says(404, refusal(-1, "없음")),
        }
    };
    let respond = |status: u16| Response::builder().status(StatusCode::from_u16(status).unwrap());
    match reply {
        Reply::Says(status, body) => respond(status).body(Body::from(body)).unwrap(),
        Reply::Cut(body) => {
            let half: Result<Bytes, std::io::Error> = Ok(Bytes::from(body));
            let gone = Err(std::io::Error::other("gone"));
            respond(200).body(Body::from_stream(tokio_stream(half, gone))).unwrap()
        }
        Reply::Silence => {
            std::future::pending::<()>().await;
            respond(200).body(Body::empty()).unwrap()
        }
        Reply::Patience(seconds) => respond(429).header("Retry-After", seconds).body(Body::empty()).unwrap(),
        Reply::Redirect(to) => respond(302).header("Location", to).body(Body::empty()).unwrap(),
    }
}

fn tokio_stream(
    first: Result<Bytes, std::io::Error>,
    second: Result<Bytes, std::io::Error>,
) -> impl futures_util::Stream<Item = Result<Bytes, std::io::Error>> {
    futures_util::stream::iter([first, second])
}

/// A payment as PortOne tells it, with `changes` on top.
pub(crate) fn payment(imp_uid: &str, merchant_uid: &str, changes: Value) -> Value {
    let mut payment = json!({
        "amount": 10000, "apply_num": "30012345", "cancel_amount": 0, "cancel_history": [], "cancelled_at": 0,
        "currency": "KRW", "customer_uid_usage": null, "fail_reason": null, "failed_at": 0, "imp_uid": imp_uid,
        "merchant_uid": merchant_uid, "paid_at": SERVER_NOW, "pay_method": "card", "pg_id": "INIpayTest",
        "pg_provider": "html5_inicis", "pg_tid": "tid", "sandbox": true, "started_at": SERVER_NOW - 30, "status": "paid",
        "vbank_num": null, "a_field_of_next_year": { "x": [1, 2.5, null] },
    });
    for (name, value) in changes.as_object().unwrap() {
        payment[name] = value.clone();
    }
    payment
}

pub(crate) fn page(list: Vec<Value>, next: i64) -> String {
    envelope(json!({ "total": 3, "previous": 0, "next": next, "list": list }))
}
