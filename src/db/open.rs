//! Opening: what a database URL means, what is refused with reason and mend, and the settings of a connection.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::sql_types::{Integer, Text};
use diesel::{Connection, PgConnection, QueryResult, RunQueryDsl, SqliteConnection};

use super::Conn;
use crate::error::Error;

/// SQLite before this release can corrupt a WAL that two connections checkpoint at once.
const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];
/// The oldest PostgreSQL that the tests run on.
const OLDEST_POSTGRES: i32 = 150_000;

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

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Read,
    Write,
    Migrate,
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

/// Opens one connection with the settings of its role.
pub(super) fn establish(options: &Options, role: Role) -> Result<Conn, StartError> {
    match options.target()? {
        Target::Sqlite(path) => sqlite(&path, role, options.fsync).map(Conn::Sqlite),
        Target::Postgres(url) => postgres(&url, role, options.fsync).map(Conn::Postgres),
    }
}

fn sqlite(path: &Path, role: Role, fsync: bool) -> Result<SqliteConnection, StartError> {
    let shown = path.display();
    if let Some(folder) = path.parent().filter(|folder| !folder.is_dir()) {
        let reason = format!("the folder {} of the database {shown} does not exist", folder.display());
        return Err(StartError::new(reason, "Correct the path in HELI_DATABASE_URL, or make the folder"));
    }
    if role == Role::Migrate {
        create(path)?;
    } else if !path.exists() {
        return Err(StartError::new(format!("there is no database at {shown}"), "Correct HELI_DATABASE_URL; heli serve makes a new one"));
    }
    let unusable = |e: &dyn fmt::Display| {
        let mend =
            "Check that the file is a database of Heli on a local disk, and that the user who runs Heli may write to it and its folder";
        StartError::new(format!("the database {shown} can't be opened: {e}"), mend)
    };
    // Never creates: a database that vanished (an unmounted disk) must not come back empty.
    let name = shown.to_string().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let mut conn = SqliteConnection::establish(&format!("file:{name}?mode=rw")).map_err(|e| unusable(&e))?;
    let mode = configure_sqlite(&mut conn, role, fsync).map_err(|e| unusable(&e))?;
    let version: String = sql::<Text>("SELECT sqlite_version()").get_result(&mut conn).map_err(|e| unusable(&e))?;
    supported_sqlite(&version)?;
    if mode != "wal" {
        return Err(unusable(&"its file system can't share a write-ahead log between processes"));
    }
    Ok(conn)
}

/// A new database belongs to the user who runs Heli alone; its WAL takes the same mode.
fn create(path: &Path) -> Result<(), StartError> {
    let mut file = std::fs::OpenOptions::new();
    file.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    match file.open(path) {
        Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => Err(StartError::new(
            format!("the database {} can't be made: {e}", path.display()),
            "Correct the path in HELI_DATABASE_URL, or let the user who runs Heli write to the folder",
        )),
        _ => Ok(()),
    }
}

fn configure_sqlite(conn: &mut SqliteConnection, role: Role, fsync: bool) -> QueryResult<String> {
    let wait = if role == Role::Migrate { 60_000 } else { 5_000 };
    let mode = write_ahead_log(conn)?;
    conn.batch_execute(&format!("PRAGMA busy_timeout={wait}"))?;
    let sync = if fsync { "FULL" } else { "OFF" };
    // A migration rebuilds tables, which foreign keys forbid; it checks them all before its COMMIT instead.
    let keys = if role == Role::Migrate { "OFF" } else { "ON" };
    let only = if role == Role::Read { "ON" } else { "OFF" };
    // No mmap: an I/O error would then kill the process by a signal rather than fail a statement.
    conn.batch_execute(&format!(
        "PRAGMA synchronous={sync}; PRAGMA foreign_keys={keys}; PRAGMA secure_delete=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;
         PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536; PRAGMA mmap_size=0; PRAGMA journal_size_limit=67108864; PRAGMA query_only={only};"
    ))?;
    Ok(mode)
}

