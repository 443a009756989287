//! The PostgreSQL side of the test databases: the cluster, the template, a database per test.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query};
use heli::db::{Options, migrate};

/// What `tests/postgres.sh` answers when PostgreSQL is not installed.
const NOT_INSTALLED: i32 = 77;

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    found: i64,
}

/// URL and name of a fresh database, migrated or empty, or `None` where PostgreSQL may be left out.
pub fn fresh_database(migrated: bool) -> Option<(String, String)> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let server = server()?;
    let template = if migrated { template(server) } else { "template0" };
    let name = format!("heli_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let mut admin = PgConnection::establish(server).expect("the server of the tests");
    admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).expect("no left-over database");
    admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).expect("a database from the template");
    Some((database_url(server, &name), name))
}

/// Ends a test's database together with whatever is still connected to it.
pub fn drop_database(name: &str) {
    if let Some(mut admin) = server().and_then(|url| PgConnection::establish(url).ok()) {
        let _ = admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    }
}

/// The server: the one that is given, or one of this process.
#[expect(clippy::disallowed_methods, reason = "how the test run passes its server on")]
fn server() -> Option<&'static str> {
    static SERVER: OnceLock<Option<(String, Option<Child>)>> = OnceLock::new();
    let started = SERVER.get_or_init(|| match std::env::var("HELI_TEST_POSTGRES_URL") {
        Ok(url) if !url.is_empty() => Some((url, None)),
        _ => serve("off").map(|(folder, child)| (folder_url(&folder), Some(child))),
    });
    if started.is_none() {
        let allowed = std::env::var("HELI_TEST_WITHOUT_POSTGRES").is_ok_and(|value| value == "1");
        assert!(allowed, "PostgreSQL is not installed; install it, or set HELI_TEST_WITHOUT_POSTGRES=1 to leave its tests out");
    }
    started.as_ref().map(|(url, _)| url.as_str())
}

/// A cluster that lives as long as the child's standard input: also a test that is killed leaves none behind.
pub fn serve(fsync: &str) -> Option<(String, Child)> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/postgres.sh");
    let mut child =
        Command::new(script).args(["serve", fsync]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("tests/postgres.sh runs");
    let mut folder = String::new();
    BufReader::new(child.stdout.take().expect("it is piped")).read_line(&mut folder).expect("its folder");
    if folder.is_empty() {
        let code = child.wait().expect("it ends").code();
        assert_eq!(code, Some(NOT_INSTALLED), "PostgreSQL did not start");
        return None;
    }
    Some((folder.trim_end().to_owned(), child))
}

/// The URL of a cluster that the script serves.
pub fn folder_url(folder: &str) -> String {
    format!("postgres:///postgres?host={folder}&user=postgres")
}

/// The same server, another database.
fn database_url(server: &str, name: &str) -> String {
    let (base, query) = server.split_once('?').unwrap_or((server, ""));
    let authority = base.find("://").map_or(0, |at| at + 3);
    let end = base[authority..].find('/').map_or(base.len(), |at| authority + at);
    format!("{}/{name}?{query}", &base[..end])
}

/// The migrated template, made once by whichever process comes first. Its name changes with the migrations.
fn template(server: &str) -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let name = format!("heli_template_{:016x}", migrations_hash());
        let mut admin = PgConnection::establish(server).expect("the server of the tests");
        admin.batch_execute("SELECT pg_advisory_lock(5150)").expect("the lock of the template");
        let query = format!("SELECT count(*) AS found FROM pg_database WHERE datname = '{name}'");
        if sql_query(query).get_result::<Found>(&mut admin).expect("the list of databases").found == 0 {
            admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name}_making WITH (FORCE)")).expect("no half-made template");
            admin.batch_execute(&format!("CREATE DATABASE {name}_making")).expect("an empty template");
            migrate(&Options { url: database_url(server, &format!("{name}_making")), fsync: false }).expect("the migrations run");
            admin.batch_execute(&format!("ALTER DATABASE {name}_making RENAME TO {name}")).expect("nobody is connected to the template");
        }
        name
    })
}

fn migrations_hash() -> u64 {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("the migrations").map(|entry| entry.expect("an entry").path().join("up.sql")).collect();
    files.sort();
    let mut hash = DefaultHasher::new();
    files.iter().for_each(|file| std::fs::read(file).expect("a migration").hash(&mut hash));
    hash.finish()
}
