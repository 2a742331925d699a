//! Refunds and claw-backs in the book: what is held, what is sent, and what a look-up makes of it.

use ledger::refund::{Closed, RefundWay};
use ledger::{
    CancelOrder, CancelSaid, DebtPaid, Done, Found, FoundStatus, Intent, LedgerError, LotId, MemberId, Mode,
    NewRefund, Refund, RefundAccount, RefundId, RefundOf, RefundState, Said, Settled,
};

use crate::world::{Shop, cancelled, paid, points, won};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Longer than PortOne's answer is waited for, and a minute more.
const WAITED_MS: i64 = 3 * 60 * 1000;

/// A member whose charge of 10,000 was credited with 1,000 on top.
struct Desk {
    shop: Shop,
    member: MemberId,
    intent: Intent,
    found: Found,
}

impl Desk {
    fn open() -> Desk {
        let mut shop = Shop::new(Mode::Live);
        shop.bonus(10);
        let member = shop.member("김서연", "010-2841-4821");
        let intent = shop.open(member, 10_000);
        let found = paid(&intent, "imp_1");
        shop.settle(intent.charge, vec![found.clone()]);
        Desk { shop, member, intent, found }
    }
    fn lot(&self) -> LotId {
        self.shop.store.read(|book| book.lots(self.member)).unwrap()[0].lot
    }
    fn asked(&mut self, sum: i64, part: Option<i64>) -> NewRefund {
        NewRefund {
            refund: RefundId(self.shop.id()),
            of: RefundOf::Lot(self.lot(), part.map(points)),
            won: won(sum),
            way: RefundWay::Pg,
            goodwill: true,
            account: None,
            note: "손님이 원해서".to_owned(),
        }
    }
    fn start(&mut self, new: &NewRefund) -> Result<(Done, Refund), LedgerError> {
        let by = self.shop.by_request(new.refund.0);
        self.shop.store.write(|book| book.open_refund(&by, new))
    }
    fn settle(&mut self, cancels: &[(i64, &str)]) -> Settled {
        let found = cancelled(&self.found, cancels);
        self.shop.settle(self.intent.charge, vec![found])
    }
    fn said(&mut self, refund: RefundId, said: &CancelSaid) {
        let by = self.shop.by();
        self.shop.store.write(|book| book.refund_said(&by, refund, said)).unwrap();
    }
    fn state(&self, refund: RefundId) -> RefundState {
        self.shop.store.read(|book| book.refund(refund)).unwrap().state
    }
    /// Paid, bonus, held, debt.
    fn balance(&self) -> [i64; 4] {
        let balance = self.shop.store.read(|book| book.balance(self.member)).unwrap();
        [balance.paid.get(), balance.bonus.get(), balance.held.get(), balance.debt.get()]
    }
    /// A refund of everything, sent.
    fn sent(&mut self) -> (RefundId, CancelOrder) {
        let new = self.asked(10_000, None);
        self.start(&new).unwrap();
        let order = self.settle(&[]).send.unwrap();
        (new.refund, order)
    }
    fn wait(&mut self, ms: i64) {
        self.shop.now = self.shop.now.plus_ms(ms);
    }
    fn sound(&self) {
        assert_eq!(self.shop.first_bad(), None);
    }
}

fn name(refund: RefundId) -> String {
    format!("환불 {refund}")
}

/// For the book with a row in every table: what is left of a lot, paid out in cash.
pub(crate) fn paid_out(shop: &mut Shop, member: MemberId) {
    let lots = shop.store.read(|book| book.refundable_lots(member)).unwrap();
    // A year on, the card can be cancelled no more.
    let lot = lots.iter().find(|lot| !lot.account.left_paid.is_zero()).unwrap();
    let new = NewRefund {
        refund: RefundId(shop.id()),
        of: RefundOf::Lot(lot.lot, Some(points(1_000))),
        won: won(1_000),
        way: RefundWay::Cash,
        goodwill: true,
        account: None,
        note: "현금으로".to_owned(),
    };
    let by = shop.by_request(new.refund.0);
    shop.store.write(|book| book.open_refund(&by, &new)).unwrap();
}

