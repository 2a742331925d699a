//! The one door through which points move: a whole transaction, hashed onto the last.

use money::{Points, Won};
use rusqlite::{Connection, OptionalExtension, params};

use crate::cached::Cached;
use crate::canon::Hash;
use crate::day::{business_date, day_after};
use crate::days;
use crate::error::LedgerError;
use crate::ids::{ChargeId, LotId, MemberId, TransactionId};
use crate::model::{Balance, By, Moved, TransactionKind};
use crate::random::{Random, uuid_v7};
use crate::record::{LotExpiryRow, LotRow, LotUseRow, PaymentRow, PostingRow, Record, genesis, note_hash};

/// What a posting counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Account {
    /// Money at the payment company.
    Pg,
    /// Money in the drawer.
    Cash,
    /// Money in the shop's bank account.
    Bank,
    /// A member's points that were paid for.
    Paid,
    /// A member's points that were given on top.
    Bonus,
    /// A member's points that a refund has reserved.
    Held,
    /// What a member owes the shop.
    Debt,
    /// What bonus points cost the shop.
    BonusCost,
    /// What points bought.
    Sales,
    /// Points that went without being used.
    Breakage,
    /// What the shop keeps of a refund.
    RefundFee,
    /// Between two transactions that belong together, and corrections.
    Suspense,
    /// What members brought from the shop's old book.
    Opening,
}

impl Account {
    const ALL: [Account; 13] = [
        Account::Pg,
        Account::Cash,
        Account::Bank,
        Account::Paid,
        Account::Bonus,
        Account::Held,
        Account::Debt,
        Account::BonusCost,
        Account::Sales,
        Account::Breakage,
        Account::RefundFee,
        Account::Suspense,
        Account::Opening,
    ];
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Account::Pg => "pg",
            Account::Cash => "cash",
            Account::Bank => "bank",
            Account::Paid => "paid",
            Account::Bonus => "bonus",
            Account::Held => "held",
            Account::Debt => "debt",
            Account::BonusCost => "bonus_cost",
            Account::Sales => "sales",
            Account::Breakage => "breakage",
            Account::RefundFee => "refund_fee",
            Account::Suspense => "suspense",
            Account::Opening => "opening",
        }
    }
    /// The account of a word in the book.
    pub(crate) fn of(word: &str) -> Option<Account> {
        Account::ALL.into_iter().find(|account| account.word() == word)
    }
    const OF_MEMBERS: [Account; 4] = [Account::Paid, Account::Bonus, Account::Held, Account::Debt];
    /// The account of this word, where it is one of a member's.
    pub(crate) fn of_member_by(word: &[u8]) -> Option<Account> {
        Account::OF_MEMBERS.into_iter().find(|account| account.word().as_bytes() == word)
    }
    fn of_member(self) -> bool {
        Account::OF_MEMBERS.contains(&self)
    }
}

