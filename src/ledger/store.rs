//! The ledger's SQL: events in and out, and the rows of projections. Only `append` and `verify` write or compare with it.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::event::{Event, Kind};
use super::model::Stands;
use super::people::{Classes, Persons};
use crate::calendar::Calendar;
use crate::clock::Time;
use crate::db::schema::{events, incidents, needs, person_links, persons, responses, standing};
use crate::db::{Conn, Read, Write};
use crate::error::{Error, Result};

/// What of its incident the ledger goes by.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// The incident's row.
    pub incident: i64,
    /// Hours and report days.
    pub calendar: Calendar,
    /// Nothing is recorded at or before this instant any more.
    pub closed_until: Time,
    /// Deadlines count: the incident is not closed.
    pub runs: bool,
}

/// Reads an incident's frame. On PostgreSQL it takes the incident's advisory lock, shared: freezing a snapshot takes it exclusively.
pub fn frame(w: &mut Write<'_>, incident: i64) -> Result<Frame> {
    if let Conn::Postgres(conn) = w.conn() {
        diesel::sql_query("SELECT pg_advisory_xact_lock_shared(7235420, CAST($1 AS INTEGER))")
            .bind::<diesel::sql_types::BigInt, _>(incident)
            .execute(conn)?;
    }
    read_frame(w, incident)
}

/// The same without a lock.
pub fn read_frame(r: &mut Read<'_>, incident: i64) -> Result<Frame> {
    let (zone, hour, closed_until, state): (String, i64, i64, String) = incidents::table
        .find(incident)
        .select((incidents::zone, incidents::cut_off_hour, incidents::closed_until, incidents::state))
        .get_result(r.conn())?;
    let zone = zone.parse().map_err(|_| Error::internal("an incident's zone is unknown"))?;
    let calendar = Calendar { zone, cut_off_hour: hour as u32 };
    Ok(Frame { incident, calendar, closed_until: Time(closed_until), runs: matches!(state.as_str(), "active" | "paused") })
}

/// Needs of an incident on which something is due, the longest due first.
pub fn overdue(r: &mut Read<'_>, incident: i64, now: Time, limit: i64) -> Result<Vec<i64>> {
    let due = standing::table.filter(standing::incident.eq(incident)).filter(standing::due_at.le(now.0));
    Ok(due.order((standing::due_at, standing::need)).limit(limit).select(standing::need).load(r.conn())?)
}

/// The same over all incidents that run, as (incident, need).
pub fn overdue_anywhere(r: &mut Read<'_>, now: Time, limit: i64) -> Result<Vec<(i64, i64)>> {
    let run: Vec<i64> = incidents::table.filter(incidents::state.eq_any(["active", "paused"])).select(incidents::id).load(r.conn())?;
    let due = standing::table.filter(standing::due_at.le(now.0)).filter(standing::incident.eq_any(run));
    let due = due.order((standing::due_at, standing::need)).limit(limit);
    Ok(due.select((standing::incident, standing::need)).load(r.conn())?)
}

/// Keeps appends to an incident out until this transaction ends: for what their frame goes by. On SQLite nobody else writes meanwhile.
pub fn hold(w: &mut Write<'_>, incident: i64) -> Result<()> {
    if let Conn::Postgres(conn) = w.conn() {
        diesel::sql_query("SELECT pg_advisory_xact_lock(7235420, CAST($1 AS INTEGER))")
            .bind::<diesel::sql_types::BigInt, _>(incident)
            .execute(conn)?;
    }
    Ok(())
}

/// Root of each need that has one, as (need, root).
pub fn roots(r: &mut Read<'_>, incident: i64, needs: &[i64]) -> Result<Vec<(i64, i64)>> {
    let query = standing::table.filter(standing::incident.eq(incident)).select((standing::need, standing::root));
    Ok(match needs {
        [need] => query.filter(standing::need.eq(*need)).load(r.conn())?,
        _ => query.filter(standing::need.eq_any(needs.to_vec())).load(r.conn())?,
    })
}

