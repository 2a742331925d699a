//! Where two parts of the book meet: points that moved, went or were refunded are each counted once.

use ledger::refund::RefundWay;
use ledger::{
    CancelSaid, ChargeState, DebtPaid, Done, Extension, Found, Intent, LedgerError, Lifetime, LotId,
    MemberId, Mode, NewRefund, Refund, RefundId, RefundOf, RefundState, Said,
};

use crate::time::end_of;
use crate::world::{Shop, cancelled, paid, points, won};

impl Shop {
    fn refund(&mut self, lot: LotId, sum: i64, way: RefundWay) -> Result<(Done, Refund), LedgerError> {
        let new = NewRefund {
            refund: RefundId(self.id()),
            of: RefundOf::Lot(lot, None),
            won: won(sum),
            way,
            goodwill: true,
            account: None,
            note: "손님이 원해서".to_owned(),
        };
        let by = self.by_request(new.refund.0);
        self.store.write(|book| book.open_refund(&by, &new))
    }

    fn merge(&mut self, from: MemberId, into: MemberId) {
        let by = self.by();
        self.store.write(|book| book.merge_members(&by, from, into, "같은 분")).unwrap();
    }

    /// Paid, bonus, held, debt.
    fn sums(&self, member: MemberId) -> [i64; 4] {
        let balance = self.store.read(|book| book.balance(member)).unwrap();
        [balance.paid.get(), balance.bonus.get(), balance.held.get(), balance.debt.get()]
    }
}

fn two(shop: &mut Shop) -> (MemberId, MemberId) {
    (shop.member("김서연", "010-2841-4821"), shop.member("김서연", "010-7730-1111"))
}

#[test]
fn points_that_went_are_refunded_once_and_then_come_back_by_no_extension() {
    let mut shop = Shop::new(Mode::Live);
    shop.lasts(Some(Lifetime::Days(30)));
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 10_000);
    let lot = shop.lots(member)[0].lot;
    shop.wait(400);
    shop.expire();
    // Nine tenths, in cash: the card can be cancelled no more.
    shop.refund(lot, 9_000, RefundWay::Cash).unwrap();
    assert!(matches!(shop.refund(lot, 9_000, RefundWay::Cash), Err(LedgerError::NothingToRefund)));
    let by = shop.by();
    let longer =
        Extension { lot, paid_until: end_of("2029-01-01"), bonus_until: None, reason: "x".to_owned() };
    let extended = shop.store.write(|book| book.extend(&by, &longer));
    assert!(matches!(extended, Err(LedgerError::NothingToExtend)));
    assert_eq!((shop.sums(member), shop.gone(lot), shop.first_bad()), ([0, 0, 0, 0], (0, 0), None));
}

#[test]
fn points_that_were_put_back_are_refunded_as_points_and_not_as_gone() {
    let mut shop = Shop::new(Mode::Live);
    shop.lasts(Some(Lifetime::Days(30)));
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 10_000);
    let lot = shop.lots(member)[0].lot;
    shop.wait(31);
    shop.expire();
    let by = shop.by();
    let longer =
        Extension { lot, paid_until: end_of("2027-06-01"), bonus_until: None, reason: "x".to_owned() };
    shop.store.write(|book| book.extend(&by, &longer)).unwrap();
    let lots = shop.store.read(|book| book.refundable_lots(member)).unwrap();
    let accounts: Vec<_> =
        lots.iter().map(|lot| (lot.account.left_paid, lot.account.expired, lot.account.gone_back)).collect();
    assert_eq!(accounts, [(points(10_000), points(0), points(0))]);
    shop.refund(lot, 10_000, RefundWay::Pg).unwrap();
    assert_eq!((shop.sums(member), shop.first_bad()), ([0, 0, 10_000, 0], None));
}

