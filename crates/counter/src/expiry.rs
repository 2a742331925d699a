//! How long points last: the rule, what goes soon, moving a date on, and the daily posting.

use std::pin::Pin;

use ledger::{
    Actor, ExpiryRule, Extension, Lifetime, LotId, LotPart, NewExpiryRule, UnixMillis, last_moment_of,
    on_the_calendar,
};

use crate::error::{AppError, Refusal};
use crate::host::Host;
use crate::settings::{by, changed};
use crate::settle::AUTOMATIC;
use crate::state::require_book;
use crate::text;
use crate::wire::{
    Event, ExpiredLots, ExpiringAsk, ExpiringPage, ExpiringRow, ExpiryExtend, ExpiryExtended, ExpiryRuleSet,
    ExpiryRuleView, ExpirySuggestion, MemberAsk, PointsPart, SettingsView,
};

/// So long before they go, points are warned of.
pub(crate) const WARNED_DAYS: u16 = 30;
const MOST_DAYS: u16 = 365;
const PAGE: u32 = 50;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// How many lots are posted in one transaction of the file: a charge waits no longer than for these.
const BATCH: u32 = 100;
const LONGEST_SOURCE: usize = 300;
const LONGEST_REASON: usize = 200;

/// Where the payment companies' rules stand.
const SOURCE: &str = "PortOne 고객센터, 포인트 충전 서비스 안내 (help.portone.io, 2024년 1월 기준)";

/// How long charged points may last by payment company: PortOne's word for it, its name, months; 0 months: it sets no
/// limit. Point charging counts as 환금성, which is why they ask for one.
const PGS: [(&str, &str, u16); 10] = [
    ("kcp", "NHN KCP", 3),
    ("nice", "나이스페이먼츠", 3),
    ("nice_v2", "나이스페이먼츠 (신모듈)", 3),
    ("tosspayments", "토스페이먼츠", 12),
    ("settle", "헥토파이낸셜", 12),
    ("ksnet", "KSNET", 12),
    ("kakaopay", "카카오페이", 60),
    ("danal", "다날", 0),
    ("daou", "키움페이", 0),
    ("welcome", "웰컴페이먼츠", 0),
];

pub(crate) fn suggestions(own: Option<&str>) -> Vec<ExpirySuggestion> {
    let mut suggestions: Vec<ExpirySuggestion> = PGS
        .into_iter()
        .map(|(pg, name, months)| ExpirySuggestion {
            pg: pg.to_owned(),
            name: name.to_owned(),
            months,
            source: SOURCE.to_owned(),
            own: own == Some(pg),
        })
        .collect();
    suggestions.sort_by_key(|suggestion| !suggestion.own);
    suggestions
}

pub(crate) fn rule_view(rule: ExpiryRule) -> ExpiryRuleView {
    let (months, days) = match rule.lifetime {
        Lifetime::Months(months) => (months, 0),
        Lifetime::Days(days) => (0, days),
    };
    ExpiryRuleView {
        months,
        days,
        pg: rule.pg,
        source: rule.source,
        accepted_at: rule.at,
        accepted_by: rule.accepted_by,
        approved_by: rule.approved_by,
    }
}

/// The last moment that is `days` ahead or less.
pub(crate) fn soon(now: UnixMillis, days: u16) -> UnixMillis {
    now.plus_ms(i64::from(days).saturating_mul(DAY_MS))
}

pub(crate) async fn set_rule<H: Host>(
    host: &H,
    actor: Actor,
    ask: ExpiryRuleSet,
) -> Result<SettingsView, AppError> {
    require_book(host)?;
    let lifetime = match (ask.months, ask.days) {
        (0, 0) => None,
        (months, 0) => Some(Lifetime::Months(months)),
        (0, days) => Some(Lifetime::Days(days)),
        (_, _) => return Err(Refusal::BadSetting("expiry_lifetime").into()),
    };
    let rule = NewExpiryRule {
        lifetime,
        pg: text::optional(ask.pg.as_deref(), 40)?,
        source: text::bounded(&ask.source, LONGEST_SOURCE)?,
    };
    let by = by(host, actor, ask.request_id);
    host.write(move |book| book.set_expiry_rule(&by, &rule)).await?;
    changed(host, actor).await
}

