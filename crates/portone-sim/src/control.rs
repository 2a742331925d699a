//! `/_sim/`: what a test does to PortOne behind the client's back.

use std::{fmt, sync::Arc};

use axum::{
    Router,
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::{delete, get, post},
};
use serde_json::{Value, json};

use crate::{
    answer::{Answer, Refusal},
    faults::Fault,
    params::Params,
    rest::InPath,
    shared::Shared,
    world::{Order, Outcome},
};

/// The `/_sim/` interface without HTTP, for tests in the same process. Bodies and answers are the
/// same JSON; an answer is `{code, message, response}`.
#[derive(Clone)]
pub struct Control {
    shared: Arc<Shared>,
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").field("url", &self.shared.url).finish_non_exhaustive()
    }
}

impl Control {
    pub(crate) fn new(shared: Arc<Shared>) -> Control {
        Control { shared }
    }

    /// What a customer would do in a pay window: `{merchant_uid, amount, pay_method?, channel_key?,
    /// pg?, outcome: paid|failed|ready|vbank|abandoned, force?, …}`. Without a channel, a test one.
    pub fn pay(&self, body: Value) -> Value {
        plain(self.try_pay(&Params::from_value(body)))
    }

    /// A cancel outside our program: `{by: portone|pg, amount?}`.
    pub fn console_cancel(&self, imp_uid: &str, body: Value) -> Value {
        plain(self.try_console_cancel(imp_uid, &Params::from_value(body)))
    }

    /// Sets fields of a payment, possible or not: `{status: "paid", …}`.
    pub fn set(&self, imp_uid: &str, fields: Value) -> Value {
        plain(self.try_set(imp_uid, Params::from_value(fields)))
    }

    /// Money arrives in a virtual account: `{amount?}`.
    pub fn deposit(&self, imp_uid: &str, body: Value) -> Value {
        plain(self.try_deposit(imp_uid, &Params::from_value(body)))
    }

    /// Something will go wrong: `{path, method?, times?, skip?, status?, effect?, body?, delay_ms?,
    /// delay_after_ms?, drop?: before|after, garbled?}`.
    pub fn add_fault(&self, body: Value) -> Value {
        plain(self.try_fault(body))
    }

    /// Nothing goes wrong any more.
    pub fn clear_faults(&self) {
        self.shared.faults().clear();
    }

    /// Makes PortOne's time go on, in seconds: at most ten years in all, and never back. The new time
    /// is returned.
    pub fn advance_clock(&self, seconds: i64) -> i64 {
        if let Err(refusal) = self.try_advance(seconds.max(0)) {
            tracing::error!(message = refusal.message, "the clock did not go on");
        }
        self.now()
    }

    /// PortOne's time, in seconds since 1970-01-01T00:00:00Z.
    pub fn now(&self) -> i64 {
        self.shared.now()
    }

    /// The token that is out stops working.
    pub fn revoke_token(&self) {
        self.shared.with(|world, _| world.revoke_token());
    }

    /// All requests so far, oldest first, without secrets: an array.
    pub fn log(&self) -> Value {
        json!(self.shared.journal().records())
    }

    /// Forgets the requests so far.
    pub fn clear_log(&self) {
        self.shared.journal().clear();
    }

    /// All payments, in the order in which their windows were opened: an array.
    pub fn payments(&self) -> Value {
        self.shared.with(|world, _| world.book.payments.iter().map(|entry| entry.view()).collect())
    }

    fn try_pay(&self, params: &Params) -> Done {
        // Unlike a page's, a sum of a test that cannot be read is a mistake in the test.
        params.number("amount")?;
        let mut order = Order::read(params);
        let outcome = params.text("outcome").unwrap_or_else(|| "paid".to_owned());
        if !matches!(outcome.as_str(), "paid" | "failed" | "ready" | "vbank" | "abandoned") {
            return Err(bad_request("outcome is one of paid, failed, ready, vbank, abandoned"));
        }
        if outcome == "vbank" {
            order.pay_method = Some("vbank".to_owned());
        }
        self.shared.change(|world, now| {
            let imp_uid = world.open(&order, now)?;
            match outcome.as_str() {
                "paid" => {
                    world.finish(&imp_uid, Outcome::Approve, now)?;
                    if order.pay_method.as_deref() == Some("vbank") {
                        world.deposit(&imp_uid, None, now)?;
                    }
                }
                "vbank" => world.finish(&imp_uid, Outcome::Approve, now)?,
                "failed" => world.finish(&imp_uid, Outcome::Decline, now)?,
                "abandoned" => world.finish(&imp_uid, Outcome::GiveUp, now)?,
                _ => {}
            }
            world.one(&imp_uid, true)
        })
    }

