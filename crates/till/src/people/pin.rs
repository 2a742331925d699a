//! A PIN's hash: argon2id over HMAC-SHA256(pepper, person and PIN).
//!
//! Ten thousand PINs are tried in minutes by whoever holds a plain hash, however slow it is. With the pepper in the
//! keyring the file alone is worth nothing; the person's number in it keeps one row's hash from serving another.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{CustomizedPasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use hmac::{Hmac, KeyInit, Mac};
use ledger::{Random, StaffId};
use secrecy::zeroize::Zeroizing;
use sha2::Sha256;

use crate::config::Pepper;
use crate::shelf::OsRandom;

/// 19 MiB, two passes, one lane. Source: OWASP Password Storage Cheat Sheet, Argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Source: RFC 9106 §3.1.
const SALT_BYTES: usize = 16;

/// A PIN of theirs under a new salt, as a PHC string.
pub(super) fn hash(pepper: &Pepper, who: StaffId, digits: &str) -> Option<String> {
    let mut salt = [0; SALT_BYTES];
    OsRandom.fill(&mut salt);
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).ok()?;
    let argon = Argon2::default();
    let word = keyed(pepper, who, digits)?;
    let hash = argon.hash_password_customized(
        word.as_ref(),
        &salt,
        Some(Algorithm::Argon2id.as_str()),
        Some(Version::V0x13.into()),
        params,
    );
    hash.ok().map(|hash| hash.to_string())
}

/// Whether this is their PIN. A hash that cannot be read is nobody's.
pub(super) fn is_right(pepper: &Pepper, who: StaffId, digits: &str, hash: &str) -> bool {
    let (Ok(hash), Some(word)) = (PasswordHash::new(hash), keyed(pepper, who, digits)) else { return false };
    Argon2::default().verify_password(word.as_ref(), &hash).is_ok()
}

fn keyed(pepper: &Pepper, who: StaffId, digits: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(pepper.as_ref()).ok()?;
    mac.update(b"pointill pin 1");
    mac.update(&who.0.to_be_bytes());
    mac.update(digits.as_bytes());
    Some(Zeroizing::new(mac.finalize().into_bytes().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_right_for_its_person_and_its_pepper_alone() {
        let pepper = Zeroizing::new([7; 32]);
        let stored = hash(&pepper, StaffId(2), "482915").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(is_right(&pepper, StaffId(2), "482915", &stored));
        assert!(!is_right(&pepper, StaffId(2), "482916", &stored));
        assert!(!is_right(&pepper, StaffId(3), "482915", &stored));
        assert!(!is_right(&Zeroizing::new([8; 32]), StaffId(2), "482915", &stored));
        assert!(!is_right(&pepper, StaffId(2), "482915", "$argon2id$nonsense"));
        assert_ne!(stored, hash(&pepper, StaffId(2), "482915").unwrap());
    }
}
