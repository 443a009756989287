//! What every command shares: idempotency under concurrency, limits, slow and endless bodies, headers, shutdown.

use std::time::{Duration, Instant};

use heli::accounts::model::Role;
use heli::ids::secret;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::app::TestApp;
use crate::support::on_both;

fn community(name: &str) -> Value {
    json!({"name": name, "kind": "community"})
}

async fn named(admin: &crate::app::Caller, name: &str) -> usize {
    let all = admin.get("/organisations?limit=100").await.expect(200);
    all.body["items"].as_array().unwrap().iter().filter(|item| item["name"] == name).count()
}

/// Sends a head, then chunks with pauses; the answer's text, and how long it took.
async fn slowly(app: &TestApp, head: &str, chunks: usize, chunk: &[u8], pause: Duration) -> (String, Duration) {
    let began = Instant::now();
    let stream = TcpStream::connect(app.address).await.unwrap();
    let (mut reader, mut writer) = stream.into_split();
    writer.write_all(head.as_bytes()).await.unwrap();
    let chunk = chunk.to_vec();
    let sending = actix_web::rt::spawn(async move {
        for _ in 0..chunks {
            if writer.write_all(&chunk).await.is_err() {
                return;
            }
            tokio::time::sleep(pause).await;
        }
        // Held open: the server, not the client, must end it.
        tokio::time::sleep(Duration::from_secs(60)).await;
    });
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(Ok(read @ 1..)) = tokio::time::timeout(Duration::from_secs(20), reader.read(&mut buffer)).await {
        answer.extend_from_slice(&buffer[..read]);
        if String::from_utf8_lossy(&answer).contains("\"type\"") {
            break;
        }
    }
    sending.abort();
    (String::from_utf8_lossy(&answer).into_owned(), began.elapsed())
}

journeys! {
    async fn sixty_four_repeats_at_once_have_one_effect(app) {
        let admin = app.user(Role::Admin).await;
        for round in 0..3 {
            let (key, name) = (secret(), format!("社区{round}"));
            let sent = futures_util::future::join_all((0..64).map(|_| admin.post_as(&key, "/organisations", community(&name)))).await;
            for answer in &sent {
                assert_eq!((answer.status, &answer.body), (201, &sent[0].body), "{answer:?}");
            }
            assert_eq!(named(&admin, &name).await, 1);
        }
    }

    async fn a_key_belongs_to_its_account_and_path_and_a_refusal_keeps_nothing(app) {
        let (admin, other) = (app.user(Role::Admin).await, app.user(Role::Admin).await);
        let key = secret();
        let first = admin.post_as(&key, "/organisations", community("甲")).await.expect(201);
        assert_eq!(first.header("etag"), "\"1\"");
        let again = admin.post_as(&key, "/organisations", json!({"kind": "community", "name": "甲"})).await.expect(201);
        assert_eq!((&again.body, again.header("etag")), (&first.body, "\"1\""), "the order of members is no other body");
        admin.post_as(&key, "/organisations", community("乙")).await.refused(422, "idempotency_key_reused");
        other.post_as(&key, "/organisations", community("甲")).await.refused(409, "name_taken");
        other.post_as(&key, "/organisations", community("乙")).await.expect(201);
        admin.with_token("x.y.z").post_as(&key, "/organisations", community("甲")).await.refused(401, "unauthenticated");
        let operator = app.user(Role::Operator).await;
        operator.post_as(&key, "/organisations", community("甲")).await.refused(403, "forbidden");
    }

    async fn versions_guard_changes(app) {
        let admin = app.user(Role::Admin).await;
        let made = admin.post("/organisations", community("甲")).await.expect(201);
        let path = format!("/organisations/{}", made.text_of("reference"));
        let change = json!({"name": "乙"});
        admin.send("PATCH", &path, &[], Some(change.clone())).await.refused(428, "if_match_missing");
        for bad in ["1", "W/\"1\"", "*", "\"x\"", "\"1\", \"2\""] {
            admin.send("PATCH", &path, &[("if-match", bad)], Some(change.clone())).await.refused(400, "if_match_malformed");
        }
        assert_eq!(admin.patch(&path, 9, change.clone()).await.refused(412, "stale").body["current"], 1);
        admin.patch(&path, 1, change.clone()).await.expect(200);
        assert_eq!(admin.patch(&path, 1, change).await.refused(412, "stale").body["current"], 2);
    }

    async fn bodies_that_are_none_write_nothing(app) {
        let admin = app.user(Role::Admin).await;
        for (body, status, code, pointer) in [
            (json!({"name": "甲", "kind": "community", "more": 1}), 422, "invalid", "/more"),
            (json!({"name": "甲", "kind": "village"}), 422, "invalid", "/kind"),
            (json!({"name": 7, "kind": "community"}), 422, "invalid", "/name"),
            (json!({"kind": "community"}), 422, "invalid", "/name"),
            (json!({"name": "甲\u{0}", "kind": "community"}), 422, "invalid", "/name"),
            (json!({"name": "甲\u{202e}", "kind": "community"}), 422, "invalid", "/name"),
            (json!([]), 422, "invalid", ""),
            (json!({"name": "x".repeat(70_000), "kind": "community"}), 413, "payload_too_large", ""),
        ] {
            assert_eq!(admin.post("/organisations", body).await.refused(status, code).pointer(), pointer);
        }
        assert_eq!(named(&admin, "甲").await, 0);
    }

    async fn deep_slow_and_endless_bodies_are_cut(app) {
        let admin = app.user(Role::Admin).await;
        let head = |length: &str, body: &str| {
            let (token, key) = (admin.token.clone().unwrap(), secret());
            format!(
                "POST /api/v1/organisations HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\nidempotency-key: {key}\r\n\
                 content-type: application/json\r\n{length}\r\n\r\n{body}"
            )
        };
        let deep = "[".repeat(1_000_000);
        let (answer, _) = slowly(&app, &head("content-length: 1000000", &deep), 0, b"", Duration::ZERO).await;
        assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("malformed_json"), "{answer}");
        let (answer, took) = slowly(&app, &head("content-length: 5000", "{"), 1000, b" ", Duration::from_millis(50)).await;
        assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("body_too_slow"), "{answer}");
        assert!(took < Duration::from_secs(6), "{took:?}");
        let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
        let (answer, took) = slowly(&app, &head("transfer-encoding: chunked", ""), 1_000_000, chunk.as_bytes(), Duration::ZERO).await;
        assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("payload_too_large"), "{answer}");
        assert!(took < Duration::from_secs(6), "{took:?}");
        let (answer, took) = slowly(&app, "POST /api/v1/organisations HTTP/1.1\r\nhost:", 100, b" ", Duration::from_millis(100)).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
        assert!(took < Duration::from_secs(9), "the head has its own deadline: {took:?}");
    }

    async fn every_answer_carries_the_headers(app) {
        let admin = app.user(Role::Admin).await;
        let large = Some(json!("x".repeat(70_000)));
        let key = secret();
        for (method, path, status) in [
            ("GET", "/organisations", 200), ("GET", "/nothing", 404), ("GET", "//nothing", 404), ("PUT", "/organisations", 405),
            ("POST", "/organisations", 413), ("GET", "//livez", 200), ("GET", "//readyz", 200), ("BREW", "/organisations", 405),
        ] {
            let body = if status == 413 { large.clone() } else { None };
            let sent = admin.send(method, path, &[("idempotency-key", &key)], body).await.expect(status);
            for (name, value) in [
                ("x-content-type-options", "nosniff"), ("referrer-policy", "same-origin"), ("x-frame-options", "DENY"),
                ("cross-origin-opener-policy", "same-origin"),
            ] {
                assert_eq!(sent.header(name), value, "{method} {path}");
            }
            assert!(sent.header("content-security-policy").contains("frame-ancestors 'none'"));
            assert_eq!(sent.header("x-request-id").len(), 10);
            assert!(path.starts_with("//") || sent.header("cache-control") == "no-store");
            assert_eq!(sent.header("allow"), if status == 405 { "GET, POST" } else { "" });
            assert!(sent.header("server").is_empty());
            assert_eq!(sent.status >= 400, sent.header("content-type") == "application/problem+json");
        }
    }
}