#[test]
fn points_are_held_before_anything_is_sent_and_gone_when_the_cancel_is_seen() {
    let mut desk = Desk::open();
    let new = desk.asked(10_000, None);
    assert_eq!(desk.start(&new).unwrap().1.state, RefundState::Holding);
    assert_eq!(desk.balance(), [0, 0, 11_000, 0]);
    assert!(matches!(desk.shop.spend(desk.member, 1), Err(LedgerError::NotEnoughPoints { .. })));
    let order = desk.settle(&[]).send.unwrap();
    assert_eq!((order.imp_uid.as_str(), order.sum.get(), order.checksum.get()), ("imp_1", 10_000, 10_000));
    assert!(order.reason.contains(&new.refund.to_string()));
    desk.said(new.refund, &CancelSaid::Accepted);
    assert_eq!(desk.balance(), [0, 0, 11_000, 0], "an answer decides nothing");
    let settled = desk.settle(&[(10_000, &name(new.refund))]);
    assert!(settled.moved && settled.send.is_none());
    assert_eq!((desk.state(new.refund), desk.balance()), (RefundState::Posted, [0, 0, 0, 0]));
    // Seen again, it is nothing new, and nothing that was cancelled elsewhere.
    assert!(!desk.settle(&[(10_000, &name(new.refund))]).changed);
    assert_eq!(desk.start(&new).unwrap().0, Done::Before);
    desk.sound();
}

#[test]
fn a_refusal_gives_the_points_back_only_when_a_look_up_shows_nothing() {
    let mut desk = Desk::open();
    let (refund, _) = desk.sent();
    desk.said(refund, &CancelSaid::Refused("취소금액이 미정산 금액보다 큽니다".to_owned()));
    assert_eq!(desk.balance(), [0, 0, 11_000, 0]);
    desk.settle(&[]);
    assert_eq!((desk.state(refund), desk.balance()), (RefundState::Refused, [10_000, 1_000, 0, 0]));
    // The payment company would not: then cash is open.
    let cash = NewRefund { way: RefundWay::Cash, ..desk.asked(10_000, None) };
    assert_eq!(desk.start(&cash).unwrap().1.state, RefundState::Posted);
    assert_eq!(desk.balance(), [0, 0, 0, 0]);
    desk.sound();
}

#[test]
fn a_refusal_that_a_look_up_contradicts_is_a_refund() {
    let mut desk = Desk::open();
    let (refund, _) = desk.sent();
    desk.said(refund, &CancelSaid::Refused("이미 전액취소된 주문입니다.".to_owned()));
    desk.settle(&[(10_000, &name(refund))]);
    assert_eq!((desk.state(refund), desk.balance()), (RefundState::Posted, [0, 0, 0, 0]));
    desk.sound();
}

#[test]
fn a_lost_answer_is_asked_about_and_sent_again_late_with_the_same_checksum() {
    let mut desk = Desk::open();
    let (refund, first) = desk.sent();
    desk.said(refund, &CancelSaid::Lost("portone_unreachable".to_owned()));
    for _ in 0..3 {
        assert!(desk.settle(&[]).send.is_none(), "too early");
    }
    assert_eq!((desk.state(refund), desk.balance()), (RefundState::Unknown, [0, 0, 11_000, 0]));
    desk.wait(WAITED_MS);
    assert_eq!(desk.settle(&[]).send, Some(first));
    desk.settle(&[(10_000, &name(refund))]);
    assert_eq!((desk.state(refund), desk.balance()), (RefundState::Posted, [0, 0, 0, 0]));
    desk.sound();
}

