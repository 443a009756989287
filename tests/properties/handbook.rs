//! The handbook's paragraphs as examples: small stories with the outcome the handbook states.

mod case;
mod claims;
mod closing;
mod counting;
mod lines;
mod merging;
mod persons;
mod phone;
mod times;
mod voiding;

use crate::command::{Act, Command, Name, NewClaim, NewLine, NewNeed, Who};
use crate::model::{Counters, Figures, Known, LineDay, Model, World, days_of};
use crate::run::START;
use crate::vocabulary::*;

/// An incident to tell a story in. Every act takes a second.
pub struct Book {
    /// What has happened.
    pub model: Model,
    /// Now.
    pub now: Time,
}

/// A food need in the first district with one line for each quantity, in need within three days.
pub fn food(quantities: &[i64]) -> NewNeed {
    let line = |(item, &quantity): (usize, &i64)| NewLine { item, unit: 0, quantity, days: None };
    NewNeed {
        category: Category::Food,
        region: Region::District(0),
        lines: quantities.iter().enumerate().map(line).collect(),
        people: vec![],
        urgency: Urgency::Normal,
    }
}

/// A claim from own means with quantity and time given.
pub fn own_means(quantity: i64) -> NewClaim {
    NewClaim { quantity, days: None, confirmed: true, early_reason: false }
}

/// 先占住.
pub fn holding(quantity: i64) -> NewClaim {
    NewClaim { confirmed: false, ..own_means(quantity) }
}

/// A person by name, with a phone of their own or without.
pub fn named(name: usize, phone: Option<usize>) -> Who {
    Who::Named(Name { name, phone })
}

impl Book {
    /// Nothing has happened yet.
    pub fn open() -> Book {
        Book { model: Model::new(false), now: START }
    }

    /// Time goes by.
    pub fn wait(&mut self, time: Time) {
        self.now += time;
    }

    /// Something is done now.
    pub fn act(&mut self, act: Act) -> Result<(), Code> {
        self.now += SECOND;
        self.model.execute(self.now, &Command { occurred_at: None, late_reason: false, act })
    }

    /// Something that happened earlier is entered now, with a reason.
    pub fn enter(&mut self, occurred_at: Time, act: Act) -> Result<(), Code> {
        self.now += SECOND;
        self.model.execute(self.now, &Command { occurred_at: Some(occurred_at), late_reason: true, act })
    }

    /// A submission of one need with one contact.
    pub fn submit(&mut self, need: NewNeed) -> NeedId {
        self.act(Act::Submit { needs: vec![need], contacts: vec![0] }).expect("submissions are taken");
        self.world().needs.len() - 1
    }

    /// A need for so much of one thing.
    pub fn need(&mut self, quantity: i64) -> NeedId {
        self.submit(food(&[quantity]))
    }

    /// The same, verified by phone.
    pub fn verified(&mut self, quantity: i64) -> NeedId {
        let need = self.need(quantity);
        self.phone(need, Conclusion::Genuine);
        need
    }

    /// A call that was answered and concluded.
    pub fn phone(&mut self, need: NeedId, conclusion: Conclusion) {
        self.act(call(need, Outcome::Answered, Some(conclusion))).expect("a conversation can conclude");
    }

    /// A claim on the first line.
    pub fn claim(&mut self, need: NeedId, claim: NewClaim) -> ClaimId {
        self.act(Act::Claim { need, n: 1, claim }).expect("there is enough left");
        *self.world().claims.keys().last().expect("it was made")
    }

    /// All of a claim handed over at once.
    pub fn hand_over(&mut self, claim: ClaimId) {
        let quantity = self.world().claims[&claim].quantity();
        self.act(deliver(claim, quantity, Step::HandedOver)).expect("a confirmed claim can be delivered");
    }

    /// How things stand.
    pub fn world(&self) -> World<'_> {
        self.model.world()
    }

    /// The first line's figures.
    pub fn line(&self, need: NeedId) -> LineDay {
        let world = self.world();
        world.line_day((need, 1), days_of(world.needs[need].lines[&1].days)[0])
    }

    /// A claim's state and quantity.
    pub fn stands(&self, claim: ClaimId) -> (ClaimState, i64) {
        let world = self.world();
        (world.claims[&claim].state, world.claims[&claim].quantity())
    }

    /// The totals now, as known now.
    pub fn totals(&self) -> Figures {
        self.counted(self.now, self.now).total
    }

    /// C(T, K).
    pub fn counted(&self, t: Time, k: Time) -> Counters {
        Known::at(&self.model.facts, k).counters(t)
    }
}

/// An outgoing call about one need.
pub fn call(need: NeedId, outcome: Outcome, conclusion: Option<Conclusion>) -> Act {
    Act::Call { direction: Direction::Outgoing, outcome, about: vec![(need, conclusion, None)] }
}

/// A response.
pub fn respond(need: NeedId, reached: i64, people: Vec<Who>) -> Act {
    Act::Respond { need, reached, people, group_reason: reached > 10 }
}

/// A delivery out of a one-off claim.
pub fn deliver(claim: ClaimId, quantity: i64, step: Step) -> Act {
    Act::Deliver { claim, day: None, quantity, step, at_gate: false }
}

/// The next step of a delivery.
pub fn step(delivery: DeliveryId, step: Step) -> Act {
    Act::StepDelivery { delivery, step, quantity: None, at_gate: false }
}

/// A merge that names no persons.
pub fn merge(need: NeedId, into: NeedId) -> Act {
    Act::Merge { need, into, same: vec![] }
}

/// One event voided.
pub fn void(fact: FactId) -> Act {
    Act::Void { fact, whole_act: false }
}
