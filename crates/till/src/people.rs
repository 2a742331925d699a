//! The shop's people at this till: the register beside the books, who is signed in, and the checking of PINs.

mod pin;

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use counter::wire::{Door, Pin};
use counter::{AppError, PeopleChange, Refusal, Register};
use ledger::people::{People as Rows, PeopleError, PeopleStore, Person, rules};
use ledger::{Actor, By, Done, Random, RequestId, StaffId};
use secrecy::zeroize::Zeroizing;

use crate::config::{PcClock, Pepper, Secrets, SecretsError};
use crate::desk::Desk;
use crate::shelf::OsRandom;

/// The register's file, beside the books.
pub(crate) const FILE: &str = "staff.db";

/// Who is signed in at this till.
struct Session {
    person: Person,
    /// When somebody last touched the screen.
    touched: Duration,
}

/// Who asks.
pub(crate) enum Who {
    /// Whoever opened the app: the shop has no people.
    Opener,
    /// Somebody who is signed in.
    Person(Actor),
    /// Nobody is signed in.
    Nobody,
}

/// The shop's people at this till.
pub(crate) struct People {
    /// `None`: the file cannot be read, and nobody is let in.
    store: Arc<Mutex<Option<PeopleStore>>>,
    secrets: Arc<dyn Secrets>,
    clock: Arc<dyn PcClock>,
    pepper: tokio::sync::Mutex<Option<Pepper>>,
    /// Held while a PIN is checked: one at a time.
    checking: tokio::sync::Mutex<()>,
    /// When each person's last try was. Who is not in it tried before this start: their wait counts from the start, so
    /// that neither a restart nor a clock that is set makes it shorter.
    tries: Mutex<HashMap<StaffId, Duration>>,
    opened: Duration,
    /// The register, as it was last read.
    known: Mutex<Arc<Register>>,
    readable: AtomicBool,
    /// Grows with each change, so that every book learns of it.
    version: AtomicU64,
    session: Mutex<Option<Session>>,
}

