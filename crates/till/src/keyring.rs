//! The keys, read from the keyring once and kept in memory.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use counter::wire::{KeyringState, KeysView};
use counter::{AppError, GatewayError, Refusal};

use crate::config::{Secrets, SecretsError, StoredKeys};

/// How soon a keyring that was not there is asked again by itself.
const ABSENT_WAIT: Duration = Duration::from_secs(15);
/// How soon a locked one is: it shows its owner a question each time, who may have said no.
const LOCKED_WAIT: Duration = Duration::from_secs(5 * 60);

#[derive(Clone)]
enum Known {
    NotAsked,
    Keys(Option<StoredKeys>),
    /// It gave nothing.
    Nothing {
        locked: bool,
        at: Instant,
    },
}

/// The keyring and what it said.
pub(crate) struct Keyring {
    secrets: Arc<dyn Secrets>,
    known: Mutex<Known>,
    /// Held while it is asked: one question at a time, since each may be a window on somebody's screen.
    asking: tokio::sync::Mutex<()>,
    /// Somebody at the screen wants it: it is asked whatever it said a moment ago.
    wanted: AtomicBool,
}

fn gone() -> AppError {
    AppError::Internal("keyring thread")
}

/// For reading: PortOne cannot be asked then.
fn for_asking(locked: bool) -> AppError {
    if locked { GatewayError::KeyringLocked.into() } else { GatewayError::KeyringUnavailable.into() }
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
        Keyring {
            secrets,
            known: Mutex::new(Known::NotAsked),
            asking: tokio::sync::Mutex::default(),
            wanted: AtomicBool::new(false),
        }
    }

    fn known(&self) -> Known {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn learn(&self, known: Known) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = known;
    }

    /// Somebody at the screen does something that needs the keys: the next [`Keyring::load`] asks.
    pub(crate) fn want(&self) {
        self.wanted.store(true, Ordering::SeqCst);
    }

    /// The keys. A keyring that did not answer is asked again after a while, or when somebody wants it; whoever comes while
    /// it is being asked gets the same answer.
    pub(crate) async fn load(&self) -> Result<Option<StoredKeys>, AppError> {
        let came = Instant::now();
        if let Some(said) = self.said(came, self.wanted.load(Ordering::SeqCst)) {
            return said;
        }
        let _asking = self.asking.lock().await;
        // Whoever asked meanwhile got an answer for all.
        if let Some(said) = self.said(came, self.wanted.swap(false, Ordering::SeqCst)) {
            return said;
        }
        let secrets = Arc::clone(&self.secrets);
        let answer = tokio::task::spawn_blocking(move || secrets.load()).await.map_err(|_| gone())?;
        match answer {
            Ok(keys) => {
                self.learn(Known::Keys(keys.clone()));
                Ok(keys)
            }
            Err(error) => {
                tracing::warn!(%error, "the keyring gave nothing");
                let locked = matches!(error, SecretsError::Locked(_));
                self.learn(Known::Nothing { locked, at: Instant::now() });
                Err(for_asking(locked))
            }
        }
    }

    /// What is known and new enough; `None`: it is to be asked.
    fn said(&self, came: Instant, wanted: bool) -> Option<Result<Option<StoredKeys>, AppError>> {
        match self.known() {
            Known::Keys(keys) => Some(Ok(keys)),
            Known::Nothing { locked, at } => {
                let wait = if locked { LOCKED_WAIT } else { ABSENT_WAIT };
                let fresh = at >= came || (!wanted && at.elapsed() < wait);
                fresh.then(|| Err(for_asking(locked)))
            }
            Known::NotAsked => None,
        }
    }

    pub(crate) async fn save(&self, keys: StoredKeys) -> Result<(), AppError> {
        let _asking = self.asking.lock().await;
        let (secrets, stored) = (Arc::clone(&self.secrets), keys.clone());
        tokio::task::spawn_blocking(move || secrets.save(&stored))
            .await
            .map_err(|_| gone())?
            .map_err(for_storing)?;
        self.learn(Known::Keys(Some(keys)));
        Ok(())
    }

    pub(crate) async fn forget(&self) -> Result<(), AppError> {
        let _asking = self.asking.lock().await;
        let secrets = Arc::clone(&self.secrets);
        tokio::task::spawn_blocking(move || secrets.forget())
            .await
            .map_err(|_| gone())?
            .map_err(for_storing)?;
        self.learn(Known::Keys(None));
        Ok(())
    }

    /// Whether the keyring was heard to hold keys.
    pub(crate) fn has_keys(&self) -> bool {
        matches!(self.known(), Known::Keys(Some(_)))
    }

    /// Whether it was heard at all.
    pub(crate) fn is_heard(&self) -> bool {
        matches!(self.known(), Known::Keys(_))
    }

    /// What is known now: a screen does not wait for somebody who is to type a password.
    pub(crate) fn view(&self) -> KeysView {
        let (keys, keyring) = match self.known() {
            Known::NotAsked => (None, KeyringState::Asking),
            Known::Keys(keys) => (keys, KeyringState::Ok),
            Known::Nothing { locked: true, .. } => (None, KeyringState::Locked),
            Known::Nothing { locked: false, .. } => (None, KeyringState::Unavailable),
        };
        KeysView {
            stored: keys.is_some(),
            key_ends_with: keys.map(|keys| {
                let skip = keys.imp_key.chars().count().saturating_sub(4);
                keys.imp_key.chars().skip(skip).collect()
            }),
            keyring,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;
    use crate::config::Pepper;

    /// A keyring whose owner answers when told to.
    struct Slow {
        asked: AtomicUsize,
        answers: Mutex<Receiver<Result<Option<StoredKeys>, SecretsError>>>,
    }

    fn slow() -> (Arc<Slow>, Sender<Result<Option<StoredKeys>, SecretsError>>) {
        let (answer, answers) = channel();
        (Arc::new(Slow { asked: AtomicUsize::new(0), answers: Mutex::new(answers) }), answer)
    }

    fn keys() -> StoredKeys {
        StoredKeys { imp_key: "key-1234".to_owned(), imp_secret: "secret".to_owned().into() }
    }

    impl Secrets for Slow {
        fn load(&self) -> Result<Option<StoredKeys>, SecretsError> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            self.answers.lock().unwrap().recv().unwrap()
        }
        fn save(&self, _: &StoredKeys) -> Result<(), SecretsError> {
            Ok(())
        }
        fn forget(&self) -> Result<(), SecretsError> {
            Ok(())
        }
        fn pepper(&self) -> Result<Option<Pepper>, SecretsError> {
            Ok(None)
        }
        fn save_pepper(&self, _: &Pepper) -> Result<(), SecretsError> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn while_its_owner_is_asked_the_screen_is_answered_and_all_who_wait_share_one_question() {
        let (secrets, answer) = slow();
        let keyring = Arc::new(Keyring::new(secrets.clone()));
        let waiting: Vec<_> = (0..3)
            .map(|_| {
                let keyring = Arc::clone(&keyring);
                tokio::spawn(async move { keyring.load().await.map(|keys| keys.is_some()) })
            })
            .collect();
        while secrets.asked.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(keyring.view().keyring, KeyringState::Asking);
        answer.send(Err(SecretsError::Locked("no".to_owned()))).unwrap();
        for waiting in waiting {
            assert!(waiting.await.unwrap().is_err());
        }
        assert_eq!(secrets.asked.load(Ordering::SeqCst), 1);
        assert_eq!(keyring.view().keyring, KeyringState::Locked);
    }

    #[tokio::test]
    async fn an_owner_who_said_no_is_not_asked_again_by_a_timer_but_by_whoever_wants_the_keys() {
        let (secrets, answer) = slow();
        let keyring = Keyring::new(secrets.clone());
        answer.send(Err(SecretsError::Locked("no".to_owned()))).unwrap();
        assert!(keyring.load().await.is_err() && keyring.load().await.is_err());
        assert_eq!(secrets.asked.load(Ordering::SeqCst), 1);
        answer.send(Ok(Some(keys()))).unwrap();
        keyring.want();
        assert!(keyring.load().await.unwrap().is_some());
        let view = keyring.view();
        assert_eq!((view.key_ends_with.as_deref(), view.keyring), (Some("1234"), KeyringState::Ok));
    }
}