/// Raises a root's version, which locks it on PostgreSQL, and answers the new one.
pub fn raise_version(w: &mut Write<'_>, root: i64) -> Result<i64> {
    Ok(diesel::update(standing::table.find(root))
        .set(standing::version.eq(standing::version + 1))
        .returning(standing::version)
        .get_result(w.conn())?)
}

/// Where a need stands.
pub fn stands(r: &mut Read<'_>, need: i64) -> Result<Stands> {
    let root: i64 = standing::table.find(need).select(standing::root).get_result(r.conn())?;
    let found = standing::table.inner_join(needs::table.on(needs::id.eq(standing::need))).filter(standing::need.eq(root));
    let (need, stage, version): (String, String, i64) =
        found.select((needs::reference, standing::stage, standing::version)).get_result(r.conn())?;
    Ok(Stands { need, stage: stage.parse()?, version })
}

/// The needs of a root.
pub fn members(r: &mut Read<'_>, root: i64) -> Result<Vec<i64>> {
    Ok(standing::table.filter(standing::root.eq(root)).select(standing::need).load(r.conn())?)
}

type EventRow = (i64, String, String, Option<i64>, i64, i64, i64, Option<i64>, Option<i64>, Option<String>, String, String, Option<i64>);

/// Events of needs, in recorded order.
pub fn events_of(r: &mut Read<'_>, needs: &[i64]) -> Result<Vec<Event>> {
    let mut query = events::table.into_boxed();
    query = match needs {
        [need] => query.filter(events::need.eq(*need)),
        _ => query.filter(events::need.eq_any(needs.iter().map(|n| Some(*n)).collect::<Vec<_>>())),
    };
    load(r, query)
}

/// All events of an incident that concern needs, in recorded order; `until` leaves out what was recorded later.
pub fn all_events(r: &mut Read<'_>, incident: i64, until: Option<Time>) -> Result<Vec<Event>> {
    let mut query = events::table.filter(events::incident.eq(incident)).filter(events::need.is_not_null()).into_boxed();
    if let Some(until) = until {
        query = query.filter(events::recorded_at.le(until.0));
    }
    load(r, query)
}

fn load(r: &mut Read<'_>, query: events::BoxedQuery<'_, crate::db::Multi>) -> Result<Vec<Event>> {
    let rows: Vec<EventRow> = query
        .select((
            events::id,
            events::reference,
            events::act,
            events::need,
            events::seq,
            events::occurred_at,
            events::recorded_at,
            events::actor,
            events::organisation,
            events::reason,
            events::kind,
            events::payload,
            events::voids,
        ))
        .load(r.conn())?;
    let mut all = rows.into_iter().map(event_of).collect::<Result<Vec<Event>>>()?;
    all.sort_by_key(|e| (e.recorded_at, e.need, e.seq));
    Ok(all)
}

fn event_of(row: EventRow) -> Result<Event> {
    let (id, reference, act, need, seq, occurred_at, recorded_at, actor, organisation, reason, kind, payload, voids) = row;
    let kind: Kind = serde_json::from_str(&format!("{{\"{kind}\":{payload}}}"))
        .map_err(|e| Error::internal(format!("event {reference} can't be read: {e}")))?;
    let need = need.ok_or_else(|| Error::internal("an event of a need has none"))?;
    let (occurred_at, recorded_at) = (Time(occurred_at), Time(recorded_at));
    Ok(Event { id, reference, act, need, seq, occurred_at, recorded_at, actor, organisation, reason, kind, voids })
}

