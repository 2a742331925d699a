//! The count of what moved: every member's points and every lot, as the chain says.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use sha2::{Digest, Sha256};

use crate::days::Days;
use crate::txn::Account;

/// A lot's name, in the 16 bytes that it has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct LotKey([u8; 16]);

impl std::hash::Hash for LotKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u128(u128::from_be_bytes(self.0));
    }
}

/// Names of lots are random already, and the book's own: one multiplication spreads them.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u128(u128::from(*byte));
        }
    }
    fn write_u128(&mut self, name: u128) {
        let halves =
            u64::try_from(name >> 64).unwrap_or(0) ^ u64::try_from(name & u128::from(u64::MAX)).unwrap_or(0);
        let mixed = (self.0 ^ halves).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }
}

impl LotKey {
    /// The key of a name as the book spells it. Another text has another key: a hash, where it is no UUID of that
    /// spelling.
    pub(super) fn of(name: &[u8]) -> LotKey {
        match uuid::Uuid::try_parse_ascii(name) {
            Ok(uuid) if name.len() == 36 && !name.iter().any(u8::is_ascii_uppercase) => {
                LotKey(*uuid.as_bytes())
            }
            Ok(_) | Err(_) => {
                let mut key = [0; 16];
                key.iter_mut().zip(Sha256::digest(name)).for_each(|(at, byte)| *at = byte);
                LotKey(key)
            }
        }
    }
}

/// What is left of a lot.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Lot {
    pub(super) member: i64,
    pub(super) paid: i64,
    pub(super) bonus: i64,
    pub(super) paid_expires_at: Option<i64>,
    pub(super) bonus_expires_at: Option<i64>,
}

/// A transaction as a whole.
#[derive(Clone, Copy)]
pub(super) struct Moved {
    pub(super) seq: i64,
    pub(super) member: i64,
    pub(super) balance_after: i64,
    /// Over all of its postings.
    pub(super) sum: i64,
    /// It has a payment.
    pub(super) paid_for: bool,
    pub(super) is_loading: bool,
}

/// One thing that a transaction did. Its postings come first, then itself, then what it did to lots.
#[derive(Clone, Copy)]
pub(super) enum Step {
    Posting { member: i64, account: Account, amount: i64 },
    Transaction(Moved),
    Lot(LotKey, Lot),
    Use { lot: LotKey, paid: i64, bonus: i64 },
    Expiry { lot: LotKey, paid_expires_at: Option<i64>, bonus_expires_at: Option<i64> },
}

/// A member's points; and what a refund reserved, and what is owed to the shop: no lot has any of those.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) paid: i64,
    pub(super) bonus: i64,
    pub(super) held: i64,
    pub(super) debt: i64,
}

/// Members are numbered from 1 on: standing in a row they take a third of the memory that a map would.
const IN_A_ROW: i64 = 1 << 22;

/// Everything so far.
#[derive(Default)]
pub(super) struct Tally {
    /// The last transaction.
    pub(super) last: i64,
    /// Members by number, up to the highest that moved. Paid and bonus; `None`: nothing ever moved.
    row: Vec<Option<(i64, i64)>>,
    /// Those whose number is too high for that.
    others: HashMap<i64, (i64, i64)>,
    /// Held and debt; few have any.
    reserved: HashMap<i64, (i64, i64)>,
    /// How many members something moved for.
    pub(super) members: usize,
    /// The shop's days.
    pub(super) days: Days,
    lots: Vec<Lot>,
    places: HashMap<LotKey, u32, BuildHasherDefault<Spread>>,
}