#[test]
fn a_crash_between_any_two_steps_loses_nothing_and_pays_once() {
    for crash_after in 0..4 {
        let mut desk = Desk::open();
        let new = desk.asked(10_000, None);
        let reopen = |desk: &mut Desk, step: i32| {
            if step == crash_after {
                let random = Box::new(crate::world::Counted(9_000));
                desk.shop.store =
                    ledger::Store::open(&desk.shop.path, Mode::Live, random, desk.shop.now).unwrap();
            }
        };
        desk.start(&new).unwrap();
        reopen(&mut desk, 0);
        assert_eq!(desk.start(&new).unwrap().0, Done::Before);
        let charge = desk.intent.charge;
        assert!(desk.shop.store.read(|book| book.unsettled()).unwrap().contains(&charge));
        desk.settle(&[]);
        reopen(&mut desk, 1);
        // Armed, and the order was lost with the program: nothing is sent before it is clear that nothing is on its way.
        assert!(desk.settle(&[]).send.is_none());
        desk.wait(WAITED_MS);
        let again = desk.settle(&[]).send.unwrap();
        assert_eq!(again.checksum.get(), 10_000);
        reopen(&mut desk, 2);
        desk.said(new.refund, &CancelSaid::Accepted);
        reopen(&mut desk, 3);
        desk.settle(&[(10_000, &name(new.refund))]);
        assert_eq!((desk.state(new.refund), desk.balance()), (RefundState::Posted, [0, 0, 0, 0]));
        desk.sound();
    }
}

#[test]
fn what_portone_took_and_has_not_done_stays_held_and_is_not_sent_again() {
    let mut desk = Desk::open();
    let (refund, _) = desk.sent();
    desk.said(refund, &CancelSaid::Accepted);
    for _ in 0..5 {
        desk.wait(DAY_MS);
        assert!(desk.settle(&[]).send.is_none());
        assert_eq!((desk.state(refund), desk.balance()), (RefundState::Pending, [0, 0, 11_000, 0]));
    }
    assert_eq!(desk.shop.store.read(|book| book.open_refunds()).unwrap().len(), 1);
    desk.settle(&[(10_000, &name(refund))]);
    assert_eq!(desk.balance(), [0, 0, 0, 0]);
    desk.sound();
}

#[test]
fn a_cancel_that_lands_after_the_release_is_taken_from_the_points_or_owed() {
    for spent in [0, 5_500] {
        let mut desk = Desk::open();
        let (refund, _) = desk.sent();
        desk.said(refund, &CancelSaid::Refused("일시적인 오류".to_owned()));
        desk.settle(&[]);
        if spent > 0 {
            desk.shop.spend(desk.member, spent).unwrap();
        }
        desk.wait(40 * DAY_MS);
        for _ in 0..3 {
            desk.settle(&[(10_000, &name(refund))]);
        }
        let owed = if spent > 0 { 5_000 } else { 0 };
        assert_eq!(desk.balance(), [0, 0, 0, owed]);
        let after = desk.shop.store.read(|book| book.refund(refund)).unwrap();
        assert!(after.landed_late && after.state == RefundState::Refused);
        desk.sound();
    }
}

#[test]
fn a_cancel_under_no_name_of_just_our_sum_is_ours() {
    let mut desk = Desk::open();
    let (refund, _) = desk.sent();
    desk.said(refund, &CancelSaid::Lost("portone_unreachable".to_owned()));
    desk.settle(&[(10_000, "")]);
    assert_eq!((desk.state(refund), desk.balance()), (RefundState::Posted, [0, 0, 0, 0]));
    assert!(!desk.settle(&[(10_000, "")]).changed);
    desk.sound();
}

#[test]
fn somebody_elses_cancel_in_between_is_taken_back_and_ours_is_given_up() {
    let mut desk = Desk::open();
    let (refund, _) = desk.sent();
    desk.said(refund, &CancelSaid::Refused("취소 가능 금액(checksum)이 일치하지 않습니다.".to_owned()));
    desk.settle(&[(3_000, "콘솔에서")]);
    assert_eq!((desk.state(refund), desk.balance()), (RefundState::Refused, [7_000, 700, 0, 0]));
    desk.sound();
}

