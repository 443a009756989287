//! What the writers of both engines share: running one closure, flushing buffers, telling what changed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::broadcast;

use super::faults::{Fault, Witness};
use super::jobs::WriteJob;
use super::{Buffers, Conn, Notice, Read, Write};
use crate::clock::Clock;
use crate::error::{Error, Result};

/// Counts since the database was opened.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) commits: AtomicU64,
    pub(super) written: AtomicU64,
    pub(super) retried: AtomicU64,
}

/// What a writer thread needs besides its line.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) tally: Arc<Tally>,
    pub(super) here: broadcast::Sender<Notice>,
    /// To other nodes, where there are any.
    pub(super) elsewhere: Option<flume::Sender<Notice>>,
}

impl Desk {
    /// Tells the listeners here and on other nodes, before the write is answered: whoever asks after the answer, asks after the notice. A
    /// queue that is full loses notices; pages poll besides.
    pub(super) fn tell(&self, notices: Vec<Notice>) {
        for notice in notices {
            if let Some(elsewhere) = &self.elsewhere {
                let _ = elsewhere.try_send(notice.clone());
            }
            let _ = self.here.send(notice);
        }
    }

    pub(super) fn count(&self, written: usize) {
        self.tally.commits.fetch_add(1, Ordering::Relaxed);
        self.tally.written.fetch_add(written as u64, Ordering::Relaxed);
    }
}

/// What closures leave behind besides rows.
#[derive(Default)]
pub(super) struct Left {
    pub(super) buffers: Buffers,
    pub(super) notices: Vec<Notice>,
    pub(super) truncate: bool,
}

/// Runs one closure. `None` is a failure, with the gravest fault that the connection met.
pub(super) fn run(job: &mut dyn WriteJob, conn: &mut Conn, witness: &Witness, desk: &Desk) -> (Option<Left>, Option<Fault>) {
    witness.clear();
    let mut w = Write { read: Read { conn }, now: desk.clock.now(), left: Left::default() };
    let good = job.run(&mut w);
    let left = w.left;
    match witness.seen() {
        None if good => (Some(left), None),
        Some(fault) if good => {
            job.spoil(Error::internal("a write closure went on after a database error"));
            (None, Some(fault))
        }
        fault => (None, fault),
    }
}

/// Merges the buffers in the order of their closures and writes them. A buffer that panics fails the transaction, not the thread.
pub(super) fn flush(buffers: Vec<Buffers>, conn: &mut Conn, witness: &Witness) -> Result<()> {
    witness.clear();
    let flushed = catch_unwind(AssertUnwindSafe(|| {
        let mut all = Buffers::default();
        buffers.into_iter().for_each(|buffer| all.merge(buffer));
        all.flush(conn)
    }));
    match flushed {
        Ok(Ok(())) if witness.seen().is_some() => Err(Error::internal("a buffer went on after a database error")),
        Ok(done) => done,
        Err(_) => Err(Error::internal("a buffer panicked")),
    }
}
