//! The checkout page over real HTTP: what it lets in, what it shows, and what it tells.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop loudly")]

mod answers;
mod door;
mod page;
mod shop;
mod tickets;
