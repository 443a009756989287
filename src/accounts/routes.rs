//! Administration of accounts within an incident: inviting, roles, ending memberships, suspending.

use actix_web::{delete, get, post, put};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::links::routes::LinkView;
use super::links::{self, LinkKind, NewLink};
use super::login::Login;
use super::model::{Actor, MembershipState, Role, User, UserState};
use super::service::{self, Draft, Enrolment, refuse_beyond};
use super::{rules, store};
use crate::crypto::KeyPair;
use crate::db::{Lane, Read};
use crate::error::{Error, FieldCode, FieldError, Result};
use crate::http::{Allowed, Answer, Api, Edit, Nothing, Post, found, page};
use crate::ids::Reference;
use crate::organisations::model::Organisation;
use crate::{organisations, text};

crate::permissions! {
    /// See who works in an incident: admins everybody, an organisation's administrators its members.
    pub ReadUsers: InIncident = "users.read" => [Admin, OrgAdmin];
    /// Invite people and change their roles.
    pub ManageUsers: InIncident = "users.manage" => [Admin, OrgAdmin];
    /// Suspend accounts.
    pub SuspendUsers: InIncident = "users.suspend" => [Admin];
}

const MOST_ROLES: usize = 20;

/// What to list.
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
struct Users {
    items: Vec<UserView>,
    /// The cursor of the next page, absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct UserView {
    reference: String,
    /// Masked.
    login: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    state: UserState,
    /// Of the account's state.
    version: i64,
    memberships: Vec<MembershipView>,
}

#[derive(Serialize, ToSchema)]
struct MembershipView {
    reference: String,
    /// Reference of the organisation.
    organisation: String,
    organisation_name: String,
    state: MembershipState,
    version: i64,
    /// The roles in this incident.
    grants: Vec<GrantBody>,
}

/// A role, over a region's subtree or the whole incident.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GrantBody {
    role: Role,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
}

/// What one account looks like to an actor: the memberships in the organisations that it administers. `None` where there are none.
fn view(r: &mut Read<'_>, platform: &KeyPair, actor: &Actor, incident: i64, user: &User) -> Result<Option<UserView>> {
    let mut memberships = Vec::new();
    for membership in store::memberships_of(r, user.id)? {
        let joined = organisations::store::has_joined(r, incident, membership.organisation)?;
        if !joined || !rules::administers(actor, membership.organisation) {
            continue;
        }
        let organisation = organisations::store::by_id(r, membership.organisation)?;
        let granted = store::granted(r, incident, &[membership.id])?;
        memberships.push(MembershipView {
            reference: membership.reference.to_string(),
            organisation: organisation.reference.to_string(),
            organisation_name: organisation.name,
            state: membership.state,
            version: membership.version,
            grants: granted.into_iter().map(|(_, role, region)| GrantBody { role, region }).collect(),
        });
    }
    if memberships.is_empty() {
        return Ok(None);
    }
    let name = user.name_sealed.as_deref();
    let name = name.map(|sealed| platform.open("users", "name_sealed", user.reference.as_str(), sealed)).transpose()?;
    let login = Login::open(platform, &user.reference, &user.login_sealed)?.masked();
    Ok(Some(UserView { reference: user.reference.to_string(), login, name, state: user.state, version: user.version, memberships }))
}

/// Who works in the incident.
#[utoipa::path(params(Asked), responses((status = 200, body = Users)))]
#[get("/incidents/{incident}/users")]
async fn list(a: Allowed<ReadUsers>) -> Answer {
    let asked: Asked = a.query()?;
    let limit = page::limit(asked.limit)?;
    let after = asked.cursor.as_deref().map(page::cursor::<i64>).transpose()?.unwrap_or(0);
    let inner = a.clone();
    let users = a.db().read(Lane::Fast, move |r| {
        let (incident, actor) = (inner.incident().id, inner.actor());
        let own = (!actor.has(Role::Admin)).then(|| actor.grants_of(Role::OrgAdmin).map(|grant| grant.organisation).collect::<Vec<_>>());
        let (users, next) = page::cut(store::page(r, incident, own, after, limit + 1)?, limit, |last| last.id);
        let platform = inner.keyring().platform();
        let views = users.iter().map(|user| view(r, platform, actor, incident, user)).collect::<Result<Vec<_>>>()?;
        Ok(Users { items: views.into_iter().flatten().collect(), next })
    });
    found(&users.await?)
}

