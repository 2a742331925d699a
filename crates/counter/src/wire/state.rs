//! What the frame around every screen shows.

use ledger::{Mode, Role, StaffId};
use money::Won;
use serde::Serialize;
use ts_rs::TS;

use super::{BackupWarning, ChargeQuote, Door, PayMethod};

answer! {
    /// All that the frame around every screen shows.
    AppState {
        /// The book in use.
        mode: Mode,
        /// Shown at the top; empty until the owner names the shop.
        shop_name: String,
        /// Whether somebody is signed in.
        door: Door,
        /// Who is signed in; the machine itself where nobody is.
        staff: StaffView,
        /// Whether the book proved itself since the start.
        book: BookState,
        /// Whether PortOne can be asked.
        connection: Connection,
        /// Charges and refunds that are not finished, of this book.
        waiting: u32,
        /// Live charges that still settle behind test mode or practice.
        live_waiting: u32,
        /// Least sum of a charge.
        min_won: Won,
        /// Largest sum of a charge.
        max_won: Won,
        /// The largest sum that can be charged with a second person's approval, in won; without one it is `max_won`.
        most_won: Won,
        /// What each preset costs and gives.
        presets: Vec<ChargeQuote>,
        /// The ways to pay, in the order of the screen.
        methods: Vec<PayMethod>,
        /// Modes that can be entered now.
        modes: Vec<Mode>,
        /// The channel's name, as PortOne's console shows it.
        channel_name: Option<String>,
        /// The channel's payment company, for example `html5_inicis`.
        pg_provider: Option<String>,
        /// What somebody has to know about the backups.
        backup: BackupWarning,
        /// This book was put back from a backup, and PortOne was not asked yet: no charge is started.
        restore_pending: bool,
        /// Payments whose charge was lost, and that wait for a manager.
        orphans: u32,
    }
}
answer! {
    /// A person behind the counter.
    StaffView {
        /// Their number.
        id: StaffId,
        /// Their name.
        name: String,
        /// What they may do.
        role: Role,
    }
}
/// Whether the book proved itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum BookState {
    /// The audit at start is not through; balances show, charging waits.
    Auditing,
    /// Proved.
    Ok,
    /// An invariant is broken: read-only.
    Broken,
}
/// Whether PortOne can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Connection {
    /// Practice needs no network.
    Practice,
    /// No keys were stored.
    NoKeys,
    /// No channel was chosen, or the chosen one is not of this mode.
    NoChannel,
    /// The operating system's keyring is not there.
    NoKeyring,
    /// The operating system's keyring is locked.
    KeyringLocked,
    /// The last question was answered.
    Connected,
    /// Not asked yet.
    Connecting,
    /// The last question got no answer.
    Unreachable,
    /// PortOne refuses the keys.
    KeysRefused,
}
