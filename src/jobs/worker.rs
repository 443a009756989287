//! The thread that takes jobs and runs them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::rules::{MOST_ATTEMPTS, next_try};
use super::store::{self, Ended, Job};
use crate::db::{Db, Lane};
use crate::error::{Error, Result};

/// How long the thread sleeps where nothing is due.
const PAUSE: Duration = Duration::from_millis(500);

type Run = Box<dyn Fn(&Db, &Job) -> Result<bool> + Send + Sync>;

struct Kind {
    name: &'static str,
    every: Option<i64>,
    run: Run,
}

/// The kinds of jobs that this program knows.
#[derive(Default)]
pub struct Jobs(Vec<Kind>);

impl Jobs {
    /// A job that runs again and again, so many milliseconds after it ended; at once where it answers that more is due.
    pub fn periodic(mut self, name: &'static str, every: i64, run: impl Fn(&Db) -> Result<bool> + Send + Sync + 'static) -> Self {
        self.0.push(Kind { name, every: Some(every), run: Box::new(move |db, _| run(db)) });
        self
    }

    /// A job that runs once for each row that is enqueued.
    pub fn queued(mut self, name: &'static str, run: impl Fn(&Db, &Job) -> Result<()> + Send + Sync + 'static) -> Self {
        self.0.push(Kind { name, every: None, run: Box::new(move |db, job| run(db, job).map(|()| false)) });
        self
    }

    /// Runs what is due, and answers how many jobs that were. Blocks.
    pub fn run_due(&self, db: &Db) -> Result<usize> {
        self.ensure(db)?;
        let mut ran = 0;
        while self.run_one(db)? {
            ran += 1;
        }
        Ok(ran)
    }

    /// Starts the thread.
    pub fn start(self, db: Db) -> Worker {
        let (stop, stopped) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let mut ready = false;
            loop {
                ready = ready || self.ensure(&db).is_ok();
                let ran = ready && self.run_one(&db).unwrap_or_else(told);
                match stopped.recv_timeout(if ran { Duration::ZERO } else { PAUSE }) {
                    Err(RecvTimeoutError::Timeout) => {}
                    _ => return,
                }
            }
        });
        Worker { stop, thread }
    }

    fn ensure(&self, db: &Db) -> Result<()> {
        for kind in &self.0 {
            if let Some(every) = kind.every {
                let name = kind.name;
                db.write_blocking(move |w| store::ensure(w, name, every))?;
            }
        }
        Ok(())
    }

    fn run_one(&self, db: &Db) -> Result<bool> {
        let names: Vec<&'static str> = self.0.iter().map(|kind| kind.name).collect();
        let (asked, now) = (names.clone(), db.clock().now());
        if !db.read_blocking(Lane::Fast, move |r| store::any_due(r, &asked, now))? {
            return Ok(false);
        }
        let Some(job) = db.write_blocking(move |w| store::take(w, &names))? else { return Ok(false) };
        let kind = self.0.iter().find(|kind| kind.name == job.kind).ok_or_else(|| Error::internal("a job of no known kind was taken"))?;
        let result = catch_unwind(AssertUnwindSafe(|| (kind.run)(db, &job))).unwrap_or_else(|_| Err(Error::internal("the job panicked")));
        let now = db.clock().now();
        let ended = match (result, kind.every) {
            (Ok(true), Some(_)) => Ended::Again(now),
            (Ok(_), Some(every)) => Ended::Again(now.plus(every)),
            (Ok(_), None) => Ended::Done,
            (Err(error), every) => {
                tracing::warn!(kind = kind.name, attempts = job.attempts, error = %error, "a job failed");
                let dead = every.is_none() && job.attempts >= MOST_ATTEMPTS;
                if dead { Ended::Dead(error.to_string()) } else { Ended::Failed(next_try(now, job.attempts), error.to_string()) }
            }
        };
        db.write_blocking(move |w| store::settle(w, &job, &ended))?;
        Ok(true)
    }
}

/// The queue could not be read: wait as if nothing were due.
fn told(error: Error) -> bool {
    tracing::warn!(%error, "the job queue can't be read");
    false
}

/// The running thread.
pub struct Worker {
    stop: mpsc::Sender<()>,
    thread: JoinHandle<()>,
}

