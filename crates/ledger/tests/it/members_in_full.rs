//! Corrections, what comes from the old book, two members made one, and a person who is forgotten.

use ledger::{
    AdjustReason, Adjustment, ControlTotal, Done, Hash, LedgerError, MemberId, Merged, Mode, Moved,
    NewMember, Opening, Person, Store, UnixMillis, member_code,
};

use crate::world::{Counted, NOON, Shop, new_member, paid, points};

const FILE: Hash = [7; 32];

fn adjust(
    shop: &mut Shop,
    member: MemberId,
    paid: i64,
    bonus: i64,
    class: AdjustReason,
) -> Result<(Done, Moved), LedgerError> {
    let by = shop.by();
    let new = Adjustment { member, paid, bonus, class, reason: "장부와 다름".to_owned() };
    shop.store.write(|book| book.adjust(&by, &new))
}

fn merge(shop: &mut Shop, from: MemberId, into: MemberId) -> Result<Merged, LedgerError> {
    let by = shop.by();
    shop.store.write(|book| book.merge_members(&by, from, into, "같은 분")).map(|(_, merged)| merged)
}

fn erase(shop: &mut Shop, member: MemberId) -> Result<Done, LedgerError> {
    let by = shop.by();
    shop.store.erase(&by, member, false)
}

/// What an account holds over all transactions.
fn account(shop: &Shop, account: &str) -> i64 {
    shop.stranger()
        .query_row("SELECT coalesce(sum(amount), 0) FROM posting WHERE account = ?1", [account], |row| {
            row.get(0)
        })
        .unwrap()
}

fn found(shop: &Shop, query: &str) -> Vec<MemberId> {
    let (hits, _) = shop.store.read(|book| book.find_members(query, 20)).unwrap();
    hits.into_iter().map(|hit| hit.member.member).collect()
}

#[test]
fn a_correction_adds_a_lot_or_takes_from_the_first_and_has_its_account() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    adjust(&mut shop, member, 5_000, 1_000, AdjustReason::Goodwill).unwrap();
    assert_eq!((account(&shop, "suspense"), account(&shop, "bonus_cost")), (5_000, 1_000));
    shop.charged(member, 10_000);
    // A change of both at once: paid points become bonus.
    let (_, moved) = adjust(&mut shop, member, -6_000, 500, AdjustReason::Correction).unwrap();
    assert_eq!((moved.before.get(), moved.after.get()), (16_000, 10_500));
    let lots = shop.store.read(|book| book.lots(member)).unwrap();
    let mut left: Vec<(i64, i64)> = lots.iter().map(|lot| (lot.paid.get(), lot.bonus.get())).collect();
    // Lots of one moment stand in the order of their random ids.
    left.sort_unstable();
    assert_eq!(left, [(0, 500), (0, 1_000), (9_000, 0)]);
    adjust(&mut shop, member, -9_000, -1_500, AdjustReason::Forfeit).unwrap();
    assert_eq!((account(&shop, "breakage"), shop.balance(member)), (-10_500, 0));
    assert_eq!(shop.first_bad(), None);
}

#[test]
fn a_correction_that_takes_too_much_or_nothing_or_gives_by_forfeiting_is_refused_and_a_repeat_does_nothing() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 1_000);
    for (paid, bonus, class) in [
        (-1_001, 0, AdjustReason::Correction),
        (0, -1, AdjustReason::Correction),
        (0, 0, AdjustReason::Other),
        (1, 0, AdjustReason::Forfeit),
        (i64::MIN, 0, AdjustReason::Correction),
        (i64::MAX, 0, AdjustReason::Correction),
    ] {
        assert!(adjust(&mut shop, member, paid, bonus, class).is_err(), "{paid} {bonus} {class:?}");
    }
    assert_eq!(shop.transactions(), 1);
    let by = shop.by();
    let new = Adjustment { member, paid: 10, bonus: 0, class: AdjustReason::Other, reason: "x".to_owned() };
    shop.store.write(|book| book.adjust(&by, &new)).unwrap();
    let (done, moved) = shop.store.write(|book| book.adjust(&by, &new)).unwrap();
    assert_eq!((done, moved.after.get(), shop.balance(member)), (Done::Before, 1_010, 1_010));
    let other = Adjustment { paid: 20, ..new };
    assert!(matches!(
        shop.store.write(|book| book.adjust(&by, &other)),
        Err(LedgerError::SameIdOtherContent)
    ));
}

fn opening(paid: i64, bonus: i64) -> Opening {
    Opening {
        paid: points(paid),
        bonus: points(bonus),
        paid_expires_at: None,
        bonus_expires_at: Some(UnixMillis(1_900_000_000_000)),
    }
}

