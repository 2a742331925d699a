//! The gate: the one way from what PortOne said to points. Pure, so that every line of it can be tested.

use money::Won;

use crate::canon::{Canon, Hash};
use crate::ids::UnixMillis;
use crate::model::Intent;

/// How far PortOne's `paid_at` may lie outside intent and now: clocks of its machines differ a little.
const CLOCK_SLACK_MS: i64 = 10 * 60 * 1000;

/// What PortOne says about a payment's life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundStatus {
    /// Not paid: the window is open or was left, or a virtual account waits.
    Ready,
    /// Paid.
    Paid,
    /// Cancelled.
    Cancelled,
    /// Failed.
    Failed,
    /// A word that we do not know.
    Unrecognized(String),
}

/// A sum as PortOne said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// A whole number.
    Whole(i64),
    /// Anything else, as text.
    Odd(String),
}

/// A virtual account that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The bank's name.
    pub bank: String,
    /// The account's number.
    pub number: String,
    /// The name on it.
    pub holder: Option<String>,
    /// The last moment.
    pub due_at: Option<UnixMillis>,
}

/// One cancel of a payment, as PortOne told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancelled {
    /// PortOne's name for it, where it has one.
    pub id: Option<String>,
    /// The sum that went back.
    pub amount: Said,
    /// Why, in the words of whoever cancelled: ours name the refund.
    pub reason: Option<String>,
}

/// One payment as PortOne told it when it was asked, in our words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// PortOne's name for the payment.
    pub imp_uid: String,
    /// The order it says it belongs to.
    pub merchant_uid: String,
    /// Its status.
    pub status: FoundStatus,
    /// The sum.
    pub amount: Said,
    /// What was cancelled of it.
    pub cancel_amount: Said,
    /// How many cancels it had.
    pub cancels: usize,
    /// Those cancels, the first first.
    pub history: Vec<Cancelled>,
    /// The currency, where it was said.
    pub currency: Option<String>,
    /// Whether it came over a test channel, where it was said.
    pub sandbox: Option<bool>,
    /// The payment company.
    pub pg_provider: Option<String>,
    /// The MID.
    pub pg_id: Option<String>,
    /// The payment company's own number.
    pub pg_tid: Option<String>,
    /// How it was paid.
    pub pay_method: Option<String>,
    /// The card company's approval number.
    pub apply_num: Option<String>,
    /// The card's name.
    pub card_name: Option<String>,
    /// The card's number, masked by PortOne.
    pub card_number: Option<String>,
    /// The payment company's receipt.
    pub receipt_url: Option<String>,
    /// When it was paid.
    pub paid_at: Option<UnixMillis>,
    /// When it was started.
    pub started_at: Option<UnixMillis>,
    /// Why it failed, in the payment company's words.
    pub fail_reason: Option<String>,
    /// Why it was cancelled.
    pub cancel_reason: Option<String>,
    /// `issue` where it made a billing key.
    pub customer_uid_usage: Option<String>,
    /// The virtual account, where one was issued.
    pub account: Option<Account>,
}

/// One payment of an account's list, which may be anybody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// What was said about it.
    pub found: Found,
    /// When it was cancelled; the last time, where it was more than once.
    pub cancelled_at: Option<UnixMillis>,
    /// What its order carried along.
    pub custom_data: Option<String>,
}

impl Found {
    /// Whether something of it was given back.
    fn was_cancelled(&self) -> bool {
        self.status == FoundStatus::Cancelled || self.cancel_amount != Said::Whole(0) || self.cancels != 0
    }

    /// Whether all of it was given back. PortOne does not say which status a *partial* cancel leaves, so the sums decide.
    #[must_use]
    pub fn is_given_back(&self) -> bool {
        matches!((&self.amount, &self.cancel_amount),
            (Said::Whole(amount), Said::Whole(cancelled)) if *amount > 0 && cancelled == amount)
    }

    /// A hash over all that was said, kept beside the credit.
    #[must_use]
    pub fn hash(&self) -> Hash {
        let mut canon = Canon::new("pointill answer 1");
        let status = match &self.status {
            FoundStatus::Ready => "ready",
            FoundStatus::Paid => "paid",
            FoundStatus::Cancelled => "cancelled",
            FoundStatus::Failed => "failed",
            FoundStatus::Unrecognized(word) => word,
        };
        canon.text(&self.imp_uid).text(&self.merchant_uid).text(status);
        for said in [&self.amount, &self.cancel_amount] {
            match said {
                Said::Whole(number) => canon.number(*number),
                Said::Odd(text) => canon.text(text),
            };
        }
        canon.number(i64::try_from(self.cancels).unwrap_or(i64::MAX));
        canon.maybe_number(self.sandbox.map(i64::from));
        for text in [
            &self.currency,
            &self.pg_provider,
            &self.pg_id,
            &self.pg_tid,
            &self.pay_method,
            &self.apply_num,
            &self.card_name,
            &self.card_number,
            &self.receipt_url,
            &self.customer_uid_usage,
        ] {
            canon.maybe_text(text.as_deref());
        }
        canon.maybe_number(self.paid_at.map(|at| at.0));
        canon.finish()
    }
}

