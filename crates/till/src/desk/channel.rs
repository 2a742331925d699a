//! The channel of a desk's book: chosen, and checked against what PortOne lists.

use counter::wire::ChannelView;
use counter::{AUTOMATIC, AppError, CHANNEL, Channel, Refusal};
use ledger::{Actor, Mode};
use portone::Portone;

use super::Desk;
use crate::config::ChannelPick;
use crate::gateway::gateway_error;

impl Desk {
    /// The book's channel, as PortOne lists it now. It is asked each time: a channel may have been taken away, and with no
    /// network a charge is to be refused before anything of it is written.
    pub(crate) async fn checked_channel(&self) -> Result<Channel, AppError> {
        let client = self.client().await?;
        let listed = self.listed(&client).await?;
        let chosen: Option<Channel> = self.shelf.read(|book| book.setting(CHANNEL)).await?;
        let key = match (chosen, &self.shared.config.channel) {
            (_, ChannelPick::Key(key)) => key.clone(),
            (Some(channel), _) => channel.key,
            (None, pick) => {
                let mut fitting = listed.iter().filter(|channel| channel.usable);
                let first = fitting.next().ok_or(Refusal::ChannelMissing)?;
                let only = fitting.next().is_none();
                if !only && *pick == ChannelPick::TheOnlyOne && self.mode != Mode::Practice {
                    return Err(Refusal::ChannelMissing.into());
                }
                first.channel_key.clone()
            }
        };
        let channel = pick(&listed, &key)?;
        self.store_channel(AUTOMATIC, channel.clone()).await?;
        Ok(channel)
    }

    async fn listed(&self, client: &Portone) -> Result<Vec<ChannelView>, AppError> {
        let wanted = Some(self.mode.sandbox());
        let listed = client.channels().await.map_err(gateway_error)?;
        Ok(listed
            .into_iter()
            .map(|channel| ChannelView {
                usable: channel.sandbox == wanted && channel.kind == "payment",
                channel_key: channel.key,
                name: channel.name,
                pg_provider: channel.pg_provider,
                pg_id: channel.pg_id,
                sandbox: channel.sandbox,
            })
            .collect())
    }

    /// Asks PortOne something over the network: a living token alone says nothing about now.
    pub(crate) async fn probe(&self) -> Result<(), AppError> {
        let probed = self.checked_channel().await.map(drop);
        self.noted(probed)
    }

    /// PortOne's channels.
    pub(crate) async fn channels(&self) -> Result<Vec<ChannelView>, AppError> {
        let client = self.client().await?;
        self.listed(&client).await
    }

    /// Chooses a channel that PortOne lists and that is of this mode.
    pub(crate) async fn choose(&self, actor: Actor, key: &str) -> Result<(), AppError> {
        let channel = pick(&self.channels().await?, key)?;
        self.store_channel(actor, channel).await
    }

    async fn store_channel(&self, actor: Actor, channel: Channel) -> Result<(), AppError> {
        let by = actor.by(self.now(), Desk::new_request());
        self.shelf
            .write(move |book| {
                let before: Option<Channel> = book.reader().setting(CHANNEL)?;
                if before.as_ref() == Some(&channel) {
                    return Ok(());
                }
                book.set(&by, CHANNEL, &channel)?;
                book.audit(&by, "channel", &format!("{} {}", channel.pg_provider, channel.pg_id))
            })
            .await
    }
}

fn pick(listed: &[ChannelView], key: &str) -> Result<Channel, AppError> {
    let channel = listed.iter().find(|channel| channel.channel_key == key).ok_or(Refusal::ChannelMissing)?;
    match channel.sandbox {
        Some(sandbox) if channel.usable => Ok(Channel {
            key: channel.channel_key.clone(),
            name: channel.name.clone(),
            pg_provider: channel.pg_provider.clone(),
            pg_id: channel.pg_id.clone(),
            sandbox,
        }),
        Some(_) | None => Err(Refusal::ChannelWrongMode.into()),
    }
}
