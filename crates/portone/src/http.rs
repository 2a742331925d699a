//! One question, one answer: sent, bounded, read, and its envelope checked.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url, header, redirect};
use rustls::{ClientConfig, RootCertStore};

use crate::endpoint::{Endpoint, Net};
use crate::error::{PortoneError, words};
use crate::json::{self, Json};

/// The largest answer that is read, in bytes.
const LARGEST: usize = 1024 * 1024;

/// How long each call may take from the first byte out to the last byte in.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// Making a connection.
    pub connect: Duration,
    /// `getToken`.
    pub token: Duration,
    /// Registering a sum.
    pub prepare: Duration,
    /// Looking up payments.
    pub look_up: Duration,
    /// Listing channels.
    pub channels: Duration,
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        Timeouts {
            connect: Duration::from_secs(5),
            token: Duration::from_secs(10),
            prepare: Duration::from_secs(10),
            look_up: Duration::from_secs(15),
            channels: Duration::from_secs(15),
        }
    }
}

/// What came back: an envelope with code 0, or a clear "not there".
#[derive(Debug)]
pub(crate) enum Said {
    Response(Json),
    NotThere,
}

pub(crate) struct Http {
    client: Client,
    base: Url,
}

fn odd<T>(what: &'static str) -> Result<T, PortoneError> {
    Err(PortoneError::Odd { what })
}

fn build(error: impl Into<Box<dyn Error + Send + Sync>>) -> PortoneError {
    PortoneError::Unreachable { source: error.into() }
}

impl Http {
    pub(crate) fn new(endpoint: &Endpoint, net: &Net, timeouts: &Timeouts) -> Result<Http, PortoneError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        // Bundled roots: a root that somebody put into this PC's store does not read PortOne's answers.
        let mut roots = RootCertStore::empty();
        let (_added, refused) =
            roots.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
        if refused > 0 {
            tracing::warn!(refused, "{refused} bundled roots could not be read");
        }
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(build)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let mut client = Client::builder()
            .tls_backend_preconfigured(tls)
            .https_only(endpoint.is_portone())
            .no_proxy()
            .redirect(redirect::Policy::none())
            .http1_only()
            .connect_timeout(timeouts.connect)
            .user_agent(concat!("Pointill/", env!("CARGO_PKG_VERSION")));
        if let Some(proxy) = &net.proxy {
            client = client.proxy(reqwest::Proxy::all(proxy).map_err(build)?);
        }
        Ok(Http { client: client.build().map_err(build)?, base: endpoint.base()? })
    }

    /// A question to this path. The segments are encoded one by one, so that none of them can leave its place.
    pub(crate) fn ask(
        &self,
        method: Method,
        segments: &[&str],
        timeout: Duration,
    ) -> Result<RequestBuilder, PortoneError> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| PortoneError::BadAddress { what: "no base" })?
            .clear()
            .extend(segments);
        Ok(self.client.request(method, url).timeout(timeout).header(header::CACHE_CONTROL, "no-store"))
    }
}

/// Sends the question. `Ok(Err(message))`: HTTP 401.
pub(crate) async fn send(
    call: &'static str,
    question: RequestBuilder,
) -> Result<Result<Said, String>, PortoneError> {
    let answer = question.send().await.map_err(|error| transport(call, error))?;
    let status = answer.status();
    if status == StatusCode::TOO_MANY_REQUESTS {
        let after = answer.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
        return Err(PortoneError::Busy { retry_after_s: after.and_then(|value| value.parse().ok()) });
    }
    if status.is_server_error() {
        return Err(PortoneError::Down { status: status.as_u16() });
    }
    if status.is_redirection() {
        return odd("a redirect");
    }
    let body = read(call, answer).await?;
    let envelope = json::parse(&body)?;
    let Some(code) = envelope.get("code").and_then(Json::whole) else { return odd("no code") };
    let message = words(envelope.get("message").and_then(Json::text).unwrap_or_default());
    tracing::debug!(call, status = status.as_u16(), code, "PortOne answered {call}");
    match (status, code) {
        (StatusCode::UNAUTHORIZED, _) => Ok(Err(message)),
        (StatusCode::NOT_FOUND, _) if envelope.get("response").is_none() => Ok(Ok(Said::NotThere)),
        (StatusCode::OK, 0) => match envelope.get("response") {
            Some(response) => Ok(Ok(Said::Response(response.clone()))),
            None => odd("no response"),
        },
        (status, 0) if !status.is_success() => odd("code 0 with an error's status"),
        (status, code) => Err(PortoneError::Refused { status: status.as_u16(), code, message }),
    }
}

async fn read(call: &'static str, mut answer: Response) -> Result<Vec<u8>, PortoneError> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| transport(call, error))? {
        if body.len().saturating_add(chunk.len()) > LARGEST {
            return odd("too large");
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn transport(call: &'static str, error: reqwest::Error) -> PortoneError {
    if error.is_timeout() {
        return PortoneError::TimedOut { call };
    }
    // The address may hold an id of a payment; the chain of causes says enough.
    PortoneError::Unreachable { source: error.without_url().into() }
}
