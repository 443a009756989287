//! Writes a practice course: each need is told from its submission on, at so many minutes before the present.

use super::super::plan::{
    By, ClaimNo, Command, Contact, DeliveryNo, DeliveryStep, LinePlan, Named, NeedNo, NeedPlan, OrganisationNo, Step,
};
use crate::clock::{MINUTE, Time};
use crate::ledger::model::{Category, Conclusion, Direction, Medium, Outcome, PeopleGroup, Purpose, Source, Urgency};
use crate::needs::model::ContactRole;

/// What is written so far.
pub struct Board {
    now: Time,
    /// The commands.
    pub steps: Vec<Step>,
    needs: NeedNo,
    claims: ClaimNo,
    deliveries: DeliveryNo,
}

/// A need in a few words.
pub struct Sketch {
    /// Code of its region, where it is known.
    pub region: Option<&'static str>,
    /// What is asked for.
    pub category: Category,
    /// How urgent it is said to be.
    pub urgency: Urgency,
    /// Whom it is for.
    pub group: PeopleGroup,
    /// How many they are.
    pub people: i64,
    /// Item, quantity and unit of each line.
    pub lines: &'static [(&'static str, i64, &'static str)],
    /// The description.
    pub text: &'static str,
    /// Whom to call: the person itself is named among the people too.
    pub contact: (ContactRole, &'static str),
    /// The community has posted it.
    pub posted: bool,
}

impl Board {
    /// Nothing is written yet.
    pub fn new(now: Time) -> Self {
        Board { now, steps: Vec::new(), needs: 0, claims: 0, deliveries: 0 }
    }

    /// The present.
    pub fn now(&self) -> Time {
        self.now
    }

    /// A command of so many minutes ago.
    pub fn at(&mut self, minutes_ago: i64, by: By, command: Command) {
        let at = self.now.plus(-minutes_ago * MINUTE);
        self.steps.push(Step { at, occurred: None, late: None, by, command, label: None });
    }

    /// A need is submitted.
    pub fn submit(&mut self, minutes_ago: i64, sketch: &Sketch) -> NeedNo {
        let need = self.needs;
        self.needs += 1;
        let (role, name) = sketch.contact;
        let phone = format!("1990000{:04}", 9_001 + need);
        let named = (role == ContactRole::Person).then(|| Named { name: name.to_owned(), phone: Some(phone.clone()) });
        let line = |(item, quantity, unit): &(&'static str, i64, &'static str)| LinePlan { item, quantity: *quantity, unit, days: None };
        let plan = NeedPlan {
            category: sketch.category,
            region: sketch.region.map(str::to_owned),
            urgency: sketch.urgency,
            lines: sketch.lines.iter().map(line).collect(),
            people: sketch.people,
            named: named.into_iter().collect(),
            groups: vec![sketch.group],
            description: sketch.text.to_owned(),
            address: Some(format!("{}号楼", 1 + need % 9)),
        };
        let contacts = vec![Contact { role, name: name.to_owned(), phone, flags: Vec::new() }];
        let (by, source) = if sketch.posted { (By::Worker(0), Source::Community) } else { (By::Public, Source::Web) };
        self.at(minutes_ago, by, Command::Submit { first: need, needs: vec![plan], contacts, source });
        need
    }

    /// An outgoing call of the desk about a need.
    pub fn call(&mut self, minutes_ago: i64, need: NeedNo, outcome: Outcome, conclusion: Option<Conclusion>) {
        let about = vec![(need, conclusion, None)];
        let (direction, medium, purpose) = (Direction::Outgoing, Medium::Voice, Purpose::Verify);
        self.at(minutes_ago, By::Operator, Command::Call { direction, medium, purpose, outcome, about });
    }

    /// A need that was submitted and found genuine, with its summary.
    pub fn verified(&mut self, minutes_ago: i64, sketch: &Sketch) -> NeedNo {
        let need = self.submit(minutes_ago, sketch);
        self.call(minutes_ago - 25, need, Outcome::Answered, Some(Conclusion::Genuine));
        let words: Vec<String> = sketch.lines.iter().map(|(item, quantity, unit)| format!("{item}{quantity}{unit}")).collect();
        self.at(minutes_ago - 27, By::Operator, Command::Summarise { need, text: words.join("、") });
        need
    }

    /// A claim, confirmed with a planned time in so many minutes from the present, or held.
    pub fn claim(
        &mut self,
        minutes_ago: i64,
        need: NeedNo,
        organisation: OrganisationNo,
        quantity: i64,
        planned_in: Option<i64>,
    ) -> ClaimNo {
        let claim = self.claims;
        self.claims += 1;
        let planned_at = planned_in.map(|minutes| self.now.plus(minutes * MINUTE));
        let command = Command::Claim { claim, need, n: 1, quantity, held: planned_at.is_none(), days: None, planned_at };
        self.at(minutes_ago, By::Coordinator(organisation), command);
        claim
    }

    /// A delivery of a claim, at its step.
    pub fn deliver(
        &mut self,
        minutes_ago: i64,
        claim: ClaimNo,
        organisation: OrganisationNo,
        quantity: i64,
        step: DeliveryStep,
    ) -> DeliveryNo {
        let delivery = self.deliveries;
        self.deliveries += 1;
        let command = Command::Deliver { delivery, claim, day: None, quantity, step, at_gate: false };
        self.at(minutes_ago, By::Coordinator(organisation), command);
        delivery
    }
}
