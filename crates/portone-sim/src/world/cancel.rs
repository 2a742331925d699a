//! Giving money back.

use axum::http::StatusCode;
use serde_json::{Number, Value};

use super::World;
use crate::{
    answer::Refusal,
    params::Params,
    payment::{Cancellation, Entry, Status},
};

/// Source: PortOne V1 `POST /payments/cancel`.
#[derive(Debug, Clone, Default)]
pub(crate) struct CancelRequest {
    pub(crate) imp_uid: Option<String>,
    pub(crate) merchant_uid: Option<String>,
    /// `None` or 0 = everything that is left.
    pub(crate) amount: Option<Number>,
    /// What the caller believes is left. `None` = not checked.
    pub(crate) checksum: Option<Number>,
    pub(crate) reason: Option<String>,
    pub(crate) has_refund_account: bool,
}

impl CancelRequest {
    pub(crate) fn read(params: &Params) -> Result<CancelRequest, Refusal> {
        let refund = ["refund_holder", "refund_bank", "refund_account"];
        let number = |name| params.number(name).map_err(|unreadable| refused(-1, unreadable.message));
        Ok(CancelRequest {
            imp_uid: params.text("imp_uid"),
            merchant_uid: params.text("merchant_uid"),
            amount: number("amount")?,
            checksum: number("checksum")?,
            reason: params.text("reason"),
            has_refund_account: refund.iter().all(|name| params.text(name).is_some()),
        })
    }
}

/// A failed cancel is always HTTP 200 with a code other than 0.
fn refused(code: i64, message: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::OK, code, message)
}

fn not_there() -> Refusal {
    refused(1, "취소할 결제건이 존재하지 않습니다.")
}

impl World {
    /// `POST /payments/cancel`.
    pub(crate) fn cancel(&mut self, request: &CancelRequest, now: i64) -> Result<Value, Refusal> {
        let imp_uid = self.cancel_target(request)?;
        let entry = self.entry(&imp_uid).ok_or_else(not_there)?;
        let amount = amount_to_cancel(entry, request.amount.as_ref())?;
        if let Some(checksum) = &request.checksum
            && entry.payment.balance() != checksum.as_i64()
        {
            return Err(refused(-1, "취소 가능 금액(checksum)이 일치하지 않습니다."));
        }
        let payment = &entry.payment;
        if payment.pay_method == "vbank"
            && payment.pg_provider != "tosspayments"
            && !request.has_refund_account
        {
            return Err(refused(-1, "가상계좌 환불에는 환불계좌 정보가 필요합니다."));
        }
        allowed_by_pg(entry, amount)?;
        let reason = request.reason.clone().unwrap_or_default();
        self.take_back(&imp_uid, amount, reason, now)
    }

    /// `imp_uid` wins, and a wrong one fails even beside a good `merchant_uid`. Of several payments
    /// with one merchant_uid, the newest that can be cancelled is taken.
    fn cancel_target(&self, request: &CancelRequest) -> Result<String, Refusal> {
        if let Some(imp_uid) = &request.imp_uid {
            return Ok(imp_uid.clone());
        }
        let Some(merchant_uid) = &request.merchant_uid else {
            return Err(refused(1, "취소할 imp_uid 또는 merchant_uid를 지정해주셔야합니다."));
        };
        let under =
            || self.book.payments.iter().rev().filter(|entry| entry.payment.merchant_uid == *merchant_uid);
        let found = under().find(|entry| entry.payment.status == Status::Paid);
        found.or_else(|| under().next()).map(|entry| entry.payment.imp_uid.clone()).ok_or_else(not_there)
    }

    /// A cancel in PortOne's console: the same as by API, without the caller's checks.
    pub(crate) fn console_cancel(
        &mut self,
        imp_uid: &str,
        amount: Option<Number>,
        now: i64,
    ) -> Result<Value, Refusal> {
        let entry = self.entry(imp_uid).ok_or_else(not_there)?;
        let amount = amount_to_cancel(entry, amount.as_ref())?;
        allowed_by_pg(entry, amount)?;
        self.take_back(imp_uid, amount, "관리자 콘솔에서 취소".to_owned(), now)
    }

