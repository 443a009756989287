//! Reads calls and visits, and says what one call found about needs that turn out to be one. Pure.

use super::model::*;
use crate::error::{Error, FieldCode, FieldError, Result};
use crate::ids::Reference;
use crate::ledger::model::Medium;
use crate::ledger::texts;
use crate::ledger::when::Told;

/// Most needs that one call can be about.
const MOST_NEEDS: usize = 30;

/// Reads a call, or names every field that must be mended.
pub fn read_call(new: NewCall) -> Result<Call> {
    let mut errors = Vec::new();
    if new.needs.is_empty() {
        errors.push(FieldError::new("/needs", FieldCode::Empty));
    }
    if new.needs.len() > MOST_NEEDS {
        errors.push(FieldError::new("/needs", FieldCode::TooMany).limit(MOST_NEEDS as i64));
    }
    let mut about = Vec::with_capacity(new.needs.len());
    for (i, said) in new.needs.iter().take(MOST_NEEDS).enumerate() {
        match Reference::parse(&said.reference) {
            Some(need) => about.push(About { need, conclusion: said.conclusion, assessed: said.assessed_urgency }),
            None => errors.push(FieldError::new(format!("/needs/{i}/reference"), FieldCode::NotAReference)),
        }
    }
    let note = read_note(new.note.as_deref(), &mut errors);
    let told = Told::read(new.occurred_at.as_deref(), new.late_reason.as_deref(), new.device_at.as_deref(), &mut errors);
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let medium = new.medium.unwrap_or(Medium::Voice);
    Ok(Call { direction: new.direction, medium, purpose: new.purpose, outcome: new.outcome, about, note, told })
}

/// Reads a visit, or names every field that must be mended.
pub fn read_visit(new: NewVisit) -> Result<Visit> {
    let mut errors = Vec::new();
    let note = read_note(new.note.as_deref(), &mut errors);
    let told = Told::read(new.occurred_at.as_deref(), new.late_reason.as_deref(), new.device_at.as_deref(), &mut errors);
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    Ok(Visit { conclusion: new.conclusion, assessed: new.assessed_urgency, note, told })
}

fn read_note(note: Option<&str>, errors: &mut Vec<FieldError>) -> Option<String> {
    note.and_then(|note| FieldError::collect(errors, texts::check("/note", note)))
}

/// What a call found about each root, in the order they were named: what was said about needs of one root must not contradict itself.
pub fn by_root(about: &[About], roots: &[i64]) -> Result<Vec<(i64, About)>> {
    let mut found: Vec<(i64, About)> = Vec::new();
    let mut errors = Vec::new();
    for (i, (said, root)) in about.iter().zip(roots).enumerate() {
        let Some((_, known)) = found.iter_mut().find(|(other, _)| other == root) else {
            found.push((*root, said.clone()));
            continue;
        };
        let mut contradicts = |field: &str, contradiction: bool| {
            if contradiction {
                errors.push(FieldError::new(format!("/needs/{i}/{field}"), FieldCode::Inconsistent));
            }
        };
        contradicts("conclusion", said.conclusion.is_some_and(|new| known.conclusion.is_some_and(|old| old != new)));
        contradicts("assessed_urgency", said.assessed.is_some_and(|new| known.assessed.is_some_and(|old| old != new)));
        known.conclusion = known.conclusion.or(said.conclusion);
        known.assessed = known.assessed.or(said.assessed);
    }
    if errors.is_empty() { Ok(found) } else { Err(Error::Invalid(errors)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::model::{Conclusion, Urgency};

    fn about(n: u64, conclusion: Option<Conclusion>, assessed: Option<Urgency>) -> About {
        About { need: Reference::from_number(n), conclusion, assessed }
    }

    #[test]
    fn needs_of_one_root_are_one() {
        let said =
            [about(1, Some(Conclusion::Genuine), None), about(2, None, Some(Urgency::High)), about(3, Some(Conclusion::NotGenuine), None)];
        let found = by_root(&said, &[7, 7, 8]).unwrap();
        assert_eq!(found, [(7, about(1, Some(Conclusion::Genuine), Some(Urgency::High))), (8, said[2].clone())]);
        let Err(Error::Invalid(errors)) = by_root(&said, &[7, 8, 7]) else { panic!() };
        assert_eq!((errors[0].pointer.as_str(), errors[0].code), ("/needs/2/conclusion", FieldCode::Inconsistent));
    }

    #[test]
    fn every_wrong_field_is_named() {
        let body = serde_json::json!({
            "direction": "outgoing", "purpose": "verify", "outcome": "answered", "note": "a\u{202e}b", "occurred_at": "2022-02-30T00:00:00Z",
            "late_reason": " ", "needs": [{"reference": "7"}],
        });
        let Err(Error::Invalid(errors)) = read_call(serde_json::from_value(body).unwrap()) else { panic!() };
        let named: Vec<_> = errors.iter().map(|e| (e.pointer.as_str(), e.code)).collect();
        assert_eq!(
            named,
            [
                ("/needs/0/reference", FieldCode::NotAReference),
                ("/note", FieldCode::BidiCharacter),
                ("/occurred_at", FieldCode::NotATime),
                ("/late_reason", FieldCode::Empty),
            ]
        );
    }
}
