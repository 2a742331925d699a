use ledger::{Answer, ChargeId, ChargeState, Done, FoundStatus, LedgerError, Mode, Said};
use uuid::Uuid;

use crate::world::{Shop, paid, points, won};

const HOUR_MS: i64 = 60 * 60 * 1000;

#[test]
fn a_paid_charge_is_credited_with_its_bonus_and_its_proof() {
    let mut shop = Shop::new(Mode::Live);
    shop.bonus(10);
    let member = shop.member("김서연", "010-2841-4821");
    let (intent, moved) = shop.charged(member, 10_000);
    assert_eq!((moved.before, moved.after), (points(0), points(11_000)));
    let credit = shop.store.read(|book| book.credit_of(intent.charge)).unwrap().unwrap();
    assert_eq!((credit.paid_change, credit.bonus_change), (10_000, 1_000));
    assert_eq!(credit.payment.unwrap().apply_num.as_deref(), Some("30012345"));
    assert_eq!(credit.business_date, "2026-11-23");
    assert_eq!(shop.first_bad(), None);
}

#[test]
fn settling_again_credits_once() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let intent = shop.open(member, 10_000);
    let found = paid(&intent, "imp_1");
    assert!(shop.settle(intent.charge, vec![found.clone()]).credited.is_some());
    for _ in 0..3 {
        let again = shop.settle(intent.charge, vec![found.clone()]);
        assert!(again.credited.is_none() && !again.changed);
    }
    assert_eq!((shop.balance(member), shop.transactions()), (10_000, 1));
}

#[test]
fn one_payment_cannot_credit_two_charges() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let (first, second) = (shop.open(member, 10_000), shop.open(member, 10_000));
    shop.settle(first.charge, vec![paid(&first, "imp_1")]);
    // The same payment, dressed up as the second order's.
    let settled = shop.settle(second.charge, vec![paid(&second, "imp_1")]);
    assert_eq!(settled.state, ChargeState::Disputed);
    assert_eq!((shop.balance(member), shop.transactions()), (10_000, 1));
}

#[test]
fn the_same_id_with_the_same_content_was_done_before_and_with_other_content_is_refused() {
    let mut shop = Shop::new(Mode::Live);
    let (member, other) = (shop.member("김서연", "010-2841-4821"), shop.member("박지훈", "010-7730-4821"));
    let charge = ChargeId(Uuid::from_u128(99));
    let (done, first) = shop.open_as(charge, member, 10_000, false).unwrap();
    assert_eq!(done, Done::Now);
    // The rules changed meanwhile: what was promised stays promised.
    shop.bonus(50);
    let (done, again) = shop.open_as(charge, member, 10_000, false).unwrap();
    assert_eq!((done, again), (Done::Before, first));
    for (member, sum) in [(member, 10_001), (other, 10_000)] {
        let clash = shop.open_as(charge, member, sum, true);
        assert!(matches!(clash, Err(LedgerError::SameIdOtherContent)));
    }
}

#[test]
fn the_same_member_and_sum_within_ten_minutes_is_stopped_unless_it_is_meant() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let first = shop.open(member, 10_000);
    let stopped = shop.open_as(ChargeId(Uuid::from_u128(1_000)), member, 10_000, false);
    assert!(matches!(stopped, Err(LedgerError::RecentSameCharge { charge }) if charge == first.charge));
    assert!(shop.open_as(ChargeId(Uuid::from_u128(1_001)), member, 20_000, false).is_ok());
    assert!(shop.open_as(ChargeId(Uuid::from_u128(1_002)), member, 10_000, true).is_ok());
    shop.now = shop.now.plus_ms(10 * 60 * 1000 + 1);
    assert!(shop.open_as(ChargeId(Uuid::from_u128(1_003)), member, 10_000, false).is_ok());
}

#[test]
fn a_declined_charge_does_not_stop_the_next_one() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let intent = shop.open(member, 10_000);
    let mut declined = paid(&intent, "imp_1");
    declined.status = FoundStatus::Failed;
    assert_eq!(shop.settle(intent.charge, vec![declined]).state, ChargeState::Failed);
    assert!(shop.open_as(ChargeId(Uuid::from_u128(1_000)), member, 10_000, false).is_ok());
}

