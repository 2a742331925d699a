//! `/_sim/`: what a test does to PortOne behind the client's back.

use std::{fmt, sync::Arc};

use axum::{
    Router,
    extract::{Path, Request, State},
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
    /// pg?, outcome: paid|failed|ready|vbank|abandoned, force?, …}`.
    pub fn pay(&self, body: Value) -> Value {
        plain(self.pay_answer(Params::from_value(body)))
    }

    /// A cancel outside our program: `{by: portone|pg, amount?}`.
    pub fn console_cancel(&self, imp_uid: &str, body: Value) -> Value {
        plain(self.console_cancel_answer(imp_uid, Params::from_value(body)))
    }

    /// Sets fields of a payment, possible or not: `{status: "paid", …}`.
    pub fn set(&self, imp_uid: &str, fields: Value) -> Value {
        plain(self.set_answer(imp_uid, Params::from_value(fields)))
    }

    /// Money arrives in a virtual account: `{amount?}`.
    pub fn deposit(&self, imp_uid: &str, body: Value) -> Value {
        plain(self.deposit_answer(imp_uid, Params::from_value(body)))
    }

    /// Something will go wrong: `{path, method?, times?, skip?, status?, effect?, body?, delay_ms?,
    /// delay_after_ms?, drop?: before|after, garbled?}`.
    pub fn add_fault(&self, body: Value) -> Value {
        plain(self.fault_answer(body))
    }

    /// Nothing goes wrong any more.
    pub fn clear_faults(&self) {
        self.shared.faults().clear();
    }

    /// Makes PortOne's time go on, in seconds. The new time is returned. Time does not run back.
    pub fn advance_clock(&self, seconds: i64) -> i64 {
        let advanced = self.shared.change(|world, _| {
            world.book.advanced_seconds = world.book.advanced_seconds.saturating_add(seconds.max(0));
            Ok(())
        });
        if let Err(refusal) = advanced {
            tracing::error!(message = refusal.message, "the clock went on, but is not kept");
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

    fn pay_answer(&self, params: Params) -> Answer {
        let mut order = Order::read(&params);
        let outcome = params.text("outcome").unwrap_or_else(|| "paid".to_owned());
        if !matches!(outcome.as_str(), "paid" | "failed" | "ready" | "vbank" | "abandoned") {
            return bad_request("outcome is one of paid, failed, ready, vbank, abandoned");
        }
        if outcome == "vbank" {
            order.pay_method = Some("vbank".to_owned());
        }
        let done = self.shared.change(|world, now| {
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
        });
        done.into()
    }

    fn console_cancel_answer(&self, imp_uid: &str, params: Params) -> Answer {
        let amount = params.number("amount");
        let done = match params.text("by").as_deref() {
            Some("portone") => self.shared.change(|world, now| world.console_cancel(imp_uid, amount, now)),
            Some("pg") => self.shared.change(|world, _| world.pg_cancel(imp_uid, amount)),
            Some(_) | None => return bad_request("by is one of portone, pg"),
        };
        done.into()
    }

    fn set_answer(&self, imp_uid: &str, params: Params) -> Answer {
        self.shared.change(|world, now| world.set(imp_uid, params.into_map(), now)).into()
    }

    fn deposit_answer(&self, imp_uid: &str, params: Params) -> Answer {
        self.shared.change(|world, now| world.deposit(imp_uid, params.integer("amount"), now)).into()
    }

    fn fault_answer(&self, body: Value) -> Answer {
        match serde_json::from_value::<Fault>(body) {
            Ok(fault) => Answer::ok(self.shared.faults().add(fault)),
            Err(error) => bad_request(&error.to_string()),
        }
    }
}

fn bad_request(message: &str) -> Answer {
    Refusal::new(StatusCode::BAD_REQUEST, -1, message).into()
}

fn plain(answer: Answer) -> Value {
    json!(answer.envelope)
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
        Some(origin) if origin.as_bytes() != shared.url.as_bytes() => StatusCode::FORBIDDEN.into_response(),
        Some(_) | None => next.run(request).await,
    }
}

async fn pay(State(shared): App, params: Params) -> Answer {
    Control::new(shared).pay_answer(params)
}

async fn payments(State(shared): App) -> Answer {
    Answer::ok(Control::new(shared).payments())
}

async fn console_cancel(State(shared): App, Path(imp_uid): Path<String>, params: Params) -> Answer {
    Control::new(shared).console_cancel_answer(&imp_uid, params)
}

async fn set(State(shared): App, Path(imp_uid): Path<String>, params: Params) -> Answer {
    Control::new(shared).set_answer(&imp_uid, params)
}

async fn deposit(State(shared): App, Path(imp_uid): Path<String>, params: Params) -> Answer {
    Control::new(shared).deposit_answer(&imp_uid, params)
}

async fn faults(State(shared): App) -> Answer {
    Answer::ok(shared.faults().waiting())
}

async fn add_fault(State(shared): App, params: Params) -> Answer {
    Control::new(shared).fault_answer(Value::Object(params.into_map()))
}

async fn clear_faults(State(shared): App) -> Answer {
    shared.faults().clear();
    Answer::ok(Value::Null)
}

async fn clock(State(shared): App) -> Answer {
    Answer::ok(json!({ "now": shared.now() }))
}

async fn advance_clock(State(shared): App, params: Params) -> Answer {
    match params.integer("advance_seconds") {
        Some(seconds) if seconds >= 0 => {
            Answer::ok(json!({ "now": Control::new(shared).advance_clock(seconds) }))
        }
        Some(_) | None => bad_request("advance_seconds is a whole number, 0 or more"),
    }
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
