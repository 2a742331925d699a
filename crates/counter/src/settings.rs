//! Settings: the shop, its bonus rule, PortOne's keys and channel, the mode.

use ledger::{Actor, By, DAY_TURNS_AT, LedgerError, Reader, RequestId};
use money::Won;
use serde::{Deserialize, Serialize};

use crate::error::{AppError, Refusal};
use crate::host::{Channel, Host, NewKeys};
use crate::state::{app_state, require_book};
use crate::text;
use crate::wire::{
    AppState, BonusRuleSet, BonusRuleView, ChannelChoose, Channels, Empty, Event, KeysSave, ModeSwitch,
    SettingsProxy, SettingsShop, SettingsView,
};

/// The key of the chosen channel's setting.
pub const CHANNEL: &str = "channel";
/// The key of the proxy's setting.
pub const PROXY: &str = "proxy";
/// The key of the 고객사 식별코드's setting.
pub const USER_CODE: &str = "user_code";
const SHOP: &str = "shop";
const MOST_PRESETS: usize = 5;

/// The shop's own settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shop {
    pub(crate) shop_name: String,
    pub(crate) max_charge_won: Won,
    pub(crate) preset_won: Vec<Won>,
}

fn won(value: i64) -> Won {
    Won::new(value).unwrap_or_default()
}

pub(crate) fn shop(book: &Reader<'_>) -> Result<Shop, LedgerError> {
    Ok(book.setting(SHOP)?.unwrap_or_else(|| Shop {
        shop_name: String::new(),
        max_charge_won: won(1_000_000),
        preset_won: [10_000, 30_000, 50_000, 100_000, 200_000].map(won).to_vec(),
    }))
}

