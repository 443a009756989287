//! Wires everything: opens the house (database, keys), mounts the routes of every feature, starts and stops the server.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::Context;
use tokio::sync::watch;
use utoipa::openapi::OpenApi;

use crate::accounts::passwords::Passwords;
use crate::accounts::sessions::Access;
use crate::clock::{Clock, DAY, HOUR, SECOND, Time};
use crate::config::{Serve, Store};
use crate::crypto::Keyring;
use crate::db::{Db, Options, Read, Write, migrate};
use crate::error::Result;
use crate::http::{self, Api, Route, State, Table};
use crate::jobs::{self, Jobs};
use crate::ledger::verify::{self, Difference};
use crate::{
    accounts, audit, calls, cases, claims, deliveries, figures, incidents, ledger, merging, needs, organisations, pages, referrals,
    regions, voiding,
};

/// The database and its keys, open.
#[derive(Clone)]
pub struct House {
    /// The database.
    pub db: Db,
    /// The keys.
    pub keys: Keyring,
    /// Whether the key file was made just now: it must be copied elsewhere.
    pub new_key_file: bool,
}

/// Opens the house. Blocks; not for use inside a runtime.
pub fn open(store: &Store, clock: Arc<dyn Clock>) -> anyhow::Result<House> {
    store.check()?;
    let options = Options { url: store.url(), fsync: true };
    migrate(&options).context("the database can't be brought up to date")?;
    let db = Db::open(&options, clock).context("the database can't be opened")?;
    let (keys, new_key_file) = Keyring::open(&db, &store.key_file())?;
    Ok(House { db, keys, new_key_file })
}

/// The routes of every feature: a feature adds its line here.
fn features(api: &mut Api<'_>) {
    http::routes(api);
    audit::routes::routes(api);
    needs::routes::routes(api);
    jobs::routes::routes(api);
    incidents::routes::routes(api);
    regions::routes::routes(api);
    organisations::routes::routes(api);
    accounts::sessions::routes::routes(api);
    accounts::routes::routes(api);
    accounts::links::routes::routes(api);
    accounts::own::routes::routes(api);
    figures::routes::routes(api);
    calls::routes::routes(api);
    cases::routes::routes(api);
    claims::routes::routes(api);
    deliveries::routes::routes(api);
    referrals::routes::routes(api);
    merging::routes::routes(api);
    voiding::routes::routes(api);
}

/// The jobs of every feature: a feature adds its line here.
fn jobs() -> Jobs {
    let jobs = Jobs::default();
    let jobs = jobs.periodic("append_due", 10 * SECOND, ledger::sweep);
    let jobs = jobs.periodic("forget_answers", HOUR, |db| forget(db, 30 * DAY, http::forget_answers));
    let jobs = jobs.periodic("forget_links", HOUR, |db| forget(db, 30 * DAY, accounts::links::store::forget));
    jobs.periodic("forget_sessions", HOUR, |db| forget(db, 30 * DAY, accounts::sessions::store::forget))
}