    fn try_console_cancel(&self, imp_uid: &str, params: &Params) -> Done {
        let amount = params.number("amount")?;
        match params.text("by").as_deref() {
            Some("portone") => self.shared.change(|world, now| world.console_cancel(imp_uid, amount, now)),
            Some("pg") => self.shared.change(|world, _| world.pg_cancel(imp_uid, amount)),
            Some(_) | None => Err(bad_request("by is one of portone, pg")),
        }
    }

    fn try_set(&self, imp_uid: &str, params: Params) -> Done {
        self.shared.change(|world, now| world.set(imp_uid, params.into_map(), now))
    }

    fn try_deposit(&self, imp_uid: &str, params: &Params) -> Done {
        let amount = params.integer("amount")?;
        self.shared.change(|world, now| world.deposit(imp_uid, amount, now))
    }

    fn try_fault(&self, body: Value) -> Done {
        let fault = serde_json::from_value::<Fault>(body).map_err(|error| bad_request(&error.to_string()))?;
        self.shared.faults().add(fault).map(|fault| json!(fault)).map_err(bad_request)
    }

    fn try_advance(&self, seconds: i64) -> Result<i64, Refusal> {
        self.shared.change(|world, _| world.advance(seconds))?;
        Ok(self.now())
    }
}

type Done = Result<Value, Refusal>;

fn bad_request(message: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, -1, message)
}

fn plain(done: Done) -> Value {
    json!(Answer::from(done).envelope)
}

type App = State<Arc<Shared>>;

pub(crate) fn routes(shared: Arc<Shared>) -> Router<Arc<Shared>> {
    Router::new()
        .route("/_sim/pay", post(pay))
        .route("/_sim/payments", get(payments))
        .route("/_sim/payments/{imp_uid}/console-cancel", post(console_cancel))
        .route("/_sim/payments/{imp_uid}/set", post(set))
        .route("/_sim/payments/{imp_uid}/deposit", post(deposit))
        .route("/_sim/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/_sim/clock", get(clock).post(advance_clock))
        .route("/_sim/log", get(log).delete(clear_log))
        .route("/_sim/token", delete(revoke_token))
        .route_layer(middleware::from_fn_with_state(shared, no_other_site))
}

/// A web page of somebody else must not make payments up by posting to a port that it guesses.
/// Browsers send `Origin` with every such request.
async fn no_other_site(State(shared): App, request: Request, next: Next) -> Response {
    match request.headers().get(header::ORIGIN) {
        Some(origin) if origin.as_bytes() != shared.url.as_bytes() => {
            Refusal::new(StatusCode::FORBIDDEN, -1, "/_sim/ is not for other sites").into_response()
        }
        Some(_) | None => next.run(request).await,
    }
}

async fn pay(State(shared): App, params: Params) -> Answer {
    Control::new(shared).try_pay(&params).into()
}

async fn payments(State(shared): App) -> Answer {
    Answer::ok(Control::new(shared).payments())
}

async fn console_cancel(State(shared): App, InPath(imp_uid): InPath<String>, params: Params) -> Answer {
    Control::new(shared).try_console_cancel(&imp_uid, &params).into()
}

async fn set(State(shared): App, InPath(imp_uid): InPath<String>, params: Params) -> Answer {
    Control::new(shared).try_set(&imp_uid, params).into()
}

async fn deposit(State(shared): App, InPath(imp_uid): InPath<String>, params: Params) -> Answer {
    Control::new(shared).try_deposit(&imp_uid, &params).into()
}

async fn faults(State(shared): App) -> Answer {
    Answer::ok(shared.faults().waiting())
}

async fn add_fault(State(shared): App, params: Params) -> Answer {
    Control::new(shared).try_fault(Value::Object(params.into_map())).into()
}

async fn clear_faults(State(shared): App) -> Answer {
    shared.faults().clear();
    Answer::ok(Value::Null)
}

async fn clock(State(shared): App) -> Answer {
    Answer::ok(json!({ "now": shared.now() }))
}

async fn advance_clock(State(shared): App, params: Params) -> Answer {
    params
        .integer("advance_seconds")
        .and_then(|seconds| seconds.ok_or_else(|| bad_request("advance_seconds is missing")))
        .and_then(|seconds| Control::new(shared).try_advance(seconds))
        .map(|now| json!({ "now": now }))
        .into()
}

async fn log(State(shared): App) -> Answer {
    Answer::ok(Control::new(shared).log())
}

async fn clear_log(State(shared): App) -> Answer {
    Control::new(shared).clear_log();
    Answer::ok(Value::Null)
}

async fn revoke_token(State(shared): App) -> Answer {
    Control::new(shared).revoke_token();
    Answer::ok(Value::Null)
}
