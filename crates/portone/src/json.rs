//! Strict JSON: a key that stands twice makes the whole text unreadable, since two readers could see two sums.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::error::PortoneError;

/// Any JSON. Depth is bounded by serde_json (128).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Whole(i64),
    /// A number that is not written as a whole one, in its shortest decimal.
    Float(String),
    Text(String),
    List(Vec<Json>),
    Map(BTreeMap<String, Json>),
}

/// Reads a whole text.
pub(crate) fn parse(text: &[u8]) -> Result<Json, PortoneError> {
    serde_json::from_slice(text).map_err(|_| PortoneError::Odd { what: "no JSON, or a key twice" })
}

impl Json {
    /// A field of a map; `None` when it is not there or null.
    pub(crate) fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Map(map) => map.get(key).filter(|value| **value != Json::Null),
            Json::Null | Json::Bool(_) | Json::Whole(_) | Json::Float(_) | Json::Text(_) | Json::List(_) => {
                None
            }
        }
    }
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            Json::Null | Json::Bool(_) | Json::Whole(_) | Json::Float(_) | Json::List(_) | Json::Map(_) => {
                None
            }
        }
    }
    pub(crate) fn whole(&self) -> Option<i64> {
        match self {
            Json::Whole(number) => Some(*number),
            Json::Null | Json::Bool(_) | Json::Float(_) | Json::Text(_) | Json::List(_) | Json::Map(_) => {
                None
            }
        }
    }
    pub(crate) fn boolean(&self) -> Option<bool> {
        match self {
            Json::Bool(value) => Some(*value),
            Json::Null | Json::Whole(_) | Json::Float(_) | Json::Text(_) | Json::List(_) | Json::Map(_) => {
                None
            }
        }
    }
    pub(crate) fn list(&self) -> Option<&[Json]> {
        match self {
            Json::List(list) => Some(list),
            Json::Null | Json::Bool(_) | Json::Whole(_) | Json::Float(_) | Json::Text(_) | Json::Map(_) => {
                None
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Whole(value))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(i64::try_from(value).map_or_else(|_| Json::Float(value.to_string()), Json::Whole))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Float(value.to_string()))
    }
    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = seq.next_element()? {
            list.push(value);
        }
        Ok(Json::List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut map = BTreeMap::new();
        while let Some((key, value)) = access.next_entry::<String, Json>()? {
            if map.insert(key, value).is_some() {
                return Err(A::Error::custom("a key stands twice"));
            }
        }
        Ok(Json::Map(map))
    }
}
