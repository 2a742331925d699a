//! What is done with a member now and then, by a manager and a second person: a correction, two made one, a person forgotten.

use ledger::{Actor, Adjustment, Done};

use crate::error::{AppError, Refusal};
use crate::host::Host;
use crate::points::tell;
use crate::state::require_book;
use crate::text;
use crate::wire::{Adjust, Adjusted, MemberErase, MemberErased, MemberMerge, MemberMerged};

const LONGEST_REASON: usize = 200;

fn reason(text: &str) -> Result<String, AppError> {
    let reason = text::bounded(text, LONGEST_REASON)?;
    if reason.is_empty() { Err(Refusal::BadText.into()) } else { Ok(reason) }
}

pub(crate) async fn adjust<H: Host>(host: &H, actor: Actor, ask: Adjust) -> Result<Adjusted, AppError> {
    require_book(host)?;
    let new = Adjustment {
        member: ask.member_id,
        paid: ask.paid.get()?,
        bonus: ask.bonus.get()?,
        class: ask.class,
        reason: reason(&ask.reason)?,
    };
    let by = actor.by(host.now(), ask.request_id);
    let (done, moved) = host.write(move |book| book.adjust(&by, &new)).await?;
    tell(host, done, moved.member);
    Ok(Adjusted { transaction_id: moved.transaction, before: moved.before, after: moved.after })
}

pub(crate) async fn merge<H: Host>(
    host: &H,
    actor: Actor,
    ask: MemberMerge,
) -> Result<MemberMerged, AppError> {
    require_book(host)?;
    let (from, into, reason) = (ask.member_id, ask.into_id, reason(&ask.reason)?);
    let by = actor.by(host.now(), ask.request_id);
    let (done, merged, balance) = host
        .write(move |book| {
            let (done, merged) = book.merge_members(&by, from, into, &reason)?;
            let balance = book.reader().balance(into)?;
            Ok((done, merged, balance))
        })
        .await?;
    tell(host, done, from);
    tell(host, done, into);
    Ok(MemberMerged {
        member_id: into,
        paid: merged.paid,
        bonus: merged.bonus,
        debt: merged.debt,
        balance: balance.total(),
    })
}

pub(crate) async fn erase<H: Host>(
    host: &H,
    actor: Actor,
    ask: MemberErase,
) -> Result<MemberErased, AppError> {
    require_book(host)?;
    let by = actor.by(host.now(), ask.request_id);
    let erased = host.erase(by, ask.member_id, ask.claim_waived.unwrap_or(false)).await;
    if matches!(erased, Err(AppError::Refused(Refusal::ErasureUnfinished))) {
        // The book has forgotten them, whatever else there is to do.
        tell(host, Done::Now, ask.member_id);
    }
    tell(host, erased?, ask.member_id);
    Ok(MemberErased { member_id: ask.member_id })
}