#[test]
fn the_newest_attempt_says_where_a_charge_stands() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let intent = shop.open(member, 10_000);
    let attempt = |imp_uid: &str, status: FoundStatus, after_s: i64| {
        let mut found = paid(&intent, imp_uid);
        (found.status, found.paid_at) = (status, None);
        found.started_at = Some(intent.at.plus_ms(after_s * 1_000));
        found.fail_reason = Some("한도초과".to_owned());
        found
    };
    let left = attempt("imp_1", FoundStatus::Ready, 1);
    let declined = attempt("imp_2", FoundStatus::Failed, 2);
    let settled = |shop: &mut Shop, found: Vec<_>| shop.settle(intent.charge, found).state;
    assert_eq!(settled(&mut shop, vec![left.clone()]), ChargeState::Open);
    assert_eq!(settled(&mut shop, vec![left.clone(), declined.clone()]), ChargeState::Failed);
    let again = attempt("imp_3", FoundStatus::Ready, 3);
    assert_eq!(settled(&mut shop, vec![left.clone(), declined.clone(), again.clone()]), ChargeState::Open);
    let cancelled = attempt("imp_4", FoundStatus::Cancelled, 4);
    assert_eq!(settled(&mut shop, vec![left, declined, again, cancelled]), ChargeState::Voided);
}

#[test]
fn a_failed_charge_that_turns_paid_hours_later_is_credited_late_and_once() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let intent = shop.open(member, 10_000);
    let mut failed = paid(&intent, "imp_1");
    failed.status = FoundStatus::Failed;
    shop.settle(intent.charge, vec![failed]);
    shop.now = shop.now.plus_ms(3 * HOUR_MS);
    shop.settle(intent.charge, vec![paid(&intent, "imp_1")]);
    shop.settle(intent.charge, vec![paid(&intent, "imp_1")]);
    let facts = shop.store.read(|book| book.charge(intent.charge)).unwrap();
    assert!(facts.late && facts.state == ChargeState::Credited);
    assert_eq!(shop.balance(member), 10_000);
}

#[test]
fn no_answer_makes_an_open_charge_unknown_and_never_failed() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let intent = shop.open(member, 10_000);
    for _ in 0..50 {
        let by = shop.by();
        let settled =
            shop.store.write(|book| book.unanswered(&by, intent.charge, "portone_unreachable", 0)).unwrap();
        assert_eq!(settled.state, ChargeState::Unknown);
        shop.now = shop.now.plus_ms(60 * 60 * 1000);
    }
    assert!(shop.store.read(|book| book.unsettled()).unwrap().contains(&intent.charge));
    let mut found = paid(&intent, "imp_1");
    found.paid_at = Some(intent.at);
    assert!(shop.settle(intent.charge, vec![found]).credited.is_some());
}

#[test]
fn another_sum_is_disputed_and_credits_nothing() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let intent = shop.open(member, 10_000);
    let mut less = paid(&intent, "imp_1");
    less.amount = Said::Whole(100);
    assert_eq!(shop.settle(intent.charge, vec![less]).state, ChargeState::Disputed);
    let facts = shop.store.read(|book| book.charge(intent.charge)).unwrap();
    assert_eq!(facts.reason.as_deref(), Some("amount_mismatch"));
    assert_eq!(facts.disputes[0].won, Some(won(100)));
    assert_eq!((shop.balance(member), shop.transactions()), (0, 0));
}

#[test]
fn an_answer_from_before_the_payment_is_no_cancel() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let intent = shop.open(member, 10_000);
    shop.settle(intent.charge, vec![paid(&intent, "imp_1")]);
    for status in [FoundStatus::Ready, FoundStatus::Failed] {
        let mut stale = paid(&intent, "imp_1");
        (stale.status, stale.paid_at) = (status, None);
        let settled = shop.settle(intent.charge, vec![stale]);
        assert!(!settled.changed && settled.state == ChargeState::Credited);
    }
    let now = shop.now;
    assert!(shop.store.read(|book| book.waiting(now)).unwrap().is_empty());
}

