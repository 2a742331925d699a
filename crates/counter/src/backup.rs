//! Backups: the folder, making one, the recovery key; and when somebody has to be told.

use ledger::{Actor, BackupRun, BackupStanding, LedgerError, Mode, Reader, UnixMillis};
use serde::{Deserialize, Serialize};

use crate::error::{AppError, Refusal};
use crate::host::Host;
use crate::restore;
use crate::state::require_book;
use crate::text;
use crate::wire::{
    BackupFiles, BackupNow, BackupRunView, BackupSettingsSet, BackupView, BackupWarning, Empty, Event,
    RecoveryKey, RecoveryKeyAsk, RecoveryKeyEnter, RestoreAsk, RestoreCheck, RestoreChecked, RestoreReport,
};

/// The key of the setting with folder and schedule.
const BACKUP: &str = "backup";
/// The key of the setting with the moment at which the recovery key was shown.
pub const KEY_SHOWN: &str = "backup_key_shown";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// One missed day is a day off; two are a fault.
const OLD_MS: i64 = 2 * DAY_MS;
const DRILL_OLD_MS: i64 = 14 * DAY_MS;

/// Where the backups of a book go.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupSettings {
    /// The folder; `None`: there are none.
    pub folder: Option<String>,
    /// One each day.
    pub daily: bool,
}

/// The backups' settings of a book.
///
/// # Errors
/// What SQLite says.
pub fn backup_settings(book: &Reader<'_>) -> Result<BackupSettings, LedgerError> {
    Ok(book.setting(BACKUP)?.unwrap_or_default())
}

/// What somebody has to know about the backups. Practice needs none, and says so only where somebody wanted some.
pub(crate) fn warning(
    mode: Mode,
    settings: &BackupSettings,
    standing: &BackupStanding,
    now: UnixMillis,
) -> BackupWarning {
    if settings.folder.is_none() {
        return if mode == Mode::Live { BackupWarning::NotSet } else { BackupWarning::None };
    }
    let failed = |run: &Option<BackupRun>| run.as_ref().is_some_and(|run| run.fault.is_some());
    let older = |run: &Option<BackupRun>, ms: i64| run.as_ref().is_none_or(|run| now.since(run.at) > ms);
    if failed(&standing.last) {
        BackupWarning::Failed
    } else if settings.daily && older(&standing.good, OLD_MS) {
        BackupWarning::Old
    } else if failed(&standing.drill) {
        BackupWarning::DrillFailed
    } else if standing.good.is_some() && older(&standing.good_drill, DRILL_OLD_MS) {
        BackupWarning::DrillOld
    } else {
        BackupWarning::None
    }
}

pub(crate) async fn view<H: Host>(host: &H, _: Actor, _: Empty) -> Result<BackupView, AppError> {
    let (mode, now) = (host.mode(), host.now());
    host.read(move |book| {
        let (settings, standing, restore) = (backup_settings(book)?, book.backups()?, book.restore()?);
        let run = |run: Option<BackupRun>| {
            run.map(|run| BackupRunView { at: run.at, file: run.file, fault: run.fault })
        };
        Ok(BackupView {
            warning: warning(mode, &settings, &standing, now),
            folder: settings.folder,
            daily: settings.daily,
            last: run(standing.last),
            good: run(standing.good),
            drill: run(standing.drill),
            key_shown_at: book.setting(KEY_SHOWN)?,
            restore_pending: restore.as_ref().is_some_and(|restore| restore.asked_at.is_none()),
            restored_at: restore.map(|restore| restore.at),
        })
    })
    .await
}

async fn changed<H: Host>(host: &H, actor: Actor) -> Result<BackupView, AppError> {
    host.emit(Event::State);
    view(host, actor, Empty {}).await
}

/// Names the folder. It is written to once before it is believed; the key is made with the first.
pub(crate) async fn settings<H: Host>(
    host: &H,
    actor: Actor,
    ask: BackupSettingsSet,
) -> Result<BackupView, AppError> {
    require_book(host)?;
    let folder = ask
        .folder
        .map(|folder| text::bounded(&folder, 1_000))
        .transpose()?
        .filter(|folder| !folder.is_empty());
    if let Some(folder) = &folder {
        host.try_backup_folder(folder.clone()).await?;
    }
    let by = actor.by(host.now(), ask.request_id);
    let settings = BackupSettings { folder, daily: ask.daily };
    let value = serde_json::to_value(&settings).map_err(|_| AppError::Internal("backup"))?;
    host.write(move |book| book.set_all(&by, "backup_settings", &[(BACKUP, value)])).await?;
    host.wake_backups();
    changed(host, actor).await
}

pub(crate) async fn now<H: Host>(host: &H, actor: Actor, ask: BackupNow) -> Result<BackupView, AppError> {
    require_book(host)?;
    let made = host.back_up(actor.by(host.now(), ask.request_id)).await;
    host.emit(Event::State);
    made?;
    view(host, actor, Empty {}).await
}

