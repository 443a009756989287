//! Databases for tests: one body runs on both engines, each time on a fresh, migrated database of its own.
//!
//! ```text
//! crate::support::on_both! {                        // in src: the module stands in lib.rs under cfg(test)
//!     fn a_name_is_taken_once(db) {                 // db: crate::support::TestDb, which derefs to heli::db::Db
//!         db.write_blocking(|w| store::insert(w, "name")).unwrap();
//!     }
//!     async fn it_answers(db) { … }                 // runs in an actix system, so that actix_web::test works
//! }
//! ```
//!
//! This makes the tests `a_name_is_taken_once::sqlite` and `…::postgres`. A test crate of its own says `#[path = "../support/mod.rs"] mod support;`
//! at its root. `db.clock` stands still until the test sets it. `db.options` opens a second node on the same database.
//!
//! PostgreSQL: `tests/postgres.sh with cargo test …` starts one cluster for the whole run; without it each test process starts one for itself
//! and it ends with the process; `HELI_TEST_POSTGRES_URL` (a superuser's) points at a server that is there already. Where PostgreSQL is not
//! installed, these halves fail, unless `HELI_TEST_WITHOUT_POSTGRES=1` says that they may be left out.

pub mod postgres;

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use heli::clock::{Clock, SetClock, Time};
use heli::db::{Db, Options, migrate};

/// Which engine a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A fresh database, migrated and open; gone when dropped.
pub struct TestDb {
    pub db: Db,
    pub clock: Arc<SetClock>,
    pub options: Options,
    _place: Place,
}

/// Where a database of a test is; gone when dropped.
pub enum Place {
    Folder { _folder: tempfile::TempDir },
    Database(String),
}

impl Deref for TestDb {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Place::Database(name) = self {
            postgres::drop_database(name);
        }
    }
}

/// When the clock of a test stands at its beginning: 2026-06-01T00:00:00Z.
pub const START: Time = Time(1_780_272_000_000);

impl TestDb {
    /// A fresh database, or `None` where PostgreSQL is not installed and may be left out.
    pub fn fresh(engine: Engine) -> Option<TestDb> {
        let (options, place) = place(engine, true)?;
        let clock = SetClock::at(START);
        let db = Db::open(&options, clock.clone()).expect("the fresh database opens");
        Some(TestDb { db, clock, options, _place: place })
    }
}

/// Room for a database, migrated or empty, that is gone when the place is dropped; `None` where PostgreSQL may be left out.
pub fn place(engine: Engine, migrated: bool) -> Option<(Options, Place)> {
    let (url, place) = match engine {
        Engine::Sqlite => {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let file = folder.path().join("heli.db");
            if migrated {
                std::fs::copy(sqlite_template(), &file).expect("a copy of the template");
            }
            (format!("sqlite:{}", file.display()), Place::Folder { _folder: folder })
        }
        Engine::Postgres => {
            let (url, name) = postgres::fresh_database(migrated)?;
            (url, Place::Database(name))
        }
    };
    Some((Options { url, fsync: false }, place))
}

/// Migrated once per process; a file without a WAL, so that a copy of it is whole.
fn sqlite_template() -> &'static PathBuf {
    static TEMPLATE: OnceLock<(PathBuf, tempfile::TempDir)> = OnceLock::new();
    let (file, _) = TEMPLATE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("template.db");
        migrate(&Options { url: format!("sqlite:{}", file.display()), fsync: false }).expect("the migrations run");
        (file, folder)
    });
    file
}

/// Runs one body on one engine; called by `on_both!`.
pub fn run(engine: Engine, body: impl FnOnce(TestDb)) {
    match TestDb::fresh(engine) {
        Some(db) => {
            eprintln!("on {}, the clock at {}", db.options.url, db.clock.now().to_rfc3339(chrono_tz::UTC));
            body(db);
        }
        None => eprintln!("left out: PostgreSQL is not installed, and HELI_TEST_WITHOUT_POSTGRES=1 allows it"),
    }
}

/// Declares tests that run on both engines: `fn name(db) { … }` or `async fn name(db) { … }`, with attributes where wanted.
macro_rules! on_both {
    () => {};
    ($(#[$meta:meta])* async fn $name:ident($db:pat) $body:block $($rest:tt)*) => {
        #[cfg(test)]
        mod $name {
            #[allow(unused_imports, reason = "a body may need none of the names around it")]
            use super::*;
            async fn body($db: $crate::support::TestDb) $body
            $(#[$meta])* #[test]
            fn sqlite() { $crate::support::run($crate::support::Engine::Sqlite, |db| actix_web::rt::System::new().block_on(body(db))); }
            $(#[$meta])* #[test]
            fn postgres() { $crate::support::run($crate::support::Engine::Postgres, |db| actix_web::rt::System::new().block_on(body(db))); }
        }
        $crate::support::on_both! { $($rest)* }
    };
    ($(#[$meta:meta])* fn $name:ident($db:pat) $body:block $($rest:tt)*) => {
        #[cfg(test)]
        mod $name {
            #[allow(unused_imports, reason = "a body may need none of the names around it")]
            use super::*;
            fn body($db: $crate::support::TestDb) $body
            $(#[$meta])* #[test]
            fn sqlite() { $crate::support::run($crate::support::Engine::Sqlite, body); }
            $(#[$meta])* #[test]
            fn postgres() { $crate::support::run($crate::support::Engine::Postgres, body); }
        }
        $crate::support::on_both! { $($rest)* }
    };
}
pub(crate) use on_both;