#[test]
fn a_second_payment_is_nobodys_work_any_more_when_all_of_it_was_given_back() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let intent = shop.open(member, 10_000);
    let first = paid(&intent, "imp_1");
    let mut second = paid(&intent, "imp_2");
    second.paid_at = first.paid_at.map(|at| at.plus_ms(1_000));
    shop.settle(intent.charge, vec![first.clone(), second.clone()]);
    let waiting = |shop: &Shop| shop.store.read(|book| book.waiting(shop.now)).unwrap();
    assert_eq!(waiting(&shop), [intent.charge]);
    // A part of it is not all of it, and it is looked for after more than a day.
    second.cancel_amount = Said::Whole(4_000);
    second.cancels = 1;
    shop.now = shop.now.plus_ms(30 * HOUR_MS);
    shop.settle(intent.charge, vec![first.clone(), second.clone()]);
    assert_eq!(waiting(&shop), [intent.charge]);
    let next = shop.store.read(|book| book.next_due(shop.now)).unwrap();
    assert!(next.is_some_and(|next| next > shop.now), "{next:?}");
    second.cancel_amount = Said::Whole(10_000);
    second.status = FoundStatus::Cancelled;
    assert!(shop.settle(intent.charge, vec![first.clone(), second.clone()]).changed);
    assert!(!shop.settle(intent.charge, vec![first, second]).changed);
    assert!(waiting(&shop).is_empty());
    assert_eq!(shop.balance(member), 10_000);
}

#[test]
fn a_dispute_that_a_wrong_clock_made_ends_with_the_credit() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let intent = shop.open(member, 10_000);
    let mut ahead = paid(&intent, "imp_1");
    ahead.paid_at = Some(shop.now.plus_ms(HOUR_MS));
    assert_eq!(shop.settle(intent.charge, vec![ahead.clone()]).state, ChargeState::Disputed);
    shop.now = shop.now.plus_ms(HOUR_MS);
    assert!(shop.settle(intent.charge, vec![ahead]).credited.is_some());
    let facts = shop.store.read(|book| book.charge(intent.charge)).unwrap();
    assert!(facts.disputes.is_empty(), "{:?}", facts.disputes);
}

#[test]
fn a_disputed_payment_that_was_given_back_voids_the_charge() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let intent = shop.open(member, 10_000);
    let mut less = paid(&intent, "imp_1");
    less.amount = Said::Whole(100);
    shop.settle(intent.charge, vec![less.clone()]);
    (less.status, less.cancel_amount, less.cancels) = (FoundStatus::Cancelled, Said::Whole(100), 1);
    assert_eq!(shop.settle(intent.charge, vec![less]).state, ChargeState::Voided);
    let now = shop.now;
    assert!(shop.store.read(|book| book.waiting(now)).unwrap().is_empty());
}

fn unanswered(shop: &mut Shop, charge: ChargeId, wait_ms: i64) -> ChargeState {
    let by = shop.by();
    let settled = shop.store.write(|book| book.unanswered(&by, charge, "portone_unreachable", wait_ms));
    settled.unwrap().state
}

/// Another card may have been tried in the same window since.
#[test]
fn a_charge_that_failed_a_moment_ago_is_unknown_while_nobody_answers() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let intent = shop.open(member, 10_000);
    let mut failed = paid(&intent, "imp_1");
    failed.status = FoundStatus::Failed;
    shop.settle(intent.charge, vec![failed.clone()]);
    assert_eq!(unanswered(&mut shop, intent.charge, 0), ChargeState::Unknown);
    shop.settle(intent.charge, vec![failed]);
    shop.now = shop.now.plus_ms(3 * HOUR_MS);
    assert!(shop.store.read(|book| book.charge(intent.charge)).unwrap().answered);
    assert_eq!(unanswered(&mut shop, intent.charge, 0), ChargeState::Failed);
    // And nobody takes that for an answer.
    assert!(!shop.store.read(|book| book.charge(intent.charge)).unwrap().answered);
}

