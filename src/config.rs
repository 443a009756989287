//! Configuration: options of the command line, each also an environment variable `HELI_*`. Nothing else reads the environment.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail, ensure};

use crate::accounts::passwords::Cost;
use crate::accounts::sessions::Terms;
use crate::clock::{DAY, HOUR};
use crate::http::{Network, Rates, Settings};

/// Where the data is: for every command that touches the database.
#[derive(clap::Args, Clone, Debug)]
pub struct Store {
    /// Folder of the embedded database, the key file and mail files
    #[arg(long, env = "HELI_DATA_DIR", default_value = "./var", global = true)]
    pub data_dir: PathBuf,
    /// The database: sqlite:PATH or postgres://… [default: sqlite:heli.db in the data folder]
    #[arg(long, env = "HELI_DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
    /// The key file, made at the first start [default: heli.key in the data folder]
    #[arg(long, env = "HELI_KEY_FILE", global = true)]
    pub key_file: Option<PathBuf>,
}

impl Store {
    /// The URL of the database.
    pub fn url(&self) -> String {
        self.database_url.clone().unwrap_or_else(|| format!("sqlite:{}", self.data_dir.join("heli.db").display()))
    }

    /// Where the key file is.
    pub fn key_file(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| self.data_dir.join("heli.key"))
    }

    /// Refuses what would not be safe, and makes the data folder.
    pub fn check(&self) -> anyhow::Result<()> {
        let url = self.url();
        if url.starts_with("postgres") && in_the_clear(&url) {
            bail!(
                "HELI_DATABASE_URL names another machine without saying how the connection is protected. \
                 Add ?sslmode=verify-full, or sslmode=disable where nobody else can listen on the way"
            );
        }
        private_folder(&self.data_dir)
    }
}

/// Whether a PostgreSQL URL leads to another machine without an `sslmode`.
fn in_the_clear(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (place, options) = rest.split_once('?').unwrap_or((rest, ""));
    let option = |name: &str| options.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let authority = place.split('/').next().unwrap_or_default();
    let host = option("host").unwrap_or_else(|| authority.rsplit('@').next().unwrap_or_default());
    let name = host.trim_start_matches('[').split([']']).next().unwrap_or_default();
    let name = if host.starts_with('[') { name } else { name.split(':').next().unwrap_or_default() };
    let here = name.is_empty() || name.starts_with('/') || name.starts_with("%2F") || matches!(name, "localhost" | "127.0.0.1" | "::1");
    !here && option("sslmode").is_none()
}

/// A folder that only its owner may enter; an existing one that others may write to is refused.
fn private_folder(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    if !folder.exists() {
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.with_context(|| format!("the data folder {} can't be made. Check HELI_DATA_DIR", folder.display()))?;
    }
    let mode = std::fs::metadata(folder)?.permissions().mode();
    let place = folder.display();
    ensure!(mode & 0o002 == 0, "anybody may write to the data folder {place}. Run: chmod go-w {place}");
    Ok(())
}

/// What the server needs besides.
#[derive(clap::Args, Clone, Debug)]
pub struct Serve {
    /// Address and port to listen on
    #[arg(long, env = "HELI_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Load the scenarios, and let anybody on this machine sign in as one of the demo's accounts
    #[arg(long)]
    pub demo: bool,
    /// Scheme and host that people see, such as https://heli.example.org; cookies are Secure where it is https
    #[arg(long, env = "HELI_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8,127.0.0.1
    #[arg(long, env = "HELI_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<Network>,
    /// Address and port of the metrics; none are served where it is unset
    #[arg(long, env = "HELI_METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,
    /// Threads that answer requests [default: one per core]
    #[arg(long, env = "HELI_WORKERS")]
    pub workers: Option<usize>,
    /// Most connections open at once, per worker
    #[arg(long, env = "HELI_CONNECTIONS", default_value_t = 10_000)]
    pub connections: usize,
    /// Seconds between saying "not ready" and closing the door at shutdown
    #[arg(long, env = "HELI_DRAIN_SECONDS", default_value_t = 2)]
    pub drain_seconds: u64,
    /// Largest body in bytes
    #[arg(long, env = "HELI_BODY_LIMIT", default_value_t = 65_536)]
    pub body_limit: usize,
    /// Seconds a body may take
    #[arg(long, env = "HELI_BODY_SECONDS", default_value_t = 10)]
    pub body_seconds: u64,
    /// Bytes a second that a body must bring, after two seconds of grace
    #[arg(long, env = "HELI_BODY_RATE", default_value_t = 1024)]
    pub body_rate: u64,
    /// How deeply JSON may be nested
    #[arg(long, env = "HELI_JSON_DEPTH", default_value_t = 32)]
    pub json_depth: usize,
    /// Hours without use after which a session ends
    #[arg(long, env = "HELI_SESSION_IDLE_HOURS", default_value_t = 24)]
    pub session_idle_hours: u32,
    /// Days after which a session ends in any case
    #[arg(long, env = "HELI_SESSION_DAYS", default_value_t = 7)]
    pub session_days: u32,
    /// Reads a minute, per account
    #[arg(long, env = "HELI_RATE_READ", default_value_t = Rates::default().read)]
    pub rate_read: u32,
    /// Writes a minute, per account
    #[arg(long, env = "HELI_RATE_WRITE", default_value_t = Rates::default().write)]
    pub rate_write: u32,
    /// Reads a minute without an account, per address
    #[arg(long, env = "HELI_RATE_PUBLIC_READ", default_value_t = Rates::default().public_read)]
    pub rate_public_read: u32,
    /// Writes a minute without an account, per address
    #[arg(long, env = "HELI_RATE_PUBLIC_WRITE", default_value_t = Rates::default().public_write)]
    pub rate_public_write: u32,
    /// Wrong passwords a minute, per login and network
    #[arg(long, env = "HELI_RATE_SIGN_IN", default_value_t = Rates::default().sign_in)]
    pub rate_sign_in: u32,
    /// Contacts revealed an hour, per account
    #[arg(long, env = "HELI_RATE_REVEAL", default_value_t = Rates::default().reveal)]
    pub rate_reveal: u32,
    /// Multiplies every rate above
    #[arg(long, env = "HELI_RATE_FACTOR", default_value_t = 1)]
    pub rate_factor: u32,
    /// What a password hash costs; cheaper in tests only
    #[arg(skip)]
    pub password_cost: Cost,
}

