//! Rows of regions. A code may stand in several editions; the newest is the one that is read.

use diesel::prelude::*;

use super::model::Region;
use super::rules::district_of;
use crate::clock::Time;
use crate::db::Read;
use crate::db::schema::regions;
use crate::error::Result;

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
    fn parse(self) -> Result<Region> {
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
    let row = regions::table.filter(regions::code.eq(code)).order(regions::edition.desc()).limit(1).get_result::<Row>(r.conn()).optional()?;
    row.map(Row::parse).transpose()
}

/// The path of a code in its newest edition.
pub fn path(r: &mut Read<'_>, code: &str) -> Result<Option<String>> {
    let newest = regions::table.filter(regions::code.eq(code)).order(regions::edition.desc()).limit(1);
    Ok(newest.select(regions::path).get_result(r.conn()).optional()?)
}
