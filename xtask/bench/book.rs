//! A book of any size, written by the book's own writes: its chain verifies, as a shop's would.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use ledger::bonus::{Gift, Offer};
use ledger::{
    Answer, By, ChargeId, Found, FoundStatus, Intent, MemberId, Mode, NewBonusRule, NewCharge, NewMember,
    Random, RequestId, Role, Said, StaffId, Store, UnixMillis,
};
use money::{Points, Won};
use uuid::Uuid;

use crate::names;

/// 2021-01-04T00:00:00Z: the first day of a generated book.
const FIRST_DAY: UnixMillis = UnixMillis(1_609_718_400_000);
/// How far apart two things happen at the counter of a generated book.
const STEP_MS: i64 = 40_000;
/// How many writes share a commit while a book is generated. A commit at the counter holds one.
const BATCH: i64 = 20_000;

/// Numbers that are the same in every run.
#[derive(Clone)]
pub(crate) struct Seeded(u64);

impl Seeded {
    pub(crate) const fn new(seed: u64) -> Seeded {
        Seeded(seed)
    }
    /// SplitMix64. Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }
    /// A number from 0 to `below` − 1.
    pub(crate) fn below(&mut self, below: i64) -> i64 {
        let below = u64::try_from(below).unwrap_or(1).max(1);
        i64::try_from(self.next() % below).unwrap_or(0)
    }
}

impl Random for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        for eight in bytes.chunks_mut(8) {
            let word = self.next().to_le_bytes();
            eight.iter_mut().zip(word).for_each(|(byte, random)| *byte = random);
        }
    }
}

/// A shop's book, and the counter at which it is written.
pub(crate) struct Shop {
    pub(crate) store: Store,
    pub(crate) path: PathBuf,
    pub(crate) members: i64,
    staff: StaffId,
    now: UnixMillis,
    random: Seeded,
}

/// Where and when something happens.
#[derive(Clone)]
struct Counter {
    staff: StaffId,
    now: UnixMillis,
    random: Seeded,
}

impl Counter {
    fn tick(&mut self) {
        self.now = self.now.plus_ms(STEP_MS);
    }
    /// Ordered by time, as the screens make them.
    fn id(&mut self) -> Uuid {
        let mut tail = [0; 10];
        self.random.fill(&mut tail);
        uuid::Builder::from_unix_timestamp_millis(u64::try_from(self.now.0).unwrap_or(0), &tail).into_uuid()
    }
    /// A request of its own.
    fn asks(&mut self) -> By {
        let request = self.id();
        self.by(request)
    }
    fn by(&self, request: Uuid) -> By {
        By { now: self.now, actor: self.staff, approver: None, request: RequestId(request) }
    }
    fn charge(&mut self, member: i64, won: i64) -> Result<(By, NewCharge)> {
        let id = self.id();
        let new = NewCharge {
            charge: ChargeId(id),
            member: MemberId(member),
            won: Won::new(won)?,
            method: "card".to_owned(),
            channel_key: "channel-key-4ca6a942-3ee0-48fb-93ef-f4294b876d28".to_owned(),
            pg_provider: "html5_inicis".to_owned(),
            pg_id: "INIpayTest".to_owned(),
            repeat_ok: true,
        };
        Ok((self.by(id), new))
    }
}

impl Shop {
    /// A book with members and nothing else. Every tenth sum that a charge may have gives no bonus.
    pub(crate) fn with_members(path: &Path, members: i64) -> Result<Shop> {
        let mut store = Store::open(path, Mode::Practice, Box::new(Seeded::new(1)), FIRST_DAY)
            .context("make the book")?;
        store.keep_in_memory(1024)?;
        let staff = store.write(|book| book.sign_in_first(FIRST_DAY, Role::Owner, "점주"))?;
        let mut shop = Shop::over(store, path, staff, FIRST_DAY, members);
        let mut counter = shop.counter();
        let by = counter.asks();
        let offer = Offer {
            from: Won::new(20_000)?,
            gift: Gift::Percent(10),
            first_only: false,
            from_day: None,
            until_day: None,
        };
        let rule = NewBonusRule { offers: vec![offer], valid_days: 365 };
        shop.store.write(|book| book.set_bonus_rule(&by, &rule))?;
        for from in (0..members).step_by(usize::try_from(BATCH)?) {
            shop.store.write(|book| {
                for number in from..(from + BATCH).min(members) {
                    counter.now = counter.now.plus_ms(10);
                    let by = counter.asks();
                    book.create_member(&by, &new_member(number))?;
                }
                Ok(())
            })?;
            shop.store.checkpoint()?;
        }
        shop.put(counter);
        Ok(shop)
    }

    /// A book that was generated before.
    pub(crate) fn open(path: &Path) -> Result<Shop> {
        let mut store = Store::open(path, Mode::Practice, Box::new(Seeded::new(now_seed(path))), FIRST_DAY)
            .context("open the book")?;
        let staff = store.write(|book| book.sign_in_first(FIRST_DAY, Role::Owner, "점주"))?;
        let last = store.read(|book| book.transactions(&ledger::HistoryFilter::default(), 1))?;
        let now = last.first().map_or(FIRST_DAY, |last| last.at).plus_ms(STEP_MS);
        let conn = rusqlite::Connection::open(path)?;
        let members = conn.query_row("SELECT max(id) FROM member", [], |row| row.get(0))?;
        Ok(Shop::over(store, path, staff, now, members))
    }

    fn over(store: Store, path: &Path, staff: StaffId, now: UnixMillis, members: i64) -> Shop {
        let seed = u64::try_from(now.0).unwrap_or(7);
        Shop { store, path: path.to_owned(), members, staff, now, random: Seeded::new(seed) }
    }