/// One of those who work in the incident.
#[utoipa::path(responses((status = 200, body = UserView)))]
#[get("/incidents/{incident}/users/{reference}")]
async fn show(a: Allowed<ReadUsers>) -> Answer {
    let (inner, reference) = (a.clone(), a.reference("reference")?);
    let user = a.db().read(Lane::Fast, move |r| {
        let user = store::in_incident(r, inner.incident().id, &reference)?;
        view(r, inner.keyring().platform(), inner.actor(), inner.incident().id, &user)?.ok_or(Error::NotFound)
    });
    found(&user.await?)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Invitation {
    /// E-mail, phone or name to sign in with.
    #[schema(max_length = 512)]
    login: String,
    #[schema(max_length = 80)]
    name: Option<String>,
    #[schema(min_items = 1, max_items = 20)]
    roles: Vec<Role>,
    /// Reference of the organisation; the incident's desk where none is named.
    organisation: Option<String>,
    /// Code of the region the roles are held over.
    region: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct Invited {
    reference: String,
    /// Reference of the membership.
    membership: String,
    /// With which a password is chosen; absent for an account that has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    password_link: Option<LinkView>,
}

/// Invites somebody: an account is made where the login is new. The roles count from the first sign-in on.
#[utoipa::path(request_body = Invitation, responses((status = 201, body = Invited)))]
#[post("/incidents/{incident}/users")]
async fn invite(Post(call, body): Post<ManageUsers, Invitation>) -> Answer {
    let (login, name) = checked(&body)?;
    let draft = Draft::new(call.keyring(), &login, name.as_deref());
    let (link, desk) = (NewLink::draw(LinkKind::Password, call.now()), Reference::random());
    call.created(move |w, a| {
        let organisation = match &body.organisation {
            Some(reference) => joined(w, a.incident().id, reference)?,
            None => organisations::service::desk(w, a.actor(), a.request_id(), a.incident().id, &desk)?,
        };
        if let Some(at) = body.roles.iter().position(|role| !rules::may_give(a.actor(), organisation.id, *role)) {
            return Err(Error::field(format!("/roles/{at}"), FieldCode::Unknown));
        }
        let (roles, region) = (body.roles.clone(), body.region.clone());
        let enrolment = Enrolment { incident: a.incident().id, organisation, roles, region, at_once: false };
        let (user, membership) = service::enrol(w, a.actor(), a.request_id(), &draft, &enrolment)?;
        // An account that waits for its first password may hold roles elsewhere: then its link comes from there.
        let fresh = user.password_hash.is_none() && refuse_beyond(w, user.id, &a.account()?.grants).is_ok();
        if fresh {
            links::service::make(w, a.actor(), a.request_id(), a.incident().id, &user, &link)?;
        }
        let password_link = fresh.then(|| LinkView::new(&link, a.incident().zone));
        Ok(Invited { reference: user.reference.to_string(), membership: membership.reference.to_string(), password_link })
    })
    .await
}

fn checked(body: &Invitation) -> Result<(Login, Option<String>)> {
    let mut errors = Vec::new();
    let login = Login::read("/login", &body.login).map_err(|error| errors.push(error)).ok();
    let name = body.name.as_deref().map(|name| text::line("/name", name, 80)).transpose().unwrap_or_else(|error| {
        errors.push(error);
        None
    });
    match body.roles.len() {
        0 => errors.push(FieldError::new("/roles", FieldCode::Empty)),
        1..=MOST_ROLES => {}
        _ => errors.push(FieldError::new("/roles", FieldCode::TooMany).limit(MOST_ROLES as i64)),
    }
    match login {
        Some(login) if errors.is_empty() => Ok((login, name)),
        _ => Err(Error::Invalid(errors)),
    }
}

/// An organisation that has joined the incident; another one is unknown.
fn joined(r: &mut Read<'_>, incident: i64, reference: &str) -> Result<Organisation> {
    let unknown = || Error::field("/organisation", FieldCode::Unknown);
    let reference = Reference::parse(reference).ok_or_else(|| Error::field("/organisation", FieldCode::NotAReference))?;
    let organisation = match organisations::store::by_reference(r, &reference) {
        Err(Error::NotFound) => return Err(unknown()),
        other => other?,
    };
    if organisations::store::has_joined(r, incident, organisation.id)? { Ok(organisation) } else { Err(unknown()) }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Grants {
    #[schema(max_items = 20)]
    grants: Vec<GrantBody>,
}

/// Replaces the roles of a membership in this incident.
#[utoipa::path(request_body = Grants, responses((status = 200, body = UserView)))]
#[put("/incidents/{incident}/memberships/{reference}/grants")]
async fn set_grants(Edit(change, body): Edit<ManageUsers, Grants>) -> Answer {
    if body.grants.len() > MOST_ROLES {
        return Err(Error::Invalid(vec![FieldError::new("/grants", FieldCode::TooMany).limit(MOST_ROLES as i64)]).into());
    }
    change
        .ok(move |w, a, version| {
            let (incident, actor) = (a.incident().id, a.actor());
            let membership = store::membership_in(w, incident, &a.reference("reference")?)?;
            if !rules::administers(actor, membership.organisation) {
                return Err(Error::NotFound);
            }
            let wanted: Vec<(Role, Option<String>)> = body.grants.iter().map(|grant| (grant.role, grant.region.clone())).collect();
            if let Some(at) = wanted.iter().position(|(role, _)| !rules::may_give(actor, membership.organisation, *role)) {
                return Err(Error::field(format!("/grants/{at}/role"), FieldCode::Unknown));
            }
            let held = store::granted(w, incident, &[membership.id])?;
            if held.iter().any(|(_, role, _)| !rules::may_give(actor, membership.organisation, *role)) {
                return Err(Error::Forbidden);
            }
            service::set_grants(w, actor, a.request_id(), incident, &membership, version, &wanted)?;
            let user = store::by_id(w, membership.account)?;
            view(w, a.keyring().platform(), actor, incident, &user)?.ok_or(Error::NotFound)
        })
        .await
}

/// Ends a membership: whatever it grants counts no more, in any incident.
#[utoipa::path(responses((status = 204)))]
#[delete("/incidents/{incident}/memberships/{reference}")]
async fn end_membership(Edit(change, _): Edit<ManageUsers, Nothing>) -> Answer {
    change
        .done(move |w, a, version| {
            let membership = store::membership_in(w, a.incident().id, &a.reference("reference")?)?;
            if !rules::administers(a.actor(), membership.organisation) {
                return Err(Error::NotFound);
            }
            let held = store::held(w, membership.account)?;
            let here: Vec<_> = held.into_iter().filter(|held| held.organisation == membership.organisation).collect();
            rules::within(&here, &a.account()?.grants)?;
            service::end_membership(w, a.actor(), a.request_id(), a.incident().id, &membership, version)
        })
        .await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StateBody {
    state: UserState,
}

/// Suspends an account, or lets it in again. Its sessions end.
#[utoipa::path(request_body = StateBody, responses((status = 200, body = UserView)))]
#[put("/incidents/{incident}/users/{reference}/state")]
async fn set_state(Edit(change, body): Edit<SuspendUsers, StateBody>) -> Answer {
    change
        .ok(move |w, a, version| {
            let user = store::in_incident(w, a.incident().id, &a.reference("reference")?)?;
            refuse_beyond(w, user.id, &a.account()?.grants)?;
            let user = service::set_state(w, a.actor(), a.request_id(), a.incident().id, &user, version, body.state)?;
            view(w, a.keyring().platform(), a.actor(), a.incident().id, &user)?.ok_or(Error::NotFound)
        })
        .await
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    api.section("users")
        .route::<ReadUsers>(list)
        .route::<ReadUsers>(show)
        .route::<ManageUsers>(invite)
        .route::<ManageUsers>(set_grants)
        .route::<ManageUsers>(end_membership)
        .route::<SuspendUsers>(set_state);
}
