//! What was asked of the simulator, for a test to read. Secrets and tokens are left out.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::Value;

use crate::masks::Masks;

/// Older requests are forgotten, so that a till that practises for weeks does not fill the memory.
const KEPT: usize = 2_000;

/// One request.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Record {
    pub(crate) n: u64,
    /// PortOne's time.
    pub(crate) at: i64,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) content_type: Option<String>,
    /// How the token came: `bearer`, `raw`, `header`, `query`.
    pub(crate) token: Option<&'static str>,
    pub(crate) body: Value,
    /// The fault that hit it.
    pub(crate) fault: Option<u64>,
    /// `None` while it runs, and when the connection was cut.
    pub(crate) status: Option<u16>,
}

#[derive(Default)]
pub(crate) struct Journal {
    records: VecDeque<Record>,
    last: u64,
    masks: Masks,
}

impl Journal {
    /// Leaves this secret or token out from now on.
    pub(crate) fn hide(&mut self, secret: &str) {
        self.masks.hide(secret);
    }

    pub(crate) fn masked(&self, text: &str) -> String {
        self.masks.text(text)
    }

    /// Notes a request; the number returned is for [`Journal::answered`].
    pub(crate) fn note(&mut self, mut record: Record) -> u64 {
        self.last = self.last.saturating_add(1);
        record.n = self.last;
        record.method = self.masks.text(&record.method);
        record.path = self.masks.text(&record.path);
        record.query = self.masks.query(&record.query);
        record.content_type = record.content_type.map(|kind| self.masks.text(&kind));
        record.body = self.masks.value(record.body);
        if self.records.len() == KEPT {
            self.records.pop_front();
        }
        self.records.push_back(record);
        self.last
    }

    pub(crate) fn answered(&mut self, n: u64, status: u16) {
        if let Some(record) = self.records.iter_mut().rev().find(|record| record.n == n) {
            record.status = Some(status);
            tracing::debug!(method = record.method, path = record.path, status, "request");
        }
    }

    pub(crate) fn records(&self) -> Vec<Record> {
        self.records.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.records.clear();
    }
}