pub(crate) async fn extend<H: Host>(
    host: &H,
    actor: Actor,
    ask: ExpiryExtend,
) -> Result<ExpiryExtended, AppError> {
    require_book(host)?;
    let reason = text::bounded(&ask.reason, LONGEST_REASON)?;
    if reason.is_empty() {
        return Err(Refusal::BadText.into());
    }
    let turns_at = host.read(|book| book.day_turns_at()).await?;
    let until = |day: Option<String>| -> Result<Option<UnixMillis>, AppError> {
        let Some(day) = day else { return Ok(None) };
        last_moment_of(&day, turns_at).map(Some).ok_or(AppError::Refused(Refusal::BadSetting("until")))
    };
    let extension = Extension {
        lot: ask.lot_id,
        paid_until: until(ask.paid_until)?,
        bonus_until: until(ask.bonus_until)?,
        reason,
    };
    let by = by(host, actor, ask.request_id);
    let (done, extended) = host.write(move |book| book.extend(&by, &extension)).await?;
    crate::points::tell(host, done, extended.member);
    Ok(ExpiryExtended {
        transaction_id: extended.transaction,
        reinstated: extended.reinstated,
        after: extended.after,
    })
}

pub(crate) async fn expiring<H: Host>(
    host: &H,
    _: Actor,
    ask: ExpiringAsk,
) -> Result<ExpiringPage, AppError> {
    let days = ask.days.unwrap_or(WARNED_DAYS).min(MOST_DAYS);
    let after = ask.after.as_deref().map(read_cursor).transpose()?;
    let until = soon(host.now(), days);
    let (found, members, turns_at) = host
        .read(move |book| {
            let found = book.expiring_soon(until, after, PAGE)?;
            let members =
                found.rows.iter().map(|row| book.member(row.member)).collect::<Result<Vec<_>, _>>()?;
            Ok((found, members, book.day_turns_at()?))
        })
        .await?;
    let last = found.rows.last().filter(|_| found.more);
    Ok(ExpiringPage {
        next: last.map(|row| format!("{} {} {}", row.at.0, row.lot, row.part.word())),
        paid: found.paid,
        bonus: found.bonus,
        members: u32::try_from(found.members).unwrap_or(u32::MAX),
        rows: found
            .rows
            .iter()
            .zip(members)
            .map(|(row, member)| ExpiringRow {
                member_id: row.member,
                phone_masked: member.phone_masked(),
                name: member.name,
                lot_id: row.lot,
                part: match row.part {
                    LotPart::Paid => PointsPart::Paid,
                    LotPart::Bonus => PointsPart::Bonus,
                },
                points: row.points,
                expires_at: on_the_calendar(row.at, turns_at),
            })
            .collect(),
    })
}

/// A member's lots of which something has gone, for whoever is asked to bring it back.
pub(crate) async fn expired<H: Host>(host: &H, _: Actor, ask: MemberAsk) -> Result<ExpiredLots, AppError> {
    let member = ask.member_id;
    let (lots, turns_at) =
        host.read(move |book| Ok((book.expired_lots(member)?, book.day_turns_at()?))).await?;
    Ok(ExpiredLots { lots: lots.iter().map(|lot| crate::view::lot(lot, turns_at)).collect() })
}

fn read_cursor(text: &str) -> Result<(UnixMillis, LotId, LotPart), AppError> {
    let mut parts = text.split(' ');
    let at = parts.next().and_then(|at| at.parse().ok()).map(UnixMillis);
    let lot = parts.next().and_then(|lot| LotId::parse(lot).ok());
    let part = match parts.next() {
        Some("paid") => Some(LotPart::Paid),
        Some("bonus") => Some(LotPart::Bonus),
        Some(_) | None => None,
    };
    at.zip(lot)
        .zip(part)
        .map(|((at, lot), part)| (at, lot, part))
        .ok_or_else(|| Refusal::BadRequest("after".to_owned()).into())
}

/// Posts what is past its date, by PortOne's clock alone: a PC whose clock is months ahead makes nobody's points go, and
/// while PortOne was never heard nothing goes; it is caught up with later. Answers of how many members.
///
/// # Errors
/// What the book says. It may be called at any time, and any number of times.
pub fn expire_due<H: Host>(host: &H) -> Pin<Box<dyn Future<Output = Result<usize, AppError>> + Send + '_>> {
    Box::pin(async move {
        let mut touched = 0_usize;
        loop {
            require_book(host)?;
            let Some(now) = host.portone_now() else { return Ok(touched) };
            let next = host.read(|book| book.next_expiry()).await?;
            if next.is_none_or(|next| next >= now) {
                return Ok(touched);
            }
            let by = AUTOMATIC.by(now, host.new_request());
            let expired = host.write(move |book| book.expire(&by, BATCH)).await?;
            touched = touched.saturating_add(expired.members.len());
            for member_id in expired.members {
                host.emit(Event::Member { member_id });
            }
            if !expired.more {
                return Ok(touched);
            }
        }
    })
}
