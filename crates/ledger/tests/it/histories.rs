//! Whatever is tried, in whatever order: the books balance, and a member holds the sum of the charges that were paid,
//! each counted once, less what was used and not taken back, with every correction, and wherever two were made one.

use ledger::{AdjustReason, Adjustment, FoundStatus, Intent, LedgerError, Mode, TransactionId};
use proptest::prelude::*;

use crate::world::{Shop, paid};

#[derive(Debug, Clone)]
enum Step {
    Open(usize, i64),
    Pay(usize),
    Decline(usize),
    Silence(usize),
    Spend(usize, i64),
    Undo(usize),
    Adjust(usize, i64, i64),
    Merge(usize, usize),
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..3_usize, 100_i64..50_000).prop_map(|(member, sum)| Step::Open(member, sum)),
        4 => any::<prop::sample::Index>().prop_map(|i| Step::Pay(i.index(64))),
        1 => any::<prop::sample::Index>().prop_map(|i| Step::Decline(i.index(64))),
        1 => any::<prop::sample::Index>().prop_map(|i| Step::Silence(i.index(64))),
        3 => (0..3_usize, 1_i64..30_000).prop_map(|(member, many)| Step::Spend(member, many)),
        2 => any::<prop::sample::Index>().prop_map(|i| Step::Undo(i.index(64))),
        2 => (0..3_usize, -20_000_i64..20_000, -2_000_i64..2_000).prop_map(|(member, paid, bonus)| Step::Adjust(member, paid, bonus)),
        1 => (0..3_usize, 0..3_usize).prop_map(|(from, into)| Step::Merge(from, into)),
        1 => Just(Step::Reopen),
    ]
}

impl Model {
    fn current(&self, mut who: usize) -> usize {
        while let Some(into) = self.into[who] {
            who = into;
        }
        who
    }
}

#[derive(Default)]
struct Model {
    balance: [i64; 3],
    into: [Option<usize>; 3],
    opened: Vec<(usize, Intent, bool)>,
    used: Vec<(usize, TransactionId, i64, bool)>,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn the_books_balance_after_any_history(percent in 0_i64..30, steps in prop::collection::vec(step(), 0..40)) {
        let mut shop = Shop::new(Mode::Test);
        shop.bonus(percent);
        let members =
            [shop.member("가", "01000000001"), shop.member("나", "01000000002"), shop.member("다", "01000000003")];
        let mut model = Model::default();
        for step in steps {
            match step {
                Step::Open(who, sum) if model.into[who].is_none() => {
                    let intent = shop.open(members[who], sum);
                    model.opened.push((who, intent, false));
                }
                Step::Pay(which) if !model.opened.is_empty() => {
                    let at = which % model.opened.len();
                    let now = model.current(model.opened[at].0);
                    let (_, intent, credited) = &mut model.opened[at];
                    let settled = shop.settle(intent.charge, vec![paid(intent, &format!("imp_{at}"))]);
                    prop_assert_eq!(settled.credited.is_some(), !*credited);
                    if !*credited {
                        model.balance[now] += intent.won.get() + intent.bonus.get();
                        *credited = true;
                    }
                }
                Step::Decline(which) if !model.opened.is_empty() => {
                    let at = which % model.opened.len();
                    let (_, intent, credited) = &model.opened[at];
                    // After the credit: an answer that was on its way since before the payment.
                    let mut declined = paid(intent, &format!("imp_{at}"));
                    declined.status = FoundStatus::Failed;
                    let settled = shop.settle(intent.charge, vec![declined]);
                    prop_assert!(settled.credited.is_none());
                    prop_assert!(!(*credited && settled.changed));
                }
                Step::Silence(which) if !model.opened.is_empty() => {
                    let charge = model.opened[which % model.opened.len()].1.charge;
                    let by = shop.by();
                    prop_assert!(shop.store.write(|book| book.unanswered(&by, charge, "x", 0)).unwrap().credited.is_none());
                }
                Step::Spend(who, many) => match shop.spend(members[who], many) {
                    Ok((_, moved)) => {
                        prop_assert!(many <= model.balance[who]);
                        model.balance[who] -= many;
                        model.used.push((who, moved.transaction, many, false));
                    }
                    Err(_) => prop_assert!(many > model.balance[who] || model.into[who].is_some()),
                },
                Step::Undo(which) if !model.used.is_empty() => {
                    let at = which % model.used.len();
                    let (who, transaction, many, undone) = &mut model.used[at];
                    let may = !*undone && model.into[*who].is_none();
                    prop_assert_eq!(shop.undo(*transaction).is_ok(), may);
                    if may {
                        model.balance[*who] += *many;
                        *undone = true;
                    }
                }
                Step::Adjust(who, paid, bonus) => {
                    let by = shop.by();
                    let new = Adjustment {
                        member: members[who], paid, bonus, class: AdjustReason::Other, reason: "x".to_owned(),
                    };
                    match shop.store.write(|book| book.adjust(&by, &new)) {
                        Ok(_) => model.balance[who] += paid + bonus,
                        Err(LedgerError::MemberMerged) => prop_assert!(model.into[who].is_some()),
                        Err(LedgerError::ZeroAmount) => prop_assert!(paid == 0 && bonus == 0),
                        Err(error) => prop_assert!(matches!(error, LedgerError::NotEnoughPoints { .. }), "{error}"),
                    }
                }
                Step::Merge(from, into) => {
                    let by = shop.by();
                    let merged = shop.store.write(|book| book.merge_members(&by, members[from], members[into], "x"));
                    if merged.is_ok() {
                        prop_assert!(from != into && model.into[from].is_none() && model.into[into].is_none());
                        model.balance[into] += std::mem::take(&mut model.balance[from]);
                        model.into[from] = Some(into);
                    }
                }
                Step::Reopen => {
                    // Far from each other: each write counts one on.
                    let seed = u64::try_from(shop.id().as_u128()).unwrap() * 1_000_000;
                    let random = Box::new(crate::world::Counted(seed));
                    shop.store = ledger::Store::open(&shop.path, Mode::Test, random, shop.now).unwrap();
                }
                Step::Open(..) | Step::Pay(_) | Step::Decline(_) | Step::Silence(_) | Step::Undo(_) => {}
            }
        }
        for (who, member) in members.iter().enumerate() {
            prop_assert_eq!(shop.balance(*member), model.balance[who]);
            let lots: i64 = shop.store.read(|book| book.lots(*member)).unwrap()
                .iter().map(|lot| lot.paid.get() + lot.bonus.get()).sum();
            prop_assert_eq!(lots, model.balance[who]);
        }
        let between: i64 = shop.stranger()
            .query_row("SELECT coalesce(sum(amount), 0) FROM posting JOIN txn ON txn.seq = txn_seq AND kind = 'merge' WHERE account = 'suspense'", [], |row| row.get(0))
            .unwrap();
        prop_assert_eq!(between, 0);
        prop_assert_eq!(shop.first_bad(), None);
    }
}
