//! What must come of a history, whatever it was: PortOne as far as the book can tell, and what the steps add up to.

use ledger::{CancelOrder, CancelSaid, Found, Intent, MemberId, TransactionId};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use rusqlite::Connection;

use crate::world::{Shop, cancelled, paid};

/// What becomes of a cancel that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lands {
    Now,
    Late,
    Never,
}

/// What the book hears of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hears {
    Accepted,
    Refused,
    Lost,
    /// The program was gone before the answer came.
    Nothing,
}

/// A payment at PortOne.
pub(crate) struct Payment {
    found: Found,
    pub(crate) amount: i64,
    /// What was cancelled of it, and why.
    cancels: Vec<(i64, String)>,
    /// Orders that PortOne accepted and has not done yet: nobody else can cancel these sums.
    taken: Vec<CancelOrder>,
    /// Orders that are on their way to PortOne.
    late: Vec<CancelOrder>,
    /// How much of it was cancelled when the book last looked.
    pub(crate) seen: i64,
    /// What the book gave back for it by another way.
    pub(crate) paid_out: i64,
}

fn sum(order: &CancelOrder) -> i64 {
    i64::try_from(order.sum.get()).unwrap()
}

impl Payment {
    pub(crate) fn new(intent: &Intent, imp_uid: &str) -> Payment {
        let (found, amount) = (paid(intent, imp_uid), intent.won.get());
        Payment { found, amount, cancels: vec![], taken: vec![], late: vec![], seen: 0, paid_out: 0 }
    }

    pub(crate) fn cancelled(&self) -> i64 {
        self.cancels.iter().map(|(sum, _)| sum).sum()
    }
    fn left(&self) -> i64 {
        self.amount - self.cancelled() - self.taken.iter().map(sum).sum::<i64>()
    }

    pub(crate) fn look(&self) -> Found {
        let told: Vec<_> = self.cancels.iter().map(|(sum, why)| (*sum, why.as_str())).collect();
        cancelled(&self.found, &told)
    }

    pub(crate) fn cancel_outside(&mut self, sum: i64) {
        let some = Some(sum.min(self.left())).filter(|sum| *sum > 0);
        self.cancels.extend(some.map(|sum| (sum, "콘솔에서".to_owned())));
    }

    /// A cancel whose checksum is not what can be cancelled still is refused.
    fn fits(&self, order: &CancelOrder) -> bool {
        i64::try_from(order.checksum.get()).unwrap() == self.left() && sum(order) <= self.left()
    }

    pub(crate) fn told(&mut self, order: CancelOrder, lands: Lands, hears: Hears) -> Option<CancelSaid> {
        let fits = self.fits(&order);
        let accepted = fits && lands != Lands::Never && hears == Hears::Accepted;
        match lands {
            Lands::Now if fits => self.cancels.push((sum(&order), order.reason)),
            Lands::Late if accepted => self.taken.push(order),
            Lands::Late => self.late.push(order),
            Lands::Now | Lands::Never => {}
        }
        match hears {
            Hears::Accepted if accepted => Some(CancelSaid::Accepted),
            Hears::Accepted | Hears::Refused => Some(CancelSaid::Refused("x".to_owned())),
            Hears::Lost => Some(CancelSaid::Lost("x".to_owned())),
            Hears::Nothing => None,
        }
    }

    /// What was on its way arrives.
    pub(crate) fn arrive(&mut self) {
        for order in std::mem::take(&mut self.taken) {
            self.cancels.push((sum(&order), order.reason));
        }
        for order in std::mem::take(&mut self.late) {
            if self.fits(&order) {
                self.cancels.push((sum(&order), order.reason));
            }
        }
    }
}

pub(crate) struct Charge {
    pub(crate) who: usize,
    pub(crate) intent: Intent,
    pub(crate) payment: Option<Payment>,
    pub(crate) credited: bool,
}

#[derive(Default)]
pub(crate) struct Model {
    pub(crate) into: [Option<usize>; 3],
    /// Points less debts: what was charged, given and paid of a debt, less what was used.
    pub(crate) net: [i64; 3],
    /// Points that were ever paid for or given.
    pub(crate) most: [i64; 3],
    /// Debts that were paid with money or points.
    pub(crate) paid_off: [i64; 3],
    pub(crate) charges: Vec<Charge>,
    pub(crate) used: Vec<(usize, TransactionId, i64, bool)>,
}

