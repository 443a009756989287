//! Logging calls and recording visits.

use super::model::*;
use super::rules;
use crate::accounts::model::{Actor, Role};
use crate::crypto::KeyPair;
use crate::db::Write;
use crate::error::{Error, FieldCode, FieldError, Result};
use crate::ids::{Draw, Reference};
use crate::incidents::model::Incident;
use crate::ledger::model::Direction;
use crate::ledger::texts::Words;
use crate::ledger::{self, Draft, Kind, Locked};
use crate::needs::acting::{Command, Done, service as acting};
use crate::needs::scope;

/// Who logs calls.
pub const CALLERS: &[Role] = &[Role::Operator];
/// Who records visits.
pub const VISITORS: &[Role] = &[Role::Operator, Role::CommunityWorker, Role::CaseWorker];

/// Draws references and seals what goes beside a call.
pub fn prepare_call(keys: &KeyPair, actor: &Actor, call: Call, draw: &mut Draw) -> PreparedCall {
    let command = Command::new(keys, actor, call.told.clone(), draw).with(keys, Words::Note, call.note.as_deref());
    PreparedCall { reference: draw.reference(), call, command }
}

/// Logs a call: one act, with one event on each root that it was about.
pub fn log(w: &mut Write<'_>, incident: &Incident, actor: &Actor, prepared: &PreparedCall) -> Result<Logged> {
    let needs = find_all(w, incident, actor, &prepared.call.about)?;
    let locked = ledger::lock(w, incident.id, &needs)?;
    let roots = needs.iter().map(|need| Ok(locked.root(*need)?.id)).collect::<Result<Vec<i64>>>()?;
    let found = rules::by_root(&prepared.call.about, &roots)?;
    let drafts = found.iter().map(|(root, about)| draft(&locked, *root, about, prepared)).collect::<Result<Vec<Draft>>>()?;
    let events = acting::append(w, incident.id, locked, &prepared.command, drafts)?;
    let mut done = Vec::with_capacity(events.len());
    for event in events {
        let stands = ledger::store::stands(w, event.need)?;
        done.push(Done::new(event, stands));
    }
    Ok(Logged { reference: prepared.reference.clone(), needs: done })
}

/// The needs that were named; those that the actor does not find are named as unknown, all at once.
fn find_all(w: &mut Write<'_>, incident: &Incident, actor: &Actor, about: &[About]) -> Result<Vec<i64>> {
    let (mut needs, mut errors) = (Vec::with_capacity(about.len()), Vec::new());
    for (i, said) in about.iter().enumerate() {
        match scope::find(w, incident.id, actor, &said.need, CALLERS) {
            Ok(found) => needs.push(found.id),
            Err(Error::NotFound) => errors.push(FieldError::new(format!("/needs/{i}/reference"), FieldCode::Unknown)),
            Err(other) => return Err(other),
        }
    }
    if errors.is_empty() { Ok(needs) } else { Err(Error::Invalid(errors)) }
}

fn draft(locked: &Locked, root: i64, about: &About, prepared: &PreparedCall) -> Result<Draft> {
    let PreparedCall { reference, call, command } = prepared;
    let at = acting::at(locked, root, &command.told, call.direction == Direction::Incoming)?;
    let kind = Kind::Called {
        call: reference.to_string(),
        direction: call.direction,
        medium: call.medium,
        purpose: call.purpose,
        outcome: call.outcome,
        conclusion: about.conclusion,
        assessed: about.assessed,
    };
    Ok(Draft::new(root, at, kind))
}

/// Seals what goes beside a visit.
pub fn prepare_visit(keys: &KeyPair, actor: &Actor, visit: Visit, draw: &mut Draw) -> PreparedVisit {
    let command = Command::new(keys, actor, visit.told.clone(), draw).with(keys, Words::Note, visit.note.as_deref());
    PreparedVisit { visit, command }
}

/// Records a home visit.
pub fn visit(w: &mut Write<'_>, incident: &Incident, actor: &Actor, need: &Reference, prepared: &PreparedVisit) -> Result<Done> {
    let Visit { conclusion, assessed, .. } = prepared.visit;
    let found = |_: &_, _: &_, _| Ok(Kind::Visited { conclusion, assessed });
    acting::on_root(w, incident, actor, (need, VISITORS), &prepared.command, found)
}
