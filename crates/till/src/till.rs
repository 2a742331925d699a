//! The till: its desks, which of them is in use, and the doors for a shell.

use std::collections::HashMap;
use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use checkout::{Checkout, Hint};
use counter::wire::{AppState, BookState, Empty, Event};
use counter::{AUTOMATIC, AppError, ErrorBody, GatewayError, Refusal};
use ledger::{Actor, LedgerError, Mode};
use portone_sim::Simulator;
use serde_json::{Value, json};

use crate::backup_keys::BackupKeys;
use crate::config::{Config, EndpointChoice, StartMode};
use crate::desk::{Desk, backups};
use crate::keyring::Keyring;
use crate::people::People;
use crate::settler;

/// What all desks share.
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) keyring: Keyring,
    pub(crate) backup_keys: BackupKeys,
    pub(crate) checkout: Checkout,
    pub(crate) people: People,
    desks: Mutex<HashMap<Mode, Arc<Desk>>>,
    /// Opening a book takes a moment; two at once would find it locked.
    opening: tokio::sync::Mutex<()>,
    current: Mutex<Mode>,
    weak: Weak<Shared>,
    runtime: tokio::runtime::Handle,
    /// Held as long as a book is open.
    lock: Mutex<Option<File>>,
}

/// The till, ready for a shell.
pub struct Till {
    shared: Arc<Shared>,
}

