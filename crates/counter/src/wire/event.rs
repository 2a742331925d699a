//! What is told without being asked.

use ledger::{ChargeId, MemberId};
use serde::Serialize;
use ts_rs::TS;

/// Something changed; a screen that shows it reads it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Event {
    /// A charge moved.
    Charge {
        /// Which.
        charge_id: ChargeId,
        /// Whose.
        member_id: MemberId,
    },
    /// A member's points or profile changed.
    Member {
        /// Whose.
        member_id: MemberId,
    },
    /// The frame's state changed: mode, connection, book, settings.
    State,
}
