//! Worked examples of what goes back. Each names the rule that it comes from.

use ledger::refund::{
    Basis, Closed, LotAccount, PaidBy, RefundRule, RefundWay, needs_account, refund_sum, way_closed,
};
use ledger::{LedgerError, Mode, UnixMillis};

use crate::world::{NOON, Shop, points, won};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const GIFT: &str = "신유형 상품권 표준약관";
const ENDED: &str = "방문판매법의 계속거래";

fn rules() -> Vec<RefundRule> {
    Shop::new(Mode::Live).store.read(|book| book.refund_rules()).unwrap()
}

/// What became of a lot.
#[derive(Clone, Copy)]
struct Lot {
    paid: i64,
    bonus_left: i64,
    used: i64,
    gone_back: i64,
    fee_before: i64,
    expired: i64,
    days: i64,
    past_date: bool,
}

const LOT: Lot = Lot {
    paid: 100_000,
    bonus_left: 0,
    used: 0,
    gone_back: 0,
    fee_before: 0,
    expired: 0,
    days: 0,
    past_date: false,
};

impl Lot {
    fn account(self) -> LotAccount {
        LotAccount {
            paid: points(self.paid),
            left_paid: points(self.paid - self.used - self.gone_back - self.expired),
            left_bonus: points(self.bonus_left),
            gone_back: points(self.gone_back),
            fee_before: won(self.fee_before),
            expired: points(self.expired),
            made_at: NOON.plus_ms(-self.days * DAY_MS),
            expires_at: self.past_date.then_some(NOON),
        }
    }
}

