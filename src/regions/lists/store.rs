//! Rows of one edition.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::clock::Time;
use crate::db::schema::{meta, regions};
use crate::db::{Portable, Read, Write};
use crate::error::Result;
use crate::on_each;
use crate::regions::model::{Entry, Placed};

#[derive(Queryable)]
struct Row {
    _id: i64,
    code: String,
    _edition: i64,
    name: String,
    level: String,
    parent: Option<String>,
    path: String,
    full_name: String,
    search_name: String,
    valid_from: Option<i64>,
    valid_to: Option<i64>,
    successor: Option<String>,
}

impl Row {
    fn placed(self) -> Result<Placed> {
        Ok(Placed {
            level: self.level.parse()?,
            code: self.code,
            path: self.path,
            full_name: self.full_name,
            search_name: self.search_name,
            entry: Entry {
                name: self.name,
                parent: self.parent,
                valid_from: self.valid_from.map(Time),
                valid_to: self.valid_to.map(Time),
                successor: self.successor,
            },
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = regions, treat_none_as_default_value = false)]
struct NewRow<'a> {
    code: &'a str,
    edition: i64,
    name: &'a str,
    level: &'static str,
    parent: Option<&'a str>,
    path: &'a str,
    full_name: &'a str,
    search_name: &'a str,
    valid_from: Option<i64>,
    valid_to: Option<i64>,
    successor: Option<&'a str>,
}

impl<'a> NewRow<'a> {
    fn of(edition: i64, region: &'a Placed) -> Self {
        NewRow {
            code: &region.code,
            edition,
            name: &region.entry.name,
            level: region.level.as_str(),
            parent: region.entry.parent.as_deref(),
            path: &region.path,
            full_name: &region.full_name,
            search_name: &region.search_name,
            valid_from: region.entry.valid_from.map(|at| at.0),
            valid_to: region.entry.valid_to.map(|at| at.0),
            successor: region.entry.successor.as_deref(),
        }
    }
}

/// Whether any region is known.
pub fn any(r: &mut Read<'_>) -> Result<bool> {
    Ok(regions::table.select(regions::id).limit(1).get_result::<i64>(r.conn()).optional()?.is_some())
}

/// All of an edition.
pub fn edition(r: &mut Read<'_>, edition: i64) -> Result<HashMap<String, Placed>> {
    let rows: Vec<Row> = regions::table.filter(regions::edition.eq(edition)).load(r.conn())?;
    rows.into_iter().map(|row| row.placed().map(|placed| (placed.code.clone(), placed))).collect()
}

/// Adds regions to an edition, or changes what stands there under their codes.
pub fn put(w: &mut Write<'_>, edition: i64, placed: &[Placed]) -> Result<()> {
    let rows: Vec<NewRow<'_>> = placed.iter().map(|region| NewRow::of(edition, region)).collect();
    on_each!(w.conn(), conn => {
        diesel::insert_into(regions::table)
            .values(&rows)
            .on_conflict((regions::code, regions::edition))
            .do_update()
            .set((
                regions::name.eq(excluded(regions::name)),
                regions::level.eq(excluded(regions::level)),
                regions::parent.eq(excluded(regions::parent)),
                regions::path.eq(excluded(regions::path)),
                regions::full_name.eq(excluded(regions::full_name)),
                regions::search_name.eq(excluded(regions::search_name)),
                regions::valid_from.eq(excluded(regions::valid_from)),
                regions::valid_to.eq(excluded(regions::valid_to)),
                regions::successor.eq(excluded(regions::successor)),
            ))
            .execute(conn)?
    });
    Ok(())
}

const IMPORTING: &str = "regions_importing";

/// Whether an import of the shipped list was begun and not finished.
pub fn importing(r: &mut Read<'_>) -> Result<bool> {
    Ok(meta::table.find(IMPORTING).select(meta::name).get_result::<String>(r.conn()).optional()?.is_some())
}

/// Notes that the import of the shipped list begins, or that it is finished.
pub fn set_importing(w: &mut Write<'_>, on: bool) -> Result<()> {
    if on {
        let mark = diesel::insert_into(meta::table).values((meta::name.eq(IMPORTING), meta::value.eq(""))).on_conflict_do_nothing();
        Portable(mark).execute(w.conn())?;
    } else {
        diesel::delete(meta::table.find(IMPORTING)).execute(w.conn())?;
    }
    Ok(())
}

/// Takes a region out of the table, as an import that was broken off before it would have left it.
#[cfg(test)]
pub fn remove(w: &mut Write<'_>, code: &str) -> Result<()> {
    diesel::delete(regions::table.filter(regions::code.eq(code))).execute(w.conn())?;
    Ok(())
}
