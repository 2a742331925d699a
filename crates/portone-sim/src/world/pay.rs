//! A pay window from opening to its end.

use axum::http::StatusCode;
use serde_json::{Number, Value};

use super::{World, kst};
use crate::{
    answer::Refusal,
    channels::{self, Channel},
    params::Params,
    payment::{Entry, Payment, Status},
};

/// What a customer does in a pay window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Pays. For a virtual account, takes the account number: the deposit comes later.
    Approve,
    /// The card company says no.
    Decline,
    /// Closes the window. PortOne keeps the payment as `ready`.
    GiveUp,
}

/// What `IMP.request_pay` is called with, as far as it matters here.
#[derive(Debug, Clone, Default)]
pub(crate) struct Order {
    pub(crate) merchant_uid: String,
    pub(crate) amount: Option<Number>,
    pub(crate) currency: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) pay_method: Option<String>,
    pub(crate) channel_key: Option<String>,
    pub(crate) pg: Option<String>,
    pub(crate) custom_data: Option<String>,
    pub(crate) customer_uid: Option<String>,
    pub(crate) buyer_name: Option<String>,
    pub(crate) buyer_tel: Option<String>,
    pub(crate) buyer_email: Option<String>,
    pub(crate) buyer_addr: Option<String>,
    pub(crate) buyer_postcode: Option<String>,
    pub(crate) vbank_due: Option<String>,
    pub(crate) escrow: bool,
    pub(crate) mobile: bool,
    pub(crate) user_agent: String,
    /// Skips the checks for an approved merchant_uid and for the pre-registered sum.
    pub(crate) force: bool,
}

impl Order {
    /// Reads the SDK's parameters; `channel_key` is taken beside `channelKey`.
    pub(crate) fn read(params: &Params) -> Order {
        Order {
            merchant_uid: params.text("merchant_uid").unwrap_or_default(),
            // None, if it cannot be read: a window without a sum does not open.
            amount: params.number("amount").unwrap_or_default(),
            currency: params.text("currency"),
            name: params.text("name"),
            pay_method: params.text("pay_method"),
            channel_key: params.text("channelKey").or_else(|| params.text("channel_key")),
            pg: params.text("pg"),
            custom_data: params.get("custom_data").map(|data| match data {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            }),
            customer_uid: params.text("customer_uid"),
            buyer_name: params.text("buyer_name"),
            buyer_tel: params.text("buyer_tel"),
            buyer_email: params.text("buyer_email"),
            buyer_addr: params.text("buyer_addr"),
            buyer_postcode: params.text("buyer_postcode"),
            vbank_due: params.text("vbank_due"),
            escrow: params.truth("escrow").unwrap_or(false),
            mobile: params.truth("mobile").unwrap_or(false),
            user_agent: "portone-sim".to_owned(),
            force: params.truth("force").unwrap_or(false),
        }
    }
}

impl World {
    /// The channel that an order selects.
    pub(crate) fn channel(&self, order: &Order) -> Option<&Channel> {
        channels::select(&self.channels, order.channel_key.as_deref(), order.pg.as_deref())
    }

    /// Opens a pay window: a payment with status `ready`. Refused before a PG is asked if the
    /// channel is unknown, the merchant_uid was approved before, or another sum is pre-registered.
    pub(crate) fn open(&mut self, order: &Order, now: i64) -> Result<String, Refusal> {
        let channel = self
            .channel(order)
            .ok_or_else(|| Refusal::window("NOT_READY", "등록 된 PG 설정 정보를 찾을 수 없습니다."))?
            .clone();
        let amount = self.admit(order)?;
        let vbank_due = match &order.vbank_due {
            Some(due) if order.pay_method.as_deref() == Some("vbank") => {
                let refused = || Refusal::window("F400", "vbank_due가 올바르지 않습니다.");
                Some(kst::parse(due).ok_or_else(refused)?)
            }
            Some(_) | None => None,
        };
        let imp_uid = loop {
            let candidate = format!("imp_{}", self.random.digits(12));
            if self.entry(&candidate).is_none() {
                break candidate;
            }
        };
        let payment = started(order, &channel, amount, imp_uid.clone(), now);
        let raw = Default::default();
        self.book.payments.push(Entry { payment, raw, updated_at: now, pg_cancelled: 0, vbank_due });
        Ok(imp_uid)
    }

