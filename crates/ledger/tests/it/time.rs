//! Time: what goes, when, for whom, and what stays promised.

use ledger::{
    Done, Expired, Extended, Extension, HistoryFilter, LedgerError, Lifetime, LotId, LotLeft, MemberId, Mode,
    NewExpiryRule, Transaction, TransactionKind, UnixMillis, last_moment_of,
};
use proptest::prelude::*;

use crate::world::{Shop, offer, paid, points};

pub(crate) const DAY: i64 = 24 * 60 * 60 * 1000;

impl Shop {
    pub(crate) fn lasts(&mut self, lifetime: Option<Lifetime>) -> i64 {
        let by = self.by();
        let rule = NewExpiryRule { lifetime, pg: Some("kcp".to_owned()), source: "PortOne".to_owned() };
        self.store.write(|book| book.set_expiry_rule(&by, &rule)).unwrap();
        self.store.read(|book| book.expiry_rule()).unwrap().map_or(0, |rule| rule.version)
    }

    pub(crate) fn expire(&mut self) -> Expired {
        let by = self.by();
        self.store.write(|book| book.expire(&by, 100)).unwrap()
    }

    pub(crate) fn wait(&mut self, days: i64) {
        self.now = self.now.plus_ms(days * DAY);
    }

    pub(crate) fn lots(&self, member: MemberId) -> Vec<LotLeft> {
        self.store.read(|book| book.lots(member)).unwrap()
    }

    pub(crate) fn both(&self, member: MemberId) -> (i64, i64) {
        let balance = self.store.read(|book| book.balance(member)).unwrap();
        (balance.paid.get(), balance.bonus.get())
    }

    pub(crate) fn gone(&self, lot: LotId) -> (i64, i64) {
        let (paid, bonus) = self.store.read(|book| book.expired_of_lot(lot)).unwrap();
        (paid.get(), bonus.get())
    }

    fn latest(&self, many: u32) -> Vec<Transaction> {
        self.store.read(|book| book.transactions(&HistoryFilter::default(), many)).unwrap()
    }

    fn extend(
        &mut self,
        lot: LotId,
        paid: Option<&str>,
        bonus: Option<&str>,
    ) -> Result<(Done, Extended), LedgerError> {
        let until = |day: Option<&str>| day.map(|day| last_moment_of(day, 0).unwrap());
        let asked = Extension {
            lot,
            paid_until: until(paid),
            bonus_until: until(bonus),
            reason: "병원에 계셨어요".to_owned(),
        };
        let by = self.by();
        self.store.write(|book| book.extend(&by, &asked))
    }

    pub(crate) fn account(&self, account: &str) -> i64 {
        self.stranger()
            .query_row("SELECT coalesce(sum(amount), 0) FROM posting WHERE account = ?1", [account], |row| {
                row.get(0)
            })
            .unwrap()
    }
}

pub(crate) fn end_of(day: &str) -> Option<UnixMillis> {
    Some(last_moment_of(day, 0).unwrap())
}

#[test]
fn paid_points_never_go_until_a_rule_is_accepted_and_then_only_those_charged_after_it() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 10_000);
    // Started before the rule, paid after it: it keeps what was promised.
    let before = shop.open(member, 20_000);
    let version = shop.lasts(Some(Lifetime::Months(3)));
    shop.settle(before.charge, vec![paid(&before, "imp_before")]);
    let (after, _) = shop.charged(member, 30_000);
    assert_eq!((before.paid_lasts, after.paid_lasts), (None, Some((version, Lifetime::Months(3)))));
    let mut dates: Vec<_> =
        shop.lots(member).iter().map(|lot| (lot.paid.get(), lot.paid_expires_at)).collect();
    dates.sort();
    assert_eq!(dates, [(10_000, None), (20_000, None), (30_000, end_of("2027-02-23"))]);
    // And a charge that was started under the rule keeps it when the rule is gone.
    let under = shop.open(member, 40_000);
    assert_eq!(shop.lasts(None), 0);
    assert_eq!(shop.store.read(|book| book.expiry_rule()).unwrap(), None);
    shop.settle(under.charge, vec![paid(&under, "imp_under")]);
    assert_eq!(shop.lots(member)[1].paid_expires_at, end_of("2027-02-23"));
    shop.wait(400);
    shop.expire();
    assert_eq!((shop.balance(member), shop.first_bad()), (30_000, None));
}

