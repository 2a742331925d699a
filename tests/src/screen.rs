//! What is done and seen in the window that is driven. Elements are named by their `data-testid`.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};
use fantoccini::Locator;
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::elements::Element;
use serde_json::Value;

use crate::app::App;
use crate::{eventually, within};

/// A screen on a busy machine without a graphics card answers within this.
pub const SOON: Duration = Duration::from_secs(20);

/// Between two keys of a quick typist.
const BETWEEN_KEYS: Duration = Duration::from_millis(80);

/// What moves on a screen has come to rest after this.
const STILL: Duration = Duration::from_secs(5);

/// Calls back once the fonts are there and two frames were drawn.
const DRAWN: &str = "const done = arguments[0];
    document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(() => done())));";

impl App {
    /// The one that is shown. Waits for it.
    ///
    /// # Errors
    /// It does not appear; the page's text is in the error.
    pub async fn by_testid(&self, testid: &str) -> anyhow::Result<Element> {
        self.by_css(&selector(testid)).await
    }

    /// The one that is shown, by a selector. Waits for it.
    ///
    /// # Errors
    /// It does not appear; the page's text is in the error.
    pub async fn by_css(&self, css: &str) -> anyhow::Result<Element> {
        let found = eventually(css, SOON, async || {
            for element in self.client().find_all(Locator::Css(css)).await? {
                if element.is_displayed().await? {
                    return Ok(Some(element));
                }
            }
            Ok(None)
        })
        .await;
        match found {
            Ok(element) => Ok(element),
            Err(error) => {
                Err(error.context(format!("the page says:\n{}", self.page_text().await.unwrap_or_default())))
            }
        }
    }

    /// Those that are there now.
    ///
    /// # Errors
    /// The window has gone.
    pub async fn all_by_testid(&self, testid: &str) -> anyhow::Result<Vec<Element>> {
        Ok(self.client().find_all(Locator::Css(&selector(testid))).await?)
    }

    /// Clicks, once it is shown, can be clicked and nothing lies over it.
    ///
    /// # Errors
    /// It cannot be clicked.
    pub async fn click(&self, testid: &str) -> anyhow::Result<()> {
        self.click_css(&selector(testid)).await
    }

    /// The same by a selector.
    ///
    /// # Errors
    /// It cannot be clicked.
    pub async fn click_css(&self, css: &str) -> anyhow::Result<()> {
        let element = self.by_css(css).await?;
        // Only what goes before the click is tried again: a click that was made is made once.
        eventually(&format!("{css} to be enabled"), SOON, async || {
            Ok(element.is_enabled().await?.then_some(()))
        })
        .await?;
        within(css, SOON, element.click()).await.with_context(|| format!("click {css}"))
    }

    /// Takes out what stands in a field, and types.
    ///
    /// # Errors
    /// It is no field that can be typed into.
    pub async fn fill(&self, testid: &str, text: &str) -> anyhow::Result<()> {
        let field = self.by_testid(testid).await?;
        field.clear().await.with_context(|| format!("clear {testid}"))?;
        field.send_keys(text).await.with_context(|| format!("type into {testid}"))
    }

