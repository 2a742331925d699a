//! The calls.

use std::sync::Arc;

use money::Won;
use reqwest::{Method, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};

use crate::clock::Clock;
use crate::endpoint::{Endpoint, Keys, Net};
use crate::error::PortoneError;
use crate::http::{Http, Said, Timeouts, send};
use crate::json::Json;
use crate::payment::Payment;
use crate::token::Tokens;

/// Payments a page; PortOne allows up to 1000.
const PAGE_SIZE: i64 = 100;
/// More pages than any order can have.
const MOST_PAGES: i64 = 50;
/// The only currency that Pointill charges.
const CURRENCY: &str = "KRW";

/// A channel: one payment company's contract. Source: PortOne V1 `GET /users/pg`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Its key, for `IMP.request_pay`.
    pub key: String,
    /// Its name in PortOne's console.
    pub name: String,
    /// The payment company.
    pub pg_provider: String,
    /// The MID.
    pub pg_id: String,
    /// A test channel; `None` where PortOne did not say.
    pub sandbox: Option<bool>,
    /// `payment`, `api_payment` or `certification`.
    pub kind: String,
}

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

fn odd<T>(what: &'static str) -> Result<T, PortoneError> {
    Err(PortoneError::Odd { what })
}

/// An imp_uid as PortOne makes them: `imp_` or `imps_` and digits; a few letters more are allowed for.
fn checked_imp_uid(imp_uid: &str) -> Result<&str, PortoneError> {
    let rest = imp_uid.strip_prefix("imp_").or_else(|| imp_uid.strip_prefix("imps_"));
    let fits = rest.is_some_and(|rest| {
        (1..=27).contains(&rest.len())
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    });
    if fits { Ok(imp_uid) } else { Err(PortoneError::BadId) }
}

/// A merchant_uid that may stand in a path: PortOne takes 40 characters.
fn checked_merchant_uid(merchant_uid: &str) -> Result<&str, PortoneError> {
    let fits = (1..=40).contains(&merchant_uid.len())
        && merchant_uid.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if fits { Ok(merchant_uid) } else { Err(PortoneError::BadId) }
}

impl Portone {
    /// Makes a client; asks nothing yet.
    ///
    /// # Errors
    /// [`PortoneError::BadAddress`], or [`PortoneError::Unreachable`] where TLS cannot be set up.
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

    /// PortOne's time in milliseconds since 1970, carried on a monotonic clock; `None` before the first token.
    #[must_use]
    pub fn server_now_ms(&self) -> Option<i64> {
        self.0.tokens.server_now_ms(self.0.clock.as_ref())
    }

    async fn token(&self, spent: Option<&SecretString>) -> Result<SecretString, PortoneError> {
        let inner = &self.0;
        inner.tokens.get(&inner.http, &inner.keys, inner.clock.as_ref(), &inner.timeouts, spent).await
    }

    /// Asks with a token; after a 401 once more with a new one.
    async fn ask(&self, call: &'static str, question: &Question<'_>) -> Result<Said, PortoneError> {
        let token = self.token(None).await?;
        match self.once(call, question, &token).await? {
            Ok(said) => Ok(said),
            Err(_) => {
                let token = self.token(Some(&token)).await?;
                self.once(call, question, &token)
                    .await?
                    .map_err(|message| PortoneError::KeysRefused { message })
            }
        }
    }

    async fn once(
        &self,
        call: &'static str,
        question: &Question<'_>,
        token: &SecretString,
    ) -> Result<Result<Said, String>, PortoneError> {
        send(call, question(&self.0.http)?.bearer_auth(token.expose_secret())).await
    }

    /// Registers an order's sum, so that a pay window with another sum does not open. May be repeated.
    ///
    /// Source: PortOne V1 `POST|PUT|GET /payments/prepare`. A second POST is refused there; then the sum is read, and
    /// corrected where somebody else had registered another one.
    ///
    /// # Errors
    /// [`PortoneError::PreparedOtherwise`], or no usable answer.
    pub async fn prepare(&self, merchant_uid: &str, won: Won) -> Result<(), PortoneError> {
        checked_merchant_uid(merchant_uid)?;
        match self.register(Method::POST, merchant_uid, won).await {
            Ok(()) => return Ok(()),
            Err(PortoneError::Refused { .. }) => {}
            Err(error) => return Err(error),
        }
        if self.registered(merchant_uid).await? == Some(won.get()) {
            return Ok(());
        }
        self.register(Method::PUT, merchant_uid, won).await?;
        if self.registered(merchant_uid).await? == Some(won.get()) {
            Ok(())
        } else {
            Err(PortoneError::PreparedOtherwise)
        }
    }

