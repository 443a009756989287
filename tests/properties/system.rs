//! What a history runs on: the model itself, or the program behind its services. Both answer the same questions.

use std::collections::BTreeMap;

use crate::command::Command;
use crate::model::{Counters, Known, LineDay, Model, World, days_of};
use crate::vocabulary::*;

/// Something that carries out commands and says how things stand. Things are numbered in the order in which they came into being.
pub trait System {
    /// Carries out a command at `now`; a refusal comes with its code.
    fn execute(&mut self, now: Time, command: &Command) -> Result<(), String>;

    /// Carries out two submissions at the same time; the first one's needs are numbered first.
    fn execute_together(&mut self, now: Time, commands: [&Command; 2]) -> [Result<(), String>; 2];

    /// The job that appends what is due.
    fn run_due(&mut self, now: Time);

    /// How a need stands.
    fn need(&mut self, need: NeedId) -> NeedView;

    /// How a claim stands.
    fn claim(&mut self, claim: ClaimId) -> ClaimView;

    /// The counters at T as known at K, which is not before the last fact where `None`.
    fn counters(&mut self, t: Time, k: Option<Time>) -> Counters;

    /// What its own check finds wrong.
    fn faults(&mut self) -> Vec<String>;
}

/// How a need stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedView {
    /// What speaks for it.
    pub root: NeedId,
    /// Closure.
    pub closure: Closure,
    /// Stage.
    pub stage: Stage,
    /// The other axes and the urgency, of a need that speaks for itself.
    pub axes: Option<(Phone, Case, Matching, Delivered, Urgency)>,
    /// Its own lines, day by day.
    pub lines: Vec<(usize, Day, LineDay)>,
}

/// How a claim stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimView {
    /// State.
    pub state: ClaimState,
    /// The line it stands on.
    pub on: LineOf,
    /// How much, where it is live or fulfilled.
    pub quantity: i64,
    /// How much it is asked to give back.
    pub give_back: i64,
    /// While held: until when.
    pub expires_at: Option<Time>,
}

impl NeedView {
    /// As the model sees it.
    pub fn of(world: &World<'_>, need: NeedId) -> NeedView {
        let root = world.root(need);
        let axes = || (world.phone(need), world.case(need), world.matching(need), world.delivered_axis(need), world.urgency(need));
        let lines = world.needs[need].lines.iter();
        NeedView {
            root,
            closure: world.closure(need),
            stage: world.stage(need),
            axes: (root == need).then(axes),
            lines: lines
                .flat_map(|(&n, line)| days_of(line.days).into_iter().map(move |day| (n, day)))
                .map(|(n, day)| (n, day, world.line_day((need, n), day)))
                .collect(),
        }
    }
}

impl ClaimView {
    /// As the model sees it.
    pub fn of(world: &World<'_>, claim: ClaimId) -> ClaimView {
        let claimed = &world.claims[&claim];
        ClaimView {
            state: claimed.state,
            on: claimed.on,
            quantity: if claimed.is_live() || claimed.counts() { claimed.quantity() } else { 0 },
            give_back: world.give_back_asked(claim),
            expires_at: (claimed.state == ClaimState::Held).then_some(claimed.deadline),
        }
    }
}

/// The model as a system of its own, with a look at everything kept from the last change.
pub struct Mirror {
    model: Model,
    needs: Vec<NeedView>,
    claims: BTreeMap<ClaimId, ClaimView>,
}

impl Mirror {
    /// A mirror of nothing.
    pub fn new(early_matching: bool) -> Mirror {
        Mirror { model: Model::new(early_matching), needs: vec![], claims: BTreeMap::new() }
    }

    fn look(&mut self) {
        let world = self.model.world();
        self.needs = (0..world.needs.len()).map(|need| NeedView::of(&world, need)).collect();
        self.claims = world.claims.keys().map(|&claim| (claim, ClaimView::of(&world, claim))).collect();
    }
}

impl System for Mirror {
    fn execute(&mut self, now: Time, command: &Command) -> Result<(), String> {
        let outcome = self.model.execute(now, command).map_err(str::to_owned);
        self.look();
        outcome
    }

    fn execute_together(&mut self, now: Time, commands: [&Command; 2]) -> [Result<(), String>; 2] {
        commands.map(|command| self.execute(now, command))
    }

    fn run_due(&mut self, now: Time) {
        self.model.run_due(now);
        self.look();
    }

    fn need(&mut self, need: NeedId) -> NeedView {
        self.needs[need].clone()
    }

    fn claim(&mut self, claim: ClaimId) -> ClaimView {
        self.claims[&claim].clone()
    }

    fn counters(&mut self, t: Time, k: Option<Time>) -> Counters {
        Known::at(&self.model.facts, k.unwrap_or(Time::MAX)).counters(t)
    }

    fn faults(&mut self) -> Vec<String> {
        faults(&self.model)
    }
}

/// The facts that the rules would not have admitted after those before them: there are none.
pub fn faults(model: &Model) -> Vec<String> {
    let broken = model.first_broken().map(|id| format!("fact {id} breaks a rule: {:?}", model.facts[id]));
    broken.into_iter().collect()
}
