//! Problems (RFC 9457): the one mapping from `error::Error` to an answer, and the catalogue of all codes.
//!
//! The body is written by the edge (`edge.rs`), which knows the request id; here a problem only travels with the response.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use serde_json::{Map, Value, json};

use crate::error::{Error, FieldCode, FieldError, Refusal, RefusalCode};

crate::codes! {
    /// What went wrong before a rule of the domain was asked; a rule's no has a `RefusalCode`.
    pub ProblemCode {
        /// No such resource, or none that this caller may know of.
        NotFound = "not_found",
        /// The resource has no such method.
        MethodNotAllowed = "method_not_allowed",
        /// Nobody is signed in, or the token is no longer good.
        Unauthenticated = "unauthenticated",
        /// Login and password don't fit, or the account is suspended.
        BadCredentials = "bad_credentials",
        /// Signed in, but without the role.
        Forbidden = "forbidden",
        /// A cookie came with a request from another site.
        CrossOrigin = "cross_origin",
        /// The body is not JSON, or nested too deeply.
        MalformedJson = "malformed_json",
        /// Fields must be mended.
        Invalid = "invalid",
        /// The body came too slowly.
        BodyTooSlow = "body_too_slow",
        /// The body is too large.
        PayloadTooLarge = "payload_too_large",
        /// The body is not declared as JSON.
        UnsupportedMediaType = "unsupported_media_type",
        /// POST needs an `Idempotency-Key`.
        KeyMissing = "idempotency_key_missing",
        /// The `Idempotency-Key` is not 16 to 200 visible ASCII characters.
        KeyMalformed = "idempotency_key_malformed",
        /// The same key came with another body.
        KeyReused = "idempotency_key_reused",
        /// PUT, PATCH and DELETE need `If-Match`.
        MatchMissing = "if_match_missing",
        /// `If-Match` is not one strong version.
        MatchMalformed = "if_match_malformed",
        /// It was changed meanwhile.
        Stale = "stale",
        /// Too many requests.
        TooManyRequests = "too_many_requests",
        /// Not possible at the moment; nothing was written.
        Unavailable = "unavailable",
        /// The answer of the database was lost; repeating with the same key settles it.
        OutcomeUnknown = "outcome_unknown",
        /// A fault of the program.
        Internal = "internal",
    }
}

impl ProblemCode {
    /// The status it is answered with.
    pub const fn status(self) -> u16 {
        match self {
            Self::MalformedJson | Self::KeyMissing | Self::KeyMalformed | Self::MatchMalformed => 400,
            Self::Unauthenticated | Self::BadCredentials => 401,
            Self::Forbidden | Self::CrossOrigin => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::BodyTooSlow => 408,
            Self::Stale => 412,
            Self::PayloadTooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::Invalid | Self::KeyReused => 422,
            Self::MatchMissing => 428,
            Self::TooManyRequests => 429,
            Self::Internal => 500,
            Self::Unavailable | Self::OutcomeUnknown => 503,
        }
    }

    /// What the caller can do about it.
    pub const fn mend(self) -> &'static str {
        match self {
            Self::NotFound => "Check the address; what you may not see answers the same.",
            Self::MethodNotAllowed => "Use one of the methods in Allow.",
            Self::Unauthenticated => "Sign in, or refresh the access token, and send it as a bearer token.",
            Self::BadCredentials => "Check login and password; an administrator can make a link for a new password.",
            Self::Forbidden => "Ask an administrator of the incident for the role.",
            Self::CrossOrigin => "Send the request from the site itself (Origin), or with a bearer token instead of a cookie.",
            Self::MalformedJson => "Send one JSON value in UTF-8, nested no deeper than the limit (32 unless configured).",
            Self::Invalid => "Mend the fields named in errors and send it again.",
            Self::BodyTooSlow => "Send the body at once, without pauses.",
            Self::PayloadTooLarge => "Send a smaller body.",
            Self::UnsupportedMediaType => "Send the body with Content-Type: application/json.",
            Self::KeyMissing => "Send a random Idempotency-Key with every POST, the same one when repeating it.",
            Self::KeyMalformed => "Make the Idempotency-Key of 16 to 200 visible ASCII characters, at random.",
            Self::KeyReused => "Take a new Idempotency-Key for a new command.",
            Self::MatchMissing => "Read the resource and send its ETag as If-Match.",
            Self::MatchMalformed => "Send one strong version as If-Match, such as \"3\".",
            Self::Stale => "Read the resource again and decide anew.",
            Self::TooManyRequests => "Wait for the seconds in Retry-After.",
            Self::Unavailable => "Nothing was written. Try again after the seconds in Retry-After.",
            Self::OutcomeUnknown => "Repeat the request with the same Idempotency-Key to learn what happened.",
            Self::Internal => "Tell the operators the request id.",
        }
    }
}

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

