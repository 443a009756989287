//! `xian-2022`: an invented course of the real case, over the real communities of Xi'an.
//!
//! What is to have happened by the instant of the four figures is decided first: `origins` draws who submits what, and what becomes of
//! each need by then; `casting` spreads the people reached over the cases. The other files then write the commands that make it so.
//! Nothing is counted here: a test counts the commands, and the ledger counts the events.

mod casting;
mod catalogue;
mod corrections;
mod delivering;
mod doubles;
mod ending;
mod follow_up;
mod names;
mod organisations;
mod origins;
mod places;
mod responding;
pub mod rhythm;
mod story;
mod submitting;
mod supply;
#[cfg(test)]
mod tests;
mod transfer;

use super::plan::{By, Command, Plan};
use crate::clock::{HOUR, MINUTE, SECOND, Time};
use crate::ledger::model::Source;
use catalogue::KINDS;
use origins::{Double, Origin, Outcome as Fate, Phoned, Waiting};
use rhythm::{END, START};
use story::Story;
use submitting::Sent;

pub use places::OUTSIDE_LIST;
pub use rhythm::HEADLINE;

/// The incident's slug.
pub const SLUG: &str = "xian-2022";

/// The list of regions that the communities are taken from.
const LIST: &str = include_str!("../../../data/xian_regions_2021.csv");

/// Everything that is drawn follows from this number.
pub const SEED: u64 = 20_220_109;

/// The whole course.
pub fn plan() -> Plan {
    let mut story = Story::new(SEED, LIST);
    let mut random = story.random.part(4);
    let mut origins = origins::before_the_headline(&mut random);
    casting::cast(&mut random, &mut origins);
    let mut later = origins::after_the_headline(&mut random);
    casting::cast_freely(&mut random, &mut later);
    origins.extend(later);
    story.tell(&origins);
    story.spam();
    story.correct();
    let mut steps = std::mem::take(&mut story.steps);
    steps.retain(|step| step.at < END);
    for sweep in 1..(END.0 - START.0) / SWEEP {
        steps.push(program(START.plus(sweep * SWEEP + 7 * SECOND), Command::Sweep));
    }
    steps.push(program(END, Command::CloseIncident));
    steps.sort_by_key(|step| step.at);
    Plan { organisations: organisations::all(&story.places.posting), steps }
}

/// How often the job looks for what is due.
const SWEEP: i64 = 30 * MINUTE;

fn program(at: Time, command: Command) -> super::plan::Step {
    super::plan::Step { at, occurred: None, late: None, by: By::Program, command, label: None }
}

impl Story {
    fn tell(&mut self, origins: &[Origin]) {
        let (mut called, mut meant) = (None, None);
        let mut both = 0;
        for origin in origins {
            let sent = self.submit(origin);
            match (origin.outcome, origin.double) {
                (Fate::Phoned(Phoned::ByMistake), _) => called = sent.into_iter().next(),
                (Fate::Waiting(Waiting::Overlooked), _) => meant = sent.into_iter().next(),
                (_, Double::BothClaimed) => {
                    self.begin(origin, &sent).both_claimed(&sent[0], origin.outcome, both);
                    both += 1;
                }
                (_, Double::PartedLater) => self.begin(origin, &sent).parted_later(&sent[0]),
                (_, Double::JoinedLater) => self.begin(origin, &sent).joined_later(&sent[0]),
                _ => self.tell_one(origin, &sent),
            }
        }
        if let (Some(called), Some(meant)) = (called, meant) {
            self.wrong_need(&called, &meant);
        }
    }

    /// The thread of a submission's first need, followed up.
    fn begin(&mut self, origin: &Origin, sent: &[Sent]) -> story::Thread<'_> {
        let mut thread = self.thread(&sent[0]);
        if origin.rejected_once {
            let at = thread.at.plus(20 * MINUTE);
            thread.now(at, By::Operator, Command::Reject { need: sent[0].need });
            let label = thread.labelled();
            thread.now(at.plus(HOUR), By::Operator, Command::Void { label, reason: "误判为测试提交" });
        }
        thread.follow_up(sent, origin.outcome);
        thread
    }

    /// A submission's course: its needs are followed up together and then each goes its own way.
    fn tell_one(&mut self, origin: &Origin, sent: &[Sent]) {
        let mut thread = self.begin(origin, sent);
        let followed_up = thread.at;
        let mut other = None;
        match origin.double {
            Double::Again | Double::Onward | Double::Chain => thread.doubled(&sent[0], origin.double),
            Double::Parted => other = Some(thread.parted(&sent[0])),
            _ => {}
        }
        let (first, at) = (thread.need, thread.at);
        for (i, one) in sent.iter().enumerate() {
            let mut thread = self.thread(one);
            (thread.need, thread.at) = if i == 0 { (first, at) } else { (one.need, followed_up) };
            if let Some(case) = &origin.cases[i] {
                thread.respond(one, case, origin.outcome);
                if origin.double == Double::SamePerson {
                    thread.one_person(one, case);
                }
            }
            thread.course(one, origin.outcome);
        }
        if let Some(other) = other {
            self.thread(&other).course(&other, origin.outcome);
        }
    }

    /// Tests and advertisements that somebody sends in; the desk rejects them.
    fn spam(&mut self) {
        let mut random = self.random.part(5);
        let mut times = rhythm::before_the_headline(&mut random, 10);
        times.extend(rhythm::after_the_headline(&mut random, 3));
        for (i, at) in times.into_iter().enumerate() {
            let at = if (at..=at.plus(3 * HOUR)).contains(&HEADLINE) { at.plus(-4 * HOUR) } else { at };
            let kind = &KINDS[i % KINDS.len()];
            let cases = vec![None];
            let origin = Origin {
                at,
                kinds: vec![kind],
                outcome: Fate::Later,
                double: Double::No,
                source: Source::Web,
                cases,
                rejected_once: false,
            };
            let sent = self.submit(&origin);
            let at = at.plus(self.random.range(4 * MINUTE, 90 * MINUTE));
            self.push(at, 0, By::Operator, Command::Reject { need: sent[0].need });
        }
    }
}
