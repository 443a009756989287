//! What decides whether a need is found, from its rows.

use diesel::prelude::*;

use super::rules::Facts;
use crate::db::Read;
use crate::db::schema::{claims, needs, standing};
use crate::error::{Error, Result};
use crate::ids::Reference;

/// A need with its root, as scopes look at it.
pub struct Row {
    /// Its row.
    pub id: i64,
    /// Its root's row.
    pub root: i64,
    /// Where it lies.
    pub region_path: String,
    /// Who submitted it.
    pub organisation: Option<i64>,
    open: bool,
    root_place: Option<(String, Option<i64>)>,
}

impl Row {
    /// What decides; without claims.
    pub fn facts(&self) -> Facts {
        let root = self.root_place.iter();
        Facts {
            places: root.clone().map(|(place, _)| place.clone()).chain([self.region_path.clone()]).collect(),
            submitted_by: root.filter_map(|(_, by)| *by).chain(self.organisation).collect(),
            open: self.open,
            claimed_by: Vec::new(),
        }
    }
}

/// The need of a reference.
pub fn need(r: &mut Read<'_>, incident: i64, reference: &Reference) -> Result<Row> {
    let places = || needs::table.inner_join(standing::table.on(standing::need.eq(needs::id)));
    let columns = (standing::region_path, needs::organisation, standing::open);
    let (id, root, (region_path, organisation, open)): (i64, i64, (String, Option<i64>, bool)) = places()
        .filter(needs::incident.eq(incident))
        .filter(needs::reference.eq(reference.as_str()))
        .select((needs::id, standing::root, columns))
        .get_result(r.conn())
        .optional()?
        .ok_or(Error::NotFound)?;
    if root == id {
        return Ok(Row { id, root, region_path, organisation, open, root_place: None });
    }
    let (root_path, root_organisation, open) = places().filter(needs::id.eq(root)).select(columns).get_result(r.conn())?;
    Ok(Row { id, root, region_path, organisation, open, root_place: Some((root_path, root_organisation)) })
}

/// The organisations that hold a live claim on a root's lines or those of what is merged into it.
pub fn claimed_by(r: &mut Read<'_>, incident: i64, root: i64) -> Result<Vec<i64>> {
    let group = standing::table.filter(standing::root.eq(root)).select(standing::need);
    Ok(claims::table
        .filter(claims::incident.eq(incident))
        .filter(claims::need.eq_any(group).or(claims::on_need.eq_any(group)))
        .filter(claims::state.eq_any(["held", "confirmed", "fulfilled"]))
        .select(claims::organisation)
        .distinct()
        .load(r.conn())?)
}

/// What decides of each need on its own, whatever it is merged with; without claims.
pub fn facts_of(r: &mut Read<'_>, wanted: &[i64]) -> Result<Vec<(i64, Facts)>> {
    let joined = needs::table.inner_join(standing::table.on(standing::need.eq(needs::id)));
    let columns = (needs::id, standing::region_path, needs::organisation, standing::open);
    let rows: Vec<(i64, String, Option<i64>, bool)> =
        joined.filter(needs::id.eq_any(wanted.to_vec())).order(needs::id).select(columns).load(r.conn())?;
    let facts = |(need, place, organisation, open): (i64, String, Option<i64>, bool)| {
        (need, Facts { places: vec![place], submitted_by: organisation.into_iter().collect(), open, claimed_by: Vec::new() })
    };
    Ok(rows.into_iter().map(facts).collect())
}
