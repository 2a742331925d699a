//! Members: finding them, and their cards.

use rusqlite::{OptionalExtension, Row};

use super::{Reader, at, points};
use crate::book::lot_id;
use crate::error::LedgerError;
use crate::ids::{LotId, MemberId, UnixMillis};
use crate::lots::in_order_of_use;
use crate::model::{Balance, LotLeft};
use crate::phone::masked;
use crate::txn;

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
    /// The newest profile's version; 0 where the person was forgotten, and name and phone say nothing.
    pub version: i64,
}

impl Member {
    /// `010-••••-5678`.
    #[must_use]
    pub fn phone_masked(&self) -> String {
        if self.phone.is_empty() { String::new() } else { masked(&self.phone) }
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

/// A member whose person was forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erasure {
    /// The number that is left.
    pub member: MemberId,
    /// Since when it was a member: in an older copy of the book the same number may become somebody else's.
    pub since: UnixMillis,
    /// When.
    pub at: UnixMillis,
}

/// For how long an open charge counts as under way: its window's half hour and as long again for a slow payment company.
const OPEN_MS: i64 = 60 * 60 * 1000;
/// The name of somebody whose person was forgotten.
const ERASED_NAME: &str = "(파기된 손님)";
/// How many merges one after the other are followed.
const MOST_MERGES: usize = 100;
const PROFILE: &str =
    "member.id, profile.name, profile.phone, profile.memo, member.created_at, profile.version";
const NEWEST: &str = "JOIN member_profile AS profile ON profile.member_id = member.id AND profile.version =
    (SELECT max(version) FROM member_profile WHERE member_id = member.id)";
/// A table `person` of all members who are the person of member `?1`: whom it was made one with, either way.
pub(crate) const SAME_PERSON: &str = "
    WITH RECURSIVE
        now (id) AS (SELECT ?1 UNION SELECT into_id FROM member_merge JOIN now ON member_merge.member_id = now.id),
        person (id) AS (SELECT id FROM now UNION SELECT member_id FROM member_merge JOIN person ON into_id = person.id)";

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
            .map_or_else(|| self.forgotten(member), Ok)
    }

    /// What is left of a member whose person was forgotten: the number.
    fn forgotten(&self, member: MemberId) -> Result<Member, LedgerError> {
        self.conn
            .prepare_cached("SELECT created_at FROM member WHERE id = ?1")?
            .query_row([member.0], |row| {
                Ok(Member {
                    member,
                    name: ERASED_NAME.to_owned(),
                    phone: String::new(),
                    memo: None,
                    since: UnixMillis(row.get(0)?),
                    version: 0,
                })
            })
            .optional()?
            .ok_or(LedgerError::UnknownMember)
    }

    /// Who a member is now: another one, where the two turned out to be the same person.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn current_member(&self, member: MemberId) -> Result<MemberId, LedgerError> {
        let mut current = member;
        // A member is merged once, into one who was not: the way is as long as the merges that followed each other. (A file
        // that somebody wrote into may lead round in a ring.)
        for _ in 0..MOST_MERGES {
            match self.merged_into(current)? {
                Some(into) => current = into,
                None => break,
            }
        }
        Ok(current)
    }

    /// Whether the member has brought points from the shop's old book.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn has_opening(&self, member: MemberId) -> Result<bool, LedgerError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM txn_fact WHERE name = 'opening_of' AND value = ?1)",
            )?
            .query_row([member.to_string()], |row| row.get(0))?)
    }

    /// Whose number this is, in any spelling; of one who was merged, who that is now.
    ///
    /// # Errors
    /// [`LedgerError::BadPhone`], or what SQLite says.
    pub fn member_of_phone(&self, phone: &str) -> Result<Option<MemberId>, LedgerError> {
        let reversed = crate::phone::Phone::parse(phone)?.reversed();
        Ok(self
            .conn
            .prepare_cached("SELECT member_id FROM member_key WHERE kind = 'tel' AND key = ?1")?
            .query_row([reversed], |row| row.get(0).map(MemberId))
            .optional()?)
    }

    /// Whether the person was forgotten.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn is_erased(&self, member: MemberId) -> Result<bool, LedgerError> {
        Ok(self
            .conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM erasure WHERE member_id = ?1)")?
            .query_row([member.0], |row| row.get(0))?)
    }

    /// Everybody whose person was forgotten, in the order in which they were: an older copy of the book is to forget them
    /// too.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn erasures(&self) -> Result<Vec<Erasure>, LedgerError> {
        let rows = self
            .conn
            .prepare_cached(
                "SELECT member.id, member.created_at, erasure.at FROM erasure JOIN member ON member.id = erasure.member_id
                 ORDER BY erasure.at, member.id",
            )?
            .query_map([], |row| {
                Ok(Erasure {
                    member: MemberId(row.get(0)?),
                    since: UnixMillis(row.get(1)?),
                    at: UnixMillis(row.get(2)?),
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(rows)
    }

    /// Whether a charge, a deposit or a dispute of the member is not finished. An open charge counts as long as it may still
    /// be paid in its window; where money comes later all the same, it follows the member.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn has_open_business(&self, member: MemberId, now: UnixMillis) -> Result<bool, LedgerError> {
        Ok(self
            .conn
            .prepare_cached(&format!(
                "{SAME_PERSON}
                 SELECT EXISTS (
                     SELECT 1 FROM charge JOIN charge_state ON charge_state.charge_id = charge.id
                     WHERE charge.member_id IN person
                       AND (charge_state.state IN ('unknown', 'awaiting_deposit', 'disputed')
                            OR (charge_state.state = 'open' AND charge.at > ?2)
                            OR EXISTS (SELECT 1 FROM open_dispute WHERE open_dispute.charge_id = charge.id)))
                     OR EXISTS (
                     SELECT 1 FROM refund JOIN refund_state ON refund_state.refund_id = refund.id
                     WHERE refund.member_id IN person
                       AND refund_state.state IN ('holding', 'sent', 'unknown', 'pending'))"
            ))?
            .query_row([member.0, now.plus_ms(OPEN_MS.saturating_neg()).0], |row| row.get(0))?)
    }

    /// The lot of the payment that a lot's points came from: itself, unless they moved from another member. What can go back
    /// is judged by that one.
    ///
    /// # Errors
    /// What SQLite says, or [`LedgerError::Broken`].
    pub fn origin_lot(&self, lot: LotId) -> Result<LotId, LedgerError> {
        let mut origin = lot;
        for _ in 0..MOST_MERGES {
            let from: Option<String> = self
                .conn
                .prepare_cached(
                    "SELECT value FROM lot JOIN txn_fact ON txn_fact.txn_seq = lot.txn_seq AND name = 'from_lot'
                     WHERE lot.id = ?1",
                )?
                .query_row([origin.to_string()], |row| row.get(0))
                .optional()?;
            match from {
                Some(from) => origin = lot_id(&from)?,
                None => break,
            }
        }
        Ok(origin)
    }

    /// The lot in which a lot's points are now: itself, unless they moved to another member.
    ///
    /// # Errors
    /// What SQLite says, or [`LedgerError::Broken`].
    pub fn current_lot(&self, lot: LotId) -> Result<LotId, LedgerError> {
        let mut current = lot;
        for _ in 0..MOST_MERGES {
            let to: Option<String> = self
                .conn
                .prepare_cached(
                    "SELECT lot.id FROM txn_fact JOIN lot ON lot.txn_seq = txn_fact.txn_seq
                     WHERE txn_fact.name = 'from_lot' AND txn_fact.value = ?1",
                )?
                .query_row([current.to_string()], |row| row.get(0))
                .optional()?;
            match to {
                Some(to) => current = lot_id(&to)?,
                None => break,
            }
        }
        Ok(current)
    }

    /// The member that this one was merged into.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn merged_into(&self, member: MemberId) -> Result<Option<MemberId>, LedgerError> {
        Ok(self
            .conn
            .prepare_cached("SELECT into_id FROM member_merge WHERE member_id = ?1")?
            .query_row([member.0], |row| row.get(0).map(MemberId))
            .optional()?)
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
