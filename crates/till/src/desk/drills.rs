//! A backup is read back: in a drill each week, before it is put back, and when somebody asks whether it is good.

use backup::{BackupError, Meta, Name, short};
use counter::wire::RestoreChecked;
use counter::{AppError, Refusal, backup_settings};
use ledger::{By, NewRun, UnixMillis};

use super::Desk;
use super::backup_file::{backup_error, io_error, prove};
use super::backups::{BOOK, blocking};
use crate::scratch::Scratch;

const DRILL_EVERY_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// A backup that was opened in a scratch folder and proved.
pub(crate) struct Opened {
    pub(crate) scratch: Scratch,
    pub(crate) meta: Meta,
    pub(crate) last_money_at: Option<UnixMillis>,
}

impl Desk {
    /// A drill each week, however the backups are made. Where they are made by hand, a folder that is away is no fault of theirs.
    pub(super) async fn drill_if_due(&self) -> Result<(), AppError> {
        let now = self.now();
        let (settings, standing) =
            self.shelf.read(|book| Ok((backup_settings(book)?, book.backups()?))).await?;
        if standing.good_drill.is_some_and(|drill| now.since(drill.at) < DRILL_EVERY_MS) {
            return Ok(());
        }
        if !settings.daily && self.newest().await.is_err() {
            return Ok(());
        }
        self.drill(self.backup_by()).await
    }

    /// Opens the newest backup beside the book, proves it, and compares it with the book's own chain.
    pub(crate) async fn drill(&self, by: By) -> Result<(), AppError> {
        let _one_at_a_time = self.one_at_a_time.backing.lock().await;
        let mut file = None;
        let drilled = self.drill_newest(&mut file).await;
        let (meta, fault) = match &drilled {
            Ok(meta) => (Some(meta), None),
            Err(error) => (None, Some(error.code().word())),
        };
        let run = NewRun {
            drill: true,
            file,
            transactions: meta.map(|meta| meta.transactions),
            head: meta.map(|meta| meta.head.clone()),
            fault,
        };
        self.note_run(by, run).await?;
        drilled.map(drop)
    }

    /// The name of the newest backup of this book in the folder.
    async fn newest(&self) -> Result<String, AppError> {
        let folder = self.backup_folder().await?;
        let book = short(&self.shelf.read(|book| book.stamp()).await?.book_id.to_string());
        let mode = self.mode.word();
        let names = blocking(move || backup::list(&folder).map_err(backup_error)).await?;
        let newest = names.into_iter().find(|name| name.mode == mode && name.book == book);
        Ok(newest.ok_or(Refusal::BackupNoFolder)?.to_string())
    }

    async fn drill_newest(&self, file: &mut Option<String>) -> Result<Meta, AppError> {
        let newest = self.newest().await?;
        *file = Some(newest.clone());
        let opened = self.open_backup(&newest).await?;
        if self.behind(&opened.meta).await?.is_none() {
            return Err(Refusal::BackupNotPrefix.into());
        }
        Ok(opened.meta)
    }

    /// How many transactions the book has more than a backup of it; `None`: the two are not one history.
    async fn behind(&self, meta: &Meta) -> Result<Option<i64>, AppError> {
        let meta = meta.clone();
        let behind = move |book: &ledger::Reader<'_>| {
            let own = book.stamp()?.book_id.to_string() == meta.book
                && book.chain_at(meta.transactions)?.as_ref() == Some(&meta.head);
            Ok(own.then_some(book.head()?.0.saturating_sub(meta.transactions)))
        };
        self.shelf.read(behind).await
    }

    /// Opens a backup of the folder in a scratch folder and proves it.
    pub(crate) async fn open_backup(&self, file: &str) -> Result<Opened, AppError> {
        // A name, and no way out of the folder.
        let name = Name::parse(file).ok_or(Refusal::BackupNotOurs)?;
        let path = self.backup_folder().await?.join(name.to_string());
        let keys = self.shared.backup_keys.all().await?;
        let (data, mode, now) = (self.shared.config.data.clone(), self.mode, self.now());
        blocking(move || {
            let mut found = Err(BackupError::WrongKey);
            let scratch = Scratch::new(&data).map_err(io_error)?;
            for key in keys {
                found = backup::extract(&path, &key, scratch.folder());
                if !matches!(found, Err(BackupError::WrongKey)) {
                    break;
                }
            }
            let meta = found.map_err(backup_error)?;
            let last_money_at = prove(&scratch.file(BOOK), mode, &meta, now)?;
            Ok(Opened { scratch, meta, last_money_at })
        })
        .await
    }

    pub(crate) async fn check_backup(&self, file: String) -> Result<RestoreChecked, AppError> {
        let opened = self.open_backup(&file).await?;
        // A book that cannot be read is no one history with anything.
        let behind = self.behind(&opened.meta).await.unwrap_or(None);
        Ok(RestoreChecked {
            file,
            made_at: UnixMillis(opened.meta.at),
            transactions: opened.meta.transactions,
            head: opened.meta.head,
            behind,
        })
    }
}