impl Serve {
    /// The settings of the HTTP layer; refuses what would not be safe.
    pub fn settings(&self) -> anyhow::Result<Settings> {
        ensure!(self.rate_factor > 0, "HELI_RATE_FACTOR is 0: nothing would be answered. Leave it out, or give 1 or more");
        ensure!(
            !self.trusted_proxies.iter().any(|network| network.is_everybody()),
            "HELI_TRUSTED_PROXIES trusts every address, so that anybody could pretend to be anybody. Name the proxies"
        );
        ensure!(
            self.metrics_listen.is_none_or(|metrics| metrics.port() == 0 || metrics != self.listen),
            "HELI_METRICS_LISTEN is the address of the pages. Give the metrics a port of their own"
        );
        ensure!((1_024..=16 << 20).contains(&self.body_limit), "HELI_BODY_LIMIT must lie between 1024 and 16777216");
        // Deeper than this the reader itself says no.
        ensure!((1..=100).contains(&self.json_depth), "HELI_JSON_DEPTH must lie between 1 and 100");
        Ok(Settings {
            public_url: self.public_url.as_deref().map(origin).transpose()?,
            trusted_proxies: self.trusted_proxies.clone(),
            demo: self.demo && self.listen.ip().is_loopback(),
            body_limit: self.body_limit,
            body_deadline: Duration::from_secs(self.body_seconds.max(1)),
            body_rate: self.body_rate,
            json_depth: self.json_depth,
            rates: Rates {
                read: self.rate_read,
                write: self.rate_write,
                public_read: self.rate_public_read,
                public_write: self.rate_public_write,
                sign_in: self.rate_sign_in,
                reveal: self.rate_reveal,
                factor: self.rate_factor,
            },
        })
    }
}

impl Serve {
    /// How long sessions live.
    pub fn terms(&self) -> Terms {
        Terms { idle: i64::from(self.session_idle_hours.max(1)) * HOUR, life: i64::from(self.session_days.max(1)) * DAY }
    }
}

/// The origin of a public URL: scheme, host and port, nothing behind them.
fn origin(url: &str) -> anyhow::Result<String> {
    let bad = || format!("HELI_PUBLIC_URL is {url:?}. Give scheme and host alone, such as https://heli.example.org");
    let url = url.trim_end_matches('/').to_ascii_lowercase();
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).with_context(bad)?;
    ensure!(!host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']), bad());
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_on_another_machine_needs_an_sslmode() {
        for here in [
            "postgres:///heli",
            "postgres://u@localhost/heli",
            "postgres://u:p@127.0.0.1:5432/h",
            "postgres:///h?host=/run/pg",
            "postgres://u@[::1]:5/h",
        ] {
            assert!(!in_the_clear(here), "{here}");
        }
        assert!(in_the_clear("postgres://u:p@db.example.org/heli"));
        assert!(in_the_clear("postgres:///h?host=db.example.org"));
        assert!(!in_the_clear("postgres://u:p@db.example.org/heli?sslmode=verify-full"));
    }

    #[test]
    fn unsafe_settings_are_refused_with_their_name() {
        #[derive(clap::Parser)]
        struct Only {
            #[command(flatten)]
            serve: Serve,
        }
        let refusal = |options: &[&str]| {
            let given = ["heli"].iter().chain(options);
            <Only as clap::Parser>::parse_from(given).serve.settings().err().map(|e| e.to_string()).unwrap_or_default()
        };
        assert_eq!(refusal(&["--public-url", "https://heli.example.org", "--trusted-proxies", "10.0.0.0/8,::1"]), "");
        assert!(refusal(&["--rate-factor", "0"]).contains("HELI_RATE_FACTOR"));
        for everybody in ["0.0.0.0/0", "::/0", "10.0.0.1,0.0.0.0/0"] {
            assert!(refusal(&["--trusted-proxies", everybody]).contains("HELI_TRUSTED_PROXIES"), "{everybody}");
        }
        assert!(refusal(&["--metrics-listen", "127.0.0.1:8080"]).contains("HELI_METRICS_LISTEN"));
        assert!(refusal(&["--public-url", "heli.example.org"]).contains("HELI_PUBLIC_URL"));
        assert!(refusal(&["--body-limit", "10"]).contains("HELI_BODY_LIMIT"));
    }

    #[test]
    fn a_data_folder_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("a/b");
        private_folder(&folder).unwrap();
        assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o777)).unwrap();
        assert!(private_folder(&folder).unwrap_err().to_string().contains("chmod go-w"));
    }

    #[test]
    fn a_public_url_is_an_origin() {
        assert_eq!(origin("https://Heli.example.org/").unwrap(), "https://heli.example.org");
        for bad in ["heli.example.org", "ftp://x", "https://x/path", "https://", "https://u@x"] {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }
}
