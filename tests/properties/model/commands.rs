//! From a command to the facts it would add, or to the code of its refusal.

use super::Model;
use super::facts::{Fact, What, in_force};
use super::world::World;
use crate::command::{Act, Command, NewClaim, NewNeed, Who};
use crate::vocabulary::*;

/// The facts of a command that stands: on which need, when, what.
pub type Drafts = Vec<(NeedId, Time, What)>;

impl Model {
    /// The needs a command is about, as addressed.
    pub fn addressed(&self, act: &Act) -> Vec<NeedId> {
        match act {
            Act::Submit { .. } => vec![],
            Act::Call { about, .. } => about.iter().map(|(need, ..)| *need).collect(),
            Act::Merge { need, into, .. } => vec![*need, *into],
            Act::Confirm { claim, .. }
            | Act::Release { claim }
            | Act::GiveBack { claim, .. }
            | Act::Progress { claim }
            | Act::Deliver { claim, .. } => vec![self.home(*claim)],
            Act::StepDelivery { delivery, .. } => vec![self.home(self.claim_of(*delivery))],
            Act::Void { fact, .. } => vec![self.facts[*fact].need],
            Act::Reject { need }
            | Act::Visit { need, .. }
            | Act::Assess { need, .. }
            | Act::OpenCase { need }
            | Act::Respond { need, .. }
            | Act::EndCase { need, .. }
            | Act::Summarise { need }
            | Act::ChangeLine { need, .. }
            | Act::AddLine { need, .. }
            | Act::CloseShort { need, .. }
            | Act::CorrectCategory { need, .. }
            | Act::CorrectRegion { need, .. }
            | Act::CorrectPeople { need, .. }
            | Act::CorrectContacts { need, .. }
            | Act::Claim { need, .. }
            | Act::Answer { need }
            | Act::Refer { need, .. }
            | Act::Accept { need, .. }
            | Act::Close { need }
            | Act::Cancel { need }
            | Act::Reopen { need }
            | Act::Unmerge { need }
            | Act::Erase { need } => vec![*need],
        }
    }

    /// What the command adds, everything due having been added before.
    pub(super) fn draft(&mut self, now: Time, command: &Command) -> Result<Drafts, Code> {
        match &command.act {
            Act::Submit { needs, contacts } => self.draft_submission(now, command, needs, contacts.len()),
            Act::Call { direction, outcome, about } => {
                let world = self.world();
                for (need, ..) in about {
                    time_of(now, command, Some(world.collected_at(world.root(*need))), *direction == Direction::Incoming)?;
                }
                let mut drafts = vec![];
                for (need, conclusion, assessed) in about {
                    let what = What::Called { direction: *direction, outcome: *outcome, conclusion: *conclusion, assessed: *assessed };
                    drafts.push(self.admitted(now, command, *need, what)?);
                }
                Ok(drafts)
            }
            Act::Void { fact, whole_act } => self.draft_void(now, *fact, *whole_act),
            Act::Merge { need, into, same } => {
                let into = self.world().root(*into);
                let what = What::Merged { into, same: same.clone(), placements: vec![] };
                let (need, at, _) = self.admitted(now, command, *need, what)?;
                let placements = self.world().placements(need, into);
                Ok(vec![(need, at, What::Merged { into, same: same.clone(), placements })])
            }
            Act::Claim { need, n, claim } => {
                let what = self.draft_claim(*need, *n, claim);
                Ok(vec![self.admitted(now, command, *need, what)?])
            }
            act => {
                let need = self.addressed(act)[0];
                let world = self.world();
                time_of(now, command, Some(world.collected_at(world.root(need))), false)?;
                let what = self.what(act)?;
                Ok(vec![self.admitted(now, command, need, what)?])
            }
        }
    }

    /// The fact on the need where it is recorded and at its time, if the rules admit it.
    fn admitted(&self, now: Time, command: &Command, need: NeedId, what: What) -> Result<(NeedId, Time, What), Code> {
        let world = self.world();
        let incoming = matches!(what, What::Called { direction: Direction::Incoming, .. });
        let occurred_at = time_of(now, command, Some(world.collected_at(world.root(need))), incoming)?;
        let stays = matches!(
            command.act,
            Act::Merge { .. } | Act::Unmerge { .. } | Act::Erase { .. } | Act::CorrectContacts { .. } | Act::StepDelivery { .. }
        );
        let need = if stays || what.claim().is_some() { need } else { world.root(need) };
        let fact = Fact { need, act: 0, occurred_at, recorded_at: now, what };
        world.admits(&fact)?;
        Ok((need, occurred_at, fact.what))
    }

