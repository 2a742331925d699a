//! Why PortOne gave no usable answer: one variant for each thing that a caller can do about it.

use std::error::Error;

/// The longest of PortOne's own words that is kept.
const LONGEST: usize = 200;

/// Why PortOne gave no usable answer. No variant carries a key, a token or a body.
#[derive(Debug, thiserror::Error)]
pub enum PortoneError {
    /// No connection: network, name, TLS, or a connection that was cut.
    #[error("PortOne is not reachable")]
    Unreachable {
        /// What the connection said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
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
        /// PortOne's words.
        message: String,
    },
    /// A readable refusal: code other than 0.
    #[error("PortOne refuses: HTTP {status}, code {code}: {message}")]
    Refused {
        /// The HTTP status; 200 for many refusals.
        status: u16,
        /// The envelope's code.
        code: i64,
        /// PortOne's words.
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
    /// The order is registered with another sum, and could not be corrected.
    #[error("registered with another sum")]
    PreparedOtherwise,
}

/// PortOne's words, bounded and without control characters.
pub(crate) fn words(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(LONGEST).collect()
}
