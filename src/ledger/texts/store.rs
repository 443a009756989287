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

/// The words beside events of needs, as (event, act, words).
pub fn of_needs(r: &mut Read<'_>, needs: &[i64]) -> Result<Vec<(i64, String, SealedWords)>> {
    let rows: Vec<(i64, String, String, Vec<u8>)> = event_texts::table
        .inner_join(events::table.on(events::id.eq(event_texts::event)))
        .filter(event_texts::need.eq_any(needs.iter().map(|need| Some(*need)).collect::<Vec<_>>()))
        .order((event_texts::event, event_texts::kind))
        .select((event_texts::event, events::act, event_texts::kind, event_texts::text_sealed))
        .load(r.conn())?;
    rows.into_iter().map(|(event, act, kind, sealed)| Ok((event, act, SealedWords { kind: kind.parse::<Words>()?, sealed }))).collect()
}

/// Deletes the words beside a need's events.
pub fn erase(w: &mut Write<'_>, need: i64) -> Result<()> {
    diesel::delete(event_texts::table.filter(event_texts::need.eq(need))).execute(w.conn())?;
    Ok(())
}