type Members = [MemberId; 3];
/// What no book may ever hold.
const FAULTS: &str = "
    SELECT 'postings of ' || txn_seq FROM posting GROUP BY txn_seq HAVING sum(amount) <> 0
    UNION ALL SELECT 'below zero: ' || member_id FROM balance WHERE min(paid, bonus, held, debt) < 0
    UNION ALL SELECT 'below zero: ' || lot_id FROM lot_left WHERE min(paid, bonus) < 0
    UNION ALL SELECT 'lots of ' || member_id FROM balance WHERE (paid, bonus) IS NOT
        (SELECT coalesce(sum(paid), 0), coalesce(sum(bonus), 0) FROM lot_left WHERE lot_left.member_id = balance.member_id)
    UNION ALL SELECT 'held by ' || member_id FROM balance WHERE held <> (
        SELECT coalesce(sum(paid + bonus + expired), 0) FROM refund JOIN refund_state ON refund_id = refund.id
        WHERE refund.member_id = balance.member_id AND state IN ('holding', 'sent', 'unknown', 'pending'))
    UNION ALL SELECT 'between merged' FROM posting JOIN txn ON txn.seq = txn_seq AND kind = 'merge'
        WHERE account = 'suspense' GROUP BY kind HAVING sum(amount) <> 0";

/// What a person's points less debts changed by, as the book says, where the steps do not say how much.
const WENT: &str = "
    SELECT coalesce(-sum(amount), 0) FROM posting JOIN txn ON txn.seq = txn_seq
    WHERE account IN ('paid', 'bonus', 'debt') AND posting.member_id = ?1 AND kind IN ('refund', 'clawback', 'expiry')";
/// What a customer came to owe by cancels of a payment.
const OWED: &str = "
    SELECT coalesce(sum(amount), 0) FROM txn_fact JOIN posting ON posting.txn_seq = txn_fact.txn_seq AND account = 'debt'
    WHERE name = 'clawback_of' AND value = ?1";
const BOOKED: &str = "SELECT coalesce(sum(amount), 0) FROM posting WHERE account = ?1";

fn number(file: &Connection, sql: &str, of: impl rusqlite::ToSql) -> i64 {
    file.prepare_cached(sql).unwrap().query_row([of], |row| row.get(0)).unwrap()
}

impl Model {
    pub(crate) fn current(&self, mut who: usize) -> usize {
        while let Some(into) = self.into[who] {
            who = into;
        }
        who
    }

    /// The sum over everybody who is this person now.
    pub(crate) fn of_person(&self, who: usize, each: &[i64; 3]) -> i64 {
        let person = self.current(who);
        (0..3).filter(|one| self.current(*one) == person).map(|one| each[one]).sum()
    }

    /// What holds after every step.
    pub(crate) fn holds(&self, shop: &Shop, file: &Connection, all: &Members) -> TestCaseResult {
        let fault = file.prepare_cached(FAULTS).unwrap().query_row([], |row| row.get::<_, String>(0));
        prop_assert_eq!(fault, Err(rusqlite::Error::QueryReturnedNoRows));
        for who in (0..3).filter(|who| self.into[*who].is_none()) {
            let balance = shop.store.read(|book| book.balance(all[who])).unwrap();
            let has = balance.total().get() + balance.held.get();
            prop_assert!(has <= self.of_person(who, &self.most), "{has} was never paid for or given");
        }
        Ok(())
    }

    /// What holds when nothing is under way any more.
    pub(crate) fn end_holds(&self, shop: &Shop, file: &Connection, all: &Members) -> TestCaseResult {
        for who in (0..3).filter(|who| self.into[*who].is_none()) {
            let went = all.map(|member| number(file, WENT, member.0));
            let balance = shop.store.read(|book| book.balance(all[who])).unwrap();
            let expected = self.of_person(who, &self.net) + self.of_person(who, &went);
            prop_assert_eq!(balance.total().get() - balance.debt.get(), expected);
        }
        let mut at_portone = 0;
        let credited = self.charges.iter().filter(|charge| charge.credited);
        for payment in credited.filter_map(|charge| charge.payment.as_ref()) {
            at_portone += payment.amount - payment.cancelled();
            let owed = number(file, OWED, &payment.found.imp_uid);
            prop_assert!(payment.cancelled() + payment.paid_out <= payment.amount + owed);
        }
        prop_assert_eq!(number(file, BOOKED, "pg"), at_portone);
        prop_assert_eq!(shop.first_bad(), None);
        Ok(())
    }
}
