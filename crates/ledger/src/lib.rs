//! The book: one SQLite file whose rows are only added.
//!
//! It knows neither PortOne nor a clock nor a screen. What may be credited is decided by [`gate`], what is taken from
//! which lot by [`lots::take`], when to ask again by the timetable: pure functions, so that another store can be put
//! beside this one. SQL stands in `book`, `reader`, `txn` and `audit`.
#![warn(clippy::arithmetic_side_effects, clippy::wildcard_enum_match_arm)]

mod audit;
pub mod bonus;
mod book;
mod cached;
mod canon;
mod code;
mod copy;
mod day;
mod days;
mod error;
mod gate;
mod ids;
mod intake;
pub mod lots;
mod mark;
mod model;
mod name;
pub mod people;
mod phone;
mod random;
mod reader;
mod reconcile;
mod record;
pub mod refund;
mod seal;
mod settlement;
mod store;
mod timetable;
mod txn;
mod words;

pub use audit::AuditReport;
pub use book::{
    AdjustReason, Adjustment, Adopted, Book, CancelSaid, ControlTotal, DebtPaid, Expired, Extended,
    Extension, Merged, NewBonusRule, NewCharge, NewExpiryRule, NewMember, NewOrphan, NewRefund, NewRestore,
    NewRun, Opening, Person, RefundAccount, RefundOf, Settled,
};
pub use canon::{Hash, hex};
pub use code::member_code;
pub use copy::{Copied, copy_before_migration, copy_book, copy_database, is_book_of};
pub use day::{
    Lifetime, business_date, day_after, day_start, days_before, last_moment_of, lasts_until, on_the_calendar,
};
pub use error::{Done, LedgerError};
pub use gate::{
    Account, Answer, Cancelled, Confirmed, Found, FoundStatus, GateReason, Listed, Outcome, Rest, Said,
    decide, gate,
};
pub use ids::{
    Actor, BookId, ChargeId, LotId, MemberId, Mode, RefundId, RequestId, Role, StaffId, TransactionId,
    UnixMillis,
};
pub use intake::{Intake, IntakeFault, IntakeRow, intake};
pub use mark::OrderMark;
pub use model::{
    Balance, BonusRule, By, ChargeState, ExpiryRule, Intent, LotLeft, Moved, Quote, Stamp, TransactionKind,
};
pub use phone::{Phone, masked, whole};
pub use random::{Random, merchant_uid_prefix};
pub use reader::{
    AccountSum, Age, BackupRun, BackupStanding, BonusCost, CancelOrder, CashCount, ChargeFacts, Comparison,
    ComparisonSums, DAY_TURNS_AT, DayClose, DaySums, Deposit, Dispute, DisputedPayment, EXPIRING_DAYS,
    Erasure, Expiring, ExpiringSoon, ExpiringSum, Figures, HistoryFilter, KindSum, Lost, LotPart, LotRefund,
    Member, MemberHit, Orphan, Owed, PaymentFacts, Per, Quoting, REFUND_RULE, REPEAT_DAYS, Reader, Refund,
    RefundState, Repeat, Restore, Standing, Statement, StatementFilter, StatementRow, Step, Transaction,
    WayChange,
};
pub use reconcile::{
    BookPayment, BookSide, Difference, DifferenceAction, DifferenceKind, Reconciled, Tally, Window, reconcile,
};
pub use settlement::{FileLine, reconcile_file};
pub use store::{ReadStore, Store};
pub use timetable::WATCHED_DAYS;
