//! From the book's records to what the screen shows.

use ledger::{ChargeFacts, LotLeft, Member, PaymentFacts, Quote, Reader, Transaction, UnixMillis};
use money::Points;

use crate::wire::{
    ChargeQuote, ChargeView, DepositView, DisputeView, LotView, PaymentView, StepView, TakeView,
    TransactionView,
};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

pub(crate) fn quote(quote: Quote, now: UnixMillis) -> ChargeQuote {
    let expires = quote.valid_days.filter(|_| !quote.bonus.is_zero());
    ChargeQuote {
        won: quote.won,
        bonus: quote.bonus,
        points: quote.won.paid_points().checked_add(quote.bonus).unwrap_or(Points::MAX),
        bonus_expires_at: expires.map(|days| now.plus_ms(days.saturating_mul(DAY_MS))),
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
        note: transaction.note,
    }
}

pub(crate) fn lot(lot: &LotLeft) -> LotView {
    LotView {
        lot_id: lot.lot,
        paid: lot.paid,
        bonus: lot.bonus,
        paid_expires_at: lot.paid_expires_at,
        bonus_expires_at: lot.bonus_expires_at,
        made_at: lot.made_at,
    }
}

pub(crate) fn take(taken: &ledger::lots::Take) -> TakeView {
    TakeView { lot_id: taken.lot, paid: taken.paid, bonus: taken.bonus, expires_at: taken.expires_at }
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
    let points = intent.won.paid_points().checked_add(intent.bonus).unwrap_or(Points::MAX);
    ChargeView {
        charge_id: intent.charge,
        member_id: intent.member,
        phone_masked: member.phone_masked(),
        member_name: member.name,
        won: intent.won,
        bonus: intent.bonus,
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
