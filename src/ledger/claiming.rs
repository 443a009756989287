//! The part of the fold that concerns claims and deliveries: what a line's days hold, and which held claims give way.

use super::event::{Event, Kind};
use super::fold::earliest_by;
use super::model::*;
use super::state::*;

impl State {
    pub(super) fn apply_to_claim(&mut self, event: &Event, order: Order) {
        match &event.kind {
            Kind::Claimed { .. } => self.make_claim(event, order),
            Kind::ClaimConfirmed { claim, quantity, planned_at } => {
                self.change_claim(claim, |c| {
                    c.state = ClaimState::Confirmed;
                    c.set_each(|_| *quantity);
                    c.planned_at = planned_at.or(c.planned_at);
                    c.confirmed_at = Some(event.occurred_at);
                });
                self.confirmed(event, order);
            }
            Kind::ClaimReleased { claim } => self.release(claim),
            Kind::ClaimExpired { claim } => self.change_claim(claim, |c| {
                if c.state == ClaimState::Held {
                    c.state = ClaimState::Expired;
                }
            }),
            Kind::ClaimExtended { claim, expires_at } => self.change_claim(claim, |c| c.expires_at = c.expires_at.max(Some(*expires_at))),
            Kind::GivenBack { claim, quantity } => self.change_claim(claim, |c| {
                c.set_each(|before| before - quantity);
                if c.quantity() == 0 {
                    c.state = ClaimState::Released;
                }
            }),
            Kind::ClaimSettled { claim, state, quantity } => self.change_claim(claim, |c| {
                c.state = *state;
                c.set_each(|_| *quantity);
            }),
            Kind::DeliveryStarted { delivery, claim, day, quantity, step, at_gate } => {
                let Some(&index) = self.claim_index.get(claim) else { return };
                self.delivery_index.insert(delivery.clone(), self.deliveries.len());
                self.claims[index].deliveries.push(self.deliveries.len());
                let mut started = Delivery {
                    reference: delivery.clone(),
                    claim: index,
                    day: *day,
                    quantity: *quantity,
                    step: *step,
                    at_gate: *at_gate,
                    counted_at: None,
                };
                started.counted_at = started.counts().then_some(event.occurred_at);
                self.deliveries.push(started);
                self.change_claim(claim, |_| {});
            }
            Kind::DeliveryStepped { delivery, claim, step, quantity, at_gate } => {
                let Some(&index) = self.delivery_index.get(delivery) else { return };
                let known = &mut self.deliveries[index];
                let before = (known.counts(), known.quantity);
                known.step = *step;
                known.quantity = quantity.unwrap_or(known.quantity);
                known.at_gate = *at_gate;
                if !known.counts() {
                    known.counted_at = None;
                } else if before != (true, known.quantity) {
                    known.counted_at = Some(event.occurred_at);
                }
                self.change_claim(claim, |_| {});
            }
            _ => {}
        }
    }

    fn make_claim(&mut self, event: &Event, order: Order) {
        let Kind::Claimed { claim, n, quantity, state, first_day, last_day, planned_at, expires_at, early, offer } = &event.kind else {
            return;
        };
        let index = self.claims.len();
        self.claims.push(Claim {
            reference: claim.clone(),
            home: (event.need, *n),
            on: (event.need, *n),
            organisation: event.organisation,
            state: *state,
            released_because: None,
            per_day: vec![*quantity; (last_day - first_day + 1).max(1) as usize],
            first_day: *first_day,
            last_day: *last_day,
            claimed_at: event.occurred_at,
            planned_at: *planned_at,
            expires_at: *expires_at,
            confirmed_at: (*state == ClaimState::Confirmed).then_some(event.occurred_at),
            early: *early,
            offer: offer.clone(),
            deliveries: Vec::new(),
        });
        self.claim_index.insert(claim.clone(), index);
        let (first, last) = (*first_day, *last_day);
        self.with(event.need, |need| {
            if let Some(line) = need.lines.iter_mut().find(|l| l.n == *n && l.covers(first, last)) {
                line.claims.push(index);
            }
        });
        if *state == ClaimState::Confirmed {
            self.confirmed(event, order);
        }
        self.recount(event.need, *n);
    }

    /// A confirmation counts for the need the claim was made on; its root takes the earliest of its members.
    fn confirmed(&mut self, event: &Event, order: Order) {
        self.with(event.need, |n| earliest_by(&mut n.firsts.matched, (event.occurred_at, order, MatchedBy::Claim)));
    }

    fn change_claim(&mut self, reference: &str, change: impl FnOnce(&mut Claim)) {
        let Some(&index) = self.claim_index.get(reference) else { return };
        change(&mut self.claims[index]);
        let on = self.claims[index].on;
        self.recount(on.0, on.1);
    }

