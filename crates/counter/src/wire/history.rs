//! What happened, and the proof of it.

use ledger::{MemberId, StaffId, TransactionKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{PayMethod, TransactionView};

request! {
    /// A page of transactions, the latest first.
    HistoryAsk {
        /// Only this member's.
        #[serde(default)]
        member_id: Option<MemberId>,
        /// Only these kinds; all when absent or empty.
        #[serde(default)]
        kinds: Option<Vec<TransactionKind>>,
        /// Only what this person did.
        #[serde(default)]
        staff_id: Option<StaffId>,
        /// Only charges that were paid in one of these ways; all when absent or empty.
        #[serde(default)]
        methods: Option<Vec<PayMethod>>,
        /// Only from this business day on, `2026-11-23`.
        #[serde(default)]
        from: Option<String>,
        /// Only up to this business day.
        #[serde(default)]
        to: Option<String>,
        /// Only before this place in the book: the `next` of the page before.
        #[serde(default)]
        before: Option<i64>,
        /// At most this many, 50 unless told, 200 at most.
        #[serde(default)]
        limit: Option<u32>,
    }
}
answer! {
    /// A page of transactions.
    HistoryPage {
        /// The latest first.
        rows: Vec<TransactionView>,
        /// Where the next page starts; `null` at the end.
        next: Option<i64>,
    }
}
answer! {
    /// The book's proof.
    BookReport {
        /// The chain and every balance are as they should be.
        ok: bool,
        /// How many transactions.
        transactions: i64,
        /// The last hash, in hex.
        head: String,
        /// The first row that is not as it should be.
        first_bad: Option<BadRow>,
    }
}
answer! {
    /// A row that does not prove itself.
    BadRow {
        /// Its place in the book.
        seq: i64,
        /// What is wrong, as a code.
        fault: String,
    }
}
