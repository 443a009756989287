//! The pages behind one-time links: choosing a password, and the first administrator. Opening them uses nothing up, the button does.

use actix_web::{HttpRequest, HttpResponse, web};
use minijinja::{Value, context};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{Page, Viewer, failed, refusal, to};
use crate::accounts::links::service::{self, SetUp};
use crate::accounts::links::{LinkKind, store};
use crate::accounts::login::Login;
use crate::accounts::passwords::{self, Passwords};
use crate::accounts::service::Draft;
use crate::crypto::{FreshPair, secret_hash};
use crate::db::Lane;
use crate::error::{Error, RefusalCode, Result};
use crate::http::{Allowed, Problem};
use crate::ids::Reference;
use crate::incidents::model::{NewIncident, PublicFigures};

crate::permissions! {
    /// Open a one-time link and use it.
    pub OpenLink: BeforeSignIn = "pages.links" => public;
}

const SHORTEST: u32 = 10;

pub(super) fn mount(config: &mut web::ServiceConfig) {
    config.route("/password/{token}", web::get().to(password)).route("/password/{token}", web::post().to(choose));
    config.route("/setup/{token}", web::get().to(setup)).route("/setup/{token}", web::post().to(set_up));
}

type Asked = Result<Allowed<OpenLink>, Problem>;

/// The form, or what is wrong.
fn form(req: &HttpRequest, status: u16, own: Value) -> HttpResponse {
    Page::new(req, Viewer::default(), None, "").fill(status, "password", context! { least => SHORTEST, usable => true, ..own })
}

/// The page for what stopped a link: it is used up, or something else.
fn stopped(req: &HttpRequest, error: Error) -> HttpResponse {
    match error {
        Error::NotFound | Error::Refused(_) => {
            let page = Page::new(req, Viewer::default(), None, "");
            page.message(410, &page.language.say("password.title", &[]), &page.language.say("password.gone", &[]))
        }
        error => failed(req, error),
    }
}

async fn password(a: Asked, req: HttpRequest) -> HttpResponse {
    let a = match a {
        Ok(a) => a,
        Err(problem) => return refusal(&req, &problem),
    };
    match account(&a).await {
        Ok(_) => form(&req, 200, context! {}),
        Err(error) => stopped(&req, error),
    }
}

async fn account(a: &Allowed<OpenLink>) -> Result<(Vec<u8>, crate::accounts::model::User)> {
    let (hash, now) = (secret_hash(a.segment("token")?), a.now());
    let asked = hash.clone();
    Ok((hash, a.db().read(Lane::Fast, move |r| service::account_of(r, &asked, now)).await?))
}

#[derive(Deserialize)]
struct Chosen {
    password: SecretString,
}

async fn choose(a: Asked, sent: web::Form<Chosen>, req: HttpRequest, passwords: web::Data<Passwords>) -> HttpResponse {
    let a = match a {
        Ok(a) => a,
        Err(problem) => return refusal(&req, &problem),
    };
    match store_password(&a, sent.into_inner().password, &passwords).await {
        Ok(()) => done(&req, "password"),
        Err(Error::Invalid(_)) => form(&req, 422, context! { error => language(&req).say("password.weak", &[]) }),
        Err(error) => stopped(&req, error),
    }
}

async fn store_password(a: &Allowed<OpenLink>, password: SecretString, passwords: &Passwords) -> Result<()> {
    let (hash, user) = account(a).await?;
    let login = Login::open(a.keyring().platform(), &user.reference, &user.login_sealed)?;
    passwords::check("password", password.expose_secret(), Some(login.as_str())).map_err(|e| Error::Invalid(vec![e]))?;
    let (hashed, request) = (passwords.hash(password).await?, a.request_id().to_owned());
    a.db().write(move |w| service::choose_password(w, &request, &hash, &hashed)).await
}

/// What the form for the first administrator holds.
#[derive(Deserialize, Serialize)]
struct First {
    login: String,
    #[serde(skip_serializing)]
    password: SecretString,
    name: String,
    slug: String,
    area: String,
    zone: String,
}

