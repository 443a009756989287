//! Until their services are there, some commands go to the ledger directly.

use super::super::plan::Command;
use super::book::Book;
use super::{Making, Move};
use crate::error::{Error, Result};
use crate::ledger::{self, Draft, Kind};
use crate::needs::acting::service as acting;
use crate::needs::scope::store as scope;
use crate::needs::submitting::service::place;

impl Making<'_> {
    /// A command on one need.
    pub fn direct(self, book: &Book) -> Result<Move> {
        let asked = self.step.command.clone();
        let need = match &asked {
            Command::Reject { need }
            | Command::Assess { need, .. }
            | Command::ChangeLine { need, .. }
            | Command::CloseShort { need, .. }
            | Command::CorrectContacts { need, .. }
            | Command::CorrectCategory { need, .. }
            | Command::CorrectRegion { need, .. }
            | Command::Answer { need, .. }
            | Command::Close { need }
            | Command::Cancel { need, .. }
            | Command::Reopen { need }
            | Command::Summarise { need, .. } => book.needs.find(need)?,
            _ => return Err(Error::internal("a command of a scenario has no service")),
        };
        let command = self.command(None);
        Ok(Box::new(move |w, incident, _| {
            let id = scope::need(w, incident.id, &need)?.id;
            let kind = match &asked {
                Command::Reject { .. } => Kind::Rejected {},
                Command::Assess { urgency, .. } => Kind::Assessed { urgency: *urgency },
                Command::ChangeLine { n, quantity, .. } => Kind::LineChanged { n: *n, wanted: *quantity },
                Command::CloseShort { n, .. } => Kind::LineClosedShort { n: *n },
                Command::CorrectContacts { contacts, .. } => Kind::ContactsCorrected { contacts: contacts.len() as i64 },
                Command::CorrectCategory { category, .. } => Kind::CategoryCorrected { category: *category },
                Command::CorrectRegion { region, .. } => {
                    Kind::PlaceCorrected { place: place(w, incident, Some(region))?.ok_or(Error::NotFound)? }
                }
                Command::Answer { .. } => Kind::Answered {},
                Command::Close { .. } => Kind::Closed {},
                Command::Cancel { .. } => Kind::Cancelled {},
                Command::Reopen { .. } => Kind::Reopened {},
                _ => Kind::Summarised {},
            };
            let locked = ledger::lock(w, incident.id, &[id])?;
            let at = acting::at(&locked, id, &command.told, false)?;
            let on = if matches!(kind, Kind::ContactsCorrected { .. }) { id } else { locked.root(id)?.id };
            acting::append(w, incident.id, locked, &command, vec![Draft::new(on, at, kind)]).map(drop)
        }))
    }
}
