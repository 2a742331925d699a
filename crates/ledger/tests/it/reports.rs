//! Statements and figures tie out to the postings, whatever happened.

use ledger::{Figures, HistoryFilter, Mode, Per, StatementFilter, TransactionKind, UnixMillis};
use proptest::prelude::*;

use crate::world::{NOON, Shop};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn one(shop: &Shop, sql: &str) -> i64 {
    shop.stranger().query_row(sql, [], |row| row.get(0)).unwrap()
}

/// The same figures from the postings alone, in SQL that shares nothing with the book's.
fn counted(shop: &Shop, day: &str) -> Figures {
    let sum = |account: &str, kinds: &str| {
        one(
            shop,
            &format!(
                "SELECT coalesce(sum(posting.amount), 0) FROM posting JOIN txn ON txn.seq = posting.txn_seq
             WHERE txn.business_date LIKE '{day}%' AND posting.account IN ({account}) AND txn.kind {kinds}"
            ),
        )
    };
    let many = |kind: &str| {
        one(shop, &format!("SELECT count(*) FROM txn WHERE business_date LIKE '{day}%' AND kind = '{kind}'"))
    };
    let money = "'pg', 'cash', 'bank'";
    Figures {
        charges: many("loading"),
        charged_won: sum(money, "= 'loading'"),
        cash_won: sum("'cash'", "= 'loading'"),
        uses: many("spending"),
        used: -sum("'sales'", "<> ''"),
        undone: many("reversal"),
        bonus_cost: sum("'bonus_cost'", "<> ''"),
        refunded_won: -sum(money, "= 'refund'"),
        clawed_back_won: -sum(money, "= 'clawback'"),
        refund_fee: -sum("'refund_fee'", "<> ''"),
        breakage: -sum("'breakage'", "<> ''"),
        other_won: sum(money, "NOT IN ('loading', 'refund', 'clawback')"),
    }
}

/// Every figure of the overview against the postings, the balances and the lots.
fn ties_out(shop: &Shop) {
    for (per, length) in [(Per::Day, 10), (Per::Month, 7)] {
        let figures = shop.store.read(|book| book.figures("", "~", per)).unwrap();
        let days: Vec<String> = shop
            .stranger()
            .prepare(&format!("SELECT DISTINCT substr(business_date, 1, {length}) FROM txn ORDER BY 1"))
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(figures.iter().map(|(day, _)| day.clone()).collect::<Vec<_>>(), days);
        for (day, figures) in figures {
            assert_eq!(figures, counted(shop, &day), "{day}");
        }
    }
    let now = shop.now;
    let standing = shop.store.read(|book| book.standing(now)).unwrap();
    let owed = &standing.owed;
    for (figure, account, column) in [
        (owed.paid, "paid", "paid"),
        (owed.bonus, "bonus", "bonus"),
        (owed.held, "held", "held"),
        (-owed.debt, "debt", "-debt"),
    ] {
        let posted =
            one(shop, &format!("SELECT coalesce(-sum(amount), 0) FROM posting WHERE account = '{account}'"));
        let balances = one(shop, &format!("SELECT coalesce(sum({column}), 0) FROM balance"));
        assert_eq!((figure, figure), (posted, balances), "{account}");
    }
    for (column, figure) in [("paid", owed.paid), ("bonus", owed.bonus)] {
        let lots = one(shop, &format!("SELECT coalesce(sum({column}), 0) FROM lot_left"));
        assert_eq!(lots, figure, "lots: {column}");
    }
    let aged = |pick: fn(&ledger::Age) -> i64| standing.ages.iter().map(pick).sum::<i64>();
    assert_eq!((aged(|age| age.paid), aged(|age| age.bonus)), (owed.paid, owed.bonus));
    // By the moment of the transaction that made each lot, and not by its name.
    let mut after = i64::MAX;
    for age in &standing.ages {
        let from = age.up_to_days.map_or(0, |days| now.0 - days * DAY_MS);
        let (lots, paid, bonus): (i64, i64, i64) = shop
            .stranger()
            .query_row(
                "SELECT count(*), coalesce(sum(lot_left.paid), 0), coalesce(sum(lot_left.bonus), 0)
                 FROM lot_left JOIN lot ON lot.id = lot_left.lot_id JOIN txn ON txn.seq = lot.txn_seq
                 WHERE lot_left.paid + lot_left.bonus > 0 AND txn.at >= ?1 AND txn.at < ?2",
                [from, after],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .unwrap();
        assert_eq!((age.lots, age.paid, age.bonus), (lots, paid, bonus), "{:?}", age.up_to_days);
        after = from;
    }
    let until = now.0 + 30 * DAY_MS;
    for (figure, sql) in [
        (standing.expiring.paid, format!("SELECT coalesce(sum(paid), 0) FROM lot_left WHERE paid_expires_at <= {until}")),
        (standing.expiring.bonus, format!("SELECT coalesce(sum(bonus), 0) FROM lot_left WHERE bonus_expires_at <= {until}")),
        (
            standing.expiring.members,
            format!(
                "SELECT count(*) FROM member WHERE EXISTS (SELECT 1 FROM lot_left WHERE member_id = member.id AND
                 (paid * (coalesce(paid_expires_at, {until} + 1) <= {until})
                  + bonus * (coalesce(bonus_expires_at, {until} + 1) <= {until})) > 0)"
            ),
        ),
        (owed.members, "SELECT count(*) FROM balance WHERE paid > 0 OR bonus > 0".to_owned()),
        (owed.debtors, "SELECT count(*) FROM balance WHERE debt <> 0".to_owned()),
    ] {
        assert_eq!(figure, one(shop, &sql), "{sql}");
    }
    let since = now.0 - 89 * DAY_MS;
    let charged = format!(
        "(SELECT member_id, count(*) AS many FROM txn
          WHERE kind = 'loading' AND business_date >= date({since} / 1000 + 9 * 3600, 'unixepoch') GROUP BY member_id)"
    );
    assert_eq!(standing.repeat.once, one(shop, &format!("SELECT count(*) FROM {charged}")));
    assert_eq!(standing.repeat.twice, one(shop, &format!("SELECT count(*) FROM {charged} WHERE many > 1")));
}

