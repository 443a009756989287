//! How things stand after a list of facts: a plain interpreter that starts from nothing and takes one fact after another.

use std::collections::BTreeMap;

use super::facts::{Fact, What, in_force};
use crate::command::NewLine;
use crate::vocabulary::*;

/// How things stand.
#[derive(Clone, Default)]
pub struct World<'a> {
    /// The facts taken so far.
    pub events: Vec<(FactId, &'a Fact)>,
    /// Every need, merged ones too.
    pub needs: Vec<Need>,
    /// Every claim in force, in the order of making.
    pub claims: BTreeMap<ClaimId, Claim>,
    /// Every delivery in force.
    pub deliveries: BTreeMap<DeliveryId, Delivery>,
    /// Merges that are to leave no trace but their surplus (see `counters`).
    pub ghosts: Vec<FactId>,
}

/// A need's own part; what its group says is asked of the world.
#[derive(Clone)]
pub struct Need {
    /// When it was submitted.
    pub submitted_at: Time,
    /// Category as corrected.
    pub category: Category,
    /// Region as corrected.
    pub region: Region,
    /// Urgency as asked.
    pub asked: Urgency,
    /// Its lines by number, from 1.
    pub lines: BTreeMap<usize, Line>,
    /// Its own closure, never `merged`.
    pub closure: Closure,
    /// While awaiting feedback: when it closes by itself.
    pub feedback_due: Option<Time>,
    /// The desk has answered and the need was not reopened since.
    pub answered: bool,
    /// A receiving body has accepted it and the need was not reopened since.
    pub accepted: bool,
    /// Its referrals by number, from 1.
    pub referrals: BTreeMap<usize, Referral>,
    /// The merge that made it part of another.
    pub merged: Option<(FactId, NeedId)>,
    /// Its delivery was complete after the last fact.
    pub was_complete: bool,
}

/// One item of a need.
#[derive(Clone)]
pub struct Line {
    /// The item's number.
    pub item: usize,
    /// The unit's number.
    pub unit: usize,
    /// First and last day where it recurs.
    pub days: Option<(Day, Day)>,
    /// What is wanted, each day.
    pub wanted: i64,
    /// The rest is not needed.
    pub short: bool,
    /// When its quantity last changed.
    pub changed_at: Time,
}

/// A referral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Referral {
    /// Until this time.
    Pending(Time),
    /// Accepted.
    Accepted,
    /// Came back.
    Returned,
}

/// A claim.
#[derive(Clone)]
pub struct Claim {
    /// The line it was made on.
    pub home: LineOf,
    /// The line it stands on.
    pub on: LineOf,
    /// The merges that moved it, and from where.
    pub moves: Vec<(FactId, LineOf)>,
    /// State.
    pub state: ClaimState,
    /// How much on each of its days.
    pub per_day: BTreeMap<Day, i64>,
    /// When it was confirmed.
    pub confirmed_at: Option<Time>,
    /// While held: until when it lives without progress.
    pub deadline: Time,
}

/// A delivery.
#[derive(Clone)]
pub struct Delivery {
    /// Out of which claim.
    pub claim: ClaimId,
    /// For which of its days.
    pub day: Day,
    /// How much.
    pub quantity: i64,
    /// How far.
    pub step: Step,
    /// Handed over at the gate.
    pub at_gate: bool,
    /// When it came to count with its present quantity.
    pub counted_at: Option<Time>,
}

/// The days of a span; a one-off has day 0.
pub fn days_of(span: Option<(Day, Day)>) -> Vec<Day> {
    span.map_or(vec![0], |(first, last)| (first..=last).collect())
}

impl Line {
    /// As asked for.
    pub fn new(line: &NewLine, at: Time) -> Line {
        Line { item: line.item, unit: line.unit, days: line.days, wanted: line.quantity, short: false, changed_at: at }
    }
}

impl Claim {
    /// Held or confirmed.
    pub fn is_live(&self) -> bool {
        matches!(self.state, ClaimState::Held | ClaimState::Confirmed)
    }

    /// Confirmed or fulfilled: it counts in the matching.
    pub fn counts(&self) -> bool {
        matches!(self.state, ClaimState::Confirmed | ClaimState::Fulfilled)
    }

    /// The quantity people see: the same on every day.
    pub fn quantity(&self) -> i64 {
        self.per_day.values().copied().max().unwrap_or(0)
    }
}

impl Delivery {
    /// It counts as delivered: handed over to community or person, or signed for; at the gate only once signed.
    pub fn counts(&self) -> bool {
        self.step == Step::SignedFor || (self.step == Step::HandedOver && !self.at_gate)
    }

    /// It has left and is not there yet; what stands at the gate unsigned is not there yet either.
    pub fn on_the_road(&self) -> bool {
        self.step == Step::InTransit || (self.step == Step::HandedOver && self.at_gate)
    }
}

