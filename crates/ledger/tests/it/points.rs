use ledger::{Done, LedgerError, Mode, TransactionId};
use uuid::Uuid;

use crate::world::{Shop, points};

#[test]
fn using_points_takes_paid_and_bonus_in_proportion() {
    let mut shop = Shop::new(Mode::Live);
    shop.bonus(10);
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 10_000);
    let (_, moved) = shop.spend(member, 3_000).unwrap();
    assert_eq!((moved.before, moved.after), (points(11_000), points(8_000)));
    let balance = shop.store.read(|book| book.balance(member)).unwrap();
    assert_eq!((balance.paid.get(), balance.bonus.get()), (7_272, 728));
    let takes = shop.store.read(|book| book.takes(moved.transaction)).unwrap();
    assert_eq!((takes[0].paid.get(), takes[0].bonus.get()), (2_728, 272));
    assert_eq!(shop.first_bad(), None);
}

#[test]
fn more_than_there_is_cannot_be_used() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 10_000);
    let refused = shop.spend(member, 10_001);
    assert!(matches!(refused, Err(LedgerError::NotEnoughPoints { balance }) if balance == points(10_000)));
    assert!(matches!(shop.spend(member, 0), Err(LedgerError::ZeroAmount)));
    assert_eq!(shop.balance(member), 10_000);
}

#[test]
fn the_same_use_twice_takes_the_points_once() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 10_000);
    let by = shop.by_request(Uuid::from_u128(500));
    let first = shop.store.write(|book| book.spend(&by, member, points(3_000))).unwrap();
    let again = shop.store.write(|book| book.spend(&by, member, points(3_000))).unwrap();
    assert_eq!((first.0, again.0), (Done::Now, Done::Before));
    assert_eq!(first.1, again.1);
    assert_eq!(shop.balance(member), 7_000);
    let clash = shop.store.write(|book| book.spend(&by, member, points(3_001)));
    assert!(matches!(clash, Err(LedgerError::SameIdOtherContent)));
}

#[test]
fn taking_a_use_back_puts_exactly_the_same_into_the_same_lots() {
    let mut shop = Shop::new(Mode::Live);
    shop.bonus(10);
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 10_000);
    shop.charged(member, 5_000);
    let before = shop.store.read(|book| Ok((book.balance(member)?, book.lots(member)?))).unwrap();
    let (_, used) = shop.spend(member, 12_345).unwrap();
    let (_, undone) = shop.undo(used.transaction).unwrap();
    assert_eq!((undone.before, undone.after), (used.after, used.before));
    let after = shop.store.read(|book| Ok((book.balance(member)?, book.lots(member)?))).unwrap();
    assert_eq!(before, after);
    assert!(matches!(shop.undo(used.transaction), Err(LedgerError::AlreadyUndone)));
    assert_eq!(shop.first_bad(), None);
}

#[test]
fn points_that_come_back_into_a_lot_that_has_gone_live_seven_days() {
    let mut shop = Shop::new(Mode::Live);
    shop.bonus(10);
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 10_000);
    let (_, used) = shop.spend(member, 11_000).unwrap();
    shop.now = shop.now.plus_ms(400 * 24 * 60 * 60 * 1000);
    shop.undo(used.transaction).unwrap();
    let lots = shop.store.read(|book| book.lots(member)).unwrap();
    assert_eq!(lots[0].bonus_expires_at, Some(shop.now.plus_ms(7 * 24 * 60 * 60 * 1000)));
    assert_eq!(lots[0].paid_expires_at, None);
    assert_eq!(shop.first_bad(), None);
}

#[test]
fn a_charge_is_not_taken_back_by_undo() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let (_, moved) = shop.charged(member, 10_000);
    assert!(matches!(shop.undo(moved.transaction), Err(LedgerError::ChargeNeedsRefund)));
    let (_, used) = shop.spend(member, 100).unwrap();
    let (_, undone) = shop.undo(used.transaction).unwrap();
    assert!(matches!(shop.undo(undone.transaction), Err(LedgerError::NotUndoable)));
    let none = shop.undo(TransactionId(Uuid::from_u128(7)));
    assert!(matches!(none, Err(LedgerError::UnknownTransaction)));
    assert_eq!((shop.balance(member), shop.transactions()), (10_000, 3));
}
