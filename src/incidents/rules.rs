//! What an incident may be called, where it may be, and how its state may change.

use chrono_tz::Tz;

use super::model::{Incident, IncidentState, Intake, PublicFigures};
use crate::clock::{DAY, Time};
use crate::error::{FieldCode, FieldError, Refusal, RefusalCode};

/// The cut-off where none is named: 19:00.
pub const DEFAULT_CUT_OFF: i64 = 19;

/// The longest name.
pub const NAME_LIMIT: usize = 80;

/// The longest text beside a closed intake.
pub const INTAKE_TEXT_LIMIT: usize = 500;

const SLUG_LONGEST: usize = 40;

/// How far ahead of its beginning an incident may be prepared.
const AHEAD: i64 = 366 * DAY;

/// A slug: 1 to 40 lower-case letters and digits of ASCII, words joined by single dashes.
pub fn check_slug(slug: &str) -> Result<(), FieldError> {
    let wrong = |code| FieldError::new("/slug", code);
    let letters = slug.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-');
    if slug.is_empty() {
        Err(wrong(FieldCode::Empty))
    } else if !letters || slug.starts_with('-') || slug.ends_with('-') || slug.contains("--") {
        Err(wrong(FieldCode::NotASlug))
    } else if slug.len() > SLUG_LONGEST {
        Err(wrong(FieldCode::TooLong).limit(SLUG_LONGEST as i64))
    } else {
        Ok(())
    }
}

/// A zone by its name in the tz database: `Asia/Shanghai`.
pub fn check_zone(zone: &str) -> Result<Tz, FieldError> {
    zone.parse().map_err(|_| FieldError::new("/zone", FieldCode::NotAZone))
}

/// A full hour of the day.
pub fn check_cut_off(hour: i64) -> Result<u32, FieldError> {
    match u32::try_from(hour) {
        Ok(hour @ 0..=23) => Ok(hour),
        Ok(_) => Err(FieldError::new("/cut_off_hour", FieldCode::TooLarge).limit(23)),
        Err(_) => Err(FieldError::new("/cut_off_hour", if hour < 0 { FieldCode::TooSmall } else { FieldCode::TooLarge })),
    }
}

/// When it began; or will, at most a year ahead.
pub fn check_start(started_at: Time, now: Time) -> Result<Time, FieldError> {
    if started_at > now.plus(AHEAD) { Err(FieldError::new("/started_at", FieldCode::InTheFuture)) } else { Ok(started_at) }
}

/// Intake and work may stop and go on; a closed incident can be taken up again; a destroyed one stays so.
pub fn may_become(from: IncidentState, to: IncidentState) -> Result<(), Refusal> {
    use IncidentState::{Active, Closed, Destroyed, Paused};
    match (from, to) {
        (Destroyed, _) | (_, Destroyed) => Err(RefusalCode::IncidentClosed.into()),
        (Active, Active) | (Paused, Paused) | (Closed, Closed) => Err(RefusalCode::StateUnchanged.into()),
        (Active | Paused | Closed, Active | Paused | Closed) => Ok(()),
    }
}

/// Whether somebody who takes no part in an incident may know of it: its figures are public, or it takes needs from the public.
pub fn known_to_the_public(incident: &Incident) -> bool {
    let takes_needs = incident.state == IncidentState::Active && incident.intake != Intake::Paused;
    takes_needs || incident.public_figures != PublicFigures::None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs() {
        for good in ["xian-2022", "t1", "2022-xian", "practice"] {
            assert_eq!(check_slug(good), Ok(()), "{good}");
        }
        let long = "a".repeat(41);
        for (bad, code) in [
            ("", FieldCode::Empty),
            (long.as_str(), FieldCode::TooLong),
            ("-xian", FieldCode::NotASlug),
            ("Xian", FieldCode::NotASlug),
            ("xian_2022", FieldCode::NotASlug),
            ("xian--2022", FieldCode::NotASlug),
            ("xian-", FieldCode::NotASlug),
            ("../xian", FieldCode::NotASlug),
            ("西安", FieldCode::NotASlug),
        ] {
            assert_eq!(check_slug(bad).map_err(|error| error.code), Err(code), "{bad}");
        }
    }

    #[test]
    fn zones_and_hours() {
        assert_eq!(check_zone("Asia/Shanghai"), Ok(Tz::Asia__Shanghai));
        assert_eq!(check_zone("Asia/Xian").map_err(|error| error.code), Err(FieldCode::NotAZone));
        assert_eq!((check_cut_off(0), check_cut_off(23)), (Ok(0), Ok(23)));
        for (hour, code) in
            [(-1, FieldCode::TooSmall), (24, FieldCode::TooLarge), (i64::MAX, FieldCode::TooLarge), (i64::MIN, FieldCode::TooSmall)]
        {
            assert_eq!(check_cut_off(hour).map_err(|error| error.code), Err(code), "{hour}");
        }
    }

    #[test]
    fn states() {
        use IncidentState::{Active, Closed, Destroyed, Paused};
        for (from, to) in [(Active, Paused), (Paused, Active), (Active, Closed), (Paused, Closed), (Closed, Active), (Closed, Paused)] {
            assert_eq!(may_become(from, to), Ok(()), "{from} to {to}");
        }
        for state in IncidentState::ALL {
            assert!(may_become(Destroyed, *state).is_err() && may_become(*state, Destroyed).is_err());
            assert!(may_become(*state, *state).is_err());
        }
    }
}
