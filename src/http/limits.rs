//! Requests per minute: per account, else per address (behind trusted proxies), in classes; and wrong passwords per login and network.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

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
    /// Reading full contacts.
    Reveal,
}

/// How many requests per minute (reveals: per hour) each class allows; each multiplied by `HELI_RATE_FACTOR`.
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
    /// Wrong passwords for one login from one network.
    pub sign_in: u32,
    /// Reading full contacts, per hour.
    pub reveal: u32,
    /// Multiplies every one.
    pub factor: u32,
}

impl Default for Rates {
    fn default() -> Self {
        Rates { read: 1200, write: 300, public_read: 1200, public_write: 120, sign_in: 10, reveal: 60, factor: 1 }
    }
}

/// The counters.
pub struct Limits([DefaultKeyedRateLimiter<Counted>; 5]);

impl Limits {
    /// Counters that stand at nothing.
    pub fn new(rates: &Rates) -> Self {
        let allowed = |rate: u32| NonZeroU32::new(rate.saturating_mul(rates.factor)).unwrap_or(NonZeroU32::MIN);
        let per_minute = |rate| RateLimiter::keyed(Quota::per_minute(allowed(rate)));
        let [read, write, public_read, public_write] = [rates.read, rates.write, rates.public_read, rates.public_write].map(per_minute);
        Limits([read, write, public_read, public_write, RateLimiter::keyed(Quota::per_hour(allowed(rates.reveal)))])
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

/// Wrong passwords per minute. A guess is taken before the password is looked at, so that many at once gain nothing, and given back where it
/// was right: nobody is slowed down by signing in often, nor locked out by others elsewhere.
pub struct Guesses {
    per_minute: f64,
    left: Mutex<HashMap<u64, (Instant, f64)>>,
}

impl Guesses {
    /// Counters that stand at nothing.
    pub fn new(rates: &Rates) -> Self {
        Guesses { per_minute: f64::from(rates.sign_in.saturating_mul(rates.factor).max(1)), left: Mutex::default() }
    }

    /// Takes a guess, or says how long to wait for the next.
    pub fn take(&self, whose: u64) -> Result<()> {
        let mut left = self.lock();
        let (at, stands) = left.get(&whose).copied().unwrap_or((Instant::now(), self.per_minute));
        let stands = self.grown(at, stands);
        if stands < 1.0 {
            // Less than a minute: the cast cuts nothing.
            return Err(Error::TooMany { retry_after: ((1.0 - stands) * 60.0 / self.per_minute).ceil() as u32 });
        }
        left.insert(whose, (Instant::now(), stands - 1.0));
        Ok(())
    }

    /// Gives a guess back: it was right.
    pub fn give_back(&self, whose: u64) {
        if let Some((_, stands)) = self.lock().get_mut(&whose) {
            *stands += 1.0;
        }
    }

    /// Forgets those whose guesses are whole again.
    pub fn tidy(&self) {
        self.lock().retain(|_, (at, stands)| self.grown(*at, *stands) < self.per_minute);
    }

    fn grown(&self, at: Instant, stands: f64) -> f64 {
        (stands + at.elapsed().as_secs_f64() * self.per_minute / 60.0).min(self.per_minute)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, (Instant, f64)>> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
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

    #[test]
    fn a_right_guess_costs_nothing_and_wrong_ones_run_out() {
        let guesses = Guesses::new(&Rates { sign_in: 3, ..Rates::default() });
        for _ in 0..10 {
            guesses.take(1).unwrap();
            guesses.give_back(1);
        }
        for _ in 0..3 {
            guesses.take(1).unwrap();
        }
        assert!(matches!(guesses.take(1), Err(Error::TooMany { retry_after: 1..=20 })));
        guesses.take(2).unwrap();
        guesses.tidy();
        assert_eq!(guesses.lock().len(), 2);
    }
}