pub(crate) async fn list<H: Host>(host: &H, _: Actor, _: Empty) -> Result<BackupFiles, AppError> {
    Ok(BackupFiles { files: host.backup_files().await? })
}

pub(crate) async fn check<H: Host>(
    host: &H,
    _: Actor,
    ask: RestoreCheck,
) -> Result<RestoreChecked, AppError> {
    host.check_backup(text::bounded(&ask.file, 200)?).await
}

/// Puts a backup in the place of the book. A book that is broken may be replaced too: that is what backups are for.
pub(crate) async fn put_back<H: Host>(
    host: &H,
    actor: Actor,
    ask: RestoreAsk,
) -> Result<RestoreReport, AppError> {
    let file = text::bounded(&ask.file, 200)?;
    let by = actor.by(host.now(), ask.request_id);
    host.put_back(by, file).await
}

pub(crate) async fn report<H: Host>(host: &H, _: Actor, _: Empty) -> Result<RestoreReport, AppError> {
    restore_report(host).await
}

/// What putting a backup back led to, for a host that has just done it.
///
/// # Errors
/// What the book says.
pub async fn restore_report<H: Host>(host: &H) -> Result<RestoreReport, AppError> {
    host.read(restore::report).await
}

/// Shows the recovery key, and writes down that it was shown and to whom.
pub(crate) async fn recovery_key<H: Host>(
    host: &H,
    actor: Actor,
    ask: RecoveryKeyAsk,
) -> Result<RecoveryKey, AppError> {
    require_book(host)?;
    let key = host.recovery_key().await?;
    let by = actor.by(host.now(), ask.request_id);
    host.write(move |book| {
        book.set(&by, KEY_SHOWN, &by.now)?;
        book.audit(&by, "recovery_key_shown", "")
    })
    .await?;
    host.emit(Event::State);
    Ok(RecoveryKey { key })
}

/// Takes a recovery key that somebody typed off the page.
pub(crate) async fn enter_key<H: Host>(
    host: &H,
    actor: Actor,
    ask: RecoveryKeyEnter,
) -> Result<BackupView, AppError> {
    if ask.key.len() > 400 {
        return Err(Refusal::RecoveryKeyBad.into());
    }
    host.enter_recovery_key(ask.key).await?;
    let by = actor.by(host.now(), ask.request_id);
    // A broken book takes no row, and is to be replaced with this key all the same.
    if require_book(host).is_ok() {
        host.write(move |book| book.audit(&by, "recovery_key_entered", "")).await?;
    }
    changed(host, actor).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(days_ago: i64, fault: Option<&str>) -> Option<BackupRun> {
        let at = UnixMillis(1_000 * DAY_MS).plus_ms(days_ago.saturating_mul(-DAY_MS).saturating_sub(1));
        Some(BackupRun { file: None, fault: fault.map(str::to_owned), at })
    }

    #[test]
    fn a_missing_an_old_and_a_failed_backup_are_told_and_a_good_one_is_quiet() {
        let set = BackupSettings { folder: Some("/b".to_owned()), daily: true };
        let by_hand = BackupSettings { daily: false, ..set.clone() };
        let none = BackupSettings::default();
        let nothing = BackupStanding::default();
        let stands = |last, good, drill: Option<BackupRun>, good_drill| BackupStanding {
            last,
            good,
            drill,
            good_drill,
        };
        let good = stands(run(0, None), run(0, None), run(3, None), run(3, None));
        let said = |mode, settings: &BackupSettings, standing: &BackupStanding| {
            warning(mode, settings, standing, UnixMillis(1_000 * DAY_MS))
        };
        for (mode, settings, standing, expected) in [
            (Mode::Live, &none, &nothing, BackupWarning::NotSet),
            (Mode::Practice, &none, &nothing, BackupWarning::None),
            (Mode::Live, &set, &nothing, BackupWarning::Old),
            (Mode::Live, &set, &good, BackupWarning::None),
            (Mode::Live, &set, &stands(run(0, Some("x")), run(1, None), None, None), BackupWarning::Failed),
            (Mode::Live, &set, &stands(run(2, None), run(2, None), None, None), BackupWarning::Old),
            (
                Mode::Live,
                &by_hand,
                &stands(run(9, None), run(9, None), run(9, None), run(9, None)),
                BackupWarning::None,
            ),
            // However they are made, somebody has to try them.
            (Mode::Live, &by_hand, &stands(run(9, None), run(9, None), None, None), BackupWarning::DrillOld),
            (
                Mode::Live,
                &set,
                &stands(run(0, None), run(0, None), run(0, Some("x")), run(7, None)),
                BackupWarning::DrillFailed,
            ),
            (
                Mode::Live,
                &set,
                &stands(run(0, None), run(0, None), run(14, None), run(14, None)),
                BackupWarning::DrillOld,
            ),
        ] {
            assert_eq!(said(mode, settings, standing), expected, "{mode:?} {standing:?}");
        }
    }
}
