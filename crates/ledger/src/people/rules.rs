//! What a wrong PIN costs, which PINs are none, who may approve and who may change whom.

use super::{PeopleError, Person};
use crate::ids::{Role, StaffId};

/// After this many wrong PINs in a row a manager has to unlock.
pub const LOCKS_AT: u32 = 10;
/// The first wrong PIN after which the next try waits. Two slips of a finger cost nothing.
const WAITS_FROM: u32 = 3;
/// How long the next try waits after the third wrong PIN, the fourth and so on, in milliseconds; the last one stays.
const WAITS_MS: [i64; 6] = [5_000, 15_000, 60_000, 120_000, 300_000, 900_000];
/// Digits of a PIN.
const SHORTEST_PIN: usize = 4;
const LONGEST_PIN: usize = 12;

/// How long the next try waits after `failed` wrong ones, in milliseconds. With four digits and this table a thief has
/// ten tries of ten thousand before somebody has to unlock, and four an hour where nobody could.
#[must_use]
pub fn wait_ms(failed: u32) -> i64 {
    let Some(beyond) = failed.checked_sub(WAITS_FROM) else { return 0 };
    let last = WAITS_MS.last().copied().unwrap_or(0);
    usize::try_from(beyond).ok().and_then(|place| WAITS_MS.get(place)).copied().unwrap_or(last)
}

/// Whether somebody else has to unlock this person. Where nobody could, they are slowed down and never shut out: not
/// the last owner, and not the last of those who may unlock.
#[must_use]
pub fn is_locked(person: &Person, people: &[Person]) -> bool {
    let owners = people.iter().filter(|other| other.active && other.role == Role::Owner).count();
    let is_last_owner = person.role == Role::Owner && owners <= 1;
    let may_be_unlocked = people.iter().any(|other| {
        other.id != person.id && other.active && other.role >= Role::Manager && other.failed < LOCKS_AT
    });
    person.failed >= LOCKS_AT && may_be_unlocked && !is_last_owner
}

/// Whether this is a PIN: digits, and none of those that everybody tries first.
///
/// # Errors
/// [`PeopleError::BadPin`].
pub fn usable(pin: &str) -> Result<(), PeopleError> {
    let digits = pin.as_bytes();
    let fits = (SHORTEST_PIN..=LONGEST_PIN).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    if fits && !is_trivial(digits) { Ok(()) } else { Err(PeopleError::BadPin) }
}

/// 0000, 1234, 9876, 1212, 123123: one digit, one step up or down (also over 9 to 0), or a short group again and again.
fn is_trivial(digits: &[u8]) -> bool {
    let step = |by: u8| {
        digits.iter().zip(digits.iter().skip(1)).all(|(one, next)| {
            let up = (one.wrapping_sub(b'0')).wrapping_add(by) % 10;
            next.wrapping_sub(b'0') == up
        })
    };
    let repeats = |of: usize| {
        digits.len() > of
            && digits.len().is_multiple_of(of)
            && digits.iter().zip(digits.iter().skip(of)).all(|(a, b)| a == b)
    };
    [0, 1, 9].into_iter().any(step) || [2, 3].into_iter().any(repeats)
}

/// Whether `approver` may approve what `asker` asks. `about` is whom the command is about, where it is about somebody: they
/// have no say in it, and do not count as somebody who could be asked.
///
/// Nobody approves their own where a second person works here. The second person is a manager or an owner; where there
/// is no other than the asker, any other person is. Whoever works alone gives their own PIN again.
#[must_use]
pub fn may_approve(asker: StaffId, approver: StaffId, about: Option<StaffId>, people: &[Person]) -> bool {
    let about = about.filter(|about| *about != asker);
    let Some(asking) = people.iter().find(|person| person.id == asker && person.active) else { return false };
    let others: Vec<&Person> = people
        .iter()
        .filter(|person| person.active && person.id != asker && Some(person.id) != about)
        .collect();
    if approver == asker {
        return others.is_empty();
    }
    let Some(second) = others.iter().find(|person| person.id == approver) else { return false };
    let nobody_above = !others.iter().any(|person| person.role >= Role::Manager);
    second.role >= Role::Manager || (asking.role >= Role::Manager && nobody_above)
}

