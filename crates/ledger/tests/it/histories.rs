//! Whatever is tried, in whatever order, and wherever the program is gone: the books balance, a member holds what was
//! charged and given less what was used and went back, no payment goes back twice, and the chain verifies.

use ledger::refund::{RefundWay, refund_sum};
use ledger::{
    AdjustReason, Adjustment, CancelOrder, DebtPaid, Expired, Extension, Found, FoundStatus, LedgerError,
    Lifetime, LotId, MemberId, Mode, NewRefund, RefundId, RefundOf, Store,
};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestCaseResult;

use crate::model::{Charge, Hears, Lands, Model, Payment};
use crate::time::DAY;
use crate::world::{Counted, Shop, offer, paid, points, won};

#[derive(Debug, Clone)]
enum Step {
    Charge(usize, i64),
    Open(usize, i64),
    Pay(usize),
    Decline(usize),
    Silence(usize),
    /// PortOne is asked. If a cancel is sent then, this becomes of it.
    Settle(usize, Lands, Hears),
    Arrive,
    /// And PortOne is asked at once, or later.
    CancelOutside(usize, i64, bool),
    Spend(usize, i64),
    Undo(usize),
    /// So many tenths of what may go back of a lot.
    Refund(usize, usize, i64, RefundWay),
    PayDebt(usize, i64, DebtPaid),
    Adjust(usize, i64, i64),
    Merge(usize, usize),
    Wait(i64),
    Expire,
    Extend(usize, usize, i64),
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    // Mostly one member and round sums, so that the steps of a history meet.
    let who = || prop_oneof![4 => Just(0_usize), 1 => 1..3_usize];
    let sum = || prop_oneof![2 => Just(10_000_i64), 1 => Just(5_000), 2 => 100_i64..20_000];
    let index = || 0..64_usize;
    let lands = select(vec![Lands::Now, Lands::Late, Lands::Never]);
    let hears = select(vec![Hears::Accepted, Hears::Refused, Hears::Lost, Hears::Nothing]);
    let debt = select(vec![DebtPaid::Cash, DebtPaid::Bank, DebtPaid::Points, DebtPaid::WrittenOff]);
    prop_oneof![
        5 => (who(), sum()).prop_map(|(who, sum)| Step::Charge(who, sum)),
        1 => (who(), sum()).prop_map(|(who, sum)| Step::Open(who, sum)),
        2 => index().prop_map(Step::Pay),
        1 => index().prop_map(Step::Decline),
        1 => index().prop_map(Step::Silence),
        9 => (index(), lands, hears).prop_map(|(which, lands, hears)| Step::Settle(which, lands, hears)),
        2 => Just(Step::Arrive),
        5 => (index(), sum(), any::<bool>()).prop_map(|(which, sum, now)| Step::CancelOutside(which, sum, now)),
        5 => (who(), sum()).prop_map(|(who, many)| Step::Spend(who, many)),
        4 => index().prop_map(Step::Undo),
        9 => (who(), index(), 1_i64..=12, select(RefundWay::ALL.to_vec()))
            .prop_map(|(who, which, tenths, way)| Step::Refund(who, which, tenths, way)),
        2 => (who(), 1_i64..=12, debt).prop_map(|(who, tenths, how)| Step::PayDebt(who, tenths, how)),
        2 => (who(), -5_000_i64..5_000, -500_i64..500).prop_map(|(who, paid, bonus)| Step::Adjust(who, paid, bonus)),
        1 => (who(), 0..3_usize).prop_map(|(from, into)| Step::Merge(from, into)),
        2 => prop_oneof![0_i64..40, Just(400)].prop_map(Step::Wait),
        2 => Just(Step::Expire),
        1 => (who(), index(), 1_i64..100).prop_map(|(who, which, days)| Step::Extend(who, which, days)),
        2 => Just(Step::Reopen),
    ]
}

struct History {
    shop: Shop,
    stranger: rusqlite::Connection,
    members: [MemberId; 3],
    model: Model,
}

impl History {
    fn begin(percent: i64, days: u16) -> History {
        let mut shop = Shop::new(Mode::Test);
        if percent > 0 {
            shop.bonus_of(vec![offer(0, percent, false)], 30);
        }
        if days > 0 {
            shop.lasts(Some(Lifetime::Days(days)));
        }
        let members = ["01000000001", "01000000002", "01000000003"].map(|phone| shop.member("가", phone));
        History { stranger: shop.stranger(), shop, members, model: Model::default() }
    }

