//! Submissions, and what is done to a need as a whole.

use super::super::plan::{Contact, LinePlan, Named, NeedNo, NeedPlan};
use super::book::Book;
use super::{Making, Move};
use crate::clock::day_text;
use crate::error::Result;
use crate::ids;
use crate::ledger::model::Source;
use crate::needs::contacts::NewContact;
use crate::needs::lines::model::{NewLine, Recurrence};
use crate::needs::people::NewPerson;
use crate::needs::submitting::model::{NewPart, NewPeople, NewSubmission};
use crate::needs::submitting::{rules, service};

impl Making<'_> {
    /// A submission with its needs.
    pub fn submit(mut self, book: &mut Book, first: NeedNo, needs: &[NeedPlan], contacts: &[Contact], source: Source) -> Result<Move> {
        let staff = rules::is_staff(self.actor);
        let new = NewSubmission {
            contacts: contacts.iter().map(contact).collect(),
            needs: needs.iter().map(part).collect(),
            source: staff.then_some(source),
            occurred_at: self.step.occurred.map(|at| at.to_rfc3339(chrono_tz::UTC)),
            late_reason: self.step.late.map(str::to_owned),
            device_at: None,
        };
        let submission = rules::read(new, false, self.actor, self.step.at)?;
        let secret = (!staff).then(ids::secret);
        let prepared = service::prepare(self.keys, self.actor, submission, &mut self.draw, secret);
        for (i, (reference, people)) in prepared.references().enumerate() {
            book.needs.add(first + i, reference.clone());
            for (person, reference) in needs[i].named.iter().zip(people) {
                book.people.add((first + i, person.clone()), reference.clone());
            }
        }
        Ok(Box::new(move |w, incident, _| service::submit(w, incident, staff, &prepared).map(drop)))
    }
}

fn contact(contact: &Contact) -> NewContact {
    let Contact { role, name, phone, flags } = contact.clone();
    NewContact { role, name, phone, flags }
}

fn part(need: &NeedPlan) -> NewPart {
    let line = |line: &LinePlan| NewLine {
        item: line.item.to_owned(),
        quantity: line.quantity,
        unit: line.unit.to_owned(),
        approximate: false,
        needed_by: None,
        runs_out_at: None,
        window: None,
        recurrence: line.days.map(|(first, last)| Recurrence { first_day: day_text(first), last_day: day_text(last) }),
        medicine: None,
        payer: None,
    };
    NewPart {
        category: need.category,
        region: need.region.clone(),
        lines: need.lines.iter().map(line).collect(),
        people: NewPeople { count: need.people, named: need.named.iter().map(person).collect(), groups: need.groups.clone() },
        urgency: need.urgency,
        description: need.description.clone(),
        address: need.address.clone(),
    }
}

/// A person as it is sent in.
pub fn person(named: &Named) -> NewPerson {
    NewPerson { name: named.name.clone(), phone: named.phone.clone() }
}
