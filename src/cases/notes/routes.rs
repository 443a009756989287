//! Notes over the API.

use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::{LIMIT, NewNote, PreparedNote, Written};
use super::service;
use crate::clock::Time;
use crate::db::Lane;
use crate::error::{Error, FieldCode, Result};
use crate::http::{Allowed, Answer, Api, Post, found, page};
use crate::ids::Reference;
use crate::text;

crate::permissions! {
    /// Write and read the notes of a case.
    pub KeepNotes: InIncident = "cases.notes" => [CaseWorker];
}

/// Which notes to show.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct Page {
    items: Vec<Note>,
    /// The cursor of the next page, absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct Note {
    reference: String,
    /// The need it was written on.
    need: String,
    /// Reference of the account that wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<String>,
    /// When, RFC 3339.
    #[schema(format = DateTime)]
    at: String,
    text: String,
}

/// Writes a note.
#[utoipa::path(request_body = NewNote, responses((status = 201, body = Written)))]
#[post("/incidents/{incident}/needs/{reference}/case/notes")]
async fn write(Post(call, body): Post<KeepNotes, NewNote>) -> Answer {
    let need = call.reference("reference")?;
    let words = text::lines("/text", &body.text, LIMIT).map_err(|error| Error::Invalid(vec![error]))?;
    if words.is_empty() {
        return Err(Error::field("/text", FieldCode::Empty).into());
    }
    let note = PreparedNote::new(call.keys(), Reference::random(), &words);
    call.created(move |w, a| service::write(w, a.incident(), a.actor(), &need, &note)).await
}

/// The notes of the caller's own organisation, the newest first.
#[utoipa::path(params(Asked), responses((status = 200, body = Page)))]
#[get("/incidents/{incident}/needs/{reference}/case/notes")]
async fn list(a: Allowed<KeepNotes>) -> Answer {
    let asked: Asked = a.query()?;
    let limit = page::limit(asked.limit)?;
    let before = asked.cursor.as_deref().map(page::cursor::<(i64, i64)>).transpose()?.map(|(at, id)| (Time(at), id));
    let (incident, actor, need) = (a.incident().id, a.actor().clone(), a.reference("reference")?);
    let kept = a.db().read(Lane::Fast, move |r| service::page(r, incident, &actor, &need, before, limit + 1)).await?;
    let (kept, next) = page::cut(kept, limit, |last| (last.at.0, last.id));
    let note = |kept: super::model::Kept| {
        let (text, at) = (kept.text(a.keys())?, kept.at.to_rfc3339(a.incident().zone));
        Ok(Note { reference: kept.reference, need: kept.need, author: kept.author, at, text })
    };
    found(&Page { items: kept.into_iter().map(note).collect::<Result<_>>()?, next })
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    api.section("notes").route::<KeepNotes>(write).route::<KeepNotes>(list);
}
