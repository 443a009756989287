//! Plays a plan: each command goes through its service, at its instant, by whoever sends it. Many commands share a transaction of a few
//! milliseconds; how far the plan is played is written in the same one, so that a load that was broken off goes on where it stopped.

mod book;
mod claiming;
mod desk;
mod direct;
mod need;
mod talking;

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::plan::{Command, Plan, Step};
use super::random::Random;
use super::stage::{REQUEST, Stage};
use super::store::{self, Progress};
use crate::accounts::model::Actor;
use crate::claims::model::Turn;
use crate::clock::SetClock;
use crate::crypto::KeyPair;
use crate::db::{Db, Write};
use crate::error::{Error, Result};
use crate::ids::{Draw, Reference};
use crate::incidents;
use crate::incidents::model::{Incident, IncidentChange, IncidentState};
use crate::ledger::texts::Words;
use crate::ledger::when::Told;
use book::Book;

/// How long commands go on sharing a transaction.
const SHARE: Duration = Duration::from_millis(4);
/// Commands that are made ready at once.
const READY: usize = 256;

/// A command with everything that is random or sealed, ready for the write.
type Move = Box<dyn Fn(&mut Write<'_>, &Incident, &Actor) -> Result<()> + Send + Sync>;

/// A move and the step it carries out.
struct Ready {
    at: crate::clock::Time,
    actor: Actor,
    says: String,
    carry_out: Move,
}

/// What a step is made ready with.
struct Making<'a> {
    keys: &'a KeyPair,
    actor: &'a Actor,
    step: &'a Step,
    draw: Draw,
}

/// Plays what is not played yet. `seed`: every reference follows from it.
pub fn play(db: &Db, stage: &Stage, slug: &'static str, plan: &Plan, seed: u64, mut progress: Progress) -> Result<()> {
    let random = Random::new(seed);
    let mut book = Book::default();
    let clock = SetClock::at(stage.incident.started_at);
    let mut number = 0;
    for steps in plan.steps.chunks(READY) {
        let mut ready = Vec::with_capacity(steps.len());
        for step in steps {
            let actor = stage.actor(step.by, number)?;
            let draw = Draw::of(random.part(number as u64).number());
            let making = Making { keys: &stage.keys, actor, step, draw };
            let carry_out = making.ready(&mut book)?;
            ready.push(Ready { at: step.at, actor: actor.clone(), says: format!("{:?}", step.command), carry_out });
            number += 1;
        }
        let (ready, until) = (Arc::new(ready), number);
        while progress.played < until {
            progress = share(db, slug, &stage.incident, &clock, progress, (until - steps.len(), ready.clone()), plan.steps.len())?;
        }
    }
    Ok(())
}

/// Plays as many commands as one transaction may hold, and answers how far it has come.
fn share(
    db: &Db,
    slug: &'static str,
    incident: &Incident,
    clock: &Arc<SetClock>,
    from: Progress,
    (first, ready): (usize, Arc<Vec<Ready>>),
    all: usize,
) -> Result<Progress> {
    let (incident, clock) = (incident.clone(), clock.clone());
    db.write_blocking(move |w| {
        let began = Instant::now();
        let mut to = from;
        for step in &ready[from.played - first..] {
            if to != from && began.elapsed() > SHARE {
                break;
            }
            clock.set(step.at);
            w.follow(&clock);
            (step.carry_out)(w, &incident, &step.actor).map_err(|error| explained(error, step, &incident))?;
            to.played += 1;
        }
        to.done = to.played == all;
        if store::advance(w, slug, from, to)? { Ok(to) } else { Err(Error::Unavailable("the scenario is being loaded by somebody else")) }
    })
}

/// What the database says is passed on, so that the lane can try again; a refusal is a fault of the scenario.
fn explained(error: Error, step: &Ready, incident: &Incident) -> Error {
    match error {
        Error::Database(_) | Error::Unavailable(_) => error,
        other => Error::internal(format!("{} at {}: {other:?}", step.says, step.at.to_rfc3339(incident.zone))),
    }
}

impl Making<'_> {
    /// What the command says of its own time.
    fn told(&self) -> Told {
        Told { occurred_at: self.step.occurred, late_reason: self.step.late.map(str::to_owned), device_at: None }
    }

    /// The reference of what the command makes: it is drawn right after the act's seed.
    fn made(&self) -> Reference {
        let mut draw = self.draw.clone();
        draw.number();
        draw.reference()
    }

    fn ready(self, book: &mut Book) -> Result<Move> {
        if let Some(label) = self.step.label {
            book.label(label, self.draw.clone());
        }
        match &self.step.command {
            Command::Sweep => Ok(Box::new(|w, incident, _| {
                while incidents::service::settle(w, incident.id)? {}
                Ok(())
            })),
            Command::CloseIncident => Ok(Box::new(close_incident)),
            Command::Submit { first, needs, contacts, source } => self.submit(book, *first, needs, contacts, *source),
            Command::Call { .. } => self.call(book),
            Command::Visit { need, conclusion } => self.visit(book.needs.find(need)?, *conclusion),
            Command::OpenCase { need } => self.open_case(book.needs.find(need)?),
            Command::Respond { need, reached, people, group_reason } => {
                self.respond(book.needs.find(need)?, *reached, people, *group_reason)
            }
            Command::EndCase { need, end } => self.end_case(book.needs.find(need)?, *end),
            Command::Claim { .. } => self.claim(book),
            Command::Confirm { claim, quantity, planned_at } => {
                self.turn(book.claims.find(claim)?, Turn::Confirm { quantity: *quantity, planned_at: Some(*planned_at) }, None)
            }
            Command::Progress { claim, text } => self.turn(book.claims.find(claim)?, Turn::Progress, Some((Words::Note, text))),
            Command::Release { claim, reason } => self.turn(book.claims.find(claim)?, Turn::Release, Some((Words::Reason, reason))),
            Command::GiveBack { claim, quantity } => self.turn(book.claims.find(claim)?, Turn::GiveBack { quantity: *quantity }, None),
            Command::Deliver { .. } => self.deliver(book),
            Command::Advance { .. } => self.advance(book),
            Command::Merge { from, into, same_people } => self.merge(book, *from, *into, same_people),
            Command::Unmerge { need } => self.part(book.needs.find(need)?),
            Command::Void { label, reason } => self.void(book.events.find(label)?, reason),
            Command::Refer { need, body, due_at, .. } => self.refer(book.needs.find(need)?, body, *due_at),
            Command::AcceptReferral { need, n, accepted_by, receipt } => self.accept(book.needs.find(need)?, *n, accepted_by, receipt),
            _ => self.direct(book),
        }
    }
}

fn close_incident(w: &mut Write<'_>, incident: &Incident, actor: &Actor) -> Result<()> {
    let incident = incidents::store::by_id(w, incident.id)?;
    let change = IncidentChange { state: Some(IncidentState::Closed), ..IncidentChange::default() };
    incidents::service::change(w, actor, REQUEST, incident.id, incident.version, &change).map(drop)
}
