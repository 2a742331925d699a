//! Backups and drills are noted; a restored book says so, and takes up payments whose charge was lost.

use money::{Points, Won};
use rusqlite::params;

use super::{Book, content};
use crate::error::{Done, LedgerError};
use crate::gate::{Found, FoundStatus, Listed, Said};
use crate::ids::{ChargeId, MemberId, UnixMillis};
use crate::model::{By, Intent};
use crate::reader::{Lost, Orphan};
use crate::reconcile::{Difference, DifferenceKind};
use crate::timetable::{Watched, next_look};
use crate::txn;

/// A backup or a drill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// A drill, else a backup.
    pub drill: bool,
    /// The file's name, where it came that far.
    pub file: Option<String>,
    /// How many transactions are in it.
    pub transactions: Option<i64>,
    /// The last hash in it, in hex.
    pub head: Option<String>,
    /// A word for what is wrong; `None`: it is good.
    pub fault: Option<&'static str>,
}

/// A restore, written into the book that is put back before it takes its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRestore {
    /// The backup's name.
    pub file: String,
    /// When it was made.
    pub made_at: UnixMillis,
    /// How many transactions it had.
    pub transactions: i64,
    /// The last hash in it, in hex.
    pub head: String,
    /// PortOne is asked for everything since.
    pub ask_from: UnixMillis,
    /// The file name of the book that is put aside.
    pub aside: Option<String>,
    /// What that book has that this one has not; `None`: it cannot be read.
    pub lost: Option<Vec<Lost>>,
}

/// A payment under our own kind of order whose charge this book does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrphan {
    /// What PortOne said of it.
    pub found: Found,
    /// The sum.
    pub won: Won,
    /// What the order carried, unread.
    pub custom_data: Option<String>,
}

impl NewOrphan {
    /// A listed payment that a charge could be written for again; `None` where nothing is paid in whole won.
    #[must_use]
    pub fn of(listed: &Listed) -> Option<NewOrphan> {
        let won = match (&listed.found.status, &listed.found.amount) {
            (FoundStatus::Paid, Said::Whole(won)) => Won::new(*won).ok().filter(|won| !won.is_zero())?,
            (FoundStatus::Paid, Said::Odd(_)) => {
                tracing::error!(
                    imp_uid = listed.found.imp_uid,
                    "a payment whose charge is lost names no sum in whole won"
                );
                return None;
            }
            // Nothing was paid so far, or it went back. It is asked about again.
            (
                FoundStatus::Ready
                | FoundStatus::Failed
                | FoundStatus::Cancelled
                | FoundStatus::Unrecognized(_),
                _,
            ) => return None,
        };
        Some(NewOrphan { found: listed.found.clone(), won, custom_data: listed.custom_data.clone() })
    }
}

/// Who gets a payment whose charge was lost, and over which channel it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adopted {
    /// PortOne's name for the payment.
    pub imp_uid: String,
    /// Who gets the points.
    pub member: MemberId,
    /// The channel's key.
    pub channel_key: String,
    /// Named where the order does not name its charge in our own hand.
    pub charge: ChargeId,
}

