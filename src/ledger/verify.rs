//! Rebuilds every projection from the events alone and compares it with what is stored, both ways.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::{self, Debug};

use super::event::Event;
use super::fold::fold;
use super::people::{Classes, NamedResponse, Persons, person_marks};
use super::rows::{Projection, project};
use super::state::{State, Totals};
use super::{store, stored};
use crate::calendar::Calendar;
use crate::clock::Time;
use crate::counters::model::{Amounts, CellKey, Counter, Marks, Subject};
use crate::counters::store as counters;
use crate::db::Read;
use crate::error::Result;

/// One row that is not as the events say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// The projection: `standing`, `line_days`, `claims`, `responses`, `person_links`, `marks`, `cells`, or `people` (marks of people).
    pub table: &'static str,
    /// The row's key, in words.
    pub key: String,
    /// What the events say; none: the row should not be there.
    pub expected: Option<String>,
    /// What is stored; none: the row is missing.
    pub stored: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: ", self.table, self.key)?;
        match (&self.expected, &self.stored) {
            (Some(expected), Some(stored)) => {
                let (expected, stored) = differing(expected, stored);
                write!(f, "the events say {expected}, stored is {stored}")
            }
            (Some(expected), None) => write!(f, "missing; the events say {expected}"),
            (None, Some(stored)) => write!(f, "extra; stored is {stored}"),
            (None, None) => write!(f, "nothing"),
        }
    }
}

/// What differs of two rows' fields.
fn differing(expected: &str, stored: &str) -> (String, String) {
    let (e, s): (Vec<&str>, Vec<&str>) = (expected.split(", ").collect(), stored.split(", ").collect());
    if e.len() != s.len() {
        return (expected.to_owned(), stored.to_owned());
    }
    let (e, s): (Vec<&str>, Vec<&str>) = e.into_iter().zip(s).filter(|(e, s)| e != s).unzip();
    (e.join(", "), s.join(", "))
}

/// The references of everybody that responses and pairs name.
pub fn named_persons(state: &State) -> BTreeSet<&String> {
    let responses = state.needs.values().flat_map(|n| &n.responses).flat_map(|r| &r.people);
    let pairs = state.needs.values().flat_map(|n| &n.same).flat_map(|(_, a, b)| [a, b]);
    responses.chain(pairs).collect()
}

/// Everything that the events of an incident recorded until `until` imply: the projection of all needs, with the marks of people.
pub fn rebuild(r: &mut Read<'_>, incident: i64, until: Option<Time>) -> Result<Projection> {
    let events = store::all_events(r, incident, until)?;
    Ok(rebuild_from(events, &store::all_persons(r, incident)?))
}

/// The same from events at hand.
pub fn rebuild_from(events: Vec<Event>, everybody: &Persons) -> Projection {
    let states: Vec<State> = connected(events).into_values().map(|events| fold(&events, None)).collect();
    let pairs = states.iter().flat_map(|s| s.needs.values()).flat_map(|n| &n.same);
    let pairs = pairs.filter_map(|(_, a, b)| Some((*everybody.get(a)?, *everybody.get(b)?)));
    let classes = Classes::join(pairs);
    let mut all = Projection::default();
    let mut named: BTreeMap<i64, Vec<NamedResponse>> = BTreeMap::new();
    for state in &states {
        let rows = project(state, everybody, &classes);
        for ((event, person), row) in &rows.responses {
            let root = &state.needs[&state.root(row.need)];
            let collected = state.members(root.id).map(|n| n.submitted_at).min().unwrap_or_default();
            named.entry(*person).or_default().push(NamedResponse {
                at: row.occurred_at.max(collected),
                order: (row.recorded_at, *event),
                reached: row.reached,
                district: root.place.district.clone(),
                category: root.category.as_str().to_owned(),
            });
        }
        all.standing.extend(rows.standing);
        all.line_days.extend(rows.line_days);
        all.claims.extend(rows.claims);
        all.responses.extend(rows.responses);
        all.links.extend(rows.links);
        all.marks.extend(rows.marks);
    }
    all.marks.extend(person_marks(&named, &classes));
    all
}