on_both! {
    async fn callers_are_counted_apart(db) {
        let app = TestApp::tuned(db, |serve| {
            (serve.rate_factor, serve.rate_public_read, serve.rate_read, serve.rate_sign_in) = (1, 5, 8, 3);
        }).await;
        let admin = app.user(Role::Admin).await;
        for _ in 0..5 {
            app.public().get("/problems").await.expect(200);
        }
        let refused = app.public().get("/problems").await.refused(429, "too_many_requests");
        assert!((1..=12).contains(&refused.header("retry-after").parse::<u32>().unwrap()));
        for _ in 0..8 {
            admin.get("/sessions").await.expect(200);
        }
        admin.get("/sessions").await.refused(429, "too_many_requests");
        app.user(Role::Admin).await.get("/sessions").await.expect(200);
        let try_one = async |login: &str| {
            app.public().send("POST", "/sessions", &[], Some(json!({"login": login, "password": "wrong wrong"}))).await
        };
        for _ in 0..3 {
            try_one("somebody").await.refused(401, "bad_credentials");
        }
        try_one("somebody").await.refused(429, "too_many_requests");
        try_one("SOMEBODY ").await.refused(429, "too_many_requests");
        try_one("another").await.refused(401, "bad_credentials");
        app.enrol("often", "test", Role::Operator, None, None);
        for _ in 0..5 {
            app.sign_in("often").await;
        }
        app.stop().await;
    }

    async fn metrics_have_a_port_of_their_own_and_name_nobody(db) {
        let app = TestApp::tuned(db, |serve| serve.metrics_listen = Some("127.0.0.1:0".parse().unwrap())).await;
        let admin = app.user(Role::Admin).await;
        admin.get("/organisations/0000000000").await.expect(404);
        let text = reqwest::get(format!("http://{}/metrics", app.metrics.unwrap())).await.unwrap().text().await.unwrap();
        let line = r#"heli_requests_total{method="GET",route="/api/v1/organisations/{reference}",status="404"} 1"#;
        assert!(text.contains(line) && !text.contains("0000000000"), "{text}");
        admin.get("//metrics").await.expect(404);
        app.stop().await;
    }

    async fn a_stopping_program_says_so_and_finishes_what_it_began(db) {
        let app = TestApp::start(db).await;
        let (admin, watcher) = (app.user(Role::Admin).await, app.public());
        watcher.get("//readyz").await.expect(200);
        let stopping = actix_web::rt::spawn(app.stop_after(Duration::from_millis(600)));
        tokio::time::sleep(Duration::from_millis(100)).await;
        watcher.get("//readyz").await.refused(503, "unavailable");
        watcher.get("//livez").await.expect(200);
        admin.post("/organisations", community("甲")).await.expect(201);
        stopping.await.unwrap();
        assert!(tokio::net::TcpStream::connect(admin.address()).await.is_err());
    }
}
