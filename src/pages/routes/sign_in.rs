//! Signing in and out by plain forms.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use minijinja::context;
use secrecy::SecretString;
use serde::Deserialize;

use super::{Page, failed, refusal};
use crate::accounts::login::Login;
use crate::accounts::passwords::Passwords;
use crate::accounts::sessions::{opening, service, service::Tokens};
use crate::error::{Error, Result};
use crate::http::{Allowed, Permission, Problem, cookies, peer};

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
    let page = Page::new(&req, false, None, "");
    let asked = web::Query::<Asked>::from_query(req.query_string()).map(web::Query::into_inner).unwrap_or_default();
    let note = match (&asked.next, &asked.done) {
        (_, Some(_)) => Some(page.language.say("password.done", &[])),
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
    let counted = login.as_ref().map_or(Ok(()), |login| a.state().count_sign_in(&req, login.as_str()));
    let opened = match counted {
        Ok(()) => {
            let house = (a.db(), a.keyring(), a.state().access().as_ref());
            opening::attempt(house, &passwords, login, sent.password, a.request_id().to_owned()).await
        }
        Err(error) => Err(error),
    };
    let page = Page::new(&req, false, None, "");
    let again = |status: u16, error: String| {
        page.fill(status, "sign_in", context! { login => sent.login, next => inside(sent.next.clone()), error => error })
    };
    match opened {
        Ok(Some(tokens)) => entered(&a, &tokens, &next_page(&page, sent.next.clone())),
        Ok(None) => again(401, page.language.say("sign_in.wrong", &[])),
        Err(Error::TooMany { retry_after }) => again(429, page.language.say("sign_in.too_many", &[("n", &retry_after.to_string())])),
        Err(error) => failed(&req, error),
    }
}

fn next_page(page: &Page, next: Option<String>) -> String {
    format!("{}?lang={}", inside(next), page.language.tag())
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
    response.insert_header((header::LOCATION, "/")).finish()
}

/// Where to go after signing in: an address of this site without anything but its path, else the first page.
fn inside(next: Option<String>) -> String {
    let plain = |path: &String| path.starts_with('/') && !path.starts_with("//") && path.chars().all(|c| c.is_ascii_graphic() && !"\\?#\"<>".contains(c));
    next.filter(plain).unwrap_or_else(|| "/".to_owned())
}
