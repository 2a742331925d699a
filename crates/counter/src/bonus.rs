//! Bonus rules: set, and what one would cost before it is.

use ledger::bonus::{Gift, Occasion, Offer, best};
use ledger::{Actor, BonusRule, LedgerError, MemberId, NewBonusRule, Reader, UnixMillis};
use money::{Points, Won};

use crate::error::{AppError, Refusal};
use crate::host::Host;
use crate::settings::{by, changed, shop};
use crate::state::require_book;
use crate::view;
use crate::wire::{
    BonusOffer, BonusPresetView, BonusPreview, BonusPreviewAsk, BonusRuleSet, BonusRuleView, ChargeQuote,
    SettingsView,
};

/// How far back a rule is tried.
const LOOKED_BACK_DAYS: u16 = 90;

/// What each preset costs and gives.
///
/// # Errors
/// What the book says.
pub(crate) fn presets(
    book: &Reader<'_>,
    member: Option<MemberId>,
    now: UnixMillis,
) -> Result<Vec<ChargeQuote>, LedgerError> {
    let turns_at = book.day_turns_at()?;
    let (presets, quoting) = (shop(book)?.preset_won, book.quoting(member, now)?);
    presets.into_iter().map(|won| Ok(view::quote(&quoting.quote(won)?, turns_at))).collect()
}

pub(crate) fn view(rule: BonusRule) -> BonusRuleView {
    BonusRuleView {
        offers: rule.offers.into_iter().map(shown).collect(),
        valid_days: u32::try_from(rule.valid_days).unwrap_or(0),
    }
}

fn shown(offer: Offer) -> BonusOffer {
    let (percent, points) = match offer.gift {
        Gift::Percent(percent) => (percent, Points::ZERO),
        Gift::Points(points) => (0, points),
    };
    BonusOffer {
        from_won: offer.from,
        percent,
        points,
        first_only: offer.first_only,
        from_day: offer.from_day,
        until_day: offer.until_day,
    }
}

fn asked(offers: Vec<BonusOffer>, valid_days: u32) -> Result<NewBonusRule, AppError> {
    let offers = offers.into_iter().map(meant).collect::<Result<_, _>>()?;
    let rule = NewBonusRule { offers, valid_days: i64::from(valid_days) };
    rule.check()?;
    Ok(rule)
}

fn meant(offer: BonusOffer) -> Result<Offer, AppError> {
    let gift = match (offer.percent, offer.points) {
        (percent, Points::ZERO) => Gift::Percent(percent),
        (0, points) => Gift::Points(points),
        // Which of the two is meant nobody knows.
        (_, _) => return Err(Refusal::BadSetting("bonus_points").into()),
    };
    Ok(Offer {
        from: offer.from_won,
        gift,
        first_only: offer.first_only,
        from_day: offer.from_day,
        until_day: offer.until_day,
    })
}

pub(crate) async fn set<H: Host>(
    host: &H,
    actor: Actor,
    ask: BonusRuleSet,
) -> Result<SettingsView, AppError> {
    require_book(host)?;
    let by = by(host, actor, ask.request_id);
    let rule = asked(ask.offers, ask.valid_days)?;
    host.write(move |book| book.set_bonus_rule(&by, &rule)).await?;
    changed(host, actor).await
}

pub(crate) async fn preview<H: Host>(
    host: &H,
    _: Actor,
    ask: BonusPreviewAsk,
) -> Result<BonusPreview, AppError> {
    let rule = asked(ask.offers, ask.valid_days)?;
    let now = host.now();
    let (presets, cost) = host
        .read(move |book| {
            let given = |won, first| best(&rule.offers, Occasion { won, first, day: None });
            let presets = shop(book)?
                .preset_won
                .into_iter()
                .map(|won| {
                    Ok(BonusPresetView { won, bonus: given(won, false)?, first_bonus: given(won, true)? })
                })
                .collect::<Result<Vec<_>, LedgerError>>()?;
            Ok((presets, book.bonus_cost(&rule.offers, LOOKED_BACK_DAYS, now)?))
        })
        .await?;
    Ok(BonusPreview {
        presets,
        days: u32::from(LOOKED_BACK_DAYS),
        charges: u32::try_from(cost.charges).unwrap_or(u32::MAX),
        won: cost.won,
        would_give: cost.would_give,
        gave: cost.gave,
        would_give_basis_points: basis_points(cost.would_give, cost.won),
        gave_basis_points: basis_points(cost.gave, cost.won),
    })
}

/// Hundredths of a percent, cut down; 0 of nothing.
fn basis_points(part: Points, whole: Won) -> u32 {
    let points = part.share(10_000, whole.get()).map_or(0, Points::get);
    u32::try_from(points).unwrap_or(u32::MAX)
}
