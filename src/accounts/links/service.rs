//! Making links and using them.

use super::model::{LinkKind, NewLink};
use super::store;
use crate::accounts::model::{Actor, Role, User};
use crate::accounts::service::{Draft, Enrolment, enrol};
use crate::accounts::{self};
use crate::audit::{self, Action, Entry};
use crate::clock::Time;
use crate::crypto::{FreshPair, Keyring};
use crate::db::{Db, Read, Write};
use crate::error::{Error, FieldCode, RefusalCode, Result};
use crate::ids::Reference;
use crate::incidents::model::{Incident, NewIncident};
use crate::{incidents, organisations};

/// Makes a link with which somebody chooses a password.
pub fn make(w: &mut Write<'_>, actor: &Actor, request: &str, incident: i64, user: &User, link: &NewLink) -> Result<()> {
    store::replace(w, link, Some(user.id))?;
    audit::append(w, &Entry::new(actor, Some(incident), Action::PasswordLinkMade, user.reference.as_str(), request))
}

/// The account whose password a link sets, while it works.
pub fn account_of(r: &mut Read<'_>, hash: &[u8], now: Time) -> Result<User> {
    let link = store::find(r, LinkKind::Password, hash)?;
    if link.used || link.expires_at <= now {
        return Err(RefusalCode::LinkUsed.into());
    }
    accounts::store::by_id(r, link.account.ok_or(Error::NotFound)?)
}

/// Sets the password that somebody chose through a link. Sessions opened with another one end.
pub fn choose_password(w: &mut Write<'_>, request: &str, hash: &[u8], password_hash: &str) -> Result<()> {
    let link = store::use_up(w, LinkKind::Password, hash)?;
    let account = link.account.ok_or(Error::NotFound)?;
    let user = accounts::store::by_id(w, account)?;
    accounts::store::set_password(w, account, password_hash)?;
    accounts::store::end_sessions(w, account, None)?;
    accounts::store::accept_invitations(w, account)?;
    let actor = Actor { user: Some(account), ..Actor::default() };
    audit::append(w, &Entry::new(&actor, None, Action::PasswordLinkUsed, user.reference.as_str(), request))
}

/// A set-up link, where nobody administers anything. Blocks; for the start of the program.
pub fn first_start(db: &Db) -> Result<Option<NewLink>> {
    let link = NewLink::draw(LinkKind::Setup, db.clock().now());
    db.write_blocking(move |w| {
        if accounts::store::has_admin(w)? {
            return Ok(None);
        }
        store::replace(w, &link, None)?;
        Ok(Some(link.clone()))
    })
}

/// The first administrator, and the incident that is administered: one that exists, or a new one.
pub struct SetUp {
    /// The account.
    pub draft: Draft,
    /// Slug of an incident that exists.
    pub slug: String,
    /// What is made where it does not.
    pub new: Option<NewIncident>,
    /// Keys of a new incident.
    pub fresh: FreshPair,
    /// Reference of the incident's desk, where it has none yet.
    pub desk: Reference,
}

/// Makes the first administrator through the link that was printed at the start.
pub fn set_up(w: &mut Write<'_>, request: &str, keys: &Keyring, hash: &[u8], set_up: &SetUp) -> Result<(User, Incident)> {
    store::use_up(w, LinkKind::Setup, hash)?;
    if accounts::store::has_admin(w)? {
        return Err(RefusalCode::LinkUsed.into());
    }
    let system = Actor::system();
    let incident = match (incidents::store::by_slug(w, &set_up.slug), &set_up.new) {
        (Ok(incident), _) => incident,
        (Err(Error::NotFound), Some(new)) => incidents::service::create(w, &system, request, keys, &set_up.fresh, new)?,
        (Err(Error::NotFound), None) => return Err(Error::field("/incident/name", FieldCode::Missing)),
        (Err(error), _) => return Err(error),
    };
    let organisation = organisations::service::desk(w, &system, request, incident.id, &set_up.desk)?;
    let enrolment = Enrolment { incident: incident.id, organisation, roles: vec![Role::Admin], region: None, at_once: true };
    let (user, _) = enrol(w, &system, request, &set_up.draft, &enrolment)?;
    audit::append(w, &Entry::new(&system, Some(incident.id), Action::SetUp, user.reference.as_str(), request))?;
    Ok((user, incident))
}
