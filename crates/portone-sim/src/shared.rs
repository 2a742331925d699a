//! What all handlers share: the world behind a lock, the clock, faults, the log, open windows.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use tokio::sync::watch;

use crate::{
    answer::Refusal,
    config::Clock,
    faults::Faults,
    journal::Journal,
    store::Store,
    window::Windows,
    world::{Book, World},
};

pub(crate) struct Shared {
    world: Mutex<World>,
    faults: Mutex<Faults>,
    journal: Mutex<Journal>,
    windows: Mutex<Windows>,
    store: Option<Store>,
    clock: Arc<dyn Clock>,
    clock_offset_seconds: i64,
    pub(crate) url: String,
    pub(crate) user_code: String,
    pub(crate) font: Option<Vec<u8>>,
    /// Turns true when the server stops, so that a long delay does not hold it up.
    pub(crate) stopping: watch::Receiver<bool>,
}

/// How a simulator is put together; see [`Shared::new`].
pub(crate) struct Parts {
    pub(crate) world: World,
    pub(crate) store: Option<Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) clock_offset_seconds: i64,
    pub(crate) url: String,
    pub(crate) user_code: String,
    pub(crate) font: Option<Vec<u8>>,
    pub(crate) stopping: watch::Receiver<bool>,
}

/// A handler that died while it held a lock must not take the others with it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(crate) fn new(parts: Parts) -> Shared {
        Shared {
            world: Mutex::new(parts.world),
            faults: Mutex::default(),
            journal: Mutex::default(),
            windows: Mutex::default(),
            store: parts.store,
            clock: parts.clock,
            clock_offset_seconds: parts.clock_offset_seconds,
            url: parts.url,
            user_code: parts.user_code,
            font: parts.font,
            stopping: parts.stopping,
        }
    }

    fn now_in(&self, world: &World) -> i64 {
        self.clock
            .unix_seconds()
            .saturating_add(self.clock_offset_seconds)
            .saturating_add(world.book.advanced_seconds)
    }

    /// PortOne's time, in seconds since 1970-01-01T00:00:00Z.
    pub(crate) fn now(&self) -> i64 {
        self.now_in(&lock(&self.world))
    }

    /// Reads, or changes what is not kept in the state file.
    pub(crate) fn with<T>(&self, f: impl FnOnce(&mut World, i64) -> T) -> T {
        let mut world = lock(&self.world);
        let now = self.now_in(&world);
        f(&mut world, now)
    }

    /// Changes the book, and writes it before anybody hears of the change; what is refused half-way,
    /// or cannot be written, has not happened. The file is small, so it is written under the lock,
    /// which keeps the versions in order.
    pub(crate) fn change<T>(
        &self,
        f: impl FnOnce(&mut World, i64) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let mut world = lock(&self.world);
        let now = self.now_in(&world);
        let before = world.book.clone();
        let done = f(&mut world, now).and_then(|done| self.save(&world.book).map(|()| done));
        if done.is_err() {
            world.book = before;
        }
        done
    }

    fn save(&self, book: &Book) -> Result<(), Refusal> {
        let Some(store) = &self.store else { return Ok(()) };
        store.save(book).map_err(|error| {
            tracing::error!(%error, "the state file could not be written");
            let message = format!("the simulator's state file could not be written: {error}");
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, -1, message)
        })
    }

    /// The end: another simulator may have the state file.
    pub(crate) fn release(&self) {
        if let Some(store) = &self.store {
            store.release();
        }
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    pub(crate) fn journal(&self) -> MutexGuard<'_, Journal> {
        lock(&self.journal)
    }

    pub(crate) fn windows(&self) -> MutexGuard<'_, Windows> {
        lock(&self.windows)
    }
}
