//! Giving money back: what may go, holding it, telling PortOne, and asking until it is known.

use ledger::refund::{RefundRule, RefundSum, RefundWay, needs_account, refund_sum, way_closed};
use ledger::{
    Actor, CancelOrder, CancelSaid, ChargeId, Done, LedgerError, LotRefund, NewRefund, REFUND_RULE, Reader,
    Refund, RefundAccount, RefundId, RefundOf, RequestId, Role, UnixMillis,
};
use money::{Points, Won};

use crate::error::{AppError, Refusal};
use crate::host::{GatewayError, Host};
use crate::settle::{ask_anew, unanswered_word};
use crate::state::require_book;
use crate::text;
use crate::wire::{
    DebtSettle, DebtSettled, Empty, Event, RefundAsk, RefundLotView, RefundPaymentView, RefundQuote,
    RefundQuoteAsk, RefundRuleSet, RefundRuleView, RefundRules, RefundStart, RefundSumView, RefundTo,
    RefundView, RefundWayView, StepView,
};

const LONGEST_NOTE: usize = 200;
const SHOWN: u32 = 10;

pub(crate) async fn quote<H: Host>(host: &H, _: Actor, ask: RefundQuoteAsk) -> Result<RefundQuote, AppError> {
    let now = host.now();
    host.read(move |book| {
        let (member, lots) = match (ask.member_id, ask.lot_id) {
            (_, Some(lot)) => {
                let lot = book.refund_lot(lot)?;
                (lot.member, vec![lot])
            }
            (Some(member), None) => (member, book.refundable_lots(member)?),
            (None, None) => return Err(LedgerError::UnknownMember),
        };
        let part = ask.points.filter(|_| ask.lot_id.is_some());
        let of = book.member(member)?;
        Ok(RefundQuote {
            member_id: member,
            phone_masked: of.phone_masked(),
            member_name: of.name,
            debt: book.balance(member)?.debt,
            lots: lots.iter().map(|lot| lot_view(lot, now, part)).collect::<Result<_, _>>()?,
            payments: book
                .disputed_payments(member)?
                .into_iter()
                .map(|payment| RefundPaymentView {
                    needs_account: needs_account(&payment.method, &payment.pg_provider),
                    charge_id: payment.charge,
                    imp_uid: payment.imp_uid,
                    reason: payment.reason,
                    won: payment.won,
                    under_way: payment.under_way,
                })
                .collect(),
            refunds: book
                .refunds_of(member, SHOWN)?
                .into_iter()
                .map(|refund| refund_view(book, refund))
                .collect::<Result<_, _>>()?,
        })
    })
    .await
}

fn lot_view(lot: &LotRefund, now: UnixMillis, part: Option<Points>) -> Result<RefundLotView, LedgerError> {
    let sum = match refund_sum(&lot.account, &lot.rule, now, part) {
        Ok(sum) => Some(sum),
        Err(LedgerError::NothingToRefund) => None,
        Err(error) => return Err(error),
    };
    let won = sum.as_ref().map_or(Won::ZERO, |sum| sum.won);
    let paid_by = lot.paid_by.as_ref();
    let by_account =
        paid_by.zip(lot.pg_provider.as_ref()).is_some_and(|(paid, pg)| needs_account(&paid.method, pg));
    let left = lot.account.left_paid.checked_add(lot.account.expired).ok_or(LedgerError::AmountTooLarge)?;
    Ok(RefundLotView {
        lot_id: lot.lot,
        made_at: lot.account.made_at,
        paid: lot.account.paid,
        left,
        left_bonus: lot.account.left_bonus,
        charge_id: lot.charge,
        pay_method: paid_by.map(|paid| paid.method.clone()),
        rule: rule_view(lot.rule.clone()),
        rule_assumed: lot.rule_assumed,
        sum: sum.map(sum_view),
        ways: RefundWay::ALL
            .into_iter()
            .map(|way| RefundWayView {
                way,
                closed: way_closed(way, paid_by, won, now),
                needs_account: way == RefundWay::Pg && by_account,
            })
            .collect(),
    })
}

fn sum_view(sum: RefundSum) -> RefundSumView {
    RefundSumView {
        won: sum.won,
        paid: sum.paid,
        bonus: sum.bonus,
        expired: sum.expired,
        fee: sum.fee,
        claim: sum.claim,
        basis: sum.basis,
        steps: sum.steps,
    }
}

