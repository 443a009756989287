//! Voiding over the API.

use actix_web::post;

use super::model::{NewVoid, Voided};
use super::service;
use crate::error::Error;
use crate::http::{Answer, Api, Post};
use crate::ids::Draw;
use crate::ledger::texts::{self, Words};
use crate::ledger::when::Told;
use crate::needs::acting::Command;

crate::permissions! {
    /// Take back what was recorded by mistake.
    pub VoidEvents: InIncident = "events.void" => [Operator];
}

/// Takes an event back, or all events of its act.
#[utoipa::path(request_body = NewVoid, responses((status = 201, body = Voided)))]
#[post("/incidents/{incident}/events/{reference}/void")]
async fn void(Post(call, body): Post<VoidEvents, NewVoid>) -> Answer {
    let event = call.reference("reference")?;
    let reason = texts::check("/reason", &body.reason).map_err(|error| Error::Invalid(vec![error]))?;
    let command = Command::new(call.keys(), call.actor(), Told::default(), &mut Draw::random());
    let command = command.with(call.keys(), Words::Reason, Some(&reason));
    call.created(move |w, a| service::void(w, a.incident(), a.actor(), &event, body.whole_act, &command)).await
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    api.section("voiding").route::<VoidEvents>(void);
}
