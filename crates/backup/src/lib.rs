//! Backup files: sealed with a key of the shop's own, named, checked by reading them back, thinned out.
//!
//! It knows files and bytes alone: neither the book nor the keyring. A file is an age file (<https://age-encryption.org/v1>),
//! so that the printed recovery key opens it with any age program, and inside it stand a header and the parts.

mod erased;
mod error;
mod file;
mod key;
mod name;

pub use erased::{Erased, read_erased, write_erased};
pub use error::BackupError;
pub use file::{Meta, Part, check, extract, write};
pub use key::{Identity, Recipient};
pub use name::{Name, list, next_sequence, short, superfluous};
