//! Registering an order's sum before its pay window opens.

use money::Won;
use reqwest::Method;

use crate::amount::Amount;
use crate::client::Portone;
use crate::envelope::Said;
use crate::error::{PortoneError, odd, words};
use crate::ids;
use crate::json::Json;

/// The only currency that Pointill charges.
const CURRENCY: &str = "KRW";

/// What PortOne says is registered.
struct Registered {
    amount: Amount,
    currency: Option<String>,
}

impl Registered {
    fn read(json: &Json, merchant_uid: &str) -> Result<Registered, PortoneError> {
        if json.get("merchant_uid").and_then(Json::text) != Some(merchant_uid) {
            return odd("a registration of another order");
        }
        let Some(amount) = json.get("amount") else { return odd("a registration without a sum") };
        let currency = match json.get("currency") {
            None => None,
            Some(Json::Text(currency)) => Some(words(currency)),
            Some(Json::Null | Json::Bool(_) | Json::Number(_) | Json::List(_) | Json::Map(_)) => {
                return odd("a currency that is no text");
            }
        };
        Ok(Registered { amount: Amount::of(amount), currency })
    }

    /// A currency that PortOne does not tell is no objection: the payment's own is checked before it is believed.
    fn is(&self, won: Won) -> bool {
        self.amount == Amount::Whole(won.get())
            && self.currency.as_deref().is_none_or(|currency| currency == CURRENCY)
    }
}

impl Portone {
    /// Registers an order's sum, so that a pay window with another sum does not open. May be repeated.
    ///
    /// Source: PortOne V1 `POST|PUT|GET /payments/prepare`. A second POST is refused there; then the sum is read, and
    /// corrected where somebody else had registered another one.
    ///
    /// # Errors
    /// [`PortoneError::BadId`], [`PortoneError::Refused`] (nothing is registered), [`PortoneError::PreparedOtherwise`],
    /// or no usable answer: it may then be registered or not.
    pub async fn prepare(&self, merchant_uid: &str, won: Won) -> Result<(), PortoneError> {
        ids::merchant_uid(merchant_uid)?;
        let refused = match self.register(Method::POST, merchant_uid, won).await {
            Ok(()) => return Ok(()),
            Err(refused @ PortoneError::Refused { .. }) => refused,
            Err(error) => return Err(error),
        };
        match self.registered(merchant_uid).await? {
            Some(registered) if registered.is(won) => return Ok(()),
            Some(_) => {}
            // It was refused for another reason than being there already.
            None => return Err(refused),
        }
        self.register(Method::PUT, merchant_uid, won).await?;
        match self.registered(merchant_uid).await? {
            Some(registered) if registered.is(won) => Ok(()),
            Some(Registered { amount, currency }) => {
                Err(PortoneError::PreparedOtherwise { asked: won, registered: amount, currency })
            }
            None => odd("a registration that is gone"),
        }
    }

    async fn register(&self, method: Method, merchant_uid: &str, won: Won) -> Result<(), PortoneError> {
        let body =
            serde_json::json!({ "merchant_uid": merchant_uid, "amount": won.get(), "currency": CURRENCY });
        let timeout = self.timeouts().prepare;
        let said = self
            .ask("prepare", &|http| {
                Ok(http.ask(method.clone(), &["payments", "prepare"], timeout)?.json(&body))
            })
            .await?;
        match said {
            Said::Response(echo) if Registered::read(&echo, merchant_uid)?.is(won) => Ok(()),
            Said::Response(_) => odd("another registration than asked for"),
            Said::NotThere | Said::NotAllowed(_) => odd("no registration to change"),
        }
    }

    async fn registered(&self, merchant_uid: &str) -> Result<Option<Registered>, PortoneError> {
        let timeout = self.timeouts().prepare;
        let said = self
            .ask("prepared", &|http| http.ask(Method::GET, &["payments", "prepare", merchant_uid], timeout))
            .await?;
        match said {
            Said::Response(echo) => Registered::read(&echo, merchant_uid).map(Some),
            Said::NotThere | Said::NotAllowed(_) => Ok(None),
        }
    }
}
