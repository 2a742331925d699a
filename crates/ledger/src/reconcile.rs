//! A day's payments in the book beside those that PortOne tells of, both ways. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::gate::{Found, FoundStatus, Listed, Said};
use crate::ids::{ChargeId, UnixMillis};

/// A stretch of PortOne's time: its beginning is in it, its end is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The beginning.
    pub from: UnixMillis,
    /// The end.
    pub to: UnixMillis,
}

impl Window {
    /// Whether a moment is in it.
    #[must_use]
    pub fn holds(self, at: Option<UnixMillis>) -> bool {
        at.is_some_and(|at| self.from <= at && at < self.to)
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident => $word:literal;)*) => {
        /// What is not the same on both sides.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[serde(rename_all = "snake_case")]
        pub enum DifferenceKind { $($(#[$doc])* $kind),* }

        impl DifferenceKind {
            /// All of them.
            pub const ALL: &[DifferenceKind] = &[$(DifferenceKind::$kind),*];
            /// The word that stands in the book.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(DifferenceKind::$kind => $word),* }
            }
        }
    };
}

kinds! {
    /// Paid for a charge of this book, and not credited.
    OnlyInPortone => "only_in_portone";
    /// Paid for a charge of this book that cannot be credited: it is in the inbox.
    Disputed => "disputed";
    /// Paid under this book's name for a charge that the book does not know.
    UnknownCharge => "unknown_charge";
    /// A second payment for a charge.
    TwoPayments => "two_payments";
    /// Credited, and PortOne tells of no such payment.
    OnlyInBook => "only_in_book";
    /// Credited with another sum than PortOne tells of.
    AnotherSum => "another_sum";
    /// More was given back than the book refunded.
    CancelledOutside => "cancelled_outside";
    /// The book refunded more than PortOne gave back.
    RefundMissing => "refund_missing";
    /// Test money in a live book, or real money in a test book.
    OtherMode => "other_mode";
    /// In the payment company's file, and not in the book.
    OnlyInFile => "only_in_file";
    /// In the book, and not in the payment company's file.
    NotInFile => "not_in_file";
    /// With another sum in the payment company's file.
    FileSum => "file_sum";
}

impl DifferenceKind {
    pub(crate) fn of(word: &str) -> Option<DifferenceKind> {
        DifferenceKind::ALL.iter().copied().find(|kind| kind.word() == word)
    }

    /// What can be done about it.
    #[must_use]
    pub const fn action(self) -> DifferenceAction {
        match self {
            // Asked about again, what was cancelled outside is taken back from the points.
            DifferenceKind::OnlyInPortone | DifferenceKind::OnlyInBook | DifferenceKind::CancelledOutside => {
                DifferenceAction::Settle
            }
            DifferenceKind::Disputed | DifferenceKind::UnknownCharge => DifferenceAction::Inbox,
            // Nothing here can put these right: what PortOne says now is not what it said when it was credited.
            DifferenceKind::AnotherSum | DifferenceKind::OtherMode => DifferenceAction::AskPortone,
            DifferenceKind::TwoPayments | DifferenceKind::RefundMissing => DifferenceAction::Refund,
            DifferenceKind::OnlyInFile | DifferenceKind::NotInFile | DifferenceKind::FileSum => {
                DifferenceAction::AskPg
            }
        }
    }
}

/// What to do about a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum DifferenceAction {
    /// Ask PortOne about this charge again.
    Settle,
    /// See it in the inbox.
    Inbox,
    /// Go to the refund desk.
    Refund,
    /// Look into PortOne's console, and ask PortOne.
    AskPortone,
    /// Ask the payment company.
    AskPg,
}

