//! Using points, and taking a use back.

use ledger::{Actor, Done, RequestId, lots};

use crate::error::{AppError, Refusal};
use crate::host::Host;
use crate::state::require_book;
use crate::text;
use crate::view;
use crate::wire::{Event, Spend, SpendAsk, SpendPreview, Spent, Undo, Undone};

const LONGEST_REASON: usize = 200;

pub(crate) async fn preview<H: Host>(host: &H, _: Actor, ask: SpendAsk) -> Result<SpendPreview, AppError> {
    let (member, points) = (ask.member_id, ask.points.get()?);
    let (before, takes, turns_at) = host
        .read(move |book| {
            let before = book.balance(member)?.total();
            Ok((before, lots::take(&book.lots(member)?, points)?, book.day_turns_at()?))
        })
        .await?;
    let after = before.checked_sub(points).ok_or(ledger::LedgerError::NotEnoughPoints { balance: before })?;
    Ok(SpendPreview { before, after, takes: takes.iter().map(|take| view::take(take, turns_at)).collect() })
}

pub(crate) async fn spend<H: Host>(host: &H, actor: Actor, ask: Spend) -> Result<Spent, AppError> {
    require_book(host)?;
    let (member, points) = (ask.member_id, ask.points.get()?);
    let by = actor.by(host.now(), ask.use_id);
    let (done, moved, takes, turns_at) = host
        .write(move |book| {
            let (done, moved) = book.spend(&by, member, points)?;
            let takes = book.reader().takes(moved.transaction)?;
            Ok((done, moved, takes, book.reader().day_turns_at()?))
        })
        .await?;
    tell(host, done, moved.member);
    Ok(Spent {
        transaction_id: moved.transaction,
        before: moved.before,
        after: moved.after,
        takes: takes.iter().map(|take| view::take(take, turns_at)).collect(),
    })
}

pub(crate) async fn undo<H: Host>(host: &H, actor: Actor, ask: Undo) -> Result<Undone, AppError> {
    require_book(host)?;
    let reason = text::bounded(&ask.reason, LONGEST_REASON)?;
    if reason.is_empty() {
        return Err(Refusal::BadText.into());
    }
    let transaction = ask.transaction_id;
    let by = actor.by(host.now(), RequestId(ask.undo_id.0));
    let (done, moved) = host.write(move |book| book.undo(&by, transaction, &reason)).await?;
    tell(host, done, moved.member);
    Ok(Undone { transaction_id: moved.transaction, before: moved.before, after: moved.after })
}

/// Tells every window, but only what this call did.
pub(crate) fn tell<H: Host>(host: &H, done: Done, member_id: ledger::MemberId) {
    if done == Done::Now {
        host.emit(Event::Member { member_id });
    }
}
