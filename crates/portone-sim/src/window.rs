//! The browser's side: the SDK script, the pay window, and what passes between them.

mod page;
mod result;
mod session;

pub(crate) use session::Windows;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    answer::Refusal,
    channels,
    params::Params,
    rest::InPath,
    shared::Shared,
    world::{Order, Outcome},
};
use session::{Choice, Mode, Window};

type App = State<Arc<Shared>>;

pub(crate) fn routes(shared: Arc<Shared>) -> Router<Arc<Shared>> {
    Router::new()
        .route("/sim/windows", post(open).options(preflight))
        .route("/sim/windows/{id}/closed", post(closed).options(preflight))
        .route("/sim/window/{id}/choose", post(choose))
        .route_layer(middleware::from_fn_with_state(shared, no_foreign_page))
        .route("/v1/iamport.js", get(sdk))
        .route("/sim/window/{id}", get(page::window))
        .route("/sim/receipt/{imp_uid}", get(page::receipt))
        .route("/sim/window.css", get(page::style))
        .route("/sim/window.js", get(page::script))
        .route("/sim/font.css", get(page::font_style))
        .route("/sim/font.woff2", get(page::font))
}

/// What the SDK must know of a channel before it may ask the server: a popup has to be opened in
/// the very click.
#[derive(Serialize)]
struct ChannelHint {
    key: String,
    provider: String,
    mid: String,
    popup: bool,
    modern: bool,
    in_page_on_mobile: bool,
}

async fn sdk(State(shared): App) -> Response {
    let hints: Vec<ChannelHint> = shared.with(|world, _| {
        let channels = world.channels.iter();
        channels
            .map(|channel| ChannelHint {
                key: channel.channel_key.clone(),
                provider: channel.pg_provider.clone(),
                mid: channel.pg_id.clone(),
                popup: channels::prefers_popup(&channel.pg_provider),
                modern: channels::is_modern(&channel.pg_provider),
                in_page_on_mobile: channels::stays_in_page_on_mobile(&channel.pg_provider),
            })
            .collect()
    });
    let script = include_str!("window/sdk.js").replace("/*CHANNELS*/ []", &json!(hints).to_string());
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=UTF-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    (headers, script).into_response()
}

/// A page out on the web must not approve payments by posting to a port that it guesses. Shop pages in
/// development come from this machine.
async fn no_foreign_page(State(shared): App, request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).map(|origin| origin.to_str().unwrap_or_default());
    let is_ours = |origin: &str| origin == shared.url || is_this_machine(origin);
    if origin.is_none_or(is_ours) {
        next.run(request).await
    } else {
        let message = "결제창은 127.0.0.1 또는 localhost의 페이지에서만 열 수 있습니다.";
        Refusal::new(StatusCode::FORBIDDEN, -1, message).into_response()
    }
}

fn is_this_machine(origin: &str) -> bool {
    let address = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    address.is_some_and(|address| {
        ["127.0.0.1", "localhost", "[::1]"].iter().any(|host| {
            address.strip_prefix(host).is_some_and(|port| port.is_empty() || port.starts_with(':'))
        })
    })
}

/// The page that asks. Without one, there is nobody to tell the result to.
fn origin_of(headers: &HeaderMap) -> Option<String> {
    let origin = headers.get(header::ORIGIN)?.to_str().ok()?;
    (origin.starts_with("http://") || origin.starts_with("https://")).then(|| origin.to_owned())
}

