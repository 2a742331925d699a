//! A desk as the counter's host.

use counter::wire::{AppState, Approval, BookState, ChannelView, Connection, Event, KeysView};
use counter::{AppError, Channel, Host, NewKeys, Refusal};
use ledger::{
    Actor, Answer, Book, By, ChargeId, Done, Intent, LedgerError, MemberId, Mode, Reader, RequestId, StaffId,
    UnixMillis,
};

use crate::desk::Desk;
use crate::gateway;

impl Host for Desk {
    type Turn = tokio::sync::OwnedMutexGuard<()>;

    fn now(&self) -> UnixMillis {
        Desk::now(self)
    }
    fn mode(&self) -> Mode {
        self.mode
    }
    fn asks_approval(&self) -> bool {
        false
    }
    async fn approve(&self, _: Actor, _: &'static str, _: Approval) -> Result<StaffId, AppError> {
        Err(Refusal::ApprovalRefused.into())
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
    async fn erase(&self, by: By, member: MemberId) -> Result<Done, AppError> {
        let erased = self.shelf.erase(by, member).await;
        self.judged(erased)
    }
    async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Reader<'_>) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, AppError> {
        let read = self.shelf.read(f).await;
        self.judged(read)
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
    async fn save_keys(&self, keys: NewKeys) -> Result<(), AppError> {
        self.shared.save_keys(keys).await
    }
    async fn forget_keys(&self) -> Result<(), AppError> {
        self.shared.forget_keys().await
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
    async fn switch_mode(&self, mode: Mode) -> Result<AppState, AppError> {
        self.shared.switch_mode(mode).await
    }
}
