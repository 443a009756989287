//! What a fold of events yields: needs with their axes, lines, claims and deliveries. Plain values and questions about them; the fold
//! in `fold` changes them, the rules in `rules` judge them.

use std::collections::{BTreeMap, HashMap};

use super::axes::{Axes, AxisFact};
use super::event::Place;
use super::model::*;
use crate::clock::Time;

/// Position of an event in recorded order: (recorded_at, need, seq).
pub type Order = (Time, i64, i64);

/// Everything folded from the events of one group of needs that merges connect.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The needs, by row.
    pub needs: BTreeMap<i64, Need>,
    /// Claims in the order they were made.
    pub claims: Vec<Claim>,
    /// Deliveries in the order they were started.
    pub deliveries: Vec<Delivery>,
    /// Events whose own rule did not hold when they were folded (possible after undone merges); used to judge voiding.
    pub violations: Vec<i64>,
    pub(super) need_index: HashMap<String, i64>,
    pub(super) claim_index: HashMap<String, usize>,
    pub(super) delivery_index: HashMap<String, usize>,
}

/// One need.
#[derive(Clone, Debug)]
pub struct Need {
    pub id: i64,
    pub reference: String,
    /// The need it is merged into, by a merge in force.
    pub parent: Option<i64>,
    pub submitted_at: Time,
    pub first: bool,
    pub source: Source,
    pub category: Category,
    pub place: Place,
    pub asked: Urgency,
    pub groups: Vec<PeopleGroup>,
    pub people: i64,
    pub persons: Vec<String>,
    pub contacts: i64,
    pub lines: Vec<Line>,
    pub axes: Axes,
    pub closure: Closure,
    /// When the 72 hours of awaiting feedback began.
    pub awaiting_since: Option<Time>,
    pub answered: Option<Time>,
    pub accepted: Option<Time>,
    pub referrals: Vec<Referral>,
    /// Whether the delivery was complete after the last event: awaiting feedback begins when it becomes so.
    pub(super) was_complete: bool,
    pub firsts: Firsts,
    pub responses: Vec<Response>,
    /// Pairs of persons named as one: event and the two references.
    pub same: Vec<(i64, String, String)>,
    pub erased: bool,
    pub(super) history: Vec<(Order, AxisFact)>,
}

/// Earliest facts of one need, whatever came later: what the counters' marks are made of. Ties go to what was recorded first.
#[derive(Clone, Debug, Default)]
pub struct Firsts {
    pub tried: Option<(Time, Order)>,
    pub concluded: Option<(Time, Order, Conclusion)>,
    pub by_visit: Option<(Time, Order)>,
    pub matched: Option<(Time, Order, MatchedBy)>,
    pub fully_matched: Option<Time>,
    pub delivered: Option<Time>,
    /// Any conversation, visit or response: a need that has one can't be rejected.
    pub(super) human_contact: bool,
}

/// One response of a case.
#[derive(Clone, Debug)]
pub struct Response {
    pub event: i64,
    pub occurred_at: Time,
    pub order: Order,
    pub reached: i64,
    pub people: Vec<String>,
}

/// A referral to the body that decides.
#[derive(Clone, Debug, PartialEq)]
pub struct Referral {
    /// Number within the need.
    pub n: i64,
    /// Comes back when not accepted by then.
    pub due_at: Time,
    /// Whether it still waits, was accepted, or came back.
    pub state: ReferralState,
}

crate::codes! {
    /// A referral's state.
    pub ReferralState { Pending = "pending", Accepted = "accepted", Returned = "returned" }
}

/// One line; per day where it recurs.
#[derive(Clone, Debug)]
pub struct Line {
    pub n: i64,
    pub wanted: i64,
    pub first_day: i64,
    pub last_day: i64,
    pub short: bool,
    pub changed_at: Time,
    pub days: Vec<Totals>,
    pub(super) claims: Vec<usize>,
}

/// What of a line-day is taken and delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Totals {
    pub held: i64,
    pub confirmed: i64,
    pub fulfilled: i64,
    pub delivered: i64,
}

impl Totals {
    /// Confirmed and fulfilled.
    pub const fn matched(&self) -> i64 {
        self.confirmed + self.fulfilled
    }
}

impl Line {
    /// The quantity that stands on a day: what is wanted, never less than what is confirmed; closed short, just that.
    pub fn quantity(&self, day: &Totals) -> i64 {
        if self.short { day.matched() } else { self.wanted.max(day.matched()) }
    }

    /// What of it nobody has taken.
    pub fn left(&self, day: &Totals) -> i64 {
        self.quantity(day) - day.matched() - day.held
    }

    /// Whether a span of days lies within the line's.
    pub fn covers(&self, first_day: i64, last_day: i64) -> bool {
        self.first_day <= first_day && first_day <= last_day && last_day <= self.last_day
    }

    /// The least left over a span of days.
    pub fn least_left(&self, first_day: i64, last_day: i64) -> i64 {
        (first_day..=last_day).map(|day| self.left(&self.days[(day - self.first_day) as usize])).min().unwrap_or(0)
    }
}

