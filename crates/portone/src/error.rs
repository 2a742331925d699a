//! Why PortOne gave no usable answer: one variant for each thing that a caller can do about it.

use std::error::Error;
use std::sync::Arc;

use money::Won;

use crate::amount::Amount;

/// The longest of PortOne's own words that is kept, in characters.
const LONGEST: usize = 200;

/// Why PortOne gave no usable answer. No variant carries a key, a token or a body.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PortoneError {
    /// No connection: network, name, TLS, or one that was dropped before an answer began.
    #[error("PortOne is not reachable")]
    Unreachable {
        /// What the connection said.
        #[source]
        source: Arc<dyn Error + Send + Sync>,
    },
    /// No answer in time. What was asked may have been done.
    #[error("no answer to {call} in time")]
    TimedOut {
        /// Which call.
        call: &'static str,
    },
    /// HTTP 429: asked too often.
    #[error("PortOne asks for patience")]
    Busy {
        /// For how long, in seconds, where it said so.
        retry_after_s: Option<u64>,
    },
    /// A server error.
    #[error("PortOne is down: HTTP {status}")]
    Down {
        /// The HTTP status.
        status: u16,
    },
    /// The keys, or every token for them, are refused.
    #[error("PortOne refuses the keys: {message}")]
    KeysRefused {
        /// PortOne's words, 200 characters at most.
        message: String,
    },
    /// A readable refusal: code other than 0.
    #[error("PortOne refuses: HTTP {status}, code {code}: {message}")]
    Refused {
        /// The HTTP status; 200 for many refusals.
        status: u16,
        /// The envelope's code.
        code: i64,
        /// PortOne's words, 200 characters at most.
        message: String,
    },
    /// An answer that makes no sense: garbled, cut, too large, a key twice, about something else than was asked.
    #[error("PortOne's answer makes no sense: {what}")]
    Odd {
        /// What is wrong with it.
        what: &'static str,
    },
    /// An id that may not enter a path; nothing was asked.
    #[error("not an id")]
    BadId,
    /// An address that may not be used.
    #[error("not an address for this: {what}")]
    BadAddress {
        /// Why.
        what: &'static str,
    },
    /// The order is registered with another sum or currency, and stays so although it was corrected.
    #[error("registered with another sum")]
    PreparedOtherwise {
        /// The sum that was to be registered.
        asked: Won,
        /// The sum that is registered.
        registered: Amount,
        /// The currency that is registered, where there is one.
        currency: Option<String>,
    },
}

/// An answer that makes no sense.
pub(crate) fn odd<T>(what: &'static str) -> Result<T, PortoneError> {
    Err(PortoneError::Odd { what })
}

/// PortOne's words, bounded and without control characters.
pub(crate) fn words(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(LONGEST).collect()
}