/// Source, lot, part, then: line, and back, fee, paid, bonus, expired.
type Example = (&'static str, Lot, Option<i64>, Basis, [i64; 5]);

#[test]
fn worked_examples_of_every_line_of_the_rules() {
    use Basis::{Ended, Expired, Goodwill, ThresholdMet, Unused};
    let table: &[Example] = &[
        // Unused within seven days: all of it.
        (GIFT, Lot { bonus_left: 10_000, ..LOT }, None, Unused, [100_000, 0, 100_000, 10_000, 0]),
        (GIFT, Lot { days: 6, ..LOT }, None, Unused, [100_000, 0, 100_000, 0, 0]),
        (GIFT, Lot { days: 7, ..LOT }, None, Goodwill, [100_000, 0, 100_000, 0, 0]),
        // Used at all, and below the threshold: no claim.
        (GIFT, Lot { used: 1, ..LOT }, None, Goodwill, [99_999, 0, 99_999, 0, 0]),
        (GIFT, Lot { used: 59_999, ..LOT }, None, Goodwill, [40_001, 0, 40_001, 0, 0]),
        // From 60 % used the rest goes back; bonus that is left goes with it.
        (
            GIFT,
            Lot { used: 60_000, bonus_left: 4_000, ..LOT },
            None,
            ThresholdMet,
            [40_000, 0, 40_000, 4_000, 0],
        ),
        // 80 % where no more than 10,000 was paid.
        (GIFT, Lot { paid: 10_000, used: 7_999, ..LOT }, None, Goodwill, [2_001, 0, 2_001, 0, 0]),
        (GIFT, Lot { paid: 10_000, used: 8_000, ..LOT }, None, ThresholdMet, [2_000, 0, 2_000, 0, 0]),
        (GIFT, Lot { paid: 10_001, used: 6_001, ..LOT }, None, ThresholdMet, [4_000, 0, 4_000, 0, 0]),
        // After its date: 90 % up to 50,000, 95 % above, whatever was used.
        (GIFT, Lot { paid: 50_000, past_date: true, ..LOT }, None, Expired, [45_000, 5_000, 50_000, 0, 0]),
        (GIFT, Lot { past_date: true, days: 400, ..LOT }, None, Expired, [95_000, 5_000, 100_000, 0, 0]),
        (GIFT, Lot { past_date: true, used: 99_991, ..LOT }, None, Expired, [8, 1, 9, 0, 0]),
        // And the right survives the posted expiry.
        (
            GIFT,
            Lot { expired: 40_000, used: 60_000, days: 400, ..LOT },
            None,
            Expired,
            [38_000, 2_000, 0, 0, 40_000],
        ),
        // The bonus goes with it all the same, in proportion.
        (
            GIFT,
            Lot { expired: 100_000, bonus_left: 10_000, days: 400, ..LOT },
            None,
            Expired,
            [95_000, 5_000, 0, 10_000, 100_000],
        ),
        // A part, and what went back before is no use.
        (GIFT, Lot { bonus_left: 10_000, ..LOT }, Some(25_000), Unused, [25_000, 0, 25_000, 2_500, 0]),
        (
            GIFT,
            Lot { gone_back: 25_000, bonus_left: 7_500, ..LOT },
            None,
            Unused,
            [75_000, 0, 75_000, 7_500, 0],
        ),
        (GIFT, Lot { gone_back: 25_000, used: 60_000, ..LOT }, None, ThresholdMet, [15_000, 0, 15_000, 0, 0]),
        // A service over time: at any time, ten percent of the price off, what was used at the price that was paid.
        (
            ENDED,
            Lot { used: 30_000, days: 60, bonus_left: 7_000, ..LOT },
            None,
            Ended,
            [60_000, 10_000, 70_000, 7_000, 0],
        ),
        (ENDED, Lot { days: 30, ..LOT }, None, Ended, [90_000, 10_000, 100_000, 0, 0]),
        (ENDED, Lot { days: 1, ..LOT }, None, Unused, [100_000, 0, 100_000, 0, 0]),
        // In two parts the same fee is kept once.
        (ENDED, Lot { days: 30, ..LOT }, Some(40_000), Ended, [36_000, 4_000, 40_000, 0, 0]),
        (
            ENDED,
            Lot { days: 30, gone_back: 40_000, fee_before: 4_000, ..LOT },
            None,
            Ended,
            [54_000, 6_000, 60_000, 0, 0],
        ),
    ];
    let rules = rules();
    for (at, (source, lot, part, basis, wanted)) in table.iter().enumerate() {
        let rule = rules.iter().find(|rule| rule.source.contains(source)).unwrap();
        let sum = refund_sum(&lot.account(), rule, NOON, part.map(points)).unwrap();
        let got = [sum.won.get(), sum.fee.get(), sum.paid.get(), sum.bonus.get(), sum.expired.get()];
        assert_eq!((sum.basis, got), (*basis, *wanted), "line {at} of {source}");
        assert_eq!(sum.claim, *basis != Goodwill, "line {at}");
        assert_eq!(
            got[0] + got[1],
            got[2] + got[4],
            "line {at}: what goes and what is kept is what is taken"
        );
    }
}

#[test]
fn nothing_goes_back_where_nothing_is_left_or_the_shop_keeps_it_all() {
    let rules = rules();
    let none = |lot: Lot, rule: usize, part: Option<i64>| {
        matches!(
            refund_sum(&lot.account(), &rules[rule], NOON, part.map(points)),
            Err(LedgerError::NothingToRefund)
        )
    };
    assert!(none(Lot { used: 100_000, ..LOT }, 0, None));
    assert!(none(LOT, 0, Some(0)));
    assert!(none(Lot { used: 1, ..LOT }, 0, Some(100_000)));
    // Five thousand are left, and ten thousand would be kept.
    assert!(none(Lot { used: 95_000, days: 30, ..LOT }, 1, None));
    assert!(none(Lot { used: 99_999, past_date: true, ..LOT }, 0, None));
}

#[test]
fn every_rule_says_where_it_comes_from_and_how_sure_that_is() {
    for rule in rules() {
        assert!(rule.source.chars().count() > 20 && rule.certainty.contains("확인"), "{rule:?}");
    }
}

fn paid_by(method: &str, days_ago: i64) -> PaidBy {
    PaidBy {
        method: method.to_owned(),
        paid_at: NOON.plus_ms(-days_ago * DAY_MS),
        won: won(10_000),
        left: won(10_000),
        backed: won(10_000),
        under_way: false,
        refused_before: false,
    }
}

#[test]
fn money_goes_back_the_way_it_came_while_that_way_is_open() {
    let ways = |payment: Option<&PaidBy>, sum: i64, now: UnixMillis| {
        RefundWay::ALL.map(|way| way_closed(way, payment, won(sum), now))
    };
    let original = Some(Closed::OriginalFirst);
    assert_eq!(ways(Some(&paid_by("card", 364)), 10_000, NOON), [None, original, original]);
    assert_eq!(ways(Some(&paid_by("card", 365)), 10_000, NOON), [Some(Closed::TooOld), None, None]);
    assert_eq!(ways(Some(&paid_by("vbank", 900)), 10_000, NOON), [None, original, original]);
    assert_eq!(ways(None, 10_000, NOON), [Some(Closed::NoPayment), None, None]);
    // A phone bill: the same month in Seoul, and only as a whole.
    assert_eq!(ways(Some(&paid_by("phone", 22)), 10_000, NOON)[0], None);
    assert_eq!(ways(Some(&paid_by("phone", 23)), 10_000, NOON), [Some(Closed::OtherMonth), None, None]);
    assert_eq!(ways(Some(&paid_by("phone", 1)), 9_000, NOON)[0], Some(Closed::NoPart));
    assert_eq!(ways(Some(&paid_by("card", 1)), 10_001, NOON)[0], Some(Closed::AbovePayment));
    // What was cancelled elsewhere goes back no second time, by no way.
    let gone = PaidBy { left: won(0), backed: won(4_000), ..paid_by("card", 1) };
    assert_eq!(ways(Some(&gone), 4_001, NOON), [Some(Closed::AbovePayment); 3]);
    assert_eq!(ways(Some(&gone), 4_000, NOON), [Some(Closed::AbovePayment), None, None]);
    let in_cash = PaidBy { backed: won(4_000), ..paid_by("card", 1) };
    assert_eq!(ways(Some(&in_cash), 4_001, NOON), [Some(Closed::AbovePayment); 3]);
    // While one is under way, nothing else pays out.
    let busy = PaidBy { under_way: true, ..paid_by("card", 1) };
    assert_eq!(ways(Some(&busy), 1, NOON), [Some(Closed::UnderWay); 3]);
    let refused = PaidBy { refused_before: true, ..paid_by("card", 1) };
    assert_eq!(ways(Some(&refused), 1, NOON), [None, None, None]);
    assert!(needs_account("vbank", "html5_inicis") && !needs_account("vbank", "tosspayments"));
    assert!(!needs_account("card", "html5_inicis"));
}
