//! Amounts as somebody entered them.

use serde::{Deserialize, Deserializer};
use ts_rs::TS;

use crate::error::{AppError, Refusal};

/// An amount that may be none: the command says so with a code of its own, instead of a failed parse.
#[derive(Debug, Clone, Copy)]
pub struct Entered<T>(Option<T>);

impl<T> Entered<T> {
    /// # Errors
    /// `bad_amount` for a fraction, a number below zero, one too large to be exact, or no number at all.
    pub fn get(self) -> Result<T, AppError> {
        self.0.ok_or(AppError::Refused(Refusal::BadAmount))
    }
}

impl<'de, T: TryFrom<i64>> Deserialize<'de> for Entered<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        Ok(Entered(value.as_i64().and_then(|whole| T::try_from(whole).ok())))
    }
}

impl<T: TS> TS for Entered<T> {
    type WithoutGenerics = Entered<money::Won>;
    type OptionInnerType = Self;
    fn ident(_: &ts_rs::Config) -> String {
        "number".to_owned()
    }
    fn name(_: &ts_rs::Config) -> String {
        "number".to_owned()
    }
    fn inline(_: &ts_rs::Config) -> String {
        "number".to_owned()
    }
}

/// A change of an amount as somebody entered it: whole, and below zero where something goes.
#[derive(Debug, Clone, Copy)]
pub struct Change(Option<i64>);

impl Change {
    /// # Errors
    /// `bad_amount` for a fraction, a number too large to be exact, or no number at all.
    pub fn get(self) -> Result<i64, AppError> {
        self.0.ok_or(AppError::Refused(Refusal::BadAmount))
    }
}

impl<'de> Deserialize<'de> for Change {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        let exact = -money::MAX..=money::MAX;
        Ok(Change(value.as_i64().filter(|whole| exact.contains(whole))))
    }
}

impl TS for Change {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;
    fn ident(_: &ts_rs::Config) -> String {
        "number".to_owned()
    }
    fn name(_: &ts_rs::Config) -> String {
        "number".to_owned()
    }
    fn inline(_: &ts_rs::Config) -> String {
        "number".to_owned()
    }
}