#[derive(Debug, Clone)]
enum Step {
    Charge(usize, i64),
    Spend(usize, i64),
    Undo(usize),
    Later(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..3_usize, 100_i64..50_000).prop_map(|(member, sum)| Step::Charge(member, sum)),
        4 => (0..3_usize, 1_i64..30_000).prop_map(|(member, many)| Step::Spend(member, many)),
        2 => any::<prop::sample::Index>().prop_map(|i| Step::Undo(i.index(64))),
        // Backwards too: a clock that was wrong.
        3 => (-3_i64..70).prop_map(Step::Later),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn every_figure_of_the_overview_ties_out_to_the_postings_after_any_history(
        percent in 0_i64..30,
        steps in prop::collection::vec(step(), 0..40),
    ) {
        let mut shop = Shop::new(Mode::Test);
        shop.bonus(percent);
        let members =
            [shop.member("가", "01000000001"), shop.member("나", "01000000002"), shop.member("다", "01000000003")];
        let mut used = Vec::new();
        for step in steps {
            match step {
                Step::Charge(who, sum) => { shop.charged(members[who], sum); }
                Step::Spend(who, many) => if let Ok((_, moved)) = shop.spend(members[who], many) {
                    used.push(moved.transaction);
                },
                Step::Undo(which) if !used.is_empty() => { let _twice = shop.undo(used[which % used.len()]); }
                Step::Undo(_) => {}
                Step::Later(days) => shop.now = shop.now.plus_ms(days * DAY_MS),
            }
        }
        ties_out(&shop);
        for member in members {
            statement_ties(&shop, member, None, None);
            let day = |ms: i64| ledger::business_date(UnixMillis(NOON.0 + ms), 0);
            statement_ties(&shop, member, Some(day(5 * DAY_MS)), Some(day(60 * DAY_MS)));
        }
        prop_assert_eq!(shop.first_bad(), None);
    }
}

/// Reads a statement page by page, and checks that each row's balance follows from the one before.
fn statement_ties(shop: &Shop, member: ledger::MemberId, from: Option<String>, to: Option<String>) -> usize {
    let mut filter = StatementFilter { member, from, to, after: None };
    let (mut rows, mut running) = (0_usize, None);
    loop {
        let page = shop.store.read(|book| book.statement(&filter, 3)).unwrap();
        let mut balance = running.unwrap_or_else(|| page.opening.get());
        for row in &page.rows {
            balance += row.transaction.paid_change + row.transaction.bonus_change;
            assert_eq!(balance, row.transaction.balance_after.get());
        }
        rows += page.rows.len();
        running = Some(balance);
        if !page.more {
            assert_eq!(balance, page.closing.get());
            assert_eq!(i64::try_from(rows).unwrap(), page.count);
            let (transactions, head) = shop.store.read(|book| book.head()).unwrap();
            assert_eq!((page.transactions, page.head), (transactions, head));
            return rows;
        }
        filter.after = page.rows.last().map(|row| row.transaction.seq);
    }
}