    fn step(&mut self, step: &Step) -> TestCaseResult {
        let many = self.model.charges.len();
        let charge = |which: &usize| (many > 0).then(|| which % many.max(1));
        match step {
            Step::Charge(who, sum) => {
                if let Some(at) = self.open(*who, *sum) {
                    self.pay(at);
                    self.settle(at, Lands::Never, Hears::Lost)?;
                }
            }
            Step::Open(who, sum) => self.open(*who, *sum).into_iter().for_each(drop),
            Step::Pay(which) => charge(which).into_iter().for_each(|at| self.pay(at)),
            Step::Settle(which, lands, hears) => {
                charge(which).map_or(Ok(()), |at| self.settle(at, *lands, *hears))?;
            }
            Step::Decline(which) => charge(which).map_or(Ok(()), |at| self.decline(at))?,
            Step::Silence(which) => charge(which).map_or(Ok(()), |at| self.silence(at))?,
            Step::Arrive => self.payments().for_each(Payment::arrive),
            Step::CancelOutside(which, sum, now) => {
                let Some(at) = charge(which) else { return Ok(()) };
                self.model.charges[at].payment.iter_mut().for_each(|payment| payment.cancel_outside(*sum));
                if *now {
                    self.settle(at, Lands::Late, Hears::Lost)?;
                }
            }
            Step::Spend(who, many) => self.spend(*who, *many)?,
            Step::Undo(which) => self.undo(*which)?,
            Step::Refund(who, which, tenths, way) => self.refund(*who, *which, *tenths, *way)?,
            Step::PayDebt(who, tenths, how) => self.pay_debt(*who, *tenths, *how)?,
            Step::Adjust(who, paid, bonus) => self.adjust(*who, *paid, *bonus)?,
            Step::Merge(from, into) => self.merge(*from, *into)?,
            Step::Wait(days) => self.shop.wait(*days),
            Step::Expire => self.expire()?,
            Step::Extend(who, which, days) => self.extend(*who, *which, *days)?,
            Step::Reopen => self.reopen(),
        }
        self.model.holds(&self.shop, &self.stranger, &self.members)
    }
    fn payments(&mut self) -> impl Iterator<Item = &mut Payment> {
        self.model.charges.iter_mut().filter_map(|charge| charge.payment.as_mut())
    }
    fn open(&mut self, who: usize, sum: i64) -> Option<usize> {
        if self.model.into[who].is_some() {
            return None;
        }
        let intent = self.shop.open(self.members[who], sum);
        self.model.charges.push(Charge { who, intent, payment: None, credited: false });
        Some(self.model.charges.len() - 1)
    }
    fn pay(&mut self, at: usize) {
        let charge = &mut self.model.charges[at];
        if charge.payment.is_none() {
            charge.payment = Some(Payment::new(&charge.intent, &format!("imp_{at}")));
        }
    }

    fn settle(&mut self, at: usize, lands: Lands, hears: Hears) -> TestCaseResult {
        let charge = &mut self.model.charges[at];
        let found = charge.payment.as_ref().map(Payment::look);
        let settled = self.shop.settle(charge.intent.charge, found.into_iter().collect());
        let Some(payment) = &mut charge.payment else {
            prop_assert!(settled.credited.is_none() && settled.send.is_none());
            return Ok(());
        };
        payment.seen = payment.cancelled();
        prop_assert_eq!(settled.credited.is_some(), !charge.credited && payment.seen == 0);
        if settled.credited.is_some() {
            let many = payment.amount + charge.intent.bonus.get();
            charge.credited = true;
            self.model.net[charge.who] += many;
            self.model.most[charge.who] += many;
        }
        self.tell(at, settled.send, lands, hears);
        Ok(())
    }

    fn tell(&mut self, at: usize, send: Option<CancelOrder>, lands: Lands, hears: Hears) {
        let Some((order, payment)) = send.zip(self.model.charges[at].payment.as_mut()) else { return };
        let refund = order.refund;
        let Some(said) = payment.told(order, lands, hears) else { return self.reopen() };
        let by = self.shop.by();
        self.shop.store.write(|book| book.refund_said(&by, refund, &said)).unwrap();
    }
    fn silence(&mut self, at: usize) -> TestCaseResult {
        let (by, charge) = (self.shop.by(), self.model.charges[at].intent.charge);
        let silent = self.shop.store.write(|book| book.unanswered(&by, charge, "x", 0)).unwrap();
        prop_assert!(silent.credited.is_none());
        Ok(())
    }

    /// An answer that was on its way since before the payment.
    fn decline(&mut self, at: usize) -> TestCaseResult {
        let charge = &self.model.charges[at];
        let found = charge.payment.as_ref().map(Payment::look);
        let found = found.unwrap_or_else(|| paid(&charge.intent, &format!("imp_{at}")));
        let declined = Found { status: FoundStatus::Failed, ..found };
        let open = self.shop.store.read(|book| book.open_refunds()).unwrap();
        let settled = self.shop.settle(charge.intent.charge, vec![declined]);
        prop_assert!(settled.credited.is_none());
        let charge = &mut self.model.charges[at];
        if let Some(payment) = &mut charge.payment {
            payment.seen = payment.cancelled();
            let is_news = payment.seen > 0 || !open.is_empty() || !charge.credited;
            prop_assert!(is_news || !settled.changed);
        }
        self.tell(at, settled.send, Lands::Never, Hears::Lost);
        Ok(())
    }

