//! Hints: reasons to ask PortOne about a charge, and nothing else.

use std::sync::Arc;

use checkout::Hint;
use counter::wire::Event;
use counter::{AUTOMATIC, settle_charge};
use ledger::{ChargeId, Mode};

use super::Shared;
use crate::desk::Desk;

impl Shared {
    pub(super) fn hint(&self, hint: &Hint) {
        match hint {
            Hint::Opened { .. } => {}
            Hint::Answered { charge, .. } => {
                self.config.shell.to_front();
                self.look(charge, "callback");
            }
            Hint::Returned { charge, .. } => {
                self.config.shell.to_front();
                self.look(charge, "redirect");
            }
            Hint::SdkFailed { charge } => self.look(charge, "sdk_failed"),
        }
    }

    /// The desk and the charge that a key of the till's own names.
    pub(super) fn charge_of(&self, key: &str) -> Option<(Arc<Desk>, ChargeId)> {
        let (mode, charge) = key.split_once('/')?;
        let mode = [Mode::Live, Mode::Test, Mode::Practice].into_iter().find(|known| known.word() == mode)?;
        Some((self.opened(mode)?, ChargeId::parse(charge).ok()?))
    }

    /// Something may have happened to a charge: ask PortOne. Nothing of what the hint said is used.
    pub(super) fn look(&self, key: &str, why: &'static str) {
        let Some((desk, charge)) = self.charge_of(key) else { return };
        self.runtime.spawn(async move {
            tracing::info!(%charge, why, "a hint ({why}) to look at charge {charge}");
            let by = AUTOMATIC.by(desk.now(), Desk::new_request());
            if let Err(error) = desk.shelf.write(move |book| book.note(&by, charge, "hint", Some(why))).await
            {
                tracing::warn!(error = error.chain(), "a hint could not be noted");
            }
            let member = desk.shelf.read(move |book| book.intent(charge)).await.map(|intent| intent.member);
            let tell = || {
                if let Ok(member_id) = member {
                    desk.tell(&Event::Charge { charge_id: charge, member_id });
                }
            };
            // The screen says that PortOne is being asked, and then what it answered.
            tell();
            if let Err(error) = settle_charge(&*desk, AUTOMATIC, charge).await {
                // By timetable then.
                tracing::warn!(error = error.chain(), "a hint could not be followed");
            }
            tell();
            desk.wake.notify_one();
        });
    }
}