fn held<T>(lock: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

fn lock(config: &Config) -> Result<File, AppError> {
    let refused = |error: std::io::Error| {
        tracing::error!(%error, "the data folder cannot be made or written");
        AppError::from(Refusal::DataFolder)
    };
    std::fs::create_dir_all(&config.data).map_err(refused)?;
    let file = File::create(config.data.join("pointill.lock")).map_err(refused)?;
    // One program a folder: a second writer would wait seconds at a time, and two timers would ask twice.
    file.try_lock().map_err(|_| LedgerError::InUse)?;
    Ok(file)
}

fn finish_put_back(config: &Config, mode: Mode) -> Result<(), AppError> {
    put_back::finish(&config.data, mode).map_err(|error| {
        tracing::error!(%error, "a book that was being put back could not be brought to its place");
        Refusal::DataFolder.into()
    })
}

mod account;
mod hints;
mod put_back;
mod staff;

const LAST_USED: &str = "last-used";

impl Till {
    /// Opens the data folder and the book to start with; begins its audit and its timers.
    ///
    /// # Errors
    /// `data_folder`, `book_in_use`, `book_other`, `book_newer`, `book_broken`, `storage`, `mode_unavailable`, or
    /// `checkout_unavailable`.
    pub async fn open(config: Config) -> Result<Arc<Till>, AppError> {
        let lock = lock(&config)?;
        let hints: Arc<Mutex<Option<Weak<Shared>>>> = Arc::default();
        let checkout = {
            let hints = Arc::clone(&hints);
            let told = move |hint: Hint| {
                if let Some(shared) = held(&hints).as_ref().and_then(Weak::upgrade) {
                    shared.hint(&hint);
                }
            };
            let options = checkout::Options { font: config.font };
            Checkout::start(
                Arc::new(told),
                Arc::new(checkout::SystemClock::default()),
                Arc::new(checkout::OsRandom),
                options,
            )
            .await
            .map_err(|error| {
                tracing::error!(%error, "the pay page's server did not start");
                Refusal::CheckoutUnavailable
            })?
        };
        let keyring = Keyring::new(Arc::clone(&config.secrets));
        let backup_keys = BackupKeys::new(Arc::clone(&config.secrets));
        for mode in [Mode::Live, Mode::Test, Mode::Practice] {
            // A book in the middle of being put back is opened by nobody.
            finish_put_back(&config, mode)?;
        }
        crate::scratch::clear(&config.data);
        let people = People::open(&config.data, Arc::clone(&config.secrets), Arc::clone(&config.clock));
        if !people.is_claimed() && !config.new_people && staff::known_to_books(&config.data) {
            people.lost();
        }
        let start = config.start;
        let shared = Arc::new_cyclic(|weak| Shared {
            config,
            keyring,
            backup_keys,
            checkout,
            people,
            desks: Mutex::default(),
            opening: tokio::sync::Mutex::new(()),
            current: Mutex::new(Mode::Practice),
            weak: weak.clone(),
            runtime: tokio::runtime::Handle::current(),
            lock: Mutex::new(Some(lock)),
        });
        *held(&hints) = Some(Arc::downgrade(&shared));
        let till = Till { shared };
        match till.shared.begin(start).await {
            Ok(()) => {
                till.shared.runtime.spawn(staff::lock_when_idle(Arc::downgrade(&till.shared)));
                Ok(Arc::new(till))
            }
            Err(error) => {
                // What was opened is closed, so that the next try does not find this one's lock.
                till.close().await;
                Err(error)
            }
        }
    }

    /// Runs a command of the screen: `{"ok":true,"value":…}` or `{"ok":false,"error":{"code":…,"message":…}}`.
    pub async fn rpc(&self, command: &str, body: Value) -> Value {
        let done = match self.shared.desk_in_use().await {
            Ok(desk) => self.shared.run(&desk, command, body).await,
            Err(error) => Err(error),
        };
        match done {
            Ok(value) => json!({ "ok": true, "value": value }),
            Err(error) => {
                // Logged once, here. A refusal is no fault; what is asked for is not written down.
                tracing::warn!(
                    command,
                    code = error.code().word(),
                    error = error.chain(),
                    "command `{command}` was refused"
                );
                json!({ "ok": false, "error": ErrorBody::from(&error) })
            }
        }
    }

    /// Stamps the book in use with the 고객사 식별코드 that a script handed over.
    ///
    /// # Errors
    /// `wrong_shop`, or what the book says.
    pub async fn stamp(&self, user_code: &str) -> Result<(), AppError> {
        let desk = self.shared.current_desk().ok_or(AppError::Internal("no book"))?;
        if !counter::looks_like_user_code(user_code) {
            return Err(Refusal::BadUserCode.into());
        }
        desk.stamp(desk.asker().unwrap_or(AUTOMATIC), user_code).await?;
        desk.wake.notify_one();
        Ok(())
    }

    /// Waits until the book in use proved itself, or did not.
    pub async fn audited(&self) -> BookState {
        loop {
            match self.shared.current_desk().map(|desk| desk.book_state()) {
                Some(BookState::Auditing) => tokio::time::sleep(std::time::Duration::from_millis(5)).await,
                Some(state) => return state,
                None => return BookState::Broken,
            }
        }
    }

    /// The customer or the clerk closed the pay window: a hint to look.
    pub fn checkout_closed(&self, charge: &str) {
        if let Some((desk, charge)) = self.shared.charge_of(charge) {
            desk.window_gone(charge);
        }
        self.shared.look(charge, "window_closed");
    }

    /// Closes every book, and lets the folder go.
    pub async fn close(&self) {
        let desks: Vec<Arc<Desk>> = held(&self.shared.desks).drain().map(|(_, desk)| desk).collect();
        for desk in &desks {
            desk.back_up_before_closing().await;
        }
        let closed = tokio::task::spawn_blocking(move || desks.iter().for_each(|desk| desk.close())).await;
        if closed.is_err() {
            tracing::error!("a book did not close well");
        }
        self.shared.people.close();
        held(&self.shared.lock).take();
    }
}

impl Shared {
    /// Opens the books to start with.
    async fn begin(&self, start: StartMode) -> Result<(), AppError> {
        // In the background: a locked keyring asks its owner and waits, and practice needs no keys.
        self.ask_for_keys();
        let mode = match start {
            StartMode::Practice => Mode::Practice,
            StartMode::Book(mode) => mode,
            StartMode::LastUsed => self.last_used(),
        };
        if mode == Mode::Live && !self.may_live() {
            return Err(Refusal::ModeUnavailable.into());
        }
        let mode = match start {
            // A shop that went live before there were people: its charges go on settling behind practice, and its owner
            // takes a PIN before the live book opens again.
            StartMode::LastUsed if mode == Mode::Live && self.needs_owner() => Mode::Practice,
            StartMode::Book(Mode::Live) if self.needs_owner() => return Err(Refusal::OwnerNeeded.into()),
            StartMode::LastUsed | StartMode::Book(_) | StartMode::Practice => mode,
        };
        self.desk(mode).await?;
        *held(&self.current) = mode;
        // Live charges go on settling behind another mode. A live book that does not open holds up no other: it says so
        // when somebody enters it.
        if mode != Mode::Live
            && self.may_live()
            && self.config.data.join("live.db").exists()
            && let Err(error) = self.desk(Mode::Live).await
        {
            tracing::error!(code = error.code().word(), error = error.chain(), "the live book does not open");
        }
        Ok(())
    }

    /// The desk of a mode, opened when it is first needed.
    async fn desk(&self, mode: Mode) -> Result<Arc<Desk>, AppError> {
        let _one_at_a_time = self.opening.lock().await;
        if let Some(desk) = held(&self.desks).get(&mode) {
            return Ok(Arc::clone(desk));
        }
        let desk = self.new_desk(mode, None).await?;
        desk.know_people().await?;
        self.stand(&desk);
        Ok(desk)
    }

    /// Opens a mode's book. One in the middle of being put back is brought to its place first: an empty one would be taken for it.
    async fn new_desk(&self, mode: Mode, practice: Option<Arc<Simulator>>) -> Result<Arc<Desk>, AppError> {
        finish_put_back(&self.config, mode)?;
        let shared = self.weak.upgrade().ok_or(AppError::Internal("till gone"))?;
        Desk::open(&shared, mode, practice).await
    }

    /// Takes a desk among the open ones, and begins its timers.
    fn stand(&self, desk: &Arc<Desk>) {
        held(&self.desks).insert(desk.mode, Arc::clone(desk));
        self.runtime.spawn(settler::run(Arc::clone(desk)));
        self.runtime.spawn(backups::run(Arc::clone(desk)));
    }

    /// The desk in use. One that was closed so that another book could take its place, and did not open again, is opened now.
    async fn desk_in_use(&self) -> Result<Arc<Desk>, AppError> {
        let desk = self.current_desk().ok_or(AppError::Internal("no book"))?;
        if !desk.is_closed() {
            return Ok(desk);
        }
        let _one_at_a_time = self.opening.lock().await;
        match self.opened(desk.mode) {
            Some(desk) if desk.is_closed() => self.open_again(desk.mode, desk.practice.clone()).await,
            Some(desk) => Ok(desk),
            // The till is closing.
            None => Err(AppError::Internal("no book")),
        }
    }

    fn opened(&self, mode: Mode) -> Option<Arc<Desk>> {
        held(&self.desks).get(&mode).cloned()
    }

    fn current_desk(&self) -> Option<Arc<Desk>> {
        let mode = *held(&self.current);
        self.opened(mode)
    }

    fn may_live(&self) -> bool {
        self.config.may_live && !matches!(self.config.endpoint, EndpointChoice::TestAt(_))
    }

    fn last_used(&self) -> Mode {
        let word = std::fs::read_to_string(self.config.data.join(LAST_USED)).unwrap_or_default();
        match word.trim() {
            "live" if self.may_live() => Mode::Live,
            "test" => Mode::Test,
            _ => Mode::Practice,
        }
    }

    /// Modes that can be entered now.
    pub(crate) fn modes(&self) -> Vec<Mode> {
        let keys = self.keyring.has_keys();
        let mut modes = vec![Mode::Practice];
        if keys {
            modes.push(Mode::Test);
        }
        if keys && self.may_live() {
            modes.push(Mode::Live);
        }
        modes
    }

    /// Live charges that settle behind another mode.
    pub(crate) fn live_waiting(&self, seen_from: Mode) -> u32 {
        if seen_from == Mode::Live { 0 } else { self.opened(Mode::Live).map_or(0, |desk| desk.waiting()) }
    }

    pub(crate) fn emit(&self, mode: Mode, event: &Event) {
        let current = *held(&self.current);
        if mode == current {
            self.config.shell.emit(event);
        } else if mode == Mode::Live {
            // The badge that counts live charges behind another mode.
            self.config.shell.emit(&Event::State);
        }
    }

    /// Asks the keyring, unless it is known what it holds, and tells the screen.
    pub(crate) fn ask_for_keys(&self) {
        let Some(shared) = self.weak.upgrade().filter(|_| !self.keyring.is_heard()) else { return };
        self.runtime.spawn(async move {
            let before = shared.keyring.view();
            let heard = shared.keyring.load().await.is_ok();
            let after = shared.keyring.view();
            if before.keyring != after.keyring || before.stored != after.stored {
                shared.config.shell.emit(&Event::State);
            }
            if heard {
                held(&shared.desks).values().for_each(|desk| desk.wake.notify_one());
            }
        });
    }

    /// Runs `f` if this mode is in use; the mode is not changed meanwhile.
    pub(crate) fn while_current<T>(&self, mode: Mode, f: impl FnOnce() -> T) -> bool {
        let current = held(&self.current);
        let is_current = *current == mode;
        if is_current {
            f();
        }
        is_current
    }

    /// Puts another book in use. Refused while a pay window is open.
    pub(crate) async fn switch_mode(&self, actor: Actor, mode: Mode) -> Result<AppState, AppError> {
        if mode != Mode::Practice && !self.keyring.has_keys() {
            self.keyring.want();
            if self.keyring.load().await?.is_none() {
                return Err(GatewayError::KeysMissing.into());
            }
        }
        if !self.modes().contains(&mode) {
            return Err(Refusal::ModeUnavailable.into());
        }
        if mode == Mode::Live && self.needs_owner() {
            return Err(Refusal::OwnerNeeded.into());
        }
        let left = self.current_desk();
        if left.as_ref().is_some_and(|desk| desk.has_page()) {
            return Err(Refusal::WindowOpen.into());
        }
        let desk = self.desk(mode).await?;
        {
            let mut current = held(&self.current);
            // Looked at once more where no window can come between: see `Desk::open_page`.
            if left.is_some_and(|desk| desk.has_page()) {
                return Err(Refusal::WindowOpen.into());
            }
            *current = mode;
        }
        if let Err(error) = std::fs::write(self.config.data.join(LAST_USED), mode.word()) {
            tracing::warn!(%error, "the mode in use could not be noted for the next start");
        }
        self.config.shell.emit(&Event::State);
        let actor = self.in_book(&desk, actor).await?;
        self.noted(&desk, actor, "mode_entered", mode.word()).await;
        counter::app_state(&*desk, actor, Empty {}).await
    }
}
