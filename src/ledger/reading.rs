//! Reading where needs stand, in full, without locking them.

use super::fold::fold;
use super::state::State;
use super::store;
use crate::db::Read;
use crate::error::{Error, Result};

/// The folded state of a need's root and everything merged into it.
pub fn read(r: &mut Read<'_>, incident: i64, need: i64) -> Result<State> {
    let roots = store::roots(r, incident, &[need])?;
    let (_, root) = roots.first().ok_or(Error::NotFound)?;
    let members = store::members(r, *root)?;
    Ok(fold(&store::events_of(r, &members)?, None))
}
