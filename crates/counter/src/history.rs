//! What happened, and the proof of it.

use ledger::{Actor, HistoryFilter, LedgerError};

use crate::error::{AppError, Refusal};
use crate::host::Host;
use crate::view;
use crate::wire::{BookReport, Empty, HistoryAsk, HistoryPage, PayMethod};

/// Reads a business day.
pub(crate) fn day(text: Option<String>) -> Result<Option<String>, AppError> {
    match text {
        Some(text) if text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') => {
            Ok(Some(text))
        }
        Some(_) => Err(Refusal::BadRequest("no day".to_owned()).into()),
        None => Ok(None),
    }
}

/// Ways of paying as the book calls them.
pub(crate) fn methods(asked: Option<Vec<PayMethod>>) -> Vec<String> {
    asked.unwrap_or_default().into_iter().map(|method| method.word().to_owned()).collect()
}

pub(crate) async fn page<H: Host>(host: &H, _: Actor, ask: HistoryAsk) -> Result<HistoryPage, AppError> {
    let limit = ask.limit.unwrap_or(50).clamp(1, 200);
    let filter = HistoryFilter {
        member: ask.member_id,
        kinds: ask.kinds.unwrap_or_default(),
        staff: ask.staff_id,
        methods: methods(ask.methods),
        from: day(ask.from)?,
        to: day(ask.to)?,
        before: ask.before,
    };
    // One more than asked for tells whether there is another page.
    let mut rows = host.read(move |book| book.transactions(&filter, limit.saturating_add(1))).await?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    let next = if more { rows.last().map(|row| row.seq) } else { None };
    Ok(HistoryPage { rows: rows.into_iter().map(view::transaction).collect(), next })
}

/// Walks the whole book. A broken one is an error, so that nobody overlooks it.
pub(crate) async fn verify<H: Host>(host: &H, _: Actor, _: Empty) -> Result<BookReport, AppError> {
    let report = host
        .read(|book| {
            let report = book.verify()?;
            match report.first_bad {
                // As the book's own error, so that the host makes it read-only.
                Some((seq, fault)) => Err(LedgerError::Broken { seq, fault }),
                None => Ok(report),
            }
        })
        .await?;
    Ok(BookReport { ok: true, transactions: report.transactions, head: report.head, first_bad: None })
}
