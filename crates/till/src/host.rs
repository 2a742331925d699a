//! A desk as the counter's host.

use counter::wire::{
    AppState, Approval, BackupFileView, BookState, ChannelView, Connection, Door, Event, KeysView, Pin,
    RestoreChecked, RestoreReport,
};
use counter::{AppError, Channel, FillError, Host, NewKeys, Out, PeopleChange, Refusal, Register};
use ledger::people::PeopleError;
use ledger::{
    Actor, Answer, Book, By, CancelOrder, ChargeId, Done, Intent, LedgerError, Listed, MemberId, Mode,
    Reader, RequestId, StaffId, UnixMillis,
};

use secrecy::ExposeSecret;

use crate::desk::Desk;
use crate::files::{self, Draft};
use crate::gateway;

impl Host for Desk {
    type Turn = tokio::sync::OwnedMutexGuard<()>;
    type Draft = Draft;

    fn now(&self) -> UnixMillis {
        Desk::now(self)
    }
    fn portone_now(&self) -> Option<UnixMillis> {
        Desk::portone_now(self)
    }
    fn mode(&self) -> Mode {
        self.mode
    }
    fn asks_approval(&self) -> bool {
        self.shared.people.is_claimed()
    }
    async fn approve(
        &self,
        actor: Actor,
        command: &'static str,
        about: Option<StaffId>,
        approval: Approval,
    ) -> Result<StaffId, AppError> {
        let Approval { staff_id, pin } = approval;
        self.shared.people.approve(actor, command, about, staff_id, pin).await
    }
    fn door(&self) -> Door {
        self.shared.people.door()
    }
    async fn people(&self) -> Result<Register, AppError> {
        if !self.shared.people.is_readable() {
            return Err(PeopleError::Unreadable.into());
        }
        Ok(Register::clone(&*self.shared.people.register()))
    }
    async fn first_owner(&self, request: RequestId, name: String, pin: Pin) -> Result<Actor, AppError> {
        let actor = self.shared.people.first_owner(request, self.shared.first_number(), name, pin).await?;
        self.shared.tell_books().await;
        // The shop's people begin here, so it stands in the book too: a register that is taken away and begun anew is seen.
        let by = actor.by(Desk::now(self), request);
        if let Err(error) = self.shelf.write(move |book| book.audit(&by, "staff_first_owner", "")).await {
            tracing::warn!(error = error.chain(), "the book has not heard of the first owner");
        }
        Ok(actor)
    }
    async fn sign_in(&self, who: StaffId, pin: Pin) -> Result<Actor, AppError> {
        self.shared.people.sign_in(who, pin).await
    }
    async fn sign_out(&self) -> Result<(), AppError> {
        self.shared.people.sign_out().await
    }
    fn somebody_is_here(&self) {
        self.shared.people.touched();
    }
    async fn own_pin(&self, actor: Actor, pin: Pin, why: &'static str) -> Result<(), AppError> {
        self.shared.people.own_pin(actor, pin, why).await
    }
    async fn change_people(
        &self,
        actor: Actor,
        request: RequestId,
        change: PeopleChange,
    ) -> Result<(), AppError> {
        let above = self.shared.last_staff();
        self.shared.people.change(actor, request, change, above).await?;
        self.shared.tell_books().await;
        Ok(())
    }
    fn new_request(&self) -> RequestId {
        Desk::new_request()
    }
    fn book_state(&self) -> BookState {
        Desk::book_state(self)
    }
    fn connection(&self) -> Connection {
        Desk::connection(self)
    }
    fn modes(&self) -> Vec<Mode> {
        self.shared.modes()
    }
    fn live_waiting(&self) -> u32 {
        self.shared.live_waiting(self.mode)
    }

