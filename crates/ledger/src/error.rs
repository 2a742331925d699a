//! Why the book refuses or fails: one variant for each thing that a caller can do about it.

use money::Points;

/// Why the book refuses or fails.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// No member has this number.
    #[error("no such member")]
    UnknownMember,
    /// No charge has this id.
    #[error("no such charge")]
    UnknownCharge,
    /// No transaction has this id.
    #[error("no such transaction")]
    UnknownTransaction,
    /// The id was used for something else before; nothing was written.
    #[error("the same id with other content")]
    SameIdOtherContent,
    /// Another member has this phone number.
    #[error("the phone number belongs to another member")]
    PhoneTaken,
    /// The member turned out to be another one: nothing new is written here.
    #[error("merged into another member")]
    MemberMerged,
    /// The person was forgotten: nothing new is written here.
    #[error("erased")]
    MemberErased,
    /// A charge, a deposit, a refund or a dispute of the member is not finished.
    #[error("something of the member is open")]
    MemberBusy,
    /// Points or a debt are left.
    #[error("points or a debt are left")]
    MemberHasBalance,
    /// Points of the member that expired can still be refunded.
    #[error("a refund could still be claimed")]
    MemberHasClaim,
    /// The balances of this file were taken over before.
    #[error("file imported before")]
    FileImported,
    /// One and the same member cannot be merged.
    #[error("the same member twice")]
    SameMember,
    /// What a member brought from the old book is brought once.
    #[error("opened before")]
    AlreadyOpened,
    /// A reason that does not fit what is adjusted: forfeiting gives nothing.
    #[error("the reason does not fit")]
    BadReason,
    /// The sums to import are not those that were confirmed.
    #[error("other sums than were confirmed")]
    OtherControlTotal,
    /// No Korean phone number.
    #[error("no phone number")]
    BadPhone,
    /// No name, one of more than 40 characters, or one with control characters.
    #[error("no name")]
    BadName,
    /// The same member and sum within ten minutes.
    #[error("the same member and sum as {charge} within ten minutes")]
    RecentSameCharge {
        /// The first charge.
        charge: crate::ids::ChargeId,
    },
    /// The member has fewer points.
    #[error("only {balance:?} there")]
    NotEnoughPoints {
        /// What there is.
        balance: Points,
    },
    /// A use can be taken back once.
    #[error("taken back before")]
    AlreadyUndone,
    /// Only a use can be taken back.
    #[error("no use of points")]
    NotUndoable,
    /// A charge goes back by a refund: points never vanish while the money stays.
    #[error("a charge goes back by a refund")]
    ChargeNeedsRefund,
    /// No refund has this id.
    #[error("no such refund")]
    UnknownRefund,
    /// Nothing is left that could go back.
    #[error("nothing to give back")]
    NothingToRefund,
    /// What was shown is no longer so: another sum would go back now.
    #[error("another sum than shown")]
    RefundChanged,
    /// The way is closed.
    #[error("this way is closed: {0:?}")]
    WayClosed(crate::refund::Closed),
    /// The customer has no claim, and nobody said that it is of goodwill.
    #[error("no claim")]
    NoClaim,
    /// A deposit goes back to an account, which was not named.
    #[error("an account is needed")]
    AccountNeeded,
    /// The member owes less than that.
    #[error("no such debt")]
    NoSuchDebt,
    /// A sum of amounts would be above [`money::MAX`].
    #[error("the amount is too large")]
    AmountTooLarge,
    /// No lot has this id.
    #[error("no such lot")]
    UnknownLot,
    /// A date of expiry is only moved to a later one, which lies ahead.
    #[error("not later than the date that stands, or not ahead")]
    NotLater,
    /// Nothing of the lot has a date, is left or has gone.
    #[error("nothing to extend")]
    NothingToExtend,
    /// Nothing cannot be charged or used.
    #[error("nothing to do")]
    ZeroAmount,
    /// No day, or one that has not begun.
    #[error("not a day that can be closed")]
    BadDay,
    /// A closed day stays closed.
    #[error("the day is closed")]
    DayClosed,
    /// The drawer is counted before anything is told about it.
    #[error("the drawer was not counted")]
    CashNotCounted,
    /// A setting is out of its range.
    #[error("setting `{0}` is out of range")]
    BadSetting(&'static str),
    /// The book does not prove itself: `seq` is the first bad row, 0 where it is the file as a whole.
    #[error("broken at {seq}: {fault}")]
    Broken {
        /// The transaction's place.
        seq: i64,
        /// What is wrong.
        fault: &'static str,
    },
    /// A broken book was opened for reading alone.
    #[error("read-only since the book is broken")]
    ReadOnly,
    /// The file is stamped with another mode.
    #[error("the file is a book of mode {found}")]
    OtherBook {
        /// The mode that it is stamped with.
        found: String,
    },
    /// The book is stamped with another shop code or store.
    #[error("the book belongs to {found}")]
    OtherShop {
        /// The code that it is stamped with.
        found: String,
    },
    /// A newer version of the app wrote the file.
    #[error("written by a newer version")]
    Newer,
    /// Another program has the book open.
    #[error("open elsewhere")]
    InUse,
    /// No room on the disk.
    #[error("disk full")]
    DiskFull(#[source] rusqlite::Error),
    /// A pragma did not take.
    #[error("pragma {name} is {found}")]
    Pragma {
        /// Which.
        name: &'static str,
        /// What was read back.
        found: String,
    },
    /// SQLite refused or failed. After a failed commit the outcome is unknown: ask again by the request's id.
    #[error("sqlite")]
    Sqlite(#[source] rusqlite::Error),
    /// The schema could not be brought up to date.
    #[error("migration")]
    Migration(#[from] rusqlite_migration::Error),
}

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> LedgerError {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => LedgerError::DiskFull(error),
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
                LedgerError::InUse
            }
            Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => {
                LedgerError::Broken { seq: 0, fault: "file" }
            }
            _ => LedgerError::Sqlite(error),
        }
    }
}

/// Whether a call did the work or found it done. Every write here can be repeated safely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// This call did it.
    Now,
    /// It had been done by the same request.
    Before,
}
