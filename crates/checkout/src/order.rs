//! What is to be paid, and what is refused before a page is made of it.

use std::fmt;

use axum::http::Uri;
use money::Won;

/// PortOne's browser SDK. A live order may load no other.
///
/// Source: developers.portone.io, V1 JavaScript SDK.
pub const SDK_URL: &str = "https://cdn.iamport.kr/v1/iamport.js";

/// One charge, ready to be paid.
#[derive(Debug, Clone)]
pub struct Order {
    /// Our own key of the charge. It comes back in every hint and is never shown to the page.
    pub charge: String,
    /// `practice`, `test` or `live`. Anything but live is written across the page.
    pub mode: String,
    /// Where the page loads `IMP` from: [`SDK_URL`], or the simulator's address in practice.
    pub sdk_url: String,
    /// 고객사 식별코드, which is public: `impXXXXXXXX`.
    pub user_code: String,
    /// What `IMP.request_pay` is asked.
    pub pay: PayRequest,
}

/// What `IMP.request_pay` is asked. Source: PortOne V1 SDK, `request_pay` parameters.
#[derive(Clone)]
pub struct PayRequest {
    /// Our order number at PortOne, at most 40 characters of `[0-9A-Za-z_-]`.
    pub merchant_uid: String,
    /// The sum, above zero.
    pub won: Won,
    /// What is bought. Cut after 40 characters.
    pub name: String,
    /// Cut after 16 characters.
    pub buyer_name: Option<String>,
    /// Some PGs (KG이니시스, 페이코, 다날) refuse a payment without it.
    pub buyer_tel: Option<String>,
    /// Sent where it is known.
    pub buyer_email: Option<String>,
    /// PortOne's word for the way of paying: `card`, `trans`, `vbank`, `phone`, `payco` …
    pub pay_method: String,
    /// Which channel is to take the money.
    pub channel: ChannelChoice,
    /// `true` for what is not a thing in a box. Required for `phone`.
    pub digital: bool,
    /// Comes back unread with the payment.
    pub custom_data: Option<serde_json::Value>,
}

impl fmt::Debug for PayRequest {
    /// Without the buyer: a person's name and number do not belong into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PayRequest")
            .field("merchant_uid", &self.merchant_uid)
            .field("won", &self.won)
            .field("pay_method", &self.pay_method)
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}

/// How PortOne is told which channel to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelChoice {
    /// `channelKey`, from PortOne's console.
    Key(String),
    /// `pg`, as `code.{MID}`. Older, and still the only way for channels without a key.
    Pg(String),
}

/// Why no ticket was made.
#[derive(Debug, thiserror::Error)]
pub enum CheckoutError {
    /// PortOne or the page could not take the order; says which part.
    #[error("the order cannot be paid: {0}")]
    Order(&'static str),
    /// The system gave no random numbers, so a ticket could be guessed.
    #[error("no random numbers")]
    Random(#[source] std::io::Error),
}

impl Order {
    /// # Errors
    /// The first part that PortOne would refuse or that does not belong to the order's mode.
    pub(crate) fn check(&self) -> Result<(), CheckoutError> {
        let uid = &self.pay.merchant_uid;
        // SDK: at most 40 characters; smartro_v2 takes no special ones.
        let uid_fits = (1..=40).contains(&uid.len())
            && uid.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        let channel = match &self.pay.channel {
            ChannelChoice::Key(text) | ChannelChoice::Pg(text) => text,
        };
        let rules = [
            (!self.charge.is_empty(), "charge"),
            (uid_fits, "merchant_uid"),
            (!self.pay.won.is_zero(), "won"),
            (!self.pay.name.trim().is_empty(), "name"),
            (!self.pay.pay_method.is_empty(), "pay_method"),
            (!channel.is_empty(), "channel"),
            (!self.user_code.is_empty(), "user_code"),
            (matches!(self.mode.as_str(), "practice" | "test" | "live"), "mode"),
            (sdk_belongs_to(&self.mode, &self.sdk_url), "sdk_url"),
        ];
        rules.iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, part)| Err(CheckoutError::Order(part)))
    }
}

/// Live loads PortOne's SDK and nothing else; practice never leaves the machine; test may do either, since it is
/// played against PortOne and against the simulator.
fn sdk_belongs_to(mode: &str, url: &str) -> bool {
    match mode {
        "live" => url == SDK_URL || (cfg!(feature = "any-endpoint") && is_loopback(url)),
        "practice" => is_loopback(url),
        _ => url == SDK_URL || is_loopback(url),
    }
}

fn is_loopback(url: &str) -> bool {
    url.parse::<Uri>().is_ok_and(|uri| {
        uri.scheme_str() == Some("http")
            && matches!(uri.host(), Some("127.0.0.1" | "localhost"))
            && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn order(charge: &str) -> Order {
        Order {
            charge: charge.to_owned(),
            mode: "practice".to_owned(),
            sdk_url: "http://127.0.0.1:1/iamport.js".to_owned(),
            user_code: "imp00000000".to_owned(),
            pay: PayRequest {
                merchant_uid: "pt1abc".to_owned(),
                won: Won::new(100_000).unwrap(),
                name: "포인트 충전".to_owned(),
                buyer_name: None,
                buyer_tel: None,
                buyer_email: None,
                pay_method: "card".to_owned(),
                channel: ChannelChoice::Key("channel-key-1".to_owned()),
                digital: true,
                custom_data: None,
            },
        }
    }

    fn refused(change: impl FnOnce(&mut Order)) -> Option<&'static str> {
        let mut order = order("c");
        change(&mut order);
        match order.check() {
            Err(CheckoutError::Order(part)) => Some(part),
            Ok(()) | Err(CheckoutError::Random(_)) => None,
        }
    }

    #[test]
    fn an_order_that_portone_would_refuse_gets_no_page() {
        assert_eq!(refused(|_| ()), None);
        assert_eq!(refused(|order| order.pay.won = Won::ZERO), Some("won"));
        assert_eq!(refused(|order| order.pay.merchant_uid = "a".repeat(41)), Some("merchant_uid"));
        assert_eq!(refused(|order| order.pay.merchant_uid = "가".to_owned()), Some("merchant_uid"));
        assert_eq!(refused(|order| order.pay.name = " ".to_owned()), Some("name"));
        assert_eq!(refused(|order| order.pay.channel = ChannelChoice::Pg(String::new())), Some("channel"));
        assert_eq!(refused(|order| order.mode = "Live".to_owned()), Some("mode"));
    }

    #[test]
    fn practice_never_loads_a_script_from_the_network() {
        for url in [
            SDK_URL,
            "http://127.0.0.1:80@evil.example/x.js",
            "http://127.0.0.1.evil.example/x.js",
            "javascript:1",
        ] {
            assert_eq!(refused(|order| order.sdk_url = url.to_owned()), Some("sdk_url"), "{url}");
        }
    }

    #[cfg(not(feature = "any-endpoint"))]
    #[test]
    fn live_loads_portones_sdk_and_no_other() {
        let live = |url: &str| {
            refused(|order| {
                order.mode = "live".to_owned();
                order.sdk_url = url.to_owned();
            })
        };
        assert_eq!(live(SDK_URL), None);
        for url in ["http://127.0.0.1:1/iamport.js", "https://cdn.iamport.kr.evil.example/v1/iamport.js"] {
            assert_eq!(live(url), Some("sdk_url"), "{url}");
        }
    }

    #[test]
    fn a_buyer_is_not_printed() {
        let mut order = order("c");
        order.pay.buyer_tel = Some("010-1234-4821".to_owned());
        assert!(!format!("{order:?}").contains("4821"));
    }
}
