//! A person is forgotten. The number, the sums and the chain stay.

use rusqlite::{Connection, params};

use super::{Book, member};
use crate::error::{Done, LedgerError};
use crate::ids::MemberId;
use crate::model::By;
use crate::reader::Erasure;
use crate::reader::SAME_PERSON;
use crate::txn;

/// Requests whose digest was made over what a person is or somebody wrote about them: those that made the member and the
/// profiles, and those of the member's transactions with a note.
const TELLING: &str = "SELECT kind, request_id FROM request
     WHERE request_id IN (SELECT request_id FROM member WHERE id = ?1
                          UNION SELECT request_id FROM member_profile WHERE member_id = ?1
                          UNION SELECT txn.request_id FROM txn JOIN txn_note ON txn_note.txn_seq = txn.seq
                                WHERE txn.member_id = ?1
                          UNION SELECT request_id FROM refund WHERE member_id = ?1)
       AND kind IN ('member', 'member_edit', 'import', 'adjust', 'undo', 'merge', 'extend', 'refund', 'debt')";

impl Book<'_> {
    /// Forgets a member's person, and of those who were merged into it: profiles, keys, notes, the digests over them, and what
    /// payment companies said in words. Sums, transactions and the chain stay as they are. May be repeated, also without the
    /// request's id: an older copy of the book is made to forget by it.
    ///
    /// What is deleted is overwritten in the file; the log and its own pages still hold it until [`crate::Store::erase`] has
    /// carried the log in.
    ///
    /// # Errors
    /// [`LedgerError::MemberMerged`], [`LedgerError::MemberBusy`] while a charge, a deposit, a refund or a dispute is open,
    /// [`LedgerError::MemberHasBalance`] while points or a debt are left, [`LedgerError::MemberHasClaim`] while expired points
    /// could be refunded and the member did not waive that, [`LedgerError::UnknownMember`].
    pub fn erase_member(
        &mut self,
        by: &By,
        member: MemberId,
        claim_waived: bool,
    ) -> Result<Done, LedgerError> {
        let balance = txn::balance(self.conn, member)?;
        let before = self.reader().is_erased(member)?;
        if !before {
            if self.reader().merged_into(member)?.is_some() {
                return Err(LedgerError::MemberMerged);
            }
            self.refuse_busy(member, by.now)?;
            if !balance.total().is_zero() || !balance.debt.is_zero() {
                return Err(LedgerError::MemberHasBalance);
            }
            // What expired can be refunded for years: not once nobody knows any more whose it was.
            if !claim_waived && !self.reader().refundable_lots(member)?.is_empty() {
                return Err(LedgerError::MemberHasClaim);
            }
        }
        self.forget_all(by, member)?;
        Ok(if before { Done::Before } else { Done::Now })
    }

    /// Forgets again, in an older copy of the book, who was forgotten since: whatever points that copy still gives them. A
    /// number that is not there, or is somebody else's there, is left alone. Tells how many were forgotten by this call; the
    /// file is to be scrubbed afterwards ([`crate::Store::replay_erasures`] does).
    ///
    /// # Errors
    /// What SQLite says.
    pub fn replay_erasures(&mut self, by: &By, erasures: &[Erasure]) -> Result<usize, LedgerError> {
        let mut forgotten = 0_usize;
        for erasure in erasures {
            let same: bool = self.conn.query_row(
                "SELECT EXISTS (SELECT 1 FROM member WHERE id = ?1 AND created_at = ?2)",
                params![erasure.member.0, erasure.since.0],
                |row| row.get(0),
            )?;
            if same && !self.reader().is_erased(erasure.member)? {
                self.forget_all(by, erasure.member)?;
                forgotten = forgotten.saturating_add(1);
            }
        }
        Ok(forgotten)
    }

    fn forget_all(&mut self, by: &By, member: MemberId) -> Result<(), LedgerError> {
        for one in self.one_person(member)? {
            self.conn.execute(
                "INSERT INTO erasure (member_id, at, actor, approver, request_id) SELECT ?1, ?2, ?3, ?4, ?5
                 WHERE NOT EXISTS (SELECT 1 FROM erasure WHERE member_id = ?1)",
                params![
                    one.0,
                    by.now.0,
                    by.actor.0,
                    by.approver.map(|person| person.0),
                    by.request.to_string()
                ],
            )?;
            forget(self.conn, by, one)?;
        }
        Ok(())
    }

    /// A member and all who were merged into it.
    fn one_person(&self, member: MemberId) -> Result<Vec<MemberId>, LedgerError> {
        let people = self
            .conn
            .prepare_cached(&format!("{SAME_PERSON} SELECT id FROM person ORDER BY id"))?
            .query_map([member.0], |row| row.get(0).map(MemberId))?
            .collect::<Result<_, _>>()?;
        Ok(people)
    }
}

/// Every place in the book where a person or free text about one lies. A table that gets such a column gets a line here.
fn forget(conn: &Connection, by: &By, member: MemberId) -> Result<(), LedgerError> {
    // Before the rows go that say which requests they were.
    conn.execute(
        &format!(
            "INSERT INTO forgotten_request (kind, asked, member_id, actor, request_id)
             SELECT kind, request_id, ?1, ?2, ?3 FROM ({TELLING}) WHERE true ON CONFLICT DO NOTHING"
        ),
        params![member.0, by.actor.0, by.request.to_string()],
    )?;
    conn.execute(
        "DELETE FROM request WHERE (kind, request_id) IN
             (SELECT kind, asked FROM forgotten_request WHERE member_id = ?1)",
        [member.0],
    )?;
    member::unindex(conn, member)?;
    conn.execute("DELETE FROM member_profile WHERE member_id = ?1", [member.0])?;
    conn.execute(
        "DELETE FROM txn_note WHERE txn_seq IN (SELECT seq FROM txn WHERE member_id = ?1)",
        [member.0],
    )?;
    // What a payment company said in words may name somebody, and so may a virtual account's holder.
    conn.execute(
        "DELETE FROM charge_event WHERE kind = 'unanswered'
             AND charge_id IN (SELECT id FROM charge WHERE member_id = ?1)",
        [member.0],
    )?;
    conn.execute(
        "DELETE FROM refund_note WHERE refund_id IN (SELECT id FROM refund WHERE member_id = ?1)",
        [member.0],
    )?;
    conn.execute(
        "DELETE FROM refund_event WHERE kind IN ('answer_refused', 'answer_lost')
             AND refund_id IN (SELECT id FROM refund WHERE member_id = ?1)",
        [member.0],
    )?;
    conn.execute(
        "UPDATE charge_state SET reason_text = NULL, deposit = NULL
         WHERE charge_id IN (SELECT id FROM charge WHERE member_id = ?1)",
        [member.0],
    )?;
    Ok(())
}
