//! What the counter can do: one list of commands over what a host can do, one file for each use.
//!
//! It knows neither Tauri nor HTTP nor PortOne's words: it asks a [`Host`].
#![warn(clippy::arithmetic_side_effects, clippy::wildcard_enum_match_arm)]

mod backup;
pub mod bindings;
mod bonus;
mod care;
mod charge;
mod close;
mod close_file;
mod commands;
mod error;
mod expiry;
mod export;
mod history;
mod host;
mod import;
mod member;
mod points;
mod refund;
mod report;
mod restore;
mod settings;
mod settle;
mod staff;
mod state;
mod text;
mod view;
pub mod wire;

pub use backup::{BackupSettings, KEY_SHOWN as BACKUP_KEY_SHOWN, backup_settings, restore_report};
pub use close::complete_closes;
pub use commands::{COMMANDS, CommandTypes, dispatch, largest_body};
pub use error::{AppError, ErrorBody, ErrorCode, Refusal};
pub use expiry::expire_due;
pub use host::{Channel, FillError, GatewayError, Host, NewKeys, Out, PeopleChange, Register};
pub use restore::{ask_after_restore, asks_after_restore};
pub use settings::{CHANNEL, PROXY, USER_CODE, looks_like_user_code, shop_name};
pub use settle::{AUTOMATIC, settle_charge, settle_due, settle_unsettled};
pub use staff::needs_sign_in;
pub use state::app_state;
