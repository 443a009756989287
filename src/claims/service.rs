//! Making claims, and what becomes of them.

use super::model::*;
use super::scope::{self, Found};
use super::{rules, store};
use crate::accounts::model::{Actor, Role};
use crate::crypto::KeyPair;
use crate::db::{Read, Write};
use crate::error::{Error, FieldCode, RefusalCode, Result};
use crate::ids::{Draw, Reference};
use crate::incidents::model::Incident;
use crate::ledger::model::{ClaimState, Phone};
use crate::ledger::state::Need;
use crate::ledger::texts::Words;
use crate::ledger::{self, Draft, Kind, Locked};
use crate::needs::acting::{Command, service as acting};
use crate::needs::scope as needs;
use crate::organisations;
use crate::organisations::model::OrganisationState;

/// Who claims.
pub const CLAIMERS: &[Role] = &[Role::Coordinator, Role::Operator];

/// Draws a claim's reference and seals what goes beside it.
pub fn prepare(keys: &KeyPair, actor: &Actor, claim: Claim, draw: &mut Draw) -> PreparedClaim {
    let command = Command::new(keys, actor, claim.told.clone(), draw).with(keys, Words::Reason, claim.early_reason.as_deref()).with(
        keys,
        Words::Note,
        claim.note.as_deref(),
    );
    PreparedClaim { reference: draw.reference(), claim, command }
}

/// Claims part of a line of a need's root.
pub fn claim(w: &mut Write<'_>, incident: &Incident, actor: &Actor, need: &Reference, n: i64, prepared: &PreparedClaim) -> Result<Claimed> {
    let PreparedClaim { reference, claim, command } = prepared;
    let (found, organisation) = claims_for(w, incident.id, actor, need, claim.organisation.as_ref())?;
    if claim.taken == Taken::Held {
        store::hold_turn(w, organisation)?;
        let now = w.now();
        rules::may_hold(store::held(w, incident.id, organisation, now)?)?;
    }
    let locked = ledger::lock(w, incident.id, &[found.id])?;
    let at = acting::at(&locked, found.id, &command.told, false)?;
    let root = locked.root(found.id)?;
    let urgency = locked.state(found.id)?.urgency(root);
    let (first_day, last_day) = days(root, n, claim);
    let kind = Kind::Claimed {
        claim: reference.to_string(),
        n,
        quantity: claim.quantity,
        state: if claim.taken == Taken::Held { ClaimState::Held } else { ClaimState::Confirmed },
        first_day,
        last_day,
        planned_at: claim.planned_at,
        expires_at: (claim.taken == Taken::Held).then(|| at.plus(urgency.claim_lifetime())),
        early: incident.early_matching && claim.early_reason.is_some() && root.axes.phone != Phone::Verified,
        offer: None,
    };
    let draft = Draft::new(root.id, at, kind);
    record(w, incident, locked, (reference.as_str(), organisation), command, draft)
}

/// The need, and the verified organisation of the incident that the claim is for.
fn claims_for(w: &mut Write<'_>, incident: i64, actor: &Actor, need: &Reference, named: Option<&Reference>) -> Result<(needs::Found, i64)> {
    let roles = if named.is_some() { &[Role::Operator][..] } else { CLAIMERS };
    let found = needs::find(w, incident, actor, need, roles)?;
    let organisation = match named {
        Some(reference) => organisations::store::by_reference(w, reference).map_err(|error| match error {
            Error::NotFound => Error::field("/organisation", FieldCode::Unknown),
            other => other,
        })?,
        None => organisations::store::by_id(w, rules::claims_for(actor, &found.region_path)?)?,
    };
    if organisation.state != OrganisationState::Verified {
        return Err(RefusalCode::OrganisationNotVerified.into());
    }
    if !organisations::store::has_joined(w, incident, organisation.id)? {
        return Err(RefusalCode::OrganisationNotJoined.into());
    }
    Ok((found, organisation.id))
}

