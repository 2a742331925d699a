//! One charge and one use, with mouse and keyboard.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};
use pointill_tests::app::App;
use pointill_tests::eventually;
use pointill_tests::screen::{SOON, text_of};
use pointill_tests::session::Session;

use crate::book::{CUSTOMER, Figures, PRESETS_WON, TYPED};

/// From the customer's approval to the points: the till asks PortOne, writes and tells.
const SETTLED: Duration = Duration::from_secs(30);

pub(crate) async fn charge_and_use(data: &Path, out: &Path, figures: &Figures) -> anyhow::Result<()> {
    let session = Session::start().await?;
    let data = data.to_str().context("a path of another encoding")?;
    let app = App::start(&session, &["--practice", "--data", data]).await?;
    let driven = drive(&app, out, figures).await;
    if let Err(error) = driven {
        // What stood on the display when it stopped says more than any message.
        let picture = out.join("stopped.png");
        let seen = match session.picture(&picture).await {
            Ok(()) => format!("the display at that moment is in {}", picture.display()),
            Err(error) => format!("{error:#}"),
        };
        return Err(error.context(format!("{seen}; the app wrote: {:?}", app.log())));
    }
    app.close().await
}

async fn drive(app: &App, out: &Path, figures: &Figures) -> anyhow::Result<()> {
    // While the book proves itself a banner stands there, and what is below moves when it goes.
    app.by_testid("mode-banner").await?;
    app.wait_gone("notice", SETTLED).await?;
    find_customer(app).await?;
    choose_sum(app, figures.charged_won).await?;
    app.picture(&out.join("1-charge.png")).await?;
    app.click("charge-go").await?;
    pay(app, out).await.context("paying")?;
    app.switch_to_main().await?;
    app.wait_attr("charge-state", "data-state", "credited", SETTLED).await?;
    app.picture(&out.join("3-credited.png")).await?;
    app.click("charge-same").await?;
    use_points(app, figures).await?;
    app.picture(&out.join("4-used.png")).await
}

async fn find_customer(app: &App) -> anyhow::Result<()> {
    app.fill("search", TYPED).await?;
    let row = eventually("the customer's row", SOON, async || {
        let mut seen = Vec::new();
        for row in app.all_by_testid("member-row").await? {
            let text = text_of(&row).await?;
            if text.contains(CUSTOMER) {
                return Ok(Some(row));
            }
            seen.push(text);
        }
        bail!("there are {seen:?}");
    })
    .await?;
    row.click().await?;
    app.wait_text("balance", |text| text == "0", SOON).await?;
    Ok(())
}

async fn choose_sum(app: &App, won: i64) -> anyhow::Result<()> {
    if let Some((tile, _)) = (1..).zip(PRESETS_WON).find(|(_, preset)| *preset == won) {
        return app.click(&format!("preset-{tile}")).await;
    }
    app.click("preset-6").await?;
    app.by_testid("keypad").await?;
    app.press(&won.to_string()).await?;
    app.click("keypad-take").await?;
    app.wait_gone("keypad", SOON).await
}

/// In the customer's window: PortOne's page is a frame of ours.
async fn pay(app: &App, out: &Path) -> anyhow::Result<()> {
    app.switch_to_pay_window(SOON).await?;
    app.by_css("div.imp-dialog iframe").await?;
    app.enter_frame("div.imp-dialog iframe").await?;
    app.by_css("#sim-approve").await?;
    app.picture(&out.join("2-pay-window.png")).await?;
    app.click_css("#sim-approve").await
}

async fn use_points(app: &App, figures: &Figures) -> anyhow::Result<()> {
    app.click("tab-use").await?;
    app.fill("use-amount", &figures.used.to_string()).await?;
    // What the use would do is shown before it can be done.
    app.wait_attr("use-after", "data-points", &figures.balance.to_string(), SOON).await?;
    app.click("use-go").await?;
    app.by_testid("use-done").await?;
    app.wait_attr("balance", "data-points", &figures.balance.to_string(), SOON).await
}