/// All that PortOne said about an intent: HTTP 200 and code 0, or a clear "no such payment" (then `found` is empty).
/// Anything less is no answer, and never comes here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Every payment under the merchant_uid, of all pages.
    pub found: Vec<Found>,
    /// When it was asked, by PortOne's clock.
    pub at: UnixMillis,
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident => $word:literal, $sentence:literal;)*) => {
        /// Why a payment is not credited: one for each line of the gate, and one for a second payment.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum GateReason { $($(#[$doc])* $variant),* }
        impl GateReason {
            /// All of them, for the screen's dictionary.
            pub const ALL: &[GateReason] = &[$(GateReason::$variant),*];
            /// The word for the book and the screen.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(GateReason::$variant => $word),* }
            }
            /// What to say in Korean.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(GateReason::$variant => $sentence),* }
            }
        }
    };
}

reasons! {
    /// The payment names another order.
    ForeignOrder => "foreign_order", "다른 주문의 결제입니다. 적립하지 않았습니다.";
    /// The payment stands in the book already.
    PaymentUsed => "payment_used", "이미 다른 충전에 쓰인 결제입니다. 두 번 적립하지 않았습니다.";
    /// PortOne does not say `paid`.
    NotPaid => "not_paid", "아직 결제되지 않았습니다.";
    /// Another sum than the one that was asked for.
    AmountMismatch => "amount_mismatch", "요청한 금액과 결제된 금액이 다릅니다. 적립하지 않았습니다. 이 결제를 환불해 주세요.";
    /// Not won.
    CurrencyMismatch => "currency_mismatch", "원화 결제가 아닙니다. 적립하지 않았습니다. 이 결제를 환불해 주세요.";
    /// Something of it was given back.
    AlreadyCancelled => "already_cancelled", "일부 또는 전부가 이미 취소된 결제입니다. 적립하지 않았습니다.";
    /// A test payment in the live book, or the other way round, or PortOne did not say which.
    SandboxMismatch => "sandbox_mismatch", "테스트 결제와 실제 결제가 섞였습니다. 적립하지 않았습니다.";
    /// Another channel than the frozen one.
    ChannelMismatch => "channel_mismatch", "정해 둔 결제 채널로 들어온 결제가 아닙니다. 적립하지 않았습니다.";
    /// A billing key was issued: nothing was paid.
    BillingKeyIssue => "billing_key_issue", "정기결제 등록일 뿐 충전 결제가 아닙니다. 적립하지 않았습니다.";
    /// `paid` without a time.
    PaidTimeMissing => "paid_time_missing", "결제 시각이 없는 결제입니다. 적립하지 않았습니다.";
    /// Paid before the charge was started, or in the future.
    PaidTimeOutside => "paid_time_outside", "충전을 시작하기 전이나 앞으로의 시각에 결제된 것으로 나옵니다. 적립하지 않았습니다.";
    /// One charge, paid twice: the first was credited.
    SecondPayment => "second_payment", "같은 충전에 두 번 결제되었습니다. 한 번만 적립했으니 이 결제를 환불해 주세요.";
    /// All is right with it, and the person whose points they would be was forgotten.
    MemberErased => "member_erased", "정보를 파기한 손님의 결제입니다. 적립하지 않았습니다. 이 결제를 환불해 주세요.";
    /// Credited, and then cancelled outside this app.
    CancelledOutside => "cancelled_outside", "적립한 뒤에 이 앱 밖에서 취소된 결제입니다. 포인트는 아직 그대로입니다.";
}

/// A payment that passed the gate. Only [`gate`] makes one, and only one of these can be credited.
#[derive(Debug, Clone)]
pub struct Confirmed {
    found: Found,
    won: Won,
    paid_at: UnixMillis,
}

impl Confirmed {
    /// What PortOne said.
    #[must_use]
    pub fn found(&self) -> &Found {
        &self.found
    }
    /// The sum.
    #[must_use]
    pub fn won(&self) -> Won {
        self.won
    }
    /// When it was paid, by PortOne's clock.
    #[must_use]
    pub fn paid_at(&self) -> UnixMillis {
        self.paid_at
    }
}

