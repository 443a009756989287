//! The one pure function over events: applies them in recorded order. It never refuses; what breaks a rule is noted in `violations`.
//!
//! Voided events are passed over. A merge that was undone later is passed over too, as if it never was, but what it released as surplus
//! stays released.

use std::collections::{HashMap, HashSet};

use super::axes::{Axes, AxisFact};
use super::event::{Attachment, Event, Kind, LineSpec};
use super::model::*;
use super::rules;
use super::state::*;
use crate::clock::Time;

/// Folds the events of a group, sorted by (recorded_at, need, seq). `without` leaves one more event out, as if it were voided.
pub fn fold(events: &[Event], without: Option<i64>) -> State {
    let voided: HashSet<i64> = events.iter().filter_map(|e| e.voids).chain(without).collect();
    let mut last_unmerge: HashMap<i64, i64> = HashMap::new();
    for e in events.iter().filter(|e| matches!(e.kind, Kind::Unmerged {})) {
        last_unmerge.insert(e.need, e.seq);
    }
    let mut state = State::default();
    for event in events.iter().filter(|e| !voided.contains(&e.id)) {
        let undone = last_unmerge.get(&event.need).is_some_and(|&seq| event.seq <= seq);
        state.step(event, undone);
    }
    state
}

impl State {
    /// Applies one event on top of what is folded. Unmerging and voiding can't be applied this way: fold again.
    pub fn step(&mut self, event: &Event, undone: bool) {
        let parted = undone && matches!(event.kind, Kind::Merged { .. } | Kind::Unmerged {});
        if !parted && rules::follows(self, event).is_err() {
            self.violations.push(event.id);
        }
        if !matches!(event.kind, Kind::Submitted { .. }) && !self.needs.contains_key(&event.need) {
            return;
        }
        self.apply(event, undone);
        let root = self.root(event.need);
        self.settle(root, event);
    }

    fn apply(&mut self, event: &Event, undone: bool) {
        let root = self.root(event.need);
        let order = (event.recorded_at, event.need, event.seq);
        match &event.kind {
            Kind::Submitted { .. } => self.submit(event),
            Kind::Rejected {} => self.end(root, Closure::Rejected),
            Kind::Called { direction, outcome, conclusion, assessed, .. } => {
                let outgoing = *direction == Direction::Outgoing;
                self.fact(root, order, AxisFact::Call { outgoing, outcome: *outcome, conclusion: *conclusion });
                self.assess(root, order, *assessed);
                self.called(root, event.occurred_at, order, *outcome, *conclusion);
            }
            Kind::Visited { conclusion, assessed } => {
                self.fact(root, order, AxisFact::Visit(*conclusion));
                self.assess(root, order, *assessed);
                self.with(root, |n| {
                    n.firsts.human_contact = true;
                    if conclusion.is_genuine() {
                        earliest(&mut n.firsts.by_visit, (event.occurred_at, order));
                    }
                });
            }
            Kind::Assessed { urgency } => self.assess(root, order, Some(*urgency)),
            Kind::CaseOpened {} => self.fact(root, order, AxisFact::Case(Urgent::Opened)),
            Kind::Responded { reached, people, .. } => {
                self.fact(root, order, AxisFact::Case(Urgent::Responded));
                let response =
                    Response { event: event.id, occurred_at: event.occurred_at, order, reached: *reached, people: people.clone() };
                self.with(root, |n| {
                    n.firsts.human_contact = true;
                    n.responses.push(response);
                });
            }
            Kind::Stabilised {} => self.fact(root, order, AxisFact::Case(Urgent::Stabilised)),
            Kind::HandedOn {} => self.fact(root, order, AxisFact::Case(Urgent::HandedOn)),
            Kind::StoodDown {} => self.fact(root, order, AxisFact::Case(Urgent::StoodDown)),
            Kind::LostContact {} => self.fact(root, order, AxisFact::Case(Urgent::LostContact)),
            Kind::LineAdded { line } => self.with(root, |n| n.lines.push(new_line(line, event.occurred_at))),
            Kind::LineChanged { n, wanted } => self.change_line(root, *n, event.occurred_at, |line| line.wanted = *wanted),
            Kind::LineClosedShort { n } => self.change_line(root, *n, event.occurred_at, |line| line.short = true),
            Kind::PeopleCorrected { people, groups, added, same } => self.with(root, |n| {
                n.people = people.unwrap_or(n.people);
                n.groups = groups.clone().unwrap_or_else(|| std::mem::take(&mut n.groups));
                n.persons.extend(added.iter().cloned());
                n.same.extend(same.iter().map(|(a, b)| (event.id, a.clone(), b.clone())));
            }),
            Kind::ContactsCorrected { contacts } => {
                self.with(event.need, |n| n.contacts = *contacts);
                self.fact(root, order, AxisFact::Contacts { need: event.need, numbers: *contacts, corrected: true });
            }
            Kind::CategoryCorrected { category } => self.with(root, |n| n.category = *category),
            Kind::PlaceCorrected { place } => self.with(root, |n| n.place = place.clone()),
            Kind::Answered {} => self.with(root, |n| {
                n.answered = Some(event.occurred_at);
                n.await_feedback(event.occurred_at);
                earliest_by(&mut n.firsts.matched, (event.occurred_at, order, MatchedBy::Answer));
            }),
            Kind::Referred { n, due_at } => {
                self.with(root, |need| need.referrals.push(Referral { n: *n, due_at: *due_at, state: ReferralState::Pending }))
            }
            Kind::ReferralAccepted { n } => {
                self.refer(event.need, *n, ReferralState::Accepted);
                self.with(root, |need| {
                    need.accepted = Some(event.occurred_at);
                    need.closure = Closure::Referred;
                    need.awaiting_since = None;
                    earliest_by(&mut need.firsts.matched, (event.occurred_at, order, MatchedBy::Referral));
                });
            }
            Kind::ReferralReturned { n } => self.refer(event.need, *n, ReferralState::Returned),
            Kind::Closed {} | Kind::ClosedUnanswered {} => self.end(root, Closure::Closed),
            Kind::Cancelled {} => self.end(root, Closure::Cancelled),
            Kind::Reopened {} => self.with(root, |n| {
                n.closure = Closure::Open;
                (n.awaiting_since, n.answered, n.accepted) = (None, None, None);
            }),
            Kind::Merged { into, attach, same } => self.merge(event, into, attach, same, undone),
            Kind::Erased {} => self.with(event.need, |n| n.erased = true),
            Kind::Summarised {} | Kind::Unmerged {} | Kind::Voided { .. } => {}
            _ => self.apply_to_claim(event, order),
        }
    }

