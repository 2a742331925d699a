//! Plain records of the book.

use money::{Points, Won};
use serde::{Deserialize, Serialize};

use crate::bonus::Offer;
use crate::day::Lifetime;
use crate::ids::{BookId, ChargeId, LotId, MemberId, Mode, RequestId, StaffId, TransactionId, UnixMillis};

/// Who writes, when, and under which request. Stands on every row.
#[derive(Debug, Clone, Copy)]
pub struct By {
    /// PortOne's clock where it is known.
    pub now: UnixMillis,
    /// Who.
    pub actor: StaffId,
    /// Who approved it, where a second person was asked for.
    pub approver: Option<StaffId>,
    /// The request, made once by the caller.
    pub request: RequestId,
}

/// What a book file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Its name.
    pub book_id: BookId,
    /// Its mode.
    pub mode: Mode,
    /// PortOne's 고객사 식별코드, once known.
    pub shop_code: Option<String>,
}

/// Where a charge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ChargeState {
    /// Not paid so far.
    Open,
    /// A virtual account was issued and waits for money.
    AwaitingDeposit,
    /// PortOne did not answer: nobody knows. Never called "failed".
    Unknown,
    /// PortOne says the attempt failed. Still looked at; a later payment credits.
    Failed,
    /// PortOne says it was cancelled. Still looked at.
    Voided,
    /// Paid, but a check fails: nothing credited; a manager sees why.
    Disputed,
    /// The points are written.
    Credited,
}

impl ChargeState {
    /// The word that stands in the book.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            ChargeState::Open => "open",
            ChargeState::AwaitingDeposit => "awaiting_deposit",
            ChargeState::Unknown => "unknown",
            ChargeState::Failed => "failed",
            ChargeState::Voided => "voided",
            ChargeState::Disputed => "disputed",
            ChargeState::Credited => "credited",
        }
    }
    pub(crate) fn of(word: &str) -> Option<ChargeState> {
        [
            ChargeState::Open,
            ChargeState::AwaitingDeposit,
            ChargeState::Unknown,
            ChargeState::Failed,
            ChargeState::Voided,
            ChargeState::Disputed,
            ChargeState::Credited,
        ]
        .into_iter()
        .find(|state| state.word() == word)
    }
}

/// What a transaction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TransactionKind {
    /// 충전
    Loading,
    /// 사용
    Spending,
    /// 환불
    Refund,
    /// 되돌리기
    Reversal,
    /// 회수
    Clawback,
    /// 소멸
    Expiry,
    /// 조정
    Adjustment,
    /// 합치기
    Merge,
    /// 이관
    Opening,
}

impl TransactionKind {
    /// The word that stands in the book.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            TransactionKind::Loading => "loading",
            TransactionKind::Spending => "spending",
            TransactionKind::Refund => "refund",
            TransactionKind::Reversal => "reversal",
            TransactionKind::Clawback => "clawback",
            TransactionKind::Expiry => "expiry",
            TransactionKind::Adjustment => "adjustment",
            TransactionKind::Merge => "merge",
            TransactionKind::Opening => "opening",
        }
    }
    pub(crate) fn of(word: &str) -> Option<TransactionKind> {
        [
            TransactionKind::Loading,
            TransactionKind::Spending,
            TransactionKind::Refund,
            TransactionKind::Reversal,
            TransactionKind::Clawback,
            TransactionKind::Expiry,
            TransactionKind::Adjustment,
            TransactionKind::Merge,
            TransactionKind::Opening,
        ]
        .into_iter()
        .find(|kind| kind.word() == word)
    }
}

