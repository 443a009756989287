//! Closures on their way through a lane, each with the slot that its caller waits on.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;

use super::faults::told;
use super::{Conn, Read, Write};
use crate::error::{Error, Result};

/// A read closure: run once, given the connection or the reason why there is none.
pub(super) type ReadJob = Box<dyn FnOnce(Result<&mut Conn>) + Send>;

/// Packs a read closure.
pub(super) fn read_job<T: Send + 'static>(
    f: impl FnOnce(&mut Read<'_>) -> Result<T> + Send + 'static,
) -> (ReadJob, oneshot::Receiver<Result<T>>) {
    let (reply, answer) = oneshot::channel();
    let job: ReadJob = Box::new(move |conn| {
        let result = conn.and_then(|conn| {
            // What the closure shares with others is behind locks that poison; the connection is rolled back whatever happened.
            catch_unwind(AssertUnwindSafe(|| f(&mut Read { conn }))).unwrap_or_else(|_| Err(Error::internal("a read closure panicked")))
        });
        let _ = reply.send(result.map_err(told));
    });
    (job, answer)
}

/// How the transaction of a write closure ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The closure's own result stands: it is committed, or failed and was rolled back.
    Settled,
    /// Nothing was written.
    Unavailable(&'static str),
    /// It may be written.
    Unknown,
}

/// A write closure with the slot of its result: run inside a transaction, perhaps more than once, answered after the COMMIT.
pub(super) trait WriteJob: Send {
    /// Runs the closure; tells whether it succeeded.
    fn run(&mut self, w: &mut Write<'_>) -> bool;
    /// Puts an error in the place of the result.
    fn spoil(&mut self, error: Error);
    /// Answers the caller.
    fn answer(self: Box<Self>, outcome: Outcome);
}

struct Typed<T, F> {
    closure: F,
    result: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

/// Packs a write closure.
pub(super) fn write_job<T: Send + 'static>(
    f: impl Fn(&mut Write<'_>) -> Result<T> + Send + 'static,
) -> (Box<dyn WriteJob>, oneshot::Receiver<Result<T>>) {
    let (reply, answer) = oneshot::channel();
    (Box::new(Typed { closure: f, result: None, reply }), answer)
}

impl<T: Send, F: Fn(&mut Write<'_>) -> Result<T> + Send> WriteJob for Typed<T, F> {
    fn run(&mut self, w: &mut Write<'_>) -> bool {
        // A closure that panicked is never run again; what it shares with others is behind locks that poison; its savepoint or
        // transaction is rolled back, its buffers and notices are dropped.
        let result = catch_unwind(AssertUnwindSafe(|| (self.closure)(w)));
        let result = result.unwrap_or_else(|_| Err(Error::internal("a write closure panicked")));
        let good = result.is_ok();
        self.result = Some(result);
        good
    }

    fn spoil(&mut self, error: Error) {
        self.result = Some(Err(error));
    }

    fn answer(self: Box<Self>, outcome: Outcome) {
        let result = match (outcome, self.result) {
            (Outcome::Settled, Some(result)) => result.map_err(told),
            (Outcome::Settled, None) => Err(Error::internal("a write closure was not run")),
            (Outcome::Unavailable(why), _) => Err(Error::Unavailable(why)),
            (Outcome::Unknown, _) => Err(Error::OutcomeUnknown),
        };
        let _ = self.reply.send(result);
    }
}
