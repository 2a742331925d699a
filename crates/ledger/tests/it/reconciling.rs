//! A table of what may differ between the book's payments and PortOne's, each row by itself.

use std::collections::BTreeMap;

use ledger::{
    BookPayment, BookSide, ChargeId, Difference, DifferenceAction, DifferenceKind, FileLine, Found,
    FoundStatus, Listed, Said, Tally, UnixMillis, Window, reconcile, reconcile_file,
};
use uuid::Uuid;

const FROM: i64 = 1_795_359_600_000;
const WINDOW: Window = Window { from: UnixMillis(FROM), to: UnixMillis(FROM + 86_400_000) };

fn charge(number: u128) -> ChargeId {
    ChargeId(Uuid::from_u128(number))
}

/// A payment that both sides know alike: number `n`, `won` won, a minute into the day for each number.
fn booked(n: u128, won: i64) -> BookPayment {
    BookPayment {
        imp_uid: format!("imp_{n}"),
        merchant_uid: format!("ptbook{n}"),
        charge: charge(n),
        won,
        given_back: 0,
        approval_number: Some(format!("3001{n:04}")),
        paid_at: UnixMillis(FROM + i64::try_from(n).unwrap() * 60_000),
    }
}

fn listed(payment: &BookPayment) -> Listed {
    let found = Found {
        imp_uid: payment.imp_uid.clone(),
        merchant_uid: payment.merchant_uid.clone(),
        status: FoundStatus::Paid,
        amount: Said::Whole(payment.won),
        cancel_amount: Said::Whole(payment.given_back),
        cancels: usize::from(payment.given_back > 0),
        currency: Some("KRW".to_owned()),
        sandbox: Some(false),
        pg_provider: None,
        pg_id: None,
        pg_tid: None,
        pay_method: None,
        apply_num: payment.approval_number.clone(),
        card_name: None,
        card_number: None,
        receipt_url: None,
        paid_at: Some(payment.paid_at),
        started_at: Some(payment.paid_at),
        fail_reason: None,
        cancel_reason: None,
        customer_uid_usage: None,
        account: None,
    };
    Listed { found, cancelled_at: None, custom_data: None }
}

fn side(payments: Vec<BookPayment>) -> BookSide {
    let charges: BTreeMap<_, _> =
        (1..=20_u128).map(|number| (format!("ptbook{number}"), charge(number))).collect();
    BookSide { prefix: "ptbook".to_owned(), sandbox: false, payments, charges, disputed: Vec::new() }
}

fn kinds(differences: &[Difference]) -> Vec<(DifferenceKind, Option<&str>)> {
    differences.iter().map(|one| (one.kind, one.imp_uid.as_deref())).collect()
}

#[test]
fn two_sides_that_agree_have_no_difference_and_both_are_counted() {
    let payments = vec![booked(1, 10_000), booked(2, 30_000)];
    let told: Vec<Listed> = payments.iter().map(listed).collect();
    let done = reconcile(&side(payments), &told, WINDOW);
    let both = Tally { count: 2, won: 40_000 };
    assert_eq!((done.differences, done.book, done.other), (vec![], both, both));
}

