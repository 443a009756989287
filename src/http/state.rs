//! What every request can reach, and the settings of the HTTP layer.

use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpRequest;
use tokio::sync::watch;

use super::limits::{Class, Counted, Guesses, Limits, Rates};
use super::peer::{self, Network};
use crate::accounts::sessions::Access;
use crate::crypto::Keyring;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::telemetry::Metrics;

/// Settings of the HTTP layer; `config` reads them from the environment.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Scheme, host and port that people see, such as `https://heli.example.org`; where unset, Host is believed.
    pub public_url: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Whether the page opens that signs in as any role of the demo.
    pub demo: bool,
    /// Largest body in bytes.
    pub body_limit: usize,
    /// How long a body may take.
    pub body_deadline: Duration,
    /// Bytes a second that a body must bring, after two seconds of grace.
    pub body_rate: u64,
    /// How deeply JSON may be nested.
    pub json_depth: usize,
    /// Requests per minute.
    pub rates: Rates,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            public_url: None,
            trusted_proxies: Vec::new(),
            demo: false,
            body_limit: 64 * 1024,
            body_deadline: Duration::from_secs(10),
            body_rate: 1024,
            json_depth: 32,
            rates: Rates::default(),
        }
    }
}

impl Settings {
    /// Whether people reach it by https, so that cookies are `Secure` and named `__Host-…`.
    pub fn https(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}

/// The shared state of all workers, handed out as `web::Data<State>`.
pub struct State {
    /// The database. Handlers reach it through `Allowed` only.
    pub(super) db: Db,
    /// The keys.
    pub(super) keys: Keyring,
    /// Who is asking.
    pub(super) access: Arc<Access>,
    /// Requests per minute.
    pub(super) limits: Limits,
    guesses: Guesses,
    /// Settings.
    pub(super) settings: Settings,
    /// What is counted.
    pub(super) metrics: Metrics,
    /// True once the program is shutting down.
    pub(super) stopping: watch::Receiver<bool>,
}

impl State {
    /// Puts the state together.
    pub fn new(db: Db, keys: Keyring, access: Arc<Access>, settings: Settings, stopping: watch::Receiver<bool>) -> Self {
        let (limits, guesses) = (Limits::new(&settings.rates), Guesses::new(&settings.rates));
        State { db, keys, access, limits, guesses, settings, metrics: Metrics::default(), stopping }
    }

    /// Who is asking.
    pub fn access(&self) -> &Arc<Access> {
        &self.access
    }

    /// Settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Runs an attempt to guess the password of a login, where the caller's network has not made too many; one that comes to something costs
    /// nothing.
    pub async fn guess<T>(&self, req: &HttpRequest, login: &str, attempt: impl Future<Output = Result<Option<T>>>) -> Result<Option<T>> {
        let network = peer::network(peer::address(&self.settings, req));
        let token = self.keys.platform().token("sign-in attempts", &format!("{network:x} {login}"));
        let short: [u8; 8] = token[..8].try_into().map_err(|_| Error::internal("a token is longer than that"))?;
        let whose = u64::from_be_bytes(short);
        self.guesses.take(whose)?;
        let result = attempt.await;
        if !matches!(result, Ok(None)) {
            self.guesses.give_back(whose);
        }
        result
    }

    /// Counts one reading of full contacts by an account, or says how long to wait.
    pub fn count_reveal(&self, account: i64) -> Result<()> {
        self.limits.count(Class::Reveal, Counted::Account(account))
    }

    /// Forgets callers that have been quiet.
    pub fn tidy(&self) {
        self.limits.tidy();
        self.guesses.tidy();
    }

    /// What is counted.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }
}
