//! The shop's people: one small file beside the books, in which everybody has the number that stands on the books' rows.
//!
//! It knows no PIN and no cipher: a PIN's hash is handed in and out as text, and time as numbers. Who may approve, who may
//! change whom and how long a wrong PIN costs are pure functions ([`rules`]).

mod registry;
pub mod rules;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};
use rusqlite_migration::{M, Migrations};

use crate::error::LedgerError;
use crate::ids::{Role, StaffId};
use crate::store::{NEWER, configure, fingerprint};

pub use registry::People;

/// "PTLS": tells the file from a book.
const APPLICATION_ID: i64 = 0x5054_4c53;

/// Somebody behind the counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their number, the same in every book; from 2 up.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they still work here.
    pub active: bool,
    /// Wrong PINs in a row.
    pub failed: u32,
}

/// Why the register refuses or fails.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// The shop has an owner.
    #[error("there is an owner")]
    OwnerExists,
    /// Nobody who works here has this number.
    #[error("nobody has this number")]
    Unknown,
    /// Only an owner makes, changes or ends owners and managers.
    #[error("only an owner may")]
    OwnerOnly,
    /// The last owner stays one.
    #[error("the last owner")]
    LastOwner,
    /// No PIN that can be taken: not 4 to 12 digits, or one that everybody tries first.
    #[error("no usable PIN")]
    BadPin,
    /// Another PIN than theirs.
    #[error("another PIN")]
    WrongPin {
        /// How long the next try has to wait, in milliseconds.
        wait_ms: i64,
        /// There is no next try until a manager unlocks.
        locked: bool,
    },
    /// Too early after a wrong one; nothing was checked or counted.
    #[error("to wait {left_ms} ms")]
    Wait {
        /// What is left of the wait, in milliseconds.
        left_ms: i64,
    },
    /// Until a manager unlocks; nothing was checked.
    #[error("locked")]
    Locked,
    /// The file cannot be read: nobody is let in.
    #[error("the register of people cannot be read")]
    Unreadable,
    /// What the file says.
    #[error("register")]
    Ledger(#[from] LedgerError),
}

impl From<rusqlite::Error> for PeopleError {
    fn from(error: rusqlite::Error) -> PeopleError {
        LedgerError::from(error).into()
    }
}

fn migrations() -> Migrations<'static> {
    Migrations::new(vec![M::up(include_str!("../migrations/people/0001_people.sql"))])
}

/// The register's file, open for writing.
pub struct PeopleStore {
    conn: Connection,
    path: PathBuf,
}

impl PeopleStore {
    /// Opens the register, or makes it.
    ///
    /// # Errors
    /// [`LedgerError::OtherBook`] for another file, [`LedgerError::Newer`], [`LedgerError::Broken`] where its tables or
    /// triggers are not as this version makes them, or what SQLite says.
    pub fn open(path: &Path) -> Result<PeopleStore, LedgerError> {
        let mut conn = Connection::open(path)?;
        configure(&conn)?;
        let application: i64 = conn.query_row("PRAGMA application_id", [], |row| row.get(0))?;
        let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if tables > 0 && application != APPLICATION_ID {
            return Err(LedgerError::OtherBook { found: "no register of people".to_owned() });
        }
        conn.pragma_update(None, "application_id", APPLICATION_ID)?;
        migrations().to_latest(&mut conn).map_err(|error| {
            if error == NEWER { LedgerError::Newer } else { LedgerError::Migration(error) }
        })?;
        let mut fresh = Connection::open_in_memory()?;
        migrations().to_latest(&mut fresh)?;
        if fingerprint(&conn)? != fingerprint(&fresh)? {
            return Err(LedgerError::Broken { seq: 0, fault: "people schema" });
        }
        Ok(PeopleStore { conn, path: path.to_owned() })
    }

    /// Runs `f` in one IMMEDIATE transaction. All that it wrote is on disk when this returns `Ok`.
    ///
    /// # Errors
    /// What `f` says; nothing is written then. After an error at the commit nobody knows: the file is opened again, and
    /// the caller asks again with the same request id.
    pub fn write<T>(
        &mut self,
        f: impl FnOnce(&People<'_>) -> Result<T, PeopleError>,
    ) -> Result<T, PeopleError> {
        let transaction = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = f(&People::new(&transaction))?;
        match transaction.commit() {
            Ok(()) => Ok(value),
            Err(error) => {
                let conn = Connection::open(&self.path)?;
                configure(&conn)?;
                self.conn = conn;
                Err(error.into())
            }
        }
    }

    /// Carries the log into the file.
    ///
    /// # Errors
    /// What SQLite says; what was committed is safe in the log.
    pub fn checkpoint(&self) -> Result<(), LedgerError> {
        self.conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        Ok(())
    }
}
