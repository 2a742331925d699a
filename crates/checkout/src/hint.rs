//! What the page tells us, and that none of it is believed.

/// A reason to ask PortOne now. Nothing in it is believed: anyone who holds the page can say anything. Each text is
/// at most 200 characters without control or direction characters, since staff may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// The page was shown and no answer is known yet.
    Opened {
        /// The charge that the ticket was made for.
        charge: String,
    },
    /// The SDK's callback ran. Without an error this means "paid, or a virtual account was issued, or a lie".
    Answered {
        /// The charge that the ticket was made for.
        charge: String,
        /// PortOne's id of the payment, as the page says.
        imp_uid: Option<String>,
        /// The PG's code. `F1002` means that PortOne already holds an approved payment of this order.
        error_code: Option<String>,
        /// The PG's own words.
        error_msg: Option<String>,
    },
    /// The PG sent the browser back to `m_redirect_url`. The callback does not run then.
    Returned {
        /// The charge that the ticket was made for.
        charge: String,
        /// PortOne's id of the payment, as the address says.
        imp_uid: Option<String>,
        /// The PG's code.
        error_code: Option<String>,
        /// The PG's own words.
        error_msg: Option<String>,
    },
    /// The page could not load PortOne's SDK, so this time it opened no pay window.
    SdkFailed {
        /// The charge that the ticket was made for.
        charge: String,
    },
}
