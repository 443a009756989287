//! Reading where needs stand, in full, without locking them.

use std::collections::BTreeSet;

use super::fold::fold;
use super::state::State;
use super::store;
use crate::db::Read;
use crate::error::{Error, Result};

/// The folded state of the roots of needs and everything merged into them.
pub fn read(r: &mut Read<'_>, incident: i64, needs: &[i64]) -> Result<State> {
    let roots: BTreeSet<i64> = store::roots(r, incident, needs)?.into_iter().map(|(_, root)| root).collect();
    let mut members = Vec::new();
    for root in roots {
        members.extend(store::members(r, root)?);
    }
    if needs.iter().any(|need| !members.contains(need)) {
        return Err(Error::NotFound);
    }
    Ok(fold(&store::events_of(r, &members)?, None))
}
