//! Hours and report days of an incident. Both are buckets `(start, end]`: an instant exactly on a boundary belongs to the bucket that ends
//! there. A boundary of hours is a full hour of the zone's own time; a report day ends at the first boundary of hours at which the date has
//! reached the cut-off, so that hours nest in days on days that are an hour, or half of one, longer or shorter than others.

use chrono::{DateTime, Days, MappedLocalTime, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;

use crate::clock::{DAY, HOUR, Time};

/// The zone and cut-off hour of an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// The zone whose hours and dates count.
    pub zone: Tz,
    /// The full hour, 0 to 23, at which a report day ends.
    pub cut_off_hour: u32,
}

impl Calendar {
    /// The end of the hour that an instant lies in: the first full hour at or after it.
    pub fn hour_end(&self, at: Time) -> Time {
        let full_hour = |from: Time| Time(up(from.plus(self.offset(from))) - self.offset(from));
        let end = full_hour(at);
        self.offset_change(at, end).map_or(end, full_hour)
    }

    /// The last full hour at or before an instant.
    pub fn hour_reached(&self, at: Time) -> Time {
        let full_hour = |from: Time| Time(down(from.plus(self.offset(from))) - self.offset(from));
        let reached = full_hour(at);
        self.offset_change(reached, at).map_or(reached, |change| full_hour(change.plus(-1)))
    }

    /// The end of the report day that an instant lies in: the first cut-off at or after it.
    pub fn report_day_end(&self, at: Time) -> Time {
        let mut date = self.date(at).checked_sub_days(Days::new(1)).unwrap_or(NaiveDate::MIN);
        loop {
            let end = self.cut_off_of(date);
            if end >= at {
                return end;
            }
            date = date.succ_opt().expect("instants lie before the year 10000");
        }
    }

    /// The last cut-off at or before an instant.
    pub fn cut_off_reached(&self, at: Time) -> Time {
        let mut date = self.date(at).succ_opt().unwrap_or(NaiveDate::MAX);
        loop {
            let end = self.cut_off_of(date);
            if end <= at {
                return end;
            }
            date = date.pred_opt().expect("instants lie after the year 1969");
        }
    }

    /// The cut-off of a date: the first full hour at which the zone's time has reached the cut-off hour of that date.
    pub fn cut_off_of(&self, date: NaiveDate) -> Time {
        let wanted = date.and_hms_opt(self.cut_off_hour, 0, 0).expect("the cut-off hour is 0 to 23");
        match self.zone.from_local_datetime(&wanted) {
            MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => Time(at.timestamp_millis()),
            MappedLocalTime::None => self.hour_end(self.end_of_gap(wanted)),
        }
    }

    /// The date of an instant in the zone.
    pub fn date(&self, at: Time) -> NaiveDate {
        local(at.plus(self.offset(at))).date()
    }

    /// The instant at which the zone's time jumps over a local time that it never shows.
    fn end_of_gap(&self, skipped: NaiveDateTime) -> Time {
        let as_utc = Time(skipped.and_utc().timestamp_millis());
        let before = as_utc.plus(-2 * DAY);
        let shown_late = as_utc.plus(-self.offset(before));
        self.offset_change(before, shown_late).expect("a skipped local time lies behind a change of the offset")
    }

    /// The first instant after `from`, up to `to`, at which the offset is no longer that of `from`.
    fn offset_change(&self, from: Time, to: Time) -> Option<Time> {
        let offset = self.offset(from);
        if self.offset(to) == offset {
            return None;
        }
        let (mut same, mut changed) = (from, to);
        while changed.0 - same.0 > 1 {
            let middle = Time(same.0 + (changed.0 - same.0) / 2);
            if self.offset(middle) == offset { same = middle } else { changed = middle }
        }
        Some(changed)
    }

    /// What the zone's time is ahead of UTC, in milliseconds.
    fn offset(&self, at: Time) -> i64 {
        let offset = self.zone.offset_from_utc_datetime(&local(at)).fix();
        i64::from(offset.local_minus_utc()) * 1_000
    }
}

/// Milliseconds rounded up to a full hour.
fn up(local: Time) -> i64 {
    down(local.plus(HOUR - 1))
}

/// Milliseconds rounded down to a full hour.
fn down(local: Time) -> i64 {
    local.0 - local.0.rem_euclid(HOUR)
}