#[test]
fn each_difference_is_named_by_itself_and_none_extra() {
    use DifferenceKind as Kind;
    type Change = fn(&mut BookSide, &mut Vec<Listed>);
    // Each begins with two payments that both sides know alike; what is changed is told for "imp_1", or added as "imp_3".
    let rows: [(&str, Change, Option<(Kind, &str)>); 23] = [
        ("nothing", |_, _| {}, None),
        ("paid, not credited", |book, _| drop(book.payments.remove(0)), Some((Kind::OnlyInPortone, "imp_1"))),
        (
            "paid, in the inbox",
            |book, _| {
                book.payments.remove(0);
                book.disputed.push("imp_1".to_owned());
            },
            Some((Kind::Disputed, "imp_1")),
        ),
        (
            "paid for a charge that a restored book does not know",
            |book, _| {
                book.payments.remove(0);
                book.charges.remove("ptbook1");
            },
            Some((Kind::UnknownCharge, "imp_1")),
        ),
        ("PortOne knows nothing of it", |_, told| drop(told.remove(0)), Some((Kind::OnlyInBook, "imp_1"))),
        (
            "a won more",
            |_, told| told[0].found.amount = Said::Whole(10_001),
            Some((Kind::AnotherSum, "imp_1")),
        ),
        (
            "no whole sum",
            |_, told| told[0].found.amount = Said::Odd("10000.5".to_owned()),
            Some((Kind::AnotherSum, "imp_1")),
        ),
        (
            "no whole cancel",
            |_, told| told[0].found.cancel_amount = Said::Odd("\"0\"".to_owned()),
            Some((Kind::AnotherSum, "imp_1")),
        ),
        (
            "cancelled as a whole in the console",
            |_, told| {
                (told[0].found.status, told[0].found.cancel_amount) =
                    (FoundStatus::Cancelled, Said::Whole(10_000));
            },
            Some((Kind::CancelledOutside, "imp_1")),
        ),
        (
            "cancelled in part in the console",
            |_, told| told[0].found.cancel_amount = Said::Whole(1),
            Some((Kind::CancelledOutside, "imp_1")),
        ),
        (
            "refunded by the book, told alike",
            |book, told| {
                book.payments[0].given_back = 4_000;
                told[0].found.cancel_amount = Said::Whole(4_000);
            },
            None,
        ),
        (
            "refunded by the book, and more in the console",
            |book, told| {
                book.payments[0].given_back = 4_000;
                told[0].found.cancel_amount = Said::Whole(10_000);
            },
            Some((Kind::CancelledOutside, "imp_1")),
        ),
        (
            "refunded by the book, and not at PortOne",
            |book, _| book.payments[0].given_back = 4_000,
            Some((Kind::RefundMissing, "imp_1")),
        ),
        (
            "test money that was credited",
            |_, told| told[0].found.sandbox = Some(true),
            Some((Kind::OtherMode, "imp_1")),
        ),
        (
            "test money that was not",
            |book, told| {
                book.payments.remove(0);
                told[0].found.sandbox = Some(true);
            },
            Some((Kind::OtherMode, "imp_1")),
        ),
        ("no word about test", |_, told| told[0].found.sandbox = None, Some((Kind::OtherMode, "imp_1"))),
        (
            "a second payment for a charge that is credited",
            |_, told| {
                let mut second = told[0].clone();
                second.found.imp_uid = "imp_3".to_owned();
                told.push(second);
            },
            Some((Kind::TwoPayments, "imp_3")),
        ),
        (
            "a second payment that went back as a whole",
            |_, told| {
                let mut second = told[0].clone();
                second.found.imp_uid = "imp_3".to_owned();
                (second.found.status, second.found.cancel_amount) =
                    (FoundStatus::Cancelled, Said::Whole(10_000));
                told.push(second);
            },
            None,
        ),
        (
            "an attempt that failed",
            |_, told| {
                let mut failed = listed(&booked(3, 5_000));
                (failed.found.status, failed.found.paid_at) = (FoundStatus::Failed, None);
                told.push(failed);
            },
            None,
        ),
        (
            "a window that was left",
            |_, told| {
                let mut left = listed(&booked(3, 5_000));
                (left.found.status, left.found.paid_at) = (FoundStatus::Ready, None);
                told.push(left);
            },
            None,
        ),
        (
            "a web shop's payment",
            |_, told| {
                let mut foreign = listed(&booked(3, 5_000));
                foreign.found.merchant_uid = "order-3".to_owned();
                told.push(foreign);
            },
            None,
        ),
        (
            "paid the day before",
            |_, told| {
                let mut before = listed(&booked(3, 5_000));
                before.found.paid_at = Some(UnixMillis(FROM - 1));
                told.push(before);
            },
            None,
        ),
        (
            "paid in the first moment of the next day",
            |_, told| {
                let mut after = listed(&booked(3, 5_000));
                after.found.paid_at = Some(WINDOW.to);
                told.push(after);
            },
            None,
        ),
    ];
    for (name, change, expected) in rows {
        let payments = vec![booked(1, 10_000), booked(2, 30_000)];
        let mut told: Vec<Listed> = payments.iter().map(listed).collect();
        let mut book = side(payments);
        change(&mut book, &mut told);
        let done = reconcile(&book, &told, WINDOW);
        let expected: Vec<_> = expected.into_iter().map(|(kind, imp_uid)| (kind, Some(imp_uid))).collect();
        assert_eq!(kinds(&done.differences), expected, "{name}");
        // And in whatever order PortOne tells it.
        told.reverse();
        assert_eq!(reconcile(&book, &told, WINDOW), done, "{name}, backwards");
    }
}

