//! The timeline over the API.

use std::collections::HashMap;

use actix_web::get;

use super::model::{Asked, Item, Page};
use super::rules;
use crate::db::{Lane, Read};
use crate::error::Result;
use crate::http::{Allowed, Answer, Api, found, page};
use crate::needs::model::READERS;
use crate::needs::showing::service::{self as showing, History};
use crate::needs::showing::store;

crate::permissions! {
    /// Read what happened to a need.
    pub ReadEvents: InIncident = "needs.events" => [CommunityWorker, Operator, CaseWorker, Coordinator, Supervisor];
}

/// What happened to a need and to what is merged with it, the newest first.
#[utoipa::path(params(Asked), responses((status = 200, body = Page)))]
#[get("/incidents/{incident}/needs/{reference}/events")]
async fn timeline(a: Allowed<ReadEvents>) -> Answer {
    let (asked, reference): (Asked, _) = (a.query()?, a.reference("reference")?);
    let limit = page::limit(asked.limit)?;
    let after: Option<String> = asked.cursor.as_deref().map(page::cursor).transpose()?;
    let at = a.clone();
    let read = move |r: &mut Read<'_>| {
        let (incident, actor) = (at.incident(), at.actor());
        let History { events, state, .. } = showing::history(r, incident.id, actor, &reference, READERS)?;
        let (page, more) = rules::page(&events, after.as_deref(), limit)?;
        let organisations = store::organisation_names(r, page.iter().filter_map(|event| event.organisation).collect())?;
        let needs: HashMap<i64, String> = state.needs.values().map(|need| (need.id, need.reference.clone())).collect();
        let items = page.iter().map(|event| rules::item(event, &events, &needs, &organisations, incident.zone));
        Ok((items.collect::<Result<Vec<Item>>>()?, more))
    };
    let (items, more) = a.db().read(Lane::Fast, read).await?;
    let next = items.last().filter(|_| more).map(|last| page::write(&last.reference));
    found(&Page { items, next })
}

/// Registers it.
pub fn routes(api: &mut Api<'_>) {
    api.section("timeline").route::<ReadEvents>(timeline);
}
