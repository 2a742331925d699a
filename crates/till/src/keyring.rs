//! The keys, read from the keyring once and kept in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use counter::wire::KeysView;
use counter::{AppError, GatewayError, Refusal};
use tokio::sync::Mutex;

use crate::config::{Secrets, SecretsError, StoredKeys};

enum Known {
    NotAsked,
    Keys(Option<StoredKeys>),
}

/// The keyring and what it said.
pub(crate) struct Keyring {
    secrets: Arc<dyn Secrets>,
    known: Mutex<Known>,
    has_keys: AtomicBool,
}

fn gone() -> AppError {
    AppError::Internal("keyring thread")
}

/// For reading: PortOne cannot be asked then.
fn for_asking(error: SecretsError) -> AppError {
    tracing::warn!(%error, "the keyring gave nothing");
    match error {
        SecretsError::Locked(_) => GatewayError::KeyringLocked.into(),
        SecretsError::Unavailable(_) | SecretsError::Failed(_) => GatewayError::KeyringUnavailable.into(),
    }
}

/// For writing: nothing was stored.
fn for_storing(error: SecretsError) -> AppError {
    tracing::warn!(%error, "the keyring took nothing");
    match error {
        SecretsError::Locked(_) => Refusal::KeyringLocked.into(),
        SecretsError::Unavailable(_) | SecretsError::Failed(_) => Refusal::KeyringUnavailable.into(),
    }
}

impl Keyring {
    pub(crate) fn new(secrets: Arc<dyn Secrets>) -> Keyring {
        Keyring { secrets, known: Mutex::new(Known::NotAsked), has_keys: AtomicBool::new(false) }
    }

    /// The keys. A keyring that did not answer is asked again the next time.
    pub(crate) async fn load(&self) -> Result<Option<StoredKeys>, AppError> {
        let mut known = self.known.lock().await;
        if let Known::Keys(keys) = &*known {
            return Ok(keys.clone());
        }
        let secrets = Arc::clone(&self.secrets);
        let keys = tokio::task::spawn_blocking(move || secrets.load())
            .await
            .map_err(|_| gone())?
            .map_err(for_asking)?;
        self.has_keys.store(keys.is_some(), Ordering::SeqCst);
        *known = Known::Keys(keys.clone());
        Ok(keys)
    }

    pub(crate) async fn save(&self, keys: StoredKeys) -> Result<(), AppError> {
        let mut known = self.known.lock().await;
        let (secrets, stored) = (Arc::clone(&self.secrets), keys.clone());
        tokio::task::spawn_blocking(move || secrets.save(&stored))
            .await
            .map_err(|_| gone())?
            .map_err(for_storing)?;
        self.has_keys.store(true, Ordering::SeqCst);
        *known = Known::Keys(Some(keys));
        Ok(())
    }

    pub(crate) async fn forget(&self) -> Result<(), AppError> {
        let mut known = self.known.lock().await;
        let secrets = Arc::clone(&self.secrets);
        tokio::task::spawn_blocking(move || secrets.forget())
            .await
            .map_err(|_| gone())?
            .map_err(for_storing)?;
        self.has_keys.store(false, Ordering::SeqCst);
        *known = Known::Keys(None);
        Ok(())
    }

    /// Whether the keyring was heard to hold keys.
    pub(crate) fn has_keys(&self) -> bool {
        self.has_keys.load(Ordering::SeqCst)
    }

    pub(crate) async fn view(&self) -> KeysView {
        match self.load().await {
            Ok(Some(keys)) => {
                let skip = keys.imp_key.chars().count().saturating_sub(4);
                KeysView {
                    stored: true,
                    key_ends_with: Some(keys.imp_key.chars().skip(skip).collect()),
                    keyring_ok: true,
                }
            }
            Ok(None) => KeysView { stored: false, key_ends_with: None, keyring_ok: true },
            Err(_) => KeysView { stored: false, key_ends_with: None, keyring_ok: false },
        }
    }
}
