//! Time: instants in milliseconds UTC, and the clock that hands them out. Nothing else in the house reads the system clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, FixedOffset, SecondsFormat, TimeZone, Utc};
use chrono_tz::Tz;

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Time(pub i64);

/// One second, minute, hour and day in milliseconds.
pub const SECOND: i64 = 1_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

impl Time {
    /// This instant moved by so many milliseconds.
    pub fn plus(self, milliseconds: i64) -> Time {
        Time(self.0.saturating_add(milliseconds))
    }

    /// RFC 3339 with the offset of a zone, milliseconds only where there are any.
    pub fn to_rfc3339(self, zone: Tz) -> String {
        let utc = DateTime::<Utc>::from_timestamp_millis(self.0).unwrap_or_default();
        let local: DateTime<FixedOffset> = zone.from_utc_datetime(&utc.naive_utc()).fixed_offset();
        let form = if self.0.rem_euclid(SECOND) == 0 { SecondsFormat::Secs } else { SecondsFormat::Millis };
        local.to_rfc3339_opts(form, false)
    }

    /// Parses RFC 3339 (an offset is required); `None` where it is not one or lies outside the years 1970 to 9999.
    pub fn parse(text: &str) -> Option<Time> {
        let at = DateTime::parse_from_rfc3339(text).ok()?.timestamp_millis();
        (0..253_402_300_800_000).contains(&at).then_some(Time(at))
    }
}

/// A date such as `2022-01-09` as days since 1970-01-01; `None` where it is not one or lies outside the years 1970 to 9999.
pub fn parse_day(text: &str) -> Option<i64> {
    let date = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    let day = date.signed_duration_since(chrono::NaiveDate::default()).num_days();
    (text.len() == 10 && (0..2_932_897).contains(&day)).then_some(day)
}

/// Days since 1970-01-01 as a date.
pub fn day_text(day: i64) -> String {
    DateTime::<Utc>::from_timestamp(day.saturating_mul(86_400), 0).unwrap_or_default().format("%Y-%m-%d").to_string()
}

/// Where time comes from: the system, or a test or scenario that sets it.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Time;
}

/// The system's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system clock")]
    fn now(&self) -> Time {
        Time(Utc::now().timestamp_millis())
    }
}

/// A clock that stands still until it is set: for tests and scenarios.
#[derive(Default)]
pub struct SetClock(AtomicI64);

impl SetClock {
    /// A clock that shows `now`.
    pub fn at(now: Time) -> Arc<Self> {
        Arc::new(SetClock(AtomicI64::new(now.0)))
    }

    /// Sets it.
    pub fn set(&self, now: Time) {
        self.0.store(now.0, Ordering::SeqCst);
    }

    /// Moves it on by so many milliseconds.
    pub fn advance(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Time {
        Time(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_a_number_of_days() {
        assert_eq!(parse_day("1970-01-02"), Some(1));
        assert_eq!(parse_day("2022-01-09").map(day_text).as_deref(), Some("2022-01-09"));
        for bad in ["2022-02-30", "2022-1-9", "20220109", "1969-12-31", "10000-01-01", ""] {
            assert_eq!(parse_day(bad), None, "{bad}");
        }
    }
}
