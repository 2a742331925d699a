//! Every line of the gate, one by one: break it and only it, and the payment does not pass.

use ledger::{Answer, Found, FoundStatus, GateReason, Intent, Mode, Rest, Said, UnixMillis, decide, gate};

use crate::world::{NOON, Shop, paid};

fn intent(mode: Mode) -> Intent {
    let mut shop = Shop::new(mode);
    let member = shop.member("김서연", "010-2841-4821");
    shop.open(member, 10_000)
}

/// Changes one thing about a good payment and tells what the gate says.
fn check(mode: Mode, change: impl FnOnce(&mut Found)) -> Result<(), GateReason> {
    let intent = intent(mode);
    let mut found = paid(&intent, "imp_1");
    change(&mut found);
    gate(&intent, &found, false, NOON.plus_ms(60_000)).map(|_| ())
}

#[test]
fn a_payment_that_is_just_as_agreed_passes_in_every_mode() {
    for mode in [Mode::Live, Mode::Test, Mode::Practice] {
        assert_eq!(check(mode, |_| {}), Ok(()));
    }
}

#[test]
fn a_payment_of_another_order_does_not_pass() {
    let other = check(Mode::Live, |found| found.merchant_uid = "pt0000000000000000000000".to_owned());
    assert_eq!(other, Err(GateReason::ForeignOrder));
}

#[test]
fn a_payment_that_stands_in_the_book_does_not_pass() {
    let intent = intent(Mode::Live);
    let used = gate(&intent, &paid(&intent, "imp_1"), true, NOON).map(|_| ());
    assert_eq!(used, Err(GateReason::PaymentUsed));
}

#[test]
fn only_paid_passes() {
    let others = [
        FoundStatus::Ready,
        FoundStatus::Failed,
        FoundStatus::Cancelled,
        FoundStatus::Unrecognized("PAID".to_owned()),
    ];
    for status in others {
        assert_eq!(check(Mode::Live, |found| found.status = status), Err(GateReason::NotPaid));
    }
}

#[test]
fn only_exactly_the_sum_passes() {
    for amount in [Said::Whole(9_999), Said::Whole(10_001), Said::Whole(0), Said::Odd("10000.5".to_owned())] {
        assert_eq!(check(Mode::Live, |found| found.amount = amount), Err(GateReason::AmountMismatch));
    }
}

#[test]
fn only_won_passes() {
    for currency in [None, Some("USD".to_owned()), Some("krw".to_owned())] {
        assert_eq!(check(Mode::Live, |found| found.currency = currency), Err(GateReason::CurrencyMismatch));
    }
}

#[test]
fn a_payment_of_which_something_went_back_does_not_pass() {
    assert_eq!(
        check(Mode::Live, |found| found.cancel_amount = Said::Whole(1)),
        Err(GateReason::AlreadyCancelled)
    );
    assert_eq!(check(Mode::Live, |found| found.cancels = 1), Err(GateReason::AlreadyCancelled));
    let odd = check(Mode::Live, |found| found.cancel_amount = Said::Odd("?".to_owned()));
    assert_eq!(odd, Err(GateReason::AlreadyCancelled));
}

#[test]
fn test_money_does_not_pass_into_the_live_book_nor_live_money_into_the_test_book() {
    assert_eq!(check(Mode::Live, |found| found.sandbox = Some(true)), Err(GateReason::SandboxMismatch));
    assert_eq!(check(Mode::Test, |found| found.sandbox = Some(false)), Err(GateReason::SandboxMismatch));
    for mode in [Mode::Live, Mode::Test] {
        assert_eq!(check(mode, |found| found.sandbox = None), Err(GateReason::SandboxMismatch));
    }
}

#[test]
fn only_the_frozen_channel_passes() {
    let provider = check(Mode::Live, |found| found.pg_provider = Some("kcp".to_owned()));
    assert_eq!(provider, Err(GateReason::ChannelMismatch));
    assert_eq!(
        check(Mode::Live, |found| found.pg_id = Some("other".to_owned())),
        Err(GateReason::ChannelMismatch)
    );
    assert_eq!(check(Mode::Live, |found| found.pg_id = None), Err(GateReason::ChannelMismatch));
}

#[test]
fn issuing_a_billing_key_is_no_payment() {
    let issue = check(Mode::Live, |found| found.customer_uid_usage = Some("issue".to_owned()));
    assert_eq!(issue, Err(GateReason::BillingKeyIssue));
    assert_eq!(check(Mode::Live, |found| found.customer_uid_usage = Some("payment".to_owned())), Ok(()));
}

#[test]
fn a_payment_without_a_time_does_not_pass() {
    assert_eq!(check(Mode::Live, |found| found.paid_at = None), Err(GateReason::PaidTimeMissing));
}

#[test]
fn a_payment_from_before_the_charge_or_from_the_future_does_not_pass() {
    let slack = 10 * 60 * 1000;
    let now = NOON.plus_ms(60_000);
    for (paid_at, passes) in [
        (NOON.plus_ms(-slack), true),
        (NOON.plus_ms(-slack - 1), false),
        (now.plus_ms(slack), true),
        (now.plus_ms(slack + 1), false),
    ] {
        let said = check(Mode::Live, |found| found.paid_at = Some(paid_at));
        assert_eq!(said, if passes { Ok(()) } else { Err(GateReason::PaidTimeOutside) });
    }
}

#[test]
fn of_several_payments_the_earliest_that_passes_is_credited_and_the_others_are_disputed() {
    let intent = intent(Mode::Live);
    let mut late = paid(&intent, "imp_1");
    late.paid_at = Some(intent.at.plus_ms(50_000));
    let early = paid(&intent, "imp_2");
    let mut wrong = paid(&intent, "imp_3");
    wrong.amount = Said::Whole(1);
    wrong.paid_at = Some(intent.at);
    let answer = Answer { found: vec![late, early, wrong], at: NOON };
    let outcome = decide(&intent, &answer, |_| false, None);
    assert_eq!(outcome.credit.unwrap().found().imp_uid, "imp_2");
    let mut disputed: Vec<_> =
        outcome.disputed.iter().map(|(found, why)| (found.imp_uid.as_str(), *why)).collect();
    disputed.sort_by_key(|(imp_uid, _)| *imp_uid);
    assert_eq!(disputed, [("imp_1", GateReason::SecondPayment), ("imp_3", GateReason::AmountMismatch)]);
}

#[test]
fn what_was_not_paid_is_told_apart() {
    let intent = intent(Mode::Live);
    let with = |status: FoundStatus, started: i64| {
        let mut found = paid(&intent, &format!("imp_{started}"));
        found.status = status;
        found.started_at = Some(UnixMillis(started));
        found.fail_reason = Some("한도 초과".to_owned());
        found
    };
    let rest = |found: Vec<Found>| decide(&intent, &Answer { found, at: NOON }, |_| false, None).rest;
    assert_eq!(rest(vec![]), Rest::Open);
    assert_eq!(rest(vec![with(FoundStatus::Ready, 1)]), Rest::Open);
    assert_eq!(rest(vec![with(FoundStatus::Failed, 1)]), Rest::Failed(Some("한도 초과".to_owned())));
    // A decline and a new attempt in the same window: not failed yet.
    assert_eq!(rest(vec![with(FoundStatus::Failed, 1), with(FoundStatus::Ready, 2)]), Rest::Open);
    assert_eq!(rest(vec![with(FoundStatus::Failed, 1), with(FoundStatus::Cancelled, 2)]), Rest::Voided(None));
    assert_eq!(rest(vec![with(FoundStatus::Unrecognized("x".to_owned()), 1)]), Rest::Unknown);
}
