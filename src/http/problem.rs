//! Problems (RFC 9457): the one mapping from `error::Error` to an answer, and the catalogue of all codes.
//!
//! The body is written by the edge (`edge.rs`), which knows the request id; here a problem only travels with the response.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use serde_json::{Map, Value, json};

use super::catalogue::{ProblemCode, REFUSED, field_mend, title};
use crate::error::{Error, FieldError, Refusal, RefusalCode};

/// What a handler answers.
pub type Answer = Result<HttpResponse, Problem>;

/// A problem on its way to the caller.
#[derive(Clone, Debug)]
pub struct Problem(Box<Said>);

#[derive(Clone, Debug)]
struct Said {
    status: u16,
    code: &'static str,
    detail: &'static str,
    errors: Vec<FieldError>,
    members: Map<String, Value>,
    retry_after: Option<u32>,
    allow: Option<String>,
    /// For the log only.
    fault: Option<String>,
}

impl Problem {
    fn changed(mut self, change: impl FnOnce(&mut Said)) -> Self {
        change(&mut self.0);
        self
    }

    /// The methods that the resource has.
    pub(super) fn allow(self, methods: String) -> Self {
        self.changed(|said| said.allow = Some(methods))
    }

    /// What went wrong inside, for the log only.
    pub(super) fn fault(&self) -> Option<&str> {
        self.0.fault.as_deref()
    }

    /// The body, for a request id.
    pub(super) fn body(&self, request: &str) -> Value {
        let said = &self.0;
        let mut body = said.members.clone();
        body.insert("type".into(), format!("/api/v1/problems#{}", said.code).into());
        body.insert("title".into(), title(said.code).into());
        body.insert("status".into(), said.status.into());
        body.insert("code".into(), said.code.into());
        body.insert("detail".into(), said.detail.into());
        body.insert("instance".into(), request.into());
        if !said.errors.is_empty() {
            body.insert("errors".into(), said.errors.iter().map(field_body).collect());
        }
        Value::Object(body)
    }
}

impl From<ProblemCode> for Problem {
    fn from(code: ProblemCode) -> Self {
        let (status, retry_after) = (code.status(), (code.status() == 503).then_some(1));
        let (code, detail) = (code.as_str(), code.mend());
        let (errors, members) = (Vec::new(), Map::new());
        Problem(Box::new(Said { status, code, detail, errors, members, retry_after, allow: None, fault: None }))
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Problem::from(ProblemCode::Internal).changed(|said| {
            (said.status, said.code, said.detail, said.members) = (409, refusal.code.as_str(), REFUSED, refusal.details);
        })
    }
}

impl From<RefusalCode> for Problem {
    fn from(code: RefusalCode) -> Self {
        Refusal::new(code).into()
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let problem = |code: ProblemCode| Problem::from(code);
        let faulty = |code: ProblemCode, fault: String| Problem::from(code).changed(|said| said.fault = Some(fault));
        match error {
            Error::Refused(refusal) => refusal.into(),
            Error::Invalid(errors) => problem(ProblemCode::Invalid).changed(|said| said.errors = errors),
            Error::NotFound => problem(ProblemCode::NotFound),
            Error::Unauthenticated => problem(ProblemCode::Unauthenticated),
            Error::Forbidden => problem(ProblemCode::Forbidden),
            Error::Stale { current } => problem(ProblemCode::Stale).changed(|said| {
                said.members.insert("current".into(), current.into());
            }),
            Error::KeyReused => problem(ProblemCode::KeyReused),
            Error::TooMany { retry_after } => problem(ProblemCode::TooManyRequests).changed(|said| said.retry_after = Some(retry_after)),
            Error::Unavailable(what) => faulty(ProblemCode::Unavailable, what.into()),
            Error::OutcomeUnknown => problem(ProblemCode::OutcomeUnknown),
            Error::Internal(what) => faulty(ProblemCode::Internal, what),
            Error::Database(e) => faulty(ProblemCode::Internal, e.to_string()),
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.code)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if self.0.status == 401 {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"heli\""));
        }
        if let Some(seconds) = self.0.retry_after {
            response.insert_header((header::RETRY_AFTER, seconds));
        }
        if let Some(methods) = &self.0.allow {
            response.insert_header((header::ALLOW, methods.as_str()));
        }
        let mut response = response.finish();
        response.extensions_mut().insert(self.clone());
        response
    }
}

fn field_body(error: &FieldError) -> Value {
    let mut body = json!({ "pointer": error.pointer, "code": error.code, "detail": field_mend(error.code) });
    if let Some(limit) = error.limit {
        body["limit"] = limit.into();
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_carry_their_details_at_the_top() {
        let problem = Problem::from(Error::from(Refusal::new(RefusalCode::NotEnoughLeft).with("left", 3)));
        let body = problem.body("ABC");
        assert_eq!(body["code"], "not_enough_left");
        assert_eq!(body["title"], "Not enough left");
        assert_eq!((body["status"].as_i64(), body["left"].as_i64(), body["instance"].as_str()), (Some(409), Some(3), Some("ABC")));
    }
}
