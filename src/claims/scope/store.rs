//! What decides whether a claim is found, from its row.

use diesel::prelude::*;

use crate::db::Read;
use crate::db::schema::{claims, needs};
use crate::error::Result;
use crate::ids::Reference;

/// A claim, as scopes look at it.
pub struct Row {
    /// The need it was made on.
    pub need: i64,
    /// That need's reference.
    pub need_reference: String,
    /// The organisation that claimed.
    pub organisation: i64,
}

/// The claim of a reference.
pub fn claim(r: &mut Read<'_>, incident: i64, reference: &Reference) -> Result<Option<Row>> {
    let row: Option<(i64, String, i64)> = claims::table
        .inner_join(needs::table.on(needs::id.eq(claims::need)))
        .filter(claims::incident.eq(incident))
        .filter(claims::reference.eq(reference.as_str()))
        .select((claims::need, needs::reference, claims::organisation))
        .get_result(r.conn())
        .optional()?;
    Ok(row.map(|(need, need_reference, organisation)| Row { need, need_reference, organisation }))
}