#[test]
fn what_members_bring_is_written_whole_or_not_at_all_and_once() {
    let mut shop = Shop::new(Mode::Live);
    let known = shop.member("김서연", "010-2841-4821");
    let rows = [
        (Person::Known(known), opening(10_000, 500)),
        (Person::New(new_member("박지훈", "010-7730-4821")), opening(3_000, 0)),
    ];
    let total = ControlTotal { count: 2, paid: 13_000, bonus: 500 };
    let by = shop.by();
    let wrong = ControlTotal { paid: 13_001, ..total };
    let refused = shop.store.write(|book| book.import_openings(&by, &FILE, wrong, &rows));
    assert!(matches!(refused, Err(LedgerError::OtherControlTotal)));
    let by = shop.by();
    // One bad row, the last: nobody of the others is there afterwards.
    let mut bad = rows.to_vec();
    bad.push((Person::New(new_member("이도윤", "010-2841-4821")), opening(1, 0)));
    let sums = ControlTotal { count: 3, paid: 13_001, bonus: 500 };
    let refused = shop.store.write(|book| book.import_openings(&by, &FILE, sums, &bad));
    assert!(matches!(refused, Err(LedgerError::PhoneTaken)));
    assert!(shop.transactions() == 0 && found(&shop, "박지훈").is_empty());
    let by = shop.by();
    let (done, _) = shop.store.write(|book| book.import_openings(&by, &FILE, total, &rows)).unwrap();
    assert_eq!((done, shop.balance(known), account(&shop, "opening")), (Done::Now, 10_500, 13_500));
    let (done, again) = shop.store.write(|book| book.import_openings(&by, &FILE, total, &rows)).unwrap();
    assert_eq!((done, again, shop.transactions()), (Done::Before, total, 2));
    // Under another request too.
    let by = shop.by();
    let one = ControlTotal { count: 1, paid: 10_000, bonus: 500 };
    let twice = shop.store.write(|book| book.import_openings(&by, &FILE, one, &rows[..1]));
    assert!(matches!(twice, Err(LedgerError::FileImported)));
    let twice = shop.store.write(|book| book.import_openings(&by, &[8; 32], one, &rows[..1]));
    assert!(matches!(twice, Err(LedgerError::AlreadyOpened)));
    // Nor does whoever was forgotten since come back with it, as somebody new.
    let gone = found(&shop, "박지훈")[0];
    adjust(&mut shop, gone, -3_000, 0, AdjustReason::Forfeit).unwrap();
    erase(&mut shop, gone).unwrap();
    let by = shop.by();
    let one = ControlTotal { count: 1, paid: 3_000, bonus: 0 };
    let again = shop.store.write(|book| book.import_openings(&by, &FILE, one, &rows[1..]));
    assert!(matches!(again, Err(LedgerError::FileImported)));
    assert_eq!(shop.first_bad(), None);
}

#[test]
fn two_members_become_one_with_every_lot_its_dates_and_the_payment_behind_it() {
    let mut shop = Shop::new(Mode::Live);
    shop.bonus(10);
    let (from, into) = (shop.member("김서연", "010-2841-4821"), shop.member("김서연", "010-7730-1111"));
    shop.charged(from, 10_000);
    shop.charged(from, 20_000);
    shop.spend(from, 3_300).unwrap();
    shop.charged(into, 5_000);
    let before = shop.store.read(|book| book.lots(from)).unwrap();
    let moved = merge(&mut shop, from, into).unwrap();
    assert_eq!((moved.paid, moved.bonus), (27_000, 2_700));
    assert_eq!((shop.balance(from), shop.balance(into), account(&shop, "suspense")), (0, 35_200, 0));
    let after = shop.store.read(|book| book.lots(into)).unwrap();
    for lot in &before {
        let now = shop.store.read(|book| book.current_lot(lot.lot)).unwrap();
        let moved = after.iter().find(|after| after.lot == now).unwrap();
        assert_eq!(
            (moved.paid, moved.bonus, moved.paid_expires_at, moved.bonus_expires_at),
            (lot.paid, lot.bonus, lot.paid_expires_at, lot.bonus_expires_at)
        );
        assert_eq!(shop.store.read(|book| book.origin_lot(now)).unwrap(), lot.lot);
    }
    assert_eq!(shop.first_bad(), None);
    // Both numbers and both codes find the one.
    for query in ["01028414821", "01077301111", &member_code(from), &member_code(into), "김서연", "ㄱㅅㅇ"]
    {
        assert_eq!(found(&shop, query), [into], "{query}");
    }
    // And still after the next profile; the number is nobody else's.
    let by = shop.by();
    shop.store.write(|book| book.edit_member(&by, into, &new_member("김서윤", "010-7730-1111"))).unwrap();
    assert_eq!(found(&shop, "4821"), [into]);
    let by = shop.by();
    let taken = shop.store.write(|book| book.create_member(&by, &new_member("남", "010-2841-4821")));
    assert!(matches!(taken, Err(LedgerError::PhoneTaken)));
}