    async fn register(&self, method: Method, merchant_uid: &str, won: Won) -> Result<(), PortoneError> {
        let body =
            serde_json::json!({ "merchant_uid": merchant_uid, "amount": won.get(), "currency": CURRENCY });
        let timeout = self.0.timeouts.prepare;
        let said = self
            .ask("prepare", &|http| {
                Ok(http.ask(method.clone(), &["payments", "prepare"], timeout)?.json(&body))
            })
            .await?;
        match said {
            Said::Response(echo) if is_registered(&echo, merchant_uid) == Some(won.get()) => Ok(()),
            Said::Response(_) => odd("another registration than asked for"),
            Said::NotThere => odd("no registration to change"),
        }
    }

    async fn registered(&self, merchant_uid: &str) -> Result<Option<i64>, PortoneError> {
        let timeout = self.0.timeouts.prepare;
        let said = self
            .ask("prepared", &|http| http.ask(Method::GET, &["payments", "prepare", merchant_uid], timeout))
            .await?;
        Ok(match said {
            Said::Response(echo) => is_registered(&echo, merchant_uid),
            Said::NotThere => None,
        })
    }

    /// A payment by PortOne's name for it; `None` when PortOne knows none. Test payments are asked for by test
    /// endpoints alone.
    ///
    /// # Errors
    /// [`PortoneError::BadId`], or no usable answer.
    pub async fn payment(&self, imp_uid: &str) -> Result<Option<Payment>, PortoneError> {
        checked_imp_uid(imp_uid)?;
        let (timeout, sandbox) = (self.0.timeouts.look_up, self.0.sandbox);
        let said = self
            .ask("payment", &|http| {
                let question = http.ask(Method::GET, &["payments", imp_uid], timeout)?;
                Ok(if sandbox { question.query(&[("include_sandbox", "true")]) } else { question })
            })
            .await?;
        let Said::Response(json) = said else { return Ok(None) };
        let payment = Payment::read(&json)?;
        if payment.imp_uid == imp_uid { Ok(Some(payment)) } else { odd("another payment than asked for") }
    }

    /// Every payment under an order, of all pages, test payments too. Empty when PortOne knows none.
    ///
    /// # Errors
    /// [`PortoneError::BadId`], or no usable answer.
    pub async fn payments_of(&self, merchant_uid: &str) -> Result<Vec<Payment>, PortoneError> {
        checked_merchant_uid(merchant_uid)?;
        let timeout = self.0.timeouts.look_up;
        let mut payments: Vec<Payment> = Vec::new();
        let mut page = 1_i64;
        for _ in 0..MOST_PAGES {
            let query = [
                ("page", page.to_string()),
                ("limit", PAGE_SIZE.to_string()),
                ("sorting", "started".to_owned()),
            ];
            let said = self
                .ask("findAll", &|http| {
                    Ok(http.ask(Method::GET, &["payments", "findAll", merchant_uid], timeout)?.query(&query))
                })
                .await?;
            let Said::Response(json) = said else {
                // A page that was promised and is not there: something moved meanwhile.
                return if page == 1 { Ok(payments) } else { odd("a page is missing") };
            };
            let Some(rows) = json.get("list").and_then(Json::list) else { return odd("no list") };
            for row in rows {
                let payment = Payment::read(row)?;
                if payment.merchant_uid != merchant_uid {
                    return odd("a payment of another order");
                }
                if payments.iter().all(|known| known.imp_uid != payment.imp_uid) {
                    payments.push(payment);
                }
            }
            match json.get("next").and_then(Json::whole) {
                Some(0) => return Ok(payments),
                Some(next) if next > page => page = next,
                Some(_) | None => return odd("no next page"),
            }
        }
        odd("too many pages")
    }

    /// The shop's channels. Source: PortOne V1 `GET /users/pg`.
    ///
    /// # Errors
    /// No usable answer.
    pub async fn channels(&self) -> Result<Vec<Channel>, PortoneError> {
        let timeout = self.0.timeouts.channels;
        let said = self.ask("channels", &|http| http.ask(Method::GET, &["users", "pg"], timeout)).await?;
        let Said::Response(json) = said else { return Ok(Vec::new()) };
        let Some(rows) = json.list() else { return odd("no list of channels") };
        Ok(rows.iter().filter_map(channel).collect())
    }
}

fn is_registered(echo: &Json, merchant_uid: &str) -> Option<i64> {
    let ours = echo.get("merchant_uid").and_then(Json::text) == Some(merchant_uid);
    match echo.get("amount").map(crate::amount::Amount::of) {
        Some(crate::amount::Amount::Whole(won)) if ours => Some(won),
        Some(_) | None => None,
    }
}

/// A channel that can be named; one without a key cannot be paid over.
fn channel(json: &Json) -> Option<Channel> {
    let text = |name: &str| json.get(name).and_then(Json::text).map(str::to_owned);
    Some(Channel {
        key: text("channel_key")?,
        name: text("channel_name").unwrap_or_default(),
        pg_provider: text("pg_provider")?,
        pg_id: text("pg_id")?,
        sandbox: json.get("sandbox").and_then(Json::boolean),
        kind: text("type").unwrap_or_default(),
    })
}
