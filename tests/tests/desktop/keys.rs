//! Keys go into the keyring and nowhere else.

use std::fs;
use std::path::{Path, PathBuf};

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

fn holds(path: &Path, needle: &str) -> bool {
    fs::read(path).is_ok_and(|bytes| bytes.windows(needle.len()).any(|window| window == needle.as_bytes()))
}

/// Every process of the app: its arguments and its environment.
fn processes(data: &Path) -> Vec<PathBuf> {
    let data = data.to_str().unwrap();
    let mut found = Vec::new();
    for process in fs::read_dir("/proc").unwrap().flatten() {
        if holds(&process.path().join("cmdline"), data) {
            found.push(process.path().join("cmdline"));
            found.push(process.path().join("environ"));
        }
    }
    found
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
    let of_the_app = processes(&data);
    assert!(of_the_app.len() >= 2, "the app's process was not found");
    for path in of_the_app {
        assert!(!holds(&path, SECRET), "{}", path.display());
    }
    app.close().await.unwrap();

    let written = files(session.home());
    assert!(written.iter().any(|path| path.ends_with("test.db")), "the book is not where it was looked for");
    assert!(written.iter().any(|path| path.to_string_lossy().contains("log")), "no log was found");
    for path in &written {
        assert!(!holds(path, SECRET), "the secret stands in {}", path.display());
    }
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
    clerk::enrol(&app, "김서연", "01028414821").await;
    clerk::open_pay_window(&app).await;
    clerk::approve(&app, "#sim-approve").await;
    app.switch_to_main().await.unwrap();
    app.wait_attr("charge-state", "data-state", "credited", clerk::SETTLED).await.unwrap();
    app.close().await.unwrap();
    for path in files(session.home()) {
        assert!(!holds(&path, SECRET), "the secret stands in {}", path.display());
    }
}
