//! Lists over the API, and the search by phone.

use actix_web::{get, post};

use super::model::{Asked, FoundByPhone, Page, PhoneSearch};
use super::service;
use crate::db::{Lane, Read};
use crate::error::{Error, FieldCode};
use crate::http::{Allowed, Answer, Api, Post, found, page};
use crate::phone::Phone;

crate::permissions! {
    /// List needs and read them, masked.
    pub ReadNeeds: InIncident = "needs.read" => [CommunityWorker, Operator, CaseWorker, Coordinator, Supervisor];
    /// Look needs up by the phone number of a caller.
    pub SearchByPhone: InIncident = "needs.search" => [Operator];
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

/// The needs that name a phone number as a contact, masked. Each search is recorded.
#[utoipa::path(request_body = PhoneSearch, responses((status = 200, body = FoundByPhone)))]
#[post("/incidents/{incident}/needs/searches")]
async fn search(Post(call, search): Post<SearchByPhone, PhoneSearch>) -> Answer {
    let phone = Phone::parse(&search.phone).ok_or_else(|| Error::field("/phone", FieldCode::NotAPhone))?;
    call.shown(move |w, a| {
        let items = service::by_phone(w, a.keys(), a.incident(), a.actor(), &phone, a.request_id())?;
        Ok(FoundByPhone { items })
    })
    .await
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    api.section("needs").route::<ReadNeeds>(list).route::<SearchByPhone>(search);
}