/// Groups events by needs that any merge, undone or not, connects: each group can be folded by itself.
fn connected(events: Vec<Event>) -> BTreeMap<i64, Vec<Event>> {
    let mut parent: HashMap<i64, i64> = HashMap::new();
    let mut rows: HashMap<String, i64> = HashMap::new();
    fn top(parent: &HashMap<i64, i64>, need: i64) -> i64 {
        let mut at = need;
        while let Some(&next) = parent.get(&at).filter(|&&next| next != at) {
            at = next;
        }
        at
    }
    for event in &events {
        match &event.kind {
            super::Kind::Submitted { reference, .. } => drop(rows.insert(reference.clone(), event.need)),
            super::Kind::Merged { into, .. } => {
                if let Some(&into) = rows.get(into) {
                    let (a, b) = (top(&parent, event.need), top(&parent, into));
                    parent.insert(a.max(b), a.min(b));
                }
            }
            _ => {}
        }
    }
    let mut groups: BTreeMap<i64, Vec<Event>> = BTreeMap::new();
    for event in events {
        groups.entry(top(&parent, event.need)).or_default().push(event);
    }
    groups
}

/// Adds marks up to cells.
pub fn cells_of(incident: i64, calendar: Calendar, marks: &Marks) -> BTreeMap<CellKey, Amounts> {
    let mut cells: BTreeMap<CellKey, Amounts> = BTreeMap::new();
    for ((_, counter, _), mark) in marks {
        for key in counters::cells_of(incident, calendar, mark) {
            cells.entry(key).or_default().add(*counter, mark.amount);
        }
    }
    cells
}

/// Compares an incident's stored projections with what its events imply, and names every row missing, extra or different.
pub fn verify(r: &mut Read<'_>, incident: i64) -> Result<Vec<Difference>> {
    let frame = store::read_frame(r, incident)?;
    let expected = rebuild(r, incident, None)?;
    let stored = stored::stored(r, incident)?;
    let mut found = Vec::new();
    compare("standing", &expected.standing, &stored.standing, &mut found);
    compare("line_days", &expected.line_days, &stored.line_days, &mut found);
    compare("claims", &expected.claims, &stored.claims, &mut found);
    compare("responses", &expected.responses, &stored.responses, &mut found);
    compare("person_links", &expected.links, &stored.links, &mut found);
    let marks = counters::marks(r, incident, None)?;
    compare("marks", &expected.marks, &marks, &mut found);
    let cells = cells_of(incident, frame.calendar, &expected.marks);
    compare("cells", &cells, &counters::all_cells(r, incident)?, &mut found);
    Ok(found)
}

/// Compares what lines say is claimed of them with the claims as stored.
pub fn claimed_quantities(r: &mut Read<'_>, incident: i64) -> Result<Vec<Difference>> {
    let taken = |totals: Totals| Totals { delivered: 0, ..totals };
    let lines: BTreeMap<_, Totals> =
        stored::stored(r, incident)?.line_days.into_iter().map(|(key, row)| (key, taken(row.totals))).collect();
    let claims = stored::claimed(r, incident)?;
    let some = |all: BTreeMap<_, Totals>| all.into_iter().filter(|(_, totals)| *totals != Totals::default()).collect();
    let mut found = Vec::new();
    compare("line_days", &some(claims), &some(lines), &mut found);
    Ok(found)
}

/// Compares who is counted as reached with whom the stored responses name, each once however many names they have.
pub fn people_reached(r: &mut Read<'_>, incident: i64) -> Result<Vec<Difference>> {
    let stored = stored::stored(r, incident)?;
    let classes = Classes::join(stored.links.keys().map(|(_, a, b)| (*a, *b)));
    let named: BTreeMap<i64, i64> = stored.responses.keys().map(|(_, person)| (classes.row(*person), 1)).collect();
    let mut counted: BTreeMap<i64, i64> = BTreeMap::new();
    for ((subject, counter, _), mark) in counters::marks(r, incident, None)? {
        if let (Subject::Person(person), Counter::UrgentPeople) = (subject, counter) {
            *counted.entry(person).or_default() += mark.amount;
        }
    }
    let mut found = Vec::new();
    compare("people", &named, &counted, &mut found);
    Ok(found)
}

fn compare<K: Ord + Debug, V: PartialEq + Debug>(
    table: &'static str,
    expected: &BTreeMap<K, V>,
    stored: &BTreeMap<K, V>,
    found: &mut Vec<Difference>,
) {
    let keys: BTreeSet<&K> = expected.keys().chain(stored.keys()).collect();
    for key in keys {
        let (e, s) = (expected.get(key), stored.get(key));
        if e != s {
            let words = |value: Option<&V>| value.map(|v| format!("{v:?}"));
            found.push(Difference { table, key: format!("{key:?}"), expected: words(e), stored: words(s) });
        }
    }
}
