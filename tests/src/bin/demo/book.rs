//! The practice book of the demo: what is put in, and what is read back.

use std::fmt;
use std::path::Path;

use anyhow::{Context, ensure};
use pointill_tests::devhost::Devhost;
use serde_json::{Value, json};

/// Percent of the sample bonus rule.
const BONUS_PERCENT: i64 = 10;
/// Largest sum of a charge in the sample shop.
const LARGEST_WON: i64 = 500_000;
/// What the tiles show.
pub(crate) const PRESETS_WON: [i64; 5] = [10_000, 30_000, 50_000, 100_000, 200_000];

/// Two share their last four digits, as happens at a counter. The first one charges and uses.
const MEMBERS: [(&str, &str); 4] = [
    ("김서연", "010-2841-4821"),
    ("박지훈", "010-7730-4821"),
    ("이도윤", "010-5512-0937"),
    ("최하은", "010-3308-1164"),
];
/// What the clerk types.
pub(crate) const TYPED: &str = "4821";
/// Whom the clerk picks.
pub(crate) const CUSTOMER: &str = MEMBERS[0].0;

/// What one charge and one use did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) charged_won: i64,
    pub(crate) bonus: i64,
    pub(crate) used: i64,
    pub(crate) balance: i64,
    pub(crate) chain_ok: bool,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Figures { charged_won, bonus, used, balance, chain_ok } = self;
        let chain = if *chain_ok { "ok" } else { "BROKEN" };
        write!(
            f,
            "demo: charged {charged_won} won, bonus {bonus} P, used {used} P, balance {balance} P, chain {chain}"
        )
    }
}

impl Figures {
    /// What must come out, from the sample rule alone.
    pub(crate) fn expected(charged_won: i64, used: i64) -> anyhow::Result<Figures> {
        ensure!(
            (0..=LARGEST_WON).contains(&charged_won),
            "--charge: the sample shop takes {LARGEST_WON} won at most"
        );
        let bonus = charged_won * BONUS_PERCENT / 100;
        let balance = charged_won + bonus - used;
        ensure!(
            used >= 1 && balance >= 0,
            "--use: from 1 to {} P, which is what the charge gives",
            charged_won + bonus
        );
        Ok(Figures { charged_won, bonus, used, balance, chain_ok: true })
    }
}

/// A shop, a rule and four members, as far as they are not there: each has the same request id in every run. Returns the
/// least sum of a charge, in won.
pub(crate) async fn seed(data: &Path) -> anyhow::Result<i64> {
    let devhost = Devhost::practice(data).await?;
    let shop = json!({
        "requestId": request_id(1), "shopName": "포인틸 카페", "maxChargeWon": LARGEST_WON, "presetWon": PRESETS_WON,
        "dayTurnsAtHour": 0,
    });
    devhost.rpc("settings_shop", shop).await?;
    let rule = json!({ "requestId": request_id(2), "validDays": 365,
        "offers": [{ "fromWon": 0, "percent": BONUS_PERCENT, "points": 0, "firstOnly": false, "fromDay": null, "untilDay": null }] });
    devhost.rpc("bonus_rule_set", rule).await?;
    for (number, (name, phone)) in (3..).zip(MEMBERS) {
        let member =
            json!({ "requestId": request_id(number), "name": name, "phone": phone, "consents": ["terms"] });
        devhost.rpc("member_create", member).await?;
    }
    let state = devhost.rpc("app_state", json!({})).await?;
    devhost.stop().await?;
    whole(&state, "/minWon")
}

/// Asks the book what happened. Nothing that a screen showed is used.
pub(crate) async fn read(data: &Path) -> anyhow::Result<Figures> {
    let devhost = Devhost::practice(data).await?;
    let found = devhost.rpc("member_search", json!({ "query": MEMBERS[0].1 })).await?;
    let member_id = whole(&found, "/rows/0/memberId")?;
    let card = devhost.rpc("member_card", json!({ "memberId": member_id })).await?;
    let history = devhost.rpc("history", json!({})).await?;
    let loading = only(&history, "loading", member_id)?;
    let charge = devhost.rpc("charge_view", json!({ "chargeId": loading["chargeId"] })).await?;
    ensure!(
        charge["state"] == "credited" && !charge["payment"]["impUid"].is_null(),
        "no proof of payment: {charge}"
    );
    let charged_won = whole(&charge, "/won")?;
    ensure!(
        whole(loading, "/paidChange")? == charged_won,
        "another sum was credited than was paid: {loading}"
    );
    let spending = only(&history, "spending", member_id)?;
    let report = devhost.rpc("book_verify", json!({})).await?;
    devhost.stop().await?;
    Ok(Figures {
        charged_won,
        bonus: whole(loading, "/bonusChange")?,
        used: -(whole(spending, "/paidChange")? + whole(spending, "/bonusChange")?),
        balance: whole(&card, "/balance")?,
        chain_ok: report["ok"] == true && report["transactions"] == 2,
    })
}

/// The one transaction of a kind; that there is only one is part of what is shown.
fn only<'h>(history: &'h Value, kind: &str, member_id: i64) -> anyhow::Result<&'h Value> {
    let rows = history["rows"].as_array().context("history without rows")?;
    let mut found = rows.iter().filter(|row| row["kind"] == kind);
    let row = found.next().with_context(|| format!("the book has no {kind}"))?;
    ensure!(found.next().is_none(), "the book has more than one {kind}");
    ensure!(row["memberId"] == member_id, "the {kind} is another member's");
    Ok(row)
}

fn whole(value: &Value, pointer: &str) -> anyhow::Result<i64> {
    value
        .pointer(pointer)
        .and_then(Value::as_i64)
        .with_context(|| format!("no whole number at {pointer} in {value}"))
}

/// The same in every run, so that seeding twice is seeding once.
fn request_id(number: u32) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

#[cfg(all(test, feature = "desktop"))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_book_that_was_half_made_is_made_whole_and_a_whole_one_stays_as_it_is() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let devhost = Devhost::practice(folder.path()).await?;
        let (name, phone) = MEMBERS[0];
        let first =
            json!({ "requestId": request_id(3), "name": name, "phone": phone, "consents": ["terms"] });
        devhost.rpc("member_create", first).await?;
        devhost.stop().await?;
        for _ in 0..2 {
            seed(folder.path()).await?;
        }
        let devhost = Devhost::practice(folder.path()).await?;
        for (name, phone) in MEMBERS {
            let found = devhost.rpc("member_search", json!({ "query": phone })).await?;
            let rows = found["rows"].as_array().context("no rows")?;
            ensure!(rows.len() == 1 && rows.iter().all(|row| row["name"] == name), "{name}: {found}");
        }
        devhost.stop().await
    }
}
