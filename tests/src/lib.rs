//! What the tests that cross crates stand on: the real programs, a desktop of their own, a driven window.
//!
//! Nothing here knows a screen's way of working; that is in the tests and in `demo`, which use it.

#[cfg(target_os = "linux")]
pub mod app;
mod bins;
pub mod devhost;
pub mod leash;
mod program;
#[cfg(target_os = "linux")]
pub mod screen;
#[cfg(target_os = "linux")]
pub mod session;
pub mod sim;
mod wait;

pub use bins::bin;
pub use wait::{eventually, within};
