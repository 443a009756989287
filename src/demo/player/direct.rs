//! Until their services are there, some commands go to the ledger directly.

use super::super::plan::Command;
use super::super::store as found;
use super::book::Book;
use super::{Making, Move};
use crate::error::{Error, Result};
use crate::ids::Reference;
use crate::ledger::{self, Draft, Kind};
use crate::needs::acting::{Command as Acting, service as acting};
use crate::needs::scope::store as scope;

impl Making<'_> {
    pub fn direct(mut self, book: &mut Book) -> Result<Move> {
        let acting = Acting::new(self.keys, self.actor, self.told(), &mut self.draw);
        let command = self.step.command.clone();
        let on = |need: usize| book.needs.find(&need);
        let (need, claim) = match &command {
            Command::Reject { need }
            | Command::Assess { need, .. }
            | Command::ChangeLine { need, .. }
            | Command::CloseShort { need, .. }
            | Command::CorrectContacts { need, .. }
            | Command::CorrectCategory { need, .. }
            | Command::CorrectRegion { need, .. }
            | Command::Answer { need, .. }
            | Command::Refer { need, .. }
            | Command::AcceptReferral { need, .. }
            | Command::Close { need }
            | Command::Cancel { need, .. }
            | Command::Reopen { need }
            | Command::Unmerge { need }
            | Command::Summarise { need, .. } => (Some(on(*need)?), None),
            Command::Merge { from, .. } => (Some(on(*from)?), None),
            Command::Void { label, .. } => (None, Some(book.events.find(label)?)),
            _ => return Err(Error::internal("no such")),
        };
        let into = match &command {
            Command::Merge { into, .. } => Some(book.needs.find(into)?),
            _ => None,
        };
        let same: Vec<(String, String)> = match &command {
            Command::Merge { from, into, same_people } => same_people
                .iter()
                .map(|(a, b)| Ok((book.people.find(&(*into, a.clone()))?.to_string(), book.people.find(&(*from, b.clone()))?.to_string())))
                .collect::<Result<_>>()?,
            _ => Vec::new(),
        };
        let label = claim.clone();
        Ok(Box::new(move |w, incident, _| {
            let id = match (&need, &label) {
                (Some(need), _) => scope::need(w, incident.id, need)?.id,
                (None, Some(reference)) => found::need_of(w, incident.id, reference.as_str())?,
                _ => return Err(Error::NotFound),
            };
            let mut ids = vec![id];
            if let Some(into) = &into {
                ids.push(scope::need(w, incident.id, into)?.id);
            }
            let locked = ledger::lock(w, incident.id, &ids)?;
            let at = acting::at(&locked, id, &acting.told, false)?;
            let root = locked.root(id)?;
            let mut on_need = root.id;
            let mut voids = None;
            let reference = |x: &Option<Reference>| x.as_ref().map(Reference::to_string).unwrap_or_default();
            let kind = match &command {
                Command::Reject { .. } => Kind::Rejected {},
                Command::Assess { urgency, .. } => Kind::Assessed { urgency: *urgency },
                Command::ChangeLine { n, quantity, .. } => Kind::LineChanged { n: *n, wanted: *quantity },
                Command::CloseShort { n, .. } => Kind::LineClosedShort { n: *n },
                Command::CorrectContacts { contacts, .. } => {
                    on_need = id;
                    Kind::ContactsCorrected { contacts: contacts.len() as i64 }
                }
                Command::CorrectCategory { category, .. } => Kind::CategoryCorrected { category: *category },
                Command::CorrectRegion { region, .. } => Kind::PlaceCorrected {
                    place: crate::needs::submitting::service::place(w, incident, Some(region))?.ok_or(Error::NotFound)?,
                },
                Command::Answer { .. } => Kind::Answered {},
                Command::Refer { n, due_at, .. } => Kind::Referred { n: *n, due_at: *due_at },
                Command::AcceptReferral { n, .. } => Kind::ReferralAccepted { n: *n },
                Command::Close { .. } => Kind::Closed {},
                Command::Cancel { .. } => Kind::Cancelled {},
                Command::Reopen { .. } => Kind::Reopened {},
                Command::Unmerge { .. } => {
                    on_need = id;
                    Kind::Unmerged {}
                }
                Command::Summarise { .. } => Kind::Summarised {},
                Command::Merge { .. } => {
                    on_need = id;
                    Kind::Merged { into: reference(&into), attach: Vec::new(), same: same.clone() }
                }
                Command::Void { .. } => {
                    let event = locked.events(id)?.iter().find(|e| e.reference == reference(&claim)).ok_or(Error::NotFound)?;
                    on_need = event.need;
                    voids = Some(event.id);
                    Kind::Voided { event: reference(&claim) }
                }
                _ => return Err(Error::internal("no such")),
            };
            let mut draft = Draft::new(on_need, at, kind);
            draft.voids = voids;
            acting::append(w, incident.id, locked, &acting, vec![draft]).map(drop)
        }))
    }
}