/// A charge as it was frozen before anything left the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// The screen's id.
    pub charge: ChargeId,
    /// Our name for the order at PortOne.
    pub merchant_uid: String,
    /// Who gets the points.
    pub member: MemberId,
    /// What is to be paid.
    pub won: Won,
    /// The promised bonus.
    pub bonus: Points,
    /// The rule that promised it.
    pub bonus_rule: Option<i64>,
    /// What is given instead where the bonus is that of a first charge, and another charge had it first.
    pub bonus_unless_first: Option<Points>,
    /// How long the bonus lasts.
    pub bonus_valid_days: Option<i64>,
    /// How long the paid points last, and the version of the rule that says so; `None`: for ever.
    pub paid_lasts: Option<(i64, Lifetime)>,
    /// How it is paid.
    pub method: String,
    /// The frozen channel's key.
    pub channel_key: String,
    /// The frozen channel's payment company.
    pub pg_provider: String,
    /// The frozen channel's MID.
    pub pg_id: String,
    /// The book's mode.
    pub mode: Mode,
    /// Who started it.
    pub actor: StaffId,
    /// Who approved a sum above the shop's limit.
    pub approver: Option<StaffId>,
    /// When it was started, by PortOne's clock.
    pub at: UnixMillis,
}

/// What is left of a lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LotLeft {
    /// The lot.
    pub lot: LotId,
    /// Paid points left.
    pub paid: Points,
    /// Bonus points left.
    pub bonus: Points,
    /// When the paid points go.
    pub paid_expires_at: Option<UnixMillis>,
    /// When the bonus goes.
    pub bonus_expires_at: Option<UnixMillis>,
    /// When it was made.
    pub made_at: UnixMillis,
}

impl LotLeft {
    /// The first date at which something of it goes.
    #[must_use]
    pub fn expires_at(&self) -> Option<UnixMillis> {
        match (self.paid_expires_at, self.bonus_expires_at) {
            (Some(paid), Some(bonus)) => Some(paid.min(bonus)),
            (paid, bonus) => paid.or(bonus),
        }
    }
}

/// What a charge gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    /// What is paid.
    pub won: Won,
    /// The bonus on top.
    pub bonus: Points,
    /// What it would be if it were not the member's first charge, where that is less.
    pub unless_first: Option<Points>,
    /// The rule that gives it.
    pub rule: Option<i64>,
    /// The last moment of the bonus, given now.
    pub bonus_expires_at: Option<UnixMillis>,
    /// How long the bonus lasts.
    pub valid_days: Option<i64>,
    /// The last moment of the paid points, given now; `None`: they never go.
    pub paid_expires_at: Option<UnixMillis>,
    /// The rule by which the paid points go.
    pub expiry_rule: Option<i64>,
}

/// A bonus rule in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BonusRule {
    /// Its version.
    pub version: i64,
    /// What it offers; never nothing.
    pub offers: Vec<Offer>,
    /// How long the bonus lasts, in days.
    pub valid_days: i64,
}

/// How long paid points last, as the owner accepted it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpiryRule {
    /// Its version.
    pub version: i64,
    /// How long.
    pub lifetime: Lifetime,
    /// Whose rule it is: PortOne's word for the payment company.
    pub pg: Option<String>,
    /// Where it stands.
    pub source: String,
    /// Since when.
    pub at: UnixMillis,
    /// Who accepted it.
    pub accepted_by: String,
    /// Who approved that, where a second person was asked.
    pub approved_by: Option<String>,
}

/// A balance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balance {
    /// Points that were paid for.
    pub paid: Points,
    /// Points that were given on top.
    pub bonus: Points,
    /// Points that a refund has reserved: neither spent nor there to spend.
    pub held: Points,
    /// What the member owes the shop, in won: money was taken back whose points had been spent.
    pub debt: Won,
}

impl Balance {
    /// What can be spent: paid and bonus together.
    #[must_use]
    pub fn total(self) -> Points {
        // The book refuses to write a balance whose total is above the largest amount.
        self.paid.checked_add(self.bonus).unwrap_or(Points::MAX)
    }
}

/// What a write of points did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The transaction.
    pub transaction: TransactionId,
    /// Whose points.
    pub member: MemberId,
    /// The balance before.
    pub before: Points,
    /// The balance after.
    pub after: Points,
}
