//! One mode's world: its book, its PortOne, its open pages.

mod channel;
mod pages;

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use counter::wire::{BookState, Connection, Event};
use counter::{AUTOMATIC, AppError, Channel, GatewayError, Refusal, USER_CODE};
use ledger::{By, ChargeId, Mode, RequestId, StaffId, UnixMillis};
use portone::{Endpoint, Keys, Net, Portone};
use portone_sim::Simulator;
use tokio::sync::Notify;

use crate::config::EndpointChoice;
use crate::gateway::gateway_error;
use crate::shelf::{OsRandom, Shelf};
use crate::till::Shared;

/// One mode's world.
pub(crate) struct Desk {
    pub(crate) mode: Mode,
    pub(crate) shared: Arc<Shared>,
    pub(crate) shelf: Shelf,
    pub(crate) practice: Option<Simulator>,
    pub(crate) wake: Notify,
    pub(crate) staff: StaffId,
    book_state: AtomicU8,
    connection: AtomicU8,
    waiting: AtomicU32,
    closed: AtomicBool,
    client: tokio::sync::Mutex<Option<Portone>>,
    seen: Mutex<Option<Portone>>,
    channel: tokio::sync::Mutex<Option<Channel>>,
    pages: Mutex<HashSet<ChargeId>>,
}

const BOOK_STATES: [BookState; 3] = [BookState::Auditing, BookState::Ok, BookState::Broken];
const CONNECTIONS: [Connection; 8] = [
    Connection::Connecting,
    Connection::Practice,
    Connection::NoKeys,
    Connection::NoChannel,
    Connection::NoKeyring,
    Connection::Connected,
    Connection::Unreachable,
    Connection::KeysRefused,
];

fn place<T: PartialEq>(all: &[T], one: &T) -> u8 {
    all.iter().position(|other| other == one).and_then(|place| u8::try_from(place).ok()).unwrap_or(0)
}

impl Desk {
    /// Opens a mode's book, makes it if there is none, and begins its audit.
    pub(crate) async fn open(shared: &Arc<Shared>, mode: Mode) -> Result<Arc<Desk>, AppError> {
        let now = shared.config.clock.now();
        let path = shared.config.data.join(format!("{}.db", mode.word()));
        let (shelf, fault) = Shelf::open(&path, mode, now)?;
        let role = shared.config.role;
        let staff = if fault.is_none() {
            shelf.write(move |book| book.sign_in_first(now, role, role_name(role))).await?
        } else {
            AUTOMATIC.id
        };
        let practice = if mode == Mode::Practice {
            Some(start_practice(&shared.config.data, shared.config.font).await?)
        } else {
            None
        };
        let desk = Arc::new(Desk {
            mode,
            shared: Arc::clone(shared),
            shelf,
            practice,
            wake: Notify::new(),
            staff,
            book_state: AtomicU8::new(place(&BOOK_STATES, &BookState::Auditing)),
            connection: AtomicU8::new(place(&CONNECTIONS, &Connection::Connecting)),
            waiting: AtomicU32::new(0),
            closed: AtomicBool::new(false),
            client: tokio::sync::Mutex::new(None),
            seen: Mutex::new(None),
            channel: tokio::sync::Mutex::new(None),
            pages: Mutex::default(),
        });
        if let Some((seq, fault)) = fault {
            desk.broke(seq, fault);
        }
        Ok(desk)
    }

    pub(crate) fn book_state(&self) -> BookState {
        BOOK_STATES
            .get(usize::from(self.book_state.load(Ordering::SeqCst)))
            .copied()
            .unwrap_or(BookState::Auditing)
    }

    /// The book proved itself.
    pub(crate) fn proved(&self) {
        self.book_state.store(place(&BOOK_STATES, &BookState::Ok), Ordering::SeqCst);
        self.tell(&Event::State);
        self.wake.notify_one();
    }

    /// An invariant does not hold: read-only from here on.
    pub(crate) fn broke(&self, seq: i64, fault: &'static str) {
        tracing::error!(mode = self.mode.word(), seq, fault, "the book is broken at {seq}: {fault}");
        self.shelf.declare_broken(seq, fault);
        self.book_state.store(place(&BOOK_STATES, &BookState::Broken), Ordering::SeqCst);
        self.tell(&Event::State);
    }

    pub(crate) fn connection(&self) -> Connection {
        CONNECTIONS
            .get(usize::from(self.connection.load(Ordering::SeqCst)))
            .copied()
            .unwrap_or(Connection::Connecting)
    }

    /// Notes how the last question went. `true`: PortOne answers again after it did not.
    fn connected(&self, connection: Connection) -> bool {
        let before = self.connection.swap(place(&CONNECTIONS, &connection), Ordering::SeqCst);
        let changed = before != place(&CONNECTIONS, &connection);
        if changed {
            self.tell(&Event::State);
        }
        changed
            && connection == Connection::Connected
            && before != place(&CONNECTIONS, &Connection::Connecting)
    }

