//! Reading a submission, and whether it may come in. Pure.

use super::model::*;
use crate::accounts::model::{Actor, Role};
use crate::clock::Time;
use crate::error::{Error, FieldCode, FieldError, Refusal, RefusalCode, Result};
use crate::incidents::model::{Incident, IncidentState, Intake};
use crate::ledger::model::{PeopleGroup, Source};
use crate::ledger::when::Told;
use crate::needs::contacts::Contact;
use crate::needs::lines;
use crate::needs::people::{NewPerson, Person};
use crate::text;

/// Most needs of a submission.
const MOST_NEEDS: usize = 30;
const MOST_PEOPLE: i64 = 100_000;
const MOST_NAMED: usize = 100;
const DESCRIPTION_LIMIT: usize = 2000;
const ADDRESS_LIMIT: usize = 200;

/// Who submits with an account.
pub const STAFF: &[Role] = &[Role::CommunityWorker, Role::Operator];

/// Whether the actor submits with its account; whoever holds neither role submits as everybody may.
pub fn is_staff(actor: &Actor) -> bool {
    actor.user.is_some() && actor.has_any(STAFF)
}

/// Whether something may come in now.
pub fn may_come_in(incident: &Incident, staff: bool) -> Result<(), Refusal> {
    let closed = Refusal::new(RefusalCode::IntakeClosed).with("text", incident.intake_text.clone());
    match incident.state {
        IncidentState::Closed | IncidentState::Destroyed => Err(RefusalCode::IncidentClosed.into()),
        IncidentState::Paused => Err(closed),
        IncidentState::Active if staff || incident.intake == Intake::Open => Ok(()),
        IncidentState::Active => Err(closed.with("intake", incident.intake.as_str())),
    }
}

/// Reads a submission: everything that is wrong with it is told at once. `single`: its one need stands at the top of the body.
pub fn read(new: NewSubmission, single: bool, actor: &Actor, now: Time) -> Result<Submission> {
    let mut errors = Vec::new();
    let contacts = Contact::read_all("/contacts", &new.contacts, &mut errors);
    let told = Told::read(new.occurred_at.as_deref(), new.late_reason.as_deref(), new.device_at.as_deref(), &mut errors);
    let source = FieldError::collect(&mut errors, source(actor, new.source));
    if !is_staff(actor) {
        for (pointer, given) in [("/occurred_at", new.occurred_at.is_some()), ("/late_reason", new.late_reason.is_some())] {
            if given {
                errors.push(FieldError::new(pointer, FieldCode::UnknownField));
            }
        }
    }
    if new.needs.is_empty() {
        errors.push(FieldError::new("/needs", FieldCode::Empty));
    } else if new.needs.len() > MOST_NEEDS {
        errors.push(FieldError::new("/needs", FieldCode::TooMany).limit(MOST_NEEDS as i64));
    }
    let pointer = |i: usize| if single { String::new() } else { format!("/needs/{i}") };
    let parts = new.needs.into_iter().take(MOST_NEEDS).enumerate();
    let needs: Vec<Part> = parts.filter_map(|(i, part)| read_part(pointer(i), part, now, &mut errors)).collect();
    match source {
        Some(source) if errors.is_empty() => Ok(Submission { contacts, needs, source, told }),
        _ => Err(Error::Invalid(errors)),
    }
}

/// Which way it came in: the public's way is the web; who has an account says which, and is believed but for the web.
fn source(actor: &Actor, asked: Option<Source>) -> Result<Source, FieldError> {
    match (is_staff(actor), asked) {
        (false, None | Some(Source::Web)) => Ok(Source::Web),
        (true, None) if actor.has(Role::Operator) => Ok(Source::Phone),
        (true, None) => Ok(Source::Community),
        (true, Some(source)) if source != Source::Web => Ok(source),
        _ => Err(FieldError::new("/source", FieldCode::Inconsistent)),
    }
}

fn read_part(pointer: String, new: NewPart, now: Time, errors: &mut Vec<FieldError>) -> Option<Part> {
    let before = errors.len();
    let at = |field: &str| format!("{pointer}/{field}");
    let lines = lines::rules::read_all(&at("lines"), &new.lines, now, errors);
    let people = FieldError::collect(errors, count(&at("people/count"), new.people.count));
    let most = people.map_or(MOST_NAMED, |count| MOST_NAMED.min(count as usize));
    let named = read_named(&at("people/named"), &new.people.named, most, errors);
    distinct_groups(&at("people/groups"), &new.people.groups, errors);
    let description = FieldError::collect(errors, text::lines(&at("description"), &new.description, DESCRIPTION_LIMIT));
    let address = new.address.as_deref().map(|address| address_line(&at("address"), address));
    let address = address.and_then(|read| FieldError::collect(errors, read));
    if errors.len() > before {
        return None;
    }
    Some(Part {
        pointer,
        category: new.category,
        region: new.region,
        lines,
        people: people?,
        named,
        groups: new.people.groups,
        urgency: new.urgency,
        description: description?,
        address,
    })
}

/// Where to: sealed, so it may hold anything but lines.
pub fn address_line(pointer: &str, address: &str) -> Result<String, FieldError> {
    text::line(pointer, address, ADDRESS_LIMIT)
}

/// How many people a need is for.
pub fn count(pointer: &str, count: i64) -> Result<i64, FieldError> {
    match count {
        ..1 => Err(FieldError::new(pointer, FieldCode::TooSmall).limit(1)),
        1..=MOST_PEOPLE => Ok(count),
        _ => Err(FieldError::new(pointer, FieldCode::TooLarge).limit(MOST_PEOPLE)),
    }
}

/// People who are named, each once.
pub fn read_named(pointer: &str, named: &[NewPerson], most: usize, errors: &mut Vec<FieldError>) -> Vec<Person> {
    if named.len() > most {
        errors.push(FieldError::new(pointer, FieldCode::TooMany).limit(most as i64));
    }
    let mut people: Vec<Person> = Vec::new();
    for (i, new) in named.iter().take(most).enumerate() {
        let pointer = format!("{pointer}/{i}");
        if let Some(person) = Person::read(&pointer, new, errors) {
            if people.iter().any(|known| known.key() == person.key()) {
                errors.push(FieldError::new(pointer, FieldCode::Duplicate));
            }
            people.push(person);
        }
    }
    people
}

/// Groups, each once.
pub fn distinct_groups(pointer: &str, groups: &[PeopleGroup], errors: &mut Vec<FieldError>) {
    for (i, group) in groups.iter().enumerate() {
        if groups[..i].contains(group) {
            errors.push(FieldError::new(format!("{pointer}/{i}"), FieldCode::Duplicate));
        }
    }
}
