//! Reveals over the API.

use actix_web::post;

use super::model::{Ask, Revealed};
use super::service::{self, Asking};
use crate::audit;
use crate::error::{Error, Result};
use crate::http::{Answer, Api, Once, Post};
use crate::ledger::texts;

crate::permissions! {
    /// Read full contacts, each time recorded.
    pub RevealContacts: InIncident = "needs.reveal" => [CommunityWorker, Operator, CaseWorker, Coordinator];
}

/// The contacts of a need in full. Recorded before they are answered.
#[utoipa::path(request_body = Ask, responses((status = 200, body = Revealed)))]
#[post("/incidents/{incident}/needs/{reference}/contacts/reveals")]
async fn reveal(Post(call, ask): Post<RevealContacts, Ask>) -> Answer {
    let reference = call.reference("reference")?;
    let reason = sealed_reason(&call, ask.reason.as_deref())?;
    call.state().count_reveal(call.user()?)?;
    call.shown(move |w, a| {
        let asking = Asking { actor: a.actor(), request: a.request_id(), reason: reason.as_deref() };
        service::reveal(w, a.keys(), a.incident().id, &asking, &reference)
    })
    .await
}

fn sealed_reason(call: &Once<RevealContacts>, reason: Option<&str>) -> Result<Option<Vec<u8>>> {
    let reason = reason.map(|reason| texts::check("/reason", reason)).transpose().map_err(|error| Error::Invalid(vec![error]))?;
    Ok(reason.map(|reason| audit::model::sealed_reason(call.keys(), call.request_id(), &reason)))
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    api.section("needs").route::<RevealContacts>(reveal);
}
