//! PortOne's keys, and what PINs are hashed with, in the operating system's keyring: Secret Service, Keychain, Credential Manager.
//!
//! Architecture invariant: there is no other place. Where the keyring does not answer, the keys are not stored, and the
//! screen says so and offers practice; a file, plain or "encrypted" beside its key, is never the way out.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use keyring::{Entry, Error};
use keyring_core::CredentialStore;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use till::{Pepper, Secrets, SecretsError, StoredKeys};

use crate::mask::Mask;

/// The name under which the keyring shows them.
const SERVICE: &str = "kr.pointill.till";
/// A locked keyring asks its owner to unlock it, and waits. The till must open meanwhile.
const READ_WAIT: Duration = Duration::from_secs(20);
/// Somebody pressed 저장 and sees the question.
const WRITE_WAIT: Duration = Duration::from_secs(60);

/// PortOne's keys.
const PORTONE: &str = "portone";
/// What PINs are hashed with: an entry of its own, so that forgetting the keys leaves everybody's PIN right.
const PEPPER: &str = "pin";

type Job = Box<dyn FnOnce(&str) + Send>;

/// The keyring, for one data folder.
pub(crate) struct OsKeyring {
    jobs: mpsc::Sender<Job>,
    mask: Arc<Mask>,
}

/// As the keys lie in the keyring: JSON, by these names.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    imp_key: Cow<'a, str>,
    imp_secret: Cow<'a, str>,
}

impl OsKeyring {
    /// For the books in this folder. Two folders, two sets of keys: a trial's never take the shop's place.
    pub(crate) fn for_folder(folder: &Path, mask: Arc<Mask>) -> OsKeyring {
        let folder = hashed(folder);
        let (jobs, queue) = mpsc::channel::<Job>();
        // One thread for all calls: Credential Manager and Secret Service may answer calls from several threads out of
        // their order. Source: keyring-core's notes on the stores.
        let started = std::thread::Builder::new().name("keyring".to_owned()).spawn(move || {
            for job in queue {
                job(&folder);
            }
        });
        if let Err(error) = started {
            tracing::error!(%error, "no thread for the keyring");
        }
        OsKeyring { jobs, mask }
    }

    fn ask<T: Send + 'static>(
        &self,
        kind: &'static str,
        wait: Duration,
        job: impl FnOnce(&Entry) -> Result<T, SecretsError> + Send + 'static,
    ) -> Result<T, SecretsError> {
        let (answer, answered) = mpsc::sync_channel(1);
        let waited_for = Arc::new(());
        let waits = Arc::downgrade(&waited_for);
        let job: Job = Box::new(move |folder| {
            // Nobody waits any more, and the screen has said that nothing was stored: then nothing is.
            if waits.strong_count() == 0 {
                return;
            }
            let done = entry(&format!("{kind}:{folder}")).and_then(|entry| job(&entry));
            if answer.send(done).is_err() {
                tracing::warn!("the keyring answered after it was given up");
            }
        });
        self.jobs.send(job).map_err(|_| SecretsError::Failed("its thread is gone".to_owned()))?;
        answered.recv_timeout(wait).unwrap_or_else(|error| match error {
            RecvTimeoutError::Timeout => {
                Err(SecretsError::Locked(format!("no answer in {} s", wait.as_secs())))
            }
            RecvTimeoutError::Disconnected => Err(SecretsError::Failed("its thread is gone".to_owned())),
        })
    }

    fn learn(&self, keys: &StoredKeys) {
        self.mask.learn(&keys.imp_key);
        self.mask.learn(keys.imp_secret.expose_secret());
    }
}

impl Secrets for OsKeyring {
    fn load(&self) -> Result<Option<StoredKeys>, SecretsError> {
        let keys = self.ask(PORTONE, READ_WAIT, |entry| match entry.get_secret() {
            Ok(bytes) => read(&Zeroizing::new(bytes)).map(Some),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(refusal(error)),
        })?;
        if let Some(keys) = &keys {
            self.learn(keys);
        }
        Ok(keys)
    }

    fn save(&self, keys: &StoredKeys) -> Result<(), SecretsError> {
        self.learn(keys);
        let stored = Stored {
            imp_key: keys.imp_key.as_str().into(),
            imp_secret: keys.imp_secret.expose_secret().into(),
        };
        let bytes = serde_json::to_vec(&stored).map_err(|error| SecretsError::Failed(error.to_string()))?;
        let bytes = Zeroizing::new(bytes);
        self.ask(PORTONE, WRITE_WAIT, move |entry| {
            entry.set_secret(&bytes).map_err(refusal)?;
            // A store that takes a secret and does not keep it would be noticed at the next start, at the counter.
            let back = Zeroizing::new(entry.get_secret().map_err(refusal)?);
            if *back == *bytes {
                Ok(())
            } else {
                Err(SecretsError::Failed("it gave back something else".to_owned()))
            }
        })
    }