/// Switches a new file to WAL. Two processes that do so at once hold what the other waits for; so neither waits: each lets go and tries
/// again after a while of its own.
fn write_ahead_log(conn: &mut SqliteConnection) -> QueryResult<String> {
    let began = Instant::now();
    conn.batch_execute("PRAGMA busy_timeout=0")?;
    let mut switch = |statement: &str| sql::<Text>(statement).get_result::<String>(conn);
    loop {
        let mode = switch("PRAGMA journal_mode").and_then(|mode| if mode == "wal" { Ok(mode) } else { switch("PRAGMA journal_mode=WAL") });
        match mode {
            Err(e) if super::faults::busy(&e) && began.elapsed() < Duration::from_secs(30) => {
                std::thread::sleep(Duration::from_micros(2_000 + u64::from(began.elapsed().subsec_nanos() % 20_000)));
            }
            done => return done,
        }
    }
}

/// Refuses a SQLite with known faults.
pub(super) fn supported_sqlite(version: &str) -> Result<(), StartError> {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let found = [(); 3].map(|()| parts.next().unwrap_or(0));
    if found < OLDEST_SQLITE {
        let reason = format!("Heli was built with SQLite {version}, older than 3.51.3, which can corrupt a write-ahead log");
        return Err(StartError::new(reason, "Build Heli with the SQLite that comes with it (the default)"));
    }
    Ok(())
}

fn postgres(url: &str, role: Role, fsync: bool) -> Result<PgConnection, StartError> {
    let unreachable = |e: &dyn fmt::Display| {
        let reason = format!("PostgreSQL can't be reached: {}", e.to_string().trim_end().replace('\n', " "));
        StartError::new(reason, "Check that the server runs and takes connections, and the address in HELI_DATABASE_URL")
    };
    let mut conn = PgConnection::establish(url).map_err(|e| unreachable(&e))?;
    let commit = if fsync { "on" } else { "off" };
    let (lock, statement) = match role {
        Role::Read => ("2s", "60s"),
        Role::Write => ("2s", "10s"),
        Role::Migrate => ("0", "0"),
    };
    let settings = format!("SET lock_timeout='{lock}'; SET statement_timeout='{statement}'; SET synchronous_commit={commit};
         SET idle_in_transaction_session_timeout='60s'; SET default_transaction_isolation='read committed'; SET standard_conforming_strings=on;");
    conn.batch_execute(&settings).map_err(|e| unreachable(&e))?;
    // English messages where the role may choose them: Diesel tells deadlocks by the message alone.
    let _ = conn.batch_execute("SET lc_messages='C'");
    supported_postgres(&mut conn).map_err(|e| unreachable(&e))??;
    Ok(conn)
}

fn supported_postgres(conn: &mut PgConnection) -> QueryResult<Result<(), StartError>> {
    let version: i32 = sql::<Integer>("SELECT current_setting('server_version_num')::integer").get_result(conn)?;
    let encoding: String = sql::<Text>("SELECT current_setting('server_encoding')").get_result(conn)?;
    Ok(if version < OLDEST_POSTGRES {
        Err(StartError::new(format!("the server is PostgreSQL {}, older than 15", version / 10_000), "Upgrade PostgreSQL to 15 or later"))
    } else if encoding != "UTF8" {
        Err(StartError::new(format!("the database is encoded in {encoding}"), "Make a database with ENCODING 'UTF8'"))
    } else {
        Ok(())
    })
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
    fn an_old_sqlite_is_refused() {
        for old in ["3.51.2", "3.50.9", "3.9.0", "2.99.99", "nonsense"] {
            assert!(supported_sqlite(old).is_err(), "{old}");
        }
        for new in ["3.51.3", "3.52.0", "3.53.2", "4.0.0"] {
            assert!(supported_sqlite(new).is_ok(), "{new}");
        }
    }

    #[test]
    fn what_the_url_says_stands() {
        let url = with_defaults("postgres:///d?connect_timeout=60&host=/tmp");
        assert_eq!(url.matches("connect_timeout=").count(), 1);
        assert!(url.contains("connect_timeout=60") && url.contains("&target_session_attrs=read-write"), "{url}");
        assert!(with_defaults("postgres://h/d").starts_with("postgres://h/d?connect_timeout=5&"));
    }

    crate::support::on_both! {
        fn a_database_without_its_schema_is_not_opened(db) {
            let (folder, mut options) = (tempfile::tempdir().unwrap(), db.options.clone());
            if let Target::Sqlite(_) = options.target().unwrap() {
                options.url = format!("sqlite:{}", folder.path().join("new.db").display());
                create(&folder.path().join("new.db")).unwrap();
            } else {
                options.url = options.url.replace("/heli_", "/nothing_");
            }
            assert!(crate::db::Db::open(&options, db.clock.clone()).is_err());
        }
    }
}
