//! The book's own tests, over real files.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod backup;
mod charges;
mod closing;
mod crossings;
mod flipped;
mod gate;
mod histories;
mod members;
mod members_in_full;
mod model;
mod offers;
mod people;
mod points;
mod reconciling;
mod refund_rules;
mod refunds;
mod reports;
mod tampering;
mod the_file;
mod time;
mod world;
