//! After an older book was put back: PortOne is asked for everything that came since, before a charge may be started again.

use std::pin::Pin;
use std::time::Duration;

use ledger::{
    Actor, Adopted, ChargeId, ChargeState, LedgerError, Listed, NewOrphan, Orphan, Reader, WATCHED_DAYS,
    merchant_uid_prefix,
};

use crate::charge;
use crate::error::{AppError, Refusal};
use crate::host::Host;
use crate::settle::{AUTOMATIC, ask_about};
use crate::state::require_book;
use crate::wire::{
    ChargeAsk, ChargeView, Empty, Event, LostView, OrphanCredit, OrphanRefund, OrphanView, Orphans,
    RestoreReport,
};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// For how long after a restore the question is asked again, in milliseconds: a window that was open when the old book went, or
/// an account that waits for money, is paid later. As long as any charge is looked at.
const ASKED_AGAIN_MS: i64 = WATCHED_DAYS * DAY_MS;
/// Until then it is asked often; afterwards a payment is rare, and the list is long.
const OFTEN_MS: i64 = 14 * DAY_MS;
/// While no charge may be started, PortOne is asked this often.
const PENDING: Duration = Duration::from_secs(5);
const OFTEN: Duration = Duration::from_secs(60 * 60);
const SELDOM: Duration = Duration::from_secs(24 * 60 * 60);

/// Refuses to start a charge while PortOne was not asked about what came after the backup.
pub(crate) async fn require_asked<H: Host>(host: &H) -> Result<(), AppError> {
    match host.read(|book| book.restore_pending()).await? {
        None => Ok(()),
        Some(_) => Err(Refusal::RestorePending.into()),
    }
}

/// How often PortOne is to be asked about what came after a backup that was put back; `None`: not any more.
///
/// # Errors
/// What the book says.
pub async fn asks_after_restore<H: Host>(host: &H) -> Result<Option<Duration>, AppError> {
    let now = host.now();
    let Some(restore) = host.read(|book| book.restore()).await? else { return Ok(None) };
    Ok(match (restore.asked_at, now.since(restore.at)) {
        (None, _) => Some(PENDING),
        (Some(_), since) if since < OFTEN_MS => Some(OFTEN),
        (Some(_), since) if since < ASKED_AGAIN_MS => Some(SELDOM),
        (Some(_), _) => None,
    })
}

/// Asks PortOne for every payment since the backup that was put back. Known charges are settled like at any time; payments of ours
/// whose charge is lost are kept for a manager. Only when all of it was answered may charges be started again.
///
/// # Errors
/// PortOne gave no usable answer, or the book took nothing: then it is as before, and asked again.
pub fn ask_after_restore<H: Host>(
    host: &H,
) -> Pin<Box<dyn Future<Output = Result<(), AppError>> + Send + '_>> {
    // Boxed here, where any host's futures are known to be Send.
    Box::pin(ask(host))
}

async fn ask<H: Host>(host: &H) -> Result<(), AppError> {
    require_book(host)?;
    let Some(restore) = host.read(|book| book.restore()).await? else { return Ok(()) };
    let listed = host.payments_between(restore.ask_from, host.now()).await?;
    let prefix = merchant_uid_prefix(host.read(|book| book.stamp()).await?.book_id);
    let sandbox = host.mode().sandbox();
    let (mut payments, mut known, mut kept) = (0_i64, 0_i64, false);
    for payment in listed {
        // Other tills and web shops of the account have other names; the other mode's payments are none of this book's.
        if !payment.found.merchant_uid.starts_with(&prefix) || payment.found.sandbox != Some(sandbox) {
            continue;
        }
        payments = payments.saturating_add(1);
        let order = payment.found.merchant_uid.clone();
        match host.read(move |book| book.charge_of_order(&order)).await? {
            Some(charge) => {
                known = known.saturating_add(1);
                // Afterwards the timetable goes on with it, as with any charge.
                if restore.asked_at.is_none() && !ask_about(host, AUTOMATIC, charge).await?.answered {
                    return Err(Refusal::RestorePending.into());
                }
            }
            None => kept |= keep(host, restore.id, payment).await?,
        }
    }
    let by = AUTOMATIC.by(host.now(), host.new_request());
    host.write(move |book| book.restore_asked(&by, restore.id, payments, known)).await?;
    if kept || restore.asked_at.is_none() {
        tracing::info!(payments, known, "PortOne was asked about what came after the backup");
        host.emit(Event::State);
    }
    Ok(())
}

/// Keeps a payment whose charge is lost; `true`: something changed.
async fn keep<H: Host>(host: &H, restore: i64, payment: Listed) -> Result<bool, AppError> {
    let by = AUTOMATIC.by(host.now(), host.new_request());
    let imp_uid = payment.found.imp_uid.clone();
    if payment.found.is_given_back() {
        return host
            .write(move |book| match book.reader().orphan(&imp_uid) {
                Ok(_) => book.end_orphan(&by, &imp_uid, true).map(|()| true),
                // It was given back before anybody missed it.
                Err(LedgerError::UnknownCharge) => Ok(false),
                Err(error) => Err(error),
            })
            .await;
    }
    match NewOrphan::of(&payment) {
        Some(new) => host.write(move |book| book.keep_orphan(&by, Some(restore), &new)).await,
        None => Ok(false),
    }
}

