//! Rows of regions. A code may stand in several editions; the newest is the one that is read.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::model::{Group, Region, Search};
use super::rules::{district_of, subtree};
use crate::clock::Time;
use crate::db::schema::{region_group_members, region_groups, regions};
use crate::db::{Multi, Portable, Read, Write};
use crate::error::{Error, Result};

diesel::alias!(const NEWEST: Alias<Newest> = regions as newest);

#[diesel::declare_sql_function]
extern "SQL" {
    /// The characters of a text.
    fn length(text: Text) -> diesel::sql_types::Integer;
}

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

/// The regions a search finds: by name before by a name above them, near before far, the whole name before its beginning before a part.
pub fn search(r: &mut Read<'_>, search: &Search) -> Result<Vec<Region>> {
    let Some(last) = search.words.last() else { return Ok(Vec::new()) };
    let mut found = in_force(search.at);
    for word in &search.words {
        let part = format!("%{}%", word.folded);
        let named = regions::search_name.like(part.clone()).or(regions::full_name.like(part));
        found = if word.digits { found.filter(named.or(regions::code.like(format!("{}%", word.folded)))) } else { found.filter(named) };
    }
    let (beginning, part) = (format!("{}%", last.folded), format!("%{}%", last.folded));
    let itself = regions::search_name.like(part).or(regions::code.like(beginning.clone()));
    let (from, to) = search.near.as_deref().map(subtree).unwrap_or_default();
    let near = regions::path.ge(from).and(regions::path.lt(to));
    let found = found
        .order(itself.desc())
        .then_order_by(near.desc())
        .then_order_by(regions::search_name.eq(last.folded.clone()).desc())
        .then_order_by(regions::search_name.like(beginning).desc())
        .then_order_by(length(regions::path))
        .then_order_by(regions::code)
        .limit(search.limit);
    found.load::<Row>(r.conn())?.into_iter().map(Row::region).collect()
}

/// What lies right below a region, in the order of the codes.
pub fn children(r: &mut Read<'_>, code: &str, after: Option<&str>, at: Time, limit: i64) -> Result<Vec<Region>> {
    let below = in_force(at).filter(regions::parent.eq(code)).filter(regions::code.gt(after.unwrap_or_default()));
    below.order(regions::code).limit(limit).load::<Row>(r.conn())?.into_iter().map(Row::region).collect()
}

/// Each code in the newest edition that has begun, where it is still in force.
fn in_force<'q>(at: Time) -> regions::BoxedQuery<'q, Multi> {
    let at = at.0;
    let begun = NEWEST.field(regions::valid_from).is_null().or(NEWEST.field(regions::valid_from).le(at));
    let later = NEWEST.filter(NEWEST.field(regions::code).eq(regions::code)).filter(NEWEST.field(regions::edition).gt(regions::edition));
    let newer = later.filter(begun).select(NEWEST.field(regions::id));
    let in_turn = regions::valid_from.is_null().or(regions::valid_from.le(at));
    let lasting = regions::valid_to.is_null().or(regions::valid_to.gt(at));
    regions::table.filter(in_turn).filter(lasting).filter(not(exists(newer))).into_boxed()
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
