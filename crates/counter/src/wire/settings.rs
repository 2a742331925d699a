//! Settings.

use ledger::{Mode, RequestId};
use money::Won;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{BonusRuleView, Entered, ExpiryRuleView, ExpirySuggestion};

answer! {
    /// What the settings screen shows. Never a secret.
    SettingsView {
        /// The shop's name.
        shop_name: String,
        /// Largest sum of one charge.
        max_charge_won: Won,
        /// The sums on the tiles, at most five.
        preset_won: Vec<Won>,
        /// The hour at which the shop's day turns, 0 to 23, in Seoul.
        day_turns_at_hour: u8,
        /// The bonus rule in force.
        bonus_rule: Option<BonusRuleView>,
        /// How long paid points last; `null`: for ever.
        expiry_rule: Option<ExpiryRuleView>,
        /// What the payment companies ask for, the book's own first.
        expiry_suggestions: Vec<ExpirySuggestion>,
        /// Whether keys are stored, and where they would be.
        keys: KeysView,
        /// 고객사 식별코드, for example `imp12345678`; public.
        user_code: Option<String>,
        /// The proxy between this machine and PortOne, where the owner named one.
        proxy: Option<String>,
        /// The chosen channel's key.
        channel_key: Option<String>,
        /// The channel's name.
        channel_name: Option<String>,
    }
}
answer! {
    /// Where the keys are.
    KeysView {
        /// Keys are stored.
        stored: bool,
        /// The last four characters of the REST API key, to tell keys apart.
        key_ends_with: Option<String>,
        /// How the keyring stands.
        keyring: KeyringState,
    }
}
/// How the operating system's keyring stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum KeyringState {
    /// It is being asked; it may be asking its owner for a password.
    Asking,
    /// It answers.
    Ok,
    /// It is locked.
    Locked,
    /// There is none, or it does not answer.
    Unavailable,
}
request! {
    /// Names the proxy between this machine and PortOne.
    SettingsProxy {
        /// Its address, for example `http://10.0.0.1:3128`, without a name and password; `null` or empty: there is none.
        proxy: Option<String>,
    }
}
request! {
    /// Changes the shop's own settings.
    SettingsShop {
        /// Made once by the screen.
        request_id: RequestId,
        /// The shop's name, at most 40 characters.
        shop_name: String,
        /// Largest sum of one charge.
        max_charge_won: Entered<Won>,
        /// The sums on the tiles, at most five.
        preset_won: Vec<Won>,
        /// The hour at which the shop's day turns.
        day_turns_at_hour: u8,
    }
}
request! {
    /// Stores PortOne's keys in the keyring. They are tried first.
    KeysSave {
        /// REST API key.
        imp_key: String,
        /// REST API secret.
        imp_secret: String,
        /// 고객사 식별코드.
        user_code: String,
    }
}
answer! {
    /// The channels that PortOne lists.
    Channels {
        /// In PortOne's order.
        channels: Vec<ChannelView>,
    }
}
answer! {
    /// A channel: one payment company's contract.
    ChannelView {
        /// Its key.
        channel_key: String,
        /// Its name in PortOne's console.
        name: String,
        /// The payment company.
        pg_provider: String,
        /// The shop's name at the payment company (MID).
        pg_id: String,
        /// A test channel; `null`: PortOne did not say.
        sandbox: Option<bool>,
        /// It is of this mode and can be chosen.
        usable: bool,
    }
}
request! {
    /// Chooses the channel of this book.
    ChannelChoose {
        /// Its key.
        channel_key: String,
    }
}
request! {
    /// Changes the book.
    ModeSwitch {
        /// To which.
        mode: Mode,
    }
}
