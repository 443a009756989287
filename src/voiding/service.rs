//! Taking events back.

use super::model::{Target, Voided};
use super::store;
use crate::accounts::model::{Actor, Role};
use crate::db::Write;
use crate::error::{Error, RefusalCode, Result};
use crate::ids::Reference;
use crate::incidents::model::Incident;
use crate::ledger::{self, Draft, Kind, Locked};
use crate::needs::acting::{Command, service as acting};
use crate::needs::scope;

/// Who voids.
pub const VOIDERS: &[Role] = &[Role::Operator];

/// Takes an event back, or all events of its act that still stand, the newest first.
pub fn void(
    w: &mut Write<'_>,
    incident: &Incident,
    actor: &Actor,
    event: &Reference,
    whole_act: bool,
    command: &Command,
) -> Result<Voided> {
    let asked = store::event(w, incident.id, event)?;
    scope::find(w, incident.id, actor, &asked.need.1, VOIDERS)?;
    let targets = if whole_act { store::standing_of_act(w, incident.id, &asked.act)? } else { vec![asked.clone()] };
    for target in &targets {
        scope::find(w, incident.id, actor, &target.need.1, VOIDERS)?;
    }
    let needs: Vec<i64> = targets.iter().map(|target| target.need.0).chain([asked.need.0]).collect();
    let locked = ledger::lock(w, incident.id, &needs)?;
    check(&locked, &asked)?;
    if targets.is_empty() {
        return Err(RefusalCode::AlreadyVoided.into());
    }
    let drafts = targets.iter().map(|target| draft(&locked, target)).collect::<Result<Vec<Draft>>>()?;
    let events = acting::append(w, incident.id, locked, command, drafts)?;
    let of_asked = targets.iter().position(|target| target.id == asked.id).unwrap_or(0);
    let reference = events.get(of_asked).map(|event| event.reference.clone()).ok_or_else(|| Error::internal("nothing was voided"))?;
    let stands = ledger::store::stands(w, asked.need.0)?;
    let voided = targets.into_iter().map(|target| target.reference).collect();
    Ok(Voided { reference, voided, need: stands.need, stage: stands.stage, version: stands.version })
}

/// The asked event must be of a kind that can be taken back at all, whatever else its act holds.
fn check(locked: &Locked, asked: &Target) -> Result<()> {
    let event = locked.events(asked.need.0)?.iter().find(|event| event.id == asked.id).ok_or(Error::NotFound)?;
    if event.kind.is_voidable() { Ok(()) } else { Err(RefusalCode::NotVoidable.into()) }
}

fn draft(locked: &Locked, target: &Target) -> Result<Draft> {
    let kind = Kind::Voided { event: target.reference.clone() };
    Ok(Draft { voids: Some(target.id), ..Draft::new(locked.root(target.need.0)?.id, locked.now(), kind) })
}
