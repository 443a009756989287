//! The marks of a root: when each counter's condition first held, in the root's present district and category.

use std::collections::{BTreeMap, BTreeSet};

use super::model::*;
use super::people::{Classes, Persons};
use super::state::*;
use crate::clock::Time;
use crate::counters::model::{Counter, Mark, Marks, Subject};

/// Adds the marks of one root's group to `marks`. A rejected root has none.
pub fn add_marks(state: &State, root: &Need, persons: &Persons, classes: &Classes, marks: &mut Marks) {
    if root.closure == Closure::Rejected {
        return;
    }
    let members: Vec<&Need> = state.members(root.id).collect();
    let collected = collected_at(&members);
    for member in members.iter().filter(|n| n.first) {
        let at = (Subject::Need(member.id), Counter::Submissions, 0);
        marks.insert(at, Mark { at: member.submitted_at, amount: 1, district: root.place.district.clone(), category: category(root) });
    }
    let mut mark = |counter: Counter, ordinal: i64, at: Time, amount: i64| {
        let mark = Mark { at: at.max(collected), amount, district: root.place.district.clone(), category: category(root) };
        marks.insert((Subject::Need(root.id), counter, ordinal), mark);
    };
    mark(Counter::Collected, 0, collected, 1);
    if let Some((at, _)) = members.iter().filter_map(|n| n.firsts.tried).min() {
        mark(Counter::Tried, 0, at, 1);
    }
    if let Some((at, _)) = members.iter().filter_map(|n| n.firsts.by_visit).min() {
        mark(Counter::ByVisit, 0, at, 1);
    }
    let phoned = members.iter().filter_map(|n| n.firsts.concluded).min_by_key(|(at, order, _)| (*at, *order));
    if let Some((at, _, conclusion)) = phoned {
        mark(Counter::PhoneVerified, 0, at, 1);
        if let Some(counter) = counter_of(conclusion) {
            mark(counter, 0, at, 1);
        }
    }
    let matched = members.iter().filter_map(|n| n.firsts.matched).min_by_key(|(at, order, _)| (*at, *order));
    if let Some((at, _, by)) = matched {
        mark(Counter::ResourceMatched, 0, at, 1);
        let by = match by {
            MatchedBy::Claim => Counter::MatchedByClaim,
            MatchedBy::Answer => Counter::MatchedByAnswer,
            MatchedBy::Referral => Counter::MatchedByReferral,
        };
        mark(by, 0, at, 1);
        match phoned {
            Some((phoned, _, _)) => {
                mark(Counter::PhonedAndMatched, 0, at.max(phoned), 1);
                if phoned.max(collected) > at.max(collected) {
                    mark(Counter::MatchedBeforePhone, 0, at, 1);
                }
            }
            None => mark(Counter::MatchedBeforePhone, 0, at, 1),
        }
    }
    if let Some(at) = root.firsts.fully_matched {
        mark(Counter::FullyMatched, 0, at, 1);
    }
    if let Some(at) = root.firsts.delivered {
        mark(Counter::Delivered, 0, at, 1);
    }
    let responses = responses(&members, collected);
    for (ordinal, (at, response)) in responses.iter().enumerate() {
        mark(Counter::UrgentEpisodes, ordinal as i64, *at, response.reached);
    }
    for (ordinal, (at, amount, in_group)) in unnamed(&responses, persons, classes).into_iter().enumerate() {
        mark(Counter::UrgentPeople, ordinal as i64, at, amount);
        if in_group {
            mark(Counter::UrgentInGroups, ordinal as i64, at, amount);
        }
    }
}

fn category(root: &Need) -> String {
    root.category.as_str().to_owned()
}

/// A root's time of collection: the earliest submission of its members.
pub fn collected_at(members: &[&Need]) -> Time {
    members.iter().map(|n| n.submitted_at).min().unwrap_or_default()
}

const fn counter_of(conclusion: Conclusion) -> Option<Counter> {
    match conclusion {
        Conclusion::Genuine => Some(Counter::Genuine),
        Conclusion::GenuineChanged => Some(Counter::GenuineChanged),
        Conclusion::AlreadySolved => Some(Counter::AlreadySolved),
        Conclusion::NotGenuine => Some(Counter::NotGenuine),
        Conclusion::Unverifiable => None,
    }
}

/// All responses of a group, each at its time but not before the root's collection, in that order.
fn responses<'s>(members: &[&'s Need], collected: Time) -> Vec<(Time, &'s Response)> {
    let mut all: Vec<(Time, &Response)> = members.iter().flat_map(|n| &n.responses).map(|r| (r.occurred_at.max(collected), r)).collect();
    all.sort_by_key(|(at, response)| (*at, response.order));
    all
}

/// The people of a root that nobody named: the largest number reached in one response so far, less the distinct people named at any
/// time. As a series of increments, so that naming someone later never lowers the figure as the instant grows.
fn unnamed(responses: &[(Time, &Response)], persons: &Persons, classes: &Classes) -> Vec<(Time, i64, bool)> {
    let named: BTreeSet<i64> = responses.iter().flat_map(|(_, r)| &r.people).filter_map(|p| classes.of(persons, p)).collect();
    let named = named.len() as i64;
    let mut series: BTreeMap<usize, (Time, i64, bool)> = BTreeMap::new();
    let mut largest = 0;
    for (i, (at, response)) in responses.iter().enumerate() {
        let increment = (response.reached - named).max(0) - (largest - named).max(0);
        largest = largest.max(response.reached);
        if increment > 0 {
            series.insert(i, (*at, increment, response.reached > GROUP_LIMIT));
        }
    }
    series.into_values().collect()
}
