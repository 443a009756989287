//! Dead letters: jobs that failed too often, seen and put back by admins.

use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::store::{self, Dead};
use crate::db::Lane;
use crate::error::Error;
use crate::http::{Allowed, Answer, Api, Nothing, Post, found, page};

crate::permissions! {
    /// See jobs that failed too often, and put them back.
    pub TendJobs: OnPlatform = "jobs.tend" => [Admin];
}

/// What to list.
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
struct DeadJobs {
    items: Vec<DeadJob>,
    /// The cursor of the next page, absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct DeadJob {
    kind: String,
    subject: String,
    /// How often it was tried.
    attempts: i64,
    /// When it was set aside, RFC 3339.
    dead_at: String,
    /// What went wrong the last time.
    error: String,
}

/// Jobs that failed too often.
#[utoipa::path(params(Asked), responses((status = 200, body = DeadJobs)))]
#[get("/jobs/dead")]
async fn dead(a: Allowed<TendJobs>) -> Answer {
    let asked: Asked = a.query()?;
    let limit = page::limit(asked.limit)?;
    let after = asked.cursor.as_deref().map(page::cursor::<i64>).transpose()?.unwrap_or(0);
    let dead = a.db().read(Lane::Fast, move |r| store::dead(r, after, limit + 1)).await?;
    let (dead, next) = page::cut(dead, limit, |last| last.id);
    let view = |Dead { kind, subject, attempts, dead_at, error, .. }: Dead| {
        let dead_at = dead_at.to_rfc3339(chrono_tz::UTC);
        DeadJob { kind, subject, attempts, dead_at, error }
    };
    found(&DeadJobs { items: dead.into_iter().map(view).collect(), next })
}

/// Puts a job that failed too often back into the queue.
#[utoipa::path(request_body = Nothing, responses((status = 204)))]
#[post("/jobs/dead/{kind}/{subject}/retry")]
async fn retry(Post(call, _): Post<TendJobs, Nothing>) -> Answer {
    call.done(|w, a| {
        if store::revive(w, a.segment("kind")?, a.segment("subject")?)? {
            return Ok(());
        }
        Err(Error::NotFound)
    })
    .await
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    api.section("jobs").route::<TendJobs>(dead).route::<TendJobs>(retry);
}
