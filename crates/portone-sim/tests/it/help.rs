//! One simulator per test, on its own port, with a clock that stands still.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Once,
        atomic::{AtomicI64, Ordering},
    },
};

use portone_sim::{Clock, Config, DEFAULT_IMP_KEY, DEFAULT_IMP_SECRET, Simulator};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// 2026-11-23T00:00:00Z.
pub(crate) const START: i64 = 1_795_392_000;

pub(crate) struct Still(pub(crate) AtomicI64);

impl Clock for Still {
    fn unix_seconds(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

pub(crate) fn config() -> Config {
    Config { clock: Arc::new(Still(AtomicI64::new(START))), seed: Some(7), ..Config::default() }
}

pub(crate) fn http() -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        rustls::crypto::ring::default_provider().install_default().unwrap();
    });
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// A simulator and somebody who holds a token.
pub(crate) struct World {
    pub(crate) sim: Simulator,
    pub(crate) http: reqwest::Client,
    pub(crate) token: String,
}

pub(crate) async fn start(config: Config) -> Simulator {
    Simulator::start(SocketAddr::from(([127, 0, 0, 1], 0)), config).await.unwrap()
}

pub(crate) async fn world() -> World {
    world_with(config()).await
}

pub(crate) async fn world_with(config: Config) -> World {
    let secret = config.imp_secret.clone();
    let mut world = World { sim: start(config).await, http: http(), token: String::new() };
    world.token = world.fetch_token_with(&secret).await["access_token"].as_str().unwrap().to_owned();
    world
}

impl World {
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.sim.url()))
    }

    pub(crate) async fn fetch_token(&self) -> Value {
        self.fetch_token_with(DEFAULT_IMP_SECRET).await
    }

    pub(crate) async fn fetch_token_with(&self, secret: &str) -> Value {
        let body = json!({ "imp_key": DEFAULT_IMP_KEY, "imp_secret": secret });
        let (status, answer) = send(self.request(Method::POST, "/users/getToken").json(&body)).await;
        assert_eq!(status, 200, "{answer}");
        answer["response"].clone()
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        send(self.request(Method::GET, path).bearer_auth(&self.token)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        send(self.request(Method::POST, path).bearer_auth(&self.token).json(&body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> (u16, Value) {
        send(self.request(Method::PUT, path).bearer_auth(&self.token).json(&body)).await
    }

    /// A payment that a window would have made.
    pub(crate) async fn pay(&self, body: Value) -> Value {
        let (status, answer) = self.post("/_sim/pay", body).await;
        assert_eq!((status, &answer["code"]), (200, &json!(0)), "{answer}");
        answer["response"].clone()
    }

    /// The first channel of this kind.
    pub(crate) async fn channel(&self, provider: &str, sandbox: bool) -> String {
        let (_, answer) = self.get("/users/pg").await;
        let channels = answer["response"].as_array().unwrap();
        let found =
            channels.iter().find(|each| each["pg_provider"] == provider && each["sandbox"] == sandbox);
        found.unwrap()["channel_key"].as_str().unwrap().to_owned()
    }
}

pub(crate) async fn send(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status();
    assert_eq!(
        response.headers()["content-type"],
        "application/json; charset=UTF-8",
        "every REST answer is an envelope, {status}"
    );
    let answer: Value = response.json().await.unwrap();
    assert!(answer["code"].is_i64(), "{answer}");
    assert_eq!(answer["code"] == 0, answer["message"].is_null(), "a message belongs to a refusal: {answer}");
    if status == StatusCode::NOT_FOUND || status == StatusCode::UNAUTHORIZED {
        assert_ne!(answer["code"], 0);
    }
    (status.as_u16(), answer)
}

pub(crate) fn uid(payment: &Value) -> String {
    payment["imp_uid"].as_str().unwrap().to_owned()
}
