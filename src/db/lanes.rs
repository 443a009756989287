//! The lanes: bounded queues of closures and the threads that run them, one connection each.

use std::sync::Arc;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::{Connection, PgConnection, SqliteConnection};
use tokio::sync::{broadcast, oneshot};

use super::{Buffers, Conn, Notice, Read, Write};
use crate::clock::Clock;
use crate::error::{Error, Result};

/// Which readers run a closure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Keys and pages: answers in milliseconds.
    Fast,
    /// Reports, exports, verification.
    Slow,
}

/// How a database is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// Off only in tests that don't kill.
    pub fsync: bool,
}

type ReadJob = Box<dyn FnOnce(&mut Conn) + Send>;

/// The database, shared by all of the program.
#[derive(Clone)]
pub struct Db {
    fast: flume::Sender<ReadJob>,
    slow: flume::Sender<ReadJob>,
    write: flume::Sender<Box<dyn WriteJob>>,
    notices: broadcast::Sender<Notice>,
    clock: Arc<dyn Clock>,
}

/// A write closure with the slot of its result: run inside a batch, answered after the COMMIT.
trait WriteJob: Send {
    fn run(&mut self, w: &mut Write<'_>) -> bool;
    fn answer(self: Box<Self>, commit: Result<()>);
}

struct Typed<T, F> {
    closure: F,
    result: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T: Send, F: Fn(&mut Write<'_>) -> Result<T> + Send> WriteJob for Typed<T, F> {
    fn run(&mut self, w: &mut Write<'_>) -> bool {
        let result = (self.closure)(w);
        let good = result.is_ok();
        self.result = Some(result);
        good
    }

    fn answer(self: Box<Self>, commit: Result<()>) {
        let result = match (self.result, commit) {
            (Some(Ok(value)), Ok(())) => Ok(value),
            (Some(Err(error)), Ok(())) => Err(error),
            (_, Err(error)) => Err(error),
            (None, Ok(())) => Err(Error::internal("a write closure was not run")),
        };
        let _ = self.reply.send(result);
    }
}

impl Db {
    /// Opens the database and starts its lanes. It must be migrated already.
    pub fn open(options: &Options, clock: Arc<dyn Clock>) -> Result<Db> {
        let (notices, _) = broadcast::channel(1024);
        let sqlite = options.url.starts_with("sqlite:");
        let (fast, jobs) = flume::bounded(1024);
        for _ in 0..3 {
            reader(establish(options, true)?, jobs.clone());
        }
        let (slow, jobs) = flume::bounded(64);
        reader(establish(options, true)?, jobs);
        let (write, jobs) = flume::bounded(4096);
        for _ in 0..if sqlite { 1 } else { 4 } {
            writer(establish(options, false)?, jobs.clone(), clock.clone(), notices.clone());
        }
        Ok(Db { fast, slow, write, notices, clock })
    }

    /// Runs a read-only closure on a lane.
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

    /// What changed, as told after each commit.
    pub fn notices(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    /// The clock that `recorded_at` is taken from.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    fn queue_read<T: Send + 'static>(
        &self,
        lane: Lane,
        f: impl FnOnce(&mut Read<'_>) -> Result<T> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T>>> {
        let (reply, answer) = oneshot::channel();
        let queue = if lane == Lane::Fast { &self.fast } else { &self.slow };
        let job: ReadJob = Box::new(move |conn| {
            let _ = reply.send(f(&mut Read { conn }));
        });
        queue.try_send(job).map_err(|_| Error::Unavailable("read queue full"))?;
        Ok(answer)
    }

    fn queue_write<T: Send + 'static>(
        &self,
        f: impl Fn(&mut Write<'_>) -> Result<T> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T>>> {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Typed { closure: f, result: None, reply });
        self.write.try_send(job).map_err(|_| Error::Unavailable("write queue full"))?;
        Ok(answer)
    }
}

/// Opens one connection with the settings of its lane.
pub(super) fn establish(options: &Options, read_only: bool) -> Result<Conn> {
    if let Some(path) = options.url.strip_prefix("sqlite:") {
        let mut conn = SqliteConnection::establish(path).map_err(|e| Error::internal(format!("can't open {path}: {e}")))?;
        let sync = if options.fsync { "FULL" } else { "OFF" };
        conn.batch_execute(&format!(
            "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous={sync}; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;
             PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536; PRAGMA query_only={};",
            if read_only { "ON" } else { "OFF" }
        ))?;
        Ok(Conn::Sqlite(conn))
    } else {
        let mut conn = PgConnection::establish(&options.url).map_err(|e| Error::internal(format!("can't reach PostgreSQL: {e}")))?;
        conn.batch_execute("SET TIME ZONE 'UTC'; SET lock_timeout='5s'; SET statement_timeout='30s';")?;
        if read_only {
            conn.batch_execute("SET default_transaction_read_only=on;")?;
        }
        Ok(Conn::Postgres(conn))
    }
}

fn reader(mut conn: Conn, jobs: flume::Receiver<ReadJob>) {
    std::thread::spawn(move || {
        while let Ok(job) = jobs.recv() {
            job(&mut conn);
        }
    });
}

fn writer(mut conn: Conn, jobs: flume::Receiver<Box<dyn WriteJob>>, clock: Arc<dyn Clock>, notices: broadcast::Sender<Notice>) {
    std::thread::spawn(move || {
        let most = if matches!(conn, Conn::Sqlite(_)) { 512 } else { 1 };
        while let Ok(first) = jobs.recv() {
            let mut batch = vec![first];
            let mut done = 0;
            let outcome = begin(&mut conn).and_then(|()| {
                let mut buffers = Buffers::default();
                let mut told = Vec::new();
                while done < batch.len() {
                    let mut w =
                        Write { read: Read { conn: &mut conn }, now: clock.now(), buffers: Buffers::default(), notices: Vec::new() };
                    w.read.conn.batch_execute("SAVEPOINT closure")?;
                    let good = batch[done].run(&mut w);
                    let Write { buffers: mine, notices: mut mine_told, .. } = w;
                    if good {
                        buffers.merge(mine);
                        told.append(&mut mine_told);
                        conn.batch_execute("RELEASE closure")?;
                    } else {
                        conn.batch_execute("ROLLBACK TO closure; RELEASE closure")?;
                    }
                    done += 1;
                    if done == batch.len()
                        && done < most
                        && let Ok(next) = jobs.try_recv()
                    {
                        batch.push(next);
                    }
                }
                buffers.flush(&mut conn)?;
                commit(&mut conn)?;
                Ok(told)
            });
            match outcome {
                Ok(told) => {
                    batch.into_iter().for_each(|job| job.answer(Ok(())));
                    told.into_iter().for_each(|notice| drop(notices.send(notice)));
                }
                Err(_) => {
                    let _ = rollback(&mut conn);
                    batch.into_iter().for_each(|job| job.answer(Err(Error::Unavailable("commit failed"))));
                }
            }
        }
    });
}

fn begin(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")?,
        Conn::Postgres(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN")?,
    }
    Ok(())
}

fn commit(conn: &mut Conn) -> Result<()> {
    Ok(crate::on_each!(conn, c => AnsiTransactionManager::commit_transaction(c))?)
}

fn rollback(conn: &mut Conn) -> Result<()> {
    Ok(crate::on_each!(conn, c => AnsiTransactionManager::rollback_transaction(c))?)
}
