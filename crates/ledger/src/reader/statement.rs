//! A member's statement: everything that happened to their points in a period, without a gap.

use money::Points;
use rusqlite::{OptionalExtension, params};

use super::{Figures, Member, Reader, Transaction, points};
use crate::days::{ACCOUNTS, Sum};
use crate::error::LedgerError;
use crate::ids::{MemberId, UnixMillis};
use crate::model::{Balance, TransactionKind};

/// Which part of a member's past.
#[derive(Debug, Clone)]
pub struct StatementFilter {
    /// Whose.
    pub member: MemberId,
    /// From this business day on.
    pub from: Option<String>,
    /// Up to this business day.
    pub to: Option<String>,
    /// Only after this place in the book: the last of the page before.
    pub after: Option<i64>,
}

/// A page of a member's statement, the oldest first.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Whose.
    pub member: Member,
    /// The numbers that were merged into this one: what came before a merge stands in their own statements.
    pub formerly: Vec<MemberId>,
    /// What they had before the first row of the period: paid and bonus together.
    pub opening: Points,
    /// What they had after its last.
    pub closing: Points,
    /// What they have now, whatever the period.
    pub now: Balance,
    /// What the period adds up to.
    pub figures: Figures,
    /// How many rows the period has.
    pub count: i64,
    /// This page's rows.
    pub rows: Vec<StatementRow>,
    /// Whether there are more.
    pub more: bool,
    /// How many transactions the book has.
    pub transactions: i64,
    /// The chain's last hash.
    pub head: Vec<u8>,
    /// When the last transaction of the book was written; `None` in an empty one.
    pub head_at: Option<UnixMillis>,
}

/// One row.
#[derive(Debug, Clone)]
pub struct StatementRow {
    /// What happened.
    pub transaction: Transaction,
    /// Points that a refund reserved (or, negative, let go).
    pub held_change: i64,
    /// By how much the member's debt grew, in won.
    pub debt_change: i64,
    /// Money that came to the shop (or, negative, left it), in won.
    pub money: i64,
    /// Who approved it.
    pub approver_name: Option<String>,
}