    fn admit(&self, order: &Order) -> Result<Number, Refusal> {
        let Some(amount) = order.amount.clone() else {
            return Err(Refusal::window("F400", "결제금액(amount)이 올바르지 않습니다."));
        };
        let length = order.merchant_uid.chars().count();
        if length == 0 || length > 40 {
            return Err(Refusal::window("F400", "merchant_uid가 없거나 40자를 넘습니다."));
        }
        // Zero only issues a billing key, so it needs somebody to issue it for.
        let is_allowed = match amount.as_i64() {
            Some(0) => order.customer_uid.is_some(),
            Some(sum) => sum > 0,
            None => !amount.to_string().starts_with('-'),
        };
        if !is_allowed {
            return Err(Refusal::window("F400", "결제금액은 0보다 커야 합니다."));
        }
        if order.force {
            return Ok(amount);
        }
        let is_same = |entry: &&Entry| entry.payment.merchant_uid == order.merchant_uid;
        if self.book.payments.iter().filter(is_same).any(|entry| entry.payment.was_approved()) {
            return Err(Refusal::window("F1002", "이미 결제가 이루어진 거래건입니다."));
        }
        let currency = order.currency.as_deref().unwrap_or("KRW");
        match self.book.prepares.get(&order.merchant_uid) {
            Some(prepared) if !prepared.allows(&amount, currency) => {
                Err(Refusal::window("F400", "결제 요청 금액이 사전등록된 금액과 일치하지 않습니다."))
            }
            Some(_) | None => Ok(amount),
        }
    }

    /// Ends a pay window. A payment that is paid, cancelled, or has an account already stays as it
    /// is. One that failed may still be approved: PortOne documents a late `paid`.
    pub(crate) fn finish(&mut self, imp_uid: &str, outcome: Outcome, now: i64) -> Result<(), Refusal> {
        let (apply_num, tid, account) =
            (self.random.digits(8), self.random.digits(20), self.random.digits(11));
        let receipt = self.receipt(imp_uid);
        let entry = self.entry_mut(imp_uid)?;
        let payment = &mut entry.payment;
        if payment.was_approved() || payment.vbank_num.is_some() {
            return Ok(());
        }
        entry.updated_at = now;
        match outcome {
            Outcome::GiveUp => {}
            Outcome::Decline => {
                payment.status = Status::Failed;
                payment.failed_at = now;
                payment.fail_reason = Some("[51] 카드 사용한도를 초과하였습니다.".to_owned());
            }
            Outcome::Approve => {
                payment.pg_tid = Some(tid);
                payment.fail_reason = None;
                payment.failed_at = 0;
                if payment.pay_method == "vbank" {
                    payment.status = Status::Ready;
                    issue_account(payment, account, entry.vbank_due, now);
                } else {
                    payment.status = Status::Paid;
                    payment.paid_at = now;
                    payment.receipt_url = Some(receipt);
                    describe_means(payment, apply_num);
                }
            }
        }
        Ok(())
    }

    /// Money arrives in a virtual account. A sum other than the one asked for is refused by the
    /// bank, so it is refused here; `/_sim/payments/{imp_uid}/set` plays the impossible.
    pub(crate) fn deposit(&mut self, imp_uid: &str, amount: Option<i64>, now: i64) -> Result<Value, Refusal> {
        let receipt = self.receipt(imp_uid);
        let entry = self.entry_mut(imp_uid)?;
        let payment = &mut entry.payment;
        if payment.status != Status::Ready || payment.vbank_num.is_none() {
            return Err(Refusal::new(StatusCode::BAD_REQUEST, -1, "입금을 기다리는 가상계좌가 아닙니다."));
        }
        if now > payment.vbank_date {
            return Err(Refusal::new(StatusCode::BAD_REQUEST, -1, "입금기한이 지난 가상계좌입니다."));
        }
        if amount.is_some_and(|amount| payment.amount.as_i64() != Some(amount)) {
            return Err(Refusal::new(StatusCode::BAD_REQUEST, -1, "입금액이 결제금액과 다릅니다."));
        }
        payment.status = Status::Paid;
        payment.paid_at = now;
        payment.receipt_url = Some(receipt);
        entry.updated_at = now;
        Ok(entry.view())
    }
}