#[test]
fn nothing_new_is_written_about_a_member_who_is_another_one_now_but_late_money_finds_the_way() {
    let mut shop = Shop::new(Mode::Live);
    let (from, into) = (shop.member("김서연", "010-2841-4821"), shop.member("김서연", "010-7730-1111"));
    let intent = shop.open(from, 10_000);
    assert!(matches!(merge(&mut shop, from, into), Err(LedgerError::MemberBusy)));
    assert!(matches!(merge(&mut shop, into, from), Err(LedgerError::MemberBusy)));
    shop.charged(from, 1_000);
    let (_, used) = shop.spend(from, 400).unwrap();
    // The window was left hours ago; PortOne is still asked about it.
    shop.now = shop.now.plus_ms(3 * 60 * 60 * 1000);
    merge(&mut shop, from, into).unwrap();
    assert!(matches!(merge(&mut shop, from, into), Err(LedgerError::MemberMerged)));
    assert!(matches!(merge(&mut shop, into, from), Err(LedgerError::MemberMerged)));
    assert!(matches!(merge(&mut shop, into, into), Err(LedgerError::SameMember)));
    assert!(matches!(shop.spend(from, 1), Err(LedgerError::MemberMerged)));
    assert!(matches!(shop.undo(used.transaction), Err(LedgerError::MemberMerged)));
    assert!(matches!(adjust(&mut shop, from, 1, 0, AdjustReason::Other), Err(LedgerError::MemberMerged)));
    assert!(matches!(erase(&mut shop, from), Err(LedgerError::MemberMerged)));
    let charge = ledger::ChargeId(shop.id());
    assert!(matches!(shop.open_as(charge, from, 1_000, true), Err(LedgerError::MemberMerged)));
    let mut late = paid(&intent, "imp_late");
    late.paid_at = Some(shop.now);
    shop.settle(intent.charge, vec![late]);
    assert_eq!((shop.balance(from), shop.balance(into)), (0, 10_600));
    assert_eq!(shop.first_bad(), None);
}

#[test]
fn a_person_is_not_forgotten_while_points_or_business_are_left() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 1_000);
    assert!(matches!(erase(&mut shop, member), Err(LedgerError::MemberHasBalance)));
    adjust(&mut shop, member, -1_000, 0, AdjustReason::Forfeit).unwrap();
    shop.open(member, 2_000);
    assert!(matches!(erase(&mut shop, member), Err(LedgerError::MemberBusy)));
    shop.now = shop.now.plus_ms(2 * 60 * 60 * 1000);
    assert_eq!(erase(&mut shop, member).unwrap(), Done::Now);
    assert_eq!(erase(&mut shop, member).unwrap(), Done::Before);
    assert_eq!(shop.store.read(|book| book.erasures()).unwrap().len(), 1);
    assert!(matches!(shop.spend(member, 1), Err(LedgerError::MemberErased)));
    let by = shop.by();
    let edit = shop.store.write(|book| book.edit_member(&by, member, &new_member("김서연", "010-2841-4821")));
    assert!(edit.is_err());
    assert!(found(&shop, &member_code(member)).is_empty());
    // The number is free for somebody new.
    shop.member("다른 분", "010-2841-4821");
}

#[test]
fn a_request_that_was_forgotten_with_its_person_is_not_done_again() {
    let mut shop = Shop::new(Mode::Live);
    let by = shop.by();
    let new = new_member("김서연", "010-2841-4821");
    let (_, member) = shop.store.write(|book| book.create_member(&by, &new)).unwrap();
    erase(&mut shop, member).unwrap();
    let again = shop.store.write(|book| book.create_member(&by, &new));
    assert!(matches!(again, Err(LedgerError::MemberErased)));
    assert!(found(&shop, "4821").is_empty());
}