impl Reader<'_> {
    /// A page of a member's statement.
    ///
    /// The rows are those from the first to the last of the period, in the order of the book: should a clock have been wrong
    /// in between, nothing is left out, and the balances follow from each other.
    ///
    /// # Errors
    /// [`LedgerError::UnknownMember`], or what SQLite says.
    pub fn statement(&self, filter: &StatementFilter, limit: u32) -> Result<Statement, LedgerError> {
        let member = self.member(filter.member)?;
        let (from, to) = (filter.from.as_deref().unwrap_or_default(), filter.to.as_deref().unwrap_or("~"));
        let span: (Option<i64>, Option<i64>) = self
            .conn
            .prepare_cached(
                "SELECT min(seq), max(seq) FROM txn INDEXED BY txn_by_member
                 WHERE member_id = ?1 AND business_date >= ?2 AND business_date <= ?3",
            )?
            .query_row(params![filter.member.0, from, to], |row| Ok((row.get(0)?, row.get(1)?)))?;
        // Nothing lies between a place and the one before it.
        let (first, last) = span.0.zip(span.1).unwrap_or((1, 0));
        let start = filter.after.map_or(first, |after| first.max(after.saturating_add(1)));
        let mut places: Vec<i64> = self
            .conn
            .prepare_cached(
                "SELECT seq FROM txn INDEXED BY txn_by_member WHERE member_id = ?1 AND seq >= ?2 AND seq <= ?3
                 ORDER BY seq LIMIT ?4",
            )?
            .query_map(params![filter.member.0, start, last, i64::from(limit).saturating_add(1)], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = places.len() > most;
        places.truncate(most);
        let rows = places.into_iter().map(|seq| self.statement_row(seq)).collect::<Result<Vec<_>, _>>()?;
        // Before the first row, or before the period where it has none.
        let opening = match span.0 {
            Some(first) => self.balance_before(filter.member, "seq < ?2", first)?,
            None => self.balance_before(filter.member, "business_date < ?2", from)?,
        };
        let closing = match span.1 {
            Some(last) => self.balance_before(filter.member, "seq <= ?2", last)?,
            None => opening,
        };
        let (figures, count) = self.figures_of(filter.member, first, last)?;
        let (transactions, head) = self.head()?;
        let head_at: Option<i64> = self
            .conn
            .query_row("SELECT at FROM txn WHERE seq = ?1", [transactions], |row| row.get(0))
            .optional()?;
        let formerly = self
            .conn
            .prepare_cached("SELECT member_id FROM member_merge WHERE into_id = ?1 ORDER BY at, member_id")?
            .query_map([filter.member.0], |row| row.get(0).map(MemberId))?
            .collect::<Result<_, _>>()?;
        Ok(Statement {
            member,
            formerly,
            opening,
            closing,
            now: self.balance(filter.member)?,
            figures,
            count,
            rows,
            more,
            transactions,
            head,
            head_at: head_at.map(UnixMillis),
        })
    }

    fn statement_row(&self, seq: i64) -> Result<StatementRow, LedgerError> {
        let mut row = StatementRow {
            transaction: self.shown(seq)?,
            held_change: 0,
            debt_change: 0,
            money: 0,
            approver_name: self
                .conn
                .prepare_cached(
                    "SELECT staff.name FROM txn JOIN staff_now AS staff ON staff.id = txn.approver WHERE txn.seq = ?1",
                )?
                .query_row([seq], |row| row.get(0))
                .optional()?,
        };
        let mut statement =
            self.conn.prepare_cached("SELECT account, amount FROM posting WHERE txn_seq = ?1")?;
        let mut postings = statement.query([seq])?;
        while let Some(posting) = postings.next()? {
            let (account, amount): (String, i64) = (posting.get(0)?, posting.get(1)?);
            match account.as_str() {
                "held" => row.held_change = row.held_change.saturating_sub(amount),
                "debt" => row.debt_change = row.debt_change.saturating_add(amount),
                "pg" | "cash" | "bank" => row.money = row.money.saturating_add(amount),
                _ => {}
            }
        }
        Ok(row)
    }

    /// The balance after the member's last transaction of which `condition` holds; nothing before the first one.
    fn balance_before(
        &self,
        member: MemberId,
        condition: &str,
        value: impl rusqlite::ToSql,
    ) -> Result<Points, LedgerError> {
        let sql = format!(
            "SELECT balance_after FROM txn INDEXED BY txn_by_member WHERE member_id = ?1 AND {condition}
             ORDER BY seq DESC LIMIT 1"
        );
        let before: Option<i64> = self
            .conn
            .prepare_cached(&sql)?
            .query_row(params![member.0, value], |row| row.get(0))
            .optional()?;
        Ok(points(before.unwrap_or(0)))
    }

    /// What a member's transactions from one place to another add up to, and how many they are.
    fn figures_of(&self, member: MemberId, first: i64, last: i64) -> Result<(Figures, i64), LedgerError> {
        let sums: String = ACCOUNTS
            .map(|account| format!(", sum(CASE account WHEN '{account}' THEN amount ELSE 0 END)"))
            .concat();
        let sql = format!(
            "SELECT kind, count(DISTINCT seq), min(seq), max(seq){sums}
             FROM txn INDEXED BY txn_by_member JOIN posting ON posting.txn_seq = txn.seq
             WHERE txn.member_id = ?1 AND txn.seq >= ?2 AND txn.seq <= ?3 GROUP BY kind"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query(params![member.0, first, last])?;
        let (mut figures, mut count) = (Figures::default(), 0_i64);
        while let Some(row) = rows.next()? {
            let kind: String = row.get(0)?;
            let kind = TransactionKind::of(&kind).ok_or(LedgerError::Broken { seq: first, fault: "kind" })?;
            let sum: Sum = crate::days::sum(row, 1)?;
            count = count.saturating_add(sum.transactions);
            figures.add(kind, &sum);
        }
        Ok((figures, count))
    }
}
