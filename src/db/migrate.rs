//! Brings a database to this program's schema, once, also when two nodes start together; refuses one that is newer or another's.

use std::fmt::Display;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::dsl::sql;
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::Sqlite;
use diesel::{QueryResult, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connect::{Role, establish};
use super::{Conn, Options, StartError};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// The advisory lock that migrating nodes take turns by.
const LOCK: i64 = 7_235_419;

/// Makes the database where there is none, and runs what is pending.
pub fn migrate(options: &Options) -> Result<(), StartError> {
    let mut conn = establish(options, Role::Migrate)?;
    lock(&mut conn).map_err(failed)?;
    let (applied, known) = (applied(&mut conn)?, known(&conn)?);
    not_newer(&applied, &known)?;
    match &mut conn {
        Conn::Sqlite(c) => c.run_pending_migrations(SQLITE).map(drop),
        Conn::Postgres(c) => c.run_pending_migrations(POSTGRES).map(drop),
    }
    .map_err(failed)?;
    finish(&mut conn).map_err(failed)?
}

/// Refuses a database that is not at this program's schema.
pub(super) fn current(options: &Options) -> Result<(), StartError> {
    let mut conn = establish(options, Role::Read)?;
    let (applied, known) = (applied(&mut conn)?, known(&conn)?);
    not_newer(&applied, &known)?;
    match known.iter().find(|version| !applied.contains(version)) {
        None => Ok(()),
        Some(version) => Err(StartError::new(
            format!("the database is older than this program (migration {version} has not run)"),
            "Start heli serve, which brings it up to date",
        )),
    }
}

/// A second process or node waits here, and then finds nothing to do. On SQLite all migrations are one transaction.
fn lock(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
        Conn::Postgres(c) => c.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})")),
    }
}

/// The lock of PostgreSQL goes with the connection.
fn finish(conn: &mut Conn) -> QueryResult<Result<(), StartError>> {
    let Conn::Sqlite(c) = conn else { return Ok(Ok(())) };
    let broken: i64 = sql::<BigInt>("SELECT count(*) FROM pragma_foreign_key_check").get_result(c)?;
    if broken > 0 {
        let reason = format!("after the migration {broken} rows would point at rows that don't exist; nothing was changed");
        return Ok(Err(StartError::new(reason, "Keep the database as it is and report this")));
    }
    AnsiTransactionManager::commit_transaction(c).map(Ok)
}

/// The versions that have run here; none in a database that is empty. One that holds other tables is somebody else's.
fn applied(conn: &mut Conn) -> Result<Vec<String>, StartError> {
    let tables = match conn {
        Conn::Sqlite(_) => "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        Conn::Postgres(_) => {
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
        }
    };
    let tables: Vec<String> = sql::<Text>(tables).load(conn).map_err(failed)?;
    if tables.iter().any(|table| table == "__diesel_schema_migrations") {
        return sql::<Text>("SELECT version FROM __diesel_schema_migrations").load(conn).map_err(failed);
    }
    match tables.first() {
        None => Ok(Vec::new()),
        Some(table) => Err(StartError::new(
            format!("the database holds something else (a table {table}, and no migrations)"),
            "Point HELI_DATABASE_URL at a database of Heli or at an empty one",
        )),
    }
}

/// The versions that this program brings.
fn known(conn: &Conn) -> Result<Vec<String>, StartError> {
    let versions = match conn {
        Conn::Sqlite(_) => {
            MigrationSource::<Sqlite>::migrations(&SQLITE).map(|all| all.iter().map(|m| m.name().version().to_string()).collect())
        }
        Conn::Postgres(_) => {
            MigrationSource::<Pg>::migrations(&POSTGRES).map(|all| all.iter().map(|m| m.name().version().to_string()).collect())
        }
    };
    versions.map_err(failed)
}

fn not_newer(applied: &[String], known: &[String]) -> Result<(), StartError> {
    match applied.iter().find(|version| !known.contains(version)) {
        None => Ok(()),
        Some(version) => Err(StartError::new(
            format!("the database was written by a newer Heli (it has migration {version}, which this program does not know)"),
            "Run the newer program, or restore a backup from before the upgrade",
        )),
    }
}

fn failed(error: impl Display) -> StartError {
    StartError::new(
        format!("the database can't be brought to this program's schema: {error}"),
        "Nothing was changed by the step that failed; see that the database can be written to, and report this if it can",
    )
}
