//! The loopback page on which a customer pays: one-time tickets, one page, one answer.
//!
//! A second window, or the default browser, opens `http://127.0.0.1:<port>/pay/<ticket>`. The page loads PortOne's
//! SDK, opens the pay window, and posts what came back. It holds no secret and can call nothing: whoever takes it
//! over can at most make us ask PortOne once more.
//!
//! Architecture invariant: nothing here believes what the page says. Each thing it says becomes a [`Hint`] to ask
//! PortOne, and the page never tells the customer "done" or "failed", since nobody has asked yet.

mod answer;
mod hint;
mod listener;
mod order;
mod page;
mod params;
mod server;
mod text;
mod ticket;
mod world;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

pub use hint::Hint;
pub use order::{ChannelChoice, CheckoutError, Order, PayRequest, SDK_URL};
pub use world::{Clock, OsRandom, Random, SystemClock};

/// What is called for each [`Hint`]. It must not block: it runs on the server's own threads.
pub type HintSink = dyn Fn(Hint) + Send + Sync;

/// What the shell hands in for the look of the page.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Pretendard as woff2, served at `/font.woff2`. Without it the page uses what the computer has.
    pub font: Option<&'static [u8]>,
}

/// The running server. A clone is the same server; it stops when the last clone is dropped.
#[derive(Clone)]
pub struct Checkout {
    running: Arc<Running>,
}

struct Running {
    desk: Arc<server::Desk>,
    task: tokio::task::AbortHandle,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl std::fmt::Debug for Checkout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Checkout").field("addr", &self.addr()).finish_non_exhaustive()
    }
}

impl Checkout {
    /// Starts the server on 127.0.0.1 and a port that the system picks. Call it inside a Tokio runtime.
    ///
    /// `hints` is called for each thing the page tells; it must not block.
    ///
    /// # Errors
    /// The system gave no port.
    pub async fn start(
        hints: Arc<dyn Fn(Hint) + Send + Sync>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        options: Options,
    ) -> std::io::Result<Checkout> {
        // Loopback only: nobody on the shop's network can reach the page. A random port cannot be squatted.
        let tcp = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let addr = tcp.local_addr()?;
        let desk = Arc::new(server::Desk::new(addr, hints, clock, random, options));
        let serve = axum::serve(listener::Bounded::new(tcp), server::router(Arc::clone(&desk)));
        let task = tokio::spawn(async move {
            if let Err(error) = serve.await {
                tracing::error!(%error, "the checkout page's server stopped");
            }
        });
        Ok(Checkout { running: Arc::new(Running { desk, task: task.abort_handle() }) })
    }

    /// Where the server listens: 127.0.0.1 and its port.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.running.desk.addr()
    }

    /// Makes a ticket and returns the page's address, `http://127.0.0.1:PORT/pay/<ticket>`. An older ticket of the
    /// same charge is closed, so that a charge has one page at most. The ticket lives 30 minutes at most.
    ///
    /// # Errors
    /// [`CheckoutError::Order`] for an order that PortOne could not take, [`CheckoutError::Random`] when the
    /// system has no random numbers. Then the older ticket lives on.
    pub fn open(&self, order: Order) -> Result<String, CheckoutError> {
        self.running.desk.open(order)
    }

    /// Kills the charge's ticket, if it has one. `true` if there was one.
    pub fn close(&self, charge: &str) -> bool {
        self.running.desk.close(charge)
    }

    /// The page's address while the charge's ticket is alive.
    #[must_use]
    pub fn url_of(&self, charge: &str) -> Option<String> {
        self.running.desk.url_of(charge)
    }
}
