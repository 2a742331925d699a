//! A running simulator.

use std::{fmt, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context as _, bail};
use axum::{Router, http::StatusCode, middleware};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    answer::Refusal,
    config::Config,
    connection::{Line, Loopback},
    control::{self, Control},
    front,
    random::Random,
    rest,
    shared::{Parts, Shared},
    store::Store,
    window,
    world::{Book, World},
};

/// How long [`Simulator::shutdown`] waits for requests that are being answered.
const GRACE: Duration = Duration::from_secs(3);

/// A running server. Dropping it stops it; [`Simulator::shutdown`] also waits until it has.
pub struct Simulator {
    addr: SocketAddr,
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    served: Option<JoinHandle<()>>,
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator").field("addr", &self.addr).finish_non_exhaustive()
    }
}

impl Simulator {
    /// Starts to listen. Port 0 = any free one.
    ///
    /// # Errors
    /// An address that is not loopback, a port that is taken, a state file that is in use or cannot be read
    /// ([`UnreadableState`](crate::UnreadableState)).
    pub async fn start(listen: SocketAddr, config: Config) -> anyhow::Result<Simulator> {
        if !listen.ip().is_loopback() {
            bail!("{listen} is not a loopback address: a simulator is for this machine only");
        }
        let listener = TcpListener::bind(listen).await.with_context(|| format!("listening on {listen}"))?;
        let addr = listener.local_addr().context("reading the address that was bound")?;
        let url = format!("http://{addr}");
        let (store, book) = match config.state_file.clone() {
            Some(path) => Store::open(path).map(|(store, book)| (Some(store), book))?,
            None => (None, Book::default()),
        };
        let random = Random::new(config.seed).context("taking a seed from the system")?;
        let world = World::new(&config, book, random, &url);
        let (stop, stopping) = watch::channel(false);
        let shared = Arc::new(Shared::new(Parts {
            world,
            store,
            clock: config.clock,
            clock_offset_seconds: config.clock_offset_seconds,
            url,
            user_code: config.user_code,
            font: config.font,
            stopping: stopping.clone(),
        }));
        shared.journal().hide(&config.imp_secret);
        let service = router(shared.clone(), config.control).into_make_service_with_connect_info::<Line>();
        let served = tokio::spawn(async move {
            let until = async move {
                let mut stopping = stopping;
                // An error means that the simulator itself is gone, which is the same.
                drop(stopping.wait_for(|stopping| *stopping).await);
            };
            if let Err(error) = axum::serve(Loopback(listener), service).with_graceful_shutdown(until).await {
                tracing::error!(%error, "the simulator stopped");
            }
        });
        Ok(Simulator { addr, shared, stop, served: Some(served) })
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> String {
        self.shared.url.clone()
    }

    /// The address that is listened on.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// What a test does to PortOne behind the client's back, with or without `/_sim/`.
    pub fn control(&self) -> Control {
        Control::new(self.shared.clone())
    }

    /// Stops, and waits until the port is free.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        if let Some(served) = self.served.take() {
            let abort = served.abort_handle();
            if tokio::time::timeout(GRACE, served).await.is_err() {
                abort.abort();
            }
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        self.shared.release();
    }
}

fn router(shared: Arc<Shared>, with_control: bool) -> Router {
    let mut routes = rest::routes(shared.clone()).merge(window::routes(shared.clone()));
    if with_control {
        routes = routes.merge(control::routes(shared.clone()));
    }
    routes
        .fallback(|| async {
            Refusal::new(StatusCode::NOT_FOUND, -1, "존재하지 않는 경로입니다.")
        })
        .method_not_allowed_fallback(|| async {
            Refusal::new(StatusCode::METHOD_NOT_ALLOWED, -1, "허용되지 않는 HTTP METHOD입니다.")
        })
        .layer(middleware::from_fn_with_state(shared.clone(), front::front))
        .with_state(shared)
}
