//! PortOne's HTTP API (V1): asks and registers; their words turned into ours.
//!
//! It believes nothing that is not said twice: HTTP status *and* the envelope's code are checked, an answer about
//! another payment than the one asked for is no answer, and what cannot be read is [`PortoneError::Odd`], never a
//! default. Source for every path and field: PortOne V1 REST API reference.

mod amount;
mod channel;
mod client;
mod clock;
mod endpoint;
mod envelope;
mod error;
mod http;
mod ids;
mod json;
mod listing;
mod look_up;
mod payment;
mod prepare;
mod token;

pub use amount::Amount;
pub use channel::Channel;
pub use client::Portone;
pub use clock::{Clock, SystemClock};
pub use endpoint::{Endpoint, Keys, Net};
pub use error::PortoneError;
pub use http::Timeouts;
pub use payment::{Payment, Status, Vbank};
