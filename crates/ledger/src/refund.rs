//! What may go back to a customer, and by which way. Pure.

mod ways;

use money::{Points, Won};
use serde::{Deserialize, Serialize};

use crate::error::LedgerError;
use crate::ids::UnixMillis;

pub use ways::{Closed, PaidBy, RefundWay, needs_account, way_closed};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What kind of trade a rule is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// Prepaid points that are spent like a gift certificate.
    Gift,
    /// A service over time: salon, nail, gym.
    Continuous,
}

impl RuleKind {
    pub(crate) fn of(word: &str) -> Option<RuleKind> {
        match word {
            "gift" => Some(RuleKind::Gift),
            "continuous" => Some(RuleKind::Continuous),
            _ => None,
        }
    }
}

/// The numbers of a rule: days, whole percent, whole won.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleNumbers {
    /// All of it goes back within so many days while nothing was used.
    pub full_days: i64,
    /// The rest goes back from so many percent used.
    pub threshold_percent: i64,
    /// Up to this sum the other threshold holds.
    pub small_won: i64,
    /// That other threshold.
    pub small_threshold_percent: i64,
    /// After its date: up to this sum the smaller share goes back.
    pub expired_small_won: i64,
    /// That smaller share.
    pub expired_small_percent: i64,
    /// After its date: the share of larger sums.
    pub expired_percent: i64,
    /// What the shop keeps of the price where a service is ended before its time.
    pub fee_percent: i64,
}

/// A rule, of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundRule {
    /// Its version.
    pub version: i64,
    /// For which trade.
    pub kind: RuleKind,
    /// Its name.
    pub name: String,
    /// Where it comes from.
    pub source: String,
    /// How sure that is.
    pub certainty: String,
    /// The day from which it holds, `2025-09-16`.
    pub effective_on: String,
    /// Its numbers.
    pub numbers: RuleNumbers,
}

/// What has become of a lot. Paid points stand for won.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LotAccount {
    /// Paid points when it was made.
    pub paid: Points,
    /// Paid points left.
    pub left_paid: Points,
    /// Bonus points left.
    pub left_bonus: Points,
    /// Paid points that were given back or taken back before.
    pub gone_back: Points,
    /// What the shop kept of it before.
    pub fee_before: Won,
    /// Paid points whose expiry was posted, and that were not given back since.
    pub expired: Points,
    /// When it was made.
    pub made_at: UnixMillis,
    /// When its paid points go.
    pub expires_at: Option<UnixMillis>,
}

/// By which line of a rule something goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Unused, within the first days.
    Unused,
    /// So much was used that the rest is the customer's.
    ThresholdMet,
    /// Past its date.
    Expired,
    /// A service that is ended before its time.
    Ended,
    /// No line gives it; the shop does.
    Goodwill,
    /// A payment that was never credited: all of it.
    NeverCredited,
}

/// One step of the arithmetic. The screen makes a sentence of each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RefundStep {
    /// What was paid.
    Paid {
        /// In won.
        won: Won,
    },
    /// What of it was used, at the price that was paid for it.
    Used {
        /// In won.
        won: Won,
        /// Whole percent of what was paid, cut down.
        percent: i64,
    },
    /// What went back before.
    GoneBack {
        /// In won.
        won: Won,
    },
    /// What is left of what was paid.
    Left {
        /// In won.
        won: Won,
    },
    /// The part that is given back this time.
    Part {
        /// In won.
        won: Won,
    },
    /// Unused and so many days old.
    WithinDays {
        /// The days of the rule.
        days: i64,
    },
    /// From so many percent on the rest goes back.
    Threshold {
        /// Whole percent.
        percent: i64,
        /// It is reached.
        met: bool,
    },
    /// Past its date: so many percent go back.
    AfterDate {
        /// Whole percent.
        percent: i64,
    },
    /// What the shop keeps.
    Fee {
        /// In won.
        won: Won,
        /// Whole percent of what was paid; `None` where it follows from a share.
        percent: Option<i64>,
    },
    /// Bonus points that go with it.
    BonusTaken {
        /// How many.
        points: Points,
    },
    /// What goes back.
    Back {
        /// In won.
        won: Won,
    },
}

/// What goes back of a lot, and what it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundSum {
    /// What goes back.
    pub won: Won,
    /// Paid points that are taken from the lot.
    pub paid: Points,
    /// Bonus points that are taken from the lot.
    pub bonus: Points,
    /// Paid points that had expired, and are given up as income.
    pub expired: Points,
    /// What the shop keeps. `won + fee = paid + expired`.
    pub fee: Won,
    /// The customer may ask for it; else the shop gives it of goodwill.
    pub claim: bool,
    /// By which line.
    pub basis: Basis,
    /// The arithmetic.
    pub steps: Vec<RefundStep>,
}

