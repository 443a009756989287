//! PostgreSQL's writers: several threads, one transaction per closure; the server gathers their commits itself.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;

use super::faults::Fault;
use super::jobs::{Outcome, WriteJob};
use super::line::{Line, unwind};
use super::writer::{Desk, Left, flush, run};

/// How often a closure is run at most, and for how long it is tried.
const MOST_ATTEMPTS: u32 = 12;
const LONGEST_TRY: Duration = Duration::from_secs(5);
/// How often after a fault that Diesel doesn't tell: a translated "deadlock detected", or a mistake that comes again.
const UNKNOWN_ATTEMPTS: u32 = 2;

/// How one attempt ended.
enum Attempt {
    Done(Left),
    /// The closure's result is an error and stands.
    Failed,
    /// Worth another, after this many attempts at most.
    Again(u32),
    /// The connection was lost or could not be opened; nothing was written.
    Lost,
    /// The connection was lost during COMMIT.
    Unknown,
}

/// A writer's thread.
pub(super) struct PostgresWriter {
    line: Line,
    desk: Desk,
    jobs: flume::Receiver<Box<dyn WriteJob>>,
}

impl PostgresWriter {
    pub(super) fn new(line: Line, desk: Desk, jobs: flume::Receiver<Box<dyn WriteJob>>) -> Self {
        PostgresWriter { line, desk, jobs }
    }

    /// Runs until the last sender is gone and the queue is empty.
    pub(super) fn work(mut self) {
        while let Ok(job) = self.jobs.recv() {
            self.closure(job);
        }
    }

    fn closure(&mut self, mut job: Box<dyn WriteJob>) {
        let began = Instant::now();
        let mut attempts = 0;
        loop {
            attempts += 1;
            let (most, fallback) = match self.attempt(job.as_mut()) {
                Attempt::Done(left) => {
                    self.desk.tell(left.notices);
                    return job.answer(Outcome::Settled);
                }
                Attempt::Failed => return job.answer(Outcome::Settled),
                Attempt::Unknown => return job.answer(Outcome::Unknown),
                Attempt::Again(most) => (most, Outcome::Settled),
                Attempt::Lost => (MOST_ATTEMPTS, Outcome::Unavailable("database")),
            };
            // A short restart is waited out; a database that has been away for longer is not waited for again by every closure in turn.
            let away = self.line.away().max(began.elapsed());
            if away >= LONGEST_TRY || attempts >= most {
                return job.answer(fallback);
            }
            self.desk.tally.retried.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            // A few milliseconds more each time: lets the one that won a lock finish, and a server that restarts come back.
            std::thread::sleep(Duration::from_millis(2 << attempts.min(9)));
        }
    }

    fn attempt(&mut self, job: &mut dyn WriteJob) -> Attempt {
        let witness = self.line.witness().clone();
        let Ok(conn) = self.line.begin("BEGIN", "BEGIN") else { return Attempt::Lost };
        let (left, fault) = run(job, conn, &witness, &self.desk);
        let Some(mut left) = left else { return self.failed(fault) };
        unwind(conn, 1);
        if let Err(error) = flush(vec![std::mem::take(&mut left.buffers)], conn, &witness) {
            let fault = witness.seen();
            job.spoil(error);
            return self.failed(fault);
        }
        // An aborted transaction answers COMMIT with success and rolls back; the statement before it fails then, and COMMIT isn't run.
        match conn.batch_execute("SELECT 1; COMMIT") {
            Ok(()) => {
                self.desk.count(1);
                Attempt::Done(left)
            }
            Err(error) => {
                let fault = Fault::of(&error);
                job.spoil(error.into());
                if fault == Fault::Lost || !self.line.roll_back() {
                    self.line.lose();
                    return Attempt::Unknown;
                }
                again(Some(fault))
            }
        }
    }

    /// After a failed closure: whether it is worth another attempt.
    fn failed(&mut self, fault: Option<Fault>) -> Attempt {
        if !self.line.roll_back() {
            return Attempt::Lost;
        }
        if fault == Some(Fault::Lost) {
            self.line.lose();
            return Attempt::Lost;
        }
        again(fault)
    }
}

fn again(fault: Option<Fault>) -> Attempt {
    match fault {
        Some(Fault::Again) => Attempt::Again(MOST_ATTEMPTS),
        Some(Fault::Unknown) => Attempt::Again(UNKNOWN_ATTEMPTS),
        _ => Attempt::Failed,
    }
}