    fn draft_submission(&mut self, now: Time, command: &Command, needs: &[NewNeed], contacts: usize) -> Result<Drafts, Code> {
        let at = time_of(now, command, None, false)?;
        let mut drafts = vec![];
        for (i, new) in needs.iter().enumerate() {
            let need = self.world().needs.len() + i;
            for name in &new.people {
                self.persons.named(need, *name);
            }
            let (category, region, lines, urgency) = (new.category, new.region, new.lines.clone(), new.urgency);
            drafts.push((need, at, What::Submitted { first: i == 0, category, region, lines, urgency, contacts }));
        }
        Ok(drafts)
    }

    fn draft_claim(&self, need: NeedId, n: usize, new: &NewClaim) -> What {
        let world = self.world();
        let root = world.root(need);
        let early = self.early_matching && new.early_reason && world.phone(root) != Phone::Verified;
        let claim = self.facts.iter().filter(|f| matches!(f.what, What::Claimed { .. })).count();
        let lifetime = world.urgency(root).lifetime();
        What::Claimed { claim, n, quantity: new.quantity, days: new.days, confirmed: new.confirmed, early, lifetime }
    }

    fn draft_void(&self, now: Time, target: FactId, whole_act: bool) -> Result<Drafts, Code> {
        let standing: Vec<FactId> = in_force(&self.facts).into_iter().map(|(id, _)| id).collect();
        let same_act = |id: &FactId| self.facts[*id].act == self.facts[target].act;
        let targets: Vec<FactId> = match whole_act {
            true => standing.iter().copied().filter(same_act).collect(),
            false => standing.iter().copied().filter(|&id| id == target).collect(),
        };
        if !self.facts[target].what.voidable() {
            return Err("not_voidable");
        }
        if targets.is_empty() {
            return Err("already_voided");
        }
        let world = self.world();
        let drafts: Drafts = targets.into_iter().map(|fact| (world.root(self.facts[fact].need), now, What::Voided { fact })).collect();
        let mut trial = self.clone();
        trial.record(now, drafts.clone());
        if trial.first_broken().is_some() { Err("event_in_the_way") } else { Ok(drafts) }
    }

    /// The first fact in force that the rules would not have admitted after those before it.
    pub fn first_broken(&self) -> Option<FactId> {
        let mut world = World::default();
        for (id, fact) in in_force(&self.facts) {
            if world.admits(fact).is_err() {
                return Some(id);
            }
            world.take(id, fact);
        }
        None
    }

    /// The plain cases.
    fn what(&mut self, act: &Act) -> Result<What, Code> {
        Ok(match act {
            Act::Reject { .. } => What::Rejected,
            Act::Visit { conclusion, .. } => What::Visited { conclusion: *conclusion },
            Act::Assess { urgency, .. } => What::Assessed { urgency: *urgency },
            Act::OpenCase { .. } => What::CaseOpened,
            Act::Respond { need, reached, people, group_reason } => {
                What::Responded { reached: *reached, people: self.persons_of(*need, people)?, group_reason: *group_reason }
            }
            Act::EndCase { how, .. } => What::CaseEnded { how: *how },
            Act::Summarise { .. } => What::Summarised,
            Act::ChangeLine { n, wanted, .. } => What::LineChanged { n: *n, wanted: *wanted },
            Act::AddLine { need, line } => What::LineAdded { n: self.next_line(*need), line: *line },
            Act::CloseShort { n, .. } => What::ClosedShort { n: *n },
            Act::CorrectCategory { category, .. } => What::CategoryCorrected { category: *category },
            Act::CorrectRegion { region, .. } => What::RegionCorrected { region: *region },
            Act::CorrectPeople { need, named, same } => {
                let named: Vec<Who> = named.iter().map(|name| Who::Named(*name)).collect();
                self.persons_of(*need, &named)?;
                What::PeopleCorrected { same: same.clone() }
            }
            Act::CorrectContacts { contacts, .. } => What::ContactsCorrected { contacts: contacts.len() },
            Act::Confirm { claim, quantity } => What::Confirmed { claim: *claim, quantity: *quantity },
            Act::Release { claim } => What::Released { claim: *claim },
            Act::GiveBack { claim, quantity } => What::GaveBack { claim: *claim, quantity: *quantity },
            Act::Progress { claim } => {
                let world = self.world();
                What::Progressed { claim: *claim, lifetime: world.urgency(world.root(self.home(*claim))).lifetime() }
            }
            Act::Deliver { claim, day, quantity, step, at_gate } => {
                let delivery = self.facts.iter().filter(|f| matches!(f.what, What::DeliveryMade { .. })).count();
                What::DeliveryMade { delivery, claim: *claim, day: *day, quantity: *quantity, step: *step, at_gate: *at_gate }
            }
            Act::StepDelivery { delivery, step, quantity, at_gate } => {
                What::DeliveryStepped { delivery: *delivery, step: *step, quantity: *quantity, at_gate: *at_gate }
            }
            Act::Answer { .. } => What::Answered,
            Act::Refer { need, due_at } => What::Referred { n: self.next_referral(*need), due_at: *due_at },
            Act::Accept { n, .. } => What::Accepted { n: *n },
            Act::Close { .. } => What::Closed,
            Act::Cancel { .. } => What::Cancelled,
            Act::Reopen { .. } => What::Reopened,
            Act::Unmerge { need } => What::Unmerged { merge: self.world().needs[*need].merged.map_or(usize::MAX, |(merge, _)| merge) },
            Act::Erase { need } => {
                self.persons.erase(*need);
                What::Erased
            }
            Act::Submit { .. } | Act::Call { .. } | Act::Merge { .. } | Act::Claim { .. } | Act::Void { .. } => {
                unreachable!("drafted on their own")
            }
        })
    }

