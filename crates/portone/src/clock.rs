//! A clock that never jumps.

use std::time::Instant;

/// Time that only goes on. Handed in, so that a test owns it.
pub trait Clock: Send + Sync {
    /// Milliseconds since some moment that never changes.
    fn monotonic_ms(&self) -> u64;
}

/// The operating system's monotonic clock. It may stand still while the machine sleeps; PortOne's clock is then behind
/// until the next token answer.
#[derive(Debug)]
pub struct SystemClock(Instant);

impl Default for SystemClock {
    fn default() -> SystemClock {
        SystemClock(Instant::now())
    }
}

impl Clock for SystemClock {
    fn monotonic_ms(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}
