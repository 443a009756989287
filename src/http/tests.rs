//! The HTTP layer on its own: a counter behind a public permission stands for any feature.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use actix_web::dev::Service;
use actix_web::http::StatusCode;
use actix_web::test::{TestRequest, init_service};
use actix_web::web::Bytes;
use actix_web::{App, get, post, web};
use futures_util::StreamExt;
use serde_json::{Value, json};

use super::*;
use crate::accounts::sessions::{Access, Terms};
use crate::clock::{DAY, HOUR};
use crate::crypto::Keyring;
use crate::error::{Error, FieldCode};
use crate::support::TestDb;

crate::permissions! {
    /// Count.
    pub Count: OnPlatform = "test.count" => public;
    /// Read the secret.
    pub ReadSecret: OnPlatform = "test.secret" => any;
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct By {
    by: i64,
}

static COUNTER: AtomicI64 = AtomicI64::new(0);

#[utoipa::path(request_body = By, responses((status = 201)))]
#[post("/counts/{name}")]
async fn count(Post(call, body): Post<Count, By>) -> Answer {
    if body.by < 1 {
        return Err(Error::field("/by", FieldCode::TooSmall).into());
    }
    call.created(move |_, a| Ok(json!({"name": a.segment("name")?, "stands": COUNTER.fetch_add(body.by, Ordering::SeqCst) + body.by})))
        .await
}

#[utoipa::path(responses((status = 200)))]
#[get("/secret")]
async fn secret(a: Allowed<ReadSecret>) -> Answer {
    found(&json!({"user": a.user()?}))
}

#[utoipa::path(responses((status = 200)))]
#[get("/ticks")]
async fn ticks(a: Allowed<Count>) -> Answer {
    events(a, futures_util::stream::iter([Bytes::from_static(b"data: 1\n\n")]).chain(futures_util::stream::pending()))
}

#[utoipa::path(responses((status = 200)))]
#[get("/panic")]
async fn panics(_: Allowed<Count>) -> Answer {
    panic!("on purpose")
}

struct Sent {
    status: StatusCode,
    body: Value,
    text: String,
    headers: actix_web::http::header::HeaderMap,
}

impl Sent {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Sends one request to an application of its own over the same database and keys.
async fn send(db: &TestDb, keys: &Keyring, req: TestRequest) -> Sent {
    let access = Arc::new(Access::new(&db.db, keys, Terms { idle: HOUR, life: DAY }));
    let (stop, stopping) = tokio::sync::watch::channel(false);
    actix_web::rt::spawn(async move {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        let _ = stop.send(true);
    });
    let state = web::Data::new(State::new(db.db.clone(), keys.clone(), access, Settings::default(), stopping));
    let (mut document, mut routes) = (utoipa::openapi::OpenApi::default(), Vec::new());
    let configure = |config: &mut web::ServiceConfig| {
        let scope = web::scope(ROOT).configure(|config| {
            let mut api = Api::new(config, &mut document, &mut routes);
            api.section("test").route::<Count>(count).route::<ReadSecret>(secret).route::<Count>(panics).route::<Count>(ticks);
        });
        config.service(scope);
    };
    let app = App::new().app_data(state).configure(configure).default_service(web::to(nowhere));
    let app = app.app_data(web::Data::new(Table::new(&routes))).wrap(actix_web::middleware::from_fn(edge));
    let app = init_service(app).await;
    let res = match app.call(req.to_request()).await {
        Ok(res) => res.into_parts().1,
        Err(error) => error.as_response_error().error_response(),
    };
    let (status, headers) = (res.status(), res.headers().clone());
    let body = actix_web::body::to_bytes(res.into_body()).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&body).into_owned();
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    Sent { status, body, headers, text }
}

fn keys(db: &TestDb) -> Keyring {
    let folder = tempfile::tempdir().unwrap();
    let (db, path) = (db.db.clone(), folder.path().join("heli.key"));
    std::thread::spawn(move || Keyring::open(&db, &path).unwrap().0).join().unwrap()
}

fn post(key: &str, body: impl Into<String>) -> TestRequest {
    let req = TestRequest::post().uri("/api/v1/counts/a").insert_header(("content-type", "application/json")).set_payload(body.into());
    if key.is_empty() { req } else { req.insert_header(("idempotency-key", key)) }
}

crate::support::on_both! {
    async fn a_key_has_one_effect_and_one_answer(db) {
        let keys = keys(&db);
        let key = "0123456789ABCDEFGHJKMNPQRS";
        let first = send(&db, &keys, post(key, r#"{"by": 2}"#)).await;
        assert_eq!(first.status, 201, "{}", first.body);
        let again = send(&db, &keys, post(key, r#"{ "by":2 }"#)).await;
        assert_eq!((again.status, &again.body), (first.status, &first.body));
        let other = send(&db, &keys, post(key, r#"{"by": 3}"#)).await;
        assert_eq!((other.status.as_u16(), other.body["code"].as_str()), (422, Some("idempotency_key_reused")));
    }

    async fn a_stream_ends_when_the_program_stops(db) {
        let keys = keys(&db);
        let sent = send(&db, &keys, TestRequest::get().uri("/api/v1/ticks")).await;
        assert_eq!((sent.status.as_u16(), sent.text.as_str(), sent.header("cache-control")), (200, "data: 1\n\n", Some("no-store")));
        assert_eq!(sent.header("content-type"), Some("text/event-stream"));
    }

    async fn each_fault_has_its_problem(db) {
        let keys = keys(&db);
        let key = "0123456789ABCDEFGHJKMNPQRT";
        let deep = "[".repeat(1_000_000);
        for (req, status, code, pointer) in [
            (post("", "{}"), 400, "idempotency_key_missing", None),
            (post("short", "{}"), 400, "idempotency_key_malformed", None),
            (post(key, "{"), 400, "malformed_json", None),
            (post(key, deep), 400, "malformed_json", None),
            (post(key, format!("\"{}\"", "x".repeat(70_000))), 413, "payload_too_large", None),
            (post(key, "{}"), 422, "invalid", Some("/by")),
            (post(key, r#"{"by": 0}"#), 422, "invalid", Some("/by")),
            (post(key, r#"{"by": 1, "and": 2}"#), 422, "invalid", Some("/and")),
            (post(key, r#"{"by": 1}"#).insert_header(("content-type", "text/plain")), 415, "unsupported_media_type", None),
            (post(key, r#"{"by": 1}"#).insert_header(("authorization", "Bearer x.y.z")), 401, "unauthenticated", None),
            (TestRequest::get().uri("/api/v1/secret"), 401, "unauthenticated", None),
            (TestRequest::get().uri("/api/v1/counts/a"), 405, "method_not_allowed", None),
            (TestRequest::get().uri("/api/v1/nothing"), 404, "not_found", None),
            (TestRequest::get().uri("/api/v1/panic"), 500, "internal", None),
        ] {
            let sent = send(&db, &keys, req).await;
            let found = (sent.status.as_u16(), sent.body["code"].as_str(), sent.body["errors"][0]["pointer"].as_str());
            assert_eq!(found, (status, Some(code), pointer), "{}", sent.body);
            assert_eq!(sent.header("content-type"), Some("application/problem+json"));
            assert_eq!(sent.header("x-request-id"), sent.body["instance"].as_str());
            assert_eq!((sent.header("cache-control"), sent.header("x-content-type-options")), (Some("no-store"), Some("nosniff")));
            assert!(sent.header("content-security-policy").is_some());
            assert_eq!(sent.header("www-authenticate").is_some(), status == 401);
            assert_eq!(sent.header("allow") == Some("POST"), status == 405);
        }
    }
}
