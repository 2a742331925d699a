//! Where to ask, with which keys, over which way.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use reqwest::Url;
use secrecy::SecretString;

use crate::error::PortoneError;

/// PortOne's own address. Source: PortOne V1 REST API reference, "host".
const PORTONE: &str = "https://api.iamport.kr";

/// REST API key and secret.
#[derive(Clone)]
pub struct Keys {
    /// REST API key.
    pub imp_key: String,
    /// REST API secret.
    pub imp_secret: SecretString,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}

/// The way to the network.
#[derive(Clone, Default)]
pub struct Net {
    /// A proxy that the owner named, as an address, between this machine and PortOne. The system's is never used.
    pub proxy: Option<String>,
}

impl Net {
    /// Through a proxy that the owner named.
    ///
    /// # Errors
    /// [`PortoneError::BadAddress`] for anything but `http://` or `https://`, a host and a port. A name and password are
    /// refused: a secret belongs into the keyring, and this address stands in the settings.
    pub fn through(proxy: &str) -> Result<Net, PortoneError> {
        let bad = PortoneError::BadAddress { what: "no address of a proxy" };
        let Ok(url) = Url::parse(proxy) else { return Err(bad) };
        let plain = matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some_and(|host| !host.is_empty())
            && url.username().is_empty()
            && url.password().is_none()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none();
        if plain { Ok(Net { proxy: Some(url.to_string()) }) } else { Err(bad) }
    }
}

impl fmt::Debug for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may hold a password.
        f.write_str(if self.proxy.is_some() { "Net(a proxy)" } else { "Net(no proxy)" })
    }
}

/// Where to ask, and whether payments over test channels are asked for.
///
/// A live endpoint takes no address, so that no setting can point it elsewhere.
#[derive(Debug, Clone)]
pub struct Endpoint {
    base: Option<Url>,
    sandbox: bool,
}

impl Endpoint {
    /// PortOne; payments over test channels are not asked for.
    #[must_use]
    pub fn live() -> Endpoint {
        Endpoint { base: None, sandbox: false }
    }
    /// PortOne; payments over test channels are asked for.
    #[must_use]
    pub fn test() -> Endpoint {
        Endpoint { base: None, sandbox: true }
    }
    /// A simulator on this machine, for test books.
    ///
    /// # Errors
    /// [`PortoneError::BadAddress`] for anything but plain HTTP on a loopback address.
    pub fn test_at(url: &str) -> Result<Endpoint, PortoneError> {
        Ok(Endpoint { base: Some(loopback(url)?), sandbox: true })
    }
    /// The simulator inside the app.
    ///
    /// # Errors
    /// [`PortoneError::BadAddress`] for an address that is not loopback.
    pub fn practice(addr: SocketAddr) -> Result<Endpoint, PortoneError> {
        Endpoint::test_at(&format!("http://{addr}"))
    }
    /// A simulator on this machine, for live books: devhost alone has the feature.
    ///
    /// # Errors
    /// [`PortoneError::BadAddress`] for anything but plain HTTP on a loopback address.
    #[cfg(feature = "any-endpoint")]
    pub fn live_at(url: &str) -> Result<Endpoint, PortoneError> {
        Ok(Endpoint { base: Some(loopback(url)?), sandbox: false })
    }

    pub(crate) fn base(&self) -> Result<Url, PortoneError> {
        match &self.base {
            Some(base) => Ok(base.clone()),
            None => Url::parse(PORTONE).map_err(|_| PortoneError::BadAddress { what: "PortOne's own" }),
        }
    }
    pub(crate) fn is_portone(&self) -> bool {
        self.base.is_none()
    }
    pub(crate) fn sandbox(&self) -> bool {
        self.sandbox
    }
}

fn loopback(url: &str) -> Result<Url, PortoneError> {
    let url = Url::parse(url).map_err(|_| PortoneError::BadAddress { what: "no address" })?;
    // A literal address, or the one name that means it: no other name is looked up.
    let near = match url.host_str() {
        Some("localhost") => true,
        Some(host) => host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()),
        None => false,
    };
    if url.scheme() != "http" || !near {
        return Err(PortoneError::BadAddress { what: "a simulator listens on loopback only" });
    }
    if !url.username().is_empty() || url.password().is_some() || url.path() != "/" || url.query().is_some() {
        return Err(PortoneError::BadAddress { what: "an address without path, query and user" });
    }
    Ok(url)
}