/// Inserts an event and answers its row.
pub fn insert_event(w: &mut Write<'_>, incident: i64, event: &Event, need_reference: &str, device_at: Option<Time>) -> Result<i64> {
    let tagged = serde_json::to_value(&event.kind).map_err(|e| Error::internal(e.to_string()))?;
    let payload = tagged.get(event.kind.code()).ok_or_else(|| Error::internal("an event's code is not its variant's"))?.to_string();
    let (subject_kind, subject) = event.kind.subject().unwrap_or(("need", need_reference));
    Ok(diesel::insert_into(events::table)
        .values((
            events::incident.eq(incident),
            events::reference.eq(&event.reference),
            events::act.eq(&event.act),
            events::need.eq(event.need),
            events::subject_kind.eq(subject_kind),
            events::subject.eq(subject),
            events::kind.eq(event.kind.code()),
            events::seq.eq(event.seq),
            events::occurred_at.eq(event.occurred_at.0),
            events::recorded_at.eq(event.recorded_at.0),
            events::device_at.eq(device_at.map(|t| t.0)),
            events::actor.eq(event.actor),
            events::organisation.eq(event.organisation),
            events::reason.eq(&event.reason),
            events::payload.eq(payload),
            events::voids.eq(event.voids),
        ))
        .returning(events::id)
        .get_result(w.conn())?)
}

/// Rows of persons by their references.
pub fn persons_of(r: &mut Read<'_>, incident: i64, references: Vec<String>) -> Result<Persons> {
    let query = persons::table.filter(persons::incident.eq(incident)).filter(persons::reference.eq_any(references));
    Ok(query.select((persons::reference, persons::id)).load(r.conn())?.into_iter().collect())
}

/// Rows of all persons of an incident, by reference.
pub fn all_persons(r: &mut Read<'_>, incident: i64) -> Result<Persons> {
    let query = persons::table.filter(persons::incident.eq(incident));
    Ok(query.select((persons::reference, persons::id)).load(r.conn())?.into_iter().collect())
}

/// Classes of the given persons: follows the pairs in force until no new person turns up.
pub fn classes_of(r: &mut Read<'_>, start: &BTreeSet<i64>) -> Result<Classes> {
    let mut known = start.clone();
    let mut frontier: Vec<i64> = start.iter().copied().collect();
    let mut pairs: BTreeSet<(i64, i64)> = BTreeSet::new();
    while !frontier.is_empty() {
        let touching = person_links::a.eq_any(frontier.clone()).or(person_links::b.eq_any(frontier));
        let found: Vec<(i64, i64)> = person_links::table.filter(touching).select((person_links::a, person_links::b)).load(r.conn())?;
        frontier = found.iter().flat_map(|(a, b)| [*a, *b]).filter(|p| known.insert(*p)).collect();
        pairs.extend(found);
    }
    Ok(Classes::join(pairs))
}

/// Locks persons in the order of their rows, so that two roots that name the same person take turns.
pub fn lock_persons(w: &mut Write<'_>, people: &BTreeSet<i64>) -> Result<()> {
    for person in people {
        diesel::update(persons::table.find(person)).set(persons::version.eq(persons::version + 1)).execute(w.conn())?;
    }
    Ok(())
}

/// Where a person's responses count: (person, need, occurred, recorded, event, reached).
pub type NamedRow = (i64, i64, i64, i64, i64, i64);

/// Responses in force that name any of the persons.
pub fn responses_naming(r: &mut Read<'_>, people: &BTreeSet<i64>) -> Result<Vec<NamedRow>> {
    let people: Vec<i64> = people.iter().copied().collect();
    Ok(responses::table
        .filter(responses::person.eq_any(people))
        .select((responses::person, responses::need, responses::occurred_at, responses::recorded_at, responses::event, responses::reached))
        .load(r.conn())?)
}

/// A need's root with its time of collection, district and category.
pub fn root_place(r: &mut Read<'_>, need: i64) -> Result<(Time, String, String)> {
    let root: i64 = standing::table.find(need).select(standing::root).get_result(r.conn())?;
    let (district, category): (String, String) =
        standing::table.find(root).select((standing::district, standing::category)).get_result(r.conn())?;
    let submitted: Vec<i64> = standing::table.filter(standing::root.eq(root)).select(standing::submitted_at).load(r.conn())?;
    Ok((Time(submitted.into_iter().min().unwrap_or_default()), district, category))
}
