//! Incidents over the API: those the caller may know, one of them, creating and changing.

use actix_web::{get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::{Incident, IncidentChange, IncidentState, Intake, NewIncident, PublicFigures};
use super::service::Founding;
use super::{rules, service, store};
use crate::clock::Time;
use crate::db::{Lane, Read};
use crate::error::{Error, FieldCode, Result};
use crate::http::{Allowed, Answer, Api, Edit, Post, found, page};
use crate::regions;

crate::permissions! {
    /// List the incidents one may know.
    pub ListIncidents: OnPlatform = "incidents.list" => public;
    /// Read an incident one may know.
    pub ReadIncident: InIncident = "incidents.read" => public;
    /// Create incidents.
    pub CreateIncidents: OnPlatform = "incidents.create" => [Admin];
    /// Change an incident.
    pub ChangeIncident: InIncident = "incidents.change" => [Admin];
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct Page {
    items: Vec<IncidentView>,
    /// The cursor of the next page, absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// An incident.
#[derive(Serialize, ToSchema)]
struct IncidentView {
    /// What stands in addresses.
    slug: String,
    name: String,
    /// The zone its days and hours are counted in.
    zone: String,
    /// The region it covers.
    area: Area,
    /// When it began, RFC 3339.
    started_at: String,
    /// The hour at which a report day ends.
    cut_off_hour: u32,
    state: IncidentState,
    /// An exercise (演练).
    practice: bool,
    public_figures: PublicFigures,
    intake: Intake,
    /// What the form says beside a closed intake.
    intake_text: String,
    /// Whether matching before the phone follow-up is allowed.
    early_matching: bool,
    /// Made by a scenario of the demo.
    demo: bool,
    version: i64,
}

#[derive(Serialize, ToSchema)]
struct Area {
    code: String,
    full_name: String,
}

/// An incident to be created. Who creates it is its first admin.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewBody {
    /// 1 to 40 lower-case letters and digits, words joined by dashes.
    #[schema(min_length = 1, max_length = 40)]
    slug: String,
    #[schema(min_length = 1, max_length = 80)]
    name: String,
    /// A zone of the tz database: `Asia/Shanghai`.
    zone: String,
    /// Code of the region it covers.
    area: String,
    /// When it began, RFC 3339.
    started_at: String,
    /// 19 where none is given.
    #[schema(minimum = 0, maximum = 23)]
    cut_off_hour: Option<i64>,
    /// `none` where nothing is given.
    public_figures: Option<PublicFigures>,
    #[serde(default)]
    practice: bool,
    #[serde(default)]
    early_matching: bool,
}

/// What is to change; the rest stays. Zone, cut-off and area are fixed by the first event.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeBody {
    #[schema(min_length = 1, max_length = 80)]
    name: Option<String>,
    state: Option<IncidentState>,
    public_figures: Option<PublicFigures>,
    intake: Option<Intake>,
    #[schema(max_length = 500)]
    intake_text: Option<String>,
    early_matching: Option<bool>,
    zone: Option<String>,
    #[schema(minimum = 0, maximum = 23)]
    cut_off_hour: Option<i64>,
    area: Option<String>,
}

/// The incidents whose figures are public, and those one takes part in; the newest first.
#[utoipa::path(params(Asked), responses((status = 200, body = Page)))]
#[get("/incidents")]
async fn list(a: Allowed<ListIncidents>) -> Answer {
    let asked: Asked = a.query()?;
    let limit = page::limit(asked.limit)?;
    let before = asked.cursor.as_deref().map(page::cursor::<(i64, i64)>).transpose()?;
    let user = a.actor().user;
    let (items, next) = a
        .db()
        .read(Lane::Fast, move |r| {
            let (incidents, next) = page::cut(store::known(r, user, before, limit + 1)?, limit, |last| (last.started_at.0, last.id));
            let views: Result<Vec<IncidentView>> = incidents.into_iter().map(|incident| view(r, incident)).collect();
            Ok((views?, next))
        })
        .await?;
    found(&Page { items, next })
}

/// An incident. To who takes no part in it, it exists where its figures are public or it takes needs from the public.
#[utoipa::path(responses((status = 200, body = IncidentView)))]
#[get("/incidents/{incident}")]
async fn show(a: Allowed<ReadIncident>) -> Answer {
    let incident = a.incident().clone();
    if a.actor().grants.is_empty() && !rules::known_to_the_public(&incident) {
        return Err(Error::NotFound.into());
    }
    found(&a.db().read(Lane::Fast, move |r| view(r, incident)).await?)
}

/// Creates an incident.
#[utoipa::path(request_body = NewBody, responses((status = 201, body = IncidentView)))]
#[post("/incidents")]
async fn create(Post(call, body): Post<CreateIncidents, NewBody>) -> Answer {
    let started_at = Time::parse(&body.started_at).ok_or_else(|| Error::field("/started_at", FieldCode::NotATime))?;
    let new = NewIncident {
        slug: body.slug,
        name: body.name,
        zone: body.zone,
        area: body.area,
        started_at,
        cut_off_hour: body.cut_off_hour.unwrap_or(rules::DEFAULT_CUT_OFF),
        public_figures: body.public_figures.unwrap_or(PublicFigures::None),
        practice: body.practice,
        early_matching: body.early_matching,
        demo: false,
    };
    let founding = Founding::draw();
    call.created(move |w, a| {
        let incident = service::found(w, a.actor(), a.request_id(), a.keyring(), &founding, &new)?;
        view(w, incident)
    })
    .await
}

/// Changes an incident.
#[utoipa::path(request_body = ChangeBody, responses((status = 200, body = IncidentView)))]
#[patch("/incidents/{incident}")]
async fn change(Edit(edit, body): Edit<ChangeIncident, ChangeBody>) -> Answer {
    let ChangeBody { name, state, public_figures, intake, intake_text, early_matching, zone, cut_off_hour, area } = body;
    let change = IncidentChange { name, state, public_figures, intake, intake_text, early_matching, zone, cut_off_hour, area };
    if change.state == Some(IncidentState::Closed) {
        let id = edit.incident().id;
        while edit.db().write(move |w| service::settle(w, id)).await? {}
    }
    edit.ok(move |w, a, version| {
        let incident = service::change(w, a.actor(), a.request_id(), a.incident().id, version, &change)?;
        view(w, incident)
    })
    .await
}

fn view(r: &mut Read<'_>, incident: Incident) -> Result<IncidentView> {
    let full_name = regions::store::by_code(r, &incident.area)?.map_or_else(|| incident.area.clone(), |area| area.full_name);
    let started_at = incident.started_at.to_rfc3339(incident.zone);
    let Incident {
        slug,
        name,
        zone,
        area,
        cut_off_hour,
        state,
        practice,
        public_figures,
        intake,
        intake_text,
        early_matching,
        demo,
        version,
        ..
    } = incident;
    Ok(IncidentView {
        slug,
        name,
        zone: zone.name().to_owned(),
        area: Area { code: area, full_name },
        started_at,
        cut_off_hour,
        state,
        practice,
        public_figures,
        intake,
        intake_text,
        early_matching,
        demo,
        version,
    })
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    api.section("incidents")
        .route::<ListIncidents>(list)
        .route::<CreateIncidents>(create)
        .route::<ReadIncident>(show)
        .route::<ChangeIncident>(change);
}