impl Worker {
    /// Lets the job that runs come to its end, and stops. Blocks.
    pub fn stop(self) {
        // A thread that has ended already hears nothing, and needs not.
        let _ = self.stop.send(());
        let _ = self.thread.join();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::clock::{HOUR, MINUTE, SECOND};

    crate::support::on_both! {
        fn a_queued_job_runs_once_when_it_is_due(db) {
            let ran = Arc::new(AtomicUsize::new(0));
            let count = ran.clone();
            let jobs = Jobs::default().queued("mail", move |_, job| {
                assert_eq!((job.subject.as_str(), job.payload.as_str()), ("R", "new"));
                count.fetch_add(1, Ordering::SeqCst);
                Ok(())
            });
            let later = db.clock().now().plus(MINUTE);
            for payload in ["old", "new"] {
                db.write_blocking(move |w| store::enqueue(w, "mail", "R", payload, later)).unwrap();
            }
            assert_eq!(jobs.run_due(&db).unwrap(), 0);
            db.clock.advance(MINUTE);
            assert_eq!((jobs.run_due(&db).unwrap(), jobs.run_due(&db).unwrap()), (1, 0));
            assert_eq!(ran.load(Ordering::SeqCst), 1);
        }

        fn a_job_that_fails_is_retried_set_aside_and_revived(db) {
            let well = Arc::new(AtomicUsize::new(0));
            let wants = well.clone();
            let jobs = Jobs::default().queued("mail", move |_, _| match wants.load(Ordering::SeqCst) {
                0 => Err(Error::Unavailable("no mail server")),
                1 => panic!("on purpose"),
                _ => Ok(()),
            });
            let now = db.clock().now();
            db.write_blocking(move |w| store::enqueue(w, "mail", "R", "", now)).unwrap();
            for attempt in 1..=8 {
                well.store(attempt % 2, Ordering::SeqCst);
                assert_eq!((jobs.run_due(&db).unwrap(), jobs.run_due(&db).unwrap()), (1, 0), "attempt {attempt}");
                db.clock.advance(HOUR);
            }
            assert_eq!(jobs.run_due(&db).unwrap(), 0);
            let dead = db.read_blocking(Lane::Fast, |r| store::dead(r, 0, 10)).unwrap();
            assert_eq!((dead.len(), dead[0].attempts, dead[0].error.as_str()), (1, 8, "unavailable: no mail server"));
            well.store(2, Ordering::SeqCst);
            assert!(db.write_blocking(|w| store::revive(w, "mail", "R")).unwrap());
            assert!(!db.write_blocking(|w| store::revive(w, "mail", "R")).unwrap());
            assert_eq!(jobs.run_due(&db).unwrap(), 1);
        }

        fn a_periodic_job_runs_on_one_node_at_its_interval(db) {
            let left = Arc::new(AtomicUsize::new(2));
            let jobs = |left: &Arc<AtomicUsize>| {
                let left = left.clone();
                Jobs::default().periodic("due", 5 * SECOND, move |_| {
                    Ok(left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok())
                })
            };
            let (here, there) = (jobs(&left), jobs(&left));
            assert_eq!((here.run_due(&db).unwrap(), there.run_due(&db).unwrap()), (3, 0), "twice more was due at once");
            db.clock.advance(5 * SECOND);
            assert_eq!((there.run_due(&db).unwrap(), here.run_due(&db).unwrap()), (1, 0));
        }

        fn a_lease_that_runs_out_is_taken_over_and_counts_no_more(db) {
            let now = db.clock().now();
            db.write_blocking(move |w| store::enqueue(w, "mail", "R", "", now)).unwrap();
            let take = || db.write_blocking(|w| store::take(w, &["mail"])).unwrap();
            let first = take().unwrap();
            assert!(take().is_none());
            db.clock.advance(MINUTE + SECOND);
            let second = take().unwrap();
            assert_eq!(second.attempts, 2);
            db.write_blocking(move |w| store::settle(w, &first, &Ended::Done)).unwrap();
            db.clock.advance(MINUTE + SECOND);
            let third = take().expect("the first could not settle what was no longer its own");
            db.write_blocking(move |w| store::settle(w, &third, &Ended::Done)).unwrap();
            assert!(take().is_none());
        }
    }
}