/// Asks now, instead of when the timer comes round.
pub(crate) async fn go_on<H: Host>(host: &H, _: Actor, _: Empty) -> Result<RestoreReport, AppError> {
    if asks_after_restore(host).await?.is_some() {
        ask_after_restore(host).await?;
    }
    host.read(report).await
}

pub(crate) fn report(book: &Reader<'_>) -> Result<RestoreReport, LedgerError> {
    let Some(restore) = book.restore()? else {
        return Ok(RestoreReport {
            file: None,
            made_at: None,
            restored_at: None,
            aside: None,
            asked_at: None,
            payments: 0,
            known: 0,
            orphans: Vec::new(),
            lost_known: false,
            lost: Vec::new(),
        });
    };
    let lost = book.lost(restore.id)?.into_iter().map(|lost| LostView {
        kind: lost.kind,
        member_id: lost.member,
        member_name: (lost.member <= restore.last_member)
            .then(|| book.member(lost.member).ok().map(|member| member.name))
            .flatten(),
        points: lost.paid.saturating_add(lost.bonus),
        at: lost.at,
    });
    Ok(RestoreReport {
        lost: lost.collect(),
        file: Some(restore.file),
        made_at: Some(restore.made_at),
        restored_at: Some(restore.at),
        aside: restore.aside,
        asked_at: restore.asked_at,
        payments: restore.payments,
        known: restore.known,
        orphans: orphan_views(book)?,
        lost_known: restore.lost_known,
    })
}

fn orphan_views(book: &Reader<'_>) -> Result<Vec<OrphanView>, LedgerError> {
    let view = |orphan: Orphan| {
        let member = orphan.member.map(|member| book.member(member)).transpose()?;
        Ok(OrphanView {
            imp_uid: orphan.imp_uid,
            merchant_uid: orphan.merchant_uid,
            won: orphan.won,
            pay_method: orphan.pay_method,
            paid_at: orphan.paid_at,
            charge_id: orphan.charge,
            member_id: orphan.member,
            member_name: member.map(|member| member.name),
            to_refund: orphan.to_refund,
        })
    };
    book.orphans()?.into_iter().map(view).collect()
}

pub(crate) async fn orphans<H: Host>(host: &H, _: Actor, _: Empty) -> Result<Orphans, AppError> {
    Ok(Orphans { orphans: host.read(orphan_views).await? })
}

/// Gives a payment whose charge was lost to the member whom a manager names: the intent is written again, over the channel that
/// PortOne lists for it, and settled like any other. What the gate refuses is not credited here either: so a decision that it
/// goes back may be taken back, and what was cancelled in the meantime is not credited.
pub(crate) async fn credit<H: Host>(
    host: &H,
    actor: Actor,
    ask: OrphanCredit,
) -> Result<ChargeView, AppError> {
    require_book(host)?;
    let (imp_uid, member) = (ask.imp_uid, ask.member_id);
    let asked = imp_uid.clone();
    let orphan = host.read(move |book| book.orphan(&asked)).await?;
    let channel = host
        .channels()
        .await?
        .into_iter()
        .find(|channel| {
            channel.usable && channel.pg_provider == orphan.pg_provider && channel.pg_id == orphan.pg_id
        })
        .ok_or(Refusal::ChannelMissing)?;
    let by = actor.by(host.now(), ask.request_id);
    let new =
        Adopted { imp_uid, member, channel_key: channel.channel_key, charge: ChargeId(ask.request_id.0) };
    let (_, intent) = host.write(move |book| book.adopt(&by, &new)).await?;
    let asked = ask_about(host, actor, intent.charge).await?;
    if asked.state != ChargeState::Credited {
        // The timetable goes on with it, as with any charge.
        host.wake_settler();
    }
    host.emit(Event::State);
    charge::view(host, actor, ChargeAsk { charge_id: intent.charge }).await
}

/// A manager decided that a payment whose charge was lost goes back. Nothing is sent: the owner cancels it in PortOne's console.
/// It stays in sight until PortOne says that it went back.
pub(crate) async fn refund<H: Host>(host: &H, actor: Actor, ask: OrphanRefund) -> Result<Orphans, AppError> {
    require_book(host)?;
    let by = actor.by(host.now(), ask.request_id);
    host.write(move |book| {
        book.end_orphan(&by, &ask.imp_uid, false)?;
        book.audit(&by, "orphan_refund", &ask.imp_uid)
    })
    .await?;
    host.emit(Event::State);
    orphans(host, actor, Empty {}).await
}
