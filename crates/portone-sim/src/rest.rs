//! The V1 paths. Each handler reads parameters, asks the world, and answers.

use std::sync::Arc;

use axum::body::Bytes;
use axum::{
    Router,
    extract::{FromRequest, FromRequestParts, Path, Request, State},
    http::{StatusCode, request},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    answer::{Answer, Refusal},
    front::token_of,
    params::{Params, Query, is_true},
    shared::Shared,
    world::{CancelRequest, Listing, Prepared, Sorting},
};

type App = State<Arc<Shared>>;

pub(crate) fn routes(shared: Arc<Shared>) -> Router<Arc<Shared>> {
    Router::new()
        .route("/users/pg", get(channels))
        .route("/payments", get(payments))
        .route("/payments/prepare", post(prepare).put(prepare_again))
        .route("/payments/prepare/{merchant_uid}", get(prepared))
        .route("/payments/cancel", post(cancel))
        .route("/payments/{imp_uid}", get(payment))
        .route("/payments/find/{merchant_uid}", get(find))
        // An empty status: clients in use put the slash before it all the same.
        .route("/payments/find/{merchant_uid}/", get(find))
        .route("/payments/find/{merchant_uid}/{status}", get(find_with_status))
        .route("/payments/findAll/{merchant_uid}", get(find_all))
        .route("/payments/findAll/{merchant_uid}/", get(find_all))
        .route("/payments/findAll/{merchant_uid}/{status}", get(find_all_with_status))
        .route("/payments/status/{status}", get(by_status))
        .route_layer(middleware::from_fn_with_state(shared, token_required))
        .route("/users/getToken", post(get_token))
}

/// 401 comes before anything else is looked at.
async fn token_required(State(shared): App, request: Request, next: Next) -> Response {
    let token = token_of(request.headers(), request.uri());
    if token.is_some_and(|(_, token)| shared.with(|world, now| world.accepts(&token, now))) {
        next.run(request).await
    } else {
        Refusal::new(StatusCode::UNAUTHORIZED, -1, "Unauthorized").into_response()
    }
}

#[derive(Serialize)]
struct TokenAnswer {
    access_token: String,
    expired_at: i64,
    now: i64,
}

async fn get_token(State(shared): App, params: Params) -> Answer {
    let (Some(key), Some(secret)) = (params.text("imp_key"), params.text("imp_secret")) else {
        let message = "imp_key, imp_secret 파라메터가 누락되었습니다.";
        return Refusal::new(StatusCode::BAD_REQUEST, -1, message).into();
    };
    let token = shared.with(|world, now| world.token(&key, &secret, now).map(|token| (token, now)));
    if let Ok((token, _)) = &token {
        shared.journal().hide(&token.value);
    }
    token
        .map(|(token, now)| TokenAnswer { access_token: token.value, expired_at: token.expires_at, now })
        .into()
}

async fn channels(State(shared): App) -> Answer {
    Answer::ok(shared.with(|world, _| world.channels.clone()))
}

async fn prepare(State(shared): App, params: Params) -> Answer {
    Prepared::read(&params).and_then(|wanted| shared.change(|world, _| world.prepare(wanted))).into()
}

async fn prepare_again(State(shared): App, params: Params) -> Answer {
    Prepared::read(&params).and_then(|wanted| shared.change(|world, _| world.prepare_again(wanted))).into()
}

async fn prepared(State(shared): App, InPath(merchant_uid): InPath<String>) -> Answer {
    shared.with(|world, _| world.prepared(&merchant_uid)).into()
}

async fn cancel(State(shared): App, params: Params) -> Answer {
    CancelRequest::read(&params)
        .and_then(|request| shared.change(|world, now| world.cancel(&request, now)))
        .into()
}

async fn payment(State(shared): App, InPath(imp_uid): InPath<String>, query: Query) -> Answer {
    let include_sandbox = query.get("include_sandbox").is_some_and(is_true);
    shared.with(|world, _| world.one(&imp_uid, include_sandbox)).into()
}

async fn payments(State(shared): App, query: Query) -> Answer {
    match shared.with(|world, _| world.many(&query.list("imp_uid"), &query.list("merchant_uid"))) {
        Ok((http, found)) => Answer::ok_with(http, found),
        Err(refusal) => refusal.into(),
    }
}

async fn find(State(shared): App, InPath(merchant_uid): InPath<String>, query: Query) -> Answer {
    first(&shared, &merchant_uid, None, &query)
}

async fn find_with_status(
    State(shared): App,
    InPath((merchant_uid, status)): InPath<(String, String)>,
    query: Query,
) -> Answer {
    first(&shared, &merchant_uid, Some(&status), &query)
}

fn first(shared: &Shared, merchant_uid: &str, status: Option<&str>, query: &Query) -> Answer {
    Sorting::read(query)
        .and_then(|sorting| shared.with(|world, _| world.find(merchant_uid, status, sorting)))
        .into()
}

async fn find_all(State(shared): App, InPath(merchant_uid): InPath<String>, query: Query) -> Answer {
    page(&shared, &merchant_uid, None, &query)
}

async fn find_all_with_status(
    State(shared): App,
    InPath((merchant_uid, status)): InPath<(String, String)>,
    query: Query,
) -> Answer {
    page(&shared, &merchant_uid, Some(&status), &query)
}

fn page(shared: &Shared, merchant_uid: &str, status: Option<&str>, query: &Query) -> Answer {
    Listing::read(query)
        .and_then(|listing| shared.with(|world, _| world.find_all(merchant_uid, status, listing)))
        .into()
}

async fn by_status(State(shared): App, InPath(status): InPath<String>, query: Query) -> Answer {
    shared.with(|world, now| world.by_status(&status, &query, now)).into()
}

impl<S: Send + Sync> FromRequest<S> for Params {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Params, Refusal> {
        let headers = request.headers().clone();
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|error| Refusal::new(StatusCode::BAD_REQUEST, -1, error.to_string()))?;
        Params::from_body(&headers, &body)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut request::Parts, _state: &S) -> Result<Query, Refusal> {
        Ok(Query::of(&parts.uri))
    }
}

/// `Path`, except that a part that is no UTF-8 is refused in an envelope.
pub(crate) struct InPath<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for InPath<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut request::Parts, state: &S) -> Result<InPath<T>, Refusal> {
        let refused = |_| Refusal::new(StatusCode::BAD_REQUEST, -1, "경로가 올바르지 않습니다.");
        Path::from_request_parts(parts, state).await.map(|Path(part)| InPath(part)).map_err(refused)
    }
}
