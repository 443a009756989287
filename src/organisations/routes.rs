//! Organisations over the API: admins list, create, change, verify and suspend them, and let them join an incident.

use actix_web::{get, patch, post, put};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::{Filter, Kind, NewOrganisation, Organisation, OrganisationChange, OrganisationState};
use super::{service, store};
use crate::clock::Time;
use crate::db::Lane;
use crate::error::{Error, FieldCode};
use crate::http::{Allowed, Answer, Api, Edit, Permission, Post, found, page};
use crate::ids::Reference;

crate::permissions! {
    /// Read all organisations.
    pub ReadOrganisations: OnPlatform = "organisations.read" => [Admin];
    /// Create organisations, change, verify and suspend them.
    pub ManageOrganisations: OnPlatform = "organisations.manage" => [Admin];
    /// Read which organisations have joined an incident.
    pub ReadJoined: InIncident = "organisations.joined" => [Operator, CaseWorker, Coordinator, Supervisor, DataOfficer, Admin];
    /// Let an organisation join an incident.
    pub LetJoin: InIncident = "organisations.join" => [Admin];
}

/// Which organisations to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Only those in this state.
    state: Option<OrganisationState>,
    /// Only those of this kind.
    kind: Option<Kind>,
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct Page {
    items: Vec<OrganisationView>,
    /// The cursor of the next page, absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// An organisation.
#[derive(Serialize, ToSchema)]
struct OrganisationView {
    reference: String,
    name: String,
    kind: Kind,
    state: OrganisationState,
    /// Its unified social credit code.
    #[serde(skip_serializing_if = "Option::is_none")]
    credit_code: Option<String>,
    /// Code of the region it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    version: i64,
}

/// An organisation to be created; it is pending until it is verified.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewBody {
    #[schema(min_length = 1, max_length = 80)]
    name: String,
    kind: Kind,
    /// Its unified social credit code.
    credit_code: Option<String>,
    /// Code of the region it belongs to.
    region: Option<String>,
}

/// What is to change; the rest stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeBody {
    #[schema(min_length = 1, max_length = 80)]
    name: Option<String>,
    kind: Option<Kind>,
    credit_code: Option<String>,
    region: Option<String>,
}

/// Where an organisation shall stand.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StateBody {
    state: OrganisationState,
}

/// Which organisation joins.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct JoinBody {
    /// Its reference.
    organisation: String,
}

/// All organisations, the newest first.
#[utoipa::path(params(Asked), responses((status = 200, body = Page)))]
#[get("/organisations")]
async fn list(a: Allowed<ReadOrganisations>) -> Answer {
    read(&a, None).await
}

/// The organisations that have joined the incident, the newest first.
#[utoipa::path(params(Asked), responses((status = 200, body = Page)))]
#[get("/incidents/{incident}/organisations")]
async fn joined(a: Allowed<ReadJoined>) -> Answer {
    read(&a, Some(a.incident().id)).await
}

/// An organisation.
#[utoipa::path(responses((status = 200, body = OrganisationView)))]
#[get("/organisations/{reference}")]
async fn show(a: Allowed<ReadOrganisations>) -> Answer {
    let reference = a.reference("reference")?;
    found(&view(a.db().read(Lane::Fast, move |r| store::by_reference(r, &reference)).await?))
}

/// Creates an organisation.
#[utoipa::path(request_body = NewBody, responses((status = 201, body = OrganisationView)))]
#[post("/organisations")]
async fn create(Post(call, body): Post<ManageOrganisations, NewBody>) -> Answer {
    let NewBody { name, kind, credit_code, region } = body;
    let new = NewOrganisation { name, kind, credit_code, region, verified: false };
    let reference = Reference::random();
    call.created(move |w, a| service::create(w, a.actor(), a.request_id(), &reference, &new).map(view)).await
}

/// Changes what an organisation is.
#[utoipa::path(request_body = ChangeBody, responses((status = 200, body = OrganisationView)))]
#[patch("/organisations/{reference}")]
async fn change(Edit(edit, body): Edit<ManageOrganisations, ChangeBody>) -> Answer {
    let ChangeBody { name, kind, credit_code, region } = body;
    let change = OrganisationChange { name, kind, credit_code, region };
    let reference = edit.reference("reference")?;
    edit.ok(move |w, a, version| {
        let id = store::by_reference(w, &reference)?.id;
        service::change(w, a.actor(), a.request_id(), id, version, &change).map(view)
    })
    .await
}

/// Verifies or suspends an organisation.
#[utoipa::path(request_body = StateBody, responses((status = 200, body = OrganisationView)))]
#[put("/organisations/{reference}/state")]
async fn set_state(Edit(edit, body): Edit<ManageOrganisations, StateBody>) -> Answer {
    let reference = edit.reference("reference")?;
    edit.ok(move |w, a, version| {
        let id = store::by_reference(w, &reference)?.id;
        service::set_state(w, a.actor(), a.request_id(), id, version, body.state).map(view)
    })
    .await
}

/// Lets an organisation join the incident.
#[utoipa::path(request_body = JoinBody, responses((status = 201, body = OrganisationView)))]
#[post("/incidents/{incident}/organisations")]
async fn join(Post(call, body): Post<LetJoin, JoinBody>) -> Answer {
    let reference = Reference::parse(&body.organisation).ok_or_else(|| Error::field("/organisation", FieldCode::NotAReference))?;
    call.created(move |w, a| {
        let organisation = store::by_reference(w, &reference).map_err(|error| match error {
            Error::NotFound => Error::field("/organisation", FieldCode::Unknown),
            other => other,
        })?;
        service::join(w, a.actor(), a.request_id(), a.incident().id, &organisation)?;
        Ok(view(organisation))
    })
    .await
}

async fn read<P: Permission>(a: &Allowed<P>, incident: Option<i64>) -> Answer {
    let asked: Asked = a.query()?;
    let limit = page::limit(asked.limit)?;
    let after = asked.cursor.as_deref().map(page::cursor::<(i64, i64)>).transpose()?.map(|(at, id)| (Time(at), id));
    let filter = Filter { incident, state: asked.state, kind: asked.kind, after, limit: limit + 1 };
    let organisations = a.db().read(Lane::Fast, move |r| store::list(r, &filter)).await?;
    let (organisations, next) = page::cut(organisations, limit, |last| (last.created_at.0, last.id));
    found(&Page { items: organisations.into_iter().map(view).collect(), next })
}

fn view(organisation: Organisation) -> OrganisationView {
    let Organisation { reference, name, kind, state, credit_code, region, version, .. } = organisation;
    OrganisationView { reference: reference.to_string(), name, kind, state, credit_code, region, version }
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    api.section("organisations")
        .route::<ReadOrganisations>(list)
        .route::<ReadOrganisations>(show)
        .route::<ManageOrganisations>(create)
        .route::<ManageOrganisations>(change)
        .route::<ManageOrganisations>(set_state)
        .route::<ReadJoined>(joined)
        .route::<LetJoin>(join);
}
