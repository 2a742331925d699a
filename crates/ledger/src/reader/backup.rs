//! Backups, restores, and payments whose charge was lost.

use money::Won;
use rusqlite::{OptionalExtension, Row};

use super::{Reader, at, won};
use crate::canon::hex;
use crate::error::LedgerError;
use crate::ids::{ChargeId, MemberId, RequestId, UnixMillis};
use crate::model::TransactionKind;

/// A backup or a drill that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupRun {
    /// The file's name, where it came that far.
    pub file: Option<String>,
    /// Why it is not good; `None`: it is.
    pub fault: Option<String>,
    /// When.
    pub at: UnixMillis,
}

/// How the book's backups stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BackupStanding {
    /// The latest backup, good or not.
    pub last: Option<BackupRun>,
    /// The latest good one.
    pub good: Option<BackupRun>,
    /// The latest drill, good or not.
    pub drill: Option<BackupRun>,
    /// The latest good one.
    pub good_drill: Option<BackupRun>,
}

/// That this book was put back from a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restore {
    /// Its number.
    pub id: i64,
    /// The backup's name.
    pub file: String,
    /// When the backup was made.
    pub made_at: UnixMillis,
    /// How many transactions it had.
    pub transactions: i64,
    /// PortOne is asked for everything since.
    pub ask_from: UnixMillis,
    /// The file name of the book that was put aside.
    pub aside: Option<String>,
    /// Whether the put-aside book could be read.
    pub lost_known: bool,
    /// When it was put back.
    pub at: UnixMillis,
    /// When PortOne had answered; `None`: not yet, and no charge is started.
    pub asked_at: Option<UnixMillis>,
    /// How many payments of ours PortOne named.
    pub payments: i64,
    /// How many of them are of charges that the backup has.
    pub known: i64,
    /// The last member that the backup knew: a number above it is another person than in the book that was put aside.
    pub last_member: MemberId,
}

/// A transaction that the backup did not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// Its place in the book that was put aside.
    pub seq: i64,
    /// What it was.
    pub kind: TransactionKind,
    /// Whose, as that book numbered them.
    pub member: MemberId,
    /// By how many paid points.
    pub paid: i64,
    /// By how many bonus points.
    pub bonus: i64,
    /// Of which charge.
    pub charge: Option<String>,
    /// When.
    pub at: UnixMillis,
}

/// A payment under our own kind of order whose charge this book does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orphan {
    /// PortOne's name for it.
    pub imp_uid: String,
    /// The order.
    pub merchant_uid: String,
    /// What was paid.
    pub won: Won,
    /// How, as PortOne says it.
    pub pay_method: Option<String>,
    /// The payment company.
    pub pg_provider: String,
    /// The MID.
    pub pg_id: String,
    /// When it was started, by PortOne's clock.
    pub started_at: UnixMillis,
    /// When it was paid, by PortOne's clock.
    pub paid_at: UnixMillis,
    /// The charge that the order named, where its signature is ours.
    pub charge: Option<ChargeId>,
    /// The member that the order named, where they were in the backup already: a number that was given out since is
    /// somebody else's.
    pub member: Option<MemberId>,
    /// A manager decided that it goes back.
    pub to_refund: bool,
}

