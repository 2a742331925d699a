//! How long points last, what goes soon, and bonus rules.

use ledger::{LotId, MemberId, RequestId, TransactionId, UnixMillis};
use money::{Points, Won};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::LotView;

/// One line of a bonus rule. There is no field for the way of paying on purpose: favouring one is against
/// 여신전문금융업법 §19.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BonusOffer {
    /// From this sum on.
    pub from_won: Won,
    /// Whole percent of the sum; 0 where a fixed number of points is given.
    pub percent: u8,
    /// A fixed number of points; 0 where a percentage is given.
    pub points: Points,
    /// For a member's first charge alone.
    pub first_only: bool,
    /// The first of the shop's days on which it counts, as `2026-12-01`; `null`: since ever.
    pub from_day: Option<String>,
    /// The last of the shop's days on which it counts; `null`: for ever.
    pub until_day: Option<String>,
}
answer! {
    /// The bonus rule in force. Of all lines whose conditions hold the one that gives most counts.
    BonusRuleView {
        /// Its lines; never none.
        offers: Vec<BonusOffer>,
        /// How long the bonus lasts, in days.
        valid_days: u32,
    }
}
request! {
    /// Sets the bonus rule; without lines there is no bonus from now on.
    BonusRuleSet {
        /// Made once by the screen.
        request_id: RequestId,
        /// Its lines, at most twelve.
        offers: Vec<BonusOffer>,
        /// How long the bonus lasts, 1 to 3650 days.
        valid_days: u32,
    }
}
request! {
    /// What would this bonus rule give and have cost?
    BonusPreviewAsk {
        /// Its lines.
        offers: Vec<BonusOffer>,
        /// How long the bonus would last.
        valid_days: u32,
    }
}
answer! {
    /// What a bonus rule would give and would have cost, before it is saved.
    BonusPreview {
        /// What each preset would give.
        presets: Vec<BonusPresetView>,
        /// So many days were looked back on.
        days: u32,
        /// How many charges there were.
        charges: u32,
        /// What was paid for them.
        won: Won,
        /// What the rule would have given for them, whatever the period of its lines.
        would_give: Points,
        /// What was given for them.
        gave: Points,
        /// `would_give` in hundredths of a percent of `won`.
        would_give_basis_points: u32,
        /// `gave` in hundredths of a percent of `won`.
        gave_basis_points: u32,
    }
}
answer! {
    /// What a preset would give.
    BonusPresetView {
        /// What is paid.
        won: Won,
        /// The bonus.
        bonus: Points,
        /// The bonus of a first charge.
        first_bonus: Points,
    }
}
answer! {
    /// How long paid points last, as the owner accepted it.
    ExpiryRuleView {
        /// Months of the calendar; 0 where it is days.
        months: u16,
        /// Days; 0 where it is months.
        days: u16,
        /// The payment company whose rule it is.
        pg: Option<String>,
        /// Where it stands.
        source: String,
        /// Since when.
        accepted_at: UnixMillis,
        /// Who accepted it.
        accepted_by: String,
        /// Who approved that, where a second person was asked.
        approved_by: Option<String>,
    }
}
answer! {
    /// A payment company's own rule, for the owner to accept or not.
    ExpirySuggestion {
        /// PortOne's word for the payment company.
        pg: String,
        /// Its name.
        name: String,
        /// Months of the calendar; 0: it sets no limit.
        months: u16,
        /// Where it stands.
        source: String,
        /// It is the payment company of the book's channel.
        own: bool,
    }
}
request! {
    /// Accepts a rule for paid points of charges from now on; without months and days they last for ever.
    ExpiryRuleSet {
        /// Made once by the screen.
        request_id: RequestId,
        /// Months of the calendar, at most 120.
        months: u16,
        /// Days, at most 3650; months or days, not both.
        days: u16,
        /// The payment company whose rule it is.
        #[serde(default)]
        pg: Option<String>,
        /// Where it stands, as the owner was shown it; at most 300 characters.
        source: String,
    }
}
request! {
    /// Lets a lot last longer, and puts back what of it has gone.
    ExpiryExtend {
        /// Made once by the screen.
        request_id: RequestId,
        /// Which.
        lot_id: LotId,
        /// The new last day of its paid points, as `2027-03-31`.
        #[serde(default)]
        paid_until: Option<String>,
        /// The new last day of its bonus.
        #[serde(default)]
        bonus_until: Option<String>,
        /// Why.
        reason: String,
    }
}
answer! {
    /// A lot lasts longer, or had been made to by the same request.
    ExpiryExtended {
        /// The transaction.
        transaction_id: TransactionId,
        /// Points that had gone and are there again.
        reinstated: Points,
        /// The balance after it.
        after: Points,
    }
}
answer! {
    /// A member's lots of which something has gone, the latest first.
    ExpiredLots {
        /// With the points that have gone, not with those that are left.
        lots: Vec<LotView>,
    }
}
request! {
    /// Who loses what soon?
    ExpiringAsk {
        /// Within so many days, 30 unless told, 365 at most.
        #[serde(default)]
        days: Option<u16>,
        /// `next` of the page before.
        #[serde(default)]
        after: Option<String>,
    }
}
answer! {
    /// Who loses what soon, the first to lose something first.
    ExpiringPage {
        /// One page.
        rows: Vec<ExpiringRow>,
        /// Asks for the next page; `null`: there is none.
        next: Option<String>,
        /// All paid points that go in that time.
        paid: Points,
        /// All bonus points that go in that time.
        bonus: Points,
        /// Of how many members.
        members: u32,
    }
}
answer! {
    /// Points that go soon.
    ExpiringRow {
        /// Whose.
        member_id: MemberId,
        /// The name.
        name: String,
        /// The number, masked.
        phone_masked: String,
        /// Of which lot.
        lot_id: LotId,
        /// Of which part of it.
        part: PointsPart,
        /// How many.
        points: Points,
        /// Their last day, in Seoul.
        expires_at: UnixMillis,
    }
}
/// One of the two kinds of points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum PointsPart {
    /// Points that were paid for.
    Paid,
    /// Points that were given on top.
    Bonus,
}
