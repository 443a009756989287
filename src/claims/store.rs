//! The table `claims`, which the ledger writes, and the turn that an organisation's held claims take.

use diesel::prelude::*;

use super::model::{Beside, Row};
use crate::clock::Time;
use crate::db::schema::{claims, need_lines, need_texts, needs, organisations, standing};
use crate::db::{Conn, Multi, Read, Write};
use crate::error::Result;
use crate::ledger::model::ClaimState;

/// Makes the held claims of an organisation take turns until the transaction ends, so that none is counted past. On SQLite nobody else
/// writes meanwhile.
pub fn hold_turn(w: &mut Write<'_>, organisation: i64) -> Result<()> {
    if let Conn::Postgres(conn) = w.conn() {
        diesel::sql_query("SELECT pg_advisory_xact_lock(7235421, CAST($1 AS INTEGER))")
            .bind::<diesel::sql_types::BigInt, _>(organisation)
            .execute(conn)?;
    }
    Ok(())
}

/// How many claims an organisation holds in an incident that have not expired.
pub fn held(r: &mut Read<'_>, incident: i64, organisation: i64, now: Time) -> Result<i64> {
    let theirs = claims::table.filter(claims::organisation.eq(organisation)).filter(claims::incident.eq(incident));
    let held = theirs.filter(diesel::dsl::sql::<diesel::sql_types::Bool>("state = 'held'")).filter(claims::expires_at.gt(now.0));
    Ok(held.count().get_result(r.conn())?)
}

type Columns = (String, i64, i64, i64, String, i64, i64, i64, i64, i64, Option<i64>, Option<i64>);

/// The claim of a reference.
pub fn by_reference(r: &mut Read<'_>, incident: i64, reference: &str) -> Result<Row> {
    let mut found = rows(r, |query| query.filter(claims::incident.eq(incident)).filter(claims::reference.eq(reference.to_owned())), 1)?;
    found.pop().ok_or(crate::error::Error::NotFound)
}

/// A page of the claims of organisations before one, the newest first.
pub fn page(
    r: &mut Read<'_>,
    incident: i64,
    theirs: &[i64],
    state: Option<ClaimState>,
    before: Option<(Time, String)>,
    limit: i64,
) -> Result<Vec<Row>> {
    let theirs = theirs.to_vec();
    rows(
        r,
        |mut query| {
            query = query.filter(claims::incident.eq(incident)).filter(claims::organisation.eq_any(theirs));
            if let Some(state) = state {
                query = query.filter(claims::state.eq(state.as_str()));
            }
            if let Some((at, reference)) = before {
                query = query.filter(claims::claimed_at.lt(at.0).or(claims::claimed_at.eq(at.0).and(claims::reference.lt(reference))));
            }
            query
        },
        limit,
    )
}

fn rows(
    r: &mut Read<'_>,
    which: impl FnOnce(claims::BoxedQuery<'static, Multi>) -> claims::BoxedQuery<'static, Multi>,
    limit: i64,
) -> Result<Vec<Row>> {
    let query = which(claims::table.into_boxed());
    let found: Vec<Columns> = query
        .order((claims::claimed_at.desc(), claims::reference.desc()))
        .limit(limit)
        .select((
            claims::reference,
            claims::need,
            claims::n,
            claims::organisation,
            claims::state,
            claims::quantity,
            claims::give_back,
            claims::first_day,
            claims::last_day,
            claims::claimed_at,
            claims::planned_at,
            claims::expires_at,
        ))
        .load(r.conn())?;
    let of_needs = needs::table.filter(needs::id.eq_any(found.iter().map(|row| row.1).collect::<Vec<_>>()));
    let of_needs: Vec<(i64, String)> = of_needs.select((needs::id, needs::reference)).load(r.conn())?;
    let of_organisations = organisations::table.filter(organisations::id.eq_any(found.iter().map(|row| row.3).collect::<Vec<_>>()));
    let of_organisations: Vec<(i64, String)> = of_organisations.select((organisations::id, organisations::reference)).load(r.conn())?;
    let of = |all: &[(i64, String)], id: i64| all.iter().find(|(other, _)| *other == id).map(|(_, text)| text.clone()).unwrap_or_default();
    found
        .into_iter()
        .map(|(reference, need, n, organisation, state, quantity, give_back, first, last, claimed_at, planned_at, expires_at)| {
            Ok(Row {
                reference,
                need: (need, of(&of_needs, need), n),
                organisation: (organisation, of(&of_organisations, organisation)),
                state: state.parse()?,
                quantity,
                give_back,
                days: (first, last),
                claimed_at: Time(claimed_at),
                planned_at: planned_at.map(Time),
                expires_at: expires_at.map(Time),
            })
        })
        .collect()
}

/// What is shown of the need and line that a claim was made on.
pub fn beside(r: &mut Read<'_>, need: i64, n: i64) -> Result<Beside> {
    let root: i64 = standing::table.find(need).select(standing::root).get_result(r.conn())?;
    let (root_reference, stage, category, urgency, region): (String, String, String, String, Option<String>) = standing::table
        .inner_join(needs::table.on(needs::id.eq(standing::need)))
        .filter(standing::need.eq(root))
        .select((needs::reference, standing::stage, standing::category, standing::urgency, standing::region))
        .get_result(r.conn())?;
    let summary: Option<Option<String>> = need_texts::table.find(root).select(need_texts::summary).get_result(r.conn()).optional()?;
    let (item, unit, needed_by, runs_out_at): (Option<String>, String, Option<i64>, Option<i64>) = need_lines::table
        .find((need, n))
        .select((need_lines::item, need_lines::unit, need_lines::needed_by, need_lines::runs_out_at))
        .get_result(r.conn())?;
    let (needed_by, runs_out_at) = (needed_by.map(Time), runs_out_at.map(Time));
    Ok(Beside { root: root_reference, stage, category, urgency, region, summary: summary.flatten(), item, unit, needed_by, runs_out_at })
}
