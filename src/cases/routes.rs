//! Cases over the API.

use actix_web::post;

use super::model::{End, NewResponse, NewTurn};
use super::{notes, rules, service};
use crate::db::Lane;
use crate::http::{Answer, Api, Post};
use crate::ids::Draw;
use crate::needs::acting::Done;

crate::permissions! {
    /// Open a case, respond and end it.
    pub HandleCases: InIncident = "cases.handle" => [Operator, CaseWorker];
}

/// Opens a case: the people behind the need are in danger.
#[utoipa::path(request_body = NewTurn, responses((status = 201, body = Done)))]
#[post("/incidents/{incident}/needs/{reference}/case")]
async fn open(Post(call, body): Post<HandleCases, NewTurn>) -> Answer {
    let need = call.reference("reference")?;
    let command = service::prepare_turn(call.keys(), call.actor(), rules::read_turn(body)?, &mut Draw::random());
    call.created(move |w, a| service::open(w, a.incident(), a.actor(), &need, &command)).await
}

/// Records a response that reached people.
#[utoipa::path(request_body = NewResponse, responses((status = 201, body = Done)))]
#[post("/incidents/{incident}/needs/{reference}/case/responses")]
async fn respond(Post(call, body): Post<HandleCases, NewResponse>) -> Answer {
    let need = call.reference("reference")?;
    let response = rules::read_response(body)?;
    let (incident, actor, asked) = (call.incident().id, call.actor().clone(), need.clone());
    let root = call.db().read(Lane::Fast, move |r| service::root(r, incident, &actor, &asked)).await?;
    let prepared = service::prepare_response(call.keys(), call.actor(), &root, response, &mut Draw::random());
    call.created(move |w, a| service::respond(w, a.incident(), a.actor(), &need, &prepared)).await
}

/// The people are stable.
#[utoipa::path(request_body = NewTurn, responses((status = 201, body = Done)))]
#[post("/incidents/{incident}/needs/{reference}/case/stabilisation")]
async fn stabilise(post: Post<HandleCases, NewTurn>) -> Answer {
    end(post, End::Stabilised).await
}

/// Somebody else takes care of them.
#[utoipa::path(request_body = NewTurn, responses((status = 201, body = Done)))]
#[post("/incidents/{incident}/needs/{reference}/case/handover")]
async fn hand_on(post: Post<HandleCases, NewTurn>) -> Answer {
    end(post, End::HandedOn).await
}

/// There was no danger.
#[utoipa::path(request_body = NewTurn, responses((status = 201, body = Done)))]
#[post("/incidents/{incident}/needs/{reference}/case/standing_down")]
async fn stand_down(post: Post<HandleCases, NewTurn>) -> Answer {
    end(post, End::StoodDown).await
}

/// They can't be reached any more.
#[utoipa::path(request_body = NewTurn, responses((status = 201, body = Done)))]
#[post("/incidents/{incident}/needs/{reference}/case/lost_contact")]
async fn lose_contact(post: Post<HandleCases, NewTurn>) -> Answer {
    end(post, End::LostContact).await
}

async fn end(Post(call, body): Post<HandleCases, NewTurn>, end: End) -> Answer {
    let need = call.reference("reference")?;
    let command = service::prepare_turn(call.keys(), call.actor(), rules::read_turn(body)?, &mut Draw::random());
    call.created(move |w, a| service::end(w, a.incident(), a.actor(), &need, end, &command)).await
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    let cases = api.section("cases").route::<HandleCases>(open).route::<HandleCases>(respond).route::<HandleCases>(stabilise);
    cases.route::<HandleCases>(hand_on).route::<HandleCases>(stand_down).route::<HandleCases>(lose_contact);
    notes::routes::routes(api);
}
