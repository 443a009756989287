//! Submitting over the API.

use actix_web::post;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{NewNeed, NewSubmission, Prepared, Submitted};
use super::{rules, service};
use crate::accounts::model::Role;
use crate::error::Result;
use crate::http::{Answer, Api, InIncident, Once, Permission, Post};
use crate::ids::{self, Draw, Reference};
use crate::ledger::model::Stage;

/// Submit needs: everybody may; operators and community workers do so with their account.
pub struct SubmitNeeds;

impl Permission for SubmitNeeds {
    type Scope = InIncident;
    const NAME: &'static str = "needs.submit";
    const ROLES: &'static [Role] = rules::STAFF;
    const PUBLIC: bool = true;
}

/// A need that was submitted alone.
#[derive(Serialize, ToSchema)]
struct SubmittedAlone {
    /// The need's reference.
    reference: Reference,
    /// Its submission's reference.
    submission: Reference,
    /// Where it stands.
    stage: Stage,
    /// When it counts as submitted, RFC 3339.
    submitted_at: String,
    /// The page that only who knows it can open; given once, to whoever has no account.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_link: Option<String>,
}

/// Submits one need.
#[utoipa::path(request_body = NewNeed, responses((status = 201, body = SubmittedAlone)))]
#[post("/incidents/{incident}/needs")]
async fn submit(Post(call, new): Post<SubmitNeeds, NewNeed>) -> Answer {
    let prepared = prepare(&call, new.into(), true)?;
    call.created(move |w, a| {
        let Submitted { reference, mut needs, submitted_at, secret_link } =
            service::submit(w, a.incident(), rules::is_staff(a.actor()), &prepared)?;
        let need = needs.swap_remove(0);
        Ok(SubmittedAlone { reference: need.reference, submission: reference, stage: need.stage, submitted_at, secret_link })
    })
    .await
}

/// Submits several needs at once, with the same contacts.
#[utoipa::path(request_body = NewSubmission, responses((status = 201, body = Submitted)))]
#[post("/incidents/{incident}/submissions")]
async fn submit_several(Post(call, new): Post<SubmitNeeds, NewSubmission>) -> Answer {
    let prepared = prepare(&call, new, false)?;
    call.created(move |w, a| service::submit(w, a.incident(), rules::is_staff(a.actor()), &prepared)).await
}

fn prepare(call: &Once<SubmitNeeds>, new: NewSubmission, single: bool) -> Result<Prepared> {
    let actor = call.actor();
    let submission = rules::read(new, single, actor, call.now())?;
    let secret = (!rules::is_staff(actor)).then(ids::secret);
    Ok(service::prepare(call.keys(), actor, submission, &mut Draw::random(), secret))
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    api.section("needs").route::<SubmitNeeds>(submit).route::<SubmitNeeds>(submit_several);
}
