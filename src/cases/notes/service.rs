//! Writing and reading notes.

use super::model::{Kept, PreparedNote, Written};
use super::store;
use crate::accounts::model::{Actor, Role};
use crate::clock::Time;
use crate::db::{Read, Write};
use crate::error::{Error, Result};
use crate::ids::Reference;
use crate::incidents::model::Incident;
use crate::needs::scope::{self, Found};

const WRITERS: &[Role] = &[Role::CaseWorker];

/// Keeps a note on a need.
pub fn write(w: &mut Write<'_>, incident: &Incident, actor: &Actor, need: &Reference, note: &PreparedNote) -> Result<Written> {
    let (found, organisation) = find(w, incident.id, actor, need)?;
    store::insert(w, incident.id, found.id, organisation, actor.user, note)?;
    Ok(Written { reference: note.reference.clone(), at: w.now().to_rfc3339(incident.zone) })
}

/// A page of the notes that the actor's organisation wrote on a need and what is merged with it, the newest first.
pub fn page(
    r: &mut Read<'_>,
    incident: i64,
    actor: &Actor,
    need: &Reference,
    before: Option<(Time, i64)>,
    limit: i64,
) -> Result<Vec<Kept>> {
    let (found, organisation) = find(r, incident, actor, need)?;
    store::page(r, found.root, organisation, before, limit)
}

/// The need, and the organisation in which the actor works on it.
fn find(r: &mut Read<'_>, incident: i64, actor: &Actor, need: &Reference) -> Result<(Found, i64)> {
    let found = scope::find(r, incident, actor, need, WRITERS)?;
    let mut grants = actor.grants_of(Role::CaseWorker).filter(|grant| grant.covers(&found.region_path));
    let grant = grants.next().or_else(|| actor.grants_of(Role::CaseWorker).next()).ok_or(Error::NotFound)?;
    Ok((found, grant.organisation))
}
