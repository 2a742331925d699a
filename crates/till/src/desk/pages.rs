//! The pay pages of a desk: a ticket for each charge, and its window.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{MutexGuard, PoisonError};

use checkout::{ChannelChoice, Checkout, Order, PayRequest, SDK_URL};
use counter::{AppError, GatewayError, Refusal, USER_CODE};
use ledger::{ChargeId, Intent, Mode};

use super::Desk;
use crate::config::EndpointChoice;

/// The longest name of an order. Source: PortOne V1 SDK, `name`.
const LONGEST_ORDER_NAME: usize = 40;

/// How a charge's window stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    /// It is being made.
    Opening,
    /// It is on the screen.
    Open,
}

/// No pay window opens while this is there.
pub(crate) struct HeldBack<'a>(&'a AtomicBool);

impl Drop for HeldBack<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

impl Desk {
    /// The page's key at the checkout server and the shell.
    pub(crate) fn page_key(&self, charge: ChargeId) -> String {
        format!("{}/{charge}", self.mode.word())
    }

    /// Makes a ticket for the charge and shows its page.
    pub(crate) async fn open_page(&self, intent: &Intent) -> Result<String, AppError> {
        // From here on the mode is not left; and a mode that was left opens no window any more.
        let mut held_back = false;
        let is_current = self.shared.while_current(self.mode, || {
            held_back = self.held_back.load(Ordering::SeqCst);
            if !held_back {
                self.pages().insert(intent.charge, Page::Opening);
            }
        });
        if held_back || !is_current {
            return Err(Refusal::ModeUnavailable.into());
        }
        let opened = self.make_page(intent).await;
        match &opened {
            Ok(_) => self.pages().insert(intent.charge, Page::Open),
            Err(_) => self.pages().remove(&intent.charge),
        };
        opened
    }

    async fn make_page(&self, intent: &Intent) -> Result<String, AppError> {
        let asked = intent.clone();
        let (name, phone, shop, user_code, mark): (String, String, String, Option<String>, _) = self
            .shelf
            .read(move |book| {
                let member = book.member(asked.member)?;
                let mark = book.order_mark(&asked)?;
                Ok((member.name, member.phone, counter::shop_name(book)?, book.setting(USER_CODE)?, mark))
            })
            .await?;
        let user_code = match (&self.practice, user_code) {
            (Some(_), _) => portone_sim::DEFAULT_USER_CODE.to_owned(),
            (None, Some(code)) => code,
            (None, None) => return Err(GatewayError::KeysMissing.into()),
        };
        let title =
            if shop.is_empty() { "포인트 충전".to_owned() } else { format!("{shop} 포인트 충전") };
        let key = self.page_key(intent.charge);
        let url = self
            .checkout()
            .open(Order {
                charge: key.clone(),
                mode: self.mode.word().to_owned(),
                sdk_url: self.sdk_url(),
                user_code,
                pay: PayRequest {
                    merchant_uid: intent.merchant_uid.clone(),
                    won: intent.won,
                    name: title.chars().take(LONGEST_ORDER_NAME).collect(),
                    buyer_name: Some(name),
                    buyer_tel: Some(phone),
                    buyer_email: None,
                    pay_method: intent.method.clone(),
                    channel: ChannelChoice::Key(intent.channel_key.clone()),
                    // Points are no goods that are sent.
                    digital: true,
                    // Whose charge it is, signed: a payment can then be told where this book was lost.
                    custom_data: mark.and_then(|mark| serde_json::to_value(mark).ok()),
                },
            })
            .map_err(|error| {
                tracing::error!(%error, "no ticket for the pay page");
                Refusal::CheckoutUnavailable
            })?;
        self.shared.config.shell.show_checkout(&key, &url, &title).map_err(|error| {
            tracing::error!(error, "no window for the pay page");
            Refusal::CheckoutUnavailable
        })?;
        Ok(url)
    }

    /// No pay window opens until what is returned is dropped. `None`: one is open.
    pub(crate) fn hold_pages(&self) -> Option<HeldBack<'_>> {
        let mut free = false;
        self.shared.while_current(self.mode, || {
            free = !self.has_page();
            self.held_back.store(free, Ordering::SeqCst);
        });
        free.then_some(HeldBack(&self.held_back))
    }

    fn pages(&self) -> MutexGuard<'_, HashMap<ChargeId, Page>> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The charge's window is gone from the screen. Its ticket lives on: the customer may have paid.
    pub(crate) fn window_gone(&self, charge: ChargeId) {
        self.pages().remove(&charge);
    }

    /// Closes the charge's page and window.
    pub(crate) fn close_page(&self, charge: ChargeId) {
        let key = self.page_key(charge);
        self.checkout().close(&key);
        if self.pages().remove(&charge).is_some() {
            self.shared.config.shell.close_checkout(&key);
        }
    }

    /// The page's address while it lives.
    pub(crate) fn page_url(&self, charge: ChargeId) -> Option<String> {
        self.checkout().url_of(&self.page_key(charge))
    }

    /// Whether a pay window is open.
    pub(crate) fn has_page(&self) -> bool {
        self.pages().iter().any(|(charge, page)| *page == Page::Opening || self.page_url(*charge).is_some())
    }

    fn checkout(&self) -> &Checkout {
        &self.shared.checkout
    }

    fn sdk_url(&self) -> String {
        if let Some(simulator) = &self.practice {
            return format!("{}/v1/iamport.js", simulator.url());
        }
        match &self.shared.config.endpoint {
            EndpointChoice::Real => SDK_URL.to_owned(),
            EndpointChoice::TestAt(url) if self.mode == Mode::Test => {
                format!("{}/v1/iamport.js", url.trim_end_matches('/'))
            }
            EndpointChoice::TestAt(_) => SDK_URL.to_owned(),
            #[cfg(feature = "any-endpoint")]
            EndpointChoice::EverythingAt(url) => format!("{}/v1/iamport.js", url.trim_end_matches('/')),
        }
    }
}
