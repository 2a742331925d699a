//! What PortOne knows, and its rules. Pure: time comes in as an argument, nothing here does I/O.

mod cancel;
mod find;
mod kst;
mod pay;
mod prepare;

pub(crate) use cancel::CancelRequest;
pub(crate) use find::{Listing, Sorting};
pub(crate) use pay::{Order, Outcome};
pub(crate) use prepare::Prepared;

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    answer::Refusal,
    channels::{self, Channel},
    config::Config,
    payment::Entry,
    random::Random,
    token::Token,
};

const LONGEST_ADVANCE_SECONDS: i64 = 10 * 365 * 86_400;

/// What survives a restart.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Book {
    pub(crate) prepares: BTreeMap<String, Prepared>,
    /// In the order in which the windows were opened.
    pub(crate) payments: Vec<Entry>,
    /// What `/_sim/clock` added. Kept, so that time never runs backwards under a payment.
    pub(crate) advanced_seconds: i64,
}

/// PortOne, as far as it is played.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) book: Book,
    pub(crate) channels: Vec<Channel>,
    pub(crate) random: Random,
    token: Option<Token>,
    imp_key: String,
    imp_secret: String,
    /// How `from` and `to` are read for the status `all`.
    all_by_start: bool,
    /// Where receipts are shown, up to the imp_uid.
    receipts: String,
}

impl World {
    pub(crate) fn new(config: &Config, mut book: Book, random: Random, url: &str) -> World {
        let receipts = format!("{url}/sim/receipt/");
        for entry in &mut book.payments {
            entry.payment.rehome(&receipts);
        }
        World {
            book,
            channels: channels::all(),
            random,
            token: None,
            imp_key: config.imp_key.clone(),
            imp_secret: config.imp_secret.clone(),
            all_by_start: config.all_by_start,
            receipts,
        }
    }

    /// `POST /users/getToken`. A wrong key or secret is a 401.
    pub(crate) fn token(&mut self, key: &str, secret: &str, now: i64) -> Result<Token, Refusal> {
        if key != self.imp_key || secret != self.imp_secret {
            let message = "인증에 실패하였습니다. API키와 secret을 확인하세요.";
            return Err(Refusal::new(StatusCode::UNAUTHORIZED, -1, message));
        }
        let token = Token::issue(self.token.take(), now, &mut self.random);
        self.token = Some(token.clone());
        Ok(token)
    }

    /// Whether a token that came with a request is good now.
    pub(crate) fn accepts(&self, value: &str, now: i64) -> bool {
        self.token.as_ref().is_some_and(|token| token.value == value && token.is_alive(now))
    }

    /// Ends the token before its time.
    pub(crate) fn revoke_token(&mut self) {
        self.token = None;
    }

    pub(crate) fn entry(&self, imp_uid: &str) -> Option<&Entry> {
        self.book.payments.iter().find(|entry| entry.payment.imp_uid == imp_uid)
    }

    fn entry_mut(&mut self, imp_uid: &str) -> Result<&mut Entry, Refusal> {
        self.book.payments.iter_mut().find(|entry| entry.payment.imp_uid == imp_uid).ok_or_else(not_found)
    }

    fn receipt(&self, imp_uid: &str) -> String {
        format!("{}{imp_uid}", self.receipts)
    }

    /// Lets time go on. Ten years in all are more than any test needs, and far from where seconds
    /// overflow.
    pub(crate) fn advance(&mut self, seconds: i64) -> Result<(), Refusal> {
        let total = self.book.advanced_seconds.saturating_add(seconds);
        if seconds < 0 || total > LONGEST_ADVANCE_SECONDS {
            let message = "advance_seconds is a whole number, 0 or more, and ten years in all";
            return Err(Refusal::new(StatusCode::BAD_REQUEST, -1, message));
        }
        self.book.advanced_seconds = total;
        Ok(())
    }

    /// Sets fields of a payment to whatever a test wants.
    pub(crate) fn set(
        &mut self,
        imp_uid: &str,
        fields: Map<String, Value>,
        now: i64,
    ) -> Result<Value, Refusal> {
        let entry = self.entry_mut(imp_uid)?;
        entry.set(fields);
        entry.updated_at = now;
        Ok(entry.view())
    }
}

pub(crate) fn not_found() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, 1, "존재하지 않는 결제정보입니다.")
}
