//! The needs of one root, or of several that merges connect: their events, folded, and their rows as they were.

use std::collections::BTreeSet;

use super::event::{Event, Kind};
use super::fold::fold;
use super::people::{Classes, Persons};
use super::rows::{Projection, project};
use super::state::State;
use super::{rules, store, verify};
use crate::db::Write;
use crate::error::{Refusal, RefusalCode, Result};

/// The needs of one root, or of several that an append joins.
#[derive(Default)]
pub struct Group {
    pub events: Vec<Event>,
    pub state: State,
    pub persons: Persons,
    pub classes: Classes,
    pub before: Projection,
}

impl Group {
    pub fn load(w: &mut Write<'_>, incident: i64, members: &[i64]) -> Result<Group> {
        let events = store::events_of(w, members)?;
        let state = fold(&events, None);
        let mut group = Group { events, state, ..Group::default() };
        group.find_persons(w, incident)?;
        group.before = project(&group.state, &group.persons, &group.classes);
        Ok(group)
    }

    /// Looks up the rows and classes of the persons that responses and pairs name.
    pub fn find_persons(&mut self, w: &mut Write<'_>, incident: i64) -> Result<()> {
        let references: BTreeSet<&String> = verify::named_persons(&self.state);
        let missing: Vec<String> = references.into_iter().filter(|r| !self.persons.contains_key(*r)).cloned().collect();
        if !missing.is_empty() {
            self.persons.extend(store::persons_of(w, incident, missing)?);
            self.classes = store::classes_of(w, &self.persons.values().copied().collect())?;
        }
        Ok(())
    }

    pub fn next_seq(&self, need: i64) -> i64 {
        self.events.iter().filter(|e| e.need == need).map(|e| e.seq).max().unwrap_or(0) + 1
    }

    pub fn judge(&self, event: &Event) -> Result<(), Refusal> {
        if event.kind.is_due() {
            return Ok(());
        }
        rules::admit(&self.state, event.need, &event.kind)?;
        match &event.kind {
            Kind::Unmerged {} => rules::partable(&self.events, &self.state, event.need, event),
            Kind::Voided { .. } => {
                let target = self.events.iter().find(|e| Some(e.id) == event.voids).ok_or(RefusalCode::NotVoidable)?;
                rules::voidable(&self.events, &self.state, target)
            }
            _ => Ok(()),
        }
    }

    /// Moves the state on by an appended event; what takes something back is folded anew.
    pub fn take(&mut self, event: Event) {
        let again = matches!(event.kind, Kind::Unmerged {} | Kind::Voided { .. });
        self.events.push(event);
        match self.events.last() {
            Some(event) if !again => self.state.step(event, false),
            _ => self.state = fold(&self.events, None),
        }
    }

    pub fn absorb(&mut self, other: Group) {
        self.events.extend(other.events);
        self.events.sort_by_key(|e| (e.recorded_at, e.need, e.seq));
        self.state = fold(&self.events, None);
        self.persons.extend(other.persons);
        self.classes = Classes::join(self.classes.joined().chain(other.classes.joined()).collect::<Vec<_>>());
        self.before.standing.extend(other.before.standing);
        self.before.line_days.extend(other.before.line_days);
        self.before.claims.extend(other.before.claims);
        self.before.responses.extend(other.before.responses);
        self.before.links.extend(other.before.links);
        self.before.marks.extend(other.before.marks);
    }
}
