//! The table `published_breakdowns`.

use diesel::prelude::*;

use super::model::{Breakdown, Dimension};
use crate::clock::Time;
use crate::db::schema::published_breakdowns as breakdowns;
use crate::db::{Portable, Read, Write};
use crate::error::{Error, Result};

type Stored = (i64, i64, bool, String);

fn breakdown((cut_off, known_at, published, payload): Stored) -> Result<Breakdown> {
    let rows = serde_json::from_str(&payload).map_err(|e| Error::internal(format!("a breakdown can't be read: {e}")))?;
    Ok(Breakdown { cut_off: Time(cut_off), known_at: Time(known_at), published, rows })
}

/// The newest that was published as of an instant.
pub fn latest(r: &mut Read<'_>, incident: i64, dimension: Dimension, at: Time) -> Result<Option<Breakdown>> {
    let found: Option<Stored> = breakdowns::table
        .filter(breakdowns::incident.eq(incident))
        .filter(breakdowns::dimension.eq(dimension.as_str()))
        .filter(breakdowns::cut_off.le(at.0))
        .filter(breakdowns::published.eq(true))
        .order(breakdowns::cut_off.desc())
        .select((breakdowns::cut_off, breakdowns::known_at, breakdowns::published, breakdowns::payload))
        .first(r.conn())
        .optional()?;
    found.map(breakdown).transpose()
}

/// All that were published, in the order of time.
pub fn published(r: &mut Read<'_>, incident: i64, dimension: Dimension) -> Result<Vec<Breakdown>> {
    let found: Vec<Stored> = breakdowns::table
        .filter(breakdowns::incident.eq(incident))
        .filter(breakdowns::dimension.eq(dimension.as_str()))
        .filter(breakdowns::published.eq(true))
        .order(breakdowns::cut_off)
        .select((breakdowns::cut_off, breakdowns::known_at, breakdowns::published, breakdowns::payload))
        .load(r.conn())?;
    found.into_iter().map(breakdown).collect()
}

/// The last cut-off that was decided on, published or not.
pub fn decided_until(r: &mut Read<'_>, incident: i64, dimension: Dimension) -> Result<Option<Time>> {
    let found: Option<i64> = breakdowns::table
        .filter(breakdowns::incident.eq(incident))
        .filter(breakdowns::dimension.eq(dimension.as_str()))
        .order(breakdowns::cut_off.desc())
        .select(breakdowns::cut_off)
        .first(r.conn())
        .optional()?;
    Ok(found.map(Time))
}

/// Keeps a decision; one that was taken before stands.
pub fn keep(w: &mut Write<'_>, incident: i64, dimension: Dimension, decided: &Breakdown) -> Result<()> {
    let payload = serde_json::to_string(&decided.rows).map_err(|e| Error::internal(e.to_string()))?;
    let row = (
        breakdowns::incident.eq(incident),
        breakdowns::dimension.eq(dimension.as_str()),
        breakdowns::cut_off.eq(decided.cut_off.0),
        breakdowns::published.eq(decided.published),
        breakdowns::known_at.eq(decided.known_at.0),
        breakdowns::payload.eq(payload),
    );
    Portable(diesel::insert_into(breakdowns::table).values(row).on_conflict_do_nothing()).execute(w.conn())?;
    Ok(())
}