#[test]
fn what_other_shops_took_is_counted_apart_and_test_money_of_theirs_is_nothing() {
    let foreign = |n: u128, sandbox: bool, cancelled: i64| {
        let mut one = listed(&booked(n, 10_000));
        one.found.merchant_uid = format!("order-{n}");
        (one.found.sandbox, one.found.cancel_amount) = (Some(sandbox), Said::Whole(cancelled));
        one
    };
    let told = [foreign(1, false, 0), foreign(2, false, 4_000), foreign(3, true, 0)];
    let done = reconcile(&side(vec![]), &told, WINDOW);
    assert_eq!((done.differences.len(), done.foreign), (0, Tally { count: 2, won: 16_000 }));
    assert_eq!(done.other, Tally::default());
}

#[test]
fn two_payments_of_an_uncredited_charge_are_one_to_credit_and_one_to_give_back() {
    let first = listed(&booked(1, 10_000));
    let mut second = first.clone();
    second.found.imp_uid = "imp_9".to_owned();
    second.found.paid_at = Some(UnixMillis(FROM + 120_000));
    let done = reconcile(&side(vec![]), &[second, first], WINDOW);
    let found = kinds(&done.differences);
    assert_eq!(
        found,
        [(DifferenceKind::OnlyInPortone, Some("imp_1")), (DifferenceKind::TwoPayments, Some("imp_9"))]
    );
}

#[test]
fn a_cancel_of_today_is_found_whenever_it_was_paid() {
    let mut old = booked(1, 10_000);
    old.paid_at = UnixMillis(FROM - 30 * 86_400_000);
    let mut told = listed(&old);
    (told.found.status, told.found.cancel_amount) = (FoundStatus::Cancelled, Said::Whole(10_000));
    told.cancelled_at = Some(UnixMillis(FROM + 1));
    let done = reconcile(&side(vec![old]), &[told], WINDOW);
    assert_eq!(kinds(&done.differences), [(DifferenceKind::CancelledOutside, Some("imp_1"))]);
    assert_eq!((done.book, done.other), (Tally::default(), Tally::default()), "it is no payment of today");
}

#[test]
fn a_difference_says_both_sums_the_charge_and_what_to_do() {
    let payment = booked(1, 10_000);
    let mut told = listed(&payment);
    told.found.cancel_amount = Said::Whole(3_000);
    let done = reconcile(&side(vec![payment]), &[told], WINDOW);
    let one = &done.differences[0];
    assert_eq!((one.book_won, one.other_won, one.charge), (Some(10_000), Some(7_000), Some(charge(1))));
    assert_eq!(one.kind.action(), DifferenceAction::Refund);
}

fn line(number: &str, won: i64) -> FileLine {
    FileLine { approval_number: number.to_owned(), won, in_period: true }
}

#[test]
fn a_payment_companys_file_is_compared_by_approval_number_and_sum() {
    use DifferenceKind as Kind;
    let payments = vec![booked(1, 10_000), booked(2, 30_000), booked(3, 50_000), booked(4, 7_000)];
    let lines = [
        line("30010001", 10_000),
        // Cancelled in the payment company's own console: PortOne never hears of it.
        line("3001-0002", 30_000),
        line("30010002", -30_000),
        line("30010003", 50_001),
        line("99999999", 1_000),
        // A payment and its cancel that the book never had.
        line("88888888", 500),
        line("88888888", -500),
        FileLine { in_period: false, ..line("77777777", 900) },
    ];
    let done = reconcile_file(&payments, &lines, WINDOW);
    let found: Vec<_> = done
        .differences
        .iter()
        .map(|one| (one.kind, one.approval_number.as_deref(), one.book_won, one.other_won))
        .collect();
    assert_eq!(
        found,
        [
            (Kind::FileSum, Some("30010002"), Some(30_000), Some(0)),
            (Kind::FileSum, Some("30010003"), Some(50_000), Some(50_001)),
            (Kind::NotInFile, Some("30010004"), Some(7_000), None),
            (Kind::OnlyInFile, Some("99999999"), None, Some(1_000)),
        ]
    );
}

#[test]
fn a_payment_of_the_day_beside_that_stands_in_the_file_is_no_difference() {
    // Half past midnight, where the shop's day turns at four: the file has it under today's date.
    let mut late = booked(1, 10_000);
    late.paid_at = UnixMillis(FROM - 1);
    let done = reconcile_file(&[late], &[line("30010001", 10_000)], WINDOW);
    assert_eq!((done.differences, done.book), (vec![], Tally::default()));
}
