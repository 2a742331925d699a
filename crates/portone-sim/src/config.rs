//! What a simulator is started with.

use std::{fmt, path::PathBuf, sync::Arc};

/// The `imp_key` that is accepted unless another is configured.
pub const DEFAULT_IMP_KEY: &str = "1111222233334444";

/// The `imp_secret` that is accepted unless another is configured.
pub const DEFAULT_IMP_SECRET: &str = "portone-sim-secret-no-money-moves-here";

/// The merchant code to give to `IMP.init`, which accepts any code of this form.
pub const DEFAULT_USER_CODE: &str = "imp00000000";

/// Where the simulator's time comes from. What `/_sim/clock` adds comes on top.
pub trait Clock: Send + Sync {
    /// Seconds since 1970-01-01T00:00:00Z.
    fn unix_seconds(&self) -> i64;
}

/// The PC's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place at which the simulator reads the PC's clock"
    )]
    fn unix_seconds(&self) -> i64 {
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }
}

/// What a simulator is started with. Use `Config { .., ..Config::default() }`.
#[derive(Clone)]
pub struct Config {
    /// The REST API key.
    pub imp_key: String,
    /// The REST API secret.
    pub imp_secret: String,
    /// The merchant code, `imp` and 8 digits. Shown where a page named none; any is accepted.
    pub user_code: String,
    /// Whether `/_sim/` is served. Off inside the app: there, nobody may make payments up.
    pub control: bool,
    /// Payments and pre-registrations survive a restart in this file, written after each change. One
    /// simulator at a time has it, by a lock on a file beside it (`.lock`).
    pub state_file: Option<PathBuf>,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// Added to `clock`, so that "the PC is an hour off from PortOne" can be played.
    pub clock_offset_seconds: i64,
    /// Makes ids and tokens the same in each run. `None` takes the seed from the system.
    pub seed: Option<u64>,
    /// Whether `GET /payments/status/all` compares `from` and `to` with the time of each payment's start, and not with the
    /// time that belongs to its last status. The documents can be read in both ways.
    pub all_by_start: bool,
    /// A woff2 font with Korean letters for the pay window, for machines that have none.
    pub font: Option<Vec<u8>>,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            imp_key: DEFAULT_IMP_KEY.to_owned(),
            imp_secret: DEFAULT_IMP_SECRET.to_owned(),
            user_code: DEFAULT_USER_CODE.to_owned(),
            control: true,
            state_file: None,
            clock: Arc::new(SystemClock),
            clock_offset_seconds: 0,
            seed: None,
            all_by_start: false,
            font: None,
        }
    }
}

// By hand, so that the secret cannot reach a log.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("imp_key", &self.imp_key)
            .field("user_code", &self.user_code)
            .field("control", &self.control)
            .field("state_file", &self.state_file)
            .field("clock_offset_seconds", &self.clock_offset_seconds)
            .field("seed", &self.seed)
            .field("all_by_start", &self.all_by_start)
            .finish_non_exhaustive()
    }
}
