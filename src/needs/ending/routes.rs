//! Turns and assessments over the API.

use actix_web::post;

use super::model::{NewAssessment, NewTurn, Turn};
use super::{rules, service};
use crate::http::{Answer, Api, Permission, Post};
use crate::ids::Draw;
use crate::needs::acting::Done;

crate::permissions! {
    /// Reject spam and tests, and answer by the desk itself.
    pub DecideNeeds: InIncident = "needs.decide" => [Operator];
    /// Withdraw, close and reopen.
    pub EndNeeds: InIncident = "needs.end" => [Operator, CommunityWorker];
    /// Assess how urgent a need is.
    pub AssessNeeds: InIncident = "needs.assess" => [Operator, CaseWorker];
}

/// Rejects spam or a test, before anybody spoke about it, came by or confirmed anything.
#[utoipa::path(request_body = NewTurn, responses((status = 201, body = Done)))]
#[post("/incidents/{incident}/needs/{reference}/rejection")]
async fn reject(post: Post<DecideNeeds, NewTurn>) -> Answer {
    turn(post, Turn::Rejection).await
}

/// Withdraws a need; it still counts as collected.
#[utoipa::path(request_body = NewTurn, responses((status = 201, body = Done)))]
#[post("/incidents/{incident}/needs/{reference}/cancellation")]
async fn cancel(post: Post<EndNeeds, NewTurn>) -> Answer {
    turn(post, Turn::Cancellation).await
}

/// Closes a need.
#[utoipa::path(request_body = NewTurn, responses((status = 201, body = Done)))]
#[post("/incidents/{incident}/needs/{reference}/closure")]
async fn close(post: Post<EndNeeds, NewTurn>) -> Answer {
    turn(post, Turn::Closure).await
}

/// Opens a need again.
#[utoipa::path(request_body = NewTurn, responses((status = 201, body = Done)))]
#[post("/incidents/{incident}/needs/{reference}/reopening")]
async fn reopen(post: Post<EndNeeds, NewTurn>) -> Answer {
    turn(post, Turn::Reopening).await
}

/// Records that the desk's own answer met the need.
#[utoipa::path(request_body = NewTurn, responses((status = 201, body = Done)))]
#[post("/incidents/{incident}/needs/{reference}/answer")]
async fn answer(post: Post<DecideNeeds, NewTurn>) -> Answer {
    turn(post, Turn::Answer).await
}

async fn turn<P: Permission<Scope = crate::http::InIncident>>(Post(call, body): Post<P, NewTurn>, turn: Turn) -> Answer {
    let need = call.reference("reference")?;
    let command = service::prepare(call.keys(), call.actor(), rules::read(&body)?, &mut Draw::random());
    call.created(move |w, a| service::turn(w, a.incident(), a.actor(), &need, turn, &command)).await
}

/// Assesses how urgent a need is.
#[utoipa::path(request_body = NewAssessment, responses((status = 201, body = Done)))]
#[post("/incidents/{incident}/needs/{reference}/assessments")]
async fn assess(Post(call, body): Post<AssessNeeds, NewAssessment>) -> Answer {
    let need = call.reference("reference")?;
    let command = service::prepare_assessment(call.keys(), call.actor(), rules::read_told(&body)?, &mut Draw::random());
    call.created(move |w, a| service::assess(w, a.incident(), a.actor(), &need, body.urgency, &command)).await
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    let ends = api.section("needs").route::<DecideNeeds>(reject).route::<EndNeeds>(cancel).route::<EndNeeds>(close);
    ends.route::<EndNeeds>(reopen).route::<DecideNeeds>(answer).route::<AssessNeeds>(assess);
}
