//! In front of every request: the log, then the faults.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header, request},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::{
    answer::Refusal,
    connection::Line,
    faults::{Cut, Fault},
    journal::Record,
    params::{Params, Query},
    shared::Shared,
};

/// Far more than any request of PortOne's needs.
const MAX_BODY_BYTES: usize = 1 << 20;

/// Notes the request, and does to it what a fault says.
pub(crate) async fn front(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(line): ConnectInfo<Line>,
    request: Request,
    next: Next,
) -> Response {
    // A test must be able to take its faults back.
    if request.uri().path().starts_with("/_sim/") {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY_BYTES).await else {
        return Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, -1, "요청 본문이 너무 큽니다.").into_response();
    };
    // A browser's preflight is no request of anybody's, so it does not use a fault up.
    let fault = match parts.method {
        Method::OPTIONS => None,
        _ => shared.faults().hit(parts.method.as_str(), parts.uri.path()),
    };
    let record = record(&parts, &body, fault.as_ref(), &shared);
    let n = shared.journal().note(record);
    let request = Request::from_parts(parts, Body::from(body));
    // In a task of its own: a client that hangs up while a fault holds its request back loses the
    // answer, not the effect.
    let played = tokio::spawn(async move {
        let response = match fault {
            None => Some(next.run(request).await),
            Some(fault) => play(&shared, fault, request, next).await,
        };
        if let Some(response) = &response {
            shared.journal().answered(n, response.status().as_u16());
        }
        response
    });
    match played.await {
        Ok(Some(response)) => response,
        Ok(None) => {
            line.cut();
            StatusCode::BAD_GATEWAY.into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a request could not be answered");
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, -1, error.to_string()).into_response()
        }
    }
}

/// `None` = the connection is to be cut.
async fn play(shared: &Shared, fault: Fault, request: Request, next: Next) -> Option<Response> {
    tracing::info!(fault.id, fault.path, "fault");
    wait(shared, fault.delay_ms).await;
    // A simulator that stops meanwhile has done nothing yet, and does nothing more.
    if fault.drop == Some(Cut::Before) || *shared.stopping.borrow() {
        return None;
    }
    let status = fault.status.map(|status| StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY));
    let response = if status.is_some() && !fault.effect {
        StatusCode::OK.into_response()
    } else {
        next.run(request).await
    };
    wait(shared, fault.delay_after_ms).await;
    if fault.drop == Some(Cut::After) {
        return None;
    }
    if let Some(status) = status {
        // A gateway in front of PortOne answers with a page of its own, not with an envelope.
        let body = fault.body.unwrap_or_else(|| format!("<html><body><h1>{status}</h1></body></html>"));
        let is_json = serde_json::from_str::<IgnoredAny>(&body).is_ok();
        let kind = if is_json { "application/json; charset=UTF-8" } else { "text/html; charset=UTF-8" };
        return Some((status, [(header::CONTENT_TYPE, kind)], body).into_response());
    }
    if fault.garbled {
        return Some(garble(response, fault.body).await);
    }
    Some(response)
}

async fn wait(shared: &Shared, milliseconds: u64) {
    if milliseconds == 0 {
        return;
    }
    let mut stopping = shared.stopping.clone();
    tokio::select! {
        () = tokio::time::sleep(Duration::from_millis(milliseconds)) => {}
        _ = stopping.wait_for(|stopping| *stopping) => {}
    }
}

/// Keeps status and content type: only the bytes are wrong.
async fn garble(response: Response, body: Option<String>) -> Response {
    let (mut parts, true_body) = response.into_parts();
    let bytes = match body {
        Some(body) => Bytes::from(body),
        None => {
            let whole = to_bytes(true_body, MAX_BODY_BYTES).await.unwrap_or_default();
            whole.slice(..whole.len() / 2)
        }
    };
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    Response::from_parts(parts, Body::from(bytes))
}

/// How a token came with a request. PortOne documents the first two; clients in use send all four.
/// Source: PortOne V1 auth page, and public clients.
pub(crate) fn token_of(headers: &HeaderMap, uri: &Uri) -> Option<(&'static str, String)> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    if let Some(value) = header("authorization").filter(|value| !value.is_empty()) {
        return Some(match value.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
                ("bearer", token.trim().to_owned())
            }
            Some(_) | None => ("raw", value.to_owned()),
        });
    }
    if let Some(value) = header("x-imptokenheader").filter(|value| !value.is_empty()) {
        return Some(("header", value.to_owned()));
    }
    Query::of(uri).get("_token").map(|token| ("query", token.to_owned()))
}

fn record(parts: &request::Parts, body: &Bytes, fault: Option<&Fault>, shared: &Shared) -> Record {
    // Masked before it is cut into fields too: a body that is no form at all may be cut inside a secret.
    let body = Bytes::from(shared.journal().masked(&String::from_utf8_lossy(body)));
    let fields = Params::from_body(&parts.headers, &body).map(Params::into_map).unwrap_or_default();
    Record {
        n: 0,
        at: shared.now(),
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        content_type: parts
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .map(str::to_owned),
        token: token_of(&parts.headers, &parts.uri).map(|(way, _)| way),
        body: if fields.is_empty() { Value::Null } else { Value::Object(fields) },
        fault: fault.map(|fault| fault.id),
        status: None,
    }
}
