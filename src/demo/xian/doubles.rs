//! Needs that are submitted twice: merged, merged in a chain, with claims on both sides, with one person in both; and parted again.

use super::super::plan::*;
use super::origins::{CasePlan, Double, Origin, Outcome as Fate};
use super::story::{Story, Thread};
use super::submitting::Sent;
use super::supply::{Rest, Taken};
use crate::clock::{HOUR, MINUTE, Time};
use crate::ledger::model::*;

impl Story {
    /// The same need, submitted by somebody else.
    pub fn submit_again(&mut self, sent: &Sent, at: Time, named: Vec<Named>) -> Sent {
        let quantity = format!("{}{}{}", sent.lines[0].item, sent.lines[0].quantity, sent.lines[0].unit);
        let people = self.random.range(2, 40);
        let need = NeedPlan {
            category: sent.kind.category,
            region: sent.region.clone(),
            urgency: sent.urgency,
            lines: sent.lines.clone(),
            people: people.max(named.len() as i64),
            named,
            groups: vec![sent.kind.groups[0]],
            description: self.random.pick(sent.kind.texts).replace("{n}", &people.to_string()).replace("{q}", &quantity),
            address: None,
        };
        let contact = self.people.household_contact();
        let source = if self.random.chance(70) { Source::Web } else { Source::Partner };
        self.send(vec![need], &[sent.kind], contact, source, None, at).remove(0)
    }

    /// A short call about a need that was submitted again.
    fn call_again(&mut self, sent: &Sent, at: Time) -> Time {
        let about = vec![(sent.need, Some(Conclusion::Genuine), None)];
        let (direction, medium, purpose) = (Direction::Outgoing, Medium::Voice, Purpose::Verify);
        let command = Command::Call { direction, medium, purpose, outcome: Outcome::Answered, about };
        self.push(at, 45_000, By::Operator, command);
        at.plus(45_000)
    }
}

