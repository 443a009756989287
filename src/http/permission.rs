//! The permission in the handler's argument type: `Allowed<P>` is the only way from a handler to the data.

use std::collections::HashMap;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use serde::de::DeserializeOwned;

use super::api::Table;
use super::caller::{self, Caller};
use super::catalogue::ProblemCode;
use super::edge::RequestId;
use super::problem::Problem;
use super::state::State;
use super::{input, query};
use crate::accounts::model::{Actor, Role};
use crate::accounts::sessions::Account;
use crate::clock::Time;
use crate::crypto::{KeyPair, Keyring};
use crate::db::{Db, Lane};
use crate::error::{Error, Result};
use crate::ids::Reference;
use crate::incidents::{self, model::Incident};

/// Where a permission applies.
pub trait Scope: 'static {
    /// Whether the path names an incident in `{incident}`.
    const INCIDENT: bool;
    /// Whether tokens and cookies are looked at.
    const IDENTIFIED: bool = true;
}

/// Below `/incidents/{incident}`: the roles held in that incident count.
pub struct InIncident;
impl Scope for InIncident {
    const INCIDENT: bool = true;
}

/// Outside incidents: the roles held in any incident count.
pub struct OnPlatform;
impl Scope for OnPlatform {
    const INCIDENT: bool = false;
}

/// Before anybody is signed in: a token or cookie that is no longer good must not stand in the way.
pub struct BeforeSignIn;
impl Scope for BeforeSignIn {
    const INCIDENT: bool = false;
    const IDENTIFIED: bool = false;
}

/// What a handler needs its caller to be. Declared with `permissions!`.
pub trait Permission: 'static {
    /// Where it applies.
    type Scope: Scope;
    /// Its name in the permission table.
    const NAME: &'static str;
    /// Who has it. On the platform an empty list means everybody who is signed in.
    const ROLES: &'static [Role];
    /// Whether it needs no account at all; who has one is known nevertheless.
    const PUBLIC: bool;
}

/// Declares permissions: `/// What for.` `pub LogCalls: InIncident = "calls.log" => [Operator, CaseWorker];`, with `public` for everybody,
/// `any` for every role of the incident (on the platform: everybody who is signed in).
#[macro_export]
macro_rules! permissions {
    ($($(#[$meta:meta])* $vis:vis $name:ident : $scope:ident = $code:literal => $who:tt;)+) => {
        $($(#[$meta])* $vis struct $name;
        impl $crate::http::Permission for $name {
            type Scope = $crate::http::$scope;
            const NAME: &'static str = $code;
            const ROLES: &'static [$crate::accounts::model::Role] = $crate::permissions!(@roles $scope $who);
            const PUBLIC: bool = $crate::permissions!(@public $who);
        })+
    };
    (@public public) => { true };
    (@public $other:tt) => { false };
    (@roles $scope:ident public) => { &[] };
    (@roles InIncident any) => { $crate::accounts::model::Role::ALL };
    (@roles OnPlatform any) => { &[] };
    (@roles $scope:ident [$($role:ident),* $(,)?]) => { &[$($crate::accounts::model::Role::$role),*] };
}

/// Proof that the caller has permission `P`, with what the handler may reach. Cheap to clone; can be moved into write closures.
pub struct Allowed<P> {
    inner: Arc<Inner>,
    permission: PhantomData<fn() -> P>,
}

struct Inner {
    state: web::Data<State>,
    actor: Actor,
    caller: Caller,
    here: Option<(Incident, Arc<KeyPair>)>,
    path: HashMap<String, String>,
    query: String,
    request: String,
}

impl<P> Clone for Allowed<P> {
    fn clone(&self) -> Self {
        Allowed { inner: self.inner.clone(), permission: PhantomData }
    }
}

impl<P> Allowed<P> {
    /// The database.
    pub fn db(&self) -> &Db {
        &self.inner.state.db
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.inner.actor
    }

    /// The account that acts. `Unauthenticated` for the public.
    pub fn user(&self) -> Result<i64> {
        self.inner.actor.user.ok_or(Error::Unauthenticated)
    }

    /// The account that acts, as it signed in. `Unauthenticated` for the public.
    pub fn account(&self) -> Result<&Account> {
        self.inner.caller.as_deref().ok_or(Error::Unauthenticated)
    }

    /// Now, by the injected clock.
    pub fn now(&self) -> Time {
        self.db().clock().now()
    }

    /// All keys.
    pub fn keyring(&self) -> &Keyring {
        &self.inner.state.keys
    }

    /// The id of this request, for the audit.
    pub fn request_id(&self) -> &str {
        &self.inner.request
    }

    /// The reference in a segment of the path. A malformed one answers like one that does not exist.
    pub fn reference(&self, segment: &str) -> Result<Reference> {
        Reference::parse(self.segment(segment)?).ok_or(Error::NotFound)
    }

    /// The number in a segment of the path.
    pub fn number(&self, segment: &str) -> Result<i64> {
        self.segment(segment)?.parse().map_err(|_| Error::NotFound)
    }

    /// The text of a segment of the path.
    pub fn segment(&self, segment: &str) -> Result<&str> {
        self.inner.path.get(segment).map(String::as_str).ok_or_else(|| Error::internal(format!("the path has no {segment}")))
    }

    /// The query parameters.
    pub fn query<T: DeserializeOwned>(&self) -> Result<T> {
        query::query(&self.inner.query)
    }

    /// Row of the incident of the path, where there is one.
    pub(super) fn incident_row(&self) -> Option<i64> {
        self.inner.here.as_ref().map(|(incident, _)| incident.id)
    }

    /// What sign-in needs: access tokens, settings, limits.
    pub fn state(&self) -> &State {
        &self.inner.state
    }
}

impl<P: Permission<Scope = InIncident>> Allowed<P> {
    /// The incident of the path, as it was read for this request.
    pub fn incident(&self) -> &Incident {
        &self.inner.here.as_ref().expect("a permission in an incident is only proven with one").0
    }

    /// The keys of the incident.
    pub fn keys(&self) -> &KeyPair {
        &self.inner.here.as_ref().expect("a permission in an incident is only proven with one").1
    }
}

impl<P: Permission> FromRequest for Allowed<P> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move { allow(&req).await })
    }
}

