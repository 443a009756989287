//! The database: lanes of threads that each own one connection, and the capabilities `Read` and `Write` that store functions take.
//!
//! Invariants: nothing writes outside a `Write`; a write closure may run again, so what is random or secret is made before it; no answer
//! leaves before the COMMIT that covers it; a database error ends the closure, and one that goes on after it is rolled back all the same;
//! a read closure sees one snapshot.
//!
//! `lanes` takes closures in, `jobs` carries them, `line` holds a thread's connection and opens it again, `sqlite_writer` and
//! `postgres_writer` commit, `notices` tells other nodes; `open`, `connect` and `migrate` start it all.

mod conn;
mod connect;
mod faults;
mod jobs;
mod lanes;
mod line;
mod migrate;
mod notices;
mod open;
mod postgres_writer;
pub mod schema;
mod sqlite_writer;
mod writer;

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

pub use conn::{Conn, Multi, Portable};
pub use lanes::{Activity, Db, Lane};
pub use migrate::migrate;
pub use notices::Notice;
pub use open::{Options, StartError};

use crate::clock::{Clock, SetClock, Time};
use crate::error::Result;
use writer::Left;

/// The capability to read. Store functions that only read take `&mut Read`.
pub struct Read<'c> {
    conn: &'c mut Conn,
}

impl<'c> Read<'c> {
    /// The connection. Only stores use it.
    pub fn conn(&mut self) -> &mut Conn {
        self.conn
    }
}

/// The capability to write inside a transaction. Derefs to `Read`, so that a write can read what it decides from.
pub struct Write<'c> {
    read: Read<'c>,
    now: Time,
    left: Left,
}

impl<'c> Deref for Write<'c> {
    type Target = Read<'c>;
    fn deref(&self) -> &Read<'c> {
        &self.read
    }
}

impl DerefMut for Write<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.read
    }
}

impl Write<'_> {
    /// The instant this attempt began, from the injected clock: what `recorded_at` is taken from.
    pub fn now(&self) -> Time {
        self.now
    }

    /// Goes on to the instant that a clock set by hand shows: a scenario plays commands of many instants in one transaction.
    pub fn follow(&mut self, clock: &SetClock) {
        self.now = clock.now();
    }

    /// The buffer of one kind of difference (counter cells), written once before COMMIT.
    pub fn buffer<B: Buffered + Default>(&mut self) -> &mut B {
        let slot = self.left.buffers.0.entry(TypeId::of::<B>()).or_insert_with(|| Box::new(B::default()));
        let any: &mut dyn Any = slot.as_mut();
        any.downcast_mut().expect("the slot of a type holds that type")
    }

    /// Tells the listeners of `Db::notices` after the commit, and other nodes.
    pub fn announce(&mut self, notice: Notice) {
        self.left.notices.push(notice);
    }

    /// Says that this write erases something: after the commit SQLite's WAL is emptied, as soon as no reader needs it, so that the old
    /// pages leave the disk.
    pub fn empty_log(&mut self) {
        self.left.truncate = true;
    }
}

/// Differences that are cheaper written once per batch than once per closure; merged over the closures that succeeded.
pub trait Buffered: Any + Send {
    /// Adds another closure's differences of the same type.
    fn merge(&mut self, other: Box<dyn Any>);
    /// Writes them, in key order.
    fn flush(&self, conn: &mut Conn) -> Result<()>;
}

/// One buffer per type, in an order that is the same for every writer, so that two transactions lock rows in the same order.
#[derive(Default)]
struct Buffers(BTreeMap<TypeId, Box<dyn Buffered>>);

impl Buffers {
    fn merge(&mut self, other: Buffers) {
        for (kind, buffer) in other.0 {
            match self.0.get_mut(&kind) {
                Some(mine) => mine.merge(buffer),
                None => {
                    self.0.insert(kind, buffer);
                }
            }
        }
    }

    fn flush(&self, conn: &mut Conn) -> Result<()> {
        self.0.values().try_for_each(|buffer| buffer.flush(conn))
    }
}
