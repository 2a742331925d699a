//! Settling: every hint leads here, and here PortOne is asked.

use std::pin::Pin;

use ledger::{Actor, CancelOrder, ChargeId, ChargeState, Intent, Role, StaffId};

use crate::error::AppError;
use crate::host::{GatewayError, Host};
use crate::refund;
use crate::state::require_book;
use crate::wire::{BookState, Event};

/// The machine itself: timers, hints and starts.
pub const AUTOMATIC: Actor = Actor { id: StaffId(1), role: Role::Clerk, approver: None };

/// What asking about a charge led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Where the charge stands.
    pub(crate) state: ChargeState,
    /// PortOne gave a usable answer.
    pub(crate) answered: bool,
}

/// Asks PortOne what was paid for a charge and writes what follows. A callback, a redirect, a closed window, a timer
/// and a start are only reasons to call this. Safe to call any number of times, and from several places at once.
///
/// When PortOne gives no usable answer the charge is unknown, which is a state and not an error.
///
/// # Errors
/// `unknown_charge`, or what the book says.
pub fn settle_charge<H: Host>(
    host: &H,
    actor: Actor,
    charge: ChargeId,
) -> Pin<Box<dyn Future<Output = Result<ChargeState, AppError>> + Send + '_>> {
    // Boxed here, where any host's futures are known to be Send: a spawned caller could not prove it any more.
    Box::pin(async move { Ok(ask_about(host, actor, charge).await?.state) })
}

pub(crate) async fn ask_about<H: Host>(host: &H, actor: Actor, charge: ChargeId) -> Result<Asked, AppError> {
    require_book(host)?;
    let intent = host.read(move |book| book.intent(charge)).await?;
    let Some(_turn) = host.turn(charge).await else {
        let facts = host.read(move |book| book.charge(charge)).await?;
        return Ok(Asked { state: facts.state, answered: facts.answered });
    };
    asked_in_turn(host, actor, &intent).await
}

/// As [`ask_about`], and never content with somebody else's answer: it was asked for before what the caller wrote.
pub(crate) async fn ask_anew<H: Host>(host: &H, actor: Actor, charge: ChargeId) -> Result<Asked, AppError> {
    require_book(host)?;
    let intent = host.read(move |book| book.intent(charge)).await?;
    // Whoever begins after this call asks after it too.
    for _ in 0..3 {
        if let Some(_turn) = host.turn(charge).await {
            return asked_in_turn(host, actor, &intent).await;
        }
    }
    let facts = host.read(move |book| book.charge(charge)).await?;
    Ok(Asked { state: facts.state, answered: facts.answered })
}

/// The caller holds the charge's turn.
async fn asked_in_turn<H: Host>(host: &H, actor: Actor, intent: &Intent) -> Result<Asked, AppError> {
    let charge = intent.charge;
    let (mut asked, send) = look_and_write(host, actor, intent).await?;
    if let Some(order) = send {
        // On disk as sent before it leaves. What PortOne answers is noted; a look-up decides.
        refund::send(host, actor, charge, &order).await?;
        (asked, _) = look_and_write(host, actor, intent).await?;
    }
    Ok(asked)
}

async fn look_and_write<H: Host>(
    host: &H,
    actor: Actor,
    intent: &Intent,
) -> Result<(Asked, Option<CancelOrder>), AppError> {
    let charge = intent.charge;
    // All that PortOne said, never what a window said.
    let answer = host.look_up(intent).await;
    let by = actor.by(host.now(), host.new_request());
    let (settled, answered) = match answer {
        Ok(answer) => (host.write(move |book| book.settle(&by, charge, &answer)).await?, true),
        Err(AppError::Gateway(error)) => {
            let (why, wait_ms) = (unanswered_word(&error), patience_ms(&error));
            tracing::warn!(%charge, why, %error, "PortOne gave no answer for charge {charge}: {why}");
            (host.write(move |book| book.unanswered(&by, charge, why, wait_ms)).await?, false)
        }
        Err(other) => return Err(other),
    };
    if settled.state == ChargeState::Credited {
        host.close_checkout(charge);
    }
    if settled.changed {
        tracing::info!(%charge, state = settled.state.word(), "charge {charge} is {}", settled.state.word());
        host.emit(Event::Charge { charge_id: charge, member_id: intent.member });
    }
    if settled.moved || settled.credited.is_some() {
        host.emit(Event::Member { member_id: intent.member });
    }
    Ok((Asked { state: settled.state, answered }, settled.send))
}

/// How long PortOne asked for patience.
fn patience_ms(error: &GatewayError) -> i64 {
    match error {
        GatewayError::Busy { retry_after_s: Some(seconds) } => {
            i64::try_from(*seconds).unwrap_or(i64::MAX).saturating_mul(1_000)
        }
        GatewayError::Busy { retry_after_s: None }
        | GatewayError::Unreachable(_)
        | GatewayError::KeysMissing
        | GatewayError::KeysRefused(_)
        | GatewayError::Refused { .. }
        | GatewayError::Odd(_)
        | GatewayError::KeyringUnavailable
        | GatewayError::KeyringLocked => 0,
    }
}

pub(crate) fn unanswered_word(error: &GatewayError) -> &'static str {
    match error {
        GatewayError::Unreachable(_) => "portone_unreachable",
        GatewayError::Busy { .. } => "portone_busy",
        GatewayError::KeysMissing => "keys_missing",
        GatewayError::KeysRefused(_) => "keys_refused",
        GatewayError::Refused { .. } => "portone_refused",
        GatewayError::Odd(_) => "portone_odd",
        GatewayError::KeyringUnavailable => "keyring_unavailable",
        GatewayError::KeyringLocked => "keyring_locked",
    }
}

/// Settles what is due by its timetable. A charge that cannot be settled does not hold up the next. Answers how many
/// could not be: the book did not take what was found, and who asks again at once would press PortOne for nothing.
///
/// # Errors
/// When the list itself cannot be read.
pub async fn settle_due<H: Host>(host: &H) -> Result<usize, AppError> {
    let now = host.now();
    let due = host.read(move |book| book.due(now)).await?;
    Ok(settle_all(host, due).await)
}

/// Settles everything that is not finished, whatever its timetable says: at start, and when the network is back.
///
/// # Errors
/// When the list itself cannot be read.
pub async fn settle_unsettled<H: Host>(host: &H) -> Result<usize, AppError> {
    let unsettled = host.read(|book| book.unsettled()).await?;
    Ok(settle_all(host, unsettled).await)
}

async fn settle_all<H: Host>(host: &H, charges: Vec<ChargeId>) -> usize {
    let mut failed = 0_usize;
    for charge in charges {
        if host.book_state() != BookState::Ok {
            break;
        }
        if let Err(error) = settle_charge(host, AUTOMATIC, charge).await {
            tracing::error!(%charge, error = error.chain(), "charge {charge} could not be settled");
            failed = failed.saturating_add(1);
        }
    }
    failed
}
