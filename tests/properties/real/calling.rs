//! Calls, visits and cases, through their services.

use heli::calls::{rules as call_rules, service as calls};
use heli::cases::model::End;
use heli::cases::{rules as case_rules, service as cases};
use heli::db::Lane;
use heli::ids::Draw;

use super::{Real, Said, bodies, code, read};
use crate::command::{Act, Command};
use crate::vocabulary::*;

impl Real<'_> {
    pub(super) fn on_calls(&self, command: &Command) -> Said<()> {
        match &command.act {
            Act::Call { about, .. } => {
                let references = about.iter().map(|(need, ..)| self.reference(*need)).collect::<Vec<_>>();
                let call = call_rules::read_call(read(bodies::call(command, &references))?).map_err(code)?;
                let prepared = calls::prepare_call(&self.keys, &self.staff, call, &mut Draw::random());
                self.write(move |w, incident, staff| calls::log(w, incident, staff, &prepared)).map(drop)
            }
            Act::Visit { need, .. } => {
                let need = self.reference(*need);
                let visit = call_rules::read_visit(read(bodies::visit(command))?).map_err(code)?;
                let prepared = calls::prepare_visit(&self.keys, &self.staff, visit, &mut Draw::random());
                self.write(move |w, incident, staff| calls::visit(w, incident, staff, &need, &prepared)).map(drop)
            }
            other => unreachable!("{other:?} is no call"),
        }
    }

    pub(super) fn on_cases(&mut self, command: &Command) -> Said<()> {
        let turn = || {
            let turn = case_rules::read_turn(read(bodies::turn(command))?).map_err(code)?;
            Ok::<_, String>(cases::prepare_turn(&self.keys, &self.staff, turn, &mut Draw::random()))
        };
        match &command.act {
            Act::OpenCase { need } => {
                let (need, turn) = (self.reference(*need), turn()?);
                self.write(move |w, incident, staff| cases::open(w, incident, staff, &need, &turn)).map(drop)
            }
            Act::EndCase { need, how } => {
                let (need, turn) = (self.reference(*need), turn()?);
                let end = End::parse(how.word()).expect("a case ends so");
                self.write(move |w, incident, staff| cases::end(w, incident, staff, &need, end, &turn)).map(drop)
            }
            Act::Respond { need, .. } => self.respond(*need, command),
            other => unreachable!("{other:?} is nothing of a case"),
        }
    }

    fn respond(&mut self, need: NeedId, command: &Command) -> Said<()> {
        let need = self.reference(need);
        let response = case_rules::read_response(read(bodies::response(command, &self.persons))?).map_err(code)?;
        let (incident, staff, asked) = (self.incident.id, self.staff.clone(), need.clone());
        let root = self.node.db.read_blocking(Lane::Fast, move |r| cases::root(r, incident, &staff, &asked)).map_err(code)?;
        let prepared = cases::prepare_response(&self.keys, &self.staff, &root, response, &mut Draw::random());
        let done = self.write(move |w, incident, staff| cases::respond(w, incident, staff, &need, &prepared))?;
        let root = self.needs.iter().find(|(_, reference)| reference.as_str() == done.need).expect("a need of this incident").0;
        self.learn_people(vec![root]);
        Ok(())
    }
}
