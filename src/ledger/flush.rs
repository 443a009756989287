//! Writes the difference between the projections before and after, first of the roots, then of people across roots.

use std::collections::{BTreeMap, BTreeSet};

use super::append::Locked;
use super::people::{NamedResponse, closure, person_marks};
use super::rows::{Projection, project};
use super::store::{self, Frame};
use super::store_rows;
use crate::clock::Time;
use crate::counters::model::{Counter, Marks, Subject};
use crate::counters::store as counters;
use crate::db::{Notice, Write};
use crate::error::Result;

/// Writes the difference between the projections before and after.
pub fn flush(w: &mut Write<'_>, locked: &mut Locked) -> Result<()> {
    let (incident, calendar) = (locked.frame.incident, locked.frame.calendar);
    let mut people = BTreeSet::new();
    let mut links_changed = false;
    let mut after = Vec::new();
    for group in &mut locked.groups {
        group.find_persons(w, incident)?;
        let rows = project(&group.state, &group.persons, &group.classes);
        links_changed |= rows.links != group.before.links;
        let named = rows.responses.keys().chain(group.before.responses.keys()).map(|(_, person)| *person);
        let joined = rows.links.keys().chain(group.before.links.keys()).flat_map(|(_, a, b)| [*a, *b]);
        people.extend(named.chain(joined));
        store_rows::write_rows(w, incident, &group.before, &rows)?;
        after.push(rows);
    }
    let touched = if people.is_empty() { BTreeSet::new() } else { touched_people(w, locked, &people)? };
    if links_changed {
        bring_in_roots(w, locked, &touched, &mut after)?;
    }
    for (group, rows) in locked.groups.iter().zip(&mut after) {
        if links_changed {
            let classes = store::classes_of(w, &group.persons.values().copied().collect())?;
            rows.marks = project(&group.state, &group.persons, &classes).marks;
        }
        counters::write_difference(w, incident, calendar, &group.before.marks, &rows.marks)?;
        for need in group.state.needs.values() {
            w.announce(Notice::Incident { incident, need: Some(need.reference.clone()) });
        }
    }
    refresh_people(w, locked.frame, &touched)
}

/// Everybody who is, or until now was, one with any of the named.
fn touched_people(w: &mut Write<'_>, locked: &Locked, named: &BTreeSet<i64>) -> Result<BTreeSet<i64>> {
    let mut all = named.clone();
    for group in &locked.groups {
        all = closure(&all, &group.classes);
    }
    let classes = store::classes_of(w, &all)?;
    Ok(closure(&all, &classes))
}

/// Who is one with whom has changed: roots elsewhere that name any of them count their unnamed people anew.
fn bring_in_roots(w: &mut Write<'_>, locked: &mut Locked, touched: &BTreeSet<i64>, after: &mut Vec<Projection>) -> Result<()> {
    let needs: BTreeSet<i64> = store::responses_naming(w, touched)?.into_iter().map(|row| row.1).collect();
    let elsewhere: Vec<i64> = needs.into_iter().filter(|need| locked.group(*need).is_err()).collect();
    let known = locked.groups.len();
    locked.add(w, &elsewhere)?;
    for group in &mut locked.groups[known..] {
        let stored = group.before.marks.keys().map(|(subject, _, _)| *subject).collect::<BTreeSet<_>>();
        let mut before = Marks::new();
        for subject in stored {
            before.extend(counters::marks(w, locked.frame.incident, Some(subject))?);
        }
        let rows = project(&group.state, &group.persons, &group.classes);
        store_rows::write_rows(w, locked.frame.incident, &group.before, &rows)?;
        group.before.marks = before;
        after.push(rows);
    }
    Ok(())
}

/// Recomputes the marks of people from all their responses, across roots.
fn refresh_people(w: &mut Write<'_>, frame: Frame, people: &BTreeSet<i64>) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    store::lock_persons(w, people)?;
    let classes = store::classes_of(w, people)?;
    let mut named: BTreeMap<i64, Vec<NamedResponse>> = BTreeMap::new();
    for (person, need, occurred_at, recorded_at, event, reached) in store::responses_naming(w, people)? {
        let (collected, district, category) = store::root_place(w, need)?;
        let at = Time(occurred_at).max(collected);
        named.entry(person).or_default().push(NamedResponse { at, order: (Time(recorded_at), event), reached, district, category });
    }
    let after = person_marks(&named, &classes);
    let mut before = Marks::new();
    for person in people {
        before.extend(counters::marks(w, frame.incident, Some(Subject::Person(*person)))?);
    }
    debug_assert!(before.keys().all(|(_, counter, _)| matches!(counter, Counter::UrgentPeople | Counter::UrgentInGroups)));
    counters::write_difference(w, frame.incident, frame.calendar, &before, &after)
}
