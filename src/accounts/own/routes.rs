//! `/me`.

use actix_web::{HttpRequest, get, post, web};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::login::Login;
use crate::accounts::model::{Grant, MembershipState, Role, User};
use crate::accounts::passwords::{self, Passwords};
use crate::accounts::service::change_password;
use crate::accounts::store;
use crate::db::{Lane, Read};
use crate::error::{Error, FieldCode, Result};
use crate::http::{Allowed, Answer, Api, Post, found};
use crate::organisations::model::OrganisationState;
use crate::{incidents, organisations};

crate::permissions! {
    /// See who one is, and change one's own password.
    pub OwnAccount: OnPlatform = "accounts.own" => any;
}

#[derive(Serialize, ToSchema)]
struct Me {
    reference: String,
    login: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Where one may do something now.
    incidents: Vec<MyIncident>,
    /// Where one belongs.
    organisations: Vec<MyOrganisation>,
}

#[derive(Serialize, ToSchema)]
struct MyIncident {
    slug: String,
    name: String,
    practice: bool,
    roles: Vec<MyRole>,
}

#[derive(Serialize, ToSchema)]
struct MyRole {
    role: Role,
    /// Reference of the organisation it is held in.
    organisation: String,
    /// Code of the region it is held over; absent for the whole incident.
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct MyOrganisation {
    reference: String,
    name: String,
    state: OrganisationState,
    membership: MembershipState,
}

/// Who one is, where one belongs, and what one may do.
#[utoipa::path(responses((status = 200, body = Me)))]
#[get("/me")]
async fn me(a: Allowed<OwnAccount>) -> Answer {
    let (user, grants, keys) = (a.user()?, a.account()?.grants.clone(), a.keyring().clone());
    let me = a.db().read(Lane::Fast, move |r| {
        let user = store::by_id(r, user)?;
        let platform = keys.platform();
        let login = Login::open(platform, &user.reference, &user.login_sealed)?.as_str().to_owned();
        let name = user.name_sealed.as_deref();
        let name = name.map(|sealed| platform.open("users", "name_sealed", user.reference.as_str(), sealed)).transpose()?;
        let (incidents, organisations) = (my_incidents(r, &grants)?, my_organisations(r, &user)?);
        Ok(Me { reference: user.reference.to_string(), login, name, incidents, organisations })
    });
    found(&me.await?)
}

fn my_incidents(r: &mut Read<'_>, grants: &[(i64, Grant)]) -> Result<Vec<MyIncident>> {
    let mut ids: Vec<i64> = grants.iter().map(|(incident, _)| *incident).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut mine = Vec::new();
    for id in ids {
        let incident = incidents::store::by_id(r, id)?;
        let mut roles = Vec::new();
        for (_, grant) in grants.iter().filter(|(incident, _)| *incident == id) {
            let organisation = organisations::store::by_id(r, grant.organisation)?.reference.to_string();
            let region = grant.region_path.trim_end_matches('/').rsplit('/').next().filter(|code| !code.is_empty());
            roles.push(MyRole { role: grant.role, organisation, region: region.map(str::to_owned) });
        }
        mine.push(MyIncident { slug: incident.slug, name: incident.name, practice: incident.practice, roles });
    }
    Ok(mine)
}

fn my_organisations(r: &mut Read<'_>, user: &User) -> Result<Vec<MyOrganisation>> {
    let mut mine = Vec::new();
    for membership in store::memberships_of(r, user.id)? {
        let organisation = organisations::store::by_id(r, membership.organisation)?;
        let (reference, name, state) = (organisation.reference.to_string(), organisation.name, organisation.state);
        mine.push(MyOrganisation { reference, name, state, membership: membership.state });
    }
    Ok(mine)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    #[schema(value_type = String, max_length = 1024)]
    current: SecretString,
    #[schema(value_type = String, min_length = 10, max_length = 256)]
    new: SecretString,
}

/// Changes one's password. Every other session ends.
#[utoipa::path(request_body = NewPassword, responses((status = 204)))]
#[post("/me/password")]
async fn password(Post(call, body): Post<OwnAccount, NewPassword>, req: HttpRequest, passwords: web::Data<Passwords>) -> Answer {
    let id = call.user()?;
    let user = call.db().read(Lane::Fast, move |r| store::by_id(r, id)).await?;
    let login = Login::open(call.keyring().platform(), &user.reference, &user.login_sealed)?;
    passwords::check("/new", body.new.expose_secret(), Some(login.as_str())).map_err(|e| Error::Invalid(vec![e]))?;
    // Whether the current one fits is judged in the write: a repeat comes after the change, and its answer is known.
    let attempt = async { Ok(passwords.fits(body.current, user.password_hash).await?.then_some(())) };
    let fits = call.state().guess(&req, login.as_str(), attempt).await?.is_some();
    let hash = passwords.hash(body.new).await?;
    call.done(move |w, a| {
        if !fits {
            return Err(Error::field("/current", FieldCode::WrongPassword));
        }
        change_password(w, a.actor(), a.request_id(), a.user()?, &hash)
    })
    .await
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    api.section("me").route::<OwnAccount>(me).route::<OwnAccount>(password);
}
