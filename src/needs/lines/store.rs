//! The table `need_lines`: what lines ask for in words. Quantities are the ledger's.

use diesel::prelude::*;

use super::model::Line;
use crate::db::Write;
use crate::db::schema::need_lines;
use crate::error::{Error, Result};

/// Inserts a line's words.
pub fn insert(w: &mut Write<'_>, incident: i64, need: i64, n: i64, line: &Line) -> Result<()> {
    let medicine = line.medicine.as_ref().map(serde_json::to_string).transpose().map_err(|e| Error::internal(e.to_string()))?;
    let row = (
        need_lines::need.eq(need),
        need_lines::n.eq(n),
        need_lines::incident.eq(incident),
        need_lines::item.eq(&line.item),
        need_lines::unit.eq(line.unit),
        need_lines::approximate.eq(line.approximate),
        need_lines::needed_by.eq(line.needed_by.map(|t| t.0)),
        need_lines::runs_out_at.eq(line.runs_out_at.map(|t| t.0)),
        need_lines::window_from.eq(line.window.as_ref().map(|window| &window.from)),
        need_lines::window_to.eq(line.window.as_ref().map(|window| &window.to)),
        need_lines::medicine.eq(medicine),
        need_lines::payer.eq(line.payer.as_str()),
        need_lines::version.eq(1),
    );
    diesel::insert_into(need_lines::table).values(row).execute(w.conn())?;
    Ok(())
}
