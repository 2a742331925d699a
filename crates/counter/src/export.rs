//! Writing a table to a file. A new table is a name in [`ExportTable`], its columns and rows in `tables`, and a line in
//! each match here.

mod tables;
mod words;

use ledger::{Actor, HistoryFilter, Reader, Role, StatementFilter, UnixMillis};
use sheet::{Format, Sheet};

use crate::error::{AppError, Refusal};
use crate::history::{day, methods};
use crate::host::{FillError, Host, Out};
use crate::state::{require, require_book};
use crate::wire::{ExportAsk, ExportFormat, ExportTable, Exported};

/// What is to be written, read and checked.
enum Wanted {
    History(HistoryFilter),
    Statement(StatementFilter),
    Members { full_phones: bool },
    Waiting,
    Overview,
    Days { from: Option<String>, to: Option<String> },
    Months,
}

impl Wanted {
    fn of(ask: ExportAsk) -> Result<Wanted, AppError> {
        let (from, to) = (day(ask.from)?, day(ask.to)?);
        Ok(match ask.table {
            ExportTable::History => Wanted::History(HistoryFilter {
                member: ask.member_id,
                kinds: ask.kinds.unwrap_or_default(),
                staff: ask.staff_id,
                methods: methods(ask.methods),
                from,
                to,
                before: None,
            }),
            ExportTable::Statement => {
                let member = ask.member_id.ok_or_else(|| Refusal::BadRequest("no member".to_owned()))?;
                Wanted::Statement(StatementFilter { member, from, to, after: None })
            }
            ExportTable::Members => Wanted::Members { full_phones: ask.full_phones.unwrap_or(false) },
            ExportTable::Waiting => Wanted::Waiting,
            ExportTable::Overview => Wanted::Overview,
            ExportTable::Days => Wanted::Days { from, to },
            ExportTable::Months => Wanted::Months,
        })
    }

    /// What the file is called, before its date.
    fn name(&self) -> String {
        match self {
            Wanted::History(_) => "내역".to_owned(),
            // The number and not the name: file names get about.
            Wanted::Statement(filter) => format!("명세서_손님{}", filter.member),
            Wanted::Members { .. } => "손님".to_owned(),
            Wanted::Waiting => "대기함".to_owned(),
            Wanted::Overview => "현황".to_owned(),
            Wanted::Days { .. } => "현황_일별".to_owned(),
            Wanted::Months => "현황_월별".to_owned(),
        }
    }

    /// What the audit says was taken out.
    fn told(&self) -> String {
        match self {
            Wanted::History(filter) => {
                let kinds: Vec<&str> = filter.kinds.iter().map(|kind| kind.word()).collect();
                let day = |day: &Option<String>| day.clone().unwrap_or_default();
                let number = |number: Option<i64>| {
                    number.map_or_else(|| "all".to_owned(), |number| number.to_string())
                };
                format!(
                    "history {}..{} member {} staff {} kinds [{}] methods [{}]",
                    day(&filter.from),
                    day(&filter.to),
                    number(filter.member.map(|member| member.0)),
                    number(filter.staff.map(|staff| staff.0)),
                    kinds.join(" "),
                    filter.methods.join(" "),
                )
            }
            Wanted::Statement(filter) => format!(
                "statement of member {} {}..{}",
                filter.member,
                filter.from.as_deref().unwrap_or_default(),
                filter.to.as_deref().unwrap_or_default()
            ),
            Wanted::Members { full_phones: true } => "members with full phone numbers".to_owned(),
            Wanted::Members { full_phones: false } => "members".to_owned(),
            Wanted::Waiting => "waiting".to_owned(),
            Wanted::Overview => "overview".to_owned(),
            Wanted::Days { .. } => "overview by day".to_owned(),
            Wanted::Months => "overview by month".to_owned(),
        }
    }

    /// Writes the table; how many rows it has.
    fn fill(
        &self,
        book: &Reader<'_>,
        now: UnixMillis,
        format: Format,
        out: Out<'_>,
    ) -> Result<u64, FillError> {
        let name = self.name();
        let begin = |columns: &[&str]| Sheet::new(format, out, &name, columns);
        match self {
            Wanted::History(filter) => tables::history(book, filter, begin(tables::HISTORY)?),
            Wanted::Statement(filter) => tables::statement(book, filter, now, begin(tables::STATEMENT)?),
            Wanted::Members { full_phones } => tables::members(book, *full_phones, begin(tables::MEMBERS)?),
            Wanted::Waiting => tables::waiting(book, now, begin(tables::WAITING)?),
            Wanted::Overview => tables::overview(book, now, begin(tables::OVERVIEW)?),
            Wanted::Days { from, to } => {
                tables::days(book, (from.clone(), to.clone()), now, begin(tables::FIGURES)?)
            }
            Wanted::Months => tables::months(book, now, begin(tables::FIGURES)?),
        }
    }
}

/// Writes a table to a file where the shell keeps them. It is read beside the writer, in one state of the book.
///
/// A repeat makes another file and another row in the audit: two files are two files.
pub(crate) async fn export<H: Host>(host: &H, actor: Actor, ask: ExportAsk) -> Result<Exported, AppError> {
    // Nothing leaves without a row that says so, and a book that is not sound takes none.
    require_book(host)?;
    let (by, format) = (actor.by(host.now(), ask.request_id), ask.format);
    let wanted = Wanted::of(ask)?;
    if matches!(wanted, Wanted::Members { full_phones: true }) {
        require(actor, Role::Owner)?;
    }
    let name = file_name(&wanted.name(), host.mode(), by.now, format);
    let told = wanted.told();
    let sheet_format = match format {
        ExportFormat::Csv => Format::Csv,
        ExportFormat::Xlsx => Format::Xlsx,
    };
    let (draft, rows) = host.draft(move |book, out| wanted.fill(book, by.now, sheet_format, out)).await?;
    host.write(move |book| book.audit(&by, "export", &format!("{told}: {rows} rows"))).await?;
    let path = host.save_file(draft, name).await?;
    Ok(Exported { path, rows })
}

/// `내역_2026-11-23.xlsx`; a file that is no real shop's says so.
fn file_name(name: &str, mode: ledger::Mode, now: UnixMillis, format: ExportFormat) -> String {
    let mode = match mode {
        ledger::Mode::Live => "",
        ledger::Mode::Test => "테스트_",
        ledger::Mode::Practice => "연습_",
    };
    let end = match format {
        ExportFormat::Csv => "csv",
        ExportFormat::Xlsx => "xlsx",
    };
    // The calendar's day, whenever the shop's turns.
    format!("{mode}{name}_{}.{end}", ledger::business_date(now, 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::Mode;

    #[test]
    fn a_file_is_named_by_what_it_is_and_a_rehearsal_says_so() {
        let noon = UnixMillis(1_795_402_800_000);
        assert_eq!(file_name("내역", Mode::Live, noon, ExportFormat::Xlsx), "내역_2026-11-23.xlsx");
        assert_eq!(file_name("내역", Mode::Test, noon, ExportFormat::Csv), "테스트_내역_2026-11-23.csv");
    }
}
