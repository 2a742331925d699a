use ledger::people::{PeopleError, PeopleStore};
use ledger::{By, Done, LedgerError, Mode, RequestId, Role, StaffId};
use uuid::Uuid;

use crate::world::{NOON, Shop};

struct Register {
    store: PeopleStore,
    folder: tempfile::TempDir,
    next: u128,
}

const OWNER: StaffId = StaffId(2);

impl Register {
    fn new() -> Register {
        let folder = tempfile::tempdir().unwrap();
        let store = PeopleStore::open(&folder.path().join("staff.db")).unwrap();
        Register { store, folder, next: 0 }
    }
    fn claimed() -> Register {
        let mut register = Register::new();
        let request = register.by(1).request;
        let made = register
            .store
            .write(|people| people.first_owner(NOON, request, OWNER, "김점주", "hash"))
            .unwrap();
        assert_eq!(made, (Done::Now, OWNER));
        register
    }
    fn by(&mut self, actor: i64) -> By {
        self.next += 1;
        By {
            now: NOON,
            actor: StaffId(actor),
            approver: None,
            request: RequestId(Uuid::from_u128(self.next)),
        }
    }
    fn add(&mut self, by: i64, id: i64, role: Role) -> Result<StaffId, PeopleError> {
        let by = self.by(by);
        let added = self.store.write(|people| people.add(&by, "박지훈", role, "hash", StaffId(id)));
        added.map(|(_, id)| id)
    }
    fn edit(&mut self, by: i64, who: i64, role: Role, active: bool) -> Result<Done, PeopleError> {
        let by = self.by(by);
        self.store.write(|people| people.edit(&by, StaffId(who), "박지훈", role, active))
    }
    fn attempt(&mut self, who: i64, since_ms: i64) -> Result<String, PeopleError> {
        self.store.write(|people| people.begin_try(StaffId(who), since_ms))
    }
    fn failed(&mut self, who: i64) -> u32 {
        let people = self.store.write(|people| people.all()).unwrap();
        people.iter().find(|person| person.id == StaffId(who)).unwrap().failed
    }
    fn reopened(mut self) -> Register {
        self.store = PeopleStore::open(&self.folder.path().join("staff.db")).unwrap();
        self
    }
}

const LONG: i64 = 3_600_000;

#[test]
fn the_first_owner_is_made_once_and_takes_the_number_that_older_rows_carry() {
    let mut register = Register::claimed();
    let (again, other) = (RequestId(Uuid::from_u128(1)), RequestId(Uuid::from_u128(99)));
    let repeated =
        register.store.write(|people| people.first_owner(NOON, again, OWNER, "김점주", "other hash"));
    assert_eq!(repeated.unwrap(), (Done::Before, OWNER));
    assert_eq!(register.attempt(2, LONG).unwrap(), "hash", "a repeat changes no PIN");
    let second = register.store.write(|people| people.first_owner(NOON, other, OWNER, "이누구", "hash"));
    assert!(matches!(second, Err(PeopleError::OwnerExists)));
    // In a book that was begun before there were people the rows of 2 are the owner's, by the new name.
    let mut shop = Shop::new(Mode::Test);
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 10_000);
    shop.store.write(|book| book.know_person(NOON, OWNER, "김점주", Role::Owner)).unwrap();
    let rows = shop.store.read(|book| book.transactions(&ledger::HistoryFilter::default(), 10)).unwrap();
    assert_eq!(rows[0].staff_name, "김점주");
    assert_eq!(shop.first_bad(), None);
}

#[test]
fn a_name_that_changes_changes_in_old_rows_too_and_both_names_stay_in_the_book() {
    let mut shop = Shop::new(Mode::Test);
    for (name, role) in
        [("박", Role::Clerk), ("박", Role::Clerk), ("박지훈", Role::Clerk), ("박지훈", Role::Manager)]
    {
        shop.store.write(|book| book.know_person(NOON, StaffId(7), name, role)).unwrap();
    }
    let now = shop.store.read(|book| book.staff(StaffId(7))).unwrap();
    assert_eq!(now, Some(("박지훈".to_owned(), Role::Manager)));
    assert_eq!(shop.store.read(|book| book.last_staff()).unwrap(), StaffId(7));
    let versions: i64 = shop
        .stranger()
        .query_row("SELECT count(*) FROM staff_version WHERE staff_id = 7", [], |row| row.get(0))
        .unwrap();
    assert_eq!(versions, 2, "a repeat adds nothing");
}

#[test]
fn a_row_names_who_asked_and_who_approved() {
    let mut shop = Shop::new(Mode::Test);
    let member = shop.member("김서연", "010-2841-4821");
    shop.charged(member, 10_000);
    shop.store.write(|book| book.know_person(NOON, StaffId(7), "박지훈", Role::Manager)).unwrap();
    let by = By { approver: Some(StaffId(7)), ..shop.by() };
    shop.store.write(|book| book.spend(&by, member, crate::world::points(1_000))).unwrap();
    let rows = shop.store.read(|book| book.transactions(&ledger::HistoryFilter::default(), 10)).unwrap();
    let names: Vec<(&str, Option<&str>)> =
        rows.iter().map(|row| (row.staff_name.as_str(), row.approver_name.as_deref())).collect();
    assert_eq!(names, [("점주", Some("박지훈")), ("점주", None)]);
}

