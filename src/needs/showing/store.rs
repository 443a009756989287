//! Rows that a need is shown with, besides its events.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::db::Read;
use crate::db::schema::{need_lines, need_texts, needs, organisations, standing, submissions};
use crate::error::Result;

/// What the rows of a root say.
#[derive(Queryable)]
pub struct Row {
    /// Version of the root.
    pub version: i64,
    /// Version of its details.
    pub details_version: i64,
    /// Reference of its submission.
    pub submission: String,
    /// The organisation that submitted it.
    pub organisation: Option<i64>,
    /// What an operator wrote as its summary.
    pub summary: Option<String>,
}

/// The rows of a root.
pub fn row(r: &mut Read<'_>, root: i64) -> Result<Row> {
    Ok(needs::table
        .inner_join(standing::table.on(standing::need.eq(needs::id)))
        .inner_join(submissions::table.on(submissions::id.eq(needs::submission)))
        .left_join(need_texts::table.on(need_texts::need.eq(needs::id)))
        .filter(needs::id.eq(root))
        .select((standing::version, needs::version, submissions::reference, needs::organisation, need_texts::summary.nullable()))
        .get_result(r.conn())?)
}

/// The words of a line.
#[derive(Queryable)]
pub struct LineRow {
    /// Its number.
    pub n: i64,
    /// What; none once it was erased.
    pub item: Option<String>,
    pub unit: String,
    pub approximate: bool,
    pub needed_by: Option<i64>,
    pub runs_out_at: Option<i64>,
    pub window_from: Option<String>,
    pub window_to: Option<String>,
    /// JSON.
    pub medicine: Option<String>,
    pub payer: String,
    pub version: i64,
}

/// The words of a need's lines, in their order.
pub fn lines(r: &mut Read<'_>, need: i64) -> Result<Vec<LineRow>> {
    let columns = (
        need_lines::n,
        need_lines::item,
        need_lines::unit,
        need_lines::approximate,
        need_lines::needed_by,
        need_lines::runs_out_at,
        need_lines::window_from,
        need_lines::window_to,
        need_lines::medicine,
        need_lines::payer,
        need_lines::version,
    );
    Ok(need_lines::table.filter(need_lines::need.eq(need)).order(need_lines::n).select(columns).load(r.conn())?)
}

/// Names of organisations by row.
pub fn organisation_names(r: &mut Read<'_>, rows: Vec<i64>) -> Result<BTreeMap<i64, String>> {
    let query = organisations::table.filter(organisations::id.eq_any(rows));
    let names: Vec<(i64, String)> = query.select((organisations::id, organisations::name)).load(r.conn())?;
    Ok(names.into_iter().collect())
}
