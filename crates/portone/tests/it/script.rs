//! A PortOne that follows a script.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::response::Builder;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use futures_util::stream::{self, StreamExt};
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
    /// The connection ends in the middle; with a length that promises more, or in chunks.
    Cut(String, Option<usize>),
    /// Nothing comes until the client gives up.
    Silence,
    /// A beginning comes, and nothing more until the client gives up.
    Stall(String),
    /// Patience is asked for.
    Patience(&'static str),
    Redirect(String),
    /// Something happens before it is answered.
    After(Arc<dyn Fn() + Send + Sync>, Box<Reply>),
    /// As many questions as this barrier counts are here before one of them is answered.
    Together(Arc<tokio::sync::Barrier>, Box<Reply>),
}

impl Reply {
    pub(crate) fn after(act: impl Fn() + Send + Sync + 'static, reply: Reply) -> Reply {
        Reply::After(Arc::new(act), Box::new(reply))
    }
}

#[derive(Default)]
struct Desk {
    replies: HashMap<String, Vec<Reply>>,
    asked: Vec<(String, String)>,
    headers: Vec<HeaderMap>,
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

    /// The headers of the questions so far.
    pub(crate) fn headers(&self) -> Vec<HeaderMap> {
        self.desk.lock().unwrap().headers.clone()
    }

    pub(crate) fn count(&self, question: &str) -> usize {
        self.asked().iter().filter(|(asked, _)| asked.split('?').next() == Some(question)).count()
    }

    pub(crate) fn client(&self) -> Portone {
        self.client_of(Endpoint::test_at(&self.url).unwrap())
    }

    pub(crate) fn client_of(&self, endpoint: Endpoint) -> Portone {
        self.client_over(endpoint, &Net::default())
    }

    pub(crate) fn client_over(&self, endpoint: Endpoint, net: &Net) -> Portone {
        // Far more than any answer here takes, on however busy a machine.
        self.client_with(endpoint, net, Duration::from_secs(30))
    }

    /// A client that gives up soon, for replies that never come.
    pub(crate) fn client_in_a_hurry(&self) -> Portone {
        let endpoint = Endpoint::test_at(&self.url).unwrap();
        self.client_with(endpoint, &Net::default(), Duration::from_millis(300))
    }

    fn client_with(&self, endpoint: Endpoint, net: &Net, all: Duration) -> Portone {
        let timeouts =
            Timeouts { connect: all, token: all, prepare: all, look_up: all, channels: all, cancel: all };
        let clock: Arc<dyn Clock> = self.clock.clone();
        Portone::with_timeouts(endpoint, keys(), net, clock, timeouts).unwrap()
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
    let mut reply = {
        let mut desk = desk.lock().unwrap();
        desk.headers.push(parts.headers.clone());
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
                Reply::Says(200, token_answer(&token, SERVER_NOW, 1_800))
            }
            None => Reply::Says(404, refusal(-1, "없음")),
        }
    };
    let respond = |status: u16| Response::builder().status(StatusCode::from_u16(status).unwrap());
    loop {
        reply = match reply {
            Reply::After(act, next) => {
                act();
                *next
            }
            Reply::Together(barrier, next) => {
                barrier.wait().await;
                *next
            }
            reply => break answer_with(reply, respond).await,
        };
    }
}

async fn answer_with(reply: Reply, respond: impl Fn(u16) -> Builder) -> Response {
    match reply {
        Reply::After(..) | Reply::Together(..) => unreachable!("resolved before"),
        Reply::Says(status, body) => respond(status).body(Body::from(body)).unwrap(),
        Reply::Cut(body, promised) => {
            // A turn in between, or the server would drop the connection before the first part has left.
            let gone = stream::once(async {
                tokio::task::yield_now().await;
                Err(std::io::Error::other("gone"))
            });
            let half = stream::iter([Ok(Bytes::from(body))]).chain(gone);
            let mut answer = respond(200);
            if let Some(promised) = promised {
                answer = answer.header("Content-Length", promised);
            }
            answer.body(Body::from_stream(half)).unwrap()
        }
        Reply::Stall(body) => {
            let begun = stream::iter([Ok::<_, std::io::Error>(Bytes::from(body))]);
            respond(200).body(Body::from_stream(begun.chain(stream::pending()))).unwrap()
        }
        Reply::Silence => {
            std::future::pending::<()>().await;
            respond(200).body(Body::empty()).unwrap()
        }
        Reply::Patience(seconds) => respond(429).header("Retry-After", seconds).body(Body::empty()).unwrap(),
        Reply::Redirect(to) => respond(302).header("Location", to).body(Body::empty()).unwrap(),
    }
}

/// What `getToken` answers.
pub(crate) fn token_answer(token: &str, now: i64, life_s: i64) -> String {
    envelope(json!({ "access_token": token, "now": now, "expired_at": now + life_s }))
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
