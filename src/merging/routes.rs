//! Merging over the API.

use actix_web::{get, post};

use super::model::{self, Asked, NewMerge, NewParting, PreparedMerge, Preview};
use super::{rules, service};
use crate::db::Lane;
use crate::error::{Error, FieldCode};
use crate::http::{Allowed, Answer, Api, Post, found};
use crate::ids::{Draw, Reference};
use crate::ledger::texts::Words;
use crate::needs::acting::{Command, Done};

crate::permissions! {
    /// Merge needs and part them.
    pub MergeNeeds: InIncident = "needs.merge" => [Operator];
}

/// What merging a need into another would do: which claims attach, what is surplus, whose names agree.
#[utoipa::path(params(Asked), responses((status = 200, body = Preview)))]
#[get("/incidents/{incident}/needs/{reference}/merge")]
async fn preview(a: Allowed<MergeNeeds>) -> Answer {
    let asked: Asked = a.query()?;
    let into = Reference::parse(&asked.into).ok_or_else(|| Error::field("into", FieldCode::NotAReference))?;
    let (need, call) = (a.reference("reference")?, a.clone());
    let read = move |r: &mut crate::db::Read<'_>| service::preview(r, call.keys(), call.incident().id, call.actor(), &need, &into);
    found(&a.db().read(Lane::Fast, read).await?)
}

/// Merges a need into another.
#[utoipa::path(request_body = NewMerge, responses((status = 201, body = Done)))]
#[post("/incidents/{incident}/needs/{reference}/merge")]
async fn merge(Post(call, body): Post<MergeNeeds, NewMerge>) -> Answer {
    let (need, merge) = (call.reference("reference")?, rules::read_merge(body)?);
    let command = Command::new(call.keys(), call.actor(), model::now(), &mut Draw::random());
    let command = command.with(call.keys(), Words::Note, merge.note.as_deref());
    let prepared = PreparedMerge::new(merge, command);
    call.created(move |w, a| service::merge(w, a.incident(), a.actor(), &need, &prepared)).await
}

/// Parts a need from the one it was merged into.
#[utoipa::path(request_body = NewParting, responses((status = 201, body = Done)))]
#[post("/incidents/{incident}/needs/{reference}/unmerge")]
async fn part(Post(call, body): Post<MergeNeeds, NewParting>) -> Answer {
    let (need, note) = (call.reference("reference")?, rules::read_parting(&body)?);
    let command = Command::new(call.keys(), call.actor(), model::now(), &mut Draw::random());
    let command = command.with(call.keys(), Words::Note, note.as_deref());
    call.created(move |w, a| service::part(w, a.incident(), a.actor(), &need, &command)).await
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    api.section("merging").route::<MergeNeeds>(preview).route::<MergeNeeds>(merge).route::<MergeNeeds>(part);
}