    fn spend(&mut self, who: usize, many: i64) -> TestCaseResult {
        let there = self.shop.balance(self.members[who]);
        match self.shop.spend(self.members[who], many) {
            Ok((_, moved)) => {
                prop_assert!(many <= there);
                self.model.net[who] -= many;
                self.model.used.push((who, moved.transaction, many, false));
            }
            Err(LedgerError::NotEnoughPoints { .. }) => prop_assert!(many > there),
            Err(error) => prop_assert!(
                matches!(error, LedgerError::MemberMerged) && self.model.into[who].is_some(),
                "{error}"
            ),
        }
        Ok(())
    }

    fn undo(&mut self, which: usize) -> TestCaseResult {
        if self.model.used.is_empty() {
            return Ok(());
        }
        let at = which % self.model.used.len();
        let (who, transaction, many, undone) = &mut self.model.used[at];
        let may = !*undone && self.model.into[*who].is_none();
        prop_assert_eq!(self.shop.undo(*transaction).is_ok(), may);
        if may {
            self.model.net[*who] += *many;
            *undone = true;
        }
        Ok(())
    }

    fn refund(&mut self, who: usize, which: usize, tenths: i64, way: RefundWay) -> TestCaseResult {
        let member = self.members[who];
        let lots = self.shop.store.read(|book| book.refundable_lots(member)).unwrap();
        let disputed = self.shop.store.read(|book| book.disputed_payments(member)).unwrap();
        let (of, back, imp_uid) = if let Some(payment) = disputed.first().filter(|_| way == RefundWay::Pg) {
            (RefundOf::Payment(payment.charge, payment.imp_uid.clone()), payment.won, None)
        } else if lots.is_empty() {
            return Ok(());
        } else {
            let lot = &lots[which % lots.len()];
            let left = lot.account.left_paid.get() + lot.account.expired.get();
            let part = (tenths < 10).then(|| points(left * tenths / 10));
            let Ok(sum) = refund_sum(&lot.account, &lot.rule, self.shop.now, part) else { return Ok(()) };
            (RefundOf::Lot(lot.lot, part), sum.won, lot.imp_uid.clone())
        };
        let refund = RefundId(self.shop.id());
        let new =
            NewRefund { refund, of, won: back, way, goodwill: true, account: None, note: "x".to_owned() };
        let by = self.shop.by();
        match self.shop.store.write(|book| book.open_refund(&by, &new)) {
            Ok(_) => {}
            Err(LedgerError::WayClosed(_)) => return Ok(()),
            Err(error) => prop_assert!(false, "{error}"),
        }
        let Some(imp_uid) = imp_uid else { return Ok(()) };
        let at: usize = imp_uid.trim_start_matches("imp_").parse().unwrap();
        let charge = &self.model.charges[at];
        let most = charge.intent.won.get() + self.model.of_person(charge.who, &self.model.paid_off);
        let payment = self.model.charges[at].payment.as_mut().unwrap();
        let gone = payment.seen + payment.paid_out + back.get();
        prop_assert!(gone <= most, "{way:?}: {gone} of {imp_uid}, for which {most} was paid");
        if way != RefundWay::Pg {
            payment.paid_out += back.get();
        }
        Ok(())
    }

    fn pay_debt(&mut self, who: usize, tenths: i64, how: DebtPaid) -> TestCaseResult {
        let member = self.members[who];
        let debt = self.shop.store.read(|book| book.balance(member)).unwrap().debt.get();
        let part = (debt * tenths.min(10) / 10).max(1);
        let by = self.shop.by();
        match self.shop.store.write(|book| book.settle_debt(&by, member, won(part), how, "x")) {
            Ok((_, left)) => {
                prop_assert_eq!(left.get(), debt - part);
                if how != DebtPaid::Points {
                    self.model.net[who] += part;
                }
                if how != DebtPaid::WrittenOff {
                    self.model.paid_off[who] += part;
                }
            }
            Err(LedgerError::NoSuchDebt) => prop_assert_eq!(debt, 0),
            Err(LedgerError::NotEnoughPoints { .. }) => {
                prop_assert!(how == DebtPaid::Points && self.shop.balance(member) < part);
            }
            Err(error) => prop_assert!(self.model.into[who].is_some(), "{error}"),
        }
        Ok(())
    }

