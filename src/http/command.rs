//! Commands: `Post` runs a write once per `Idempotency-Key`, `Edit` runs it against the version in `If-Match`.

use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, IF_MATCH};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::catalogue::ProblemCode;
use super::permission::{Allowed, Permission, allow};
use super::problem::{Answer, Problem};
use super::store::{self, Slot, Stored};
use super::{body, input};
use crate::db::Write;
use crate::error::{Error, Result};

/// A body for commands that need none.
#[derive(Debug, Default, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// A POST: permission, body and idempotency key. Take it apart in the handler's arguments: `Post(call, body): Post<LogCalls, NewCall>`.
pub struct Post<P, B>(pub Once<P>, pub B);

/// Runs one write once. Derefs to `Allowed`.
pub struct Once<P> {
    allowed: Allowed<P>,
    slot: Slot,
}

impl<P> Deref for Once<P> {
    type Target = Allowed<P>;
    fn deref(&self) -> &Allowed<P> {
        &self.allowed
    }
}

impl<P: Permission> Once<P> {
    /// Runs the write and answers 201 with its result.
    pub async fn created<T: Serialize>(self, f: impl Fn(&mut Write<'_>, &Allowed<P>) -> Result<T> + Send + 'static) -> Answer {
        self.run(201, move |w, a| text(&f(w, a)?)).await
    }

    /// Runs the write and answers 200 with its result.
    pub async fn ok<T: Serialize>(self, f: impl Fn(&mut Write<'_>, &Allowed<P>) -> Result<T> + Send + 'static) -> Answer {
        self.run(200, move |w, a| text(&f(w, a)?)).await
    }

    /// Runs the write and answers 204.
    pub async fn done(self, f: impl Fn(&mut Write<'_>, &Allowed<P>) -> Result<()> + Send + 'static) -> Answer {
        self.run(204, move |w, a| f(w, a).map(|()| String::new())).await
    }

    /// Runs the write each time, also for a repeat, keeps nothing of its answer, and answers 200: for what must not outlive what it shows, such
    /// as contacts, and must be recorded whenever it is shown.
    pub async fn shown<T: Serialize>(self, f: impl Fn(&mut Write<'_>, &Allowed<P>) -> Result<T> + Send + 'static) -> Answer {
        let db = self.allowed.db().clone();
        let answer = db.write(move |w| {
            let keys = self.allowed.keyring();
            let repeated = store::take(w, keys, &self.slot)?.is_some();
            let answer = text(&f(w, &self.allowed)?)?;
            if !repeated {
                store::keep(w, keys, &self.slot, &(200, String::new()))?;
            }
            Ok(answer)
        });
        respond(200, answer.await?)
    }

    /// The effect and its stored answer stand or fall together; a refusal stores nothing.
    async fn run(self, status: u16, f: impl Fn(&mut Write<'_>, &Allowed<P>) -> Result<String> + Send + 'static) -> Answer {
        let db = self.allowed.db().clone();
        let stored: Stored = db
            .write(move |w| {
                let keys = self.allowed.keyring();
                if let Some(stored) = store::take(w, keys, &self.slot)? {
                    return Ok(stored);
                }
                let stored = (status, f(w, &self.allowed)?);
                store::keep(w, keys, &self.slot, &stored)?;
                Ok(stored)
            })
            .await?;
        respond(stored.0, stored.1)
    }
}

impl<P: Permission, B: DeserializeOwned> FromRequest for Post<P, B> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let allowed = allow::<P>(&req).await?;
            let key = idempotency_key(&req)?;
            let value = body::json(&allowed.state().settings, &req, payload).await?;
            let slot = slot(&allowed, &req, &key, &value);
            Ok(Post(Once { allowed, slot }, input::typed(value)?))
        })
    }
}

fn slot<P>(allowed: &Allowed<P>, req: &HttpRequest, key: &str, body: &Value) -> Slot {
    let platform = allowed.keyring().platform();
    let token = |domain: &str, text: &str| platform.token(domain, text)[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    Slot {
        actor: allowed.actor().user.map_or_else(|| "public".to_owned(), |user| format!("user:{user}")),
        route: token("idempotency route", &format!("{} {}", req.method(), req.path())),
        key: token("idempotency key", key),
        fingerprint: platform.token("idempotency body", &body.to_string()),
    }
}

fn idempotency_key(req: &HttpRequest) -> Result<String, Problem> {
    let value = req.headers().get("idempotency-key").ok_or(ProblemCode::KeyMissing)?;
    let key = value.as_bytes();
    match std::str::from_utf8(key) {
        Ok(text) if (16..=200).contains(&key.len()) && key.iter().all(u8::is_ascii_graphic) => Ok(text.to_owned()),
        _ => Err(ProblemCode::KeyMalformed.into()),
    }
}

/// A PUT, PATCH or DELETE: permission, body and the version in `If-Match`. `Edit(change, body): Edit<RenameThing, NewName>`.
pub struct Edit<P, B>(pub Change<P>, pub B);

/// Runs one write against a version. Derefs to `Allowed`.
pub struct Change<P> {
    allowed: Allowed<P>,
    version: i64,
}

impl<P> Deref for Change<P> {
    type Target = Allowed<P>;
    fn deref(&self) -> &Allowed<P> {
        &self.allowed
    }
}

impl<P: Permission> Change<P> {
    /// Runs the write with the version that `If-Match` names and answers 200 with its result.
    pub async fn ok<T: Serialize + Send + 'static>(
        self,
        f: impl Fn(&mut Write<'_>, &Allowed<P>, i64) -> Result<T> + Send + 'static,
    ) -> Answer {
        let db = self.allowed.db().clone();
        let answer = db.write(move |w| text(&f(w, &self.allowed, self.version)?)).await?;
        respond(200, answer)
    }

    /// Runs the write and answers 204.
    pub async fn done(self, f: impl Fn(&mut Write<'_>, &Allowed<P>, i64) -> Result<()> + Send + 'static) -> Answer {
        let db = self.allowed.db().clone();
        db.write(move |w| f(w, &self.allowed, self.version)).await?;
        respond(204, String::new())
    }
}

impl<P: Permission, B: DeserializeOwned> FromRequest for Edit<P, B> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let allowed = allow::<P>(&req).await?;
            let version = if_match(&req)?;
            let value = body::json(&allowed.state().settings, &req, payload).await?;
            Ok(Edit(Change { allowed, version }, input::typed(value)?))
        })
    }
}