    /// Closes the book, and opens it again as a counter has it: everything is in the file, and the log is new. What is
    /// measured starts from here, whoever writes.
    pub(crate) fn anew(self) -> Result<Shop> {
        let Shop { store, path, members, staff, now, random } = self;
        drop(store);
        let drawn = Box::new(Seeded::new(random.clone().next()));
        let store = Store::open(&path, Mode::Practice, drawn, now)?;
        Ok(Shop { store, path, members, staff, now, random })
    }

    fn counter(&self) -> Counter {
        Counter { staff: self.staff, now: self.now, random: self.random.clone() }
    }
    fn put(&mut self, counter: Counter) {
        (self.now, self.random) = (counter.now, counter.random);
    }

    /// Charges and uses until there are so many postings: round after round every member comes by, charges where the
    /// points have run out, and uses some otherwise.
    pub(crate) fn live(&mut self, postings: i64, mut tell: impl FnMut(i64)) -> Result<()> {
        let mut points = vec![0_i64; usize::try_from(self.members)?];
        let mut written = 0_i64;
        let mut counter = self.counter();
        let (mut visit, mut counted) = (0_i64, 0_i64);
        let conn = rusqlite::Connection::open(&self.path)?;
        while written < postings {
            let members = self.members;
            self.store.write(|book| {
                // A transaction has two to four.
                for _ in 0..BATCH.min((postings - written + 1) / 2) {
                    counter.tick();
                    let member = visit % members + 1;
                    visit += 1;
                    let Some(held) = points.get_mut(usize::try_from(member - 1).unwrap_or(0)) else { break };
                    let wanted = 1_000 * (1 + counter.random.below(12));
                    if *held < wanted {
                        // From 10,000 to 50,000: half of them give a bonus, of which no one is a round sum.
                        let won = 10_000 + 1_010 * counter.random.below(40);
                        let Ok((by, new)) = counter.charge(member, won) else { break };
                        let (_, intent) = book.open_charge(&by, &new)?;
                        let answer = answer(&intent, counter.now);
                        let by = counter.asks();
                        book.settle(&by, intent.charge, &answer)?;
                        *held += won + intent.bonus.get();
                    } else {
                        let by = counter.asks();
                        book.spend(&by, MemberId(member), Points::new(wanted).unwrap_or(Points::ZERO))?;
                        *held -= wanted;
                    }
                }
                Ok(())
            })?;
            self.store.checkpoint()?;
            let (more, last) = postings_of(&conn, counted)?;
            (written, counted) = (written + more, last);
            tell(written);
        }
        self.put(counter);
        Ok(())
    }

    /// Charges that were opened and are paid, ready to be credited.
    pub(crate) fn opened(&mut self, charges: u32, members: impl Fn(&mut Seeded) -> i64) -> Result<Vec<Due>> {
        let mut counter = self.counter();
        let mut due = Vec::new();
        for _ in 0..charges {
            counter.tick();
            let member = members(&mut counter.random);
            let (by, new) = counter.charge(member, 30_300)?;
            let (_, intent) = self.store.write(|book| book.open_charge(&by, &new))?;
            let by = counter.asks();
            due.push(Due { by, charge: intent.charge, answer: answer(&intent, counter.now) });
        }
        self.store.checkpoint()?;
        self.put(counter);
        Ok(due)
    }

    /// Uses that can be made.
    pub(crate) fn uses(&mut self, uses: u32, members: impl Fn(&mut Seeded) -> i64) -> Vec<(By, MemberId)> {
        let mut counter = self.counter();
        let due = (0..uses)
            .map(|_| {
                counter.tick();
                let member = members(&mut counter.random);
                (counter.asks(), MemberId(member))
            })
            .collect();
        self.put(counter);
        due
    }
}

/// How many postings the transactions after `after` have, and the last of them.
fn postings_of(conn: &rusqlite::Connection, after: i64) -> Result<(i64, i64)> {
    Ok(conn.query_row(
        "SELECT count(*), coalesce(max(txn_seq), ?1) FROM posting WHERE txn_seq > ?1",
        [after],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?)
}

/// What a book draws from that was opened again must not be what it drew before.
fn now_seed(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(3, |file| file.len())
}

/// A paid charge.
pub(crate) struct Due {
    pub(crate) by: By,
    pub(crate) charge: ChargeId,
    pub(crate) answer: Answer,
}

fn new_member(number: i64) -> NewMember {
    NewMember {
        name: names::name(number),
        phone: names::phone(number),
        memo: (number % 10 == 0).then(|| names::memo(number)),
        consents: vec!["terms".to_owned()],
    }
}

/// What PortOne would say of this charge.
fn answer(intent: &Intent, at: UnixMillis) -> Answer {
    let found = Found {
        // PortOne's are numbered by time.
        imp_uid: format!("imp_{:012}", at.0 / 10),
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
        pg_tid: Some(format!("StdpayCARDINIpayTest{}", at.0)),
        pay_method: Some("card".to_owned()),
        apply_num: Some(format!("{:08}", at.0 / 1_000 % 100_000_000)),
        card_name: Some("국민카드".to_owned()),
        card_number: Some("5428790000000294".to_owned()),
        receipt_url: Some(format!(
            "https://iniweb.inicis.com/receipt/iniReceipt.jsp?noTid=StdpayCARDINIpayTest{}",
            at.0
        )),
        paid_at: Some(at),
        started_at: Some(intent.at),
        fail_reason: None,
        cancel_reason: None,
        customer_uid_usage: None,
        account: None,
    };
    Answer { found: vec![found], at }
}
