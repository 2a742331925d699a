//! What came back from the pay window, as the page or a redirect tells it.

use serde_json::{Map, Value};

use crate::text::hint_text;

/// The three things that PortOne's callback and redirect have in common. `merchant_uid` is not read: the ticket
/// says which charge it is, and a page may say anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) imp_uid: Option<String>,
    pub(crate) error_code: Option<String>,
    pub(crate) error_msg: Option<String>,
}

/// What the page posts: an object. It is read field by field, since a PG's code comes as a number at times, and one
/// odd field is no reason to lose a hint.
#[derive(Debug)]
pub(crate) struct Posted(Map<String, Value>);

impl Posted {
    /// `None` for what is no JSON object.
    pub(crate) fn read(body: &[u8]) -> Option<Posted> {
        serde_json::from_slice(body).ok().map(Posted)
    }

    /// The SDK could not be loaded, so there is no answer.
    pub(crate) fn sdk_failed(&self) -> bool {
        self.0.get("sdk_failed") == Some(&Value::Bool(true))
    }

    pub(crate) fn answer(&self) -> Answer {
        let field = |name: &str| self.0.get(name).and_then(text);
        Answer { imp_uid: field("imp_uid"), error_code: field("error_code"), error_msg: field("error_msg") }
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => hint_text(text),
        Value::Number(number) => hint_text(&number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

impl Answer {
    /// Reads `imp_uid=…&error_code=…` from an address's query and, for a form, the body; the first that says
    /// something counts.
    pub(crate) fn from_form(query: &[u8], body: &[u8]) -> Answer {
        let mut answer = Answer::default();
        for (key, value) in form_urlencoded::parse(query).chain(form_urlencoded::parse(body)) {
            let field = match key.as_ref() {
                "imp_uid" => &mut answer.imp_uid,
                "error_code" => &mut answer.error_code,
                "error_msg" => &mut answer.error_msg,
                _ => continue,
            };
            if field.is_none() {
                *field = hint_text(&value);
            }
        }
        answer
    }

    /// Whether the page may offer to pay again. Only after an error, and not when PortOne says that the order is
    /// approved already (F1002, or its words without the code): then asking PortOne is what helps.
    pub(crate) fn may_try_again(&self) -> bool {
        let says_error = self.error_code.is_some() || self.error_msg.is_some();
        let approved_before = self.error_code.as_deref() == Some("F1002")
            || self.error_msg.as_deref().is_some_and(|msg| msg.contains("이미 결제"));
        says_error && !approved_before
    }

    /// What the pay window said, for the customer to read.
    pub(crate) fn words(&self) -> Option<&str> {
        self.error_msg.as_deref().or(self.error_code.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(json: &str) -> Answer {
        Posted::read(json.as_bytes()).unwrap().answer()
    }

    #[test]
    fn paying_again_is_offered_after_a_refusal_only() {
        assert!(posted(r#"{"error_msg":"[결제포기] 사용자가 결제를 취소하셨습니다"}"#).may_try_again());
        assert!(posted(r#"{"error_code":4100}"#).may_try_again());
        for json in [
            r#"{"error_code":"F1002","error_msg":"x"}"#,
            r#"{"error_msg":"이미 결제가 이루어진 거래건입니다."}"#,
            r#"{"imp_uid":"imp_1"}"#,
            r#"{"error_code":null,"error_msg":""}"#,
            "{}",
        ] {
            assert!(!posted(json).may_try_again(), "{json}");
        }
    }

    #[test]
    fn a_form_is_read_like_an_address() {
        let answer =
            Answer::from_form(b"imp_uid=imp_1&imp_uid=imp_2", "error_msg=%ED%95%9C%EB%8F%84+x".as_bytes());
        assert_eq!(
            answer,
            Answer {
                imp_uid: Some("imp_1".to_owned()),
                error_code: None,
                error_msg: Some("한도 x".to_owned())
            }
        );
        assert_eq!(Answer::from_form(b"", &[0xff, b'=', 0xfe]), Answer::default());
    }
}
