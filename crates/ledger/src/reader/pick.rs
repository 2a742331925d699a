//! Which transactions a filter means, the latest first: by index at any depth.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::HistoryFilter;
use crate::error::LedgerError;
use crate::model::TransactionKind;

/// A statement and its values.
struct Query {
    sql: String,
    values: Vec<Value>,
}

/// Where the rows of a filter's days stand in the book: first and last place. `None`: nowhere.
///
/// A day's rows stand together but for the odd one (a clock that was wrong, an hour of turning that was changed), so that
/// the day itself is looked at too.
fn span(conn: &Connection, filter: &HistoryFilter) -> Result<Option<(i64, i64)>, LedgerError> {
    if filter.from.is_none() && filter.to.is_none() {
        return Ok(Some((1, i64::MAX)));
    }
    let kinds = match words(&filter.kinds) {
        Some(words) => format!("AND kind IN ({words})"),
        None => String::new(),
    };
    let found: Option<(Option<i64>, Option<i64>)> = conn
        .prepare_cached(&format!(
            "SELECT min(first_seq), max(last_seq) FROM day_sum WHERE business_date >= ?1 AND business_date <= ?2 {kinds}"
        ))?
        .query_row([from(filter), to(filter)], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.and_then(|(first, last)| Some((first?, last?))))
}

fn from(filter: &HistoryFilter) -> &str {
    filter.from.as_deref().unwrap_or_default()
}

fn to(filter: &HistoryFilter) -> &str {
    // No day comes after it.
    filter.to.as_deref().unwrap_or("~")
}

