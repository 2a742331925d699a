//! Bonus rules: what is promised, for whom, and once.

use ledger::bonus::{Gift, Offer};
use ledger::{ChargeId, Done, LedgerError, Lifetime, MemberId, Mode};

use crate::time::{DAY, end_of};
use crate::world::{NOON, Shop, offer, paid, points, won};

#[test]
fn a_charge_keeps_the_bonus_that_was_promised_when_it_was_started() {
    let mut shop = Shop::new(Mode::Live);
    shop.bonus_of(vec![offer(0, 10, false)], 30);
    let member = shop.member("김서연", "010-2841-4821");
    let intent = shop.open(member, 10_000);
    shop.bonus_of(vec![offer(0, 50, false)], 365);
    shop.settle(intent.charge, vec![paid(&intent, "imp_kept")]);
    assert_eq!(shop.both(member), (10_000, 1_000));
    assert_eq!(shop.lots(member)[0].bonus_expires_at, end_of("2026-12-23"));
    shop.bonus_of(Vec::new(), 365);
    shop.charged(member, 10_000);
    assert_eq!(shop.both(member), (20_000, 1_000));
}

#[test]
fn a_rule_of_the_first_edition_is_still_in_force() {
    let mut shop = Shop::new(Mode::Live);
    shop.stranger()
        .execute(
            "INSERT INTO bonus_rule (percent, min_won, valid_days, at, actor, request_id) VALUES (5, 20000, 90, 0, 1, 'x')",
            [],
        )
        .unwrap();
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 19_999);
    shop.charged(member, 20_000);
    assert_eq!(shop.both(member), (39_999, 1_000));
    shop.stranger()
        .execute(
            "INSERT INTO bonus_rule (percent, min_won, valid_days, at, actor, request_id) VALUES (0, 0, 90, 0, 1, 'y')",
            [],
        )
        .unwrap();
    assert_eq!(shop.store.read(|book| book.bonus_rule()).unwrap(), None);
}

fn first_of(shop: &mut Shop) -> MemberId {
    shop.bonus_of(vec![offer(0, 5, false), offer(0, 20, true)], 30);
    shop.member("김서연", "010-2841-4821")
}

#[test]
fn the_bonus_of_a_first_charge_is_given_once_and_promised_once_while_a_charge_is_under_way() {
    let mut shop = Shop::new(Mode::Live);
    let member = first_of(&mut shop);
    let quote =
        |shop: &Shop, who| shop.store.read(|book| book.quote(won(10_000), who, shop.now)).unwrap().bonus;
    // Nobody's first charge where nobody is named.
    assert_eq!((quote(&shop, None), quote(&shop, Some(member))), (points(500), points(2_000)));
    let first = shop.open(member, 10_000);
    let second = shop.open(member, 10_000);
    assert_eq!((first.bonus, second.bonus), (points(2_000), points(500)));
    shop.settle(second.charge, vec![paid(&second, "imp_second")]);
    shop.settle(first.charge, vec![paid(&first, "imp_first")]);
    assert_eq!(shop.both(member), (20_000, 2_500));
    let (third, _) = shop.charged(member, 10_000);
    assert_eq!((third.bonus, quote(&shop, Some(member)), shop.first_bad()), (points(500), points(500), None));
    // Somebody else's first charge is another one.
    let other = shop.member("박지훈", "010-7730-4821");
    assert_eq!(shop.open(other, 10_000).bonus, points(2_000));
}

#[test]
fn a_given_up_charge_that_is_paid_late_does_not_find_the_bonus_of_the_first_a_second_time() {
    let mut shop = Shop::new(Mode::Live);
    let member = first_of(&mut shop);
    let given_up = shop.open(member, 10_000);
    let by = shop.by();
    shop.store.write(|book| book.abandon_charge(&by, given_up.charge)).unwrap();
    // The customer who closed the window and starts anew is no worse off.
    let anew = shop.open(member, 30_000);
    assert_eq!((given_up.bonus, anew.bonus), (points(2_000), points(6_000)));
    shop.settle(anew.charge, vec![paid(&anew, "imp_anew")]);
    shop.settle(given_up.charge, vec![paid(&given_up, "imp_late")]);
    assert_eq!(shop.both(member), (40_000, 6_500));
    assert_eq!(shop.first_bad(), None);
    let twice = shop.stranger().execute(
        "INSERT INTO txn_fact (txn_seq, name, value) VALUES (2, 'first_charge', ?1)",
        [member.to_string()],
    );
    assert!(twice.unwrap_err().to_string().contains("UNIQUE"));
}

#[test]
fn a_line_counts_on_the_shops_days_of_its_period() {
    let mut shop = Shop::new(Mode::Live);
    let period = Offer {
        gift: Gift::Points(points(7_000)),
        from_day: Some("2026-11-24".to_owned()),
        until_day: Some("2026-11-24".to_owned()),
        ..offer(10_000, 1, false)
    };
    shop.bonus_of(vec![period], 30);
    let by = shop.by();
    shop.store.write(|book| book.set(&by, ledger::DAY_TURNS_AT, &4_u8)).unwrap();
    let member = shop.member("김서연", "010-2841-4821");
    // 3:59 and 4:00 in Seoul on the 24th, then on the 25th.
    let four = NOON.plus_ms(16 * 60 * 60 * 1000);
    for (at, bonus) in
        [(four.plus_ms(-1), 0), (four, 7_000), (four.plus_ms(DAY - 1), 7_000), (four.plus_ms(DAY), 0)]
    {
        let quote = shop.store.read(|book| book.quote(won(10_000), Some(member), at)).unwrap();
        assert_eq!(quote.bonus.get(), bonus, "{at:?}");
    }
}

