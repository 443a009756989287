//! Reads projections back as they are stored, for `verify` to compare.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::model::*;
use super::rows::*;
use super::state::Totals;
use crate::clock::Time;
use crate::db::Read;
use crate::db::schema::{claims, line_days, person_links, responses, standing};
use crate::error::Result;

/// Stands for a text that is none of its list's codes, so that `verify` names the row.
const NO_CODE: &str = "(no code of its list)";

/// The stored projection of an incident, but for marks and cells.
pub fn stored(r: &mut Read<'_>, incident: i64) -> Result<Projection> {
    let mut all = Projection::default();
    let rows: Vec<StoredStanding> = standing::table.filter(standing::incident.eq(incident)).load(r.conn())?;
    for row in rows {
        all.standing.insert(row.need, row.into_row());
    }
    let rows: Vec<StoredLineDay> = line_days::table.filter(line_days::incident.eq(incident)).load(r.conn())?;
    for row in rows {
        let totals = Totals { held: row.held, confirmed: row.confirmed, fulfilled: row.fulfilled, delivered: row.delivered };
        let value = LineDayRow { wanted: row.wanted, quantity: row.quantity, totals, short: row.short };
        all.line_days.insert((row.need, row.n, row.day), value);
    }
    let rows: Vec<StoredClaim> = claims::table.filter(claims::incident.eq(incident)).load(r.conn())?;
    for row in rows {
        let value = ClaimRow {
            home: (row.need, row.n),
            on: (row.on_need, row.on_n),
            organisation: Some(row.organisation),
            state: ClaimState::parse(&row.state).map_or(NO_CODE, ClaimState::as_str),
            quantity: row.quantity,
            give_back: row.give_back,
            claimed_at: Time(row.claimed_at),
            first_day: row.first_day,
            last_day: row.last_day,
            planned_at: row.planned_at.map(Time),
            expires_at: row.expires_at.map(Time),
        };
        all.claims.insert(row.reference, value);
    }
    let rows: Vec<(i64, i64, i64, i64, i64, i64, i64)> = responses::table.filter(responses::incident.eq(incident)).load(r.conn())?;
    for (_, event, person, need, occurred_at, recorded_at, reached) in rows {
        let value = ResponseRow { need, occurred_at: Time(occurred_at), recorded_at: Time(recorded_at), reached };
        all.responses.insert((event, person), value);
    }
    let rows: Vec<(i64, i64, i64, i64, i64)> = person_links::table.filter(person_links::incident.eq(incident)).load(r.conn())?;
    all.links.extend(rows.into_iter().map(|(_, event, a, b, need)| ((event, a, b), need)));
    Ok(all)
}

/// What the claims as stored take of each line and day.
pub fn claimed(r: &mut Read<'_>, incident: i64) -> Result<BTreeMap<(i64, i64, i64), Totals>> {
    let rows: Vec<(i64, i64, String, i64, i64, i64)> = claims::table
        .filter(claims::incident.eq(incident))
        .select((claims::on_need, claims::on_n, claims::state, claims::quantity, claims::first_day, claims::last_day))
        .load(r.conn())?;
    let mut all: BTreeMap<(i64, i64, i64), Totals> = BTreeMap::new();
    for (need, n, state, quantity, first_day, last_day) in rows {
        for day in first_day..=last_day {
            let totals = all.entry((need, n, day)).or_default();
            match ClaimState::parse(&state) {
                Some(ClaimState::Held) => totals.held += quantity,
                Some(ClaimState::Confirmed) => totals.confirmed += quantity,
                Some(ClaimState::Fulfilled) => totals.fulfilled += quantity,
                _ => {}
            }
        }
    }
    Ok(all)
}

#[derive(Queryable)]
struct StoredStanding {
    need: i64,
    _incident: i64,
    root: i64,
    _version: i64,
    phone: String,
    urgent: String,
    matching: String,
    delivery: String,
    closure: String,
    stage: String,
    open: bool,
    category: String,
    region: Option<String>,
    region_path: String,
    district: String,
    urgency_asked: String,
    urgency: String,
    urgency_rank: i64,
    groups: String,
    people: i64,
    source: String,
    held: i64,
    submitted_at: i64,
    due_at: Option<i64>,
}

impl StoredStanding {
    fn into_row(self) -> StandingRow {
        StandingRow {
            root: self.root,
            phone: Phone::parse(&self.phone).map_or(NO_CODE, Phone::as_str),
            urgent: Urgent::parse(&self.urgent).map_or(NO_CODE, Urgent::as_str),
            matching: Matching::parse(&self.matching).map_or(NO_CODE, Matching::as_str),
            delivery: DeliveryAxis::parse(&self.delivery).map_or(NO_CODE, DeliveryAxis::as_str),
            closure: Closure::parse(&self.closure).map_or(NO_CODE, Closure::as_str),
            stage: Stage::parse(&self.stage).map_or(NO_CODE, Stage::as_str),
            open: self.open,
            category: Category::parse(&self.category).map_or(NO_CODE, Category::as_str),
            region: self.region,
            region_path: self.region_path,
            district: self.district,
            urgency_asked: Urgency::parse(&self.urgency_asked).map_or(NO_CODE, Urgency::as_str),
            urgency: Urgency::parse(&self.urgency).map_or(NO_CODE, Urgency::as_str),
            urgency_rank: self.urgency_rank,
            groups: self.groups,
            people: self.people,
            source: Source::parse(&self.source).map_or(NO_CODE, Source::as_str),
            held: self.held,
            submitted_at: Time(self.submitted_at),
            due_at: self.due_at.map(Time),
        }
    }
}

#[derive(Queryable)]
struct StoredLineDay {
    _incident: i64,
    need: i64,
    n: i64,
    day: i64,
    wanted: i64,
    quantity: i64,
    held: i64,
    confirmed: i64,
    fulfilled: i64,
    delivered: i64,
    short: bool,
}

#[derive(Queryable)]
struct StoredClaim {
    _id: i64,
    _incident: i64,
    reference: String,
    need: i64,
    n: i64,
    on_need: i64,
    on_n: i64,
    organisation: i64,
    _offer: Option<i64>,
    state: String,
    quantity: i64,
    give_back: i64,
    claimed_at: i64,
    first_day: i64,
    last_day: i64,
    planned_at: Option<i64>,
    expires_at: Option<i64>,
}
