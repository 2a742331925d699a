//! A shell without windows, and a keyring that forgets.

use std::sync::{Mutex, PoisonError};

use counter::wire::Event;
use till::{Pepper, Secrets, SecretsError, Shell, StoredKeys};
use tokio::sync::broadcast;

/// Pay pages are opened by whoever asked, by their address; events go to `/events`.
pub(crate) struct HeadlessShell {
    events: broadcast::Sender<String>,
}

impl HeadlessShell {
    pub(crate) fn new(events: broadcast::Sender<String>) -> HeadlessShell {
        HeadlessShell { events }
    }
}

impl Shell for HeadlessShell {
    fn show_checkout(&self, _charge: &str, _url: &str, _title: &str) -> Result<(), String> {
        Ok(())
    }
    fn close_checkout(&self, _charge: &str) {}
    fn emit(&self, event: &Event) {
        if let Ok(event) = serde_json::to_string(event) {
            // Nobody may be listening.
            let _listeners = self.events.send(event);
        }
    }
}

/// Keys from the command line, kept in memory alone.
pub(crate) struct MemorySecrets {
    keys: Mutex<Option<StoredKeys>>,
    pepper: Mutex<Option<Pepper>>,
}

/// A keyring that forgets would forget everybody's PIN with each start; nobody's money is behind these.
const PEPPER: [u8; 32] = *b"devhost is never shipped, so ...";

impl MemorySecrets {
    pub(crate) fn new(keys: Option<StoredKeys>) -> MemorySecrets {
        MemorySecrets { keys: Mutex::new(keys), pepper: Mutex::new(Some(PEPPER.into())) }
    }
}

impl Secrets for MemorySecrets {
    fn load(&self) -> Result<Option<StoredKeys>, SecretsError> {
        Ok(self.keys.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }
    fn save(&self, keys: &StoredKeys) -> Result<(), SecretsError> {
        *self.keys.lock().unwrap_or_else(PoisonError::into_inner) = Some(keys.clone());
        Ok(())
    }
    fn forget(&self) -> Result<(), SecretsError> {
        *self.keys.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(())
    }
    fn pepper(&self) -> Result<Option<Pepper>, SecretsError> {
        Ok(self.pepper.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }
    fn save_pepper(&self, pepper: &Pepper) -> Result<(), SecretsError> {
        *self.pepper.lock().unwrap_or_else(PoisonError::into_inner) = Some(pepper.clone());
        Ok(())
    }
}
