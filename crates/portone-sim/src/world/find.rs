//! Looking payments up: sorting, status, pages.

use std::cmp::Reverse;

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::Value;

use super::{World, not_found};
use crate::{
    answer::Refusal,
    params::Query,
    payment::{Entry, Status},
};

/// `from` and `to` of a list by status may be this far apart.
const MAX_SPAN_SECONDS: i64 = 90 * 86_400;

/// Source: PortOne V1 `sorting`. Default `-started`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sorting {
    key: Key,
    newest_first: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Started,
    Paid,
    Updated,
}

impl Sorting {
    pub(crate) fn read(query: &Query) -> Result<Sorting, Refusal> {
        let text = query.get("sorting").unwrap_or("-started");
        let (newest_first, name) = text.strip_prefix('-').map_or((false, text), |name| (true, name));
        let key = match name {
            "started" => Key::Started,
            "paid" => Key::Paid,
            "updated" => Key::Updated,
            _ => return Err(Refusal::new(StatusCode::BAD_REQUEST, -1, "지원되지 않는 정렬기준입니다.")),
        };
        Ok(Sorting { key, newest_first })
    }

    fn sort(self, entries: &mut [(usize, &Entry)]) {
        let time = |entry: &Entry| match self.key {
            Key::Started => entry.payment.started_at,
            Key::Paid => entry.payment.paid_at,
            Key::Updated => entry.updated_at,
        };
        // Within one second, the order of opening decides.
        if self.newest_first {
            entries.sort_by_key(|(place, entry)| Reverse((time(entry), *place)));
        } else {
            entries.sort_by_key(|(place, entry)| (time(entry), *place));
        }
    }
}

/// One page of payments, and how to cut it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Listing {
    page: usize,
    limit: usize,
    sorting: Sorting,
}

/// Source: PortOne V1 `PagedPaymentAnnotation`.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Page {
    list: Vec<Value>,
    next: usize,
    previous: usize,
    total: usize,
}

fn bad_request(message: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, -1, message)
}

impl Listing {
    pub(crate) fn read(query: &Query) -> Result<Listing, Refusal> {
        let page = query.integer("page")?.unwrap_or(1);
        let limit = query.integer("limit")?.unwrap_or(20);
        let page = usize::try_from(page).ok().filter(|page| *page >= 1);
        let limit = usize::try_from(limit).ok().filter(|limit| (1..=1000).contains(limit));
        let (Some(page), Some(limit)) = (page, limit) else {
            return Err(bad_request("page 또는 limit 파라메터가 올바르지 않습니다."));
        };
        Ok(Listing { page, limit, sorting: Sorting::read(query)? })
    }

    fn cut(self, mut entries: Vec<(usize, &Entry)>) -> Result<Page, Refusal> {
        self.sorting.sort(&mut entries);
        let total = entries.len();
        let start = (self.page - 1).saturating_mul(self.limit);
        if start >= total && self.page > 1 {
            return Err(bad_request("데이터 범위를 넘어선 page입니다."));
        }
        Ok(Page {
            list: entries.iter().skip(start).take(self.limit).map(|(_, entry)| entry.view()).collect(),
            next: if start.saturating_add(self.limit) < total { self.page + 1 } else { 0 },
            previous: self.page - 1,
            total,
        })
    }
}

fn status(text: &str) -> Result<Status, Refusal> {
    Status::parse(text).ok_or_else(|| bad_request("지원되지 않는 상태값입니다."))
}

impl World {
    /// `GET /payments/{imp_uid}`. Since 2026-01-26 a test payment is not found here unless it is
    /// asked for; every other endpoint still shows it. Source: PortOne notice of 2025-11-25.
    pub(crate) fn one(&self, imp_uid: &str, include_sandbox: bool) -> Result<Value, Refusal> {
        let entry = self.entry(imp_uid).filter(|entry| include_sandbox || !entry.payment.sandbox);
        entry.map(Entry::view).ok_or_else(not_found)
    }

