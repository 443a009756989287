//! The job that appends what is due where no command comes by.

use super::append::{Act, append, lock};
use super::store;
use crate::db::{Db, Lane};
use crate::error::Result;

/// Roots taken in one go.
const AT_ONCE: i64 = 200;

/// Appends nothing of its own: what is due names itself.
const MACHINE: Act = Act { seed: 0, actor: None, organisation: None, device_at: None };

/// Appends what is due on roots of incidents that run, the longest due first, each in a write of its own; answers whether more may be due.
pub fn sweep(db: &Db) -> Result<bool> {
    let now = db.clock().now();
    let due = db.read_blocking(Lane::Fast, move |r| store::overdue_anywhere(r, now, AT_ONCE))?;
    let mut appended = 0;
    for (incident, need) in &due {
        let (incident, need) = (*incident, *need);
        let done = db.write_blocking(move |w| {
            let locked = lock(w, incident, &[need])?;
            append(w, locked, &MACHINE, Vec::new())
        });
        match done {
            Ok(_) => appended += 1,
            Err(error) => tracing::warn!(incident, need, %error, "what is due could not be appended"),
        }
    }
    Ok(due.len() as i64 == AT_ONCE && appended > 0)
}
