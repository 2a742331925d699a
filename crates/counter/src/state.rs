//! What the frame around every screen shows, and who may do what.

use ledger::{Actor, Role};
use money::Won;

use crate::backup;
use crate::charge::MIN_WON;
use crate::error::{AppError, Refusal};
use crate::host::{Channel, Host};
use crate::settings::{CHANNEL, shop};
use crate::wire::{AppState, BookState, Empty, PayMethod, StaffView};

/// The ways to pay, in the order of the screen.
const METHODS: [PayMethod; 5] =
    [PayMethod::Card, PayMethod::Kakaopay, PayMethod::Naverpay, PayMethod::Trans, PayMethod::Vbank];

/// Refuses while the book does not stand proved.
pub(crate) fn require_book(host: &impl Host) -> Result<(), AppError> {
    match host.book_state() {
        BookState::Ok => Ok(()),
        BookState::Auditing => Err(Refusal::BookAuditing.into()),
        BookState::Broken => Err(ledger::LedgerError::ReadOnly.into()),
    }
}

/// Refuses a smaller role.
pub(crate) fn require(actor: Actor, role: Role) -> Result<(), AppError> {
    if actor.role >= role { Ok(()) } else { Err(Refusal::NotAllowed.into()) }
}

/// Refuses what no second person has approved, where there is one to ask.
pub(crate) fn require_approved(host: &impl Host, actor: Actor) -> Result<(), AppError> {
    if actor.approver.is_none() && host.asks_approval() {
        Err(Refusal::ApprovalNeeded.into())
    } else {
        Ok(())
    }
}

/// What the frame around every screen shows.
///
/// # Errors
/// What the book says.
pub async fn app_state<H: Host>(host: &H, actor: Actor, _: Empty) -> Result<AppState, AppError> {
    let (now, mode) = (host.now(), host.mode());
    let (shop, channel, presets, waiting, staff, (backup, restore_pending, orphans)) = host
        .read(move |book| {
            let shop = shop(book)?;
            let presets = crate::bonus::presets(book, None, now)?;
            let channel: Option<Channel> = book.setting(CHANNEL)?;
            let backup = backup::warning(mode, &backup::backup_settings(book)?, &book.backups()?, now);
            let after = (backup, book.restore_pending()?.is_some(), book.orphans()?.len());
            let waiting = book.waiting(now)?.len().saturating_add(book.open_refunds()?.len());
            Ok((shop, channel, presets, waiting, book.staff(actor.id)?, after))
        })
        .await?;
    let (name, role) = staff.unwrap_or((String::new(), actor.role));
    Ok(AppState {
        mode: host.mode(),
        shop_name: shop.shop_name,
        door: host.door(),
        staff: StaffView { id: actor.id, name, role },
        book: host.book_state(),
        connection: host.connection(),
        waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
        live_waiting: host.live_waiting(),
        min_won: Won::new(MIN_WON).unwrap_or_default(),
        max_won: shop.max_charge_won,
        most_won: crate::charge::most(host, shop.max_charge_won),
        presets,
        methods: METHODS.to_vec(),
        modes: host.modes(),
        channel_name: channel.as_ref().map(|channel| channel.name.clone()),
        pg_provider: channel.map(|channel| channel.pg_provider),
        backup,
        restore_pending,
        orphans: u32::try_from(orphans).unwrap_or(u32::MAX),
    })
}