    fn adjust(&mut self, who: usize, paid: i64, bonus: i64) -> TestCaseResult {
        let (by, member) = (self.shop.by(), self.members[who]);
        let new = Adjustment { member, paid, bonus, class: AdjustReason::Other, reason: "x".to_owned() };
        match self.shop.store.write(|book| book.adjust(&by, &new)) {
            Ok(_) => {
                self.model.net[who] += paid + bonus;
                self.model.most[who] += paid.max(0) + bonus.max(0);
            }
            Err(LedgerError::MemberMerged) => prop_assert!(self.model.into[who].is_some()),
            Err(LedgerError::ZeroAmount) => prop_assert!(paid == 0 && bonus == 0),
            Err(error) => prop_assert!(matches!(error, LedgerError::NotEnoughPoints { .. }), "{error}"),
        }
        Ok(())
    }
    fn merge(&mut self, from: usize, into: usize) -> TestCaseResult {
        let (by, members) = (self.shop.by(), self.members);
        if self.shop.store.write(|book| book.merge_members(&by, members[from], members[into], "x")).is_ok() {
            let gone = &self.model.into;
            prop_assert!(from != into && gone[from].is_none() && gone[into].is_none());
            self.model.into[from] = Some(into);
            prop_assert_eq!(self.shop.balance(members[from]), 0);
        }
        Ok(())
    }

    fn expire(&mut self) -> TestCaseResult {
        self.shop.expire();
        let now = self.shop.now;
        for member in self.members {
            prop_assert!(
                self.shop
                    .lots(member)
                    .iter()
                    .all(|lot| (lot.paid.is_zero() || lot.paid_expires_at.is_none_or(|at| at >= now))
                        && (lot.bonus.is_zero() || lot.bonus_expires_at.is_none_or(|at| at >= now)))
            );
        }
        prop_assert_eq!(self.shop.expire(), Expired::default());
        Ok(())
    }

    fn extend(&mut self, who: usize, which: usize, days: i64) -> TestCaseResult {
        let member = self.members[who];
        let mut lots: Vec<LotId> = self.shop.lots(member).iter().map(|lot| lot.lot).collect();
        let gone = self.shop.store.read(|book| book.expired_lots(member)).unwrap();
        lots.extend(gone.iter().map(|gone| gone.lot));
        if lots.is_empty() {
            return Ok(());
        }
        let until = Some(self.shop.now.plus_ms(days * DAY));
        let (paid_until, bonus_until) = if days % 3 == 0 { (None, until) } else { (until, None) };
        let asked =
            Extension { lot: lots[which % lots.len()], paid_until, bonus_until, reason: "x".to_owned() };
        let by = self.shop.by();
        match self.shop.store.write(|book| book.extend(&by, &asked)) {
            Ok((_, extended)) => self.model.net[who] += extended.reinstated.get(),
            Err(LedgerError::NotLater | LedgerError::NothingToExtend | LedgerError::MemberMerged) => {}
            Err(error) => prop_assert!(false, "{error}"),
        }
        Ok(())
    }

    fn reopen(&mut self) {
        // Far from every number that was counted before: the same bytes twice would be the same id twice.
        let seed = u64::try_from(self.shop.id().as_u128()).unwrap() * 1_000_000;
        self.shop.store =
            Store::open(&self.shop.path, Mode::Test, Box::new(Counted(seed)), self.shop.now).unwrap();
    }

    /// All steps, and then whatever is under way comes to its end.
    fn run(&mut self, steps: &[Step]) -> TestCaseResult {
        steps.iter().try_for_each(|step| self.step(step))?;
        self.payments().for_each(Payment::arrive);
        for _ in 0..4 {
            self.shop.now = self.shop.now.plus_ms(3 * 60 * 1000);
            for at in 0..self.model.charges.len() {
                self.settle(at, Lands::Now, Hears::Accepted)?;
            }
        }
        prop_assert!(self.shop.store.read(|book| book.open_refunds()).unwrap().is_empty());
        self.model.holds(&self.shop, &self.stranger, &self.members)?;
        self.model.end_holds(&self.shop, &self.stranger, &self.members)
    }
}

/// Went wrong once: the points came back, and their money had gone back before.
#[test]
fn a_use_undone_after_a_cancel_made_elsewhere_is_not_refunded() {
    let cancel = Step::CancelOutside(0, 10_000, true);
    let refund = Step::Refund(0, 0, 12, RefundWay::Cash);
    let steps = [Step::Charge(0, 10_000), Step::Spend(0, 10_000), cancel, Step::Undo(0), refund];
    History::begin(0, 0).run(&steps).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn the_books_balance_after_any_history(
        percent in 0_i64..20, days in prop_oneof![Just(0_u16), 1_u16..60], steps in prop::collection::vec(step(), 0..48),
    ) {
        let mut history = History::begin(percent, days);
        history.run(&steps)?;
    }
}
