//! What a shell hands in.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use counter::wire::Event;
use ledger::{Mode, Role, UnixMillis};
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

/// The PC's clock. PortOne's takes its place as soon as it is known.
pub trait PcClock: Send + Sync {
    /// The time that this machine believes.
    fn now(&self) -> UnixMillis;
    /// Time since some moment of this run, on a clock that nobody can set. How long somebody has to wait after wrong PINs,
    /// and how long the screen was idle, is counted on it.
    fn up(&self) -> Duration {
        static STARTED: OnceLock<Instant> = OnceLock::new();
        STARTED.get_or_init(Instant::now).elapsed()
    }
}

/// The real one.
pub struct SystemPcClock;

impl PcClock for SystemPcClock {
    #[expect(clippy::disallowed_methods, reason = "the one place at which the PC's clock is read")]
    fn now(&self) -> UnixMillis {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        UnixMillis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// PortOne's keys as they lie in the keyring.
#[derive(Clone)]
pub struct StoredKeys {
    /// REST API key.
    pub imp_key: String,
    /// REST API secret.
    pub imp_secret: SecretString,
}

/// Why the keyring gave or took nothing.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// There is none on this machine.
    #[error("no keyring: {0}")]
    Unavailable(String),
    /// It is locked.
    #[error("locked: {0}")]
    Locked(String),
    /// Anything else.
    #[error("{0}")]
    Failed(String),
}

/// The operating system's keyring. Calls may block; they run on a thread of their own.
pub trait Secrets: Send + Sync {
    /// The keys, if there are some.
    ///
    /// # Errors
    /// When the keyring does not answer.
    fn load(&self) -> Result<Option<StoredKeys>, SecretsError>;
    /// Stores the keys.
    ///
    /// # Errors
    /// When the keyring does not answer; nothing is written elsewhere.
    fn save(&self, keys: &StoredKeys) -> Result<(), SecretsError>;
    /// Removes the keys.
    ///
    /// # Errors
    /// When the keyring does not answer.
    fn forget(&self) -> Result<(), SecretsError>;
    /// What PINs are hashed with, if it was made: without it the register of people is of no use to a thief.
    ///
    /// # Errors
    /// When the keyring does not answer.
    fn pepper(&self) -> Result<Option<Pepper>, SecretsError>;
    /// Stores it. It is made once and never again: with another one no PIN is right any more.
    ///
    /// # Errors
    /// When the keyring does not answer; nothing is written elsewhere.
    fn save_pepper(&self, pepper: &Pepper) -> Result<(), SecretsError>;
}

/// Random bytes that PINs are hashed with; overwritten when dropped.
pub type Pepper = Zeroizing<[u8; 32]>;

/// What the shell does for the till. `charge` is a key of the till's own.
pub trait Shell: Send + Sync {
    /// Shows the pay page in a window of its own; in place of an older one of the same charge.
    ///
    /// # Errors
    /// When no window could be made.
    fn show_checkout(&self, charge: &str, url: &str, title: &str) -> Result<(), String>;
    /// Closes that window, if it is open.
    fn close_checkout(&self, charge: &str);
    /// Brings the clerk's window in front of the pay window: the customer's part is over for now, and what it led to is
    /// said in the clerk's. A shell without windows has nothing to do.
    fn to_front(&self) {}
    /// Tells every screen.
    fn emit(&self, event: &Event);
}

/// With which book to start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartMode {
    /// The simulator inside the app.
    Practice,
    /// This one.
    Book(Mode),
    /// The one that was in use; practice on a first start.
    LastUsed,
}

/// Which PortOne the test and live books talk to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndpointChoice {
    /// PortOne's own address.
    Real,
    /// A simulator at this address, for test books alone; there is no live book then.
    TestAt(String),
    /// A simulator at this address for live books too: devhost alone can name this.
    #[cfg(feature = "any-endpoint")]
    EverythingAt(String),
}

impl EndpointChoice {
    /// Whether such a PortOne can be asked at all.
    ///
    /// # Errors
    /// In words, for whoever typed the address: a simulator is plain HTTP on this machine.
    pub fn check(&self) -> Result<(), String> {
        match self {
            EndpointChoice::Real => Ok(()),
            EndpointChoice::TestAt(url) => {
                portone::Endpoint::test_at(url).map(drop).map_err(|why| why.to_string())
            }
            #[cfg(feature = "any-endpoint")]
            EndpointChoice::EverythingAt(url) => {
                portone::Endpoint::live_at(url).map(drop).map_err(|why| why.to_string())
            }
        }
    }
}

/// All that a shell hands in.
pub struct Config {
    /// The folder of the books; made if missing, locked while open.
    pub data: PathBuf,
    /// With which book to start.
    pub start: StartMode,
    /// Whether the live book may be entered: not while a program drives the windows.
    pub may_live: bool,
    /// Which PortOne to talk to.
    pub endpoint: EndpointChoice,
    /// The keyring.
    pub secrets: Arc<dyn Secrets>,
    /// The windows.
    pub shell: Arc<dyn Shell>,
    /// The PC's clock.
    pub clock: Arc<dyn PcClock>,
    /// The role of whoever opens the app while the shop has no people.
    pub role: Role,
    /// Whoever opens the app may enter the live book without being an owner with a PIN. Only scripts may.
    pub trusted: bool,
    /// A register of people that is gone, though the books know of people, is begun anew: whoever opens the app names the
    /// first owner, and the books say when.
    pub new_people: bool,
    /// Where nobody chose a channel, take the first that fits, or this one.
    pub channel: ChannelPick,
    /// The app's font for the pay page, woff2.
    pub font: Option<&'static [u8]>,
}

/// How a book comes to its channel when nobody chose one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelPick {
    /// Only where exactly one fits.
    TheOnlyOne,
    /// The first that fits.
    First,
    /// The one with this key.
    Key(String),
}