fn local(at: Time) -> NaiveDateTime {
    DateTime::UNIX_EPOCH.naive_utc() + TimeDelta::milliseconds(at.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{MINUTE, SECOND};
    use proptest::prelude::*;

    fn at(text: &str) -> Time {
        Time::parse(text).expect(text)
    }

    fn calendar(zone: Tz, cut_off_hour: u32) -> Calendar {
        Calendar { zone, cut_off_hour }
    }

    #[test]
    fn an_instant_on_the_boundary_belongs_to_what_ends_there() {
        let xian = calendar(Tz::Asia__Shanghai, 19);
        let cut_off = at("2022-01-09T19:00:00+08:00");
        assert_eq!(xian.report_day_end(cut_off), cut_off);
        assert_eq!(xian.hour_end(cut_off), cut_off);
        assert_eq!(xian.report_day_end(cut_off.plus(1)), at("2022-01-10T19:00:00+08:00"));
        assert_eq!(xian.hour_end(cut_off.plus(1)), at("2022-01-09T20:00:00+08:00"));
        assert_eq!(xian.cut_off_reached(cut_off), cut_off);
        assert_eq!(xian.cut_off_reached(cut_off.plus(-1)), at("2022-01-08T19:00:00+08:00"));
        assert_eq!(xian.hour_reached(cut_off.plus(-1)), at("2022-01-09T18:00:00+08:00"));
    }

    #[test]
    fn days_of_other_lengths() {
        let berlin = calendar(Tz::Europe__Berlin, 2);
        assert_eq!(berlin.report_day_end(at("2022-03-26T12:00:00+01:00")), at("2022-03-27T03:00:00+02:00"), "02:00 is skipped");
        assert_eq!(berlin.report_day_end(at("2022-10-29T12:00:00+02:00")), at("2022-10-30T02:00:00+02:00"), "the first of two");
        let island = calendar(Tz::Australia__Lord_Howe, 2);
        assert_eq!(island.report_day_end(at("2022-10-01T12:00:00+10:30")), at("2022-10-02T03:00:00+11:00"), "half an hour is skipped");
        assert_eq!(island.hour_end(at("2022-10-02T01:30:00+10:30")), at("2022-10-02T03:00:00+11:00"));
        let samoa = calendar(Tz::Pacific__Apia, 19);
        assert_eq!(samoa.report_day_end(at("2011-12-29T20:00:00-10:00")), at("2011-12-31T00:00:00+14:00"), "a whole date is skipped");
    }

    const ZONES: [Tz; 10] = [
        Tz::Asia__Shanghai,
        Tz::Asia__Kathmandu,
        Tz::Europe__Berlin,
        Tz::America__New_York,
        Tz::America__Sao_Paulo,
        Tz::America__St_Johns,
        Tz::Australia__Lord_Howe,
        Tz::Pacific__Apia,
        Tz::Africa__Monrovia,
        Tz::UTC,
    ];

    /// Instants from 1970 to 2100, half of them within two hours of a change of the offset where the zone has one nearby.
    fn instants() -> impl Strategy<Value = (Calendar, Time)> {
        (prop::sample::select(&ZONES[..]), 0..24_u32, 3 * DAY..4_102_444_800_000, any::<bool>(), -2 * HOUR..2 * HOUR, any::<bool>())
            .prop_map(|(zone, cut_off, any, near, away, exact)| {
                let calendar = calendar(zone, cut_off);
                let change = if near { calendar.offset_change(Time(any), Time(any + 183 * DAY)) } else { None };
                let away = if exact { away / (30 * MINUTE) * 30 * MINUTE } else { away };
                (calendar, change.map_or(Time(if exact { any - any % SECOND } else { any }), |change| change.plus(away)))
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn every_instant_lies_in_exactly_one_hour_and_one_day((calendar, at) in instants()) {
            let (hour, day) = (calendar.hour_end(at), calendar.report_day_end(at));
            prop_assert!(hour >= at && day >= at);
            prop_assert!(hour.0 - at.0 < 2 * HOUR && day.0 - at.0 < 26 * HOUR);
            prop_assert_eq!(calendar.hour_end(hour), hour);
            prop_assert_eq!(calendar.report_day_end(day), day);
            // What lies between the instant and the end of its bucket has the same end.
            let middle = |end: Time| Time(at.0 + (end.0 - at.0) / 2);
            prop_assert_eq!(calendar.hour_end(middle(hour)), hour);
            prop_assert_eq!(calendar.report_day_end(middle(day)), day);
        }

        #[test]
        fn buckets_tile((calendar, at) in instants()) {
            let hour = calendar.hour_end(at);
            let day = calendar.report_day_end(at);
            prop_assert_eq!(calendar.hour_reached(calendar.hour_end(hour.plus(1)).plus(-1)), hour);
            prop_assert_eq!(calendar.cut_off_reached(calendar.report_day_end(day.plus(1)).plus(-1)), day);
            prop_assert_eq!(calendar.hour_reached(hour), hour);
            prop_assert_eq!(calendar.cut_off_reached(day), day);
            prop_assert!(calendar.hour_reached(at) <= at && calendar.cut_off_reached(at) <= at);
        }

        #[test]
        fn hours_nest_in_days((calendar, at) in instants()) {
            let day = calendar.report_day_end(at);
            prop_assert_eq!(calendar.hour_end(day), day);
            prop_assert_eq!(calendar.report_day_end(calendar.hour_end(at)), day);
        }

        #[test]
        fn a_boundary_is_a_full_hour_of_the_zone((calendar, at) in instants()) {
            let shown = |at: Time| local(at.plus(calendar.offset(at)));
            let (hour, day) = (shown(calendar.hour_end(at)), shown(calendar.report_day_end(at)));
            prop_assert_eq!(hour.and_utc().timestamp_millis() % HOUR, 0);
            prop_assert_eq!(day.and_utc().timestamp_millis() % HOUR, 0);
        }
    }
}
