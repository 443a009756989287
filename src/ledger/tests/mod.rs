//! The fold and the rules on short courses of events, without a database.

mod claims;
mod due;
mod merging;
mod phone;

use super::event::{Event, Kind, LineSpec, Place};
use super::fold::fold;
use super::group::Group;
use super::model::*;
use super::rules::{self, MergeLine};
use super::state::*;
use crate::clock::{HOUR, MINUTE, Time};
use crate::error::RefusalCode;

/// A course of events on a few needs: every event is judged before it is taken, as an append does it.
#[derive(Default)]
struct Course {
    group: Group,
    now: Time,
}

type Verdict = Result<i64, RefusalCode>;

impl Course {
    /// A course that begins with one need per list of quantities wanted, each verified by phone.
    fn verified(needs: &[&[i64]]) -> Course {
        let mut course = Course::default();
        for (i, wanted) in needs.iter().enumerate() {
            course.submit(i as i64 + 1, wanted);
            course.conclude(i as i64 + 1, Conclusion::Genuine).unwrap();
        }
        course
    }

    fn submit(&mut self, need: i64, wanted: &[i64]) {
        let line = |(i, quantity): (usize, &i64)| LineSpec { n: i as i64 + 1, quantity: *quantity, first_day: 0, last_day: 0 };
        self.submit_lines(need, wanted.iter().enumerate().map(line).collect());
    }

    fn submit_lines(&mut self, need: i64, lines: Vec<LineSpec>) {
        let kind = Kind::Submitted {
            reference: format!("N{need}"),
            category: Category::Food,
            place: Place { region: None, path: String::new(), district: "unlocated".into() },
            urgency: Urgency::Urgent,
            groups: Vec::new(),
            people: 1,
            persons: Vec::new(),
            contacts: 2,
            lines,
            source: Source::Web,
            first: true,
        };
        self.on(need, kind).unwrap();
    }

    /// Records an event on a need, with what was due before it.
    fn on(&mut self, need: i64, kind: Kind) -> Verdict {
        self.run_due(need);
        let stood = self.group.state.clone();
        let parts = matches!(kind, Kind::Unmerged {});
        let id = self.push(need, self.now, kind, None)?;
        if parts {
            for (need, kind) in self.group.state.unsettled(&stood) {
                self.push(need, self.now, kind, None)?;
            }
        }
        Ok(id)
    }

    fn void(&mut self, event: i64) -> Verdict {
        let target = self.group.events.iter().find(|e| e.id == event).expect("an event").clone();
        let root = self.group.state.root(target.need);
        self.run_due(root);
        self.push(root, self.now, Kind::Voided { event: target.reference }, Some(event))
    }

    fn push(&mut self, need: i64, at: Time, kind: Kind, voids: Option<i64>) -> Verdict {
        let id = self.group.events.len() as i64 + 1;
        let seq = self.group.next_seq(need);
        let (reference, act) = (format!("E{id}"), format!("A{id}"));
        let (occurred_at, recorded_at) = (at, self.now);
        let organisation = Some(7);
        let event = Event { id, reference, act, need, seq, occurred_at, recorded_at, actor: None, organisation, reason: None, kind, voids };
        self.group.judge(&event).map_err(|refusal| refusal.code)?;
        self.group.take(event);
        let again = fold(&self.group.events, None);
        assert_eq!(format!("{:?}", again.needs), format!("{:?}", self.group.state.needs), "stepping and folding agree");
        assert_eq!(format!("{:?}", again.claims), format!("{:?}", self.group.state.claims), "stepping and folding agree");
        Ok(id)
    }

    fn run_due(&mut self, need: i64) {
        let state = &self.group.state;
        if !state.needs.contains_key(&need) {
            return;
        }
        let root = state.root(need);
        while let Some((at, on, kind)) = self.group.state.due(root).filter(|(at, _, _)| *at <= self.now) {
            self.push(on, at, kind, None).expect("what is due is not judged");
        }
    }

    fn pass(&mut self, milliseconds: i64) {
        self.now = self.now.plus(milliseconds);
    }

    fn call(&mut self, need: i64, outcome: Outcome, conclusion: Option<Conclusion>) -> Verdict {
        let (direction, medium, purpose) = (Direction::Outgoing, Medium::Voice, Purpose::Verify);
        self.on(need, Kind::Called { call: "C".into(), direction, medium, purpose, outcome, conclusion, assessed: None })
    }