#[test]
fn a_rule_needs_a_source_and_a_length_that_somebody_could_mean() {
    let mut shop = Shop::new(Mode::Live);
    for (lifetime, source, part) in [
        (Some(Lifetime::Months(3)), "", "expiry_source"),
        (Some(Lifetime::Months(0)), "x", "expiry_lifetime"),
        (Some(Lifetime::Months(121)), "x", "expiry_lifetime"),
        (Some(Lifetime::Days(3651)), "x", "expiry_lifetime"),
    ] {
        let by = shop.by();
        let rule = NewExpiryRule { lifetime, pg: None, source: source.to_owned() };
        let refused = shop.store.write(|book| book.set_expiry_rule(&by, &rule)).unwrap_err();
        assert!(
            matches!(refused, LedgerError::BadSetting(named) if named == part),
            "{lifetime:?}: {refused}"
        );
    }
}

#[test]
fn each_part_of_a_lot_goes_on_its_own_day_and_once() {
    let mut shop = Shop::new(Mode::Live);
    shop.bonus_of(vec![offer(0, 10, false)], 30);
    shop.lasts(Some(Lifetime::Months(3)));
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 10_000);
    let lot = shop.lots(member)[0].lot;
    // The last moment of the last day: nothing goes.
    shop.now = last_moment_of("2026-12-23", 0).unwrap();
    assert_eq!(shop.expire(), Expired::default());
    shop.now = shop.now.plus_ms(1);
    assert_eq!(shop.expire(), Expired { members: vec![member], more: false });
    assert_eq!(shop.both(member), (10_000, 0));
    assert_eq!(shop.expire(), Expired::default());
    shop.wait(100);
    assert_eq!(shop.expire().members, [member]);
    assert_eq!((shop.both(member), shop.gone(lot)), ((0, 0), (10_000, 1_000)));
    let gone = shop.store.read(|book| book.expired_lots(member)).unwrap();
    assert_eq!(
        gone.iter().map(|gone| (gone.lot, gone.paid, gone.bonus)).collect::<Vec<_>>(),
        [(lot, points(10_000), points(1_000))]
    );
    assert_eq!(shop.expire(), Expired::default());
    let kinds: Vec<_> =
        shop.latest(9).iter().map(|row| (row.kind, row.paid_change, row.bonus_change)).collect();
    assert_eq!(
        kinds,
        [
            (TransactionKind::Expiry, -10_000, 0),
            (TransactionKind::Expiry, 0, -1_000),
            (TransactionKind::Loading, 10_000, 1_000)
        ]
    );
    // Money stays with the shop; the bonus cost nothing in the end.
    assert_eq!(
        (shop.account("breakage"), shop.account("bonus_cost"), shop.account("pg")),
        (-10_000, 0, 10_000)
    );
    assert_eq!(shop.first_bad(), None);
}

#[test]
fn what_went_by_the_same_date_cannot_be_posted_twice_even_by_hand() {
    let mut shop = Shop::new(Mode::Live);
    shop.bonus_of(vec![offer(0, 10, false)], 30);
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 10_000);
    shop.wait(31);
    shop.expire();
    let again = shop.stranger().execute(
        "INSERT INTO txn_fact (txn_seq, name, value) SELECT 1, name, value FROM txn_fact WHERE name = 'expires_bonus'",
        [],
    );
    assert!(again.unwrap_err().to_string().contains("UNIQUE"));
}

#[test]
fn days_off_are_caught_up_with_in_bounded_runs() {
    let mut shop = Shop::new(Mode::Live);
    shop.bonus_of(vec![offer(0, 10, false)], 1);
    let members: Vec<MemberId> =
        (0..5).map(|number| shop.member("손님", &format!("0101234000{number}"))).collect();
    for member in &members {
        shop.charged(*member, 10_000);
    }
    assert_eq!(shop.store.read(|book| book.next_expiry()).unwrap(), end_of("2026-11-24"));
    shop.wait(300);
    let mut runs = Vec::new();
    loop {
        let by = shop.by();
        let expired = shop.store.write(|book| book.expire(&by, 2)).unwrap();
        runs.push(expired.members.len());
        if !expired.more {
            break;
        }
    }
    assert_eq!((runs, shop.store.read(|book| book.next_expiry()).unwrap()), (vec![2, 2, 1], None));
    assert!(members.iter().all(|member| shop.both(*member) == (10_000, 0)));
    assert_eq!(shop.first_bad(), None);
}

