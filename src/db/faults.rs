//! What a database error means for the lane that meets it, and the witness that sees every failed statement.
//!
//! Diesel hides the SQLSTATE, so some faults are told by the message. SQLite's are English always; PostgreSQL's are where the role may set
//! `lc_messages`. Where they are not, an unrecognised fault of PostgreSQL is still tried once more.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use diesel::connection::{Instrumentation, InstrumentationEvent};
use diesel::result::DatabaseErrorKind as Kind;
use diesel::result::Error as Diesel;

use crate::error::Error;

/// What a failed statement means. The later, the graver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Fault {
    /// The statement's own: a constraint, a wrong value.
    Own = 1,
    /// Not recognised.
    Unknown,
    /// It may pass when the closure runs again: a deadlock, a lock that wasn't given in time.
    Again,
    /// The database can't do it now: disk full, I/O error, took too long.
    Unavailable,
    /// The connection is gone.
    Lost,
}

/// Parts of messages that mean the closure may run again.
const AGAIN: [&str; 3] = ["deadlock detected", "due to lock timeout", "could not serialize"];
/// Parts of messages that mean the database can't do it now.
const UNAVAILABLE: [&str; 9] = [
    "database or disk is full",
    "disk I/O error",
    "unable to open database file",
    "attempt to write a readonly database",
    "database is locked",
    "database table is locked",
    "No space left on device",
    "due to statement timeout",
    "interrupted",
];

impl Fault {
    /// The fault behind an error.
    pub(super) fn of(error: &Diesel) -> Fault {
        match error {
            Diesel::DatabaseError(kind, info) => match kind {
                Kind::SerializationFailure => Fault::Again,
                Kind::ClosedConnection | Kind::UnableToSendCommand | Kind::ReadOnlyTransaction => Fault::Lost,
                Kind::Unknown => by_message(info.message()),
                _ => Fault::Own,
            },
            Diesel::BrokenTransactionManager => Fault::Lost,
            _ => Fault::Own,
        }
    }

    fn from_code(code: u8) -> Option<Fault> {
        [Fault::Own, Fault::Unknown, Fault::Again, Fault::Unavailable, Fault::Lost].into_iter().find(|fault| *fault as u8 == code)
    }
}

fn by_message(message: &str) -> Fault {
    let has = |parts: &[&str]| parts.iter().any(|part| message.contains(part));
    if has(&AGAIN) {
        Fault::Again
    } else if has(&UNAVAILABLE) {
        Fault::Unavailable
    } else {
        Fault::Unknown
    }
}

/// Another connection holds the lock.
pub(super) fn busy(error: &Diesel) -> bool {
    matches!(error, Diesel::DatabaseError(_, info) if info.message().contains("is locked"))
}

/// SQLite could not write for want of room.
pub(super) fn full(error: &Diesel) -> bool {
    matches!(error, Diesel::DatabaseError(_, info) if info.message().contains("disk is full"))
}

/// Turns what the database can't do now into `Unavailable`, so that the caller tries again rather than reports a fault.
pub(super) fn told(error: Error) -> Error {
    match &error {
        // On a read lane this is a store function that writes: a fault of the program.
        Error::Database(Diesel::DatabaseError(Kind::ReadOnlyTransaction, _)) => error,
        Error::Database(inner) => match Fault::of(inner) {
            Fault::Own | Fault::Unknown => error,
            Fault::Again => Error::Unavailable("locked"),
            Fault::Unavailable => Error::Unavailable("database"),
            Fault::Lost => Error::Unavailable("connection lost"),
        },
        _ => error,
    }
}

/// Sees every statement that fails on a connection, also one whose error a closure swallowed or dressed up: after it PostgreSQL has
/// given the transaction up, and SQLite may have.
#[derive(Clone, Default)]
pub(super) struct Witness(Arc<AtomicU8>);

impl Witness {
    /// Forgets what it saw.
    pub(super) fn clear(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// The gravest fault since.
    pub(super) fn seen(&self) -> Option<Fault> {
        Fault::from_code(self.0.load(Ordering::Relaxed))
    }
}

impl Instrumentation for Witness {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::FinishQuery { error: Some(error), .. } = event {
            self.0.fetch_max(Fault::of(error) as u8, Ordering::Relaxed);
        }
    }
}
