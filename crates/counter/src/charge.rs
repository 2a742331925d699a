//! Charging: from the key press to the pay window. The points come later, by settling.

use ledger::{Actor, By, ChargeId, ChargeState, Done, Intent, MemberId, NewCharge, RequestId};
use money::Won;

use crate::error::{AppError, Refusal};
use crate::host::Host;
use crate::refund::refund_view;
use crate::restore::require_asked;
use crate::settings::shop;
use crate::settle::{Asked, ask_about, settle_charge};
use crate::state::{require_approved, require_book};
use crate::view;
use crate::wire::{ChargeAsk, ChargeQuote, ChargeStart, ChargeStarted, ChargeView, Empty, QuoteAsk, Waiting};

/// Below this no payment company takes a payment, in won. Source: PortOne, list of least and largest sums by PG.
pub(crate) const MIN_WON: i64 = 100;

/// How many times its limit a shop charges with a second person: one zero too many is still a slip.
const MOST_LIMITS: i64 = 10;

/// The largest sum that may be charged at all: the limit, or above it what a second person may approve.
pub(crate) fn most<H: Host>(host: &H, limit: Won) -> Won {
    if host.asks_approval() {
        Won::new(limit.get().saturating_mul(MOST_LIMITS)).unwrap_or(limit)
    } else {
        limit
    }
}

/// Refuses a sum that cannot be charged.
fn require_chargeable<H: Host>(host: &H, won: Won, limit: Won) -> Result<(), AppError> {
    if won.get() < MIN_WON {
        return Err(Refusal::BelowMinimum.into());
    }
    if won > most(host, limit) { Err(Refusal::AboveLimit.into()) } else { Ok(()) }
}

pub(crate) async fn quote<H: Host>(host: &H, _: Actor, ask: QuoteAsk) -> Result<ChargeQuote, AppError> {
    let (won, member, now) = (ask.won.get()?, ask.member_id, host.now());
    let (limit, quote, turns_at) = host
        .read(move |book| {
            Ok((shop(book)?.max_charge_won, book.quote(won, member, now)?, book.day_turns_at()?))
        })
        .await?;
    require_chargeable(host, won, limit)?;
    Ok(view::quote(&quote, turns_at))
}

/// Starts a charge: the intent is on disk before anything leaves this machine; then PortOne is told the sum, and then
/// the page opens. Every step may be repeated with the same id; a repeat of a charge whose outcome is not known asks
/// PortOne first, and opens the page again only where PortOne answered that nothing was paid.
pub(crate) async fn start<H: Host>(
    host: &H,
    actor: Actor,
    ask: ChargeStart,
) -> Result<ChargeStarted, AppError> {
    require_book(host)?;
    require_asked(host).await?;
    let won = ask.won.get()?;
    let (charge, member) = (ask.charge_id, ask.member_id);
    // A charge that is known was let in under the rules of its time: limit, channel and network are not asked again.
    let known = host.read(move |book| book.known_intent(charge)).await?;
    let channel = match &known {
        Some(intent) => FrozenChannel::of(intent),
        None => {
            let limit = host
                .read(move |book| {
                    book.balance(member)?;
                    Ok(shop(book)?.max_charge_won)
                })
                .await?;
            require_chargeable(host, won, limit)?;
            if won > limit {
                require_approved(host, actor)?;
            }
            let channel = host.ready().await?;
            if ask.repeat_ok == Some(true) {
                require_known_first(host, actor, member, won).await?;
            }
            if channel.sandbox != host.mode().sandbox() {
                return Err(Refusal::ChannelWrongMode.into());
            }
            FrozenChannel { key: channel.key, pg_provider: channel.pg_provider, pg_id: channel.pg_id }
        }
    };
    let by = actor.by(host.now(), RequestId(charge.0));
    let new = NewCharge {
        charge,
        member,
        won,
        method: ask.method.word().to_owned(),
        channel_key: channel.key,
        pg_provider: channel.pg_provider,
        pg_id: channel.pg_id,
        repeat_ok: ask.repeat_ok.unwrap_or(false),
    };
    let (done, intent) = host.write(move |book| book.open_charge(&by, &new)).await?;
    let asked = match done {
        Done::Now => Asked { state: ChargeState::Open, answered: true },
        Done::Before => ask_about(host, actor, charge).await?,
    };
    let payable = match asked.state {
        ChargeState::Open | ChargeState::Failed | ChargeState::Voided => asked.answered,
        ChargeState::AwaitingDeposit
        | ChargeState::Unknown
        | ChargeState::Disputed
        | ChargeState::Credited => false,
    };
    let checkout_url = if payable { open_page(host, by, &intent).await? } else { None };
    host.wake_settler();
    let debt = host.read(move |book| Ok(book.balance(member)?.debt)).await?;
    Ok(ChargeStarted { checkout_url, merchant_uid: intent.merchant_uid, state: asked.state, debt })
}