#[test]
fn an_older_copy_of_the_book_forgets_again_who_was_forgotten_since_and_nobody_else() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 1_000);
    let copy = shop.path.with_file_name("copy.db");
    shop.store.checkpoint().unwrap();
    std::fs::copy(&shop.path, &copy).unwrap();
    adjust(&mut shop, member, -1_000, 0, AdjustReason::Forfeit).unwrap();
    shop.now = shop.now.plus_ms(1_000);
    let newer = shop.member("박지훈", "010-7730-4821");
    erase(&mut shop, member).unwrap();
    erase(&mut shop, newer).unwrap();
    let erasures = shop.store.read(|book| book.erasures()).unwrap();
    let mut old = Store::open(&copy, Mode::Live, Box::new(Counted(99)), NOON).unwrap();
    // The copy does not know the newer one; its number is somebody else's there by now.
    shop.now = shop.now.plus_ms(1_000);
    let by = shop.by();
    let (_, stranger) =
        old.write(|book| book.create_member(&by, &new_member("이도윤", "010-5512-0937"))).unwrap();
    assert_eq!(stranger, newer);
    let by = shop.by();
    assert_eq!(old.replay_erasures(&by, &erasures).unwrap(), 1);
    assert_eq!(old.replay_erasures(&by, &erasures).unwrap(), 0);
    let found = |query: &str| old.read(|book| book.find_members(query, 5)).unwrap().0.len();
    assert_eq!((found("김서연"), found("이도윤")), (0, 1));
    // The sums are what they were in the copy, and it proves itself.
    assert_eq!(old.read(|book| book.balance(member)).unwrap().total(), points(1_000));
    assert_eq!(old.read(|book| book.verify()).unwrap().first_bad, None);
    let bytes = std::fs::read(&copy).unwrap();
    assert!(!holds(&bytes, "01028414821") && !holds(&bytes, "김서연"));
}

/// Everything in the folder of the book.
fn bytes_of(shop: &Shop) -> Vec<(String, Vec<u8>)> {
    std::fs::read_dir(shop.path.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.display().to_string(), std::fs::read(&path).unwrap()))
        .collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn after_an_erasure_no_byte_of_the_file_its_log_and_its_free_pages_tells_who_it_was() {
    let mut shop = Shop::new(Mode::Live);
    shop.bonus(10);
    let word = |what: &str, number: i64| format!("{what}{number}호");
    let person = |number: i64| NewMember {
        memo: Some(format!("쪽지{number}호 {}", "가나다라".repeat(20))),
        ..new_member(&word("흐르는구름", number), &format!("010-{:04}-{:04}", 5000 + number, 9000 - number))
    };
    // Enough people that pages are split, filled and split again; each is edited, some are used.
    let mut members = Vec::new();
    for number in 0..120 {
        let by = shop.by();
        members.push(shop.store.write(|book| book.create_member(&by, &person(number))).unwrap().1);
    }
    for (number, member) in (0_i64..).zip(members.clone()) {
        let by = shop.by();
        let mut edited = person(number);
        edited.name = word("바뀐이름", number);
        shop.store.write(|book| book.edit_member(&by, member, &edited)).unwrap();
        if number % 3 == 0 {
            shop.charged(member, 1_000);
            let (_, used) = shop.spend(member, 1_100).unwrap();
            let by = shop.by();
            shop.store.write(|book| book.undo(&by, used.transaction, &word("그사람사정", number))).unwrap();
            let by = shop.by();
            let new = Adjustment {
                member,
                paid: -1_000,
                bonus: -100,
                class: AdjustReason::Forfeit,
                reason: word("남김없이포기", number),
            };
            shop.store.write(|book| book.adjust(&by, &new)).unwrap();
        }
    }
    let reversed = |text: &str| text.chars().rev().collect::<String>();
    let traces = |number: i64| {
        let phone = format!("010{:04}{:04}", 5000 + number, 9000 - number);
        let end = format!("{:04}{:04}", 5000 + number, 9000 - number);
        vec![
            phone.clone(),
            reversed(&phone),
            end.clone(),
            reversed(&end),
            word("흐르는구름", number),
            word("바뀐이름", number),
            word("름", number),
            word("쪽지", number),
            word("ㅎㄹㄴㄱㄹ", number),
            word("ㅂㄲㅇㄹ", number),
            word("그사람사정", number),
            word("남김없이포기", number),
        ]
    };
    shop.store.checkpoint().unwrap();
    let there = bytes_of(&shop);
    assert!(traces(120 - 1).iter().take(2).all(|trace| there.iter().any(|(_, bytes)| holds(bytes, trace))));
    let before = shop.transactions();
    // One with history and a merged second self, one without.
    let second = members[100];
    merge(&mut shop, second, members[102]).unwrap();
    for member in [members[101], members[102]] {
        erase(&mut shop, member).unwrap();
    }
    for (file, bytes) in bytes_of(&shop) {
        for number in [100, 101, 102] {
            for trace in traces(number) {
                assert!(!holds(&bytes, &trace), "{file} still holds {trace}");
            }
        }
    }
    // The others are all there, the sums too, and the chain is whole.
    assert!(shop.transactions() > before);
    assert_eq!(found(&shop, &word("바뀐이름", 103)), [members[103]]);
    assert_eq!(shop.first_bad(), None);
    let telling: i64 = shop
        .stranger()
        .query_row(
            "SELECT count(*) FROM request WHERE request_id IN (SELECT request_id FROM member WHERE id IN (?1, ?2, ?3))",
            [members[100].0, members[101].0, members[102].0],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(telling, 0);
}
