//! Puts the app together: folder, log, windows, keyring, till; and takes it apart at the end.

use std::sync::Arc;
use std::time::Duration;

use ledger::Role;
use tauri::{App, AppHandle, Manager, RunEvent};
use till::{ChannelPick, Config, Secrets, Shell, SystemPcClock};

use crate::args::{Start, automated};
use crate::checkout_window::PayWindows;
use crate::keys::OsKeyring;
use crate::mask::Mask;
use crate::rpc::Door;
use crate::{folder, log, main_window, rpc};

/// Books close in milliseconds; a disk that hangs must not keep the window on the screen.
const CLOSE_WAIT: Duration = Duration::from_secs(5);

/// Runs the app until its main window is closed.
///
/// # Errors
/// When the system gives no window.
pub(crate) fn run(start: Start, mask: Arc<Mask>) -> tauri::Result<()> {
    // Two parts of the tree bring a provider each; rustls takes neither unless told.
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        tracing::debug!("a provider was installed before");
    }
    let mut builder = tauri::Builder::default();
    // A second start shows the first one's window. A folder that was named is another till: the lock in it decides.
    if start.data.is_none() {
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, _, _| main_window::show(app)));
    }
    let app = builder
        .invoke_handler(tauri::generate_handler![rpc::rpc])
        .setup(|app| set_up(app, start, mask))
        .build(tauri::generate_context!())?;
    app.run(|app, event| {
        if matches!(event, RunEvent::Exit) {
            close(app);
        }
    });
    Ok(())
}

fn set_up(app: &mut App, start: Start, mask: Arc<Mask>) -> Result<(), Box<dyn std::error::Error>> {
    let data = match start.data.clone() {
        Some(data) => std::path::absolute(data)?,
        None => app.path().app_local_data_dir()?,
    };
    // What goes wrong with the folder is told by the till, on the screen.
    let logs = data.join("logs");
    let folder = folder::make(&logs);
    let logged = log::start(&logs, Arc::clone(&mask));
    tracing::info!(version = env!("CARGO_PKG_VERSION"), data = %data.display(), "Pointill starts");
    if let Err(error) = folder {
        tracing::error!(%error, "the data folder could not be made");
    }
    if let Err(error) = logged {
        tracing::error!(error, "there is no log file");
    }

    let secrets: Arc<dyn Secrets> = Arc::new(OsKeyring::for_folder(&data, mask));
    let shell: Arc<dyn Shell> = Arc::new(PayWindows::new(app.handle().clone(), &data, automated()));
    let (font, folder) = (font(app.handle()), data.clone());
    app.manage(Door::new(move || Config {
        data: folder.clone(),
        start: start.mode,
        may_live: start.may_live,
        endpoint: start.endpoint.clone(),
        secrets: Arc::clone(&secrets),
        shell: Arc::clone(&shell),
        clock: Arc::new(SystemPcClock),
        // While the shop has no people with PINs, whoever opens the app is its owner; real money waits for one with a PIN.
        role: Role::Owner,
        trusted: false,
        new_people: start.new_people,
        channel: ChannelPick::TheOnlyOne,
        font,
    }));
    main_window::open(app.handle(), &data)?;
    // The window is on the screen while the book opens.
    let app = app.handle().clone();
    tauri::async_runtime::spawn(async move {
        if app.state::<Door>().opened().await.is_ok() {
            tracing::info!("the book is open");
        }
    });
    Ok(())
}

fn close(app: &AppHandle) {
    let Some(till) = app.state::<Door>().till() else { return };
    let closed =
        tauri::async_runtime::block_on(async { tokio::time::timeout(CLOSE_WAIT, till.close()).await });
    match closed {
        Ok(()) => tracing::info!("Pointill ends"),
        Err(_) => tracing::error!("the books did not close in time; nothing that was answered is lost"),
    }
}

/// Pretendard for the pay page, out of the app's own pages: it is in the program once. `None` where they are not inside.
fn font(app: &AppHandle) -> Option<&'static [u8]> {
    let pages = app.asset_resolver();
    let (path, _) = pages.iter().find(|(path, _)| path.contains("Pretendard") && path.ends_with(".woff2"))?;
    let font = pages.get(path.into_owned())?;
    // Asked for once, needed as long as the app runs.
    Some(Box::leak(font.bytes.into_boxed_slice()))
}