/// One thing that is not the same on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What.
    pub kind: DifferenceKind,
    /// PortOne's name for the payment.
    pub imp_uid: Option<String>,
    /// The order.
    pub merchant_uid: Option<String>,
    /// The charge, where the book knows it.
    pub charge: Option<ChargeId>,
    /// The approval number.
    pub approval_number: Option<String>,
    /// What the book says is kept, in won.
    pub book_won: Option<i64>,
    /// What the other side says is kept, in won; `None` also where it names no whole sum.
    pub other_won: Option<i64>,
    /// When it was paid.
    pub at: Option<UnixMillis>,
}

/// A payment as the book has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookPayment {
    /// PortOne's name for it.
    pub imp_uid: String,
    /// The order.
    pub merchant_uid: String,
    /// The charge that it credited.
    pub charge: ChargeId,
    /// The sum that was credited, in won.
    pub won: i64,
    /// What of it the book gave back by way of the payment company, in won.
    pub given_back: i64,
    /// The approval number.
    pub approval_number: Option<String>,
    /// When it was paid, by PortOne's clock.
    pub paid_at: UnixMillis,
}

impl BookPayment {
    fn kept(&self) -> i64 {
        self.won.saturating_sub(self.given_back)
    }
}

/// What the book knows that a comparison needs.
#[derive(Debug, Clone, Default)]
pub struct BookSide {
    /// What each order of this book starts with.
    pub prefix: String,
    /// What `sandbox` says in this book's mode.
    pub sandbox: bool,
    /// The payments of the window, and those among the listed that the book has.
    pub payments: Vec<BookPayment>,
    /// The charges of the listed orders.
    pub charges: BTreeMap<String, ChargeId>,
    /// Names of listed payments that are in the inbox.
    pub disputed: Vec<String>,
}

/// How many and how much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Tally {
    /// How many.
    pub count: i64,
    /// How much is kept of them, in won.
    pub won: i64,
}

impl Tally {
    pub(crate) fn add(&mut self, won: i64) {
        self.count = self.count.saturating_add(1);
        self.won = self.won.saturating_add(won);
    }
}

/// What a comparison found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// What is not the same.
    pub differences: Vec<Difference>,
    /// The book's payments of the window.
    pub book: Tally,
    /// The other side's payments of the window that are this book's.
    pub other: Tally,
    /// Payments of other tills and shops on the same account: no difference.
    pub foreign: Tally,
}

/// What PortOne says is kept of a payment, where it names whole sums.
fn kept(found: &Found) -> Option<i64> {
    match (&found.amount, &found.cancel_amount) {
        (Said::Whole(amount), Said::Whole(cancelled)) => amount.checked_sub(*cancelled),
        (Said::Whole(_) | Said::Odd(_), Said::Whole(_) | Said::Odd(_)) => None,
    }
}

fn was_paid(found: &Found) -> bool {
    match found.status {
        FoundStatus::Paid => true,
        FoundStatus::Cancelled | FoundStatus::Unrecognized(_) => found.paid_at.is_some(),
        FoundStatus::Ready | FoundStatus::Failed => false,
    }
}

