//! Two members who are one person.

use rusqlite::params;
use serde::{Deserialize, Serialize};

use super::{Book, content, member};
use crate::error::{Done, LedgerError};
use crate::ids::MemberId;
use crate::model::{By, TransactionKind};
use crate::record::{LotRow, LotUseRow};
use crate::txn::{self, Account, Entry};

/// What merging did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// Where the points are now.
    pub into: MemberId,
    /// How many paid points moved.
    pub paid: i64,
    /// How many bonus points moved.
    pub bonus: i64,
    /// What debt moved, in won.
    pub debt: i64,
}

impl Book<'_> {
    /// Makes one member of two: every lot of `from` goes on at `into` with its paid and bonus points, its dates and its rule,
    /// and names the lot that it came from, so that a refund finds the payment. A debt goes with its person. The sums stand
    /// in 가수금 between the two and come out as nothing. From then on `from` is found under `into`, by its number too.
    ///
    /// # Errors
    /// [`LedgerError::SameMember`], [`LedgerError::MemberMerged`], [`LedgerError::MemberErased`], [`LedgerError::MemberBusy`]
    /// while a charge, a deposit, a refund or a dispute of either is open, [`LedgerError::UnknownMember`],
    /// [`LedgerError::AmountTooLarge`], [`LedgerError::SameIdOtherContent`].
    pub fn merge_members(
        &mut self,
        by: &By,
        from: MemberId,
        into: MemberId,
        reason: &str,
    ) -> Result<(Done, Merged), LedgerError> {
        let asked = content("merge", |canon| {
            canon.number(from.0).number(into.0).text(reason);
        });
        self.once(by, "merge", asked, |book| {
            if from == into {
                return Err(LedgerError::SameMember);
            }
            for member in [from, into] {
                book.refuse_gone(member)?;
                book.refuse_busy(member, by.now)?;
            }
            let merged = book.move_all(by, from, into, reason)?;
            book.conn.execute(
                "INSERT INTO member_merge (member_id, into_id, at, actor, approver, request_id)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    from.0,
                    into.0,
                    by.now.0,
                    by.actor.0,
                    by.approver.map(|person| person.0),
                    by.request.to_string()
                ],
            )?;
            member::unindex(book.conn, from)?;
            member::index(book.conn, into)?;
            Ok(merged)
        })
    }

    fn move_all(
        &mut self,
        by: &By,
        from: MemberId,
        into: MemberId,
        reason: &str,
    ) -> Result<Merged, LedgerError> {
        let balance = txn::balance(self.conn, from)?;
        let (paid, bonus, debt) = (balance.paid.get(), balance.bonus.get(), balance.debt.get());
        let lots = self.reader().lots(from)?;
        let turns_at = self.reader().day_turns_at()?;
        // What the member has goes out, what the member owes too.
        let net = paid.saturating_add(bonus).saturating_sub(debt);
        let mut out = Entry::new(TransactionKind::Merge, from);
        out.post(Account::Paid, paid);
        out.post(Account::Bonus, bonus);
        out.post(Account::Debt, debt.saturating_neg());
        out.post(Account::Suspense, net.saturating_neg());
        out.uses = lots
            .iter()
            .map(|lot| LotUseRow { lot: lot.lot.to_string(), paid: lot.paid.get(), bonus: lot.bonus.get() })
            .collect();
        out.fact("merged_into", into);
        out.note = Some(reason.to_owned());
        txn::write(self.conn, self.random, by, turns_at, out)?;
        for lot in &lots {
            let (paid, bonus) = (lot.paid.get(), lot.bonus.get());
            let mut entry = Entry::new(TransactionKind::Merge, into);
            entry.post(Account::Paid, paid.saturating_neg());
            entry.post(Account::Bonus, bonus.saturating_neg());
            entry.post(Account::Suspense, paid.saturating_add(bonus));
            let rule: Option<i64> = self.conn.query_row(
                "SELECT bonus_rule FROM lot WHERE id = ?1",
                [lot.lot.to_string()],
                |row| row.get(0),
            )?;
            entry.lot = Some(LotRow {
                id: txn::new_lot_id(self.random, by).to_string(),
                member: into.0,
                paid,
                bonus,
                paid_expires_at: lot.paid_expires_at.map(|at| at.0),
                bonus_expires_at: lot.bonus_expires_at.map(|at| at.0),
                bonus_rule: rule,
            });
            entry.fact("from_lot", lot.lot);
            entry.fact("merged_from", from);
            txn::write(self.conn, self.random, by, turns_at, entry)?;
        }
        if debt > 0 {
            let mut entry = Entry::new(TransactionKind::Merge, into);
            entry.post(Account::Debt, debt);
            entry.post(Account::Suspense, debt.saturating_neg());
            entry.fact("merged_from", from);
            txn::write(self.conn, self.random, by, turns_at, entry)?;
        }
        Ok(Merged { into, paid, bonus, debt })
    }
}
