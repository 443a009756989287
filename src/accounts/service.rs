//! Creating accounts, and giving and taking roles.

use super::login::Login;
use super::model::{Actor, Grant, Membership, MembershipState, Role, User, UserState};
use super::{rules, store};
use crate::audit::{self, Action, Entry};
use crate::crypto::Keyring;
use crate::db::{Read, Write};
use crate::error::{Error, FieldCode, RefusalCode, Result};
use crate::ids::Reference;
use crate::organisations::model::Organisation;
use crate::{organisations, regions};

/// An account as it will be stored if its login is new: references drawn and fields sealed before the write.
pub struct Draft {
    reference: Reference,
    membership: Reference,
    login_token: Vec<u8>,
    login_sealed: Vec<u8>,
    name_sealed: Option<Vec<u8>>,
    password_hash: Option<String>,
}

impl Draft {
    /// With a name, where one is given.
    pub fn new(keys: &Keyring, login: &Login, name: Option<&str>) -> Self {
        let (platform, reference) = (keys.platform(), Reference::random());
        Draft {
            login_token: login.token(platform),
            login_sealed: login.seal(platform, &reference),
            name_sealed: name.map(|name| platform.seal("users", "name_sealed", reference.as_str(), name)),
            password_hash: None,
            membership: Reference::random(),
            reference,
        }
    }

    /// With a password already hashed.
    pub fn password(mut self, hash: Option<String>) -> Self {
        self.password_hash = hash;
        self
    }

    /// The blind index of its login.
    pub fn login_token(&self) -> &[u8] {
        &self.login_token
    }
}

/// What a person is to become in an incident.
pub struct Enrolment {
    /// Row of the incident.
    pub incident: i64,
    /// The organisation.
    pub organisation: Organisation,
    /// The roles.
    pub roles: Vec<Role>,
    /// Over this region's subtree; else the whole incident (a community's workers: the community's own region).
    pub region: Option<String>,
    /// Whether the membership counts at once, or from the first sign-in on.
    pub at_once: bool,
}

/// The account of a login, made where it is new, as a member with roles. Doing it again adds the roles that are missing. A password in the
/// draft replaces another one, which ends the sessions opened with it.
pub fn enrol(w: &mut Write<'_>, actor: &Actor, request: &str, draft: &Draft, enrolment: &Enrolment) -> Result<(User, Membership)> {
    let new = store::NewUser {
        reference: &draft.reference,
        login_token: &draft.login_token,
        login_sealed: &draft.login_sealed,
        name_sealed: draft.name_sealed.as_deref(),
        password_hash: draft.password_hash.as_deref(),
    };
    let inserted = store::insert(w, &new)?;
    let user = store::by_login(w, &draft.login_token)?.ok_or_else(|| Error::internal("an account was not stored"))?;
    if let (false, Some(hash)) = (inserted, &draft.password_hash) {
        store::set_password(w, user.id, hash)?;
        store::end_sessions(w, user.id, None)?;
    }
    let membership = belong(w, draft, user.id, enrolment)?;
    for role in &enrolment.roles {
        let region = region_of(w, *role, enrolment)?;
        store::grant(w, membership.id, enrolment.incident, *role, region.as_deref())?;
    }
    store::touch(w, user.id)?;
    let entry = Entry::new(actor, Some(enrolment.incident), Action::AccountInvited, user.reference.as_str(), request);
    audit::append(w, &entry)?;
    Ok((user, membership))
}

fn belong(w: &mut Write<'_>, draft: &Draft, user: i64, enrolment: &Enrolment) -> Result<Membership> {
    let organisation = enrolment.organisation.id;
    let state = if enrolment.at_once { MembershipState::Active } else { MembershipState::Invited };
    store::insert_membership(w, &draft.membership, user, organisation, state)?;
    let found = store::membership_of(w, user, organisation)?.ok_or_else(|| Error::internal("a membership was not stored"))?;
    let stays = found.state == MembershipState::Active || found.state == state;
    if !stays && !store::set_membership(w, found.id, found.version, state)? {
        return Err(Error::Stale { current: found.version });
    }
    Ok(found)
}

/// The region of a grant: what was asked for, else the community's own for its workers, else none.
fn region_of(r: &mut Read<'_>, role: Role, enrolment: &Enrolment) -> Result<Option<String>> {
    let region = match (&enrolment.region, role) {
        (Some(region), _) => Some(region.clone()),
        (None, Role::CommunityWorker) => enrolment.organisation.region.clone(),
        _ => None,
    };
    if let Some(code) = &region
        && regions::store::by_code(r, code)?.is_none()
    {
        return Err(Error::field("/region", FieldCode::NotARegion));
    }
    Ok(region)
}

/// Makes who acts a member, with a role over the whole incident, under a reference drawn before: whoever creates an incident administers it.
pub fn appoint(
    w: &mut Write<'_>,
    actor: &Actor,
    request: &str,
    reference: &Reference,
    incident: i64,
    organisation: &Organisation,
    role: Role,
) -> Result<()> {
    let account = actor.user.ok_or(Error::Unauthenticated)?;
    store::insert_membership(w, reference, account, organisation.id, MembershipState::Active)?;
    let found = store::membership_of(w, account, organisation.id)?.ok_or_else(|| Error::internal("a membership was not stored"))?;
    store::grant(w, found.id, incident, role, None)?;
    store::touch(w, account)?;
    audit::append(w, &Entry::new(actor, Some(incident), Action::GrantsChanged, found.reference.as_str(), request))
}

