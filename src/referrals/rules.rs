//! Reads what is sent in about referrals. Pure.

use super::model::*;
use crate::clock::{DAY, Time};
use crate::error::{Error, FieldCode, FieldError, Result};
use crate::ledger::texts;
use crate::ledger::when::Told;
use crate::text;

/// Most characters of a body, of who accepted there, and of a receipt.
const LIMIT: usize = 100;
/// A date later than this is a slip of the pen.
const LONGEST: i64 = 366 * DAY;

/// Reads a referral, or names every field that must be mended.
pub fn read_referral(new: NewReferral) -> Result<Referral> {
    let mut errors = Vec::new();
    let body = FieldError::collect(&mut errors, text::line("/body", &new.body, LIMIT));
    let due_at = Time::parse(&new.due_at).ok_or_else(|| FieldError::new("/due_at", FieldCode::NotATime));
    let due_at = FieldError::collect(&mut errors, due_at);
    let note = new.note.as_deref().and_then(|note| FieldError::collect(&mut errors, texts::check("/note", note)));
    let told = Told::read(new.occurred_at.as_deref(), new.late_reason.as_deref(), new.device_at.as_deref(), &mut errors);
    match (body, due_at) {
        (Some(body), Some(due_at)) if errors.is_empty() => Ok(Referral { body, due_at, note, told }),
        _ => Err(Error::Invalid(errors)),
    }
}

/// Reads an acceptance, or names every field that must be mended.
pub fn read_acceptance(new: NewAcceptance) -> Result<Acceptance> {
    let mut errors = Vec::new();
    let accepted_by = FieldError::collect(&mut errors, text::line("/accepted_by", &new.accepted_by, LIMIT));
    let receipt = new.receipt.as_deref().and_then(|receipt| FieldError::collect(&mut errors, text::line("/receipt", receipt, LIMIT)));
    let note = new.note.as_deref().and_then(|note| FieldError::collect(&mut errors, texts::check("/note", note)));
    let told = Told::read(new.occurred_at.as_deref(), new.late_reason.as_deref(), new.device_at.as_deref(), &mut errors);
    match accepted_by {
        Some(accepted_by) if errors.is_empty() => Ok(Acceptance { accepted_by, receipt, note, told }),
        _ => Err(Error::Invalid(errors)),
    }
}

/// A referral is due after it was made, within a year.
pub fn check_due(due_at: Time, at: Time) -> Result<()> {
    if due_at <= at {
        return Err(Error::field("/due_at", FieldCode::TooSmall));
    }
    if due_at > at.plus(LONGEST) { Err(Error::field("/due_at", FieldCode::TooLarge)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_field_is_named() {
        let body = serde_json::json!({"body": "x".repeat(101), "due_at": "soon", "late_reason": "\u{202e}"});
        let Err(Error::Invalid(errors)) = read_referral(serde_json::from_value(body).unwrap()) else { panic!() };
        let named: Vec<_> = errors.iter().map(|e| (e.pointer.as_str(), e.code)).collect();
        let expected = [("/body", FieldCode::TooLong), ("/due_at", FieldCode::NotATime), ("/late_reason", FieldCode::BidiCharacter)];
        assert_eq!(named, expected);
        assert!(
            check_due(Time(5), Time(5)).is_err() && check_due(Time(6), Time(5)).is_ok() && check_due(Time(LONGEST + 6), Time(5)).is_err()
        );
    }
}
