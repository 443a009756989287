//! When a job that failed is tried again.

use crate::clock::{HOUR, SECOND, Time};

/// How often a queued job is tried before it is set aside.
pub(super) const MOST_ATTEMPTS: i64 = 8;

/// How long a job may run before another node may take it.
pub(super) const LEASE: i64 = 60 * SECOND;

/// When to try again after so many attempts: 5 s, 10 s, 20 s … at most an hour.
pub(super) fn next_try(now: Time, attempts: i64) -> Time {
    let doublings = u32::try_from(attempts.clamp(1, 20) - 1).unwrap_or(0);
    now.plus((5 * SECOND * 2_i64.pow(doublings)).min(HOUR))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_grows_to_an_hour() {
        let delays: Vec<i64> = (1..=12).map(|attempts| next_try(Time(0), attempts).0 / SECOND).collect();
        assert_eq!(delays, [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]);
    }
}
