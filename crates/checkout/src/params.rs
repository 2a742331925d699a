//! The parameters of `IMP.request_pay`, as JSON. Source: PortOne V1 SDK, `request_pay`.

use serde_json::{Map, Value};

use crate::order::{ChannelChoice, PayRequest};
use crate::text::cut;

/// Longest `name`, in characters. Whether a PG counts bytes instead is not documented.
const NAME_CHARS: usize = 40;
/// Longest `buyer_name`, in characters.
const BUYER_NAME_CHARS: usize = 16;
/// Longest telephone number or mail address; no limit is documented, so this only keeps the page small.
const CONTACT_CHARS: usize = 200;

/// What the page hands to `IMP.request_pay`.
pub(crate) fn request_pay(pay: &PayRequest, return_url: &str) -> Value {
    let mut params = Map::new();
    let mut put = |key: &str, value: Value| {
        params.insert(key.to_owned(), value);
    };
    match &pay.channel {
        ChannelChoice::Key(key) => put("channelKey", key.as_str().into()),
        ChannelChoice::Pg(pg) => put("pg", pg.as_str().into()),
    }
    put("pay_method", pay.pay_method.as_str().into());
    put("merchant_uid", pay.merchant_uid.as_str().into());
    put("name", cut(&pay.name, NAME_CHARS).into());
    // A number: several PGs refuse a string.
    put("amount", pay.won.get().into());
    for (key, text, max) in [
        ("buyer_name", &pay.buyer_name, BUYER_NAME_CHARS),
        ("buyer_tel", &pay.buyer_tel, CONTACT_CHARS),
        ("buyer_email", &pay.buyer_email, CONTACT_CHARS),
    ] {
        let text = text.as_deref().map(|text| cut(text, max)).unwrap_or_default();
        if !text.is_empty() {
            put(key, text.into());
        }
    }
    // A phone bill is refused without it (PortOne, `request_pay`); the other ways pass it over.
    put("digital", pay.digital.into());
    if is_payco(pay) {
        // "WebView 등 팝업이 차단되는 환경에서는 popup:false" (PortOne, payco.mdx).
        put("popup", false.into());
    }
    if let Some(data) = &pay.custom_data {
        put("custom_data", data.clone());
    }
    // Always: without it the answer of a PG that redirects is lost (PortOne, auth.mdx).
    put("m_redirect_url", return_url.into());
    Value::Object(params)
}

fn is_payco(pay: &PayRequest) -> bool {
    let by_channel = match &pay.channel {
        ChannelChoice::Key(_) => false,
        ChannelChoice::Pg(pg) => pg.split('.').next() == Some("payco"),
    };
    by_channel || pay.pay_method == "payco"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::tests::order;

    #[test]
    fn the_page_asks_for_exactly_what_the_order_says() {
        let mut pay = order("c").pay;
        pay.buyer_name = Some("가".repeat(17));
        pay.buyer_tel = Some("010-0000-0000".to_owned());
        pay.buyer_email = Some(" ".to_owned());
        pay.custom_data = Some(serde_json::json!({ "till": 1 }));
        assert_eq!(
            request_pay(&pay, "http://127.0.0.1:1/pay/t/return"),
            serde_json::json!({
                "channelKey": "channel-key-1", "pay_method": "card", "merchant_uid": "pt1abc", "name": "포인트 충전",
                "amount": 100_000, "buyer_name": "가".repeat(16), "buyer_tel": "010-0000-0000", "digital": true,
                "custom_data": { "till": 1 }, "m_redirect_url": "http://127.0.0.1:1/pay/t/return",
            })
        );
    }

    #[test]
    fn every_way_says_whether_it_is_digital_and_payco_gets_no_popup() {
        let mut pay = order("c").pay;
        pay.pay_method = "phone".to_owned();
        assert_eq!(request_pay(&pay, "")["digital"], true);
        pay.pay_method = "card".to_owned();
        pay.channel = ChannelChoice::Pg("payco.PARTNERTEST".to_owned());
        let params = request_pay(&pay, "");
        assert_eq!((&params["popup"], &params["pg"]), (&Value::Bool(false), &"payco.PARTNERTEST".into()));
        assert_eq!((&params["digital"], params.get("channelKey")), (&Value::Bool(true), None));
    }
}
