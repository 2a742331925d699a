//! What an order carries to PortOne and back, signed: whose charge it is, so that a payment can be told even where the charge's own
//! row was lost with the PC.

use hmac::{Hmac, KeyInit, Mac};
use money::Won;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::canon::hex;
use crate::error::LedgerError;
use crate::ids::{ChargeId, MemberId, UnixMillis};
use crate::model::Intent;
use crate::random::Random;
use crate::reader::Reader;

/// An order's mark, as it stands in PortOne's `custom_data`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderMark {
    /// The charge.
    pub c: ChargeId,
    /// The member's number.
    pub m: MemberId,
    /// HMAC-SHA256 over charge, member, sum and merchant_uid, in hex.
    pub h: String,
}

fn mac(key: &[u8], charge: ChargeId, member: MemberId, won: i64, merchant_uid: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(format!("{charge}|{member}|{won}|{merchant_uid}").as_bytes());
    Some(mac)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at.saturating_add(2))?, 16).ok())
        .collect()
}

impl Reader<'_> {
    fn order_key(&self) -> Result<Option<Vec<u8>>, LedgerError> {
        Ok(self.conn.query_row("SELECT key FROM order_key", [], |row| row.get(0)).optional()?)
    }

    /// The mark that an order is to carry.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn order_mark(&self, intent: &Intent) -> Result<Option<OrderMark>, LedgerError> {
        let (charge, member) = (intent.charge, intent.member);
        let mac = self
            .order_key()?
            .and_then(|key| mac(&key, charge, member, intent.won.get(), &intent.merchant_uid));
        Ok(mac.map(|mac| OrderMark { c: charge, m: member, h: hex(&mac.finalize().into_bytes()) }))
    }

    /// Reads a mark that came back; `None` where there is none, or it is not signed by this book for this order and sum.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn own_mark(
        &self,
        custom_data: Option<&str>,
        merchant_uid: &str,
        won: Won,
    ) -> Result<Option<OrderMark>, LedgerError> {
        let Some(mark) = custom_data.and_then(read) else { return Ok(None) };
        let signed = self
            .order_key()?
            .and_then(|key| mac(&key, mark.c, mark.m, won.get(), merchant_uid))
            .zip(unhex(&mark.h))
            .is_some_and(|(mac, said)| mac.verify_slice(&said).is_ok());
        Ok(signed.then_some(mark))
    }
}

/// PortOne hands `custom_data` back as a text of JSON; one that was JSON text itself comes wrapped once more.
fn read(text: &str) -> Option<OrderMark> {
    serde_json::from_str(text).ok().or_else(|| {
        serde_json::from_str::<String>(text).ok().and_then(|text| serde_json::from_str(&text).ok())
    })
}

/// Makes the book's key where it has none.
pub(crate) fn ensure_order_key(
    conn: &Connection,
    random: &mut dyn Random,
    now: UnixMillis,
) -> Result<(), LedgerError> {
    let there: bool = conn.query_row("SELECT EXISTS (SELECT 1 FROM order_key)", [], |row| row.get(0))?;
    if !there {
        let mut key = [0; 32];
        random.fill(&mut key);
        conn.execute(
            "INSERT INTO order_key (one, key, at, actor, request_id) VALUES (1, ?1, ?2, 1, 'first')",
            params![key, now.0],
        )?;
    }
    Ok(())
}
