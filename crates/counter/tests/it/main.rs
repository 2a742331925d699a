//! The counter's own tests.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod bindings;