/// The days asked for, or the line's. Those of an unknown line are no matter: the rules refuse it.
fn days(root: &Need, n: i64, claim: &Claim) -> (i64, i64) {
    let line = root.lines.iter().find(|line| line.n == n).map_or((0, 0), |line| (line.first_day, line.last_day));
    (claim.first_day.unwrap_or(line.0), claim.last_day.unwrap_or(line.1))
}

/// Confirms, releases, gives back or extends a claim.
pub fn turn(w: &mut Write<'_>, incident: &Incident, actor: &Actor, claim: &Reference, turn: &Turn, command: &Command) -> Result<Claimed> {
    let found = scope::find(w, incident.id, actor, claim, CLAIMERS)?;
    let locked = ledger::lock(w, incident.id, &[found.need])?;
    let at = acting::at(&locked, found.need, &command.told, false)?;
    let reference = claim.to_string();
    let kind = match turn {
        Turn::Confirm { quantity, planned_at } => Kind::ClaimConfirmed { claim: reference, quantity: *quantity, planned_at: *planned_at },
        Turn::Release => Kind::ClaimReleased { claim: reference },
        Turn::GiveBack { quantity } => Kind::GivenBack { claim: reference, quantity: *quantity },
        Turn::Progress => {
            let lifetime = locked.state(found.need)?.urgency(locked.root(found.need)?).claim_lifetime();
            Kind::ClaimExtended { claim: reference, expires_at: at.plus(lifetime) }
        }
    };
    let organisation = acts_for(&found, command);
    let draft = Draft::new(found.need, at, kind);
    record(w, incident, locked, (claim.as_str(), organisation), command, draft)
}

/// Coordinators act for the organisation that claimed, everybody else for the one whose grant opened the door.
pub fn acts_for(found: &Found, command: &Command) -> i64 {
    if found.own { found.organisation } else { command.act.organisation.unwrap_or(found.organisation) }
}

fn record(
    w: &mut Write<'_>,
    incident: &Incident,
    locked: Locked,
    (claim, organisation): (&str, i64),
    command: &Command,
    draft: Draft,
) -> Result<Claimed> {
    let mut command = command.clone();
    command.act.organisation = Some(organisation);
    let done = acting::append_one(w, incident.id, locked, &command, draft)?;
    let row = store::by_reference(w, incident.id, claim)?;
    let expires_at = row.expires_at.filter(|_| row.state == ClaimState::Held);
    Ok(Claimed {
        reference: row.reference,
        state: row.state,
        quantity: row.quantity,
        give_back: row.give_back,
        planned_at: row.planned_at.map(|at| at.to_rfc3339(incident.zone)),
        expires_at: expires_at.map(|at| at.to_rfc3339(incident.zone)),
        event: done.reference,
        need: done.need,
        stage: done.stage,
        version: done.version,
    })
}

/// The organisations for which an actor coordinates.
pub fn coordinates_for(actor: &Actor) -> Vec<i64> {
    let mut all: Vec<i64> = actor.grants_of(Role::Coordinator).map(|grant| grant.organisation).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// A claim with its deliveries.
pub fn show(r: &mut Read<'_>, incident: i64, actor: &Actor, claim: &Reference, roles: &[Role]) -> Result<(Row, Beside, Vec<Delivery>)> {
    let found = scope::find(r, incident, actor, claim, roles)?;
    let row = store::by_reference(r, incident, claim.as_str())?;
    let beside = store::beside(r, row.need.0, row.need.2)?;
    let state = ledger::read(r, incident, &[found.need])?;
    let index = state.claims.iter().position(|other| other.reference == found.reference);
    let deliveries = state.deliveries.iter().filter(|delivery| Some(delivery.claim) == index);
    let deliveries =
        deliveries.map(|d| Delivery { reference: d.reference.clone(), day: d.day, quantity: d.quantity, step: d.step, at_gate: d.at_gate });
    Ok((row, beside, deliveries.collect()))
}
