//! Reads turns, or names every field that must be mended.

use super::model::*;
use crate::error::{Error, FieldError, Result};
use crate::ledger::model::CancelReason;
use crate::ledger::texts;
use crate::ledger::when::Told;

/// Reads a turn.
pub fn read(new: &NewTurn) -> Result<ReadTurn> {
    let mut errors = Vec::new();
    let why = new.reason.as_deref().map(|reason| why(reason, &mut errors)).unwrap_or_default();
    let told = Told::read(new.occurred_at.as_deref(), new.late_reason.as_deref(), new.device_at.as_deref(), &mut errors);
    if errors.is_empty() { Ok(ReadTurn { why, told }) } else { Err(Error::Invalid(errors)) }
}

/// Reads when an assessment was made.
pub fn read_told(new: &NewAssessment) -> Result<Told> {
    let mut errors = Vec::new();
    let told = Told::read(new.occurred_at.as_deref(), new.late_reason.as_deref(), new.device_at.as_deref(), &mut errors);
    if errors.is_empty() { Ok(told) } else { Err(Error::Invalid(errors)) }
}

fn why(reason: &str, errors: &mut Vec<FieldError>) -> Why {
    if let Some(code) = CancelReason::parse(reason) {
        return Why { code: Some(code), words: None };
    }
    match texts::check("/reason", reason) {
        Ok(words) => Why { code: None, words: Some(words) },
        Err(error) => {
            errors.push(error);
            Why::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_a_code_or_words() {
        let read = |reason: &str| {
            let mut errors = Vec::new();
            (why(reason, &mut errors), errors.len())
        };
        assert_eq!(read("duplicate"), (Why { code: Some(CancelReason::Duplicate), words: None }, 0));
        assert_eq!(read("居委会送来了"), (Why { code: None, words: Some("居委会送来了".into()) }, 0));
        assert_eq!(read("  ").1, 1);
    }
}
