//! Everybody, page by page: for a file, not for the screen.

use rusqlite::OptionalExtension;

use super::{Member, MemberHit, Reader, at};
use crate::error::LedgerError;
use crate::ids::{MemberId, StaffId};

impl Reader<'_> {
    /// Members after `after`, in the order of their numbers.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn members_after(&self, after: MemberId, limit: u32) -> Result<Vec<MemberHit>, LedgerError> {
        let numbers: Vec<i64> = self
            .conn
            .prepare_cached("SELECT id FROM member WHERE id > ?1 ORDER BY id LIMIT ?2")?
            .query_map([after.0, i64::from(limit)], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut hits = Vec::new();
        for number in numbers.into_iter().map(MemberId) {
            let member: Member = self.member(number)?;
            let last_at: Option<i64> = self
                .conn
                .prepare_cached("SELECT last_at FROM balance WHERE member_id = ?1")?
                .query_row([number.0], |row| row.get(0))
                .optional()?
                .flatten();
            hits.push(MemberHit { member, balance: self.balance(number)?, last_visit: at(last_at) });
        }
        Ok(hits)
    }

    /// Everybody who has ever stood behind the counter, the machine among them: number and name.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn everyone(&self) -> Result<Vec<(StaffId, String)>, LedgerError> {
        let staff = self
            .conn
            .prepare_cached("SELECT id, name FROM staff ORDER BY id")?
            .query_map([], |row| Ok((StaffId(row.get(0)?), row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        Ok(staff)
    }
}