    /// Releases a claim, or leaves it with what it has delivered already on each day.
    fn release(&mut self, reference: &str) {
        let Some(claim) = self.claim(reference) else { return };
        let delivered: Vec<i64> = claim.days().map(|day| self.delivered(claim, day)).collect();
        self.change_claim(reference, |c| {
            if delivered.iter().any(|quantity| *quantity > 0) {
                c.per_day = delivered;
            } else {
                c.state = ClaimState::Released;
            }
        });
    }

    pub(super) fn drop_claim(&mut self, index: usize, because: &'static str) {
        let claim = &mut self.claims[index];
        (claim.state, claim.released_because) = (ClaimState::Released, Some(because));
    }

    pub(super) fn move_claim(&mut self, index: usize, to: (i64, i64)) {
        let (need, n) = self.claims[index].on;
        self.with(need, |from| from.lines.iter_mut().filter(|l| l.n == n).for_each(|l| l.claims.retain(|&c| c != index)));
        self.claims[index].on = to;
        self.with(to.0, |need| {
            if let Some(line) = need.lines.iter_mut().find(|l| l.n == to.1) {
                line.claims.push(index);
                line.claims.sort_unstable();
            }
        });
        self.recount(need, n);
    }

    /// Claims that don't stand as they did before needs were parted, as events that set them so: on which need, and what. Those that
    /// take less than they would come first, so that none has to give way in between.
    pub(super) fn unsettled(&self, before: &State) -> Vec<(i64, Kind)> {
        let takes = |claim: &Claim| if claim.state.is_live() { claim.quantity() } else { 0 };
        let mut found = Vec::new();
        for now in &self.claims {
            let Some(stood) = before.claim(&now.reference) else { continue };
            if stood.state != now.state || takes(stood) != takes(now) {
                let kind = Kind::ClaimSettled { claim: now.reference.clone(), state: stood.state, quantity: stood.quantity() };
                found.push((takes(stood) - takes(now), now.home.0, kind));
            }
        }
        found.sort_by_key(|(more, _, _)| *more);
        found.into_iter().map(|(_, need, kind)| (need, kind)).collect()
    }

    /// Adds up a line's days anew and lets held claims give way, newest first, while they exceed the room there is.
    pub(super) fn recount(&mut self, need: i64, n: i64) {
        let Some(owner) = self.needs.get(&need) else { return };
        let ended = matches!(owner.closure, Closure::Closed | Closure::Cancelled | Closure::Rejected);
        let Some(position) = owner.lines.iter().position(|l| l.n == n) else { return };
        let because = if ended { "closed" } else { "lowered" };
        loop {
            self.refresh_fulfilment(need, position);
            let days = self.add_up(need, position);
            let line = &self.needs[&need].lines[position];
            let over = |c: &Claim| {
                let excess = |day: i64| {
                    let totals = &days[(day - line.first_day) as usize];
                    if ended { totals.held } else { totals.held + totals.matched() - line.quantity(totals) }
                };
                c.days().map(excess).max().unwrap_or(0)
            };
            let giving_way =
                line.claims.iter().rev().copied().find(|&i| self.claims[i].state == ClaimState::Held && over(&self.claims[i]) > 0);
            let Some(index) = giving_way else {
                self.with(need, |owner| owner.lines[position].days = days);
                return;
            };
            let excess = over(&self.claims[index]);
            if self.claims[index].quantity() > excess {
                self.claims[index].set_each(|before| before - excess);
            } else {
                self.drop_claim(index, because);
            }
        }
    }

    /// A claim is fulfilled while its deliveries reach its quantity on each of its days.
    fn refresh_fulfilment(&mut self, need: i64, position: usize) {
        for i in 0..self.needs[&need].lines[position].claims.len() {
            let index = self.needs[&need].lines[position].claims[i];
            let claim = &self.claims[index];
            if claim.state.is_matched() {
                let reached = claim.days().all(|day| self.delivered(claim, day) >= claim.on_day(day));
                self.claims[index].state = if reached { ClaimState::Fulfilled } else { ClaimState::Confirmed };
            }
        }
    }

    fn add_up(&self, need: i64, position: usize) -> Vec<Totals> {
        let line = &self.needs[&need].lines[position];
        let mut days = vec![Totals::default(); line.days.len()];
        for claim in line.claims.iter().map(|&i| &self.claims[i]) {
            for day in claim.days() {
                let totals = &mut days[(day - line.first_day) as usize];
                match claim.state {
                    ClaimState::Held => totals.held += claim.on_day(day),
                    ClaimState::Confirmed => totals.confirmed += claim.on_day(day),
                    ClaimState::Fulfilled => totals.fulfilled += claim.on_day(day),
                    ClaimState::Released | ClaimState::Expired => continue,
                }
                if claim.state.is_matched() {
                    totals.delivered += self.delivered(claim, day);
                }
            }
        }
        days
    }
}
