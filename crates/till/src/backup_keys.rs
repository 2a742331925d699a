//! The keys of the backups, read from the keyring once and kept in memory: the shop's own first, and those that were typed in for
//! backups of another PC.

use std::sync::{Arc, Mutex, PoisonError};

use backup::Identity;
use counter::{AppError, Refusal};
use secrecy::{ExposeSecret, SecretString};

use crate::config::{Secrets, SecretsError};

/// The name under which the keyring holds them.
const NAME: &str = "backup";

pub(crate) struct BackupKeys {
    secrets: Arc<dyn Secrets>,
    known: Mutex<Option<Vec<Identity>>>,
    /// Held while the keyring is asked: two who find none would make two.
    asking: tokio::sync::Mutex<()>,
}

fn refused(error: &SecretsError) -> AppError {
    tracing::warn!(%error, "the keyring gave no key for backups");
    match error {
        SecretsError::Locked(_) => Refusal::KeyringLocked.into(),
        SecretsError::Unavailable(_) | SecretsError::Failed(_) => Refusal::KeyringUnavailable.into(),
    }
}

impl BackupKeys {
    pub(crate) fn new(secrets: Arc<dyn Secrets>) -> BackupKeys {
        BackupKeys { secrets, known: Mutex::default(), asking: tokio::sync::Mutex::default() }
    }

    /// All keys, the shop's own first; none where none was made yet.
    pub(crate) async fn all(&self) -> Result<Vec<Identity>, AppError> {
        let _asking = self.asking.lock().await;
        self.load().await
    }

    /// The shop's own key, made where there is none.
    pub(crate) async fn own(&self) -> Result<Identity, AppError> {
        let _asking = self.asking.lock().await;
        if let Some(own) = self.load().await?.first() {
            return Ok(own.clone());
        }
        let own = Identity::generate();
        self.save(vec![own.clone()]).await?;
        Ok(own)
    }

    /// Takes a key that was typed in. It comes first where there was none: then it is the shop's own, on its new PC.
    pub(crate) async fn enter(&self, key: &str) -> Result<(), AppError> {
        let entered = Identity::parse(key).map_err(|_| Refusal::RecoveryKeyBad)?;
        let _asking = self.asking.lock().await;
        let mut keys = self.load().await?;
        let name = entered.recipient().to_string();
        if keys.iter().any(|key| key.recipient().to_string() == name) {
            return Ok(());
        }
        keys.push(entered);
        self.save(keys).await
    }

    async fn load(&self) -> Result<Vec<Identity>, AppError> {
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            return Ok(known);
        }
        let secrets = Arc::clone(&self.secrets);
        let text = tokio::task::spawn_blocking(move || secrets.load_named(NAME))
            .await
            .map_err(|_| AppError::Internal("keyring thread"))?
            .map_err(|error| refused(&error))?;
        let mut keys = Vec::new();
        for line in text.as_ref().map(|text| text.expose_secret().lines()).into_iter().flatten() {
            // One that cannot be read is no reason to make a new one in its place.
            keys.push(Identity::parse(line).map_err(|_| Refusal::KeyringUnavailable)?);
        }
        self.learn(keys.clone());
        Ok(keys)
    }

    async fn save(&self, keys: Vec<Identity>) -> Result<(), AppError> {
        let lines: Vec<SecretString> = keys.iter().map(Identity::secret).collect();
        let lines: Vec<&str> = lines.iter().map(SecretString::expose_secret).collect();
        let (secrets, text) = (Arc::clone(&self.secrets), SecretString::from(lines.join("\n")));
        tokio::task::spawn_blocking(move || secrets.save_named(NAME, &text))
            .await
            .map_err(|_| AppError::Internal("keyring thread"))?
            .map_err(|error| refused(&error))?;
        self.learn(keys);
        Ok(())
    }

    fn learn(&self, keys: Vec<Identity>) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(keys);
    }
}