impl<'a> World<'a> {
    /// How things stand after these facts.
    pub fn after(facts: &'a [Fact]) -> World<'a> {
        let mut world = World::default();
        for (id, fact) in in_force(facts) {
            world.take(id, fact);
        }
        world
    }

    /// The need that speaks for this one: itself, or what it was merged into, and so on.
    pub fn root(&self, need: NeedId) -> NeedId {
        self.needs[need].merged.map_or(need, |(_, into)| self.root(into))
    }

    /// A root and everything merged into it.
    pub fn group(&self, root: NeedId) -> Vec<NeedId> {
        (0..self.needs.len()).filter(|&n| self.root(n) == root).collect()
    }

    /// The facts of a root and of everything merged into it, in the order they were recorded.
    pub fn group_events(&self, root: NeedId) -> impl Iterator<Item = (FactId, &'a Fact)> {
        self.events.iter().copied().filter(move |(_, f)| self.root(f.need) == root)
    }

    /// The earliest submission of a root's members.
    pub fn collected_at(&self, root: NeedId) -> Time {
        self.group(root).into_iter().map(|n| self.needs[n].submitted_at).min().expect("a group has members")
    }

    /// Takes one fact.
    pub fn take(&mut self, id: FactId, fact: &'a Fact) {
        self.events.push((id, fact));
        let at = fact.occurred_at;
        let need = fact.need;
        match &fact.what {
            What::Submitted { category, region, lines, urgency, .. } => {
                assert_eq!(need, self.needs.len(), "needs come in order");
                let lines = lines.iter().enumerate().map(|(i, l)| (i + 1, Line::new(l, at))).collect();
                self.needs.push(Need {
                    submitted_at: at,
                    category: *category,
                    region: *region,
                    asked: *urgency,
                    lines,
                    closure: Closure::Open,
                    feedback_due: None,
                    answered: false,
                    accepted: false,
                    referrals: BTreeMap::new(),
                    merged: None,
                    was_complete: false,
                });
            }
            What::LineChanged { n, wanted } => self.change_line(need, *n, at, |line| line.wanted = *wanted),
            What::ClosedShort { n } => self.change_line(need, *n, at, |line| line.short = true),
            What::LineAdded { n, line } => drop(self.needs[need].lines.insert(*n, Line::new(line, at))),
            What::CategoryCorrected { category } => self.needs[need].category = *category,
            What::RegionCorrected { region } => self.needs[need].region = *region,
            What::Merged { into, placements, .. } => self.merge(id, need, *into, placements),
            What::Unmerged { merge } => self.unmerge(need, *merge),
            What::Rejected | What::Closed | What::Unanswered | What::Cancelled | What::Reopened => self.close(need, &fact.what),
            What::Answered | What::Referred { .. } | What::Accepted { .. } | What::Returned { .. } => self.answer(need, at, &fact.what),
            _ => self.take_of_claim(fact),
        }
        self.settle(at);
    }

    fn change_line(&mut self, need: NeedId, n: usize, at: Time, change: impl Fn(&mut Line)) {
        if let Some(line) = self.needs[need].lines.get_mut(&n) {
            change(line);
            line.changed_at = at;
        }
    }

    fn close(&mut self, need: NeedId, what: &What) {
        let need_ = &mut self.needs[need];
        need_.feedback_due = None;
        need_.closure = match what {
            What::Rejected => Closure::Rejected,
            What::Cancelled => Closure::Cancelled,
            What::Reopened => Closure::Open,
            _ => Closure::Closed,
        };
        if need_.closure == Closure::Open {
            need_.answered = false;
            need_.accepted = false;
        } else {
            self.release_held(need);
        }
    }

    fn answer(&mut self, need: NeedId, at: Time, what: &What) {
        let need = &mut self.needs[need];
        match *what {
            What::Answered => {
                need.answered = true;
                need.await_feedback(at);
            }
            What::Referred { n, due_at } => drop(need.referrals.insert(n, Referral::Pending(due_at))),
            What::Returned { n } => drop(need.referrals.insert(n, Referral::Returned)),
            What::Accepted { n } => {
                need.referrals.insert(n, Referral::Accepted);
                need.accepted = true;
                need.closure = Closure::Referred;
            }
            _ => {}
        }
    }

    /// What follows from any fact: claims are fulfilled or not, held ones give way, delivered needs await feedback.
    fn settle(&mut self, at: Time) {
        self.settle_claims();
        self.shrink_held();
        for n in 0..self.needs.len() {
            if self.needs[n].merged.is_some() {
                continue;
            }
            let complete = self.delivered_axis(n) == Delivered::Complete;
            let need = &mut self.needs[n];
            if complete && !need.was_complete {
                need.await_feedback(at);
            }
            need.was_complete = complete;
            if need.closure == Closure::AwaitingFeedback && !complete && !need.answered {
                need.closure = Closure::Open;
                need.feedback_due = None;
            }
        }
    }
}

impl Need {
    fn await_feedback(&mut self, at: Time) {
        if self.closure == Closure::Open {
            self.closure = Closure::AwaitingFeedback;
            self.feedback_due = Some(at + 72 * HOUR);
        }
    }
}
