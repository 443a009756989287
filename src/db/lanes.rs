//! The lanes: bounded queues of closures and the threads that run them, one connection each.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;

use tokio::sync::{broadcast, oneshot};

use super::connect::Role;
use super::jobs::{ReadJob, WriteJob, read_job, write_job};
use super::line::Line;
use super::notices::Messenger;
use super::open::Target;
use super::postgres_writer::PostgresWriter;
use super::sqlite_writer::SqliteWriter;
use super::writer::{Desk, Tally};
use super::{Notice, Options, Read, StartError, Write, migrate};
use crate::clock::Clock;
use crate::error::{Error, Result};

const FAST_READERS: usize = 3;
const POSTGRES_WRITERS: usize = 4;
const FAST_QUEUE: usize = 1024;
const SLOW_QUEUE: usize = 64;
const WRITE_QUEUE: usize = 4096;
const NOTICES: usize = 1024;

/// Which readers run a closure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Keys and pages: answers in milliseconds.
    Fast,
    /// Reports, exports, verification.
    Slow,
}

/// The database, shared by all of the program. When the last one is dropped its threads end.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    /// `None` once closed.
    queues: RwLock<Option<Queues>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    notices: broadcast::Sender<Notice>,
    clock: Arc<dyn Clock>,
    tally: Arc<Tally>,
}

struct Queues {
    fast: flume::Sender<ReadJob>,
    slow: flume::Sender<ReadJob>,
    write: flume::Sender<Box<dyn WriteJob>>,
}

/// What the lanes have done and have before them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// Transactions committed since the database was opened.
    pub commits: u64,
    /// Write closures that they held.
    pub written: u64,
    /// Attempts of write closures that were tried again.
    pub retried: u64,
    /// Closures waiting on each lane.
    pub fast_waiting: usize,
    /// The same of the slow readers.
    pub slow_waiting: usize,
    /// The same of the writers.
    pub write_waiting: usize,
}

impl Db {
    /// Opens a database that is migrated already, and starts its lanes.
    pub fn open(options: &Options, clock: Arc<dyn Clock>) -> Result<Db, StartError> {
        migrate::current(options)?;
        let (notices, _) = broadcast::channel(NOTICES);
        let (fast, fast_jobs) = flume::bounded(FAST_QUEUE);
        let (slow, slow_jobs) = flume::bounded(SLOW_QUEUE);
        let (write, write_jobs) = flume::bounded(WRITE_QUEUE);
        let tally = Arc::new(Tally::default());
        let mut desk = Desk { clock: clock.clone(), tally: tally.clone(), here: notices.clone(), elsewhere: None };
        let mut threads = Vec::new();
        for _ in 0..FAST_READERS {
            threads.push(reader("heli-read", Line::open(options, Role::Read)?, fast_jobs.clone())?);
        }
        threads.push(reader("heli-report", Line::open(options, Role::Report)?, slow_jobs)?);
        match options.target()? {
            Target::Sqlite(_) => {
                let writer = SqliteWriter::new(Line::open(options, Role::Write)?, desk, write_jobs);
                threads.push(spawn("heli-write", || writer.work())?);
            }
            Target::Postgres(_) => {
                let (outgoing, incoming) = flume::bounded(NOTICES);
                let messenger = Messenger::new(Line::open(options, Role::Write)?, incoming, notices.clone());
                threads.push(spawn("heli-notices", || messenger.work())?);
                desk.elsewhere = Some(outgoing);
                for _ in 0..POSTGRES_WRITERS {
                    let writer = PostgresWriter::new(Line::open(options, Role::Write)?, desk.clone(), write_jobs.clone());
                    threads.push(spawn("heli-write", || writer.work())?);
                }
            }
        }
        let queues = RwLock::new(Some(Queues { fast, slow, write }));
        Ok(Db(Arc::new(Inner { queues, threads: Mutex::new(threads), notices, clock, tally })))
    }