/// Before PortOne was first asked, the time is the PC's.
#[test]
fn a_clock_that_was_months_ahead_for_a_moment_does_not_end_the_watch() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let intent = shop.open(member, 10_000);
    let right = shop.now;
    shop.now = right.plus_ms(120 * 24 * HOUR_MS);
    unanswered(&mut shop, intent.charge, 0);
    shop.now = right;
    assert_eq!(shop.store.read(|book| book.due(right)).unwrap(), [intent.charge]);
    assert_eq!(shop.store.read(|book| book.next_due(right)).unwrap(), Some(right));
    // Even where PortOne itself told the wrong time, the next start looks.
    shop.now = right.plus_ms(200 * 24 * HOUR_MS);
    shop.settle(intent.charge, vec![]);
    shop.now = right;
    assert!(shop.store.read(|book| book.due(right)).unwrap().is_empty());
    assert_eq!(shop.store.read(|book| book.unsettled()).unwrap(), [intent.charge]);
}

#[test]
fn a_portone_that_asks_for_patience_is_given_it() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let intent = shop.open(member, 10_000);
    unanswered(&mut shop, intent.charge, 600_000);
    let (now, next) = (shop.now, shop.store.read(|book| book.next_due(shop.now)).unwrap().unwrap());
    assert_eq!(next, now.plus_ms(600_000));
    // But not for a day.
    unanswered(&mut shop, intent.charge, 24 * HOUR_MS);
    assert_eq!(shop.store.read(|book| book.next_due(now)).unwrap(), Some(now.plus_ms(HOUR_MS)));
}

#[test]
fn a_charge_whose_window_never_opened_stops_no_other_and_waits_for_nobody() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let charge = ChargeId(Uuid::from_u128(77));
    let (by, new) = (shop.by_request(charge.0), shop.new_charge(charge, member, 10_000, false));
    shop.store.write(|book| book.open_charge(&by, &new)).unwrap();
    let now = shop.now;
    assert!(shop.store.read(|book| book.waiting(now)).unwrap().is_empty());
    assert!(shop.open_as(ChargeId(Uuid::from_u128(78)), member, 10_000, false).is_ok());
    assert!(shop.open_as(ChargeId(Uuid::from_u128(79)), member, 10_000, false).is_err());
}

#[test]
fn a_charge_that_is_taken_up_again_is_the_clerks_again() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let intent = shop.open(member, 10_000);
    let by = shop.by();
    shop.store.write(|book| book.abandon_charge(&by, intent.charge)).unwrap();
    let now = shop.now;
    assert!(shop.store.read(|book| book.waiting(now)).unwrap().is_empty());
    shop.store.write(|book| book.take_up_charge(&by, intent.charge)).unwrap();
    assert_eq!(shop.store.read(|book| book.waiting(now)).unwrap(), [intent.charge]);
    shop.settle(intent.charge, vec![paid(&intent, "imp_1")]);
    assert!(!shop.store.read(|book| book.charge(intent.charge)).unwrap().late);
}

#[test]
fn a_failure_inside_a_credit_leaves_nothing_behind() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let intent = shop.open(member, 10_000);
    let (by, answer) = (shop.by(), Answer { found: vec![paid(&intent, "imp_1")], at: shop.now });
    let failed: Result<(), LedgerError> = shop.store.write(|book| {
        book.settle(&by, intent.charge, &answer)?;
        Err(LedgerError::UnknownMember)
    });
    assert!(failed.is_err());
    assert_eq!((shop.balance(member), shop.transactions(), shop.first_bad()), (0, 0, None));
    assert!(shop.settle(intent.charge, answer.found).credited.is_some());
}

#[test]
fn a_member_that_is_none_cannot_be_charged() {
    let mut shop = Shop::new(Mode::Live);
    let nobody = shop.open_as(ChargeId(Uuid::from_u128(1)), ledger::MemberId(77), 10_000, false);
    assert!(matches!(nobody, Err(LedgerError::UnknownMember)));
}
