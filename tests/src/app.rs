//! The real app in a session, with a program at its mouse and keyboard.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use fantoccini::wd::{Capabilities, WindowHandle};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tokio::process::{Child, Command};

use crate::leash::Leash;
use crate::session::Session;
use crate::{bin, eventually, within};

const START: Duration = Duration::from_secs(60);
const STOP: Duration = Duration::from_secs(20);

/// A window of the app.
#[derive(Debug, Clone)]
pub struct Window {
    /// WebDriver's name for it.
    pub handle: WindowHandle,
    /// Its address.
    pub url: String,
    /// Its document's title.
    pub title: String,
}

/// The app, driven through WebDriver. What is done *in* a window is in [`crate::screen`].
pub struct App {
    client: Client,
    main: WindowHandle,
    driver: Child,
    leash: Leash,
    log: PathBuf,
}

impl App {
    /// Starts the app with `args`, and waits until its main window shows a page.
    ///
    /// # Errors
    /// It is not built or shows nothing; what it logged is in the error.
    pub async fn start(session: &Session, args: &[&str]) -> anyhow::Result<App> {
        let log = session.home().join("app.log");
        match App::begin(session, args, &log).await {
            Ok(app) => Ok(app),
            Err(error) => Err(error.context(format!("the app logged:\n{}", read(&log)))),
        }
    }

    async fn begin(session: &Session, args: &[&str], log: &Path) -> anyhow::Result<App> {
        let binary = bin("pointill")?.display().to_string();
        let leash = Leash::new()?;
        let (driver, url) = driver(session, &leash).await?;
        let mut capabilities = Capabilities::new();
        capabilities.insert("webkitgtk:browserOptions".to_owned(), json!({ "binary": binary, "args": args }));
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities);
        let client = within("the app to start", START, builder.connect(&url)).await?;
        let main = eventually("the main window", START, async || {
            for handle in client.windows().await? {
                client.switch_to_window(handle.clone()).await?;
                // An empty page is there before the real one.
                if client.current_url().await?.as_str().contains("tauri") {
                    return Ok(Some(handle));
                }
            }
            Ok(None)
        })
        .await?;
        Ok(App { client, main, driver, leash, log: log.to_owned() })
    }

    /// WebDriver itself, for what is not here.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// All windows. The one that is driven stays the one that is driven, unless it has gone.
    ///
    /// # Errors
    /// The app has gone.
    pub async fn windows(&self) -> anyhow::Result<Vec<Window>> {
        let before = self.client.window().await.ok();
        let mut windows = Vec::new();
        for handle in self.client.windows().await? {
            // One that closes meanwhile is not there any more.
            if self.client.switch_to_window(handle.clone()).await.is_err() {
                continue;
            }
            let (Ok(url), Ok(title)) = (self.client.current_url().await, self.client.title().await) else {
                continue;
            };
            windows.push(Window { handle, url: url.into(), title });
        }
        if let Some(before) = before.filter(|before| windows.iter().any(|window| window.handle == *before)) {
            self.client.switch_to_window(before).await?;
        }
        Ok(windows)
    }

    /// Drives another window from now on: the first that is `wanted`.
    ///
    /// # Errors
    /// There is none within `bound`.
    pub async fn switch_to(
        &self,
        wanted: impl Fn(&Window) -> bool,
        bound: Duration,
    ) -> anyhow::Result<Window> {
        let found = eventually("a window", bound, async || {
            let windows = self.windows().await?;
            match windows.iter().find(|window| wanted(window)) {
                Some(window) => Ok(Some(window.clone())),
                None => {
                    bail!("there are only {:?}", windows.iter().map(|window| &window.url).collect::<Vec<_>>())
                }
            }
        })
        .await?;
        self.client.switch_to_window(found.handle.clone()).await?;
        Ok(found)
    }

    /// Drives the window in which a customer pays.
    ///
    /// # Errors
    /// It is not there within `bound`.
    pub async fn switch_to_pay_window(&self, bound: Duration) -> anyhow::Result<Window> {
        self.switch_to(|window| window.url.contains("/pay/"), bound).await.context("the pay window")
    }

    /// Drives the window that was not there `before`: a charge's, while an earlier one's is still open.
    ///
    /// # Errors
    /// There is none within `bound`.
    pub async fn switch_to_new(&self, before: &[Window], bound: Duration) -> anyhow::Result<Window> {
        self.switch_to(|window| before.iter().all(|known| known.handle != window.handle), bound).await
    }

    /// Drives the main window again.
    ///
    /// # Errors
    /// It has gone.
    pub async fn switch_to_main(&self) -> anyhow::Result<()> {
        self.client.switch_to_window(self.main.clone()).await.context("the main window")
    }

    /// Waits until no window is `unwanted`, for example until the pay window has closed.
    ///
    /// # Errors
    /// There is one after `bound`.
    pub async fn wait_closed(
        &self,
        unwanted: impl Fn(&Window) -> bool,
        bound: Duration,
    ) -> anyhow::Result<()> {
        eventually("a window to close", bound, async || {
            Ok((!self.windows().await?.iter().any(&unwanted)).then_some(()))
        })
        .await
    }

    /// What the app and the driver wrote to stdout and stderr.
    #[must_use]
    pub fn log(&self) -> String {
        read(&self.log)
    }

    /// Ends the app as its driver does.
    ///
    /// # Errors
    /// It does not end.
    pub async fn close(self) -> anyhow::Result<()> {
        let App { client, mut driver, leash, .. } = self;
        within("the app to end", STOP, client.close()).await?;
        leash.end().await?;
        within("the driver to end", STOP, driver.wait()).await?;
        Ok(())
    }

    /// Kills the app as a power cut would.
    ///
    /// # Errors
    /// It does not go.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        self.leash.end().await?;
        within("the driver to end", STOP, self.driver.wait()).await?;
        Ok(())
    }
}

/// WebKitWebDriver on a port of its own. It wants to be told one, and between our look and its start another program may
/// take it: then the next one.
async fn driver(session: &Session, leash: &Leash) -> anyhow::Result<(Child, String)> {
    for _attempt in 0..5 {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = Command::new("WebKitWebDriver");
        session.dress(&mut command);
        command.args(["--host=127.0.0.1", &format!("--port={port}")]);
        // wry opens itself to the driver, and Tauri says so, only under these.
        command.envs([("TAURI_AUTOMATION", "true"), ("TAURI_WEBVIEW_AUTOMATION", "true")]);
        command.stdout(session.log_file("app")?).stderr(session.log_file("app")?);
        let mut child =
            leash.hold(&mut command).spawn().context("start WebKitWebDriver (package webkit2gtk-driver)")?;
        let listening = eventually("WebKitWebDriver", START, async || {
            if child.try_wait()?.is_some() {
                return Ok(Some(false));
            }
            Ok(tokio::net::TcpStream::connect(("127.0.0.1", port)).await.ok().map(|_| true))
        })
        .await?;
        if listening {
            return Ok((child, format!("http://127.0.0.1:{port}")));
        }
    }
    bail!("WebKitWebDriver does not start")
}

fn read(log: &Path) -> String {
    std::fs::read_to_string(log).unwrap_or_default()
}
