//! Taking over the balances of the shop's old book: looked at first, then written whole or not at all.
//!
//! The screen hands the file over both times; nothing of it is kept between. A number that is a member's brings its points to
//! that member, whose name stays as the book has it. Who has brought points before brings none again.

mod file;

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ledger::{
    Actor, ControlTotal, Hash, Intake, IntakeFault, IntakeRow, LedgerError, MemberId, NewMember, Opening,
    Person, Reader, UnixMillis, hex, intake, masked,
};
use sha2::{Digest, Sha256};

use crate::error::{AppError, Refusal};
use crate::host::Host;
use crate::state::require_book;
use crate::wire::{
    Event, ImportApply, ImportDone, ImportPreview, ImportPreviewAsk, ImportRefused, ImportRow,
};

/// How many rows the preview shows.
const SHOWN: usize = 100;
/// How many refused rows are told.
const REFUSED_TOLD: usize = 2_000;
/// The longest name or number of a refused row that is told.
const LONGEST_TOLD: usize = 60;
/// The largest body of a command that carries a file, in bytes: base64 takes four for three.
pub(crate) const LARGEST_BODY: usize = file::LARGEST / 3 * 4 + 16 * 1024;

/// A file, and what names it.
struct Handed {
    digest: Hash,
    rows: Vec<IntakeRow>,
}

fn handed(content: &str) -> Result<Handed, AppError> {
    if content.len() > LARGEST_BODY {
        return Err(Refusal::FileTooLarge.into());
    }
    let bytes = STANDARD.decode(content).map_err(|_| Refusal::BadFile)?;
    Ok(Handed { digest: Sha256::digest(&bytes).into(), rows: file::rows(&bytes)? })
}

/// What becomes of a file's rows.
#[derive(Default)]
struct Judged {
    taken: Vec<(u32, Intake, Option<(MemberId, String)>)>,
    refused: Vec<(u32, String, String, IntakeFault)>,
}

impl Judged {
    fn total(&self) -> Result<ControlTotal, LedgerError> {
        ControlTotal::of(self.taken.iter().map(|(_, intake, _)| &intake.opening))
    }
}

fn judge(book: &Reader<'_>, rows: &[IntakeRow], now: UnixMillis) -> Result<Judged, LedgerError> {
    let mut judged = Judged::default();
    let mut seen: HashSet<String> = HashSet::new();
    let mut brought: HashSet<MemberId> = HashSet::new();
    for row in rows {
        match judge_row(book, row, now, &mut seen, &mut brought)? {
            Ok((intake, known)) => judged.taken.push((row.line, intake, known)),
            Err(fault) => {
                let told = |text: &str| text.chars().take(LONGEST_TOLD).collect::<String>();
                judged.refused.push((row.line, told(&row.name), told(&row.phone), fault));
            }
        }
    }
    Ok(judged)
}

type Verdict = Result<(Intake, Option<(MemberId, String)>), IntakeFault>;

fn judge_row(
    book: &Reader<'_>,
    row: &IntakeRow,
    now: UnixMillis,
    seen: &mut HashSet<String>,
    brought: &mut HashSet<MemberId>,
) -> Result<Verdict, LedgerError> {
    let intake = match intake(row, now) {
        Ok(intake) => intake,
        Err(fault) => return Ok(Err(fault)),
    };
    if !seen.insert(intake.phone.digits().to_owned()) {
        return Ok(Err(IntakeFault::Duplicate));
    }
    let Some(member) = book.member_of_phone(intake.phone.digits())? else { return Ok(Ok((intake, None))) };
    if book.has_opening(member)? {
        return Ok(Err(IntakeFault::AlreadyOpened));
    }
    // Two numbers of one member, who was two before.
    if !brought.insert(member) {
        return Ok(Err(IntakeFault::Duplicate));
    }
    let name = book.member(member)?.name;
    Ok(Ok((intake, Some((member, name)))))
}

pub(crate) async fn preview<H: Host>(
    host: &H,
    _: Actor,
    ask: ImportPreviewAsk,
) -> Result<ImportPreview, AppError> {
    let (handed, now) = (handed(&ask.content)?, host.now());
    let digest = hex(&handed.digest);
    let judged = host.read(move |book| judge(book, &handed.rows, now)).await?;
    let total = judged.total()?;
    let count = |many: usize| i64::try_from(many).unwrap_or(i64::MAX);
    Ok(ImportPreview {
        digest,
        count: total.count,
        known: count(judged.taken.iter().filter(|(_, _, known)| known.is_some()).count()),
        paid: total.paid,
        bonus: total.bonus,
        rows: judged.taken.into_iter().take(SHOWN).map(row).collect(),
        refused_count: count(judged.refused.len()),
        refused: judged
            .refused
            .into_iter()
            .take(REFUSED_TOLD)
            .map(|(line, name, phone, fault)| ImportRefused { line, name, phone, fault })
            .collect(),
    })
}

fn row((line, intake, known): (u32, Intake, Option<(MemberId, String)>)) -> ImportRow {
    let Opening { paid, bonus, paid_expires_at, bonus_expires_at } = intake.opening;
    ImportRow {
        line,
        name: intake.name,
        phone_masked: masked(intake.phone.digits()),
        known_as: known.map(|(_, name)| name),
        paid,
        bonus,
        paid_expires_at,
        bonus_expires_at,
    }
}

pub(crate) async fn apply<H: Host>(host: &H, actor: Actor, ask: ImportApply) -> Result<ImportDone, AppError> {
    require_book(host)?;
    let handed = handed(&ask.content)?;
    if hex(&handed.digest) != ask.digest {
        return Err(Refusal::OtherFile.into());
    }
    let confirmed = ControlTotal { count: ask.count, paid: ask.paid, bonus: ask.bonus };
    let by = actor.by(host.now(), ask.request_id);
    let total = host
        .write(move |book| {
            // Its rows are in the book by now, and would be refused.
            if let Some(before) = book.imported_before(&by, &handed.digest, confirmed)? {
                return Ok(before);
            }
            let judged = judge(&book.reader(), &handed.rows, by.now)?;
            let rows: Vec<(Person, Opening)> = judged
                .taken
                .into_iter()
                .map(|(_, intake, known)| {
                    let opening = intake.opening;
                    let person = match known {
                        Some((member, _)) => Person::Known(member),
                        None => Person::New(NewMember {
                            name: intake.name,
                            phone: intake.phone.digits().to_owned(),
                            memo: intake.memo,
                            consents: Vec::new(),
                        }),
                    };
                    (person, opening)
                })
                .collect();
            Ok(book.import_openings(&by, &handed.digest, confirmed, &rows)?.1)
        })
        .await?;
    host.emit(Event::State);
    Ok(ImportDone { count: total.count, paid: total.paid, bonus: total.bonus })
}
