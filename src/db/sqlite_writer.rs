//! SQLite's one writer: drains its queue into one transaction, so that one fsync covers many closures.

use std::time::{Duration, Instant};

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::dsl::sql;
use diesel::sql_types::Integer;
use diesel::{QueryResult, RunQueryDsl};

use super::Conn;
use super::faults::{Fault, full};
use super::jobs::{Outcome, WriteJob};
use super::line::{Line, unwind};
use super::writer::{Desk, Left, flush, run};
use crate::error::{Error, Result};
use crate::on_each;

const MOST_CLOSURES: usize = 512;
const LONGEST_BATCH: Duration = Duration::from_millis(5);
/// How long a due truncation of the WAL waits for readers to let go before it is tried again.
const TRUNCATE_AGAIN: Duration = Duration::from_millis(500);

type Job = Box<dyn WriteJob>;

/// Why a batch was not committed; nothing of it stands, but after `Unknown`.
enum Undone {
    /// The database can't do it now; the connection is not to be used again.
    Unavailable(&'static str),
    /// A buffer or the COMMIT broke a rule: somebody's fault, but not everybody's.
    Refused(Error),
    /// COMMIT failed while writing: a crash before the next COMMIT may bring the batch back.
    Unknown,
}

/// The writer's thread.
pub(super) struct SqliteWriter {
    line: Line,
    desk: Desk,
    jobs: flume::Receiver<Job>,
    /// When the WAL is to be emptied, where an erasure asked for it.
    truncate: Option<Instant>,
}

impl SqliteWriter {
    pub(super) fn new(line: Line, desk: Desk, jobs: flume::Receiver<Job>) -> Self {
        SqliteWriter { line, desk, jobs, truncate: None }
    }

    /// Runs until the last sender is gone and the queue is empty.
    pub(super) fn work(mut self) {
        loop {
            let next = match self.truncate {
                Some(due) => self.jobs.recv_deadline(due),
                None => self.jobs.recv().map_err(|_| flume::RecvTimeoutError::Disconnected),
            };
            match next {
                Ok(first) => self.batch(first),
                Err(flume::RecvTimeoutError::Disconnected) => return,
                Err(flume::RecvTimeoutError::Timeout) => {}
            }
            if self.truncate.is_some_and(|due| Instant::now() >= due) {
                self.truncate = if truncated(&mut self.line) { None } else { Some(Instant::now() + TRUNCATE_AGAIN) };
            }
        }
    }

    fn batch(&mut self, first: Job) {
        let mut batch = vec![first];
        let undone = self.transaction(&mut batch, true);
        match undone {
            Err(Undone::Refused(_)) if batch.len() > 1 => batch.into_iter().for_each(|job| self.alone(job)),
            undone => self.answer(batch, undone),
        }
    }

    /// One closure in a transaction of its own: how a batch is taken apart when its buffers or its COMMIT broke a rule.
    fn alone(&mut self, job: Job) {
        let mut batch = vec![job];
        let undone = self.transaction(&mut batch, false);
        self.answer(batch, undone);
    }

    fn answer(&mut self, batch: Vec<Job>, done: Result<Left, Undone>) {
        let outcome = match &done {
            Ok(_) | Err(Undone::Refused(_)) => Outcome::Settled,
            Err(Undone::Unavailable(why)) => Outcome::Unavailable(why),
            Err(Undone::Unknown) => Outcome::Unknown,
        };
        let mut refused = match done {
            Ok(left) => {
                if left.truncate {
                    self.truncate = Some(Instant::now());
                }
                self.desk.tell(left.notices);
                return batch.into_iter().for_each(|job| job.answer(outcome));
            }
            Err(Undone::Refused(error)) => Some(error),
            Err(_) => None,
        };
        for mut job in batch {
            if let Some(error) = refused.take() {
                job.spoil(error);
            }
            job.answer(outcome);
        }
    }

