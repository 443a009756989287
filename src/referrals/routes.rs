//! Referrals over the API.

use actix_web::post;

use super::model::{NewAcceptance, NewReferral, Referred};
use super::{rules, service};
use crate::http::{Answer, Api, Post};
use crate::ids::Draw;
use crate::needs::acting::Done;

crate::permissions! {
    /// Refer needs, and record what was accepted.
    pub Refer: InIncident = "referrals.make" => [Operator];
}

/// Refers a need to the body that decides.
#[utoipa::path(request_body = NewReferral, responses((status = 201, body = Referred)))]
#[post("/incidents/{incident}/needs/{reference}/referrals")]
async fn refer(Post(call, body): Post<Refer, NewReferral>) -> Answer {
    let need = call.reference("reference")?;
    let prepared = service::prepare(call.keys(), call.actor(), rules::read_referral(body)?, &mut Draw::random());
    call.created(move |w, a| service::refer(w, a.incident(), a.actor(), &need, &prepared)).await
}

/// Records that the body accepted a referral.
#[utoipa::path(request_body = NewAcceptance, responses((status = 201, body = Done)))]
#[post("/incidents/{incident}/needs/{reference}/referrals/{n}/acceptance")]
async fn accept(Post(call, body): Post<Refer, NewAcceptance>) -> Answer {
    let (need, n) = (call.reference("reference")?, call.number("n")?);
    let command = service::prepare_acceptance(call.keys(), call.actor(), rules::read_acceptance(body)?, &mut Draw::random());
    call.created(move |w, a| service::accept(w, a.incident(), a.actor(), &need, n, &command)).await
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    api.section("referrals").route::<Refer>(refer).route::<Refer>(accept);
}
