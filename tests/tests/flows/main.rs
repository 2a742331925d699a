//! The whole way of a charge in one process: the till with its real book, checkout page and client, against the
//! simulator over real HTTP. Only the windows are missing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]

mod backups;
mod bad_input;
mod broken_books;
mod channels_and_modes;
mod charging;
mod close;
mod forgetting;
mod hints;
mod lost_charges;
mod members_in_full;
mod portone_in_trouble;
mod refunds;
mod reports;
mod shop;
mod staff;
mod time;
mod twice;
