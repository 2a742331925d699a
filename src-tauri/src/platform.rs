//! What only one system's web view needs to be told.

use tauri::WebviewWindow;

use crate::jail::Jail;

/// Readies a pay window or one that it opened.
#[cfg(target_os = "linux")]
pub(crate) fn prepare(window: &WebviewWindow, jail: &Jail) {
    use tauri::Manager;

    let (app, label, jail) = (window.app_handle().clone(), window.label().to_owned(), jail.clone());
    let done = window.with_webview(move |view| webkit::prepare(&view.inner(), app, label, jail));
    if let Err(error) = done {
        tracing::warn!(%error, "a pay window could not be readied");
    }
}

/// Readies a pay window or one that it opened.
#[cfg(not(target_os = "linux"))]
pub(crate) fn prepare(_: &WebviewWindow, _: &Jail) {}

/// Keeps the main window alive when the process that draws it dies.
#[cfg(target_os = "linux")]
pub(crate) fn watch(window: &WebviewWindow) {
    if let Err(error) = window.with_webview(|view| webkit::watch(&view.inner())) {
        tracing::warn!(%error, "the main window is not watched");
    }
}

/// Keeps the main window alive when the process that draws it dies.
#[cfg(not(target_os = "linux"))]
pub(crate) fn watch(_: &WebviewWindow) {}

#[cfg(target_os = "linux")]
mod webkit {
    use std::cell::Cell;
    use std::time::{Duration, Instant};

    use gtk::prelude::{ContainerExt, ObjectExt, WidgetExt};
    use tauri::{AppHandle, Manager};
    use webkit2gtk::{
        CookieAcceptPolicy, CookieManagerExt, SettingsExt, URIRequestExt, WebContextExt, WebView, WebViewExt,
    };

    use crate::jail::Jail;

    /// A page that crashes at once would be loaded for ever.
    const RELOAD_AGAIN: Duration = Duration::from_secs(5);

    /// The screen is drawn anew: everything on it is in the book, and what is under way keeps its id there.
    pub(super) fn watch(view: &WebView) {
        let before = Cell::new(None::<Instant>);
        view.connect_web_process_terminated(move |view, why| {
            let now = Instant::now();
            if before.replace(Some(now)).is_some_and(|before| now.duration_since(before) < RELOAD_AGAIN) {
                tracing::error!(?why, "the main page crashed again at once; the app has to be started anew");
                return;
            }
            tracing::error!(?why, "the main page crashed; it is loaded again");
            view.reload();
        });
    }

    pub(super) fn prepare(view: &WebView, app: AppHandle, label: String, jail: Jail) {
        // Payment companies run in frames and keep their session in a cookie. WebKitGTK refuses those of frames unless
        // told; WebView2 takes them. Nothing is kept: this is a private window.
        if let Some(cookies) = view.context().and_then(|context| context.cookie_manager()) {
            cookies.set_accept_policy(CookieAcceptPolicy::Always);
        }
        // The SDK opens a payment company's window as soon as the page is there, without a click, as the pay page asks
        // for it. WebKitGTK answers `null` to that unless told; WebView2 does not. How many there may be is the jail's.
        if let Some(settings) = WebViewExt::settings(view) {
            settings.set_javascript_can_open_windows_automatically(true);
        }
        // `window.open("")`, to be written or posted into: Tauri refuses it before it asks us, since an empty address is
        // none. Handlers are asked in turn until one gives a window.
        let (opener, rules) = (app.clone(), jail);
        view.connect_create(move |view, action| {
            let address = action.clone().request().and_then(|request| request.uri());
            if address.is_some_and(|address| !address.is_empty()) {
                return None;
            }
            let popup = rules.popup(&opener, None, |builder| builder.with_related_view(view.clone()))?;
            let shown = popup.default_vbox().ok()?.children();
            shown.into_iter().find(|widget| widget.is::<WebView>())
        });
        let close = move || {
            if let Some(window) = app.get_webview_window(&label)
                && let Err(error) = window.destroy()
            {
                tracing::debug!(label, %error, "a pay window was closed already");
            }
        };
        // A page that closes itself takes the web view away and would leave an empty frame on the customer's screen.
        view.connect_destroy({
            let close = close.clone();
            move |_| close()
        });
        view.connect_web_process_terminated(move |_, why| {
            tracing::warn!(?why, "a pay page crashed; its window is closed");
            close();
        });
    }
}