#[test]
fn a_use_that_is_taken_back_into_a_lot_that_went_has_seven_days_and_then_goes() {
    let mut shop = Shop::new(Mode::Live);
    shop.lasts(Some(Lifetime::Days(10)));
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 10_000);
    let lot = shop.lots(member)[0].lot;
    let (_, used) = shop.spend(member, 4_000).unwrap();
    shop.wait(11);
    shop.expire();
    assert_eq!((shop.both(member), shop.gone(lot)), ((0, 0), (6_000, 0)));
    shop.undo(used.transaction).unwrap();
    shop.wait(6);
    assert_eq!(shop.expire(), Expired::default());
    assert_eq!(shop.both(member), (4_000, 0));
    shop.wait(2);
    shop.expire();
    assert_eq!((shop.both(member), shop.gone(lot), shop.first_bad()), ((0, 0), (10_000, 0), None));
}

#[test]
fn a_lot_is_extended_to_a_later_day_that_lies_ahead_and_by_no_other_hand() {
    let mut shop = Shop::new(Mode::Live);
    shop.bonus_of(vec![offer(0, 10, false)], 30);
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 10_000);
    let lot = shop.lots(member)[0].lot;
    let unknown = LotId(shop.id());
    assert!(matches!(shop.extend(unknown, None, Some("2027-01-31")), Err(LedgerError::UnknownLot)));
    assert!(matches!(shop.extend(lot, None, None), Err(LedgerError::NothingToExtend)));
    // Paid points that never go have no date to be moved: a later one would be an earlier one.
    assert!(matches!(shop.extend(lot, Some("2027-01-31"), None), Err(LedgerError::NothingToExtend)));
    assert!(matches!(shop.extend(lot, None, Some("2026-12-23")), Err(LedgerError::NotLater)));
    assert!(matches!(shop.extend(lot, None, Some("2026-12-01")), Err(LedgerError::NotLater)));
    assert!(matches!(shop.extend(lot, None, Some("2099-12-01")), Err(LedgerError::BadSetting("until"))));
    let before = shop.transactions();
    let (_, extended) = shop.extend(lot, None, Some("2027-01-31")).unwrap();
    assert_eq!((extended.reinstated, extended.after), (points(0), points(11_000)));
    let row = &shop.latest(1)[0];
    assert_eq!((row.kind, row.paid_change, row.bonus_change), (TransactionKind::Adjustment, 0, 0));
    assert_eq!(row.note.as_deref(), Some("병원에 계셨어요"));
    assert_eq!(
        (shop.transactions(), shop.lots(member)[0].bonus_expires_at),
        (before + 1, end_of("2027-01-31"))
    );
    shop.wait(31);
    assert_eq!(shop.expire(), Expired::default());
    shop.wait(40);
    shop.expire();
    assert_eq!((shop.both(member), shop.first_bad()), ((10_000, 0), None));
}

#[test]
fn an_extension_puts_back_what_had_gone_and_the_same_request_does_it_once() {
    let mut shop = Shop::new(Mode::Live);
    shop.bonus_of(vec![offer(0, 10, false)], 30);
    shop.lasts(Some(Lifetime::Days(30)));
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 10_000);
    let lot = shop.lots(member)[0].lot;
    shop.spend(member, 1_100).unwrap();
    shop.wait(31);
    shop.expire();
    assert_eq!((shop.both(member), shop.gone(lot)), ((0, 0), (9_000, 900)));
    // A later date that has passed as well helps nobody.
    shop.wait(1);
    assert!(matches!(shop.extend(lot, Some("2026-12-24"), None), Err(LedgerError::NotLater)));
    let by = shop.by();
    let asked =
        Extension { lot, paid_until: end_of("2027-03-31"), bonus_until: None, reason: "이사".to_owned() };
    let (done, extended) = shop.store.write(|book| book.extend(&by, &asked)).unwrap();
    let (again, same) = shop.store.write(|book| book.extend(&by, &asked)).unwrap();
    assert_eq!((done, again, extended.transaction), (Done::Now, Done::Before, same.transaction));
    assert_eq!((shop.both(member).0, shop.gone(lot)), (9_000, (0, 900)));
    assert_eq!(shop.account("breakage"), 0);
    shop.expire();
    assert_eq!(shop.both(member), (9_000, 0));
    shop.now = end_of("2027-03-31").unwrap().plus_ms(1);
    shop.expire();
    assert_eq!((shop.both(member), shop.gone(lot), shop.first_bad()), ((0, 0), (9_000, 900), None));
}

