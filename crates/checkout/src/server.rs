//! The routes, and what every request must show before it reaches one.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Json, Redirect, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, Posted};
use crate::ticket::{Found, Ticket, Tickets};
use crate::{CheckoutError, Clock, Hint, HintSink, Options, Order, Random, page};

/// The largest body that is read, in bytes.
const BODY_MAX: usize = 16 * 1_024;
/// A ticket's random bytes: 256 bits, where 128 would do.
const TOKEN_BYTES: usize = 32;

/// On every answer.
const HEADERS: [(HeaderName, &str); 5] = [
    // Neither script-src, frame-src, connect-src nor form-action: the page holds no secret and no capability, and a
    // list that missed two of a PG's hosts broke a shop's payments for three weeks (PAINPOINTS row 12).
    (header::CONTENT_SECURITY_POLICY, "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // The ticket is in the path, which this keeps from others; the origin still goes out, since PGs refuse a page
    // that does not say where it comes from, and `no-referrer` would also make our own `Origin` "null".
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    // One request per connection, so that a connection's lifetime bounds a request's (listener.rs).
    (header::CONNECTION, "close"),
];

/// What the routes work with.
pub(crate) struct Desk {
    addr: SocketAddr,
    tickets: Mutex<Tickets>,
    hints: Arc<HintSink>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    options: Options,
}

impl Desk {
    pub(crate) fn new(
        addr: SocketAddr,
        hints: Arc<HintSink>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        options: Options,
    ) -> Desk {
        Desk { addr, tickets: Mutex::default(), hints, clock, random, options }
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub(crate) fn open(&self, order: Order) -> Result<String, CheckoutError> {
        order.check()?;
        let mut bytes = [0_u8; TOKEN_BYTES];
        self.random.fill(&mut bytes).map_err(CheckoutError::Random)?;
        let token: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let url = format!("{}{}", self.origin(), base_of(&token));
        let now_ms = self.clock.monotonic_ms();
        self.tickets().open(token, order, now_ms);
        Ok(url)
    }

    pub(crate) fn close(&self, charge: &str) -> bool {
        self.tickets().close(charge)
    }

    pub(crate) fn url_of(&self, charge: &str) -> Option<String> {
        let now_ms = self.clock.monotonic_ms();
        let tickets = self.tickets();
        tickets.token_of(charge, now_ms).map(|token| format!("{}{}", self.origin(), base_of(token)))
    }

    fn origin(&self) -> String {
        format!("http://{}", self.addr)
    }

    fn tickets(&self) -> MutexGuard<'_, Tickets> {
        // Nothing under this lock can stop half-way, so a panic elsewhere leaves the tickets whole.
        self.tickets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `act` on the ticket; what it returns beside its answer is told after the lock is let go.
    ///
    /// # Errors
    /// 410 for a ticket that is dead, 404 for one that never was.
    fn with_ticket<T>(
        &self,
        token: &str,
        act: impl FnOnce(&mut Ticket) -> (T, Option<Hint>),
    ) -> Result<T, StatusCode> {
        let now_ms = self.clock.monotonic_ms();
        let (value, hint) = match self.tickets().find(token, now_ms) {
            Found::Alive(ticket) => act(ticket),
            Found::Closed => return Err(StatusCode::GONE),
            Found::Unknown => return Err(StatusCode::NOT_FOUND),
        };
        if let Some(hint) = hint {
            (self.hints)(hint);
        }
        Ok(value)
    }
}

fn base_of(token: &str) -> String {
    format!("/pay/{token}")
}

pub(crate) fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/pay/{ticket}", get(show))
        .route("/pay/{ticket}/begin", post(begin))
        .route("/pay/{ticket}/result", post(result))
        .route("/pay/{ticket}/return", get(come_back).post(come_back))
        .route(
            "/pay.js",
            get(|| async { ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], page::SCRIPT) }),
        )
        .route("/pay.css", get(style))
        .route("/font.woff2", get(font))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(from_fn_with_state(Arc::clone(&desk), guard))
        .with_state(desk)
}