impl Reader<'_> {
    /// How the book's backups stand.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn backups(&self) -> Result<BackupStanding, LedgerError> {
        let latest = |kind: &str, good: bool| -> Result<Option<BackupRun>, LedgerError> {
            let sql = if good {
                "SELECT file, fault, at FROM backup_run WHERE kind = ?1 AND fault IS NULL ORDER BY id DESC LIMIT 1"
            } else {
                "SELECT file, fault, at FROM backup_run WHERE kind = ?1 ORDER BY id DESC LIMIT 1"
            };
            let row = |row: &Row<'_>| {
                Ok(BackupRun { file: row.get(0)?, fault: row.get(1)?, at: UnixMillis(row.get(2)?) })
            };
            Ok(self.conn.prepare_cached(sql)?.query_row([kind], row).optional()?)
        };
        Ok(BackupStanding {
            last: latest("backup", false)?,
            good: latest("backup", true)?,
            drill: latest("drill", false)?,
            good_drill: latest("drill", true)?,
        })
    }

    /// Whether nobody was written into this book yet: neither a member nor a transaction.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn is_unused(&self) -> Result<bool, LedgerError> {
        Ok(self.conn.query_row(
            "SELECT NOT EXISTS (SELECT 1 FROM member) AND NOT EXISTS (SELECT 1 FROM txn)",
            [],
            |row| row.get(0),
        )?)
    }

    /// The hash of the transaction at a place, in hex; of the book's beginning at 0. `None`: there is none so far.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn chain_at(&self, seq: i64) -> Result<Option<String>, LedgerError> {
        if seq == 0 {
            // An empty book has no row to compare; the stamp was.
            return Ok(Some(hex(&[0; 32])));
        }
        let hash: Option<Vec<u8>> =
            self.conn.query_row("SELECT hash FROM txn WHERE seq = ?1", [seq], |row| row.get(0)).optional()?;
        Ok(hash.map(|hash| hex(&hash)))
    }

    /// When something was last written about money here: the latest transaction, or the latest charge that was started.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn last_money_at(&self) -> Result<Option<UnixMillis>, LedgerError> {
        Ok(at(self.conn.query_row(
            "SELECT max(coalesce((SELECT at FROM txn ORDER BY seq DESC LIMIT 1), 0),
                        coalesce((SELECT max(at) FROM charge_event), 0))",
            [],
            |row| row.get(0),
        )?)
        .filter(|at| at.0 > 0))
    }

    /// The latest time that this book was put back; `None`: never.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn restore(&self) -> Result<Option<Restore>, LedgerError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT id, file, made_at, transactions, ask_from, aside, lost_known, restore.at, restore_asked.at,
                        coalesce(payments, 0), coalesce(known, 0), last_member
                 FROM restore LEFT JOIN restore_asked ON restore_asked.restore_id = restore.id
                 ORDER BY id DESC LIMIT 1",
            )?
            .query_row([], |row| {
                Ok(Restore {
                    id: row.get(0)?,
                    file: row.get(1)?,
                    made_at: UnixMillis(row.get(2)?),
                    transactions: row.get(3)?,
                    ask_from: UnixMillis(row.get(4)?),
                    aside: row.get(5)?,
                    lost_known: row.get(6)?,
                    at: UnixMillis(row.get(7)?),
                    asked_at: at(row.get(8)?),
                    payments: row.get(9)?,
                    known: row.get(10)?,
                    last_member: MemberId(row.get(11)?),
                })
            })
            .optional()?)
    }

    /// The restore after which PortOne was not asked yet: no charge is started.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn restore_pending(&self) -> Result<Option<Restore>, LedgerError> {
        Ok(self.restore()?.filter(|restore| restore.asked_at.is_none()))
    }

    /// Whether this request put the book back.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn was_restored_by(&self, request: RequestId) -> Result<bool, LedgerError> {
        Ok(self.conn.query_row(
            "SELECT EXISTS (SELECT 1 FROM restore WHERE request_id = ?1)",
            [request.to_string()],
            |row| row.get(0),
        )?)
    }

    /// What the put-aside book had that the backup had not, in its order.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn lost(&self, restore: i64) -> Result<Vec<Lost>, LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT seq, kind, member_id, paid, bonus, charge_id, lost_at FROM restore_lost
             WHERE restore_id = ?1 ORDER BY seq",
        )?;
        let rows = statement.query_map([restore], lost)?;
        rows.map(|row| row?.ok_or(LedgerError::Broken { seq: 0, fault: "restore_lost" })).collect()
    }

    /// The transactions after a place, as another book's report names them: at most `most`.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn transactions_after(&self, seq: i64, most: i64) -> Result<Vec<Lost>, LedgerError> {
        let mut statement = self.conn.prepare(
            "SELECT txn.seq, txn.kind, txn.member_id,
                    -coalesce((SELECT sum(amount) FROM posting WHERE txn_seq = txn.seq AND account = 'paid'), 0),
                    -coalesce((SELECT sum(amount) FROM posting WHERE txn_seq = txn.seq AND account = 'bonus'), 0),
                    txn.charge_id, txn.at
             FROM txn WHERE txn.seq > ?1 ORDER BY txn.seq LIMIT ?2",
        )?;
        let rows = statement.query_map([seq, most], lost)?;
        rows.map(|row| row?.ok_or(LedgerError::Broken { seq, fault: "kind" })).collect()
    }

    /// The charge of an order; `None`: this book does not know it.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn charge_of_order(&self, merchant_uid: &str) -> Result<Option<ChargeId>, LedgerError> {
        let charge: Option<String> = self
            .conn
            .prepare_cached("SELECT id FROM charge WHERE merchant_uid = ?1")?
            .query_row([merchant_uid], |row| row.get(0))
            .optional()?;
        charge
            .map(|charge| {
                ChargeId::parse(&charge).map_err(|_| LedgerError::Broken { seq: 0, fault: "charge" })
            })
            .transpose()
    }

    /// Payments whose charge was lost and that nobody has seen to, the oldest first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn orphans(&self) -> Result<Vec<Orphan>, LedgerError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "{ORPHAN}
             WHERE NOT EXISTS (SELECT 1 FROM charge WHERE charge.merchant_uid = orphan.merchant_uid)
               AND NOT EXISTS (SELECT 1 FROM orphan_end WHERE orphan_end.imp_uid = orphan.imp_uid AND how = 'cancelled')
             ORDER BY orphan.paid_at, orphan.imp_uid"
        ))?;
        let rows = statement.query_map([], orphan)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One of them, whatever became of it.
    ///
    /// # Errors
    /// [`LedgerError::UnknownCharge`].
    pub fn orphan(&self, imp_uid: &str) -> Result<Orphan, LedgerError> {
        self.conn
            .prepare_cached(&format!("{ORPHAN} WHERE orphan.imp_uid = ?1"))?
            .query_row([imp_uid], orphan)
            .optional()?
            .ok_or(LedgerError::UnknownCharge)
    }
}

