//! The book: one SQLite file whose rows are only added.
//!
//! It knows neither PortOne nor a clock nor a screen. What may be credited is decided by [`gate`], what is taken from
//! which lot by [`lots::take`], when to ask again by the timetable: pure functions, so that another store can be put
//! beside this one. SQL stands in `book`, `reader`, `txn` and `audit`.
#![warn(clippy::arithmetic_side_effects, clippy::wildcard_enum_match_arm)]

mod audit;
mod book;
mod canon;
mod code;
mod copy;
mod day;
mod error;
mod gate;
mod ids;
pub mod lots;
mod mark;
mod model;
mod name;
mod phone;
mod random;
mod reader;
mod record;
mod store;
mod timetable;
mod txn;
mod words;

pub use audit::AuditReport;
pub use book::{
    AdjustReason, Adjustment, Adopted, Book, ControlTotal, Merged, NewCharge, NewMember, NewOrphan,
    NewRestore, NewRun, Opening, Person, Settled,
};
pub use canon::{Hash, hex};
pub use code::member_code;
pub use copy::{Copied, copy_before_migration, copy_book, copy_database, is_book_of};
pub use day::business_date;
pub use error::{Done, LedgerError};
pub use gate::{
    Account, Answer, Confirmed, Found, FoundStatus, GateReason, Listed, Outcome, Rest, Said, decide, gate,
};
pub use ids::{
    Actor, BookId, ChargeId, LotId, MemberId, Mode, RequestId, Role, StaffId, TransactionId, UnixMillis,
};
pub use mark::OrderMark;
pub use model::{Balance, BonusRule, By, ChargeState, Intent, LotLeft, Moved, Quote, Stamp, TransactionKind};
pub use phone::{Phone, masked};
pub use random::{Random, merchant_uid_prefix};
pub use reader::{
    BackupRun, BackupStanding, ChargeFacts, DAY_TURNS_AT, Deposit, Dispute, Erasure, HistoryFilter, Lost,
    Member, MemberHit, Orphan, PaymentFacts, Reader, Restore, Step, Transaction,
};
pub use store::{ReadStore, Store};
pub use timetable::WATCHED_DAYS;
