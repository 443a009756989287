//! `src/db/schema.rs` says what both databases are, and every migration can be taken back.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use heli::db::{Conn, Options, Read};
use heli::error::Result;

use crate::common::run_empty;
use crate::support::{Engine, on_both};

/// Table → its columns in order: name, Diesel's type, whether it may be null, place in the primary key.
type Tables = BTreeMap<String, Vec<Column>>;

#[derive(Debug, PartialEq, Eq, QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
    #[diesel(sql_type = BigInt)]
    key: i64,
}

fn names(conn: &mut Conn, query: &str) -> Vec<String> {
    diesel::dsl::sql::<Text>(query).load(conn).unwrap()
}

/// Reads `diesel::table!` as text: the macros leave nothing to ask at run time.
fn declared() -> Tables {
    let mut tables = Tables::new();
    for block in include_str!("../../src/db/schema.rs").split("diesel::table! {").skip(1) {
        let body = block.split("\n}\n").next().unwrap();
        let (head, columns) = body.split_once('{').unwrap();
        let (table, keys) = head.trim().trim_end_matches(')').split_once('(').unwrap();
        let keys: Vec<&str> = keys.trim_end().trim_end_matches(')').split(',').map(str::trim).collect();
        let columns = columns.lines().filter_map(|line| line.trim().trim_end_matches(',').split_once(" -> "));
        let columns = columns.map(|(name, kind)| Column {
            name: name.to_owned(),
            kind: kind.trim_start_matches("Nullable<").trim_end_matches('>').to_owned(),
            nullable: kind.starts_with("Nullable<"),
            key: keys.iter().position(|key| *key == name).map_or(0, |place| place as i64 + 1),
        });
        tables.insert(table.trim().to_owned(), columns.collect());
    }
    tables
}

fn sqlite_tables(conn: &mut Conn) -> Tables {
    let tables = names(
        conn,
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name NOT LIKE '!_!_%' ESCAPE '!'",
    );
    let columns = |table: &String| {
        let query = format!(
            "SELECT name, CASE type WHEN 'INTEGER' THEN 'BigInt' WHEN 'TEXT' THEN 'Text' WHEN 'BLOB' THEN 'Binary' ELSE type END AS kind,
             CAST(\"notnull\" = 0 AND pk = 0 AS INTEGER) AS nullable, pk AS key FROM pragma_table_info('{table}') ORDER BY cid"
        );
        diesel::sql_query(query).load::<Column>(conn).unwrap()
    };
    let columns: Vec<Vec<Column>> = tables.iter().map(columns).collect();
    tables.into_iter().zip(columns).collect()
}

fn postgres_tables(conn: &mut Conn) -> Tables {
    let tables = names(
        conn,
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name NOT LIKE '\\_\\_%'",
    );
    let columns = |table: &String| {
        let query = format!(
            "SELECT column_name::text AS name, is_nullable = 'YES' AS nullable,
             CASE data_type WHEN 'bigint' THEN 'BigInt' WHEN 'text' THEN 'Text' WHEN 'bytea' THEN 'Binary' WHEN 'boolean' THEN 'Bool' ELSE data_type END AS kind,
             coalesce((SELECT k.ordinal_position FROM information_schema.key_column_usage k JOIN information_schema.table_constraints t USING (constraint_schema, constraint_name)
               WHERE t.constraint_type = 'PRIMARY KEY' AND k.table_schema = c.table_schema AND k.table_name = c.table_name AND k.column_name = c.column_name), 0)::bigint AS key
             FROM information_schema.columns c WHERE table_schema = current_schema() AND table_name = '{table}' ORDER BY ordinal_position"
        );
        diesel::sql_query(query).load::<Column>(conn).unwrap()
    };
    let columns: Vec<Vec<Column>> = tables.iter().map(columns).collect();
    tables.into_iter().zip(columns).collect()
}

/// SQLite keeps booleans as integers, and a search index is Diesel's on neither engine.
fn compare(mut declared: Tables, found: Tables, integers: bool) -> BTreeSet<String> {
    if integers {
        declared.values_mut().flatten().filter(|column| column.kind == "Bool").for_each(|column| column.kind = "BigInt".into());
    }
    let mut differences = BTreeSet::new();
    for table in declared.keys().chain(found.keys()) {
        if declared.get(table) != found.get(table) {
            differences.insert(format!("{table}: declared {:?}, found {:?}", declared.get(table), found.get(table)));
        }
    }
    differences
}

fn differences(r: &mut Read<'_>, declared: Tables) -> Result<BTreeSet<String>> {
    let conn = r.conn();
    let sqlite = matches!(conn, Conn::Sqlite(_));
    let found = if sqlite { sqlite_tables(conn) } else { postgres_tables(conn) };
    Ok(compare(declared, found, sqlite))
}

on_both! {
    fn the_schema_is_what_is_declared(db) {
        let different = db.read_blocking(heli::db::Lane::Slow, |r| differences(r, declared())).unwrap();
        assert!(different.is_empty(), "{different:#?}");
        for fault in [
            (|tables: &mut Tables| tables.get_mut("incidents").unwrap()[3].nullable = true) as fn(&mut Tables),
            |tables| tables.get_mut("meta").unwrap()[1].kind = "BigInt".into(),
            |tables| tables.get_mut("incidents").unwrap().swap(1, 2),
            |tables| tables.get_mut("incident_organisations").unwrap()[0].key = 0,
            |tables| drop(tables.remove("keys")),
            |tables| drop(tables.insert("planted".into(), Vec::new())),
        ] {
            let mut planted = declared();
            fault(&mut planted);
            let named = db.read_blocking(heli::db::Lane::Slow, |r| differences(r, planted)).unwrap();
            assert_eq!(named.len(), 1, "{named:#?}");
        }
    }
}

#[test]
fn every_table_of_sqlite_is_strict() {
    crate::support::run(Engine::Sqlite, |db| {
        let loose = |query: &'static str| db.read_blocking(heli::db::Lane::Fast, move |r| Ok(names(r.conn(), query))).unwrap();
        let query = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE 'sqlite!_%' ESCAPE '!'";
        assert_eq!(loose(query), ["__diesel_schema_migrations"], "Diesel's own, and no other");
    });
}

fn folder(engine: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine)
}

