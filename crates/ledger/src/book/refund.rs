//! Refunds: the intent and the hold, before anything leaves the machine.

use money::{Points, Won};
use rusqlite::params;

use super::{Book, content};
use crate::error::{Done, LedgerError};
use crate::ids::{ChargeId, LotId, MemberId, RefundId, RequestId};
use crate::model::{By, TransactionKind};
use crate::reader::{Refund, RefundState};
use crate::record::LotUseRow;
use crate::refund::{
    Basis, Closed, PaidBy, RefundStep, RefundSum, RefundWay, needs_account, refund_sum, way_closed,
};
use crate::txn::{self, Account, Entry};

/// Of what something is given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundOf {
    /// A lot: all that is left of its paid points, or so many of them.
    Lot(LotId, Option<Points>),
    /// A payment that was never credited: all of it.
    Payment(ChargeId, String),
}

/// Where a deposit goes back to. It is kept only until the refund has ended.
#[derive(Clone, PartialEq, Eq)]
pub struct RefundAccount {
    /// The bank's code, as the payment company writes it.
    pub bank: String,
    /// The account's number.
    pub number: String,
    /// The name on it.
    pub holder: String,
}

impl std::fmt::Debug for RefundAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Personal data reaches no log.
        f.write_str("RefundAccount(…)")
    }
}

/// A refund that somebody asked for.
#[derive(Debug, Clone)]
pub struct NewRefund {
    /// The screen's id.
    pub refund: RefundId,
    /// Of what.
    pub of: RefundOf,
    /// What goes back, as it was shown: another sum is refused.
    pub won: Won,
    /// By which way.
    pub way: RefundWay,
    /// Without a claim, of goodwill.
    pub goodwill: bool,
    /// Where a deposit goes back to.
    pub account: Option<RefundAccount>,
    /// Why, and the proof of what was paid out: free text, which can be erased.
    pub note: String,
}

/// What is agreed about a refund.
struct Agreed {
    member: MemberId,
    charge: Option<ChargeId>,
    imp_uid: Option<String>,
    lot: Option<LotId>,
    rule: Option<i64>,
    sum: RefundSum,
    needs_account: bool,
}