    async fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Book<'_>) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, AppError> {
        let written = self.shelf.write(f).await;
        self.judged(written)
    }
    async fn erase(&self, by: By, member: MemberId, claim_waived: bool) -> Result<Done, AppError> {
        let erased = self.shelf.erase(by, member, claim_waived).await;
        // Also where the file could not be scrubbed. It stands in the lists before it is answered: whichever older book is put
        // back forgets again. The same request again does all of it again.
        let listed = self.list_erasures().await;
        let erased = self.judged(erased)?;
        let unfinished = |error: AppError| {
            tracing::error!(error = error.chain(), "the person is forgotten in the book alone, so far");
            AppError::from(Refusal::ErasureUnfinished)
        };
        // Whatever is left is done from there.
        self.wake_backups.notify_one();
        if let Err(error) = listed.map_err(unfinished)?.beside_backups {
            tracing::warn!(error = error.chain(), "who was forgotten stands beside the book only, so far");
        }
        self.leave_no_copy().await.map_err(unfinished)?;
        Ok(erased)
    }
    async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Reader<'_>) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, AppError> {
        let read = self.shelf.read(f).await;
        self.judged(read)
    }

    async fn draft<T: Send + 'static>(
        &self,
        fill: impl FnOnce(&Reader<'_>, Out<'_>) -> Result<T, FillError> + Send + 'static,
    ) -> Result<(Draft, T), AppError> {
        let folder = self.files();
        let read = self.shelf.read(move |book| Ok(files::draft(&folder, |out| fill(book, out)))).await;
        self.judged(read.and_then(|filled| filled))
    }
    async fn save_file(&self, draft: Draft, name: String) -> Result<String, AppError> {
        let folder = self.files();
        let saved = tokio::task::spawn_blocking(move || files::save(draft, &folder, &name)).await;
        saved.map_err(|_| AppError::Internal("file"))?
    }

    async fn turn(&self, charge: ChargeId) -> Option<Self::Turn> {
        self.turns.take(charge).await
    }
    async fn ready(&self) -> Result<Channel, AppError> {
        self.shared.keyring.want();
        let channel = self.checked_channel().await;
        self.noted(channel)
    }
    async fn announce(&self, intent: &Intent) -> Result<(), AppError> {
        let client = self.client().await;
        let client = self.noted(client)?;
        let announced =
            client.prepare(&intent.merchant_uid, intent.won).await.map_err(gateway::gateway_error);
        self.noted(announced)
    }
    async fn look_up(&self, intent: &Intent) -> Result<Answer, AppError> {
        let client = self.client().await;
        let client = self.noted(client)?;
        let answer = gateway::look_up(&client, intent).await;
        self.noted(answer)
    }

    async fn payments_between(&self, from: UnixMillis, to: UnixMillis) -> Result<Vec<Listed>, AppError> {
        let client = self.client().await;
        let client = self.noted(client)?;
        let listed = gateway::payments_between(&client, from, to).await;
        self.noted(listed)
    }

    async fn cancel(&self, order: &CancelOrder) -> Result<(), AppError> {
        let client = self.client().await;
        let client = self.noted(client)?;
        let cancelled = gateway::cancel(&client, order).await;
        self.noted(cancelled)
    }

    async fn open_checkout(&self, intent: &Intent) -> Result<String, AppError> {
        self.open_page(intent).await
    }
    fn close_checkout(&self, charge: ChargeId) {
        self.close_page(charge);
    }
    fn checkout_url(&self, charge: ChargeId) -> Option<String> {
        self.page_url(charge)
    }
    fn wake_settler(&self) {
        self.wake.notify_one();
    }
    fn emit(&self, event: Event) {
        self.tell(&event);
    }

    async fn keys(&self) -> KeysView {
        // The screen is told when there is an answer.
        self.shared.ask_for_keys();
        self.shared.keyring.view()
    }
    async fn save_keys(&self, actor: Actor, keys: NewKeys) -> Result<(), AppError> {
        self.shared.save_keys(actor, keys).await
    }
    async fn forget_keys(&self, actor: Actor) -> Result<(), AppError> {
        self.shared.forget_keys(actor).await
    }
    async fn channels(&self) -> Result<Vec<ChannelView>, AppError> {
        let channels = Desk::channels(self).await;
        self.noted(channels)
    }
    async fn set_proxy(&self, actor: Actor, proxy: Option<String>) -> Result<(), AppError> {
        self.shared.set_proxy(actor, proxy).await
    }
    async fn choose_channel(&self, actor: Actor, channel_key: String) -> Result<(), AppError> {
        let chosen = self.choose(actor, &channel_key).await;
        self.noted(chosen)
    }
    async fn try_backup_folder(&self, folder: String) -> Result<(), AppError> {
        Desk::try_backup_folder(self, folder).await
    }
    fn wake_backups(&self) {
        self.wake_backups.notify_one();
    }
    async fn back_up(&self, by: By) -> Result<(), AppError> {
        self.back_up_by_hand(by).await
    }
    async fn backup_files(&self) -> Result<Vec<BackupFileView>, AppError> {
        Desk::backup_files(self).await
    }
    async fn check_backup(&self, file: String) -> Result<RestoreChecked, AppError> {
        Desk::check_backup(self, file).await
    }
    async fn put_back(&self, by: By, file: String) -> Result<RestoreReport, AppError> {
        self.shared.put_back(self, by, file).await
    }
    async fn recovery_key(&self) -> Result<String, AppError> {
        let key = self.shared.backup_keys.own().await?;
        Ok(key.secret().expose_secret().to_owned())
    }
    async fn enter_recovery_key(&self, key: String) -> Result<(), AppError> {
        self.shared.backup_keys.enter(&key).await
    }
    async fn switch_mode(&self, actor: Actor, mode: Mode) -> Result<AppState, AppError> {
        self.shared.switch_mode(actor, mode).await
    }
}
