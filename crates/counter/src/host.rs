//! What a command needs from the world: a trait of operations, so that the counter knows neither Tauri nor HTTP.

use std::future::Future;
use std::io::Write;

use ledger::people::Person;
use ledger::{
    Actor, Answer, Book, By, CancelOrder, ChargeId, Done, Intent, LedgerError, Listed, MemberId, Mode,
    Reader, RequestId, Role, StaffId, UnixMillis,
};
use serde::{Deserialize, Serialize};

use crate::error::{AppError, Refusal};
use crate::wire::{
    AppState, Approval, BackupFileView, BookState, ChannelView, Connection, Door, Event, KeysView, Pin,
    RestoreChecked, RestoreReport,
};

/// Why PortOne gave no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// No answer: no network, a time-out, a server's own error.
    #[error("unreachable: {0}")]
    Unreachable(String),
    /// Asked for patience (HTTP 429).
    #[error("busy")]
    Busy {
        /// For how long, in seconds, where it said.
        retry_after_s: Option<u64>,
    },
    /// No keys are stored.
    #[error("no keys")]
    KeysMissing,
    /// The keys are refused.
    #[error("keys refused: {0}")]
    KeysRefused(String),
    /// The question was refused.
    #[error("refused: {message}")]
    Refused {
        /// PortOne's words.
        message: String,
    },
    /// The answer made no sense.
    #[error("odd answer: {0}")]
    Odd(String),
    /// The operating system's keyring is not there.
    #[error("keyring not there")]
    KeyringUnavailable,
    /// The keyring is locked.
    #[error("keyring locked")]
    KeyringLocked,
}

/// A channel that was chosen for a book: one payment company's contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Its key.
    pub key: String,
    /// Its name in PortOne's console.
    pub name: String,
    /// The payment company.
    pub pg_provider: String,
    /// The shop's name at the payment company (MID).
    pub pg_id: String,
    /// A test channel.
    pub sandbox: bool,
}

/// Keys on their way into the keyring.
pub struct NewKeys {
    /// REST API key.
    pub imp_key: String,
    /// REST API secret.
    pub imp_secret: String,
    /// 고객사 식별코드.
    pub user_code: String,
}

/// The shop's people, as the register has them.
#[derive(Debug, Clone)]
pub struct Register {
    /// Everybody, those who have left too.
    pub people: Vec<Person>,
    /// After how many idle minutes the screen is locked.
    pub idle_minutes: u32,
}

/// A change to the register.
#[derive(Debug, Clone)]
pub enum PeopleChange {
    /// Somebody is taken on.
    Add {
        /// Their name.
        name: String,
        /// What they may do.
        role: Role,
        /// Their first PIN.
        pin: Pin,
    },
    /// A name, a role, or whether somebody works here.
    Edit {
        /// Whose.
        who: StaffId,
        /// The name from now on.
        name: String,
        /// The role from now on.
        role: Role,
        /// Whether they work here from now on.
        active: bool,
    },
    /// A new PIN.
    Pin {
        /// Whose.
        who: StaffId,
        /// The PIN from now on.
        pin: Pin,
    },
    /// The wrong PINs are forgiven.
    Unlock {
        /// Whose.
        who: StaffId,
    },
    /// After how many idle minutes the screen is locked.
    Idle {
        /// From 1 to 240.
        minutes: u32,
    },
}

/// Where the bytes of a file go.
pub type Out<'a> = &'a mut (dyn Write + Send);

