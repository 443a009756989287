//! Which database: what a URL means, and what is refused at start, with reason and mend.

use std::fmt;
use std::path::PathBuf;

use crate::error::Error;

/// How a database is opened.
#[derive(Clone)]
pub struct Options {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// Off only in tests that don't kill.
    pub fsync: bool,
}

impl fmt::Debug for Options {
    /// Without the URL's user, password and parameters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.url.split_once(':').map_or("?", |(scheme, _)| scheme);
        f.debug_struct("Options").field("scheme", &scheme).field("fsync", &self.fsync).finish_non_exhaustive()
    }
}

/// Why the database was not opened, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[error("{reason}. {mend}")]
pub struct StartError {
    reason: String,
    mend: String,
}

impl StartError {
    /// A reason and a mend, as sentences for the person who starts the program; the reason without its full stop.
    pub fn new(reason: impl Into<String>, mend: impl Into<String>) -> Self {
        StartError { reason: reason.into(), mend: mend.into() }
    }
}

impl From<StartError> for Error {
    fn from(error: StartError) -> Self {
        Error::internal(error.to_string())
    }
}

/// What a URL points at.
pub(super) enum Target {
    Sqlite(PathBuf),
    Postgres(String),
}

impl Options {
    /// Reads the URL. Nothing but these two schemes is taken for a database, least of all for a file name.
    pub(super) fn target(&self) -> Result<Target, StartError> {
        const MEND: &str = "Set HELI_DATABASE_URL to sqlite:PATH (sqlite:/var/lib/heli/heli.db) or postgres://USER:PASSWORD@HOST/DATABASE";
        if self.url.starts_with("postgres://") || self.url.starts_with("postgresql://") {
            return Ok(Target::Postgres(with_defaults(&self.url)));
        }
        match self.url.strip_prefix("sqlite:") {
            Some(path) if path.is_empty() || path.starts_with(':') || path.starts_with("file:") || path.starts_with("//") => {
                Err(StartError::new("HELI_DATABASE_URL names no file after 'sqlite:'", MEND))
            }
            Some(path) => {
                let full = std::path::absolute(path).map_err(|e| StartError::new(format!("the path {path} can't be used: {e}"), MEND))?;
                Ok(Target::Sqlite(full))
            }
            None => {
                let scheme = self.url.split_once(':').map_or("none", |(scheme, _)| scheme);
                Err(StartError::new(format!("HELI_DATABASE_URL has an unknown scheme ({scheme})"), MEND))
            }
        }
    }
}

/// Adds what notices a dead or demoted server in seconds, where the URL does not say otherwise.
fn with_defaults(url: &str) -> String {
    let mut url = url.to_owned();
    for (name, value) in [
        ("connect_timeout", "5"),
        ("application_name", "heli"),
        ("target_session_attrs", "read-write"),
        ("keepalives_idle", "10"),
        ("keepalives_interval", "5"),
        ("keepalives_count", "3"),
        ("tcp_user_timeout", "15000"),
    ] {
        let query = url.split_once('?').map_or("", |(_, query)| query);
        if !query.split('&').any(|pair| pair.split('=').next() == Some(name)) {
            let join = if url.contains('?') { '&' } else { '?' };
            url.push_str(&format!("{join}{name}={value}"));
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_two_schemes_are_taken() {
        let options = |url: &str| Options { url: url.into(), fsync: true };
        for url in ["sqlite:heli.db", "sqlite:/tmp/heli.db", "postgres://h/d", "postgresql:///d?host=/tmp"] {
            assert!(options(url).target().is_ok(), "{url}");
        }
        for url in
            ["", "heli.db", "mysql://h/d", "sqlite:", "sqlite://heli.db", "sqlite::memory:", "sqlite:file:x", "postgres:h/d", "SQLITE:x"]
        {
            let error = options(url).target().err().unwrap_or_else(|| panic!("{url} was taken")).to_string();
            assert!(error.contains("Set HELI_DATABASE_URL to"), "{url}: {error}");
        }
        let shown = format!("{:?}", options("postgres://user:secret@host/d?password=secret"));
        assert!(!shown.contains("secret"), "{shown}");
    }

    #[test]
    fn what_the_url_says_stands() {
        let url = with_defaults("postgres:///d?connect_timeout=60&host=/tmp");
        assert_eq!(url.matches("connect_timeout=").count(), 1);
        assert!(url.contains("connect_timeout=60") && url.contains("&target_session_attrs=read-write"), "{url}");
        assert!(with_defaults("postgres://h/d").starts_with("postgres://h/d?connect_timeout=5&"));
    }
}
