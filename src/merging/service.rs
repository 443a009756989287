//! Merging and parting needs, and showing beforehand what a merge would do.

use super::model::*;
use super::{rules, store};
use crate::accounts::model::{Actor, Role};
use crate::cases::store::named_in;
use crate::crypto::KeyPair;
use crate::db::{Read, Write};
use crate::error::{Error, FieldCode, RefusalCode, Result};
use crate::ids::Reference;
use crate::incidents::model::Incident;
use crate::ledger::event::Attachment;
use crate::ledger::rules::{MergeLine, admit, plan_merge};
use crate::ledger::state::State;
use crate::ledger::{self, Draft, Kind};
use crate::needs::acting::{Command, Done, service as acting};
use crate::needs::scope;

/// Who merges and parts.
pub const MERGERS: &[Role] = &[Role::Operator];

/// Merges a need into the root of another.
pub fn merge(w: &mut Write<'_>, incident: &Incident, actor: &Actor, need: &Reference, prepared: &PreparedMerge) -> Result<Done> {
    let (from, into) = find_both(w, incident.id, actor, need, &prepared.into)?;
    let mut locked = ledger::lock(w, incident.id, &[from, into])?;
    let survivor = locked.root(into)?.reference.clone();
    let at = acting::at(&locked, into, &prepared.command.told, false)?.max(acting::at(&locked, from, &prepared.command.told, false)?);
    locked.join(from, &survivor)?;
    let state = locked.state(from)?;
    let attach = plan(w, state, from, state.root(into))?;
    let same = named_as_one(w, incident.id, state, [from, into], &prepared.same)?;
    let draft = Draft::new(from, at, Kind::Merged { into: survivor, attach, same });
    acting::append_one(w, incident.id, locked, &prepared.command, draft)
}

/// Parts a need from the one it was merged into, with what had been merged into it before.
pub fn part(w: &mut Write<'_>, incident: &Incident, actor: &Actor, need: &Reference, command: &Command) -> Result<Done> {
    let (found, locked) = acting::lock(w, incident.id, actor, need, MERGERS)?;
    let at = acting::at(&locked, found.id, &command.told, false)?;
    acting::append_one(w, incident.id, locked, command, Draft::new(found.id, at, Kind::Unmerged {}))
}

/// What merging a need into another would do.
pub fn preview(r: &mut Read<'_>, keys: &KeyPair, incident: i64, actor: &Actor, need: &Reference, into: &Reference) -> Result<Preview> {
    let (from, into) = find_both(r, incident, actor, need, into)?;
    let state = ledger::read(r, incident, &[from, into])?;
    let survivor = &state.needs[&state.root(into)];
    admit(&state, from, &Kind::Merged { into: survivor.reference.clone(), attach: Vec::new(), same: Vec::new() })?;
    let plan = plan(r, &state, from, survivor.id)?;
    let theirs = names(r, keys, &group(&state, from))?;
    let ours = names(r, keys, &group(&state, into))?;
    let claims = rules::fates(&state, from, &plan);
    Ok(Preview { into: survivor.reference.clone(), claims, same_people: rules::namesakes(&theirs, &ours) })
}

fn find_both(r: &mut Read<'_>, incident: i64, actor: &Actor, need: &Reference, into: &Reference) -> Result<(i64, i64)> {
    let from = scope::find(r, incident, actor, need, MERGERS)?;
    let into = scope::find(r, incident, actor, into, MERGERS).map_err(|error| match error {
        Error::NotFound => Error::field("/into", FieldCode::Unknown),
        other => other,
    })?;
    Ok((from.id, into.id))
}

/// The needs of a root's group.
fn group(state: &State, need: i64) -> Vec<i64> {
    state.members(state.root(need)).map(|member| member.id).collect()
}

fn plan(r: &mut Read<'_>, state: &State, from: i64, survivor: i64) -> Result<Vec<Attachment>> {
    let items = store::items(r, &[from, survivor])?;
    let folded = |(need, n, item, unit): store::Item| ((need, n), item.map(|item| (rules::folded(&item), rules::folded(&unit))));
    let folded: Vec<_> = items.into_iter().map(folded).collect();
    let lines = folded.iter().map(|(line, item)| {
        let item = item.as_ref().map(|(item, unit)| (item.as_str(), unit.as_str()));
        MergeLine { line: *line, item }
    });
    Ok(plan_merge(state, from, survivor, &lines.collect::<Vec<_>>()))
}

/// The pairs that a merge names, each of people who are named on either side.
fn named_as_one(
    r: &mut Read<'_>,
    incident: i64,
    state: &State,
    [from, into]: [i64; 2],
    pairs: &[(Reference, Reference)],
) -> Result<Vec<(String, String)>> {
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    let both: Vec<i64> = group(state, from).into_iter().chain(group(state, into)).collect();
    let known = named_in(r, incident, &both)?;
    let is_known = |person: &Reference| known.iter().any(|other| other == person.as_str());
    if !pairs.iter().all(|(a, b)| is_known(a) && is_known(b)) {
        return Err(RefusalCode::PersonUnknown.into());
    }
    Ok(pairs.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect())
}

/// People of needs with their names; those whose names were erased are passed over.
fn names(r: &mut Read<'_>, keys: &KeyPair, of: &[i64]) -> Result<Vec<(String, String)>> {
    let named = store::named(r, of)?.into_iter();
    let opened = named.filter_map(|(need, person, name)| Some((need, person, name?)));
    opened.map(|(need, person, name)| Ok((person, keys.open("need_people", "name_sealed", &need, &name)?))).collect()
}
