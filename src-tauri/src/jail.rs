//! The rules of every window that shows a payment company: what it may show, open and ask for.
//!
//! Architecture invariant: the labels begin with `pay-`, are made here and in `checkout_window`, and no capability names
//! them. Third-party script runs in these windows and nowhere else, and can call nothing.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tauri::webview::{NewWindowResponse, PermissionKind, PermissionResponse};
use tauri::{AppHandle, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, Wry};

use crate::platform;

type Builder<'a> = WebviewWindowBuilder<'a, Wry, AppHandle>;

/// A payment company opens two at most (its own window, a card's); a page that opens them without end is stopped.
const MOST_POPUPS: usize = 8;
/// The widest pay layer that a PC browser gets is 820 pixels wide. It could be scrolled, but a customer would not know.
const SIZE: (f64, f64) = (860.0, 760.0);
const LONGEST_TITLE: usize = 60;
/// A page that is refused a thing a thousand times a second must not fill the disk.
const MOST_COMPLAINTS: u64 = 200;

/// The rules for one pay window and all that it opens.
#[derive(Clone)]
pub(crate) struct Jail {
    /// Where the web view keeps what it must.
    pub(crate) data: PathBuf,
    /// Keeps nothing of a payment, and shares nothing with the main window. Not under WebDriver, which sees the windows
    /// of one web context only. Source: wry, `WebContextExt::allows_automation`.
    pub(crate) apart: bool,
    /// The pay window's label; the windows that it opens get it with a number behind.
    pub(crate) root: Arc<str>,
}

impl Jail {
    /// Makes the pay window.
    ///
    /// # Errors
    /// When the system gives no window.
    pub(crate) fn open(&self, app: &AppHandle, url: Url, title: &str) -> tauri::Result<WebviewWindow> {
        let builder = WebviewWindowBuilder::new(app, &*self.root, WebviewUrl::External(url))
            .title(window_title(title))
            .min_inner_size(400.0, 500.0)
            .prevent_overflow()
            .center();
        let window = self.hold(builder, app).build()?;
        platform::prepare(&window, self);
        Ok(window)
    }

    /// Makes a window that a page asked for. The web view fills in the address by itself, and `related` ties the two
    /// together: only so do opener, postMessage and close() work.
    pub(crate) fn popup<'a>(
        &self,
        app: &'a AppHandle,
        address: Option<&Url>,
        related: impl FnOnce(Builder<'a>) -> Builder<'a>,
    ) -> Option<WebviewWindow> {
        let label = self.next_label(app)?;
        let blank = Url::parse("about:blank").ok()?;
        let builder = WebviewWindowBuilder::new(app, label, WebviewUrl::External(blank))
            .title(window_title(address.and_then(Url::host_str).unwrap_or_default()))
            .on_document_title_changed(|window, title| {
                if let Err(error) = window.set_title(&window_title(&title)) {
                    tracing::debug!(%error, "a title was not set");
                }
            });
        match related(self.hold(builder, app)).build() {
            Ok(window) => {
                platform::prepare(&window, self);
                Some(window)
            }
            Err(error) => {
                tracing::error!(%error, "a window that the pay page asked for could not be made");
                None
            }
        }
    }

    fn hold<'a>(&self, builder: Builder<'a>, app: &AppHandle) -> Builder<'a> {
        let (jail, app) = (self.clone(), app.clone());
        builder
            .inner_size(SIZE.0, SIZE.1)
            .data_directory(self.data.clone())
            .incognito(self.apart)
            .disable_drag_drop_handler()
            .general_autofill_enabled(false)
            .on_navigation(may_show)
            // `window.open` from any frame: a card's own window opens out of the payment company's frame.
            .on_new_window(move |url, features| {
                let window = may_show(&url)
                    .then(|| jail.popup(&app, Some(&url), |builder| builder.window_features(features)))
                    .flatten();
                window.map_or(NewWindowResponse::Deny, |window| NewWindowResponse::Create { window })
            })
            .on_download(|_, _| {
                complain("offered a download, which was refused");
                false
            })
            .on_permission_request(|_, kind| match kind {
                PermissionKind::Microphone
                | PermissionKind::Camera
                | PermissionKind::Geolocation
                | PermissionKind::Notifications
                | PermissionKind::ClipboardRead
                | PermissionKind::DisplayCapture => PermissionResponse::Deny,
                // A card's security program listens on this machine: the web view asks before it is reached.
                _ => PermissionResponse::Default,
            })
    }

    /// A label for one more window, unless there are too many.
    fn next_label(&self, app: &AppHandle) -> Option<String> {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let open = app.webview_windows().keys().filter(|label| belongs(label, &self.root)).count();
        if open > MOST_POPUPS {
            complain("opens windows without end");
            return None;
        }
        Some(format!("{}-{}", self.root, MADE.fetch_add(1, Ordering::Relaxed)))
    }
}

