//! Who is named in needs.

use diesel::prelude::*;

use crate::db::Read;
use crate::db::schema::{need_people, persons};
use crate::error::Result;

/// References of everybody who is named in any of the needs.
pub fn named_in(r: &mut Read<'_>, incident: i64, needs: &[i64]) -> Result<Vec<String>> {
    let named = need_people::table.filter(need_people::incident.eq(incident)).filter(need_people::need.eq_any(needs.to_vec()));
    let rows: Vec<i64> = named.select(need_people::person).load(r.conn())?;
    let them = persons::table.filter(persons::id.eq_any(rows));
    Ok(them.select(persons::reference).load(r.conn())?)
}
