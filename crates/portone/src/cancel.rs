//! Giving money back.

use std::num::NonZeroU64;

use reqwest::Method;

use crate::client::Portone;
use crate::envelope::Said;
use crate::error::{PortoneError, odd};
use crate::ids;
use crate::payment::Payment;

/// What is to be cancelled. Each of the sums must be there and above zero: a missing sum, or none, means *everything* to
/// PortOne, and a missing checksum checks nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Cancel {
    /// PortOne's name for the payment.
    pub imp_uid: String,
    /// The sum, in won.
    pub amount: NonZeroU64,
    /// What can be cancelled before this; with another sum PortOne refuses, so that no cancel is done twice.
    pub checksum: NonZeroU64,
    /// Why; it stands in the payment's history.
    pub reason: String,
    /// Where a deposit goes back to.
    pub account: Option<RefundTo>,
}

impl std::fmt::Debug for Cancel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The account is personal data.
        f.debug_struct("Cancel")
            .field("imp_uid", &self.imp_uid)
            .field("amount", &self.amount)
            .field("checksum", &self.checksum)
            .finish_non_exhaustive()
    }
}

/// An account that money goes back to.
#[derive(Clone, PartialEq, Eq)]
pub struct RefundTo {
    /// The name on it.
    pub holder: String,
    /// The bank's code, as the payment company writes it.
    pub bank: String,
    /// Its number.
    pub account: String,
}

impl Portone {
    /// Asks PortOne to cancel. `Ok`: it took it; whether it did it, a look-up tells. It is asked once: whether to ask again
    /// is decided where it is known what was cancelled meanwhile.
    ///
    /// Source: PortOne V1 `POST /payments/cancel`.
    ///
    /// # Errors
    /// [`PortoneError::BadId`] and [`PortoneError::Refused`] (nothing was cancelled by this), or no usable answer: it may
    /// have been done or not.
    pub async fn cancel(&self, cancel: &Cancel) -> Result<(), PortoneError> {
        ids::imp_uid(&cancel.imp_uid)?;
        let mut body = serde_json::json!({
            "imp_uid": cancel.imp_uid,
            "amount": cancel.amount.get(),
            "checksum": cancel.checksum.get(),
            "reason": cancel.reason,
        });
        if let (Some(account), Some(fields)) = (&cancel.account, body.as_object_mut()) {
            fields.insert("refund_holder".to_owned(), account.holder.clone().into());
            fields.insert("refund_bank".to_owned(), account.bank.clone().into());
            fields.insert("refund_account".to_owned(), account.account.clone().into());
        }
        let timeout = self.timeouts().cancel;
        let said = self
            .ask("cancel", &|http| Ok(http.ask(Method::POST, &["payments", "cancel"], timeout)?.json(&body)))
            .await?;
        let Said::Response(json) = said else { return odd("no cancel there") };
        if Payment::read(&json)?.imp_uid == cancel.imp_uid {
            Ok(())
        } else {
            odd("a cancel of another payment")
        }
    }
}
