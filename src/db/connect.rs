//! Opening one connection: the settings of its role, and the releases of either engine that are refused.

use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::sql_types::{Integer, Text};
use diesel::{Connection, PgConnection, QueryResult, RunQueryDsl, SqliteConnection};

use super::open::Target;
use super::{Conn, Options, StartError, faults};

/// SQLite before this release can corrupt a WAL that two connections checkpoint at once.
const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];
/// The oldest PostgreSQL that the tests run on.
const OLDEST_POSTGRES: i32 = 150_000;

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Keys and pages.
    Read,
    /// Reports and exports.
    Report,
    Write,
    Migrate,
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
    let only = if matches!(role, Role::Read | Role::Report) { "ON" } else { "OFF" };
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
            Err(e) if faults::busy(&e) && began.elapsed() < Duration::from_secs(30) => {
                std::thread::sleep(Duration::from_micros(2_000 + u64::from(began.elapsed().subsec_nanos() % 20_000)));
            }
            done => return done,
        }
    }
}

/// Refuses a SQLite with known faults.
fn supported_sqlite(version: &str) -> Result<(), StartError> {
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
        Role::Read | Role::Write => ("2s", "10s"),
        Role::Report => ("2s", "10min"),
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
    use super::supported_sqlite;

    #[test]
    fn an_old_sqlite_is_refused() {
        for old in ["3.51.2", "3.50.9", "3.9.0", "2.99.99", "nonsense"] {
            assert!(supported_sqlite(old).is_err(), "{old}");
        }
        for new in ["3.51.3", "3.52.0", "3.53.2", "4.0.0"] {
            assert!(supported_sqlite(new).is_ok(), "{new}");
        }
    }
}
