//! Settings, bonus rules, the shop's stamp, staff.

use rusqlite::{OptionalExtension, params};
use serde::Serialize;

use super::{Book, content};
use crate::cached::Cached;
use crate::error::{Done, LedgerError};
use crate::ids::{Role, StaffId, UnixMillis};
use crate::model::By;

impl Book<'_> {
    /// Writes a setting's next version. Writing what stands there already adds nothing.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn set(&mut self, by: &By, key: &'static str, value: &impl Serialize) -> Result<(), LedgerError> {
        let value = serde_json::to_string(value).map_err(|_| LedgerError::BadSetting(key))?;
        let last: Option<(i64, String)> = self
            .conn
            .query_row_cached(
                "SELECT version, value FROM setting WHERE key = ?1 ORDER BY version DESC LIMIT 1",
                [key],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        let version = match last {
            Some((_, before)) if before == value => return Ok(()),
            Some((version, _)) => version.saturating_add(1),
            None => 1,
        };
        self.conn.execute_cached(
            "INSERT INTO setting (key, version, value, at, actor, approver, request_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                key,
                version,
                value,
                by.now.0,
                by.actor.0,
                by.approver.map(|person| person.0),
                by.request.to_string()
            ],
        )?;
        Ok(())
    }

    /// Writes several settings by one request: the same id with other content is refused.
    ///
    /// # Errors
    /// [`LedgerError::SameIdOtherContent`], or what SQLite says.
    pub fn set_all(
        &mut self,
        by: &By,
        kind: &'static str,
        settings: &[(&'static str, serde_json::Value)],
    ) -> Result<Done, LedgerError> {
        let asked = content(kind, |canon| {
            for (key, value) in settings {
                canon.text(key).text(&value.to_string());
            }
        });
        let (done, ()) = self.once(by, kind, asked, |book| {
            settings.iter().try_for_each(|(key, value)| book.set(by, key, value))
        })?;
        Ok(done)
    }

    /// Stamps the book with PortOne's 고객사 식별코드 and sub-store, for ever.
    ///
    /// # Errors
    /// [`LedgerError::OtherShop`] where it carries another stamp.
    pub fn stamp_shop(&mut self, by: &By, shop_code: &str, store: &str) -> Result<(), LedgerError> {
        let found: Option<(String, String)> = self
            .conn
            .query_row_cached("SELECT shop_code, store FROM shop_stamp", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        match found {
            Some((code, of)) if code == shop_code && of == store => Ok(()),
            Some((found, _)) => Err(LedgerError::OtherShop { found }),
            None => {
                self.conn.execute_cached(
                    "INSERT INTO shop_stamp (one, shop_code, store, at, actor, request_id)
                     VALUES (1, ?1, ?2, ?3, ?4, ?5)",
                    params![shop_code, store, by.now.0, by.actor.0, by.request.to_string()],
                )?;
                Ok(())
            }
        }
    }

    /// The first person of a role, made if there is none.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn sign_in_first(&mut self, now: UnixMillis, role: Role, name: &str) -> Result<StaffId, LedgerError> {
        let word = role_word(role);
        let found: Option<i64> = self
            .conn
            .query_row_cached(
                "SELECT id FROM staff WHERE role = ?1 AND id > 1 ORDER BY id LIMIT 1",
                [word],
                |row| row.get(0),
            )
            .optional()?;
        if let Some(found) = found {
            return Ok(StaffId(found));
        }
        self.conn.execute_cached(
            "INSERT INTO staff (name, role, created_at, actor, request_id) VALUES (?1, ?2, ?3, 1, 'first run')",
            params![name, word, now.0],
        )?;
        Ok(StaffId(self.conn.last_insert_rowid()))
    }
}

impl Book<'_> {
    /// Writes down who somebody is, so that their number may stand on this book's rows. Saying what stands there adds
    /// nothing.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn know_person(
        &mut self,
        now: UnixMillis,
        id: StaffId,
        name: &str,
        role: Role,
    ) -> Result<(), LedgerError> {
        match self.reader().staff(id)? {
            Some((known, of)) if known == name && of == role => Ok(()),
            Some(_) => {
                self.conn.execute(
                    "INSERT INTO staff_version (staff_id, version, name, role, at, actor, request_id)
                     SELECT ?1, coalesce(max(version), 1) + 1, ?2, ?3, ?4, 1, 'register'
                     FROM staff_version WHERE staff_id = ?1",
                    params![id.0, name, role_word(role), now.0],
                )?;
                Ok(())
            }
            None => {
                self.conn.execute(
                    "INSERT INTO staff (id, name, role, created_at, actor, request_id)
                     VALUES (?1, ?2, ?3, ?4, 1, 'register')",
                    params![id.0, name, role_word(role), now.0],
                )?;
                Ok(())
            }
        }
    }
}

pub(crate) const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Clerk => "clerk",
        Role::Manager => "manager",
        Role::Owner => "owner",
    }
}
