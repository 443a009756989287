//! What the desk decides across needs and bodies: merging and parting, taking back, referring.

use super::super::plan::{Named, NeedNo};
use super::book::Book;
use super::{Making, Move};
use crate::clock::Time;
use crate::error::Result;
use crate::ids::Reference;
use crate::ledger::texts::Words;
use crate::merging::model::{Merge, PreparedMerge};
use crate::merging::service as merging;
use crate::needs::acting::Command;
use crate::referrals::model::{Acceptance, Referral};
use crate::referrals::service as referrals;
use crate::voiding;

impl Making<'_> {
    /// Two needs are one; pairs of people by name.
    pub fn merge(self, book: &Book, from: NeedNo, into: NeedNo, same_people: &[(Named, Named)]) -> Result<Move> {
        let need = book.needs.find(&from)?;
        let pair = |(a, b): &(Named, Named)| Ok((book.people.find(&(into, a.clone()))?, book.people.find(&(from, b.clone()))?));
        let merge = Merge { into: book.needs.find(&into)?, same: same_people.iter().map(pair).collect::<Result<_>>()?, note: None };
        let prepared = PreparedMerge::new(merge, self.command(None));
        Ok(Box::new(move |w, incident, actor| merging::merge(w, incident, actor, &need, &prepared).map(drop)))
    }

    /// They are not.
    pub fn part(self, need: Reference) -> Result<Move> {
        let command = self.command(None);
        Ok(Box::new(move |w, incident, actor| merging::part(w, incident, actor, &need, &command).map(drop)))
    }

    /// An event is taken back.
    pub fn void(self, event: Reference, reason: &str) -> Result<Move> {
        let command = self.command(Some((Words::Reason, reason)));
        Ok(Box::new(move |w, incident, actor| voiding::service::void(w, incident, actor, &event, false, &command).map(drop)))
    }

    /// A need is handed to the body that decides.
    pub fn refer(mut self, need: Reference, body: &str, due_at: Time) -> Result<Move> {
        let referral = Referral { body: body.to_owned(), due_at, note: None, told: self.told() };
        let prepared = referrals::prepare(self.keys, self.actor, referral, &mut self.draw);
        Ok(Box::new(move |w, incident, actor| referrals::refer(w, incident, actor, &need, &prepared).map(drop)))
    }

    /// That body accepts.
    pub fn accept(mut self, need: Reference, n: i64, accepted_by: &str, receipt: &str) -> Result<Move> {
        let (accepted_by, receipt) = (accepted_by.to_owned(), Some(receipt.to_owned()));
        let acceptance = Acceptance { accepted_by, receipt, note: None, told: self.told() };
        let command = referrals::prepare_acceptance(self.keys, self.actor, acceptance, &mut self.draw);
        Ok(Box::new(move |w, incident, actor| referrals::accept(w, incident, actor, &need, n, &command).map(drop)))
    }

    /// A command that needs no more than its time and words.
    pub fn command(mut self, words: Option<(Words, &str)>) -> Command {
        let command = Command::new(self.keys, self.actor, self.told(), &mut self.draw);
        match words {
            Some((kind, words)) => command.with(self.keys, kind, Some(words)),
            None => command,
        }
    }
}
