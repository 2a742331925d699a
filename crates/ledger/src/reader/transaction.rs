//! Transactions, as the history and a member's card show them.

use money::{Points, Won};
use rusqlite::{OptionalExtension, Row};

use super::pick::pick;
use super::{Reader, points, won};
use crate::book::{lot_id, lots_of};
use crate::cached::Cached;
use crate::error::LedgerError;
use crate::ids::{ChargeId, MemberId, RefundId, StaffId, TransactionId, UnixMillis};
use crate::lots::Take;
use crate::model::TransactionKind;

/// Which transactions.
#[derive(Debug, Clone, Default)]
pub struct HistoryFilter {
    /// Only this member's.
    pub member: Option<MemberId>,
    /// Only these kinds; all when empty.
    pub kinds: Vec<TransactionKind>,
    /// Only what this person did.
    pub staff: Option<StaffId>,
    /// Only charges that were paid in one of these ways; all when empty.
    pub methods: Vec<String>,
    /// From this business day on.
    pub from: Option<String>,
    /// Up to this business day.
    pub to: Option<String>,
    /// Only before this place in the book.
    pub before: Option<i64>,
}

/// A transaction as it is shown.
#[derive(Debug, Clone)]
pub struct Transaction {
    /// Its place.
    pub seq: i64,
    /// Its name.
    pub transaction: TransactionId,
    /// What it is.
    pub kind: TransactionKind,
    /// Whose.
    pub member: MemberId,
    /// The name now.
    pub member_name: String,
    /// When.
    pub at: UnixMillis,
    /// The shop's day.
    pub business_date: String,
    /// Change of paid points.
    pub paid_change: i64,
    /// Change of bonus points.
    pub bonus_change: i64,
    /// The balance after it.
    pub balance_after: Points,
    /// Who did it.
    pub staff_name: String,
    /// Who approved it, where somebody did.
    pub approver_name: Option<String>,
    /// The charge that it credited.
    pub charge: Option<ChargeId>,
    /// The transaction that it takes back.
    pub reverses: Option<TransactionId>,
    /// It was taken back.
    pub reversed: bool,
    /// The money came late.
    pub late: bool,
    /// Something of the charge is to be seen to: it was cancelled outside, or paid twice.
    pub disputed: bool,
    /// The proof of a charge.
    pub payment: Option<PaymentFacts>,
    /// The refund that it belongs to, and its phase: `hold`, `post`, `release`.
    pub refund: Option<(RefundId, String)>,
    /// Why.
    pub note: Option<String>,
}

/// What PortOne confirmed.
#[derive(Debug, Clone)]
pub struct PaymentFacts {
    /// PortOne's name for it.
    pub imp_uid: String,
    /// The sum.
    pub won: Won,
    /// The approval number.
    pub apply_num: Option<String>,
    /// The card's name.
    pub card_name: Option<String>,
    /// The payment company.
    pub pg_provider: String,
    /// How it was paid.
    pub pay_method: Option<String>,
    /// The payment company's receipt.
    pub receipt_url: Option<String>,
    /// When it was paid.
    pub paid_at: UnixMillis,
    /// When PortOne was asked.
    pub looked_up_at: UnixMillis,
}

const SHOWN: &str = "SELECT txn.seq, txn.id, txn.kind, txn.member_id,
        coalesce((SELECT name FROM member_profile WHERE member_id = txn.member_id ORDER BY version DESC LIMIT 1),
                 '(파기된 손님)'),
        txn.at, txn.business_date,
        (SELECT coalesce(-sum(amount), 0) FROM posting WHERE txn_seq = txn.seq AND account = 'paid'),
        (SELECT coalesce(-sum(amount), 0) FROM posting WHERE txn_seq = txn.seq AND account = 'bonus'),
        txn.balance_after, staff.name, txn.charge_id,
        (SELECT id FROM txn AS original WHERE original.seq = txn.reverses),
        EXISTS (SELECT 1 FROM txn AS later WHERE later.reverses = txn.seq),
        coalesce((SELECT late FROM charge_state WHERE charge_state.charge_id = txn.charge_id), 0),
        txn_note.text,
        payment.imp_uid, payment.won, payment.apply_num, payment.card_name, payment.pg_provider, payment.pay_method,
        payment.receipt_url, payment.paid_at, payment.looked_up_at,
        EXISTS (SELECT 1 FROM open_dispute WHERE open_dispute.charge_id = txn.charge_id),
        (SELECT name FROM staff_now WHERE id = txn.approver),
        (SELECT value FROM txn_fact WHERE txn_fact.txn_seq = txn.seq AND name = 'refund'),
        (SELECT value FROM txn_fact WHERE txn_fact.txn_seq = txn.seq AND name = 'phase')
    FROM txn
    JOIN staff_now AS staff ON staff.id = txn.actor
    LEFT JOIN txn_note ON txn_note.txn_seq = txn.seq
    LEFT JOIN payment ON payment.txn_seq = txn.seq";

