//! The main window: the app's own pages, and nothing else.

use std::path::Path;

use tauri::webview::{NewWindowResponse, PermissionResponse};
use tauri::{AppHandle, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};

use crate::{args, folder, platform};

/// Its label. The capability and `rpc` name it too.
pub(crate) const LABEL: &str = "main";
/// Its web view's folder, beside the books.
pub(crate) const DATA: &str = "webview";
/// What a page must not change for all objects. Tauri's own `freezePrototype` would do so in the pay windows too, where
/// a payment company's script, written for an ordinary browser, would stop at its first `x.toString = …`.
const FREEZE: &str = "Object.freeze(Object.prototype)";

/// Makes the window. It is made here and not in tauri.conf.json, so that none exists before the rules do.
///
/// # Errors
/// When the system gives no window.
pub(crate) fn open(app: &AppHandle, data: &Path) -> tauri::Result<WebviewWindow> {
    let folder = data.join(DATA);
    // Without its folder the window opens all the same, keeping nothing: it is where the till says what is wrong.
    let kept = folder::usable(&folder);
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Pointill")
        .inner_size(1280.0, 800.0)
        .min_inner_size(1024.0, 700.0)
        .prevent_overflow()
        .center()
        .data_directory(if kept { folder } else { std::env::temp_dir().join("pointill-webview") })
        // Not under WebDriver, for the reason that `Jail::apart` gives.
        .incognito(!kept && !args::automated())
        .initialization_script(FREEZE)
        .disable_drag_drop_handler()
        .general_autofill_enabled(false)
        .on_navigation(|url| {
            let stays = own(url);
            if !stays {
                tracing::warn!(scheme = url.scheme(), "the main window stays on its own pages");
            }
            stays
        })
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .on_permission_request(|_, _| PermissionResponse::Deny)
        .build()?;
    platform::watch(&window);
    let app = app.clone();
    // A pay window alone is of no use, and keeps the app running unseen. Its charge stays in the book and is looked up
    // at the next start.
    window.on_window_event(move |event| {
        if matches!(event, WindowEvent::Destroyed) {
            app.exit(0);
        }
    });
    Ok(window)
}

/// A second start shows this window instead of another one.
pub(crate) fn show(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    for done in [window.unminimize(), window.show(), window.set_focus()] {
        if let Err(error) = done {
            tracing::warn!(%error, "the main window could not be shown");
        }
    }
}

/// The addresses under which Tauri serves the app's own files: tauri://localhost, on Windows http://tauri.localhost;
/// in a development build Vite's.
fn own(url: &Url) -> bool {
    match (url.scheme(), url.host_str(), url.port()) {
        ("tauri", Some("localhost"), None) => !cfg!(windows),
        ("http", Some("tauri.localhost"), None) => cfg!(windows),
        ("http", Some("127.0.0.1"), Some(5173)) => tauri::is_dev(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_window_goes_nowhere_else() {
        let own = |url: &str| own(&url.parse().unwrap());
        assert!(own(if cfg!(windows) { "http://tauri.localhost/" } else { "tauri://localhost/index.html" }));
        for url in [
            "https://example.com/",
            "http://127.0.0.1:8080/pay/x",
            "http://tauri.evil.example/",
            "https://tauri.localhost.evil.example/",
            "tauri://evil/",
            "tauri://localhost:81/",
            "file:///etc/passwd",
            "data:text/html,x",
            "javascript:alert(1)",
            "about:blank",
        ] {
            assert!(!own(url), "{url}");
        }
        assert_eq!(own("http://127.0.0.1:5173/"), tauri::is_dev());
    }
}