#[test]
fn a_try_is_counted_before_it_is_checked_and_stays_counted_when_the_program_ends() {
    let mut register = Register::claimed();
    register.add(2, 3, Role::Clerk).unwrap();
    for counted in 1..=3 {
        register.attempt(3, LONG).unwrap();
        assert_eq!(register.failed(3), counted);
        register = register.reopened();
    }
    // The third costs five seconds, and a try in them is no try.
    assert!(matches!(register.attempt(3, 4_000), Err(PeopleError::Wait { left_ms: 1_000 })));
    assert_eq!(register.failed(3), 3);
    register.attempt(3, 5_000).unwrap();
    let by = register.by(3);
    register.store.write(|people| people.was_right(&by, StaffId(3), "sign_in", "")).unwrap();
    assert_eq!(register.failed(3), 0);
}

#[test]
fn the_tenth_wrong_pin_locks_until_a_manager_unlocks_and_nobody_unlocks_themselves() {
    let mut register = Register::claimed();
    register.add(2, 3, Role::Manager).unwrap();
    register.add(2, 4, Role::Clerk).unwrap();
    for _ in 0..10 {
        register.attempt(3, LONG).unwrap();
    }
    assert!(matches!(register.attempt(3, i64::MAX), Err(PeopleError::Locked)));
    for asks in [3, 4] {
        let by = register.by(asks);
        let unlocked = register.store.write(|people| people.unlock(&by, StaffId(3)));
        assert!(matches!(unlocked, Err(PeopleError::OwnerOnly)), "{asks}");
    }
    let by = register.by(2);
    register.store.write(|people| people.unlock(&by, StaffId(3))).unwrap();
    register.attempt(3, 0).unwrap();
}

#[test]
fn the_last_owner_waits_and_is_never_shut_out() {
    let mut register = Register::claimed();
    register.add(2, 3, Role::Manager).unwrap();
    for _ in 0..20 {
        register.attempt(2, LONG).unwrap();
    }
    assert!(matches!(register.attempt(2, 899_999), Err(PeopleError::Wait { left_ms: 1 })));
    assert!(register.attempt(2, 900_000).is_ok());
}

#[test]
fn the_last_owner_stays_one_and_only_owners_change_owners_and_managers() {
    let mut register = Register::claimed();
    register.add(2, 3, Role::Manager).unwrap();
    assert!(matches!(register.edit(2, 2, Role::Manager, true), Err(PeopleError::LastOwner)));
    assert!(matches!(register.edit(2, 2, Role::Owner, false), Err(PeopleError::LastOwner)));
    assert!(matches!(register.add(3, 4, Role::Owner), Err(PeopleError::OwnerOnly)));
    assert!(matches!(register.edit(3, 2, Role::Clerk, true), Err(PeopleError::OwnerOnly)));
    assert!(matches!(register.edit(3, 3, Role::Owner, true), Err(PeopleError::OwnerOnly)));
    register.add(3, 4, Role::Clerk).unwrap();
    assert!(matches!(register.edit(3, 4, Role::Manager, true), Err(PeopleError::OwnerOnly)));
    register.add(2, 5, Role::Owner).unwrap();
    // With a second owner the first one may go, and who has gone does nothing.
    register.edit(5, 2, Role::Owner, false).unwrap();
    assert!(matches!(register.attempt(2, LONG), Err(PeopleError::Unknown)));
    assert!(matches!(register.add(2, 6, Role::Clerk), Err(PeopleError::Unknown)));
    assert!(matches!(register.edit(5, 5, Role::Owner, false), Err(PeopleError::LastOwner)));
}

#[test]
fn a_repeated_change_is_one_change_and_other_content_under_its_id_is_refused() {
    let mut register = Register::claimed();
    let by = register.by(2);
    let mut add = |name: &str, id: i64| {
        register.store.write(|people| people.add(&by, name, Role::Clerk, "hash", StaffId(id)))
    };
    assert_eq!(add("박지훈", 3).unwrap(), (Done::Now, StaffId(3)));
    assert_eq!(add("박지훈", 4).unwrap(), (Done::Before, StaffId(3)));
    assert!(matches!(add("이도윤", 4), Err(PeopleError::Ledger(LedgerError::SameIdOtherContent))));
}

#[test]
fn no_row_of_the_register_but_the_pins_can_be_changed_or_deleted() {
    let mut register = Register::claimed();
    let by = register.by(2);
    register.store.write(|people| people.set_idle_minutes(&by, 5)).unwrap();
    let stranger = rusqlite::Connection::open(register.folder.path().join("staff.db")).unwrap();
    stranger.pragma_update(None, "foreign_keys", "OFF").unwrap();
    let tables: Vec<String> = stranger
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(tables.len(), 7, "{tables:?}");
    for table in tables.iter().filter(|table| !["pin", "pin_try"].contains(&table.as_str())) {
        let column: String = stranger
            .query_row(&format!("SELECT name FROM pragma_table_info('{table}') LIMIT 1"), [], |row| {
                row.get(0)
            })
            .unwrap();
        for sql in [format!("UPDATE {table} SET {column} = {column}"), format!("DELETE FROM {table}")] {
            let refused = stranger.execute(&sql, []).unwrap_err().to_string();
            assert!(refused.contains("append-only"), "{sql}: {refused}");
        }
    }
}

#[test]
fn a_register_whose_triggers_were_dropped_and_a_book_in_its_place_let_nobody_in() {
    let register = Register::claimed();
    let path = register.folder.path().join("staff.db");
    let stranger = rusqlite::Connection::open(&path).unwrap();
    stranger.execute_batch("DROP TRIGGER people_event_is_append_only_delete").unwrap();
    assert!(matches!(PeopleStore::open(&path), Err(LedgerError::Broken { .. })));
    let shop = Shop::new(Mode::Test);
    assert!(matches!(PeopleStore::open(&shop.path), Err(LedgerError::OtherBook { .. })));
}