impl Reader<'_> {
    /// A page of transactions, the latest first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn transactions(&self, filter: &HistoryFilter, limit: u32) -> Result<Vec<Transaction>, LedgerError> {
        pick(self.conn, filter, limit)?.into_iter().map(|seq| self.shown(seq)).collect()
    }

    /// The transaction at a place in the book.
    pub(super) fn shown(&self, seq: i64) -> Result<Transaction, LedgerError> {
        self.conn
            .prepare_cached(&format!("{SHOWN} WHERE txn.seq = ?"))?
            .query_row([seq], |row| Ok(transaction(row)))?
    }

    /// The transaction that credited a charge.
    ///
    /// # Errors
    /// What SQLite says; `None` while nothing is credited.
    pub fn credit_of(&self, charge: ChargeId) -> Result<Option<Transaction>, LedgerError> {
        self.conn
            .prepare_cached(&format!("{SHOWN} WHERE txn.charge_id = ?"))?
            .query_row([charge.to_string()], |row| Ok(transaction(row)))
            .optional()?
            .transpose()
    }

    /// What a transaction took, lot by lot.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn takes(&self, transaction: TransactionId) -> Result<Vec<Take>, LedgerError> {
        let seq: i64 = self
            .conn
            .prepare_cached("SELECT seq FROM txn WHERE id = ?1")?
            .query_row([transaction.to_string()], |row| row.get(0))
            .optional()?
            .ok_or(LedgerError::UnknownTransaction)?;
        lots_of(self.conn, seq)?
            .into_iter()
            .map(|taken| {
                let expires = taken.paid_expires_at.into_iter().chain(taken.bonus_expires_at).min();
                Ok(Take {
                    lot: lot_id(&taken.lot)?,
                    paid: points(taken.paid),
                    bonus: points(taken.bonus),
                    expires_at: expires.map(UnixMillis),
                })
            })
            .collect()
    }

    /// How many transactions there are, and the last hash.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn head(&self) -> Result<(i64, Vec<u8>), LedgerError> {
        Ok(self.conn.query_row_cached("SELECT transactions, hash FROM head", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?)
    }
}

fn transaction(row: &Row<'_>) -> Result<Transaction, LedgerError> {
    let seq: i64 = row.get(0)?;
    let broken = |fault| LedgerError::Broken { seq, fault };
    let id = |text: &str| TransactionId::parse(text).map_err(|_| broken("id"));
    let (name, kind): (String, String) = (row.get(1)?, row.get(2)?);
    let charge: Option<String> = row.get(11)?;
    let reverses: Option<String> = row.get(12)?;
    let (refund, phase): (Option<String>, Option<String>) = (row.get(27)?, row.get(28)?);
    let refund = refund.map(|id| RefundId::parse(&id)).transpose().map_err(|_| broken("refund"))?;
    let imp_uid: Option<String> = row.get(16)?;
    let payment = match imp_uid {
        None => None,
        Some(imp_uid) => Some(PaymentFacts {
            imp_uid,
            won: won(row.get(17)?),
            apply_num: row.get(18)?,
            card_name: row.get(19)?,
            pg_provider: row.get(20)?,
            pay_method: row.get(21)?,
            receipt_url: row.get(22)?,
            paid_at: UnixMillis(row.get(23)?),
            looked_up_at: UnixMillis(row.get(24)?),
        }),
    };
    Ok(Transaction {
        seq,
        transaction: id(&name)?,
        kind: TransactionKind::of(&kind).ok_or_else(|| broken("kind"))?,
        member: MemberId(row.get(3)?),
        member_name: row.get::<_, Option<String>>(4)?.unwrap_or_default(),
        at: UnixMillis(row.get(5)?),
        business_date: row.get(6)?,
        paid_change: row.get(7)?,
        bonus_change: row.get(8)?,
        balance_after: points(row.get(9)?),
        staff_name: row.get(10)?,
        approver_name: row.get(26)?,
        charge: charge.map(|id| ChargeId::parse(&id)).transpose().map_err(|_| broken("charge"))?,
        reverses: reverses.as_deref().map(id).transpose()?,
        reversed: row.get(13)?,
        late: row.get(14)?,
        disputed: row.get(25)?,
        payment,
        refund: refund.zip(phase),
        note: row.get(15)?,
    })
}