async fn setup(a: Asked, req: HttpRequest) -> HttpResponse {
    let a = match a {
        Ok(a) => a,
        Err(problem) => return refusal(&req, &problem),
    };
    match usable(&a).await {
        Ok(_) => form(&req, 200, context! { setup => true, sent => context! { zone => "Asia/Shanghai", area => "610100000000" } }),
        Err(error) => stopped(&req, error),
    }
}

async fn usable(a: &Allowed<OpenLink>) -> Result<Vec<u8>> {
    let (hash, now) = (secret_hash(a.segment("token")?), a.now());
    let asked = hash.clone();
    let link = a.db().read(Lane::Fast, move |r| store::find(r, LinkKind::Setup, &asked)).await?;
    if link.used || link.expires_at <= now { Err(RefusalCode::LinkUsed.into()) } else { Ok(hash) }
}

async fn set_up(a: Asked, sent: web::Form<First>, req: HttpRequest, passwords: web::Data<Passwords>) -> HttpResponse {
    let a = match a {
        Ok(a) => a,
        Err(problem) => return refusal(&req, &problem),
    };
    match make_first(&a, &sent, &passwords).await {
        Ok(()) => done(&req, "setup"),
        Err(Error::Invalid(errors)) => {
            let error = explained(&req, errors.iter().map(|error| error.pointer.as_str()));
            form(&req, 422, context! { setup => true, error => error, sent => Value::from(minijinja::value::Serde(&*sent)) })
        }
        Err(error) => stopped(&req, error),
    }
}

async fn make_first(a: &Allowed<OpenLink>, sent: &First, passwords: &Passwords) -> Result<()> {
    let hash = usable(a).await?;
    let mut errors = Vec::new();
    let login = crate::error::FieldError::collect(&mut errors, Login::read("/login", &sent.login));
    let named = login.as_ref().map(Login::as_str);
    crate::error::FieldError::collect(&mut errors, passwords::check("/password", sent.password.expose_secret(), named));
    let (Some(login), true) = (login, errors.is_empty()) else { return Err(Error::Invalid(errors)) };
    let hashed = passwords.hash(sent.password.clone()).await?;
    let draft = Draft::new(a.keyring(), &login, None).password(Some(hashed));
    let first = SetUp { draft, slug: sent.slug.clone(), new: sent.incident(a.now()), fresh: FreshPair::new(), desk: Reference::random() };
    let (keys, request) = (a.keyring().clone(), a.request_id().to_owned());
    a.db().write(move |w| service::set_up(w, &request, &keys, &hash, &first).map(drop)).await
}

impl First {
    fn incident(&self, now: crate::clock::Time) -> Option<NewIncident> {
        (!self.name.trim().is_empty()).then(|| NewIncident {
            slug: self.slug.clone(),
            name: self.name.clone(),
            zone: self.zone.clone(),
            area: self.area.clone(),
            started_at: now,
            cut_off_hour: 19,
            public_figures: PublicFigures::None,
            practice: false,
            early_matching: false,
            demo: false,
        })
    }
}

/// Names the fields to be mended.
fn explained<'a>(req: &HttpRequest, pointers: impl Iterator<Item = &'a str>) -> String {
    let language = language(req);
    let label = |pointer: &str| match pointer.rsplit('/').next().unwrap_or_default() {
        "login" => language.say("sign_in.login", &[]),
        "password" => language.say("password.new", &[("n", &SHORTEST.to_string())]),
        field => language.say(&format!("setup.{field}"), &[]),
    };
    let fields: Vec<String> = pointers.map(label).collect();
    language.say("setup.wrong", &[("fields", &fields.join(" · "))])
}

fn language(req: &HttpRequest) -> crate::pages::words::Language {
    Page::new(req, Viewer::default(), None, "").language
}

fn done(req: &HttpRequest, what: &str) -> HttpResponse {
    to(&format!("/sign-in?done={what}&lang={}", language(req).tag()))
}