#[test]
fn points_that_moved_to_another_member_are_refunded_to_the_payment_that_they_came_from() {
    let mut shop = Shop::new(Mode::Live);
    shop.bonus(10);
    let (from, into) = two(&mut shop);
    let intent = shop.open(from, 10_000);
    let payment = paid(&intent, "imp_moved");
    shop.settle(intent.charge, vec![payment.clone()]);
    shop.spend(from, 5_500).unwrap();
    let origin = shop.lots(from)[0].lot;
    shop.merge(from, into);
    let lots = shop.store.read(|book| book.refundable_lots(into)).unwrap();
    let lot = &lots[0];
    assert_eq!((lot.imp_uid.as_deref(), lot.charge), (Some("imp_moved"), Some(intent.charge)));
    // What was used before the merge counts: 5,000 of 10,000.
    assert_eq!((lot.account.paid, lot.account.left_paid), (points(10_000), points(5_000)));
    assert_eq!((lot.lot, lot.rule_assumed), (shop.lots(into)[0].lot, false));
    // By the old lot's name too, and nobody is merged or forgotten meanwhile.
    let (_, refund) = shop.refund(origin, 5_000, RefundWay::Pg).unwrap();
    assert_eq!((refund.member, shop.sums(into)), (into, [0, 0, 5_500, 0]));
    let third = shop.member("이도윤", "010-5512-0937");
    let by = shop.by();
    let merged = shop.store.write(|book| book.merge_members(&by, into, third, "x"));
    assert!(matches!(merged, Err(LedgerError::MemberBusy)));
    let order = shop.settle(intent.charge, vec![payment.clone()]).send.unwrap();
    let told = cancelled(&payment, &[(5_000, &order.reason)]);
    shop.settle(intent.charge, vec![told.clone()]);
    assert_eq!(shop.store.read(|book| book.refund(refund.refund)).unwrap().state, RefundState::Posted);
    assert!(!shop.settle(intent.charge, vec![told]).moved);
    assert_eq!((shop.sums(into), shop.first_bad()), ([0, 0, 0, 0], None));
}

#[test]
fn a_cancel_made_elsewhere_finds_the_points_where_they_are_now_and_the_debt_its_person() {
    let mut shop = Shop::new(Mode::Live);
    let (from, into) = two(&mut shop);
    let mut charged = Vec::new();
    for (name, spent) in [("imp_some", 4_000), ("imp_all", 10_000)] {
        let intent = shop.open(from, 10_000);
        let payment = paid(&intent, name);
        shop.settle(intent.charge, vec![payment.clone()]);
        shop.spend(from, spent).unwrap();
        charged.push((intent, payment));
    }
    // 14,000 of 20,000 are spent: all of the first, 4,000 of the second.
    shop.merge(from, into);
    for (intent, payment) in &charged {
        let told = cancelled(payment, &[(10_000, "PG 콘솔에서")]);
        shop.settle(intent.charge, vec![told.clone()]);
        shop.settle(intent.charge, vec![told]);
    }
    assert_eq!((shop.sums(from), shop.sums(into)), ([0; 4], [0, 0, 0, 14_000]));
    assert_eq!(shop.first_bad(), None);
}

#[test]
fn what_was_said_about_a_refund_is_forgotten_with_the_person() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let intent = shop.open(member, 10_000);
    let payment = paid(&intent, "imp_1");
    shop.settle(intent.charge, vec![payment.clone()]);
    let lot = shop.lots(member)[0].lot;
    let (_, refund) = shop.refund(lot, 10_000, RefundWay::Pg).unwrap();
    shop.settle(intent.charge, vec![payment.clone()]);
    let by = shop.by();
    let refused = CancelSaid::Refused("김서연 고객 계좌 오류".to_owned());
    shop.store.write(|book| book.refund_said(&by, refund.refund, &refused)).unwrap();
    shop.settle(intent.charge, vec![payment]);
    shop.refund(lot, 10_000, RefundWay::Cash).unwrap();
    let by = shop.by();
    shop.store.erase(&by, member, false).unwrap();
    let bytes = std::fs::read(&shop.path).unwrap();
    for trace in ["김서연 고객", "손님이 원해서"] {
        assert!(!bytes.windows(trace.len()).any(|window| window == trace.as_bytes()), "{trace}");
    }
    let digests: i64 = shop
        .stranger()
        .query_row("SELECT count(*) FROM request WHERE kind = 'refund'", [], |row| row.get(0))
        .unwrap();
    assert_eq!((digests, shop.first_bad()), (0, None));
}

