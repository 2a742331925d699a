//! The parts put together once, for every shell: a book for each mode, PortOne, the checkout page, and the timers
//! that settle.
//!
//! The desktop app and devhost would otherwise each write this: two hosts that drift apart where money is.

mod config;
mod desk;
mod gateway;
mod host;
mod keyring;
mod people;
mod settler;
mod shelf;
mod till;

pub use config::{
    ChannelPick, Config, EndpointChoice, PcClock, Pepper, Secrets, SecretsError, Shell, StartMode,
    StoredKeys, SystemPcClock,
};
pub use till::Till;
