//! The one command that a web view can call, and only the main window's.
#![expect(clippy::let_underscore_must_use, reason = "tauri::command writes one")]

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use counter::{AppError, ErrorBody, Refusal};
use ledger::Mode;
use serde_json::{Value, json};
use tauri::{State, Webview};
use till::{Config, StartMode, Till};
use tokio::sync::OnceCell;

use crate::main_window;

/// The way to the till. The window is shown before the book is open, and its first question waits here; where the book
/// did not open, the next question tries again, and practice can be entered past it.
pub(crate) struct Door {
    till: OnceCell<Arc<Till>>,
    failed: Mutex<Option<(Instant, ErrorBody)>>,
    config: Box<dyn Fn() -> Config + Send + Sync>,
}

impl Door {
    /// To a till that is opened with what this makes.
    pub(crate) fn new(config: impl Fn() -> Config + Send + Sync + 'static) -> Door {
        Door { till: OnceCell::new(), failed: Mutex::default(), config: Box::new(config) }
    }

    /// The till, if it is open by now.
    pub(crate) fn till(&self) -> Option<Arc<Till>> {
        self.till.get().map(Arc::clone)
    }

    /// The till, opened if it is not.
    ///
    /// # Errors
    /// Why it did not open.
    pub(crate) async fn opened(&self) -> Result<Arc<Till>, ErrorBody> {
        self.till.get_or_try_init(|| self.open()).await.map(Arc::clone)
    }

    async fn open(&self) -> Result<Arc<Till>, ErrorBody> {
        let before = self.failed().clone();
        if let Some((at, error)) = &before
            && at.elapsed() < OPEN_AGAIN
        {
            return Err(error.clone());
        }
        self.open_with((self.config)()).await
    }

    /// The till, opened on the practice book whatever book it was to start with.
    async fn practice(&self) -> Result<Arc<Till>, ErrorBody> {
        let config = Config { start: StartMode::Practice, ..(self.config)() };
        self.till.get_or_try_init(|| self.open_with(config)).await.map(Arc::clone)
    }

    async fn open_with(&self, config: Config) -> Result<Arc<Till>, ErrorBody> {
        let before = self.failed().clone();
        Till::open(config).await.map_err(|error| {
            let body = ErrorBody::from(&error);
            // The screen asks again and again; the log is told once.
            if before.is_none_or(|(_, before)| before.code != body.code) {
                tracing::error!(code = body.code, error = error.chain(), "the book did not open");
            }
            *self.failed() = Some((Instant::now(), body.clone()));
            body
        })
    }

    fn failed(&self) -> MutexGuard<'_, Option<(Instant, ErrorBody)>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How soon a book that did not open is tried again.
const OPEN_AGAIN: Duration = Duration::from_secs(1);
/// No command is longer, and none needs more: a list of members' names would.
const LONGEST_COMMAND: usize = 64;

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
    if command.len() > LONGEST_COMMAND || size(&body) > counter::largest_body(&command) {
        return Ok(refused(&ErrorBody::from(&AppError::from(Refusal::BadRequest("too large".to_owned())))));
    }
    let opened = if to_practice(&command, &body) { door.practice().await } else { door.opened().await };
    Ok(match opened {
        Ok(till) => till.rpc(&command, body).await,
        Err(error) => refused(&error),
    })
}

/// Whether this is the one command that has its sense also while a book does not open.
fn to_practice(command: &str, body: &Value) -> bool {
    command == "mode_switch" && body.get("mode").and_then(Value::as_str) == Some(Mode::Practice.word())
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
        let most = counter::largest_body("spend");
        assert!(size(&json!({ "name": "홍길동", "points": 10_000, "more": [null, true] })) < 100);
        assert!(size(&json!({ "a": { "b": ["x".repeat(most)] } })) > most);
        assert!(size(&json!(vec![0; most])) > most);
    }
}
