//! Using points, and taking a use back.

use ledger::{LotId, MemberId, RequestId, TransactionId, UnixMillis};
use money::Points;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Entered;

request! {
    /// What would using these points do?
    SpendAsk {
        /// Whose.
        member_id: MemberId,
        /// How many.
        points: Entered<Points>,
    }
}
answer! {
    /// What using points would do.
    SpendPreview {
        /// The balance now.
        before: Points,
        /// The balance then.
        after: Points,
        /// From which lots.
        takes: Vec<TakeView>,
    }
}
answer! {
    /// What is taken from a lot.
    TakeView {
        /// The lot.
        lot_id: LotId,
        /// Paid points.
        paid: Points,
        /// Bonus points.
        bonus: Points,
        /// The lot's first date of expiry.
        expires_at: Option<UnixMillis>,
    }
}
request! {
    /// Uses points.
    Spend {
        /// Made once by the screen and kept until answered.
        use_id: RequestId,
        /// Whose.
        member_id: MemberId,
        /// How many.
        points: Entered<Points>,
    }
}
answer! {
    /// Points were used, or had been by the same request.
    Spent {
        /// The transaction.
        transaction_id: TransactionId,
        /// The balance before.
        before: Points,
        /// The balance after.
        after: Points,
        /// From which lots.
        takes: Vec<TakeView>,
    }
}
request! {
    /// Takes a use back.
    Undo {
        /// Made once by the screen.
        undo_id: RequestId,
        /// Which transaction.
        transaction_id: TransactionId,
        /// Why.
        reason: String,
    }
}
answer! {
    /// A use was taken back, or had been by the same request.
    Undone {
        /// The transaction that did it.
        transaction_id: TransactionId,
        /// The balance before.
        before: Points,
        /// The balance after.
        after: Points,
    }
}
