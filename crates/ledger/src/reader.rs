//! What can be read.

mod backup;
mod bonus;
mod charge;
mod close;
mod expiry;
mod figures;
mod list;
mod member;
mod payments;
mod pick;
mod refund;
mod refund_lot;
mod search;
mod statement;
mod transaction;

use money::{Points, Won};
use rusqlite::{Connection, OptionalExtension};
use serde::de::DeserializeOwned;

use crate::cached::Cached;
use crate::error::LedgerError;
use crate::ids::{BookId, Mode, Role, StaffId, UnixMillis};
use crate::model::Stamp;

pub use backup::{BackupRun, BackupStanding, Lost, Orphan, Restore};
pub use bonus::{BonusCost, Quoting};
pub use charge::{ChargeFacts, Deposit, Dispute, Step};
pub use close::{AccountSum, CashCount, Comparison, ComparisonSums, DayClose, DaySums, KindSum, WayChange};
pub use expiry::{Expiring, ExpiringSoon, LotPart};
pub use figures::{Age, EXPIRING_DAYS, ExpiringSum, Figures, Owed, Per, REPEAT_DAYS, Repeat, Standing};
pub(crate) use member::SAME_PERSON;
pub use member::{Erasure, Member, MemberHit};
pub use refund::{CancelOrder, Refund, RefundState};
pub use refund_lot::{DisputedPayment, LotRefund, REFUND_RULE};
pub use statement::{Statement, StatementFilter, StatementRow};
pub use transaction::{HistoryFilter, PaymentFacts, Transaction};

/// One state of the book.
pub struct Reader<'a> {
    pub(crate) conn: &'a Connection,
}

/// The key of the setting with the hour at which the day turns.
pub const DAY_TURNS_AT: &str = "day_turns_at_hour";

impl<'a> Reader<'a> {
    pub(crate) fn new(conn: &'a Connection) -> Reader<'a> {
        Reader { conn }
    }

    /// What this file is.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn stamp(&self) -> Result<Stamp, LedgerError> {
        let broken = || LedgerError::Broken { seq: 0, fault: "stamp" };
        let (book_id, mode): (String, String) =
            self.conn.query_row_cached("SELECT book_id, mode FROM stamp", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        let shop_code = self
            .conn
            .query_row_cached("SELECT shop_code FROM shop_stamp", [], |row| row.get(0))
            .optional()?;
        let mode = [Mode::Live, Mode::Test, Mode::Practice].into_iter().find(|known| known.word() == mode);
        Ok(Stamp {
            book_id: BookId::parse(&book_id).map_err(|_| broken())?,
            mode: mode.ok_or_else(broken)?,
            shop_code,
        })
    }

    /// A setting's newest version; `None` when it was never set or is not of this shape.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn setting<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, LedgerError> {
        let value: Option<String> = self
            .conn
            .prepare_cached("SELECT value FROM setting WHERE key = ?1 ORDER BY version DESC LIMIT 1")?
            .query_row([key], |row| row.get(0))
            .optional()?;
        Ok(value.and_then(|value| serde_json::from_str(&value).ok()))
    }

    /// The hour in Seoul at which the shop's day turns.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn day_turns_at(&self) -> Result<u8, LedgerError> {
        Ok(self.setting(DAY_TURNS_AT)?.unwrap_or(0))
    }

    /// A person's name and role.
    ///
    /// # Errors
    /// What SQLite says; `None` when nobody has this number.
    pub fn staff(&self, id: StaffId) -> Result<Option<(String, Role)>, LedgerError> {
        let row: Option<(String, String)> = self
            .conn
            .query_row_cached("SELECT name, role FROM staff_now WHERE id = ?1", [id.0], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        Ok(row.and_then(|(name, role)| {
            let role = match role.as_str() {
                "owner" => Role::Owner,
                "manager" => Role::Manager,
                "clerk" => Role::Clerk,
                _ => return None,
            };
            Some((name, role))
        }))
    }
}

impl Reader<'_> {
    /// Whether the shop's register has told this book of anybody.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn knows_people(&self) -> Result<bool, LedgerError> {
        Ok(self.conn.query_row(
            "SELECT EXISTS (SELECT 1 FROM staff WHERE request_id = 'register')
                 OR EXISTS (SELECT 1 FROM staff_version WHERE request_id = 'register')",
            [],
            |row| row.get(0),
        )?)
    }

    /// The largest number that stands for a person in this book.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn last_staff(&self) -> Result<StaffId, LedgerError> {
        Ok(StaffId(self.conn.query_row("SELECT max(id) FROM staff", [], |row| row.get(0))?))
    }
}

pub(crate) fn points(value: i64) -> Points {
    // CHECK (… >= 0) stands on every column that is read through here.
    Points::new(value).unwrap_or(Points::ZERO)
}

pub(crate) fn won(value: i64) -> Won {
    Won::new(value).unwrap_or(Won::ZERO)
}

pub(crate) fn at(value: Option<i64>) -> Option<UnixMillis> {
    value.map(UnixMillis)
}
