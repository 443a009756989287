//! SQL of the projections: writes the rows that differ.

use diesel::prelude::*;

use super::rows::*;
use crate::db::schema::{claims, line_days, person_links, responses, standing};
use crate::db::{Portable, Write};
use crate::error::{Error, Result};

/// Writes what differs between two projections of the same needs, but for marks.
pub fn write_rows(w: &mut Write<'_>, incident: i64, before: &Projection, after: &Projection) -> Result<()> {
    for (need, row) in &after.standing {
        match before.standing.get(need) {
            Some(known) if known == row => {}
            Some(_) => update_standing(w, *need, row)?,
            None => insert_standing(w, incident, *need, row)?,
        }
    }
    for (key, row) in &after.line_days {
        if before.line_days.get(key) != Some(row) {
            upsert_line_day(w, incident, *key, row)?;
        }
    }
    for key in before.line_days.keys().filter(|key| !after.line_days.contains_key(key)) {
        diesel::delete(line_days::table.find(*key)).execute(w.conn())?;
    }
    for (reference, row) in &after.claims {
        if before.claims.get(reference) != Some(row) {
            upsert_claim(w, incident, reference, row)?;
        }
    }
    for reference in before.claims.keys().filter(|r| !after.claims.contains_key(*r)) {
        let gone = claims::table.filter(claims::incident.eq(incident)).filter(claims::reference.eq(reference));
        diesel::delete(gone).execute(w.conn())?;
    }
    write_people(w, incident, before, after)
}

fn write_people(w: &mut Write<'_>, incident: i64, before: &Projection, after: &Projection) -> Result<()> {
    for key in before.responses.iter().filter(|(key, row)| after.responses.get(key) != Some(row)).map(|(key, _)| key) {
        diesel::delete(responses::table.find(*key)).execute(w.conn())?;
    }
    for (key, row) in after.responses.iter().filter(|(key, row)| before.responses.get(key) != Some(row)) {
        diesel::insert_into(responses::table)
            .values((
                responses::incident.eq(incident),
                responses::event.eq(key.0),
                responses::person.eq(key.1),
                responses::need.eq(row.need),
                responses::occurred_at.eq(row.occurred_at.0),
                responses::recorded_at.eq(row.recorded_at.0),
                responses::reached.eq(row.reached),
            ))
            .execute(w.conn())?;
    }
    for key in before.links.iter().filter(|(key, need)| after.links.get(key) != Some(need)).map(|(key, _)| key) {
        diesel::delete(person_links::table.find(*key)).execute(w.conn())?;
    }
    for (key, need) in after.links.iter().filter(|(key, need)| before.links.get(key) != Some(need)) {
        diesel::insert_into(person_links::table)
            .values((
                person_links::incident.eq(incident),
                person_links::event.eq(key.0),
                person_links::a.eq(key.1),
                person_links::b.eq(key.2),
                person_links::need.eq(need),
            ))
            .execute(w.conn())?;
    }
    Ok(())
}

/// The columns of a standing row, but for its key and version.
macro_rules! standing_columns {
    ($row:expr) => {
        (
            standing::root.eq($row.root),
            standing::phone.eq($row.phone),
            standing::urgent.eq($row.urgent),
            standing::matching.eq($row.matching),
            standing::delivery.eq($row.delivery),
            standing::closure.eq($row.closure),
            standing::stage.eq($row.stage),
            standing::open.eq($row.open),
            standing::category.eq($row.category),
            standing::region.eq(&$row.region),
            standing::region_path.eq(&$row.region_path),
            standing::district.eq(&$row.district),
            standing::urgency_asked.eq($row.urgency_asked),
            standing::urgency.eq($row.urgency),
            standing::urgency_rank.eq($row.urgency_rank),
            standing::groups.eq(&$row.groups),
            standing::people.eq($row.people),
            standing::source.eq($row.source),
            standing::held.eq($row.held),
            standing::submitted_at.eq($row.submitted_at.0),
            standing::due_at.eq($row.due_at.map(|t| t.0)),
        )
    };
}

fn insert_standing(w: &mut Write<'_>, incident: i64, need: i64, row: &StandingRow) -> Result<()> {
    diesel::insert_into(standing::table)
        .values((standing::need.eq(need), standing::incident.eq(incident), standing::version.eq(1), standing_columns!(row)))
        .execute(w.conn())?;
    Ok(())
}

fn update_standing(w: &mut Write<'_>, need: i64, row: &StandingRow) -> Result<()> {
    diesel::update(standing::table.find(need)).set(standing_columns!(row)).execute(w.conn())?;
    Ok(())
}

fn upsert_line_day(w: &mut Write<'_>, incident: i64, (need, n, day): (i64, i64, i64), row: &LineDayRow) -> Result<()> {
    let amounts = (
        line_days::wanted.eq(row.wanted),
        line_days::quantity.eq(row.quantity),
        line_days::held.eq(row.totals.held),
        line_days::confirmed.eq(row.totals.confirmed),
        line_days::fulfilled.eq(row.totals.fulfilled),
        line_days::delivered.eq(row.totals.delivered),
        line_days::short.eq(row.short),
    );
    Portable(
        diesel::insert_into(line_days::table)
            .values((line_days::incident.eq(incident), line_days::need.eq(need), line_days::n.eq(n), line_days::day.eq(day), amounts))
            .on_conflict((line_days::need, line_days::n, line_days::day))
            .do_update()
            .set(amounts),
    )
    .execute(w.conn())?;
    Ok(())
}

fn upsert_claim(w: &mut Write<'_>, incident: i64, reference: &str, row: &ClaimRow) -> Result<()> {
    let organisation = row.organisation.ok_or_else(|| Error::internal("a claim has no organisation"))?;
    let standing = (
        claims::on_need.eq(row.on.0),
        claims::on_n.eq(row.on.1),
        claims::state.eq(row.state),
        claims::quantity.eq(row.quantity),
        claims::give_back.eq(row.give_back),
        claims::planned_at.eq(row.planned_at.map(|t| t.0)),
        claims::expires_at.eq(row.expires_at.map(|t| t.0)),
    );
    Portable(
        diesel::insert_into(claims::table)
            .values((
                claims::incident.eq(incident),
                claims::reference.eq(reference),
                claims::need.eq(row.home.0),
                claims::n.eq(row.home.1),
                claims::organisation.eq(organisation),
                claims::first_day.eq(row.first_day),
                claims::last_day.eq(row.last_day),
                claims::claimed_at.eq(row.claimed_at.0),
                standing,
            ))
            .on_conflict((claims::incident, claims::reference))
            .do_update()
            .set(standing),
    )
    .execute(w.conn())?;
    Ok(())
}