    /// The persons a response names, each once; who is said to be known must be so before anybody is named.
    fn persons_of(&mut self, need: NeedId, people: &[Who]) -> Result<Vec<PersonId>, Code> {
        let (root, under) = (self.world().root(need), self.persons_under(need));
        let known = |who: &Who| matches!(who, Who::Named(_)) || matches!(who, Who::Known(person) if under.contains(person));
        if !people.iter().all(known) {
            return Err("person_unknown");
        }
        let mut persons = vec![];
        for who in people {
            let person = match who {
                Who::Named(name) => self.persons.named(root, *name),
                Who::Known(person) => *person,
            };
            if !persons.contains(&person) {
                persons.push(person);
            }
        }
        Ok(persons)
    }

    fn next_line(&self, need: NeedId) -> usize {
        let root = self.world().root(need);
        let added = self.facts.iter().filter(|f| f.need == root && matches!(f.what, What::LineAdded { .. })).count();
        let first = self.facts.iter().find_map(|f| match &f.what {
            What::Submitted { lines, .. } if f.need == root => Some(lines.len()),
            _ => None,
        });
        first.unwrap_or(0) + added + 1
    }

    fn next_referral(&self, need: NeedId) -> usize {
        let root = self.world().root(need);
        self.facts.iter().filter(|f| f.need == root && matches!(f.what, What::Referred { .. })).count() + 1
    }

    /// The need a claim was made on.
    pub fn home(&self, id: ClaimId) -> NeedId {
        let made = self.facts.iter().find(|f| matches!(f.what, What::Claimed { claim, .. } if claim == id));
        made.expect("the claim was made").need
    }

    /// The claim a delivery came out of.
    pub fn claim_of(&self, id: DeliveryId) -> ClaimId {
        let made = self.facts.iter().find_map(|f| match f.what {
            What::DeliveryMade { delivery, claim, .. } if delivery == id => Some(claim),
            _ => None,
        });
        made.expect("the delivery was made")
    }
}

/// When a command's facts happened: submission ≤ occurred_at ≤ now. Up to 2 minutes ahead is now; a call during which the need was
/// written counts at the submission; more than 15 minutes late needs a reason.
fn time_of(now: Time, command: &Command, submitted_at: Option<Time>, incoming: bool) -> Result<Time, Code> {
    let stated = command.occurred_at.unwrap_or(now);
    if stated > now + 2 * MINUTE {
        return Err("in_the_future");
    }
    let earliest = submitted_at.unwrap_or(Time::MIN);
    let during_writing = incoming && stated.saturating_add(2 * HOUR) >= earliest;
    if stated < earliest && !during_writing {
        return Err("before_submission");
    }
    if stated < now - 15 * MINUTE && !command.late_reason {
        return Err("late_reason_missing");
    }
    Ok(stated.min(now).max(earliest))
}
