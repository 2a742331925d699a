//! The day's close: count, compare, close, print.

use std::pin::Pin;

use ledger::{Actor, Comparison, DayClose, LedgerError, Reader, hex};

use crate::close_file;
use crate::error::AppError;
use crate::host::Host;
use crate::settings::shop_name;
use crate::settle::AUTOMATIC;
use crate::state::require_book;
use crate::wire::{
    CashCountView, CloseAsk, CloseCount, CloseFigures, CloseFile, CloseStep, CloseView, ClosedView,
    ComparisonView, DifferenceView, EarlierClose, Event, WayChangeView,
};

/// PortOne is asked a little around the day: clocks of its machines differ, and a list may be late.
const MARGIN_MS: i64 = 10 * 60 * 1000;
/// How many earlier closes the screen lists.
const EARLIER: u32 = 31;

/// A day as it stands. What should be in the drawer is not told before somebody has counted it.
pub(crate) async fn view<H: Host>(host: &H, _: Actor, ask: CloseAsk) -> Result<CloseView, AppError> {
    day_view(host, ask.date, None).await
}

/// Writes down what is in the drawer.
pub(crate) async fn count<H: Host>(host: &H, actor: Actor, ask: CloseCount) -> Result<CloseView, AppError> {
    require_book(host)?;
    let (counted, change) = (ask.counted_won.get()?, ask.change_won.get()?);
    let (by, date) = (actor.by(host.now(), ask.request_id), ask.date.clone());
    host.write(move |book| book.count_cash(&by, &date, counted, change)).await?;
    day_view(host, Some(ask.date), None).await
}

/// Asks PortOne for every payment of the day and writes down how they compare. Where PortOne gives no answer nothing is
/// written, and the day can be closed all the same.
pub(crate) async fn compare<H: Host>(host: &H, actor: Actor, ask: CloseStep) -> Result<CloseView, AppError> {
    require_book(host)?;
    let date = ask.date.clone();
    if host.read(move |book| book.cash_counts(&date)).await?.is_empty() {
        return Err(LedgerError::CashNotCounted.into());
    }
    let unanswered = match asked(host, actor, ask.date.clone(), ask.request_id).await {
        Ok(()) => None,
        Err(error @ (AppError::Gateway(_) | AppError::Refused(_))) => {
            tracing::warn!(error = error.chain(), "the day could not be compared");
            Some(error.code().word().to_owned())
        }
        Err(error) => return Err(error),
    };
    day_view(host, Some(ask.date), unanswered).await
}

async fn asked<H: Host>(
    host: &H,
    actor: Actor,
    date: String,
    request: ledger::RequestId,
) -> Result<(), AppError> {
    let (of, now) = (date.clone(), host.now());
    let window = host
        .read(move |book| match book.day_close(&of)? {
            Some(closed) => Ok(closed.window),
            None => book.day_window(&of, now),
        })
        .await?;
    let (from, to) = (window.from.plus_ms(MARGIN_MS.saturating_neg()), window.to.plus_ms(MARGIN_MS));
    let listed = host.payments_between(from, to).await?;
    let by = actor.by(host.now(), request);
    host.write(move |book| book.compare_day(&by, &date, window, &listed)).await?;
    // It may have found payments for the inbox.
    host.emit(Event::State);
    Ok(())
}

/// Closes the day for ever.
pub(crate) async fn finish<H: Host>(host: &H, actor: Actor, ask: CloseStep) -> Result<CloseView, AppError> {
    require_book(host)?;
    let (by, date) = (actor.by(host.now(), ask.request_id), ask.date.clone());
    host.write(move |book| book.close_day(&by, &date)).await?;
    host.emit(Event::State);
    host.wake_settler();
    day_view(host, Some(ask.date), None).await
}

/// Compares a payment company's settlement file with the payments of these days.
pub(crate) async fn file<H: Host>(host: &H, actor: Actor, ask: CloseFile) -> Result<CloseView, AppError> {
    require_book(host)?;
    let (first, last) = (ask.from.unwrap_or(ask.date.clone()), ask.to.unwrap_or(ask.date.clone()));
    if last < first {
        return Err(LedgerError::BadDay.into());
    }
    let name = crate::text::bounded(&ask.name, 200)?;
    let lines = close_file::read(&ask.content, &first, &last)?;
    let (by, date, now) = (actor.by(host.now(), ask.request_id), ask.date.clone(), host.now());
    host.write(move |book| {
        // The days of the close, not of the calendar: what was compared with PortOne is compared with the file.
        let window = |day: &str| match book.reader().day_close(day)? {
            Some(closed) => Ok(closed.window),
            None => book.reader().day_window(day, now),
        };
        let window = ledger::Window { from: window(&first)?.from, to: window(&last)?.to };
        book.compare_file(&by, &date, window, &lines, &name)
    })
    .await?;
    day_view(host, Some(ask.date), None).await
}

