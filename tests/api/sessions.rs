//! Sessions: what opens them, what keeps them open, and everything that must not.

use heli::accounts::model::Role;
use heli::clock::{DAY, HOUR, MINUTE};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::app::{Caller, PASSWORD, TestApp};

async fn open(app: &TestApp, login: &str) -> Value {
    let body = json!({"login": login, "password": PASSWORD});
    app.public().send("POST", "/sessions", &[], Some(body)).await.expect(200).body
}

async fn refresh(app: &TestApp, token: &Value) -> crate::app::Sent {
    app.public().send("POST", "/sessions/refresh", &[], Some(json!({"refresh_token": token}))).await
}

fn caller(app: &TestApp, opened: &Value) -> Caller {
    app.public().with_token(opened["access_token"].as_str().unwrap())
}

journeys! {
    async fn a_login_opens_a_session_however_it_is_typed(app) {
        app.enrol("+86 138 0000 0000", "test", Role::Operator, None, None);
        for login in ["13800000000", "138-0000-0000", "１３８００００００００"] {
            let opened = open(&app, login).await;
            assert_eq!(opened["expires_in"], 600);
            caller(&app, &opened).get("/sessions").await.expect(200);
        }
    }

    async fn refused_sign_ins_look_alike(app) {
        app.enrol("known", "test", Role::Operator, None, None);
        let refused = async |login: &str, password: &str| {
            let mut sent = app.public().send("POST", "/sessions", &[], Some(json!({"login": login, "password": password}))).await;
            assert_eq!(sent.header("www-authenticate"), "Bearer realm=\"heli\"");
            sent.body["instance"] = Value::Null;
            (sent.status, sent.body)
        };
        let wrong = refused("known", "something else").await;
        assert_eq!((wrong.0, wrong.1["code"].as_str()), (401, Some("bad_credentials")));
        assert_eq!(refused("unknown", "something else").await, wrong);
        assert_eq!(refused("no login at all!", "something else").await, wrong);
    }

    async fn forged_and_stale_tokens_open_nothing(app) {
        let operator = app.user(Role::Operator).await;
        let token = operator.token.clone().unwrap();
        let (head, rest) = token.split_once('.').unwrap();
        let (claims, signature) = rest.split_once('.').unwrap();
        let good: Value = serde_json::from_slice(&unbase64(claims)).unwrap();
        let other = |typ: &str, algorithm: Algorithm, secret: &[u8], claims: &Value| {
            let header = Header { typ: Some(typ.into()), ..Header::new(algorithm) };
            jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(secret)).unwrap()
        };
        let mut forged = vec![
            format!("{}.{claims}.", base64(br#"{"alg":"none","typ":"at+jwt"}"#)),
            format!("{}.{claims}.{signature}", base64(br#"{"alg":"none","typ":"at+jwt"}"#)),
            format!("{head}.{claims}."),
            format!("{head}.{claims}.{}", base64(&[0; 32])),
            format!("{head}.{}.{signature}", base64(claims.replace("heli", "hell").as_bytes())),
            other("at+jwt", Algorithm::HS256, b"another key", &good),
            other("at+jwt", Algorithm::HS256, b"", &good),
            other("JWT", Algorithm::HS512, b"secret", &good),
            "x.y.z".into(), "..".into(), "x".repeat(5000),
        ];
        let secret = app.house.keys.derive("access tokens");
        let change = |name: &str, value: Value| {
            let mut claims = good.clone();
            claims[name] = value;
            claims
        };
        let without = |name: &str| {
            let mut claims = good.clone();
            claims.as_object_mut().unwrap().remove(name);
            claims
        };
        let now = good["iat"].as_i64().unwrap();
        for name in ["iss", "aud", "sub", "sid", "iat", "nbf", "exp"] {
            forged.push(other("at+jwt", Algorithm::HS256, &secret[..], &without(name)));
        }
        for claims in [
            change("exp", json!(now + 1_000_000)), change("exp", json!(format!("{}", now + 600))), change("exp", json!(now)),
            change("nbf", json!(now + 60)), change("iss", json!("other")), change("aud", json!("other")), change("sub", json!("0000000000")),
            change("sid", json!("0000000000")), change("role", json!("admin")),
        ] {
            forged.push(other("at+jwt", Algorithm::HS256, &secret[..], &claims));
        }
        forged.push(other("JWT", Algorithm::HS256, &secret[..], &good));
        forged.push(other("at+jwt", Algorithm::HS384, &secret[..], &good));
        let opened = open(&app, &operator.login).await;
        forged.push(opened["refresh_token"].as_str().unwrap().to_owned());
        for token in &forged {
            operator.with_token(token).get("/sessions").await.refused(401, "unauthenticated");
        }
        // The control: the same way of making one, with nothing changed, opens.
        operator.with_token(&other("at+jwt", Algorithm::HS256, &secret[..], &good)).get("/sessions").await.expect(200);
        refresh(&app, &json!(token)).await.refused(401, "unauthenticated");
        app.db.clock.advance(10 * MINUTE);
        operator.get("/sessions").await.refused(401, "unauthenticated");
        let turned = refresh(&app, &opened["refresh_token"]).await.expect(200).body;
        caller(&app, &turned).get("/sessions").await.expect(200);
    }

    async fn two_tabs_get_the_same_successor_and_a_copy_ends_the_session(app) {
        app.enrol("tabs", "test", Role::Operator, None, None);
        let first = open(&app, "tabs").await;
        let other = open(&app, "tabs").await;
        let turns = futures_util::future::join_all((0..8).map(|_| refresh(&app, &first["refresh_token"]))).await;
        let second = turns[0].body["refresh_token"].clone();
        assert!(turns.iter().all(|turn| turn.status == 200 && turn.body["refresh_token"] == second), "{turns:?}");
        assert_ne!(second, first["refresh_token"]);
        let third = refresh(&app, &second).await.expect(200).body;
        assert_eq!(refresh(&app, &second).await.expect(200).body["refresh_token"], third["refresh_token"], "not used yet");
        caller(&app, &third).get("/sessions").await.expect(200);
        refresh(&app, &first["refresh_token"]).await.refused(401, "unauthenticated");
        caller(&app, &third).get("/sessions").await.refused(401, "unauthenticated");
        refresh(&app, &third["refresh_token"]).await.refused(401, "unauthenticated");
        let open = caller(&app, &other).get("/sessions").await.expect(200);
        assert_eq!(open.body["items"].as_array().unwrap().len(), 1, "the other session stays");
    }

    async fn a_made_up_refresh_token_ends_nobodys_session(app) {
        app.enrol("victim", "test", Role::Operator, None, None);
        let first = open(&app, "victim").await;
        let turned = refresh(&app, &first["refresh_token"]).await.expect(200).body;
        let real = turned["refresh_token"].as_str().unwrap();
        let session = real.split('.').next().unwrap();
        for made_up in [format!("{session}.0.{}", "0".repeat(26)), format!("{session}.9.{}", "0".repeat(26)), "x".into(), String::new(), "..".into()] {
            refresh(&app, &json!(made_up)).await.refused(401, "unauthenticated");
        }
        caller(&app, &turned).get("/sessions").await.expect(200);
    }

    async fn sessions_end_by_themselves(app) {
        app.enrol("idle", "test", Role::Operator, None, None);
        let opened = open(&app, "idle").await;
        app.db.clock.advance(24 * HOUR);
        refresh(&app, &opened["refresh_token"]).await.refused(401, "unauthenticated");
        let mut opened = open(&app, "idle").await;
        for _ in 0..12 {
            app.db.clock.advance(DAY / 2 + HOUR);
            opened = refresh(&app, &opened["refresh_token"]).await.expect(200).body;
        }
        app.db.clock.advance(DAY / 2 + HOUR);
        refresh(&app, &opened["refresh_token"]).await.refused(401, "unauthenticated");
    }

    async fn signing_out_counts_at_once_here_and_everywhere(app) {
        app.enrol("out", "test", Role::Operator, None, None);
        let (here, there) = (open(&app, "out").await, open(&app, "out").await);
        let (here, there) = (caller(&app, &here), caller(&app, &there));
        there.get("/sessions").await.expect(200);
        here.send("DELETE", "/sessions/current", &[], None).await.expect(204);
        here.get("/sessions").await.refused(401, "unauthenticated");
        there.get("/sessions").await.expect(200);
        let third = caller(&app, &open(&app, "out").await);
        there.send("DELETE", "/sessions", &[], None).await.expect(204);
        for ended in [&there, &third] {
            ended.get("/sessions").await.refused(401, "unauthenticated");
        }
    }

    async fn cookies_carry_a_session_and_need_the_sites_origin(app) {
        app.enrol("cookie", "test", Role::Operator, None, None);
        let body = json!({"login": "cookie", "password": PASSWORD, "cookies": true});
        let from = format!("http://{}", app.address);
        let elsewhere = [("origin", "http://elsewhere.example")];
        app.public().send("POST", "/sessions", &elsewhere, Some(body.clone())).await.refused(403, "cross_origin");
        let sent = app.public().send("POST", "/sessions", &[("origin", &from)], Some(body)).await.expect(200);
        assert_eq!(sent.body, json!({"expires_in": 600}));
        let set = |sent: &crate::app::Sent| -> String {
            let all = sent.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned()).collect::<Vec<_>>();
            assert!(all.iter().all(|c| c.contains("HttpOnly") && c.contains("SameSite=Lax") && c.contains("Path=/") && !c.contains("Secure")), "{all:?}");
            all.iter().map(|cookie| cookie.split(';').next().unwrap()).collect::<Vec<_>>().join("; ")
        };
        let cookies = set(&sent);
        let get = async |cookies: &str| app.public().send("GET", "/sessions", &[("cookie", cookies)], None).await;
        get(&cookies).await.expect(200);
        app.db.clock.advance(11 * MINUTE);
        let renewed = set(&get(&cookies).await.expect(200));
        assert_ne!(renewed, cookies);
        assert_eq!(set(&get(&cookies).await.expect(200)), renewed, "another tab gets the same");
        let end = async |headers: &[(&str, &str)]| app.public().send("DELETE", "/sessions/current", headers, None).await;
        end(&[("cookie", &renewed)]).await.refused(403, "cross_origin");
        end(&[("cookie", &renewed), ("origin", "http://elsewhere.example")]).await.refused(403, "cross_origin");
        end(&[("cookie", &renewed), ("origin", &from)]).await.expect(204);
        let over = get(&renewed).await.refused(401, "unauthenticated");
        assert!(over.headers.get_all("set-cookie").iter().all(|cookie| cookie.to_str().unwrap().contains("Max-Age=0")), "and the cookies go");
        assert_eq!(over.headers.get_all("set-cookie").iter().count(), 2);
        app.public().send("GET", "/problems", &[("cookie", &renewed)], None).await.expect(200);
    }
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let number = chunk.iter().fold(0u32, |n, byte| n << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        text.extend((0..=chunk.len()).map(|i| ALPHABET[(number >> (18 - 6 * i)) as usize & 63] as char));
    }
    text
}

fn unbase64(text: &str) -> Vec<u8> {
    let value = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'-' => 62,
        _ => 63,
    };
    let mut bytes = Vec::new();
    for chunk in text.as_bytes().chunks(4) {
        let number = chunk.iter().fold(0u32, |n, c| n << 6 | u32::from(value(*c))) << (6 * (4 - chunk.len()));
        bytes.extend((0..chunk.len() - 1).map(|i| (number >> (16 - 8 * i)) as u8));
    }
    bytes
}