    /// Notes the outcome of a question to PortOne and hands it on.
    pub(crate) fn noted<T>(&self, outcome: Result<T, AppError>) -> Result<T, AppError> {
        let connection = match &outcome {
            Ok(_) if self.mode == Mode::Practice => Connection::Practice,
            Ok(_) => Connection::Connected,
            Err(AppError::Gateway(error)) => match error {
                GatewayError::Unreachable(_) => Connection::Unreachable,
                // An answer, if no usable one. Were it "not there", the next good one would be "back again" and
                // everything would be asked at once, of a PortOne that has just asked for patience.
                GatewayError::Busy | GatewayError::Odd(_) => return outcome,
                GatewayError::KeysMissing => Connection::NoKeys,
                GatewayError::KeysRefused(_) => Connection::KeysRefused,
                GatewayError::KeyringUnavailable | GatewayError::KeyringLocked => Connection::NoKeyring,
                GatewayError::Refused { .. } => Connection::Connected,
            },
            Err(AppError::Refused(Refusal::ChannelMissing | Refusal::ChannelWrongMode)) => {
                Connection::NoChannel
            }
            Err(AppError::Refused(_) | AppError::Ledger(_) | AppError::Internal(_)) => return outcome,
        };
        if self.connected(connection) {
            self.shared.reconnected(self.mode);
        }
        outcome
    }

    /// PortOne's clock where it is known, else the PC's.
    pub(crate) fn now(&self) -> UnixMillis {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.as_ref().and_then(crate::gateway::server_now).unwrap_or_else(|| self.shared.config.clock.now())
    }

    pub(crate) fn new_request() -> RequestId {
        let mut bytes = [0; 16];
        ledger::Random::fill(&mut OsRandom, &mut bytes);
        RequestId(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }

    pub(crate) fn tell(&self, event: &Event) {
        self.shared.emit(self.mode, event);
    }

    /// The client, made when it is first needed; its clock is known when this returns.
    pub(crate) async fn client(&self) -> Result<Portone, AppError> {
        let mut client = self.client.lock().await;
        if client.is_none() {
            *client = Some(self.make_client().await?);
        }
        let client = client.clone().ok_or(AppError::Internal("client"))?;
        client.connect().await.map_err(gateway_error)?;
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(client.clone());
        Ok(client)
    }

    /// Ends the timers and closes the file.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        self.wake.notify_one();
        self.shelf.close();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// New keys: the next question is asked with them.
    pub(crate) async fn forget_client(&self) {
        *self.client.lock().await = None;
        *self.channel.lock().await = None;
    }

    async fn make_client(&self) -> Result<Portone, AppError> {
        let keys = match &self.practice {
            Some(_) => Keys {
                imp_key: portone_sim::DEFAULT_IMP_KEY.to_owned(),
                imp_secret: portone_sim::DEFAULT_IMP_SECRET.to_owned().into(),
            },
            None => {
                let stored = self.shared.keyring.load().await?.ok_or(GatewayError::KeysMissing)?;
                Keys { imp_key: stored.imp_key, imp_secret: stored.imp_secret }
            }
        };
        self.client_with(keys)
    }

    /// A client of this mode with these keys.
    pub(crate) fn client_with(&self, keys: Keys) -> Result<Portone, AppError> {
        let endpoint = match (&self.practice, self.mode) {
            (Some(simulator), _) => Endpoint::practice(simulator.addr()).map_err(gateway_error)?,
            (None, Mode::Live) => match &self.shared.config.endpoint {
                EndpointChoice::Real | EndpointChoice::TestAt(_) => Endpoint::live(),
                #[cfg(feature = "any-endpoint")]
                EndpointChoice::EverythingAt(url) => Endpoint::live_at(url).map_err(gateway_error)?,
            },
            (None, Mode::Test | Mode::Practice) => match &self.shared.config.endpoint {
                EndpointChoice::Real => Endpoint::test(),
                EndpointChoice::TestAt(url) => Endpoint::test_at(url).map_err(gateway_error)?,
                #[cfg(feature = "any-endpoint")]
                EndpointChoice::EverythingAt(url) => Endpoint::test_at(url).map_err(gateway_error)?,
            },
        };
        Portone::new(endpoint, keys, &Net::default(), Arc::new(portone::SystemClock::default()))
            .map_err(gateway_error)
    }

    /// Writes PortOne's 고객사 식별코드 into the book, and stamps the book with it.
    pub(crate) async fn stamp(&self, actor: StaffId, user_code: &str) -> Result<(), AppError> {
        let by = By { now: self.now(), actor, request: Desk::new_request() };
        let code = user_code.to_owned();
        self.shelf
            .write(move |book| {
                book.stamp_shop(&by, &code, "")?;
                book.set(&by, USER_CODE, &code)
            })
            .await
    }

    pub(crate) fn waiting(&self) -> u32 {
        self.waiting.load(Ordering::SeqCst)
    }

    /// Counts what is not finished, for the badge behind another mode.
    pub(crate) async fn count_waiting(&self) {
        let now = self.now();
        if let Ok(waiting) = self.shelf.read(move |book| book.waiting(now)).await {
            self.waiting.store(u32::try_from(waiting.len()).unwrap_or(u32::MAX), Ordering::SeqCst);
        }
    }
}

const fn role_name(role: ledger::Role) -> &'static str {
    match role {
        ledger::Role::Owner => "점주",
        ledger::Role::Manager => "매니저",
        ledger::Role::Clerk => "직원",
    }
}

async fn start_practice(data: &Path, font: Option<&'static [u8]>) -> Result<Simulator, AppError> {
    let config = portone_sim::Config {
        control: false,
        state_file: Some(data.join("practice-portone.json")),
        font: font.map(<[u8]>::to_vec),
        ..portone_sim::Config::default()
    };
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    Simulator::start(listen, config).await.map_err(|error| {
        tracing::error!(%error, "the simulator of the practice book did not start");
        AppError::Internal("simulator")
    })
}
