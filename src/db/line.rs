//! A line: one lane thread's connection, opened again when it is lost.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::{Connection, QueryResult};

use super::connect::{Role, establish};
use super::faults::{Witness, busy};
use super::{Conn, Options, StartError};
use crate::error::{Error, Result};
use crate::on_each;

const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(1);

pub(super) struct Line {
    options: Options,
    role: Role,
    conn: Option<Conn>,
    witness: Witness,
    /// After a failed attempt to open it, how long until the next.
    wait: Duration,
    not_before: Instant,
    away_since: Option<Instant>,
}

impl Line {
    pub(super) fn open(options: &Options, role: Role) -> Result<Line, StartError> {
        let mut line = Line {
            options: options.clone(),
            role,
            conn: None,
            witness: Witness::default(),
            wait: FIRST_WAIT,
            not_before: Instant::now(),
            away_since: None,
        };
        line.connect()?;
        Ok(line)
    }

    fn connect(&mut self) -> Result<(), StartError> {
        let mut conn = establish(&self.options, self.role)?;
        let witness = self.witness.clone();
        on_each!(&mut conn, c => c.set_instrumentation(witness));
        self.conn = Some(conn);
        self.wait = FIRST_WAIT;
        self.away_since = None;
        Ok(())
    }

    /// The connection, opened again if it was lost; at once an error while the last attempt to is too recent.
    pub(super) fn ready(&mut self) -> Result<&mut Conn> {
        if self.conn.is_none() {
            if Instant::now() < self.not_before {
                return Err(Error::Unavailable("database"));
            }
            if let Err(error) = self.connect() {
                tracing::warn!(role = ?self.role, "the database can't be opened again: {error}");
                self.not_before = Instant::now() + self.wait;
                self.wait = (self.wait * 2).min(LONGEST_WAIT);
                self.away_since.get_or_insert_with(Instant::now);
                return Err(Error::Unavailable("database"));
            }
        }
        self.conn.as_mut().ok_or(Error::Unavailable("database"))
    }

    /// Begins a transaction. A connection that broke while it was idle is noticed here and opened again, once.
    pub(super) fn begin(&mut self, sqlite: &str, postgres: &str) -> Result<&mut Conn> {
        if self.conn.is_some()
            && let Err(error) = self.try_begin(sqlite, postgres)
        {
            if busy(&error) {
                return Err(Error::Unavailable("another process writes"));
            }
            self.lose();
        }
        if self.conn.is_none() {
            self.ready()?;
            self.try_begin(sqlite, postgres).map_err(|_| Error::Unavailable("database"))?;
        }
        self.witness.clear();
        self.ready()
    }

    fn try_begin(&mut self, sqlite: &str, postgres: &str) -> QueryResult<()> {
        match &mut self.conn {
            Some(Conn::Sqlite(c)) => AnsiTransactionManager::begin_transaction_sql(c, sqlite),
            Some(Conn::Postgres(c)) => AnsiTransactionManager::begin_transaction_sql(c, postgres),
            None => Err(diesel::result::Error::BrokenTransactionManager),
        }
    }

    /// Ends the transaction without keeping anything; drops a connection on which even that fails.
    pub(super) fn roll_back(&mut self) -> bool {
        let done = match &mut self.conn {
            Some(conn @ Conn::Sqlite(_)) => {
                unwind(conn, 0);
                true
            }
            // Only a warning where PostgreSQL has ended the transaction already; Diesel sees from the connection that none is open.
            Some(Conn::Postgres(c)) => c.batch_execute("ROLLBACK").is_ok(),
            None => false,
        };
        if !done {
            self.lose();
        }
        done
    }

    /// Drops the connection; the next use opens another.
    pub(super) fn lose(&mut self) {
        // Closing after an I/O error may panic in Diesel; the thread goes on.
        let conn = self.conn.take();
        let _ = catch_unwind(AssertUnwindSafe(|| drop(conn)));
        self.not_before = Instant::now();
    }

    /// How long the database has refused to be opened again.
    pub(super) fn away(&self) -> Duration {
        self.away_since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    pub(super) fn witness(&self) -> &Witness {
        &self.witness
    }
}

/// Rolls back what a closure opened inside and a panic left open, down to a depth; Diesel counts it.
pub(super) fn unwind(conn: &mut Conn, depth: u32) {
    on_each!(conn, c => {
        while open_depth(c).is_some_and(|open| open > depth) {
            if AnsiTransactionManager::rollback_transaction(c).is_err() {
                break;
            }
        }
    })
}

fn open_depth<C: Connection<TransactionManager = AnsiTransactionManager>>(conn: &mut C) -> Option<u32> {
    let status = <AnsiTransactionManager as TransactionManager<C>>::transaction_manager_status_mut(conn);
    status.transaction_depth().ok().flatten().map(u32::from)
}
