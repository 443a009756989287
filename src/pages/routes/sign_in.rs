//! Signing in and out by plain forms.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use minijinja::context;
use secrecy::SecretString;
use serde::Deserialize;

use super::{Page, Viewer, failed, may_read_needs, refusal};
use crate::accounts::login::Login;
use crate::accounts::passwords::Passwords;
use crate::accounts::sessions::{Account, opening, service, service::Tokens};
use crate::db::Lane;
use crate::error::{Error, Result};
use crate::http::{Allowed, Permission, Problem, cookies, peer};
use crate::incidents;

crate::permissions! {
    /// Open and send the form.
    pub SignInByForm: BeforeSignIn = "pages.sign_in" => public;
    /// Sign out.
    pub SignOut: OnPlatform = "pages.sign_out" => any;
}

pub(super) fn mount(config: &mut web::ServiceConfig) {
    config.route("/sign-in", web::get().to(form)).route("/sign-in", web::post().to(send)).route("/sign-out", web::post().to(leave));
}

#[derive(Deserialize)]
struct Sent {
    login: String,
    password: SecretString,
    next: Option<String>,
}

#[derive(Deserialize, Default)]
struct Asked {
    next: Option<String>,
    done: Option<String>,
}

async fn form(req: HttpRequest) -> HttpResponse {
    let page = Page::new(&req, Viewer::default(), None, "");
    let asked = web::Query::<Asked>::from_query(req.query_string()).map(web::Query::into_inner).unwrap_or_default();
    let note = match (&asked.next, &asked.done) {
        (_, Some(done)) => Some(page.language.say(if done == "setup" { "setup.done" } else { "password.done" }, &[])),
        (Some(_), None) => Some(page.language.say("sign_in.needed", &[])),
        (None, None) => None,
    };
    page.fill(200, "sign_in", context! { login => "", next => inside(asked.next), note => note })
}

async fn send(
    a: Result<Allowed<SignInByForm>, Problem>,
    sent: Result<web::Form<Sent>, actix_web::Error>,
    req: HttpRequest,
    passwords: web::Data<Passwords>,
) -> HttpResponse {
    let (a, sent) = match (a, sent) {
        (Ok(a), Ok(sent)) => (a, sent.into_inner()),
        (Err(problem), _) => return refusal(&req, &problem),
        (_, Err(_)) => return form(req).await,
    };
    if !peer::same_origin(a.state().settings(), &req) {
        return form(req).await;
    }
    let login = Login::parse(&sent.login);
    let name = login.as_ref().map_or_else(String::new, |login| login.as_str().to_owned());
    let house = (a.db(), a.keyring(), a.state().access().as_ref());
    let attempt = opening::attempt(house, &passwords, login, sent.password, a.request_id().to_owned());
    let opened = a.state().guess(&req, &name, attempt).await;
    let page = Page::new(&req, Viewer::default(), None, "");
    let again = |status: u16, error: String| {
        page.fill(status, "sign_in", context! { login => sent.login, next => inside(sent.next.clone()), error => error })
    };
    match opened {
        Ok(Some(tokens)) => match landing(&a, &tokens, inside(sent.next.clone())).await {
            Ok(next) => entered(&a, &tokens, &format!("{next}?lang={}", page.language.tag())),
            Err(error) => failed(&req, error),
        },
        Ok(None) => again(401, page.language.say("sign_in.wrong", &[])),
        Err(Error::TooMany { retry_after }) => again(429, page.language.say("sign_in.too_many", &[("n", &retry_after.to_string())])),
        Err(error) => failed(&req, error),
    }
}

/// The page that was asked for, else what the account works with first: needs, or the figures of its incident.
async fn landing<P: Permission>(a: &Allowed<P>, tokens: &Tokens, next: Option<String>) -> Result<String> {
    if let Some(next) = next {
        return Ok(next);
    }
    let account = a.state().access().account(a.db(), &tokens.access).await?;
    let Some(incident) = first_incident(&account) else { return Ok("/".into()) };
    let slug = a.db().read(Lane::Fast, move |r| Ok(incidents::store::by_id(r, incident)?.slug)).await?;
    Ok(if may_read_needs(&account, incident) { format!("/i/{slug}/needs") } else { format!("/i/{slug}") })
}

/// The first incident whose needs the account may list, else the first it has a role in.
fn first_incident(account: &Account) -> Option<i64> {
    account.grants.iter().map(|(id, _)| *id).min_by_key(|id| (!may_read_needs(account, *id), *id))
}

/// Sets the cookies and goes on.
pub(super) fn entered<P: Permission>(a: &Allowed<P>, tokens: &Tokens, next: &str) -> HttpResponse {
    let mut response = HttpResponse::SeeOther();
    for cookie in cookies::set(a.state().settings(), &tokens.access, &tokens.refresh, tokens.session_ends_in) {
        response.cookie(cookie);
    }
    response.insert_header((header::LOCATION, next)).finish()
}

async fn leave(a: Result<Allowed<SignOut>, Problem>, req: HttpRequest) -> HttpResponse {
    let a = match a {
        Ok(a) => a,
        Err(problem) => return refusal(&req, &problem),
    };
    let ended = async {
        let (user, session, request) = (a.user()?, a.account()?.session_reference.clone(), a.request_id().to_owned());
        a.db().write(move |w| service::end(w, user, &session, &request)).await
    };
    if let Err(error) = ended.await {
        return failed(&req, error);
    }
    let mut response = HttpResponse::SeeOther();
    for cookie in cookies::set(a.state().settings(), "", "", 0) {
        response.cookie(cookie);
    }
    let language = Page::new(&req, Viewer::default(), None, "").language;
    response.insert_header((header::LOCATION, format!("/?lang={}", language.tag()))).finish()
}

/// Where to go after signing in: an address of this site without anything but its path.
fn inside(next: Option<String>) -> Option<String> {
    let plain = |path: &String| {
        path.starts_with('/') && !path.starts_with("//") && path.chars().all(|c| c.is_ascii_graphic() && !"\\?#\"<>".contains(c))
    };
    next.filter(plain)
}