fn if_match(req: &HttpRequest) -> Result<i64, Problem> {
    let value = req.headers().get(IF_MATCH).ok_or(ProblemCode::MatchMissing)?;
    let quoted = value.to_str().ok().and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"'));
    quoted.and_then(|text| text.parse().ok()).ok_or_else(|| ProblemCode::MatchMalformed.into())
}

/// A body for commands outside `Post`: sign-in and the like, which take no idempotency key.
pub struct Plain<P, B>(pub Allowed<P>, pub B);

impl<P: Permission, B: DeserializeOwned> FromRequest for Plain<P, B> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let allowed = allow::<P>(&req).await?;
            let value = body::json(&allowed.state().settings, &req, payload).await?;
            Ok(Plain(allowed, input::typed(value)?))
        })
    }
}

/// Answers a read: 200 with JSON, and an `ETag` where the body carries a `version`.
pub fn found<T: Serialize>(value: &T) -> Answer {
    respond(200, text(value)?)
}

fn text<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::internal(format!("an answer can't be written: {e}")))
}

fn respond(status: u16, text: String) -> Answer {
    let status = StatusCode::from_u16(status).map_err(|_| Error::internal("a stored status is none"))?;
    let mut response = HttpResponse::build(status);
    if text.is_empty() {
        return Ok(response.finish());
    }
    if let Some(version) = version(&text) {
        response.insert_header((ETAG, format!("\"{version}\"")));
    }
    Ok(response.content_type("application/json").body(text))
}

/// The top-level `version` of an answer.
fn version(text: &str) -> Option<i64> {
    #[derive(serde::Deserialize)]
    struct Versioned {
        version: Option<i64>,
    }
    serde_json::from_str::<Versioned>(text).ok()?.version
}