/// Lets a payment through when all that was agreed is true of it. `used`: its imp_uid stands in the book.
/// `now`: PortOne's clock.
///
/// # Errors
/// The first line that does not hold.
pub fn gate(intent: &Intent, found: &Found, used: bool, now: UnixMillis) -> Result<Confirmed, GateReason> {
    if found.merchant_uid != intent.merchant_uid {
        return Err(GateReason::ForeignOrder);
    }
    if used {
        return Err(GateReason::PaymentUsed);
    }
    if found.status != FoundStatus::Paid {
        return Err(GateReason::NotPaid);
    }
    if found.amount != Said::Whole(intent.won.get()) {
        return Err(GateReason::AmountMismatch);
    }
    if found.currency.as_deref() != Some("KRW") {
        return Err(GateReason::CurrencyMismatch);
    }
    if found.was_cancelled() {
        return Err(GateReason::AlreadyCancelled);
    }
    if found.sandbox != Some(intent.mode.sandbox()) {
        return Err(GateReason::SandboxMismatch);
    }
    if found.pg_provider.as_deref() != Some(&intent.pg_provider)
        || found.pg_id.as_deref() != Some(&intent.pg_id)
    {
        return Err(GateReason::ChannelMismatch);
    }
    if found.customer_uid_usage.as_deref() == Some("issue") {
        return Err(GateReason::BillingKeyIssue);
    }
    let paid_at = found.paid_at.ok_or(GateReason::PaidTimeMissing)?;
    if paid_at < intent.at.plus_ms(-CLOCK_SLACK_MS) || paid_at > now.plus_ms(CLOCK_SLACK_MS) {
        return Err(GateReason::PaidTimeOutside);
    }
    Ok(Confirmed { found: found.clone(), won: intent.won, paid_at })
}

/// What an answer means for a charge.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The payment to credit, unless the charge is credited already.
    pub credit: Option<Confirmed>,
    /// Payments that were made but may not be credited.
    pub disputed: Vec<(Found, GateReason)>,
    /// Where the charge stands if nothing is credited.
    pub rest: Rest,
}

/// Where a charge stands when nothing of it can be credited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rest {
    /// Nothing was paid so far.
    Open,
    /// A virtual account waits.
    AwaitingDeposit(Account),
    /// The last attempt failed; the payment company's words.
    Failed(Option<String>),
    /// It was cancelled; the reason given.
    Voided(Option<String>),
    /// Something was paid that a check refuses.
    Disputed(GateReason),
    /// PortOne used a word that we do not know.
    Unknown,
}

impl Outcome {
    /// Credits nothing: what passed the gate is refused for this reason.
    pub(crate) fn refuse(&mut self, reason: GateReason) {
        if let Some(confirmed) = self.credit.take() {
            self.disputed.push((confirmed.found, reason));
            self.rest = Rest::Disputed(reason);
        }
    }
}

/// Reads an answer. `used` tells whether an imp_uid stands in the book under another charge; `credited` is the
/// imp_uid that this charge was credited for.
#[must_use]
pub fn decide(
    intent: &Intent,
    answer: &Answer,
    used: impl Fn(&str) -> bool,
    credited: Option<&str>,
) -> Outcome {
    let mut passed: Vec<Confirmed> = Vec::new();
    let mut disputed: Vec<(Found, GateReason)> = Vec::new();
    for found in &answer.found {
        let paid = found.status == FoundStatus::Paid;
        if credited == Some(found.imp_uid.as_str()) {
            // Only a cancel is one: an answer from before the payment says `ready`.
            if found.was_cancelled() {
                disputed.push((found.clone(), GateReason::CancelledOutside));
            }
            continue;
        }
        match gate(intent, found, used(&found.imp_uid), answer.at) {
            Ok(confirmed) => passed.push(confirmed),
            Err(reason) if paid => disputed.push((found.clone(), reason)),
            Err(_) => {}
        }
    }
    passed.sort_by(|a, b| (a.paid_at, &a.found.imp_uid).cmp(&(b.paid_at, &b.found.imp_uid)));
    let mut passed = passed.into_iter();
    let credit = if credited.is_none() { passed.next() } else { None };
    disputed.extend(passed.map(|second| (second.found, GateReason::SecondPayment)));
    let rest = rest(answer, &disputed);
    Outcome { credit, disputed, rest }
}

fn rest(answer: &Answer, disputed: &[(Found, GateReason)]) -> Rest {
    if let Some((_, reason)) = disputed.first() {
        return Rest::Disputed(*reason);
    }
    if answer.found.iter().any(|found| matches!(found.status, FoundStatus::Unrecognized(_))) {
        return Rest::Unknown;
    }
    // An account that was issued waits for its money, whatever was tried after it.
    let issued = answer
        .found
        .iter()
        .find_map(|found| found.account.as_ref().filter(|_| found.status == FoundStatus::Ready));
    if let Some(account) = issued {
        return Rest::AwaitingDeposit(account.clone());
    }
    // The newest attempt is what the customer sees now: a window that was left before it says nothing any more. The list
    // comes in the order of starting, so that of two in one second the later one counts.
    let newest = answer
        .found
        .iter()
        .filter(|found| found.status != FoundStatus::Paid)
        .max_by_key(|found| found.started_at);
    match newest.map(|found| (&found.status, found)) {
        Some((FoundStatus::Failed, found)) => Rest::Failed(found.fail_reason.clone()),
        Some((FoundStatus::Cancelled, found)) => Rest::Voided(found.cancel_reason.clone()),
        Some((FoundStatus::Ready | FoundStatus::Paid | FoundStatus::Unrecognized(_), _)) | None => Rest::Open,
    }
}
