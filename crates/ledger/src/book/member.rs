//! Members and their profiles.

use rusqlite::{Connection, OptionalExtension, params};

use super::{Book, content};
use crate::cached::Cached;
use crate::error::{Done, LedgerError};
use crate::ids::MemberId;
use crate::model::By;
use crate::name;
use crate::phone::Phone;
use crate::words;

/// A profile as somebody typed it.
#[derive(Debug, Clone)]
pub struct NewMember {
    /// The name.
    pub name: String,
    /// The number, in any spelling.
    pub phone: String,
    /// The shop's note.
    pub memo: Option<String>,
    /// What the customer agreed to.
    pub consents: Vec<String>,
}

impl Book<'_> {
    /// Makes a member.
    ///
    /// # Errors
    /// [`LedgerError::BadPhone`], [`LedgerError::BadName`], [`LedgerError::PhoneTaken`],
    /// [`LedgerError::SameIdOtherContent`].
    pub fn create_member(&mut self, by: &By, new: &NewMember) -> Result<(Done, MemberId), LedgerError> {
        let (name, phone) = (name::tidy(&new.name)?, Phone::parse(&new.phone)?);
        let asked = content("member", |canon| {
            canon.text(&name).text(phone.digits()).maybe_text(new.memo.as_deref());
            new.consents.iter().for_each(|consent| {
                canon.text(consent);
            });
        });
        self.once(by, "member", asked, |book| book.insert_member(by, new))
    }

    /// Makes a member, inside somebody's request.
    pub(super) fn insert_member(&mut self, by: &By, new: &NewMember) -> Result<MemberId, LedgerError> {
        let (name, phone) = (name::tidy(&new.name)?, Phone::parse(&new.phone)?);
        self.refuse_taken(&phone, None)?;
        self.conn.execute_cached(
            "INSERT INTO member (created_at, actor, request_id) VALUES (?1, ?2, ?3)",
            params![by.now.0, by.actor.0, by.request.to_string()],
        )?;
        let member = MemberId(self.conn.last_insert_rowid());
        self.conn
            .execute_cached("INSERT INTO balance (member_id, paid, bonus) VALUES (?1, 0, 0)", [member.0])?;
        self.write_profile(by, member, 1, &name, &phone, new)?;
        Ok(member)
    }

    /// Writes a new version of a member's profile.
    ///
    /// # Errors
    /// As [`Book::create_member`], and [`LedgerError::UnknownMember`].
    pub fn edit_member(
        &mut self,
        by: &By,
        member: MemberId,
        new: &NewMember,
    ) -> Result<(Done, i64), LedgerError> {
        let (name, phone) = (name::tidy(&new.name)?, Phone::parse(&new.phone)?);
        let asked = content("member_edit", |canon| {
            canon.number(member.0).text(&name).text(phone.digits()).maybe_text(new.memo.as_deref());
        });
        self.once(by, "member_edit", asked, |book| {
            let last: Option<(i64, String)> = book
                .conn
                .query_row_cached(
                    "SELECT version, consents FROM member_profile WHERE member_id = ?1 ORDER BY version DESC LIMIT 1",
                    [member.0],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()?;
            let (last, consents) = last.ok_or(LedgerError::UnknownMember)?;
            if book.reader().merged_into(member)?.is_some() {
                return Err(LedgerError::MemberMerged);
            }
            book.refuse_taken(&phone, Some(member))?;
            let version = last.saturating_add(1);
            let consents = serde_json::from_str(&consents).unwrap_or_default();
            book.write_profile(by, member, version, &name, &phone, &NewMember { consents, ..new.clone() })?;
            Ok(version)
        })
    }

    fn refuse_taken(&self, phone: &Phone, but: Option<MemberId>) -> Result<(), LedgerError> {
        let taken: Option<i64> = self
            .conn
            .query_row_cached(
                "SELECT member_id FROM member_key WHERE kind = 'tel' AND key = ?1 AND member_id IS NOT ?2",
                params![phone.reversed(), but.map(|member| member.0)],
                |row| row.get(0),
            )
            .optional()?;
        if taken.is_some() { Err(LedgerError::PhoneTaken) } else { Ok(()) }
    }

    fn write_profile(
        &mut self,
        by: &By,
        member: MemberId,
        version: i64,
        name: &str,
        phone: &Phone,
        new: &NewMember,
    ) -> Result<(), LedgerError> {
        let consents =
            serde_json::to_string(&new.consents).map_err(|_| LedgerError::BadSetting("consents"))?;
        self.conn.execute_cached(
            "INSERT INTO member_profile (member_id, version, name, phone, memo, consents, at, actor, request_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                member.0,
                version,
                name,
                phone.digits(),
                new.memo,
                consents,
                by.now.0,
                by.actor.0,
                by.request.to_string()
            ],
        )?;
        index(self.conn, member)
    }
}

