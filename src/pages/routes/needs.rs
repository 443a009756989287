//! After signing in: the needs within one's scope, masked and read-only, and what happened to each.

use actix_web::{HttpRequest, HttpResponse, web};
use minijinja::{Value, context};
use serde::Deserialize;

use super::{Page, Viewer, failed, refusal};
use crate::db::{Lane, Read};
use crate::error::{Error, Result};
use crate::http::{Allowed, Problem, page as pages};
use crate::ledger::model::Stage;
use crate::needs::listing::model::{Asked, Brief, Cursor};
use crate::needs::listing::service;

crate::permissions! {
    /// See needs, masked.
    pub SeeNeeds: InIncident = "pages.needs" => [CommunityWorker, Operator, CaseWorker, Coordinator, Supervisor];
}

const PAGE: i64 = 20;

pub(super) fn mount(config: &mut web::ServiceConfig) {
    config.route("/i/{incident}/needs", web::get().to(list));
}

#[derive(Deserialize, Default)]
struct Wanted {
    stage: Option<String>,
    cursor: Option<String>,
}

async fn list(a: Result<Allowed<SeeNeeds>, Problem>, req: HttpRequest) -> HttpResponse {
    let a = match a {
        Ok(a) => a,
        Err(problem) => return refusal(&req, &problem),
    };
    match read(&a, &req).await {
        Ok(own) => Page::new(&req, Viewer::of(&a, Some(a.incident())), Some(a.incident()), "needs").fill(200, "needs", own),
        Err(error) => failed(&req, error),
    }
}

async fn read(a: &Allowed<SeeNeeds>, req: &HttpRequest) -> Result<Value> {
    let wanted = web::Query::<Wanted>::from_query(req.query_string()).map(web::Query::into_inner).unwrap_or_default();
    let stage =
        wanted.stage.as_deref().filter(|code| !code.is_empty()).map(str::parse::<Stage>).transpose().map_err(|_| Error::NotFound)?;
    let cursor = wanted.cursor.as_deref().map(pages::cursor::<Cursor>).transpose().map_err(|_| Error::NotFound)?;
    let (at, asked) = (a.clone(), Asked { stage, ..Asked::default() });
    let page = move |r: &mut Read<'_>| {
        let filter = service::filter(r, at.incident(), at.actor(), &asked, at.now())?;
        service::read(r, at.keys(), at.incident(), at.actor(), &filter, PAGE, cursor)
    };
    let (items, next) = a.db().read(Lane::Fast, page).await?;
    Ok(context! {
        items => items.iter().map(row).collect::<Vec<_>>(),
        next => next.map(|cursor| pages::write(&cursor)),
        stage => stage.map(|stage| stage.as_str()),
        stages => Stage::ALL.iter().map(|stage| stage.as_str()).collect::<Vec<_>>(),
        later => wanted.cursor.is_some(),
    })
}

fn row(need: &Brief) -> Value {
    context! {
        reference => need.reference.as_str(),
        stage => need.stage.as_str(),
        urgency => need.urgency.as_str(),
        category => need.category.as_str(),
        what => &need.summary,
        place => place(need),
        district => &need.district,
        contact => need.contact.as_ref().map(|contact| format!("{} {}", contact.name, contact.phone)),
        submitted => minute(&need.submitted_at),
    }
}

/// Where a need is, below the city; nothing where that is not known.
pub(super) fn place(need: &Brief) -> Option<&str> {
    let name = need.region.as_ref()?.name.as_str();
    Some(name.split_once('市').map_or(name, |(_, below)| if below.is_empty() { name } else { below }))
}

/// An RFC 3339 instant as people read it: 2022-01-09 19:00.
pub(super) fn minute(text: &str) -> String {
    format!("{} {}", text.get(..10).unwrap_or_default(), text.get(11..16).unwrap_or_default())
}
