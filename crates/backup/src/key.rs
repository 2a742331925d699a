//! The key pair: whoever has the recipient can make backups, whoever has the identity can read them.

use std::fmt;
use std::str::FromStr;

use secrecy::SecretString;

use crate::error::BackupError;

/// The secret half. It lies in the keyring, and on paper as the recovery key.
#[derive(Clone)]
pub struct Identity(pub(crate) age::x25519::Identity);

/// The public half.
#[derive(Clone)]
pub struct Recipient(pub(crate) age::x25519::Recipient);

impl Identity {
    /// A new one, out of the operating system's randomness.
    #[must_use]
    pub fn generate() -> Identity {
        Identity(age::x25519::Identity::generate())
    }

    /// Reads a recovery key, `AGE-SECRET-KEY-1…`. Blanks and line breaks in it and small letters are let through: it is typed off a page.
    ///
    /// # Errors
    /// [`BackupError::BadKey`]; its check digits find a mistyped letter.
    pub fn parse(text: &str) -> Result<Identity, BackupError> {
        let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        age::x25519::Identity::from_str(&text.to_uppercase()).map(Identity).map_err(|_| BackupError::BadKey)
    }

    /// The recovery key's text.
    #[must_use]
    pub fn secret(&self) -> SecretString {
        self.0.to_string()
    }

    /// Its public half.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        Recipient(self.0.to_public())
    }
}

impl Recipient {
    /// Reads what [`fmt::Display`] wrote.
    ///
    /// # Errors
    /// [`BackupError::BadKey`].
    pub fn parse(text: &str) -> Result<Recipient, BackupError> {
        age::x25519::Recipient::from_str(text).map(Recipient).map_err(|_| BackupError::BadKey)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
