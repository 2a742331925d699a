//! One mode's world: its book, its PortOne, its open pages.

pub(crate) mod backup_file;
pub(crate) mod backups;
mod channel;
pub(crate) mod drills;
mod pages;
mod turns;

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use counter::wire::{BookState, Connection, Event};
use counter::{AUTOMATIC, AppError, GatewayError, PROXY, Refusal, USER_CODE};
use ledger::{Actor, ChargeId, LedgerError, Mode, RequestId, StaffId, UnixMillis};
use portone::{Endpoint, Keys, Net, Portone};
use portone_sim::Simulator;
use tokio::sync::Notify;

use crate::config::EndpointChoice;
use crate::desk::pages::Page;
use crate::desk::turns::Turns;
use crate::gateway::gateway_error;
use crate::people::Who;
use crate::shelf::{OsRandom, Shelf};
use crate::till::Shared;

/// One mode's world.
pub(crate) struct Desk {
    pub(crate) mode: Mode,
    pub(crate) shared: Arc<Shared>,
    pub(crate) shelf: Shelf,
    pub(crate) practice: Option<Arc<Simulator>>,
    pub(crate) wake: Notify,
    pub(crate) wake_backups: Notify,
    one_at_a_time: backups::OneAtATime,
    /// The book is about to be put aside: no pay window opens.
    held_back: AtomicBool,
    /// Whoever opens the app while the shop has no people, as this book numbers them.
    opener: StaffId,
    /// The version of the register that this book has heard of.
    knows: AtomicU64,
    book_state: AtomicU8,
    connection: AtomicU8,
    waiting: AtomicU32,
    closed: AtomicBool,
    client: tokio::sync::Mutex<Option<Portone>>,
    seen: Mutex<Option<Portone>>,
    pages: Mutex<HashMap<ChargeId, Page>>,
    pub(crate) turns: Turns,
    /// PortOne is back: whatever the timetables say, everything is to be looked at.
    pub(crate) sweep: AtomicBool,
}

const BOOK_STATES: [BookState; 3] = [BookState::Auditing, BookState::Ok, BookState::Broken];
const CONNECTIONS: [Connection; 9] = [
    Connection::Connecting,
    Connection::Practice,
    Connection::NoKeys,
    Connection::NoChannel,
    Connection::NoKeyring,
    Connection::KeyringLocked,
    Connection::Connected,
    Connection::Unreachable,
    Connection::KeysRefused,
];

fn place<T: PartialEq>(all: &[T], one: &T) -> u8 {
    all.iter().position(|other| other == one).and_then(|place| u8::try_from(place).ok()).unwrap_or(0)
}

impl Desk {
    /// Opens a mode's book, makes it if there is none, and begins its audit.
    /// `practice`: the simulator that the desk before it had.
    pub(crate) async fn open(
        shared: &Arc<Shared>,
        mode: Mode,
        practice: Option<Arc<Simulator>>,
    ) -> Result<Arc<Desk>, AppError> {
        let now = shared.config.clock.now();
        let path = shared.config.data.join(format!("{}.db", mode.word()));
        let (shelf, fault) = Shelf::open(&path, mode, now)?;
        let role = shared.config.role;
        // A shop with people has nobody else in its new books.
        let opener = if fault.is_none() && !shared.people.is_claimed() {
            shelf.write(move |book| book.sign_in_first(now, role, role_name(role))).await?
        } else {
            AUTOMATIC.id
        };
        let practice = match practice {
            None if mode == Mode::Practice => {
                Some(Arc::new(start_practice(&shared.config.data, shared.config.font).await?))
            }
            practice => practice,
        };
        let desk = Arc::new(Desk {
            mode,
            shared: Arc::clone(shared),
            shelf,
            practice,
            wake: Notify::new(),
            wake_backups: Notify::new(),
            one_at_a_time: backups::OneAtATime::default(),
            held_back: AtomicBool::new(false),
            opener,
            knows: AtomicU64::new(0),
            book_state: AtomicU8::new(place(&BOOK_STATES, &BookState::Auditing)),
            connection: AtomicU8::new(place(&CONNECTIONS, &Connection::Connecting)),
            waiting: AtomicU32::new(0),
            closed: AtomicBool::new(false),
            client: tokio::sync::Mutex::new(None),
            seen: Mutex::new(None),
            pages: Mutex::default(),
            turns: Turns::default(),
            sweep: AtomicBool::new(false),
        });
        if let Some((seq, fault)) = fault {
            desk.broke(seq, fault);
        }
        Ok(desk)
    }

    /// Who asks, in this book's numbers, which are the register's; `None`: nobody is signed in.
    pub(crate) fn asker(&self) -> Option<Actor> {
        match self.shared.people.who() {
            Who::Opener => Some(Actor { id: self.opener, role: self.shared.config.role, approver: None }),
            Who::Person(actor) => Some(actor),
            Who::Nobody => None,
        }
    }

    /// Writes down who the shop's people are, as far as this book has not heard, so that their numbers may stand on its
    /// rows. A book that is broken takes no rows anyway.
    pub(crate) async fn know_people(&self) -> Result<(), AppError> {
        let version = self.shared.people.version();
        if self.knows.load(Ordering::SeqCst) == version {
            return Ok(());
        }
        let (register, now) = (self.shared.people.register(), self.now());
        let written = self
            .shelf
            .write(move |book| {
                let mut people = register.people.iter();
                people.try_for_each(|person| book.know_person(now, person.id, &person.name, person.role))
            })
            .await;
        match written {
            Ok(()) => self.knows.store(version, Ordering::SeqCst),
            Err(AppError::Ledger(LedgerError::ReadOnly)) => {}
            Err(error) => return Err(error),
        }
        Ok(())
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
        self.wake_backups.notify_one();
    }

