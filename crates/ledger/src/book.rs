//! What can be written: members, charges, uses. Each write carries a request id and may be repeated.

mod adjust;
mod backup;
mod bonus;
mod charge;
mod clawback;
mod close;
mod debt;
mod erase;
mod expiry;
mod member;
mod merge;
mod opening;
mod points;
mod refund;
mod refund_settle;
mod settings;
mod settle;

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::cached::Cached;
use crate::canon::{Canon, Hash};
use crate::error::{Done, LedgerError};
use crate::ids::{MemberId, UnixMillis};
use crate::model::By;
use crate::random::Random;
use crate::reader::Reader;
use crate::txn;

pub use adjust::{AdjustReason, Adjustment};
pub use backup::{Adopted, NewOrphan, NewRestore, NewRun};
pub use bonus::NewBonusRule;
pub use charge::NewCharge;
pub use debt::DebtPaid;
pub use expiry::{Expired, Extended, Extension, NewExpiryRule};
pub use member::NewMember;
pub(crate) use member::index_words;
pub use merge::Merged;
pub use opening::{ControlTotal, Opening, Person};
pub(crate) use points::{GRACE_DAYS, lot_id, lots_of};
pub use refund::{NewRefund, RefundAccount, RefundOf};
pub use refund_settle::CancelSaid;
pub(crate) use settings::role_word;
pub use settle::Settled;

/// The book inside one SQL transaction.
pub struct Book<'a> {
    conn: &'a Connection,
    random: &'a mut dyn Random,
}

impl<'a> Book<'a> {
    pub(crate) fn new(conn: &'a Connection, random: &'a mut dyn Random) -> Book<'a> {
        Book { conn, random }
    }

    /// What stands in the book, with what this transaction wrote so far.
    #[must_use]
    pub fn reader(&self) -> Reader<'_> {
        Reader::new(self.conn)
    }

    /// Runs `f` once for this request: the same id with the same content answers what was answered before.
    fn once<T: Serialize + DeserializeOwned>(
        &mut self,
        by: &By,
        kind: &'static str,
        content: Hash,
        f: impl FnOnce(&mut Book<'a>) -> Result<T, LedgerError>,
    ) -> Result<(Done, T), LedgerError> {
        if let Some(before) = self.asked_before(by, kind, content)? {
            return Ok((Done::Before, before));
        }
        let value = f(self)?;
        let result = serde_json::to_string(&value).map_err(|_| LedgerError::BadSetting("request"))?;
        self.conn
            .prepare_cached(
                "INSERT INTO request (kind, request_id, digest, result, at, actor) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![kind, by.request.to_string(), content, result, by.now.0, by.actor.0])?;
        Ok((Done::Now, value))
    }

    fn asked_before<T: DeserializeOwned>(
        &self,
        by: &By,
        kind: &'static str,
        content: Hash,
    ) -> Result<Option<T>, LedgerError> {
        let before: Option<(Vec<u8>, String)> = self
            .conn
            .prepare_cached("SELECT digest, result FROM request WHERE kind = ?1 AND request_id = ?2")?
            .query_row(params![kind, by.request.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        match before {
            None => {
                let forgotten: bool = self
                    .conn
                    .prepare_cached(
                        "SELECT EXISTS (SELECT 1 FROM forgotten_request WHERE kind = ?1 AND asked = ?2)",
                    )?
                    .query_row(params![kind, by.request.to_string()], |row| row.get(0))?;
                // It was done before; for whom is nobody's to know any more, and it is not done again.
                if forgotten { Err(LedgerError::MemberErased) } else { Ok(None) }
            }
            Some((digest, _)) if digest != content => Err(LedgerError::SameIdOtherContent),
            Some((_, result)) => serde_json::from_str(&result)
                .map(Some)
                .map_err(|_| LedgerError::Broken { seq: 0, fault: "request" }),
        }
    }

    /// Refuses what would be written about a member who is another one now, or whose person was forgotten.
    fn refuse_gone(&self, member: MemberId) -> Result<(), LedgerError> {
        if self.reader().merged_into(member)?.is_some() {
            return Err(LedgerError::MemberMerged);
        }
        if self.reader().is_erased(member)? { Err(LedgerError::MemberErased) } else { Ok(()) }
    }

    /// Refuses while money or points of the member are under way: a charge, a deposit, a refund, a dispute.
    fn refuse_busy(&self, member: MemberId, now: UnixMillis) -> Result<(), LedgerError> {
        let held = txn::balance(self.conn, member)?.held;
        if !held.is_zero() || self.reader().has_open_business(member, now)? {
            return Err(LedgerError::MemberBusy);
        }
        Ok(())
    }

    /// Writes down something that moved no points.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn audit(&mut self, by: &By, action: &'static str, detail: &str) -> Result<(), LedgerError> {
        self.conn.execute_cached(
            "INSERT INTO audit (at, actor, approver, action, detail, request_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![by.now.0, by.actor.0, by.approver.map(|person| person.0), action, detail, by.request.to_string()],
        )?;
        Ok(())
    }
}

/// The digest of a request's content.
fn content(kind: &str, fill: impl FnOnce(&mut Canon)) -> Hash {
    let mut canon = Canon::new(kind);
    fill(&mut canon);
    canon.finish()
}