/// Compares the closed days that PortOne did not answer for; answers how many are still not compared.
///
/// # Errors
/// When the list itself cannot be read.
pub fn complete_closes<H: Host>(
    host: &H,
) -> Pin<Box<dyn Future<Output = Result<usize, AppError>> + Send + '_>> {
    // Boxed here, where any host's futures are known to be Send.
    Box::pin(async move {
        let days = host.read(|book| book.uncompared_days()).await?;
        let mut left = days.len();
        for (date, _) in days {
            require_book(host)?;
            match asked(host, AUTOMATIC, date, host.new_request()).await {
                Ok(()) => left = left.saturating_sub(1),
                Err(error) => {
                    tracing::info!(error = error.chain(), "a closed day is still not compared");
                    break;
                }
            }
        }
        Ok(left)
    })
}

async fn day_view<H: Host>(
    host: &H,
    date: Option<String>,
    unanswered: Option<String>,
) -> Result<CloseView, AppError> {
    let now = host.now();
    host.read(move |book| {
        let today = book.business_day(now)?;
        let mut open = book.open_days()?;
        // What was written after the close of today stands on tomorrow.
        open.retain(|day| *day <= today);
        let date = date.or_else(|| open.first().cloned()).unwrap_or_else(|| today.clone());
        // Refuses what is no day.
        book.day_window(&date, now)?;
        open.retain(|day| *day != date);
        let counts = book.cash_counts(&date)?;
        let closed = book.day_close(&date)?;
        let figures =
            if counts.is_empty() { None } else { Some(figures(book, &date, closed.as_ref(), now)?) };
        let earlier = book
            .day_closes(EARLIER)?
            .into_iter()
            .map(|close| earlier(book, close))
            .collect::<Result<_, _>>()?;
        Ok(CloseView {
            today,
            other_days: open,
            change_won: book.last_change()?,
            counts: counts
                .into_iter()
                .map(|count| CashCountView {
                    counted_won: count.counted,
                    change_won: count.change,
                    at: count.at,
                    staff_name: count.staff_name,
                })
                .collect(),
            figures,
            closed: closed.map(|close| closed_view(book, close)).transpose()?,
            unanswered,
            earlier,
            business_date: date,
        })
    })
    .await
}

fn figures(
    book: &Reader<'_>,
    date: &str,
    closed: Option<&DayClose>,
    now: ledger::UnixMillis,
) -> Result<CloseFigures, LedgerError> {
    let (counted, expected, sums, open) = match closed {
        Some(close) => (close.counted.get(), close.expected, close.sums.clone(), close.open_charges),
        None => {
            let sums = book.day_sums(date)?;
            let count = book.cash_counts(date)?.pop().ok_or(LedgerError::CashNotCounted)?;
            let expected = count.change.get().checked_add(sums.cash()).ok_or(LedgerError::AmountTooLarge)?;
            let open = i64::try_from(book.waiting(now)?.len()).unwrap_or(i64::MAX);
            (count.counted.get(), expected, sums, open)
        }
    };
    let changes = book.way_changes(date)?.into_iter().map(|change| WayChangeView {
        action: change.action,
        detail: change.detail,
        at: change.at,
        staff_name: change.staff_name,
    });
    Ok(CloseFigures {
        expected_won: expected,
        cash_difference_won: counted.saturating_sub(expected),
        sums,
        open_charges: u32::try_from(open).unwrap_or(u32::MAX),
        comparison: book.comparison(date, false)?.map(comparison),
        file: book.comparison(date, true)?.map(comparison),
        changes: changes.collect(),
    })
}

fn comparison(made: Comparison) -> ComparisonView {
    let mut difference = 0_i64;
    for one in &made.differences {
        let more = one.other_won.unwrap_or(0).saturating_sub(one.book_won.unwrap_or(0));
        difference = difference.saturating_add(more);
    }
    ComparisonView {
        at: made.at,
        from: made.window.from,
        to: made.window.to,
        book: made.sums.book,
        other: made.sums.other,
        foreign: made.sums.foreign,
        difference_won: difference,
        differences: made
            .differences
            .into_iter()
            .map(|one| DifferenceView {
                kind: one.kind,
                action: one.kind.action(),
                imp_uid: one.imp_uid,
                merchant_uid: one.merchant_uid,
                charge_id: one.charge,
                approval_number: one.approval_number,
                book_won: one.book_won,
                other_won: one.other_won,
                at: one.at,
            })
            .collect(),
    }
}

fn closed_view(book: &Reader<'_>, close: DayClose) -> Result<ClosedView, LedgerError> {
    Ok(ClosedView {
        place: close.place,
        shop_name: shop_name(book)?,
        transactions: close.transactions,
        head: hex(&close.head),
        hash: hex(&close.hash),
        at: close.at,
        staff_name: close.staff_name,
        approver_name: close.approver_name,
        closed_uncompared: !close.compared,
    })
}

fn earlier(book: &Reader<'_>, close: DayClose) -> Result<EarlierClose, LedgerError> {
    let compared = book.comparison(&close.business_date, false)?;
    Ok(EarlierClose {
        cash_difference_won: close.counted.get().saturating_sub(close.expected),
        differences: compared.map(|made| u32::try_from(made.differences.len()).unwrap_or(u32::MAX)),
        business_date: close.business_date,
        at: close.at,
        staff_name: close.staff_name,
    })
}
