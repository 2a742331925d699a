//! The real app in a real window, driven like a clerk's hands would.

#![cfg(all(feature = "desktop", target_os = "linux"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod clerk;
mod keys;
mod people;
mod popup;
mod practice;
mod search;
mod settling;
mod trouble;
