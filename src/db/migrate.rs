//! Brings a database to this program's schema; two nodes that start together migrate it once.

use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::lanes::establish;
use super::{Conn, Options};
use crate::error::{Error, Result};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Runs what is pending.
pub fn migrate(options: &Options) -> Result<()> {
    let done = match establish(options, false)? {
        Conn::Sqlite(mut conn) => conn.run_pending_migrations(SQLITE).map(drop),
        Conn::Postgres(mut conn) => {
            conn.batch_execute("SELECT pg_advisory_lock(7235419)")?;
            conn.run_pending_migrations(POSTGRES).map(drop)
        }
    };
    done.map_err(|e| Error::internal(format!("migration failed: {e}")))
}
