//! What crosses to the screen and back. `bindings.rs` writes these types in TypeScript.
//!
//! Requests refuse unknown fields, so that a misspelt one is never silently left out.

mod entered;

pub use entered::Entered;
use ledger::{
    ChargeId, ChargeState, LotId, MemberId, Mode, RequestId, Role, StaffId, TransactionId, TransactionKind,
    UnixMillis,
};
use money::{Points, Won};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! request {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident : $kind:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Deserialize, TS)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[ts(optional_fields)]
        pub struct $name { $($(#[$field_doc])* pub $field: $kind),* }
    };
}
macro_rules! answer {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident : $kind:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Serialize, TS)]
        #[serde(rename_all = "camelCase")]
        pub struct $name { $($(#[$field_doc])* pub $field: $kind),* }
    };
}

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

// ---- nothing asked

request! {
    /// A command that needs nothing.
    Empty {}
}
answer! {
    /// Done; there is nothing to say.
    Nothing {}
}

// ---- state of the till

answer! {
    /// All that the frame around every screen shows.
    AppState {
        /// The book in use.
        mode: Mode,
        /// Shown at the top; empty until the owner names the shop.
        shop_name: String,
        /// Who is signed in.
        staff: StaffView,
        /// Whether the book proved itself since the start.
        book: BookState,
        /// Whether PortOne can be asked.
        connection: Connection,
        /// Charges that are not finished, of this book.
        waiting: u32,
        /// Live charges that still settle behind test mode or practice.
        live_waiting: u32,
        /// Least sum of a charge.
        min_won: Won,
        /// Largest sum of a charge.
        max_won: Won,
        /// What each preset costs and gives.
        presets: Vec<ChargeQuote>,
        /// The ways to pay, in the order of the screen.
        methods: Vec<PayMethod>,
        /// Modes that can be entered now.
        modes: Vec<Mode>,
        /// The channel's name, as PortOne's console shows it.
        channel_name: Option<String>,
        /// The channel's payment company, for example `html5_inicis`.
        pg_provider: Option<String>,
    }
}
answer! {
    /// A person behind the counter.
    StaffView {
        /// Their number.
        id: StaffId,
        /// Their name.
        name: String,
        /// What they may do.
        role: Role,
    }
}
/// Whether the book proved itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum BookState {
    /// The audit at start is not through; balances show, charging waits.
    Auditing,
    /// Proved.
    Ok,
    /// An invariant is broken: read-only.
    Broken,
}
/// Whether PortOne can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Connection {
    /// Practice needs no network.
    Practice,
    /// No keys were stored.
    NoKeys,
    /// No channel was chosen, or the chosen one is not of this mode.
    NoChannel,
    /// The operating system's keyring is not there or is locked.
    NoKeyring,
    /// The last question was answered.
    Connected,
    /// Not asked yet.
    Connecting,
    /// The last question got no answer.
    Unreachable,
    /// PortOne refuses the keys.
    KeysRefused,
}

// ---- charging

request! {
    /// What would this sum give?
    QuoteAsk {
        /// The sum, in won.
        won: Entered<Won>,
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
        /// When the bonus goes.
        bonus_expires_at: Option<UnixMillis>,
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
        /// The promised bonus.
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
    /// The charges that are not finished.
    Waiting {
        /// The oldest first.
        charges: Vec<ChargeView>,
    }
}

// ---- members

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
    /// Finds members by last four digits, a whole number in any spelling, or a name.
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
        /// The charge that it credited.
        charge_id: Option<ChargeId>,
        /// The transaction that it takes back.
        reverses: Option<TransactionId>,
        /// It was taken back by another one.
        reversed: bool,
        /// The money came late.
        late: bool,
        /// The proof of a charge.
        payment: Option<PaymentView>,
        /// Why, in the clerk's words.
        note: Option<String>,
    }
}

// ---- using points

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

// ---- history and proof