/// A second charge of the same member and sum is let in only when PortOne was asked about the first one and answered: while
/// nobody knows, the customer may have paid already.
async fn require_known_first<H: Host>(
    host: &H,
    actor: Actor,
    member: MemberId,
    won: Won,
) -> Result<(), AppError> {
    let now = host.now();
    let Some(first) = host.read(move |book| book.recent_same(member, won, now)).await? else { return Ok(()) };
    let asked = ask_about(host, actor, first).await?;
    if asked.answered && asked.state != ChargeState::Unknown {
        Ok(())
    } else {
        Err(Refusal::FirstChargeUnknown(first).into())
    }
}

/// The channel that an intent is frozen with.
struct FrozenChannel {
    key: String,
    pg_provider: String,
    pg_id: String,
}

impl FrozenChannel {
    fn of(intent: &Intent) -> FrozenChannel {
        FrozenChannel {
            key: intent.channel_key.clone(),
            pg_provider: intent.pg_provider.clone(),
            pg_id: intent.pg_id.clone(),
        }
    }
}

/// Opens the page; `None` when the charge was given up meanwhile.
async fn open_page<H: Host>(host: &H, by: By, intent: &Intent) -> Result<Option<String>, AppError> {
    let charge = intent.charge;
    // Before PortOne is waited for: what is given up from here on was given up on purpose.
    host.write(move |book| book.take_up_charge(&by, charge)).await?;
    host.announce(intent).await?;
    note(host, by, charge, "announced").await?;
    // Before the window is there: should this be the last thing that is written, somebody may have paid in it.
    note(host, by, charge, "window_opened").await?;
    let url = host.open_checkout(intent).await?;
    // `abandon` writes first and closes then; opening first and looking then, one of the two sees the other.
    if host.read(move |book| book.charge(charge)).await?.abandoned {
        host.close_checkout(charge);
        return Ok(None);
    }
    Ok(Some(url))
}

async fn note<H: Host>(host: &H, by: By, charge: ChargeId, kind: &'static str) -> Result<(), AppError> {
    let by = By { now: host.now(), ..by };
    host.write(move |book| book.note(&by, charge, kind, None)).await
}

/// Asks PortOne now. Safe to call any number of times.
pub(crate) async fn settle<H: Host>(host: &H, actor: Actor, ask: ChargeAsk) -> Result<ChargeView, AppError> {
    settle_charge(host, actor, ask.charge_id).await?;
    view(host, actor, ask).await
}

/// The clerk goes on to the next customer: page and window close, the charge is still looked at.
pub(crate) async fn abandon<H: Host>(host: &H, actor: Actor, ask: ChargeAsk) -> Result<ChargeView, AppError> {
    let charge = ask.charge_id;
    let by = actor.by(host.now(), host.new_request());
    host.write(move |book| book.abandon_charge(&by, charge)).await?;
    host.close_checkout(charge);
    settle(host, actor, ask).await
}

pub(crate) async fn view<H: Host>(host: &H, _: Actor, ask: ChargeAsk) -> Result<ChargeView, AppError> {
    let charge = ask.charge_id;
    let parts = host.read(move |book| view::charge_parts(book, charge)).await?;
    Ok(view::charge(parts, host.checkout_url(charge)))
}

pub(crate) async fn waiting<H: Host>(host: &H, _: Actor, _: Empty) -> Result<Waiting, AppError> {
    let now = host.now();
    let (parts, refunds) = host
        .read(move |book| {
            let charges = book
                .waiting(now)?
                .into_iter()
                .map(|charge| Ok((charge, view::charge_parts(book, charge)?)))
                .collect::<Result<Vec<_>, ledger::LedgerError>>()?;
            let refunds = book.open_refunds()?;
            let refunds = refunds.into_iter().map(|refund| refund_view(book, refund));
            Ok((charges, refunds.collect::<Result<Vec<_>, ledger::LedgerError>>()?))
        })
        .await?;
    Ok(Waiting { charges: views(host, parts), refunds })
}

pub(crate) fn views<H: Host>(host: &H, parts: Vec<(ChargeId, view::ChargeParts)>) -> Vec<ChargeView> {
    parts.into_iter().map(|(charge, parts)| view::charge(parts, host.checkout_url(charge))).collect()
}