    /// Types wherever the focus is, as fingers do: quicker than this is taken for a scanner. See
    /// [`fantoccini::key::Key`] for keys without a letter.
    ///
    /// # Errors
    /// The window has gone.
    pub async fn press(&self, keys: &str) -> anyhow::Result<()> {
        let mut typed = KeyActions::new("fingers".to_owned());
        for value in keys.chars() {
            typed = typed.then(KeyAction::Pause { duration: BETWEEN_KEYS });
            typed = typed.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        Ok(self.client().perform_actions(typed).await?)
    }

    /// The text of an element. Waits for it.
    ///
    /// # Errors
    /// It does not appear.
    pub async fn text(&self, testid: &str) -> anyhow::Result<String> {
        text_of(&self.by_testid(testid).await?).await
    }

    /// An attribute of an element, `None` where it has none. Waits for the element.
    ///
    /// # Errors
    /// It does not appear.
    pub async fn attr(&self, testid: &str, name: &str) -> anyhow::Result<Option<String>> {
        Ok(self.by_testid(testid).await?.attr(name).await?)
    }

    /// Waits until an element's text is as wanted, and returns it.
    ///
    /// # Errors
    /// It is not within `bound`; the last text is in the error.
    pub async fn wait_text(
        &self,
        testid: &str,
        wanted: impl Fn(&str) -> bool,
        bound: Duration,
    ) -> anyhow::Result<String> {
        self.wait_for(testid, bound, async |element: &Element| {
            let text = text_of(element).await?;
            if !wanted(&text) {
                bail!("its text is {text:?}");
            }
            Ok(text)
        })
        .await
    }

    /// Waits until an element's attribute has a value.
    ///
    /// # Errors
    /// It has not within `bound`; the last value is in the error.
    pub async fn wait_attr(
        &self,
        testid: &str,
        name: &str,
        value: &str,
        bound: Duration,
    ) -> anyhow::Result<()> {
        self.wait_for(testid, bound, async |element: &Element| {
            let seen = element.attr(name).await?;
            if seen.as_deref() != Some(value) {
                bail!("its {name} is {seen:?}, not {value:?}");
            }
            Ok(())
        })
        .await
    }

    /// Waits until no such element is there.
    ///
    /// # Errors
    /// There is one after `bound`.
    pub async fn wait_gone(&self, testid: &str, bound: Duration) -> anyhow::Result<()> {
        let what = format!("{testid} to go");
        eventually(&what, bound, async || Ok(self.all_by_testid(testid).await?.is_empty().then_some(())))
            .await
    }

    async fn wait_for<T>(
        &self,
        testid: &str,
        bound: Duration,
        look: impl AsyncFn(&Element) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        // Looked up anew each time: a screen that draws itself again makes new elements.
        let css = selector(testid);
        let found = eventually(testid, bound, async || {
            Ok(Some(look(&self.client().find(Locator::Css(&css)).await?).await?))
        })
        .await;
        match found {
            Ok(found) => Ok(found),
            Err(error) => {
                Err(error.context(format!("the page says:\n{}", self.page_text().await.unwrap_or_default())))
            }
        }
    }

    /// All text that is shown.
    ///
    /// # Errors
    /// The window has gone.
    pub async fn page_text(&self) -> anyhow::Result<String> {
        let text = self.script("return document.body.innerText").await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Runs a script in the page and returns what it returns.
    ///
    /// # Errors
    /// It throws, or the window has gone.
    pub async fn script(&self, script: &str) -> anyhow::Result<Value> {
        within("a script", SOON, self.client().execute(script, Vec::new())).await
    }

    /// Drives what is inside a frame of this page, until a window is switched to.
    ///
    /// # Errors
    /// There is no such frame.
    pub async fn enter_frame(&self, css: &str) -> anyhow::Result<()> {
        self.by_css(css).await?.enter_frame().await.with_context(|| format!("the frame {css}"))
    }

    /// A picture of the window, as PNG, once it stands still.
    ///
    /// # Errors
    /// The window has gone, or the file cannot be written.
    pub async fn picture(&self, path: &Path) -> anyhow::Result<()> {
        // WebKit hands out what it drew last, which without a graphics card may be some time ago: the page is asked to have
        // drawn, and a picture that is the same twice is no transition.
        let mut last = Vec::new();
        let still = eventually("a window that stands still", STILL, async || {
            self.client().execute_async(DRAWN, Vec::new()).await?;
            let png = self.client().screenshot().await?;
            let same = png == last;
            last = png;
            Ok(same.then_some(()))
        })
        .await;
        // A clock on the screen may run on: the last picture is as good.
        if last.is_empty() {
            still?;
        }
        std::fs::write(path, last).with_context(|| path.display().to_string())
    }
}

/// The text of an element as it is drawn.
///
/// Not WebDriver's own: that leaves out what may be cut off with an ellipsis, as names are.
///
/// # Errors
/// It has gone.
pub async fn text_of(element: &Element) -> anyhow::Result<String> {
    Ok(element.prop("innerText").await?.unwrap_or_default())
}

fn selector(testid: &str) -> String {
    format!("[data-testid=\"{testid}\"]")
}
