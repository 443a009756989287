//! Calls, visits and cases.

use super::super::plan::{CaseEnd, Command, Named};
use super::book::Book;
use super::need::person;
use super::{Making, Move};
use crate::calls::model::{About, Call, Visit};
use crate::calls::service as calls;
use crate::cases::model::{Reached, Response, Turn};
use crate::cases::service as cases;
use crate::error::{Error, Result};
use crate::ids::Reference;
use crate::ledger::model::Conclusion;
use crate::needs::people::Person;

impl Making<'_> {
    /// A call.
    pub fn call(mut self, book: &Book) -> Result<Move> {
        let Command::Call { direction, medium, purpose, outcome, about } = self.step.command.clone() else {
            return Err(Error::internal("a call is none"));
        };
        let about = about.into_iter().map(|(need, conclusion, assessed)| Ok(About { need: book.needs.find(&need)?, conclusion, assessed }));
        let about = about.collect::<Result<_>>()?;
        let call = Call { direction, medium, purpose, outcome, about, note: None, told: self.told() };
        let prepared = calls::prepare_call(self.keys, self.actor, call, &mut self.draw);
        Ok(Box::new(move |w, incident, actor| calls::log(w, incident, actor, &prepared).map(drop)))
    }

    /// A home visit.
    pub fn visit(mut self, need: Reference, conclusion: Conclusion) -> Result<Move> {
        let visit = Visit { conclusion, assessed: None, note: None, told: self.told() };
        let prepared = calls::prepare_visit(self.keys, self.actor, visit, &mut self.draw);
        Ok(Box::new(move |w, incident, actor| calls::visit(w, incident, actor, &need, &prepared).map(drop)))
    }

    /// A case is opened.
    pub fn open_case(mut self, need: Reference) -> Result<Move> {
        let turn = Turn { note: None, told: self.told() };
        let command = cases::prepare_turn(self.keys, self.actor, turn, &mut self.draw);
        Ok(Box::new(move |w, incident, actor| cases::open(w, incident, actor, &need, &command).map(drop)))
    }

    /// A case ends.
    pub fn end_case(mut self, need: Reference, end: CaseEnd) -> Result<Move> {
        let turn = Turn { note: None, told: self.told() };
        let command = cases::prepare_turn(self.keys, self.actor, turn, &mut self.draw);
        Ok(Box::new(move |w, incident, actor| cases::end(w, incident, actor, &need, end, &command).map(drop)))
    }

    /// No scenario responds to a need that is merged, so it is its own root.
    pub fn respond(mut self, need: Reference, reached: i64, people: &[Named], group_reason: Option<&str>) -> Result<Move> {
        let mut errors = Vec::new();
        let read = people.iter().filter_map(|named| Person::read("/people", &person(named), &mut errors));
        let people = read.map(Reached::Named).collect();
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        let response = Response { reached, people, group_reason: group_reason.map(str::to_owned), note: None, told: self.told() };
        let prepared = cases::prepare_response(self.keys, self.actor, &need, response, &mut self.draw);
        Ok(Box::new(move |w, incident, actor| cases::respond(w, incident, actor, &need, &prepared).map(drop)))
    }
}