    /// An invariant does not hold: read-only from here on.
    pub(crate) fn broke(&self, seq: i64, fault: &'static str) {
        tracing::error!(mode = self.mode.word(), seq, fault, "the book is broken at {seq}: {fault}");
        self.shelf.declare_broken(seq, fault);
        self.book_state.store(place(&BOOK_STATES, &BookState::Broken), Ordering::SeqCst);
        self.tell(&Event::State);
    }

    /// Hands on what the book said; where it says that it is broken, nothing is written any more.
    pub(crate) fn judged<T>(&self, outcome: Result<T, AppError>) -> Result<T, AppError> {
        if let Err(AppError::Ledger(LedgerError::Broken { seq, fault })) = &outcome
            && self.book_state() != BookState::Broken
        {
            self.broke(*seq, fault);
        }
        outcome
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
                GatewayError::Busy { .. } | GatewayError::Odd(_) => return outcome,
                GatewayError::KeysMissing => Connection::NoKeys,
                GatewayError::KeysRefused(_) => Connection::KeysRefused,
                GatewayError::KeyringUnavailable => Connection::NoKeyring,
                GatewayError::KeyringLocked => Connection::KeyringLocked,
                GatewayError::Refused { .. } => Connection::Connected,
            },
            Err(AppError::Refused(Refusal::ChannelMissing | Refusal::ChannelWrongMode)) => {
                Connection::NoChannel
            }
            Err(AppError::Refused(_) | AppError::Ledger(_) | AppError::People(_) | AppError::Internal(_)) => {
                return outcome;
            }
        };
        if self.connected(connection) {
            // Done by the one who settles for this desk, at most every so often: a PortOne that comes and goes would
            // otherwise be asked about everything each time it comes.
            self.sweep.store(true, Ordering::SeqCst);
            self.wake.notify_one();
        }
        outcome
    }

    /// PortOne's clock where it is known, else the PC's.
    pub(crate) fn now(&self) -> UnixMillis {
        self.portone_now().unwrap_or_else(|| self.shared.config.clock.now())
    }

    /// PortOne's clock, where it is known.
    pub(crate) fn portone_now(&self) -> Option<UnixMillis> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.as_ref().and_then(crate::gateway::server_now)
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
        let client = self.made_client().await?;
        // Outside the lock: those who need a token wait for one answer together, not for one time-out after another.
        client.connect().await.map_err(gateway_error)?;
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(client.clone());
        Ok(client)
    }

    async fn made_client(&self) -> Result<Portone, AppError> {
        let mut client = self.client.lock().await;
        match &*client {
            Some(client) => Ok(client.clone()),
            None => Ok(client.insert(self.make_client().await?).clone()),
        }
    }

    /// Ends the timers and closes the file.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        self.wake.notify_one();
        self.wake_backups.notify_one();
        self.shelf.close();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// New keys: the next question is asked with them.
    pub(crate) async fn forget_client(&self) {
        *self.client.lock().await = None;
        self.connected(Connection::Connecting);
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
        self.client_with(keys).await
    }

    /// A client of this mode with these keys.
    pub(crate) async fn client_with(&self, keys: Keys) -> Result<Portone, AppError> {
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
        let proxy: Option<Option<String>> = self.shelf.read(|book| book.setting(PROXY)).await?;
        let net = proxy.flatten().map_or_else(|| Ok(Net::default()), |proxy| Net::through(&proxy));
        net.and_then(|net| Portone::new(endpoint, keys, &net, Arc::new(portone::SystemClock::default())))
            .map_err(gateway_error)
    }

    /// Writes PortOne's 고객사 식별코드 into the book, and stamps the book with it.
    pub(crate) async fn stamp(&self, actor: Actor, user_code: &str) -> Result<(), AppError> {
        let by = actor.by(self.now(), Desk::new_request());
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
        let waiting = self
            .shelf
            .read(move |book| Ok(book.waiting(now)?.len().saturating_add(book.open_refunds()?.len())))
            .await;
        if let Ok(waiting) = waiting {
            self.waiting.store(u32::try_from(waiting).unwrap_or(u32::MAX), Ordering::SeqCst);
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
    let state = data.join("practice-portone.json");
    let start = || {
        let config = portone_sim::Config {
            control: false,
            state_file: Some(state.clone()),
            font: font.map(<[u8]>::to_vec),
            ..portone_sim::Config::default()
        };
        Simulator::start(std::net::SocketAddr::from(([127, 0, 0, 1], 0)), config)
    };
    let failed = |error| {
        tracing::error!(error = %format!("{error:#}"), "the simulator of the practice book did not start");
        AppError::Internal("simulator")
    };
    match start().await {
        Ok(simulator) => Ok(simulator),
        // Nobody's money is in it: a file that cannot be read is put aside, so that practice goes on.
        Err(error) if error.is::<portone_sim::UnreadableState>() => {
            tracing::warn!(error = %format!("{error:#}"), "what the simulator remembered is put aside");
            if let Err(error) = std::fs::rename(&state, state.with_extension("unreadable")) {
                tracing::error!(%error, "it could not be put aside");
            }
            start().await.map_err(failed)
        }
        Err(error) => Err(failed(error)),
    }
}
