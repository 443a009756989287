//! The projections of a state, as rows: pure, so that an append writes the difference of two and `heli verify` compares them with what
//! is stored.

use std::collections::BTreeMap;

use super::marks::add_marks;
use super::people::{Classes, Persons};
use super::state::*;
use crate::clock::Time;
use crate::counters::model::Marks;

/// Every projected row of a group of needs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Projection {
    /// By need.
    pub standing: BTreeMap<i64, StandingRow>,
    /// By need, line and day.
    pub line_days: BTreeMap<(i64, i64, i64), LineDayRow>,
    /// By reference.
    pub claims: BTreeMap<String, ClaimRow>,
    /// By event and person.
    pub responses: BTreeMap<(i64, i64), ResponseRow>,
    /// By event and the two persons; the need it is recorded on.
    pub links: BTreeMap<(i64, i64, i64), i64>,
    /// By subject, counter and ordinal; those of people are kept apart, across roots.
    pub marks: Marks,
}

/// Where a need stands, but for its version.
#[derive(Clone, Debug, PartialEq)]
pub struct StandingRow {
    pub root: i64,
    pub phone: &'static str,
    pub urgent: &'static str,
    pub matching: &'static str,
    pub delivery: &'static str,
    pub closure: &'static str,
    pub stage: &'static str,
    pub open: bool,
    pub category: &'static str,
    pub region: Option<String>,
    pub region_path: String,
    pub district: String,
    pub urgency_asked: &'static str,
    pub urgency: &'static str,
    pub urgency_rank: i64,
    pub groups: String,
    pub people: i64,
    pub source: &'static str,
    pub held: i64,
    pub submitted_at: Time,
    pub due_at: Option<Time>,
}

/// What a line-day wants and has.
#[derive(Clone, Debug, PartialEq)]
pub struct LineDayRow {
    pub wanted: i64,
    pub quantity: i64,
    pub totals: Totals,
    pub short: bool,
}

/// A claim as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimRow {
    pub home: (i64, i64),
    pub on: (i64, i64),
    pub organisation: Option<i64>,
    pub state: &'static str,
    pub quantity: i64,
    pub give_back: i64,
    pub claimed_at: Time,
    pub first_day: i64,
    pub last_day: i64,
    pub planned_at: Option<Time>,
    pub expires_at: Option<Time>,
}

/// A person named as reached.
#[derive(Clone, Debug, PartialEq)]
pub struct ResponseRow {
    pub need: i64,
    pub occurred_at: Time,
    pub recorded_at: Time,
    pub reached: i64,
}

/// Projects a state. Persons that are not in `persons` are passed over.
pub fn project(state: &State, persons: &Persons, classes: &Classes) -> Projection {
    let mut rows = Projection::default();
    for need in state.needs.values() {
        rows.standing.insert(need.id, standing(state, need));
        for line in &need.lines {
            for (i, totals) in line.days.iter().enumerate() {
                let row = LineDayRow { wanted: line.wanted, quantity: line.quantity(totals), totals: *totals, short: line.short };
                rows.line_days.insert((need.id, line.n, line.first_day + i as i64), row);
            }
        }
        for response in &need.responses {
            for person in response.people.iter().filter_map(|p| persons.get(p)) {
                let (need, reached) = (need.id, response.reached);
                let row = ResponseRow { need, occurred_at: response.occurred_at, recorded_at: response.order.0, reached };
                rows.responses.insert((response.event, *person), row);
            }
        }
        for (event, a, b) in &need.same {
            if let (Some(a), Some(b)) = (persons.get(a), persons.get(b)) {
                rows.links.insert((*event, *a, *b), need.id);
            }
        }
    }
    for (index, claim) in state.claims.iter().enumerate() {
        rows.claims.insert(claim.reference.clone(), claim_row(state, index, claim));
    }
    for root in state.roots() {
        add_marks(state, root, persons, classes, &mut rows.marks);
    }
    rows
}

fn standing(state: &State, need: &Need) -> StandingRow {
    let closure = state.closure(need);
    let held = need.lines.iter().flat_map(|l| &l.days).map(|day| day.held).sum();
    let mut groups = String::new();
    need.groups.iter().for_each(|group| {
        groups.push(' ');
        groups.push_str(group.as_str());
    });
    if !groups.is_empty() {
        groups.push(' ');
    }
    let urgency = state.urgency(need);
    StandingRow {
        root: state.root(need.id),
        phone: need.axes.phone.as_str(),
        urgent: need.axes.urgent.as_str(),
        matching: state.matching(need).as_str(),
        delivery: state.delivery_axis(need).as_str(),
        closure: closure.as_str(),
        stage: state.stage(need).as_str(),
        open: matches!(closure, super::model::Closure::Open | super::model::Closure::AwaitingFeedback),
        category: need.category.as_str(),
        region: need.place.region.clone(),
        region_path: need.place.path.clone(),
        district: need.place.district.clone(),
        urgency_asked: need.asked.as_str(),
        urgency: urgency.as_str(),
        urgency_rank: urgency.rank(),
        groups,
        people: need.people,
        source: need.source.as_str(),
        held,
        submitted_at: need.submitted_at,
        due_at: if need.parent.is_none() { state.due(need.id).map(|(at, _, _)| at) } else { None },
    }
}

fn claim_row(state: &State, index: usize, claim: &Claim) -> ClaimRow {
    ClaimRow {
        home: claim.home,
        on: claim.on,
        organisation: claim.organisation,
        state: claim.state.as_str(),
        quantity: claim.quantity(),
        give_back: state.give_back(index),
        claimed_at: claim.claimed_at,
        first_day: claim.first_day,
        last_day: claim.last_day,
        planned_at: claim.planned_at,
        expires_at: claim.expires_at,
    }
}
