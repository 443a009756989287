//! When something occurred: what a command may say about it, and what is stored. Pure.

use crate::clock::{HOUR, MINUTE, Time};
use crate::error::{Error, FieldCode, FieldError, Result};
use crate::text;

/// A clock may be ahead by this much; what lies within is stored as now.
const AHEAD: i64 = 2 * MINUTE;
/// What occurred longer ago than this is a back-entry (补录) and needs its reason.
const LATE: i64 = 15 * MINUTE;
/// An incoming call may have begun so long before the submission that was written during it; it counts at the submission.
const CALL_BEFORE: i64 = 2 * HOUR;
const REASON_LIMIT: usize = 500;

/// What a command says of its own time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// When it occurred; now, where nothing is said.
    pub occurred_at: Option<Time>,
    /// Why it is entered late.
    pub late_reason: Option<String>,
    /// What a device said the time was: kept, never counted.
    pub device_at: Option<Time>,
}

impl Told {
    /// Reads the fields `occurred_at`, `late_reason` and `device_at` of a body; what is wrong with them is added to `errors`.
    pub fn read(occurred_at: Option<&str>, late_reason: Option<&str>, device_at: Option<&str>, errors: &mut Vec<FieldError>) -> Told {
        let mut time = |pointer: &str, given: Option<&str>| {
            let read = given.map(|text| Time::parse(text).ok_or_else(|| FieldError::new(pointer, FieldCode::NotATime)));
            read.and_then(|read| FieldError::collect(errors, read))
        };
        let (occurred_at, device_at) = (time("/occurred_at", occurred_at), time("/device_at", device_at));
        let reason = late_reason.map(|reason| text::line("/late_reason", reason, REASON_LIMIT));
        let late_reason = reason.and_then(|read| FieldError::collect(errors, read));
        Told { occurred_at, late_reason, device_at }
    }

    /// When it occurred: not in the future, not before the earliest submission of its root (none for a submission itself), and with a reason
    /// where it lies back. An incoming call up to two hours before the submission counts at the submission.
    pub fn at(&self, now: Time, earliest: Option<Time>, incoming_call: bool) -> Result<Time> {
        let submitted = earliest.unwrap_or(Time(i64::MIN));
        let Some(asked) = self.occurred_at.filter(|asked| *asked <= now || *asked > now.plus(AHEAD)) else {
            return Ok(now.max(submitted));
        };
        if asked > now {
            return Err(Error::field("/occurred_at", FieldCode::InTheFuture));
        }
        let at = if incoming_call && asked.plus(CALL_BEFORE) >= submitted { asked.max(submitted) } else { asked };
        if at < submitted {
            return Err(Error::field("/occurred_at", FieldCode::BeforeSubmission));
        }
        if asked.plus(LATE) < now && self.late_reason.is_none() {
            return Err(Error::field("/late_reason", FieldCode::Missing));
        }
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_000 * HOUR);
    const SUBMITTED: Option<Time> = Some(Time(990 * HOUR));

    fn at(asked: Option<i64>, reason: bool, earliest: Option<Time>, incoming: bool) -> Result<Time, (String, FieldCode)> {
        let told = Told { occurred_at: asked.map(|by| NOW.plus(by)), late_reason: reason.then(|| "断网".to_owned()), device_at: None };
        told.at(NOW, earliest, incoming).map_err(|error| match error {
            Error::Invalid(errors) => (errors[0].pointer.clone(), errors[0].code),
            other => panic!("{other}"),
        })
    }

    #[test]
    fn now_unless_something_is_said() {
        assert_eq!(at(None, false, SUBMITTED, false), Ok(NOW));
        assert_eq!(at(Some(2 * MINUTE), false, SUBMITTED, false), Ok(NOW));
        assert_eq!(at(Some(-15 * MINUTE), false, SUBMITTED, false), Ok(NOW.plus(-15 * MINUTE)));
        assert_eq!(at(None, false, Some(NOW.plus(5)), false), Ok(NOW.plus(5)), "another node's clock was ahead");
    }

    #[test]
    fn the_future_and_what_lies_before_the_submission_are_refused() {
        let future = Err(("/occurred_at".to_owned(), FieldCode::InTheFuture));
        assert_eq!(at(Some(2 * MINUTE + 1), true, SUBMITTED, true), future);
        let before = Err(("/occurred_at".to_owned(), FieldCode::BeforeSubmission));
        assert_eq!(at(Some(-10 * HOUR - 1), true, SUBMITTED, false), before);
        assert_eq!(at(Some(-10 * HOUR), true, SUBMITTED, false), Ok(NOW.plus(-10 * HOUR)));
    }

    #[test]
    fn what_lies_back_needs_its_reason() {
        let missing = Err(("/late_reason".to_owned(), FieldCode::Missing));
        assert_eq!(at(Some(-15 * MINUTE - 1), false, SUBMITTED, false), missing);
        assert_eq!(at(Some(-15 * MINUTE - 1), true, SUBMITTED, false), Ok(NOW.plus(-15 * MINUTE - 1)));
        assert_eq!(at(Some(-900 * HOUR), true, None, false), Ok(NOW.plus(-900 * HOUR)), "a submission has nothing before it");
    }

    #[test]
    fn a_call_that_led_to_the_need_counts_at_its_submission() {
        assert_eq!(at(Some(-12 * HOUR), true, SUBMITTED, true), Ok(Time(990 * HOUR)));
        let before = Err(("/occurred_at".to_owned(), FieldCode::BeforeSubmission));
        assert_eq!(at(Some(-12 * HOUR - 1), true, SUBMITTED, true), before);
    }

    #[test]
    fn what_can_not_be_read_is_named() {
        let mut errors = Vec::new();
        let told = Told::read(Some("yesterday"), Some(" "), Some("2022-01-09 19:00"), &mut errors);
        assert_eq!(told, Told::default());
        let named: Vec<_> = errors.iter().map(|e| (e.pointer.as_str(), e.code)).collect();
        let time = FieldCode::NotATime;
        assert_eq!(named, [("/occurred_at", time), ("/device_at", time), ("/late_reason", FieldCode::Empty)]);
    }
}