#[test]
fn another_sum_under_our_name_is_believed_as_it_is() {
    let mut desk = Desk::open();
    let new = desk.asked(4_000, Some(4_000));
    desk.start(&new).unwrap();
    assert_eq!(desk.balance(), [6_000, 600, 4_400, 0]);
    desk.settle(&[]);
    desk.said(new.refund, &CancelSaid::Accepted);
    // Everything went instead.
    desk.settle(&[(10_000, &name(new.refund))]);
    assert_eq!((desk.state(new.refund), desk.balance()), (RefundState::Released, [0, 0, 0, 0]));
    desk.sound();
}

#[test]
fn parts_go_back_one_after_the_other_and_never_more_than_was_paid() {
    let mut desk = Desk::open();
    let mut done: Vec<(i64, String)> = Vec::new();
    for (part, left) in [(3_000, [7_000, 700, 0, 0]), (5_000, [2_000, 200, 0, 0]), (2_000, [0, 0, 0, 0])] {
        let new = desk.asked(part, Some(part));
        desk.start(&new).unwrap();
        let second = NewRefund { refund: RefundId(desk.shop.id()), ..new.clone() };
        let busy = desk.start(&second).unwrap_err();
        assert!(
            matches!(busy, LedgerError::WayClosed(Closed::UnderWay) | LedgerError::NothingToRefund),
            "{busy:?}"
        );
        let told: Vec<(i64, &str)> = done.iter().map(|(sum, why)| (*sum, why.as_str())).collect();
        let order = desk.settle(&told).send.unwrap();
        let before: i64 = done.iter().map(|(sum, _)| sum).sum();
        assert_eq!(
            (order.sum.get(), order.checksum.get()),
            (u64::try_from(part).unwrap(), u64::try_from(10_000 - before).unwrap())
        );
        desk.said(new.refund, &CancelSaid::Accepted);
        done.push((part, name(new.refund)));
        let told: Vec<(i64, &str)> = done.iter().map(|(sum, why)| (*sum, why.as_str())).collect();
        desk.settle(&told);
        assert_eq!((desk.state(new.refund), desk.balance()), (RefundState::Posted, left));
    }
    desk.sound();
}

#[test]
fn the_file_itself_refuses_a_second_hold_and_more_than_was_paid() {
    let mut desk = Desk::open();
    let (_, _) = desk.sent();
    let stranger = desk.shop.stranger();
    stranger.pragma_update(None, "foreign_keys", "OFF").unwrap();
    let again = stranger.execute(
        "INSERT INTO refund_state (refund_id, imp_uid, state) VALUES ('another', 'imp_1', 'holding')",
        [],
    );
    assert!(again.unwrap_err().to_string().contains("UNIQUE"));
    let fact = "INSERT INTO txn_fact (txn_seq, name, value)
                SELECT 1, 'refund_once', value FROM txn_fact WHERE name = 'refund_once'";
    assert!(stranger.execute(fact, []).unwrap_err().to_string().contains("UNIQUE"));
    let more = "INSERT INTO refund SELECT 'another', member_id, charge_id, imp_uid, lot_id, way, 1, 1, 0, 0, 0, claim, basis,
                rule, arithmetic, at, actor, approver, request_id FROM refund";
    assert!(stranger.execute(more, []).unwrap_err().to_string().contains("above the payment"));
}

#[test]
fn what_is_not_as_the_book_believes_is_not_cancelled_at_all() {
    type Change = fn(&mut Found);
    let cases: [(Change, &str); 4] = [
        (|found| found.sandbox = Some(true), "sandbox_mismatch"),
        (|found| found.sandbox = None, "sandbox_mismatch"),
        (|found| found.status = FoundStatus::Failed, "not_paid"),
        (|found| found.amount = Said::Whole(20_000), "changed"),
    ];
    for (change, why) in cases {
        let mut desk = Desk::open();
        let new = desk.asked(10_000, None);
        desk.start(&new).unwrap();
        let mut found = desk.found.clone();
        change(&mut found);
        let settled = desk.shop.settle(desk.intent.charge, vec![found]);
        assert!(settled.send.is_none());
        let refund = desk.shop.store.read(|book| book.refund(new.refund)).unwrap();
        assert_eq!((refund.state, refund.why.as_deref()), (RefundState::Refused, Some(why)));
        assert_eq!(desk.balance(), [10_000, 1_000, 0, 0]);
        desk.sound();
    }
}