    fn forget(&self) -> Result<(), SecretsError> {
        self.ask(PORTONE, WRITE_WAIT, |entry| match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(refusal(error)),
        })
    }

    fn pepper(&self) -> Result<Option<Pepper>, SecretsError> {
        self.ask(PEPPER, READ_WAIT, |entry| match entry.get_secret() {
            Ok(bytes) => pepper(&Zeroizing::new(bytes)).map(Some),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(refusal(error)),
        })
    }

    fn save_pepper(&self, made: &Pepper) -> Result<(), SecretsError> {
        let made = made.clone();
        self.ask(PEPPER, WRITE_WAIT, move |entry| {
            entry.set_secret(made.as_ref()).map_err(refusal)?;
            // Lost before anybody notices, it would shut everybody out for good.
            let back = Zeroizing::new(entry.get_secret().map_err(refusal)?);
            if pepper(&back)? == made {
                Ok(())
            } else {
                Err(SecretsError::Failed("it gave back something else".to_owned()))
            }
        })
    }
}

fn pepper(bytes: &[u8]) -> Result<Pepper, SecretsError> {
    let bytes: [u8; 32] =
        bytes.try_into().map_err(|_| SecretsError::Failed("what it holds is not ours".to_owned()))?;
    Ok(bytes.into())
}

/// The second half of an entry's name: the same folder has the same, whatever way led to it.
fn hashed(folder: &Path) -> String {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let hash = Sha256::digest(folder.to_string_lossy().as_bytes());
    hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn entry(user: &str) -> Result<Entry, SecretsError> {
    if Entry::store_status().is_ok() {
        return Entry::new(SERVICE, user).map_err(refusal);
    }
    // `keyring` opens its store once and keeps a failure until the end. A keyring that comes up after the app is found by
    // opening the same store anew.
    let store = store().map_err(|error| SecretsError::Unavailable(error.to_string()))?;
    let inner = store.build(SERVICE, user, None).map_err(refusal)?;
    Ok(Entry { inner })
}

/// This system's keyring, as `keyring` chooses it.
fn store() -> keyring_core::Result<Arc<CredentialStore>> {
    #[cfg(target_os = "macos")]
    return Ok(apple_native_keyring_store::keychain::Store::new()?);
    #[cfg(windows)]
    return Ok(windows_native_keyring_store::Store::new()?);
    #[cfg(all(unix, not(target_os = "macos")))]
    return Ok(zbus_secret_service_keyring_store::Store::new()?);
}

fn read(bytes: &[u8]) -> Result<StoredKeys, SecretsError> {
    // The fault's own text could quote what it read.
    let stored: Stored<'_> = serde_json::from_slice(bytes)
        .map_err(|_| SecretsError::Failed("what it holds is not ours".to_owned()))?;
    Ok(StoredKeys {
        imp_key: stored.imp_key.into_owned(),
        imp_secret: SecretString::from(stored.imp_secret.into_owned()),
    })
}

/// The keyring's words in ours. Its texts name the store's trouble, never the secret; those that carry bytes are not quoted.
fn refusal(error: Error) -> SecretsError {
    match error {
        Error::NoStorageAccess(cause) => SecretsError::Locked(cause.to_string()),
        Error::PlatformFailure(cause) => SecretsError::Unavailable(cause.to_string()),
        Error::NoDefaultStore => SecretsError::Unavailable("no store".to_owned()),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            SecretsError::Failed("what it holds is malformed".to_owned())
        }
        Error::Ambiguous(found) => SecretsError::Failed(format!("{} entries of one name", found.len())),
        other => SecretsError::Failed(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_folders_do_not_share_their_keys() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        assert_ne!(hashed(one.path()), hashed(other.path()));
        assert_eq!(hashed(one.path()), hashed(&one.path().join(".")));
    }

    #[test]
    fn keys_come_back_as_they_were_stored() {
        let stored = serde_json::to_vec(&Stored { imp_key: "0123".into(), imp_secret: "a\"b\\c".into() });
        let keys = read(&stored.unwrap()).unwrap();
        assert_eq!((keys.imp_key.as_str(), keys.imp_secret.expose_secret()), ("0123", "a\"b\\c"));
    }

    #[test]
    fn what_cannot_be_read_is_not_quoted() {
        let error = read(b"{\"imp_key\":\"k\",\"imp_secret\":12345678}").err().unwrap();
        assert!(!error.to_string().contains("12345678"));
        let error = refusal(Error::BadEncoding(b"secret".to_vec()));
        assert!(!error.to_string().contains("secret"));
    }

    #[test]
    fn each_refusal_says_what_can_be_done_about_it() {
        let cause = || Box::new(std::io::Error::other("bus"));
        assert!(matches!(refusal(Error::NoStorageAccess(cause())), SecretsError::Locked(_)));
        assert!(matches!(refusal(Error::PlatformFailure(cause())), SecretsError::Unavailable(_)));
        assert!(matches!(refusal(Error::NoDefaultStore), SecretsError::Unavailable(_)));
        assert!(matches!(refusal(Error::TooLong("x".to_owned(), 1)), SecretsError::Failed(_)));
    }
}
