//! What members bring from the shop's old book.

use money::{Points, Won};
use rusqlite::params;
use serde::{Deserialize, Serialize};

use super::{Book, NewMember, content};
use crate::canon::Hash;
use crate::error::{Done, LedgerError};
use crate::ids::{MemberId, UnixMillis};
use crate::model::{By, Moved, TransactionKind};
use crate::record::LotRow;
use crate::txn::{self, Account, Entry};

/// What a member brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// Paid points.
    pub paid: Points,
    /// Bonus points.
    pub bonus: Points,
    /// When the paid points go.
    pub paid_expires_at: Option<UnixMillis>,
    /// When the bonus goes.
    pub bonus_expires_at: Option<UnixMillis>,
}

/// Who brings it.
#[derive(Debug, Clone)]
pub enum Person {
    /// Somebody who is in the book.
    Known(MemberId),
    /// Somebody new.
    New(NewMember),
}

/// The sums that the owner has counted in the old book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlTotal {
    /// How many rows.
    pub count: i64,
    /// Paid points together.
    pub paid: i64,
    /// Bonus points together.
    pub bonus: i64,
}

impl ControlTotal {
    /// The sums of these rows.
    ///
    /// # Errors
    /// [`LedgerError::AmountTooLarge`].
    pub fn of<'a>(rows: impl Iterator<Item = &'a Opening>) -> Result<ControlTotal, LedgerError> {
        let mut total = ControlTotal { count: 0, paid: 0, bonus: 0 };
        for row in rows {
            let add = |sum: i64, more: i64| sum.checked_add(more).ok_or(LedgerError::AmountTooLarge);
            total = ControlTotal {
                count: add(total.count, 1)?,
                paid: add(total.paid, row.paid.get())?,
                bonus: add(total.bonus, row.bonus.get())?,
            };
        }
        Won::new(total.paid).map_err(|_| LedgerError::AmountTooLarge)?;
        Ok(total)
    }
}

impl Book<'_> {
    /// Writes what a member brings from the old book. Once for each member, for ever: a file that is read twice brings
    /// nothing twice.
    ///
    /// # Errors
    /// [`LedgerError::AlreadyOpened`], [`LedgerError::ZeroAmount`], [`LedgerError::MemberMerged`],
    /// [`LedgerError::MemberErased`], [`LedgerError::UnknownMember`], [`LedgerError::AmountTooLarge`].
    fn open_balance(&mut self, by: &By, member: MemberId, opening: &Opening) -> Result<Moved, LedgerError> {
        self.refuse_gone(member)?;
        if self.reader().has_opening(member)? {
            return Err(LedgerError::AlreadyOpened);
        }
        let both = opening.paid.checked_add(opening.bonus).ok_or(LedgerError::AmountTooLarge)?;
        if both.is_zero() {
            return Err(LedgerError::ZeroAmount);
        }
        let mut entry = Entry::new(TransactionKind::Opening, member);
        entry.post(Account::Opening, both.get());
        entry.post(Account::Paid, opening.paid.get().saturating_neg());
        entry.post(Account::Bonus, opening.bonus.get().saturating_neg());
        entry.lot = Some(LotRow {
            id: txn::new_lot_id(self.random, by).to_string(),
            member: member.0,
            paid: opening.paid.get(),
            bonus: opening.bonus.get(),
            paid_expires_at: opening.paid_expires_at.filter(|_| !opening.paid.is_zero()).map(|at| at.0),
            bonus_expires_at: opening.bonus_expires_at.filter(|_| !opening.bonus.is_zero()).map(|at| at.0),
            bonus_rule: None,
        });
        entry.fact("opening_of", member);
        entry.fact("refund_rule", self.reader().refund_rule_in_force()?.version);
        let turns_at = self.reader().day_turns_at()?;
        txn::write(self.conn, self.random, by, turns_at, entry)
    }

    /// Writes all of these rows or, where one is refused or the sums are not those that were confirmed, none. `digest`
    /// names the file that they were read from.
    ///
    /// # Errors
    /// [`LedgerError::OtherControlTotal`], [`LedgerError::FileImported`], and as making a member and opening a balance.
    pub fn import_openings(
        &mut self,
        by: &By,
        digest: &Hash,
        confirmed: ControlTotal,
        rows: &[(Person, Opening)],
    ) -> Result<(Done, ControlTotal), LedgerError> {
        let asked = import_content(digest, confirmed);
        self.once(by, "import", asked, |book| {
            let total = ControlTotal::of(rows.iter().map(|(_, opening)| opening))?;
            if total != confirmed || total.count == 0 {
                return Err(LedgerError::OtherControlTotal);
            }
            let first = book.conn.execute(
                "INSERT INTO imported_file (digest, at, actor, request_id) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                params![digest, by.now.0, by.actor.0, by.request.to_string()],
            )?;
            if first == 0 {
                return Err(LedgerError::FileImported);
            }
            for (person, opening) in rows {
                let member = match person {
                    Person::Known(member) => *member,
                    Person::New(new) => book.insert_member(by, new)?,
                };
                book.open_balance(by, member, opening)?;
            }
            Ok(total)
        })
    }

    /// What was answered to this import before, if it was asked before: the rows of its file are refused by now, since they
    /// are in the book.
    ///
    /// # Errors
    /// [`LedgerError::SameIdOtherContent`], [`LedgerError::MemberErased`].
    pub fn imported_before(
        &self,
        by: &By,
        digest: &Hash,
        confirmed: ControlTotal,
    ) -> Result<Option<ControlTotal>, LedgerError> {
        self.asked_before(by, "import", import_content(digest, confirmed))
    }
}

fn import_content(digest: &Hash, confirmed: ControlTotal) -> Hash {
    content("import", |canon| {
        canon.bytes(digest).number(confirmed.count).number(confirmed.paid).number(confirmed.bonus);
    })
}
