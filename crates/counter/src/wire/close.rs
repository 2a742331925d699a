//! The day's close.

use ledger::{ChargeId, DaySums, DifferenceAction, DifferenceKind, RequestId, Tally, UnixMillis};
use money::Won;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Entered;

request! {
    /// A day; without one, the oldest that is not closed.
    CloseAsk {
        /// For example `2026-11-23`.
        date: Option<String>,
    }
}
request! {
    /// What is in the drawer.
    CloseCount {
        /// The screen's id for this count.
        request_id: RequestId,
        /// The day.
        date: String,
        /// All that is in the drawer.
        counted_won: Entered<Won>,
        /// What of it was there before the first customer.
        change_won: Entered<Won>,
    }
}
request! {
    /// A step of closing a day.
    CloseStep {
        /// The screen's id for this step.
        request_id: RequestId,
        /// The day.
        date: String,
    }
}
request! {
    /// A payment company's settlement file.
    CloseFile {
        /// The screen's id for this step.
        request_id: RequestId,
        /// The day that it stands with.
        date: String,
        /// The first day that is compared; that day where it is left out.
        from: Option<String>,
        /// The last day that is compared.
        to: Option<String>,
        /// The file's name.
        name: String,
        /// The file in Base64.
        content: String,
    }
}
answer! {
    /// A day on the screen of the close.
    CloseView {
        /// The day.
        business_date: String,
        /// The business day of now.
        today: String,
        /// Other days on which points moved and that are not closed, the oldest first.
        other_days: Vec<String>,
        /// The money for change to begin with: that of the last count.
        change_won: Won,
        /// The day's counts, the first first.
        counts: Vec<CashCountView>,
        /// What the drawer is compared with. Not before it was counted.
        figures: Option<CloseFigures>,
        /// Once the day is closed.
        closed: Option<ClosedView>,
        /// Why PortOne gave no answer just now: the word of an error.
        unanswered: Option<String>,
        /// The latest closes, the newest first.
        earlier: Vec<EarlierClose>,
    }
}
answer! {
    /// A count of the drawer.
    CashCountView {
        /// All that was in it.
        counted_won: Won,
        /// What of it was there before.
        change_won: Won,
        /// When.
        at: UnixMillis,
        /// Who counted.
        staff_name: String,
    }
}
answer! {
    /// What the day was.
    CloseFigures {
        /// What should be in the drawer.
        expected_won: i64,
        /// What was counted less what should be there.
        cash_difference_won: i64,
        /// The day in the book.
        sums: DaySums,
        /// Charges that are not finished.
        open_charges: u32,
        /// The comparison with PortOne; none yet, or pending since PortOne did not answer.
        comparison: Option<ComparisonView>,
        /// The comparison with a payment company's file.
        file: Option<ComparisonView>,
        /// What was changed since the last close about where payments go.
        changes: Vec<WayChangeView>,
    }
}
answer! {
    /// How the day's payments compare.
    ComparisonView {
        /// When.
        at: UnixMillis,
        /// The beginning of what was compared.
        from: UnixMillis,
        /// Its end, which is not in it.
        to: UnixMillis,
        /// The book's payments.
        book: Tally,
        /// The other side's.
        other: Tally,
        /// Payments of other tills and shops on the same account: no difference.
        foreign: Tally,
        /// What the other side has more than the book, less what it has not.
        difference_won: i64,
        /// What is not the same.
        differences: Vec<DifferenceView>,
    }
}
answer! {
    /// One thing that is not the same.
    DifferenceView {
        /// What.
        kind: DifferenceKind,
        /// What to do.
        action: DifferenceAction,
        /// PortOne's name for the payment.
        imp_uid: Option<String>,
        /// The order.
        merchant_uid: Option<String>,
        /// The charge.
        charge_id: Option<ChargeId>,
        /// The approval number.
        approval_number: Option<String>,
        /// What the book says is kept, in won.
        book_won: Option<i64>,
        /// What the other side says.
        other_won: Option<i64>,
        /// When it was paid.
        at: Option<UnixMillis>,
    }
}
answer! {
    /// The channel, the keys or the proxy were changed.
    WayChangeView {
        /// `channel`, `keys` or `proxy`.
        action: String,
        /// To what.
        detail: String,
        /// When.
        at: UnixMillis,
        /// By whom.
        staff_name: String,
    }
}
answer! {
    /// What a close is known by.
    ClosedView {
        /// Its place among all closes.
        place: i64,
        /// The shop's name, for the slip.
        shop_name: String,
        /// How many transactions the chain had.
        transactions: i64,
        /// The chain's last hash, in hex.
        head: String,
        /// The close's own hash, in hex.
        hash: String,
        /// When.
        at: UnixMillis,
        /// Who closed it.
        staff_name: String,
        /// Who approved it.
        approver_name: Option<String>,
        /// Whether it was closed while PortOne did not answer. The comparison follows by itself.
        closed_uncompared: bool,
    }
}
answer! {
    /// An earlier close in the list.
    EarlierClose {
        /// The day.
        business_date: String,
        /// When it was closed.
        at: UnixMillis,
        /// Who closed it.
        staff_name: String,
        /// What was counted less what should have been there.
        cash_difference_won: i64,
        /// How many things are not the same; none while it is not compared.
        differences: Option<u32>,
    }
}
