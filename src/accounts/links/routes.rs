//! Making password links, and using links of both kinds.

use actix_web::{post, web};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{LinkKind, NewLink};
use super::service::{self, SetUp};
use crate::accounts::login::Login;
use crate::accounts::passwords::{self, Passwords};
use crate::accounts::service::{Draft, refuse_beyond, refuse_unseen};
use crate::accounts::{self};
use crate::clock::Time;
use crate::crypto::{FreshPair, secret_hash};
use crate::db::Lane;
use crate::error::{Error, FieldCode, RefusalCode};
use crate::http::{Answer, Api, Nothing, Post};
use crate::ids::Reference;
use crate::incidents::model::{NewIncident, PublicFigures};

crate::permissions! {
    /// Make links with which others choose a password.
    pub MakeLinks: InIncident = "accounts.links" => [Admin, OrgAdmin];
    /// Use a link that somebody was given.
    pub UseLink: BeforeSignIn = "links.use" => public;
}

/// A link, shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkView {
    /// Path of the page that consumes it; its last segment is the secret.
    pub(crate) link: String,
    /// Until when it works, RFC 3339.
    pub(crate) expires_at: String,
}

impl LinkView {
    /// What the maker of a link sees.
    pub(crate) fn new(link: &NewLink, zone: chrono_tz::Tz) -> Self {
        LinkView { link: link.path(), expires_at: link.expires_at.to_rfc3339(zone) }
    }
}

/// Makes a link with which somebody of the incident chooses a new password; earlier ones stop working.
#[utoipa::path(request_body = Nothing, responses((status = 201, body = LinkView)))]
#[post("/incidents/{incident}/users/{reference}/password-link")]
async fn make(Post(call, _): Post<MakeLinks, Nothing>) -> Answer {
    let link = NewLink::draw(LinkKind::Password, call.now());
    call.created(move |w, a| {
        let user = accounts::store::in_incident(w, a.incident().id, &a.reference("reference")?)?;
        refuse_unseen(w, a.actor(), user.id)?;
        refuse_beyond(w, user.id, &a.account()?.grants)?;
        service::make(w, a.actor(), a.request_id(), a.incident().id, &user, &link)?;
        Ok(LinkView::new(&link, a.incident().zone))
    })
    .await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Chosen {
    #[schema(value_type = String, min_length = 10, max_length = 256)]
    password: SecretString,
}

/// Chooses a password through a link, which is used up. Every session of the account ends.
#[utoipa::path(request_body = Chosen, responses((status = 204)))]
#[post("/password-links/{token}")]
async fn choose(Post(call, body): Post<UseLink, Chosen>, passwords: web::Data<Passwords>) -> Answer {
    let hash = secret_hash(call.segment("token")?);
    let (asked, now) = (hash.clone(), call.now());
    // A link that is used up may be a repeat: whether its answer is known is seen in the write.
    let user = match call.db().read(Lane::Fast, move |r| service::account_of(r, &asked, now)).await {
        Err(Error::Refused(_)) => None,
        other => Some(other?),
    };
    let password_hash = match &user {
        Some(user) => {
            let login = Login::open(call.keyring().platform(), &user.reference, &user.login_sealed)?;
            passwords::check("/password", body.password.expose_secret(), Some(login.as_str())).map_err(|e| Error::Invalid(vec![e]))?;
            Some(passwords.hash(body.password).await?)
        }
        None => None,
    };
    call.done(move |w, a| match &password_hash {
        Some(password_hash) => service::choose_password(w, a.request_id(), &hash, password_hash),
        None => Err(RefusalCode::LinkUsed.into()),
    })
    .await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FirstAdmin {
    /// E-mail, phone or name to sign in with.
    #[schema(max_length = 512)]
    login: String,
    #[schema(value_type = String, min_length = 10, max_length = 256)]
    password: SecretString,
    incident: Administered,
}

/// The incident that is administered. One that exists needs its slug alone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Administered {
    #[schema(max_length = 40)]
    slug: String,
    name: Option<String>,
    /// Such as Asia/Shanghai.
    zone: Option<String>,
    /// Code of the region it covers.
    area: Option<String>,
    /// When it began, RFC 3339.
    started_at: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct SetUpView {
    /// Reference of the account.
    reference: String,
    /// Slug of the incident.
    incident: String,
}

/// Makes the first administrator through the link printed at the start, with an incident to administer.
#[utoipa::path(request_body = FirstAdmin, responses((status = 201, body = SetUpView)))]
#[post("/setup-links/{token}")]
async fn set_up(Post(call, body): Post<UseLink, FirstAdmin>, passwords: web::Data<Passwords>) -> Answer {
    let hash = secret_hash(call.segment("token")?);
    let asked = hash.clone();
    call.db().read(Lane::Fast, move |r| super::store::find(r, LinkKind::Setup, &asked).map(drop)).await?;
    let login = Login::read("/login", &body.login).map_err(|e| Error::Invalid(vec![e]))?;
    passwords::check("/password", body.password.expose_secret(), Some(login.as_str())).map_err(|e| Error::Invalid(vec![e]))?;
    let password_hash = passwords.hash(body.password).await?;
    let slug = body.incident.slug.clone();
    let new = body.incident.read()?;
    let draft = Draft::new(call.keyring(), &login, None).password(Some(password_hash));
    let first = SetUp { draft, slug, new, fresh: FreshPair::new(), desk: Reference::random() };
    call.created(move |w, a| {
        let (user, incident) = service::set_up(w, a.request_id(), a.keyring(), &hash, &first)?;
        Ok(SetUpView { reference: user.reference.to_string(), incident: incident.slug })
    })
    .await
}

impl Administered {
    fn read(self) -> Result<Option<NewIncident>, Error> {
        let (Some(name), Some(zone), Some(area), Some(started_at)) = (self.name, self.zone, self.area, self.started_at) else {
            return Ok(None);
        };
        let started_at = Time::parse(&started_at).ok_or_else(|| Error::field("/incident/started_at", FieldCode::NotATime))?;
        Ok(Some(NewIncident {
            slug: self.slug,
            name,
            zone,
            area,
            started_at,
            cut_off_hour: 19,
            public_figures: PublicFigures::None,
            practice: false,
            early_matching: false,
            demo: false,
        }))
    }
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    api.section("links").route::<MakeLinks>(make).route::<UseLink>(choose).route::<UseLink>(set_up);
}
