//! A need over the API.

use actix_web::get;

use super::model::NeedView;
use super::service;
use crate::db::Lane;
use crate::http::{Allowed, Answer, Api, found};

crate::permissions! {
    /// Read a need, masked.
    pub ReadNeed: InIncident = "needs.show" => [CommunityWorker, Operator, CaseWorker, Coordinator, Supervisor];
}

/// A need; a merged one opens the one that survives.
#[utoipa::path(responses((status = 200, body = NeedView)))]
#[get("/incidents/{incident}/needs/{reference}")]
async fn show(a: Allowed<ReadNeed>) -> Answer {
    let (reference, at) = (a.reference("reference")?, a.clone());
    let read = a.db().read(Lane::Fast, move |r| service::show(r, at.keys(), at.incident(), at.actor(), &reference));
    found(&read.await?)
}

/// Registers it.
pub fn routes(api: &mut Api<'_>) {
    api.section("needs").route::<ReadNeed>(show);
}
