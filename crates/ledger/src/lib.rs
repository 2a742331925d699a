//! The book: one SQLite file whose rows are only added.
//!
//! It knows neither PortOne nor a clock nor a screen. What may be credited is decided by [`gate`], what is taken from
//! which lot by [`lots::take`], when to ask again by the timetable: pure functions, so that another store can be put
//! beside this one. SQL stands in `book`, `reader`, `txn` and `audit`.
#![warn(clippy::arithmetic_side_effects, clippy::wildcard_enum_match_arm)]

mod audit;
mod book;
mod cached;
mod canon;
mod code;
mod day;
mod error;
mod gate;
mod ids;
mod intake;
pub mod lots;
mod model;
mod name;
pub mod people;
mod phone;
mod random;
mod reader;
mod reconcile;
mod record;
mod seal;
mod settlement;
mod store;
mod timetable;
mod txn;
mod words;

pub use audit::AuditReport;
pub use book::{
    AdjustReason, Adjustment, Book, ControlTotal, Merged, NewCharge, NewMember, Opening, Person, Settled,
};
pub use canon::{Hash, hex};
pub use code::member_code;
pub use day::{business_date, day_after, day_start};
pub use error::{Done, LedgerError};
pub use gate::{
    Account, Answer, Confirmed, Found, FoundStatus, GateReason, Listed, Outcome, Rest, Said, decide, gate,
};
pub use ids::{
    Actor, BookId, ChargeId, LotId, MemberId, Mode, RequestId, Role, StaffId, TransactionId, UnixMillis,
};
pub use intake::{Intake, IntakeFault, IntakeRow, intake};
pub use model::{Balance, BonusRule, By, ChargeState, Intent, LotLeft, Moved, Quote, Stamp, TransactionKind};
pub use phone::{Phone, masked, whole};
pub use random::{Random, merchant_uid_prefix};
pub use reader::{
    AccountSum, CashCount, ChargeFacts, Comparison, ComparisonSums, DAY_TURNS_AT, DayClose, DaySums, Deposit,
    Dispute, Erasure, HistoryFilter, KindSum, Member, MemberHit, PaymentFacts, Reader, Step, Transaction,
    WayChange,
};
pub use reconcile::{
    BookPayment, BookSide, Difference, DifferenceAction, DifferenceKind, Reconciled, Tally, Window, reconcile,
};
pub use settlement::{FileLine, reconcile_file};
pub use store::{ReadStore, Store};
pub use timetable::WATCHED_DAYS;
