//! Figures as of any instant.

use std::collections::BTreeMap;

use super::course::{Course, Random, call, claimed};
use crate::calendar::Calendar;
use crate::clock::{DAY, HOUR, Time};
use crate::counters::model::{Amounts, Mark, Marks};
use crate::counters::store as counted;
use crate::db::Lane;
use crate::figures::model::{Figure, Row};
use crate::figures::rules::Sight;
use crate::figures::service::{self, When};
use crate::ids::Reference;
use crate::ledger::model::*;

/// What is marked in (after, until], by whatever `key` says.
fn count(marks: &Marks, after: Time, until: Time, key: impl Fn(&Mark) -> String) -> BTreeMap<String, Amounts> {
    let mut all: BTreeMap<String, Amounts> = BTreeMap::new();
    for ((_, counter, _), mark) in marks.iter().filter(|(_, mark)| after < mark.at && mark.at <= until) {
        all.entry(key(mark)).or_default().add(*counter, mark.amount);
    }
    all
}

fn without_zeros(mut rows: BTreeMap<String, Amounts>) -> BTreeMap<String, Amounts> {
    rows.retain(|_, amounts| !amounts.is_zero());
    rows
}

/// Instants of marks, one millisecond beside them, boundaries, and any.
fn instants(marks: &Marks, calendar: Calendar, random: &mut Random) -> Vec<Time> {
    let times: Vec<Time> = marks.values().map(|mark| mark.at).collect();
    let mut all = Vec::new();
    for _ in 0..40 {
        let at = random.of(&times).plus(random.of(&[0, 0, -1, 1, HOUR]));
        all.extend([at, calendar.hour_end(at), calendar.hour_end(at).plus(1), calendar.report_day_end(at), calendar.cut_off_reached(at)]);
    }
    all
}

