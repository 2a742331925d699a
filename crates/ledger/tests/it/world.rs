//! A small shop: a book in a folder of its own, a clock in the hand, randomness from a count.

use std::path::PathBuf;

use ledger::bonus::{Gift, Offer};
use ledger::{
    Answer, By, ChargeId, Done, Found, FoundStatus, Intent, LedgerError, MemberId, Mode, Moved, NewBonusRule,
    NewCharge, NewMember, Random, RequestId, Role, Said, Settled, StaffId, Store, TransactionId, UnixMillis,
};
use money::{Points, Won};
use uuid::Uuid;

/// 2026-11-23T03:00:00Z: noon in Seoul.
pub(crate) const NOON: UnixMillis = UnixMillis(1_795_402_800_000);

pub(crate) struct Counted(pub(crate) u64);

impl Random for Counted {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0 += 1;
        let mut state = self.0;
        for byte in bytes {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = u8::try_from(state >> 56).unwrap();
        }
    }
}

pub(crate) struct Shop {
    pub(crate) store: Store,
    pub(crate) path: PathBuf,
    pub(crate) now: UnixMillis,
    pub(crate) staff: StaffId,
    next: u128,
    _folder: tempfile::TempDir,
}

pub(crate) fn won(value: i64) -> Won {
    Won::new(value).unwrap()
}

pub(crate) fn points(value: i64) -> Points {
    Points::new(value).unwrap()
}

pub(crate) fn offer(from: i64, percent: i64, first_only: bool) -> Offer {
    let gift = Gift::Percent(u8::try_from(percent).unwrap());
    Offer { from: won(from), gift, first_only, from_day: None, until_day: None }
}

impl Shop {
    pub(crate) fn new(mode: Mode) -> Shop {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("book.db");
        let mut store = Store::open(&path, mode, Box::new(Counted(0)), NOON).unwrap();
        let staff = store.write(|book| book.sign_in_first(NOON, Role::Owner, "점주")).unwrap();
        Shop { store, path, now: NOON, staff, next: 0, _folder: folder }
    }

    pub(crate) fn id(&mut self) -> Uuid {
        self.next += 1;
        Uuid::from_u128(self.next)
    }

    pub(crate) fn by(&mut self) -> By {
        let request = RequestId(self.id());
        By { now: self.now, actor: self.staff, approver: None, request }
    }

    pub(crate) fn by_request(&self, request: Uuid) -> By {
        By { now: self.now, actor: self.staff, approver: None, request: RequestId(request) }
    }

    pub(crate) fn member(&mut self, name: &str, phone: &str) -> MemberId {
        let by = self.by();
        self.store.write(|book| book.create_member(&by, &new_member(name, phone))).unwrap().1
    }

    pub(crate) fn bonus(&mut self, percent: i64) {
        let offers = if percent == 0 { Vec::new() } else { vec![offer(0, percent, false)] };
        self.bonus_of(offers, 365);
    }

    pub(crate) fn bonus_of(&mut self, offers: Vec<Offer>, valid_days: i64) {
        let by = self.by();
        self.store.write(|book| book.set_bonus_rule(&by, &NewBonusRule { offers, valid_days })).unwrap();
    }

    pub(crate) fn open(&mut self, member: MemberId, sum: i64) -> Intent {
        let charge = ChargeId(self.id());
        self.open_as(charge, member, sum, true).unwrap().1
    }

    pub(crate) fn open_as(
        &mut self,
        charge: ChargeId,
        member: MemberId,
        sum: i64,
        repeat_ok: bool,
    ) -> Result<(Done, Intent), LedgerError> {
        let (by, new) = (self.by_request(charge.0), self.new_charge(charge, member, sum, repeat_ok));
        self.store.write(|book| {
            let opened = book.open_charge(&by, &new)?;
            book.note(&by, charge, "window_opened", None)?;
            Ok(opened)
        })
    }

    pub(crate) fn new_charge(
        &self,
        charge: ChargeId,
        member: MemberId,
        sum: i64,
        repeat_ok: bool,
    ) -> NewCharge {
        NewCharge {
            charge,
            member,
            won: won(sum),
            method: "card".to_owned(),
            channel_key: "channel-key-1".to_owned(),
            pg_provider: "html5_inicis".to_owned(),
            pg_id: "INIpayTest".to_owned(),
            repeat_ok,
        }
    }

