//! Where two parts of the book meet: points that moved, went or were refunded are each counted once.

use ledger::refund::RefundWay;
use ledger::{
    CancelSaid, Done, Extension, LedgerError, Lifetime, LotId, MemberId, Mode, NewRefund, Refund, RefundId,
    RefundOf, RefundState,
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
    shop.store.erase(&by, member).unwrap();
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
