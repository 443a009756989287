//! Reading a need.

use super::model::*;
use super::rules::{self, Frame};
use super::store::{self, LineRow};
use crate::accounts::model::{Actor, Role};
use crate::clock::Time;
use crate::crypto::KeyPair;
use crate::db::Read;
use crate::error::{Error, Result};
use crate::ids::Reference;
use crate::incidents::model::Incident;
use crate::ledger::event::Event;
use crate::ledger::state::{Line, Need, State};
use crate::ledger::{self, fold};
use crate::needs::contacts;
use crate::needs::lines::model::Window;
use crate::needs::model::{READERS, RegionView, SPEAKERS};
use crate::needs::scope::{self, Found, rules as scopes};
use crate::needs::summary::rules as summary;
use crate::regions;

/// A need with what happened to it and to what is merged with it.
pub struct History {
    /// Which one was asked for.
    pub found: Found,
    /// The events of its group, in recorded order.
    pub events: Vec<Event>,
    /// What they come to.
    pub state: State,
}

/// The history of a need that a grant of one of the roles finds.
pub fn history(r: &mut Read<'_>, incident: i64, actor: &Actor, reference: &Reference, roles: &[Role]) -> Result<History> {
    let found = scope::find(r, incident, actor, reference, roles)?;
    let members = ledger::store::members(r, found.root)?;
    let events = ledger::store::events_of(r, &members)?;
    let state = fold(&events, None);
    Ok(History { found, events, state })
}

/// A need as the actor may see it.
pub fn show(r: &mut Read<'_>, keys: &KeyPair, incident: &Incident, actor: &Actor, reference: &Reference) -> Result<NeedView> {
    let History { found, state, .. } = history(r, incident.id, actor, reference, READERS)?;
    let need = state.needs.get(&found.root).ok_or(Error::NotFound)?;
    let row = store::row(r, need.id)?;
    let mut claimants: Vec<i64> = state.claims.iter().filter_map(|claim| claim.organisation).chain(row.organisation).collect();
    claimants.sort_unstable();
    claimants.dedup();
    let organisations = store::organisation_names(r, claimants)?;
    let own: Vec<i64> = actor.grants.iter().map(|grant| grant.organisation).collect();
    let frame = Frame { zone: incident.zone, organisations: &organisations, own: &own };
    let lines = lines(store::lines(r, need.id)?, need, incident)?;
    let region = match &need.place.region {
        Some(code) => {
            let name = regions::store::by_code(r, code)?.map(|region| region.full_name).unwrap_or_default();
            Some(RegionView { code: code.clone(), name })
        }
        None => None,
    };
    let contacts = masked(r, keys, actor, &found, &state)?;
    let root = Reference::stored(need.reference.clone());
    Ok(NeedView {
        asked: (found.id != need.id).then_some(found.reference),
        version: row.version,
        details_version: row.details_version,
        submission: Reference::stored(row.submission),
        stage: state.stage(need),
        axes: rules::axes(&state, need),
        open: matches!(state.closure(need), ledger::model::Closure::Open | ledger::model::Closure::AwaitingFeedback),
        category: need.category,
        urgency: state.urgency(need),
        urgency_asked: need.asked,
        urgency_assessed: need.axes.assessed,
        region,
        district: need.place.district.clone(),
        people: need.people,
        persons: need.persons.iter().cloned().map(Reference::stored).collect(),
        groups: need.groups.clone(),
        summary: row.summary.unwrap_or_else(|| prefilled(need, &lines, incident)),
        source: need.source,
        submitted_by: row.organisation.and_then(|id| organisations.get(&id)).cloned(),
        submitted_at: need.submitted_at.to_rfc3339(incident.zone),
        held: need.lines.iter().flat_map(|line| &line.days).map(|day| day.held).sum(),
        lines,
        claims: rules::claims(&state, need.id, &frame),
        deliveries: rules::deliveries(&state, need.id, incident.zone),
        referrals: referrals(need, incident),
        case: rules::case(&state, need),
        awaiting_since: need.awaiting_since.map(|at| at.to_rfc3339(incident.zone)),
        merged: rules::merged(&state, need.id, incident.zone),
        contacts,
        erased: need.erased,
        reference: root.clone(),
        root,
    })
}

fn referrals(need: &Need, incident: &Incident) -> Vec<ReferralView> {
    let view = |referral: &ledger::state::Referral| ReferralView {
        n: referral.n,
        state: referral.state,
        due_at: referral.due_at.to_rfc3339(incident.zone),
    };
    need.referrals.iter().map(view).collect()
}

fn lines(rows: Vec<LineRow>, need: &Need, incident: &Incident) -> Result<Vec<LineView>> {
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(line) = need.lines.iter().find(|line| line.n == row.n) {
            views.push(line_view(row, line, incident)?);
        }
    }
    Ok(views)
}

fn line_view(row: LineRow, line: &Line, incident: &Incident) -> Result<LineView> {
    let time = |at: Option<i64>| at.map(|at| Time(at).to_rfc3339(incident.zone));
    let days = rules::days(line);
    let medicine = row.medicine.as_deref().map(serde_json::from_str).transpose();
    Ok(LineView {
        n: row.n,
        version: row.version,
        item: row.item,
        unit: row.unit,
        figures: rules::fullest(&days),
        approximate: row.approximate,
        short: line.short,
        needed_by: time(row.needed_by),
        runs_out_at: time(row.runs_out_at),
        window: row.window_from.zip(row.window_to).map(|(from, to)| Window { from, to }),
        medicine: medicine.map_err(|e| Error::internal(format!("a medicine can't be read: {e}")))?,
        payer: row.payer.parse()?,
        days: match line.last_day {
            0 => Vec::new(),
            _ => days.into_iter().map(|(day, figures)| DayView { day: crate::clock::day_text(day), figures }).collect(),
        },
    })
}

/// The summary as it is offered.
pub fn prefilled(need: &Need, lines: &[LineView], incident: &Incident) -> String {
    let item = |line| {
        let LineView { item, figures, unit, approximate, days, .. }: &LineView = line;
        summary::Item { item: item.as_deref(), quantity: figures.wanted, unit, approximate: *approximate, daily: !days.is_empty() }
    };
    let items: Vec<summary::Item<'_>> = lines.iter().map(item).collect();
    summary::prefilled(need.category, &items, need.people, &need.groups, need.submitted_at, incident.zone)
}

/// Contacts of the group's needs, masked, where the actor speaks with their requesters.
fn masked(r: &mut Read<'_>, keys: &KeyPair, actor: &Actor, found: &Found, state: &State) -> Result<Vec<NeedContact>> {
    let members: Vec<i64> = state.members(found.root).map(|member| member.id).collect();
    let mut shown = Vec::with_capacity(members.len());
    for (need, facts) in scope::store::facts_of(r, &members)? {
        if scopes::finds(actor, SPEAKERS, &facts) {
            shown.push(need);
        }
    }
    let stored = contacts::store::of_needs(r, &shown, false)?;
    let view = |contact: &contacts::model::StoredContact| {
        Ok(NeedContact { need: Reference::stored(contact.reference.clone()), contact: contact.masked(keys)? })
    };
    stored.iter().map(view).collect()
}