impl Book<'_> {
    /// Writes the intent, frozen, and holds the points: nobody can spend them while PortOne is asked. Cash and a transfer go
    /// out at once, so hold and end are one transaction there. The same id with the same content was done before.
    ///
    /// # Errors
    /// [`LedgerError::NothingToRefund`], [`LedgerError::RefundChanged`], [`LedgerError::WayClosed`],
    /// [`LedgerError::NoClaim`], [`LedgerError::AccountNeeded`], [`LedgerError::SameIdOtherContent`]; nothing is written.
    pub fn open_refund(&mut self, by: &By, new: &NewRefund) -> Result<(Done, Refund), LedgerError> {
        let asked = content("refund", |canon| {
            match &new.of {
                RefundOf::Lot(lot, part) => {
                    canon.text("lot").text(&lot.to_string()).maybe_number(part.map(Points::get))
                }
                RefundOf::Payment(charge, imp_uid) => {
                    canon.text("payment").text(&charge.to_string()).text(imp_uid)
                }
            };
            // The account stays out: a digest of a number that short could be guessed.
            canon.number(new.won.get()).text(new.way.word()).number(i64::from(new.goodwill)).text(&new.note);
        });
        let by = By { request: RequestId(new.refund.0), ..*by };
        let (done, ()) = self.once(&by, "refund", asked, |book| {
            let agreed = book.agree(&by, new)?;
            book.write_refund(&by, new, &agreed)?;
            if new.way == RefundWay::Pg {
                if agreed.lot.is_some() {
                    book.hold(&by, new, &agreed)?;
                }
                book.look_soon(&by, agreed.charge)
            } else {
                book.pay_out(&by, new, &agreed)
            }
        })?;
        Ok((done, self.reader().refund(new.refund)?))
    }

    fn agree(&self, by: &By, new: &NewRefund) -> Result<Agreed, LedgerError> {
        let agreed = match &new.of {
            RefundOf::Lot(lot, part) => {
                let found = self.reader().refund_lot(*lot)?;
                let sum = refund_sum(&found.account, &found.rule, by.now, *part)?;
                if let Some(closed) = way_closed(new.way, found.paid_by.as_ref(), sum.won, by.now) {
                    return Err(LedgerError::WayClosed(closed));
                }
                let needs = found
                    .paid_by
                    .as_ref()
                    .zip(found.pg_provider.as_ref())
                    .is_some_and(|(paid_by, pg)| needs_account(&paid_by.method, pg));
                Agreed {
                    member: self.reader().current_member(found.member)?,
                    charge: found.charge,
                    imp_uid: found.imp_uid,
                    lot: Some(found.lot),
                    rule: Some(found.rule.version),
                    sum,
                    needs_account: needs,
                }
            }
            RefundOf::Payment(charge, imp_uid) => self.agree_payment(by, new.way, *charge, imp_uid)?,
        };
        if agreed.sum.won != new.won {
            return Err(LedgerError::RefundChanged);
        }
        if !agreed.sum.claim && !new.goodwill {
            return Err(LedgerError::NoClaim);
        }
        if new.way == RefundWay::Pg && agreed.needs_account && new.account.is_none() {
            return Err(LedgerError::AccountNeeded);
        }
        Ok(agreed)
    }

    /// A payment that was never credited goes back as a whole, by the way that it came.
    fn agree_payment(
        &self,
        by: &By,
        way: RefundWay,
        charge: ChargeId,
        imp_uid: &str,
    ) -> Result<Agreed, LedgerError> {
        let intent = self.reader().intent(charge)?;
        let found = self
            .reader()
            .disputed_payments(intent.member)?
            .into_iter()
            .find(|payment| payment.charge == charge && payment.imp_uid == imp_uid)
            .ok_or(LedgerError::NothingToRefund)?;
        let paid_by = PaidBy {
            method: found.method.clone(),
            paid_at: intent.at,
            won: found.won,
            left: found.won,
            backed: found.won,
            under_way: found.under_way,
            refused_before: false,
        };
        // No points stand against it, so nothing but the payment itself can be given back.
        let closed = if way == RefundWay::Pg {
            way_closed(way, Some(&paid_by), found.won, by.now)
        } else {
            Some(Closed::OriginalFirst)
        };
        if let Some(closed) = closed {
            return Err(LedgerError::WayClosed(closed));
        }
        Ok(Agreed {
            member: self.reader().current_member(intent.member)?,
            charge: Some(charge),
            imp_uid: Some(imp_uid.to_owned()),
            lot: None,
            rule: None,
            sum: RefundSum {
                won: found.won,
                paid: Points::ZERO,
                bonus: Points::ZERO,
                expired: Points::ZERO,
                fee: Won::ZERO,
                claim: true,
                basis: Basis::NeverCredited,
                steps: vec![RefundStep::Paid { won: found.won }, RefundStep::Back { won: found.won }],
            },
            needs_account: needs_account(&found.method, &found.pg_provider),
        })
    }

    fn write_refund(&mut self, by: &By, new: &NewRefund, agreed: &Agreed) -> Result<(), LedgerError> {
        let broken = |_| LedgerError::BadSetting("arithmetic");
        let steps = serde_json::to_string(&agreed.sum.steps).map_err(broken)?;
        let basis = serde_json::to_value(agreed.sum.basis).map_err(broken)?;
        let sum = &agreed.sum;
        self.conn.execute(
            "INSERT INTO refund (id, member_id, charge_id, imp_uid, lot_id, way, won, paid, bonus, expired, fee, claim, basis,
                                 rule, arithmetic, at, actor, approver, request_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
            params![
                new.refund.to_string(),
                agreed.member.0,
                agreed.charge.map(|charge| charge.to_string()),
                agreed.imp_uid,
                agreed.lot.map(|lot| lot.to_string()),
                new.way.word(),
                sum.won.get(),
                sum.paid.get(),
                sum.bonus.get(),
                sum.expired.get(),
                sum.fee.get(),
                sum.claim,
                basis.as_str().unwrap_or_default(),
                agreed.rule,
                steps,
                by.now.0,
                by.actor.0,
                by.approver.map(|person| person.0),
                by.request.to_string(),
            ],
        )?;
        let state = if new.way == RefundWay::Pg { RefundState::Holding } else { RefundState::Posted };
        self.conn.execute(
            "INSERT INTO refund_state (refund_id, imp_uid, charge_id, state) VALUES (?1, ?2, ?3, ?4)",
            params![
                new.refund.to_string(),
                agreed.imp_uid,
                agreed.charge.map(|charge| charge.to_string()),
                state.word()
            ],
        )?;
        if let (RefundWay::Pg, Some(account)) = (new.way, &new.account) {
            self.conn.execute(
                "INSERT INTO refund_account (refund_id, bank, number, holder, actor, request_id)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    new.refund.to_string(),
                    account.bank,
                    account.number,
                    account.holder,
                    by.actor.0,
                    by.request.to_string()
                ],
            )?;
        }
        if agreed.lot.is_none() {
            self.conn.execute(
                "INSERT INTO refund_note (refund_id, text, actor, request_id) VALUES (?1, ?2, ?3, ?4)",
                params![new.refund.to_string(), new.note, by.actor.0, by.request.to_string()],
            )?;
        }
        self.refund_note(by, new.refund, "opened", Some(new.way.word()))
    }

    /// Adds to what happened to a refund.
    pub(super) fn refund_note(
        &mut self,
        by: &By,
        refund: RefundId,
        kind: &str,
        detail: Option<&str>,
    ) -> Result<(), LedgerError> {
        self.conn
            .prepare_cached(
                "INSERT INTO refund_event (refund_id, at, kind, detail, actor, request_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                refund.to_string(),
                by.now.0,
                kind,
                detail,
                by.actor.0,
                by.request.to_string()
            ])?;
        Ok(())
    }

    /// The points go from the member to what is held for the refund.
    fn hold(&mut self, by: &By, new: &NewRefund, agreed: &Agreed) -> Result<(), LedgerError> {
        let sum = &agreed.sum;
        let held = sum
            .paid
            .checked_add(sum.bonus)
            .and_then(|held| held.checked_add(sum.expired))
            .ok_or(LedgerError::AmountTooLarge)?;
        let mut entry = taken(agreed);
        entry.post(Account::Held, held.get().saturating_neg());
        entry.fact("refund", new.refund);
        entry.fact("phase", "hold");
        entry.fact("refund_once", format!("{}/hold", new.refund));
        entry.note = Some(new.note.clone());
        self.write_txn(by, entry)
    }

    /// Cash or a transfer: the money is out with the same transaction.
    fn pay_out(&mut self, by: &By, new: &NewRefund, agreed: &Agreed) -> Result<(), LedgerError> {
        let sum = &agreed.sum;
        let mut entry = taken(agreed);
        let from = if new.way == RefundWay::Cash { Account::Cash } else { Account::Bank };
        entry.post(from, sum.won.get().saturating_neg());
        entry.post(Account::BonusCost, sum.bonus.get().saturating_neg());
        entry.post(Account::RefundFee, sum.fee.get().saturating_neg());
        entry.fact("refund", new.refund);
        entry.fact("phase", "post");
        entry.fact("refund_once", format!("{}/end", new.refund));
        entry.note = Some(new.note.clone());
        self.write_txn(by, entry)?;
        self.refund_note(by, new.refund, "posted", Some(new.way.word()))
    }

    pub(super) fn write_txn(&mut self, by: &By, entry: Entry) -> Result<(), LedgerError> {
        let turns_at = self.reader().day_turns_at()?;
        txn::write(self.conn, self.random, by, turns_at, entry).map(|_| ())
    }

    /// Nothing waits for the charge's own timetable: whatever happens to this program, PortOne is asked at once.
    fn look_soon(&mut self, by: &By, charge: Option<ChargeId>) -> Result<(), LedgerError> {
        let charge = charge.ok_or(LedgerError::UnknownCharge)?;
        self.conn.execute(
            "UPDATE charge_state SET look_at = ?2 WHERE charge_id = ?1",
            params![charge.to_string(), by.now.0],
        )?;
        Ok(())
    }
}

/// The points leave the member and the lot.
fn taken(agreed: &Agreed) -> Entry {
    let sum = &agreed.sum;
    let mut entry = Entry::new(TransactionKind::Refund, agreed.member);
    entry.post(Account::Paid, sum.paid.get());
    entry.post(Account::Bonus, sum.bonus.get());
    entry.post(Account::Breakage, sum.expired.get());
    if let Some(lot) = agreed.lot.filter(|_| !(sum.paid.is_zero() && sum.bonus.is_zero())) {
        entry.uses.push(LotUseRow { lot: lot.to_string(), paid: sum.paid.get(), bonus: sum.bonus.get() });
    }
    entry
}
