//! A process that writes under load and journals what was acknowledged: this test binary, started again to be killed or traced.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use heli::clock::SystemClock;
use heli::db::{Db, Options};

use crate::common::put;

/// What a child is told.
#[derive(Clone)]
pub struct Order {
    pub url: String,
    /// One acknowledged name per line.
    pub journal: String,
    /// Writes per thread; `usize::MAX` until it is killed.
    pub writes: usize,
    pub fault: Fault,
}

/// What can be planted in a child, to see the check go red.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    /// Acknowledges before the write.
    Early,
    /// Commits without syncing.
    Unsynced,
}

const THREADS: usize = 8;
const ORDER: &str = "HELI_TEST_CHILD";

impl Order {
    /// The command that runs a child, perhaps under another program (strace and its arguments).
    pub fn command(&self, under: &[&str]) -> Command {
        let own = std::env::current_exe().expect("the test binary");
        let mut words = under.iter().map(|word| word.to_string()).chain([own.display().to_string()]);
        let mut command = Command::new(words.next().expect("at least the binary"));
        command.args(words).args(["child::child", "--exact", "--nocapture", "--test-threads=1"]);
        command.env(ORDER, format!("{}\n{}\n{}\n{:?}", self.url, self.journal, self.writes, self.fault));
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// The names in the journal; a line that was cut off by the kill doesn't count.
    pub fn acknowledged(&self) -> Vec<String> {
        let journal = std::fs::read_to_string(&self.journal).unwrap_or_default();
        journal.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')).map(str::to_owned).collect()
    }

    /// Waits until so many names are in the journal.
    pub fn wait_for(&self, acknowledged: usize) {
        for _ in 0..3000 {
            if self.acknowledged().len() >= acknowledged {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the child wrote {} of {acknowledged} names in half a minute", self.acknowledged().len());
    }
}

/// Not a test of its own: returns at once, unless it is told to write.
#[test]
#[expect(clippy::disallowed_methods, reason = "how the child gets its order")]
fn child() {
    let Ok(order) = std::env::var(ORDER) else { return };
    let mut lines = order.lines();
    let mut next = || lines.next().expect("four lines").to_owned();
    let (url, journal, writes, fault) = (next(), next(), next().parse().expect("a number"), next());
    let db = Db::open(&Options { url, fsync: fault != "Unsynced" }, Arc::new(SystemClock)).expect("the database opens");
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (db, journal, early) = (db.clone(), Path::new(&journal), fault == "Early");
            scope.spawn(move || write(&db, journal, thread, writes, early));
        }
    });
}

fn write(db: &Db, journal: &Path, thread: usize, writes: usize, early: bool) {
    let mut journal = File::options().append(true).create(true).open(journal).expect("the journal opens");
    let mut acknowledge = |name: &str| journal.write_all(format!("{name}\n").as_bytes()).expect("the journal takes it");
    for i in 0..writes {
        let name = format!("write-{:07}-{thread}-{i:07}", std::process::id());
        if early {
            acknowledge(&name);
        }
        let mine = name.clone();
        match db.write_blocking(move |w| put(w, &mine)) {
            Ok(()) if !early => acknowledge(&name),
            Ok(()) => {}
            Err(_) => std::thread::sleep(Duration::from_millis(2)),
        }
    }
}