/// A charge of 30,000, of which 20,000 are used in two goes before all of it is cancelled in PortOne's console.
fn cancelled_after_use(shop: &mut Shop) -> (MemberId, LotId, [ledger::TransactionId; 2]) {
    let member = shop.member("김서연", "010-2841-4821");
    let intent = shop.open(member, 30_000);
    let payment = paid(&intent, "imp_1");
    shop.settle(intent.charge, vec![payment.clone()]);
    let lot = shop.lots(member)[0].lot;
    let uses = [12_000, 8_000].map(|many| shop.spend(member, many).unwrap().1.transaction);
    shop.settle(intent.charge, vec![cancelled(&payment, &[(30_000, "PG 콘솔에서")])]);
    assert_eq!(shop.sums(member), [0, 0, 0, 20_000]);
    (member, lot, uses)
}

#[test]
fn a_use_taken_back_after_its_money_was_cancelled_ends_the_debt_and_gives_no_points() {
    let mut shop = Shop::new(Mode::Live);
    let (member, lot, uses) = cancelled_after_use(&mut shop);
    shop.undo(uses[1]).unwrap();
    assert_eq!(shop.sums(member), [0, 0, 0, 12_000]);
    shop.undo(uses[0]).unwrap();
    assert_eq!((shop.sums(member), shop.first_bad()), ([0; 4], None));
    for way in [RefundWay::Pg, RefundWay::Cash, RefundWay::Bank] {
        assert!(matches!(shop.refund(lot, 20_000, way), Err(LedgerError::NothingToRefund)), "{way:?}");
    }
}

#[test]
fn what_was_paid_of_a_debt_comes_back_as_points_and_can_go_back_once() {
    let mut shop = Shop::new(Mode::Live);
    let (member, lot, uses) = cancelled_after_use(&mut shop);
    let by = shop.by();
    shop.store.write(|book| book.settle_debt(&by, member, won(5_000), DebtPaid::Cash, "현금")).unwrap();
    shop.undo(uses[0]).unwrap();
    shop.undo(uses[1]).unwrap();
    // 15,000 were owed and gone with the uses; 5,000 were paid.
    assert_eq!(shop.sums(member), [5_000, 0, 0, 0]);
    assert!(matches!(shop.refund(lot, 5_000, RefundWay::Pg), Err(LedgerError::WayClosed(_))));
    shop.refund(lot, 5_000, RefundWay::Cash).unwrap();
    assert_eq!((shop.sums(member), shop.first_bad()), ([0; 4], None));
}

#[test]
fn a_debt_that_the_shop_let_go_is_no_money_that_could_go_back() {
    let mut shop = Shop::new(Mode::Live);
    let (member, lot, uses) = cancelled_after_use(&mut shop);
    let by = shop.by();
    shop.store.write(|book| book.settle_debt(&by, member, won(20_000), DebtPaid::WrittenOff, "x")).unwrap();
    for one in uses {
        shop.undo(one).unwrap();
        assert_eq!(shop.sums(member), [0; 4]);
    }
    for way in [RefundWay::Cash, RefundWay::Bank] {
        assert!(matches!(shop.refund(lot, 12_000, way), Err(LedgerError::NothingToRefund)), "{way:?}");
    }
    assert_eq!((shop.account("suspense"), shop.first_bad()), (0, None));
}