/// Runs one chunk of forgetting what is older than so long; answers whether there was anything.
fn forget(db: &Db, age: i64, chunk: fn(&mut Write<'_>, Time) -> Result<usize>) -> Result<bool> {
    db.write_blocking(move |w| chunk(w, w.now().plus(-age)).map(|forgotten| forgotten > 0))
}

/// A check of `heli verify`: what of an incident's stored rows is not as it should be.
pub type Check = fn(&mut Read<'_>, i64) -> Result<Vec<Difference>>;

/// Every check: a feature whose rows follow from others adds its own here.
pub const CHECKS: &[Check] = &[verify::verify, verify::claimed_quantities, verify::people_reached];

/// The OpenAPI document and the route list.
pub fn describe() -> (OpenApi, Vec<Route>) {
    let (mut document, mut routes) = (http::document(), Vec::new());
    // Building an application is the only way to a ServiceConfig.
    let _ = App::new().configure(|config| features(&mut Api::new(config, &mut document, &mut routes)));
    (document, routes)
}

/// A running server.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where the metrics are.
    pub metrics: Option<SocketAddr>,
    handles: Vec<ServerHandle>,
    worker: jobs::Worker,
    stopping: watch::Sender<bool>,
}

impl Running {
    /// Says "not ready" for a while, ends the streams, lets answers finish, then closes.
    pub async fn stop(self, drain: Duration) {
        // Streams and readiness listen; where nobody does, there is nobody to tell.
        let _ = self.stopping.send(true);
        tokio::time::sleep(drain).await;
        for handle in self.handles {
            handle.stop(true).await;
        }
        // The thread ends with the job it is at; whether it could be waited for changes nothing.
        let _ = tokio::task::spawn_blocking(|| self.worker.stop()).await;
    }
}

/// Starts the server inside an actix system.
pub fn start(house: &House, serve: &Serve) -> anyhow::Result<Running> {
    let (stopping, stop) = watch::channel(false);
    let access = Arc::new(Access::new(&house.db, &house.keys, serve.terms()));
    let state = web::Data::new(State::new(house.db.clone(), house.keys.clone(), access, serve.settings()?, stop));
    let (document, routes) = describe();
    let (document, table) = (web::Data::new(document), web::Data::new(Table::new(&routes)));
    let passwords = web::Data::new(Passwords::new(serve.password_cost)?);
    let metrics = state.metrics().clone();
    keep_tidy(state.clone());
    let server = HttpServer::new(move || {
        App::new()
            .app_data(state.clone())
            .app_data(passwords.clone())
            .app_data(document.clone())
            .app_data(table.clone())
            .configure(mount)
            .default_service(web::to(pages::routes::nowhere))
            .wrap(from_fn(http::edge))
    });
    let server = server
        .workers(serve.workers.unwrap_or_else(|| std::thread::available_parallelism().map_or(2, usize::from)))
        .max_connections(serve.connections)
        .keep_alive(Duration::from_secs(15))
        .client_request_timeout(Duration::from_secs(5))
        .client_disconnect_timeout(Duration::from_secs(1))
        .shutdown_timeout(25)
        .disable_signals()
        .bind(serve.listen)
        .with_context(|| format!("can't listen on {}. Another program may have the port: set HELI_LISTEN", serve.listen))?;
    let address = server.addrs().first().copied().context("no address")?;
    let server = server.run();
    let mut handles = vec![server.handle()];
    actix_web::rt::spawn(server);
    let mut metrics_address = None;
    if let Some(listen) = serve.metrics_listen {
        let (handle, address) = serve_metrics(listen, metrics)?;
        handles.push(handle);
        metrics_address = Some(address);
    }
    let worker = jobs().start(house.db.clone());
    Ok(Running { address, metrics: metrics_address, handles, worker, stopping })
}

fn mount(config: &mut web::ServiceConfig) {
    let scope = web::scope(http::ROOT).configure(|config| features(&mut Api::new(config, &mut http::document(), &mut Vec::new())));
    config.service(scope);
    pages::routes::mount(config);
    config.route("/livez", web::get().to(http::livez)).route("/readyz", web::get().to(http::readyz));
}

/// Metrics stand on a port of their own, so that a proxy never publishes them.
fn serve_metrics(listen: SocketAddr, metrics: crate::telemetry::Metrics) -> anyhow::Result<(ServerHandle, SocketAddr)> {
    let server = HttpServer::new(move || {
        let metrics = metrics.clone();
        let text = move || {
            let text = metrics.text();
            async move { HttpResponse::Ok().content_type("application/openmetrics-text; version=1.0.0; charset=utf-8").body(text) }
        };
        App::new().route("/metrics", web::get().to(text))
    });
    let server = server.workers(1).disable_signals().bind(listen).with_context(|| format!("can't listen on {listen} for metrics"))?;
    let address = server.addrs().first().copied().context("no address for metrics")?;
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Ok((handle, address))
}

/// Forgets, once a minute, callers whose request limits are full again.
fn keep_tidy(state: web::Data<State>) {
    actix_web::rt::spawn(async move {
        let mut minutes = tokio::time::interval(Duration::from_secs(60));
        loop {
            minutes.tick().await;
            state.tidy();
        }
    });
}
