//! Durable means durable, seen from the system calls: no answer before the fdatasync that covers it has returned, and none where it fails.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::process::{Command, Stdio};

use heli::clock::SystemClock;
use heli::db::{Db, Options, migrate};

use crate::child::{Fault, Order};
use crate::common::{committed, put};

const WRITES: usize = 30;

fn traceable() -> bool {
    let traced = Command::new("strace").args(["-o", "/dev/null", "true"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let works = traced.is_ok_and(|status| status.success());
    if !works {
        println!("left out: strace is not installed, or may not trace here");
    }
    works
}

fn order(folder: &Path, fault: Fault) -> Order {
    let url = format!("sqlite:{}", folder.join("heli.db").display());
    migrate(&Options { url: url.clone(), fsync: true }).unwrap();
    Order { url, journal: folder.join("journal").display().to_string(), writes: WRITES, fault }
}

/// Runs a child to its end under strace; answers the trace.
fn trace(order: &Order, folder: &Path, options: &[&str]) -> String {
    let file = folder.join("trace").display().to_string();
    let under = [&["strace", "-f", "-y", "-s", "5000", "-o", &file], options].concat();
    assert!(order.command(&under).status().expect("strace runs").success());
    std::fs::read_to_string(file).unwrap()
}

/// A name as the child makes it, wherever it stands in a line.
fn names(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("write-").filter_map(|(at, _)| line.get(at..at + 23))
}

/// Reads a trace: which names were acknowledged, and which of them before an fdatasync of the WAL that began after they were written
/// had returned.
fn answers(trace: &str) -> (usize, Vec<String>) {
    let (mut written, mut covered) = (HashSet::new(), HashSet::new());
    let mut syncing: HashMap<&str, HashSet<&str>> = HashMap::new();
    let (mut answered, mut early) = (0, Vec::new());
    for line in trace.lines() {
        let (thread, call) = line.split_once(' ').unwrap_or((line, ""));
        let call = call.trim_start();
        if call.starts_with("pwrite64(") && call.contains("heli.db-wal>") {
            written.extend(names(call));
        } else if call.starts_with("fdatasync(") && call.contains("heli.db-wal>") {
            syncing.insert(thread, written.clone());
        }
        if call.contains("fdatasync") && call.trim_end().ends_with("= 0") {
            covered.extend(syncing.remove(thread).unwrap_or_default());
        }
        if call.starts_with("write(") && call.contains("/journal>") {
            for name in names(call) {
                answered += 1;
                if !covered.contains(name) {
                    early.push(name.to_owned());
                }
            }
        }
    }
    (answered, early)
}

const CALLS: &str = "trace=pwrite64,write,fdatasync,fsync";

#[test]
fn no_answer_leaves_before_its_fdatasync_returns() {
    if !traceable() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let order = order(folder.path(), Fault::None);
    let (answered, early) = answers(&trace(&order, folder.path(), &["-e", CALLS]));
    assert_eq!(answered, 8 * WRITES);
    assert!(early.is_empty(), "{early:?}");
}

#[test]
fn an_early_or_unsynced_answer_would_be_seen() {
    if !traceable() {
        return;
    }
    for fault in [Fault::Early, Fault::Unsynced] {
        let folder = tempfile::tempdir().unwrap();
        let order = order(folder.path(), fault);
        let (answered, early) = answers(&trace(&order, folder.path(), &["-e", CALLS]));
        assert_eq!((answered, early.len()), (8 * WRITES, 8 * WRITES), "{fault:?}");
    }
}

/// What was acknowledged is in the database, and the database takes writes again.
fn kept(order: &Order) -> bool {
    let db = Db::open(&Options { url: order.url.clone(), fsync: true }, std::sync::Arc::new(SystemClock)).unwrap();
    let kept: HashSet<String> = committed(&db).into_iter().collect();
    db.write_blocking(|w| put(w, "later")).unwrap();
    order.acknowledged().iter().all(|name| kept.contains(name))
}

#[test]
fn nothing_is_acknowledged_on_a_full_disk() {
    if !traceable() {
        return;
    }
    for when in ["25+", "40+", "60..70"] {
        let folder = tempfile::tempdir().unwrap();
        let order = order(folder.path(), Fault::None);
        let inject = format!("inject=pwrite64:error=ENOSPC:when={when}");
        let trace = trace(&order, folder.path(), &["-e", "trace=pwrite64,write", "-e", &inject]);
        assert!(trace.contains("ENOSPC"), "it was injected");
        let acknowledged = order.acknowledged().len();
        assert!(acknowledged < 8 * WRITES, "{acknowledged} acknowledged");
        assert!(kept(&order), "{when}");
    }
}

#[test]
fn one_failed_fdatasync_costs_its_batch_alone() {
    if !traceable() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let order = order(folder.path(), Fault::None);
    let trace = trace(&order, folder.path(), &["-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO:when=12"]);
    assert_eq!(trace.matches("EIO").count(), 1, "it was injected");
    let acknowledged = order.acknowledged().len();
    assert!((7 * WRITES..8 * WRITES).contains(&acknowledged), "{acknowledged} acknowledged");
    assert!(kept(&order));
}

#[test]
fn nothing_is_acknowledged_while_fdatasync_fails() {
    if !traceable() {
        return;
    }
    for (when, least) in [("1+", 0), ("12+", 10)] {
        let folder = tempfile::tempdir().unwrap();
        let order = order(folder.path(), Fault::None);
        let inject = format!("inject=fdatasync:error=EIO:when={when}");
        let trace = trace(&order, folder.path(), &["-e", "trace=fdatasync,write", "-e", &inject]);
        let failed_at = trace.lines().position(|line| line.contains("EIO")).expect("it was injected");
        let after = trace.lines().skip(failed_at).filter(|line| line.contains("/journal>")).count();
        let acknowledged = order.acknowledged();
        assert!(when != "1+" || acknowledged.is_empty(), "{acknowledged:?}");
        assert!(acknowledged.len() >= least && acknowledged.len() < 8 * WRITES, "{} acknowledged", acknowledged.len());
        // Threads may still be writing down answers of the batch before.
        assert!(after <= 8, "{after} answers after the first failed fdatasync");
        assert!(kept(&order), "{when}");
    }
}
