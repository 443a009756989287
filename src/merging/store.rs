//! What merging compares: the items of lines, and the people who are named.

use diesel::prelude::*;

use crate::db::Read;
use crate::db::schema::{need_lines, need_people, needs, persons};
use crate::error::Result;

/// An item of a line: need, number, item (none once erased), unit.
pub type Item = (i64, i64, Option<String>, String);

/// The items of the lines of needs.
pub fn items(r: &mut Read<'_>, of: &[i64]) -> Result<Vec<Item>> {
    let lines = need_lines::table.filter(need_lines::need.eq_any(of.to_vec()));
    Ok(lines.select((need_lines::need, need_lines::n, need_lines::item, need_lines::unit)).load(r.conn())?)
}

/// Somebody who is named in a need: the need's reference, the person's, and the name as it is sealed.
pub type Named = (String, String, Option<Vec<u8>>);

/// Everybody who is named in needs.
pub fn named(r: &mut Read<'_>, of: &[i64]) -> Result<Vec<Named>> {
    let rows: Vec<(i64, i64, Option<Vec<u8>>)> = need_people::table
        .filter(need_people::need.eq_any(of.to_vec()))
        .select((need_people::need, need_people::person, need_people::name_sealed))
        .load(r.conn())?;
    let of_persons = persons::table.filter(persons::id.eq_any(rows.iter().map(|row| row.1).collect::<Vec<_>>()));
    let of_persons: Vec<(i64, String)> = of_persons.select((persons::id, persons::reference)).load(r.conn())?;
    let of_needs = needs::table.filter(needs::id.eq_any(of.to_vec()));
    let of_needs: Vec<(i64, String)> = of_needs.select((needs::id, needs::reference)).load(r.conn())?;
    let of = |all: &[(i64, String)], id: i64| all.iter().find(|(other, _)| *other == id).map(|(_, text)| text.clone()).unwrap_or_default();
    Ok(rows.into_iter().map(|(need, person, name)| (of(&of_needs, need), of(&of_persons, person), name)).collect())
}
