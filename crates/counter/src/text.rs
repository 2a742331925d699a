//! Free text on its way into the book.

use crate::error::{AppError, Refusal};

/// Trims and bounds a text; no control characters.
///
/// # Errors
/// `bad_text`.
pub(crate) fn bounded(text: &str, most: usize) -> Result<String, AppError> {
    let text = text.trim();
    if text.chars().count() > most || text.chars().any(char::is_control) {
        return Err(Refusal::BadText.into());
    }
    Ok(text.to_owned())
}

/// As [`bounded`]; nothing for an empty text.
///
/// # Errors
/// `bad_text`.
pub(crate) fn optional(text: Option<&str>, most: usize) -> Result<Option<String>, AppError> {
    Ok(text.map(|text| bounded(text, most)).transpose()?.filter(|text| !text.is_empty()))
}
