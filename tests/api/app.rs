//! The program under test, and its callers.

use std::net::SocketAddr;
use std::time::Duration;

use clap::Parser;
use heli::accounts::login::Login;
use heli::accounts::model::{Actor, Role};
use heli::accounts::passwords::Cost;
use heli::accounts::service::{Draft, Enrolment, enrol};
use heli::accounts::store::by_login;
use heli::app::{House, Running, start};
use heli::clock::Time;
use heli::config::Serve;
use heli::crypto::{FreshPair, Keyring};
use heli::db::Lane;
use heli::ids::{Reference, secret};
use heli::incidents::model::{NewIncident, PublicFigures};
use heli::organisations::model::{Kind, NewOrganisation};
use heli::{incidents, organisations, regions};
use serde_json::Value;

use crate::support::TestDb;

/// The password of every user of the tests.
pub const PASSWORD: &str = "drei Birnen am Dienstag";
const CHEAP: Cost = Cost { memory: 8, passes: 1 };
const REQUEST: &str = "test";

/// The program, running.
pub struct TestApp {
    pub db: TestDb,
    pub house: House,
    pub address: SocketAddr,
    pub metrics: Option<SocketAddr>,
    running: Running,
    http: reqwest::Client,
    folder: tempfile::TempDir,
}

#[derive(Parser)]
struct Defaults {
    #[command(flatten)]
    serve: Serve,
}

impl TestApp {
    /// Starts it on a fresh database with the incident `test`.
    pub async fn start(db: TestDb) -> TestApp {
        Self::tuned(db, |_| ()).await
    }

    /// The same with other options.
    pub async fn tuned(db: TestDb, tune: impl FnOnce(&mut Serve)) -> TestApp {
        let mut serve = Defaults::parse_from(["heli"]).serve;
        serve.listen = "127.0.0.1:0".parse().unwrap();
        serve.workers = Some(2);
        serve.password_cost = CHEAP;
        serve.rate_factor = 1000;
        tune(&mut serve);
        let folder = tempfile::tempdir().unwrap();
        let house = blocking({
            let (db, key_file) = (db.db.clone(), folder.path().join("heli.key"));
            move || {
                let (keys, new_key_file) = Keyring::open(&db, &key_file).unwrap();
                House { db, keys, new_key_file }
            }
        });
        let running = start(&house, &serve).unwrap();
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let app = TestApp { db, house, address: running.address, metrics: running.metrics, running, http, folder };
        app.incident("test").await;
        app
    }

    /// Stops it in order.
    pub async fn stop(self) {
        self.running.stop(Duration::ZERO).await;
    }

    /// The same after saying "not ready" for so long.
    pub async fn stop_after(self, drain: Duration) {
        self.running.stop(drain).await;
    }

    /// The command line over the same database.
    pub fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_heli"));
        command.args(arguments).env_clear().env("HELI_DATABASE_URL", &self.db.options.url);
        command.env("HELI_DATA_DIR", self.folder.path()).env("HELI_KEY_FILE", self.folder.path().join("heli.key"));
        command
    }

    /// Makes a further incident over Xi'an.
    pub async fn incident(&self, slug: &str) {
        let new = NewIncident {
            slug: slug.into(),
            name: slug.into(),
            zone: "Asia/Shanghai".into(),
            area: "610100000000".into(),
            started_at: Time(0),
            cut_off_hour: 19,
            public_figures: PublicFigures::Live,
            practice: false,
            early_matching: false,
            demo: false,
        };
        let (keys, fresh, db) = (self.house.keys.clone(), FreshPair::new(), self.db.db.clone());
        blocking(move || {
            regions::service::ensure_shipped(&db).unwrap();
            db.write_blocking(move |w| incidents::service::create(w, &Actor::system(), REQUEST, &keys, &fresh, &new)).unwrap();
        });
    }

    /// Somebody without an account.
    pub fn public(&self) -> Caller {
        Caller { http: self.http.clone(), base: format!("http://{}", self.address), token: None, login: String::new() }
    }

    /// A signed-in user with a role in `test`: at the desk, or in an organisation of its own.
    pub async fn user(&self, role: Role) -> Caller {
        let organisation = (!role.of_the_desk()).then(|| format!("org-{}", &secret()[..8]));
        self.member("test", role, organisation.as_deref(), None).await
    }

    /// A signed-in user with a role in an incident, in an organisation (verified; the desk where none is named), over a region.
    pub async fn member(&self, incident: &str, role: Role, organisation: Option<&str>, region: Option<&str>) -> Caller {
        let login = format!("{role}-{}", secret().to_lowercase());
        self.enrol(&login, incident, role, organisation, region);
        self.sign_in(&login).await
    }

    /// Makes an account, or adds a role to it; answers its reference.
    pub fn enrol(&self, login: &str, incident: &str, role: Role, organisation: Option<&str>, region: Option<&str>) -> String {
        let draft = Draft::new(&self.house.keys, &Login::parse(login).unwrap(), None);
        let (token, db) = (draft.login_token().to_vec(), self.db.db.clone());
        let known = blocking(move || db.read_blocking(Lane::Fast, move |r| by_login(r, &token)).unwrap()).is_some();
        let draft = draft.password((!known).then(|| CHEAP.hash(&PASSWORD.into()).unwrap()));
        let (slug, reference) = (incident.to_owned(), Reference::random());
        let (name, region, db) = (organisation.map(str::to_owned), region.map(str::to_owned), self.db.db.clone());
        blocking(move || {
            db.write_blocking(move |w| {
                let (incident, system) = (incidents::store::by_slug(w, &slug)?.id, Actor::system());
                let organisation = match &name {
                    None => organisations::service::desk(w, &system, REQUEST, incident, &reference)?,
                    Some(name) => {
                        let kind = Kind::Social;
                        let new = NewOrganisation { name: name.clone(), kind, credit_code: None, region: None, verified: true };
                        organisations::service::ensure(w, &system, REQUEST, incident, &reference, &new)?.0
                    }
                };
                let enrolment = Enrolment { incident, organisation, roles: vec![role], region: region.clone(), at_once: true };
                Ok(enrol(w, &system, REQUEST, &draft, &enrolment)?.0.reference.to_string())
            })
            .unwrap()
        })
    }

    /// Signs somebody in.
    pub async fn sign_in(&self, login: &str) -> Caller {
        let mut caller = self.public();
        let sent = caller.send("POST", "/sessions", &[], Some(serde_json::json!({"login": login, "password": PASSWORD}))).await;
        caller.token = Some(sent.expect(200).body["access_token"].as_str().unwrap().to_owned());
        caller.login = login.to_owned();
        caller
    }
}

