//! Pre-registration: the sum that a pay window may ask for is fixed before it opens.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Number;

use super::World;
use crate::{answer::Refusal, params::Params};

/// Source: PortOne V1 `PaymentPrepareAnnotation`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Prepared {
    pub(crate) amount: Number,
    /// `None` = not checked, and not answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) currency: Option<String>,
    pub(crate) merchant_uid: String,
}

impl Prepared {
    pub(crate) fn read(params: &Params) -> Result<Prepared, Refusal> {
        let (Some(merchant_uid), Some(amount)) = (params.text("merchant_uid"), params.number("amount")?)
        else {
            let message = "merchant_uid, amount 파라메터가 누락되었습니다.";
            return Err(Refusal::new(StatusCode::BAD_REQUEST, -1, message));
        };
        if merchant_uid.chars().count() > 40 {
            return Err(Refusal::new(StatusCode::BAD_REQUEST, -1, "merchant_uid는 40자를 넘을 수 없습니다."));
        }
        if amount.to_string().starts_with('-') {
            return Err(Refusal::new(StatusCode::BAD_REQUEST, -1, "결제예정금액은 0보다 작을 수 없습니다."));
        }
        Ok(Prepared { amount, currency: params.text("currency"), merchant_uid })
    }

    /// Whether a window with this sum may open.
    pub(crate) fn allows(&self, amount: &Number, currency: &str) -> bool {
        self.amount == *amount && self.currency.as_deref().is_none_or(|prepared| prepared == currency)
    }
}

impl World {
    /// `POST /payments/prepare`. A second one for a merchant_uid is refused, the same sum or not.
    pub(crate) fn prepare(&mut self, prepared: Prepared) -> Result<Prepared, Refusal> {
        if self.book.prepares.contains_key(&prepared.merchant_uid) {
            let message = "결제정보 사전등록에 실패하였습니다(이미 등록된 merchant_uid입니다).";
            return Err(Refusal::new(StatusCode::OK, 1, message));
        }
        self.book.prepares.insert(prepared.merchant_uid.clone(), prepared.clone());
        Ok(prepared)
    }

    /// `PUT /payments/prepare`.
    pub(crate) fn prepare_again(&mut self, prepared: Prepared) -> Result<Prepared, Refusal> {
        let kept = self.book.prepares.get_mut(&prepared.merchant_uid).ok_or_else(not_prepared)?;
        *kept = prepared;
        Ok(kept.clone())
    }

    /// `GET /payments/prepare/{merchant_uid}`.
    pub(crate) fn prepared(&self, merchant_uid: &str) -> Result<Prepared, Refusal> {
        self.book.prepares.get(merchant_uid).cloned().ok_or_else(not_prepared)
    }
}

fn not_prepared() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, 1, "사전등록된 결제정보가 존재하지 않습니다.")
}
