//! Statements, the overview, and files of what is listed.

use ledger::{MemberId, RequestId, StaffId, TransactionKind, UnixMillis};
use money::{Points, Won};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{PayMethod, TransactionView};

answer! {
    /// Whom and what the history can be filtered by.
    HistoryFilters {
        /// Everybody who has stood behind the counter.
        staff: Vec<StaffName>,
    }
}
answer! {
    /// A person's number and name.
    StaffName {
        /// The number.
        id: StaffId,
        /// The name.
        name: String,
    }
}
request! {
    /// A page of a member's statement, the oldest first.
    StatementAsk {
        /// Whose.
        member_id: MemberId,
        /// From this business day on, `2026-11-23`.
        #[serde(default)]
        from: Option<String>,
        /// Up to this business day.
        #[serde(default)]
        to: Option<String>,
        /// Only after this place in the book: the `next` of the page before.
        #[serde(default)]
        after: Option<i64>,
        /// At most this many, 200 unless told, 500 at most.
        #[serde(default)]
        limit: Option<u32>,
    }
}
answer! {
    /// A page of a member's statement.
    StatementPage {
        /// The shop.
        shop_name: String,
        /// Whose.
        member_id: MemberId,
        /// Their name.
        member_name: String,
        /// `010-••••-5678`
        phone_masked: String,
        /// The numbers that were merged into this one: what came before stands in statements of their own.
        formerly: Vec<MemberId>,
        /// The balance before the period's first row.
        opening: Points,
        /// The balance after its last.
        closing: Points,
        /// Paid points now.
        paid: Points,
        /// Bonus points now.
        bonus: Points,
        /// Reserved by refunds now.
        held: Points,
        /// Owed to the shop now.
        debt: Won,
        /// What the period adds up to.
        figures: FiguresView,
        /// How many rows the period has.
        count: i64,
        /// This page's rows.
        rows: Vec<StatementRowView>,
        /// Where the next page starts; `null` at the end.
        next: Option<i64>,
        /// How many transactions the book has.
        transactions: i64,
        /// The chain's last hash, in hex.
        head: String,
        /// When the book's last transaction was written.
        head_at: Option<UnixMillis>,
        /// When this was read.
        made_at: UnixMillis,
    }
}
answer! {
    /// A row of a statement.
    StatementRowView {
        /// What happened.
        transaction: TransactionView,
        /// Points that a refund reserved; negative: let go.
        held_change: i64,
        /// By how much the debt grew, in won.
        debt_change: i64,
        /// Money that came to the shop, in won; negative: left it.
        money: i64,
        /// Who approved it.
        approver_name: Option<String>,
    }
}
answer! {
    /// What happened in a period. Sums are net: what was taken back is off again.
    FiguresView {
        /// How many charges.
        charges: i64,
        /// What was paid for them, in won.
        charged_won: i64,
        /// What of that came as cash, in won.
        cash_won: i64,
        /// How many uses.
        uses: i64,
        /// Points that bought something.
        used: i64,
        /// How many uses were taken back.
        undone: i64,
        /// What bonus points cost.
        bonus_cost: i64,
        /// Money that went back by refunds, in won.
        refunded_won: i64,
        /// Money that went back by cancels made elsewhere, in won.
        clawed_back_won: i64,
        /// What the shop kept of refunds.
        refund_fee: i64,
        /// Points that went without being used.
        breakage: i64,
        /// Money that came or went otherwise, in won.
        other_won: i64,
    }
}
answer! {
    /// The figures of a day or a month.
    FiguresRow {
        /// `2026-11-23` or `2026-11`.
        date: String,
        /// What happened.
        figures: FiguresView,
    }
}
request! {
    /// The overview. Without days: the last 31, and the last twelve months.
    OverviewAsk {
        /// Days from here on, `2026-11-23`.
        #[serde(default)]
        from: Option<String>,
        /// Days up to here.
        #[serde(default)]
        to: Option<String>,
    }
}
answer! {
    /// How the shop stands, and what happened by day and month.
    OverviewView {
        /// When this was read.
        made_at: UnixMillis,
        /// The shop's day.
        today: String,
        /// The first of the days.
        from: String,
        /// The last of them.
        to: String,
        /// Paid points that the shop owes.
        paid: i64,
        /// Bonus points that it owes.
        bonus: i64,
        /// Points that refunds under way have reserved.
        held: i64,
        /// All of them: what is to be given if everybody comes today.
        all: i64,
        /// How many members have points.
        members: i64,
        /// What members owe the shop, in won.
        debt: i64,
        /// How many members owe something.
        debtors: i64,
        /// Paid and bonus points by the age of the charge that made them.
        ages: Vec<AgeView>,
        /// Paid points that go in the next days.
        expiring_paid: i64,
        /// Bonus points that go.
        expiring_bonus: i64,
        /// Whose: how many members.
        expiring_members: i64,
        /// In how many days.
        expiring_days: i64,
        /// Members who charged in the last days.
        repeat_once: i64,
        /// Members who charged twice or more.
        repeat_twice: i64,
        /// In how many days, today among them.
        repeat_days: i64,
        /// Days on which something happened, in order.
        days: Vec<FiguresRow>,
        /// Months in which something happened, in order.
        months: Vec<FiguresRow>,
    }
}
answer! {
    /// What is left of charges of one age.
    AgeView {
        /// Made in the last so many days; `null`: older than all before.
        up_to_days: Option<i64>,
        /// How many lots.
        lots: i64,
        /// Paid points left.
        paid: i64,
        /// Bonus points left.
        bonus: i64,
    }
}
/// A table that can be written to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExportTable {
    /// 내역, by its filters.
    History,
    /// A member's statement.
    Statement,
    /// 손님, with their balances.
    Members,
    /// 대기함
    Waiting,
    /// 현황 now.
    Overview,
    /// 현황 by day.
    Days,
    /// 현황 by month.
    Months,
}
/// The kind of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// Comma-separated.
    Csv,
    /// Excel.
    Xlsx,
}
request! {
    /// Writes a table to a file. Fields that a table does not know are left out of account.
    ExportAsk {
        /// Made once by the screen.
        request_id: RequestId,
        /// Which table.
        table: ExportTable,
        /// Which kind of file.
        format: ExportFormat,
        /// History: only this member's. Statement: whose.
        #[serde(default)]
        member_id: Option<MemberId>,
        /// History: only these kinds.
        #[serde(default)]
        kinds: Option<Vec<TransactionKind>>,
        /// History: only what this person did.
        #[serde(default)]
        staff_id: Option<StaffId>,
        /// History: only charges paid in these ways.
        #[serde(default)]
        methods: Option<Vec<PayMethod>>,
        /// From this business day on.
        #[serde(default)]
        from: Option<String>,
        /// Up to this business day.
        #[serde(default)]
        to: Option<String>,
        /// Members: phone numbers in full. Only the owner may, and the audit says so.
        #[serde(default)]
        full_phones: Option<bool>,
    }
}
answer! {
    /// A file was written.
    Exported {
        /// Where it is.
        path: String,
        /// How many rows it has.
        rows: u64,
    }
}