#[test]
fn what_went_out_in_cash_is_not_cancelled_as_well() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let intent = shop.open(member, 10_000);
    let payment = paid(&intent, "imp_1");
    shop.settle(intent.charge, vec![payment.clone()]);
    let lot = shop.lots(member)[0].lot;
    let (_, used) = shop.spend(member, 5_000).unwrap();
    let part = |shop: &mut Shop, way| {
        let new = NewRefund {
            refund: RefundId(shop.id()),
            of: RefundOf::Lot(lot, Some(points(4_000))),
            won: won(4_000),
            way,
            goodwill: true,
            account: None,
            note: "x".to_owned(),
        };
        let by = shop.by_request(new.refund.0);
        shop.store.write(|book| book.open_refund(&by, &new))
    };
    let (_, refused) = part(&mut shop, RefundWay::Pg).unwrap();
    shop.settle(intent.charge, vec![payment.clone()]);
    let by = shop.by();
    let said = CancelSaid::Refused("x".to_owned());
    shop.store.write(|book| book.refund_said(&by, refused.refund, &said)).unwrap();
    shop.settle(intent.charge, vec![payment.clone()]);
    part(&mut shop, RefundWay::Cash).unwrap();
    shop.settle(intent.charge, vec![cancelled(&payment, &[(6_000, "PG 콘솔에서")])]);
    assert_eq!(shop.sums(member), [0, 0, 0, 5_000]);
    shop.undo(used.transaction).unwrap();
    // 4,000 in cash and 6,000 by the console: all of it went back.
    assert_eq!((shop.sums(member), shop.first_bad()), ([0; 4], None));
    for way in [RefundWay::Pg, RefundWay::Cash] {
        assert!(matches!(part(&mut shop, way), Err(LedgerError::NothingToRefund)), "{way:?}");
    }
}

/// A second payment for one charge, of which a part was cancelled in the console.
fn partly_cancelled(shop: &mut Shop, member: MemberId) -> (Intent, [Found; 2]) {
    let intent = shop.open(member, 30_000);
    let (first, second) = (paid(&intent, "imp_1"), paid(&intent, "imp_2"));
    shop.settle(intent.charge, vec![first.clone(), second.clone()]);
    let second = cancelled(&second, &[(5_000, "PG 콘솔에서")]);
    shop.settle(intent.charge, vec![first.clone(), second.clone()]);
    (intent, [first, second])
}

fn goes_back(shop: &mut Shop, intent: &Intent, sum: i64) -> Result<(Done, Refund), LedgerError> {
    let new = NewRefund {
        refund: RefundId(shop.id()),
        of: RefundOf::Payment(intent.charge, "imp_2".to_owned()),
        won: won(sum),
        way: RefundWay::Pg,
        goodwill: false,
        account: None,
        note: "두 번 결제한 손님".to_owned(),
    };
    let by = shop.by_request(new.refund.0);
    shop.store.write(|book| book.open_refund(&by, &new))
}

#[test]
fn the_rest_of_a_payment_that_was_cancelled_in_part_goes_back_from_here() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let (intent, [first, second]) = partly_cancelled(&mut shop, member);
    let offered = shop.store.read(|book| book.disputed_payments(member)).unwrap();
    assert_eq!((offered.len(), offered[0].won), (1, won(25_000)));
    assert!(matches!(goes_back(&mut shop, &intent, 30_000), Err(LedgerError::RefundChanged)));
    let (_, refund) = goes_back(&mut shop, &intent, 25_000).unwrap();
    let order = shop.settle(intent.charge, vec![first.clone(), second]).send.unwrap();
    assert_eq!((order.sum.get(), order.checksum.get()), (25_000, 25_000));
    let told = cancelled(&paid(&intent, "imp_2"), &[(5_000, "PG 콘솔에서"), (25_000, &order.reason)]);
    shop.settle(intent.charge, vec![first, told]);
    assert_eq!(shop.store.read(|book| book.refund(refund.refund)).unwrap().state, RefundState::Posted);
    assert!(shop.store.read(|book| book.disputed_payments(member)).unwrap().is_empty());
    assert_eq!((shop.sums(member), shop.first_bad()), ([30_000, 0, 0, 0], None));
}

