//! Starting deliveries and setting their steps.

use super::model::*;
use super::{rules, store};
use crate::accounts::model::{Actor, Role};
use crate::claims::scope;
use crate::claims::service::acts_for;
use crate::crypto::KeyPair;
use crate::db::Write;
use crate::error::{Error, Result};
use crate::ids::{Draw, Reference};
use crate::incidents::model::Incident;
use crate::ledger::model::Step;
use crate::ledger::texts::Words;
use crate::ledger::{self, Draft, Kind, Locked};
use crate::needs::acting::{Command, Done, service as acting};

/// Who delivers.
pub const DELIVERERS: &[Role] = &[Role::Coordinator, Role::Operator];
/// Who sets steps: those, and who confirms what arrived.
pub const STEPPERS: &[Role] = &[Role::Coordinator, Role::Operator, Role::CommunityWorker];

/// Draws a delivery's reference and seals what goes beside it.
pub fn prepare(keys: &KeyPair, actor: &Actor, delivery: Delivery, draw: &mut Draw) -> PreparedDelivery {
    let command = Command::new(keys, actor, delivery.told.clone(), draw).with(keys, Words::Note, delivery.note.as_deref());
    PreparedDelivery { reference: draw.reference(), delivery, command }
}

/// Starts a delivery of a claim.
pub fn start(w: &mut Write<'_>, incident: &Incident, actor: &Actor, claim: &Reference, prepared: &PreparedDelivery) -> Result<Delivered> {
    let PreparedDelivery { reference, delivery, command } = prepared;
    let found = scope::find(w, incident.id, actor, claim, DELIVERERS)?;
    let locked = ledger::lock(w, incident.id, &[found.need])?;
    let at = acting::at(&locked, found.need, &command.told, false)?;
    let claimed = locked.state(found.need)?.claim(claim.as_str()).ok_or(Error::NotFound)?;
    let kind = Kind::DeliveryStarted {
        delivery: reference.to_string(),
        claim: claim.to_string(),
        day: rules::day(claimed, delivery.day)?,
        quantity: delivery.quantity,
        step: delivery.step,
        at_gate: delivery.at_gate,
    };
    let done = record(w, incident, locked, acts_for(&found, command), command, Draft::new(found.need, at, kind))?;
    Ok(answer(reference.as_str(), delivery.step, done))
}

/// Seals what goes beside a step.
pub fn prepare_step(keys: &KeyPair, actor: &Actor, stepped: Stepped, draw: &mut Draw) -> PreparedStep {
    let command = Command::new(keys, actor, stepped.told.clone(), draw).with(keys, Words::Note, stepped.note.as_deref());
    PreparedStep { stepped, command }
}

/// Sets a later step of a delivery.
pub fn step(w: &mut Write<'_>, incident: &Incident, actor: &Actor, delivery: &Reference, prepared: &PreparedStep) -> Result<Delivered> {
    let PreparedStep { stepped, command } = prepared;
    let claim = store::claim_of(w, incident.id, delivery)?;
    let found = scope::find(w, incident.id, actor, &claim, STEPPERS)?;
    if !rules::arrives(stepped.step) {
        match scope::find(w, incident.id, actor, &claim, DELIVERERS) {
            Err(Error::NotFound) => return Err(Error::Forbidden),
            other => other.map(drop)?,
        }
    }
    let locked = ledger::lock(w, incident.id, &[found.need])?;
    let at = acting::at(&locked, found.need, &command.told, false)?;
    let kind = Kind::DeliveryStepped {
        delivery: delivery.to_string(),
        claim: claim.to_string(),
        step: stepped.step,
        quantity: stepped.quantity,
        at_gate: stepped.at_gate,
    };
    let done = record(w, incident, locked, acts_for(&found, command), command, Draft::new(found.need, at, kind))?;
    Ok(answer(delivery.as_str(), stepped.step, done))
}

fn record(w: &mut Write<'_>, incident: &Incident, locked: Locked, organisation: i64, command: &Command, draft: Draft) -> Result<Done> {
    let mut command = command.clone();
    command.act.organisation = Some(organisation);
    acting::append_one(w, incident.id, locked, &command, draft)
}

fn answer(reference: &str, step: Step, done: Done) -> Delivered {
    Delivered { reference: reference.to_owned(), step, event: done.reference, need: done.need, stage: done.stage, version: done.version }
}
