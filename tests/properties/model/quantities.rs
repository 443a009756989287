//! How much of a line is held, confirmed, fulfilled and left; what claims and deliveries do to it.

use super::facts::{Fact, What};
use super::world::{Claim, Delivery, Line, World, days_of};
use crate::vocabulary::*;

/// One day of a line in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineDay {
    /// As asked for now.
    pub wanted: i64,
    /// What the line is: wanted, or what is confirmed and fulfilled where that is more or the rest is not needed.
    pub quantity: i64,
    /// Held.
    pub held: i64,
    /// Confirmed.
    pub confirmed: i64,
    /// Fulfilled.
    pub fulfilled: i64,
    /// Delivered.
    pub delivered: i64,
}

impl LineDay {
    /// What can still be claimed.
    pub fn left(&self) -> i64 {
        self.quantity - self.held - self.confirmed - self.fulfilled
    }
}

impl World<'_> {
    /// The claims that stand on a line, in the order of making.
    pub fn claims_on(&self, line: LineOf) -> impl DoubleEndedIterator<Item = (ClaimId, &Claim)> {
        self.claims.iter().map(|(&id, c)| (id, c)).filter(move |(_, c)| c.on == line)
    }

    /// One day of a line.
    pub fn line_day(&self, line_of: LineOf, day: Day) -> LineDay {
        let line = &self.needs[line_of.0].lines[&line_of.1];
        let sum = |state| {
            self.claims_on(line_of).filter(|(_, c)| c.state == state).map(|(_, c)| c.per_day.get(&day).copied().unwrap_or(0)).sum::<i64>()
        };
        let (held, confirmed, fulfilled) = (sum(ClaimState::Held), sum(ClaimState::Confirmed), sum(ClaimState::Fulfilled));
        let delivered = self.claims_on(line_of).filter(|(_, c)| c.counts()).map(|(id, _)| self.delivered(id, day)).sum();
        let taken = confirmed + fulfilled;
        let quantity = if line.short { taken } else { line.wanted.max(taken) };
        LineDay { wanted: line.wanted, quantity, held, confirmed, fulfilled, delivered }
    }

    /// What is left of a line on every one of these days.
    pub fn left(&self, line: LineOf, days: impl IntoIterator<Item = Day>) -> i64 {
        days.into_iter().map(|day| self.line_day(line, day).left()).min().unwrap_or(0)
    }

    /// Every day of every line of a need that is not closed short.
    pub fn open_line_days(&self, need: NeedId) -> Vec<LineDay> {
        let open = self.needs[need].lines.iter().filter(|(_, l)| !l.short);
        open.flat_map(|(&n, l)| days_of(l.days).into_iter().map(move |day| self.line_day((need, n), day))).collect()
    }

    /// The deliveries out of a claim for one of its days.
    pub fn deliveries_of(&self, claim: ClaimId, day: Day) -> impl Iterator<Item = &Delivery> {
        self.deliveries.values().filter(move |d| d.claim == claim && d.day == day)
    }

    /// What was delivered out of a claim for one of its days.
    pub fn delivered(&self, claim: ClaimId, day: Day) -> i64 {
        self.deliveries_of(claim, day).filter(|d| d.counts()).map(|d| d.quantity).sum()
    }

    /// Something of the claim is on the road.
    pub fn in_transit(&self, claim: ClaimId) -> bool {
        self.deliveries.values().any(|d| d.claim == claim && d.on_the_road())
    }

    /// Something of the claim was delivered.
    pub fn any_delivered(&self, claim: ClaimId) -> bool {
        self.deliveries.values().any(|d| d.claim == claim && d.counts())
    }

    /// How much the claimer is asked to give back: what is confirmed beyond what is wanted, newest claims first.
    pub fn give_back_asked(&self, claim: ClaimId) -> i64 {
        let line_of = self.claims[&claim].on;
        let need = &self.needs[line_of.0];
        let line = &need.lines[&line_of.1];
        let wanted = if need.closure == Closure::Cancelled { 0 } else { line.wanted };
        let asked_on = |day: Day| {
            let figures = self.line_day(line_of, day);
            let mut excess = (figures.confirmed + figures.fulfilled - wanted).max(0);
            for (id, c) in self.claims_on(line_of).rev().filter(|(_, c)| c.state == ClaimState::Confirmed) {
                let open = c.per_day.get(&day).copied().unwrap_or(0) - self.delivered(id, day);
                let share = excess.min(open).max(0);
                if id == claim {
                    return share;
                }
                excess -= share;
            }
            0
        };
        days_of(line.days).into_iter().map(asked_on).max().unwrap_or(0)
    }

    /// What a fact about a claim or a delivery does.
    pub(super) fn take_of_claim(&mut self, fact: &Fact) {
        let at = fact.occurred_at;
        match fact.what {
            What::Claimed { claim, n, quantity, days, confirmed, lifetime, .. } => {
                let home = (fact.need, n);
                let per_day = days_of(days).into_iter().map(|day| (day, quantity)).collect();
                let state = if confirmed { ClaimState::Confirmed } else { ClaimState::Held };
                let confirmed_at = confirmed.then_some(at);
                let deadline = at + lifetime;
                self.claims.insert(claim, Claim { home, on: home, moves: vec![], state, per_day, confirmed_at, deadline });
            }
            What::Confirmed { claim, quantity } => self.change_claim(claim, |c| {
                c.state = ClaimState::Confirmed;
                c.confirmed_at = Some(at);
                c.per_day.values_mut().for_each(|q| *q = quantity);
            }),
            What::Progressed { claim, lifetime } => self.change_claim(claim, |c| c.deadline = c.deadline.max(at + lifetime)),
            What::Expired { claim } => self.change_claim(claim, |c| c.state = ClaimState::Expired),
            What::GaveBack { claim, quantity } => self.change_claim(claim, |c| {
                c.per_day.values_mut().for_each(|q| *q -= quantity);
                if c.quantity() == 0 {
                    c.state = ClaimState::Released;
                }
            }),
            What::Released { claim } => self.release(claim),
            What::DeliveryMade { delivery, claim, day, quantity, step, at_gate } => {
                let mut made = Delivery { claim, day: day.unwrap_or(0), quantity, step, at_gate, counted_at: None };
                made.counted_at = made.counts().then_some(at);
                self.deliveries.insert(delivery, made);
            }
            What::DeliveryStepped { delivery, step, quantity, at_gate } => {
                if let Some(d) = self.deliveries.get_mut(&delivery) {
                    let (counted, before) = (d.counts(), d.quantity);
                    d.step = step;
                    d.at_gate = at_gate;
                    d.quantity = quantity.unwrap_or(before);
                    if !d.counts() {
                        d.counted_at = None;
                    } else if !counted || d.quantity != before {
                        d.counted_at = Some(at);
                    }
                }
            }
            _ => {}
        }
    }

    fn change_claim(&mut self, claim: ClaimId, change: impl FnOnce(&mut Claim)) {
        if let Some(claim) = self.claims.get_mut(&claim) {
            change(claim);
        }
    }

    /// A claim given up keeps what was delivered out of it.
    fn release(&mut self, claim: ClaimId) {
        let Some(days) = self.claims.get(&claim).map(|c| c.per_day.keys().copied().collect::<Vec<_>>()) else { return };
        let delivered: Vec<(Day, i64)> = days.into_iter().map(|day| (day, self.delivered(claim, day))).filter(|(_, q)| *q > 0).collect();
        self.change_claim(claim, |c| {
            if delivered.is_empty() {
                c.state = ClaimState::Released;
            } else {
                c.per_day = delivered.into_iter().collect();
                c.state = ClaimState::Fulfilled;
            }
        });
    }

    /// All held claims on the lines of a need are let go: it was closed, cancelled or rejected.
    pub(super) fn release_held(&mut self, need: NeedId) {
        for claim in self.claims.values_mut().filter(|c| c.on.0 == need && c.state == ClaimState::Held) {
            claim.state = ClaimState::Released;
        }
    }

    /// A confirmed claim whose deliveries reach its quantity is fulfilled, and no longer when they don't.
    pub(super) fn settle_claims(&mut self) {
        let ids: Vec<ClaimId> = self.claims.iter().filter(|(_, c)| c.counts()).map(|(&id, _)| id).collect();
        for id in ids {
            let reached = self.claims[&id].per_day.iter().all(|(&day, &q)| self.delivered(id, day) >= q);
            self.change_claim(id, |c| c.state = if reached { ClaimState::Fulfilled } else { ClaimState::Confirmed });
        }
    }

    /// Held claims give way, newest first, until they fit beside what is confirmed and fulfilled.
    pub(super) fn shrink_held(&mut self) {
        let held: Vec<ClaimId> = self.claims.iter().rev().filter(|(_, c)| c.state == ClaimState::Held).map(|(&id, _)| id).collect();
        for id in held {
            let claim = &self.claims[&id];
            let left = self.left(claim.on, claim.per_day.keys().copied());
            if left < 0 {
                let shrunk = claim.quantity() + left;
                self.change_claim(id, |c| {
                    c.per_day.values_mut().for_each(|q| *q = shrunk.max(0));
                    if shrunk <= 0 {
                        c.state = ClaimState::Released;
                    }
                });
            }
        }
    }

    /// The line behind a place.
    pub fn line(&self, line: LineOf) -> Option<&Line> {
        self.needs.get(line.0)?.lines.get(&line.1)
    }
}
