//! The tables `keys` and `meta` (the fingerprint).

use diesel::prelude::*;

use crate::db::schema::{keys, meta};
use crate::db::{Portable, Read, Write};
use crate::error::{Error, Result};

const FINGERPRINT: &str = "key_fingerprint";

/// The fingerprint of the key this database was first started with.
pub(super) fn fingerprint(r: &mut Read<'_>) -> Result<Option<String>> {
    Ok(meta::table.find(FINGERPRINT).select(meta::value).get_result(r.conn()).optional()?)
}

/// Stores the fingerprint; false where one stands already.
pub(super) fn set_fingerprint(w: &mut Write<'_>, value: &str) -> Result<bool> {
    let row = (meta::name.eq(FINGERPRINT), meta::value.eq(value));
    let insert = diesel::insert_into(meta::table).values(row).on_conflict(meta::name).do_nothing();
    Ok(Portable(insert).execute(w.conn())? == 1)
}

/// Stores a wrapped pair.
pub(super) fn add(w: &mut Write<'_>, incident: Option<i64>, [data, index]: [Vec<u8>; 2]) -> Result<usize> {
    let now = w.now().0;
    let row = (keys::incident.eq(incident), keys::wrapped_data.eq(data), keys::wrapped_index.eq(index), keys::created_at.eq(now));
    Ok(diesel::insert_into(keys::table).values(row).execute(w.conn())?)
}

/// A wrapped pair with its id.
pub(super) fn wrapped(r: &mut Read<'_>, incident: Option<i64>) -> Result<(i64, Vec<u8>, Vec<u8>)> {
    let columns = (keys::id, keys::wrapped_data, keys::wrapped_index);
    type Row = (i64, Option<Vec<u8>>, Option<Vec<u8>>);
    let row: Option<Row> = match incident {
        Some(incident) => keys::table.filter(keys::incident.eq(incident)).select(columns).get_result(r.conn()).optional()?,
        None => keys::table.filter(keys::incident.is_null()).order(keys::id).select(columns).first(r.conn()).optional()?,
    };
    match row {
        Some((id, Some(data), Some(index))) => Ok((id, data, index)),
        _ => Err(Error::NotFound),
    }
}

/// Deletes the keys of an incident, keeping the row as a record that they were destroyed.
pub(super) fn destroy(w: &mut Write<'_>, incident: i64) -> Result<()> {
    let now = w.now().0;
    let gone = (keys::wrapped_data.eq(None::<Vec<u8>>), keys::wrapped_index.eq(None::<Vec<u8>>), keys::destroyed_at.eq(now));
    diesel::update(keys::table.filter(keys::incident.eq(incident))).set(gone).execute(w.conn())?;
    Ok(())
}
