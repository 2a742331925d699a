//! Keys go into the keyring and nowhere else.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use pointill_tests::app::App;
use pointill_tests::session::{Keyring, Options, Session};

use crate::clerk::{self, SECRET};

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}

/// Whether it stands in there, as programs write it: UTF-8, or UTF-16 as a web view's stores do.
fn holds(path: &Path, needle: &str) -> bool {
    let wide: Vec<u8> = needle.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let Ok(bytes) = fs::read(path) else { return false };
    [needle.as_bytes(), &wide]
        .iter()
        .any(|needle| bytes.windows(needle.len()).any(|window| window == *needle))
}

/// No file of the session holds the secret.
fn assert_unwritten(session: &Session) {
    for path in files(session.home()) {
        assert!(!holds(&path, SECRET), "the secret stands in {}", path.display());
    }
}

/// A practice charge, from the customer to the points.
async fn practice_goes_on(app: &App) {
    clerk::enrol(app, "김서연", "01028414821").await;
    clerk::open_pay_window(app).await;
    clerk::approve(app, "#sim-approve").await;
    app.switch_to_main().await.unwrap();
    app.wait_attr("charge-state", "data-state", "credited", clerk::SETTLED).await.unwrap();
}

#[tokio::test]
async fn keys_survive_a_restart_charge_and_stand_in_no_file_no_log_and_no_environment() {
    let (session, sim) = (Session::start().await.unwrap(), clerk::portone().await);
    let data = session.home().join("data");
    let app = clerk::app(&session, &data, &sim).await;
    clerk::connect(&app).await;
    app.close().await.unwrap();

    let app = clerk::app(&session, &data, &sim).await;
    // The test book is opened again, and PortOne is asked with the stored keys.
    app.wait_text("mode-banner", |text| text.contains("테스트 모드"), clerk::SETTLED).await.unwrap();
    clerk::enrol(&app, "김서연", "01028414821").await;
    clerk::open_pay_window(&app).await;
    clerk::approve(&app, "#sim-approve").await;
    app.switch_to_main().await.unwrap();
    app.wait_attr("charge-state", "data-state", "credited", clerk::SETTLED).await.unwrap();
    let page = app.script("return document.documentElement.outerHTML").await.unwrap().to_string();
    assert!(!page.contains(SECRET), "the secret stands in the screen");
    let processes = session.processes().unwrap();
    for program in ["pointill", "WebKitWebProcess", "WebKitNetworkProcess"] {
        assert!(processes.iter().any(|of| of.program.ends_with(program)), "no {program} in {processes:?}");
    }
    for process in processes {
        for what in ["cmdline", "environ"] {
            assert!(!holds(&process.proc.join(what), SECRET), "{what} of {process:?}");
        }
    }
    app.close().await.unwrap();

    let written = files(session.home());
    assert!(written.iter().any(|path| path.ends_with("test.db")), "the book is not where it was looked for");
    assert!(written.iter().any(|path| path.to_string_lossy().contains("log")), "no log was found");
    assert_unwritten(&session);
    // The phone number is in the book, and in no log.
    for path in written.iter().filter(|path| path.starts_with(data.join("logs"))) {
        assert!(
            !holds(path, "01028414821") && !holds(path, "010-2841-4821"),
            "a phone number stands in {}",
            path.display()
        );
    }
}

#[tokio::test]
async fn without_a_keyring_nothing_is_stored_and_practice_goes_on() {
    let session = Session::with(Options { keyring: Keyring::Absent, ..Options::default() }).await.unwrap();
    let sim = clerk::portone().await;
    let data = session.home().join("data");
    let app = clerk::app(&session, &data, &sim).await;
    clerk::type_keys(&app).await;
    app.wait_attr("error", "data-code", "keyring_unavailable", clerk::SETTLED).await.unwrap();
    practice_goes_on(&app).await;
    app.close().await.unwrap();
    assert_unwritten(&session);
}

#[tokio::test]
async fn a_keyring_that_comes_up_after_the_app_is_found_without_a_restart() {
    let mut session =
        Session::with(Options { keyring: Keyring::Absent, ..Options::default() }).await.unwrap();
    let sim = clerk::portone().await;
    let data = session.home().join("data");
    let app = clerk::app(&session, &data, &sim).await;
    clerk::type_keys(&app).await;
    app.wait_attr("error", "data-code", "keyring_unavailable", clerk::SETTLED).await.unwrap();
    session.unlock().await.unwrap();
    // What was typed still stands there.
    app.click("key-save").await.unwrap();
    app.wait_attr("keys-state", "data-stored", "true", clerk::SETTLED).await.unwrap();
    app.close().await.unwrap();
}

#[tokio::test]
async fn with_a_locked_keyring_nothing_is_stored_and_practice_goes_on() {
    let session = Session::with(Options { keyring: Keyring::Locked, ..Options::default() }).await.unwrap();
    let sim = clerk::portone().await;
    let data = session.home().join("data");
    let app = clerk::app(&session, &data, &sim).await;
    clerk::type_keys(&app).await;
    // Where the lock asks somebody who does not answer, a minute is waited.
    app.wait_attr("error", "data-code", "keyring_locked", Duration::from_secs(90)).await.unwrap();
    practice_goes_on(&app).await;
    app.close().await.unwrap();
    assert_unwritten(&session);
}

#[tokio::test]
async fn books_and_logs_are_for_their_owners_eyes_also_in_a_folder_that_was_there() {
    let session = Session::start().await.unwrap();
    let data = session.home().join("data");
    fs::create_dir(&data).unwrap();
    fs::set_permissions(&data, fs::Permissions::from_mode(0o755)).unwrap();
    let app = clerk::practice(&session).await;
    clerk::enrol(&app, "김서연", "01028414821").await;
    let written = files(&data);
    assert!(written.iter().any(|path| path.ends_with("practice.db")), "{written:?}");
    for path in written {
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} is {mode:o}", path.display());
    }
    app.close().await.unwrap();
}
