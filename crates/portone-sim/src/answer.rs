//! The envelope around every answer, written the way PortOne's server writes it.

use std::io;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Value, ser::Formatter};

/// Why something was not done. HTTP status and `code` are independent at PortOne: many failures are
/// HTTP 200 with a code other than 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) http: StatusCode,
    pub(crate) code: i64,
    pub(crate) message: String,
    /// The SDK's `error_code`, where the refusal is one of a pay window.
    pub(crate) error_code: Option<String>,
}

impl Refusal {
    pub(crate) fn new(http: StatusCode, code: i64, message: impl Into<String>) -> Refusal {
        Refusal { http, code, message: message.into(), error_code: None }
    }

    /// A pay window that does not open.
    pub(crate) fn window(error_code: &str, message: impl Into<String>) -> Refusal {
        Refusal {
            http: StatusCode::OK,
            code: 1,
            message: message.into(),
            error_code: Some(error_code.to_owned()),
        }
    }
}

/// HTTP status and envelope.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) http: StatusCode,
    pub(crate) envelope: Envelope,
}

/// `{"code", "message", "response"}`, in this order. Source: PortOne V1 `ResponseAnnotation`.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Envelope {
    code: i64,
    message: Option<String>,
    response: Value,
    /// Ours, only on a refused `/_sim/pay`: what the SDK's callback would have got.
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<String>,
}

impl Answer {
    /// Success. A value that cannot be written as JSON becomes a 500, not a panic.
    pub(crate) fn ok(response: impl Serialize) -> Answer {
        Answer::ok_with(StatusCode::OK, response)
    }

    pub(crate) fn ok_with(http: StatusCode, response: impl Serialize) -> Answer {
        match serde_json::to_value(response) {
            Ok(response) => {
                Answer { http, envelope: Envelope { code: 0, message: None, response, error_code: None } }
            }
            Err(error) => Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, -1, error.to_string()).into(),
        }
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Answer {
        let Refusal { http, code, message, error_code } = refusal;
        Answer {
            http,
            envelope: Envelope { code, message: Some(message), response: Value::Null, error_code },
        }
    }
}

impl<T: Serialize> From<Result<T, Refusal>> for Answer {
    fn from(result: Result<T, Refusal>) -> Answer {
        match result {
            Ok(response) => Answer::ok(response),
            Err(refusal) => refusal.into(),
        }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut body = Vec::new();
        let mut writer = serde_json::Serializer::with_formatter(&mut body, AsciiJson);
        if let Err(error) = self.envelope.serialize(&mut writer) {
            tracing::error!(%error, "an answer could not be written");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
        let json = HeaderValue::from_static("application/json; charset=UTF-8");
        (self.http, [(header::CONTENT_TYPE, json)], body).into_response()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        Answer::from(self).into_response()
    }
}

/// Korean as `\uXXXX` and `/` as `\/`, as observed in real answers: a client that cuts strings out
/// of the bytes, or that cannot read surrogate pairs, shows itself here.
struct AsciiJson;

impl Formatter for AsciiJson {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut units = [0_u16; 2];
        for letter in fragment.chars() {
            if letter == '/' {
                writer.write_all(b"\\/")?;
            } else if letter.is_ascii() {
                write!(writer, "{letter}")?;
            } else {
                for unit in letter.encode_utf16(&mut units) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }
}
