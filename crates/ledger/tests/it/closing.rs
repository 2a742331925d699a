//! A day is counted, compared and closed, and stays as it was closed.

use ledger::{Done, HistoryFilter, LedgerError, Listed, Mode, UnixMillis, Window};

use crate::world::{NOON, Shop, paid, won};

const TODAY: &str = "2026-11-23";
const HOUR: i64 = 60 * 60 * 1000;

fn count(shop: &mut Shop, date: &str, counted: i64) -> Result<Done, LedgerError> {
    let by = shop.by();
    shop.store.write(|book| book.count_cash(&by, date, won(counted), won(50_000)))
}

fn close(shop: &mut Shop, date: &str) -> Result<Done, LedgerError> {
    let by = shop.by();
    shop.store.write(|book| book.close_day(&by, date))
}

fn compare(shop: &mut Shop, date: &str, listed: &[Listed]) {
    let (by, now) = (shop.by(), shop.now);
    let window = shop.store.read(|book| book.day_window(date, now)).unwrap();
    shop.store.write(|book| book.compare_day(&by, date, window, listed)).unwrap();
}

fn days(shop: &Shop) -> Vec<String> {
    let all = shop.store.read(|book| book.transactions(&HistoryFilter::default(), 50)).unwrap();
    all.into_iter().rev().map(|transaction| transaction.business_date).collect()
}

/// A shop with a charge and a use today, closed an hour later.
pub(crate) fn closed() -> Shop {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let (intent, _) = shop.charged(member, 10_000);
    shop.spend(member, 3_000).unwrap();
    shop.now = NOON.plus_ms(HOUR);
    count(&mut shop, TODAY, 50_000).unwrap();
    let found = paid(&intent, "imp_unknown");
    let listed = Listed { found, cancelled_at: None, custom_data: None };
    compare(&mut shop, TODAY, &[listed]);
    close(&mut shop, TODAY).unwrap();
    shop
}

#[test]
fn the_drawer_is_counted_first_and_every_count_stays() {
    let mut shop = Shop::new(Mode::Live);
    assert!(matches!(close(&mut shop, TODAY), Err(LedgerError::CashNotCounted)));
    let by = shop.by();
    let early = shop.store.write(|book| {
        let window = book.reader().day_window(TODAY, NOON)?;
        book.compare_day(&by, TODAY, window, &[])
    });
    assert!(matches!(early, Err(LedgerError::CashNotCounted)));
    for counted in [40_000, 50_000] {
        count(&mut shop, TODAY, counted).unwrap();
    }
    close(&mut shop, TODAY).unwrap();
    let (counts, closed) =
        shop.store.read(|book| Ok((book.cash_counts(TODAY)?, book.day_close(TODAY)?.unwrap()))).unwrap();
    assert_eq!(counts.iter().map(|count| count.counted.get()).collect::<Vec<_>>(), [40_000, 50_000]);
    assert_eq!((closed.counted.get(), closed.expected, closed.compared), (50_000, 50_000, false));
}

#[test]
fn a_close_keeps_the_days_sums_and_the_chains_head() {
    let shop = closed();
    let (closed, head, made) = shop
        .store
        .read(|book| {
            Ok((book.day_close(TODAY)?.unwrap(), book.head()?, book.comparison(TODAY, false)?.unwrap()))
        })
        .unwrap();
    assert_eq!((closed.transactions, closed.head.clone()), head);
    let kinds: Vec<_> =
        closed.sums.kinds.iter().map(|sum| (sum.kind.as_str(), sum.count, sum.paid)).collect();
    assert_eq!(kinds, [("loading", 1, 10_000), ("spending", 1, -3_000)]);
    let accounts: Vec<_> = closed.sums.accounts.iter().map(|sum| (sum.account.as_str(), sum.won)).collect();
    assert_eq!(accounts, [("paid", -7_000), ("pg", 10_000), ("sales", -3_000)]);
    // The payment that PortOne told of is another one than the book's.
    assert_eq!((made.differences.len(), made.sums.book.won, closed.compared), (2, 10_000, true));
    assert_eq!((closed.staff_name.as_str(), shop.first_bad()), ("점주", None));
}

