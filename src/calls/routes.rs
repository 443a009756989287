//! Calls and visits over the API.

use actix_web::post;

use super::model::{Logged, NewCall, NewVisit};
use super::{rules, service};
use crate::http::{Answer, Api, Post};
use crate::ids::Draw;
use crate::needs::acting::Done;

crate::permissions! {
    /// Log a call.
    pub LogCalls: InIncident = "calls.log" => [Operator];
    /// Record a home visit.
    pub RecordVisits: InIncident = "visits.record" => [Operator, CommunityWorker, CaseWorker];
}

/// Logs a call about one or more needs.
#[utoipa::path(request_body = NewCall, responses((status = 201, body = Logged)))]
#[post("/incidents/{incident}/calls")]
async fn log(Post(call, body): Post<LogCalls, NewCall>) -> Answer {
    let prepared = service::prepare_call(call.keys(), call.actor(), rules::read_call(body)?, &mut Draw::random());
    call.created(move |w, a| service::log(w, a.incident(), a.actor(), &prepared)).await
}

/// Records a home visit.
#[utoipa::path(request_body = NewVisit, responses((status = 201, body = Done)))]
#[post("/incidents/{incident}/needs/{reference}/visits")]
async fn visit(Post(call, body): Post<RecordVisits, NewVisit>) -> Answer {
    let need = call.reference("reference")?;
    let prepared = service::prepare_visit(call.keys(), call.actor(), rules::read_visit(body)?, &mut Draw::random());
    call.created(move |w, a| service::visit(w, a.incident(), a.actor(), &need, &prepared)).await
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    api.section("calls").route::<LogCalls>(log).route::<RecordVisits>(visit);
}
