//! The shop's account at PortOne: its keys, and the way to it.

use counter::{AppError, NewKeys, PROXY, Refusal};
use ledger::{Actor, LedgerError, Mode};
use portone::{Keys, Net};

use super::Shared;
use crate::config::StoredKeys;
use crate::desk::Desk;

/// Characters of the key's end that are shown, on the screen and in the book.
const SHOWN_OF_KEY: usize = 4;

impl Shared {
    /// Tries the keys, stamps the books, and stores the keys in the keyring.
    pub(crate) async fn save_keys(&self, actor: Actor, keys: NewKeys) -> Result<(), AppError> {
        let mut desks = vec![self.desk(Mode::Test).await?];
        if self.may_live() {
            desks.push(self.desk(Mode::Live).await?);
        }
        for desk in &desks {
            let asked = keys.user_code.clone();
            let stamped = desk.shelf.read(|book| book.stamp()).await?.shop_code;
            if let Some(found) = stamped.filter(|stamped| *stamped != asked) {
                return Err(LedgerError::OtherShop { found }.into());
            }
        }
        let skip = keys.imp_key.chars().count().saturating_sub(SHOWN_OF_KEY);
        let end: String = keys.imp_key.chars().skip(skip).collect();
        let stored = StoredKeys { imp_key: keys.imp_key, imp_secret: keys.imp_secret.into() };
        if let Some(desk) = desks.first() {
            let tried = desk
                .client_with(Keys { imp_key: stored.imp_key.clone(), imp_secret: stored.imp_secret.clone() })
                .await?;
            tried.connect().await.map_err(crate::gateway::gateway_error)?;
        }
        self.keyring.save(stored).await?;
        for desk in &desks {
            let actor = self.in_book(desk, actor).await?;
            desk.stamp(actor, &keys.user_code).await?;
            self.noted(desk, actor, "keys_saved", &end).await;
            desk.forget_client().await;
            desk.wake.notify_one();
        }
        Ok(())
    }

    /// Writes the owner's proxy into the books that ask PortOne itself.
    pub(crate) async fn set_proxy(&self, actor: Actor, proxy: Option<String>) -> Result<(), AppError> {
        if proxy.as_deref().is_some_and(|proxy| Net::through(proxy).is_err()) {
            return Err(Refusal::BadProxy.into());
        }
        for mode in [Mode::Test, Mode::Live] {
            if mode == Mode::Live && !self.may_live() {
                continue;
            }
            let desk = self.desk(mode).await?;
            let actor = self.in_book(&desk, actor).await?;
            let by = actor.by(desk.now(), Desk::new_request());
            let proxy = proxy.clone();
            desk.shelf
                .write(move |book| {
                    book.set(&by, PROXY, &proxy)?;
                    book.audit(&by, "proxy", proxy.as_deref().unwrap_or("none"))
                })
                .await?;
            desk.forget_client().await;
            desk.wake.notify_one();
        }
        Ok(())
    }

    pub(crate) async fn forget_keys(&self, actor: Actor) -> Result<(), AppError> {
        self.keyring.forget().await?;
        for mode in [Mode::Test, Mode::Live] {
            if let Some(desk) = self.opened(mode) {
                desk.forget_client().await;
                let actor = self.in_book(&desk, actor).await?;
                self.noted(&desk, actor, "keys_forgotten", "").await;
                // It finds that there are none, and says so.
                desk.wake.notify_one();
            }
        }
        Ok(())
    }
}
