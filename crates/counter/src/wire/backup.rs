//! Backups, and what happens after an older book was put back.

use ledger::{ChargeId, MemberId, RequestId, TransactionKind, UnixMillis};
use money::Won;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What somebody has to know about the backups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BackupWarning {
    /// Nothing.
    None,
    /// No folder was named: there are no backups.
    NotSet,
    /// The last one did not come about.
    Failed,
    /// The last good one is more than two days old.
    Old,
    /// The last drill did not succeed: what is there may not be good.
    DrillFailed,
    /// There was no good drill for two weeks.
    DrillOld,
}

answer! {
    /// A backup or a drill that was made.
    BackupRunView {
        /// When.
        at: UnixMillis,
        /// The file's name, where it came that far.
        file: Option<String>,
        /// Why it is not good, as an error's code.
        fault: Option<String>,
    }
}
answer! {
    /// How the backups of the book in use stand.
    BackupView {
        /// Where they go.
        folder: Option<String>,
        /// One is made each day.
        daily: bool,
        /// What somebody has to know.
        warning: BackupWarning,
        /// The latest, good or not.
        last: Option<BackupRunView>,
        /// The latest good one.
        good: Option<BackupRunView>,
        /// The latest drill, good or not.
        drill: Option<BackupRunView>,
        /// When the recovery key was last shown; `null`: never, and with the PC the backups would be lost.
        key_shown_at: Option<UnixMillis>,
        /// This book was put back from a backup, and PortOne was not asked yet.
        restore_pending: bool,
        /// This book was put back from a backup at this time.
        restored_at: Option<UnixMillis>,
    }
}
request! {
    /// Names the folder of the backups.
    BackupSettingsSet {
        /// Made once by the screen.
        request_id: RequestId,
        /// A whole path; `null` or empty: no backups.
        folder: Option<String>,
        /// One each day.
        daily: bool,
    }
}
request! {
    /// Makes a backup now.
    BackupNow {
        /// Made once by the screen.
        request_id: RequestId,
    }
}
answer! {
    /// The backups in the folder.
    BackupFiles {
        /// The newest first.
        files: Vec<BackupFileView>,
    }
}
answer! {
    /// A backup in the folder.
    BackupFileView {
        /// Its name.
        file: String,
        /// The shop's day.
        day: String,
        /// Its size in bytes.
        bytes: u64,
        /// It is of the book in use; one of another book fits only an empty book.
        own_book: bool,
    }
}
request! {
    /// Names a backup.
    RestoreCheck {
        /// Its file name.
        file: String,
    }
}
answer! {
    /// A backup that was opened and proved.
    RestoreChecked {
        /// Its file name.
        file: String,
        /// When it was made.
        made_at: UnixMillis,
        /// How many transactions are in it.
        transactions: i64,
        /// The last hash in it.
        head: String,
        /// How many transactions the book in use has more; `null`: the two are not one history.
        behind: Option<i64>,
    }
}
request! {
    /// Puts a backup in the place of the book.
    RestoreAsk {
        /// Made once by the screen.
        request_id: RequestId,
        /// Its file name.
        file: String,
    }
}
answer! {
    /// What putting a backup back led to.
    RestoreReport {
        /// The backup; `null`: this book was never put back, and the rest says nothing.
        file: Option<String>,
        /// When the backup was made: what was used since then is not in this book.
        made_at: Option<UnixMillis>,
        /// When it was put back.
        restored_at: Option<UnixMillis>,
        /// The file name of the book that was put aside.
        aside: Option<String>,
        /// When PortOne had answered; `null`: not yet, and no charge is started.
        asked_at: Option<UnixMillis>,
        /// How many payments of ours PortOne named.
        payments: i64,
        /// How many of them are of charges that the backup has.
        known: i64,
        /// Payments that wait for a manager.
        orphans: Vec<OrphanView>,
        /// The put-aside book could be read, and `lost` is all of it.
        lost_known: bool,
        /// What that book has that this one has not.
        lost: Vec<LostView>,
    }
}
answer! {
    /// A transaction that the backup did not have.
    LostView {
        /// What it was.
        kind: TransactionKind,
        /// Whose, as the put-aside book numbered them.
        member_id: MemberId,
        /// Their name, where this book has them.
        member_name: Option<String>,
        /// By how many points, paid and bonus together.
        points: i64,
        /// When.
        at: UnixMillis,
    }
}
answer! {
    /// Payments whose charge was lost.
    Orphans {
        /// The oldest first.
        orphans: Vec<OrphanView>,
    }
}
answer! {
    /// A payment under our own kind of order whose charge this book does not know.
    OrphanView {
        /// PortOne's name for it.
        imp_uid: String,
        /// The order.
        merchant_uid: String,
        /// What was paid.
        won: Won,
        /// How, as PortOne says it.
        pay_method: Option<String>,
        /// When, by PortOne's clock.
        paid_at: UnixMillis,
        /// The charge that the order names in our own hand.
        charge_id: Option<ChargeId>,
        /// The member that it names, where the backup had them already.
        member_id: Option<MemberId>,
        /// Their name.
        member_name: Option<String>,
        /// A manager decided that it goes back.
        to_refund: bool,
    }
}
request! {
    /// Gives a payment whose charge was lost to a member.
    OrphanCredit {
        /// Made once by the screen.
        request_id: RequestId,
        /// PortOne's name for the payment.
        imp_uid: String,
        /// Who gets the points.
        member_id: MemberId,
    }
}
request! {
    /// A payment whose charge was lost goes back.
    OrphanRefund {
        /// Made once by the screen.
        request_id: RequestId,
        /// PortOne's name for the payment.
        imp_uid: String,
    }
}
request! {
    /// Shows the recovery key.
    RecoveryKeyAsk {
        /// Made once by the screen.
        request_id: RequestId,
    }
}
/// The recovery key, to be printed.
#[derive(Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryKey {
    /// `AGE-SECRET-KEY-1…`.
    pub key: String,
}
impl std::fmt::Debug for RecoveryKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // It reaches no log.
        f.debug_struct("RecoveryKey").finish_non_exhaustive()
    }
}
/// Types in a recovery key, on a PC that does not have it.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecoveryKeyEnter {
    /// Made once by the screen.
    pub request_id: RequestId,
    /// `AGE-SECRET-KEY-1…`; blanks and small letters do not matter.
    pub key: String,
}
impl std::fmt::Debug for RecoveryKeyEnter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecoveryKeyEnter").field("request_id", &self.request_id).finish_non_exhaustive()
    }
}
