//! Claims and deliveries.

use super::super::plan::Command;
use super::book::Book;
use super::{Making, Move};
use crate::claims::model::{Claim, Taken, Turn};
use crate::claims::service as claims;
use crate::deliveries::model::{Delivery, Stepped};
use crate::deliveries::service as deliveries;
use crate::error::{Error, Result};
use crate::ids::Reference;
use crate::ledger::texts::Words;

impl Making<'_> {
    /// A claim out of own means, held or confirmed.
    pub fn claim(mut self, book: &mut Book) -> Result<Move> {
        let Command::Claim { claim, need, n, quantity, held, days, planned_at } = self.step.command else {
            return Err(Error::internal("a claim is none"));
        };
        let need = book.needs.find(&need)?;
        book.claims.add(claim, self.made());
        let claim = Claim {
            quantity,
            taken: if held { Taken::Held } else { Taken::Confirmed },
            planned_at,
            first_day: days.map(|(first, _)| first),
            last_day: days.map(|(_, last)| last),
            early_reason: None,
            organisation: None,
            note: None,
            told: self.told(),
        };
        let prepared = claims::prepare(self.keys, self.actor, claim, &mut self.draw);
        Ok(Box::new(move |w, incident, actor| claims::claim(w, incident, actor, &need, n, &prepared).map(drop)))
    }

    /// What becomes of a claim, with the words beside it.
    pub fn turn(self, claim: Reference, turn: Turn, words: Option<(Words, &str)>) -> Result<Move> {
        let command = self.command(words);
        Ok(Box::new(move |w, incident, actor| claims::turn(w, incident, actor, &claim, &turn, &command).map(drop)))
    }

    /// A delivery begins.
    pub fn deliver(mut self, book: &mut Book) -> Result<Move> {
        let Command::Deliver { delivery, claim, day, quantity, step, at_gate } = self.step.command else {
            return Err(Error::internal("a delivery is none"));
        };
        let claim = book.claims.find(&claim)?;
        book.deliveries.add(delivery, self.made());
        let delivery = Delivery { day, quantity, step, at_gate, note: None, told: self.told() };
        let prepared = deliveries::prepare(self.keys, self.actor, delivery, &mut self.draw);
        Ok(Box::new(move |w, incident, actor| deliveries::start(w, incident, actor, &claim, &prepared).map(drop)))
    }

    /// A delivery goes on.
    pub fn advance(mut self, book: &Book) -> Result<Move> {
        let Command::Advance { delivery, step, quantity, at_gate } = self.step.command else {
            return Err(Error::internal("a step is none"));
        };
        let delivery = book.deliveries.find(&delivery)?;
        let stepped = Stepped { step, quantity, at_gate, note: None, told: self.told() };
        let prepared = deliveries::prepare_step(self.keys, self.actor, stepped, &mut self.draw);
        Ok(Box::new(move |w, incident, actor| deliveries::step(w, incident, actor, &delivery, &prepared).map(drop)))
    }
}