crate::support::on_both! {
    fn the_figures_of_any_instant_are_a_count_over_marks(db) {
        let mut course = Course::new(&db, 7);
        course.go_on(260);
        let (id, calendar) = (course.here.incident.id, course.here.incident.calendar());
        db.read_blocking(Lane::Slow, move |r| {
            let marks = counted::marks(r, id, None)?;
            assert!(marks.len() > 150, "{} marks", marks.len());
            for at in instants(&marks, calendar, &mut Random(1)) {
                let counted = counted::as_of(r, id, calendar, at)?;
                assert_eq!(without_zeros(counted), count(&marks, Time(0), at, |m| m.district.clone()), "{at:?}");
                let cut_off = calendar.cut_off_reached(at);
                let until = counted::categories_until(r, id, cut_off)?;
                assert_eq!(without_zeros(until), count(&marks, Time(0), cut_off, |m| m.category.clone()), "{at:?}");
                let since = counted::categories_between(r, id, cut_off, at)?;
                assert_eq!(since, count(&marks, cut_off, at, |m| m.category.clone()), "{at:?}");
            }
            let last = marks.values().map(|mark| mark.at).max().unwrap_or_default();
            let days: BTreeMap<String, Amounts> =
                counted::by_day(r, id, calendar.report_day_end(last))?.into_iter().map(|(end, amounts)| (end.0.to_string(), amounts)).collect();
            assert_eq!(days, count(&marks, Time(0), last, |m| calendar.report_day_end(m.at).0.to_string()));
            Ok(())
        })
        .unwrap();
    }

    fn rows_add_up_and_days_follow_one_another(db) {
        let mut course = Course::new(&db, 8);
        course.go_on(120);
        let (incident, now) = (course.here.incident.clone(), db.clock().now());
        db.read_blocking(Lane::Slow, move |r| {
            for at in [now, now.plus(-DAY), now.plus(-40 * HOUR), incident.calendar().cut_off_reached(now)] {
                let when = When { at, now };
                let counters = service::counters(r, &incident, &Sight::Exact, when)?;
                assert_eq!(counters.districts.len(), 15, "13 districts, outside, unlocated");
                assert_eq!(counters.districts[13].code, "outside");
                let totals = [counters.collected, counters.phone_verified, counters.urgent_response.people, counters.resource_matched];
                assert_eq!(sums(&counters.districts)[..4], totals);
                assert_eq!(sums(&counters.districts)[4..], [counters.fully_matched, counters.delivered]);
                let by = &counters.matched_by;
                assert_eq!(by.claim + by.answer + by.referral, counters.resource_matched);
                assert_eq!(counters.gaps.not_matched, counters.collected - counters.resource_matched);
                let bridge = counters.gaps.bridge.unwrap_or_default();
                assert_eq!(counters.gaps.phoned_not_matched, counters.phone_verified - counters.resource_matched + bridge);
                let categories = service::categories(r, &incident, &Sight::Exact, when)?;
                assert_eq!(sums(&categories.categories)[..4], totals);
                let days = service::days(r, &incident, when)?;
                let last = days.days.last().unwrap();
                assert_eq!((&last.to, last.cumulative.collected), (&counters.as_of, counters.collected));
                assert_eq!(categories.new.map(|rows| sums(&rows)[0]), Some(last.new.collected));
                for pair in days.days.windows(2) {
                    assert_eq!(pair[0].to, pair[1].from);
                    assert_eq!(pair[0].cumulative.collected + pair[1].new.collected, pair[1].cumulative.collected);
                    assert_eq!(pair[0].cumulative.urgent_response + pair[1].new.urgent_response, pair[1].cumulative.urgent_response);
                }
            }
            Ok(())
        })
        .unwrap();
    }

    fn the_cut_off_itself_counts_and_a_second_later_does_not(db) {
        let cut_off = Time::parse("2026-06-07T19:00:00+08:00").unwrap();
        db.clock.set(cut_off.plus(-3 * HOUR));
        let mut course = Course::new(&db, 9);
        let needs = [(); 4].map(|()| course.submit(Some("610113003020")));
        db.clock.set(cut_off.plus(DAY));
        let conclusion = Some(Conclusion::Genuine);
        let late = cut_off.plus(1_000);
        for (need, at) in [(&needs[0], cut_off), (&needs[1], late), (&needs[2], cut_off.plus(1)), (&needs[3], cut_off.plus(-1))] {
            course.record(need.id, at, call(Outcome::Answered, conclusion)).unwrap();
            course.record(need.id, at, claimed(Reference::random().to_string(), 10, ClaimState::Confirmed, at)).unwrap();
        }
        let (incident, now) = (course.here.incident.clone(), db.clock().now());
        db.read_blocking(Lane::Fast, move |r| {
            for (at, count) in [(cut_off.plus(-1), 1), (cut_off, 2), (cut_off.plus(1), 3), (cut_off.plus(999), 3), (late, 4)] {
                let counters = service::counters(r, &incident, &Sight::Exact, When { at, now })?;
                assert_eq!((counters.phone_verified, counters.resource_matched, counters.fully_matched), (count, count, count), "{at:?}");
            }
            let days = service::days(r, &incident, When { at: late, now })?.days;
            let last = &days[days.len() - 2..];
            assert_eq!((last[0].to.as_str(), last[0].iso_week.as_str()), ("2026-06-07T19:00:00+08:00", "2026-W23"));
            assert_eq!((last[0].new.phone_verified, last[1].new.phone_verified), (2, 2));
            Ok(())
        })
        .unwrap();
    }

    fn an_incident_without_needs_has_every_row(db) {
        let course = Course::new(&db, 10);
        let (mut incident, now) = (course.here.incident.clone(), db.clock().now());
        incident.started_at = now.plus(-DAY);
        db.read_blocking(Lane::Fast, move |r| {
            let counters = service::counters(r, &incident, &Sight::Within(Vec::new()), When { at: now, now })?;
            assert_eq!(counters.districts.len(), 15);
            assert!(counters.districts.iter().all(|row| row.collected == Figure::Step { from: 0, to: 4 }));
            assert_eq!(service::days(r, &incident, When { at: now, now })?.days.len(), 2);
            assert_eq!(service::categories(r, &incident, &Sight::Exact, When { at: now, now })?.categories.len(), Category::ALL.len());
            Ok(())
        })
        .unwrap();
    }
}

fn sums(rows: &[Row]) -> [i64; 6] {
    rows.iter().fold([0; 6], |mut sums, row| {
        let figures = [row.collected, row.phone_verified, row.urgent_response, row.resource_matched, row.fully_matched, row.delivered];
        for (sum, figure) in sums.iter_mut().zip(figures) {
            let Figure::Exact(amount) = figure else { panic!("{row:?}") };
            *sum += amount;
        }
        sums
    })
}
