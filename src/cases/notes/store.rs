//! The table `case_notes`.

use diesel::prelude::*;

use super::model::{Kept, PreparedNote};
use crate::clock::Time;
use crate::db::schema::{case_notes, needs, users};
use crate::db::{Multi, Read, Write};
use crate::error::Result;
use crate::ledger;

/// Keeps a note.
pub fn insert(w: &mut Write<'_>, incident: i64, need: i64, organisation: i64, author: Option<i64>, note: &PreparedNote) -> Result<()> {
    let row = (
        case_notes::incident.eq(incident),
        case_notes::need.eq(need),
        case_notes::reference.eq(note.reference.as_str()),
        case_notes::organisation.eq(organisation),
        case_notes::author.eq(author),
        case_notes::at.eq(w.now().0),
        case_notes::text_sealed.eq(&note.sealed),
    );
    diesel::insert_into(case_notes::table).values(row).execute(w.conn())?;
    Ok(())
}

/// A page of an organisation's notes on a root's group before one, the newest first.
pub fn page(r: &mut Read<'_>, root: i64, organisation: i64, before: Option<(Time, i64)>, limit: i64) -> Result<Vec<Kept>> {
    let group = ledger::store::members(r, root)?;
    let mut query = case_notes::table
        .inner_join(needs::table.on(needs::id.eq(case_notes::need)))
        .left_join(users::table.on(users::id.nullable().eq(case_notes::author)))
        .filter(case_notes::need.eq_any(group))
        .filter(case_notes::organisation.eq(organisation))
        .into_boxed::<Multi>();
    if let Some((at, id)) = before {
        query = query.filter(case_notes::at.lt(at.0).or(case_notes::at.eq(at.0).and(case_notes::id.lt(id))));
    }
    let columns =
        (case_notes::id, case_notes::reference, needs::reference, users::reference.nullable(), case_notes::at, case_notes::text_sealed);
    let rows: Vec<(i64, String, String, Option<String>, i64, Vec<u8>)> =
        query.order((case_notes::at.desc(), case_notes::id.desc())).limit(limit).select(columns).load(r.conn())?;
    let kept = rows.into_iter().map(|(id, reference, need, author, at, sealed)| Kept { id, reference, need, author, at: Time(at), sealed });
    Ok(kept.collect())
}

/// Deletes the notes on a need.
pub fn erase(w: &mut Write<'_>, need: i64) -> Result<()> {
    diesel::delete(case_notes::table.filter(case_notes::need.eq(need))).execute(w.conn())?;
    Ok(())
}
