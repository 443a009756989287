//! Who is who: a named person with an own phone is one in the whole incident, any other named person belongs to the need.

use crate::command::Name;
use crate::vocabulary::*;

/// A person.
#[derive(Clone, Debug)]
pub struct Person {
    /// How they are recognised when they are named again; nothing once that was erased.
    name: Option<Name>,
    /// The need, for a person without an own phone.
    pub own_need: Option<NeedId>,
    /// The needs under which they stand by name.
    pub needs: Vec<NeedId>,
}

/// Everybody who was named.
#[derive(Clone, Debug, Default)]
pub struct Persons(Vec<Person>);

impl Persons {
    /// The person of this name on this need, new where there was none.
    pub fn named(&mut self, need: NeedId, name: Name) -> PersonId {
        let own_need = if name.phone.is_some() { None } else { Some(need) };
        let known = self.0.iter().position(|p| p.name == Some(name) && p.own_need == own_need);
        let id = known.unwrap_or_else(|| {
            self.0.push(Person { name: Some(name), own_need, needs: vec![] });
            self.0.len() - 1
        });
        if !self.0[id].needs.contains(&need) {
            self.0[id].needs.push(need);
        }
        id
    }

    /// Erases a need's people: who stands under no other need can't be recognised again.
    pub fn erase(&mut self, need: NeedId) {
        for person in &mut self.0 {
            person.needs.retain(|&n| n != need);
            if person.needs.is_empty() {
                person.name = None;
            }
        }
    }

    /// Those who stand under one of these needs.
    pub fn of(&self, needs: &[NeedId]) -> Vec<PersonId> {
        (0..self.0.len()).filter(|&id| self.0[id].needs.iter().any(|n| needs.contains(n))).collect()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}
