//! Submitting: everything random or sealed is made in `prepare`, then `submit` runs in one write.

use super::model::*;
use super::{rules, store};
use crate::accounts::model::Actor;
use crate::clock::Time;
use crate::crypto::KeyPair;
use crate::db::Write;
use crate::error::{Error, FieldCode, FieldError, Result};
use crate::ids::Draw;
use crate::incidents::model::Incident;
use crate::ledger::event::{Kind, Place};
use crate::ledger::model::Stage;
use crate::ledger::texts::{self, Words};
use crate::ledger::{Act, Draft, append, open};
use crate::needs::contacts::{self, Contact, SealedContact};
use crate::needs::lines;
use crate::needs::people::{self, PreparedPerson};
use crate::regions;

/// Draws references and seals a submission. `secret`: the secret of its link, for whoever has no account.
pub fn prepare(keys: &KeyPair, actor: &Actor, submission: Submission, draw: &mut Draw, secret: Option<String>) -> Prepared {
    let Submission { contacts, needs, source, told } = submission;
    let staff = rules::is_staff(actor);
    let act = Act {
        seed: draw.number(),
        actor: actor.user.filter(|_| staff),
        organisation: actor.organisation.filter(|_| staff),
        device_at: told.device_at,
    };
    let late_reason = told.late_reason.as_deref().map(|reason| texts::seal(keys, &act, Words::LateReason, reason));
    let needs = needs.into_iter().map(|part| prepare_need(keys, part, &contacts, draw)).collect();
    Prepared { reference: draw.reference(), act, source, told, late_reason, secret, needs }
}

fn prepare_need(keys: &KeyPair, part: Part, contacts: &[Contact], draw: &mut Draw) -> PreparedNeed {
    let reference = draw.reference();
    let seal = |column, text: &str| (!text.is_empty()).then(|| keys.seal("need_texts", column, reference.as_str(), text));
    PreparedNeed {
        numbers: Contact::numbers(contacts),
        description_sealed: seal("description_sealed", &part.description),
        address_sealed: seal("address_sealed", part.address.as_deref().unwrap_or_default()),
        contacts: SealedContact::all(keys, &reference, contacts),
        named: part.named.iter().map(|person| PreparedPerson::new(keys, &reference, person, draw)).collect(),
        reference,
        part,
    }
}

/// Takes a submission in: its rows, its events, and what follows from them.
pub fn submit(w: &mut Write<'_>, incident: &Incident, staff: bool, prepared: &Prepared) -> Result<Submitted> {
    rules::may_come_in(incident, staff)?;
    let at = prepared.told.at(w.now(), None, false)?;
    let places = places(w, incident, &prepared.needs)?;
    let submission = store::insert(w, incident.id, prepared, at)?;
    let mut ids = Vec::with_capacity(prepared.needs.len());
    for need in &prepared.needs {
        let id = store::insert_need(w, incident.id, submission, prepared.act.organisation, need)?;
        for (i, line) in need.part.lines.iter().enumerate() {
            lines::store::insert(w, incident.id, id, i as i64 + 1, line)?;
        }
        contacts::store::insert(w, incident.id, id, &need.contacts)?;
        ids.push(id);
    }
    let people: Vec<(i64, &PreparedPerson)> =
        ids.iter().zip(&prepared.needs).flat_map(|(id, need)| need.named.iter().map(|person| (*id, person))).collect();
    let mut persons = people::service::resolve(w, incident.id, &people)?.into_iter();
    let mut drafts = Vec::with_capacity(ids.len());
    for ((id, need), place) in ids.iter().zip(&prepared.needs).zip(places) {
        let named = persons.by_ref().take(need.named.len()).collect();
        drafts.push(Draft::new(*id, at, submitted(need, place, named, prepared, drafts.is_empty())));
    }
    let locked = open(w, incident.id)?;
    for event in append(w, locked, &prepared.act, drafts)? {
        texts::keep(w, incident.id, &event, prepared.late_reason.as_slice())?;
    }
    Ok(answer(incident, prepared, &ids, at))
}

fn submitted(need: &PreparedNeed, place: Place, persons: Vec<String>, prepared: &Prepared, first: bool) -> Kind {
    let part = &need.part;
    Kind::Submitted {
        reference: need.reference.to_string(),
        category: part.category,
        place,
        urgency: part.urgency,
        groups: part.groups.clone(),
        people: part.people,
        persons,
        contacts: need.numbers,
        lines: part.lines.iter().enumerate().map(|(i, line)| line.spec(i as i64 + 1)).collect(),
        source: prepared.source,
        first,
    }
}

/// Where the needs lie, each region looked up once; unknown ones are named all at once.
fn places(w: &mut Write<'_>, incident: &Incident, needs: &[PreparedNeed]) -> Result<Vec<Place>> {
    let mut errors = Vec::new();
    let mut places: Vec<Place> = Vec::with_capacity(needs.len());
    for need in needs {
        let region = need.part.region.as_deref();
        let place = match places.iter().find(|known| known.region.as_deref() == region) {
            Some(known) => Some(known.clone()),
            None => place(w, incident, region)?,
        };
        match place {
            Some(place) => places.push(place),
            None => errors.push(FieldError::new(format!("{}/region", need.part.pointer), FieldCode::NotARegion)),
        }
    }
    if errors.is_empty() { Ok(places) } else { Err(Error::Invalid(errors)) }
}

/// A place by its region's code, or without one; `None` where there is no such region.
pub fn place(w: &mut Write<'_>, incident: &Incident, region: Option<&str>) -> Result<Option<Place>> {
    let path = match region {
        Some(code) => match regions::store::path(w, code)? {
            Some(path) => Some(path),
            None => return Ok(None),
        },
        None => None,
    };
    let district = regions::rules::district(&incident.area_path, path.as_deref()).as_str().to_owned();
    Ok(Some(Place { region: region.map(str::to_owned), path: path.unwrap_or_default(), district }))
}

fn answer(incident: &Incident, prepared: &Prepared, ids: &[i64], at: Time) -> Submitted {
    let need = |(id, need): (&i64, &PreparedNeed)| SubmittedNeed { id: *id, reference: need.reference.clone(), stage: Stage::Collected };
    Submitted {
        reference: prepared.reference.clone(),
        needs: ids.iter().zip(&prepared.needs).map(need).collect(),
        submitted_at: at.to_rfc3339(incident.zone),
        secret_link: prepared.secret.as_deref().map(|secret| secret_link(incident, secret)),
    }
}

/// Path of the page of a submission, which only who knows it can open.
fn secret_link(incident: &Incident, secret: &str) -> String {
    format!("/i/{}/n/{secret}", incident.slug)
}
