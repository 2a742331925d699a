//! Refunds, and debts.

use ledger::refund::{Basis, Closed, RefundStep, RefundWay, RuleKind};
use ledger::{ChargeId, DebtPaid, LotId, MemberId, RefundId, RefundState, RequestId, UnixMillis};
use money::{Points, Won};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Entered, StepView};

request! {
    /// What could go back?
    RefundQuoteAsk {
        /// Of all that this member has.
        #[serde(default)]
        member_id: Option<MemberId>,
        /// Or of one lot.
        #[serde(default)]
        lot_id: Option<LotId>,
        /// So many of the lot's paid points; all that are left unless told.
        #[serde(default)]
        points: Option<Points>,
    }
}
answer! {
    /// What could go back.
    RefundQuote {
        /// Whose.
        member_id: MemberId,
        /// Their name.
        member_name: String,
        /// Their number, masked.
        phone_masked: String,
        /// What they owe the shop.
        debt: Won,
        /// Lots of which something is left, the oldest first.
        lots: Vec<RefundLotView>,
        /// Payments that were never credited.
        payments: Vec<RefundPaymentView>,
        /// Refunds before, the latest first, at most ten.
        refunds: Vec<RefundView>,
    }
}
answer! {
    /// A lot, and what could go back of it.
    RefundLotView {
        /// The lot.
        lot_id: LotId,
        /// When it was made.
        made_at: UnixMillis,
        /// What was paid for it.
        paid: Points,
        /// Paid points that could go back: left, or expired with a right to them.
        left: Points,
        /// Bonus points left.
        left_bonus: Points,
        /// The charge that made it.
        charge_id: Option<ChargeId>,
        /// How it was paid, as PortOne says it.
        pay_method: Option<String>,
        /// The rule that it was made under.
        rule: RefundRuleView,
        /// It was made before there were rules: the default is taken.
        rule_assumed: bool,
        /// What would go back; `null`: nothing.
        sum: Option<RefundSumView>,
        /// By which ways, in the order of the screen.
        ways: Vec<RefundWayView>,
    }
}
answer! {
    /// What would go back, and what it takes.
    RefundSumView {
        /// What goes back.
        won: Won,
        /// Paid points that it takes.
        paid: Points,
        /// Bonus points that it takes.
        bonus: Points,
        /// Paid points that had expired.
        expired: Points,
        /// What the shop keeps.
        fee: Won,
        /// The customer may ask for it; else it is of goodwill, and a manager approves.
        claim: bool,
        /// By which line of the rule.
        basis: Basis,
        /// The arithmetic.
        steps: Vec<RefundStep>,
    }
}
answer! {
    /// A way for money to go back.
    RefundWayView {
        /// Which.
        way: RefundWay,
        /// Why it is closed; `null`: it is open.
        closed: Option<Closed>,
        /// An account is needed for it.
        needs_account: bool,
    }
}
answer! {
    /// A payment that was never credited.
    RefundPaymentView {
        /// Its charge.
        charge_id: ChargeId,
        /// PortOne's name for it.
        imp_uid: String,
        /// Why it was not credited, as a code of the gate.
        reason: String,
        /// The sum.
        won: Won,
        /// An account is needed for it.
        needs_account: bool,
        /// A refund of it is under way.
        under_way: bool,
    }
}
answer! {
    /// A rule about what may go back.
    RefundRuleView {
        /// Its version.
        version: i64,
        /// For which trade.
        kind: RuleKind,
        /// Its name.
        name: String,
        /// Where it comes from.
        source: String,
        /// How sure that is.
        certainty: String,
        /// The day from which it holds.
        effective_on: String,
    }
}
answer! {
    /// The rules, and the one that new loadings are made under.
    RefundRules {
        /// The oldest version first.
        rules: Vec<RefundRuleView>,
        /// The version in force.
        in_force: i64,
    }
}
request! {
    /// Chooses the rule that new loadings are made under.
    RefundRuleSet {
        /// Made once by the screen.
        request_id: RequestId,
        /// Its version.
        version: i64,
    }
}
/// Where a deposit goes back to.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefundTo {
    /// The bank's code, as the payment company writes it.
    pub bank: String,
    /// The account's number.
    pub number: String,
    /// The name on it.
    pub holder: String,
}