fn rule_view(rule: RefundRule) -> RefundRuleView {
    RefundRuleView {
        version: rule.version,
        kind: rule.kind,
        name: rule.name,
        source: rule.source,
        certainty: rule.certainty,
        effective_on: rule.effective_on,
    }
}

/// A refund as the screen shows it.
pub(crate) fn refund_view(book: &Reader<'_>, refund: Refund) -> Result<RefundView, LedgerError> {
    let member = book.member(refund.member)?;
    let steps = book.refund_steps(refund.refund)?;
    let said = steps.iter().rfind(|step| step.kind == "answer_refused");
    let said =
        said.filter(|_| refund.said.as_deref() == Some("refused")).and_then(|step| step.detail.clone());
    let name = |id| Ok::<_, LedgerError>(book.staff(id)?.map(|(name, _)| name));
    Ok(RefundView {
        refund_id: refund.refund,
        member_id: refund.member,
        phone_masked: member.phone_masked(),
        member_name: member.name,
        charge_id: refund.charge,
        lot_id: refund.lot,
        way: refund.way,
        state: refund.state,
        why: refund.why,
        said,
        won: refund.won,
        paid: refund.paid,
        bonus: refund.bonus,
        expired: refund.expired,
        fee: refund.fee,
        claim: refund.claim,
        basis: refund.basis,
        rule_name: refund.rule.map(|version| book.refund_rule(version)).transpose()?.map(|rule| rule.name),
        arithmetic: refund.steps,
        note: book.refund_note(refund.refund)?,
        started_at: refund.at,
        staff_name: name(refund.actor)?.unwrap_or_default(),
        approver_name: refund.approver.map(name).transpose()?.flatten(),
        looked_up_at: refund.looked_up_at,
        landed_late: refund.landed_late,
        steps: steps
            .into_iter()
            .map(|step| StepView { at: step.at, kind: step.kind, detail: step.detail })
            .collect(),
    })
}

/// Starts a refund: the points are held and the intent is on disk before anything leaves this machine; then PortOne is
/// looked up, told, and looked up again. It may be repeated with the same id, and never pays twice.
pub(crate) async fn start<H: Host>(host: &H, actor: Actor, ask: RefundStart) -> Result<RefundView, AppError> {
    require_book(host)?;
    let (won, refund) = (ask.won.get()?, ask.refund_id);
    let goodwill = ask.goodwill == Some(true);
    if goodwill {
        require_manager(host, actor).await?;
    }
    let new = NewRefund {
        refund,
        of: refund_of(&ask)?,
        won,
        way: ask.way,
        goodwill,
        account: ask.account.map(account).transpose()?,
        note: note(&ask.reason, ask.proof.as_deref(), ask.way)?,
    };
    let by = actor.by(host.now(), RequestId(refund.0));
    let (done, opened) = host.write(move |book| book.open_refund(&by, &new)).await?;
    if done == Done::Now {
        host.emit(Event::Member { member_id: opened.member });
    }
    if let (true, Some(charge)) = (opened.state.is_open(), opened.charge) {
        ask_anew(host, actor, charge).await?;
        host.wake_settler();
    }
    shown(host, refund).await
}

fn refund_of(ask: &RefundStart) -> Result<RefundOf, AppError> {
    match (ask.lot_id, ask.charge_id, &ask.imp_uid) {
        (Some(lot), None, None) => Ok(RefundOf::Lot(lot, ask.points)),
        (None, Some(charge), Some(imp_uid)) if ask.points.is_none() => {
            Ok(RefundOf::Payment(charge, text::bounded(imp_uid, 40)?))
        }
        _ => Err(Refusal::BadRequest("a lot, or a charge and its payment".to_owned()).into()),
    }
}

/// Goodwill is a manager's to give: who approves it, or who asks where nobody is asked to approve.
async fn require_manager<H: Host>(host: &H, actor: Actor) -> Result<(), AppError> {
    let role = match actor.approver {
        None => Some(actor.role),
        Some(person) => host.read(move |book| book.staff(person)).await?.map(|(_, role)| role),
    };
    if role.max(Some(actor.role)) >= Some(Role::Manager) { Ok(()) } else { Err(Refusal::NotAllowed.into()) }
}