    fn submit(&mut self, event: &Event) {
        let Kind::Submitted { reference, category, place, urgency, groups, people, persons, contacts, lines, source, first } = &event.kind
        else {
            return;
        };
        let need = Need {
            id: event.need,
            reference: reference.clone(),
            parent: None,
            submitted_at: event.occurred_at,
            first: *first,
            source: *source,
            category: *category,
            place: place.clone(),
            asked: *urgency,
            groups: groups.clone(),
            people: *people,
            persons: persons.clone(),
            contacts: *contacts,
            lines: lines.iter().map(|line| new_line(line, event.occurred_at)).collect(),
            axes: Axes::default(),
            closure: Closure::Open,
            awaiting_since: None,
            answered: None,
            accepted: None,
            referrals: Vec::new(),
            was_complete: false,
            firsts: Firsts::default(),
            responses: Vec::new(),
            same: Vec::new(),
            erased: false,
            history: Vec::new(),
        };
        self.need_index.insert(need.reference.clone(), need.id);
        self.needs.insert(need.id, need);
        let order = (event.recorded_at, event.need, event.seq);
        self.fact(event.need, order, AxisFact::Contacts { need: event.need, numbers: *contacts, corrected: false });
    }

    pub(super) fn with(&mut self, need: i64, change: impl FnOnce(&mut Need)) {
        if let Some(need) = self.needs.get_mut(&need) {
            change(need);
        }
    }

    fn fact(&mut self, root: i64, order: Order, fact: AxisFact) {
        self.with(root, |n| {
            n.history.push((order, fact));
            n.axes.apply(fact);
        });
    }

    fn assess(&mut self, root: i64, order: Order, assessed: Option<Urgency>) {
        if let Some(urgency) = assessed {
            self.fact(root, order, AxisFact::Assessed(urgency));
        }
    }

    fn called(&mut self, root: i64, at: Time, order: Order, outcome: Outcome, conclusion: Option<Conclusion>) {
        self.with(root, |n| {
            n.firsts.human_contact |= outcome.is_conversation();
            earliest(&mut n.firsts.tried, (at, order));
            if let Some(conclusion) = conclusion.filter(|c| c.is_final() && outcome.is_conversation()) {
                earliest_by(&mut n.firsts.concluded, (at, order, conclusion));
            }
        });
    }

    fn refer(&mut self, need: i64, n: i64, state: ReferralState) {
        self.with(need, |need| {
            if let Some(referral) = need.referrals.iter_mut().find(|r| r.n == n && r.state == ReferralState::Pending) {
                referral.state = state;
            }
        });
    }

    fn change_line(&mut self, root: i64, n: i64, at: Time, change: impl FnOnce(&mut Line)) {
        self.with(root, |need| {
            if let Some(line) = need.lines.iter_mut().find(|l| l.n == n) {
                change(line);
                line.changed_at = at;
            }
        });
        self.recount(root, n);
    }

