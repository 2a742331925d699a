//! A book's file and its threads: one that writes, and readers beside it.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use counter::AppError;
use ledger::{Book, By, Done, LedgerError, MemberId, Mode, Random, ReadStore, Reader, Store, UnixMillis};

/// Writes between two checkpoints.
const WRITES_A_CHECKPOINT: u32 = 100;

/// A place in the book and what is wrong there.
pub(crate) type Fault = (i64, &'static str);

type Job = Box<dyn FnOnce(&mut Store) + Send>;

/// The operating system's randomness.
pub(crate) struct OsRandom;

impl Random for OsRandom {
    fn fill(&mut self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            // An id without randomness could meet another one: the app does not go on without it.
            tracing::error!(%error, "no randomness from the operating system");
            std::process::abort();
        }
    }
}

/// A book's file, open.
pub(crate) struct Shelf {
    path: PathBuf,
    jobs: Mutex<Option<Sender<Job>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    /// `None`: closed, and nothing is read any more: another file may lie in this one's place.
    readers: Arc<Mutex<Option<Vec<ReadStore>>>>,
}

fn held<T>(lock: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shelf {
    /// Opens the file and starts its writer. Tells the first fault where the schema is not ours.
    pub(crate) fn open(path: &Path, mode: Mode, now: UnixMillis) -> Result<(Shelf, Option<Fault>), AppError> {
        let store = Store::open(path, mode, Box::new(OsRandom), now)?;
        let broken = store.broken();
        let (jobs, queue) = channel();
        let writer = std::thread::Builder::new()
            .name(format!("book {}", mode.word()))
            .spawn(move || write_all(store, &queue))
            .map_err(|_| AppError::Internal("writer thread"))?;
        let shelf = Shelf {
            path: path.to_owned(),
            jobs: Mutex::new(Some(jobs)),
            writer: Mutex::new(Some(writer)),
            readers: Arc::new(Mutex::new(Some(Vec::new()))),
        };
        Ok((shelf, broken))
    }

    fn send(&self, job: Job) -> Result<(), AppError> {
        let jobs = held(&self.jobs);
        let sender = jobs.as_ref().ok_or(AppError::Internal("book closed"))?;
        sender.send(job).map_err(|_| AppError::Internal("writer gone"))
    }

    /// Runs `f` on the writer thread, in one transaction.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Book<'_>) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, AppError> {
        let (answer, answered) = tokio::sync::oneshot::channel();
        self.send(Box::new(move |store| {
            // Whoever asked may have gone; what was written stays written.
            let _gone = answer.send(store.write(f));
        }))?;
        Ok(answered.await.map_err(|_| AppError::Internal("writer gone"))??)
    }

    /// Forgets a person on the writer thread, and leaves no trace in the file.
    pub(crate) async fn erase(&self, by: By, member: MemberId, claim_waived: bool) -> Result<Done, AppError> {
        let (answer, answered) = tokio::sync::oneshot::channel();
        // A reader that nobody uses keeps nothing of the log, and its kept pages hold what is to go.
        if let Some(readers) = held(&self.readers).as_mut() {
            readers.clear();
        }
        self.send(Box::new(move |store| {
            let _gone = answer.send(store.erase(&by, member, claim_waived));
        }))?;
        Ok(answered.await.map_err(|_| AppError::Internal("writer gone"))??)
    }

    /// Nothing is written from here on.
    pub(crate) fn declare_broken(&self, seq: i64, fault: &'static str) {
        if let Err(error) = self.send(Box::new(move |store| store.declare_broken(seq, fault))) {
            tracing::error!(%error, "the writer was gone when the book was found broken");
        }
    }

    /// Runs `f` on a reader.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Reader<'_>) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, AppError> {
        let (path, readers) = (self.path.clone(), Arc::clone(&self.readers));
        let read = tokio::task::spawn_blocking(move || {
            let spare = held(&readers).as_mut().ok_or(AppError::Internal("book closed"))?.pop();
            let mut reader = match spare {
                Some(reader) => reader,
                None => ReadStore::open(&path)?,
            };
            let value = reader.read(f);
            if let Some(readers) = held(&readers).as_mut() {
                readers.push(reader);
            }
            Ok::<T, AppError>(value?)
        });
        read.await.map_err(|_| AppError::Internal("reader gone"))?
    }

    /// Writes what is queued, and ends the writer.
    pub(crate) fn close(&self) {
        held(&self.jobs).take();
        if let Some(writer) = held(&self.writer).take()
            && writer.join().is_err()
        {
            tracing::error!("the writer thread panicked");
        }
        held(&self.readers).take();
    }
}

fn write_all(mut store: Store, queue: &Receiver<Job>) {
    let mut since = 0_u32;
    while let Ok(job) = queue.recv() {
        job(&mut store);
        since = since.saturating_add(1);
        if since >= WRITES_A_CHECKPOINT {
            since = 0;
            checkpoint(&store);
        }
    }
    checkpoint(&store);
}

fn checkpoint(store: &Store) {
    match store.checkpoint() {
        // A reader still needs the rest; it is carried over by the next one.
        Ok(done) if done.carried < done.pages => {
            tracing::info!(done.pages, done.carried, "a part of the book's log was carried over");
        }
        Ok(_) => {}
        Err(error) => {
            tracing::error!(%error, "the book's log could not be carried over; what was committed is safe in it");
        }
    }
}