const REFUSED: &str = "The rules of the domain don't allow it as things stand; the code names the reason.";

/// One entry of the catalogue of problems.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Known {
    /// The stable code.
    pub code: &'static str,
    /// The status it is answered with.
    pub status: u16,
    /// In words.
    pub title: String,
    /// What can be done about it.
    pub detail: &'static str,
}

/// Every problem there is: those of the HTTP layer, then the refusals.
pub fn catalogue() -> Vec<Known> {
    let own = ProblemCode::ALL.iter().map(|code| (code.as_str(), code.status(), code.mend()));
    let refusals = RefusalCode::ALL.iter().map(|code| (code.as_str(), 409, REFUSED));
    own.chain(refusals).map(|(code, status, detail)| Known { code, status, title: title(code), detail }).collect()
}

/// A code in words: `not_enough_left` reads "Not enough left".
fn title(code: &str) -> String {
    let words = code.replace('_', " ");
    words[..1].to_ascii_uppercase() + &words[1..]
}

fn field_body(error: &FieldError) -> Value {
    let mut body = json!({ "pointer": error.pointer, "code": error.code, "detail": field_mend(error.code) });
    if let Some(limit) = error.limit {
        body["limit"] = limit.into();
    }
    body
}

const fn field_mend(code: FieldCode) -> &'static str {
    match code {
        FieldCode::Missing => "Give a value.",
        FieldCode::Unknown => "Take a value that exists.",
        FieldCode::UnknownField => "Leave this field out.",
        FieldCode::WrongType => "Give a value of the documented type.",
        FieldCode::Empty => "Don't leave it empty.",
        FieldCode::TooLong => "Shorten it.",
        FieldCode::TooShort => "Make it longer.",
        FieldCode::TooMany => "Give fewer.",
        FieldCode::TooSmall => "Give a larger number.",
        FieldCode::TooLarge => "Give a smaller number.",
        FieldCode::NotANumber => "Give a whole number.",
        FieldCode::NotATime => "Give a time in RFC 3339 with its offset.",
        FieldCode::NotADate => "Give a date such as 2022-01-09.",
        FieldCode::NotAnHour => "Give hour and minute, such as 08:30.",
        FieldCode::NotAPhone => "Give a phone number that can be called.",
        FieldCode::NotALogin => "Give an e-mail address, a phone number, or 3 to 64 letters, digits, dots and dashes.",
        FieldCode::NotAReference => "Give the reference as it was answered; one character may be mistyped.",
        FieldCode::NotAZone => "Give a zone such as Asia/Shanghai.",
        FieldCode::NotASlug => "Use small letters, digits and dashes.",
        FieldCode::NotACreditCode => "Check the 18 characters; the check digit does not fit.",
        FieldCode::NotARegion => "Take a region code that exists.",
        FieldCode::ControlCharacter => "Remove the control characters.",
        FieldCode::BidiCharacter => "Remove the characters that turn the writing direction.",
        FieldCode::InTheFuture => "Give a time that has passed.",
        FieldCode::BeforeSubmission => "Give a time after the submission.",
        FieldCode::Duplicate => "Give it once.",
        FieldCode::Inconsistent => "It contradicts another field.",
        FieldCode::WrongPassword => "Give the password that you sign in with.",
        FieldCode::HoldsAContact => "Leave phone numbers out; others may read it.",
        FieldCode::WeakPassword => "Take a longer password that nobody would guess.",
    }
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

    #[test]
    fn no_two_problems_share_a_code() {
        let mut codes: Vec<_> = catalogue().iter().map(|known| known.code).collect();
        let all = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all);
    }
}
