//! Time and randomness, handed in so that a test owns both.

use std::time::Instant;

/// A clock that only goes forward. The PC's date is not trusted: staff can set it.
pub trait Clock: Send + Sync {
    /// Milliseconds since any fixed moment.
    fn monotonic_ms(&self) -> u64;
}

/// Where a ticket's bits come from.
pub trait Random: Send + Sync {
    /// Fills `bytes` with numbers that nobody can guess.
    ///
    /// # Errors
    /// The system has none to give.
    fn fill(&self, bytes: &mut [u8]) -> std::io::Result<()>;
}

/// The computer's own monotonic clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock(Instant);

impl SystemClock {
    /// A clock that starts at 0 now.
    #[must_use]
    pub fn new() -> SystemClock {
        SystemClock(Instant::now())
    }
}

impl Default for SystemClock {
    fn default() -> SystemClock {
        SystemClock::new()
    }
}

impl Clock for SystemClock {
    fn monotonic_ms(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// The operating system's random numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    fn fill(&self, bytes: &mut [u8]) -> std::io::Result<()> {
        getrandom::fill(bytes).map_err(std::io::Error::other)
    }
}