    /// Ends a root: held claims on its lines fall away.
    fn end(&mut self, root: i64, closure: Closure) {
        self.with(root, |n| {
            n.closure = closure;
            n.awaiting_since = None;
        });
        let lines: Vec<i64> = self.needs.get(&root).map(|n| n.lines.iter().map(|l| l.n).collect()).unwrap_or_default();
        lines.into_iter().for_each(|n| self.recount(root, n));
    }

    fn merge(&mut self, event: &Event, into: &str, attach: &[Attachment], same: &[(String, String)], undone: bool) {
        let from = event.need;
        let survivor = self.need_index.get(into).map(|&id| self.root(id)).filter(|&id| id != from);
        for Attachment { claim, n, quantity } in attach {
            let Some(&index) = self.claim_index.get(claim) else { continue };
            if self.claims[index].on.0 != from || !self.claims[index].state.is_live() {
                continue;
            }
            self.claims[index].set_each(|before| before.min(*quantity));
            match (n, survivor) {
                (None, _) => self.drop_claim(index, "surplus"),
                (Some(n), Some(survivor)) if !undone => self.move_claim(index, (survivor, *n)),
                _ => {}
            }
            let on = self.claims[index].on;
            self.recount(on.0, on.1);
        }
        let own: Vec<i64> = self.needs[&from].lines.iter().map(|l| l.n).collect();
        own.into_iter().for_each(|n| self.recount(from, n));
        let Some(survivor) = survivor.filter(|_| !undone) else { return };
        let Some(merged) = self.needs.get_mut(&from) else { return };
        merged.parent = Some(survivor);
        let history = merged.history.clone();
        self.with(survivor, |n| {
            n.history.extend(history);
            n.history.sort_by_key(|(order, _)| *order);
            n.axes = Axes::default();
            for &(_, fact) in &n.history {
                n.axes.apply(fact);
            }
            n.same.extend(same.iter().map(|(a, b)| (event.id, a.clone(), b.clone())));
        });
    }

    /// After an event: marks that are reached for the first time, and whether the root begins or stops to await feedback.
    fn settle(&mut self, root: i64, event: &Event) {
        let Some(need) = self.needs.get(&root) else { return };
        let complete = self.delivery_axis(need) == DeliveryAxis::Complete;
        let fully = need.firsts.fully_matched.is_none() && self.matching(need) == Matching::Full;
        let fully = fully.then(|| self.fully_matched_at(need));
        let delivered = (need.firsts.delivered.is_none() && complete).then(|| self.delivered_at(need));
        self.with(root, |n| {
            n.firsts.fully_matched = n.firsts.fully_matched.or(fully);
            n.firsts.delivered = n.firsts.delivered.or(delivered);
            if complete && !n.was_complete {
                n.await_feedback(event.occurred_at);
            }
            n.was_complete = complete;
            if n.closure == Closure::AwaitingFeedback && !complete && n.answered.is_none() {
                n.closure = Closure::Open;
                n.awaiting_since = None;
            }
        });
    }

    fn fully_matched_at(&self, need: &Need) -> Time {
        if let Some(at) = need.answered.or(need.accepted) {
            return at;
        }
        let claims = need.lines.iter().flat_map(|l| &l.claims).map(|&i| &self.claims[i]).filter(|c| c.state.is_matched());
        let confirmed = claims.filter_map(|c| c.confirmed_at);
        confirmed.chain(need.lines.iter().map(|l| l.changed_at)).max().unwrap_or(need.submitted_at)
    }

    fn delivered_at(&self, need: &Need) -> Time {
        let claims = need.lines.iter().flat_map(|l| &l.claims).map(|&i| &self.claims[i]);
        let counted = claims.filter(|c| c.state.is_matched()).flat_map(|c| &c.deliveries);
        let steps = counted.filter_map(|&i| self.deliveries[i].counted_at);
        steps.chain(need.lines.iter().map(|l| l.changed_at)).max().unwrap_or(need.submitted_at)
    }
}

impl Need {
    /// The 72 hours begin, where the need is open.
    fn await_feedback(&mut self, since: Time) {
        if self.closure == Closure::Open {
            self.closure = Closure::AwaitingFeedback;
            self.awaiting_since = Some(since);
        }
    }
}

fn new_line(spec: &LineSpec, at: Time) -> Line {
    let days = vec![Totals::default(); (spec.last_day - spec.first_day + 1).max(1) as usize];
    Line {
        n: spec.n,
        wanted: spec.quantity,
        first_day: spec.first_day,
        last_day: spec.last_day,
        short: false,
        changed_at: at,
        days,
        claims: Vec::new(),
    }
}

fn earliest(slot: &mut Option<(Time, Order)>, found: (Time, Order)) {
    if slot.is_none_or(|known| found < known) {
        *slot = Some(found);
    }
}

pub(super) fn earliest_by<T: Copy>(slot: &mut Option<(Time, Order, T)>, found: (Time, Order, T)) {
    if slot.is_none_or(|known| (found.0, found.1) < (known.0, known.1)) {
        *slot = Some(found);
    }
}