/// A payment whose window was just opened.
fn started(order: &Order, channel: &Channel, amount: Number, imp_uid: String, now: i64) -> Payment {
    let pay_method = order.pay_method.clone().unwrap_or_else(|| "card".to_owned());
    let is_hub = matches!(channel.pg_provider.as_str(), "html5_inicis" | "kcp" | "nice_v2" | "tosspayments");
    let is_easy_pay = matches!(
        pay_method.as_str(),
        "kakaopay"
            | "naverpay"
            | "payco"
            | "tosspay"
            | "samsung"
            | "samsungpay"
            | "lpay"
            | "ssgpay"
            | "applepay"
    );
    Payment {
        amount,
        apply_num: None,
        bank_code: None,
        bank_name: None,
        buyer_addr: order.buyer_addr.clone(),
        buyer_email: order.buyer_email.clone(),
        buyer_name: order.buyer_name.clone(),
        buyer_postcode: order.buyer_postcode.clone(),
        buyer_tel: order.buyer_tel.clone(),
        cancel_amount: Number::from(0),
        cancel_history: Vec::new(),
        cancel_reason: None,
        cancel_receipt_urls: Vec::new(),
        cancelled_at: 0,
        card_code: None,
        card_issuer_code: None,
        card_issuer_name: None,
        card_name: None,
        card_number: None,
        card_publisher_code: None,
        card_publisher_name: None,
        card_quota: 0,
        card_type: None,
        cash_receipt_issued: false,
        channel: (if order.mobile { "mobile" } else { "pc" }).to_owned(),
        currency: order.currency.clone().unwrap_or_else(|| "KRW".to_owned()),
        custom_data: order.custom_data.clone(),
        customer_uid: order.customer_uid.clone(),
        customer_uid_usage: order.customer_uid.as_ref().map(|_| "issue".to_owned()),
        deposit_history: Vec::new(),
        emb_pg_provider: (is_hub && is_easy_pay).then(|| pay_method.clone()),
        escrow: order.escrow,
        fail_reason: None,
        failed_at: 0,
        imp_uid,
        merchant_uid: order.merchant_uid.clone(),
        name: order.name.clone(),
        paid_at: 0,
        pay_method,
        pg_id: channel.pg_id.clone(),
        pg_provider: channel.pg_provider.clone(),
        pg_tid: None,
        promotion: None,
        receipt_url: None,
        sandbox: channel.sandbox,
        started_at: now,
        status: Status::Ready,
        user_agent: order.user_agent.clone(),
        vbank_code: None,
        vbank_date: 0,
        vbank_holder: None,
        vbank_issued_at: 0,
        vbank_name: None,
        vbank_num: None,
    }
}

fn issue_account(payment: &mut Payment, account: String, due: Option<i64>, now: i64) {
    // KG Inicis documents 30 days; the others are played with 7.
    let days = if payment.pg_provider == "html5_inicis" { 30 } else { 7 };
    payment.vbank_date = due.unwrap_or(now.saturating_add(days * 86_400));
    payment.vbank_code = Some("088".to_owned());
    payment.vbank_name = Some("신한은행".to_owned());
    payment.vbank_num = Some(account);
    // Source: PortOne V1, `vbank_holder` is null at tosspayments.
    payment.vbank_holder = (payment.pg_provider != "tosspayments").then(|| "모의결제".to_owned());
    payment.vbank_issued_at = now;
}

/// What the PG says about the card or the account that paid.
fn describe_means(payment: &mut Payment, apply_num: String) {
    let text = |text: &str| Some(text.to_owned());
    match payment.pay_method.as_str() {
        // Observed: kakaopay ignores the method asked for and reports its money as `point`.
        "kakaopay" | "point" if payment.pg_provider == "kakaopay" => {
            payment.pay_method = "point".to_owned();
            payment.apply_num = text("");
        }
        "trans" => {
            payment.bank_code = text("088");
            payment.bank_name = text("신한은행");
        }
        "card" => {
            payment.apply_num = Some(apply_num);
            payment.card_code = text("366");
            payment.card_name = text("신한카드");
            if channels::is_modern(&payment.pg_provider) {
                payment.card_issuer_code = text("366");
                payment.card_issuer_name = text("신한카드");
                payment.card_publisher_code = text("366");
                payment.card_publisher_name = text("신한카드");
            }
            payment.card_number = text("54287900****0294");
            payment.card_type = Some(0);
        }
        _ => payment.apply_num = Some(apply_num),
    }
}
