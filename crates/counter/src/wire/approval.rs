//! The second person's word on a command.

use ledger::StaffId;
use serde::Deserialize;
use ts_rs::TS;

use super::Pin;

/// Stands beside a command's own fields, as `approval`: who approves it, and their PIN. It is checked before the command
/// is read, and reaches it as the approver's number alone.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Approval {
    /// Who approves.
    pub staff_id: StaffId,
    /// Their PIN.
    pub pin: Pin,
}