impl std::fmt::Debug for RefundTo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Personal data reaches no log.
        f.write_str("RefundTo(…)")
    }
}
request! {
    /// Starts a refund: of a lot, or of a payment that was never credited.
    RefundStart {
        /// Made once by the screen and kept until answered; any UUID.
        refund_id: RefundId,
        /// The lot.
        #[serde(default)]
        lot_id: Option<LotId>,
        /// So many of its paid points; all that are left unless told.
        #[serde(default)]
        points: Option<Points>,
        /// Or the charge of a payment that was never credited.
        #[serde(default)]
        charge_id: Option<ChargeId>,
        /// And that payment.
        #[serde(default)]
        imp_uid: Option<String>,
        /// What goes back, as it was shown: another sum is refused.
        won: Entered<Won>,
        /// By which way.
        way: RefundWay,
        /// The customer has no claim; the shop gives it of goodwill.
        #[serde(default)]
        goodwill: Option<bool>,
        /// Why.
        reason: String,
        /// What proves that cash or a transfer went out: a receipt's number, the time of the transfer.
        #[serde(default)]
        proof: Option<String>,
        /// Where a deposit goes back to.
        #[serde(default)]
        account: Option<RefundTo>,
    }
}
request! {
    /// Names a refund.
    RefundAsk {
        /// Which.
        refund_id: RefundId,
    }
}
answer! {
    /// A refund as the screen shows it.
    RefundView {
        /// Its id.
        refund_id: RefundId,
        /// Whose.
        member_id: MemberId,
        /// Their name.
        member_name: String,
        /// Their number, masked.
        phone_masked: String,
        /// The charge behind it.
        charge_id: Option<ChargeId>,
        /// The lot; `null` for a payment that was never credited.
        lot_id: Option<LotId>,
        /// By which way.
        way: RefundWay,
        /// Where it stands. Only `refused` and `released` mean that nothing went back.
        state: RefundState,
        /// Why it was refused, as a code.
        why: Option<String>,
        /// The payment company's own words, to be shown as a quotation.
        said: Option<String>,
        /// What goes back.
        won: Won,
        /// Paid points that it takes.
        paid: Points,
        /// Bonus points that it takes.
        bonus: Points,
        /// Paid points that had expired.
        expired: Points,
        /// What the shop keeps.
        fee: Won,
        /// The customer may ask for it.
        claim: bool,
        /// By which line of the rule.
        basis: Basis,
        /// The rule's name.
        rule_name: Option<String>,
        /// The arithmetic, as it was agreed.
        arithmetic: Vec<RefundStep>,
        /// Why, and the proof, in the clerk's words.
        note: Option<String>,
        /// When it was started.
        started_at: UnixMillis,
        /// Who started it.
        staff_name: String,
        /// Who approved it.
        approver_name: Option<String>,
        /// When PortOne last answered about it.
        looked_up_at: Option<UnixMillis>,
        /// The money went back after the refund had been given up: it was taken back from the points.
        landed_late: bool,
        /// What happened, in order.
        steps: Vec<StepView>,
    }
}
request! {
    /// Settles what a member owes, or a part of it.
    DebtSettle {
        /// Made once by the screen.
        request_id: RequestId,
        /// Whose.
        member_id: MemberId,
        /// How much.
        won: Entered<Won>,
        /// By what.
        how: DebtPaid,
        /// Why, or the proof.
        note: String,
    }
}
answer! {
    /// A debt was settled, or had been by the same request.
    DebtSettled {
        /// What is still owed after it.
        debt: Won,
    }
}
/// Which part of a refund a transaction is.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RefundMark {
    /// Which refund.
    pub refund_id: RefundId,
    /// `hold`, `post`, `release`.
    pub phase: String,
}
