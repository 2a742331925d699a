//! A payment as PortOne tells it.

use crate::amount::Amount;
use crate::error::{PortoneError, odd};
use crate::json::Json;

/// Where a payment stands. Source: PortOne V1 `PaymentAnnotation.status`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Not paid: the window is open or was left, or a virtual account waits.
    Ready,
    /// Paid.
    Paid,
    /// Cancelled.
    Cancelled,
    /// Failed.
    Failed,
    /// A word that is not in the reference.
    Unrecognized(String),
}

/// A virtual account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vbank {
    /// The account's number.
    pub num: Option<String>,
    /// The bank's name.
    pub name: Option<String>,
    /// The name on it; some payment companies give none.
    pub holder: Option<String>,
    /// The last moment, in UNIX seconds.
    pub date: Option<i64>,
    /// When it was issued, in UNIX seconds.
    pub issued_at: Option<i64>,
}

/// One cancel of a payment. Source: PortOne V1 `PaymentCancelAnnotation`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelEntry {
    /// PortOne's name for it; older answers have none.
    pub id: Option<String>,
    /// What went back.
    pub amount: Amount,
    /// Why, as whoever cancelled wrote it.
    pub reason: Option<String>,
}

/// A payment. Source: PortOne V1 `PaymentAnnotation`; times are UNIX seconds, `None` where PortOne says 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// PortOne's name for it.
    pub imp_uid: String,
    /// The order.
    pub merchant_uid: String,
    /// Where it stands.
    pub status: Status,
    /// The sum.
    pub amount: Amount,
    /// What of it was cancelled.
    pub cancel_amount: Amount,
    /// How many cancels it had.
    pub cancel_history_len: usize,
    /// Those cancels, in PortOne's order.
    pub cancel_history: Vec<CancelEntry>,
    /// The currency.
    pub currency: Option<String>,
    /// Whether it came over a test channel (since 2026-01-26).
    pub sandbox: Option<bool>,
    /// The payment company.
    pub pg_provider: Option<String>,
    /// The MID.
    pub pg_id: Option<String>,
    /// The payment company's number.
    pub pg_tid: Option<String>,
    /// How it was paid.
    pub pay_method: Option<String>,
    /// The approval number.
    pub apply_num: Option<String>,
    /// The card's name.
    pub card_name: Option<String>,
    /// The card's number, masked by PortOne.
    pub card_number: Option<String>,
    /// The payment company's receipt.
    pub receipt_url: Option<String>,
    /// When it was paid.
    pub paid_at: Option<i64>,
    /// When it was started.
    pub started_at: Option<i64>,
    /// When it failed.
    pub failed_at: Option<i64>,
    /// When it was cancelled.
    pub cancelled_at: Option<i64>,
    /// Why it failed, in the payment company's words.
    pub fail_reason: Option<String>,
    /// Why it was cancelled.
    pub cancel_reason: Option<String>,
    /// `issue`, `payment` or `payment.scheduled` where a billing key took part.
    pub customer_uid_usage: Option<String>,
    /// The virtual account.
    pub vbank: Option<Vbank>,
    /// `pc`, `mobile` or `api`.
    pub channel: Option<String>,
    /// What the order carried along.
    pub custom_data: Option<String>,
}