/// Every request must name this server exactly, or it is a page elsewhere whose name was turned to 127.0.0.1 (DNS
/// rebinding). Every answer, refusals too, carries [`HEADERS`].
async fn guard(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let own = desk.addr.to_string();
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let named = hosts.next().is_some_and(|host| host.as_bytes() == own.as_bytes()) && hosts.next().is_none();
    let addressed = request.uri().authority().is_none_or(|authority| authority.as_str() == own);
    let mut response = if named && addressed {
        next.run(request).await
    } else {
        StatusCode::MISDIRECTED_REQUEST.into_response()
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Only our own page may tell a result or begin: another one would have to know the ticket *and* be of our origin.
fn is_own(desk: &Desk, headers: &HeaderMap) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    origins.next().is_some_and(|origin| origin.as_bytes() == desk.origin().as_bytes())
        && origins.next().is_none()
}

fn closed(status: StatusCode) -> Response {
    (status, Html(page::closed())).into_response()
}

/// The page. Showing it moves no money and opens no window: the page must ask [`begin`] for that.
async fn show(State(desk): State<Arc<Desk>>, method: Method, Path(token): Path<String>) -> Response {
    let (origin, base) = (desk.origin(), base_of(&token));
    let shown = desk.with_ticket(&token, |ticket| {
        let hint = (method == Method::GET && ticket.show())
            .then(|| Hint::Opened { charge: ticket.order.charge.clone() });
        (page::pay(ticket, &origin, &base), hint)
    });
    shown.map_or_else(closed, |page| Html(page).into_response())
}

#[derive(Debug, Deserialize)]
struct Begin {
    /// A person pressed the button, so a second window is wanted.
    again: bool,
}

#[derive(Debug, Serialize)]
struct Begun {
    go: bool,
}

/// Whether the page may call `IMP.request_pay` now. Asked each time, so that neither a reload, a second tab nor a
/// ticket that died meanwhile opens a pay window that nobody wants.
async fn begin(
    State(desk): State<Arc<Desk>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !is_own(&desk, &headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let Ok(wish) = serde_json::from_slice::<Begin>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let begun = desk.with_ticket(&token, |ticket| (Begun { go: ticket.begin(wish.again) }, None));
    begun.map_or_else(IntoResponse::into_response, |begun| Json(begun).into_response())
}

#[derive(Debug, Serialize)]
struct Heard {
    /// Whether the page may offer to open the pay window again.
    again: bool,
}

/// What the SDK's callback told the page. May be posted any number of times.
async fn result(
    State(desk): State<Arc<Desk>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !is_own(&desk, &headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let Some(posted) = Posted::read(&body) else { return StatusCode::BAD_REQUEST.into_response() };
    let heard = desk.with_ticket(&token, |ticket| {
        let charge = ticket.order.charge.clone();
        let hint = ticket.tell().then(|| {
            if posted.sdk_failed() {
                return Hint::SdkFailed { charge };
            }
            let answer = posted.answer();
            ticket.keep(answer.clone());
            let Answer { imp_uid, error_code, error_msg } = answer;
            Hint::Answered { charge, imp_uid, error_code, error_msg }
        });
        (Heard { again: ticket.may_try_again() }, hint)
    });
    heard.map_or_else(IntoResponse::into_response, |heard| Json(heard).into_response())
}

/// `m_redirect_url`. The PG's page sends the browser here, so it comes from another origin on purpose, by GET or as
/// a form. It is only a hint, and the browser is sent on to the page at once: a reload repeats nothing.
async fn come_back(
    State(desk): State<Arc<Desk>>,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    let answer = Answer::from_form(query.unwrap_or_default().as_bytes(), &body);
    let kept = desk.with_ticket(&token, |ticket| {
        let charge = ticket.order.charge.clone();
        let hint = ticket.tell().then(|| {
            ticket.keep(answer.clone());
            let Answer { imp_uid, error_code, error_msg } = answer;
            Hint::Returned { charge, imp_uid, error_code, error_msg }
        });
        ((), hint)
    });
    kept.map_or_else(closed, |()| Redirect::to(&base_of(&token)).into_response())
}

async fn style(State(desk): State<Arc<Desk>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], page::style(desk.options.font.is_some()))
}

async fn font(State(desk): State<Arc<Desk>>) -> Response {
    desk.options.font.map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |bytes| ([(header::CONTENT_TYPE, "font/woff2")], bytes).into_response(),
    )
}
