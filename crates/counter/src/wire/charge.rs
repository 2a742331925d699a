//! Charging.

use ledger::{ChargeId, ChargeState, MemberId, TransactionId, UnixMillis};
use money::{Points, Won};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Entered, RefundView};

/// How the customer pays. PortOne's `pay_method` for each is known to the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum PayMethod {
    /// 카드
    Card,
    /// 실시간 계좌이체
    Trans,
    /// 무통장 입금 (가상계좌)
    Vbank,
    /// 휴대폰 소액결제
    Phone,
    /// 카카오페이
    Kakaopay,
    /// 네이버페이
    Naverpay,
    /// 토스페이
    Tosspay,
    /// 페이코
    Payco,
    /// 삼성페이
    Samsungpay,
}

impl PayMethod {
    /// The word for it in the book and towards PortOne.
    ///
    /// Source: PortOne V1 SDK, `pay_method`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            PayMethod::Card => "card",
            PayMethod::Trans => "trans",
            PayMethod::Vbank => "vbank",
            PayMethod::Phone => "phone",
            PayMethod::Kakaopay => "kakaopay",
            PayMethod::Naverpay => "naverpay",
            PayMethod::Tosspay => "tosspay",
            PayMethod::Payco => "payco",
            PayMethod::Samsungpay => "samsungpay",
        }
    }
}

request! {
    /// What would this sum give?
    QuoteAsk {
        /// The sum, in won.
        won: Entered<Won>,
        /// For whom: a first charge may give more.
        #[serde(default)]
        member_id: Option<MemberId>,
    }
}
answer! {
    /// A sum and what it gives under today's rules.
    ChargeQuote {
        /// What the customer pays.
        won: Won,
        /// The bonus on top.
        bonus: Points,
        /// Paid and bonus points together.
        points: Points,
        /// The last day of the bonus, in Seoul.
        bonus_expires_at: Option<UnixMillis>,
        /// The last day of the paid points, in Seoul; `null`: they never go.
        paid_expires_at: Option<UnixMillis>,
        /// The bonus is that of the member's first charge.
        first: bool,
    }
}
request! {
    /// Starts a charge, or opens its pay window again.
    ChargeStart {
        /// Made once by the screen and kept until answered; any UUID.
        charge_id: ChargeId,
        /// Who gets the points.
        member_id: MemberId,
        /// What is paid, in won.
        won: Entered<Won>,
        /// How.
        method: PayMethod,
        /// `true`: the same member and sum within ten minutes is meant.
        #[serde(default)]
        repeat_ok: Option<bool>,
    }
}
answer! {
    /// A charge that was announced to PortOne.
    ChargeStarted {
        /// The page to pay on; `null` when there is nothing left to pay.
        checkout_url: Option<String>,
        /// PortOne's name for the order.
        merchant_uid: String,
        /// Where the charge stands.
        state: ChargeState,
        /// What the member owes the shop, to be spoken about while they are here.
        debt: Won,
    }
}
request! {
    /// Names a charge.
    ChargeAsk {
        /// Which.
        charge_id: ChargeId,
    }
}
answer! {
    /// A charge as the screen shows it.
    ChargeView {
        /// The screen's own id.
        charge_id: ChargeId,
        /// Who gets the points.
        member_id: MemberId,
        /// Their name.
        member_name: String,
        /// Their number, masked.
        phone_masked: String,
        /// What is paid.
        won: Won,
        /// The bonus: promised, or given where the charge is credited.
        bonus: Points,
        /// Paid and bonus points together.
        points: Points,
        /// The way of paying.
        method: String,
        /// PortOne's name for the order.
        merchant_uid: String,
        /// The payment company of the frozen channel.
        pg_provider: String,
        /// Where it stands.
        state: ChargeState,
        /// Why it failed, was voided or is disputed: a code for the screen.
        reason: Option<String>,
        /// PortOne's or the payment company's own words, to be shown as a quotation.
        reason_text: Option<String>,
        /// When it was started, by PortOne's clock.
        started_at: UnixMillis,
        /// When PortOne last answered about it.
        looked_up_at: Option<UnixMillis>,
        /// When the points were written.
        credited_at: Option<UnixMillis>,
        /// The transaction that wrote them.
        transaction_id: Option<TransactionId>,
        /// The proof: what PortOne confirmed.
        payment: Option<PaymentView>,
        /// Where to pay into, while a deposit is awaited.
        deposit: Option<DepositView>,
        /// The clerk went on to the next customer.
        abandoned: bool,
        /// The money came after the clerk had given up, or after a failure.
        late: bool,
        /// The page to pay on, while it is open.
        checkout_url: Option<String>,
        /// The member's points before, once credited.
        balance_before: Option<Points>,
        /// The member's points after, once credited.
        balance_after: Option<Points>,
        /// Payments under this charge that nobody may keep: shown to a manager.
        disputes: Vec<DisputeView>,
        /// What happened, in order.
        steps: Vec<StepView>,
    }
}
answer! {
    /// What PortOne confirmed.
    PaymentView {
        /// PortOne's name for the payment.
        imp_uid: String,
        /// The card company's approval number.
        approval_number: Option<String>,
        /// The card's name.
        card_name: Option<String>,
        /// The payment company.
        pg_provider: String,
        /// How it was paid, as PortOne says it.
        pay_method: Option<String>,
        /// The payment company's receipt, https only.
        receipt_url: Option<String>,
        /// When it was paid, by PortOne's clock.
        paid_at: UnixMillis,
        /// When PortOne was asked.
        looked_up_at: UnixMillis,
    }
}
answer! {
    /// A virtual account that waits for money.
    DepositView {
        /// The bank.
        bank: String,
        /// The account.
        account: String,
        /// The name on it.
        holder: Option<String>,
        /// The last moment.
        due_at: Option<UnixMillis>,
    }
}
answer! {
    /// A payment that was made but may not be credited.
    DisputeView {
        /// PortOne's name for the payment.
        imp_uid: String,
        /// What was paid, where PortOne named a whole sum.
        won: Option<Won>,
        /// The check that failed, as a code.
        reason: String,
        /// When it was found.
        found_at: UnixMillis,
    }
}
answer! {
    /// One thing that happened to a charge.
    StepView {
        /// When.
        at: UnixMillis,
        /// What: `opened`, `announced`, `window_opened`, `hint`, `looked_up`, `state`, `abandoned`, `credited`, `disputed`.
        kind: String,
        /// More of it, as a code.
        detail: Option<String>,
    }
}
answer! {
    /// The charges and refunds that are not finished.
    Waiting {
        /// The oldest first.
        charges: Vec<ChargeView>,
        /// Refunds under way, the oldest first.
        refunds: Vec<RefundView>,
    }
}
