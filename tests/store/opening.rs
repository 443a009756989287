//! What is refused at start, with reason and mend, and what happens when several start at once.

use std::path::Path;
use std::sync::Barrier;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use heli::clock::SystemClock;
use heli::db::{Conn, Db, Options, StartError, migrate};

use crate::common::run_empty;
use crate::support::on_both;

fn options(path: &Path) -> Options {
    Options { url: format!("sqlite:{}", path.display()), fsync: false }
}

fn refused(options: &Options) -> String {
    migrate(options).expect_err("it is refused").to_string()
}

fn open(options: &Options) -> Result<Db, StartError> {
    Db::open(options, std::sync::Arc::new(SystemClock))
}

#[test]
fn a_path_that_can_t_be_right_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let missing = refused(&options(&folder.path().join("typo/heli.db")));
    assert!(missing.contains("typo of the database") && missing.contains("make the folder"), "{missing}");
    assert!(!folder.path().join("typo").exists());

    let directory = refused(&options(folder.path()));
    assert!(directory.contains("can't be opened"), "{directory}");

    std::fs::write(folder.path().join("letter.txt"), "Dear all, this is a letter, and rather more than sixteen bytes of it. ".repeat(30))
        .unwrap();
    let letter = refused(&options(&folder.path().join("letter.txt")));
    assert!(letter.contains("file is not a database") && letter.contains("Check that the file"), "{letter}");

    let nothing = open(&options(&folder.path().join("new.db"))).err().unwrap().to_string();
    assert!(nothing.contains("there is no database at"), "{nothing}");
    assert!(!folder.path().join("new.db").exists(), "opening makes nothing; only migrating does");
}

#[test]
fn an_odd_path_is_a_path() {
    let folder = tempfile::tempdir().unwrap();
    let odd = folder.path().join("合力 100%?mode=memory#x.db");
    migrate(&options(&odd)).unwrap();
    assert!(odd.exists());
    open(&options(&odd)).unwrap();
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(std::fs::metadata(&odd).unwrap().permissions().mode() & 0o777, 0o600, "nobody else reads it");
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let options = Options { url: "postgres://heli:secret@127.0.0.1:1/heli".into(), fsync: true };
    let away = refused(&options);
    assert!(away.contains("PostgreSQL can't be reached") && away.contains("127.0.0.1") && !away.contains("secret"), "{away}");
}

#[test]
fn sqlite_is_compiled_as_intended() {
    let folder = tempfile::tempdir().unwrap();
    let mut conn = SqliteConnection::establish(folder.path().join("x.db").to_str().unwrap()).unwrap();
    let flags: Vec<String> = diesel::dsl::sql::<Text>("PRAGMA compile_options").load(&mut conn).unwrap();
    for flag in [
        "ENABLE_QPSG",
        "DEFAULT_MEMSTATUS=0",
        "THREADSAFE=2",
        "OMIT_SHARED_CACHE",
        "OMIT_DEPRECATED",
        "LIKE_DOESNT_MATCH_BLOBS",
        "ENABLE_FTS5",
    ] {
        assert!(flags.iter().any(|have| have == flag), "{flag} is missing: was .cargo/config.toml read? {flags:?}");
    }
    for flag in ["ENABLE_MEMORY_MANAGEMENT", "ENABLE_API_ARMOR"] {
        assert!(!flags.iter().any(|have| have == flag), "{flag}");
    }
}

on_both! {
    fn a_newer_database_is_refused(db) {
        db.write_blocking(|w| Ok(w.conn().batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')")?)).unwrap();
        for refused in [migrate(&db.options).err(), open(&db.options).err()] {
            let refused = refused.expect("it is refused").to_string();
            assert!(refused.contains("newer Heli") && refused.contains("29990101000000") && refused.contains("Run the newer program"), "{refused}");
        }
    }

    fn an_older_database_is_brought_up_to_date(db) {
        db.write_blocking(|w| Ok(w.conn().batch_execute("DELETE FROM __diesel_schema_migrations WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)")?)).unwrap();
        let refused = open(&db.options).err().expect("it is refused").to_string();
        assert!(refused.contains("older than this program"), "{refused}");
    }

    fn migrating_again_changes_nothing(db) {
        migrate(&db.options).unwrap();
        migrate(&db.options).unwrap();
        open(&db.options).unwrap();
    }
}

/// Several nodes that start together on one empty database migrate it once; several rounds, since a race is a matter of luck.
fn started_together(options: Options) {
    let nodes = 4;
    let ready = Barrier::new(nodes);
    std::thread::scope(|scope| {
        let started: Vec<_> = (0..nodes)
            .map(|_| {
                scope.spawn(|| {
                    ready.wait();
                    migrate(&options).map_err(|e| e.to_string())?;
                    open(&options).map_err(|e| e.to_string())
                })
            })
            .collect();
        let dbs: Vec<Db> = started.into_iter().map(|node| node.join().unwrap().unwrap()).collect();
        let runs = dbs[0]
            .read_blocking(heli::db::Lane::Fast, |r| {
                Ok(diesel::dsl::sql::<BigInt>("SELECT count(*) FROM __diesel_schema_migrations").get_result::<i64>(r.conn())?)
            })
            .unwrap();
        let folders = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite")).unwrap().count();
        assert_eq!(runs as usize, folders);
    });
}

mod nodes_that_start_together_migrate_once {
    use super::*;
    use crate::support::Engine;

    #[test]
    fn sqlite() {
        (0..25).for_each(|_| run_empty(Engine::Sqlite, started_together));
    }

    #[test]
    fn postgres() {
        (0..3).for_each(|_| run_empty(Engine::Postgres, started_together));
    }
}

mod somebody_else_s_database_is_refused {
    use super::*;
    use crate::support::Engine;

    fn refuse(options: Options) {
        let mut conn = match options.url.strip_prefix("sqlite:") {
            Some(path) => Conn::Sqlite(SqliteConnection::establish(path).unwrap()),
            None => Conn::Postgres(PgConnection::establish(&options.url).unwrap()),
        };
        conn.batch_execute("CREATE TABLE invoices (id BIGINT)").unwrap();
        let refused = refused(&options);
        assert!(refused.contains("holds something else (a table invoices") && refused.contains("empty one"), "{refused}");
    }

    #[test]
    fn sqlite() {
        run_empty(Engine::Sqlite, refuse);
    }

    #[test]
    fn postgres() {
        run_empty(Engine::Postgres, refuse);
    }
}