#[test]
fn a_refund_says_what_was_shown_or_it_is_none() {
    let mut desk = Desk::open();
    let new = desk.asked(9_999, None);
    assert!(matches!(desk.start(&new), Err(LedgerError::RefundChanged)));
    desk.shop.spend(desk.member, 1_100).unwrap();
    let new = NewRefund { goodwill: false, ..desk.asked(9_000, None) };
    assert!(matches!(desk.start(&new), Err(LedgerError::NoClaim)));
    let cash = NewRefund { way: RefundWay::Cash, ..desk.asked(9_000, None) };
    assert!(matches!(desk.start(&cash), Err(LedgerError::WayClosed(Closed::OriginalFirst))));
    assert_eq!(desk.balance(), [9_000, 900, 0, 0]);
    desk.shop.spend(desk.member, 9_900).unwrap();
    let lot = desk.shop.store.read(|book| book.refundable_lots(desk.member)).unwrap();
    assert!(lot.is_empty(), "nothing is left, so nothing is offered");
    desk.sound();
}

#[test]
fn a_deposit_needs_an_account_which_is_gone_with_the_refund() {
    let mut desk = Desk::open();
    desk.shop
        .stranger()
        .execute_batch("DROP TRIGGER charge_is_append_only_update; UPDATE charge SET method = 'vbank'")
        .unwrap();
    let new = desk.asked(10_000, None);
    assert!(matches!(desk.start(&new), Err(LedgerError::AccountNeeded)));
    let account = RefundAccount {
        bank: "88".to_owned(),
        number: "110123456789".to_owned(),
        holder: "김서연".to_owned(),
    };
    let new = NewRefund { account: Some(account.clone()), ..new };
    desk.start(&new).unwrap();
    assert_eq!(desk.settle(&[]).send.unwrap().account, Some(account));
    let kept = |desk: &Desk| -> i64 {
        desk.shop.stranger().query_row("SELECT count(*) FROM refund_account", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(kept(&desk), 1);
    desk.settle(&[(10_000, &name(new.refund))]);
    assert_eq!((kept(&desk), desk.balance()), (0, [0, 0, 0, 0]));
}

#[test]
fn a_cancel_made_elsewhere_takes_the_points_once_and_names_what_is_spent() {
    let mut desk = Desk::open();
    desk.shop.spend(desk.member, 5_500).unwrap();
    let settled = desk.settle(&[(2_000, "콘솔에서")]);
    assert!(settled.changed && settled.moved);
    assert_eq!(desk.balance(), [3_000, 300, 0, 0]);
    for _ in 0..3 {
        desk.settle(&[(2_000, "콘솔에서"), (8_000, "또")]);
    }
    assert_eq!(desk.balance(), [0, 0, 0, 5_000]);
    let facts = desk.shop.store.read(|book| book.charge(desk.intent.charge)).unwrap();
    assert!(facts.disputes.is_empty(), "nobody has to see to it any more");
    assert!(facts.steps.iter().any(|step| step.kind == "disputed"), "and it can be read that it was");
    let now = desk.shop.now;
    assert!(desk.shop.store.read(|book| book.waiting(now)).unwrap().is_empty());
    desk.sound();
}

#[test]
fn a_cancel_that_no_entry_tells_of_is_taken_back_by_its_sum() {
    let mut desk = Desk::open();
    let mut found = desk.found.clone();
    found.cancel_amount = Said::Whole(4_000);
    for _ in 0..2 {
        desk.shop.settle(desk.intent.charge, vec![found.clone()]);
    }
    assert_eq!(desk.balance(), [6_000, 600, 0, 0]);
    desk.sound();
}

#[test]
fn a_debt_is_paid_and_never_more_than_is_owed() {
    let mut desk = Desk::open();
    desk.shop.spend(desk.member, 11_000).unwrap();
    desk.settle(&[(10_000, "콘솔에서")]);
    assert_eq!(desk.balance(), [0, 0, 0, 10_000]);
    let pay = |desk: &mut Desk, sum: i64, how: DebtPaid| {
        let (by, member) = (desk.shop.by(), desk.member);
        desk.shop
            .store
            .write(|book| book.settle_debt(&by, member, won(sum), how, "영수증 12"))
            .map(|(_, left)| left)
    };
    assert!(matches!(pay(&mut desk, 10_001, DebtPaid::Cash), Err(LedgerError::NoSuchDebt)));
    assert!(matches!(pay(&mut desk, 1, DebtPaid::Points), Err(LedgerError::NotEnoughPoints { .. })));
    assert_eq!(pay(&mut desk, 1_000, DebtPaid::Cash).unwrap(), won(9_000));
    assert_eq!(pay(&mut desk, 2_000, DebtPaid::Bank).unwrap(), won(7_000));
    let member = desk.member;
    desk.shop.charged(member, 5_000);
    assert_eq!(pay(&mut desk, 3_000, DebtPaid::Points).unwrap(), won(4_000));
    assert_eq!(pay(&mut desk, 4_000, DebtPaid::WrittenOff).unwrap(), won(0));
    assert_eq!((desk.balance()[3], desk.shop.balance(member)), (0, 2_500));
    desk.sound();
}

#[test]
fn a_payment_that_was_never_credited_goes_back_as_a_whole_and_moves_no_points() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let intent = shop.open(member, 10_000);
    let mut found = paid(&intent, "imp_less");
    found.amount = Said::Whole(9_000);
    shop.settle(intent.charge, vec![found.clone()]);
    let new = NewRefund {
        refund: RefundId(shop.id()),
        of: RefundOf::Payment(intent.charge, "imp_less".to_owned()),
        won: won(9_000),
        way: RefundWay::Pg,
        goodwill: false,
        account: None,
        note: "금액이 달라서".to_owned(),
    };
    let by = shop.by_request(new.refund.0);
    shop.store.write(|book| book.open_refund(&by, &new)).unwrap();
    let order = shop.settle(intent.charge, vec![found.clone()]).send.unwrap();
    assert_eq!((order.sum.get(), order.checksum.get()), (9_000, 9_000));
    shop.settle(intent.charge, vec![cancelled(&found, &[(9_000, &name(new.refund))])]);
    assert_eq!(shop.store.read(|book| book.refund(new.refund)).unwrap().state, RefundState::Posted);
    let facts = shop.store.read(|book| book.charge(intent.charge)).unwrap();
    assert!(facts.disputes.is_empty());
    assert_eq!((shop.transactions(), shop.first_bad()), (0, None));
    let again = NewRefund { refund: RefundId(shop.id()), ..new };
    let by = shop.by_request(again.refund.0);
    let none = shop.store.write(|book| book.open_refund(&by, &again));
    assert!(matches!(none, Err(LedgerError::NothingToRefund)));
}

#[test]
fn a_loading_keeps_the_rule_that_it_was_made_under() {
    let mut desk = Desk::open();
    let by = desk.shop.by();
    desk.shop.store.write(|book| book.set(&by, ledger::REFUND_RULE, &2_i64)).unwrap();
    desk.wait(1);
    let member = desk.member;
    desk.shop.charged(member, 20_000);
    let lots = desk.shop.store.read(|book| book.refundable_lots(member)).unwrap();
    let rules: Vec<(i64, bool)> = lots.iter().map(|lot| (lot.rule.version, lot.rule_assumed)).collect();
    assert_eq!(rules, [(1, false), (2, false)]);
}
