//! Opening a case, responding, ending it.

use super::model::*;
use super::store;
use crate::accounts::model::{Actor, Role};
use crate::crypto::KeyPair;
use crate::db::{Read, Write};
use crate::error::{Error, RefusalCode, Result};
use crate::ids::{Draw, Reference};
use crate::incidents::model::Incident;
use crate::ledger::texts::Words;
use crate::ledger::{self, Draft, Kind, Locked};
use crate::needs::acting::{Command, Done, service as acting};
use crate::needs::people::{self, PreparedPerson};
use crate::needs::scope;

/// Who responds.
pub const RESPONDERS: &[Role] = &[Role::Operator, Role::CaseWorker];

/// Seals what goes beside an opening or ending.
pub fn prepare_turn(keys: &KeyPair, actor: &Actor, turn: Turn, draw: &mut Draw) -> Command {
    Command::new(keys, actor, turn.told, draw).with(keys, Words::Note, turn.note.as_deref())
}

/// Opens a case.
pub fn open(w: &mut Write<'_>, incident: &Incident, actor: &Actor, need: &Reference, command: &Command) -> Result<Done> {
    acting::on_root(w, incident, actor, (need, RESPONDERS), command, |_, _, _| Ok(Kind::CaseOpened {}))
}

/// Ends a case.
pub fn end(w: &mut Write<'_>, incident: &Incident, actor: &Actor, need: &Reference, end: End, command: &Command) -> Result<Done> {
    let kind = match end {
        End::Stabilised => Kind::Stabilised {},
        End::HandedOn => Kind::HandedOn {},
        End::StoodDown => Kind::StoodDown {},
        End::LostContact => Kind::LostContact {},
    };
    acting::on_root(w, incident, actor, (need, RESPONDERS), command, |_, _, _| Ok(kind))
}

/// The root of a need, for which the people that a response names are sealed before the write.
pub fn root(r: &mut Read<'_>, incident: i64, actor: &Actor, need: &Reference) -> Result<Reference> {
    let found = scope::find(r, incident, actor, need, RESPONDERS)?;
    Ok(Reference::stored(ledger::store::stands(r, found.id)?.need))
}

/// Seals a response for a root.
pub fn prepare_response(keys: &KeyPair, actor: &Actor, root: &Reference, response: Response, draw: &mut Draw) -> PreparedResponse {
    let command = Command::new(keys, actor, response.told, draw).with(keys, Words::GroupReason, response.group_reason.as_deref()).with(
        keys,
        Words::Note,
        response.note.as_deref(),
    );
    let people = response.people.into_iter().map(|who| match who {
        Reached::Known(person) => PreparedReached::Known(person),
        Reached::Named(person) => PreparedReached::Named(PreparedPerson::new(keys, root, &person, draw)),
    });
    let (people, group_reason) = (people.collect(), response.group_reason.is_some());
    PreparedResponse { reached: response.reached, people, group_reason, root: root.clone(), command }
}

/// Records a response.
pub fn respond(w: &mut Write<'_>, incident: &Incident, actor: &Actor, need: &Reference, prepared: &PreparedResponse) -> Result<Done> {
    let (found, locked) = acting::lock(w, incident.id, actor, need, RESPONDERS)?;
    let at = acting::at(&locked, found.id, &prepared.command.told, false)?;
    let people = reached(w, incident.id, &locked, found.id, prepared)?;
    let kind = Kind::Responded { reached: prepared.reached, people, group_reason: prepared.group_reason };
    let draft = Draft::new(locked.root(found.id)?.id, at, kind);
    acting::append_one(w, incident.id, locked, &prepared.command, draft)
}

/// References of those who were reached, each once.
fn reached(w: &mut Write<'_>, incident: i64, locked: &Locked, need: i64, prepared: &PreparedResponse) -> Result<Vec<String>> {
    let root = locked.root(need)?;
    let (known, named): (Vec<_>, Vec<_>) = prepared.people.iter().partition(|who| matches!(who, PreparedReached::Known(_)));
    let mut all: Vec<String> = Vec::with_capacity(prepared.people.len());
    if !known.is_empty() {
        let group: Vec<i64> = locked.state(need)?.members(root.id).map(|member| member.id).collect();
        let of_need = store::named_in(w, incident, &group)?;
        for who in known {
            let PreparedReached::Known(person) = who else { continue };
            if !of_need.iter().any(|other| other == person.as_str()) {
                return Err(RefusalCode::PersonUnknown.into());
            }
            all.push(person.to_string());
        }
    }
    let named: Vec<(i64, &PreparedPerson)> = named
        .into_iter()
        .filter_map(|who| match who {
            PreparedReached::Named(person) => Some((root.id, person)),
            PreparedReached::Known(_) => None,
        })
        .collect();
    if !named.is_empty() && root.reference != prepared.root.as_str() {
        return Err(Error::Unavailable("the need was merged just now"));
    }
    all.extend(people::service::resolve(w, incident, &named)?);
    let mut seen = std::collections::HashSet::new();
    all.retain(|person| seen.insert(person.clone()));
    Ok(all)
}
