//! A transaction with all that belongs to it, and its place in the chain.

use rusqlite::Connection;

use crate::canon::{Canon, Hash};
use crate::error::LedgerError;
use crate::reader::Reader;

pub(crate) struct PostingRow {
    pub(crate) account: String,
    pub(crate) member: Option<i64>,
    pub(crate) amount: i64,
}

pub(crate) struct LotRow {
    pub(crate) id: String,
    pub(crate) member: i64,
    pub(crate) paid: i64,
    pub(crate) bonus: i64,
    pub(crate) paid_expires_at: Option<i64>,
    pub(crate) bonus_expires_at: Option<i64>,
    pub(crate) bonus_rule: Option<i64>,
}

pub(crate) struct LotUseRow {
    pub(crate) lot: String,
    pub(crate) paid: i64,
    pub(crate) bonus: i64,
}

pub(crate) struct LotExpiryRow {
    pub(crate) lot: String,
    pub(crate) paid_expires_at: Option<i64>,
    pub(crate) bonus_expires_at: Option<i64>,
}

pub(crate) struct PaymentRow {
    pub(crate) imp_uid: String,
    pub(crate) charge: String,
    pub(crate) won: i64,
    pub(crate) pg_provider: String,
    pub(crate) pg_id: String,
    pub(crate) pg_tid: Option<String>,
    pub(crate) pay_method: Option<String>,
    pub(crate) apply_num: Option<String>,
    pub(crate) card_name: Option<String>,
    pub(crate) card_number: Option<String>,
    pub(crate) receipt_url: Option<String>,
    pub(crate) sandbox: bool,
    pub(crate) paid_at: i64,
    pub(crate) looked_up_at: i64,
    pub(crate) answer_hash: Vec<u8>,
    pub(crate) actor: i64,
    pub(crate) request_id: String,
}

/// A transaction with all that belongs to it, as it is written and as the audit reads it back.
pub(crate) struct Record {
    pub(crate) seq: i64,
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) member: i64,
    pub(crate) charge: Option<String>,
    pub(crate) reverses: Option<i64>,
    pub(crate) balance_after: i64,
    pub(crate) at: i64,
    pub(crate) business_date: String,
    pub(crate) actor: i64,
    pub(crate) approver: Option<i64>,
    pub(crate) request_id: String,
    pub(crate) note_hash: Option<Vec<u8>>,
    pub(crate) payment: Option<PaymentRow>,
    pub(crate) postings: Vec<PostingRow>,
    pub(crate) lots: Vec<LotRow>,
    pub(crate) uses: Vec<LotUseRow>,
    pub(crate) expiries: Vec<LotExpiryRow>,
    /// Names and values, in order of name.
    pub(crate) facts: Vec<(String, String)>,
}

impl Record {
    /// The hash over the record and the hash before it.
    pub(crate) fn hash(&self, before: &[u8]) -> Hash {
        let mut canon = Canon::new("pointill transaction 1");
        canon.bytes(before).number(self.seq).text(&self.id).text(&self.kind).number(self.member);
        canon.maybe_text(self.charge.as_deref()).maybe_number(self.reverses).number(self.balance_after);
        canon.number(self.at).text(&self.business_date).number(self.actor).maybe_number(self.approver);
        canon.text(&self.request_id).maybe_bytes(self.note_hash.as_deref());
        canon.list(usize::from(self.payment.is_some()));
        if let Some(payment) = &self.payment {
            canon.text(&payment.imp_uid).text(&payment.charge).number(payment.won);
            canon.text(&payment.pg_provider).text(&payment.pg_id);
            for text in [
                &payment.pg_tid,
                &payment.pay_method,
                &payment.apply_num,
                &payment.card_name,
                &payment.card_number,
                &payment.receipt_url,
            ] {
                canon.maybe_text(text.as_deref());
            }
            canon.number(i64::from(payment.sandbox)).number(payment.paid_at).number(payment.looked_up_at);
            canon.bytes(&payment.answer_hash).number(payment.actor).text(&payment.request_id);
        }
        canon.list(self.postings.len());
        for posting in &self.postings {
            canon.text(&posting.account).maybe_number(posting.member).number(posting.amount);
        }
        canon.list(self.lots.len());
        for lot in &self.lots {
            canon.text(&lot.id).number(lot.member).number(lot.paid).number(lot.bonus);
            canon
                .maybe_number(lot.paid_expires_at)
                .maybe_number(lot.bonus_expires_at)
                .maybe_number(lot.bonus_rule);
        }
        canon.list(self.uses.len());
        for taken in &self.uses {
            canon.text(&taken.lot).number(taken.paid).number(taken.bonus);
        }
        canon.list(self.expiries.len());
        for expiry in &self.expiries {
            canon
                .text(&expiry.lot)
                .maybe_number(expiry.paid_expires_at)
                .maybe_number(expiry.bonus_expires_at);
        }
        // The first edition had none: its records are spelled as they were.
        if !self.facts.is_empty() {
            canon.list(self.facts.len());
            for (name, value) in &self.facts {
                canon.text(name).text(value);
            }
        }
        canon.finish()
    }
}

/// What the first transaction is hashed onto: which book this is. Its rows are then no other book's, and no other mode's.
pub(crate) fn genesis(conn: &Connection) -> Result<Hash, LedgerError> {
    let stamp = Reader::new(conn).stamp()?;
    let mut canon = Canon::new("pointill book 1");
    canon.text(&stamp.book_id.to_string()).text(stamp.mode.word());
    Ok(canon.finish())
}

/// The salted hash that stands in the chain for a free text, which itself can be erased.
pub(crate) fn note_hash(salt: &[u8], text: &str) -> Hash {
    let mut canon = Canon::new("pointill note 1");
    canon.bytes(salt).text(text);
    canon.finish()
}
