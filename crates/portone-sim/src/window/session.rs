//! Pay windows that are open. They do not survive a restart, as a real one would not.

use std::collections::HashMap;

use serde_json::Value;

/// How the window was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Iframe,
    Popup,
    /// The page itself went to the window (phones).
    Redirect,
}

impl Mode {
    pub(crate) fn parse(text: Option<&str>) -> Mode {
        match text {
            Some("popup") => Mode::Popup,
            Some("redirect") => Mode::Redirect,
            Some(_) | None => Mode::Iframe,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Mode::Iframe => "iframe",
            Mode::Popup => "popup",
            Mode::Redirect => "redirect",
        }
    }
}

/// What the person at the window pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    Approve,
    Decline,
    GiveUp,
    /// Nothing ever answers.
    Hang,
    /// Paid, and nobody is told.
    ApproveSilently,
}

impl Choice {
    pub(crate) fn parse(text: &str) -> Option<Choice> {
        match text {
            "approve" => Some(Choice::Approve),
            "decline" => Some(Choice::Decline),
            "giveup" => Some(Choice::GiveUp),
            "hang" => Some(Choice::Hang),
            "approve-silent" => Some(Choice::ApproveSilently),
            _ => None,
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Window {
    pub(crate) imp_uid: String,
    /// The page that may hear the result, and the only one.
    pub(crate) page_origin: String,
    pub(crate) mode: Mode,
    /// `m_redirect_url`.
    pub(crate) redirect: Option<String>,
    /// Who is paid, as the window shows it.
    pub(crate) shop: String,
    pub(crate) custom_data: Option<Value>,
    pub(crate) choice: Option<Choice>,
}

#[derive(Debug, Default)]
pub(crate) struct Windows(HashMap<String, Window>);

impl Windows {
    pub(crate) fn insert(&mut self, id: String, window: Window) {
        self.0.insert(id, window);
    }

    pub(crate) fn get(&self, id: &str) -> Option<Window> {
        self.0.get(id).cloned()
    }

    /// Decides a window, if it is not decided yet.
    pub(crate) fn choose(&mut self, id: &str, choice: Choice) -> Option<Window> {
        let window = self.0.get_mut(id)?;
        window.choice.get_or_insert(choice);
        Some(window.clone())
    }
}
