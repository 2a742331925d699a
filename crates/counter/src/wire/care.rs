//! What is done with a member now and then.

use ledger::{AdjustReason, MemberId, RequestId, TransactionId};
use money::Points;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Change;

request! {
    /// Corrects a balance.
    Adjust {
        /// Made once by the screen.
        request_id: RequestId,
        /// Whose.
        member_id: MemberId,
        /// By how much the paid points change; below zero where they go.
        paid: Change,
        /// By how much the bonus points change.
        bonus: Change,
        /// Why.
        class: AdjustReason,
        /// Why, in somebody's words.
        reason: String,
    }
}
answer! {
    /// A balance was corrected, or had been by the same request.
    Adjusted {
        /// The transaction.
        transaction_id: TransactionId,
        /// The balance before.
        before: Points,
        /// The balance after.
        after: Points,
    }
}
request! {
    /// Makes one member of two.
    MemberMerge {
        /// Made once by the screen.
        request_id: RequestId,
        /// Who turns out to be another one.
        member_id: MemberId,
        /// Who that is.
        into_id: MemberId,
        /// Why.
        reason: String,
    }
}
answer! {
    /// Two members are one, or had been made one by the same request.
    MemberMerged {
        /// The one that is left.
        member_id: MemberId,
        /// Paid points that moved.
        paid: i64,
        /// Bonus points that moved.
        bonus: i64,
        /// Debt that moved, in won.
        debt: i64,
        /// The balance after it.
        balance: Points,
    }
}
request! {
    /// Forgets a person; the sums stay.
    MemberErase {
        /// Made once by the screen.
        request_id: RequestId,
        /// Whom.
        member_id: MemberId,
        /// The member does not want what of expired points could be refunded.
        #[serde(default)]
        claim_waived: Option<bool>,
    }
}
answer! {
    /// A person was forgotten.
    MemberErased {
        /// The number that is left.
        member_id: MemberId,
    }
}