#[test]
fn both_engines_have_the_same_migrations() {
    let names = |engine| -> BTreeSet<_> { std::fs::read_dir(folder(engine)).unwrap().map(|entry| entry.unwrap().file_name()).collect() };
    assert_eq!(names("sqlite"), names("postgres"));
    for engine in ["sqlite", "postgres"] {
        for name in names(engine) {
            for file in ["up.sql", "down.sql"] {
                assert!(folder(engine).join(&name).join(file).exists(), "{engine}/{name:?}/{file}");
            }
        }
    }
}

/// Everything the database says about itself, as one sorted list.
fn picture(conn: &mut Conn) -> Vec<String> {
    let query = match conn {
        Conn::Sqlite(_) => "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1",
        Conn::Postgres(_) => {
            "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') || is_identity
               FROM information_schema.columns WHERE table_schema = current_schema()
             UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()
             UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
             UNION ALL SELECT 'sequence ' || sequencename FROM pg_sequences WHERE schemaname = current_schema()
             ORDER BY 1"
        }
    };
    names(conn, query)
}

mod migrations_can_be_taken_back {
    use super::*;

    fn up_down_up(options: Options) {
        let (mut conn, engine) = match options.url.strip_prefix("sqlite:") {
            Some(path) => (Conn::Sqlite(SqliteConnection::establish(path).unwrap()), "sqlite"),
            None => (Conn::Postgres(PgConnection::establish(&options.url).unwrap()), "postgres"),
        };
        let source = || FileBasedMigrations::from_path(folder(engine)).unwrap();
        let up = |conn: &mut Conn| match conn {
            Conn::Sqlite(c) => drop(c.run_pending_migrations(source()).unwrap()),
            Conn::Postgres(c) => drop(c.run_pending_migrations(source()).unwrap()),
        };
        let down = |conn: &mut Conn| match conn {
            Conn::Sqlite(c) => drop(c.revert_all_migrations(source()).unwrap()),
            Conn::Postgres(c) => drop(c.revert_all_migrations(source()).unwrap()),
        };
        let empty: Vec<String> = Vec::new();
        up(&mut conn);
        let first = picture(&mut conn);
        assert!(first.len() > 50, "{first:?}");
        down(&mut conn);
        let left: Vec<String> = picture(&mut conn).into_iter().filter(|line| !line.contains("__diesel_schema_migrations")).collect();
        assert_eq!(left, empty);
        up(&mut conn);
        assert_eq!(picture(&mut conn), first);
    }

    #[test]
    fn sqlite() {
        run_empty(Engine::Sqlite, up_down_up);
    }

    #[test]
    fn postgres() {
        run_empty(Engine::Postgres, up_down_up);
    }
}