#[test]
fn what_a_rule_would_have_cost_is_counted_from_the_charges_of_the_last_days() {
    let mut shop = Shop::new(Mode::Live);
    let (one, other) = (shop.member("가", "01000000001"), shop.member("나", "01000000002"));
    shop.charged(one, 500_000);
    shop.wait(100);
    shop.bonus_of(vec![offer(0, 1, false)], 30);
    shop.charged(one, 100_000);
    shop.charged(other, 10_000);
    shop.charged(other, 10_000);
    let december = Offer { from_day: Some("2030-12-01".to_owned()), ..offer(50_000, 10, false) };
    let offers = [december, offer(0, 20, true)];
    let cost = shop.store.read(|book| book.bonus_cost(&offers, 90, shop.now)).unwrap();
    // 10 % of one's, whose first charge was long ago, and 20 % of the other's first.
    assert_eq!((cost.charges, cost.won), (3, won(120_000)));
    assert_eq!((cost.would_give, cost.gave), (points(12_000), points(1_200)));
}

#[test]
fn a_rule_that_nobody_can_mean_is_refused_by_the_name_of_its_part() {
    let mut shop = Shop::new(Mode::Live);
    let day = |text: &str| Some(text.to_owned());
    for (offers, valid_days, part) in [
        (vec![offer(0, 10, false)], 0, "valid_days"),
        (vec![offer(0, 10, false)], 3651, "valid_days"),
        (vec![offer(0, 0, false)], 30, "percent"),
        (vec![offer(0, 101, false)], 30, "percent"),
        (vec![Offer { gift: Gift::Points(points(0)), ..offer(0, 1, false) }], 30, "bonus_points"),
        (vec![offer(0, 10, false); 13], 30, "offers"),
        (vec![Offer { from_day: day("2026-02-30"), ..offer(0, 1, false) }], 30, "period"),
        (
            vec![Offer { from_day: day("2026-12-02"), until_day: day("2026-12-01"), ..offer(0, 1, false) }],
            30,
            "period",
        ),
    ] {
        let by = shop.by();
        let rule = ledger::NewBonusRule { offers, valid_days };
        let refused = shop.store.write(|book| book.set_bonus_rule(&by, &rule)).unwrap_err();
        assert!(matches!(refused, LedgerError::BadSetting(named) if named == part), "{part}: {refused}");
    }
}

#[test]
fn the_same_charge_asked_for_twice_is_frozen_once_whatever_the_rules_are_then() {
    let mut shop = Shop::new(Mode::Live);
    let member = first_of(&mut shop);
    let charge = ChargeId(shop.id());
    let (_, first) = shop.open_as(charge, member, 10_000, false).unwrap();
    shop.bonus_of(Vec::new(), 30);
    shop.lasts(Some(Lifetime::Months(1)));
    let (done, again) = shop.open_as(charge, member, 10_000, false).unwrap();
    assert_eq!((done, again), (Done::Before, first));
}

#[test]
fn who_became_one_with_a_member_who_had_the_first_bonus_does_not_get_it_again() {
    let mut shop = Shop::new(Mode::Live);
    let member = first_of(&mut shop);
    let other = shop.member("박지훈", "010-7730-4821");
    assert_eq!(shop.charged(member, 10_000).0.bonus, points(2_000));
    let quote = |shop: &Shop, who| {
        shop.store.read(|book| book.quote(won(10_000), Some(who), shop.now)).unwrap().bonus
    };
    assert_eq!(quote(&shop, other), points(2_000));
    let by = shop.by();
    shop.store.write(|book| book.merge_members(&by, member, other, "같은 분")).unwrap();
    assert_eq!(quote(&shop, other), points(500));
}

#[test]
fn two_first_charges_under_way_of_two_who_become_one_give_the_bonus_once() {
    let mut shop = Shop::new(Mode::Live);
    let member = first_of(&mut shop);
    let other = shop.member("박지훈", "010-7730-4821");
    let (one, two) = (shop.open(member, 10_000), shop.open(other, 10_000));
    assert_eq!((one.bonus, two.bonus), (points(2_000), points(2_000)));
    // Nobody waits for them any more, but they are paid after all.
    shop.now = shop.now.plus_ms(3 * 60 * 60 * 1000);
    let by = shop.by();
    shop.store.write(|book| book.merge_members(&by, member, other, "같은 분")).unwrap();
    for (intent, imp_uid) in [(&one, "imp_one"), (&two, "imp_two")] {
        let mut late = paid(intent, imp_uid);
        late.paid_at = Some(shop.now);
        shop.settle(intent.charge, vec![late]);
    }
    assert_eq!((shop.both(other), shop.first_bad()), ((20_000, 2_500), None));
}