pub(super) async fn allow<P: Permission>(req: &HttpRequest) -> Result<Allowed<P>, Problem> {
    let state = req.app_data::<web::Data<State>>().ok_or_else(|| Error::internal("no state"))?.clone();
    if cfg!(debug_assertions) {
        check_registration::<P>(req)?;
    }
    let caller = if P::Scope::IDENTIFIED { caller::identify(&state, req, P::PUBLIC).await? } else { caller::stranger(&state, req)? };
    if caller.is_none() && !P::PUBLIC {
        // Before the incident is looked up: who is not signed in does not learn which exist.
        return Err(ProblemCode::Unauthenticated.into());
    }
    let path = segments(req)?;
    let here = match path.get("incident") {
        Some(slug) if P::Scope::INCIDENT => Some(incident(&state, slug.clone()).await?),
        None if P::Scope::INCIDENT => return Err(Error::internal("the path names no incident").into()),
        _ => None,
    };
    let actor = judge::<P>(&caller, here.as_ref().map(|(incident, _)| incident.id))?;
    let request = req.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let query = req.query_string().to_owned();
    Ok(Allowed { inner: Arc::new(Inner { state, actor, caller, here, path, query, request }), permission: PhantomData })
}

/// In builds that tests drive: the handler asks for the permission that it was registered with.
fn check_registration<P: Permission>(req: &HttpRequest) -> Result<()> {
    let (Some(table), Some(pattern)) = (req.app_data::<web::Data<Table>>(), req.match_pattern()) else { return Ok(()) };
    if table.agrees(req.method().as_str(), &pattern, P::NAME) {
        return Ok(());
    }
    Err(Error::internal(format!("{} {pattern} asks for {} but was registered with another permission", req.method(), P::NAME)))
}

/// Who lacks the role learns that the incident exists only where it belongs to it.
pub(super) fn judge<P: Permission>(caller: &Caller, incident: Option<i64>) -> Result<Actor, Problem> {
    let Some(account) = caller else { return Ok(Actor::anonymous()) };
    let actor = account.actor(incident, P::ROLES);
    let signed_in_is_enough = !P::Scope::INCIDENT && P::ROLES.is_empty();
    if P::PUBLIC || signed_in_is_enough || actor.has_any(P::ROLES) {
        Ok(actor)
    } else if actor.grants.is_empty() && P::Scope::INCIDENT {
        Err(ProblemCode::NotFound.into())
    } else {
        Err(ProblemCode::Forbidden.into())
    }
}

async fn incident(state: &State, slug: String) -> Result<(Incident, Arc<KeyPair>)> {
    let keys = state.keys.clone();
    let read = move |r: &mut crate::db::Read<'_>| {
        let incident = incidents::store::by_slug(r, &slug)?;
        let pair = keys.incident(r, incident.id)?;
        Ok((incident, pair))
    };
    state.db.read(Lane::Fast, read).await
}

fn segments(req: &HttpRequest) -> Result<HashMap<String, String>> {
    let mut path = HashMap::new();
    for (name, value) in req.match_info().iter() {
        if input::bad_character(value).is_some() || value.len() > 256 {
            return Err(Error::NotFound);
        }
        path.insert(name.to_owned(), value.to_owned());
    }
    Ok(path)
}