/// A member whom an order names is suggested only where the backup had them.
const ORPHAN: &str =
    "SELECT orphan.imp_uid, orphan.merchant_uid, orphan.won, orphan.pay_method, orphan.pg_provider,
        orphan.pg_id, orphan.started_at, orphan.paid_at, orphan.charge_id,
        (SELECT member.id FROM member JOIN restore ON restore.id = orphan.restore_id
         WHERE member.id = orphan.member_id AND member.id <= restore.last_member),
        EXISTS (SELECT 1 FROM orphan_end WHERE orphan_end.imp_uid = orphan.imp_uid AND how = 'refund')
    FROM orphan";

fn orphan(row: &Row<'_>) -> rusqlite::Result<Orphan> {
    let charge: Option<String> = row.get(8)?;
    let member: Option<i64> = row.get(9)?;
    Ok(Orphan {
        imp_uid: row.get(0)?,
        merchant_uid: row.get(1)?,
        won: won(row.get(2)?),
        pay_method: row.get(3)?,
        pg_provider: row.get(4)?,
        pg_id: row.get(5)?,
        started_at: UnixMillis(row.get(6)?),
        paid_at: UnixMillis(row.get(7)?),
        charge: charge.and_then(|charge| ChargeId::parse(&charge).ok()),
        member: member.map(MemberId),
        to_refund: row.get(10)?,
    })
}

fn lost(row: &Row<'_>) -> rusqlite::Result<Option<Lost>> {
    let kind: String = row.get(1)?;
    let Some(kind) = TransactionKind::of(&kind) else { return Ok(None) };
    Ok(Some(Lost {
        seq: row.get(0)?,
        kind,
        member: MemberId(row.get(2)?),
        paid: row.get(3)?,
        bonus: row.get(4)?,
        charge: row.get(5)?,
        at: UnixMillis(row.get(6)?),
    }))
}
