//! The book's payments, as a comparison needs them.

use rusqlite::{OptionalExtension, Row, params};

use super::Reader;
use super::close::broken;
use super::refund_lot::accounted;
use crate::error::LedgerError;
use crate::gate::Listed;
use crate::ids::{ChargeId, UnixMillis};
use crate::random::merchant_uid_prefix;
use crate::reconcile::{BookPayment, BookSide, Window};

impl Reader<'_> {
    /// What the book knows about its payments of a stretch of time and about those that PortOne named.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn book_side(&self, window: Window, listed: &[Listed]) -> Result<BookSide, LedgerError> {
        let stamp = self.stamp()?;
        let prefix = merchant_uid_prefix(stamp.book_id);
        let mut side = BookSide {
            payments: self.payments_paid(window)?,
            sandbox: stamp.mode.sandbox(),
            prefix,
            ..BookSide::default()
        };
        let mut by_name = self.conn.prepare_cached(&payments("payment.imp_uid = ?1"))?;
        let mut by_charge = self.conn.prepare_cached(&payments("payment.charge_id = ?1"))?;
        let mut charge = self.conn.prepare_cached("SELECT id FROM charge WHERE merchant_uid = ?1")?;
        let mut disputed = self.conn.prepare_cached("SELECT 1 FROM open_dispute WHERE imp_uid = ?1")?;
        for one in listed.iter().filter(|one| one.found.merchant_uid.starts_with(&side.prefix)) {
            let id: Option<String> =
                charge.query_row([&one.found.merchant_uid], |row| row.get(0)).optional()?;
            let mut more = vec![by_name.query_row([&one.found.imp_uid], payment).optional()?];
            if let Some(id) = id {
                more.push(by_charge.query_row([&id], payment).optional()?);
                let id = ChargeId::parse(&id).map_err(|_| broken("charge"))?;
                side.charges.insert(one.found.merchant_uid.clone(), id);
            }
            for payment in more.into_iter().flatten() {
                let payment = payment?;
                if !side.payments.iter().any(|known| known.imp_uid == payment.imp_uid) {
                    side.payments.push(payment);
                }
            }
            if disputed.exists([&one.found.imp_uid])? {
                side.disputed.push(one.found.imp_uid.clone());
            }
        }
        Ok(side)
    }

    /// The book's payments that were paid in this stretch of time, in its order.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn payments_paid(&self, window: Window) -> Result<Vec<BookPayment>, LedgerError> {
        let mut statement =
            self.conn.prepare_cached(&payments("payment.paid_at >= ?1 AND payment.paid_at < ?2"))?;
        let rows = statement.query_map(params![window.from.0, window.to.0], payment)?;
        let mut found = rows.collect::<Result<Result<Vec<_>, _>, _>>()??;
        found.sort_by(|one, other| (one.paid_at, &one.imp_uid).cmp(&(other.paid_at, &other.imp_uid)));
        Ok(found)
    }
}

/// The book's payments. What was given back by way of the payment company is what its own refunds and
/// claw-backs account for.
fn payments(which: &str) -> String {
    format!(
        "SELECT payment.imp_uid, charge.merchant_uid, payment.charge_id, payment.won, payment.apply_num, payment.paid_at,
                {}
         FROM payment JOIN charge ON charge.id = payment.charge_id WHERE {which}",
        accounted("payment.imp_uid")
    )
}

fn payment(row: &Row<'_>) -> rusqlite::Result<Result<BookPayment, LedgerError>> {
    let charge: String = row.get(2)?;
    let Ok(charge) = ChargeId::parse(&charge) else { return Ok(Err(broken("charge"))) };
    Ok(Ok(BookPayment {
        imp_uid: row.get(0)?,
        merchant_uid: row.get(1)?,
        charge,
        won: row.get(3)?,
        approval_number: row.get(4)?,
        paid_at: UnixMillis(row.get(5)?),
        given_back: row.get(6)?,
    }))
}
