//! Acknowledged means kept: a process killed under write load, and a PostgreSQL server that stops at once, lose nothing that was answered.

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use diesel::prelude::*;
use heli::clock::SystemClock;
use heli::db::{Db, Options, migrate};

use crate::child::{Fault, Order};
use crate::common::committed;
use crate::support::postgres::{folder_url, serve};

const ROUNDS: usize = 3;
/// Acknowledged writes before a round's kill.
const LOAD: usize = 300;

/// Names that were acknowledged and are not there.
fn lost(order: &Order) -> Vec<String> {
    let db = Db::open(&Options { url: order.url.clone(), fsync: true }, std::sync::Arc::new(SystemClock)).expect("it opens again");
    let kept: HashSet<String> = committed(&db).into_iter().collect();
    db.close();
    order.acknowledged().into_iter().filter(|name| !kept.contains(name)).collect()
}

/// One round: a child under load, `then` something happens to it.
fn round(order: &Order, n: usize, then: impl FnOnce()) {
    let before = order.acknowledged().len();
    let mut child = order.command(&[]).spawn().expect("the child starts");
    order.wait_for(before + LOAD);
    std::thread::sleep(Duration::from_millis(17 * n as u64));
    then();
    child.kill().expect("SIGKILL");
    child.wait().expect("it is gone");
}

fn sqlite(folder: &Path, fault: Fault) -> Order {
    let url = format!("sqlite:{}", folder.join("heli.db").display());
    migrate(&Options { url: url.clone(), fsync: true }).unwrap();
    Order { url, journal: folder.join("journal").display().to_string(), writes: usize::MAX, fault }
}

#[test]
fn a_killed_process_loses_nothing_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let order = sqlite(folder.path(), Fault::None);
    for n in 0..ROUNDS {
        round(&order, n, || {});
        let lost = lost(&order);
        assert!(lost.is_empty(), "{lost:?}");
        let mut conn = SqliteConnection::establish(order.url.strip_prefix("sqlite:").unwrap()).unwrap();
        let check: String = diesel::dsl::sql::<diesel::sql_types::Text>("PRAGMA integrity_check").get_result(&mut conn).unwrap();
        assert_eq!(check, "ok");
    }
    println!("{} acknowledged writes, none lost in {ROUNDS} kills", order.acknowledged().len());
}

#[test]
fn an_answer_before_the_commit_would_be_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let order = sqlite(folder.path(), Fault::Early);
    let noticed = (0..10).any(|n| {
        round(&order, n, || {});
        !lost(&order).is_empty()
    });
    assert!(noticed, "ten kills of a program that answers too early went unnoticed");
}

#[test]
fn a_killed_process_or_server_loses_nothing_on_postgres() {
    let Some((cluster, mut server)) = serve("on") else {
        return crate::support::run(crate::support::Engine::Postgres, |_| {});
    };
    let folder = tempfile::tempdir().unwrap();
    let url = folder_url(&cluster);
    migrate(&Options { url: url.clone(), fsync: true }).unwrap();
    let order = Order { url, journal: folder.path().join("journal").display().to_string(), writes: usize::MAX, fault: Fault::None };
    for n in 0..ROUNDS {
        round(&order, n, || {});
        assert_eq!(lost(&order), Vec::<String>::new(), "after a kill of the process");
        round(&order, n, || script("crash", &cluster));
        script("start", &cluster);
        assert_eq!(lost(&order), Vec::<String>::new(), "after an immediate stop of the server");
    }
    println!("{} acknowledged writes, none lost in {ROUNDS} kills and {ROUNDS} stops", order.acknowledged().len());
    drop(server.stdin.take());
    server.wait().expect("the cluster is removed");
}

fn script(command: &str, cluster: &str) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/postgres.sh");
    assert!(Command::new(script).args([command, cluster]).status().expect("the script runs").success());
}

/// The server goes away and comes back while a process goes on: what it acknowledged before and after is there.
#[test]
fn a_server_that_restarts_is_found_again() {
    let Some((cluster, mut server)) = serve("on") else {
        return crate::support::run(crate::support::Engine::Postgres, |_| {});
    };
    let folder = tempfile::tempdir().unwrap();
    let url = folder_url(&cluster);
    migrate(&Options { url: url.clone(), fsync: true }).unwrap();
    let order = Order { url, journal: folder.path().join("journal").display().to_string(), writes: usize::MAX, fault: Fault::None };
    round(&order, 0, || {
        script("crash", &cluster);
        std::thread::sleep(Duration::from_millis(500));
        script("start", &cluster);
        order.wait_for(order.acknowledged().len() + LOAD);
    });
    assert_eq!(lost(&order), Vec::<String>::new());
    drop(server.stdin.take());
    server.wait().expect("the cluster is removed");
}
