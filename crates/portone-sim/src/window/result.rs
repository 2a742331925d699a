//! What the SDK's callback, or the query of a redirect, says.

use serde_json::{Map, Value, json};

use super::session::{Choice, Window};
use crate::{
    channels::{self, Channel},
    payment::{Payment, Status},
    shared::Shared,
    world::Order,
};

/// The observed text for a window that was closed. Its code is not documented.
const GIVEN_UP: (&str, &str) = ("F400", "[결제포기] 사용자가 결제를 취소하셨습니다");

/// A window that did not open: no payment, so no imp_uid. Modern PGs say no `success` here either.
pub(crate) fn refused(order: &Order, channel: Option<&Channel>, code: &str, message: &str) -> Value {
    let merchant_uid = (!order.merchant_uid.is_empty()).then_some(&order.merchant_uid);
    let mut result = json!({
        "imp_uid": null,
        "merchant_uid": merchant_uid,
        "error_code": code,
        "error_msg": message,
    });
    if !channel.is_some_and(|channel| channels::is_modern(&channel.pg_provider)) {
        result["success"] = json!(false);
    }
    result
}

/// The callback's object. Modern PGs get the ids and an error, legacy ones the long form.
/// Source: PortOne V1 SDK, "payrt".
pub(crate) fn of(shared: &Shared, window: &Window, choice: Choice) -> Value {
    let payment = shared.with(|world, _| world.entry(&window.imp_uid).map(|entry| entry.payment.clone()));
    let Some(payment) = payment else { return Value::Null };
    let mut result = Map::new();
    result.insert("imp_uid".to_owned(), json!(payment.imp_uid));
    result.insert("merchant_uid".to_owned(), json!(payment.merchant_uid));
    // A payment that was approved all the same (by another hand) is told as approved.
    let error = match choice {
        _ if payment.was_approved() => None,
        Choice::GiveUp => Some((GIVEN_UP.0.to_owned(), GIVEN_UP.1.to_owned())),
        Choice::Decline => Some(("51".to_owned(), payment.fail_reason.clone().unwrap_or_default())),
        Choice::Approve | Choice::ApproveSilently | Choice::Hang => None,
    };
    let is_legacy = !channels::is_modern(&payment.pg_provider);
    if is_legacy {
        result.insert("success".to_owned(), json!(error.is_none()));
    }
    match error {
        Some((code, message)) => {
            result.insert("error_code".to_owned(), json!(code));
            result.insert("error_msg".to_owned(), json!(message));
        }
        None if is_legacy => result.extend(long_form(&payment, window.custom_data.as_ref())),
        None => {}
    }
    Value::Object(result)
}

fn long_form(payment: &Payment, custom_data: Option<&Value>) -> Map<String, Value> {
    let status = match payment.status {
        Status::Ready => "ready",
        Status::Paid => "paid",
        Status::Cancelled => "cancelled",
        Status::Failed => "failed",
    };
    let mut fields = json!({
        "apply_num": payment.apply_num,
        "bank_name": payment.bank_name,
        "buyer_addr": payment.buyer_addr,
        "buyer_email": payment.buyer_email,
        "buyer_name": payment.buyer_name,
        "buyer_postcode": payment.buyer_postcode,
        "buyer_tel": payment.buyer_tel,
        "card_name": payment.card_name,
        "card_number": payment.card_number,
        "card_quota": payment.card_quota,
        "currency": payment.currency,
        "custom_data": custom_data,
        "emb_pg_provider": payment.emb_pg_provider,
        "name": payment.name,
        "paid_amount": payment.amount,
        "paid_at": payment.paid_at,
        "pay_method": payment.pay_method,
        "pg_provider": payment.pg_provider,
        "pg_tid": payment.pg_tid,
        "pg_type": "payment",
        "receipt_url": payment.receipt_url,
        "status": status,
    });
    if payment.vbank_num.is_some()
        && let Some(fields) = fields.as_object_mut()
    {
        fields.insert("vbank_num".to_owned(), json!(payment.vbank_num));
        fields.insert("vbank_name".to_owned(), json!(payment.vbank_name));
        fields.insert("vbank_holder".to_owned(), json!(payment.vbank_holder));
        fields.insert("vbank_date".to_owned(), json!(payment.vbank_date));
    }
    match fields {
        Value::Object(fields) => fields,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
    }
}

/// `m_redirect_url` with the result in its query. Older modules also say `imp_success`.
pub(crate) fn redirect(url: &str, result: &Value) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for name in ["imp_uid", "merchant_uid", "error_code", "error_msg"] {
        if let Some(value) = result.get(name).and_then(Value::as_str) {
            query.append_pair(name, value);
        }
    }
    if let Some(success) = result.get("success").and_then(Value::as_bool) {
        query.append_pair("imp_success", if success { "true" } else { "false" });
    }
    let query = query.finish();
    let (front, fragment) = url.split_once('#').map_or((url, None), |(front, after)| (front, Some(after)));
    let join = if front.contains('?') { '&' } else { '?' };
    match fragment {
        Some(fragment) => format!("{front}{join}{query}#{fragment}"),
        None => format!("{front}{join}{query}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::redirect;

    #[test]
    fn a_redirect_keeps_the_query_and_the_fragment_of_the_page() {
        let result = json!({ "imp_uid": "imp_1", "merchant_uid": "주문", "error_code": null });
        assert_eq!(
            redirect("http://127.0.0.1:1/done?a=1#end", &result),
            "http://127.0.0.1:1/done?a=1&imp_uid=imp_1&merchant_uid=%EC%A3%BC%EB%AC%B8#end"
        );
    }
}
