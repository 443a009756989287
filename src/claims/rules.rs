//! Reads what is sent in about claims, and says for whom somebody claims. Pure.

use super::model::*;
use crate::accounts::model::{Actor, Role};
use crate::clock::{Time, parse_day};
use crate::error::{Error, FieldCode, FieldError, RefusalCode, Result};
use crate::ids::Reference;
use crate::ledger::texts;
use crate::ledger::when::Told;

/// The largest quantity.
const MOST: i64 = 1_000_000;

/// Reads a claim, or names every field that must be mended.
pub fn read_claim(new: NewClaim) -> Result<Claim> {
    let mut errors = Vec::new();
    let errors_ = &mut errors;
    read_quantity(new.quantity, errors_);
    let planned_at = read_time("/planned_at", new.planned_at.as_deref(), errors_);
    if new.state == Taken::Held && new.planned_at.is_some() {
        errors_.push(FieldError::new("/planned_at", FieldCode::Inconsistent));
    }
    let (first_day, last_day) =
        (read_day("/first_day", new.first_day.as_deref(), errors_), read_day("/last_day", new.last_day.as_deref(), errors_));
    if first_day.zip(last_day).is_some_and(|(first, last)| first > last) {
        errors_.push(FieldError::new("/last_day", FieldCode::Inconsistent));
    }
    let organisation = new.organisation.as_deref().and_then(|text| {
        let read = Reference::parse(text).ok_or_else(|| FieldError::new("/organisation", FieldCode::NotAReference));
        FieldError::collect(errors_, read)
    });
    let early_reason = read_words("/early_reason", new.early_reason.as_deref(), errors_);
    let note = read_words("/note", new.note.as_deref(), errors_);
    let told = Told::read(new.occurred_at.as_deref(), new.late_reason.as_deref(), new.device_at.as_deref(), errors_);
    if organisation.is_none() && new.occurred_at.is_some() {
        errors_.push(FieldError::new("/occurred_at", FieldCode::Inconsistent));
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    Ok(Claim { quantity: new.quantity, taken: new.state, planned_at, first_day, last_day, early_reason, organisation, note, told })
}

/// Reads a confirmation.
pub fn read_confirmation(new: NewConfirmation) -> Result<(Turn, Told)> {
    let mut errors = Vec::new();
    read_quantity(new.quantity, &mut errors);
    let planned_at = read_time("/planned_at", new.planned_at.as_deref(), &mut errors);
    let told = Told::read(new.occurred_at.as_deref(), new.late_reason.as_deref(), new.device_at.as_deref(), &mut errors);
    if errors.is_empty() { Ok((Turn::Confirm { quantity: new.quantity, planned_at }, told)) } else { Err(Error::Invalid(errors)) }
}

/// Reads a release: its reason, and what it says of its time.
pub fn read_release(new: NewRelease) -> Result<(String, Told)> {
    let mut errors = Vec::new();
    let reason = read_words("/reason", Some(&new.reason), &mut errors);
    let told = Told::read(new.occurred_at.as_deref(), new.late_reason.as_deref(), new.device_at.as_deref(), &mut errors);
    match reason {
        Some(reason) if errors.is_empty() => Ok((reason, told)),
        _ => Err(Error::Invalid(errors)),
    }
}

/// Reads a quantity that is given back.
pub fn read_give_back(new: NewGiveBack) -> Result<(Turn, Told)> {
    let mut errors = Vec::new();
    read_quantity(new.quantity, &mut errors);
    let told = Told::read(new.occurred_at.as_deref(), new.late_reason.as_deref(), new.device_at.as_deref(), &mut errors);
    if errors.is_empty() { Ok((Turn::GiveBack { quantity: new.quantity }, told)) } else { Err(Error::Invalid(errors)) }
}

/// Reads progress: a note, and what it says of its time.
pub fn read_progress(new: NewProgress) -> Result<(Option<String>, Told)> {
    let mut errors = Vec::new();
    let note = read_words("/note", new.note.as_deref(), &mut errors);
    let told = Told::read(new.occurred_at.as_deref(), new.late_reason.as_deref(), new.device_at.as_deref(), &mut errors);
    if errors.is_empty() { Ok((note, told)) } else { Err(Error::Invalid(errors)) }
}

/// A quantity of at least one, and not absurd.
pub fn read_quantity(quantity: i64, errors: &mut Vec<FieldError>) {
    if quantity < 1 {
        errors.push(FieldError::new("/quantity", FieldCode::TooSmall).limit(1));
    }
    if quantity > MOST {
        errors.push(FieldError::new("/quantity", FieldCode::TooLarge).limit(MOST));
    }
}

/// A date as days since 1970-01-01.
pub fn read_day(pointer: &str, text: Option<&str>, errors: &mut Vec<FieldError>) -> Option<i64> {
    let read = text?;
    FieldError::collect(errors, parse_day(read).ok_or_else(|| FieldError::new(pointer, FieldCode::NotADate)))
}

fn read_time(pointer: &str, text: Option<&str>, errors: &mut Vec<FieldError>) -> Option<Time> {
    let read = text?;
    FieldError::collect(errors, Time::parse(read).ok_or_else(|| FieldError::new(pointer, FieldCode::NotATime)))
}

fn read_words(pointer: &str, words: Option<&str>, errors: &mut Vec<FieldError>) -> Option<String> {
    words.and_then(|words| FieldError::collect(errors, texts::check(pointer, words)))
}

/// The organisation that somebody claims for where none is named: the one in which they coordinate this place, else any in which they
/// coordinate. The desk must name one.
pub fn claims_for(actor: &Actor, region_path: &str) -> Result<i64> {
    let here = actor.grants_of(Role::Coordinator).find(|grant| grant.covers(region_path));
    let grant = here.or_else(|| actor.grants_of(Role::Coordinator).next());
    grant.map(|grant| grant.organisation).ok_or_else(|| Error::field("/organisation", FieldCode::Missing))
}

/// Whether an organisation that holds so many may hold one more.
pub fn may_hold(held: i64) -> Result<()> {
    if held >= MOST_HELD { Err(RefusalCode::HeldCapReached.into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::model::Grant;

    fn errors(body: serde_json::Value) -> Vec<(String, FieldCode)> {
        let Err(Error::Invalid(errors)) = read_claim(serde_json::from_value(body).unwrap()) else { panic!() };
        errors.into_iter().map(|e| (e.pointer, e.code)).collect()
    }

    #[test]
    fn every_wrong_field_is_named() {
        let found = errors(serde_json::json!({
            "quantity": 0, "state": "held", "planned_at": "tomorrow", "first_day": "2022-02-30", "organisation": "7",
            "early_reason": "", "occurred_at": "2022-01-09T19:00:00+08:00",
        }));
        let expected = [
            ("/quantity", FieldCode::TooSmall),
            ("/planned_at", FieldCode::NotATime),
            ("/planned_at", FieldCode::Inconsistent),
            ("/first_day", FieldCode::NotADate),
            ("/organisation", FieldCode::NotAReference),
            ("/early_reason", FieldCode::Empty),
            ("/occurred_at", FieldCode::Inconsistent),
        ];
        assert_eq!(found, expected.map(|(pointer, code)| (pointer.to_owned(), code)));
        let reversed =
            serde_json::json!({"quantity": 1_000_001, "state": "confirmed", "first_day": "2022-01-09", "last_day": "2022-01-08"});
        assert_eq!(errors(reversed), [("/quantity".to_owned(), FieldCode::TooLarge), ("/last_day".to_owned(), FieldCode::Inconsistent)]);
    }

    #[test]
    fn whom_somebody_claims_for() {
        let grant = |role, path: &str, organisation| Grant { role, region_path: path.into(), organisation };
        let actor = |grants: Vec<Grant>| Actor { grants, ..Actor::default() };
        let both = actor(vec![grant(Role::Coordinator, "61/6102/", 1), grant(Role::Coordinator, "61/6101/", 2)]);
        assert_eq!(claims_for(&both, "61/6101/610113/").unwrap(), 2);
        assert_eq!(claims_for(&both, "62/").unwrap(), 1);
        assert!(matches!(claims_for(&actor(vec![grant(Role::Operator, "", 3)]), "61/"), Err(Error::Invalid(_))));
    }
}