/// Whether this has the form of a 고객사 식별코드: `imp` and digits or letters. Source: PortOne V1 SDK, `IMP.init`.
#[must_use]
pub fn looks_like_user_code(code: &str) -> bool {
    code.strip_prefix("imp").is_some_and(|rest| {
        (4..=40).contains(&rest.len())
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

pub(crate) async fn get<H: Host>(host: &H, _: Actor, _: Empty) -> Result<SettingsView, AppError> {
    let (shop, turns_at, rule, channel, user_code, proxy) = host
        .read(|book| {
            let channel: Option<Channel> = book.setting(CHANNEL)?;
            let proxy: Option<Option<String>> = book.setting(PROXY)?;
            let user_code = book.setting(USER_CODE)?;
            Ok((shop(book)?, book.day_turns_at()?, book.bonus_rule()?, channel, user_code, proxy.flatten()))
        })
        .await?;
    Ok(SettingsView {
        shop_name: shop.shop_name,
        max_charge_won: shop.max_charge_won,
        preset_won: shop.preset_won,
        day_turns_at_hour: turns_at,
        bonus_rule: rule.map(|rule| BonusRuleView {
            percent: u32::try_from(rule.percent).unwrap_or(0),
            min_won: rule.min_won,
            valid_days: u32::try_from(rule.valid_days).unwrap_or(0),
        }),
        keys: host.keys().await,
        user_code,
        proxy,
        channel_key: channel.as_ref().map(|channel| channel.key.clone()),
        channel_name: channel.map(|channel| channel.name),
    })
}

async fn changed<H: Host>(host: &H, actor: Actor) -> Result<SettingsView, AppError> {
    host.emit(Event::State);
    get(host, actor, Empty {}).await
}

fn by<H: Host>(host: &H, actor: Actor, request: RequestId) -> By {
    actor.by(host.now(), request)
}

pub(crate) async fn shop_set<H: Host>(
    host: &H,
    actor: Actor,
    ask: SettingsShop,
) -> Result<SettingsView, AppError> {
    require_book(host)?;
    let max_charge_won = ask.max_charge_won.get()?;
    let bad = |field| Err(Refusal::BadSetting(field).into());
    if max_charge_won.get() < crate::charge::MIN_WON {
        return bad("max_charge_won");
    }
    let fits = |won: &Won| won.get() >= crate::charge::MIN_WON && *won <= max_charge_won;
    if ask.preset_won.len() > MOST_PRESETS || !ask.preset_won.iter().all(fits) {
        return bad("preset_won");
    }
    if ask.day_turns_at_hour > 23 {
        return bad("day_turns_at_hour");
    }
    let shop =
        Shop { shop_name: text::bounded(&ask.shop_name, 40)?, max_charge_won, preset_won: ask.preset_won };
    let by = by(host, actor, ask.request_id);
    let shop = serde_json::to_value(&shop).map_err(|_| AppError::Internal("shop"))?;
    let settings = [(SHOP, shop), (DAY_TURNS_AT, ask.day_turns_at_hour.into())];
    host.write(move |book| book.set_all(&by, "settings_shop", &settings)).await?;
    changed(host, actor).await
}

pub(crate) async fn bonus_rule<H: Host>(
    host: &H,
    actor: Actor,
    ask: BonusRuleSet,
) -> Result<SettingsView, AppError> {
    require_book(host)?;
    let (by, min_won) = (by(host, actor, ask.request_id), ask.min_won.get()?);
    let (percent, days) = (i64::from(ask.percent), i64::from(ask.valid_days));
    host.write(move |book| book.set_bonus_rule(&by, percent, min_won, days)).await?;
    changed(host, actor).await
}

/// Stores PortOne's keys. They are tried at PortOne before anything is written.
pub(crate) async fn save_keys<H: Host>(
    host: &H,
    actor: Actor,
    ask: KeysSave,
) -> Result<SettingsView, AppError> {
    require_book(host)?;
    let user_code = ask.user_code.trim().to_owned();
    if !looks_like_user_code(&user_code) {
        return Err(Refusal::BadUserCode.into());
    }
    let keys = NewKeys {
        imp_key: text::bounded(&ask.imp_key, 200)?,
        imp_secret: text::bounded(&ask.imp_secret, 400)?,
        user_code,
    };
    if keys.imp_key.is_empty() || keys.imp_secret.is_empty() {
        return Err(Refusal::BadText.into());
    }
    host.save_keys(actor, keys).await?;
    changed(host, actor).await
}

/// Names the proxy between this machine and PortOne; an empty address: there is none.
pub(crate) async fn proxy<H: Host>(
    host: &H,
    actor: Actor,
    ask: SettingsProxy,
) -> Result<SettingsView, AppError> {
    require_book(host)?;
    let proxy =
        ask.proxy.map(|proxy| text::bounded(&proxy, 200)).transpose()?.filter(|proxy| !proxy.is_empty());
    host.set_proxy(actor, proxy).await?;
    changed(host, actor).await
}

pub(crate) async fn forget_keys<H: Host>(host: &H, actor: Actor, _: Empty) -> Result<SettingsView, AppError> {
    host.forget_keys(actor).await?;
    changed(host, actor).await
}

pub(crate) async fn channels<H: Host>(host: &H, _: Actor, _: Empty) -> Result<Channels, AppError> {
    Ok(Channels { channels: host.channels().await? })
}

pub(crate) async fn choose_channel<H: Host>(
    host: &H,
    actor: Actor,
    ask: ChannelChoose,
) -> Result<SettingsView, AppError> {
    require_book(host)?;
    host.choose_channel(actor, text::bounded(&ask.channel_key, 100)?).await?;
    changed(host, actor).await
}

pub(crate) async fn switch_mode<H: Host>(
    host: &H,
    actor: Actor,
    ask: ModeSwitch,
) -> Result<AppState, AppError> {
    if ask.mode == host.mode() {
        return app_state(host, actor, Empty {}).await;
    }
    host.switch_mode(actor, ask.mode).await
}

/// The shop's name; empty until the owner names it.
///
/// # Errors
/// What SQLite says.
pub fn shop_name(book: &Reader<'_>) -> Result<String, LedgerError> {
    Ok(shop(book)?.shop_name)
}
