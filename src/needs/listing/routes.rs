//! Lists over the API, and the search by phone.

use actix_web::get;

use super::model::{Asked, Page};
use super::service;
use crate::db::{Lane, Read};
use crate::http::{Allowed, Answer, Api, found, page};

crate::permissions! {
    /// List needs and read them, masked.
    pub ReadNeeds: InIncident = "needs.read" => [CommunityWorker, Operator, CaseWorker, Coordinator, Supervisor];
}

/// The needs within the caller's scope, masked.
#[utoipa::path(params(Asked), responses((status = 200, body = Page)))]
#[get("/incidents/{incident}/needs")]
async fn list(a: Allowed<ReadNeeds>) -> Answer {
    let asked: Asked = a.query()?;
    let limit = page::limit(asked.limit)?;
    let cursor = asked.cursor.as_deref().map(page::cursor).transpose()?;
    let at = a.clone();
    let read = move |r: &mut Read<'_>| {
        let filter = service::filter(r, at.incident(), at.actor(), &asked, at.now())?;
        service::read(r, at.keys(), at.incident(), at.actor(), &filter, limit, cursor)
    };
    let (items, next) = a.db().read(Lane::Fast, read).await?;
    found(&Page { items, next: next.map(|cursor| page::write(&cursor)) })
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    api.section("needs").route::<ReadNeeds>(list);
}
