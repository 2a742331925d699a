//! The access token: one per key, shared by everybody who asks.
//!
//! Source: PortOne V1 `POST /users/getToken`, description.

use crate::random::Random;

/// How long a new token lives.
const LIFE_SECONDS: i64 = 30 * 60;
/// With less than this left, asking again makes the token live longer.
const SHORT_SECONDS: i64 = 60;
/// By how much.
const EXTENSION_SECONDS: i64 = 5 * 60;

/// A token that was handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) value: String,
    pub(crate) expires_at: i64,
}

impl Token {
    pub(crate) fn is_alive(&self, now: i64) -> bool {
        now < self.expires_at
    }

    /// The token to hand out now: the same one while it lives, longer if it was about to end.
    pub(crate) fn issue(last: Option<Token>, now: i64, random: &mut Random) -> Token {
        match last {
            Some(mut token) if token.is_alive(now) => {
                if token.expires_at.saturating_sub(now) < SHORT_SECONDS {
                    token.expires_at = token.expires_at.saturating_add(EXTENSION_SECONDS);
                }
                token
            }
            Some(_) | None => Token { value: random.hex(40), expires_at: now.saturating_add(LIFE_SECONDS) },
        }
    }
}
