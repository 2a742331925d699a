//! What crosses to the screen and back. `bindings.rs` writes these types in TypeScript.
//!
//! Requests refuse unknown fields, so that a misspelt one is never silently left out.

macro_rules! request {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident : $kind:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Deserialize, TS)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[ts(optional_fields)]
        pub struct $name { $($(#[$field_doc])* pub $field: $kind),* }
    };
}
macro_rules! answer {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident : $kind:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Serialize, TS)]
        #[serde(rename_all = "camelCase")]
        pub struct $name { $($(#[$field_doc])* pub $field: $kind),* }
    };
}

mod approval;
mod care;
mod charge;
mod close;
mod entered;
mod event;
mod history;
mod import;
mod member;
mod points;
mod settings;
mod staff;
mod state;

pub use approval::*;
pub use care::*;
pub use charge::*;
pub use close::*;
pub use entered::{Change, Entered};
pub use event::Event;
pub use history::*;
pub use import::*;
pub use member::*;
pub use points::*;
use serde::{Deserialize, Serialize};
pub use settings::*;
pub use staff::*;
pub use state::*;
use ts_rs::TS;

request! {
    /// A command that needs nothing.
    Empty {}
}
answer! {
    /// Done; there is nothing to say.
    Nothing {}
}
