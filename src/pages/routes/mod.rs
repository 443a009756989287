//! The addresses of the pages. Each handler takes its permission like the API's and answers HTML, also where it refuses.

mod dashboard;
mod sign_in;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use minijinja::{Value, context};

use super::render::fill;
use super::words::Language;
use crate::error::Error;
use crate::http::{Allowed, Permission, Problem, RequestId};
use crate::incidents::model::Incident;

/// Mounts the pages.
pub fn mount(config: &mut web::ServiceConfig) {
    config.route("/assets/heli.css", web::get().to(sheet));
    dashboard::mount(config);
    sign_in::mount(config);
}

async fn sheet() -> HttpResponse {
    let sheet = include_str!("../assets/heli.css");
    HttpResponse::Ok().content_type("text/css; charset=utf-8").insert_header((header::CACHE_CONTROL, "max-age=3600")).body(sheet)
}

/// A page about to be filled: its language and what the frame around it shows.
pub struct Page {
    /// The language.
    pub language: Language,
    frame: Value,
}

impl Page {
    /// A page for a request. `here` marks the current entry of the navigation.
    pub fn new(req: &HttpRequest, signed_in: bool, incident: Option<&Incident>, here: &str) -> Page {
        let asked = web::Query::<Vec<(String, String)>>::from_query(req.query_string()).map(web::Query::into_inner).unwrap_or_default();
        let lang = asked.iter().find(|(name, _)| name == "lang").map(|(_, value)| value.as_str());
        let accepted = req.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let language = Language::wanted(lang, accepted);
        let other = if language == Language::Chinese { Language::English } else { Language::Chinese };
        let kept = asked.iter().filter(|(name, _)| name != "lang").map(|(name, value)| (name.as_str(), value.as_str()));
        let query = web_query(kept.chain([("lang", other.tag())]));
        let frame = context! {
            signed_in => signed_in,
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
    let page = Page::new(req, false, None, "");
    let say = |key: &str| page.language.say(key, &[]);
    match problem.status_code().as_u16() {
        401 => {
            let next = web_query([("next", req.path()), ("lang", page.language.tag())].into_iter());
            HttpResponse::SeeOther().insert_header((header::LOCATION, format!("/sign-in?{next}"))).finish()
        }
        403 | 404 => page.message(404, &say("gone.title"), &say("gone.text")),
        status => {
            let id = actix_web::HttpMessage::extensions(req).get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
            page.message(status, &say("trouble.title"), &page.language.say("trouble.text", &[("id", &id)]))
        }
    }
}

/// Whether somebody is signed in.
pub fn signed_in<P: Permission>(a: &Allowed<P>) -> bool {
    a.actor().user.is_some()
}

/// An error as a page.
pub fn failed(req: &HttpRequest, error: Error) -> HttpResponse {
    refusal(req, &Problem::from(error))
}
