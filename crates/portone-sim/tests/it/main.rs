//! The simulator over real HTTP, as a client sees it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy's allow-unwrap-in-tests does not reach helpers in tests/; a failed helper should end the test"
)]

mod cancel;
mod control;
mod faults;
mod help;
mod lookup;
mod prepare;
mod program;
mod restart;
mod token;
mod window;