#[test]
fn a_closed_day_stays_closed_and_what_comes_late_stands_on_the_day_on_which_it_comes() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 10_000);
    let (_, used) = shop.spend(member, 3_000).unwrap();
    let by = shop.by();
    shop.store.write(|book| book.count_cash(&by, TODAY, won(0), won(0))).unwrap();
    close(&mut shop, TODAY).unwrap();
    // Still the same evening: it stands on tomorrow.
    shop.spend(member, 1_000).unwrap();
    for refused in [close(&mut shop, TODAY), count(&mut shop, TODAY, 60_000)] {
        assert!(matches!(refused, Err(LedgerError::DayClosed)), "{refused:?}");
    }
    // Two days later a use of the closed day is taken back.
    shop.now = NOON.plus_ms(48 * HOUR);
    shop.undo(used.transaction).unwrap();
    assert_eq!(days(&shop), [TODAY, TODAY, "2026-11-24", "2026-11-25"]);
    assert_eq!(shop.first_bad(), None);
    let stranger = shop.stranger();
    let refused = stranger.execute_batch(
        "INSERT INTO txn SELECT seq + 4, 'other', kind, member_id, NULL, NULL, balance_after, at, business_date, actor, approver,
                                request_id, note_hash, hash FROM txn WHERE seq = 1",
    );
    assert!(refused.unwrap_err().to_string().contains("the day is closed"));
}

#[test]
fn a_repeated_close_is_done_before_and_another_one_refused() {
    let mut shop = Shop::new(Mode::Live);
    count(&mut shop, TODAY, 50_000).unwrap();
    let by = shop.by();
    assert_eq!(shop.store.write(|book| book.close_day(&by, TODAY)).unwrap(), Done::Now);
    assert_eq!(shop.store.write(|book| book.close_day(&by, TODAY)).unwrap(), Done::Before);
    assert!(matches!(close(&mut shop, TODAY), Err(LedgerError::DayClosed)));
}

#[test]
fn a_day_to_come_and_what_is_no_day_are_refused() {
    let mut shop = Shop::new(Mode::Live);
    for bad in ["2026-11-24", "2027-01-01", "2026-02-30", "", "heute"] {
        assert!(matches!(count(&mut shop, bad, 60_000), Err(LedgerError::BadDay)), "{bad}");
    }
}

#[test]
fn skipped_days_are_named_oldest_first_and_may_be_closed_in_any_order() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 10_000);
    for _ in 0..2 {
        shop.now = shop.now.plus_ms(24 * HOUR);
        shop.spend(member, 1_000).unwrap();
    }
    let open = |shop: &Shop| shop.store.read(|book| book.open_days()).unwrap();
    assert_eq!(open(&shop), [TODAY, "2026-11-24", "2026-11-25"]);
    for (date, left) in [("2026-11-24", 2), (TODAY, 1), ("2026-11-25", 0)] {
        count(&mut shop, date, 50_000).unwrap();
        close(&mut shop, date).unwrap();
        assert_eq!(open(&shop).len(), left);
    }
    let closes = shop.store.read(|book| book.day_closes(10)).unwrap();
    assert_eq!(closes.iter().map(|close| close.place).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!(shop.first_bad(), None);
}

/// Whenever days are closed, and wherever the owner moves the turn of the day: no moment is in two days or in none.
#[test]
fn the_days_follow_one_another_without_a_gap_when_the_hour_is_moved_and_days_are_closed_early() {
    let mut shop = Shop::new(Mode::Live);
    let window = |shop: &Shop, date: &str| -> Window {
        let now = shop.now;
        shop.store.read(|book| book.day_window(date, now)).unwrap()
    };
    // 2026-11-23T00:00 in Seoul.
    let midnight = UnixMillis(NOON.0 - 12 * HOUR);
    assert_eq!(window(&shop, TODAY), Window { from: midnight, to: NOON });
    count(&mut shop, TODAY, 50_000).unwrap();
    close(&mut shop, TODAY).unwrap();
    // Closed at noon: the afternoon is the next day's.
    let by = shop.by();
    shop.store.write(|book| book.set(&by, ledger::DAY_TURNS_AT, &4_u8)).unwrap();
    shop.now = NOON.plus_ms(72 * HOUR);
    let next = window(&shop, "2026-11-24");
    assert_eq!((next.from, next.to), (NOON, midnight.plus_ms(52 * HOUR)), "up to four in the morning");
    count(&mut shop, "2026-11-24", 50_000).unwrap();
    close(&mut shop, "2026-11-24").unwrap();
    let by = shop.by();
    shop.store.write(|book| book.set(&by, ledger::DAY_TURNS_AT, &0_u8)).unwrap();
    assert_eq!(
        window(&shop, "2026-11-25").from,
        next.to,
        "the hour was moved back: no payment is counted twice"
    );
}

