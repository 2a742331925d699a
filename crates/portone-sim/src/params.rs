//! Parameters: a JSON or a form body, and the query.

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode, Uri, header},
};
use serde_json::{Map, Number, Value};

use crate::answer::Refusal;

/// The parameters of one request. Forms know only strings, so the readers below take numbers and
/// truth values in both writings.
#[derive(Debug, Clone, Default)]
pub(crate) struct Params(Map<String, Value>);

impl Params {
    /// Reads a body by its content type. Without one, JSON is recognised by its first letter.
    pub(crate) fn from_body(headers: &HeaderMap, body: &Bytes) -> Result<Params, Refusal> {
        let kind =
            headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let looks_like_json = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
        if body.iter().all(u8::is_ascii_whitespace) {
            Ok(Params::default())
        } else if kind.contains("json") || (looks_like_json && !kind.contains("x-www-form-urlencoded")) {
            serde_json::from_slice(body).map(Params).map_err(|_| {
                Refusal::new(StatusCode::BAD_REQUEST, -1, "요청 본문이 올바른 JSON 객체가 아닙니다.")
            })
        } else {
            let pairs = form_urlencoded::parse(body);
            Ok(Params(
                pairs.map(|(name, value)| (name.into_owned(), Value::from(value.into_owned()))).collect(),
            ))
        }
    }

    pub(crate) fn from_value(value: Value) -> Params {
        match value {
            Value::Object(map) => Params(map),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                Params::default()
            }
        }
    }

    pub(crate) fn into_map(self) -> Map<String, Value> {
        self.0
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text that is not empty. Numbers count as text, since `merchant_uid: 123` is sent too.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let text = match self.get(name)? {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(truth) => truth.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    /// A number, or the decimal digits of one. `Err` if it is there and neither: a sum that cannot be
    /// read must not pass for one that was left out, which means "everything".
    pub(crate) fn number(&self, name: &str) -> Result<Option<Number>, Refusal> {
        let read = match self.get(name) {
            None => return Ok(None),
            Some(Value::Number(number)) => Some(whole_if_whole(number)),
            Some(Value::String(text)) => {
                serde_json::from_str::<Number>(text.trim()).ok().map(|number| whole_if_whole(&number))
            }
            Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) => None,
        };
        read.map(Some).ok_or_else(|| unreadable(name))
    }

    /// A whole number; `Err` as for [`Params::number`].
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, Refusal> {
        self.number(name)?.map(|number| number.as_i64().ok_or_else(|| unreadable(name))).transpose()
    }

    pub(crate) fn truth(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Value::Bool(truth) => Some(*truth),
            Value::String(text) => is_true(text).then_some(true).or(Some(false)),
            Value::Number(number) => Some(number.as_i64() == Some(1)),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }
}

fn unreadable(name: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, -1, format!("{name} 파라메터가 올바르지 않습니다."))
}

/// `1000.0` is `1000`: JSON knows one kind of number only.
fn whole_if_whole(number: &Number) -> Number {
    let text = number.to_string();
    match text.strip_suffix(".0").and_then(|whole| whole.parse::<i64>().ok()) {
        Some(whole) => Number::from(whole),
        None => number.clone(),
    }
}

pub(crate) fn is_true(text: &str) -> bool {
    text == "1" || text.eq_ignore_ascii_case("true")
}

/// The query as it was sent, in order; names may repeat.
#[derive(Debug, Clone)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn of(uri: &Uri) -> Query {
        Query(form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect())
    }

    /// The last value of `name`, as PHP reads it; an empty one counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .filter(|v| !v.is_empty())
    }

    /// `name[]=a&name[]=b`, and `name[0]=a`.
    pub(crate) fn list(&self, name: &str) -> Vec<&str> {
        self.0
            .iter()
            .filter(|(key, _)| {
                key.strip_prefix(name).is_some_and(|rest| rest.starts_with('[') && rest.ends_with(']'))
            })
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// `Err` if it is there and not a whole number.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, Refusal> {
        self.get(name).map(str::parse).transpose().map_err(|_| unreadable(name))
    }
}
