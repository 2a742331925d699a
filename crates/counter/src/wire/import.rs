//! Taking over the balances of the shop's old book.

use ledger::{IntakeFault, RequestId, UnixMillis};
use money::Points;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

request! {
    /// What would be taken over from this file?
    ImportPreviewAsk {
        /// The file's bytes, in base64.
        content: String,
    }
}
answer! {
    /// What would be taken over.
    ImportPreview {
        /// Names the file: SHA-256 in hex.
        digest: String,
        /// How many rows would be taken over.
        count: i64,
        /// Of those, how many are of members who are in the book.
        known: i64,
        /// Their paid points together.
        paid: i64,
        /// Their bonus points together.
        bonus: i64,
        /// The first of them.
        rows: Vec<ImportRow>,
        /// How many rows are refused.
        refused_count: i64,
        /// All of those.
        refused: Vec<ImportRefused>,
    }
}
answer! {
    /// A row that would be taken over.
    ImportRow {
        /// Its line in the file.
        line: u32,
        /// The name in the file.
        name: String,
        /// The number, masked.
        phone_masked: String,
        /// The name in the book, where the number is a member's: the points go there, and the book's name stays.
        known_as: Option<String>,
        /// Paid points.
        paid: Points,
        /// Bonus points.
        bonus: Points,
        /// When the paid points go.
        paid_expires_at: Option<UnixMillis>,
        /// When the bonus goes.
        bonus_expires_at: Option<UnixMillis>,
    }
}
answer! {
    /// A row that is refused.
    ImportRefused {
        /// Its line in the file.
        line: u32,
        /// The name in the file.
        name: String,
        /// The number in the file.
        phone: String,
        /// Why.
        fault: IntakeFault,
    }
}
request! {
    /// Takes over every row that the preview took; all or nothing.
    ImportApply {
        /// Made once by the screen.
        request_id: RequestId,
        /// The same file.
        content: String,
        /// The preview's name for it.
        digest: String,
        /// How many rows the owner counted.
        count: i64,
        /// Paid points together, as the owner counted them.
        paid: i64,
        /// Bonus points together, as the owner counted them.
        bonus: i64,
    }
}
answer! {
    /// The balances were taken over, or had been by the same request.
    ImportDone {
        /// How many.
        count: i64,
        /// Paid points together.
        paid: i64,
        /// Bonus points together.
        bonus: i64,
    }
}
