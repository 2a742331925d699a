//! The one command that a web view can call, and only the main window's.
#![expect(clippy::let_underscore_must_use, reason = "tauri::command writes one")]

use std::sync::Arc;

use counter::{AppError, ErrorBody, Refusal};
use serde_json::{Value, json};
use tauri::{State, Webview};
use till::Till;
use tokio::sync::watch;

use crate::main_window;

/// The open till, or why it did not open.
pub(crate) type Opened = Result<Arc<Till>, ErrorBody>;

/// Where the till will be once it is open: the window is shown before.
pub(crate) struct Door(pub(crate) watch::Receiver<Option<Opened>>);

impl Door {
    /// The till, if it is open by now.
    pub(crate) fn till(&self) -> Option<Arc<Till>> {
        self.0.borrow().as_ref()?.as_ref().ok().map(Arc::clone)
    }

    async fn opened(&self) -> Opened {
        let mut door = self.0.clone();
        match door.wait_for(Option::is_some).await {
            Ok(opened) => {
                opened.clone().unwrap_or_else(|| Err(ErrorBody::from(&AppError::Internal("no till"))))
            }
            Err(_) => Err(ErrorBody::from(&AppError::Internal("the till never opened"))),
        }
    }
}

/// No command is longer, and none needs more: a list of members' names would.
const LONGEST_COMMAND: usize = 64;
/// Bytes of JSON, about.
const LARGEST_BODY: usize = 256 * 1024;

/// Runs a command of the screen: `{"ok":true,"value":…}` or `{"ok":false,"error":{"code":…,"message":…}}`.
///
/// # Errors
/// For any window but the main one. (The capability says the same; this is the second lock.)
#[tauri::command]
pub(crate) async fn rpc(
    webview: Webview,
    door: State<'_, Door>,
    command: String,
    body: Value,
) -> Result<Value, &'static str> {
    if webview.label() != main_window::LABEL {
        tracing::error!(label = webview.label(), "a window that may call nothing called `rpc`");
        return Err("not allowed");
    }
    if command.len() > LONGEST_COMMAND || size(&body) > LARGEST_BODY {
        return Ok(refused(&ErrorBody::from(&AppError::from(Refusal::BadRequest("too large".to_owned())))));
    }
    Ok(match door.opened().await {
        Ok(till) => till.rpc(&command, body).await,
        Err(error) => refused(&error),
    })
}

fn refused(error: &ErrorBody) -> Value {
    json!({ "ok": false, "error": error })
}

/// About how many bytes this is as JSON.
fn size(value: &Value) -> usize {
    const FRAME: usize = 4;
    FRAME
        + match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => FRAME,
            Value::String(text) => text.len(),
            Value::Array(items) => items.iter().map(size).sum(),
            Value::Object(fields) => {
                fields.iter().map(|(name, value)| FRAME + name.len() + size(value)).sum()
            }
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_as_large_as_what_it_holds() {
        assert!(size(&json!({ "name": "홍길동", "points": 10_000, "more": [null, true] })) < 100);
        assert!(size(&json!({ "a": { "b": ["x".repeat(LARGEST_BODY)] } })) > LARGEST_BODY);
        assert!(size(&json!(vec![0; LARGEST_BODY])) > LARGEST_BODY);
    }
}