#[test]
fn why_a_payment_without_points_goes_back_is_kept_and_forgotten_with_the_person() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let (intent, [first, second]) = partly_cancelled(&mut shop, member);
    let (_, refund) = goes_back(&mut shop, &intent, 25_000).unwrap();
    let note = |shop: &Shop| shop.store.read(|book| book.refund_note(refund.refund)).unwrap();
    assert_eq!(note(&shop).as_deref(), Some("두 번 결제한 손님"));
    let order = shop.settle(intent.charge, vec![first.clone(), second]).send.unwrap();
    let told = cancelled(&paid(&intent, "imp_2"), &[(5_000, "x"), (25_000, &order.reason)]);
    shop.settle(intent.charge, vec![first, told]);
    shop.spend(member, 30_000).unwrap();
    let by = shop.by();
    shop.store.erase(&by, member, false).unwrap();
    let digests: i64 = shop
        .stranger()
        .query_row("SELECT count(*) FROM request WHERE kind = 'refund'", [], |row| row.get(0))
        .unwrap();
    assert_eq!((note(&shop), digests, shop.first_bad()), (None, 0, None));
}

#[test]
fn money_for_somebody_who_was_forgotten_is_no_points_but_goes_back() {
    let mut shop = Shop::new(Mode::Live);
    let (member, into) = two(&mut shop);
    let intent = shop.open(member, 10_000);
    // Nobody waits for that window any more.
    shop.now = shop.now.plus_ms(3 * 60 * 60 * 1000);
    shop.merge(member, into);
    let by = shop.by();
    shop.store.erase(&by, into, false).unwrap();
    let mut late = paid(&intent, "imp_late");
    late.paid_at = Some(shop.now);
    let settled = shop.settle(intent.charge, vec![late.clone()]);
    assert_eq!((settled.state, settled.credited), (ChargeState::Disputed, None));
    assert_eq!((shop.sums(into), shop.first_bad()), ([0; 4], None));
    assert_eq!(shop.store.read(|book| book.disputed_payments(into)).unwrap()[0].won, won(10_000));
    late.amount = Said::Whole(10_000);
    assert_eq!(shop.settle(intent.charge, vec![late]).state, ChargeState::Disputed);
}

#[test]
fn nobody_is_forgotten_while_a_deposit_to_a_number_merged_into_theirs_is_awaited() {
    let mut shop = Shop::new(Mode::Live);
    let (from, into) = two(&mut shop);
    let intent = shop.open(from, 10_000);
    shop.now = shop.now.plus_ms(3 * 60 * 60 * 1000);
    shop.merge(from, into);
    let mut wrong = paid(&intent, "imp_less");
    wrong.amount = Said::Whole(100);
    wrong.paid_at = Some(shop.now);
    assert_eq!(shop.settle(intent.charge, vec![wrong]).state, ChargeState::Disputed);
    let by = shop.by();
    assert!(matches!(shop.store.erase(&by, into, false), Err(LedgerError::MemberBusy)));
}

#[test]
fn what_somebody_who_was_forgotten_owes_can_be_let_go() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let intent = shop.open(member, 10_000);
    let payment = paid(&intent, "imp_1");
    shop.settle(intent.charge, vec![payment.clone()]);
    shop.spend(member, 10_000).unwrap();
    let by = shop.by();
    shop.store.erase(&by, member, false).unwrap();
    shop.settle(intent.charge, vec![cancelled(&payment, &[(10_000, "PG 콘솔에서")])]);
    assert_eq!(shop.sums(member), [0, 0, 0, 10_000]);
    for (how, goes) in [(DebtPaid::Cash, false), (DebtPaid::WrittenOff, true)] {
        let by = shop.by();
        let settled = shop.store.write(|book| book.settle_debt(&by, member, won(10_000), how, ""));
        assert_eq!(settled.is_ok(), goes, "{how:?}");
    }
    assert_eq!((shop.sums(member), shop.first_bad()), ([0; 4], None));
}

#[test]
fn nobody_is_forgotten_while_expired_points_could_be_refunded_unless_they_waive_it() {
    let mut shop = Shop::new(Mode::Live);
    shop.lasts(Some(Lifetime::Days(30)));
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 10_000);
    shop.wait(400);
    shop.expire();
    let by = shop.by();
    assert!(matches!(shop.store.erase(&by, member, false), Err(LedgerError::MemberHasClaim)));
    let by = shop.by();
    assert!(shop.store.erase(&by, member, true).is_ok());
}
