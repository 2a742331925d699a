//! PortOne V1 played on loopback: REST, browser SDK, pay window, faults and a clock.
//!
//! It is written from PortOne's documents alone and shares no type with our client, so that a
//! misreading on one side shows up as a failing test and not as an agreement. What the documents
//! leave open, and how it is played here, is listed in this crate's `README.md`.
//!
//! Architecture invariant: the rules in `world` take the time as an argument and do no I/O; the handlers
//! know no rule.

mod answer;
mod channels;
mod config;
mod connection;
mod control;
mod faults;
mod front;
mod journal;
mod masks;
mod params;
mod payment;
mod random;
mod rest;
mod server;
mod shared;
mod store;
mod token;
mod window;
mod world;

pub use config::{Clock, Config, DEFAULT_IMP_KEY, DEFAULT_IMP_SECRET, DEFAULT_USER_CODE, SystemClock};
pub use control::Control;
pub use server::Simulator;
pub use store::UnreadableState;
