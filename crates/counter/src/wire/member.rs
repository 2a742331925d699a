//! Members.

use ledger::{ChargeId, LotId, MemberId, RequestId, TransactionId, TransactionKind, UnixMillis};
use money::Points;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ChargeView, PaymentView};

request! {
    /// A new member.
    MemberCreate {
        /// As the customer says it.
        name: String,
        /// Any spelling of a Korean number.
        phone: String,
        /// The shop's note.
        #[serde(default)]
        memo: Option<String>,
        /// Made once by the screen, so that pressing twice makes one member.
        #[serde(default)]
        request_id: Option<RequestId>,
        /// What the customer agreed to, for example `terms`, `marketing`.
        #[serde(default)]
        consents: Option<Vec<String>>,
    }
}
answer! {
    /// A member was made, or had been by the same request.
    MemberCreated {
        /// The member's number.
        member_id: MemberId,
    }
}
request! {
    /// A new version of a member's profile.
    MemberEdit {
        /// Whose.
        member_id: MemberId,
        /// Made once by the screen.
        request_id: RequestId,
        /// The new name.
        name: String,
        /// The new number.
        phone: String,
        /// The new note.
        #[serde(default)]
        memo: Option<String>,
    }
}
answer! {
    /// A profile was written.
    MemberEdited {
        /// Its version, from 1.
        version: i64,
    }
}
request! {
    /// Finds members by last four digits, a whole number in any spelling, a part of the name, initial consonants (ㄱㅁㅅ), the
    /// beginning of a word of the memo, or the member's code.
    MemberSearch {
        /// What was typed.
        query: String,
        /// At most this many, 20 unless told, 100 at most.
        #[serde(default)]
        limit: Option<u32>,
    }
}
answer! {
    /// Who was found.
    MemberRows {
        /// The latest visitor first.
        rows: Vec<MemberRow>,
        /// There are more than were asked for.
        more: bool,
    }
}
answer! {
    /// A member in a list.
    MemberRow {
        /// The member's number.
        member_id: MemberId,
        /// The name.
        name: String,
        /// The number, masked.
        phone_masked: String,
        /// Paid and bonus points together.
        balance: Points,
        /// The shop's note.
        memo: Option<String>,
        /// The last transaction.
        last_visit: Option<UnixMillis>,
    }
}
request! {
    /// Opens a member's card.
    MemberAsk {
        /// Whose.
        member_id: MemberId,
    }
}
answer! {
    /// All about a member.
    MemberCard {
        /// The member's number.
        member_id: MemberId,
        /// The name.
        name: String,
        /// The number, masked.
        phone_masked: String,
        /// The shop's note.
        memo: Option<String>,
        /// What stands on the member's card and what a scanner sends.
        code: String,
        /// Who this member turned out to be: nothing new is written here.
        merged_into: Option<MemberId>,
        /// The person was forgotten: nothing new is written here.
        erased: bool,
        /// Since when.
        since: UnixMillis,
        /// Points that were paid for.
        paid: Points,
        /// Points that were given on top.
        bonus: Points,
        /// Both together.
        balance: Points,
        /// What is left of each loading, in the order of use.
        lots: Vec<LotView>,
        /// The latest first, at most ten.
        transactions: Vec<TransactionView>,
        /// This member's charges that are not finished.
        waiting: Vec<ChargeView>,
    }
}
answer! {
    /// What is left of one loading.
    LotView {
        /// Its name.
        lot_id: LotId,
        /// Paid points left.
        paid: Points,
        /// Bonus points left.
        bonus: Points,
        /// When the paid points go; `null`: never.
        paid_expires_at: Option<UnixMillis>,
        /// When the bonus goes; `null`: never.
        bonus_expires_at: Option<UnixMillis>,
        /// When it was made.
        made_at: UnixMillis,
    }
}
answer! {
    /// One transaction, as a member or the shop sees it.
    TransactionView {
        /// Its name.
        transaction_id: TransactionId,
        /// Its place in the book, from 1, without gaps.
        seq: i64,
        /// What it is.
        kind: TransactionKind,
        /// Whose.
        member_id: MemberId,
        /// The name now.
        member_name: String,
        /// When.
        at: UnixMillis,
        /// The shop's day, as `2026-11-23`.
        business_date: String,
        /// Change of paid points; negative when they went.
        paid_change: i64,
        /// Change of bonus points.
        bonus_change: i64,
        /// The balance after it.
        balance_after: Points,
        /// Who did it.
        staff_name: String,
        /// Who approved it, where somebody did.
        approver_name: Option<String>,
        /// The charge that it credited.
        charge_id: Option<ChargeId>,
        /// The transaction that it takes back.
        reverses: Option<TransactionId>,
        /// It was taken back by another one.
        reversed: bool,
        /// The money came late.
        late: bool,
        /// Something of the charge is to be seen to: it was cancelled outside, or paid twice.
        disputed: bool,
        /// The proof of a charge.
        payment: Option<PaymentView>,
        /// Why, in the clerk's words.
        note: Option<String>,
    }
}
