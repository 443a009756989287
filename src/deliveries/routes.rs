//! Deliveries over the API.

use actix_web::post;

use super::model::{Delivered, NewDelivery, NewStep};
use super::{rules, service};
use crate::http::{Answer, Api, Post};
use crate::ids::Draw;

crate::permissions! {
    /// Deliver what was claimed.
    pub Deliver: InIncident = "deliveries.start" => [Coordinator, Operator];
    /// Set a delivery's steps; community workers those that confirm what arrived.
    pub StepDeliveries: InIncident = "deliveries.step" => [Coordinator, Operator, CommunityWorker];
}

/// Starts a delivery of a confirmed claim, at any step.
#[utoipa::path(request_body = NewDelivery, responses((status = 201, body = Delivered)))]
#[post("/incidents/{incident}/claims/{reference}/deliveries")]
async fn start(Post(call, body): Post<Deliver, NewDelivery>) -> Answer {
    let claim = call.reference("reference")?;
    let prepared = service::prepare(call.keys(), call.actor(), rules::read_delivery(body)?, &mut Draw::random());
    call.created(move |w, a| service::start(w, a.incident(), a.actor(), &claim, &prepared)).await
}

/// Sets a later step of a delivery.
#[utoipa::path(request_body = NewStep, responses((status = 201, body = Delivered)))]
#[post("/incidents/{incident}/deliveries/{reference}/steps")]
async fn step(Post(call, body): Post<StepDeliveries, NewStep>) -> Answer {
    let delivery = call.reference("reference")?;
    let prepared = service::prepare_step(call.keys(), call.actor(), rules::read_step(body)?, &mut Draw::random());
    call.created(move |w, a| service::step(w, a.incident(), a.actor(), &delivery, &prepared)).await
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    api.section("deliveries").route::<Deliver>(start).route::<StepDeliveries>(step);
}
