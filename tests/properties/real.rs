//! The program behind the driver: its services in this process, on a database of either engine, with the clock set by the history.

mod bodies;
mod calling;
mod claiming;
mod counting;
mod looks;
mod node;
mod straight;

pub use node::Node;

use std::sync::Arc;

use heli::accounts::model::Actor;
use heli::clock::Time as Instant;
use heli::crypto::KeyPair;
use heli::db::{Lane, Write};
use heli::error::{Error, FieldCode};
use heli::ids::{self, Draw, Reference};
use heli::incidents::model::Incident;
use heli::ledger::{sweep, verify};
use heli::needs::submitting::{model as submitting, rules as submission_rules, service as submissions};

use crate::command::{Act, Command};
use crate::model::Counters;
use crate::system::{ClaimView, NeedView, System};
use crate::vocabulary::*;

/// One incident of a node, with what stands for the model's numbers.
pub struct Real<'n> {
    node: &'n Node,
    incident: Incident,
    keys: Arc<KeyPair>,
    staff: Actor,
    /// Row and reference of each need.
    needs: Vec<(i64, Reference)>,
    /// Reference of each person.
    persons: Vec<String>,
    /// Reference of each claim and delivery.
    claims: Vec<Reference>,
    deliveries: Vec<Reference>,
    /// References of the organisations that claim in turn.
    organisations: Vec<String>,
}

/// A refusal's code, as the model writes it.
fn code(error: Error) -> String {
    match error {
        Error::Refused(refusal) => refusal.code.to_string(),
        Error::Invalid(errors) => match (errors[0].pointer.as_str(), errors[0].code) {
            (_, FieldCode::InTheFuture) => "in_the_future".into(),
            (_, FieldCode::BeforeSubmission) => "before_submission".into(),
            ("/late_reason", FieldCode::Missing) => "late_reason_missing".into(),
            (pointer, code) => format!("{pointer}: {code}"),
        },
        other => format!("{other:?}"),
    }
}

type Said<T> = Result<T, String>;

/// A body as the API reads it.
fn read<T: serde::de::DeserializeOwned>(body: serde_json::Value) -> Said<T> {
    serde_json::from_value(body).map_err(|error| error.to_string())
}

impl Real<'_> {
    fn reference(&self, need: NeedId) -> Reference {
        self.needs[need].1.clone()
    }

    /// Runs a write once it is prepared.
    fn write<T: Send + 'static>(
        &self,
        f: impl Fn(&mut Write<'_>, &Incident, &Actor) -> heli::error::Result<T> + Send + 'static,
    ) -> Said<T> {
        let (incident, staff) = (self.incident.clone(), self.staff.clone());
        self.node.db.write_blocking(move |w| f(w, &incident, &staff)).map_err(code)
    }

    fn prepare_submission(&self, now: Time, body: serde_json::Value) -> Said<submitting::Prepared> {
        let new: submitting::NewSubmission = read(body)?;
        let read = submission_rules::read(new, false, &self.staff, Instant(now)).map_err(code)?;
        Ok(submissions::prepare(&self.keys, &self.staff, read, &mut Draw::random(), Some(ids::secret())))
    }

    fn submit(&mut self, now: Time, command: &Command) -> Said<()> {
        let prepared = self.prepare_submission(now, bodies::submission(command))?;
        let submitted = self.write(move |w, incident, _| submissions::submit(w, incident, true, &prepared))?;
        self.learn(submitted);
        Ok(())
    }

    /// Numbers the needs of a submission, and the people it names.
    fn learn(&mut self, submitted: submitting::Submitted) {
        let rows: Vec<i64> = submitted.needs.iter().map(|need| need.id).collect();
        self.needs.extend(submitted.needs.into_iter().map(|need| (need.id, need.reference)));
        self.learn_people(rows);
    }

    /// Numbers the people whom events of these needs name for the first time.
    fn learn_people(&mut self, rows: Vec<i64>) {
        for person in looks::people_named(self.node, rows) {
            if !self.persons.contains(&person) {
                self.persons.push(person);
            }
        }
    }

    fn carry_out(&mut self, now: Time, command: &Command) -> Said<()> {
        match &command.act {
            Act::Submit { .. } => self.submit(now, command),
            Act::Call { .. } | Act::Visit { .. } => self.on_calls(command),
            Act::OpenCase { .. } | Act::EndCase { .. } | Act::Respond { .. } => self.on_cases(command),
            Act::Claim { .. } | Act::Confirm { .. } | Act::Release { .. } | Act::GiveBack { .. } | Act::Progress { .. } => {
                self.on_claims(command)
            }
            Act::Deliver { .. } | Act::StepDelivery { .. } => self.on_deliveries(command),
            _ => self.straight(command),
        }
    }
}

impl System for Real<'_> {
    fn execute(&mut self, now: Time, command: &Command) -> Said<()> {
        self.node.db.clock.set(Instant(now));
        self.carry_out(now, command)
    }

    fn execute_together(&mut self, now: Time, commands: [&Command; 2]) -> [Said<()>; 2] {
        self.node.db.clock.set(Instant(now));
        let prepared = commands.map(|command| self.prepare_submission(now, bodies::submission(command)));
        let submitted = std::thread::scope(|scope| {
            let running = prepared.map(|prepared| {
                let this = &*self;
                scope.spawn(move || {
                    let prepared = prepared?;
                    this.write(move |w, incident, _| submissions::submit(w, incident, true, &prepared))
                })
            });
            running.map(|thread| thread.join().expect("a submission does not panic"))
        });
        submitted.map(|submitted| {
            self.learn(submitted?);
            Ok(())
        })
    }

    fn run_due(&mut self, now: Time) {
        self.node.db.clock.set(Instant(now));
        while sweep(&self.node.db).expect("what is due can be appended") {}
    }

    fn need(&mut self, need: NeedId) -> NeedView {
        looks::need(self.node, &self.needs, need)
    }

    fn claim(&mut self, claim: ClaimId) -> ClaimView {
        looks::claim(self.node, &self.needs, &self.claims[claim])
    }

    fn counters(&mut self, t: Time, k: Option<Time>) -> Counters {
        counting::counters(self.node, &self.incident, Instant(t), k.map(Instant))
    }

    fn faults(&mut self) -> Vec<String> {
        let incident = self.incident.id;
        let differences = self.node.db.read_blocking(Lane::Slow, move |r| verify::verify(r, incident)).expect("verify runs");
        differences.into_iter().map(|difference| format!("{difference:?}")).collect()
    }
}