    fn conclude(&mut self, need: i64, conclusion: Conclusion) -> Verdict {
        self.call(need, Outcome::Answered, Some(conclusion))
    }

    /// Claims a quantity of line 1 of a need under a reference.
    fn claim(&mut self, claim: &str, need: i64, quantity: i64, state: ClaimState) -> Verdict {
        self.claim_days(claim, need, quantity, state, (0, 0))
    }

    fn claim_days(&mut self, claim: &str, need: i64, quantity: i64, state: ClaimState, days: (i64, i64)) -> Verdict {
        let root = self.group.state.root(need);
        let lifetime = self.group.state.urgency(&self.group.state.needs[&root]).claim_lifetime();
        let expires_at = (state == ClaimState::Held).then(|| self.now.plus(lifetime));
        let (first_day, last_day) = days;
        let claim = claim.to_owned();
        let kind =
            Kind::Claimed { claim, n: 1, quantity, state, first_day, last_day, planned_at: None, expires_at, early: false, offer: None };
        self.on(root, kind)
    }

    fn confirm(&mut self, claim: &str, quantity: i64) -> Verdict {
        self.on(self.claimed(claim).home.0, Kind::ClaimConfirmed { claim: claim.into(), quantity, planned_at: None })
    }

    fn release(&mut self, claim: &str) -> Verdict {
        self.on(self.claimed(claim).home.0, Kind::ClaimReleased { claim: claim.into() })
    }

    fn give_back(&mut self, claim: &str, quantity: i64) -> Verdict {
        self.on(self.claimed(claim).home.0, Kind::GivenBack { claim: claim.into(), quantity })
    }

    fn deliver(&mut self, delivery: &str, claim: &str, day: i64, quantity: i64, step: Step) -> Verdict {
        let kind = Kind::DeliveryStarted { delivery: delivery.into(), claim: claim.into(), day, quantity, step, at_gate: false };
        self.on(self.claimed(claim).home.0, kind)
    }

    fn step(&mut self, delivery: &str, step: Step, quantity: Option<i64>, at_gate: bool) -> Verdict {
        let found = self.group.state.delivery(delivery).expect("a delivery");
        let claim = self.group.state.claims[found.claim].clone();
        self.on(claim.home.0, Kind::DeliveryStepped { delivery: delivery.into(), claim: claim.reference.clone(), step, quantity, at_gate })
    }

    /// Merges a need into another's root; all lines ask for the same item.
    fn merge(&mut self, need: i64, into: i64) -> Verdict {
        self.run_due(need);
        self.run_due(into);
        let survivor = self.group.state.root(into);
        let lines = self.group.state.needs.values().flat_map(|n| n.lines.iter().map(|l| (n.id, l.n)));
        let items: Vec<MergeLine<'_>> = lines.map(|line| MergeLine { line, item: Some(("米", "袋")) }).collect();
        let attach = rules::plan_merge(&self.group.state, need, survivor, &items);
        self.on(need, Kind::Merged { into: format!("N{survivor}"), attach, same: Vec::new() })
    }

    fn need(&self, need: i64) -> &Need {
        &self.group.state.needs[&need]
    }

    fn claimed(&self, claim: &str) -> &Claim {
        self.group.state.claim(claim).expect("a claim")
    }

    fn stands(&self, claim: &str) -> (ClaimState, i64) {
        (self.claimed(claim).state, self.claimed(claim).quantity())
    }

    fn asked_back(&self, claim: &str) -> i64 {
        let index = self.group.state.claims.iter().position(|c| c.reference == claim).expect("a claim");
        self.group.state.give_back(index)
    }

    /// (quantity, left) of a day of line 1.
    fn line(&self, need: i64, day: i64) -> (i64, i64) {
        let line = &self.need(need).lines[0];
        let totals = &line.days[(day - line.first_day) as usize];
        (line.quantity(totals), line.left(totals))
    }

    fn stage(&self, need: i64) -> Stage {
        self.group.state.stage(self.need(need))
    }

    fn closure(&self, need: i64) -> Closure {
        self.group.state.closure(self.need(need))
    }
}
