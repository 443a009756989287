//! The routes of the HTTP layer itself: the catalogue of problems, the OpenAPI document, and whether the program lives and is ready.

use std::time::Duration;

use actix_web::{HttpResponse, get, web};

use super::api::Api;
use super::catalogue::{Known, ProblemCode, catalogue};
use super::command::found;
use super::permission::Allowed;
use super::problem::{Answer, Problem};
use super::state::State;

crate::permissions! {
    /// Read how the API is used.
    pub ReadAbout: OnPlatform = "about.read" => public;
}

/// The catalogue of problems: every code that an answer may carry.
#[utoipa::path(responses((status = 200, body = [Known])))]
#[get("/problems")]
async fn problems(_: Allowed<ReadAbout>) -> Answer {
    found(&catalogue())
}

/// This document.
#[utoipa::path(responses((status = 200, body = Object)))]
#[get("/openapi.json")]
async fn openapi(_: Allowed<ReadAbout>, document: web::Data<utoipa::openapi::OpenApi>) -> Answer {
    found(document.get_ref())
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    api.section("about").route::<ReadAbout>(problems).route::<ReadAbout>(openapi);
}

/// The process lives.
pub async fn livez() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("alive\n")
}

/// The program can serve: it is not shutting down, and the database takes writes.
pub async fn readyz(state: web::Data<State>) -> Result<HttpResponse, Problem> {
    if *state.stopping.borrow() {
        return Err(ProblemCode::Unavailable.into());
    }
    let probe = tokio::time::timeout(Duration::from_secs(2), state.db.write(|_| Ok(())));
    match probe.await {
        Ok(Ok(())) => Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ready\n")),
        _ => Err(ProblemCode::Unavailable.into()),
    }
}
