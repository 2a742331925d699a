//! The day's close: counting, comparing, closing.

use money::Won;
use rusqlite::params;

use super::{Book, content};
use crate::error::{Done, LedgerError};
use crate::gate::Listed;
use crate::model::By;
use crate::reader::ComparisonSums;
use crate::reconcile::{Reconciled, Window, reconcile};
use crate::seal::{CloseRow, ComparisonRow, last};
use crate::settlement::{FileLine, reconcile_file};

/// How far around the days of a file the book's payments are looked for, in milliseconds: the shop's day may turn at any
/// hour.
const FILE_MARGIN_MS: i64 = 24 * 60 * 60 * 1000;

impl Book<'_> {
    /// Writes down what is in the drawer. A count again is another row; both stay.
    ///
    /// # Errors
    /// [`LedgerError::BadDay`] for a day to come or none, [`LedgerError::DayClosed`], [`LedgerError::SameIdOtherContent`].
    pub fn count_cash(
        &mut self,
        by: &By,
        date: &str,
        counted: Won,
        change: Won,
    ) -> Result<Done, LedgerError> {
        let asked = content("cash_count", |canon| {
            canon.text(date).number(counted.get()).number(change.get());
        });
        let (done, ()) = self.once(by, "cash_count", asked, |book| {
            book.still_open(by, date)?;
            book.conn.execute(
                "INSERT INTO cash_count (business_date, counted, change_won, at, actor, approver, request_id)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    date,
                    counted.get(),
                    change.get(),
                    by.now.0,
                    by.actor.0,
                    by.approver.map(|person| person.0),
                    by.request.to_string()
                ],
            )?;
            Ok(())
        })?;
        Ok(done)
    }

    /// Writes down how the day's payments compare with those that PortOne tells of. A closed day may be compared too, over
    /// the stretch of time that it was closed with. Payments of charges that the book does not know are kept for a manager.
    ///
    /// # Errors
    /// [`LedgerError::BadDay`], [`LedgerError::CashNotCounted`], [`LedgerError::SameIdOtherContent`].
    pub fn compare_day(
        &mut self,
        by: &By,
        date: &str,
        window: Window,
        listed: &[Listed],
    ) -> Result<Done, LedgerError> {
        let asked = content("day_comparison", |canon| {
            canon.text(date);
        });
        let (done, ()) = self.once(by, "day_comparison", asked, |book| {
            book.counted(date)?;
            let side = book.reader().book_side(window, listed)?;
            let found = reconcile(&side, listed, window);
            book.take_up_orphans(by, listed, &found.differences)?;
            book.put_comparison(by, date, "portone", window, &found)
        })?;
        Ok(done)
    }

    /// Writes down how the payments of these days compare with a payment company's file; it stands with the day `date`.
    ///
    /// # Errors
    /// [`LedgerError::BadDay`], [`LedgerError::CashNotCounted`], [`LedgerError::SameIdOtherContent`].
    pub fn compare_file(
        &mut self,
        by: &By,
        date: &str,
        window: Window,
        lines: &[FileLine],
        name: &str,
    ) -> Result<Done, LedgerError> {
        let asked = content("file_comparison", |canon| {
            canon.text(date).text(name).number(window.from.0).number(window.to.0).list(lines.len());
            for line in lines {
                canon.text(&line.approval_number).number(line.won).number(i64::from(line.in_period));
            }
        });
        let (done, ()) = self.once(by, "file_comparison", asked, |book| {
            book.counted(date)?;
            let around = Window {
                from: window.from.plus_ms(FILE_MARGIN_MS.saturating_neg()),
                to: window.to.plus_ms(FILE_MARGIN_MS),
            };
            let payments = book.reader().payments_paid(around)?;
            book.audit(by, "settlement_file", name)?;
            book.put_comparison(by, date, "file", window, &reconcile_file(&payments, lines, window))
        })?;
        Ok(done)
    }

    fn put_comparison(
        &mut self,
        by: &By,
        date: &str,
        source: &'static str,
        window: Window,
        found: &Reconciled,
    ) -> Result<(), LedgerError> {
        let sums = ComparisonSums { book: found.book, other: found.other, foreign: found.foreign };
        let (place, before) = last(self.conn, "day_comparison")?;
        let row = ComparisonRow {
            place: place.saturating_add(1),
            business_date: date.to_owned(),
            source: source.to_owned(),
            window_from: window.from.0,
            window_to: window.to.0,
            sums: serde_json::to_string(&sums).map_err(|_| LedgerError::BadSetting("sums"))?,
            at: by.now.0,
            actor: by.actor.0,
            approver: by.approver.map(|person| person.0),
            request_id: by.request.to_string(),
        };
        let hash = row.hash(&before, &found.differences);
        self.conn.execute(
            "INSERT INTO day_comparison (place, business_date, source, window_from, window_to, sums, at, actor, approver,
                                         request_id, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                row.place,
                row.business_date,
                row.source,
                row.window_from,
                row.window_to,
                row.sums,
                row.at,
                row.actor,
                row.approver,
                row.request_id,
                hash
            ],
        )?;
        for (line, difference) in (0_i64..).zip(&found.differences) {
            self.conn
                .prepare_cached(
                    "INSERT INTO day_difference (comparison, line, kind, imp_uid, merchant_uid, charge_id, approval_number,
                                                 book_won, other_won, at, actor, request_id)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                )?
                .execute(params![
                    row.place,
                    line,
                    difference.kind.word(),
                    difference.imp_uid,
                    difference.merchant_uid,
                    difference.charge.map(|charge| charge.to_string()),
                    difference.approval_number,
                    difference.book_won,
                    difference.other_won,
                    difference.at.map(|at| at.0),
                    row.actor,
                    row.request_id
                ])?;
        }
        Ok(())
    }

    /// Closes a day for ever: what is written after it stands on another day. Days may be closed in any order; one that
    /// PortOne did not answer for is closed without a comparison, which follows.
    ///
    /// # Errors
    /// [`LedgerError::BadDay`] for a day to come, [`LedgerError::DayClosed`], [`LedgerError::CashNotCounted`].
    pub fn close_day(&mut self, by: &By, date: &str) -> Result<Done, LedgerError> {
        let asked = content("day_close", |canon| {
            canon.text(date);
        });
        let (done, ()) = self.once(by, "day_close", asked, |book| {
            book.still_open(by, date)?;
            book.put_close(by, date)
        })?;
        Ok(done)
    }

    fn put_close(&mut self, by: &By, date: &str) -> Result<(), LedgerError> {
        let reader = self.reader();
        let count = reader.cash_counts(date)?.pop().ok_or(LedgerError::CashNotCounted)?;
        let sums = reader.day_sums(date)?;
        let expected = count.change.get().checked_add(sums.cash()).ok_or(LedgerError::AmountTooLarge)?;
        let now = reader.day_window(date, by.now)?;
        // A comparison over another beginning is one of another day: a day before was closed meanwhile.
        let compared = reader.comparison(date, false)?.filter(|made| made.window.from == now.from);
        let window = compared.as_ref().map_or(now, |made| made.window);
        let (transactions, head) = reader.head()?;
        let open_charges = i64::try_from(reader.waiting(by.now)?.len()).unwrap_or(i64::MAX);
        let last_audit: i64 =
            self.conn.query_row("SELECT coalesce(max(id), 0) FROM audit", [], |row| row.get(0))?;
        let (place, before) = last(self.conn, "day_close")?;
        let row = CloseRow {
            business_date: date.to_owned(),
            place: place.saturating_add(1),
            count_id: count.id,
            counted: count.counted.get(),
            expected,
            sums: serde_json::to_string(&sums).map_err(|_| LedgerError::BadSetting("sums"))?,
            comparison: compared.map(|made| made.place),
            open_charges,
            window_from: window.from.0,
            window_to: window.to.0,
            transactions,
            head,
            last_audit,
            at: by.now.0,
            actor: by.actor.0,
            approver: by.approver.map(|person| person.0),
            request_id: by.request.to_string(),
        };
        let hash = row.hash(self.conn, &before)?;
        self.conn.execute(
            "INSERT INTO day_close (business_date, place, count_id, counted, expected, sums, comparison, open_charges,
                                    window_from, window_to, transactions, head, last_audit, at, actor, approver,
                                    request_id, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
            params![
                row.business_date,
                row.place,
                row.count_id,
                row.counted,
                row.expected,
                row.sums,
                row.comparison,
                row.open_charges,
                row.window_from,
                row.window_to,
                row.transactions,
                row.head,
                row.last_audit,
                row.at,
                row.actor,
                row.approver,
                row.request_id,
                hash
            ],
        )?;
        Ok(())
    }

    fn counted(&self, date: &str) -> Result<(), LedgerError> {
        if self.reader().cash_counts(date)?.is_empty() { Err(LedgerError::CashNotCounted) } else { Ok(()) }
    }

    /// Refuses a day that is closed, one that has not begun, and what is none.
    fn still_open(&self, by: &By, date: &str) -> Result<(), LedgerError> {
        let reader = self.reader();
        if reader.day_close(date)?.is_some() {
            return Err(LedgerError::DayClosed);
        }
        reader.day_window(date, by.now)?;
        if date > reader.business_day(by.now)?.as_str() { Err(LedgerError::BadDay) } else { Ok(()) }
    }
}