/// One claim.
#[derive(Clone, Debug)]
pub struct Claim {
    pub reference: String,
    /// The need and line it was made on.
    pub home: (i64, i64),
    /// The need and line it stands on since a merge.
    pub on: (i64, i64),
    pub organisation: Option<i64>,
    pub state: ClaimState,
    /// Why the fold released it by itself: `lowered`, `closed`, `surplus`.
    pub released_because: Option<&'static str>,
    /// On each of its days, the first one first; the same on all of them until a release keeps what was delivered of each.
    pub(super) per_day: Vec<i64>,
    pub first_day: i64,
    pub last_day: i64,
    pub claimed_at: Time,
    pub planned_at: Option<Time>,
    pub expires_at: Option<Time>,
    pub confirmed_at: Option<Time>,
    pub early: bool,
    pub offer: Option<String>,
    pub(super) deliveries: Vec<usize>,
}

impl Claim {
    /// The quantity people see (per day).
    pub fn quantity(&self) -> i64 {
        self.per_day.iter().copied().max().unwrap_or(0)
    }

    /// What it takes of one of its days.
    pub fn on_day(&self, day: i64) -> i64 {
        self.per_day.get((day - self.first_day) as usize).copied().unwrap_or(0)
    }

    /// Changes what it takes of every day, never below nothing.
    pub(super) fn set_each(&mut self, change: impl Fn(i64) -> i64) {
        self.per_day.iter_mut().for_each(|quantity| *quantity = change(*quantity).max(0));
    }

    pub(super) fn days(&self) -> std::ops::RangeInclusive<i64> {
        self.first_day..=self.last_day
    }
}

/// One delivery of a claim.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub reference: String,
    pub claim: usize,
    pub day: i64,
    pub quantity: i64,
    pub step: Step,
    pub at_gate: bool,
    /// When it came to count, with the quantity it has.
    pub counted_at: Option<Time>,
}

impl Delivery {
    /// Counts as delivered.
    pub fn counts(&self) -> bool {
        self.step == Step::SignedFor || (self.step == Step::HandedOver && !self.at_gate)
    }

    /// Takes from what its claim has left to deliver.
    pub fn stands(&self) -> bool {
        !matches!(self.step, Step::Failed | Step::Refused)
    }

    /// On the road; at the gate it still is, until somebody signs.
    pub fn is_on_the_road(&self) -> bool {
        self.step == Step::InTransit || (self.step == Step::HandedOver && self.at_gate)
    }
}

impl State {
    /// The need that survives the merges in force.
    pub fn root(&self, need: i64) -> i64 {
        let mut at = need;
        while let Some(parent) = self.needs.get(&at).and_then(|n| n.parent) {
            at = parent;
        }
        at
    }

    /// The roots among the needs.
    pub fn roots(&self) -> impl Iterator<Item = &Need> {
        self.needs.values().filter(|n| n.parent.is_none())
    }

    /// The root and all that is merged into it.
    pub fn members(&self, root: i64) -> impl Iterator<Item = &Need> {
        self.needs.values().filter(move |n| self.root(n.id) == root)
    }

    /// A need by its reference.
    pub fn need_of(&self, reference: &str) -> Option<&Need> {
        self.need_index.get(reference).and_then(|id| self.needs.get(id))
    }

    /// A claim by its reference.
    pub fn claim(&self, reference: &str) -> Option<&Claim> {
        self.claim_index.get(reference).map(|&i| &self.claims[i])
    }

    /// A delivery by its reference.
    pub fn delivery(&self, reference: &str) -> Option<&Delivery> {
        self.delivery_index.get(reference).map(|&i| &self.deliveries[i])
    }

    /// A line of a need.
    pub fn line(&self, need: i64, n: i64) -> Option<&Line> {
        self.needs.get(&need).and_then(|need| need.lines.iter().find(|l| l.n == n))
    }

    /// Urgency in force: as last assessed, else as asked.
    pub fn urgency(&self, need: &Need) -> Urgency {
        need.axes.assessed.unwrap_or(need.asked)
    }

    /// Delivered quantity of a claim on one day.
    pub fn delivered(&self, claim: &Claim, day: i64) -> i64 {
        self.of_claim(claim, day).filter(|d| d.counts()).map(|d| d.quantity).sum()
    }

    /// Quantity of a claim's deliveries on one day that have not failed.
    pub fn under_way(&self, claim: &Claim, day: i64) -> i64 {
        self.of_claim(claim, day).filter(|d| d.stands()).map(|d| d.quantity).sum()
    }

    fn of_claim<'s>(&'s self, claim: &'s Claim, day: i64) -> impl Iterator<Item = &'s Delivery> {
        claim.deliveries.iter().map(|&i| &self.deliveries[i]).filter(move |d| d.day == day)
    }

    /// Any delivery of the claim under way or there, or all of it.
    pub fn has_left(&self, claim: &Claim) -> bool {
        let mut deliveries = claim.deliveries.iter().map(|&i| &self.deliveries[i]);
        claim.state == ClaimState::Fulfilled || deliveries.any(|d| d.is_on_the_road() || d.counts())
    }
}
