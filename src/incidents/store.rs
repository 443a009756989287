//! Rows of incidents.

use diesel::prelude::*;

use super::model::Incident;
use crate::clock::Time;
use crate::db::Read;
use crate::db::schema::incidents;
use crate::error::{Error, Result};
use crate::regions;

#[derive(Queryable)]
struct Row {
    id: i64,
    slug: String,
    name: String,
    zone: String,
    area: String,
    started_at: i64,
    cut_off_hour: i64,
    state: String,
    practice: bool,
    public_figures: String,
    intake: String,
    intake_text: String,
    early_matching: bool,
    demo: bool,
    closed_until: i64,
    version: i64,
    created_at: i64,
}

/// The incident of a slug; `NotFound` where there is none.
pub fn by_slug(r: &mut Read<'_>, slug: &str) -> Result<Incident> {
    let row = incidents::table.filter(incidents::slug.eq(slug)).get_result::<Row>(r.conn()).optional()?;
    parse(r, row.ok_or(Error::NotFound)?)
}

/// The incident of a row; `NotFound` where there is none.
pub fn by_id(r: &mut Read<'_>, id: i64) -> Result<Incident> {
    let row = incidents::table.find(id).get_result::<Row>(r.conn()).optional()?;
    parse(r, row.ok_or(Error::NotFound)?)
}

fn parse(r: &mut Read<'_>, row: Row) -> Result<Incident> {
    let unreadable = |what: &str| Error::internal(format!("incident {} has an unreadable {what}", row.slug));
    let area_path = regions::store::path(r, &row.area)?.ok_or_else(|| unreadable("area"))?;
    Ok(Incident {
        zone: row.zone.parse().map_err(|_| unreadable("zone"))?,
        cut_off_hour: u32::try_from(row.cut_off_hour).map_err(|_| unreadable("cut-off hour"))?,
        state: row.state.parse()?,
        public_figures: row.public_figures.parse()?,
        intake: row.intake.parse()?,
        id: row.id,
        slug: row.slug,
        name: row.name,
        area: row.area,
        area_path,
        started_at: Time(row.started_at),
        practice: row.practice,
        intake_text: row.intake_text,
        early_matching: row.early_matching,
        demo: row.demo,
        closed_until: Time(row.closed_until),
        version: row.version,
        created_at: Time(row.created_at),
    })
}