fn account(to: RefundTo) -> Result<RefundAccount, AppError> {
    let account = RefundAccount {
        bank: text::bounded(&to.bank, 10)?,
        number: to.number.chars().filter(|letter| !matches!(letter, '-' | ' ')).collect(),
        holder: text::bounded(&to.holder, 40)?,
    };
    let digits = account.number.bytes().all(|byte| byte.is_ascii_digit());
    let fits = digits && (6..=20).contains(&account.number.len());
    if fits && !account.bank.is_empty() && !account.holder.is_empty() {
        Ok(account)
    } else {
        Err(Refusal::BadAccount.into())
    }
}

/// Why, and what proves that money went out where PortOne cannot.
fn note(reason: &str, proof: Option<&str>, way: RefundWay) -> Result<String, AppError> {
    let reason = text::bounded(reason, LONGEST_NOTE)?;
    let proof = text::optional(proof, LONGEST_NOTE)?;
    if reason.is_empty() {
        return Err(Refusal::BadText.into());
    }
    match proof {
        Some(proof) => Ok(format!("{reason} · 증빙: {proof}")),
        None if way == RefundWay::Bank => Err(Refusal::ProofMissing.into()),
        None => Ok(reason),
    }
}

async fn shown<H: Host>(host: &H, refund: RefundId) -> Result<RefundView, AppError> {
    host.read(move |book| refund_view(book, book.refund(refund)?)).await
}

pub(crate) async fn view<H: Host>(host: &H, _: Actor, ask: RefundAsk) -> Result<RefundView, AppError> {
    shown(host, ask.refund_id).await
}

/// Asks PortOne now.
pub(crate) async fn settle<H: Host>(host: &H, actor: Actor, ask: RefundAsk) -> Result<RefundView, AppError> {
    let refund = ask.refund_id;
    if let Some(charge) = host.read(move |book| book.refund(refund)).await?.charge {
        ask_anew(host, actor, charge).await?;
    }
    shown(host, refund).await
}

/// Tells PortOne, and notes what it answered. The caller holds the charge's turn and looks up afterwards.
pub(crate) async fn send<H: Host>(
    host: &H,
    actor: Actor,
    charge: ChargeId,
    order: &CancelOrder,
) -> Result<(), AppError> {
    let said = match host.cancel(order).await {
        Ok(()) => CancelSaid::Accepted,
        Err(AppError::Gateway(GatewayError::Refused { message })) => CancelSaid::Refused(message),
        Err(AppError::Gateway(error)) => CancelSaid::Lost(unanswered_word(&error).to_owned()),
        Err(other) => {
            // Nothing is noted: as after a crash, it counts as lost and is asked about.
            return Err(other);
        }
    };
    let refund = order.refund;
    tracing::info!(%charge, %refund, ?said, "PortOne answered the cancel of refund {refund}");
    let by = actor.by(host.now(), RequestId(refund.0));
    host.write(move |book| book.refund_said(&by, refund, &said)).await
}

pub(crate) async fn rules<H: Host>(host: &H, _: Actor, _: Empty) -> Result<RefundRules, AppError> {
    let (rules, in_force) =
        host.read(|book| Ok((book.refund_rules()?, book.refund_rule_in_force()?))).await?;
    Ok(RefundRules { rules: rules.into_iter().map(rule_view).collect(), in_force: in_force.version })
}

pub(crate) async fn rule_set<H: Host>(
    host: &H,
    actor: Actor,
    ask: RefundRuleSet,
) -> Result<RefundRules, AppError> {
    require_book(host)?;
    let (by, version) = (actor.by(host.now(), ask.request_id), ask.version);
    host.write(move |book| {
        book.reader().refund_rule(version)?;
        book.set_all(&by, "refund_rule_set", &[(REFUND_RULE, version.into())])
    })
    .await?;
    host.emit(Event::State);
    rules(host, actor, Empty {}).await
}

pub(crate) async fn debt<H: Host>(host: &H, actor: Actor, ask: DebtSettle) -> Result<DebtSettled, AppError> {
    require_book(host)?;
    let (won, member, how) = (ask.won.get()?, ask.member_id, ask.how);
    let note = text::bounded(&ask.note, LONGEST_NOTE)?;
    if note.is_empty() {
        return Err(Refusal::BadText.into());
    }
    let by = actor.by(host.now(), ask.request_id);
    let (done, debt) = host.write(move |book| book.settle_debt(&by, member, won, how, &note)).await?;
    crate::points::tell(host, done, member);
    Ok(DebtSettled { debt })
}