/// Makes a member's keys again: of the newest profile, and of the numbers of those who turned out to be this member.
pub(super) fn index(conn: &Connection, member: MemberId) -> Result<(), LedgerError> {
    unindex(conn, member)?;
    let newest: Option<(String, Option<String>, String)> = conn
        .prepare_cached(
            "SELECT name, memo, phone FROM member_profile WHERE member_id = ?1 ORDER BY version DESC LIMIT 1",
        )?
        .query_row([member.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((name, memo, phone)) = newest else { return Ok(()) };
    let others: Vec<String> = conn
        .prepare_cached(
            "WITH RECURSIVE other (id) AS (
                 SELECT member_id FROM member_merge WHERE into_id = ?1
                 UNION SELECT member_id FROM member_merge JOIN other ON into_id = other.id)
             SELECT (SELECT phone FROM member_profile WHERE member_id = other.id ORDER BY version DESC LIMIT 1)
             FROM other",
        )?
        .query_map([member.0], |row| row.get::<_, Option<String>>(0))?
        .filter_map(Result::transpose)
        .collect::<Result<_, _>>()?;
    let mut insert =
        conn.prepare_cached("INSERT OR IGNORE INTO member_key (kind, key, member_id) VALUES (?1, ?2, ?3)")?;
    for phone in others.iter().chain([&phone]) {
        let reversed: String = phone.chars().rev().collect();
        insert.execute(params!["tel", reversed, member.0])?;
    }
    for end in name::ends(&name) {
        insert.execute(params!["name", end, member.0])?;
    }
    add_words(conn, member.0, &name, memo.as_deref())
}

/// Nothing finds this member any more.
pub(super) fn unindex(conn: &Connection, member: MemberId) -> Result<(), LedgerError> {
    conn.prepare_cached("DELETE FROM member_key WHERE member_id = ?1")?.execute([member.0])?;
    conn.prepare_cached("DELETE FROM member_word WHERE member_id = ?1")?.execute([member.0])?;
    Ok(())
}

fn add_words(conn: &Connection, member: i64, name: &str, memo: Option<&str>) -> Result<(), LedgerError> {
    let mut insert =
        conn.prepare_cached("INSERT OR IGNORE INTO member_word (kind, key, member_id) VALUES (?1, ?2, ?3)")?;
    for end in words::initial_ends(name) {
        insert.execute(params!["jamo", end, member])?;
    }
    for word in memo.map(words::memo_words).unwrap_or_default() {
        insert.execute(params!["memo", word, member])?;
    }
    Ok(())
}

/// Fills in the words of everybody who is in the book already.
pub(crate) fn index_words(conn: &Connection) -> Result<(), LedgerError> {
    let mut statement = conn.prepare(
        "SELECT member_id, name, memo FROM member_profile AS profile
         WHERE version = (SELECT max(version) FROM member_profile WHERE member_id = profile.member_id)",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (member, name, memo): (i64, String, Option<String>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        add_words(conn, member, &name, memo.as_deref())?;
    }
    Ok(())
}
