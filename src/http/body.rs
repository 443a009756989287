//! Reads a body within its limits: size, time, rate and nesting. The server itself limits the head alone.

use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::BytesMut;
use actix_web::{HttpMessage, HttpRequest};
use futures_util::StreamExt;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::catalogue::ProblemCode;
use super::input::{self, Nesting};
use super::problem::Problem;
use super::state::Settings;

/// So long a body may be slower than it must.
const GRACE: Duration = Duration::from_secs(2);

/// The JSON value of a body; an absent one reads as `{}`.
pub(super) async fn json(settings: &Settings, req: &HttpRequest, payload: Payload) -> Result<Value, Problem> {
    let bytes = read(settings, payload).await?;
    if !bytes.is_empty() && !is_json(req) {
        return Err(ProblemCode::UnsupportedMediaType.into());
    }
    input::json(&bytes)
}

fn is_json(req: &HttpRequest) -> bool {
    let encoded = req.headers().get(header::CONTENT_ENCODING).is_some_and(|value| value != "identity");
    !encoded && req.content_type().eq_ignore_ascii_case("application/json")
}

async fn read(settings: &Settings, mut payload: Payload) -> Result<BytesMut, Problem> {
    let began = Instant::now();
    let (mut bytes, mut nesting) = (BytesMut::new(), Nesting::up_to(settings.json_depth));
    loop {
        let allowance = GRACE + Duration::from_millis(bytes.len() as u64 * 1000 / settings.body_rate.max(1));
        let until = began + allowance.min(settings.body_deadline);
        let chunk = match timeout_at(until, payload.next()).await {
            Err(_) => return Err(ProblemCode::BodyTooSlow.into()),
            Ok(None) => return Ok(bytes),
            Ok(Some(chunk)) => chunk.map_err(|_| Problem::from(ProblemCode::MalformedJson))?,
        };
        if !nesting.follow(&chunk) {
            return Err(ProblemCode::MalformedJson.into());
        }
        if bytes.len() + chunk.len() > settings.body_limit {
            return Err(ProblemCode::PayloadTooLarge.into());
        }
        bytes.extend_from_slice(&chunk);
    }
}