#[test]
fn a_statement_says_every_charge_with_its_approval_number_and_every_use_with_who_did_it() {
    let mut shop = Shop::new(Mode::Live);
    shop.bonus(10);
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 10_000);
    shop.now = shop.now.plus_ms(2 * DAY_MS);
    let (_, used) = shop.spend(member, 3_000).unwrap();
    shop.undo(used.transaction).unwrap();
    let whole = StatementFilter { member, from: None, to: None, after: None };
    let page = shop.store.read(|book| book.statement(&whole, 50)).unwrap();
    let told: Vec<(TransactionKind, i64, &str)> = page
        .rows
        .iter()
        .map(|row| (row.transaction.kind, row.money, row.transaction.staff_name.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (TransactionKind::Loading, 10_000, "점주"),
            (TransactionKind::Spending, 0, "점주"),
            (TransactionKind::Reversal, 0, "점주"),
        ]
    );
    let payment = page.rows[0].transaction.payment.as_ref().unwrap();
    assert_eq!(payment.apply_num.as_deref(), Some("30012345"));
    assert_eq!((page.figures.charged_won, page.figures.used, page.figures.uses), (10_000, 0, 1));
    assert_eq!((page.opening.get(), page.closing.get(), page.count), (0, 11_000, 3));
    assert_eq!(page.head_at, Some(shop.now));
    // A period that begins later opens with what there was, also where nothing happened in it.
    let later = StatementFilter { from: Some("2026-11-24".into()), ..whole.clone() };
    let page = shop.store.read(|book| book.statement(&later, 50)).unwrap();
    assert_eq!((page.opening.get(), page.rows.len()), (11_000, 2));
    let empty = StatementFilter { from: Some("2026-12-24".into()), ..whole.clone() };
    let page = shop.store.read(|book| book.statement(&empty, 50)).unwrap();
    assert_eq!((page.opening.get(), page.closing.get(), page.rows.len()), (11_000, 11_000, 0));
    let nobody = StatementFilter { member: ledger::MemberId(77), ..whole };
    assert!(matches!(
        shop.store.read(|book| book.statement(&nobody, 50)),
        Err(ledger::LedgerError::UnknownMember)
    ));
}

/// A transaction as the raw rows have it.
struct Raw {
    seq: i64,
    kind: String,
    member: i64,
    actor: i64,
    day: String,
    method: Option<String>,
}

fn raw(shop: &Shop) -> Vec<Raw> {
    let stranger = shop.stranger();
    let mut statement = stranger
        .prepare(
            "SELECT seq, kind, txn.member_id, txn.actor, business_date, method
             FROM txn LEFT JOIN charge ON charge.id = txn.charge_id ORDER BY seq DESC",
        )
        .unwrap();
    statement
        .query_map([], |row| {
            Ok(Raw {
                seq: row.get(0)?,
                kind: row.get(1)?,
                member: row.get(2)?,
                actor: row.get(3)?,
                day: row.get(4)?,
                method: row.get(5)?,
            })
        })
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

/// What the filter means, said as plainly as can be.
fn meant(all: &[Raw], filter: &HistoryFilter) -> Vec<i64> {
    all.iter()
        .filter(|row| filter.member.is_none_or(|member| row.member == member.0))
        .filter(|row| filter.kinds.is_empty() || filter.kinds.iter().any(|kind| kind.word() == row.kind))
        .filter(|row| filter.from.as_ref().is_none_or(|from| row.day >= *from))
        .filter(|row| filter.to.as_ref().is_none_or(|to| row.day <= *to))
        .filter(|row| filter.staff.is_none_or(|staff| row.actor == staff.0))
        .filter(|row| {
            filter.methods.is_empty() || row.method.as_ref().is_some_and(|of| filter.methods.contains(of))
        })
        .map(|row| row.seq)
        .collect()
}

#[test]
fn history_is_what_its_filters_say_also_over_a_day_that_came_back() {
    let mut shop = Shop::new(Mode::Live);
    let members = [shop.member("가", "01000000001"), shop.member("나", "01000000002")];
    // The third "day" lies before the second: the clock was wrong.
    for back in [0, 2, 1, 5] {
        shop.now = NOON.plus_ms(back * DAY_MS);
        for member in members {
            shop.charged(member, 10_000);
            let (_, used) = shop.spend(member, 1_000).unwrap();
            shop.undo(used.transaction).unwrap();
            shop.staff = ledger::StaffId(if shop.staff.0 == 1 { 2 } else { 1 });
        }
    }
    let all = raw(&shop);
    let days = [None, Some("2026-11-24"), Some("2026-11-25"), Some("2027-01-01")];
    let kinds = [
        vec![],
        vec![TransactionKind::Loading],
        vec![TransactionKind::Reversal],
        vec![TransactionKind::Reversal, TransactionKind::Spending, TransactionKind::Refund],
    ];
    let (mut tried, mut found) = (0, 0);
    for from in days {
        for to in days {
            for kinds in &kinds {
                for (member, staff) in
                    [(None, None), (Some(members[1]), None), (None, Some(2)), (Some(members[0]), Some(2))]
                {
                    for methods in [vec![], vec!["card".to_owned()], vec!["vbank".to_owned()]] {
                        let mut filter = HistoryFilter {
                            member,
                            staff: staff.map(ledger::StaffId),
                            methods,
                            kinds: kinds.clone(),
                            from: from.map(str::to_owned),
                            to: to.map(str::to_owned),
                            before: None,
                        };
                        let meant = meant(&all, &filter);
                        let mut pages = Vec::new();
                        loop {
                            let page = shop.store.read(|book| book.transactions(&filter, 4)).unwrap();
                            pages.extend(page.iter().map(|row| row.seq));
                            if page.len() < 4 {
                                break;
                            }
                            filter.before = pages.last().copied();
                        }
                        assert_eq!(pages, meant, "{filter:?}");
                        (tried, found) = (tried + 1, found + meant.len());
                    }
                }
            }
        }
    }
    assert!(tried == 768 && found > 1_000, "{tried} {found}");
}
