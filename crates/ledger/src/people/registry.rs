//! What is written into the register and read from it.

use rusqlite::{Connection, OptionalExtension, params};

use super::{PeopleError, Person, rules};
use crate::book::role_word;
use crate::canon::{Canon, Hash};
use crate::error::{Done, LedgerError};
use crate::ids::{RequestId, Role, StaffId, UnixMillis};
use crate::model::By;
use crate::name;

/// After how many idle minutes the screen is locked, where nobody chose.
const IDLE_MINUTES: u32 = 10;

/// The register inside one SQL transaction.
pub struct People<'a> {
    conn: &'a Connection,
}

fn role_of(word: &str) -> Result<Role, PeopleError> {
    [Role::Clerk, Role::Manager, Role::Owner]
        .into_iter()
        .find(|role| role_word(*role) == word)
        .ok_or_else(|| LedgerError::Broken { seq: 0, fault: "role" }.into())
}

impl<'a> People<'a> {
    pub(super) fn new(conn: &'a Connection) -> People<'a> {
        People { conn }
    }

    /// Everybody, those who have left too.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn all(&self) -> Result<Vec<Person>, PeopleError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT person.id, version.name, version.role, version.active,
                    coalesce((SELECT failed FROM pin_try WHERE person_id = person.id), 0)
             FROM person JOIN person_version AS version ON version.person_id = person.id
             WHERE version.version = (SELECT max(version) FROM person_version WHERE person_id = person.id)
             ORDER BY person.id",
        )?;
        let rows = statement.query_map([], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get(3)?, row.get::<_, i64>(4)?))
        })?;
        rows.map(|row| {
            let (id, name, role, active, failed) = row?;
            Ok(Person {
                id: StaffId(id),
                name,
                role: role_of(&role)?,
                active,
                failed: u32::try_from(failed).unwrap_or(u32::MAX),
            })
        })
        .collect()
    }

    /// Somebody who works here.
    ///
    /// # Errors
    /// [`PeopleError::Unknown`].
    pub fn person(&self, who: StaffId) -> Result<Person, PeopleError> {
        let people = self.all()?;
        people.into_iter().find(|person| person.id == who && person.active).ok_or(PeopleError::Unknown)
    }

    /// After how many idle minutes the screen is locked.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn idle_minutes(&self) -> Result<u32, PeopleError> {
        let minutes: Option<i64> = self
            .conn
            .query_row("SELECT minutes FROM idle_rule ORDER BY version DESC LIMIT 1", [], |row| row.get(0))
            .optional()?;
        Ok(minutes.and_then(|minutes| u32::try_from(minutes).ok()).unwrap_or(IDLE_MINUTES))
    }

    /// Makes the shop's first owner under this number: 2, which in books that were begun before there were people is
    /// "점주", or one that nobody had. Answers who that is.
    ///
    /// # Errors
    /// [`PeopleError::OwnerExists`], [`LedgerError::BadName`], [`LedgerError::SameIdOtherContent`].
    pub fn first_owner(
        &self,
        now: UnixMillis,
        request: RequestId,
        id: StaffId,
        name: &str,
        hash: &str,
    ) -> Result<(Done, StaffId), PeopleError> {
        let name = name::tidy(name)?;
        let by = By { now, actor: id, approver: None, request };
        self.once(
            &by,
            "first_owner",
            |canon| canon.text(&name),
            || {
                if !self.all()?.is_empty() {
                    return Err(PeopleError::OwnerExists);
                }
                self.insert(&by, id, &name, Role::Owner, hash)?;
                Ok(id)
            },
        )
    }

    /// Takes somebody on under a number that nobody had, in any book either: what they do stands under it for ever.
    ///
    /// # Errors
    /// [`PeopleError::OwnerOnly`], [`LedgerError::BadName`], [`LedgerError::SameIdOtherContent`].
    pub fn add(
        &self,
        by: &By,
        name: &str,
        role: Role,
        hash: &str,
        id: StaffId,
    ) -> Result<(Done, StaffId), PeopleError> {
        let name = name::tidy(name)?;
        self.once(
            by,
            "add",
            |canon| canon.text(&name).text(role_word(role)),
            || {
                rules::may_change(self.person(by.actor)?.role, role)?;
                self.insert(by, id, &name, role, hash)?;
                Ok(id)
            },
        )
    }

    fn insert(&self, by: &By, id: StaffId, name: &str, role: Role, hash: &str) -> Result<(), PeopleError> {
        self.conn.execute(
            "INSERT INTO person (id, at, actor, approver, request_id) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![id.0, by.now.0, by.actor.0, by.approver.map(|person| person.0), by.request.to_string()],
        )?;
        self.version(by, id, 1, name, role, true)?;
        self.conn.execute("INSERT INTO pin (person_id, hash) VALUES (?1, ?2)", params![id.0, hash])?;
        self.event(by, id, "added", role_word(role))
    }

    fn version(
        &self,
        by: &By,
        id: StaffId,
        version: i64,
        name: &str,
        role: Role,
        active: bool,
    ) -> Result<(), PeopleError> {
        self.conn.execute(
            "INSERT INTO person_version (person_id, version, name, role, active, at, actor, approver, request_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                id.0,
                version,
                name,
                role_word(role),
                active,
                by.now.0,
                by.actor.0,
                by.approver.map(|person| person.0),
                by.request.to_string()
            ],
        )?;
        Ok(())
    }

    /// Changes a name, a role, or whether somebody works here.
    ///
    /// # Errors
    /// [`PeopleError::Unknown`], [`PeopleError::OwnerOnly`], [`PeopleError::LastOwner`], [`LedgerError::BadName`],
    /// [`LedgerError::SameIdOtherContent`].
    pub fn edit(
        &self,
        by: &By,
        who: StaffId,
        name: &str,
        role: Role,
        active: bool,
    ) -> Result<Done, PeopleError> {
        let name = name::tidy(name)?;
        let (done, _) = self.once(
            by,
            "edit",
            |canon| canon.number(who.0).text(&name).text(role_word(role)).number(active.into()),
            || {
                let people = self.all()?;
                let before = people.iter().find(|person| person.id == who).ok_or(PeopleError::Unknown)?;
                let asker = self.person(by.actor)?.role;
                rules::may_change(asker, before.role)?;
                rules::may_change(asker, role)?;
                let other_owner = people
                    .iter()
                    .any(|person| person.id != who && person.active && person.role == Role::Owner);
                if before.role == Role::Owner && !other_owner && (role != Role::Owner || !active) {
                    return Err(PeopleError::LastOwner);
                }
                if (before.name.as_str(), before.role, before.active) != (name.as_str(), role, active) {
                    let last: i64 = self.conn.query_row(
                        "SELECT max(version) FROM person_version WHERE person_id = ?1",
                        [who.0],
                        |row| row.get(0),
                    )?;
                    self.version(by, who, last.saturating_add(1), &name, role, active)?;
                }
                Ok(who)
            },
        )?;
        Ok(done)
    }

    /// Sets a PIN, and forgives the wrong ones. Whether the old one was right is for the caller to have checked.
    ///
    /// # Errors
    /// [`PeopleError::Unknown`], [`PeopleError::OwnerOnly`], [`LedgerError::SameIdOtherContent`].
    pub fn set_pin(&self, by: &By, who: StaffId, hash: &str) -> Result<Done, PeopleError> {
        let (done, _) = self.once(
            by,
            "pin",
            |canon| canon.number(who.0),
            || {
                let person = self.person(who)?;
                if who != by.actor {
                    rules::may_change(self.person(by.actor)?.role, person.role)?;
                }
                self.conn.execute("UPDATE pin SET hash = ?2 WHERE person_id = ?1", params![who.0, hash])?;
                self.forgive(who)?;
                self.event(by, who, "pin_set", "")?;
                Ok(who)
            },
        )?;
        Ok(done)
    }

    /// Lets somebody try again. Nobody does that for themselves.
    ///
    /// # Errors
    /// [`PeopleError::Unknown`], [`PeopleError::OwnerOnly`] without a manager's role or for oneself,
    /// [`LedgerError::SameIdOtherContent`].
    pub fn unlock(&self, by: &By, who: StaffId) -> Result<Done, PeopleError> {
        let (done, _) = self.once(
            by,
            "unlock",
            |canon| canon.number(who.0),
            || {
                self.person(who)?;
                if who == by.actor || self.person(by.actor)?.role < Role::Manager {
                    return Err(PeopleError::OwnerOnly);
                }
                self.forgive(who)?;
                self.event(by, who, "unlocked", "")?;
                Ok(who)
            },
        )?;
        Ok(done)
    }

    /// Sets after how many idle minutes the screen is locked.
    ///
    /// # Errors
    /// [`LedgerError::BadSetting`], [`LedgerError::SameIdOtherContent`].
    pub fn set_idle_minutes(&self, by: &By, minutes: u32) -> Result<Done, PeopleError> {
        if !(1..=240).contains(&minutes) {
            return Err(LedgerError::BadSetting("idle_minutes").into());
        }
        let (done, _) = self.once(by, "idle", |canon| canon.number(minutes.into()), || {
            self.conn.execute(
                "INSERT INTO idle_rule (minutes, at, actor, approver, request_id) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    minutes,
                    by.now.0,
                    by.actor.0,
                    by.approver.map(|person| person.0),
                    by.request.to_string()
                ],
            )?;
            Ok(by.actor)
        })?;
        Ok(done)
    }

    /// Counts a try as wrong before it is checked, and hands out the hash to check it against. `since_ms`: how long ago
    /// the last try was, by a clock that nobody can set.
    ///
    /// # Errors
    /// [`PeopleError::Unknown`], [`PeopleError::Wait`], [`PeopleError::Locked`]; nothing is counted then.
    pub fn begin_try(&self, who: StaffId, since_ms: i64) -> Result<String, PeopleError> {
        let people = self.all()?;
        let person =
            people.iter().find(|person| person.id == who && person.active).ok_or(PeopleError::Unknown)?;
        if rules::is_locked(person, &people) {
            return Err(PeopleError::Locked);
        }
        let left_ms = rules::wait_ms(person.failed).saturating_sub(since_ms);
        if left_ms > 0 {
            return Err(PeopleError::Wait { left_ms });
        }
        self.conn.execute(
            "INSERT INTO pin_try (person_id, failed) VALUES (?1, 1)
             ON CONFLICT (person_id) DO UPDATE SET failed = failed + 1",
            [who.0],
        )?;
        Ok(self.conn.query_row("SELECT hash FROM pin WHERE person_id = ?1", [who.0], |row| row.get(0))?)
    }

    /// It was right: the wrong ones before are forgiven. `what` was done with it: `sign_in`, or what was approved.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn was_right(
        &self,
        by: &By,
        who: StaffId,
        kind: &'static str,
        what: &str,
    ) -> Result<(), PeopleError> {
        self.forgive(who)?;
        self.event(by, who, kind, what)
    }

    /// It was wrong: what the next try has to wait for.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn was_wrong(&self, by: &By, who: StaffId, what: &str) -> Result<PeopleError, PeopleError> {
        self.event(by, who, "wrong_pin", what)?;
        let people = self.all()?;
        let person = people.iter().find(|person| person.id == who).ok_or(PeopleError::Unknown)?;
        Ok(PeopleError::WrongPin {
            wait_ms: rules::wait_ms(person.failed),
            locked: rules::is_locked(person, &people),
        })
    }

    fn forgive(&self, who: StaffId) -> Result<(), PeopleError> {
        self.conn.execute("UPDATE pin_try SET failed = 0 WHERE person_id = ?1", [who.0])?;
        Ok(())
    }

    /// Writes down something that happened to somebody.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn event(&self, by: &By, who: StaffId, kind: &'static str, detail: &str) -> Result<(), PeopleError> {
        self.conn.execute(
            "INSERT INTO people_event (at, person_id, kind, detail, actor, approver, request_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                by.now.0,
                who.0,
                kind,
                detail,
                by.actor.0,
                by.approver.map(|person| person.0),
                by.request.to_string()
            ],
        )?;
        Ok(())
    }

    /// The same id with the same content was done before; with other content it is refused.
    fn once(
        &self,
        by: &By,
        kind: &'static str,
        fill: impl FnOnce(&mut Canon) -> &mut Canon,
        f: impl FnOnce() -> Result<StaffId, PeopleError>,
    ) -> Result<(Done, StaffId), PeopleError> {
        let mut canon = Canon::new(kind);
        fill(&mut canon);
        let content: Hash = canon.finish();
        let before: Option<(Vec<u8>, i64)> = self
            .conn
            .query_row(
                "SELECT digest, person_id FROM people_request WHERE kind = ?1 AND request_id = ?2",
                params![kind, by.request.to_string()],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        match before {
            Some((digest, _)) if digest != content => return Err(LedgerError::SameIdOtherContent.into()),
            Some((_, person)) => return Ok((Done::Before, StaffId(person))),
            None => {}
        }
        let person = f()?;
        self.conn.execute(
            "INSERT INTO people_request (kind, request_id, digest, person_id, at, actor) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![kind, by.request.to_string(), content, person.0, by.now.0, by.actor.0],
        )?;
        Ok((Done::Now, person))
    }
}