    pub(crate) fn settle(&mut self, charge: ChargeId, found: Vec<Found>) -> Settled {
        let (by, answer) = (self.by(), Answer { found, at: self.now });
        self.store.write(|book| book.settle(&by, charge, &answer)).unwrap()
    }

    /// A charge that was paid and credited.
    pub(crate) fn charged(&mut self, member: MemberId, sum: i64) -> (Intent, Moved) {
        let intent = self.open(member, sum);
        let found = paid(&intent, &format!("imp_{:012}", self.next));
        let settled = self.settle(intent.charge, vec![found]);
        (intent, settled.credited.unwrap())
    }

    pub(crate) fn spend(&mut self, member: MemberId, many: i64) -> Result<(Done, Moved), LedgerError> {
        let by = self.by();
        self.store.write(|book| book.spend(&by, member, points(many)))
    }

    pub(crate) fn undo(&mut self, transaction: TransactionId) -> Result<(Done, Moved), LedgerError> {
        let by = self.by();
        self.store.write(|book| book.undo(&by, transaction, "잘못 눌렀어요"))
    }

    pub(crate) fn balance(&self, member: MemberId) -> i64 {
        self.store.read(|book| book.balance(member)).unwrap().total().get()
    }

    pub(crate) fn transactions(&self) -> i64 {
        self.store.read(|book| book.head()).unwrap().0
    }

    pub(crate) fn first_bad(&self) -> Option<(i64, &'static str)> {
        self.store.read(|book| book.verify()).unwrap().first_bad
    }

    /// A connection of somebody else's, to do what the book would not.
    pub(crate) fn stranger(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(&self.path).unwrap()
    }
}

pub(crate) fn new_member(name: &str, phone: &str) -> NewMember {
    NewMember {
        name: name.to_owned(),
        phone: phone.to_owned(),
        memo: None,
        consents: vec!["terms".to_owned()],
    }
}

/// What PortOne would say of a payment that is just as it should be.
pub(crate) fn paid(intent: &Intent, imp_uid: &str) -> Found {
    Found {
        imp_uid: imp_uid.to_owned(),
        merchant_uid: intent.merchant_uid.clone(),
        status: FoundStatus::Paid,
        amount: Said::Whole(intent.won.get()),
        cancel_amount: Said::Whole(0),
        cancels: 0,
        history: Vec::new(),
        currency: Some("KRW".to_owned()),
        sandbox: Some(intent.mode.sandbox()),
        pg_provider: Some(intent.pg_provider.clone()),
        pg_id: Some(intent.pg_id.clone()),
        pg_tid: Some("tid".to_owned()),
        pay_method: Some("card".to_owned()),
        apply_num: Some("30012345".to_owned()),
        card_name: Some("국민카드".to_owned()),
        card_number: Some("5428790000000294".to_owned()),
        receipt_url: Some("https://example.com/receipt".to_owned()),
        paid_at: Some(intent.at.plus_ms(30_000)),
        started_at: Some(intent.at),
        fail_reason: None,
        cancel_reason: None,
        customer_uid_usage: None,
        account: None,
    }
}

/// The same payment after some of it was cancelled: sums, and the reasons they were given.
pub(crate) fn cancelled(found: &Found, cancels: &[(i64, &str)]) -> Found {
    let mut found = found.clone();
    let sum: i64 = cancels.iter().map(|(sum, _)| sum).sum();
    found.history = cancels
        .iter()
        .enumerate()
        .map(|(place, (sum, reason))| ledger::Cancelled {
            id: Some(format!("{}-{place}", found.imp_uid)),
            amount: Said::Whole(*sum),
            reason: Some((*reason).to_owned()),
        })
        .collect();
    found.cancels = cancels.len();
    found.cancel_amount = Said::Whole(sum);
    if found.amount == Said::Whole(sum) {
        found.status = FoundStatus::Cancelled;
    }
    found
}
