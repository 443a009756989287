//! From what is folded to what is shown. Pure.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::model::*;
use crate::clock::day_text;
use crate::ids::Reference;
use crate::ledger::model::{ClaimState, Urgent};
use crate::ledger::state::{Claim, Line, Need, State, Totals};
use crate::needs::model::Axes;

/// What an answer needs besides what is folded.
pub struct Frame<'a> {
    /// The zone of the incident.
    pub zone: Tz,
    /// Names of organisations by row.
    pub organisations: &'a BTreeMap<i64, String>,
    /// The organisations the caller acts for.
    pub own: &'a [i64],
}

/// The axes of a need.
pub fn axes(state: &State, need: &Need) -> Axes {
    Axes {
        phone: need.axes.phone,
        urgent: need.axes.urgent,
        matching: state.matching(need),
        delivery: state.delivery_axis(need),
        closure: state.closure(need),
    }
}

/// The figures of each day of a line.
pub fn days(line: &Line) -> Vec<(i64, Figures)> {
    let figures = |totals: &Totals| Figures {
        wanted: line.wanted,
        quantity: line.quantity(totals),
        held: totals.held,
        confirmed: totals.confirmed,
        fulfilled: totals.fulfilled,
        delivered: totals.delivered,
        left: line.left(totals),
    };
    line.days.iter().enumerate().map(|(i, totals)| (line.first_day + i as i64, figures(totals))).collect()
}

/// The day that has least left.
pub fn fullest(days: &[(i64, Figures)]) -> Figures {
    let none = Figures { wanted: 0, quantity: 0, held: 0, confirmed: 0, fulfilled: 0, delivered: 0, left: 0 };
    days.iter().map(|(_, figures)| *figures).min_by_key(|figures| figures.left).unwrap_or(none)
}

/// The claims that stand on a need's group.
pub fn claims(state: &State, root: i64, frame: &Frame<'_>) -> Vec<ClaimView> {
    let here = state.claims.iter().enumerate().filter(|(_, claim)| state.root(claim.on.0) == root || state.root(claim.home.0) == root);
    here.map(|(index, claim)| claim_view(state, index, claim, frame)).collect()
}

fn claim_view(state: &State, index: usize, claim: &Claim, frame: &Frame<'_>) -> ClaimView {
    let time = |at: Option<crate::clock::Time>| at.map(|at| at.to_rfc3339(frame.zone));
    let recurs = claim.last_day > 0;
    ClaimView {
        reference: Reference::stored(claim.reference.clone()),
        need: reference(state, claim.on.0),
        n: claim.on.1,
        organisation: claim.organisation.and_then(|id| frame.organisations.get(&id)).cloned().unwrap_or_default(),
        own: claim.organisation.is_some_and(|id| frame.own.contains(&id)),
        state: claim.state,
        quantity: claim.quantity(),
        released_because: claim.released_because,
        give_back: state.give_back(index),
        first_day: recurs.then(|| day_text(claim.first_day)),
        last_day: recurs.then(|| day_text(claim.last_day)),
        planned_at: time(claim.planned_at),
        expires_at: time(claim.expires_at.filter(|_| claim.state == ClaimState::Held)),
        early: claim.early,
    }
}

/// The deliveries of those claims.
pub fn deliveries(state: &State, root: i64, zone: Tz) -> Vec<DeliveryView> {
    let here = state.deliveries.iter().map(|delivery| (delivery, &state.claims[delivery.claim]));
    let here = here.filter(|(_, claim)| state.root(claim.on.0) == root || state.root(claim.home.0) == root);
    here.map(|(delivery, claim)| DeliveryView {
        reference: Reference::stored(delivery.reference.clone()),
        claim: Reference::stored(claim.reference.clone()),
        day: (delivery.day > 0).then(|| day_text(delivery.day)),
        quantity: delivery.quantity,
        step: delivery.step,
        at_gate: delivery.at_gate,
        counted_at: delivery.counted_at.map(|at| at.to_rfc3339(zone)),
    })
    .collect()
}

/// The urgent response of a need and of what is merged into it.
pub fn case(state: &State, need: &Need) -> Option<CaseView> {
    if need.axes.urgent == Urgent::None {
        return None;
    }
    let responses = || state.members(need.id).flat_map(|member| &member.responses);
    Some(CaseView {
        state: need.axes.urgent,
        responses: responses().count() as i64,
        reached: responses().map(|response| response.reached).sum(),
    })
}

/// What is merged into a need, the earliest first.
pub fn merged(state: &State, root: i64, zone: Tz) -> Vec<MergedView> {
    let mut members: Vec<&Need> = state.members(root).filter(|member| member.id != root).collect();
    members.sort_by_key(|member| (member.submitted_at, member.id));
    let view = |member: &Need| MergedView {
        reference: Reference::stored(member.reference.clone()),
        submitted_at: member.submitted_at.to_rfc3339(zone),
    };
    members.into_iter().map(view).collect()
}

fn reference(state: &State, need: i64) -> Reference {
    Reference::stored(state.needs.get(&need).map(|need| need.reference.clone()).unwrap_or_default())
}