impl Tally {
    /// Counts a step on; what is wrong with it, if something is, and where.
    pub(super) fn step(&mut self, step: Step) -> Option<(i64, &'static str)> {
        match step {
            Step::Posting { member, account, amount } => {
                let negative = self.post(member, account, amount);
                negative.then(|| (self.last.saturating_add(1), "negative"))
            }
            Step::Transaction(moved) => {
                let held = self.member(moved.member).unwrap_or_default();
                let fault = if moved.sum != 0 {
                    "postings_not_zero"
                } else if held.paid.saturating_add(held.bonus) != moved.balance_after {
                    "balance_after"
                } else if moved.is_loading != moved.paid_for {
                    "credit_without_payment"
                } else {
                    self.last = moved.seq;
                    return None;
                };
                Some((moved.seq, fault))
            }
            Step::Lot(key, lot) => {
                let Ok(place) = u32::try_from(self.lots.len()) else { return Some((self.last, "lot")) };
                self.lots.push(lot);
                self.places.insert(key, place);
                None
            }
            Step::Use { lot, paid, bonus } => {
                let Some(left) = self.lot_mut(lot) else { return Some((self.last, "lot")) };
                left.paid = left.paid.saturating_sub(paid);
                left.bonus = left.bonus.saturating_sub(bonus);
                (left.paid < 0 || left.bonus < 0).then_some((self.last, "negative"))
            }
            Step::Expiry { lot, paid_expires_at, bonus_expires_at } => {
                let Some(left) = self.lot_mut(lot) else { return Some((self.last, "lot")) };
                (left.paid_expires_at, left.bonus_expires_at) = (paid_expires_at, bonus_expires_at);
                None
            }
        }
    }

    /// Whether it made something negative.
    fn post(&mut self, member: i64, account: Account, amount: i64) -> bool {
        let (paid, bonus) = self.points(member);
        match account {
            Account::Paid => *paid = paid.saturating_sub(amount),
            Account::Bonus => *bonus = bonus.saturating_sub(amount),
            Account::Held | Account::Debt => {
                let (held, debt) = self.reserved.entry(member).or_default();
                if account == Account::Held {
                    *held = held.saturating_sub(amount);
                } else {
                    // What a member owes is the shop's: it grows where a posting is positive.
                    *debt = debt.saturating_add(amount);
                }
                return *held < 0 || *debt < 0;
            }
            Account::Pg
            | Account::Cash
            | Account::Bank
            | Account::BonusCost
            | Account::Sales
            | Account::Breakage
            | Account::RefundFee
            | Account::Suspense
            | Account::Opening => {}
        }
        *paid < 0 || *bonus < 0
    }

    fn points(&mut self, member: i64) -> (&mut i64, &mut i64) {
        let members = &mut self.members;
        let place = usize::try_from(member).ok().filter(|_| member < IN_A_ROW);
        let points = match place {
            Some(place) => {
                if place >= self.row.len() {
                    self.row.resize(place.saturating_add(1), None);
                }
                self.row.get_mut(place).map(|points| {
                    points.get_or_insert_with(|| {
                        *members = members.saturating_add(1);
                        (0, 0)
                    })
                })
            }
            None => None,
        };
        let (paid, bonus) = match points {
            Some(points) => points,
            None => self.others.entry(member).or_insert_with(|| {
                *members = members.saturating_add(1);
                (0, 0)
            }),
        };
        (paid, bonus)
    }

    /// What a member has; `None` when nothing ever moved for them.
    pub(super) fn member(&self, member: i64) -> Option<Held> {
        let in_row = usize::try_from(member).ok().and_then(|place| self.row.get(place).copied().flatten());
        let (paid, bonus) = in_row.or_else(|| self.others.get(&member).copied())?;
        let (held, debt) = self.reserved.get(&member).copied().unwrap_or_default();
        Some(Held { paid, bonus, held, debt })
    }

    fn lot_mut(&mut self, lot: LotKey) -> Option<&mut Lot> {
        let place = usize::try_from(*self.places.get(&lot)?).ok()?;
        self.lots.get_mut(place)
    }

    /// What is left of a lot.
    pub(super) fn lot(&self, lot: LotKey) -> Option<&Lot> {
        self.lots.get(usize::try_from(*self.places.get(&lot)?).ok()?)
    }

    /// How many lots were made.
    pub(super) fn lots(&self) -> usize {
        self.places.len()
    }
}