    /// `GET /payments?imp_uid[]=&merchant_uid[]=`: all found 200, some 207, none 404.
    pub(crate) fn many(
        &self,
        imp_uids: &[&str],
        merchant_uids: &[&str],
    ) -> Result<(StatusCode, Vec<Value>), Refusal> {
        let asked = imp_uids.len() + merchant_uids.len();
        if asked == 0 || asked > 100 {
            return Err(bad_request("imp_uid[], merchant_uid[]는 합하여 1개 이상 100개 이하여야 합니다."));
        }
        let by_imp_uid = imp_uids.iter().map(|imp_uid| self.entry(imp_uid));
        let by_merchant_uid = merchant_uids
            .iter()
            .map(|uid| self.book.payments.iter().rfind(|e| e.payment.merchant_uid == *uid));
        let found: Vec<Value> = by_imp_uid.chain(by_merchant_uid).flatten().map(Entry::view).collect();
        match found.len() {
            0 => Err(not_found()),
            count if count == asked => Ok((StatusCode::OK, found)),
            _ => Ok((StatusCode::MULTI_STATUS, found)),
        }
    }

    fn under(&self, merchant_uid: &str, wanted: Option<&str>) -> Result<Vec<(usize, &Entry)>, Refusal> {
        let wanted = wanted.map(status).transpose()?;
        let found: Vec<_> = (0..)
            .zip(&self.book.payments)
            .filter(|(_, entry)| entry.payment.merchant_uid == merchant_uid)
            .filter(|(_, entry)| wanted.is_none_or(|status| entry.payment.status == status))
            .collect();
        if found.is_empty() { Err(not_found()) } else { Ok(found) }
    }

    /// `GET /payments/find/{merchant_uid}[/{status}]`: the first by sorting.
    pub(crate) fn find(
        &self,
        merchant_uid: &str,
        status: Option<&str>,
        sorting: Sorting,
    ) -> Result<Value, Refusal> {
        let mut found = self.under(merchant_uid, status)?;
        sorting.sort(&mut found);
        found.first().map(|(_, entry)| entry.view()).ok_or_else(not_found)
    }

    /// `GET /payments/findAll/{merchant_uid}[/{status}]`.
    pub(crate) fn find_all(
        &self,
        merchant_uid: &str,
        status: Option<&str>,
        listing: Listing,
    ) -> Result<Page, Refusal> {
        listing.cut(self.under(merchant_uid, status)?)
    }

    /// `GET /payments/status/{status}`: `from` and `to`, both included, look at the time that belongs to the payment's
    /// *last* status; under `all`, which only here is a status, to each payment's own.
    pub(crate) fn by_status(&self, wanted: &str, query: &Query, now: i64) -> Result<Page, Refusal> {
        let wanted = if wanted == "all" { None } else { Some(status(wanted)?) };
        let to = query.integer("to")?.unwrap_or(now);
        let from = query.integer("from")?.unwrap_or(to.saturating_sub(MAX_SPAN_SECONDS));
        if to < from || to.saturating_sub(from) > MAX_SPAN_SECONDS {
            return Err(bad_request("조회기간은 최대 90일입니다."));
        }
        let by_start = wanted.is_none() && self.all_by_start;
        let time = |entry: &Entry| match entry.payment.status {
            Status::Ready => entry.payment.started_at,
            Status::Paid | Status::Cancelled | Status::Failed if by_start => entry.payment.started_at,
            Status::Paid => entry.payment.paid_at,
            Status::Cancelled => entry.payment.cancelled_at,
            Status::Failed => entry.payment.failed_at,
        };
        let found = (0..)
            .zip(&self.book.payments)
            .filter(|(_, entry)| wanted.is_none_or(|status| entry.payment.status == status))
            .filter(|(_, entry)| (from..=to).contains(&time(entry)))
            .collect();
        Listing::read(query)?.cut(found)
    }
}