#[test]
fn a_comparison_that_follows_is_a_row_of_its_own_and_the_close_stays_as_it_was() {
    let mut shop = Shop::new(Mode::Live);
    let member = shop.member("김서연", "010-2841-4821");
    let (intent, _) = shop.charged(member, 10_000);
    shop.now = NOON.plus_ms(HOUR);
    count(&mut shop, TODAY, 50_000).unwrap();
    close(&mut shop, TODAY).unwrap();
    let before = shop.store.read(|book| book.day_close(TODAY)).unwrap();
    let waiting = shop.store.read(|book| book.uncompared_days()).unwrap();
    assert_eq!(waiting, [(TODAY.to_owned(), before.clone().unwrap().window)]);
    let found = paid(&intent, "imp_000000000002");
    let listed = [Listed { found, cancelled_at: None, custom_data: None }];
    let by = shop.by();
    shop.store.write(|book| book.compare_day(&by, TODAY, waiting[0].1, &listed)).unwrap();
    let (after, left, made) = shop
        .store
        .read(|book| {
            Ok((book.day_close(TODAY)?, book.uncompared_days()?, book.comparison(TODAY, false)?.unwrap()))
        })
        .unwrap();
    assert_eq!((after, left, shop.first_bad()), (before, vec![], None));
    assert_eq!(made.differences.len(), 0, "{:?}", made.differences);
}

#[test]
fn the_walk_names_a_close_that_was_touched() {
    for (change, bad) in [
        ("UPDATE day_close SET counted = counted + 1", (2, "day_close")),
        ("UPDATE day_close SET expected = expected - 1", (2, "day_close")),
        ("UPDATE day_close SET sums = replace(sums, '10000', '20000')", (2, "day_close")),
        ("UPDATE day_close SET actor = 1", (2, "day_close")),
        ("UPDATE day_close SET comparison = NULL", (2, "day_close")),
        ("UPDATE day_close SET place = 2", (2, "day_close")),
        ("UPDATE day_close SET head = zeroblob(32)", (2, "day_close")),
        ("UPDATE day_close SET transactions = 1", (1, "day_close")),
        ("UPDATE cash_count SET counted = counted - 1000", (2, "day_close")),
        ("DELETE FROM cash_count", (2, "day_close")),
        ("UPDATE day_comparison SET sums = replace(sums, '10000', '0')", (0, "day_comparison")),
        ("DELETE FROM day_difference WHERE line = 0", (0, "day_comparison")),
        ("UPDATE day_difference SET other_won = 0 WHERE line = 0", (0, "day_comparison")),
        ("DELETE FROM day_difference; DELETE FROM day_comparison", (2, "day_close")),
    ] {
        let shop = closed();
        assert_eq!(shop.first_bad(), None);
        let stranger = shop.stranger();
        stranger.pragma_update(None, "foreign_keys", "OFF").unwrap();
        let triggers: Vec<String> = stranger
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        for trigger in triggers {
            stranger.execute_batch(&format!("DROP TRIGGER {trigger}")).unwrap();
        }
        stranger.execute_batch(change).unwrap();
        assert_eq!(shop.first_bad(), Some(bad), "{change}");
    }
}

#[test]
fn changes_of_the_way_of_payments_print_on_the_next_close_and_on_no_other() {
    let mut shop = Shop::new(Mode::Live);
    let change = |shop: &mut Shop, detail: &str| {
        let by = shop.by();
        shop.store.write(|book| book.audit(&by, "channel", detail)).unwrap();
    };
    let of = |shop: &Shop, date: &str| -> Vec<String> {
        let changes = shop.store.read(|book| book.way_changes(date)).unwrap();
        changes.into_iter().map(|change| change.detail).collect()
    };
    change(&mut shop, "html5_inicis first");
    let by = shop.by();
    shop.store.write(|book| book.audit(&by, "shop", "no way of payments")).unwrap();
    assert_eq!(of(&shop, TODAY), ["html5_inicis first"]);
    count(&mut shop, TODAY, 50_000).unwrap();
    close(&mut shop, TODAY).unwrap();
    shop.now = NOON.plus_ms(24 * HOUR);
    change(&mut shop, "kcp second");
    assert_eq!(
        (of(&shop, TODAY), of(&shop, "2026-11-24")),
        (vec!["html5_inicis first".to_owned()], vec!["kcp second".to_owned()])
    );
}
