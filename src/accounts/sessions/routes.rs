//! Signing in and out, refreshing, and the list of one's own sessions.

use actix_web::http::header::ORIGIN;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::service::{self, Tokens};
use super::{opening, store};
use crate::accounts::login::Login;
use crate::accounts::passwords::Passwords;
use crate::db::Lane;
use crate::error::{Error, FieldCode};
use crate::http::{Allowed, Answer, Api, Plain, ProblemCode, cookies, found, peer};

crate::permissions! {
    /// Sign in and refresh.
    pub SignIn: BeforeSignIn = "sessions.open" => public;
    /// See and end one's own sessions.
    pub OwnSessions: OnPlatform = "sessions.own" => any;
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Credentials {
    /// E-mail, phone or name.
    #[schema(max_length = 512)]
    login: String,
    #[schema(value_type = String, max_length = 1024)]
    password: SecretString,
    /// Set cookies instead of answering tokens.
    #[serde(default)]
    cookies: bool,
}

#[derive(Serialize, ToSchema)]
struct Opened {
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// Seconds until the access token runs out.
    expires_in: i64,
}

/// Signs in. Unknown logins, wrong passwords and suspended accounts answer alike and take as long.
#[utoipa::path(request_body = Credentials, responses((status = 200, body = Opened)))]
#[post("/sessions")]
async fn open(Plain(a, body): Plain<SignIn, Credentials>, req: HttpRequest, passwords: web::Data<Passwords>) -> Answer {
    let from_elsewhere = req.headers().contains_key(ORIGIN) && !peer::same_origin(a.state().settings(), &req);
    if body.cookies && from_elsewhere {
        return Err(ProblemCode::CrossOrigin.into());
    }
    let login = Login::parse(&body.login);
    let name = login.as_ref().map_or_else(String::new, |login| login.as_str().to_owned());
    let house = (a.db(), a.keyring(), a.state().access().as_ref());
    let attempt = opening::attempt(house, &passwords, login, body.password, a.request_id().to_owned());
    let tokens = a.state().guess(&req, &name, attempt).await?;
    Ok(answer(&a, &tokens.ok_or(ProblemCode::BadCredentials)?, body.cookies))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Refreshing {
    /// Absent where it stands in the cookie.
    #[schema(value_type = Option<String>, max_length = 200)]
    refresh_token: Option<String>,
}

/// Turns a session: a new access token and the refresh token's successor. An old refresh token ends the session.
#[utoipa::path(request_body = Refreshing, responses((status = 200, body = Opened)))]
#[post("/sessions/refresh")]
async fn refresh(Plain(a, body): Plain<SignIn, Refreshing>, req: HttpRequest) -> Answer {
    let by_cookie = body.refresh_token.is_none();
    if by_cookie && !peer::same_origin(a.state().settings(), &req) {
        return Err(ProblemCode::CrossOrigin.into());
    }
    let token = body
        .refresh_token
        .or_else(|| cookies::refresh(a.state().settings(), &req))
        .ok_or_else(|| Error::field("/refresh_token", FieldCode::Missing))?;
    let tokens = service::renew(a.db(), a.state().access(), &token, a.request_id().to_owned()).await?;
    Ok(answer(&a, &tokens, by_cookie))
}

fn answer<P>(a: &Allowed<P>, tokens: &Tokens, by_cookie: bool) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    let mut opened = Opened { access_token: None, refresh_token: None, expires_in: tokens.expires_in };
    if by_cookie {
        for cookie in cookies::set(a.state().settings(), &tokens.access, &tokens.refresh, tokens.session_ends_in) {
            response.cookie(cookie);
        }
    } else {
        opened.access_token = Some(tokens.access.clone());
        opened.refresh_token = Some(tokens.refresh.clone());
    }
    response.json(opened)
}

#[derive(Serialize, ToSchema)]
struct Sessions {
    items: Vec<SessionView>,
}

#[derive(Serialize, ToSchema)]
struct SessionView {
    reference: String,
    /// When it was opened, last refreshed, and when it ends at the latest; RFC 3339.
    opened_at: String,
    used_at: String,
    ends_at: String,
    /// Whether it is the one that asks.
    current: bool,
}

/// One's own open sessions.
#[utoipa::path(responses((status = 200, body = Sessions)))]
#[get("/sessions")]
async fn list(a: Allowed<OwnSessions>) -> Answer {
    let (user, now, current) = (a.user()?, a.now(), a.actor().session);
    let sessions = a.db().read(Lane::Fast, move |r| store::open_of(r, user, now)).await?;
    let text = |at: crate::clock::Time| at.to_rfc3339(chrono_tz::UTC);
    let view = |s: store::Session| SessionView {
        opened_at: text(s.created_at),
        used_at: text(s.used_at),
        ends_at: text(s.expires_at),
        current: Some(s.id) == current,
        reference: s.reference,
    };
    found(&Sessions { items: sessions.into_iter().map(view).collect() })
}

/// Signs out here.
#[utoipa::path(responses((status = 204)))]
#[delete("/sessions/current")]
async fn end_current(a: Allowed<OwnSessions>) -> Answer {
    let (user, session, request) = (a.user()?, a.account()?.session_reference.clone(), a.request_id().to_owned());
    a.db().write(move |w| service::end(w, user, &session, &request)).await?;
    Ok(signed_out(&a))
}

/// Ends one of one's own sessions.
#[utoipa::path(responses((status = 204)))]
#[delete("/sessions/{reference}")]
async fn end_one(a: Allowed<OwnSessions>) -> Answer {
    let (user, session, request) = (a.user()?, a.reference("reference")?, a.request_id().to_owned());
    a.db().write(move |w| service::end(w, user, session.as_str(), &request)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Signs out everywhere.
#[utoipa::path(responses((status = 204)))]
#[delete("/sessions")]
async fn end_all(a: Allowed<OwnSessions>) -> Answer {
    let (user, request) = (a.user()?, a.request_id().to_owned());
    a.db().write(move |w| service::end_all(w, user, &request)).await?;
    Ok(signed_out(&a))
}

fn signed_out<P>(a: &Allowed<P>) -> HttpResponse {
    let mut response = HttpResponse::NoContent();
    for cookie in cookies::set(a.state().settings(), "", "", 0) {
        response.cookie(cookie);
    }
    response.insert_header(("clear-site-data", "\"cache\", \"storage\"")).finish()
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    api.section("sessions")
        .bare::<SignIn>(open)
        .bare::<SignIn>(refresh)
        .bare::<OwnSessions>(list)
        .bare::<OwnSessions>(end_current)
        .bare::<OwnSessions>(end_one)
        .bare::<OwnSessions>(end_all);
}
