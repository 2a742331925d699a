//! The client: asks with a token, and once more with a new one.

use std::sync::Arc;

use reqwest::RequestBuilder;
use secrecy::ExposeSecret;

use crate::clock::Clock;
use crate::endpoint::{Endpoint, Keys, Net};
use crate::envelope::Said;
use crate::error::{PortoneError, odd};
use crate::http::{Http, Timeouts, send};
use crate::token::{Asking, Token, Tokens};

/// How a question is put; it may be put twice.
type Question<'a> = dyn Fn(&Http) -> Result<RequestBuilder, PortoneError> + Sync + 'a;

struct Inner {
    http: Http,
    keys: Keys,
    clock: Arc<dyn Clock>,
    timeouts: Timeouts,
    tokens: Tokens,
    sandbox: bool,
}

/// A client. Cheap to clone; clones share the token.
#[derive(Clone)]
pub struct Portone(Arc<Inner>);

impl Portone {
    /// Makes a client; asks nothing yet.
    ///
    /// # Errors
    /// [`PortoneError::BadAddress`] for a proxy that has none, or [`PortoneError::Unreachable`] where TLS cannot be set
    /// up.
    pub fn new(
        endpoint: Endpoint,
        keys: Keys,
        net: &Net,
        clock: Arc<dyn Clock>,
    ) -> Result<Portone, PortoneError> {
        Portone::with_timeouts(endpoint, keys, net, clock, Timeouts::default())
    }

    /// As [`Portone::new`], with other time-outs than the usual ones.
    ///
    /// # Errors
    /// As [`Portone::new`].
    pub fn with_timeouts(
        endpoint: Endpoint,
        keys: Keys,
        net: &Net,
        clock: Arc<dyn Clock>,
        timeouts: Timeouts,
    ) -> Result<Portone, PortoneError> {
        let http = Http::new(&endpoint, net, &timeouts)?;
        let sandbox = endpoint.sandbox();
        Ok(Portone(Arc::new(Inner { http, keys, clock, timeouts, tokens: Tokens::default(), sandbox })))
    }

    /// Asks for a token if none is alive, and so learns PortOne's clock.
    ///
    /// # Errors
    /// [`PortoneError::KeysRefused`], or no usable answer.
    pub async fn connect(&self) -> Result<(), PortoneError> {
        self.token(None).await.map(|_| ())
    }

    /// Asks for the token again, though one is alive, and so learns PortOne's clock anew: this machine may have slept, and
    /// its monotonic clock with it.
    ///
    /// # Errors
    /// As [`Portone::connect`].
    pub async fn learn_clock(&self) -> Result<(), PortoneError> {
        let token = self.token(None).await?;
        self.token(Some(&token)).await.map(|_| ())
    }

    /// PortOne's time in milliseconds since 1970, carried on a monotonic clock since the last token answer; `None` before
    /// the first. It may be behind by that answer's way and a second, and is never ahead.
    ///
    /// Source: PortOne V1 `POST /users/getToken`, `now`.
    #[must_use]
    pub fn server_now_ms(&self) -> Option<i64> {
        self.0.tokens.server_now_ms(self.0.clock.as_ref())
    }

    pub(crate) fn timeouts(&self) -> &Timeouts {
        &self.0.timeouts
    }

    /// Whether test payments are asked for.
    pub(crate) fn sandbox(&self) -> bool {
        self.0.sandbox
    }

    async fn token(&self, spent: Option<&Token>) -> Result<Token, PortoneError> {
        let Inner { http, keys, clock, timeouts, tokens, .. } = &*self.0;
        tokens.get(Asking { http, keys, clock: clock.as_ref(), timeouts }, spent).await
    }

    /// Asks with a token; after a 401 once more with a new one. Never answers [`Said::NotAllowed`].
    pub(crate) async fn ask(
        &self,
        call: &'static str,
        question: &Question<'_>,
    ) -> Result<Said, PortoneError> {
        let token = self.token(None).await?;
        match self.once(call, question, &token).await? {
            Said::NotAllowed(_) => {}
            said @ (Said::Response(_) | Said::NotThere) => return Ok(said),
        }
        tracing::info!(call, "PortOne refused the token; {call} is asked again with a new one");
        let token = self.token(Some(&token)).await?;
        match self.once(call, question, &token).await? {
            Said::NotAllowed(Some(message)) => Err(PortoneError::KeysRefused { message }),
            Said::NotAllowed(None) => odd("a 401 that is not PortOne's"),
            said @ (Said::Response(_) | Said::NotThere) => Ok(said),
        }
    }

    async fn once(
        &self,
        call: &'static str,
        question: &Question<'_>,
        token: &Token,
    ) -> Result<Said, PortoneError> {
        let secret = token.secret.expose_secret();
        send(call, question(&self.0.http)?.bearer_auth(secret), secret).await
    }
}