/// Whether somebody of this role may make somebody of that role, or change or end them.
///
/// # Errors
/// [`PeopleError::OwnerOnly`].
pub fn may_change(asker: Role, whom: Role) -> Result<(), PeopleError> {
    match (asker, whom) {
        (Role::Owner, Role::Clerk | Role::Manager | Role::Owner) | (Role::Manager, Role::Clerk) => Ok(()),
        (Role::Manager, Role::Manager | Role::Owner)
        | (Role::Clerk, Role::Clerk | Role::Manager | Role::Owner) => Err(PeopleError::OwnerOnly),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: i64, role: Role, failed: u32) -> Person {
        Person { id: StaffId(id), name: String::new(), role, active: true, failed }
    }

    #[test]
    fn each_wrong_pin_after_the_second_costs_more_time_and_never_less() {
        let waits: Vec<i64> = (0..12).map(wait_ms).collect();
        assert_eq!(
            waits,
            [0, 0, 0, 5_000, 15_000, 60_000, 120_000, 300_000, 900_000, 900_000, 900_000, 900_000]
        );
        assert_eq!(wait_ms(u32::MAX), 900_000);
    }

    #[test]
    fn pins_that_everybody_tries_first_are_none() {
        for bad in [
            "0000",
            "1111",
            "1234",
            "4321",
            "7890",
            "9012",
            "3210",
            "1212",
            "123123",
            "777777",
            "123456789012",
        ] {
            assert!(usable(bad).is_err(), "{bad}");
        }
        for bad in ["", "123", "1234567890123", "12a4", "１２４８", "12 4", "-124"] {
            assert!(usable(bad).is_err(), "{bad}");
        }
        for good in ["1357", "2580", "1213", "909012", "482915", "123124"] {
            assert!(usable(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn the_tenth_wrong_pin_locks_everybody_but_those_whom_nobody_could_let_in_again() {
        let (owner, manager, clerk) =
            (person(2, Role::Owner, 10), person(3, Role::Manager, 0), person(4, Role::Clerk, 10));
        let all = [owner.clone(), manager.clone(), clerk.clone()];
        assert!(is_locked(&clerk, &all) && !is_locked(&owner, &all) && !is_locked(&manager, &all));
        assert!(!is_locked(&person(4, Role::Clerk, 9), &all));
        // Two owners: the other one unlocks; both locked: neither is shut out for ever.
        let second = person(5, Role::Owner, 0);
        assert!(is_locked(&owner, &[owner.clone(), second]));
        assert!(!is_locked(&owner, &[owner.clone(), person(5, Role::Owner, 10)]));
        // A clerk whose only manager is locked out is slowed down like them.
        assert!(!is_locked(&clerk, &[owner, clerk.clone()]));
    }

    #[test]
    fn nobody_approves_their_own_where_two_work_and_a_clerk_only_where_nobody_else_could() {
        let (owner, manager, clerk, other) = (
            person(2, Role::Owner, 0),
            person(3, Role::Manager, 0),
            person(4, Role::Clerk, 0),
            person(5, Role::Clerk, 0),
        );
        let left = Person { active: false, ..person(6, Role::Owner, 0) };
        let may = |asker: i64, approver: i64, people: &[&Person]| {
            let people: Vec<Person> = people.iter().map(|person| (*person).clone()).collect();
            may_approve(StaffId(asker), StaffId(approver), None, &people)
        };
        let everybody = [&owner, &manager, &clerk, &left];
        assert!(
            may(2, 3, &everybody) && may(3, 2, &everybody) && may(4, 3, &everybody) && may(4, 2, &everybody)
        );
        assert!(!may(2, 2, &everybody) && !may(3, 3, &everybody) && !may(4, 4, &everybody));
        assert!(!may(2, 4, &everybody), "a clerk, where a manager could be asked");
        assert!(!may(2, 6, &everybody) && !may(6, 2, &everybody), "who has left neither asks nor approves");
        assert!(!may(2, 9, &everybody), "nobody has this number");
        // An owner with clerks alone: any of them is the second person, and the owner is not.
        assert!(may(2, 4, &[&owner, &clerk]) && !may(2, 2, &[&owner, &clerk]));
        assert!(may(4, 2, &[&owner, &clerk]) && !may(4, 5, &[&owner, &clerk, &other]));
        // Alone.
        assert!(may(2, 2, &[&owner, &left]) && !may(4, 5, &[&clerk, &other]));
    }

    #[test]
    fn whom_a_change_is_about_neither_approves_it_nor_stands_in_its_way() {
        let people = [person(2, Role::Owner, 0), person(3, Role::Manager, 0), person(4, Role::Clerk, 0)];
        let may = |asker: i64, approver: i64, about: i64, people: &[Person]| {
            may_approve(StaffId(asker), StaffId(approver), Some(StaffId(about)), people)
        };
        assert!(!may(2, 3, 3, &people) && may(2, 4, 3, &people) && may(2, 3, 4, &people));
        // A clerk who forgot the PIN in a shop of two.
        let two = [person(2, Role::Owner, 0), person(4, Role::Clerk, 0)];
        assert!(may(2, 2, 4, &two) && !may(2, 4, 4, &two));
        // About oneself is no way around the second person.
        assert!(!may(2, 2, 2, &two) && may(2, 4, 2, &two));
    }

    #[test]
    fn only_an_owner_changes_owners_and_managers() {
        for (asker, whom, may) in [
            (Role::Owner, Role::Owner, true),
            (Role::Owner, Role::Manager, true),
            (Role::Owner, Role::Clerk, true),
            (Role::Manager, Role::Owner, false),
            (Role::Manager, Role::Manager, false),
            (Role::Manager, Role::Clerk, true),
            (Role::Clerk, Role::Clerk, false),
        ] {
            assert_eq!(may_change(asker, whom).is_ok(), may, "{asker:?} {whom:?}");
        }
    }
}
