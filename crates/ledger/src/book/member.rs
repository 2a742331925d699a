//! Members and their profiles.

use rusqlite::{OptionalExtension, params};

use super::{Book, content};
use crate::cached::Cached;
use crate::error::{Done, LedgerError};
use crate::ids::MemberId;
use crate::model::By;
use crate::name;
use crate::phone::Phone;

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
        self.once(by, "member", asked, |book| {
            book.refuse_taken(&phone, None)?;
            book.conn.execute_cached(
                "INSERT INTO member (created_at, actor, request_id) VALUES (?1, ?2, ?3)",
                params![by.now.0, by.actor.0, by.request.to_string()],
            )?;
            let member = MemberId(book.conn.last_insert_rowid());
            book.conn
                .execute_cached("INSERT INTO balance (member_id, paid, bonus) VALUES (?1, 0, 0)", [member.0])?;
            book.write_profile(by, member, 1, &name, &phone, new)?;
            Ok(member)
        })
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
        self.conn.execute_cached("DELETE FROM member_key WHERE member_id = ?1", [member.0])?;
        let mut insert = self
            .conn
            .prepare_cached("INSERT OR IGNORE INTO member_key (kind, key, member_id) VALUES (?1, ?2, ?3)")?;
        insert.execute(params!["tel", phone.reversed(), member.0])?;
        for end in name::ends(name) {
            insert.execute(params!["name", end, member.0])?;
        }
        Ok(())
    }
}
