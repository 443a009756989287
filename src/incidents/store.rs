//! Rows of incidents.

use diesel::prelude::*;

use super::model::{Incident, IncidentState, Intake, NewIncident, PublicFigures};
use crate::clock::Time;
use crate::db::schema::{events, grants, incidents, memberships, organisations};
use crate::db::{Multi, Portable, Read, Write};
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

/// A page of the incidents an account may know (or anybody, where none is given), the latest begun first: those whose figures are public,
/// and those in which it holds a role that counts.
pub fn known(r: &mut Read<'_>, account: Option<i64>, before: Option<(i64, i64)>, limit: i64) -> Result<Vec<Incident>> {
    let order = (incidents::started_at.desc(), incidents::id.desc());
    let mut query = incidents::table.order(order).limit(limit).into_boxed::<Multi>();
    let own = account.map_or_else(|| Ok(Vec::new()), |account| takes_part(r, account))?;
    query = query.filter(incidents::public_figures.ne(PublicFigures::None.as_str()).or(incidents::id.eq_any(own)));
    if let Some((started_at, id)) = before {
        query = query.filter(incidents::started_at.lt(started_at).or(incidents::started_at.eq(started_at).and(incidents::id.lt(id))));
    }
    let rows: Vec<Row> = query.load(r.conn())?;
    rows.into_iter().map(|row| parse(r, row)).collect()
}

/// The incidents in which an account holds a role that counts.
fn takes_part(r: &mut Read<'_>, account: i64) -> Result<Vec<i64>> {
    let counting = grants::table
        .inner_join(memberships::table.on(memberships::id.eq(grants::membership)))
        .inner_join(organisations::table.on(organisations::id.eq(memberships::organisation)))
        .filter(memberships::account.eq(account))
        .filter(memberships::state.eq("active"))
        .filter(organisations::state.eq("verified"));
    Ok(counting.select(grants::incident).distinct().load(r.conn())?)
}

/// Every incident, in the order of their rows.
pub fn all(r: &mut Read<'_>) -> Result<Vec<Incident>> {
    let rows: Vec<Row> = incidents::table.order(incidents::id).load(r.conn())?;
    rows.into_iter().map(|row| parse(r, row)).collect()
}

/// Whether anything has been recorded in it.
pub fn has_events(r: &mut Read<'_>, id: i64) -> Result<bool> {
    let one = events::table.filter(events::incident.eq(id)).select(events::id).limit(1);
    Ok(one.get_result::<i64>(r.conn()).optional()?.is_some())
}

/// Adds an incident; false where its slug is taken.
pub fn insert(w: &mut Write<'_>, new: &NewIncident) -> Result<bool> {
    let row = (
        incidents::slug.eq(&new.slug),
        incidents::name.eq(&new.name),
        incidents::zone.eq(&new.zone),
        incidents::area.eq(&new.area),
        incidents::started_at.eq(new.started_at.0),
        incidents::cut_off_hour.eq(new.cut_off_hour),
        incidents::state.eq(IncidentState::Active.as_str()),
        incidents::practice.eq(new.practice),
        incidents::public_figures.eq(new.public_figures.as_str()),
        incidents::intake.eq(Intake::Open.as_str()),
        incidents::intake_text.eq(""),
        incidents::early_matching.eq(new.early_matching),
        incidents::demo.eq(new.demo),
        incidents::closed_until.eq(0),
        incidents::version.eq(1),
        incidents::created_at.eq(w.now().0),
    );
    let insert = diesel::insert_into(incidents::table).values(row).on_conflict_do_nothing();
    Ok(Portable(insert).execute(w.conn())? == 1)
}

/// Writes what may change of an incident, and the next version; false where it no longer has the version that was read.
pub fn update(w: &mut Write<'_>, incident: &Incident) -> Result<bool> {
    let read = incidents::table.filter(incidents::id.eq(incident.id)).filter(incidents::version.eq(incident.version));
    let changed = (
        incidents::name.eq(&incident.name),
        incidents::zone.eq(incident.zone.name()),
        incidents::area.eq(&incident.area),
        incidents::cut_off_hour.eq(i64::from(incident.cut_off_hour)),
        incidents::state.eq(incident.state.as_str()),
        incidents::public_figures.eq(incident.public_figures.as_str()),
        incidents::intake.eq(incident.intake.as_str()),
        incidents::intake_text.eq(&incident.intake_text),
        incidents::early_matching.eq(incident.early_matching),
        incidents::version.eq(incident.version + 1),
    );
    Ok(diesel::update(read).set(changed).execute(w.conn())? == 1)
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

/// An event of no meaning, as any first event of an incident.
#[cfg(test)]
pub fn record_something(w: &mut Write<'_>, incident: i64) -> Result<()> {
    let row = (
        events::incident.eq(incident),
        events::reference.eq(crate::ids::Reference::random().as_str().to_owned()),
        events::act.eq("act"),
        events::subject_kind.eq("incident"),
        events::subject.eq("1"),
        events::kind.eq("test"),
        events::seq.eq(1),
        events::occurred_at.eq(w.now().0),
        events::recorded_at.eq(w.now().0),
        events::payload.eq("{}"),
    );
    diesel::insert_into(events::table).values(row).execute(w.conn())?;
    Ok(())
}
