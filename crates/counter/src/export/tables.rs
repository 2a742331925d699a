//! The tables: their columns, and their rows out of the book. What is long is read page by page.

use ledger::{
    ChargeState, EXPIRING_DAYS, Figures, HistoryFilter, MemberId, Per, REPEAT_DAYS, Reader, StatementFilter,
    Transaction, UnixMillis, hex,
};
use sheet::{Cell, Sheet};

use super::words;
use crate::host::{FillError, Out};
use crate::report::{days_asked, months_from};

/// Rows that are in memory at a time.
const PAGE: u32 = 500;

type Filled = Result<u64, FillError>;

fn number(value: i64) -> Cell {
    Cell::Number(value)
}

/// A number, or nothing for zero: an empty cell is read faster than a nought.
fn unless_zero(value: i64) -> Cell {
    if value == 0 { Cell::Empty } else { Cell::Number(value) }
}

fn filled(text: Option<&String>) -> Cell {
    Cell::maybe(text.filter(|text| !text.is_empty()).cloned())
}

pub(super) const HISTORY: &[&str] = &[
    "번호",
    "시각",
    "영업일",
    "종류",
    "손님 번호",
    "손님",
    "유료 변동",
    "보너스 변동",
    "잔액",
    "결제 금액",
    "결제 방법",
    "승인번호",
    "카드",
    "결제대행사",
    "PG 거래번호",
    "결제 시각",
    "PG 확인 시각",
    "직원",
    "되돌림",
    "메모",
];

pub(super) fn history(book: &Reader<'_>, filter: &HistoryFilter, mut sheet: Sheet<Out<'_>>) -> Filled {
    let mut filter = filter.clone();
    loop {
        let page = book.transactions(&filter, PAGE)?;
        let Some(last) = page.last() else { return Ok(sheet.finish()?) };
        filter.before = Some(last.seq);
        for row in page {
            sheet.row(&history_row(row))?;
        }
    }
}

fn history_row(row: Transaction) -> Vec<Cell> {
    let payment = row.payment.as_ref();
    vec![
        number(row.seq),
        Cell::Moment(row.at.0),
        Cell::Day(row.business_date),
        Cell::text(words::kind(row.kind)),
        number(row.member.0),
        Cell::text(row.member_name),
        number(row.paid_change),
        number(row.bonus_change),
        number(row.balance_after.get()),
        payment.map_or(Cell::Empty, |payment| number(payment.won.get())),
        Cell::maybe(payment.and_then(|payment| payment.pay_method.as_deref()).map(words::method)),
        filled(payment.and_then(|payment| payment.apply_num.as_ref())),
        filled(payment.and_then(|payment| payment.card_name.as_ref())),
        Cell::maybe(payment.map(|payment| payment.pg_provider.clone())),
        Cell::maybe(payment.map(|payment| payment.imp_uid.clone())),
        Cell::moment(payment.map(|payment| payment.paid_at.0)),
        Cell::moment(payment.map(|payment| payment.looked_up_at.0)),
        Cell::text(row.staff_name),
        if row.reversed { Cell::text("되돌림") } else { Cell::Empty },
        Cell::maybe(row.note),
    ]
}

pub(super) const STATEMENT: &[&str] = &[
    "시각",
    "영업일",
    "종류",
    "받은 돈",
    "유료 변동",
    "보너스 변동",
    "보류",
    "갚을 돈",
    "잔액",
    "승인번호",
    "카드",
    "직원",
    "승인한 사람",
    "메모",
];
/// The column `잔액` of a statement.
const BALANCE_COLUMN: usize = 8;

/// A line beside a statement's rows that names a balance.
fn balance_line(what: &str, balance: i64) -> Vec<Cell> {
    let mut cells = vec![Cell::text(what)];
    cells.resize(BALANCE_COLUMN, Cell::Empty);
    cells.push(number(balance));
    cells
}

pub(super) fn statement(
    book: &Reader<'_>,
    filter: &StatementFilter,
    now: UnixMillis,
    mut sheet: Sheet<Out<'_>>,
) -> Filled {
    let mut filter = filter.clone();
    loop {
        let page = book.statement(&filter, PAGE)?;
        if filter.after.is_none() {
            sheet.remark(&[Cell::text("손님"), Cell::Empty, Cell::text(page.member.name.clone())])?;
            sheet.remark(&balance_line("처음 잔액", page.opening.get()))?;
        }
        filter.after = page.rows.last().map(|row| row.transaction.seq).or(filter.after);
        for row in page.rows {
            let of = row.transaction;
            let payment = of.payment.as_ref();
            sheet.row(&[
                Cell::Moment(of.at.0),
                Cell::Day(of.business_date.clone()),
                Cell::text(words::kind(of.kind)),
                unless_zero(row.money),
                number(of.paid_change),
                number(of.bonus_change),
                unless_zero(row.held_change),
                unless_zero(row.debt_change),
                number(of.balance_after.get()),
                filled(payment.and_then(|payment| payment.apply_num.as_ref())),
                filled(payment.and_then(|payment| payment.card_name.as_ref())),
                Cell::text(of.staff_name.clone()),
                Cell::maybe(row.approver_name),
                Cell::maybe(of.note.clone()),
            ])?;
        }
        if !page.more {
            sheet.remark(&balance_line("마지막 잔액", page.closing.get()))?;
            sheet.remark(&[Cell::text("뽑은 시각"), Cell::Empty, Cell::Moment(now.0)])?;
            sheet.remark(&[Cell::text("장부 거래 수"), Cell::Empty, number(page.transactions)])?;
            sheet.remark(&[Cell::text("장부 지문"), Cell::Empty, Cell::text(hex(&page.head))])?;
            return Ok(sheet.finish()?);
        }
    }
}

