//! Statements and the overview.

use ledger::{
    Actor, EXPIRING_DAYS, Figures, Per, REPEAT_DAYS, StatementFilter, StatementRow, UnixMillis, hex,
};

use crate::error::AppError;
use crate::history::day;
use crate::host::Host;
use crate::settings::shop;
use crate::view;
use crate::wire::{
    AgeView, Empty, FiguresRow, FiguresView, HistoryFilters, OverviewAsk, OverviewView, StaffName,
    StatementAsk, StatementPage, StatementRowView,
};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// How many days the overview shows unless told, today among them.
const DAYS: i64 = 31;
const MONTHS_BEFORE: i32 = 11;

/// Whom and what the history can be filtered by.
pub(crate) async fn filters<H: Host>(host: &H, _: Actor, _: Empty) -> Result<HistoryFilters, AppError> {
    let staff = host.read(|book| book.everyone()).await?;
    Ok(HistoryFilters { staff: staff.into_iter().map(|(id, name)| StaffName { id, name }).collect() })
}

pub(crate) async fn statement<H: Host>(
    host: &H,
    _: Actor,
    ask: StatementAsk,
) -> Result<StatementPage, AppError> {
    let limit = ask.limit.unwrap_or(200).clamp(1, 500);
    let filter =
        StatementFilter { member: ask.member_id, from: day(ask.from)?, to: day(ask.to)?, after: ask.after };
    let made_at = host.now();
    let (page, shop) = host.read(move |book| Ok((book.statement(&filter, limit)?, shop(book)?))).await?;
    let next = if page.more { page.rows.last().map(|row| row.transaction.seq) } else { None };
    Ok(StatementPage {
        shop_name: shop.shop_name,
        member_id: page.member.member,
        formerly: page.formerly,
        phone_masked: page.member.phone_masked(),
        member_name: page.member.name,
        opening: page.opening,
        closing: page.closing,
        paid: page.now.paid,
        bonus: page.now.bonus,
        held: page.now.held,
        debt: page.now.debt,
        figures: figures(page.figures),
        count: page.count,
        rows: page.rows.into_iter().map(row).collect(),
        next,
        transactions: page.transactions,
        head: hex(&page.head),
        head_at: page.head_at,
        made_at,
    })
}

fn row(row: StatementRow) -> StatementRowView {
    StatementRowView {
        transaction: view::transaction(row.transaction),
        held_change: row.held_change,
        debt_change: row.debt_change,
        money: row.money,
        approver_name: row.approver_name,
    }
}

fn figures(of: Figures) -> FiguresView {
    FiguresView {
        charges: of.charges,
        charged_won: of.charged_won,
        cash_won: of.cash_won,
        uses: of.uses,
        used: of.used,
        undone: of.undone,
        bonus_cost: of.bonus_cost,
        refunded_won: of.refunded_won,
        clawed_back_won: of.clawed_back_won,
        refund_fee: of.refund_fee,
        breakage: of.breakage,
        other_won: of.other_won,
    }
}

fn rows(of: Vec<(String, Figures)>) -> Vec<FiguresRow> {
    of.into_iter().map(|(date, of)| FiguresRow { date, figures: figures(of) }).collect()
}

/// The shop's day so many days ago.
fn ago(now: UnixMillis, days: i64, turns_at: u8) -> String {
    ledger::business_date(now.plus_ms(days.saturating_mul(-DAY_MS)), turns_at)
}

/// The first and the last day of what was asked for; the last 31 days unless told.
pub(crate) fn days_asked(
    from: Option<String>,
    to: Option<String>,
    now: UnixMillis,
    turns_at: u8,
) -> (String, String) {
    let from = from.unwrap_or_else(|| ago(now, DAYS.saturating_sub(1), turns_at));
    (from, to.unwrap_or_else(|| ago(now, 0, turns_at)))
}

/// The first of the twelve months that the overview shows, this one among them: `2025-12`. No day of it comes before.
pub(crate) fn months_from(now: UnixMillis, turns_at: u8) -> String {
    let today = ago(now, 0, turns_at);
    let mut parts = today.split('-').map(|part| part.parse::<i32>().unwrap_or(0));
    let (year, month) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    let count = year.saturating_mul(12).saturating_add(month).saturating_sub(1).saturating_sub(MONTHS_BEFORE);
    format!("{:04}-{:02}", count.div_euclid(12), count.rem_euclid(12).saturating_add(1))
}

pub(crate) async fn overview<H: Host>(
    host: &H,
    _: Actor,
    ask: OverviewAsk,
) -> Result<OverviewView, AppError> {
    let (from, to, made_at) = (day(ask.from)?, day(ask.to)?, host.now());
    let (standing, from, to, days, months) = host
        .read(move |book| {
            let turns_at = book.day_turns_at()?;
            let (from, to) = days_asked(from, to, made_at, turns_at);
            let days = book.figures(&from, &to, Per::Day)?;
            let months = book.figures(&months_from(made_at, turns_at), "~", Per::Month)?;
            Ok((book.standing(made_at)?, from, to, days, months))
        })
        .await?;
    let owed = standing.owed;
    Ok(OverviewView {
        made_at,
        today: standing.today,
        from,
        to,
        paid: owed.paid,
        bonus: owed.bonus,
        held: owed.held,
        all: owed.paid.saturating_add(owed.bonus).saturating_add(owed.held),
        members: owed.members,
        debt: owed.debt,
        debtors: owed.debtors,
        ages: standing
            .ages
            .into_iter()
            .map(|age| AgeView {
                up_to_days: age.up_to_days,
                lots: age.lots,
                paid: age.paid,
                bonus: age.bonus,
            })
            .collect(),
        expiring_paid: standing.expiring.paid,
        expiring_bonus: standing.expiring.bonus,
        expiring_members: standing.expiring.members,
        expiring_days: EXPIRING_DAYS,
        repeat_once: standing.repeat.once,
        repeat_twice: standing.repeat.twice,
        repeat_days: REPEAT_DAYS,
        days: rows(days),
        months: rows(months),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_months_are_twelve_on_every_day_of_the_year() {
        // 2026-01-01T12:00 in Seoul, and the days of two years after.
        let start = UnixMillis(1_767_236_400_000);
        for days in 0..730 {
            let now = start.plus_ms(days * DAY_MS);
            let (today, first) = (ledger::business_date(now, 0), months_from(now, 0));
            let count = |month: &str| -> i64 {
                month[..4].parse::<i64>().unwrap() * 12 + month[5..7].parse::<i64>().unwrap()
            };
            assert_eq!(count(&today) - count(&first), 11, "{today} {first}");
        }
    }
}
