//! Rows of regions. A code may stand in several editions; the newest is the one that is read.

use diesel::prelude::*;

use super::model::{Group, Region};
use super::rules::{district_of, subtree};
use crate::clock::Time;
use crate::db::schema::{region_group_members, region_groups, regions};
use crate::db::{Portable, Read, Write};
use crate::error::{Error, Result};

#[derive(Queryable)]
struct Row {
    _id: i64,
    code: String,
    edition: i64,
    name: String,
    level: String,
    parent: Option<String>,
    path: String,
    full_name: String,
    _search_name: String,
    valid_from: Option<i64>,
    valid_to: Option<i64>,
    successor: Option<String>,
}

impl Row {
    fn region(self) -> Result<Region> {
        Ok(Region {
            level: self.level.parse()?,
            district: district_of(&self.path).map(str::to_owned),
            code: self.code,
            edition: self.edition,
            name: self.name,
            parent: self.parent,
            path: self.path,
            full_name: self.full_name,
            valid_from: self.valid_from.map(Time),
            valid_to: self.valid_to.map(Time),
            successor: self.successor,
        })
    }
}

/// The region of a code in its newest edition. Whether it is in force is `Region::valid_at`.
pub fn by_code(r: &mut Read<'_>, code: &str) -> Result<Option<Region>> {
    let newest = regions::table.filter(regions::code.eq(code)).order(regions::edition.desc()).limit(1);
    newest.get_result::<Row>(r.conn()).optional()?.map(Row::region).transpose()
}

/// The path of a code in its newest edition.
pub fn path(r: &mut Read<'_>, code: &str) -> Result<Option<String>> {
    let newest = regions::table.filter(regions::code.eq(code)).order(regions::edition.desc()).limit(1);
    Ok(newest.select(regions::path).get_result(r.conn()).optional()?)
}

/// The regions whose sum an area is: those right below its cities, in the order of their codes; the area alone where it is one of them or
/// smaller.
pub fn districts(r: &mut Read<'_>, area: &str) -> Result<Vec<Region>> {
    let Some(area) = by_code(r, area)? else { return Ok(Vec::new()) };
    if area.district.is_some() {
        return Ok(vec![area]);
    }
    let (from, to) = subtree(&area.path);
    let cities = diesel::alias!(regions as cities);
    let city_codes = cities.filter(cities.field(regions::level).eq("city")).select(cities.field(regions::code).nullable());
    let below = regions::table.filter(regions::path.ge(from)).filter(regions::path.lt(to)).filter(regions::parent.eq_any(city_codes));
    let rows: Vec<Row> = below.order((regions::code, regions::edition)).load(r.conn())?;
    let mut newest: Vec<Region> = Vec::new();
    for row in rows {
        newest.pop_if(|older| older.code == row.code);
        newest.push(row.region()?);
    }
    Ok(newest)
}

/// All groups that lie across the tree, by name.
pub fn groups(r: &mut Read<'_>) -> Result<Vec<Group>> {
    let names: Vec<String> = region_groups::table.order(region_groups::name).select(region_groups::name).load(r.conn())?;
    names.iter().map(|name| group(r, name)).collect()
}

/// A group with its members, in the order of their codes; `NotFound` where there is none.
pub fn group(r: &mut Read<'_>, name: &str) -> Result<Group> {
    let found = region_groups::table.filter(region_groups::name.eq(name)).select(region_groups::id);
    let id: i64 = found.get_result(r.conn()).optional()?.ok_or(Error::NotFound)?;
    let members = region_group_members::table.filter(region_group_members::region_group.eq(id)).order(region_group_members::code);
    Ok(Group { name: name.to_owned(), codes: members.select(region_group_members::code).load(r.conn())? })
}

/// Makes a group where there is none of the name, and gives it its members.
pub fn set_group(w: &mut Write<'_>, name: &str, codes: &[String]) -> Result<()> {
    let made = diesel::insert_into(region_groups::table).values(region_groups::name.eq(name)).on_conflict_do_nothing();
    Portable(made).execute(w.conn())?;
    let id: i64 = region_groups::table.filter(region_groups::name.eq(name)).select(region_groups::id).get_result(w.conn())?;
    diesel::delete(region_group_members::table.filter(region_group_members::region_group.eq(id))).execute(w.conn())?;
    for code in codes {
        let row = (region_group_members::region_group.eq(id), region_group_members::code.eq(code));
        Portable(diesel::insert_into(region_group_members::table).values(row).on_conflict_do_nothing()).execute(w.conn())?;
    }
    Ok(())
}