/// Runs what must not run inside the runtime.
pub fn blocking<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::spawn(f).join().unwrap()
}

/// Somebody who calls the API.
#[derive(Clone)]
pub struct Caller {
    http: reqwest::Client,
    base: String,
    pub token: Option<String>,
    pub login: String,
}

impl Caller {
    /// Where the program listens.
    pub fn address(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// The same with another token.
    pub fn with_token(&self, token: &str) -> Caller {
        Caller { token: Some(token.to_owned()), ..self.clone() }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Sent {
        self.send("GET", path, &[], None).await
    }

    /// POST under a new key.
    pub async fn post(&self, path: &str, body: Value) -> Sent {
        self.post_as(&secret(), path, body).await
    }

    /// POST under a key.
    pub async fn post_as(&self, key: &str, path: &str, body: Value) -> Sent {
        self.send("POST", path, &[("idempotency-key", key)], Some(body)).await
    }

    /// PUT against a version.
    pub async fn put(&self, path: &str, version: i64, body: Value) -> Sent {
        self.send("PUT", path, &[("if-match", &format!("\"{version}\""))], Some(body)).await
    }

    /// PATCH against a version.
    pub async fn patch(&self, path: &str, version: i64, body: Value) -> Sent {
        self.send("PATCH", path, &[("if-match", &format!("\"{version}\""))], Some(body)).await
    }

    /// DELETE against a version.
    pub async fn delete(&self, path: &str, version: i64) -> Sent {
        self.send("DELETE", path, &[("if-match", &format!("\"{version}\""))], None).await
    }

    /// Any request below `/api/v1`, or anywhere where the path begins with `//`.
    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Sent {
        let url = match path.strip_prefix("//") {
            Some(rest) => format!("{}/{rest}", self.base),
            None => format!("{}/api/v1{path}", self.base),
        };
        let mut request = self.http.request(method.parse().unwrap(), url);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Sent { status, body, headers, text, what: format!("{method} {path}") }
    }
}

/// An answer.
#[derive(Debug)]
pub struct Sent {
    pub status: u16,
    pub body: Value,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
    what: String,
}

impl Sent {
    /// Fails unless it has a status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Sent {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text);
        self
    }

    /// Fails unless it is a problem of a status and code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Sent {
        assert_eq!((self.status, self.code()), (status, code), "{}: {}", self.what, self.text);
        self
    }

    /// The code of a problem, or nothing.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The pointer of the first field to be mended, or nothing.
    pub fn pointer(&self) -> &str {
        self.body["errors"][0]["pointer"].as_str().unwrap_or_default()
    }

    /// A text member of the body.
    #[track_caller]
    pub fn text_of(&self, member: &str) -> String {
        self.body[member].as_str().unwrap_or_else(|| panic!("{} has no {member}: {}", self.what, self.text)).to_owned()
    }

    /// A header.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// Declares journeys: each runs on both engines with a program of its own.
macro_rules! journeys {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident) $body:block)*) => {
        $crate::support::on_both! {
            $($(#[$meta])* async fn $name(db) {
                let app = std::sync::Arc::new($crate::app::TestApp::start(db).await);
                {
                    let $app = app.clone();
                    $body
                }
                if let Ok(app) = std::sync::Arc::try_unwrap(app) {
                    app.stop().await;
                }
            })*
        }
    };
}