pub(super) const MEMBERS: &[&str] = &[
    "손님 번호",
    "이름",
    "전화번호",
    "등록 시각",
    "잔액",
    "유료",
    "보너스",
    "보류",
    "갚을 돈",
    "마지막 거래",
    "메모",
];

pub(super) fn members(book: &Reader<'_>, full_phones: bool, mut sheet: Sheet<Out<'_>>) -> Filled {
    let mut after = MemberId(0);
    loop {
        let page = book.members_after(after, PAGE)?;
        let Some(last) = page.last() else { return Ok(sheet.finish()?) };
        after = last.member.member;
        for hit in page {
            let (member, balance) = (hit.member, hit.balance);
            let phone = if full_phones { member.phone.clone() } else { member.phone_masked() };
            sheet.row(&[
                number(member.member.0),
                Cell::text(member.name),
                Cell::text(phone),
                Cell::Moment(member.since.0),
                number(balance.total().get()),
                number(balance.paid.get()),
                number(balance.bonus.get()),
                number(balance.held.get()),
                number(balance.debt.get()),
                Cell::moment(hit.last_visit.map(|at| at.0)),
                Cell::maybe(member.memo),
            ])?;
        }
    }
}

pub(super) const WAITING: &[&str] =
    &["시작", "손님 번호", "손님", "금액", "보너스", "결제 방법", "상태", "까닭", "주문번호", "PG 확인 시각"];

pub(super) fn waiting(book: &Reader<'_>, now: UnixMillis, mut sheet: Sheet<Out<'_>>) -> Filled {
    for charge in book.waiting(now)? {
        let facts = book.charge(charge)?;
        let intent = facts.intent;
        let state = if facts.disputes.is_empty() { facts.state } else { ChargeState::Disputed };
        sheet.row(&[
            Cell::Moment(intent.at.0),
            number(intent.member.0),
            Cell::text(book.member(intent.member)?.name),
            number(intent.won.get()),
            number(intent.bonus.get()),
            Cell::text(words::method(&intent.method)),
            Cell::text(words::state(state)),
            Cell::maybe(facts.reason_text.or(facts.reason)),
            Cell::text(intent.merchant_uid),
            Cell::moment(facts.looked_up_at.map(|at| at.0)),
        ])?;
    }
    Ok(sheet.finish()?)
}

pub(super) const OVERVIEW: &[&str] = &["항목", "값", "단위"];

pub(super) fn overview(book: &Reader<'_>, now: UnixMillis, mut sheet: Sheet<Out<'_>>) -> Filled {
    let standing = book.standing(now)?;
    let owed = standing.owed;
    let all = owed.paid.saturating_add(owed.bonus).saturating_add(owed.held);
    let mut line =
        |what: &str, value: i64, unit: &str| sheet.row(&[Cell::text(what), number(value), Cell::text(unit)]);
    line("오늘 모두 온다면", all, "P")?;
    line("유료 포인트", owed.paid, "P")?;
    line("보너스 포인트", owed.bonus, "P")?;
    line("환불 중인 포인트", owed.held, "P")?;
    line("포인트가 있는 손님", owed.members, "명")?;
    line("손님이 갚을 돈", owed.debt, "원")?;
    line("갚을 돈이 있는 손님", owed.debtors, "명")?;
    for age in &standing.ages {
        let what = age.up_to_days.map_or_else(|| "그보다 오래된".to_owned(), |days| format!("{days}일 안의"));
        line(&format!("{what} 충전에서 남은 유료"), age.paid, "P")?;
        line(&format!("{what} 충전에서 남은 보너스"), age.bonus, "P")?;
    }
    line(&format!("{EXPIRING_DAYS}일 안에 소멸할 유료"), standing.expiring.paid, "P")?;
    line(&format!("{EXPIRING_DAYS}일 안에 소멸할 보너스"), standing.expiring.bonus, "P")?;
    line(&format!("{REPEAT_DAYS}일 안에 충전한 손님"), standing.repeat.once, "명")?;
    line("그중 두 번 이상 충전한 손님", standing.repeat.twice, "명")?;
    Ok(sheet.finish()?)
}

pub(super) const FIGURES: &[&str] = &[
    "날짜",
    "충전 건수",
    "충전 금액",
    "그중 현금",
    "사용 건수",
    "사용 포인트",
    "되돌림 건수",
    "보너스 비용",
    "환불 금액",
    "밖에서 취소된 금액",
    "환불 수수료",
    "소멸 포인트",
    "그 밖의 돈",
];

pub(super) fn days(
    book: &Reader<'_>,
    (from, to): (Option<String>, Option<String>),
    now: UnixMillis,
    sheet: Sheet<Out<'_>>,
) -> Filled {
    let (from, to) = days_asked(from, to, now, book.day_turns_at()?);
    figures(book.figures(&from, &to, Per::Day)?, Cell::Day, sheet)
}

pub(super) fn months(book: &Reader<'_>, now: UnixMillis, sheet: Sheet<Out<'_>>) -> Filled {
    let from = months_from(now, book.day_turns_at()?);
    figures(book.figures(&from, "~", Per::Month)?, Cell::Text, sheet)
}

fn figures(of: Vec<(String, Figures)>, date: fn(String) -> Cell, mut sheet: Sheet<Out<'_>>) -> Filled {
    for (day, of) in of {
        sheet.row(&[
            date(day),
            number(of.charges),
            number(of.charged_won),
            number(of.cash_won),
            number(of.uses),
            number(of.used),
            number(of.undone),
            number(of.bonus_cost),
            number(of.refunded_won),
            number(of.clawed_back_won),
            number(of.refund_fee),
            number(of.breakage),
            number(of.other_won),
        ])?;
    }
    Ok(sheet.finish()?)
}
