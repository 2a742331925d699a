//! The access token: kept while it lives, one renewal at a time, its life counted by PortOne's clock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};

use crate::clock::Clock;
use crate::endpoint::Keys;
use crate::envelope::Said;
use crate::error::{PortoneError, odd};
use crate::http::{Http, Timeouts, send};
use crate::json::Json;

/// A token with less than this to live is renewed first. PortOne lengthens one with under a minute left.
///
/// Source: PortOne V1 `POST /users/getToken`.
const MARGIN_MS: u64 = 60_000;
/// The year 3000, in UNIX seconds: a clock beyond it counts in another unit.
const LATEST_S: i64 = 32_503_680_000;

/// A token, and which answer it came with. PortOne gives the same token again while it lives, so the text alone does
/// not say whether it was already asked for anew.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) secret: SecretString,
    round: u64,
}

struct Alive {
    token: Token,
    dies_at_ms: u64,
}

#[derive(Default)]
struct Kept {
    alive: Option<Alive>,
    /// The latest question for a token: its number, and why it failed, if it did.
    round: u64,
    failed: Option<PortoneError>,
}

#[derive(Clone, Copy)]
struct ServerClock {
    server_ms: i64,
    heard_at_ms: u64,
}

#[derive(Default)]
pub(crate) struct Tokens {
    kept: tokio::sync::Mutex<Kept>,
    /// How many questions for a token are over.
    over: AtomicU64,
    clock: Mutex<Option<ServerClock>>,
}

/// What a question for a token is put with.
#[derive(Clone, Copy)]
pub(crate) struct Asking<'a> {
    pub(crate) http: &'a Http,
    pub(crate) keys: &'a Keys,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) timeouts: &'a Timeouts,
}

impl Tokens {
    /// PortOne's time, carried on.
    ///
    /// PortOne read its clock after the question left here and before the answer came, and cut it to a second. It is
    /// counted on from the moment the answer came, so it may be behind by the answer's way and that second, and is
    /// never ahead: a payment that lies in the future by this clock may still be one of now, never the reverse.
    pub(crate) fn server_now_ms(&self, clock: &dyn Clock) -> Option<i64> {
        let heard = (*self.clock.lock().unwrap_or_else(PoisonError::into_inner))?;
        let since = clock.monotonic_ms().saturating_sub(heard.heard_at_ms);
        Some(heard.server_ms.saturating_add(i64::try_from(since).ok()?))
    }

    /// A living token. `spent`: one that PortOne has just refused; it is not handed out again. Others wait meanwhile
    /// and get the new one, or the reason why there is none: they do not each wait for their own time-out in turn.
    pub(crate) async fn get(&self, asking: Asking<'_>, spent: Option<&Token>) -> Result<Token, PortoneError> {
        let came = self.over.load(Ordering::SeqCst);
        let mut kept = self.kept.lock().await;
        if let Some(alive) = &kept.alive {
            let refused = spent.is_some_and(|spent| spent.round == alive.token.round);
            if !refused && asking.clock.monotonic_ms().saturating_add(MARGIN_MS) < alive.dies_at_ms {
                return Ok(alive.token.clone());
            }
        }
        if let Some(failed) = kept.failed.as_ref().filter(|_| kept.round > came) {
            return Err(failed.clone());
        }
        // Should this future be dropped while it asks, the next one starts from here.
        kept.alive = None;
        let asked = self.ask(asking).await;
        kept.round = kept.round.saturating_add(1);
        self.over.store(kept.round, Ordering::SeqCst);
        match asked {
            Ok((secret, dies_at_ms)) => {
                let token = Token { secret, round: kept.round };
                kept.alive = Some(Alive { token: token.clone(), dies_at_ms });
                kept.failed = None;
                Ok(token)
            }
            Err(error) => {
                kept.failed = Some(error.clone());
                Err(error)
            }
        }
    }

    /// Asks for a token; also learns PortOne's clock.
    async fn ask(&self, asking: Asking<'_>) -> Result<(SecretString, u64), PortoneError> {
        let Asking { http, keys, clock, timeouts } = asking;
        let secret = keys.imp_secret.expose_secret();
        let body = serde_json::json!({ "imp_key": keys.imp_key, "imp_secret": secret });
        let question = http.ask(Method::POST, &["users", "getToken"], timeouts.token)?.json(&body);
        let asked_at_ms = clock.monotonic_ms();
        let answer = match send("getToken", question, secret).await {
            Ok(Said::Response(answer)) => answer,
            Ok(Said::NotAllowed(Some(message))) | Err(PortoneError::Refused { message, .. }) => {
                return Err(PortoneError::KeysRefused { message });
            }
            Ok(Said::NotAllowed(None)) => return odd("a 401 that is not PortOne's"),
            Ok(Said::NotThere) => return odd("no getToken"),
            Err(error) => return Err(error),
        };
        let heard_at_ms = clock.monotonic_ms();
        let seconds =
            |name| answer.get(name).and_then(Json::whole).filter(|seconds| (1..=LATEST_S).contains(seconds));
        let token = answer.get("access_token").and_then(Json::text).filter(|token| is_token(token));
        let (Some(token), Some(now), Some(expired_at)) = (token, seconds("now"), seconds("expired_at"))
        else {
            return odd("a token without its times");
        };
        let heard = ServerClock { server_ms: now.saturating_mul(1_000), heard_at_ms };
        *self.clock.lock().unwrap_or_else(PoisonError::into_inner) = Some(heard);
        // Counted from the question: a token is then never believed to live longer than it does.
        let life_ms = u64::try_from(expired_at.saturating_sub(now)).unwrap_or(0).saturating_mul(1_000);
        Ok((token.into(), asked_at_ms.saturating_add(life_ms)))
    }
}

/// What may stand in a header, bounded. PortOne's tokens are 40 hexadecimal digits.
fn is_token(token: &str) -> bool {
    (1..=1024).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic())
}