impl Thread<'_> {
    /// When somebody else submits the same: while the first waits for its call, or soon after.
    fn meanwhile(&mut self) -> Time {
        let waited = self.at.0 - self.submitted.0;
        if waited > 30 * MINUTE {
            self.submitted.plus(waited * self.random().range(20, 75) / 100)
        } else {
            self.at.plus(self.random().range(8 * MINUTE, 35 * MINUTE))
        }
    }

    fn merge(&mut self, at: Time, from: NeedNo, into: NeedNo, same_people: Vec<(Named, Named)>) {
        self.now(at, By::Operator, Command::Merge { from, into, same_people });
    }

    /// Whatever is submitted again before any claim, and what is done about it.
    pub fn doubled(&mut self, sent: &Sent, double: Double) {
        let at = self.meanwhile();
        let again = self.story.submit_again(sent, at, Vec::new());
        let noticed = self.at.max(again.at).plus(self.random().range(2 * MINUTE, 25 * MINUTE));
        match double {
            Double::Again => {
                let noticed = if self.random().chance(45) { self.story.call_again(&again, noticed).plus(MINUTE) } else { noticed };
                self.merge(noticed, again.need, self.need, Vec::new());
            }
            Double::Onward => {
                self.merge(noticed, self.need, again.need, Vec::new());
                self.need = again.need;
            }
            _ => {
                let at = noticed.plus(20 * MINUTE);
                let third = self.story.submit_again(sent, at, Vec::new());
                self.merge(at.plus(9 * MINUTE), third.need, again.need, Vec::new());
                self.merge(at.plus(14 * MINUTE), again.need, self.need, Vec::new());
            }
        }
    }

    /// Both needs have a case, and it is one person.
    pub fn one_person(&mut self, sent: &Sent, plan: &CasePlan) {
        let at = self.meanwhile();
        let again = self.story.submit_again(sent, at, sent.named.clone());
        let called = self.at.max(again.at).plus(6 * MINUTE);
        let called = self.story.call_again(&again, called);
        let mut other = self.story.thread(&Sent { at: called, ..copy(&again) });
        other.reach(&again, plan, Fate::Matched);
        let noticed = other.at;
        let pairs = sent.named.iter().cloned().zip(again.named.iter().cloned()).collect();
        let at = noticed.max(self.at).plus(12 * MINUTE);
        self.merge(at, again.need, self.need, pairs);
    }

    /// Two people of a community have asked for the same; both needs are claimed before anybody notices.
    pub fn both_claimed(&mut self, sent: &Sent, fate: Fate, way: usize) {
        let at = self.meanwhile();
        let again = self.story.submit_again(sent, at, Vec::new());
        let called = self.at.max(again.at).plus(15 * MINUTE);
        let called = self.story.call_again(&again, called);
        let all = self.lines[0].quantity;
        let at = self.first_match(fate).max(called.plus(5 * MINUTE));
        let mut taken = vec![self.confirmed(1, all * 6 / 10, at, None)];
        let (again, left) = (Sent { at: called.max(at), ..again }, all - all * 6 / 10);
        match way % 3 {
            0 => taken.push(self.goes_over(&again, left)),
            1 => taken.push(self.stays(&again, left)),
            _ => taken.extend(self.both_go_over(&again, left)),
        }
        self.arrive(&taken, Rest::Nothing);
    }

    /// What still fits of the other need's claim goes over, the rest is released.
    fn goes_over(&mut self, again: &Sent, left: i64) -> Taken {
        let mut other = self.story.thread(again);
        let at = other.at.plus(20 * MINUTE);
        let claimed = other.confirmed(1, other.lines[0].quantity / 2, at, None);
        let noticed = other.at.plus(HOUR);
        self.merge(noticed, again.need, self.need, Vec::new());
        Taken { quantity: claimed.quantity.min(left), ..claimed }
    }

    /// What was claimed on the other need is on the road already and stays there.
    fn stays(&mut self, again: &Sent, left: i64) -> Taken {
        let mut other = self.story.thread(again);
        let at = other.at.plus(20 * MINUTE);
        let on_the_road = other.confirmed(1, other.lines[0].quantity / 3, at, None);
        let delivery = other.on_the_road(&on_the_road);
        let noticed = other.at.plus(25 * MINUTE);
        self.merge(noticed, again.need, self.need, Vec::new());
        let at = self.at.plus(40 * MINUTE);
        let arrived = Command::Advance { delivery, step: DeliveryStep::HandedOver, quantity: None, at_gate: false };
        self.now(at, By::Coordinator(on_the_road.organisation), arrived);
        let at = self.after(HOUR);
        self.confirmed(1, left, at, None)
    }

    /// One claim on the other need is confirmed, one only held; both go over.
    fn both_go_over(&mut self, again: &Sent, left: i64) -> [Taken; 2] {
        let mut other = self.story.thread(again);
        let at = other.at.plus(12 * MINUTE);
        let confirmed = other.confirmed(1, left / 2, at, None);
        let (organisation, line) = (other.organisation(Some(confirmed.organisation)), other.lines[0].clone());
        let quantity = left - left / 2;
        let at = other.at.plus(2 * MINUTE);
        let claim = other.claim(organisation, 1, &line, quantity, None, at);
        let noticed = other.at.plus(7 * MINUTE);
        self.merge(noticed, again.need, self.need, Vec::new());
        let at = self.at.plus(6 * MINUTE);
        let planned_at = self.planned(at);
        self.now(at, By::Coordinator(organisation), Command::Confirm { claim, quantity, planned_at });
        [confirmed, Taken { claim, organisation, quantity, days: None }]
    }

    /// A delivery that has left.
    fn on_the_road(&mut self, taken: &Taken) -> DeliveryNo {
        let (delivery, at) = (self.story.delivery(), self.at.plus(30 * MINUTE));
        let (claim, quantity) = (taken.claim, taken.quantity);
        let command = Command::Deliver { delivery, claim, day: None, quantity, step: DeliveryStep::InTransit, at_gate: false };
        self.now(at, By::Coordinator(taken.organisation), command);
        delivery
    }

    /// Two needs are taken for one, and parted an hour or two later. Answers the other with the instant from which its course goes on.
    pub fn parted(&mut self, sent: &Sent) -> Sent {
        let at = self.meanwhile();
        let again = self.story.submit_again(sent, at, Vec::new());
        let called = self.at.max(again.at).plus(10 * MINUTE);
        let called = self.story.call_again(&again, called);
        self.merge(called.plus(4 * MINUTE), again.need, self.need, Vec::new());
        let at = self.at.plus(self.random().range(HOUR, 2 * HOUR));
        self.now(at, By::Operator, Command::Unmerge { need: again.need });
        Sent { at: self.at, ..again }
    }
}

/// A need that was sent in, once more: its course is written from another instant.
pub fn copy(sent: &Sent) -> Sent {
    Sent { lines: sent.lines.clone(), named: sent.named.clone(), region: sent.region.clone(), contact: sent.contact.clone(), ..*sent }
}

/// Whether a submission's only line must be a large one of goods.
pub fn wants_one_large_line(origin: &Origin) -> bool {
    matches!(origin.double, Double::BothClaimed | Double::PartedLater | Double::JoinedLater)
}
