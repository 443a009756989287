//! One need: where it stands on each axis, its lines, and what happened to it, the newest first. Names, phones and free words stay away.

use std::collections::{BTreeMap, HashSet};

use actix_web::{HttpRequest, HttpResponse, web};
use minijinja::{Value, context};

use super::needs::{SeeNeeds, minute, place};
use super::{Page, Viewer, failed, refusal};
use crate::clock::{MINUTE, Time};
use crate::db::{Lane, Read};
use crate::error::{Error, Result};
use crate::http::{Allowed, Problem};
use crate::ids::Reference;
use crate::ledger::state::{Line, State};
use crate::ledger::{self, Event};
use crate::needs::listing::model::{Brief, BriefLine};
use crate::needs::listing::service;
use crate::needs::model::{Axes, READERS};
use crate::needs::scope;
use crate::organisations;

/// How much later than it happened something may be recorded without a word about it.
const LATE: i64 = 15 * MINUTE;

pub(super) fn mount(config: &mut web::ServiceConfig) {
    config.route("/i/{incident}/needs/{reference}", web::get().to(show));
}

async fn show(a: Result<Allowed<SeeNeeds>, Problem>, req: HttpRequest) -> HttpResponse {
    let a = match a {
        Ok(a) => a,
        Err(problem) => return refusal(&req, &problem),
    };
    match read(&a).await {
        Ok(own) => Page::new(&req, Viewer::of(&a, Some(a.incident())), Some(a.incident()), "needs").fill(200, "need", own),
        Err(error) => failed(&req, error),
    }
}

async fn read(a: &Allowed<SeeNeeds>) -> Result<Value> {
    let (reference, at) = (a.reference("reference")?, a.clone());
    a.db().read(Lane::Fast, move |r| page(r, &at, &reference)).await
}

/// The need that survives the merges in force, whichever of its references was asked for.
fn page(r: &mut Read<'_>, a: &Allowed<SeeNeeds>, reference: &Reference) -> Result<Value> {
    let incident = a.incident();
    let found = scope::find(r, incident.id, a.actor(), reference, READERS)?;
    let brief = service::briefs(r, a.keys(), incident, a.actor(), &[found.root])?.pop().ok_or(Error::NotFound)?;
    let members = ledger::store::members(r, found.root)?;
    let events = ledger::store::events_of(r, &members)?;
    let (state, organisations) = (ledger::fold(&events, None), organisations_of(r, &events)?);
    let taken_back: HashSet<i64> = events.iter().filter_map(|event| event.voids).collect();
    let happened = events.iter().rev().map(|event| {
        let late = event.recorded_at.0 - event.occurred_at.0 > LATE;
        let when = |at: Time| minute(&at.to_rfc3339(incident.zone));
        context! {
            kind => event.kind.code(),
            when => when(event.occurred_at),
            late => late.then(|| when(event.recorded_at)),
            by => event.organisation.and_then(|id| organisations.get(&id)),
            of => (event.need != found.root).then(|| state.needs.get(&event.need).map(|need| &need.reference)),
            voided => taken_back.contains(&event.id),
        }
    });
    Ok(context! {
        reference => brief.reference.as_str(),
        asked => (found.id != found.root).then(|| reference.as_str()),
        stage => brief.stage.as_str(),
        category => brief.category.as_str(),
        urgency => brief.urgency.as_str(),
        place => place(&brief),
        summary => &brief.summary,
        submitted => minute(&brief.submitted_at),
        axes => axes(&brief.axes),
        lines => lines(&brief, &state, found.root),
        events => happened.collect::<Vec<_>>(),
    })
}

fn organisations_of(r: &mut Read<'_>, events: &[Event]) -> Result<BTreeMap<i64, String>> {
    let mut names = BTreeMap::new();
    for id in events.iter().filter_map(|event| event.organisation) {
        if let std::collections::btree_map::Entry::Vacant(entry) = names.entry(id) {
            entry.insert(organisations::store::by_id(r, id)?.name);
        }
    }
    Ok(names)
}

fn axes(axes: &Axes) -> Vec<(&'static str, &'static str)> {
    vec![
        ("phone", axes.phone.as_str()),
        ("urgent", axes.urgent.as_str()),
        ("matching", axes.matching.as_str()),
        ("delivery", axes.delivery.as_str()),
        ("closure", axes.closure.as_str()),
    ]
}

fn lines(brief: &Brief, state: &State, root: i64) -> Vec<Value> {
    let folded = state.needs.get(&root).map(|need| need.lines.as_slice()).unwrap_or_default();
    let of = |words: &BriefLine| folded.iter().find(|line| line.n == words.n).map(|line| row(words, line));
    brief.lines.iter().filter_map(of).collect()
}

/// A line; where it recurs, with the figures of the day that has least left.
fn row(words: &BriefLine, line: &Line) -> Value {
    let day = line.days.iter().min_by_key(|day| line.left(day)).copied().unwrap_or_default();
    context! {
        item => &words.item,
        unit => &words.unit,
        daily => words.daily,
        wanted => line.wanted,
        held => day.held,
        confirmed => day.confirmed,
        fulfilled => day.fulfilled,
        left => line.left(&day),
    }
}