/// What is to be written. Balance, place, id and hash are made here.
pub(crate) struct Entry {
    pub(crate) kind: TransactionKind,
    pub(crate) member: MemberId,
    pub(crate) charge: Option<ChargeId>,
    pub(crate) reverses: Option<i64>,
    pub(crate) postings: Vec<(Account, i64)>,
    pub(crate) payment: Option<PaymentRow>,
    pub(crate) lot: Option<LotRow>,
    pub(crate) uses: Vec<LotUseRow>,
    pub(crate) expiries: Vec<LotExpiryRow>,
    pub(crate) facts: Vec<(&'static str, String)>,
    pub(crate) note: Option<String>,
}

impl Entry {
    pub(crate) fn new(kind: TransactionKind, member: MemberId) -> Entry {
        Entry {
            kind,
            member,
            charge: None,
            reverses: None,
            postings: Vec::new(),
            payment: None,
            lot: None,
            uses: Vec::new(),
            expiries: Vec::new(),
            facts: Vec::new(),
            note: None,
        }
    }
    /// Adds a posting; nothing is added for zero.
    pub(crate) fn post(&mut self, account: Account, amount: i64) {
        if amount != 0 {
            self.postings.push((account, amount));
        }
    }
    /// Seals a fact with the transaction.
    pub(crate) fn fact(&mut self, name: &'static str, value: impl ToString) {
        self.facts.push((name, value.to_string()));
    }
    /// By how much what is the member's grows (for [`Account::Debt`]: by how much it shrinks).
    fn change(&self, account: Account) -> Result<i64, LedgerError> {
        let mut change = 0_i64;
        for (_, amount) in self.postings.iter().filter(|(of, _)| *of == account) {
            change = change.checked_sub(*amount).ok_or(LedgerError::AmountTooLarge)?;
        }
        Ok(change)
    }
}

const UNBALANCED: LedgerError = LedgerError::Broken { seq: 0, fault: "postings_not_zero" };

pub(crate) fn balance(conn: &Connection, member: MemberId) -> Result<Balance, LedgerError> {
    let row: Option<(i64, i64, i64, i64)> = conn
        .prepare_cached("SELECT paid, bonus, held, debt FROM balance WHERE member_id = ?1")?
        .query_row([member.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .optional()?;
    let (paid, bonus, held, debt) = row.ok_or(LedgerError::UnknownMember)?;
    let broken = LedgerError::Broken { seq: 0, fault: "balance" };
    let points = |value| Points::new(value).map_err(|_| LedgerError::Broken { seq: 0, fault: "balance" });
    Ok(Balance {
        paid: points(paid)?,
        bonus: points(bonus)?,
        held: points(held)?,
        debt: Won::new(debt).map_err(|_| broken)?,
    })
}

fn moved(before: Points, change: i64) -> Result<Points, LedgerError> {
    let after = before.get().checked_add(change).ok_or(LedgerError::AmountTooLarge)?;
    Points::new(after).map_err(|_| {
        if after < 0 { LedgerError::NotEnoughPoints { balance: before } } else { LedgerError::AmountTooLarge }
    })
}

/// The day itself, or the next one that is not closed: a closed day stays as it was printed.
fn open_day(conn: &Connection, mut day: String) -> Result<String, LedgerError> {
    let mut closed = conn.prepare_cached("SELECT 1 FROM day_close WHERE business_date = ?1")?;
    while closed.exists([&day])? {
        day = day_after(&day, 1).ok_or(LedgerError::BadDay)?;
    }
    Ok(day)
}

/// Writes a transaction. All of it or, when the surrounding SQL transaction is rolled back, nothing.
pub(crate) fn write(
    conn: &Connection,
    random: &mut dyn Random,
    by: &By,
    turns_at: u8,
    entry: Entry,
) -> Result<Moved, LedgerError> {
    let mut sum = 0_i64;
    for (_, amount) in &entry.postings {
        sum = sum.checked_add(*amount).ok_or(LedgerError::AmountTooLarge)?;
    }
    if sum != 0 {
        return Err(UNBALANCED);
    }
    let before = balance(conn, entry.member)?;
    let after = Balance {
        paid: moved(before.paid, entry.change(Account::Paid)?)?,
        bonus: moved(before.bonus, entry.change(Account::Bonus)?)?,
        held: moved(before.held, entry.change(Account::Held)?)?,
        // What a member owes is the shop's: it grows where a posting is positive.
        debt: Won::new(before.debt.get().saturating_sub(entry.change(Account::Debt)?))
            .map_err(|_| LedgerError::Broken { seq: 0, fault: "debt" })?,
    };
    let total = after.paid.checked_add(after.bonus).ok_or(LedgerError::AmountTooLarge)?;

    let (count, last): (i64, Vec<u8>) =
        conn.query_row_cached("SELECT transactions, hash FROM head", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let last = if count == 0 { genesis(conn)?.to_vec() } else { last };
    let transaction = TransactionId(uuid_v7(random, by.now));
    let salted = entry.note.as_ref().map(|text| {
        let mut salt = [0; 16];
        random.fill(&mut salt);
        (salt, text, note_hash(&salt, text))
    });
    let record = Record {
        seq: count.checked_add(1).ok_or(LedgerError::AmountTooLarge)?,
        id: transaction.to_string(),
        kind: entry.kind.word().to_owned(),
        member: entry.member.0,
        charge: entry.charge.map(|charge| charge.to_string()),
        reverses: entry.reverses,
        balance_after: total.get(),
        at: by.now.0,
        business_date: open_day(conn, business_date(by.now, turns_at))?,
        actor: by.actor.0,
        approver: by.approver.map(|approver| approver.0),
        request_id: by.request.to_string(),
        note_hash: salted.as_ref().map(|(_, _, hash)| hash.to_vec()),
        payment: entry.payment,
        postings: entry
            .postings
            .iter()
            .map(|(account, amount)| PostingRow {
                account: account.word().to_owned(),
                member: account.of_member().then_some(entry.member.0),
                amount: *amount,
            })
            .collect(),
        lots: entry.lot.into_iter().collect(),
        uses: entry.uses,
        expiries: entry.expiries,
        facts: entry.facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
    };
    let record = in_order(record);
    let hash = record.hash(&last);
    insert(conn, &record, &hash)?;
    if let Some((salt, text, _)) = salted {
        conn.execute_cached(
            "INSERT INTO txn_note (txn_seq, salt, text) VALUES (?1, ?2, ?3)",
            params![record.seq, salt, text],
        )?;
    }
    carry(conn, &record)?;
    days::carry(conn, &record)?;
    conn.prepare_cached(
        "UPDATE balance SET paid = ?2, bonus = ?3, held = ?4, debt = ?5, last_at = ?6 WHERE member_id = ?1",
    )?
    .execute(params![
        record.member,
        after.paid.get(),
        after.bonus.get(),
        after.held.get(),
        after.debt.get(),
        record.at
    ])?;
    conn.prepare_cached("UPDATE head SET transactions = ?1, hash = ?2")?
        .execute(params![record.seq, hash])?;
    Ok(Moved { transaction, member: entry.member, before: before.total(), after: total })
}

fn insert(conn: &Connection, record: &Record, hash: &Hash) -> Result<(), LedgerError> {
    conn.prepare_cached(
        "INSERT INTO txn (seq, id, kind, member_id, charge_id, reverses, balance_after, at, business_date, actor,
                          approver, request_id, note_hash, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?
    .execute(params![
        record.seq,
        record.id,
        record.kind,
        record.member,
        record.charge,
        record.reverses,
        record.balance_after,
        record.at,
        record.business_date,
        record.actor,
        record.approver,
        record.request_id,
        record.note_hash,
        hash,
    ])?;
    for (line, posting) in (0_i64..).zip(&record.postings) {
        conn.prepare_cached(
            "INSERT INTO posting (txn_seq, line, account, member_id, amount) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![record.seq, line, posting.account, posting.member, posting.amount])?;
    }
    if let Some(payment) = &record.payment {
        conn.prepare_cached(
            "INSERT INTO payment (imp_uid, charge_id, txn_seq, won, pg_provider, pg_id, pg_tid, pay_method, apply_num,
                                  card_name, card_number, receipt_url, sandbox, paid_at, looked_up_at, answer_hash,
                                  actor, request_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
        )?
        .execute(params![
            payment.imp_uid,
            payment.charge,
            record.seq,
            payment.won,
            payment.pg_provider,
            payment.pg_id,
            payment.pg_tid,
            payment.pay_method,
            payment.apply_num,
            payment.card_name,
            payment.card_number,
            payment.receipt_url,
            payment.sandbox,
            payment.paid_at,
            payment.looked_up_at,
            payment.answer_hash,
            payment.actor,
            payment.request_id,
        ])?;
    }
    for lot in &record.lots {
        conn.prepare_cached(
            "INSERT INTO lot (id, txn_seq, member_id, paid, bonus, paid_expires_at, bonus_expires_at, bonus_rule)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            lot.id,
            record.seq,
            lot.member,
            lot.paid,
            lot.bonus,
            lot.paid_expires_at,
            lot.bonus_expires_at,
            lot.bonus_rule
        ])?;
    }
    for taken in &record.uses {
        conn.prepare_cached("INSERT INTO lot_use (txn_seq, lot_id, paid, bonus) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![record.seq, taken.lot, taken.paid, taken.bonus])?;
    }
    for expiry in &record.expiries {
        conn.prepare_cached(
            "INSERT INTO lot_expiry (txn_seq, lot_id, paid_expires_at, bonus_expires_at) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![record.seq, expiry.lot, expiry.paid_expires_at, expiry.bonus_expires_at])?;
    }
    for (name, value) in &record.facts {
        conn.prepare_cached("INSERT INTO txn_fact (txn_seq, name, value) VALUES (?1, ?2, ?3)")?
            .execute(params![record.seq, name, value])?;
    }
    Ok(())
}

/// In the order in which the audit reads the rows back: what is hashed must not depend on who wrote it.
fn in_order(mut record: Record) -> Record {
    record.facts.sort();
    record.uses.sort_by(|one, other| one.lot.cmp(&other.lot));
    record.expiries.sort_by(|one, other| one.lot.cmp(&other.lot));
    record
}

/// Carries the record into what is left of each lot.
fn carry(conn: &Connection, record: &Record) -> Result<(), LedgerError> {
    for lot in &record.lots {
        conn.prepare_cached(
            "INSERT INTO lot_left (lot_id, member_id, paid, bonus, paid_expires_at, bonus_expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            lot.id,
            lot.member,
            lot.paid,
            lot.bonus,
            lot.paid_expires_at,
            lot.bonus_expires_at
        ])?;
    }
    for taken in &record.uses {
        conn.prepare_cached("UPDATE lot_left SET paid = paid - ?2, bonus = bonus - ?3 WHERE lot_id = ?1")?
            .execute(params![taken.lot, taken.paid, taken.bonus])?;
    }
    for expiry in &record.expiries {
        conn.prepare_cached(
            "UPDATE lot_left SET paid_expires_at = ?2, bonus_expires_at = ?3 WHERE lot_id = ?1",
        )?
        .execute(params![expiry.lot, expiry.paid_expires_at, expiry.bonus_expires_at])?;
    }
    Ok(())
}

pub(crate) fn new_lot_id(random: &mut dyn Random, by: &By) -> LotId {
    LotId(uuid_v7(random, by.now))
}