/// Compares both ways. Of the listed, those count that were paid in the window; what was cancelled in it counts where the
/// book has it, whenever it was paid. Everything of the book that was paid in the window counts.
#[must_use]
pub fn reconcile(book: &BookSide, listed: &[Listed], window: Window) -> Reconciled {
    let mut done = Reconciled::default();
    let mut listed: Vec<&Listed> = listed.iter().filter(|listed| was_paid(&listed.found)).collect();
    listed.sort_by(|one, other| {
        (one.found.paid_at, &one.found.imp_uid).cmp(&(other.found.paid_at, &other.found.imp_uid))
    });
    let mut uncredited: Vec<&str> = Vec::new();
    for one in &listed {
        let found = &one.found;
        let in_window = window.holds(found.paid_at);
        if !found.merchant_uid.starts_with(&book.prefix) {
            // Another till's or a web shop's; what is not money of this mode is nobody's.
            if in_window && found.sandbox == Some(book.sandbox) {
                done.foreign.add(kept(found).unwrap_or(0));
            }
            continue;
        }
        let credited = book.payments.iter().find(|payment| payment.imp_uid == found.imp_uid);
        if let Some(payment) = credited {
            if in_window {
                done.other.add(kept(found).unwrap_or(0));
            }
            if (in_window || window.holds(one.cancelled_at) || window.holds(Some(payment.paid_at)))
                && let Some(kind) = credited_otherwise(book, payment, found)
            {
                done.differences.push(difference(kind, Some(payment), found, Some(payment.charge)));
            }
        } else if in_window {
            done.other.add(kept(found).unwrap_or(0));
            // What went back as a whole is nobody's money any more.
            if kept(found) != Some(0) {
                let kind = uncredited_kind(book, found, uncredited.contains(&found.merchant_uid.as_str()));
                uncredited.push(&found.merchant_uid);
                let charge = book.charges.get(&found.merchant_uid).copied();
                done.differences.push(difference(kind, None, found, charge));
            }
        }
    }
    for payment in book.payments.iter().filter(|payment| window.holds(Some(payment.paid_at))) {
        done.book.add(payment.kept());
        if !listed.iter().any(|one| one.found.imp_uid == payment.imp_uid) {
            done.differences.push(only_in_book(DifferenceKind::OnlyInBook, payment));
        }
    }
    done
}

/// What is other than the book says about a payment that it credited.
fn credited_otherwise(book: &BookSide, payment: &BookPayment, found: &Found) -> Option<DifferenceKind> {
    if found.sandbox != Some(book.sandbox) {
        return Some(DifferenceKind::OtherMode);
    }
    match (&found.amount, &found.cancel_amount) {
        (Said::Whole(amount), _) if *amount != payment.won => Some(DifferenceKind::AnotherSum),
        (Said::Whole(_), Said::Whole(cancelled)) if *cancelled > payment.given_back => {
            Some(DifferenceKind::CancelledOutside)
        }
        (Said::Whole(_), Said::Whole(cancelled)) if *cancelled < payment.given_back => {
            Some(DifferenceKind::RefundMissing)
        }
        (Said::Whole(_), Said::Whole(_)) => None,
        (Said::Odd(_), _) | (Said::Whole(_), Said::Odd(_)) => Some(DifferenceKind::AnotherSum),
    }
}

fn uncredited_kind(book: &BookSide, found: &Found, again: bool) -> DifferenceKind {
    let charge = book.charges.get(&found.merchant_uid);
    let other = charge.is_some_and(|charge| book.payments.iter().any(|payment| payment.charge == *charge));
    if found.sandbox != Some(book.sandbox) {
        DifferenceKind::OtherMode
    } else if again || other {
        DifferenceKind::TwoPayments
    } else if charge.is_none() {
        DifferenceKind::UnknownCharge
    } else if book.disputed.contains(&found.imp_uid) {
        DifferenceKind::Disputed
    } else {
        DifferenceKind::OnlyInPortone
    }
}

fn difference(
    kind: DifferenceKind,
    payment: Option<&BookPayment>,
    found: &Found,
    charge: Option<ChargeId>,
) -> Difference {
    Difference {
        kind,
        imp_uid: Some(found.imp_uid.clone()),
        merchant_uid: Some(found.merchant_uid.clone()),
        charge,
        approval_number: found.apply_num.clone().filter(|number| !number.is_empty()),
        book_won: payment.map(BookPayment::kept),
        other_won: kept(found),
        at: found.paid_at,
    }
}

pub(crate) fn only_in_book(kind: DifferenceKind, payment: &BookPayment) -> Difference {
    Difference {
        kind,
        imp_uid: Some(payment.imp_uid.clone()),
        merchant_uid: Some(payment.merchant_uid.clone()),
        charge: Some(payment.charge),
        approval_number: payment.approval_number.clone(),
        book_won: Some(payment.kept()),
        other_won: None,
        at: Some(payment.paid_at),
    }
}
