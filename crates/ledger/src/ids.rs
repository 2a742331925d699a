//! Names of things in the book. Each has a type of its own, so that one cannot be taken for another.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::model::By;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }
        impl $name {
            /// Reads what [`fmt::Display`] wrote; any spelling of a UUID is understood.
            ///
            /// # Errors
            /// When the text is no UUID.
            pub fn parse(text: &str) -> Result<$name, uuid::Error> {
                Uuid::try_parse(text).map($name)
            }
        }
    };
}

uuid_id! {
    /// A charge, named by the screen before anything is sent; any UUID.
    ChargeId
}
uuid_id! {
    /// One write, named once by its caller, so that it may be repeated: chargeId, useId, undoId, requestId.
    RequestId
}
uuid_id! {
    /// A transaction in the book. UUIDv7: ordered by time, so that the index grows at one end.
    TransactionId
}
uuid_id! {
    /// The points that one loading made.
    LotId
}
uuid_id! {
    /// A refund, named by the screen before anything is held or sent; any UUID.
    RefundId
}
uuid_id! {
    /// One book file.
    BookId
}

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "number"))]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number_id! {
    /// A member is a number; who that is stands in the profile, which can be erased.
    MemberId
}
number_id! {
    /// A person behind the counter, or the machine itself.
    StaffId
}

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "number"))]
#[serde(transparent)]
pub struct UnixMillis(pub i64);

impl UnixMillis {
    /// This moment moved by `ms`; stays at the end of the range instead of overflowing.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> UnixMillis {
        UnixMillis(self.0.saturating_add(ms))
    }
    /// Milliseconds from `earlier` to this moment; negative when `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: UnixMillis) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Which book: real money, PortOne's test channels, or the simulator inside the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Real money.
    Live,
    /// PortOne's own test channels over the real network.
    Test,
    /// The simulator inside the app; no network and no account.
    Practice,
}

impl Mode {
    /// The word that stands in the book and in file names.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Mode::Live => "live",
            Mode::Test => "test",
            Mode::Practice => "practice",
        }
    }
    /// What `sandbox` must say on every channel and payment of this mode.
    #[must_use]
    pub const fn sandbox(self) -> bool {
        match self {
            Mode::Live => false,
            Mode::Test | Mode::Practice => true,
        }
    }
}

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Charges, uses, undoes.
    Clerk,
    /// Changes the mode and the rules too.
    Manager,
    /// Everything: the keys as well.
    Owner,
}

/// Who does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// Whose name stands on the row.
    pub id: StaffId,
    /// What they may do.
    pub role: Role,
    /// Who approved it, where that was asked for and somebody did.
    pub approver: Option<StaffId>,
}

impl Actor {
    /// Who writes, when, and under which request, for the book's rows.
    #[must_use]
    pub const fn by(self, now: UnixMillis, request: RequestId) -> By {
        By { now, actor: self.id, approver: self.approver, request }
    }
}