/// Lets the page that asked read the answer. Only the SDK's own paths have this: REST calls from a
/// page fail at the real server too.
fn for_the_page(headers: &HeaderMap, mut response: Response) -> Response {
    if let Some(origin) = origin_of(headers).and_then(|origin| HeaderValue::from_str(&origin).ok()) {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Origin"));
    response
}

async fn preflight(headers: HeaderMap) -> Response {
    let mut response = for_the_page(&headers, StatusCode::NO_CONTENT.into_response());
    let allowed = response.headers_mut();
    allowed.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
    allowed.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
    response
}

/// `request_pay` of the SDK: `{user_code, mode, params}` → `{url, id}` or `{result}`.
async fn open(State(shared): App, headers: HeaderMap, body: Params) -> Response {
    let answer = open_window(&shared, &headers, &body);
    for_the_page(&headers, Json(answer).into_response())
}

fn open_window(shared: &Shared, headers: &HeaderMap, body: &Params) -> Value {
    let params = Params::from_value(body.get("params").cloned().unwrap_or_default());
    let mut order = Order::read(&params);
    // The SDK documents a number; a string is a mistake that the real window punishes late.
    if params.get("amount").is_some_and(Value::is_string) {
        order.amount = None;
    }
    order.force = false;
    let mode = Mode::parse(body.text("mode").as_deref());
    order.mobile = body.truth("mobile").unwrap_or(false);
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    order.user_agent = agent.unwrap_or_default().to_owned();
    let refused = |code: &str, message: &str| {
        let channel = shared.with(|world, _| world.channel(&order).cloned());
        json!({ "result": result::refused(&order, channel.as_ref(), code, message) })
    };
    let Some(page_origin) = origin_of(headers) else {
        return refused("F400", "http(s) 페이지에서만 결제창을 열 수 있습니다.");
    };
    let user_code = body.text("user_code").unwrap_or_else(|| shared.user_code.clone());
    match shared.change(|world, now| world.open(&order, now)) {
        Ok(imp_uid) => {
            let redirect = params
                .text("m_redirect_url")
                .filter(|url| url.starts_with("http://") || url.starts_with("https://"));
            let id = shared.with(|world, _| world.random.hex(24));
            let shop = params.text("company").unwrap_or_else(|| format!("모의 상점 ({user_code})"));
            let custom_data = params.get("custom_data").cloned();
            shared.windows().insert(
                id.clone(),
                Window { imp_uid, page_origin, mode, redirect, shop, custom_data, choice: None },
            );
            json!({ "id": id, "url": format!("{}/sim/window/{id}", shared.url) })
        }
        Err(refusal) => refused(refusal.error_code.as_deref().unwrap_or("F500"), &refusal.message),
    }
}

/// A button in the pay window: `{choice}` → `{result, redirect}`; both null = nobody is told.
async fn choose(State(shared): App, InPath(id): InPath<String>, body: Params) -> Response {
    let Some(choice) = body.text("choice").as_deref().and_then(Choice::parse) else {
        return Refusal::new(StatusCode::BAD_REQUEST, -1, "choice가 올바르지 않습니다.").into_response();
    };
    let Some(window) = shared.windows().choose(&id, choice) else {
        return Refusal::new(StatusCode::NOT_FOUND, -1, "없는 결제창입니다.").into_response();
    };
    // The first click counts: a second one finds the window decided and gets the same answer.
    let choice = window.choice.unwrap_or(choice);
    let outcome = match choice {
        Choice::Approve | Choice::ApproveSilently => Some(Outcome::Approve),
        Choice::Decline => Some(Outcome::Decline),
        Choice::GiveUp => Some(Outcome::GiveUp),
        Choice::Hang => None,
    };
    if let Some(outcome) = outcome
        && let Err(refusal) = shared.change(|world, now| world.finish(&window.imp_uid, outcome, now))
    {
        return refusal.into_response();
    }
    match choice {
        Choice::Hang | Choice::ApproveSilently => {
            Json(json!({ "result": null, "redirect": null })).into_response()
        }
        Choice::Approve | Choice::Decline | Choice::GiveUp => {
            let result = result::of(&shared, &window, choice);
            let redirect = (window.mode == Mode::Redirect)
                .then(|| window.redirect.as_deref().map(|url| result::redirect(url, &result)))
                .flatten();
            Json(json!({ "result": result, "redirect": redirect })).into_response()
        }
    }
}

/// The popup is gone without a word. Closing it is giving up, unless something was chosen before.
async fn closed(State(shared): App, headers: HeaderMap, InPath(id): InPath<String>) -> Response {
    let window = shared.windows().choose(&id, Choice::GiveUp);
    let answer = match window {
        None => json!({ "result": null }),
        Some(window) => match window.choice.unwrap_or(Choice::GiveUp) {
            Choice::Hang | Choice::ApproveSilently => json!({ "result": null }),
            choice @ (Choice::Approve | Choice::Decline | Choice::GiveUp) => {
                json!({ "result": result::of(&shared, &window, choice) })
            }
        },
    };
    for_the_page(&headers, Json(answer).into_response())
}
