//! Finding members. Every way goes by an index, and looks at a bounded number of keys however many there are.

use std::cmp::Reverse;

use rusqlite::{OptionalExtension, params};

use super::{MemberHit, Reader};
use crate::error::LedgerError;
use crate::ids::{MemberId, UnixMillis};
use crate::words::{self, Probe};

/// How many members of one probe are looked at before the latest visitors are picked from them. Four digits of a million
/// numbers find a hundred.
const LOOKED_AT: i64 = 200;
/// How many are looked at where the name has to fit besides.
const LOOKED_AT_MIXED: i64 = 1_000;

/// Members by a beginning of one of their keys, in the order of the keys: what is exactly the query comes before what only
/// begins with it. The balance's row says when they were here last.
const BY_KEY: &str = "SELECT hit.member_id, balance.last_at
     FROM (SELECT DISTINCT member_id FROM member_key WHERE kind = ?1 AND key >= ?2 AND key < ?3 LIMIT ?4) AS hit
     CROSS JOIN balance ON balance.member_id = hit.member_id";
/// The same by initial consonants and memo.
const BY_WORD: &str = "SELECT hit.member_id, balance.last_at
     FROM (SELECT DISTINCT member_id FROM member_word WHERE kind = ?1 AND key >= ?2 AND key < ?3 LIMIT ?4) AS hit
     CROSS JOIN balance ON balance.member_id = hit.member_id";

struct Seen {
    member: MemberId,
    last_at: Option<i64>,
}

impl Reader<'_> {
    /// Finds members by the end of a number (four digits or more, in any spelling), a part of the name, a run of two or
    /// more initial consonants (ㄱㅁㅅ, 김ㅁㅅ), the beginning of a word of the memo, or a member's code.
    ///
    /// The latest visitor first. Where a short query has very many hits, the first 200 of each kind in the order of their
    /// keys are looked at (exact ones before longer ones), and the answer says that there are more: `true`.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn find_members(&self, query: &str, limit: u32) -> Result<(Vec<MemberHit>, bool), LedgerError> {
        let mut seen: Vec<Seen> = Vec::new();
        let mut more = false;
        for probe in words::probes(query) {
            let (found, cut) = self.probe(&probe)?;
            more |= cut;
            let only = matches!(probe, Probe::Code(_)) && !found.is_empty();
            seen.extend(found);
            if only {
                break;
            }
        }
        seen.sort_by_key(|seen| Reverse((seen.last_at, seen.member)));
        seen.dedup_by_key(|seen| seen.member);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        more |= seen.len() > limit;
        seen.truncate(limit);
        let hits = seen
            .iter()
            .map(|seen| {
                Ok(MemberHit {
                    member: self.member(seen.member)?,
                    balance: self.balance(seen.member)?,
                    last_visit: seen.last_at.map(UnixMillis),
                })
            })
            .collect::<Result<_, LedgerError>>()?;
        Ok((hits, more))
    }

    /// What one probe finds, and whether there is more than was looked at.
    fn probe(&self, probe: &Probe) -> Result<(Vec<Seen>, bool), LedgerError> {
        match probe {
            Probe::Code(member) => Ok((self.by_code(*member)?.into_iter().collect(), false)),
            Probe::Tel(key) => self.by_beginning(BY_KEY, "tel", key, LOOKED_AT),
            Probe::Name(key) => self.by_beginning(BY_KEY, "name", key, LOOKED_AT),
            Probe::Initials(key) => self.by_beginning(BY_WORD, "jamo", key, LOOKED_AT),
            Probe::Memo(key) => self.by_beginning(BY_WORD, "memo", key, LOOKED_AT),
            Probe::Mixed(key, asked) => {
                let (found, cut) = self.by_beginning(BY_WORD, "jamo", key, LOOKED_AT_MIXED)?;
                let mut fitting = Vec::new();
                for seen in found {
                    if words::fits(&self.member(seen.member)?.name, asked) {
                        fitting.push(seen);
                    }
                }
                Ok((fitting, cut))
            }
        }
    }

    fn by_beginning(
        &self,
        sql: &str,
        kind: &str,
        key: &str,
        looked_at: i64,
    ) -> Result<(Vec<Seen>, bool), LedgerError> {
        // Every key that starts with `key`: no character comes after U+10FFFF.
        let end = format!("{key}\u{10ffff}");
        let mut seen: Vec<Seen> = self
            .conn
            .prepare_cached(sql)?
            .query_map(params![kind, key, end, looked_at.saturating_add(1)], |row| {
                Ok(Seen { member: MemberId(row.get(0)?), last_at: row.get(1)? })
            })?
            .collect::<Result<_, _>>()?;
        let looked_at = usize::try_from(looked_at).unwrap_or(usize::MAX);
        let cut = seen.len() > looked_at;
        seen.truncate(looked_at);
        Ok((seen, cut))
    }

    /// A code's member, or who that turned out to be. Nobody where the person was forgotten.
    fn by_code(&self, member: MemberId) -> Result<Option<Seen>, LedgerError> {
        let member = self.current_member(member)?;
        Ok(self
            .conn
            .prepare_cached(
                "SELECT last_at FROM balance WHERE member_id = ?1
                 AND EXISTS (SELECT 1 FROM member_profile WHERE member_profile.member_id = balance.member_id)",
            )?
            .query_row([member.0], |row| Ok(Seen { member, last_at: row.get(0)? }))
            .optional()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_by_index_and_not_by_looking_at_each() {
        for (sql, table) in [(BY_KEY, "member_key"), (BY_WORD, "member_word")] {
            let plan = crate::store::plan_of(sql, params!["x", "1284", "1285", 200]);
            let scans: Vec<_> = plan.iter().filter(|step| step.starts_with("SCAN")).collect();
            assert!(scans.iter().all(|step| *step == "SCAN hit"), "{plan:#?}");
            let wanted = format!("SEARCH {table} USING PRIMARY KEY (kind=? AND key>? AND key<?)");
            assert!(plan.contains(&wanted), "{plan:#?}");
            assert!(
                plan.iter().any(|step| step.starts_with("SEARCH balance USING INTEGER PRIMARY KEY")),
                "{plan:#?}"
            );
            // No sort before the limit: that would look at every hit.
            assert!(!plan.iter().any(|step| step.contains("ORDER BY")), "{plan:#?}");
        }
    }
}