/// Why a file was not filled.
#[derive(Debug, thiserror::Error)]
pub enum FillError {
    /// The book could not be read.
    #[error("book")]
    Book(#[from] LedgerError),
    /// The file could not be written.
    #[error("file")]
    Sheet(#[from] sheet::SheetError),
}

impl From<FillError> for AppError {
    fn from(error: FillError) -> AppError {
        match error {
            FillError::Book(error) => error.into(),
            FillError::Sheet(error) if error.is_disk_full() => Refusal::NoRoomForFile.into(),
            FillError::Sheet(_) => Refusal::FileNotWritten.into(),
        }
    }
}

/// One book and all that belongs to it. Everything a command does to the world, it does through this.
pub trait Host: Send + Sync {
    /// Held while PortOne is asked about a charge and what it said is written.
    type Turn: Send;
    /// A file that is filled and not in its place yet; it goes if it is dropped.
    type Draft: Send;

    /// PortOne's clock, carried on a monotonic one; the PC's until PortOne was first asked.
    fn now(&self) -> UnixMillis;
    /// PortOne's clock alone; `None` until PortOne was first asked.
    fn portone_now(&self) -> Option<UnixMillis>;
    /// The book's mode.
    fn mode(&self) -> Mode;
    /// Whether a second person is asked at all: not before the shop has people with PINs.
    fn asks_approval(&self) -> bool;
    /// Checks the second person's PIN; who that is. `about` is whom the command is about, where it is about somebody.
    fn approve(
        &self,
        actor: Actor,
        command: &'static str,
        about: Option<StaffId>,
        approval: Approval,
    ) -> impl Future<Output = Result<StaffId, AppError>> + Send;
    /// Whether somebody is signed in.
    fn door(&self) -> Door;
    /// The shop's people.
    fn people(&self) -> impl Future<Output = Result<Register, AppError>> + Send;
    /// Makes the shop's first owner and signs them in.
    fn first_owner(
        &self,
        request: RequestId,
        name: String,
        pin: Pin,
    ) -> impl Future<Output = Result<Actor, AppError>> + Send;
    /// Checks a PIN and signs that person in, in place of whoever was.
    fn sign_in(&self, who: StaffId, pin: Pin) -> impl Future<Output = Result<Actor, AppError>> + Send;
    /// Signs out whoever is signed in.
    fn sign_out(&self) -> impl Future<Output = Result<(), AppError>> + Send;
    /// Somebody touched the screen: it is not locked for a while.
    fn somebody_is_here(&self);
    /// Asks whoever is signed in for their own PIN once more; `why` is written down.
    fn own_pin(
        &self,
        actor: Actor,
        pin: Pin,
        why: &'static str,
    ) -> impl Future<Output = Result<(), AppError>> + Send;
    /// Changes the register.
    fn change_people(
        &self,
        actor: Actor,
        request: RequestId,
        change: PeopleChange,
    ) -> impl Future<Output = Result<(), AppError>> + Send;
    /// A request id for work that nobody named: a timer's, a hint's.
    fn new_request(&self) -> RequestId;
    /// Whether the book proved itself since the start.
    fn book_state(&self) -> BookState;
    /// Whether PortOne can be asked.
    fn connection(&self) -> Connection;
    /// Modes that can be entered now.
    fn modes(&self) -> Vec<Mode>;
    /// Live charges that still settle behind another mode.
    fn live_waiting(&self) -> u32;

    /// Runs `f` on the one writer thread, in one transaction.
    fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Book<'_>) -> Result<T, LedgerError> + Send + 'static,
    ) -> impl Future<Output = Result<T, AppError>> + Send;
    /// Forgets a person and leaves no trace of it in the file: on the writer thread, and more than one transaction can do.
    fn erase(
        &self,
        by: By,
        member: MemberId,
        claim_waived: bool,
    ) -> impl Future<Output = Result<Done, AppError>> + Send;
    /// Runs `f` on a reader, beside the writer.
    fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Reader<'_>) -> Result<T, LedgerError> + Send + 'static,
    ) -> impl Future<Output = Result<T, AppError>> + Send;

