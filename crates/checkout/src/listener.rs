//! A listener that no slow or greedy client can hold on to.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Sleep;

/// How long one connection may last, whatever it does. Every answer says `Connection: close`, so this bounds one
/// request: its headers, its body and the reading of the answer (axum bounds none of them by itself).
const LIFETIME: Duration = Duration::from_secs(15);
/// How many connections there may be at once; one page needs four.
const CONNECTIONS: usize = 64;

/// Accepts connections that end by themselves.
#[derive(Debug)]
pub(crate) struct Bounded {
    listener: TcpListener,
    lifetime: Duration,
    places: Arc<Semaphore>,
}

impl Bounded {
    pub(crate) fn new(listener: TcpListener) -> Bounded {
        Bounded { listener, lifetime: LIFETIME, places: Arc::new(Semaphore::new(CONNECTIONS)) }
    }
}

impl axum::serve::Listener for Bounded {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        // `None` only for a semaphore that was closed, which nobody does.
        let place = Arc::clone(&self.places).acquire_owned().await.ok();
        let (stream, addr) = axum::serve::Listener::accept(&mut self.listener).await;
        (Connection { stream, deadline: Box::pin(tokio::time::sleep(self.lifetime)), _place: place }, addr)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that fails once its time is over.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    deadline: Pin<Box<Sleep>>,
    _place: Option<OwnedSemaphorePermit>,
}

impl Connection {
    fn in_time(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        match self.deadline.as_mut().poll(cx) {
            Poll::Ready(()) => Err(io::ErrorKind::TimedOut.into()),
            Poll::Pending => Ok(()),
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.in_time(cx)?;
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.in_time(cx)?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.in_time(cx)?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::Ipv4Addr;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_client_that_sends_its_headers_drop_by_drop_is_cut_off_and_makes_room() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let bounded =
            Bounded { listener, lifetime: Duration::from_millis(100), places: Arc::new(Semaphore::new(1)) };
        let router = axum::Router::new().route("/", axum::routing::get(|| async { "hello" }));
        tokio::spawn(async move { axum::serve(bounded, router).await });

        let seen = tokio::task::spawn_blocking(move || -> io::Result<String> {
            let mut slow = std::net::TcpStream::connect(addr)?;
            slow.write_all(b"GET / HTTP/1.1\r\nHost: ")?;
            // The only place is taken: the second client is served when the first one was thrown out.
            let mut quick = std::net::TcpStream::connect(addr)?;
            quick.set_read_timeout(Some(Duration::from_secs(10)))?;
            quick.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")?;
            let mut answer = String::new();
            quick.read_to_string(&mut answer)?;
            Ok(answer)
        });
        assert!(seen.await.unwrap().unwrap().ends_with("hello"));
    }
}
