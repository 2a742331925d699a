//! The envelope around every answer: the HTTP status *and* the code are believed, or neither.

use reqwest::StatusCode;

use crate::error::{PortoneError, odd, words};
use crate::json::{self, Json};

/// What came back, where it is clear.
#[derive(Debug)]
pub(crate) enum Said {
    /// HTTP 200 and code 0.
    Response(Json),
    /// HTTP 404, a code other than 0, and no response: PortOne knows none.
    NotThere,
    /// HTTP 401: this token, or these keys, are not good. `None` where the page around it was no envelope.
    NotAllowed(Option<String>),
}

/// Reads an answer. `hide` is what was sent in secret: it is taken out of PortOne's words, should they repeat it.
///
/// Source: PortOne V1 `ResponseAnnotation`; a refusal may come as HTTP 200 with a code other than 0.
pub(crate) fn open(
    call: &'static str,
    status: StatusCode,
    body: &[u8],
    hide: &str,
) -> Result<Said, PortoneError> {
    let envelope = json::parse(body);
    let code = envelope.as_ref().ok().and_then(|envelope| envelope.get("code")).and_then(Json::whole);
    tracing::debug!(call, status = status.as_u16(), code, "PortOne answered {call}");
    let (envelope, code) = match (envelope, code) {
        (Ok(envelope), Some(code)) => (envelope, code),
        // Whatever the page looks like: a new token is worth a try.
        (Ok(_) | Err(_), _) if status == StatusCode::UNAUTHORIZED => return Ok(Said::NotAllowed(None)),
        (Ok(_), None) => return odd("no code"),
        (Err(error), _) => return Err(error),
    };
    let message = envelope.get("message").and_then(Json::text).unwrap_or_default();
    let message = if hide.is_empty() { words(message) } else { words(&message.replace(hide, "…")) };
    match (status, code) {
        (StatusCode::UNAUTHORIZED, _) => Ok(Said::NotAllowed(Some(message))),
        (StatusCode::OK, 0) => match envelope.get("response") {
            Some(response) => Ok(Said::Response(response.clone())),
            None => odd("no response"),
        },
        (_, 0) => odd("code 0 with another status than 200"),
        // Only PortOne's own "none": a proxy's `{"code":404}` has no response at all.
        (StatusCode::NOT_FOUND, _) if envelope.says_null("response") => Ok(Said::NotThere),
        (status, code) => Err(PortoneError::Refused { status: status.as_u16(), code, message }),
    }
}