#[test]
fn who_loses_what_when_is_listed_page_by_page() {
    let mut shop = Shop::new(Mode::Live);
    shop.bonus_of(vec![offer(0, 10, false)], 20);
    let members: Vec<MemberId> =
        (0..5).map(|number| shop.member("손님", &format!("0101234000{number}"))).collect();
    for member in &members {
        shop.charged(*member, 10_000);
    }
    shop.lasts(Some(Lifetime::Days(25)));
    shop.wait(1);
    shop.charged(members[0], 20_000);
    let until = shop.now.plus_ms(30 * DAY);
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = shop.store.read(|book| book.expiring_soon(until, after, 2)).unwrap();
        assert_eq!((page.paid, page.bonus, page.members), (points(20_000), points(7_000), 5));
        seen.extend(page.rows.iter().map(|row| (row.member, row.points.get(), row.at)));
        after = page.rows.last().map(|row| (row.at, row.lot, row.part));
        if !page.more {
            break;
        }
    }
    assert_eq!(seen.len(), 7);
    assert!(seen.iter().map(|(.., at)| at).is_sorted());
    assert_eq!(seen.iter().map(|(_, points, _)| points).sum::<i64>(), 27_000);
    let of = |member| shop.store.read(|book| book.expiring(member, until)).unwrap();
    assert_eq!(of(members[0]), (points(20_000), points(3_000)));
    assert_eq!(of(members[1]), (points(0), points(1_000)));
    let soon = shop.store.read(|book| book.expiring(members[1], shop.now.plus_ms(18 * DAY))).unwrap();
    assert_eq!(soon, (points(0), points(0)));
}

#[derive(Debug, Clone)]
enum Step {
    Charge(i64),
    Spend(i64),
    Undo(usize),
    Wait(i64),
    Expire,
    Extend(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (100_i64..50_000).prop_map(Step::Charge),
        3 => (1_i64..30_000).prop_map(Step::Spend),
        2 => any::<prop::sample::Index>().prop_map(|i| Step::Undo(i.index(16))),
        3 => (1_i64..40).prop_map(Step::Wait),
        3 => Just(Step::Expire),
        1 => (1_i64..100).prop_map(Step::Extend),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    /// What was charged is there, was used, or has gone; nothing else, and nothing twice.
    #[test]
    fn points_are_there_used_or_gone_after_any_history(
        days in 1_u16..60, steps in prop::collection::vec(step(), 0..40),
    ) {
        let mut shop = Shop::new(Mode::Test);
        shop.bonus_of(vec![offer(0, 10, false), offer(20_000, 15, false)], 20);
        shop.lasts(Some(Lifetime::Days(days)));
        let member = shop.member("가", "01000000001");
        let (mut charged, mut used, mut uses, mut lots) = (0, 0, Vec::new(), Vec::new());
        for step in steps {
            match step {
                Step::Charge(sum) => {
                    let (intent, _) = shop.charged(member, sum);
                    charged += sum + intent.bonus.get();
                    lots.extend(shop.lots(member).iter().map(|lot| lot.lot));
                }
                Step::Spend(many) => if let Ok((_, moved)) = shop.spend(member, many) {
                    used += many;
                    uses.push((moved.transaction, many));
                },
                Step::Undo(which) if !uses.is_empty() => {
                    let (transaction, many) = uses.swap_remove(which % uses.len());
                    shop.undo(transaction).unwrap();
                    used -= many;
                }
                Step::Undo(_) => {}
                Step::Wait(days) => shop.wait(days),
                Step::Expire => {
                    shop.expire();
                    let now = shop.now;
                    prop_assert!(shop.lots(member).iter().all(|lot|
                        (lot.paid.is_zero() || lot.paid_expires_at.is_none_or(|at| at >= now))
                            && (lot.bonus.is_zero() || lot.bonus_expires_at.is_none_or(|at| at >= now))));
                    prop_assert_eq!(shop.expire(), Expired::default());
                }
                Step::Extend(days) => if let Some(lot) = lots.last().copied() {
                    let asked = Extension {
                        lot, paid_until: Some(shop.now.plus_ms(days * DAY)), bonus_until: None, reason: "x".to_owned(),
                    };
                    let by = shop.by();
                    let _refused = shop.store.write(|book| book.extend(&by, &asked));
                }
            }
        }
        lots.sort();
        lots.dedup();
        let gone: i64 = lots.iter().map(|lot| { let (paid, bonus) = shop.gone(*lot); paid + bonus }).sum();
        prop_assert_eq!(charged, shop.balance(member) + used + gone);
        prop_assert_eq!(shop.first_bad(), None);
    }
}
