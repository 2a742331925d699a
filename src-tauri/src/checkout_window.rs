//! The pay windows as the till sees them: one a charge, with the till's loopback page in it.
//!
//! That such a window closes is a hint to ask PortOne, never an answer.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use counter::wire::Event;
use tauri::{AppHandle, Emitter, Manager, WebviewWindow, WindowEvent};
use till::Shell;

use crate::jail::{self, Jail};
use crate::main_window;
use crate::rpc::Door;

/// Charge to label. Whoever takes an entry out has closed the window.
type Open = Mutex<HashMap<String, Arc<str>>>;

/// The windows that are open.
pub(crate) struct PayWindows {
    app: AppHandle,
    data: PathBuf,
    apart: bool,
    open: Arc<Open>,
    made: AtomicU64,
}

impl PayWindows {
    /// `data` is the books' folder; `automated`: a program drives the windows.
    pub(crate) fn new(app: AppHandle, data: &Path, automated: bool) -> PayWindows {
        let data = data.join(if automated { main_window::DATA } else { "webview-pay" });
        PayWindows { app, data, apart: !automated, open: Arc::default(), made: AtomicU64::new(0) }
    }

    /// Tells the till when somebody closes the window, and closes what it had opened.
    fn watch(&self, window: &WebviewWindow, charge: String) {
        let (app, open, label) = (self.app.clone(), Arc::clone(&self.open), window.label().to_owned());
        window.on_window_event(move |event| {
            if !matches!(event, WindowEvent::Destroyed) {
                return;
            }
            jail::close_all(&app, &label);
            let ours = held(&open).get(&charge).is_none_or(|shown| **shown != *label);
            // Closed by the till, or another one took its place: no news.
            if !ours {
                held(&open).remove(&charge);
                if let Some(till) = app.state::<Door>().till() {
                    till.checkout_closed(&charge);
                }
            }
        });
    }
}

impl Shell for PayWindows {
    fn show_checkout(&self, charge: &str, url: &str, title: &str) -> Result<(), String> {
        let url = url.parse().map_err(|error| format!("the page's address: {error}"))?;
        let root: Arc<str> = format!("pay-{}", self.made.fetch_add(1, Ordering::Relaxed)).into();
        let jail = Jail { data: self.data.clone(), apart: self.apart, root: Arc::clone(&root) };
        let old = held(&self.open).insert(charge.to_owned(), root);
        let made = jail.open(&self.app, url, title);
        if let Some(old) = old {
            jail::close_all(&self.app, &old);
        }
        match made {
            Ok(window) => {
                self.watch(&window, charge.to_owned());
                Ok(())
            }
            Err(error) => {
                held(&self.open).remove(charge);
                Err(error.to_string())
            }
        }
    }

    fn close_checkout(&self, charge: &str) {
        let shown = held(&self.open).remove(charge);
        if let Some(root) = shown {
            jail::close_all(&self.app, &root);
        }
    }

    fn to_front(&self) {
        main_window::show(&self.app);
    }

    fn files(&self) -> Option<PathBuf> {
        // A program that drives the windows leaves nothing in a person's folder.
        if self.apart { self.app.path().download_dir().ok() } else { None }
    }
    fn emit(&self, event: &Event) {
        if let Err(error) = self.app.emit_to(main_window::LABEL, "changed", event) {
            tracing::warn!(%error, "the screen was not told of a change");
        }
    }
}

fn held(lock: &Open) -> MutexGuard<'_, HashMap<String, Arc<str>>> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
