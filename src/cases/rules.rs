//! Reads what is sent in about cases. Pure.

use super::model::*;
use crate::error::{Error, FieldCode, FieldError, Result};
use crate::ids::Reference;
use crate::ledger::texts;
use crate::ledger::when::Told;
use crate::needs::people::{NewPerson, Person};

/// Most people that one response can reach.
const MOST_REACHED: i64 = 10_000;
/// Most people that one response can name.
const MOST_NAMED: usize = 100;

/// Reads an opening or ending.
pub fn read_turn(new: NewTurn) -> Result<Turn> {
    let mut errors = Vec::new();
    let note = words("/note", new.note.as_deref(), &mut errors);
    let told = Told::read(new.occurred_at.as_deref(), new.late_reason.as_deref(), new.device_at.as_deref(), &mut errors);
    if errors.is_empty() { Ok(Turn { note, told }) } else { Err(Error::Invalid(errors)) }
}

/// Reads a response, or names every field that must be mended.
pub fn read_response(new: NewResponse) -> Result<Response> {
    let mut errors = Vec::new();
    if new.reached < 1 {
        errors.push(FieldError::new("/reached", FieldCode::TooSmall).limit(1));
    }
    if new.reached > MOST_REACHED {
        errors.push(FieldError::new("/reached", FieldCode::TooLarge).limit(MOST_REACHED));
    }
    if new.people.len() > MOST_NAMED {
        errors.push(FieldError::new("/people", FieldCode::TooMany).limit(MOST_NAMED as i64));
    }
    let people = new.people.iter().take(MOST_NAMED).enumerate();
    let people = people.filter_map(|(i, who)| read_reached(&format!("/people/{i}"), who, &mut errors)).collect();
    let group_reason = words("/group_reason", new.group_reason.as_deref(), &mut errors);
    let note = words("/note", new.note.as_deref(), &mut errors);
    let told = Told::read(new.occurred_at.as_deref(), new.late_reason.as_deref(), new.device_at.as_deref(), &mut errors);
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    Ok(Response { reached: new.reached, people, group_reason, note, told })
}

fn read_reached(pointer: &str, new: &NewReached, errors: &mut Vec<FieldError>) -> Option<Reached> {
    let field = |name: &str, code| FieldError::new(format!("{pointer}/{name}"), code);
    match (&new.person, &new.name) {
        (Some(_), _) if new.name.is_some() || new.phone.is_some() => {
            errors.push(field("person", FieldCode::Inconsistent));
            None
        }
        (Some(person), _) => {
            let known = Reference::parse(person).ok_or_else(|| field("person", FieldCode::NotAReference));
            FieldError::collect(errors, known).map(Reached::Known)
        }
        (None, Some(name)) => {
            let new = NewPerson { name: name.clone(), phone: new.phone.clone() };
            Person::read(pointer, &new, errors).map(Reached::Named)
        }
        (None, None) => {
            errors.push(field("name", FieldCode::Missing));
            None
        }
    }
}

pub(super) fn words(pointer: &str, words: Option<&str>, errors: &mut Vec<FieldError>) -> Option<String> {
    words.and_then(|words| FieldError::collect(errors, texts::check(pointer, words)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_field_is_named() {
        let body = serde_json::json!({
            "reached": 0, "group_reason": "\u{7}", "late_reason": "x".repeat(501),
            "people": [{"person": "7"}, {"name": ""}, {"phone": "13800000000"}, {"person": "7", "name": "张三"}, {"name": "张三", "phone": "12"}],
        });
        let Err(Error::Invalid(errors)) = read_response(serde_json::from_value(body).unwrap()) else { panic!() };
        let named: Vec<_> = errors.iter().map(|e| (e.pointer.as_str(), e.code)).collect();
        let expected = [
            ("/reached", FieldCode::TooSmall),
            ("/people/0/person", FieldCode::NotAReference),
            ("/people/1/name", FieldCode::Empty),
            ("/people/2/name", FieldCode::Missing),
            ("/people/3/person", FieldCode::Inconsistent),
            ("/people/4/phone", FieldCode::NotAPhone),
            ("/group_reason", FieldCode::ControlCharacter),
            ("/late_reason", FieldCode::TooLong),
        ];
        assert_eq!(named, expected);
    }
}
