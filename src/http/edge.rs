//! The edge of the program: request id, access log, panics, the bodies of problems, and the headers that every answer carries.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::cookie::Cookie;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpResponse, ResponseError};
use futures_util::FutureExt;

use super::catalogue::ProblemCode;
use super::problem::Problem;
use super::state::State;
use crate::error::Error;
use crate::ids::Reference;

/// The id of a request: in its answer, its log lines and its audit.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Cookies that the look-up of the caller renewed.
pub(super) struct NewCookies(pub(super) [Cookie<'static>; 2]);

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
     manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, CSP),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "geolocation=(self), camera=(), microphone=(), payment=(), usb=()"),
];

/// Wraps everything: no answer leaves without passing here.
pub async fn edge(req: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let began = Instant::now();
    let id = Reference::random().to_string();
    req.extensions_mut().insert(RequestId(id.clone()));
    let (method, api) = (req.method().clone(), req.path().starts_with("/api/"));
    let state = req.app_data::<Data<State>>().cloned();
    let https = state.as_ref().is_some_and(|state| state.settings.https());
    let mut res = match AssertUnwindSafe(next.call(req)).catch_unwind().await {
        Ok(Ok(res)) => res.map_into_boxed_body(),
        Ok(Err(error)) => return Err(fallen(method.as_str(), error.to_string(), began, &id, api, https)),
        Err(_) => return Err(fallen(method.as_str(), "a handler panicked".into(), began, &id, api, https)),
    };
    let problem = problem_of(&res);
    let page = res.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if let (Some(problem), false) = (&problem, page) {
        let body = problem.body(&id).to_string();
        res = res.map_body(|head, _| {
            head.headers_mut().insert(header::CONTENT_TYPE, PROBLEM);
            BoxBody::new(body)
        });
    }
    let renewed = res.request().extensions_mut().remove::<NewCookies>();
    for cookie in renewed.iter().flat_map(|cookies| &cookies.0) {
        // A cookie made of tokens is a valid header.
        let _ = res.response_mut().add_cookie(cookie);
    }
    dress(res.headers_mut(), &id, api, https);
    let route = res.request().match_pattern().unwrap_or_else(|| "none".into());
    let (status, took) = (res.status().as_u16(), began.elapsed());
    super::log::answered(method.as_str(), &route, status, took, &id, problem.as_ref().and_then(Problem::fault));
    if let Some(state) = state {
        state.metrics.answered(method.as_str(), &route, status, took);
    }
    Ok(res)
}

const PROBLEM: HeaderValue = HeaderValue::from_static("application/problem+json");

/// The answer 500 where no response was made: the request is gone, so the answer travels as an error.
fn fallen(method: &str, fault: String, began: Instant, id: &str, api: bool, https: bool) -> actix_web::Error {
    let problem = Problem::from(Error::internal(fault));
    let mut response = problem.error_response().set_body(BoxBody::new(problem.body(id).to_string()));
    response.headers_mut().insert(header::CONTENT_TYPE, PROBLEM);
    dress(response.headers_mut(), id, api, https);
    super::log::answered(method, "none", 500, began.elapsed(), id, problem.fault());
    InternalError::from_response(problem, response).into()
}

/// The problem an answer stands for; errors of the framework itself become one too.
fn problem_of(res: &ServiceResponse<BoxBody>) -> Option<Problem> {
    if let Some(problem) = res.response().extensions().get::<Problem>() {
        return Some(problem.clone());
    }
    let bare = !res.headers().contains_key(header::CONTENT_TYPE) || res.response().error().is_some();
    match res.status().as_u16() {
        404 if bare => Some(ProblemCode::NotFound.into()),
        405 if bare => Some(ProblemCode::MethodNotAllowed.into()),
        413 if bare => Some(ProblemCode::PayloadTooLarge.into()),
        400..=499 if bare => Some(ProblemCode::MalformedJson.into()),
        500..=599 if bare => Some(Error::internal("the framework answered with an error").into()),
        _ => None,
    }
}

fn dress(headers: &mut HeaderMap, id: &str, api: bool, https: bool) {
    for (name, value) in HEADERS {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if api && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
}

/// What answers where no route matches: 405 with the methods that the path has, else 404.
pub async fn nowhere(req: actix_web::HttpRequest) -> HttpResponse {
    let methods = req.app_data::<Data<super::api::Table>>().map(|table| table.methods(req.path())).unwrap_or_default();
    if methods.is_empty() {
        return Problem::from(ProblemCode::NotFound).error_response();
    }
    Problem::from(ProblemCode::MethodNotAllowed).allow(methods.join(", ")).error_response()
}
