//! The one list of commands. Every shell answers it through [`dispatch`]; the screen's interface is written from it.

use std::pin::Pin;

use ledger::Actor;
use serde_json::Value;

use crate::error::{AppError, Refusal};
use crate::host::Host;
use crate::wire;
use crate::{charge, history, member, points, settings, state};

/// A command's name and the names of its types on the wire.
pub struct CommandTypes {
    /// The command.
    pub name: &'static str,
    /// What is asked.
    pub ask: &'static str,
    /// What is answered.
    pub answer: &'static str,
}

macro_rules! commands {
    ($($name:ident: $ask:ident => $answer:ident, $run:path;)*) => {
        /// Every command.
        pub const COMMANDS: &[CommandTypes] = &[
            $(CommandTypes { name: stringify!($name), ask: stringify!($ask), answer: stringify!($answer) }),*
        ];

        /// Runs a command by name.
        ///
        /// # Errors
        /// What the command refuses or fails with; `bad_request` and `unknown_command` for what is none.
        pub async fn dispatch<H: Host>(host: &H, actor: Actor, command: &str, body: Value) -> Result<Value, AppError> {
            let started = host.now();
            let done = match command {
                $(stringify!($name) => {
                    let ask: wire::$ask = parse(body)?;
                    // Boxed here, where any host's futures are known to be Send.
                    let run: Pin<Box<dyn Future<Output = Result<wire::$answer, AppError>> + Send + '_>> =
                        Box::pin($run(host, actor, ask));
                    serde_json::to_value(run.await?).map_err(|_| AppError::Internal("answer"))
                })*
                _ => Err(Refusal::UnknownCommand(command.chars().take(40).collect()).into()),
            };
            tracing::debug!(command, took_ms = host.now().since(started), "done");
            done
        }
    };
}

commands! {
    app_state: Empty => AppState, state::app_state;
    charge_quote: QuoteAsk => ChargeQuote, charge::quote;
    charge_start: ChargeStart => ChargeStarted, charge::start;
    charge_settle: ChargeAsk => ChargeView, charge::settle;
    charge_abandon: ChargeAsk => ChargeView, charge::abandon;
    charge_view: ChargeAsk => ChargeView, charge::view;
    waiting: Empty => Waiting, charge::waiting;
    member_create: MemberCreate => MemberCreated, member::create;
    member_edit: MemberEdit => MemberEdited, member::edit;
    member_search: MemberSearch => MemberRows, member::search;
    member_card: MemberAsk => MemberCard, member::card;
    spend_preview: SpendAsk => SpendPreview, points::preview;
    spend: Spend => Spent, points::spend;
    undo: Undo => Undone, points::undo;
    history: HistoryAsk => HistoryPage, history::page;
    book_verify: Empty => BookReport, history::verify;
    settings: Empty => SettingsView, settings::get;
    settings_shop: SettingsShop => SettingsView, settings::shop_set;
    settings_proxy: SettingsProxy => SettingsView, settings::proxy;
    bonus_rule_set: BonusRuleSet => SettingsView, settings::bonus_rule;
    keys_save: KeysSave => SettingsView, settings::save_keys;
    keys_forget: Empty => SettingsView, settings::forget_keys;
    channels: Empty => Channels, settings::channels;
    channel_choose: ChannelChoose => SettingsView, settings::choose_channel;
    mode_switch: ModeSwitch => AppState, settings::switch_mode;
}

fn parse<T: serde::de::DeserializeOwned>(body: Value) -> Result<T, AppError> {
    // A command without fields may be called without a body.
    let body = if body.is_null() { Value::Object(serde_json::Map::new()) } else { body };
    // A list would be read as fields by their place.
    if !body.is_object() {
        return Err(Refusal::BadRequest("no object".to_owned()).into());
    }
    serde_json::from_value(body).map_err(|error| Refusal::BadRequest(error.to_string()).into())
}
