//! People across roots: who is one and the same, and when each was first reached.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::clock::Time;
use crate::counters::model::{Counter, Mark, Marks, Subject};

/// Rows of persons by reference.
pub type Persons = HashMap<String, i64>;

/// Which persons are one: each row's class is the lowest row of the persons joined with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Classes(HashMap<i64, i64>);

impl Classes {
    /// Joins persons by pairs named as one.
    pub fn join(pairs: impl IntoIterator<Item = (i64, i64)>) -> Self {
        let mut classes = Classes::default();
        for (a, b) in pairs {
            let (a, b) = (classes.row(a), classes.row(b));
            let (low, high) = (a.min(b), a.max(b));
            classes.0.values_mut().filter(|class| **class == high).for_each(|class| *class = low);
            classes.0.insert(high, low);
            classes.0.insert(low, low);
        }
        classes
    }

    /// The class of a row.
    pub fn row(&self, person: i64) -> i64 {
        self.0.get(&person).copied().unwrap_or(person)
    }

    /// The class of a reference.
    pub fn of(&self, persons: &Persons, reference: &str) -> Option<i64> {
        persons.get(reference).map(|&id| self.row(id))
    }

    /// Everybody joined with anybody, and their classes.
    pub fn joined(&self) -> impl Iterator<Item = (i64, i64)> {
        self.0.iter().map(|(person, class)| (*person, *class))
    }
}

/// One response that named a person, where and when it counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedResponse {
    /// Its instant, not before the collection of its root.
    pub at: Time,
    /// When it was recorded, and the event: ties go to what was recorded first.
    pub order: (Time, i64),
    /// How many it reached.
    pub reached: i64,
    /// The root's district.
    pub district: String,
    /// The root's category.
    pub category: String,
}

/// The marks of people: each class once, at its first response.
pub fn person_marks(responses: &BTreeMap<i64, Vec<NamedResponse>>, classes: &Classes) -> Marks {
    let mut firsts: BTreeMap<i64, &NamedResponse> = BTreeMap::new();
    for (person, named) in responses {
        for response in named {
            let first = firsts.entry(classes.row(*person)).or_insert(response);
            if (response.at, response.order) < (first.at, first.order) {
                *first = response;
            }
        }
    }
    let mut marks = Marks::new();
    for (class, first) in firsts {
        let mark = Mark { at: first.at, amount: 1, district: first.district.clone(), category: first.category.clone() };
        if first.reached > super::model::GROUP_LIMIT {
            marks.insert((Subject::Person(class), Counter::UrgentInGroups, 0), mark.clone());
        }
        marks.insert((Subject::Person(class), Counter::UrgentPeople, 0), mark);
    }
    marks
}

/// All rows that are one with any of the given, themselves included.
pub fn closure(persons: &BTreeSet<i64>, classes: &Classes) -> BTreeSet<i64> {
    let wanted: BTreeSet<i64> = persons.iter().map(|p| classes.row(*p)).collect();
    let mut all = persons.clone();
    all.extend(classes.joined().filter(|(_, class)| wanted.contains(class)).map(|(person, _)| person));
    all
}
