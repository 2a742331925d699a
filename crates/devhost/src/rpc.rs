//! The two doors.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::{Stream, StreamExt};
use serde_json::{Value, json};
use till::Till;
use tokio::sync::{broadcast, watch};
use tokio_stream::wrappers::BroadcastStream;

#[derive(Clone)]
struct Doors {
    till: Arc<Till>,
    events: broadcast::Sender<String>,
    stopping: watch::Receiver<bool>,
}

pub(crate) fn router(
    till: Arc<Till>,
    events: broadcast::Sender<String>,
    address: SocketAddr,
    stopping: watch::Receiver<bool>,
) -> Router {
    Router::new()
        .route("/rpc/{command}", post(rpc))
        .route("/events", get(tell))
        // Each command has a bound of its own, which is looked at when its name is known.
        .layer(DefaultBodyLimit::max(largest()))
        // A page of another site that reaches this port by a name of its own gets nothing.
        .layer(middleware::from_fn(move |request, next| own_host(address, request, next)))
        .with_state(Doors { till, events, stopping })
}

fn largest() -> usize {
    counter::COMMANDS.iter().map(|command| counter::largest_body(command.name)).max().unwrap_or_default()
}

async fn own_host(address: SocketAddr, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if host == address.to_string() || host == format!("localhost:{}", address.port()) {
        next.run(request).await
    } else {
        StatusCode::MISDIRECTED_REQUEST.into_response()
    }
}

async fn rpc(
    State(doors): State<Doors>,
    command: Result<Path<String>, PathRejection>,
    body: Result<Bytes, BytesRejection>,
) -> Json<Value> {
    let (Ok(Path(command)), Ok(body)) = (command, body) else { return unreadable() };
    if body.len() > counter::largest_body(&command) {
        return unreadable();
    }
    if body.is_empty() {
        return Json(doors.till.rpc(&command, Value::Null).await);
    }
    match serde_json::from_slice(&body) {
        Ok(body) => Json(doors.till.rpc(&command, body).await),
        Err(error) => {
            tracing::warn!(command, %error, "no JSON");
            unreadable()
        }
    }
}

fn unreadable() -> Json<Value> {
    let code = counter::ErrorCode::BadRequest;
    Json(json!({ "ok": false, "error": { "code": code.word(), "message": code.sentence() } }))
}

async fn tell(State(doors): State<Doors>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    // A listener that fell behind missed events; it is told that something changed.
    let events = BroadcastStream::new(doors.events.subscribe())
        .map(|event| Ok(Event::default().data(event.unwrap_or_else(|_| "{\"kind\":\"state\"}".to_owned()))));
    let mut stopping = doors.stopping;
    let events = events.take_until(async move {
        // A sender that is gone stops too.
        let _stopped = stopping.wait_for(|stop| *stop).await;
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}
