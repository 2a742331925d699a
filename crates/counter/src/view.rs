//! From the book's records to what the screen shows.

use ledger::{
    ChargeFacts, LotLeft, Member, PaymentFacts, Quote, Reader, Transaction, UnixMillis, on_the_calendar,
};
use money::Points;

use crate::wire::{
    ChargeQuote, ChargeView, DepositView, DisputeView, LotView, PaymentView, RefundMark, StepView, TakeView,
    TransactionView,
};

pub(crate) fn quote(quote: &Quote, turns_at: u8) -> ChargeQuote {
    ChargeQuote {
        won: quote.won,
        bonus: quote.bonus,
        points: quote.won.paid_points().checked_add(quote.bonus).unwrap_or(Points::MAX),
        bonus_expires_at: shown(quote.bonus_expires_at, turns_at),
        paid_expires_at: shown(quote.paid_expires_at, turns_at),
        first: quote.unless_first.is_some(),
    }
}

pub(crate) fn payment(payment: PaymentFacts) -> PaymentView {
    PaymentView {
        imp_uid: payment.imp_uid,
        approval_number: payment.apply_num.filter(|number| !number.is_empty()),
        card_name: payment.card_name,
        pg_provider: payment.pg_provider,
        pay_method: payment.pay_method,
        receipt_url: payment.receipt_url.filter(|url| url.starts_with("https://")),
        paid_at: payment.paid_at,
        looked_up_at: payment.looked_up_at,
    }
}

pub(crate) fn transaction(transaction: Transaction) -> TransactionView {
    TransactionView {
        transaction_id: transaction.transaction,
        seq: transaction.seq,
        kind: transaction.kind,
        member_id: transaction.member,
        member_name: transaction.member_name,
        at: transaction.at,
        business_date: transaction.business_date,
        paid_change: transaction.paid_change,
        bonus_change: transaction.bonus_change,
        balance_after: transaction.balance_after,
        staff_name: transaction.staff_name,
        approver_name: transaction.approver_name,
        charge_id: transaction.charge,
        reverses: transaction.reverses,
        reversed: transaction.reversed,
        late: transaction.late,
        disputed: transaction.disputed,
        payment: transaction.payment.map(payment),
        refund: transaction.refund.map(|(refund_id, phase)| RefundMark { refund_id, phase }),
        note: transaction.note,
    }
}

/// A date of expiry on the day that the shop calls it: the end of the shop's day may lie in the next one's night.
fn shown(at: Option<UnixMillis>, turns_at: u8) -> Option<UnixMillis> {
    at.map(|at| on_the_calendar(at, turns_at))
}

pub(crate) fn lot(lot: &LotLeft, turns_at: u8) -> LotView {
    LotView {
        lot_id: lot.lot,
        paid: lot.paid,
        bonus: lot.bonus,
        paid_expires_at: shown(lot.paid_expires_at, turns_at),
        bonus_expires_at: shown(lot.bonus_expires_at, turns_at),
        made_at: lot.made_at,
    }
}

pub(crate) fn take(taken: &ledger::lots::Take, turns_at: u8) -> TakeView {
    TakeView {
        lot_id: taken.lot,
        paid: taken.paid,
        bonus: taken.bonus,
        expires_at: shown(taken.expires_at, turns_at),
    }
}

/// A charge with its member and its credit, read in one state of the book.
pub(crate) struct ChargeParts {
    facts: ChargeFacts,
    member: Member,
    credit: Option<Transaction>,
}

pub(crate) fn charge_parts(
    book: &Reader<'_>,
    charge: ledger::ChargeId,
) -> Result<ChargeParts, ledger::LedgerError> {
    let facts = book.charge(charge)?;
    let member = book.member(facts.intent.member)?;
    Ok(ChargeParts { member, credit: book.credit_of(charge)?, facts })
}

pub(crate) fn charge(parts: ChargeParts, checkout_url: Option<String>) -> ChargeView {
    let ChargeParts { facts, member, credit } = parts;
    let intent = facts.intent;
    // What was given counts where it was: the bonus of a first charge may have gone to another one.
    let given = credit.as_ref().and_then(|credit| Points::new(credit.bonus_change).ok());
    let bonus = given.unwrap_or(intent.bonus);
    let points = intent.won.paid_points().checked_add(bonus).unwrap_or(Points::MAX);
    ChargeView {
        charge_id: intent.charge,
        member_id: intent.member,
        phone_masked: member.phone_masked(),
        member_name: member.name,
        won: intent.won,
        bonus,
        points,
        method: intent.method,
        merchant_uid: intent.merchant_uid,
        pg_provider: intent.pg_provider,
        state: facts.state,
        reason: facts.reason,
        reason_text: facts.reason_text,
        started_at: intent.at,
        looked_up_at: facts.looked_up_at,
        credited_at: credit.as_ref().map(|credit| credit.at),
        transaction_id: credit.as_ref().map(|credit| credit.transaction),
        balance_before: credit.as_ref().and_then(|credit| credit.balance_after.checked_sub(points)),
        balance_after: credit.as_ref().map(|credit| credit.balance_after),
        payment: credit.and_then(|credit| credit.payment).map(payment),
        deposit: facts.deposit.map(|deposit| DepositView {
            bank: deposit.bank,
            account: deposit.number,
            holder: deposit.holder,
            due_at: deposit.due_at,
        }),
        abandoned: facts.abandoned,
        late: facts.late,
        checkout_url,
        disputes: facts
            .disputes
            .into_iter()
            .map(|dispute| DisputeView {
                imp_uid: dispute.imp_uid,
                won: dispute.won,
                reason: dispute.reason,
                found_at: dispute.at,
            })
            .collect(),
        steps: facts
            .steps
            .into_iter()
            .map(|step| StepView { at: step.at, kind: step.kind, detail: step.detail })
            .collect(),
    }
}
