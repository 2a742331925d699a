//! One question, one answer: sent, bounded, and given on to be read.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Method, Proxy, RequestBuilder, Response, StatusCode, Url, header, redirect, retry};
use rustls::{ClientConfig, RootCertStore};

use crate::endpoint::{Endpoint, Net};
use crate::envelope::{self, Said};
use crate::error::{PortoneError, odd};

/// The largest answer that is read, in bytes.
const LARGEST: usize = 1024 * 1024;

/// How long each call may take, from connecting to the last byte in.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// Making a connection: 5 s.
    pub connect: Duration,
    /// `getToken`: 10 s.
    pub token: Duration,
    /// Registering a sum, each of its questions: 10 s.
    pub prepare: Duration,
    /// Looking up payments, each page: 15 s.
    pub look_up: Duration,
    /// Listing channels: 15 s.
    pub channels: Duration,
    /// Cancelling: 40 s, since PortOne waits for the payment company.
    pub cancel: Duration,
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        Timeouts {
            connect: Duration::from_secs(5),
            token: Duration::from_secs(10),
            prepare: Duration::from_secs(10),
            look_up: Duration::from_secs(15),
            channels: Duration::from_secs(15),
            cancel: Duration::from_secs(40),
        }
    }
}

pub(crate) struct Http {
    client: Client,
    base: Url,
}

fn unreachable(error: impl Error + Send + Sync + 'static) -> PortoneError {
    PortoneError::Unreachable { source: Arc::new(error) }
}

/// Bundled roots: a root that somebody put into this PC's store does not read PortOne's answers. The provider is named
/// here, so that none needs to be installed for the whole process.
fn tls() -> Result<ClientConfig, PortoneError> {
    let mut roots = RootCertStore::empty();
    let (_added, refused) =
        roots.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
    if refused > 0 {
        tracing::warn!(refused, "{refused} bundled roots could not be read");
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unreachable)?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

impl Http {
    pub(crate) fn new(endpoint: &Endpoint, net: &Net, timeouts: &Timeouts) -> Result<Http, PortoneError> {
        let mut client = Client::builder()
            .tls_backend_preconfigured(tls()?)
            .https_only(endpoint.is_portone())
            .no_proxy()
            .redirect(redirect::Policy::none())
            // Who asks again is decided where it is known what asking again does.
            .retry(retry::never())
            .http1_only()
            // Another crate may turn these features on; a small body must not unpack into a large one.
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd()
            .connect_timeout(timeouts.connect)
            .user_agent(concat!("Pointill/", env!("CARGO_PKG_VERSION")));
        // A simulator is on this machine: no proxy is on the way to it.
        if let Some(proxy) = net.proxy.as_deref().filter(|_| endpoint.is_portone()) {
            // The error is dropped: it repeats the address, which may hold a password.
            let proxy =
                Proxy::all(proxy).map_err(|_| PortoneError::BadAddress { what: "no address of a proxy" })?;
            client = client.proxy(proxy);
        }
        Ok(Http { client: client.build().map_err(unreachable)?, base: endpoint.base()? })
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

/// Sends the question and reads the answer. `hide`: see [`envelope::open`].
pub(crate) async fn send(
    call: &'static str,
    question: RequestBuilder,
    hide: &str,
) -> Result<Said, PortoneError> {
    let answer = question.send().await.map_err(|error| unanswered(call, error))?;
    let status = answer.status();
    if status == StatusCode::TOO_MANY_REQUESTS {
        // The other form, a date, would need a clock that is not ours to trust.
        let after = answer.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
        return Err(PortoneError::Busy { retry_after_s: after.and_then(|value| value.trim().parse().ok()) });
    }
    if status.is_server_error() {
        return Err(PortoneError::Down { status: status.as_u16() });
    }
    if status.is_redirection() {
        return odd("a redirect");
    }
    envelope::open(call, status, &read(call, answer).await?, hide)
}

async fn read(call: &'static str, mut answer: Response) -> Result<Vec<u8>, PortoneError> {
    let mut body = Vec::new();
    loop {
        match answer.chunk().await {
            Ok(Some(chunk)) if body.len().saturating_add(chunk.len()) > LARGEST => return odd("too large"),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) if error.is_timeout() => return Err(PortoneError::TimedOut { call }),
            Err(_) => return odd("cut"),
        }
    }
}

fn unanswered(call: &'static str, error: reqwest::Error) -> PortoneError {
    // A connection that was not made in time: nothing was asked, so nothing can have been done.
    if error.is_timeout() && !error.is_connect() {
        return PortoneError::TimedOut { call };
    }
    // The address may hold an id of a payment; the chain of causes says enough.
    unreachable(error.without_url())
}
