//! Members: finding them, and their cards.

use rusqlite::{OptionalExtension, Row, params};

use super::{Reader, at, points};
use crate::book::lot_id;
use crate::error::LedgerError;
use crate::ids::{LotId, MemberId, UnixMillis};
use crate::lots::in_order_of_use;
use crate::model::{Balance, LotLeft};
use crate::phone::{self, masked};
use crate::{name, txn};

/// A member as the newest profile has it.
#[derive(Debug, Clone)]
pub struct Member {
    /// The number.
    pub member: MemberId,
    /// The name.
    pub name: String,
    /// The phone's digits: personal data, masked before it leaves.
    pub phone: String,
    /// The shop's note.
    pub memo: Option<String>,
    /// Since when.
    pub since: UnixMillis,
    /// The newest profile's version.
    pub version: i64,
}

impl Member {
    /// `010-••••-5678`.
    #[must_use]
    pub fn phone_masked(&self) -> String {
        masked(&self.phone)
    }
}

/// A member that a search found.
#[derive(Debug, Clone)]
pub struct MemberHit {
    /// Who.
    pub member: Member,
    /// Their balance.
    pub balance: Balance,
    /// Their last transaction.
    pub last_visit: Option<UnixMillis>,
}

const PROFILE: &str =
    "member.id, profile.name, profile.phone, profile.memo, member.created_at, profile.version";
const NEWEST: &str = "JOIN member_profile AS profile ON profile.member_id = member.id AND profile.version =
    (SELECT max(version) FROM member_profile WHERE member_id = member.id)";
/// How many keys of a short query are looked at before the latest visitors are picked from them.
const LOOKED_AT: i64 = 2_000;

/// Members by a beginning of one of their keys: kind, from, to, how many.
fn find_sql() -> String {
    format!(
        "SELECT {PROFILE}, balance.paid, balance.bonus, balance.last_at
         FROM (SELECT DISTINCT member_id FROM member_key
               WHERE kind = ?1 AND key >= ?2 AND key < ?3 LIMIT {LOOKED_AT}) AS hit
         JOIN member ON member.id = hit.member_id {NEWEST}
         JOIN balance ON balance.member_id = member.id
         ORDER BY balance.last_at IS NULL, balance.last_at DESC, member.id DESC LIMIT ?4"
    )
}

impl Reader<'_> {
    /// A member's newest profile.
    ///
    /// # Errors
    /// [`LedgerError::UnknownMember`].
    pub fn member(&self, member: MemberId) -> Result<Member, LedgerError> {
        self.conn
            .prepare_cached(&format!("SELECT {PROFILE} FROM member {NEWEST} WHERE member.id = ?1"))?
            .query_row([member.0], profile)
            .optional()?
            .ok_or(LedgerError::UnknownMember)
    }

    /// A member's balance.
    ///
    /// # Errors
    /// [`LedgerError::UnknownMember`].
    pub fn balance(&self, member: MemberId) -> Result<Balance, LedgerError> {
        txn::balance(self.conn, member)
    }

    /// What is left of a member's loadings, in order of use.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn lots(&self, member: MemberId) -> Result<Vec<LotLeft>, LedgerError> {
        let rows: Vec<(String, LotLeft)> = self
            .conn
            .prepare_cached(
                "SELECT lot_left.lot_id, lot_left.paid, lot_left.bonus, lot_left.paid_expires_at,
                        lot_left.bonus_expires_at, txn.at
                 FROM lot_left JOIN lot ON lot.id = lot_left.lot_id JOIN txn ON txn.seq = lot.txn_seq
                 WHERE lot_left.member_id = ?1 AND lot_left.paid + lot_left.bonus > 0",
            )?
            .query_map([member.0], |row| {
                let left = LotLeft {
                    lot: LotId(uuid::Uuid::nil()),
                    paid: points(row.get(1)?),
                    bonus: points(row.get(2)?),
                    paid_expires_at: at(row.get(3)?),
                    bonus_expires_at: at(row.get(4)?),
                    made_at: UnixMillis(row.get(5)?),
                };
                Ok((row.get(0)?, left))
            })?
            .collect::<Result<_, _>>()?;
        let mut lots = rows
            .into_iter()
            .map(|(id, left)| Ok(LotLeft { lot: lot_id(&id)?, ..left }))
            .collect::<Result<Vec<LotLeft>, LedgerError>>()?;
        in_order_of_use(&mut lots);
        Ok(lots)
    }

    /// Finds members by the end of a number (four digits or more, in any spelling) or a part of a name: by index.
    /// The latest visitor first; `true` when there are more than `limit`.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn find_members(&self, query: &str, limit: u32) -> Result<(Vec<MemberHit>, bool), LedgerError> {
        let (kind, key) = match phone::digits(query) {
            Some(digits) if digits.len() >= 4 => ("tel", digits.chars().rev().collect::<String>()),
            Some(_) => return Ok((Vec::new(), false)),
            None => ("name", name::folded(query)),
        };
        if key.is_empty() {
            return Ok((Vec::new(), false));
        }
        // Every key that starts with `key`: no character comes after U+10FFFF.
        let end = format!("{key}\u{10ffff}");
        let mut hits: Vec<MemberHit> = self
            .conn
            .prepare_cached(&find_sql())?
            .query_map(params![kind, key, end, i64::from(limit).saturating_add(1)], |row| {
                Ok(MemberHit {
                    member: profile(row)?,
                    balance: Balance {
                        paid: points(row.get(6)?),
                        bonus: points(row.get(7)?),
                        ..Balance::default()
                    },
                    last_visit: at(row.get(8)?),
                })
            })?
            .collect::<Result<_, _>>()?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = hits.len() > limit;
        hits.truncate(limit);
        Ok((hits, more))
    }
}

fn profile(row: &Row<'_>) -> rusqlite::Result<Member> {
    Ok(Member {
        member: MemberId(row.get(0)?),
        name: row.get(1)?,
        phone: row.get(2)?,
        memo: row.get(3)?,
        since: UnixMillis(row.get(4)?),
        version: row.get(5)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_by_index_and_not_by_looking_at_each() {
        let plan = crate::store::plan_of(&find_sql(), params!["tel", "1284", "1285", 20]);
        let scans: Vec<_> = plan.iter().filter(|step| step.starts_with("SCAN")).collect();
        assert!(scans.iter().all(|step| *step == "SCAN hit"), "{plan:#?}");
        assert!(plan.iter().any(|step| step.starts_with("SEARCH member_key")), "{plan:#?}");
    }
}