/// A text that is only shown or kept: whatever else stands there, it is as if nothing did.
fn text(json: &Json, name: &str) -> Option<String> {
    json.get(name).and_then(Json::text).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A time that is only shown or kept.
fn seconds(json: &Json, name: &str) -> Option<i64> {
    json.get(name).and_then(Json::whole).filter(|at| *at > 0)
}

/// A field that decides whether money is believed: it may be missing (the gate then refuses), but not of another kind,
/// since "missing" is the better answer for some of them.
fn deciding<'a, T>(
    json: &'a Json,
    name: &str,
    read: impl FnOnce(&'a Json) -> Option<T>,
    what: &'static str,
) -> Result<Option<T>, PortoneError> {
    match json.get(name) {
        None => Ok(None),
        Some(value) => read(value).map(Some).ok_or(PortoneError::Odd { what }),
    }
}

fn deciding_text(json: &Json, name: &str, what: &'static str) -> Result<Option<String>, PortoneError> {
    let text = deciding(json, name, Json::text, what)?;
    Ok(text.filter(|text| !text.is_empty()).map(str::to_owned))
}

fn cancel_entry(json: &Json) -> Result<CancelEntry, PortoneError> {
    let Some(amount) = json.get("amount") else { return odd("a cancel without a sum") };
    Ok(CancelEntry {
        id: text(json, "cancellation_id"),
        amount: Amount::of(amount),
        // Kept whole: it is searched for the name of a refund.
        reason: text(json, "reason"),
    })
}

impl Payment {
    /// Reads one. What is required and not there, or decides and is of another kind, makes the whole answer odd; what is
    /// new is passed over.
    pub(crate) fn read(json: &Json) -> Result<Payment, PortoneError> {
        let (Some(imp_uid), Some(merchant_uid)) = (text(json, "imp_uid"), text(json, "merchant_uid")) else {
            return odd("a payment without its ids");
        };
        let status = match json.get("status").and_then(Json::text) {
            Some("ready") => Status::Ready,
            Some("paid") => Status::Paid,
            Some("cancelled") => Status::Cancelled,
            Some("failed") => Status::Failed,
            Some(word) => Status::Unrecognized(crate::error::words(word)),
            None => return odd("a payment without a status"),
        };
        let Some(amount) = json.get("amount") else { return odd("a payment without a sum") };
        let Some(cancel_amount) = json.get("cancel_amount") else {
            return odd("a payment without a cancelled sum");
        };
        let cancel_history = match json.get("cancel_history") {
            None => Vec::new(),
            Some(history) => match history.list() {
                Some(history) => history.iter().map(cancel_entry).collect::<Result<_, _>>()?,
                None => return odd("a history that is no list"),
            },
        };
        let vbank = Vbank {
            num: text(json, "vbank_num"),
            name: text(json, "vbank_name"),
            holder: text(json, "vbank_holder"),
            date: seconds(json, "vbank_date"),
            issued_at: seconds(json, "vbank_issued_at"),
        };
        Ok(Payment {
            imp_uid,
            merchant_uid,
            status,
            amount: Amount::of(amount),
            cancel_amount: Amount::of(cancel_amount),
            cancel_history_len: cancel_history.len(),
            cancel_history,
            currency: deciding_text(json, "currency", "a currency that is no text")?,
            sandbox: deciding(json, "sandbox", Json::boolean, "a sandbox that is neither true nor false")?,
            pg_provider: deciding_text(json, "pg_provider", "a pg_provider that is no text")?,
            pg_id: deciding_text(json, "pg_id", "a pg_id that is no text")?,
            pg_tid: text(json, "pg_tid"),
            pay_method: text(json, "pay_method"),
            apply_num: text(json, "apply_num"),
            card_name: text(json, "card_name"),
            card_number: text(json, "card_number"),
            receipt_url: text(json, "receipt_url"),
            paid_at: deciding(json, "paid_at", Json::whole, "a paid_at that is no time")?
                .filter(|at| *at > 0),
            started_at: seconds(json, "started_at"),
            failed_at: seconds(json, "failed_at"),
            cancelled_at: seconds(json, "cancelled_at"),
            fail_reason: text(json, "fail_reason").map(|reason| crate::error::words(&reason)),
            cancel_reason: text(json, "cancel_reason").map(|reason| crate::error::words(&reason)),
            customer_uid_usage: deciding_text(
                json,
                "customer_uid_usage",
                "a customer_uid_usage that is no text",
            )?,
            vbank: vbank.num.is_some().then_some(vbank),
            channel: text(json, "channel"),
            custom_data: text(json, "custom_data"),
        })
    }
}
