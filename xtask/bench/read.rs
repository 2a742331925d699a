//! How long a question takes at the counter: by the app, and by SQLite alone.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use ledger::{HistoryFilter, LedgerError, MemberId, ReadStore, Reader, UnixMillis};
use rusqlite::{Connection, OpenFlags};

use crate::bare::Lookup;
use crate::book::Seeded;
use crate::names;
use crate::table::{Figure, median, percentile, us};

/// How many lines the counter asks for.
const HITS: u32 = 20;
const PAGE: u32 = 50;
const NEAR: &str = "p99 ≤ 1 ms";

pub(crate) struct Questions<'a> {
    pub(crate) book: &'a Path,
    pub(crate) members: i64,
    pub(crate) depth: i64,
    pub(crate) rounds: usize,
    /// Of each kind in a round.
    pub(crate) asked: usize,
}

impl Questions<'_> {
    pub(crate) fn figures(&self) -> Result<Vec<Figure>> {
        let bare = Connection::open_with_flags(
            self.book,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        let head: i64 = bare.query_row("SELECT transactions FROM head", [], |row| row.get(0))?;
        let now: i64 = bare.query_row("SELECT at FROM txn WHERE seq = ?1", [head], |row| row.get(0))?;
        let hit = format!(
            "SELECT member.id, profile.name, profile.phone, profile.memo, balance.* FROM member
             JOIN member_profile AS profile ON profile.member_id = member.id
             JOIN balance ON balance.member_id = member.id
             WHERE member.id >= ?1 ORDER BY member.id LIMIT {HITS}"
        );
        let search = |name, query: &dyn Fn(i64) -> String| -> Result<Figure> {
            let against = "the rows of as many members by their key";
            self.figure(name, against, &bare, &[&hit], self.members, |book, number| {
                Ok(!book.find_members(&query(number), HITS)?.0.is_empty())
            })
        };
        let mut figures = vec![
            search("search_last4_p99_us", &|number| names::digits(number).chars().skip(4).collect())?,
            search("search_phone_p99_us", &|number| names::phone(number))?,
            search("search_name_p99_us", &|number| match number % 3 {
                0 => names::name(number),
                1 => names::name(number).chars().skip(1).collect(),
                _ => names::name(number).chars().take(2).collect(),
            })?,
            search("search_chosung_p99_us", &|number| match number % 3 {
                0 => names::initials(number),
                1 => names::initials(number).chars().skip(1).collect(),
                _ => names::initials(number).chars().take(2).collect(),
            })?,
        ];
        figures.push(self.figure(
            "member_card_p99_us",
            "the same member's rows by their keys",
            &bare,
            &[
                "SELECT * FROM member WHERE id = ?1",
                "SELECT * FROM member_profile WHERE member_id = ?1",
                "SELECT * FROM balance WHERE member_id = ?1",
                "SELECT * FROM lot_left WHERE member_id = ?1 AND paid + bonus > 0",
                "SELECT * FROM txn WHERE member_id = ?1 ORDER BY seq DESC LIMIT 10",
            ],
            self.members,
            |book, number| card(book, MemberId(number + 1), UnixMillis(now)),
        )?);
        let deepest = (head - self.depth).max(i64::from(PAGE) + 1);
        figures.push(self.figure(
            "history_deep_p99_us",
            "the page's rows by their keys",
            &bare,
            &[&format!("SELECT * FROM txn WHERE seq <= ?1 ORDER BY seq DESC LIMIT {PAGE}")],
            deepest.min(1_000),
            |book, number| {
                let filter = HistoryFilter { before: Some(deepest - number), ..HistoryFilter::default() };
                Ok(!book.transactions(&filter, PAGE)?.is_empty())
            },
        )?);
        Ok(figures)
    }

    /// `ask` answers whether it found something: a question that finds nothing is no measure.
    fn figure(
        &self,
        name: &'static str,
        against: &'static str,
        bare: &Connection,
        lookups: &[&str],
        range: i64,
        ask: impl Fn(&Reader<'_>, i64) -> Result<bool, LedgerError>,
    ) -> Result<Figure> {
        let mut store = ReadStore::open(self.book)?;
        let mut lookup = Lookup::new(bare, lookups)?;
        let mut random = Seeded::new(11);
        let (mut mine, mut theirs) = (Vec::new(), Vec::new());
        let mut found = 0_usize;
        for _ in 0..self.rounds {
            let (mut app, mut alone): (Vec<Duration>, Vec<Duration>) = (Vec::new(), Vec::new());
            for _ in 0..self.asked {
                let number = random.below(range);
                let started = Instant::now();
                found += usize::from(store.read(|book| ask(book, number))?);
                app.push(started.elapsed());
                let started = Instant::now();
                std::hint::black_box(lookup.read(number + 1)?);
                alone.push(started.elapsed());
            }
            mine.push(us(percentile(&mut app, 99)));
            theirs.push(us(percentile(&mut alone, 99)));
        }
        ensure!(found * 10 >= self.rounds * self.asked * 9, "{name}: most of the questions found nothing");
        Ok(Figure::new(name, (median(&mine), "us"), (median(&theirs), against), NEAR))
    }
}

/// What the counter reads for a member's card.
fn card(book: &Reader<'_>, member: MemberId, now: UnixMillis) -> Result<bool, LedgerError> {
    let filter = HistoryFilter { member: Some(member), ..HistoryFilter::default() };
    book.waiting_of(member, now)?;
    book.member(member)?;
    book.balance(member)?;
    book.lots(member)?;
    book.transactions(&filter, 10)?;
    Ok(true)
}