    /// A cancel in the PG's own console: PortOne never hears of it and goes on showing `paid`.
    /// Without a sum, everything that the PG still holds. Source: PortOne help, "cancel-guide".
    pub(crate) fn pg_cancel(&mut self, imp_uid: &str, amount: Option<Number>) -> Result<Value, Refusal> {
        let entry = self.entry_mut(imp_uid).map_err(|_| not_there())?;
        let rest = || Some(left_at_pg(entry)).filter(|left| *left > 0).map(Number::from);
        let wanted = amount.filter(|amount| amount.as_i64() != Some(0)).or_else(rest);
        let amount = amount_to_cancel(entry, wanted.as_ref())?;
        allowed_by_pg(entry, amount)?;
        entry.pg_cancelled = entry.pg_cancelled.saturating_add(match amount {
            Amount::Whole(sum) => sum,
            // Any mark stops a second one, since such a payment is only cancelled as a whole.
            Amount::AllOfFraction => 1,
        });
        Ok(entry.view())
    }

    fn take_back(
        &mut self,
        imp_uid: &str,
        amount: Amount,
        reason: String,
        now: i64,
    ) -> Result<Value, Refusal> {
        let cancellation_id = format!("cancellation_{}", self.random.digits(12));
        let receipt_url = self.receipt(imp_uid);
        let entry = self.entry_mut(imp_uid).map_err(|_| not_there())?;
        let payment = &mut entry.payment;
        let sum = match amount {
            Amount::Whole(sum) => {
                payment.cancel_amount =
                    Number::from(payment.cancel_amount.as_i64().unwrap_or(0).saturating_add(sum));
                Number::from(sum)
            }
            Amount::AllOfFraction => {
                payment.cancel_amount = payment.amount.clone();
                payment.amount.clone()
            }
        };
        // No official sentence says what a partly cancelled payment is; `paid` is the common reading.
        if payment.balance().is_none_or(|left| left <= 0) {
            payment.status = Status::Cancelled;
        }
        // Both fields are documented as empty unless the status is `cancelled`.
        if payment.status == Status::Cancelled {
            payment.cancelled_at = now;
            payment.cancel_reason = Some(reason.clone());
        }
        payment.cancel_receipt_urls.push(receipt_url.clone());
        payment.cancel_history.push(Cancellation {
            pg_tid: payment.pg_tid.clone().unwrap_or_default(),
            amount: sum,
            cancelled_at: now,
            reason,
            receipt_url: Some(receipt_url),
            cancellation_id,
        });
        entry.updated_at = now;
        Ok(entry.view())
    }
}

/// What is to be taken back.
#[derive(Debug, Clone, Copy)]
enum Amount {
    Whole(i64),
    /// Everything of a sum that is not whole (USD).
    AllOfFraction,
}

/// What the PG still holds of a whole sum: it knows what was cancelled in its own console, too.
fn left_at_pg(entry: &Entry) -> i64 {
    entry.payment.balance().unwrap_or(0).saturating_sub(entry.pg_cancelled)
}

/// Nobody gets back more than the PG still holds, whoever asks.
fn allowed_by_pg(entry: &Entry, amount: Amount) -> Result<(), Refusal> {
    let is_too_much = match amount {
        Amount::Whole(sum) => sum > left_at_pg(entry),
        Amount::AllOfFraction => entry.pg_cancelled > 0,
    };
    if is_too_much {
        return Err(refused(-1, "결제취소에 실패하였습니다.(기 취소 거래)"));
    }
    Ok(())
}

fn amount_to_cancel(entry: &Entry, wanted: Option<&Number>) -> Result<Amount, Refusal> {
    let payment = &entry.payment;
    match payment.status {
        Status::Paid => {}
        Status::Cancelled => return Err(refused(1, "이미 전액취소된 주문입니다.")),
        Status::Ready | Status::Failed => {
            return Err(refused(1, "결제완료 상태가 아니어서 취소할 수 없습니다."));
        }
    }
    let wanted = wanted.filter(|wanted| wanted.as_i64() != Some(0));
    let Some(balance) = payment.balance() else {
        let is_all = wanted.is_none_or(|wanted| *wanted == payment.amount);
        return if is_all {
            Ok(Amount::AllOfFraction)
        } else {
            Err(refused(-1, "전액취소만 가능합니다."))
        };
    };
    match wanted.map_or(Some(balance), Number::as_i64) {
        Some(_) if balance <= 0 => Err(refused(1, "이미 전액취소된 주문입니다.")),
        Some(sum) if sum > balance => Err(refused(
            -1,
            "결제취소에 실패하였습니다.(requested cancel amount is bigger than cancelable amount)",
        )),
        Some(sum) if sum > 0 => Ok(Amount::Whole(sum)),
        Some(_) | None => Err(refused(-1, "취소금액이 올바르지 않습니다.")),
    }
}
