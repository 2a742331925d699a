//! The screen's side of the wire, written in TypeScript from the Rust types. The files are committed; a test fails
//! where they differ, and `cargo xtask bindings` writes them.

use std::fmt::Write;

use ledger::{
    AccountSum, AdjustReason, ChargeState, DaySums, DifferenceAction, DifferenceKind, GateReason,
    IntakeFault, KindSum, Mode, Role, Tally, TransactionKind,
};
use ts_rs::{Config, TS};

use crate::commands::COMMANDS;
use crate::error::ErrorCode;
use crate::wire;

const HEAD: &str = "// Written from Rust by `cargo xtask bindings`. Not edited by hand.\n\n";

/// A file of the screen and its text.
pub struct Binding {
    /// Its name in `ui/src/ipc`.
    pub file: &'static str,
    /// What stands in it.
    pub text: String,
}

/// All of them.
#[must_use]
pub fn bindings() -> Vec<Binding> {
    vec![
        Binding { file: "wire.ts", text: types() },
        Binding { file: "commands.ts", text: commands() },
        Binding { file: "errors.ts", text: errors() },
    ]
}

macro_rules! declare {
    ($config:expr, $out:expr; $($kind:ty),* $(,)?) => {
        $($out.push_str(&format!("export {}\n", <$kind as TS>::decl($config)));)*
    };
}

fn types() -> String {
    let mut out = HEAD.to_owned();
    // Every number here is exact in JavaScript: amounts stop at 2^53 - 1, places in the book and times are smaller.
    let config = &Config::default().with_large_int("number");
    declare!(config, out;
        Mode, Role, ChargeState, TransactionKind, AdjustReason, IntakeFault, wire::PayMethod, wire::BookState, wire::Connection, wire::Event,
        wire::Empty, wire::Nothing, wire::AppState, wire::StaffView, wire::QuoteAsk, wire::ChargeQuote,
        wire::ChargeStart, wire::ChargeStarted, wire::ChargeAsk, wire::ChargeView, wire::PaymentView, wire::DepositView,
        wire::DisputeView, wire::StepView, wire::Waiting, wire::MemberCreate, wire::MemberCreated, wire::MemberEdit,
        wire::MemberEdited, wire::MemberSearch, wire::MemberRows, wire::MemberRow, wire::MemberAsk, wire::MemberCard,
        wire::LotView, wire::TransactionView, wire::SpendAsk, wire::SpendPreview, wire::TakeView, wire::Spend,
        wire::Spent, wire::Undo, wire::Undone, wire::HistoryAsk, wire::HistoryPage, wire::BookReport, wire::BadRow,
    AccountSum, DaySums, DifferenceAction, DifferenceKind, KindSum, Tally, wire::Adjust, wire::Adjusted, wire::BonusRuleSet, wire::BonusRuleView, wire::CashCountView, wire::CloseAsk, wire::CloseCount, wire::ClosedView, wire::CloseFigures, wire::CloseFile, wire::CloseStep, wire::CloseView, wire::ComparisonView, wire::DifferenceView, wire::EarlierClose, wire::ImportApply, wire::ImportDone, wire::ImportPreview, wire::ImportPreviewAsk, wire::ImportRefused, wire::ImportRow, wire::KeyringState, wire::KeysSave, wire::KeysView, wire::MemberErase, wire::MemberErased, wire::MemberMerge, wire::MemberMerged, wire::SettingsProxy, wire::SettingsShop, wire::SettingsView, wire::WayChangeView,
        wire::Channels, wire::ChannelView, wire::ChannelChoose, wire::ModeSwitch,
        wire::Approval, wire::Pin, wire::Door, wire::StaffFirstOwner, wire::SignIn, wire::StaffAdd, wire::StaffEdit,
        wire::StaffPinSet, wire::StaffUnlock, wire::StaffIdle, wire::StaffNames, wire::StaffList, wire::PersonView,
        wire::Approvers, wire::ApproversAsk, wire::MemberPhoneAsk, wire::MemberPhone,
    );
    for (name, kind) in [
        ("Won", "number"),
        ("Points", "number"),
        ("UnixMillis", "number"),
        ("MemberId", "number"),
        ("StaffId", "number"),
        ("ChargeId", "string"),
        ("LotId", "string"),
        ("RequestId", "string"),
        ("TransactionId", "string"),
    ] {
        // Writing to a String cannot fail.
        let _infallible = writeln!(out, "export type {name} = {kind};");
    }
    out
}

fn commands() -> String {
    let mut out = format!("{HEAD}import type * as wire from './wire'\n\nexport interface Commands {{\n");
    for command in COMMANDS {
        let _infallible = writeln!(
            out,
            "  {}: {{ ask: wire.{}; answer: wire.{} }}",
            command.name, command.ask, command.answer
        );
    }
    out.push_str("}\n");
    out
}

fn errors() -> String {
    let mut out = HEAD.to_owned();
    let codes: Vec<_> = ErrorCode::ALL.iter().map(|code| (code.word(), code.sentence())).collect();
    let reasons: Vec<_> = GateReason::ALL.iter().map(|reason| (reason.word(), reason.sentence())).collect();
    dictionary(&mut out, "ErrorCode", "errorKo", &codes);
    dictionary(&mut out, "GateReason", "gateReasonKo", &reasons);
    out
}

fn dictionary(out: &mut String, kind: &str, name: &str, words: &[(&str, &str)]) {
    let union: Vec<String> = words.iter().map(|(word, _)| format!("  | '{word}'")).collect();
    let _infallible = writeln!(out, "export type {kind} =\n{}\n", union.join("\n"));
    let _infallible = writeln!(out, "export const {name}: Record<{kind}, string> = {{");
    for (word, sentence) in words {
        let _infallible = writeln!(out, "  {word}: '{sentence}',");
    }
    out.push_str("}\n\n");
}
