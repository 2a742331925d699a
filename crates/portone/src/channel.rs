//! A shop's channels.

use reqwest::Method;

use crate::client::Portone;
use crate::envelope::Said;
use crate::error::{PortoneError, odd};
use crate::json::Json;

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

impl Portone {
    /// The shop's channels. Source: PortOne V1 `GET /users/pg`.
    ///
    /// # Errors
    /// No usable answer.
    pub async fn channels(&self) -> Result<Vec<Channel>, PortoneError> {
        let timeout = self.timeouts().channels;
        let said = self.ask("channels", &|http| http.ask(Method::GET, &["users", "pg"], timeout)).await?;
        // A shop without channels is an empty list; "not there" is about the address.
        let Said::Response(json) = said else { return odd("no /users/pg") };
        let Some(rows) = json.list() else { return odd("no list of channels") };
        Ok(rows.iter().filter_map(read).collect())
    }
}

/// A channel that can be named; one without a key cannot be paid over.
fn read(json: &Json) -> Option<Channel> {
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
