//! The table `event_texts`.

use diesel::prelude::*;

use super::{SealedWords, Words};
use crate::db::schema::{event_texts, events};
use crate::db::{Read, Write};
use crate::error::Result;
use crate::ledger::append::Appended;

/// Inserts words beside an event.
pub fn insert(w: &mut Write<'_>, incident: i64, event: &Appended, words: &SealedWords) -> Result<()> {
    let row = (
        event_texts::event.eq(event.id),
        event_texts::incident.eq(incident),
        event_texts::need.eq(event.need),
        event_texts::kind.eq(words.kind.as_str()),
        event_texts::text_sealed.eq(&words.sealed),
    );
    diesel::insert_into(event_texts::table).values(row).execute(w.conn())?;
    Ok(())
}

/// Words as they stand beside an event.
pub struct Stored {
    /// Reference of the event.
    pub event: String,
    /// Reference of its act, which they are sealed for.
    pub act: String,
    /// The words.
    pub words: SealedWords,
}

/// The words beside events of needs, in the order they were kept.
pub fn of_needs(r: &mut Read<'_>, needs: &[i64]) -> Result<Vec<Stored>> {
    let rows: Vec<(String, String, String, Vec<u8>)> = event_texts::table
        .inner_join(events::table.on(events::id.eq(event_texts::event)))
        .filter(event_texts::need.eq_any(needs.iter().map(|need| Some(*need)).collect::<Vec<_>>()))
        .order((event_texts::event, event_texts::kind))
        .select((events::reference, events::act, event_texts::kind, event_texts::text_sealed))
        .load(r.conn())?;
    let stored = |(event, act, kind, sealed): (String, String, String, Vec<u8>)| {
        Ok(Stored { event, act, words: SealedWords { kind: kind.parse::<Words>()?, sealed } })
    };
    rows.into_iter().map(stored).collect()
}

/// Deletes the words beside a need's events.
pub fn erase(w: &mut Write<'_>, need: i64) -> Result<()> {
    diesel::delete(event_texts::table.filter(event_texts::need.eq(need))).execute(w.conn())?;
    Ok(())
}