/// Closes a pay window, if it is open, and what it opened.
pub(crate) fn close_all(app: &AppHandle, root: &str) {
    for (label, window) in app.webview_windows() {
        if belongs(&label, root)
            && let Err(error) = window.destroy()
        {
            tracing::debug!(label, %error, "a pay window was closed already");
        }
    }
}

/// The pay window's own label, or that of a window it opened.
fn belongs(label: &str, root: &str) -> bool {
    label.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// Every title begins like this: no pay page can pass for the main window.
fn window_title(of: &str) -> String {
    let shown: String = of.chars().filter(|next| !next.is_control()).take(LONGEST_TITLE).collect();
    if shown.is_empty() { "결제".to_owned() } else { format!("결제 — {shown}") }
}

/// What a pay window may show, in any of its frames: the web, and this machine (our own page, the practice window, a
/// card's security program). Never the app's own pages, files, script in an address, or another program.
fn may_show(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    let may = match url.scheme() {
        // On Windows the app's own pages and its IPC are at http://tauri.localhost and http://ipc.localhost.
        "http" | "https" => !host.ends_with(".localhost"),
        "about" => matches!(url.path(), "blank" | "srcdoc"),
        _ => false,
    };
    if !may {
        // A card's app, for example ispmobile: there is none on this machine. The rest of the address may be a secret.
        complain(&format!("wanted to leave for `{}:`", url.scheme()));
    }
    may
}

fn complain(what: &str) {
    static MADE: AtomicU64 = AtomicU64::new(0);
    if MADE.fetch_add(1, Ordering::Relaxed) < MOST_COMPLAINTS {
        tracing::warn!("the pay page {what}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pay_window_shows_the_web_and_this_machine() {
        for url in [
            "https://service.iamport.kr/payments/ready/imp1/html5_inicis/INIpayTest",
            "http://127.0.0.1:40123/pay/ticket",
            "http://localhost:16105/",
            "https://127.0.0.1:4443/",
            "about:blank",
            "about:srcdoc",
        ] {
            assert!(may_show(&url.parse().unwrap()), "{url}");
        }
    }

    #[test]
    fn the_pay_window_never_shows_the_app_or_a_file() {
        for url in [
            "tauri://localhost/index.html",
            "ipc://localhost/rpc",
            "http://ipc.localhost/rpc",
            "http://tauri.localhost/",
            "https://TAURI.LOCALHOST./",
            "asset://localhost/x",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:text/html,x",
            "smb://host/share",
            "ms-msdt:/id",
            "ispmobile://?TID=1",
            "about:config",
        ] {
            assert!(!may_show(&url.parse().unwrap()), "{url}");
        }
    }

    #[test]
    fn a_pay_page_cannot_name_its_window_like_the_main_one() {
        assert_eq!(window_title("Pointill"), "결제 — Pointill");
        assert_eq!(window_title("\u{7}\n"), "결제");
        assert_eq!(window_title(&"x".repeat(500)).chars().count(), LONGEST_TITLE + 5);
    }

    #[test]
    fn the_first_window_is_not_the_eleventh() {
        assert!(belongs("pay-1", "pay-1") && belongs("pay-1-4", "pay-1"));
        assert!(!belongs("pay-10", "pay-1") && !belongs("pay-10-4", "pay-1") && !belongs("main", "pay-1"));
    }
}
