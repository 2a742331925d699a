//! By which way money may go back. Pure.

use money::Won;
use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, macros::offset};

use crate::ids::UnixMillis;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// For how long a card payment can be cancelled, in days: about a year. Source: PortOne help, "cancel-deadline".
const CARD_DAYS: i64 = 365;

/// A way for money to go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RefundWay {
    /// The way that it came: PortOne cancels the payment.
    Pg,
    /// Out of the drawer.
    Cash,
    /// A bank transfer, made outside this app.
    Bank,
}

impl RefundWay {
    /// All of them, in the order of the screen.
    pub const ALL: [RefundWay; 3] = [RefundWay::Pg, RefundWay::Cash, RefundWay::Bank];
    /// The word that stands in the book.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            RefundWay::Pg => "pg",
            RefundWay::Cash => "cash",
            RefundWay::Bank => "bank",
        }
    }
    pub(crate) fn of(word: &str) -> Option<RefundWay> {
        RefundWay::ALL.into_iter().find(|way| way.word() == word)
    }
}

/// Why a way is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Closed {
    /// No payment stands behind it.
    NoPayment,
    /// A card payment of more than about a year ago.
    TooOld,
    /// A phone bill of another month.
    OtherMonth,
    /// A phone bill goes back as a whole.
    NoPart,
    /// Another refund of this payment is under way.
    UnderWay,
    /// Less than this can be cancelled of the payment.
    AbovePayment,
    /// The payment itself can still be cancelled: money goes back the way that it came.
    OriginalFirst,
}

/// What is known about the payment behind a lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidBy {
    /// How it was paid, as PortOne says it.
    pub method: String,
    /// When.
    pub paid_at: UnixMillis,
    /// The sum.
    pub won: Won,
    /// What of it can still be cancelled, as the book believes.
    pub left: Won,
    /// What of it may still go back, by any way.
    pub backed: Won,
    /// Another refund of it is under way.
    pub under_way: bool,
    /// The payment company refused to cancel it before.
    pub refused_before: bool,
}

/// Whether this sum can go back this way now; why not, if not.
#[must_use]
pub fn way_closed(way: RefundWay, payment: Option<&PaidBy>, sum: Won, now: UnixMillis) -> Option<Closed> {
    let original = original_closed(payment, sum, now);
    match (way, original) {
        (RefundWay::Pg, closed) => closed,
        // Nobody pays out twice while PortOne is still being asked.
        (RefundWay::Cash | RefundWay::Bank, Some(Closed::UnderWay)) => Some(Closed::UnderWay),
        // What was given back already goes back no second time.
        (RefundWay::Cash | RefundWay::Bank, _) if payment.is_some_and(|payment| sum > payment.backed) => {
            Some(Closed::AbovePayment)
        }
        (RefundWay::Cash | RefundWay::Bank, Some(_)) => None,
        (RefundWay::Cash | RefundWay::Bank, None) => {
            let refused = payment.is_some_and(|payment| payment.refused_before);
            if refused { None } else { Some(Closed::OriginalFirst) }
        }
    }
}

fn original_closed(payment: Option<&PaidBy>, sum: Won, now: UnixMillis) -> Option<Closed> {
    let Some(payment) = payment else { return Some(Closed::NoPayment) };
    if payment.under_way {
        return Some(Closed::UnderWay);
    }
    // Less can be cancelled, or it went back already by another way.
    if sum > payment.left.min(payment.backed) {
        return Some(Closed::AbovePayment);
    }
    if payment.method == "phone" {
        if month(payment.paid_at) != month(now) {
            return Some(Closed::OtherMonth);
        }
        return (sum != payment.won).then_some(Closed::NoPart);
    }
    // The date of a deposit's or a transfer's end is not documented: PortOne is asked, and may refuse.
    let by_deposit = matches!(payment.method.as_str(), "vbank" | "trans");
    let too_old = now.since(payment.paid_at) >= CARD_DAYS.saturating_mul(DAY_MS);
    (!by_deposit && too_old).then_some(Closed::TooOld)
}

/// Whether PortOne needs an account to give this back to. Source: PortOne V1 `POST /payments/cancel`, `refund_account`.
#[must_use]
pub fn needs_account(method: &str, pg_provider: &str) -> bool {
    method == "vbank" && pg_provider != "tosspayments"
}

/// Year and month in Seoul.
fn month(at: UnixMillis) -> (i32, u8) {
    let moment =
        OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1000)).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let date = moment.to_offset(offset!(+9)).date();
    (date.year(), u8::from(date.month()))
}
