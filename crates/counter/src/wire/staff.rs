//! The people of the shop, and their PINs on the way in.

use ledger::{MemberId, RequestId, Role, StaffId};
use secrecy::zeroize::Zeroizing;
use serde::{Deserialize, Deserializer, Serialize};
use ts_rs::TS;

/// A PIN on its way to be checked: it can be printed nowhere, and its bytes are overwritten when it is dropped.
#[derive(Clone, TS)]
#[ts(type = "string")]
pub struct Pin(Zeroizing<String>);

impl Pin {
    /// Its digits.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl From<String> for Pin {
    fn from(digits: String) -> Pin {
        Pin(Zeroizing::new(digits))
    }
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("••••")
    }
}

impl<'de> Deserialize<'de> for Pin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pin, D::Error> {
        // serde's own error would quote what it was given.
        match serde_json::Value::deserialize(deserializer) {
            Ok(serde_json::Value::String(digits)) => Ok(Pin::from(digits)),
            Ok(_) | Err(_) => Err(serde::de::Error::custom("a PIN is a text")),
        }
    }
}

/// Who is at the till.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// The shop has no people yet: whoever opened the app is in, and the live book is closed.
    Unclaimed,
    /// Nobody is signed in.
    SignedOut,
    /// Somebody is.
    SignedIn,
}

request! {
    /// Makes the shop's owner, once, and signs them in.
    StaffFirstOwner {
        /// The screen's id for it.
        request_id: RequestId,
        /// Their name.
        name: String,
        /// Their PIN, 4 to 12 digits.
        pin: Pin,
    }
}
request! {
    /// Signs somebody in.
    SignIn {
        /// Who.
        staff_id: StaffId,
        /// Their PIN.
        pin: Pin,
    }
}
request! {
    /// Takes somebody on.
    StaffAdd {
        /// The screen's id for it.
        request_id: RequestId,
        /// Their name.
        name: String,
        /// What they may do.
        role: Role,
        /// Their first PIN.
        pin: Pin,
    }
}
request! {
    /// Changes somebody.
    StaffEdit {
        /// The screen's id for it.
        request_id: RequestId,
        /// Whom.
        staff_id: StaffId,
        /// Their name.
        name: String,
        /// What they may do.
        role: Role,
        /// Whether they still work here.
        active: bool,
    }
}
request! {
    /// Sets a PIN: one's own with the old one, somebody else's with approval.
    StaffPinSet {
        /// The screen's id for it.
        request_id: RequestId,
        /// Whose.
        staff_id: StaffId,
        /// The new PIN.
        pin: Pin,
        /// The PIN until now, for one's own.
        #[serde(default)]
        old_pin: Option<Pin>,
    }
}
request! {
    /// Lets somebody try again who gave too many wrong PINs.
    StaffUnlock {
        /// The screen's id for it.
        request_id: RequestId,
        /// Whom.
        staff_id: StaffId,
    }
}
request! {
    /// After how many idle minutes the screen is locked.
    StaffIdle {
        /// The screen's id for it.
        request_id: RequestId,
        /// From 1 to 240.
        minutes: u32,
    }
}
request! {
    /// A member's whole phone number. One's own PIN is asked for, and it is written down.
    MemberPhoneAsk {
        /// Whose number.
        member_id: MemberId,
        /// One's own PIN; without people there is none.
        #[serde(default)]
        pin: Option<Pin>,
    }
}
answer! {
    /// A whole phone number.
    MemberPhone {
        /// As it is written: 010-1234-5678.
        phone: String,
    }
}
answer! {
    /// Who can sign in.
    StaffNames {
        /// Everybody who works here.
        people: Vec<StaffView>,
    }
}
answer! {
    /// Who can be asked to approve what the person at the till asks.
    Approvers {
        /// Those whose PIN would be taken; oneself where one works alone.
        people: Vec<StaffView>,
    }
}
request! {
    /// Who can approve.
    ApproversAsk {
        /// Whom the command is about, where it is about somebody: `staffId` of a command about staff.
        #[serde(default)]
        about: Option<StaffId>,
    }
}
answer! {
    /// The people of the shop.
    StaffList {
        /// Everybody, those who have left too.
        people: Vec<PersonView>,
        /// After how many idle minutes the screen is locked.
        idle_minutes: u32,
    }
}
answer! {
    /// Somebody behind the counter, as their manager sees them.
    PersonView {
        /// Their number.
        id: StaffId,
        /// Their name.
        name: String,
        /// What they may do.
        role: Role,
        /// Whether they still work here.
        active: bool,
        /// They gave so many wrong PINs that somebody has to unlock them.
        locked: bool,
        /// Wrong PINs in a row.
        failed: u32,
    }
}

use super::StaffView;
