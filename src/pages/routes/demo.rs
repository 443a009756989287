//! The page with a button per role that signs in as it, in demo mode and at this very machine only.

use actix_web::{HttpRequest, HttpResponse, web};
use minijinja::context;

use super::sign_in::entered;
use super::{Page, Viewer, failed, may_read_needs, refusal};
use crate::accounts::model::{Role, User};
use crate::accounts::sessions::service;
use crate::accounts::{self};
use crate::db::{Lane, Read};
use crate::demo;
use crate::error::{Error, Result};
use crate::http::{Allowed, Problem, State, peer};
use crate::incidents::{self, model::Incident};

crate::permissions! {
    /// Open the page.
    pub SeeRoles: OnPlatform = "pages.demo" => public;
    /// Sign in as a role of the demo.
    pub TakeRole: BeforeSignIn = "pages.demo.enter" => public;
}

pub(super) fn mount(config: &mut web::ServiceConfig) {
    config.route("/demo", web::get().to(roles)).route("/demo/{role}", web::post().to(enter));
}

/// Whether the demo is open to a request.
pub(super) fn open_to(req: &HttpRequest) -> bool {
    req.app_data::<web::Data<State>>().is_some_and(|state| state.settings().demo) && peer::at_this_machine(req)
}

async fn roles(a: Result<Allowed<SeeRoles>, Problem>, req: HttpRequest) -> HttpResponse {
    let a = match a {
        Ok(a) if open_to(&req) => a,
        Ok(_) => return failed(&req, Error::NotFound),
        Err(problem) => return refusal(&req, &problem),
    };
    let keys = a.keyring().clone();
    match a.db().read(Lane::Fast, move |r| demo::accounts(r, &keys)).await {
        Ok(accounts) => {
            let roles: Vec<&str> = accounts.iter().map(|(role, _)| role.as_str()).collect();
            Page::new(&req, Viewer::of(&a, None), None, "demo").fill(200, "demo", context! { roles => roles })
        }
        Err(error) => failed(&req, error),
    }
}

async fn enter(a: Result<Allowed<TakeRole>, Problem>, req: HttpRequest) -> HttpResponse {
    let a = match a {
        Ok(a) if open_to(&req) && peer::same_origin(a.state().settings(), &req) => a,
        Ok(_) => return failed(&req, Error::NotFound),
        Err(problem) => return refusal(&req, &problem),
    };
    match open(&a).await {
        Ok((tokens, next)) => {
            let language = Page::new(&req, Viewer::default(), None, "").language;
            entered(&a, &tokens, &format!("{next}?lang={}", language.tag()))
        }
        Err(error) => failed(&req, error),
    }
}

/// A session of the role's account, and the page of the practice incident that it begins on.
async fn open(a: &Allowed<TakeRole>) -> Result<(service::Tokens, String)> {
    let role: Role = a.segment("role")?.parse().map_err(|_| Error::NotFound)?;
    let keys = a.keyring().clone();
    let (user, practice) = a.db().read(Lane::Fast, move |r| Ok((account(r, &keys, role)?, practice(r)?))).await?;
    let tokens = service::open(a.db(), a.state().access(), &user, a.request_id().to_owned()).await?;
    let account = a.state().access().account(a.db(), &tokens.access).await?;
    let needs = if may_read_needs(&account, practice.id) { "/needs" } else { "" };
    Ok((tokens, format!("/i/{}{needs}", practice.slug)))
}

fn account(r: &mut Read<'_>, keys: &crate::crypto::Keyring, role: Role) -> Result<User> {
    let (_, id) = demo::accounts(r, keys)?.into_iter().find(|(of, _)| *of == role).ok_or(Error::NotFound)?;
    accounts::store::by_id(r, id)
}

fn practice(r: &mut Read<'_>) -> Result<Incident> {
    incidents::store::all(r)?.into_iter().find(|incident| incident.demo && incident.practice).ok_or(Error::NotFound)
}
