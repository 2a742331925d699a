//! Members: made, edited, found, shown.

use ledger::{Actor, HistoryFilter, NewMember, member_code};

use crate::charge::views;
use crate::error::AppError;
use crate::host::Host;
use crate::points::tell;
use crate::state::require_book;
use crate::text;
use crate::view;
use crate::wire::{
    MemberAsk, MemberCard, MemberCreate, MemberCreated, MemberEdit, MemberEdited, MemberRow, MemberRows,
    MemberSearch,
};

const LONGEST_MEMO: usize = 200;
const LONGEST_QUERY: usize = 40;
const MOST_CONSENTS: usize = 10;

pub(crate) async fn create<H: Host>(
    host: &H,
    actor: Actor,
    ask: MemberCreate,
) -> Result<MemberCreated, AppError> {
    require_book(host)?;
    let consents = ask.consents.unwrap_or_default();
    if consents.len() > MOST_CONSENTS {
        return Err(crate::error::Refusal::BadText.into());
    }
    let new = NewMember {
        name: ask.name,
        phone: ask.phone,
        memo: text::optional(ask.memo.as_deref(), LONGEST_MEMO)?,
        consents: consents.iter().map(|consent| text::bounded(consent, 40)).collect::<Result<_, _>>()?,
    };
    let request = ask.request_id.unwrap_or_else(|| host.new_request());
    let by = actor.by(host.now(), request);
    let (done, member_id) = host.write(move |book| book.create_member(&by, &new)).await?;
    tell(host, done, member_id);
    Ok(MemberCreated { member_id })
}

pub(crate) async fn edit<H: Host>(host: &H, actor: Actor, ask: MemberEdit) -> Result<MemberEdited, AppError> {
    require_book(host)?;
    let new = NewMember {
        name: ask.name,
        phone: ask.phone,
        memo: text::optional(ask.memo.as_deref(), LONGEST_MEMO)?,
        consents: Vec::new(),
    };
    let (by, member_id) = (actor.by(host.now(), ask.request_id), ask.member_id);
    let (done, version) = host.write(move |book| book.edit_member(&by, member_id, &new)).await?;
    tell(host, done, member_id);
    Ok(MemberEdited { version })
}

pub(crate) async fn search<H: Host>(host: &H, _: Actor, ask: MemberSearch) -> Result<MemberRows, AppError> {
    let query: String = ask.query.chars().take(LONGEST_QUERY).collect();
    let limit = ask.limit.unwrap_or(20).clamp(1, 100);
    let (hits, more) = host.read(move |book| book.find_members(&query, limit)).await?;
    let rows = hits
        .into_iter()
        .map(|hit| MemberRow {
            member_id: hit.member.member,
            phone_masked: hit.member.phone_masked(),
            name: hit.member.name,
            balance: hit.balance.total(),
            memo: hit.member.memo,
            last_visit: hit.last_visit,
        })
        .collect();
    Ok(MemberRows { rows, more })
}

pub(crate) async fn card<H: Host>(host: &H, _: Actor, ask: MemberAsk) -> Result<MemberCard, AppError> {
    let (id, now) = (ask.member_id, host.now());
    let (member, balance, lots, transactions, waiting, merged_into) = host
        .read(move |book| {
            let filter = HistoryFilter { member: Some(id), ..HistoryFilter::default() };
            let waiting = book
                .waiting_of(id, now)?
                .into_iter()
                .map(|charge| Ok((charge, view::charge_parts(book, charge)?)))
                .collect::<Result<Vec<_>, ledger::LedgerError>>()?;
            Ok((
                book.member(id)?,
                book.balance(id)?,
                book.lots(id)?,
                book.transactions(&filter, 10)?,
                waiting,
                book.merged_into(id)?,
            ))
        })
        .await?;
    Ok(MemberCard {
        member_id: id,
        phone_masked: member.phone_masked(),
        name: member.name,
        memo: member.memo,
        code: member_code(id),
        merged_into,
        erased: member.version == 0,
        since: member.since,
        paid: balance.paid,
        bonus: balance.bonus,
        balance: balance.total(),
        lots: lots.iter().map(view::lot).collect(),
        transactions: transactions.into_iter().map(view::transaction).collect(),
        waiting: views(host, waiting),
    })
}