    /// Fills a file that nobody sees yet, on a reader, beside the writer, from one state of the book.
    fn draft<T: Send + 'static>(
        &self,
        fill: impl FnOnce(&Reader<'_>, Out<'_>) -> Result<T, FillError> + Send + 'static,
    ) -> impl Future<Output = Result<(Self::Draft, T), AppError>> + Send;
    /// Puts a filled file under this name where the shop finds it, and tells where that is. Another file of that name is
    /// left as it is; this one gets a number then.
    fn save_file(
        &self,
        draft: Self::Draft,
        name: String,
    ) -> impl Future<Output = Result<String, AppError>> + Send;

    /// Waits for the turn to ask about this charge: an answer that is overtaken by another would be written after it, and
    /// say again what is no longer so. `None`: somebody else began after this call and is through; what stands in the book
    /// is as new as an answer of our own would be.
    fn turn(&self, charge: ChargeId) -> impl Future<Output = Option<Self::Turn>> + Send;
    /// Asks PortOne whether the book's channel is still there and of this mode; its clock is then known too.
    fn ready(&self) -> impl Future<Output = Result<Channel, AppError>> + Send;
    /// Pins the sum at PortOne, so that a tampered page cannot change it. May be repeated.
    fn announce(&self, intent: &Intent) -> impl Future<Output = Result<(), AppError>> + Send;
    /// Asks PortOne for every payment under this intent. Never trust the checkout window for this.
    fn look_up(&self, intent: &Intent) -> impl Future<Output = Result<Answer, AppError>> + Send;

    /// Asks PortOne for every payment of the account that was started, paid, failed or cancelled in this time, ends
    /// included: those of other tills and web shops too, and test payments too. An answer that is not whole is an error,
    /// never a shorter list.
    fn payments_between(
        &self,
        from: UnixMillis,
        to: UnixMillis,
    ) -> impl Future<Output = Result<Vec<Listed>, AppError>> + Send;

    /// Tells PortOne to cancel. `Ok`: it took it; whether it did it, a look-up tells. [`GatewayError::Refused`]: PortOne's
    /// own refusal; any other error: it may have been done or not.
    fn cancel(&self, order: &CancelOrder) -> impl Future<Output = Result<(), AppError>> + Send;

    /// Makes a ticket for the charge and shows its page. Closes an older one.
    fn open_checkout(&self, intent: &Intent) -> impl Future<Output = Result<String, AppError>> + Send;
    /// Closes the charge's page and window, if they are open.
    fn close_checkout(&self, charge: ChargeId);
    /// The page's address while it is open.
    fn checkout_url(&self, charge: ChargeId) -> Option<String>;
    /// Looks again soon at what is not finished; a charge's own timetable may have changed.
    fn wake_settler(&self);
    /// Tells every window.
    fn emit(&self, event: Event);

    /// Whether keys are stored.
    fn keys(&self) -> impl Future<Output = KeysView> + Send;
    /// Tries the keys at PortOne and stores them in the keyring.
    fn save_keys(&self, actor: Actor, keys: NewKeys) -> impl Future<Output = Result<(), AppError>> + Send;
    /// Removes the keys from the keyring.
    fn forget_keys(&self, actor: Actor) -> impl Future<Output = Result<(), AppError>> + Send;
    /// Reads the channels from PortOne.
    fn channels(&self) -> impl Future<Output = Result<Vec<ChannelView>, AppError>> + Send;
    /// Sets the proxy that is between this machine and PortOne; `None`: there is none.
    fn set_proxy(
        &self,
        actor: Actor,
        proxy: Option<String>,
    ) -> impl Future<Output = Result<(), AppError>> + Send;
    /// Chooses the book's channel.
    fn choose_channel(
        &self,
        actor: Actor,
        channel_key: String,
    ) -> impl Future<Output = Result<(), AppError>> + Send;
    /// Writes something into a folder and removes it again: whether backups can go there. Makes the key where there is none.
    fn try_backup_folder(&self, folder: String) -> impl Future<Output = Result<(), AppError>> + Send;
    /// Looks soon whether a backup is due.
    fn wake_backups(&self);
    /// Makes a backup, reads it back, and notes it in the book, good or not.
    fn back_up(&self, by: By) -> impl Future<Output = Result<(), AppError>> + Send;
    /// The backups of this mode in the folder, the newest first.
    fn backup_files(&self) -> impl Future<Output = Result<Vec<BackupFileView>, AppError>> + Send;
    /// Opens a backup beside the book and proves it, as before a restore.
    fn check_backup(&self, file: String) -> impl Future<Output = Result<RestoreChecked, AppError>> + Send;
    /// Puts the book aside and a backup in its place. Refused while a pay window is open. This host's own book is closed
    /// then; the report is the other one's.
    fn put_back(&self, by: By, file: String) -> impl Future<Output = Result<RestoreReport, AppError>> + Send;
    /// The key that opens the backups, made where there is none.
    fn recovery_key(&self) -> impl Future<Output = Result<String, AppError>> + Send;
    /// Takes a key that opens backups of another PC.
    fn enter_recovery_key(&self, key: String) -> impl Future<Output = Result<(), AppError>> + Send;
    /// Changes the book in use, and tells how it looks there.
    fn switch_mode(
        &self,
        actor: Actor,
        mode: Mode,
    ) -> impl Future<Output = Result<AppState, AppError>> + Send;
}
