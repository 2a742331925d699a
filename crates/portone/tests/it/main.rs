//! The client against a PortOne that answers what a test tells it to. (The whole one is portone-sim; it is not used
//! here, since it could not say most of this.)

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]

mod addresses;
mod answers;
mod channels;
mod listing;
mod look_up;
mod prepare;
mod script;
mod token;
