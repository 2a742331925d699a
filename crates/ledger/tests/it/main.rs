//! The book's own tests, over real files.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod charges;
mod closing;
mod flipped;
mod gate;
mod histories;
mod members;
mod members_in_full;
mod people;
mod points;
mod reconciling;
mod tampering;
mod the_file;
mod world;
