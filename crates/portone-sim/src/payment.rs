//! A payment as PortOne shows it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

/// Source: PortOne V1 `PaymentAnnotation.status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    /// Not paid: window open or left, or waiting for a deposit.
    Ready,
    Paid,
    Cancelled,
    Failed,
}

impl Status {
    pub(crate) fn parse(text: &str) -> Option<Status> {
        match text {
            "ready" => Some(Status::Ready),
            "paid" => Some(Status::Paid),
            "cancelled" => Some(Status::Cancelled),
            "failed" => Some(Status::Failed),
            _ => None,
        }
    }
}

/// Source: PortOne V1 `PaymentAnnotation`. A time that does not apply is 0, not null.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Payment {
    pub(crate) amount: Number,
    pub(crate) apply_num: Option<String>,
    pub(crate) bank_code: Option<String>,
    pub(crate) bank_name: Option<String>,
    pub(crate) buyer_addr: Option<String>,
    pub(crate) buyer_email: Option<String>,
    pub(crate) buyer_name: Option<String>,
    pub(crate) buyer_postcode: Option<String>,
    pub(crate) buyer_tel: Option<String>,
    pub(crate) cancel_amount: Number,
    pub(crate) cancel_history: Vec<Cancellation>,
    pub(crate) cancel_reason: Option<String>,
    pub(crate) cancel_receipt_urls: Vec<String>,
    pub(crate) cancelled_at: i64,
    pub(crate) card_code: Option<String>,
    pub(crate) card_issuer_code: Option<String>,
    pub(crate) card_issuer_name: Option<String>,
    pub(crate) card_name: Option<String>,
    pub(crate) card_number: Option<String>,
    pub(crate) card_publisher_code: Option<String>,
    pub(crate) card_publisher_name: Option<String>,
    pub(crate) card_quota: i64,
    pub(crate) card_type: Option<i64>,
    pub(crate) cash_receipt_issued: bool,
    pub(crate) channel: String,
    pub(crate) currency: String,
    pub(crate) custom_data: Option<String>,
    pub(crate) customer_uid: Option<String>,
    pub(crate) customer_uid_usage: Option<String>,
    pub(crate) deposit_history: Vec<Value>,
    pub(crate) emb_pg_provider: Option<String>,
    pub(crate) escrow: bool,
    pub(crate) fail_reason: Option<String>,
    pub(crate) failed_at: i64,
    pub(crate) imp_uid: String,
    pub(crate) merchant_uid: String,
    pub(crate) name: Option<String>,
    pub(crate) paid_at: i64,
    pub(crate) pay_method: String,
    pub(crate) pg_id: String,
    pub(crate) pg_provider: String,
    pub(crate) pg_tid: Option<String>,
    pub(crate) promotion: Option<Value>,
    pub(crate) receipt_url: Option<String>,
    pub(crate) sandbox: bool,
    pub(crate) started_at: i64,
    pub(crate) status: Status,
    pub(crate) user_agent: String,
    pub(crate) vbank_code: Option<String>,
    pub(crate) vbank_date: i64,
    pub(crate) vbank_holder: Option<String>,
    pub(crate) vbank_issued_at: i64,
    pub(crate) vbank_name: Option<String>,
    pub(crate) vbank_num: Option<String>,
}

/// Source: PortOne V1 `PaymentCancelAnnotation`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Cancellation {
    pub(crate) pg_tid: String,
    pub(crate) amount: Number,
    pub(crate) cancelled_at: i64,
    pub(crate) reason: String,
    pub(crate) receipt_url: Option<String>,
    pub(crate) cancellation_id: String,
}

impl Payment {
    /// What can still be cancelled. `None` for a sum that is not whole (USD): such a payment can
    /// only be cancelled as a whole here.
    pub(crate) fn balance(&self) -> Option<i64> {
        Some(self.amount.as_i64()?.saturating_sub(self.cancel_amount.as_i64()?))
    }

    /// Moves the receipts to where they are shown now: after a restart, the port may be another.
    pub(crate) fn rehome(&mut self, receipts: &str) {
        let of_cancels = self.cancel_history.iter_mut().filter_map(|each| each.receipt_url.as_mut());
        for url in self.receipt_url.iter_mut().chain(of_cancels).chain(&mut self.cancel_receipt_urls) {
            let moved = url.split_once("/sim/receipt/").map(|(_, imp_uid)| format!("{receipts}{imp_uid}"));
            if let Some(moved) = moved {
                *url = moved;
            }
        }
    }

    /// Whether it was approved at some time, cancelled since or not.
    pub(crate) fn was_approved(&self) -> bool {
        match self.status {
            Status::Paid | Status::Cancelled => true,
            Status::Ready | Status::Failed => false,
        }
    }
}

/// A payment with what only the simulator knows about it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) payment: Payment,
    /// Fields that a test set to something a payment cannot hold, shown as they are.
    pub(crate) raw: BTreeMap<String, Value>,
    pub(crate) updated_at: i64,
    /// Cancelled in the PG's own console: PortOne never hears of it.
    pub(crate) pg_cancelled: i64,
    /// The due time that the shop asked for. It is shown only once there is an account to pay into.
    #[serde(default)]
    pub(crate) vbank_due: Option<i64>,
}

impl Entry {
    /// The payment as it is answered: alphabetical, raw fields on top.
    pub(crate) fn view(&self) -> Value {
        let mut fields: BTreeMap<String, Value> = match serde_json::to_value(&self.payment) {
            Ok(Value::Object(map)) => map.into_iter().collect(),
            Ok(_) | Err(_) => BTreeMap::new(),
        };
        fields.extend(self.raw.clone());
        Value::Object(fields.into_iter().collect())
    }

    /// Sets fields by name. What fits a payment becomes part of it, so that the rules see it; the
    /// rest is only shown.
    pub(crate) fn set(&mut self, fields: Map<String, Value>) {
        for (name, value) in fields {
            let Ok(Value::Object(mut object)) = serde_json::to_value(&self.payment) else { return };
            let known = object.insert(name.clone(), value.clone()).is_some();
            match serde_json::from_value::<Payment>(Value::Object(object)) {
                Ok(payment) if known => {
                    self.payment = payment;
                    self.raw.remove(&name);
                }
                Ok(_) | Err(_) => {
                    self.raw.insert(name, value);
                }
            }
        }
    }
}