/// The kinds as SQL; `None` for all. The words are ours, not typed by anybody.
fn words(kinds: &[TransactionKind]) -> Option<String> {
    let words: Vec<String> = kinds.iter().map(|kind| format!("'{}'", kind.word())).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// Happens all day: the next one is never far.
const fn is_daily(kind: TransactionKind) -> bool {
    match kind {
        TransactionKind::Loading | TransactionKind::Spending => true,
        TransactionKind::Refund
        | TransactionKind::Reversal
        | TransactionKind::Clawback
        | TransactionKind::Expiry
        | TransactionKind::Adjustment
        | TransactionKind::Merge
        | TransactionKind::Opening => false,
    }
}

/// The statements whose latest rows, put together, are the filter's.
fn queries(filter: &HistoryFilter, (first, last): (i64, i64), limit: u32) -> Vec<Query> {
    let last = filter.before.map_or(last, |before| last.min(before.saturating_sub(1)));
    let query = |index: &str, condition: Option<(&str, Value)>, kinds: Option<String>| {
        let mut sql = format!("SELECT txn.seq FROM txn {index} WHERE txn.seq >= ? AND txn.seq <= ?");
        let mut values = vec![Value::Integer(first), Value::Integer(last)];
        if let Some((condition, value)) = condition {
            sql.push_str(condition);
            values.push(value);
        }
        if let Some(kinds) = kinds {
            sql.push_str(&kinds);
        }
        if let (Some(_), Some(staff)) = (filter.member, filter.staff) {
            sql.push_str(" AND txn.actor = ?");
            values.push(Value::Integer(staff.0));
        }
        if filter.from.is_some() || filter.to.is_some() {
            sql.push_str(" AND txn.business_date >= ? AND txn.business_date <= ?");
            values.push(Value::Text(from(filter).to_owned()));
            values.push(Value::Text(to(filter).to_owned()));
        }
        if !filter.methods.is_empty() {
            let places = vec!["?"; filter.methods.len()].join(", ");
            sql.push_str(
                " AND EXISTS (SELECT 1 FROM charge WHERE charge.id = txn.charge_id AND charge.method IN (",
            );
            sql.push_str(&places);
            sql.push_str("))");
            values.extend(filter.methods.iter().cloned().map(Value::Text));
        }
        sql.push_str(" ORDER BY txn.seq DESC LIMIT ?");
        values.push(Value::Integer(i64::from(limit)));
        Query { sql, values }
    };
    let of_kinds = words(&filter.kinds).map(|words| format!(" AND txn.kind IN ({words})"));
    if let Some(member) = filter.member {
        let condition = (" AND txn.member_id = ?", Value::Integer(member.0));
        return vec![query("INDEXED BY txn_by_member", Some(condition), of_kinds)];
    }
    if let Some(staff) = filter.staff {
        let condition = (" AND txn.actor = ?", Value::Integer(staff.0));
        return vec![query("INDEXED BY txn_by_actor", Some(condition), of_kinds)];
    }
    let (daily, rare): (Vec<TransactionKind>, Vec<TransactionKind>) =
        filter.kinds.iter().partition(|kind| is_daily(**kind));
    let mut all = Vec::new();
    if rare.is_empty() || !daily.is_empty() {
        let daily = words(&daily).map(|words| format!(" AND txn.kind IN ({words})"));
        all.push(query("NOT INDEXED", None, daily));
    }
    for kind in rare {
        // The partial index is taken where its own condition is said too.
        let kind = format!(" AND txn.kind = '{}' AND txn.kind NOT IN ('loading', 'spending')", kind.word());
        all.push(query("INDEXED BY txn_by_rare_kind", None, Some(kind)));
    }
    all
}

/// The places of a page, the latest first.
pub(super) fn pick(conn: &Connection, filter: &HistoryFilter, limit: u32) -> Result<Vec<i64>, LedgerError> {
    let Some(span) = span(conn, filter)? else { return Ok(Vec::new()) };
    let mut picked: Vec<i64> = Vec::new();
    for query in queries(filter, span, limit) {
        let mut statement = conn.prepare_cached(&query.sql)?;
        let mut rows = statement.query(params_from_iter(query.values))?;
        while let Some(row) = rows.next()? {
            picked.push(row.get(0)?);
        }
    }
    picked.sort_unstable_by(|one, other| other.cmp(one));
    picked.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(picked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{MemberId, StaffId};

    #[test]
    fn every_filter_goes_by_an_index_and_sorts_nothing() {
        let day = || Some("2026-11-23".to_owned());
        let none = HistoryFilter::default;
        let rare = vec![TransactionKind::Refund, TransactionKind::Expiry];
        for (filter, index) in [
            (none(), "INTEGER PRIMARY KEY"),
            (HistoryFilter { from: day(), to: day(), ..none() }, "INTEGER PRIMARY KEY"),
            (HistoryFilter { kinds: vec![TransactionKind::Loading], ..none() }, "INTEGER PRIMARY KEY"),
            (HistoryFilter { kinds: rare.clone(), before: Some(9), ..none() }, "txn_by_rare_kind"),
            (HistoryFilter { kinds: rare.clone(), from: day(), ..none() }, "txn_by_rare_kind"),
            (HistoryFilter { staff: Some(StaffId(2)), ..none() }, "txn_by_actor"),
            (HistoryFilter { staff: Some(StaffId(2)), from: day(), kinds: rare, ..none() }, "txn_by_actor"),
            (HistoryFilter { member: Some(MemberId(2)), ..none() }, "txn_by_member"),
            (
                HistoryFilter { member: Some(MemberId(2)), staff: Some(StaffId(2)), to: day(), ..none() },
                "txn_by_member",
            ),
            (
                HistoryFilter { methods: vec!["card".into()], before: Some(9), ..none() },
                "INTEGER PRIMARY KEY",
            ),
        ] {
            for query in queries(&filter, (1, i64::MAX), 50) {
                let plan = crate::store::plan_of(&query.sql, params_from_iter(query.values));
                let searched = plan
                    .first()
                    .is_some_and(|step| step.starts_with("SEARCH txn USING") && step.contains(index));
                assert!(searched, "{filter:?}: {plan:#?}");
                assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{filter:?}: {plan:#?}");
            }
        }
    }
}
