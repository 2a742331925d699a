//! The shop's people and its books: who asks, and which books have heard of whom.

use std::path::Path;
use std::sync::{Arc, Weak};
use std::time::Duration;

use counter::wire::Event;
use counter::{AUTOMATIC, AppError, Refusal, dispatch, needs_sign_in};
use ledger::{Actor, LedgerError, Mode, ReadStore, Reader, StaffId};
use serde_json::Value;

use super::{Shared, held};
use crate::desk::Desk;

/// How often is looked whether the screen was left alone.
const IDLE_LOOK: Duration = Duration::from_millis(500);

/// What every book of the folder that can be read says.
fn of_books<T>(folder: &Path, f: impl Fn(&Reader<'_>) -> Result<T, LedgerError>) -> Vec<T> {
    let said = |mode: Mode| {
        let mut book = ReadStore::open(&folder.join(format!("{}.db", mode.word()))).ok()?;
        book.read(&f).ok()
    };
    [Mode::Practice, Mode::Test, Mode::Live].into_iter().filter_map(said).collect()
}

/// Whether a book says that the shop had people: then a register without any was not always empty.
pub(super) fn known_to_books(folder: &Path) -> bool {
    of_books(folder, |book| book.knows_people()).contains(&true)
}

/// Locks a screen that nobody touches, and tells it. Who asks is looked at again with each command, so that the lock does
/// not rest on this.
pub(super) async fn lock_when_idle(shared: Weak<Shared>) {
    loop {
        tokio::time::sleep(IDLE_LOOK).await;
        let Some(shared) = shared.upgrade() else { return };
        if shared.people.lock_idle() {
            tracing::info!("nobody touched the screen: signed out");
            shared.config.shell.emit(&Event::State);
        }
    }
}

impl Shared {
    /// Runs a command for whoever is signed in.
    pub(super) async fn run(&self, desk: &Arc<Desk>, command: &str, body: Value) -> Result<Value, AppError> {
        let actor = match desk.asker() {
            Some(actor) => actor,
            None if needs_sign_in(command) => return Err(Refusal::SignedOut.into()),
            None => AUTOMATIC,
        };
        desk.know_people().await?;
        dispatch(&**desk, actor, command, body).await
    }

    /// Whether real money waits for an owner with a PIN.
    pub(super) fn needs_owner(&self) -> bool {
        !self.config.trusted && !self.people.is_claimed()
    }

    /// The register has changed: every open book learns it now, and one that cannot, before its next command.
    pub(crate) async fn tell_books(&self) {
        let desks: Vec<Arc<Desk>> = held(&self.desks).values().cloned().collect();
        for desk in desks {
            if let Err(error) = desk.know_people().await {
                tracing::warn!(
                    error = error.chain(),
                    mode = desk.mode.word(),
                    "a book has not heard of a change of staff"
                );
            }
        }
    }

    /// The first owner's number: the one that "점주" has in books that were begun before there were people; where a register
    /// is begun anew, one that nobody had.
    pub(crate) fn first_number(&self) -> StaffId {
        const FIRST: StaffId = StaffId(2);
        if known_to_books(&self.config.data) { StaffId(self.last_staff().0.saturating_add(1)) } else { FIRST }
    }

    /// The largest number that stands for a person in any book of the folder.
    pub(crate) fn last_staff(&self) -> StaffId {
        of_books(&self.config.data, |book| book.last_staff()).into_iter().max().unwrap_or(AUTOMATIC.id)
    }

    /// Whoever asks, as a book that may not be the one in use numbers them.
    pub(super) async fn in_book(&self, desk: &Desk, actor: Actor) -> Result<Actor, AppError> {
        desk.know_people().await?;
        // Without people each book has numbered its opener for itself.
        Ok(if self.people.is_claimed() { actor } else { desk.asker().unwrap_or(actor) })
    }

    /// Writes down in a book what was done outside it. It is done, so a book that takes no row undoes nothing.
    pub(super) async fn noted(&self, desk: &Desk, actor: Actor, action: &'static str, detail: &str) {
        let (by, detail) = (actor.by(desk.now(), Desk::new_request()), detail.to_owned());
        if let Err(error) = desk.shelf.write(move |book| book.audit(&by, action, &detail)).await {
            tracing::warn!(error = error.chain(), action, "it does not stand in the book");
        }
    }
}