impl Book<'_> {
    /// Notes a backup or a drill.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn note_run(&mut self, by: &By, run: &NewRun) -> Result<(), LedgerError> {
        self.conn.execute(
            "INSERT INTO backup_run (kind, file, transactions, head, fault, at, actor, approver, request_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                if run.drill { "drill" } else { "backup" },
                run.file,
                run.transactions,
                run.head,
                run.fault,
                by.now.0,
                by.actor.0,
                by.approver.map(|person| person.0),
                by.request.to_string()
            ],
        )?;
        Ok(())
    }

    /// Writes into a book that is about to be put back that it is. From then on no charge is started in it until
    /// [`Book::restore_asked`].
    ///
    /// # Errors
    /// What SQLite says.
    pub fn note_restore(&mut self, by: &By, new: &NewRestore) -> Result<(), LedgerError> {
        self.conn.execute(
            "INSERT INTO restore (file, made_at, transactions, head, ask_from, aside, lost_known, at, actor, approver, request_id,
                                  last_member)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, (SELECT coalesce(max(id), 0) FROM member))",
            params![
                new.file,
                new.made_at.0,
                new.transactions,
                new.head,
                new.ask_from.0,
                new.aside,
                new.lost.is_some(),
                by.now.0,
                by.actor.0,
                by.approver.map(|person| person.0),
                by.request.to_string()
            ],
        )?;
        let id = self.conn.last_insert_rowid();
        let mut statement = self.conn.prepare(
            "INSERT INTO restore_lost (restore_id, seq, kind, member_id, paid, bonus, charge_id, lost_at, actor, request_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?;
        for lost in new.lost.iter().flatten() {
            statement.execute(params![
                id,
                lost.seq,
                lost.kind.word(),
                lost.member.0,
                lost.paid,
                lost.bonus,
                lost.charge,
                lost.at.0,
                by.actor.0,
                by.request.to_string()
            ])?;
        }
        drop(statement);
        self.audit(by, "restore", &new.file)
    }

    /// PortOne named every payment since the backup: charges may be started again.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn restore_asked(
        &mut self,
        by: &By,
        restore: i64,
        payments: i64,
        known: i64,
    ) -> Result<(), LedgerError> {
        self.conn.execute(
            "INSERT INTO restore_asked (restore_id, payments, known, at, actor, request_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
            params![restore, payments, known, by.now.0, by.actor.0, by.request.to_string()],
        )?;
        Ok(())
    }

    /// Keeps a payment whose charge was lost, for a manager. `false`: it is kept already, or its charge is known after all.
    /// `restore`: after which restore it was found; `None` where this book does not know that it is an older one.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn keep_orphan(
        &mut self,
        by: &By,
        restore: Option<i64>,
        new: &NewOrphan,
    ) -> Result<bool, LedgerError> {
        let found = &new.found;
        if self.reader().charge_of_order(&found.merchant_uid)?.is_some() {
            return Ok(false);
        }
        let mark = self.reader().own_mark(new.custom_data.as_deref(), &found.merchant_uid, new.won)?;
        let paid_at = found.paid_at.unwrap_or(by.now);
        let written = self.conn.execute(
            "INSERT INTO orphan (imp_uid, restore_id, merchant_uid, won, pay_method, pg_provider, pg_id, started_at, paid_at,
                                 charge_id, member_id, at, actor, request_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) ON CONFLICT DO NOTHING",
            params![
                found.imp_uid,
                restore,
                found.merchant_uid,
                new.won.get(),
                found.pay_method,
                found.pg_provider.as_deref().unwrap_or_default(),
                found.pg_id.as_deref().unwrap_or_default(),
                found.started_at.unwrap_or(paid_at).min(paid_at).0,
                paid_at.0,
                mark.as_ref().map(|mark| mark.c.to_string()),
                mark.as_ref().map(|mark| mark.m.0),
                by.now.0,
                by.actor.0,
                by.request.to_string()
            ],
        )?;
        Ok(written > 0)
    }

    /// Takes up what a day's comparison with PortOne says about payments whose charge is lost: those that it found are kept,
    /// and those that went back are ended. So they come to light also where somebody put an older file back by hand, and
    /// however late they are paid: each moment of PortOne's time is in some day's comparison.
    pub(super) fn take_up_orphans(
        &mut self,
        by: &By,
        listed: &[Listed],
        found: &[Difference],
    ) -> Result<(), LedgerError> {
        let restore = self.reader().restore()?.map(|restore| restore.id);
        // The comparison looked at order and mode: what is unknown there is this book's.
        for one in found.iter().filter(|one| one.kind == DifferenceKind::UnknownCharge) {
            let payment = listed.iter().find(|listed| Some(&listed.found.imp_uid) == one.imp_uid.as_ref());
            if let Some(new) = payment.and_then(NewOrphan::of) {
                self.keep_orphan(by, restore, &new)?;
            }
        }
        for orphan in self.reader().orphans()? {
            let payment = listed.iter().find(|listed| listed.found.imp_uid == orphan.imp_uid);
            if payment.is_some_and(|payment| payment.found.is_given_back()) {
                self.end_orphan(by, &orphan.imp_uid, true)?;
            }
        }
        Ok(())
    }

    /// Ends an orphan: a manager decided that it goes back (`refund`), or PortOne says that all of it went back (`cancelled`).
    ///
    /// # Errors
    /// [`LedgerError::UnknownCharge`].
    pub fn end_orphan(&mut self, by: &By, imp_uid: &str, went_back: bool) -> Result<(), LedgerError> {
        self.reader().orphan(imp_uid)?;
        self.conn.execute(
            "INSERT INTO orphan_end (imp_uid, how, at, actor, approver, request_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
            params![
                imp_uid,
                if went_back { "cancelled" } else { "refund" },
                by.now.0,
                by.actor.0,
                by.approver.map(|person| person.0),
                by.request.to_string()
            ],
        )?;
        Ok(())
    }

    /// Writes again the intent of a charge that was lost, as the order's payment tells it, for the member whom a manager named.
    /// It is then settled like any other: PortOne is asked, and only what passes the gate is credited, once.
    ///
    /// # Errors
    /// [`LedgerError::UnknownMember`], [`LedgerError::UnknownCharge`], [`LedgerError::SameIdOtherContent`].
    pub fn adopt(&mut self, by: &By, new: &Adopted) -> Result<(Done, Intent), LedgerError> {
        let orphan = self.reader().orphan(&new.imp_uid)?;
        let charge = orphan.charge.unwrap_or(new.charge);
        let asked = content("adopt", |canon| {
            canon.text(&new.imp_uid).number(new.member.0);
        });
        let (done, ()) = self.once(by, "adopt", asked, |book| {
            if let Some(known) = book.reader().charge_of_order(&orphan.merchant_uid)? {
                // Another manager was faster. The member they named stays.
                let intent = book.reader().intent(known)?;
                return if intent.member == new.member {
                    Ok(())
                } else {
                    Err(LedgerError::SameIdOtherContent)
                };
            }
            book.write_adopted(by, new, &orphan, charge)
        })?;
        let charge =
            self.reader().charge_of_order(&orphan.merchant_uid)?.ok_or(LedgerError::UnknownCharge)?;
        Ok((done, self.reader().intent(charge)?))
    }

    fn write_adopted(
        &mut self,
        by: &By,
        new: &Adopted,
        orphan: &Orphan,
        charge: ChargeId,
    ) -> Result<(), LedgerError> {
        self.refuse_gone(new.member)?;
        txn::balance(self.conn, new.member)?;
        // What was promised then stands in no file any more: the rule in force now says what it gives.
        let quote = self.reader().quote(orphan.won, Some(new.member), by.now)?;
        self.conn.execute(
            "INSERT INTO charge (id, merchant_uid, member_id, won, bonus, bonus_rule, bonus_valid_days, method,
                                 channel_key, pg_provider, pg_id, at, actor, request_id, bonus_unless_first, expiry_rule)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
            params![
                charge.to_string(),
                orphan.merchant_uid,
                new.member.0,
                orphan.won.get(),
                quote.bonus.get(),
                quote.rule,
                quote.valid_days,
                orphan.pay_method.as_deref().unwrap_or("card"),
                new.channel_key,
                orphan.pg_provider,
                orphan.pg_id,
                orphan.started_at.0,
                by.actor.0,
                by.request.to_string(),
                quote.unless_first.map(Points::get),
                quote.expiry_rule,
            ],
        )?;
        let watched = Watched { started: by.now, deposit_due: None };
        self.conn.execute(
            "INSERT INTO charge_state (charge_id, state, look_at) VALUES (?1, 'open', ?2)",
            params![charge.to_string(), next_look(watched, by.now, 0).map(|at| at.0)],
        )?;
        self.note(by, charge, "adopted", Some(&orphan.imp_uid))?;
        self.audit(by, "orphan_credit", &orphan.imp_uid)
    }
}
