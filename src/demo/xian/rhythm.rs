//! Time in the scenario: its fixed instants, how many needs come on which day and hour, and when people sleep.

use super::super::random::Random;
use crate::clock::{DAY, HOUR, MINUTE, SECOND, Time};

/// The first day begins: 2021-12-22T00:00:00+08:00.
pub const START: Time = Time(1_640_102_400_000);
/// The instant of the four figures: 2022-01-09T19:00:00+08:00.
pub const HEADLINE: Time = Time(1_641_726_000_000);
/// The incident is closed: 2022-01-24T20:00:00+08:00.
pub const END: Time = Time(1_643_025_600_000);

/// The zone's offset; there is no summer time.
const OFFSET: i64 = 8 * HOUR;

/// How much comes on each day until the headline's, the last one until 19:00.
const DAYS: [i64; 19] = [12, 26, 30, 34, 42, 62, 74, 78, 72, 64, 56, 54, 56, 52, 50, 46, 44, 42, 30];
/// And from then on; the first entry is the evening of the headline's day.
const DAYS_AFTER: [i64; 14] = [6, 12, 10, 9, 8, 7, 6, 5, 4, 3, 2, 2, 1, 1];
/// How much comes in each hour of a day.
const HOURS: [i64; 24] = [3, 2, 1, 1, 1, 2, 6, 18, 46, 74, 82, 70, 44, 46, 62, 66, 64, 54, 46, 52, 56, 42, 24, 10];

/// So many instants at which somebody submits, until the headline's.
pub fn before_the_headline(random: &mut Random, count: usize) -> Vec<Time> {
    instants(random, count, &DAYS, 0, START.plus(9 * HOUR), HEADLINE.plus(-6 * MINUTE))
}

/// So many instants after it.
pub fn after_the_headline(random: &mut Random, count: usize) -> Vec<Time> {
    instants(random, count, &DAYS_AFTER, DAYS.len() as i64 - 1, HEADLINE.plus(7 * MINUTE), END.plus(-2 * DAY))
}

fn instants(random: &mut Random, count: usize, days: &[i64], first_day: i64, from: Time, until: Time) -> Vec<Time> {
    let hours: Vec<(i64, i64)> = (0..24).map(|hour| (HOURS[hour as usize], hour)).collect();
    let all: i64 = days.iter().sum();
    let (mut instants, mut added) = (Vec::with_capacity(count), 0);
    for (day, weight) in days.iter().enumerate() {
        added += weight;
        while (instants.len() as i64) < count as i64 * added / all {
            let hour = random.weighted(&hours);
            let at = START.plus((first_day + day as i64) * DAY + hour * HOUR + random.range(0, HOUR - 1));
            if (from..=until).contains(&at) {
                instants.push(at);
            }
        }
    }
    instants.sort_unstable();
    instants
}

/// The hour of a day an instant lies in.
pub fn hour_of(at: Time) -> i64 {
    (at.0 + OFFSET).rem_euclid(DAY) / HOUR
}

/// The day an instant lies in, counted from 1970-01-01.
pub fn day_of(at: Time) -> i64 {
    (at.0 + OFFSET).div_euclid(DAY)
}

/// An hour of a day.
pub fn on_day(day: i64, hour: i64) -> Time {
    Time(day * DAY - OFFSET + hour * HOUR)
}

/// The instant, or the next morning where it lies in the night.
pub fn awake(random: &mut Random, at: Time) -> Time {
    match hour_of(at) {
        hour @ (22..=23 | 0..=7) => {
            let day = day_of(at) + i64::from(hour >= 22);
            on_day(day, 8).plus(random.spread(40 * MINUTE))
        }
        _ => at,
    }
}

/// An instant that is not later than another: where it would be, somewhere on the way there from `from`.
pub fn by(random: &mut Random, from: Time, at: Time, latest: Time) -> Time {
    if at <= latest { at } else { from.plus((latest.0 - from.0) * random.range(35, 92) / 100) }
}

/// A few seconds to some minutes: until something that happened on the phone is written down.
pub fn writing(random: &mut Random) -> i64 {
    random.range(15 * SECOND, 4 * MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixed_instants_are_what_they_say() {
        let zone = chrono_tz::Asia::Shanghai;
        assert_eq!(START.to_rfc3339(zone), "2021-12-22T00:00:00+08:00");
        assert_eq!(HEADLINE.to_rfc3339(zone), "2022-01-09T19:00:00+08:00");
        assert_eq!(END.to_rfc3339(zone), "2022-01-24T20:00:00+08:00");
        assert_eq!((hour_of(HEADLINE), on_day(day_of(HEADLINE), 19)), (19, HEADLINE));
    }

    #[test]
    fn nights_are_quiet() {
        let instants = before_the_headline(&mut Random::new(5), 800);
        assert_eq!(instants.len(), 800);
        let night = instants.iter().filter(|at| hour_of(**at) < 7).count();
        assert!(night > 5 && night < 30, "{night}");
        assert!(instants.iter().all(|at| (8..22).contains(&hour_of(awake(&mut Random::new(9), *at)))));
    }
}
