//! The addresses of the pages. Each handler takes its permission like the API's and answers HTML, also where it refuses.

mod dashboard;
mod demo;
mod links;
mod need;
mod needs;
mod sign_in;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use minijinja::{Value, context};

use super::render::fill;
use super::words::Language;
use crate::accounts::sessions::Account;
use crate::error::Error;
use crate::http::{self, Allowed, Permission, Problem, ProblemCode, RequestId, State, cookies};
use crate::incidents::model::Incident;
use crate::needs::model::READERS;

/// Mounts the pages.
pub fn mount(config: &mut web::ServiceConfig) {
    config.route("/assets/heli.css", web::get().to(sheet));
    dashboard::mount(config);
    demo::mount(config);
    links::mount(config);
    needs::mount(config);
    need::mount(config);
    sign_in::mount(config);
}

/// What answers where no route matches: browsers get a page, programs a problem.
pub async fn nowhere(req: HttpRequest) -> HttpResponse {
    let accepted = req.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accepted.contains("text/html") && !req.path().starts_with("/api/") {
        return refusal(&req, &ProblemCode::NotFound.into());
    }
    http::nowhere(req).await
}

async fn sheet() -> HttpResponse {
    let sheet = include_str!("../assets/heli.css");
    HttpResponse::Ok().content_type("text/css; charset=utf-8").insert_header((header::CACHE_CONTROL, "max-age=3600")).body(sheet)
}

/// Who looks at a page, as far as the frame around it shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Viewer {
    signed_in: bool,
    reads_needs: bool,
}

impl Viewer {
    /// Whoever calls a handler; where an incident is shown, with what is open there.
    pub fn of<P: Permission>(a: &Allowed<P>, incident: Option<&Incident>) -> Viewer {
        let reads = |account: &Account| incident.is_some_and(|incident| may_read_needs(account, incident.id));
        Viewer { signed_in: a.actor().user.is_some(), reads_needs: a.account().is_ok_and(reads) }
    }

    /// Whoever was refused before it was known who that is: a browser with a session's cookie counts as signed in.
    fn guessed(req: &HttpRequest) -> Viewer {
        let cookie = req.app_data::<web::Data<State>>().and_then(|state| cookies::refresh(state.settings(), req));
        Viewer { signed_in: cookie.is_some(), reads_needs: false }
    }
}

/// Whether an account may list the needs of an incident.
pub fn may_read_needs(account: &Account, incident: i64) -> bool {
    account.grants.iter().any(|(id, grant)| *id == incident && READERS.contains(&grant.role))
}

/// A page about to be filled: its language and what the frame around it shows.
pub struct Page {
    /// The language.
    pub language: Language,
    frame: Value,
}

impl Page {
    /// A page for a request. `here` marks the current entry of the navigation.
    pub fn new(req: &HttpRequest, viewer: Viewer, incident: Option<&Incident>, here: &str) -> Page {
        let asked = web::Query::<Vec<(String, String)>>::from_query(req.query_string()).map(web::Query::into_inner).unwrap_or_default();
        let lang = asked.iter().find(|(name, _)| name == "lang").map(|(_, value)| value.as_str());
        let accepted = req.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let language = Language::wanted(lang, accepted);
        let other = if language == Language::Chinese { Language::English } else { Language::Chinese };
        let kept = asked.iter().filter(|(name, _)| name != "lang").map(|(name, value)| (name.as_str(), value.as_str()));
        let query = web_query(kept.chain([("lang", other.tag())]));
        let frame = context! {
            signed_in => viewer.signed_in,
            reads_needs => viewer.reads_needs,
            demo => demo::open_to(req),
            incident => incident.map(|i| context! { slug => &i.slug, name => &i.name, practice => i.practice, demo => i.demo }),
            here => here,
            other_language => format!("{}?{query}", req.path()),
        };
        Page { language, frame }
    }

    /// Fills a template with what is its own.
    pub fn fill(&self, status: u16, template: &str, own: Value) -> HttpResponse {
        match fill(template, self.language, context! { ..own, ..self.frame.clone() }) {
            Ok(html) => html_answer(status, html),
            Err(error) => Problem::from(error).error_response(),
        }
    }

    /// A page that says what happened and what to do.
    pub fn message(&self, status: u16, title: &str, text: &str) -> HttpResponse {
        self.fill(status, "message", context! { title => title, text => text })
    }
}

fn html_answer(status: u16, html: String) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(status).unwrap_or_default();
    let no_store = (header::CACHE_CONTROL, "no-store");
    HttpResponse::build(status).content_type("text/html; charset=utf-8").insert_header(no_store).body(html)
}

fn web_query<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let encode = |text: &str| -> String {
        text.bytes()
            .map(|b| match b {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => (b as char).to_string(),
                _ => format!("%{b:02X}"),
            })
            .collect()
    };
    pairs.map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect::<Vec<_>>().join("&")
}

/// The page for a refusal: sign in first, not there (or not for you), try later.
pub fn refusal(req: &HttpRequest, problem: &Problem) -> HttpResponse {
    let page = Page::new(req, Viewer::guessed(req), None, "");
    let say = |key: &str| page.language.say(key, &[]);
    let mut response = match problem.status_code().as_u16() {
        401 => return to_sign_in(req, &page),
        403 | 404 => page.message(404, &say("gone.title"), &say("gone.text")),
        status => {
            let id = actix_web::HttpMessage::extensions(req).get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
            page.message(status, &say("trouble.title"), &page.language.say("trouble.text", &[("id", &id)]))
        }
    };
    // The edge logs what it stands for.
    response.extensions_mut().insert(problem.clone());
    if let Some(seconds) = problem.error_response().headers().get(header::RETRY_AFTER) {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.clone());
    }
    response
}

/// Leads to the form, and back afterwards where that is a page.
fn to_sign_in(req: &HttpRequest, page: &Page) -> HttpResponse {
    let next = (req.method() == actix_web::http::Method::GET).then_some(("next", req.path()));
    to(&format!("/sign-in?{}", web_query(next.into_iter().chain([("lang", page.language.tag())]))))
}

/// Leads to another page.
fn to(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish()
}

/// An error as a page.
pub fn failed(req: &HttpRequest, error: Error) -> HttpResponse {
    refusal(req, &Problem::from(error))
}