fn held<T>(lock: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

fn actor(person: &Person) -> Actor {
    Actor { id: person.id, role: person.role, approver: None }
}

fn no_keyring(error: SecretsError) -> AppError {
    tracing::warn!(%error, "the keyring gave nothing to check a PIN with");
    Refusal::PinKeyring.into()
}

fn all(rows: &Rows<'_>) -> Result<Register, PeopleError> {
    Ok(Register { people: rows.all()?, idle_minutes: rows.idle_minutes()? })
}

impl People {
    /// Opens the register. Where that fails nobody can sign in, and the books go on settling.
    pub(crate) fn open(folder: &Path, secrets: Arc<dyn Secrets>, clock: Arc<dyn PcClock>) -> People {
        let opened =
            PeopleStore::open(&folder.join(FILE)).map_err(PeopleError::from).and_then(|mut store| {
                let register = store.write(all)?;
                Ok((store, register))
            });
        let (store, register) = match opened {
            Ok((store, register)) => (Some(store), register),
            Err(error) => {
                let error = AppError::from(error);
                tracing::error!(error = error.chain(), "the register of people cannot be read");
                (None, Register { people: Vec::new(), idle_minutes: 0 })
            }
        };
        People {
            readable: AtomicBool::new(store.is_some()),
            store: Arc::new(Mutex::new(store)),
            secrets,
            opened: clock.up(),
            clock,
            pepper: tokio::sync::Mutex::default(),
            checking: tokio::sync::Mutex::default(),
            tries: Mutex::default(),
            known: Mutex::new(Arc::new(register)),
            version: AtomicU64::new(1),
            session: Mutex::default(),
        }
    }

    /// The register is empty, and the books know of people: it was taken away. An empty one would make an owner of
    /// whoever comes first, so nobody is let in.
    pub(crate) fn lost(&self) {
        tracing::error!("the register of people is empty, and the books know of people: nobody is let in");
        held(&self.store).take();
        self.readable.store(false, Ordering::SeqCst);
    }

    /// Lets the file go.
    pub(crate) fn close(&self) {
        if let Some(store) = held(&self.store).take()
            && let Err(error) = store.checkpoint()
        {
            tracing::error!(%error, "the register's log could not be carried over; what was committed is safe in it");
        }
    }

    /// The register as it stands.
    pub(crate) fn register(&self) -> Arc<Register> {
        Arc::clone(&held(&self.known))
    }

    /// Grows with each change.
    pub(crate) fn version(&self) -> u64 {
        self.version.load(Ordering::SeqCst)
    }

    pub(crate) fn is_readable(&self) -> bool {
        self.readable.load(Ordering::SeqCst)
    }

    pub(crate) fn is_claimed(&self) -> bool {
        !self.readable.load(Ordering::SeqCst) || !held(&self.known).people.is_empty()
    }

    /// Who asks now. A screen that nobody touched for too long is locked here, whatever it shows.
    pub(crate) fn who(&self) -> Who {
        if !self.is_claimed() {
            return Who::Opener;
        }
        self.lock_idle();
        held(&self.session).as_ref().map_or(Who::Nobody, |session| Who::Person(actor(&session.person)))
    }

    pub(crate) fn door(&self) -> Door {
        match self.who() {
            Who::Opener => Door::Unclaimed,
            Who::Person(_) => Door::SignedIn,
            Who::Nobody => Door::SignedOut,
        }
    }

    /// Signs out whoever left the screen alone. `true`: somebody was.
    pub(crate) fn lock_idle(&self) -> bool {
        let minutes = held(&self.known).idle_minutes;
        let longest = Duration::from_secs(u64::from(minutes).saturating_mul(60));
        let up = self.clock.up();
        let mut session = held(&self.session);
        let idle = session.as_ref().is_some_and(|session| up.saturating_sub(session.touched) >= longest);
        if idle {
            *session = None;
        }
        idle
    }

    pub(crate) fn touched(&self) {
        if let Some(session) = held(&self.session).as_mut() {
            session.touched = self.clock.up();
        }
    }

    /// Runs `f` in one transaction of the register.
    async fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Rows<'_>) -> Result<T, PeopleError> + Send + 'static,
    ) -> Result<T, AppError> {
        let store = Arc::clone(&self.store);
        let written = tokio::task::spawn_blocking(move || match held(&store).as_mut() {
            Some(store) => store.write(f),
            None => Err(PeopleError::Unreadable),
        });
        Ok(written.await.map_err(|_| AppError::Internal("register"))??)
    }

    /// Reads the register again after a change: whoever is signed in is who the register says, or nobody.
    async fn learn(&self) -> Result<(), AppError> {
        let register = Arc::new(self.write(all).await?);
        let mut session = held(&self.session);
        if let Some(signed_in) = session.as_mut() {
            match register.people.iter().find(|person| person.id == signed_in.person.id && person.active) {
                Some(person) => signed_in.person = person.clone(),
                None => *session = None,
            }
        }
        drop(session);
        *held(&self.known) = register;
        self.version.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn by(&self, actor: Actor, request: RequestId) -> By {
        actor.by(self.clock.now(), request)
    }

    /// What PINs are hashed with. It is made with the first owner and never again.
    async fn pepper(&self, make: bool) -> Result<Pepper, AppError> {
        let mut known = self.pepper.lock().await;
        if let Some(pepper) = &*known {
            return Ok(pepper.clone());
        }
        let secrets = Arc::clone(&self.secrets);
        let pepper = tokio::task::spawn_blocking(move || match secrets.pepper() {
            Ok(None) if make => {
                let mut pepper = Zeroizing::new([0; 32]);
                OsRandom.fill(pepper.as_mut());
                secrets.save_pepper(&pepper).map(|()| Some(pepper))
            }
            said => said,
        });
        let pepper = pepper.await.map_err(|_| AppError::Internal("keyring thread"))?.map_err(no_keyring)?;
        let pepper = pepper.ok_or(Refusal::PinSecretLost)?;
        *known = Some(pepper.clone());
        Ok(pepper)
    }

    async fn hashed(&self, who: StaffId, pin: Pin, make: bool) -> Result<String, AppError> {
        rules::usable(pin.digits())?;
        let pepper = self.pepper(make).await?;
        let hashed = tokio::task::spawn_blocking(move || pin::hash(&pepper, who, pin.digits()));
        hashed.await.ok().flatten().ok_or(AppError::Internal("PIN"))
    }

    /// Checks a PIN. The try is counted as wrong, and on disk, before it is checked.
    async fn check(&self, who: StaffId, pin: Pin, kind: &'static str, what: &str) -> Result<(), AppError> {
        let _one_at_a_time = self.checking.lock().await;
        // A keyring that is away costs nobody a try.
        let pepper = self.pepper(false).await?;
        let since =
            self.clock.up().saturating_sub(held(&self.tries).get(&who).copied().unwrap_or(self.opened));
        let since_ms = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        let hash = self.write(move |rows| rows.begin_try(who, since_ms)).await?;
        held(&self.tries).insert(who, self.clock.up());
        let checked =
            tokio::task::spawn_blocking(move || pin::is_right(&pepper, who, pin.digits(), &hash)).await;
        let right = checked.map_err(|_| AppError::Internal("PIN"))?;
        let by = self.by(Actor { id: who, role: ledger::Role::Clerk, approver: None }, Desk::new_request());
        let what = what.to_owned();
        let outcome = self
            .write(move |rows| {
                if right {
                    rows.was_right(&by, who, kind, &what).map(|()| None)
                } else {
                    rows.was_wrong(&by, who, &what).map(Some)
                }
            })
            .await?;
        // The counts that the screen of the people shows.
        let learnt = self.learn().await;
        match outcome {
            None => learnt,
            Some(wrong) => {
                tracing::warn!(who = who.0, what = kind, "a wrong PIN");
                Err(wrong.into())
            }
        }
    }

    /// Makes the shop's first owner and signs them in.
    pub(crate) async fn first_owner(
        &self,
        request: RequestId,
        id: StaffId,
        name: String,
        pin: Pin,
    ) -> Result<Actor, AppError> {
        if !held(&self.store).is_some() {
            return Err(PeopleError::Unreadable.into());
        }
        let claimed = self.is_claimed();
        let hash = if claimed { String::new() } else { self.hashed(id, pin, true).await? };
        let now = self.clock.now();
        let (done, id) = self.write(move |rows| rows.first_owner(now, request, id, &name, &hash)).await?;
        self.learn().await?;
        // A repeat of what was done before signs nobody in: it proved no PIN.
        if done == Done::Before {
            return match self.who() {
                Who::Person(actor) => Ok(actor),
                Who::Opener | Who::Nobody => Err(Refusal::SignedOut.into()),
            };
        }
        self.begin(id)
    }

    /// From here on this person is signed in.
    fn begin(&self, who: StaffId) -> Result<Actor, AppError> {
        let register = self.register();
        let person = register.people.iter().find(|person| person.id == who && person.active);
        let person = person.ok_or(PeopleError::Unknown)?.clone();
        let actor = actor(&person);
        *held(&self.session) = Some(Session { person, touched: self.clock.up() });
        Ok(actor)
    }

    pub(crate) async fn sign_in(&self, who: StaffId, pin: Pin) -> Result<Actor, AppError> {
        self.check(who, pin, "sign_in", "sign_in").await?;
        self.begin(who)
    }

    pub(crate) async fn sign_out(&self) -> Result<(), AppError> {
        let session = held(&self.session).take();
        if let Some(Session { person, .. }) = session {
            let by = self.by(actor(&person), Desk::new_request());
            self.write(move |rows| rows.event(&by, person.id, "sign_out", "")).await?;
        }
        Ok(())
    }

    /// The PIN of whoever is signed in, once more.
    pub(crate) async fn own_pin(&self, actor: Actor, pin: Pin, why: &'static str) -> Result<(), AppError> {
        self.check(actor.id, pin, "own_pin", why).await
    }

    /// Checks whether somebody may approve, and their PIN.
    pub(crate) async fn approve(
        &self,
        asker: Actor,
        command: &'static str,
        about: Option<StaffId>,
        approver: StaffId,
        pin: Pin,
    ) -> Result<StaffId, AppError> {
        if !rules::may_approve(asker.id, approver, about, &self.register().people) {
            return Err(Refusal::ApprovalRefused.into());
        }
        self.check(approver, pin, "approved", command).await?;
        Ok(approver)
    }

    /// Changes the register. `above`: the largest number that any book knows.
    pub(crate) async fn change(
        &self,
        actor: Actor,
        request: RequestId,
        change: PeopleChange,
        above: StaffId,
    ) -> Result<(), AppError> {
        let by = self.by(actor, request);
        match change {
            PeopleChange::Add { name, role, pin } => {
                rules::usable(pin.digits())?;
                // The hash is made for the number, so nobody else may take it meanwhile.
                let _one_at_a_time = self.checking.lock().await;
                let next = self.next_id(above);
                let hash = self.hashed(next, pin, false).await?;
                self.write(move |rows| rows.add(&by, &name, role, &hash, next)).await?;
            }
            PeopleChange::Edit { who, name, role, active } => {
                self.write(move |rows| rows.edit(&by, who, &name, role, active)).await?;
            }
            PeopleChange::Pin { who, pin } => {
                let hash = self.hashed(who, pin, false).await?;
                self.write(move |rows| rows.set_pin(&by, who, &hash)).await?;
            }
            PeopleChange::Unlock { who } => {
                self.write(move |rows| rows.unlock(&by, who)).await?;
            }
            PeopleChange::Idle { minutes } => {
                self.write(move |rows| rows.set_idle_minutes(&by, minutes)).await?;
            }
        }
        self.learn().await
    }

    /// The number for whoever is taken on next: nobody had it, in the register or in any book.
    fn next_id(&self, above: StaffId) -> StaffId {
        let last = self.register().people.iter().map(|person| person.id.0).max().unwrap_or(1);
        StaffId(last.max(above.0).saturating_add(1))
    }
}
