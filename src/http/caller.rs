//! Who is calling: bearer token, else cookie, else nobody; and the request limits that count by it.

use std::sync::Arc;

use actix_web::http::{Method, header};
use actix_web::{HttpMessage, HttpRequest};

use super::catalogue::ProblemCode;
use super::edge::{NewCookies, RequestId};
use super::limits::{Class, Counted};
use super::peer;
use super::problem::Problem;
use super::state::State;
use crate::accounts::sessions::{self, Account};
use crate::error::{Error, Result};

/// The account that calls, or nobody.
pub(super) type Caller = Option<Arc<Account>>;

/// Finds out who calls. A bad bearer token is refused even where none is needed, so that nobody writes anonymously by mistake; a bad
/// cookie is overlooked where the public may read.
pub(super) async fn identify(state: &State, req: &HttpRequest, public: bool) -> Result<Caller, Problem> {
    let safe = matches!(*req.method(), Method::GET | Method::HEAD);
    let caller = match bearer(req)? {
        Some(token) => Some(known(state, req, &token).await?),
        None => match super::cookies::access(&state.settings, req) {
            None => None,
            Some(_) if !safe && !peer::same_origin(&state.settings, req) => return Err(ProblemCode::CrossOrigin.into()),
            Some(token) => match by_cookie(state, req, &token).await {
                Ok(account) => Some(account),
                Err(Error::Unauthenticated) => {
                    // The session is over: without its cookies the next request is simply nobody's.
                    req.extensions_mut().insert(NewCookies(super::cookies::set(&state.settings, "", "", 0)));
                    if !(public && safe) {
                        return Err(ProblemCode::Unauthenticated.into());
                    }
                    None
                }
                Err(error) => return Err(error.into()),
            },
        },
    };
    let address = Counted::Address(peer::bucket(peer::address(&state.settings, req)));
    match (&caller, safe) {
        (Some(account), true) => state.limits.count(Class::Read, Counted::Account(account.user))?,
        (Some(account), false) => state.limits.count(Class::Write, Counted::Account(account.user))?,
        (None, true) => state.limits.count(Class::PublicRead, address)?,
        (None, false) => state.limits.count(Class::PublicWrite, address)?,
    }
    Ok(caller)
}

/// Nobody, whatever token comes along; counted like the public.
pub(super) fn stranger(state: &State, req: &HttpRequest) -> Result<Caller> {
    let address = Counted::Address(peer::bucket(peer::address(&state.settings, req)));
    state.limits.count(Class::PublicWrite, address)?;
    Ok(None)
}

/// The account of an access cookie; where that has run out, the refresh cookie opens it again and both are set anew with the answer.
async fn by_cookie(state: &State, req: &HttpRequest, token: &str) -> Result<Arc<Account>> {
    let refresh = match state.access.account(&state.db, token).await {
        Err(Error::Unauthenticated) => super::cookies::refresh(&state.settings, req).ok_or(Error::Unauthenticated)?,
        other => return other,
    };
    let request = req.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let tokens = sessions::service::renew(&state.db, &state.access, &refresh, request).await?;
    let account = state.access.account(&state.db, &tokens.access).await?;
    let cookies = super::cookies::set(&state.settings, &tokens.access, &tokens.refresh, tokens.session_ends_in);
    req.extensions_mut().insert(NewCookies(cookies));
    Ok(account)
}

/// The account of a bearer token; guesses are counted by address.
async fn known(state: &State, req: &HttpRequest, token: &str) -> Result<Arc<Account>, Problem> {
    match state.access.account(&state.db, token).await {
        Err(Error::Unauthenticated) => {
            let address = Counted::Address(peer::bucket(peer::address(&state.settings, req)));
            state.limits.count(Class::PublicWrite, address)?;
            Err(ProblemCode::Unauthenticated.into())
        }
        other => Ok(other?),
    }
}

fn bearer(req: &HttpRequest) -> Result<Option<String>, Problem> {
    let Some(value) = req.headers().get(header::AUTHORIZATION) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim().to_owned())),
        _ => Err(ProblemCode::Unauthenticated.into()),
    }
}
