//! Strict JSON: a key that stands twice makes the whole text unreadable, since two readers could see two sums; numbers
//! stay the text that was sent, since a float would round them.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::error::PortoneError;

/// How deep lists and maps may stand in one another. PortOne's answers need five.
const DEEPEST: usize = 32;

/// Any JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    /// A number, letter for letter.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Map(BTreeMap<String, Json>),
}

/// Reads a whole text.
///
/// # Errors
/// [`PortoneError::Odd`]: no JSON, a key twice in one map, or deeper than [`DEEPEST`].
pub(crate) fn parse(text: &[u8]) -> Result<Json, PortoneError> {
    let text = std::str::from_utf8(text).map_err(|_| PortoneError::Odd { what: "no UTF-8" })?;
    read(text.trim_matches(BLANK), DEEPEST).map_err(|_| PortoneError::Odd { what: "no JSON, or a key twice" })
}

/// What JSON calls white space.
const BLANK: [char; 4] = [' ', '\t', '\r', '\n'];

/// Each level is first only found (as [`RawValue`], which checks the grammar without recursion) and then read, so that
/// the depth is bounded here, whatever features serde_json was built with.
fn read(text: &str, depth: usize) -> Result<Json, serde_json::Error> {
    match text.as_bytes().first() {
        Some(b'{') => {
            let depth = deeper(depth)?;
            let Fields(fields) = serde_json::from_str(text)?;
            fields
                .into_iter()
                .map(|(key, raw)| Ok((key, read(raw.get(), depth)?)))
                .collect::<Result<_, _>>()
                .map(Json::Map)
        }
        Some(b'[') => {
            let depth = deeper(depth)?;
            let items: Vec<&RawValue> = serde_json::from_str(text)?;
            items.into_iter().map(|raw| read(raw.get(), depth)).collect::<Result<_, _>>().map(Json::List)
        }
        Some(b'"') => serde_json::from_str(text).map(Json::Text),
        Some(b't' | b'f') => serde_json::from_str(text).map(Json::Bool),
        Some(b'n') => serde_json::from_str::<()>(text).map(|()| Json::Null),
        // A number or nothing at all: the grammar is checked, the text is kept.
        Some(_) | None => {
            serde_json::from_str::<&RawValue>(text).map(|raw| Json::Number(raw.get().to_owned()))
        }
    }
}

fn deeper(depth: usize) -> Result<usize, serde_json::Error> {
    depth.checked_sub(1).ok_or_else(|| serde_json::Error::custom("too deep"))
}

/// A map whose values are not read yet, each key once.
struct Fields<'a>(BTreeMap<String, &'a RawValue>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Fields<'de>, D::Error> {
        struct Once;
        impl<'de> Visitor<'de> for Once {
            type Value = Fields<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Fields<'de>, A::Error> {
                let mut fields = BTreeMap::new();
                while let Some((key, value)) = access.next_entry::<String, &'de RawValue>()? {
                    if fields.insert(key, value).is_some() {
                        return Err(A::Error::custom("a key stands twice"));
                    }
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Once)
    }
}

impl Json {
    /// A field of a map; `None` when it is not there or null.
    pub(crate) fn get(&self, key: &str) -> Option<&Json> {
        self.field(key).filter(|value| **value != Json::Null)
    }
    /// Whether a map says null for this key; a key that is not there says nothing.
    pub(crate) fn says_null(&self, key: &str) -> bool {
        self.field(key) == Some(&Json::Null)
    }
    fn field(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Map(map) => map.get(key),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) | Json::List(_) => None,
        }
    }
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::List(_) | Json::Map(_) => None,
        }
    }
    /// A number that is whole and exact; see [`crate::amount::whole`].
    pub(crate) fn whole(&self) -> Option<i64> {
        match self {
            Json::Number(text) => crate::amount::whole(text),
            Json::Null | Json::Bool(_) | Json::Text(_) | Json::List(_) | Json::Map(_) => None,
        }
    }
    pub(crate) fn boolean(&self) -> Option<bool> {
        match self {
            Json::Bool(value) => Some(*value),
            Json::Null | Json::Number(_) | Json::Text(_) | Json::List(_) | Json::Map(_) => None,
        }
    }
    pub(crate) fn list(&self) -> Option<&[Json]> {
        match self {
            Json::List(list) => Some(list),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) | Json::Map(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stays_the_text_that_was_sent() {
        for text in ["0", "-0", "10000.0", "1e4", "1E+4", "1e400", "9007199254740993", "0.1000"] {
            assert_eq!(parse(text.as_bytes()).unwrap(), Json::Number(text.to_owned()));
        }
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in [
            "",
            " ",
            "NaN",
            "Infinity",
            "+1",
            "01",
            "1.",
            ".5",
            "1e",
            "0x10",
            "nul",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "1 2",
            "'a'",
        ] {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
        assert!(parse(b"\"\xff\"").is_err());
        assert!(parse(" \r\n\t{ \"a\" : [ 1 , null ] } \n".as_bytes()).is_ok());
    }

    #[test]
    fn a_key_that_stands_twice_is_refused_however_deep_and_however_written() {
        for text in
            [r#"{"a":1,"a":1}"#, r#"{"x":[{"y":{"a":1,"b":2,"a":3}}]}"#, r#"{"amount":1,"\u0061mount":2}"#]
        {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
        assert!(parse(br#"{"a":{"a":1},"b":{"a":1}}"#).is_ok());
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(nested(DEEPEST).as_bytes()).is_ok());
        for depth in [DEEPEST + 1, 100_000] {
            assert!(parse(nested(depth).as_bytes()).is_err(), "{depth}");
        }
    }
}
