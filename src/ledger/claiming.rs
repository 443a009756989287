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
                    c.quantity = *quantity;
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
                c.quantity = (c.quantity - quantity).max(0);
                if c.quantity == 0 {
                    c.state = ClaimState::Released;
                }
            }),
            Kind::DeliveryStarted { delivery, claim, day, quantity, step, at_gate } => {
                let Some(&index) = self.claim_index.get(claim) else { return };
                self.delivery_index.insert(delivery.clone(), self.deliveries.len());
                self.claims[index].deliveries.push(self.deliveries.len());
                self.deliveries.push(Delivery {
                    reference: delivery.clone(),
                    claim: index,
                    day: *day,
                    quantity: *quantity,
                    step: *step,
                    at_gate: *at_gate,
                    stepped_at: event.occurred_at,
                });
                self.change_claim(claim, |_| {});
            }
            Kind::DeliveryStepped { delivery, claim, step, quantity, at_gate } => {
                let Some(&index) = self.delivery_index.get(delivery) else { return };
                let known = &mut self.deliveries[index];
                known.step = *step;
                known.quantity = quantity.unwrap_or(known.quantity);
                known.at_gate = *at_gate;
                known.stepped_at = event.occurred_at;
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
            quantity: *quantity,
            first_day: *first_day,
            last_day: *last_day,
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

    /// Releases a claim, or leaves it with what it has delivered already.
    fn release(&mut self, reference: &str) {
        let Some(claim) = self.claim(reference) else { return };
        let delivered = claim.days().map(|day| self.delivered(claim, day)).max().unwrap_or(0);
        self.change_claim(reference, |c| {
            if delivered > 0 {
                c.quantity = delivered;
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
            if self.claims[index].quantity > excess {
                self.claims[index].quantity -= excess;
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
                let reached = claim.days().all(|day| self.delivered(claim, day) >= claim.quantity);
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
                    ClaimState::Held => totals.held += claim.quantity,
                    ClaimState::Confirmed => totals.confirmed += claim.quantity,
                    ClaimState::Fulfilled => totals.fulfilled += claim.quantity,
                    ClaimState::Released | ClaimState::Expired => {}
                }
                totals.delivered += self.delivered(claim, day);
            }
        }
        days
    }
}