    /// Runs a read-only closure on a lane. All its statements see one snapshot.
    pub async fn read<T: Send + 'static>(&self, lane: Lane, f: impl FnOnce(&mut Read<'_>) -> Result<T> + Send + 'static) -> Result<T> {
        self.queue_read(lane, f)?.await.map_err(|_| Error::Unavailable("read lane"))?
    }

    /// The same for a thread of its own (the command line, a scenario, a job).
    pub fn read_blocking<T: Send + 'static>(&self, lane: Lane, f: impl FnOnce(&mut Read<'_>) -> Result<T> + Send + 'static) -> Result<T> {
        self.queue_read(lane, f)?.blocking_recv().map_err(|_| Error::Unavailable("read lane"))?
    }

    /// Runs a closure in a transaction; answers after its COMMIT. The closure may run more than once.
    pub async fn write<T: Send + 'static>(&self, f: impl Fn(&mut Write<'_>) -> Result<T> + Send + 'static) -> Result<T> {
        self.queue_write(f)?.await.map_err(|_| Error::Unavailable("write lane"))?
    }

    /// The same for a thread of its own.
    pub fn write_blocking<T: Send + 'static>(&self, f: impl Fn(&mut Write<'_>) -> Result<T> + Send + 'static) -> Result<T> {
        self.queue_write(f)?.blocking_recv().map_err(|_| Error::Unavailable("write lane"))?
    }

    /// What changed, as told after each commit of this and other nodes.
    pub fn notices(&self) -> broadcast::Receiver<Notice> {
        self.0.notices.subscribe()
    }

    /// The clock that `recorded_at` is taken from.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    /// What the lanes have done and have before them.
    pub fn activity(&self) -> Activity {
        let tally = &self.0.tally;
        let queues = self.0.queues.read().unwrap_or_else(PoisonError::into_inner);
        let waiting = queues.as_ref().map_or((0, 0, 0), |queues| (queues.fast.len(), queues.slow.len(), queues.write.len()));
        Activity {
            commits: tally.commits.load(Ordering::Relaxed),
            written: tally.written.load(Ordering::Relaxed),
            retried: tally.retried.load(Ordering::Relaxed),
            fast_waiting: waiting.0,
            slow_waiting: waiting.1,
            write_waiting: waiting.2,
        }
    }

    /// Takes no more closures, runs those that are queued, and returns when every connection is closed. Blocks; not for a closure.
    pub fn close(&self) {
        drop(self.0.queues.write().unwrap_or_else(PoisonError::into_inner).take());
        let threads = std::mem::take(&mut *self.0.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a database thread had panicked");
            }
        }
    }

    fn queue_read<T: Send + 'static>(
        &self,
        lane: Lane,
        f: impl FnOnce(&mut Read<'_>) -> Result<T> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T>>> {
        let (job, answer) = read_job(f);
        self.queue(|queues| if lane == Lane::Fast { &queues.fast } else { &queues.slow }, job, "read queue full")?;
        Ok(answer)
    }

    fn queue_write<T: Send + 'static>(
        &self,
        f: impl Fn(&mut Write<'_>) -> Result<T> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T>>> {
        let (job, answer) = write_job(f);
        self.queue(|queues| &queues.write, job, "write queue full")?;
        Ok(answer)
    }

    fn queue<J>(&self, pick: impl Fn(&Queues) -> &flume::Sender<J>, job: J, full: &'static str) -> Result<()> {
        let queues = self.0.queues.read().unwrap_or_else(PoisonError::into_inner);
        let queues = queues.as_ref().ok_or(Error::Unavailable("closing"))?;
        pick(queues).try_send(job).map_err(|_| Error::Unavailable(full))
    }
}

/// A reader: each closure in a transaction of its own, so that it sees one snapshot; ended after the answer has left.
fn reader(name: &str, mut line: Line, jobs: flume::Receiver<ReadJob>) -> Result<JoinHandle<()>, StartError> {
    spawn(name, move || {
        while let Ok(job) = jobs.recv() {
            job(line.begin("BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
            line.roll_back();
        }
    })
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StartError> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map_err(|e| StartError::new(format!("no thread for the database: {e}"), "Raise the limit of processes for the user who runs Heli"))
}
