//! The one way in: `lock` the roots, let the rules decide, `append` the events, write the difference to the projections.
//!
//! Locking raises the roots' versions in the order of their rows (on PostgreSQL that makes writers take turns), loads and folds the events
//! of all needs of each root and appends what is due. An event that the rules refuse is never appended.

use std::collections::{BTreeMap, BTreeSet};

use super::event::{Event, Kind};
use super::fold::fold;
use super::people::{Classes, NamedResponse, Persons, closure, person_marks};
use super::rows::{Projection, project};
use super::state::{Need, State};
use super::store::{self, Frame};
use super::{rules, verify};
use crate::clock::Time;
use crate::counters::model::{Counter, Marks, Subject};
use crate::counters::store as counters;
use crate::db::{Notice, Write};
use crate::error::{Error, Refusal, RefusalCode, Result};
use crate::ids::Reference;

/// One command of one actor: everything random is in `seed`, made before the transaction, so that a retry appends the same.
#[derive(Clone, Debug)]
pub struct Act {
    /// A random number: the act's and its events' references follow from it.
    pub seed: u64,
    /// Who acts; none for people without account and for the machine.
    pub actor: Option<i64>,
    /// The organisation they act for.
    pub organisation: Option<i64>,
    /// What a device said the time was: kept, never counted.
    pub device_at: Option<Time>,
}

impl Act {
    /// The act's own reference.
    pub fn reference(&self) -> Reference {
        Reference::from_number(mix(self.seed))
    }

    fn event_reference(&self, index: u64) -> Reference {
        Reference::from_number(mix(self.seed.wrapping_add(index + 1)))
    }
}

/// SplitMix64's finaliser: spreads neighbouring numbers over all references.
fn mix(number: u64) -> u64 {
    let z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// An event to be appended.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The need it is recorded on.
    pub need: i64,
    /// When it happened.
    pub occurred_at: Time,
    /// What happened.
    pub kind: Kind,
    /// A code from a closed list, where the command takes one.
    pub reason: Option<String>,
    /// The event it takes back, with `Kind::Voided`.
    pub voids: Option<i64>,
}

impl Draft {
    /// A draft without reason.
    pub fn new(need: i64, occurred_at: Time, kind: Kind) -> Self {
        Draft { need, occurred_at, kind, reason: None, voids: None }
    }
}

/// Roots that are locked in this transaction, folded, with what was due appended.
pub struct Locked {
    frame: Frame,
    now: Time,
    groups: Vec<Group>,
}

/// The needs of one root, or of several that an append joins.
#[derive(Default)]
struct Group {
    events: Vec<Event>,
    state: State,
    persons: Persons,
    classes: Classes,
    before: Projection,
}

/// What was appended.
#[derive(Clone, Debug, PartialEq)]
pub struct Appended {
    /// The event's row.
    pub id: i64,
    /// Its reference.
    pub reference: String,
    /// The need it is recorded on.
    pub need: i64,
}

/// Starts with nothing locked: for needs that are submitted in this transaction.
pub fn open(w: &mut Write<'_>, incident: i64) -> Result<Locked> {
    Ok(Locked { frame: store::frame(w, incident)?, now: w.now(), groups: Vec::new() })
}

/// Locks the roots of the needs, in the order of their rows, and appends what is due on them.
pub fn lock(w: &mut Write<'_>, incident: i64, needs: &[i64]) -> Result<Locked> {
    let mut locked = open(w, incident)?;
    locked.add(w, needs)?;
    Ok(locked)
}

impl Locked {
    /// The state that a need is part of.
    pub fn state(&self, need: i64) -> Result<&State> {
        self.group(need).map(|i| &self.groups[i].state)
    }

    /// The root of a need.
    pub fn root(&self, need: i64) -> Result<&Need> {
        let state = self.state(need)?;
        state.needs.get(&state.root(need)).ok_or(Error::NotFound)
    }

    /// The events of a need's group, in recorded order.
    pub fn events(&self, need: i64) -> Result<&[Event]> {
        self.group(need).map(|i| self.groups[i].events.as_slice())
    }

    /// The instant of this attempt, on the injected clock.
    pub fn now(&self) -> Time {
        self.now
    }

    fn group(&self, need: i64) -> Result<usize> {
        self.groups.iter().position(|g| g.state.needs.contains_key(&need)).ok_or(Error::NotFound)
    }

    fn add(&mut self, w: &mut Write<'_>, needs: &[i64]) -> Result<()> {
        let mut wanted: BTreeSet<i64> = BTreeSet::new();
        loop {
            let roots: BTreeSet<i64> = store::roots(w, self.frame.incident, needs)?.into_iter().map(|(_, root)| root).collect();
            let fresh: Vec<i64> = roots.into_iter().filter(|root| self.group(*root).is_err() && wanted.insert(*root)).collect();
            if fresh.is_empty() {
                break;
            }
            for root in fresh {
                store::raise_version(w, root)?;
            }
        }
        for root in wanted {
            let members = store::members(w, root)?;
            // A root that was merged away between the look-up and its lock has no needs of its own any more.
            if members.contains(&root) {
                let group = Group::load(w, self.frame.incident, &members)?;
                self.groups.push(group);
                let last = self.groups.len() - 1;
                self.append_due(w, last, root)?;
            }
        }
        Ok(())
    }