/// Replaces the roles of a membership in an incident, where it still has a version.
pub fn set_grants(
    w: &mut Write<'_>,
    actor: &Actor,
    request: &str,
    incident: i64,
    membership: &Membership,
    version: i64,
    wanted: &[(Role, Option<String>)],
) -> Result<()> {
    for (n, (_, region)) in wanted.iter().enumerate() {
        if let Some(code) = region
            && regions::store::by_code(w, code)?.is_none()
        {
            return Err(Error::field(format!("/grants/{n}/region"), FieldCode::NotARegion));
        }
    }
    organisations::store::hold_incident(w, incident)?;
    if !store::set_membership(w, membership.id, version, membership.state)? {
        return Err(Error::Stale { current: membership.version });
    }
    let was_admin = store::granted(w, incident, &[membership.id])?.iter().any(|(_, role, _)| *role == Role::Admin);
    if was_admin && wanted.iter().all(|(role, _)| *role != Role::Admin) {
        refuse_last_admin(w, membership.account, &[incident])?;
    }
    store::revoke_all(w, membership.id, incident)?;
    for (role, region) in wanted {
        store::grant(w, membership.id, incident, *role, region.as_deref())?;
    }
    audit::append(w, &Entry::new(actor, Some(incident), Action::GrantsChanged, membership.reference.as_str(), request))?;
    store::touch(w, membership.account)
}

/// Ends a membership, where it still has a version; its roles count no more in any incident.
pub fn end_membership(w: &mut Write<'_>, actor: &Actor, request: &str, incident: i64, membership: &Membership, version: i64) -> Result<()> {
    let administered = administered(w, membership.account)?;
    refuse_last_admin(w, membership.account, &administered)?;
    if membership.state == MembershipState::Ended {
        return Err(RefusalCode::StateUnchanged.into());
    }
    if !store::set_membership(w, membership.id, version, MembershipState::Ended)? {
        return Err(Error::Stale { current: membership.version });
    }
    audit::append(w, &Entry::new(actor, Some(incident), Action::MembershipEnded, membership.reference.as_str(), request))?;
    store::touch(w, membership.account)
}

/// Suspends an account or lets it in again, where it still has a version.
pub fn set_state(
    w: &mut Write<'_>,
    actor: &Actor,
    request: &str,
    incident: i64,
    user: &User,
    version: i64,
    state: UserState,
) -> Result<User> {
    if user.version != version {
        return Err(Error::Stale { current: user.version });
    }
    if user.state == state {
        return Err(RefusalCode::StateUnchanged.into());
    }
    if state == UserState::Suspended {
        let administered = administered(w, user.id)?;
        refuse_last_admin(w, user.id, &administered)?;
        store::end_sessions(w, user.id, None)?;
    }
    if !store::set_state(w, user.id, version, state)? {
        return Err(Error::Stale { current: store::by_id(w, user.id)?.version });
    }
    audit::append(w, &Entry::new(actor, Some(incident), Action::AccountStateChanged, user.reference.as_str(), request))?;
    store::by_id(w, user.id)
}

/// Sets a password that its owner changed; every other session ends.
pub fn change_password(w: &mut Write<'_>, actor: &Actor, request: &str, user: i64, hash: &str) -> Result<()> {
    store::set_password(w, user, hash)?;
    store::end_sessions(w, user, actor.session)?;
    audit::append(w, &Entry::new(actor, None, Action::PasswordChanged, "", request))
}

/// An account that belongs to no organisation which the caller administers answers like one that does not exist.
pub fn refuse_unseen(r: &mut Read<'_>, actor: &Actor, account: i64) -> Result<()> {
    let memberships = store::memberships_of(r, account)?;
    let seen = memberships.iter().any(|membership| rules::administers(actor, membership.organisation));
    if seen { Ok(()) } else { Err(Error::NotFound) }
}

/// Refuses what would let the caller act where the account may and the caller may not.
pub fn refuse_beyond(r: &mut Read<'_>, account: i64, caller: &[(i64, Grant)]) -> Result<()> {
    let held = store::held(r, account)?;
    rules::within(&held, caller).map_err(Error::from)
}

fn administered(r: &mut Read<'_>, account: i64) -> Result<Vec<i64>> {
    let held = store::held(r, account)?;
    Ok(held.into_iter().filter(|held| held.role == Role::Admin).map(|held| held.incident).collect())
}

/// An incident is never left without an admin; two who leave at once wait for one another.
fn refuse_last_admin(w: &mut Write<'_>, account: i64, incidents: &[i64]) -> Result<()> {
    let mut incidents = incidents.to_vec();
    incidents.sort_unstable();
    for incident in incidents {
        organisations::store::hold_incident(w, incident)?;
        if store::other_admins(w, incident, account)? == 0 {
            return Err(RefusalCode::LastAdmin.into());
        }
    }
    Ok(())
}