fn won(points: Points) -> Won {
    Won::new(points.get()).unwrap_or_default()
}

fn points(won: Won) -> Points {
    won.paid_points()
}

fn less(from: Points, what: Points) -> Points {
    from.checked_sub(what).unwrap_or(Points::ZERO)
}

/// What goes back of a lot under a rule. `part`: how many of its paid points, all of them unless told.
///
/// # Errors
/// [`LedgerError::NothingToRefund`] where nothing is left or the shop would keep all of it, [`LedgerError::AmountTooLarge`].
pub fn refund_sum(
    lot: &LotAccount,
    rule: &RefundRule,
    now: UnixMillis,
    part: Option<Points>,
) -> Result<RefundSum, LedgerError> {
    let large = || LedgerError::AmountTooLarge;
    let left = lot.left_paid.checked_add(lot.expired).ok_or_else(large)?;
    let part = part.unwrap_or(left);
    if part.is_zero() || part > left {
        return Err(LedgerError::NothingToRefund);
    }
    let numbers = rule.numbers;
    let used = less(less(lot.paid, left), lot.gone_back);
    let used_percent = used.share(100, lot.paid.get().max(1)).ok_or_else(large)?.get();
    let mut steps = vec![RefundStep::Paid { won: won(lot.paid) }];
    steps.push(RefundStep::Used { won: won(used), percent: used_percent });
    if !lot.gone_back.is_zero() {
        steps.push(RefundStep::GoneBack { won: won(lot.gone_back) });
    }
    steps.push(RefundStep::Left { won: won(left) });
    if part != left {
        steps.push(RefundStep::Part { won: won(part) });
    }
    let is_new = now.since(lot.made_at) < numbers.full_days.saturating_mul(DAY_MS);
    let has_expired = !lot.expired.is_zero() || lot.expires_at.is_some_and(|at| at <= now);
    let threshold = if lot.paid.get() <= numbers.small_won {
        numbers.small_threshold_percent
    } else {
        numbers.threshold_percent
    };
    // Multiplied out instead of divided: 59.9 percent is not 60.
    let is_met = i128::from(used.get()).saturating_mul(100)
        >= i128::from(lot.paid.get()).saturating_mul(i128::from(threshold));
    let (basis, fee) = if used.is_zero() && is_new && !has_expired {
        steps.push(RefundStep::WithinDays { days: numbers.full_days });
        (Basis::Unused, Won::ZERO)
    } else if has_expired {
        let small = lot.paid.get() <= numbers.expired_small_won;
        let percent = if small { numbers.expired_small_percent } else { numbers.expired_percent };
        steps.push(RefundStep::AfterDate { percent });
        let back = part.share(percent, 100).ok_or_else(large)?;
        (Basis::Expired, won(less(part, back)))
    } else {
        match rule.kind {
            RuleKind::Gift => {
                steps.push(RefundStep::Threshold { percent: threshold, met: is_met });
                (if is_met { Basis::ThresholdMet } else { Basis::Goodwill }, Won::ZERO)
            }
            RuleKind::Continuous => {
                // Of the price, once: what was kept with an earlier part counts. A part bears its share.
                let whole = won(lot.paid).share(numbers.fee_percent, 100).ok_or_else(large)?;
                let still = whole.checked_sub(lot.fee_before).unwrap_or(Won::ZERO).min(won(left));
                (Basis::Ended, still.share(part.get(), left.get()).ok_or_else(large)?)
            }
        }
    };
    if !fee.is_zero() {
        let percent = (basis == Basis::Ended).then_some(numbers.fee_percent);
        steps.push(RefundStep::Fee { won: fee, percent });
    }
    let back = less(part, points(fee));
    if back.is_zero() {
        return Err(LedgerError::NothingToRefund);
    }
    let paid = part.min(lot.left_paid);
    // The bonus goes in proportion; with the last paid point, all of it.
    let bonus = lot.left_bonus.share(part.get(), left.get()).ok_or_else(large)?;
    if !bonus.is_zero() {
        steps.push(RefundStep::BonusTaken { points: bonus });
    }
    steps.push(RefundStep::Back { won: won(back) });
    Ok(RefundSum {
        won: won(back),
        paid,
        bonus,
        expired: less(part, paid),
        fee,
        claim: basis != Basis::Goodwill,
        basis,
        steps,
    })
}
