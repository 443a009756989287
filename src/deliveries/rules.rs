//! Reads what is sent in about deliveries, and says who may set which step. Pure.

use super::model::*;
use crate::claims::rules::{read_day, read_quantity};
use crate::error::{Error, FieldCode, FieldError, Result};
use crate::ledger::model::Step;
use crate::ledger::state::Claim;
use crate::ledger::texts;
use crate::ledger::when::Told;

/// Reads a delivery, or names every field that must be mended.
pub fn read_delivery(new: NewDelivery) -> Result<Delivery> {
    let mut errors = Vec::new();
    read_quantity(new.quantity, &mut errors);
    check_gate(new.step, new.at_gate, &mut errors);
    let day = read_day("/day", new.day.as_deref(), &mut errors);
    let note = new.note.as_deref().and_then(|note| FieldError::collect(&mut errors, texts::check("/note", note)));
    let told = Told::read(new.occurred_at.as_deref(), new.late_reason.as_deref(), new.device_at.as_deref(), &mut errors);
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    Ok(Delivery { quantity: new.quantity, step: new.step, day, at_gate: new.at_gate, note, told })
}

/// Reads a step, or names every field that must be mended.
pub fn read_step(new: NewStep) -> Result<Stepped> {
    let mut errors = Vec::new();
    if let Some(quantity) = new.quantity {
        read_quantity(quantity, &mut errors);
    }
    check_gate(new.step, new.at_gate, &mut errors);
    let note = new.note.as_deref().and_then(|note| FieldError::collect(&mut errors, texts::check("/note", note)));
    let told = Told::read(new.occurred_at.as_deref(), new.late_reason.as_deref(), new.device_at.as_deref(), &mut errors);
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    Ok(Stepped { step: new.step, quantity: new.quantity, at_gate: new.at_gate, note, told })
}

/// Only what is handed over can stand at the gate.
fn check_gate(step: Step, at_gate: bool, errors: &mut Vec<FieldError>) {
    if at_gate && step != Step::HandedOver {
        errors.push(FieldError::new("/at_gate", FieldCode::Inconsistent));
    }
}

/// The day of a delivery: the one that is named, or the claim's only one.
pub fn day(claim: &Claim, named: Option<i64>) -> Result<i64> {
    match named {
        Some(day) => Ok(day),
        None if claim.first_day == claim.last_day => Ok(claim.first_day),
        None => Err(Error::field("/day", FieldCode::Missing)),
    }
}

/// Community workers confirm what arrived, or that it was sent back; they don't move what others deliver.
pub fn arrives(step: Step) -> bool {
    matches!(step, Step::HandedOver | Step::SignedFor | Step::Refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_field_is_named() {
        let body = serde_json::json!({"quantity": -1, "step": "packed", "at_gate": true, "day": "09.01.2022", "note": "\u{1b}"});
        let Err(Error::Invalid(errors)) = read_delivery(serde_json::from_value(body).unwrap()) else { panic!() };
        let named: Vec<_> = errors.iter().map(|e| (e.pointer.as_str(), e.code)).collect();
        let expected = [
            ("/quantity", FieldCode::TooSmall),
            ("/at_gate", FieldCode::Inconsistent),
            ("/day", FieldCode::NotADate),
            ("/note", FieldCode::ControlCharacter),
        ];
        assert_eq!(named, expected);
        let body = serde_json::json!({"step": "signed_for", "quantity": 2_000_000});
        assert!(matches!(read_step(serde_json::from_value(body).unwrap()), Err(Error::Invalid(_))));
    }
}