request! {
    /// A page of transactions, the latest first.
    HistoryAsk {
        /// Only this member's.
        #[serde(default)]
        member_id: Option<MemberId>,
        /// Only these kinds; all when absent or empty.
        #[serde(default)]
        kinds: Option<Vec<TransactionKind>>,
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

// ---- settings

answer! {
    /// What the settings screen shows. Never a secret.
    SettingsView {
        /// The shop's name.
        shop_name: String,
        /// Largest sum of one charge.
        max_charge_won: Won,
        /// The sums on the tiles, at most five.
        preset_won: Vec<Won>,
        /// The hour at which the shop's day turns, 0 to 23, in Seoul.
        day_turns_at_hour: u8,
        /// The bonus rule in force.
        bonus_rule: Option<BonusRuleView>,
        /// Whether keys are stored, and where they would be.
        keys: KeysView,
        /// 고객사 식별코드, for example `imp12345678`; public.
        user_code: Option<String>,
        /// The chosen channel's key.
        channel_key: Option<String>,
        /// The channel's name.
        channel_name: Option<String>,
    }
}
answer! {
    /// A bonus for charging.
    BonusRuleView {
        /// Whole percent of the sum.
        percent: u32,
        /// From this sum on.
        min_won: Won,
        /// How long the bonus lasts.
        valid_days: u32,
    }
}
answer! {
    /// Where the keys are.
    KeysView {
        /// Keys are stored.
        stored: bool,
        /// The last four characters of the REST API key, to tell keys apart.
        key_ends_with: Option<String>,
        /// The keyring answers.
        keyring_ok: bool,
    }
}
request! {
    /// Changes the shop's own settings.
    SettingsShop {
        /// Made once by the screen.
        request_id: RequestId,
        /// The shop's name, at most 40 characters.
        shop_name: String,
        /// Largest sum of one charge.
        max_charge_won: Entered<Won>,
        /// The sums on the tiles, at most five.
        preset_won: Vec<Won>,
        /// The hour at which the shop's day turns.
        day_turns_at_hour: u8,
    }
}
request! {
    /// Sets the bonus rule; 0 percent ends it.
    BonusRuleSet {
        /// Made once by the screen.
        request_id: RequestId,
        /// Whole percent, 0 to 100.
        percent: u32,
        /// From this sum on.
        min_won: Entered<Won>,
        /// How long the bonus lasts, 1 to 3650 days.
        valid_days: u32,
    }
}
request! {
    /// Stores PortOne's keys in the keyring. They are tried first.
    KeysSave {
        /// REST API key.
        imp_key: String,
        /// REST API secret.
        imp_secret: String,
        /// 고객사 식별코드.
        user_code: String,
    }
}
answer! {
    /// The channels that PortOne lists.
    Channels {
        /// In PortOne's order.
        channels: Vec<ChannelView>,
    }
}
answer! {
    /// A channel: one payment company's contract.
    ChannelView {
        /// Its key.
        channel_key: String,
        /// Its name in PortOne's console.
        name: String,
        /// The payment company.
        pg_provider: String,
        /// The shop's name at the payment company (MID).
        pg_id: String,
        /// A test channel; `null`: PortOne did not say.
        sandbox: Option<bool>,
        /// It is of this mode and can be chosen.
        usable: bool,
    }
}
request! {
    /// Chooses the channel of this book.
    ChannelChoose {
        /// Its key.
        channel_key: String,
    }
}
request! {
    /// Changes the book.
    ModeSwitch {
        /// To which.
        mode: Mode,
    }
}

// ---- what is told without being asked

/// Something changed; a screen that shows it reads it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Event {
    /// A charge moved.
    Charge {
        /// Which.
        charge_id: ChargeId,
        /// Whose.
        member_id: MemberId,
    },
    /// A member's points or profile changed.
    Member {
        /// Whose.
        member_id: MemberId,
    },
    /// The frame's state changed: mode, connection, book, settings.
    State,
}
