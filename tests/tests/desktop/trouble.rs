//! What goes wrong on the shop's computer is told on the screen, and leaves a way on.

use std::fs;
use std::process::Command;

use pointill_tests::app::App;
use pointill_tests::eventually;
use pointill_tests::session::Session;

use crate::clerk;

#[tokio::test]
async fn a_data_folder_that_cannot_be_made_is_told_in_a_window() {
    let session = Session::start().await.unwrap();
    let data = session.home().join("data");
    fs::write(&data, "somebody's file").unwrap();
    let app = App::start(&session, &["--practice", "--data", data.to_str().unwrap()]).await.unwrap();
    app.wait_attr("error", "data-code", "data_folder", clerk::SETTLED).await.unwrap();
    assert!(app.all_by_testid("open-practice").await.unwrap().is_empty());
    assert!(app.log().contains("data folder"), "{}", app.log());
    assert_eq!(fs::read_to_string(&data).unwrap(), "somebody's file");
    // Once it is out of the way, the window goes on by itself.
    fs::remove_file(&data).unwrap();
    clerk::enrol(&app, "김서연", "01028414821").await;
    app.close().await.unwrap();
}

#[tokio::test]
async fn where_the_book_last_used_does_not_open_practice_can_be_entered_from_the_screen_that_says_so() {
    let (session, sim) = (Session::start().await.unwrap(), clerk::portone().await);
    let data = session.home().join("data");
    fs::create_dir(&data).unwrap();
    fs::write(data.join("last-used"), "test").unwrap();
    fs::write(
        data.join("test.db"),
        "no book at all, but long enough to be taken for a damaged one".repeat(100),
    )
    .unwrap();
    let app = clerk::app(&session, &data, &sim).await;
    app.by_testid("error").await.unwrap();
    app.click("open-practice").await.unwrap();
    app.wait_text("mode-banner", |text| text.contains("연습"), clerk::SETTLED).await.unwrap();
    clerk::enrol(&app, "김서연", "01028414821").await;
    app.close().await.unwrap();
}

#[tokio::test]
async fn a_second_app_on_the_same_folder_offers_no_practice_that_would_not_open_either() {
    let session = Session::start().await.unwrap();
    let first = clerk::practice(&session).await;
    let second = clerk::practice(&session).await;
    second.wait_attr("error", "data-code", "book_in_use", clerk::SETTLED).await.unwrap();
    assert!(second.all_by_testid("open-practice").await.unwrap().is_empty());
    second.close().await.unwrap();
    first.close().await.unwrap();
}

#[tokio::test]
async fn a_main_page_that_crashes_is_drawn_again() {
    let session = Session::start().await.unwrap();
    let app = clerk::practice(&session).await;
    clerk::settled(&app).await;
    app.picture(&session.home().join("still.png")).await.unwrap();
    let counter = display(&session).await.unwrap();
    app.click("nav-settings").await.unwrap();
    app.by_testid("key-user").await.unwrap();
    eventually("another screen", clerk::SETTLED, async || {
        Ok((!alike(&display(&session).await?, &counter)).then_some(()))
    })
    .await
    .unwrap();
    let processes = session.processes().unwrap();
    let pages: Vec<_> = processes.iter().filter(|of| of.program.ends_with("WebKitWebProcess")).collect();
    assert!(!pages.is_empty(), "{processes:?}");
    for page in pages {
        let pid = page.proc.file_name().unwrap();
        let killed = Command::new("sh").args(["-c", "kill -KILL \"$1\"", "sh"]).arg(pid).status().unwrap();
        assert!(killed.success(), "{page:?}");
    }
    // WebDriver gives up with the page that it drove: what is looked at is the display, where a page that crashed leaves
    // its last picture, and one that was loaded again begins at the counter.
    eventually("the counter", clerk::SETTLED, async || {
        Ok(alike(&display(&session).await?, &counter).then_some(()))
    })
    .await
    .unwrap();
    app.kill().await.unwrap();
}

/// What the display shows, pixel by pixel.
async fn display(session: &Session) -> anyhow::Result<Vec<u8>> {
    let path = session.home().join("display.ppm");
    session.picture(&path).await?;
    Ok(fs::read(path)?)
}

/// Whether two pictures show the same, but for a hair's breadth and a caret.
fn alike(one: &[u8], other: &[u8]) -> bool {
    let differ = one.iter().zip(other).filter(|(one, other)| one != other).count();
    one.len() == other.len() && differ < one.len() / 100
}
