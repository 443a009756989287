//! The reference model: a list of facts, and everything else computed from it by brute force whenever it is asked for.
//! It is written from the handbook alone and is meant to read like it; speed is no aim.

mod axes;
mod commands;
mod counters;
mod due;
mod facts;
mod merging;
mod persons;
mod quantities;
mod rules;
mod world;

pub use counters::{Counters, Figures, Known};
pub use facts::Fact;
pub use quantities::LineDay;
pub use world::{Claim, Referral, World, days_of};

use crate::command::Command;
use crate::vocabulary::*;
use commands::Drafts;
use persons::Persons;

/// The model of one incident.
#[derive(Clone, Default)]
pub struct Model {
    /// Everything on record.
    pub facts: Vec<Fact>,
    /// Everybody who was named.
    persons: Persons,
    /// The incident lets needs be matched before the phone follow-up, with a reason.
    early_matching: bool,
}

impl Model {
    /// An incident in which nothing has happened.
    pub fn new(early_matching: bool) -> Model {
        Model { early_matching, ..Model::default() }
    }

    /// How things stand now.
    pub fn world(&self) -> World<'_> {
        World::after(&self.facts)
    }

    /// Carries a command out, or says why not. What is due on the needs it is about comes first; a refusal leaves everything as it was.
    pub fn execute(&mut self, now: Time, command: &Command) -> Result<(), Code> {
        let mut after = self.clone();
        for need in self.addressed(&command.act) {
            after.record_due(now, need);
        }
        let drafts = after.draft(now, command)?;
        after.record(now, drafts);
        *self = after;
        Ok(())
    }

    /// What the job does: everything that is due anywhere.
    pub fn run_due(&mut self, now: Time) {
        for need in 0..self.world().needs.len() {
            self.record_due(now, need);
        }
    }

    /// Records what is due on a need's group, in the order of the deadlines.
    fn record_due(&mut self, now: Time, need: NeedId) {
        loop {
            let world = self.world();
            let Some(mut fact) = world.next_due(world.root(need), now) else { return };
            fact.act = self.next_act();
            self.facts.push(fact);
        }
    }

    /// Records the facts of one act.
    fn record(&mut self, now: Time, drafts: Drafts) {
        let act = self.next_act();
        self.facts.extend(drafts.into_iter().map(|(need, occurred_at, what)| Fact { need, act, occurred_at, recorded_at: now, what }));
    }

    fn next_act(&self) -> usize {
        self.facts.iter().map(|f| f.act + 1).max().unwrap_or(0)
    }

    /// Every person who was named under a need's root or what was merged into it.
    pub fn persons_under(&self, need: NeedId) -> Vec<PersonId> {
        let world = self.world();
        self.persons.of(&world.group(world.root(need)))
    }

    /// How many persons there are.
    pub fn persons(&self) -> usize {
        self.persons.len()
    }
}