    /// BEGIN IMMEDIATE, the closures, their buffers, COMMIT. Whatever ends it early leaves no transaction behind.
    fn transaction(&mut self, batch: &mut Vec<Job>, more: bool) -> Result<Left, Undone> {
        if let Err(error) = self.line.begin("BEGIN IMMEDIATE", "BEGIN") {
            tracing::warn!("no write transaction: {error}");
            return Err(Undone::Unavailable("database"));
        }
        let done = self.closures(batch, more).and_then(|(left, good)| {
            let conn = self.line.ready().map_err(|_| Undone::Unavailable("database"))?;
            commit(conn)?;
            self.desk.count(good);
            Ok(left)
        });
        match &done {
            Ok(_) => {}
            Err(Undone::Refused(_)) => drop(self.line.roll_back()),
            Err(_) => {
                self.line.roll_back();
                self.line.lose();
            }
        }
        done
    }

    fn closures(&mut self, batch: &mut Vec<Job>, more: bool) -> Result<(Left, usize), Undone> {
        let began = Instant::now();
        let witness = self.line.witness().clone();
        let conn = self.line.ready().map_err(|_| Undone::Unavailable("database"))?;
        let mut all = Left::default();
        let mut buffers = Vec::new();
        let mut good = 0;
        let mut next = 0;
        while let Some(job) = batch.get_mut(next) {
            savepoint(conn, "SAVEPOINT closure")?;
            let (left, _) = run(job.as_mut(), conn, &witness, &self.desk);
            unwind(conn, 1);
            match left {
                Some(mut left) => {
                    savepoint(conn, "RELEASE closure")?;
                    buffers.push(std::mem::take(&mut left.buffers));
                    all.notices.append(&mut left.notices);
                    all.truncate |= left.truncate;
                    good += 1;
                }
                None => savepoint(conn, "ROLLBACK TO closure; RELEASE closure")?,
            }
            next += 1;
            if more
                && next < MOST_CLOSURES
                && began.elapsed() < LONGEST_BATCH
                && let Ok(job) = self.jobs.try_recv()
            {
                batch.push(job);
            }
        }
        flush(buffers, conn, &witness).map_err(undone)?;
        Ok((all, good))
    }
}

/// A full disk or an I/O error ends SQLite's transaction, and with it every savepoint: then none of these succeeds, and nothing may be
/// written on this connection, since it would stand on its own.
fn savepoint(conn: &mut Conn, statement: &str) -> Result<(), Undone> {
    conn.batch_execute(statement).map_err(|error| {
        tracing::error!("the write transaction ended early: {error}");
        Undone::Unavailable("the write transaction ended early")
    })
}

fn undone(error: Error) -> Undone {
    match &error {
        Error::Database(inner) if Fault::of(inner) >= Fault::Unavailable => {
            tracing::error!("the write transaction failed: {inner}");
            Undone::Unavailable("database")
        }
        _ => Undone::Refused(error),
    }
}

fn commit(conn: &mut Conn) -> Result<(), Undone> {
    let done: QueryResult<()> = on_each!(conn, c => AnsiTransactionManager::commit_transaction(c));
    done.map_err(|error| {
        if Fault::of(&error) == Fault::Own {
            return Undone::Refused(error.into());
        }
        tracing::error!("COMMIT failed: {error}");
        // A full disk is met before the frame that commits is written; a failed sync after it.
        if full(&error) { Undone::Unavailable("disk full") } else { Undone::Unknown }
    })
}

/// Empties the WAL; `false` while a reader still needs it.
fn truncated(line: &mut Line) -> bool {
    let Ok(Conn::Sqlite(conn)) = line.ready() else { return false };
    let held: QueryResult<i32> =
        conn.batch_execute("PRAGMA busy_timeout=50").and_then(|()| sql::<Integer>("PRAGMA wal_checkpoint(TRUNCATE)").get_result(conn));
    conn.batch_execute("PRAGMA busy_timeout=5000").is_ok() && held.is_ok_and(|held| held == 0)
}
