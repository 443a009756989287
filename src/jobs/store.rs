//! The table `jobs`.

use diesel::prelude::*;

use super::rules::LEASE;
use crate::clock::Time;
use crate::db::schema::jobs;
use crate::db::{Portable, Read, Write};
use crate::error::Result;

/// A job as it is taken.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its row.
    pub(super) id: i64,
    /// What is to be done.
    pub kind: String,
    /// To what: one of each kind and subject waits at a time.
    pub subject: String,
    /// What it needs to know: codes and references, never personal data.
    pub payload: String,
    /// How often it was tried, this time included.
    pub attempts: i64,
    /// Until when it is ours.
    pub(super) locked_until: i64,
}

/// Puts a job into the queue, in the transaction that causes it. One of the same kind and subject that waits already is replaced.
pub fn enqueue(w: &mut Write<'_>, kind: &str, subject: &str, payload: &str, run_at: Time) -> Result<()> {
    let row = (jobs::kind.eq(kind), jobs::subject.eq(subject), jobs::payload.eq(payload), jobs::run_at.eq(run_at.0), jobs::attempts.eq(0));
    let anew = (
        jobs::payload.eq(payload),
        jobs::run_at.eq(run_at.0),
        jobs::attempts.eq(0),
        jobs::locked_until.eq(None::<i64>),
        jobs::dead_at.eq(None::<i64>),
        jobs::last_error.eq(None::<String>),
    );
    let insert = diesel::insert_into(jobs::table).values(row).on_conflict((jobs::kind, jobs::subject)).do_update().set(anew);
    Portable(insert).execute(w.conn())?;
    Ok(())
}

/// Makes sure that a periodic job is in the queue.
pub(super) fn ensure(w: &mut Write<'_>, kind: &str, every: i64) -> Result<()> {
    let now = w.now();
    let row = (jobs::kind.eq(kind), jobs::subject.eq(""), jobs::payload.eq(""), jobs::run_at.eq(now.0), jobs::attempts.eq(0));
    Portable(diesel::insert_into(jobs::table).values(row).on_conflict_do_nothing()).execute(w.conn())?;
    // The interval may have become shorter since the row was written, or the clock may have been set back.
    let far = jobs::table.filter(jobs::kind.eq(kind)).filter(jobs::subject.eq("")).filter(jobs::run_at.gt(now.plus(every).0));
    diesel::update(far).set(jobs::run_at.eq(now.plus(every).0)).execute(w.conn())?;
    Ok(())
}

/// Whether a job of the known kinds may be due: asked before the writer is.
pub(super) fn any_due(r: &mut Read<'_>, kinds: &[&str], now: Time) -> Result<bool> {
    let due = jobs::table.filter(jobs::run_at.le(now.0)).filter(jobs::dead_at.is_null()).filter(jobs::kind.eq_any(kinds.to_vec()));
    let free = due.filter(jobs::locked_until.is_null().or(jobs::locked_until.lt(now.0)));
    Ok(free.select(jobs::id).limit(1).get_result::<i64>(r.conn()).optional()?.is_some())
}

/// Takes the job of the known kinds that has waited longest, or nothing.
pub(super) fn take(w: &mut Write<'_>, kinds: &[&str]) -> Result<Option<Job>> {
    let now = w.now();
    let due = jobs::table.filter(jobs::run_at.le(now.0)).filter(jobs::dead_at.is_null()).filter(jobs::kind.eq_any(kinds.to_vec()));
    let free = due.filter(jobs::locked_until.is_null().or(jobs::locked_until.lt(now.0)));
    let columns = (jobs::id, jobs::kind, jobs::subject, jobs::payload, jobs::attempts);
    let found: Option<(i64, String, String, String, i64)> =
        free.order((jobs::run_at, jobs::id)).select(columns).first(w.conn()).optional()?;
    let Some((id, kind, subject, payload, attempts)) = found else { return Ok(None) };
    let locked_until = now.plus(LEASE).0;
    // Whoever takes it meanwhile raises its attempts; whoever enqueues it anew may have moved it.
    let free = jobs::locked_until.is_null().or(jobs::locked_until.lt(now.0));
    let mine = jobs::table.filter(jobs::id.eq(id)).filter(jobs::attempts.eq(attempts)).filter(jobs::run_at.le(now.0)).filter(free);
    let taken = diesel::update(mine).set((jobs::locked_until.eq(locked_until), jobs::attempts.eq(attempts + 1))).execute(w.conn())?;
    Ok((taken == 1).then_some(Job { id, kind, subject, payload, attempts: attempts + 1, locked_until }))
}

/// How a job ended.
pub(super) enum Ended {
    /// It is done for good.
    Done,
    /// It is wanted again then.
    Again(Time),
    /// It failed and is tried again then.
    Failed(Time, String),
    /// It failed too often.
    Dead(String),
}

/// Settles a job, if it is still ours.
pub(super) fn settle(w: &mut Write<'_>, job: &Job, ended: &Ended) -> Result<()> {
    let now = w.now().0;
    let mine = jobs::table.filter(jobs::id.eq(job.id)).filter(jobs::locked_until.eq(job.locked_until));
    let free = jobs::locked_until.eq(None::<i64>);
    match ended {
        Ended::Done => diesel::delete(mine).execute(w.conn())?,
        Ended::Again(at) => {
            let set = (free, jobs::run_at.eq(at.0), jobs::attempts.eq(0), jobs::last_error.eq(None::<String>));
            diesel::update(mine).set(set).execute(w.conn())?
        }
        Ended::Failed(at, why) => diesel::update(mine).set((free, jobs::run_at.eq(at.0), jobs::last_error.eq(why))).execute(w.conn())?,
        Ended::Dead(why) => diesel::update(mine).set((free, jobs::dead_at.eq(now), jobs::last_error.eq(why))).execute(w.conn())?,
    };
    Ok(())
}

/// A job that was set aside.
pub struct Dead {
    /// Its row, for the cursor.
    pub id: i64,
    /// What was to be done.
    pub kind: String,
    /// To what.
    pub subject: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was set aside.
    pub dead_at: Time,
    /// What went wrong the last time.
    pub error: String,
}

/// A page of the jobs that were set aside, after a row.
pub fn dead(r: &mut Read<'_>, after: i64, limit: i64) -> Result<Vec<Dead>> {
    type Row = (i64, String, String, i64, Option<i64>, Option<String>);
    let rows: Vec<Row> = jobs::table
        .filter(jobs::dead_at.is_not_null())
        .filter(jobs::id.gt(after))
        .order(jobs::id)
        .limit(limit)
        .select((jobs::id, jobs::kind, jobs::subject, jobs::attempts, jobs::dead_at, jobs::last_error))
        .load(r.conn())?;
    let dead = rows.into_iter().map(|(id, kind, subject, attempts, at, error)| {
        let (dead_at, error) = (Time(at.unwrap_or_default()), error.unwrap_or_default());
        Dead { id, kind, subject, attempts, dead_at, error }
    });
    Ok(dead.collect())
}

/// Puts a dead job back into the queue; false where there is none.
pub fn revive(w: &mut Write<'_>, kind: &str, subject: &str) -> Result<bool> {
    let now = w.now().0;
    let one = jobs::table.filter(jobs::kind.eq(kind)).filter(jobs::subject.eq(subject)).filter(jobs::dead_at.is_not_null());
    let set = (jobs::dead_at.eq(None::<i64>), jobs::attempts.eq(0), jobs::run_at.eq(now));
    Ok(diesel::update(one).set(set).execute(w.conn())? == 1)
}
