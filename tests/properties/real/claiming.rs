//! Claims and deliveries, through their services.

use heli::claims::model::Turn;
use heli::claims::{rules as claim_rules, service as claims};
use heli::deliveries::{rules as delivery_rules, service as deliveries};
use heli::ids::{Draw, Reference};
use heli::ledger::texts::Words;
use heli::ledger::when::Told;
use heli::needs::acting::Command as Prepared;
use serde_json::json;

use super::bodies::with_time;
use super::{Real, Said, bodies, code, read};
use crate::command::{Act, Command};
use crate::vocabulary::*;

impl Real<'_> {
    pub(super) fn on_claims(&mut self, command: &Command) -> Said<()> {
        match &command.act {
            Act::Claim { need, n, .. } => {
                let (need, n) = (self.reference(*need), *n as i64);
                let organisation = &self.organisations[self.claims.len() % self.organisations.len()];
                let claim = claim_rules::read_claim(read(bodies::claim(command, organisation))?).map_err(code)?;
                let prepared = claims::prepare(&self.keys, &self.staff, claim, &mut Draw::random());
                let made = self.write(move |w, incident, staff| claims::claim(w, incident, staff, &need, n, &prepared))?;
                self.claims.push(Reference::stored(made.reference));
                Ok(())
            }
            Act::Confirm { claim, quantity } => {
                let body = with_time(command, json!({"quantity": quantity}));
                let (turn, told) = claim_rules::read_confirmation(read(body)?).map_err(code)?;
                self.turn(*claim, turn, told, None)
            }
            Act::Release { claim } => {
                let body = with_time(command, json!({"reason": "车辆调不开"}));
                let (reason, told) = claim_rules::read_release(read(body)?).map_err(code)?;
                self.turn(*claim, Turn::Release, told, Some(reason))
            }
            Act::GiveBack { claim, quantity } => {
                let body = with_time(command, json!({"quantity": quantity}));
                let (turn, told) = claim_rules::read_give_back(read(body)?).map_err(code)?;
                self.turn(*claim, turn, told, None)
            }
            Act::Progress { claim } => {
                let (_, told) = claim_rules::read_progress(read(with_time(command, json!({})))?).map_err(code)?;
                self.turn(*claim, Turn::Progress, told, None)
            }
            other => unreachable!("{other:?} is nothing of a claim"),
        }
    }

    fn turn(&self, claim: ClaimId, turn: Turn, told: Told, reason: Option<String>) -> Said<()> {
        let claim = self.claims[claim].clone();
        let prepared = Prepared::new(&self.keys, &self.staff, told, &mut Draw::random());
        let prepared = prepared.with(&self.keys, Words::Reason, reason.as_deref());
        self.write(move |w, incident, staff| claims::turn(w, incident, staff, &claim, &turn, &prepared)).map(drop)
    }

    pub(super) fn on_deliveries(&mut self, command: &Command) -> Said<()> {
        match &command.act {
            Act::Deliver { claim, .. } => {
                let claim = self.claims[*claim].clone();
                let delivery = delivery_rules::read_delivery(read(bodies::delivery(command))?).map_err(code)?;
                let prepared = deliveries::prepare(&self.keys, &self.staff, delivery, &mut Draw::random());
                let started = self.write(move |w, incident, staff| deliveries::start(w, incident, staff, &claim, &prepared))?;
                self.deliveries.push(Reference::stored(started.reference));
                Ok(())
            }
            Act::StepDelivery { delivery, step, quantity, at_gate } => {
                let delivery = self.deliveries[*delivery].clone();
                let body = with_time(command, json!({"step": step.word(), "quantity": quantity, "at_gate": at_gate}));
                let stepped = delivery_rules::read_step(read(body)?).map_err(code)?;
                let prepared = deliveries::prepare_step(&self.keys, &self.staff, stepped, &mut Draw::random());
                self.write(move |w, incident, staff| deliveries::step(w, incident, staff, &delivery, &prepared)).map(drop)
            }
            other => unreachable!("{other:?} is nothing of a delivery"),
        }
    }
}
