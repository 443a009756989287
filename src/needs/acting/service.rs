//! The steps.

use super::model::{Command, Done};
use crate::accounts::model::{Actor, Role};
use crate::clock::Time;
use crate::db::Write;
use crate::error::{Error, Result};
use crate::ids::Reference;
use crate::incidents::model::Incident;
use crate::ledger::state::{Need, State};
use crate::ledger::when::Told;
use crate::ledger::{self, Appended, Draft, Kind, Locked, texts};
use crate::needs::scope::{self, Found};

/// Finds a need in the actor's scope and locks its root, with what was due appended.
pub fn lock(w: &mut Write<'_>, incident: i64, actor: &Actor, need: &Reference, roles: &[Role]) -> Result<(Found, Locked)> {
    let found = scope::find(w, incident, actor, need, roles)?;
    let locked = ledger::lock(w, incident, &[found.id])?;
    Ok((found, locked))
}

/// When a command on a need occurred: not before the earliest submission of its root.
pub fn at(locked: &Locked, need: i64, told: &Told, incoming_call: bool) -> Result<Time> {
    let root = locked.root(need)?.id;
    let earliest = locked.state(need)?.members(root).map(|member| member.submitted_at).min();
    told.at(locked.now(), earliest, incoming_call)
}

/// Appends events of a command, with its words beside each.
pub fn append(w: &mut Write<'_>, incident: i64, locked: Locked, command: &Command, drafts: Vec<Draft>) -> Result<Vec<Appended>> {
    let drafts = drafts.into_iter().map(|draft| Draft { reason: command.reason.clone().or(draft.reason), ..draft }).collect();
    let events = ledger::append(w, locked, &command.act, drafts)?;
    for event in &events {
        texts::keep(w, incident, event, &command.words)?;
    }
    Ok(events)
}

/// Appends the one event of a command, and answers it with where its need stands then.
pub fn append_one(w: &mut Write<'_>, incident: i64, locked: Locked, command: &Command, draft: Draft) -> Result<Done> {
    let event = append(w, incident, locked, command, vec![draft])?.pop().ok_or_else(|| Error::internal("an event was not appended"))?;
    let stands = ledger::store::stands(w, event.need)?;
    Ok(Done::new(event, stands))
}

/// A whole command that records one event on the root of a need: which, is decided from where it stands.
pub fn on_root(
    w: &mut Write<'_>,
    incident: &Incident,
    actor: &Actor,
    (need, roles): (&Reference, &[Role]),
    command: &Command,
    decide: impl FnOnce(&State, &Need, Time) -> Result<Kind>,
) -> Result<Done> {
    let (found, locked) = lock(w, incident.id, actor, need, roles)?;
    let at = at(&locked, found.id, &command.told, false)?;
    let root = locked.root(found.id)?;
    let draft = Draft::new(root.id, at, decide(locked.state(found.id)?, root, at)?);
    append_one(w, incident.id, locked, command, draft)
}
