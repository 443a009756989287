//! What falls due by itself: held claims expire, referrals come back, delivered or answered needs close without feedback.

use super::facts::{Fact, What};
use super::world::{Referral, World};
use crate::vocabulary::*;

impl World<'_> {
    /// The next thing that is due on a root's group by `now`: the one with the earliest deadline. A rejected need waits for nothing.
    pub fn next_due(&self, root: NeedId, now: Time) -> Option<Fact> {
        if self.closure(root) == Closure::Rejected {
            return None;
        }
        let mut due: Vec<(Time, NeedId, What)> = vec![];
        for (&claim, c) in self.claims.iter().filter(|(_, c)| c.state == ClaimState::Held && self.root(c.home.0) == root) {
            due.push((c.deadline, c.home.0, What::Expired { claim }));
        }
        for need in self.group(root) {
            for (&n, referral) in &self.needs[need].referrals {
                if let Referral::Pending(at) = referral {
                    due.push((*at, need, What::Returned { n }));
                }
            }
        }
        if let Some(at) = self.needs[root].feedback_due {
            due.push((at, root, What::Unanswered));
        }
        let (at, need, what) = due.into_iter().filter(|(at, ..)| *at <= now).min_by_key(|(at, ..)| *at)?;
        Some(Fact { need, act: usize::MAX, occurred_at: at, recorded_at: now, what })
    }
}
