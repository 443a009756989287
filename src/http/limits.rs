//! Requests per minute: per account, else per address (behind trusted proxies), in classes.

use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::error::{Error, Result};

/// Who is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counted {
    /// An account.
    Account(i64),
    /// An address or its network.
    Address(u128),
    /// A login at a network: the hash of both.
    Login(u64),
}

/// What is counted apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Reading, signed in.
    Read,
    /// Writing, signed in.
    Write,
    /// Reading without an account.
    PublicRead,
    /// Writing without an account.
    PublicWrite,
    /// Signing in with one login from one network.
    SignIn,
}

/// How many requests per minute each class allows; each multiplied by `HELI_RATE_FACTOR`.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    /// Reading, signed in.
    pub read: u32,
    /// Writing, signed in.
    pub write: u32,
    /// Reading without an account, per address.
    pub public_read: u32,
    /// Writing without an account, per address.
    pub public_write: u32,
    /// Signing in with one login from one network.
    pub sign_in: u32,
    /// Multiplies every one.
    pub factor: u32,
}

impl Default for Rates {
    fn default() -> Self {
        Rates { read: 1200, write: 300, public_read: 1200, public_write: 120, sign_in: 10, factor: 1 }
    }
}

/// The counters.
pub struct Limits([DefaultKeyedRateLimiter<Counted>; 5]);

impl Limits {
    /// Counters that stand at nothing.
    pub fn new(rates: &Rates) -> Self {
        let per_minute = [rates.read, rates.write, rates.public_read, rates.public_write, rates.sign_in];
        Limits(per_minute.map(|rate| {
            let rate = NonZeroU32::new(rate.saturating_mul(rates.factor)).unwrap_or(NonZeroU32::MIN);
            RateLimiter::keyed(Quota::per_minute(rate))
        }))
    }

    /// Counts one request, or says how long to wait.
    pub fn count(&self, class: Class, who: Counted) -> Result<()> {
        let limiter = &self.0[class as usize];
        limiter.check_key(&who).map_err(|not_until| {
            let wait = not_until.wait_time_from(DefaultClock::default().now());
            Error::TooMany { retry_after: u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1) }
        })
    }

    /// Forgets callers that have been quiet.
    pub fn tidy(&self) {
        self.0.iter().for_each(RateLimiter::retain_recent);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_caller_has_its_own_count_and_the_factor_multiplies_it() {
        let rates = Rates { public_write: 2, factor: 2, ..Rates::default() };
        let limits = Limits::new(&rates);
        for _ in 0..4 {
            limits.count(Class::PublicWrite, Counted::Address(1)).unwrap();
        }
        assert!(matches!(limits.count(Class::PublicWrite, Counted::Address(1)), Err(Error::TooMany { retry_after: 1..=16 })));
        limits.count(Class::PublicWrite, Counted::Address(2)).unwrap();
        limits.count(Class::Write, Counted::Account(1)).unwrap();
    }
}
