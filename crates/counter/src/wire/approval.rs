//! The second person's word on a command.

use ledger::StaffId;
use serde::Deserialize;
use ts_rs::TS;

/// Stands beside a command's own fields, as `approval`: who approves it, and their PIN. It is checked before the command
/// is read, and reaches it as the approver's number alone.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Approval {
    /// Who approves.
    pub staff_id: StaffId,
    /// Their PIN.
    pub pin: String,
}

impl std::fmt::Debug for Approval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The PIN reaches no log.
        f.debug_struct("Approval").field("staff_id", &self.staff_id).finish_non_exhaustive()
    }
}
