//! The access token: kept while it lives, one renewal at a time, its life counted by PortOne's clock.

use std::sync::{Mutex, PoisonError};

use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};

use crate::clock::Clock;
use crate::endpoint::Keys;
use crate::error::PortoneError;
use crate::http::{Http, Said, Timeouts, send};
use crate::json::Json;

/// A token with less than this to live is renewed first. PortOne lengthens one with under a minute left.
const MARGIN_MS: u64 = 60_000;

#[derive(Clone)]
struct Alive {
    token: SecretString,
    dies_at_ms: u64,
}

#[derive(Default)]
pub(crate) struct Tokens {
    alive: tokio::sync::Mutex<Option<Alive>>,
    clock: Mutex<Option<ServerClock>>,
}

#[derive(Clone, Copy)]
struct ServerClock {
    server_ms: i64,
    heard_at_ms: u64,
}

impl Tokens {
    /// PortOne's time, carried on.
    pub(crate) fn server_now_ms(&self, clock: &dyn Clock) -> Option<i64> {
        let heard = (*self.clock.lock().unwrap_or_else(PoisonError::into_inner))?;
        let since = clock.monotonic_ms().saturating_sub(heard.heard_at_ms);
        Some(heard.server_ms.saturating_add(i64::try_from(since).ok()?))
    }

    /// A living token. `spent`: one that PortOne has just refused; it is not handed out again. Others wait meanwhile
    /// and get the new one.
    pub(crate) async fn get(
        &self,
        http: &Http,
        keys: &Keys,
        clock: &dyn Clock,
        timeouts: &Timeouts,
        spent: Option<&SecretString>,
    ) -> Result<SecretString, PortoneError> {
        let mut alive = self.alive.lock().await;
        if let Some(alive) = &*alive {
            let refused = spent.is_some_and(|spent| spent.expose_secret() == alive.token.expose_secret());
            if !refused && clock.monotonic_ms().saturating_add(MARGIN_MS) < alive.dies_at_ms {
                return Ok(alive.token.clone());
            }
        }
        *alive = None;
        let asked_at = clock.monotonic_ms();
        let body =
            serde_json::json!({ "imp_key": keys.imp_key, "imp_secret": keys.imp_secret.expose_secret() });
        let question = http.ask(Method::POST, &["users", "getToken"], timeouts.token)?.json(&body);
        let answer = match send("getToken", question).await {
            Ok(Ok(Said::Response(answer))) => answer,
            Ok(Ok(Said::NotThere)) => return Err(PortoneError::Odd { what: "no getToken" }),
            Ok(Err(message)) | Err(PortoneError::Refused { message, .. }) => {
                return Err(PortoneError::KeysRefused { message });
            }
            Err(error) => return Err(error),
        };
        let whole = |name| answer.get(name).and_then(Json::whole);
        let (Some(token), Some(now), Some(expired_at)) =
            (answer.get("access_token").and_then(Json::text), whole("now"), whole("expired_at"))
        else {
            return Err(PortoneError::Odd { what: "a token without its times" });
        };
        // Counted from the question, not the answer: a token is then never believed to live longer than it does, and
        // PortOne's clock is at most the way there too early, never too late to be caught by a limit in the future.
        let life_ms = u64::try_from(expired_at.saturating_sub(now)).unwrap_or(0).saturating_mul(1_000);
        let fresh = Alive { token: token.into(), dies_at_ms: asked_at.saturating_add(life_ms) };
        let heard = ServerClock { server_ms: now.saturating_mul(1_000), heard_at_ms: clock.monotonic_ms() };
        *self.clock.lock().unwrap_or_else(PoisonError::into_inner) = Some(heard);
        *alive = Some(fresh.clone());
        Ok(fresh.token)
    }
}