    fn append_due(&mut self, w: &mut Write<'_>, group: usize, root: i64) -> Result<()> {
        while self.frame.runs
            && let Some((at, need, kind)) = self.groups[group].state.due(root).filter(|(at, _, _)| *at <= self.now)
        {
            let seed = mix(need as u64).wrapping_add(self.groups[group].next_seq(need) as u64);
            let act = Act { seed, actor: None, organisation: None, device_at: None };
            self.push(w, group, &act, 0, Draft::new(need, at, kind))?;
        }
        Ok(())
    }

    /// Records one event: inserts it and moves the group's state on.
    fn push(&mut self, w: &mut Write<'_>, group: usize, act: &Act, index: u64, draft: Draft) -> Result<Appended> {
        let incident = self.frame.incident;
        let recorded_at = self.recorded_at(draft.need);
        let group = &mut self.groups[group];
        let mut event = Event {
            id: 0,
            reference: act.event_reference(index).to_string(),
            act: act.reference().to_string(),
            need: draft.need,
            seq: group.next_seq(draft.need),
            occurred_at: draft.occurred_at,
            recorded_at,
            actor: act.actor,
            organisation: act.organisation,
            reason: draft.reason,
            kind: draft.kind,
            voids: draft.voids,
        };
        group.judge(&event)?;
        let need_reference = match (&event.kind, group.state.needs.get(&event.need)) {
            (Kind::Submitted { reference, .. }, _) => reference.clone(),
            (_, Some(need)) => need.reference.clone(),
            (_, None) => return Err(Error::NotFound),
        };
        event.id = store::insert_event(w, incident, &event, &need_reference, act.device_at)?;
        let appended = Appended { id: event.id, reference: event.reference.clone(), need: event.need };
        group.take(event);
        Ok(appended)
    }

    /// max(now, `closed_until` + 1, the last of these roots), and one more where the order by need would put it before that.
    fn recorded_at(&self, need: i64) -> Time {
        let floor = self.now.max(self.frame.closed_until.plus(1));
        match self.groups.iter().filter_map(|g| g.events.last()).max_by_key(|e| (e.recorded_at, e.need)) {
            Some(last) => floor.max(if last.need > need { last.recorded_at.plus(1) } else { last.recorded_at }),
            None => floor,
        }
    }

    /// Joins the groups of two needs into one, so that an event can merge them.
    fn join(&mut self, need: i64, into: &str) -> Result<()> {
        let a = self.group(need)?;
        let Some(b) = self.groups.iter().position(|g| g.state.need_of(into).is_some()) else { return Err(Error::NotFound) };
        if a != b {
            let other = self.groups.remove(a.max(b));
            self.groups[a.min(b)].absorb(other);
        }
        Ok(())
    }
}

impl Group {
    fn load(w: &mut Write<'_>, incident: i64, members: &[i64]) -> Result<Group> {
        let events = store::events_of(w, members)?;
        let state = fold(&events, None);
        let mut group = Group { events, state, ..Group::default() };
        group.find_persons(w, incident)?;
        group.before = project(&group.state, &group.persons, &group.classes);
        Ok(group)
    }

    /// Looks up the rows and classes of the persons that responses and pairs name.
    fn find_persons(&mut self, w: &mut Write<'_>, incident: i64) -> Result<()> {
        let references: BTreeSet<&String> = verify::named_persons(&self.state);
        let missing: Vec<String> = references.into_iter().filter(|r| !self.persons.contains_key(*r)).cloned().collect();
        if !missing.is_empty() {
            self.persons.extend(store::persons_of(w, incident, missing)?);
            self.classes = store::classes_of(w, &self.persons.values().copied().collect())?;
        }
        Ok(())
    }

    fn next_seq(&self, need: i64) -> i64 {
        self.events.iter().filter(|e| e.need == need).map(|e| e.seq).max().unwrap_or(0) + 1
    }

    fn judge(&self, event: &Event) -> Result<(), Refusal> {
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
    fn take(&mut self, event: Event) {
        let again = matches!(event.kind, Kind::Unmerged {} | Kind::Voided { .. });
        self.events.push(event);
        match self.events.last() {
            Some(event) if !again => self.state.step(event, false),
            _ => self.state = fold(&self.events, None),
        }
    }

    fn absorb(&mut self, other: Group) {
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

/// Appends one act's events and writes what they change. With no drafts it still writes what was due.
pub fn append(w: &mut Write<'_>, mut locked: Locked, act: &Act, drafts: Vec<Draft>) -> Result<Vec<Appended>> {
    let mut appended = Vec::new();
    for (index, draft) in drafts.into_iter().enumerate() {
        if let Kind::Merged { into, .. } = &draft.kind {
            locked.join(draft.need, into)?;
        }
        let group = match locked.group(draft.need) {
            Ok(group) => group,
            Err(_) if matches!(draft.kind, Kind::Submitted { .. }) => {
                locked.groups.push(Group::default());
                locked.groups.len() - 1
            }
            Err(missing) => return Err(missing),
        };
        appended.push(locked.push(w, group, act, index as u64, draft)?);
    }
    flush(w, &mut locked)?;
    Ok(appended)
}

/// Writes the difference between the projections before and after.
fn flush(w: &mut Write<'_>, locked: &mut Locked) -> Result<()> {
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
        store::write_rows(w, incident, &group.before, &rows)?;
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
        store::write_rows(w, locked.frame.incident, &group.before, &rows)?;
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
