//! What these tests write: names in the table `meta`, and a way to get several closures into one batch.

use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use diesel::prelude::*;
use heli::db::schema::meta;
use heli::db::{Db, Lane, Options, Read, Write};
use heli::error::Result;

use crate::support::{Engine, place};

/// Inserts a name.
pub fn put(w: &mut Write<'_>, name: &str) -> Result<()> {
    diesel::insert_into(meta::table).values((meta::name.eq(name), meta::value.eq(""))).execute(w.conn())?;
    Ok(())
}

/// All names, sorted.
pub fn names(r: &mut Read<'_>) -> Result<Vec<String>> {
    Ok(meta::table.select(meta::name).order(meta::name).load(r.conn())?)
}

/// All names that are committed.
pub fn committed(db: &Db) -> Vec<String> {
    db.read_blocking(Lane::Fast, names).unwrap()
}

/// Runs a body with a database that is empty, not even migrated.
pub fn run_empty(engine: Engine, body: impl FnOnce(Options)) {
    match place(engine, false) {
        Some((options, _place)) => body(options),
        None => eprintln!("left out: PostgreSQL is not installed"),
    }
}

/// Holds every writer until it is opened: what is queued meanwhile is run together.
pub struct Gate {
    open: Vec<mpsc::Sender<()>>,
}

impl Gate {
    /// Occupies so many writers; returns when they are occupied.
    pub fn close(db: &Db, writers: usize) -> Gate {
        let (entered, wait) = mpsc::channel();
        let open = (0..writers).map(|_| occupy(db, entered.clone())).collect();
        (0..writers).for_each(|_| wait.recv_timeout(Duration::from_secs(10)).expect("a writer takes the closure"));
        Gate { open }
    }

    /// Lets them go on, later than a batch may last: so what waits comes into batches of its own.
    pub fn open(self) {
        std::thread::sleep(Duration::from_millis(10));
        self.open.into_iter().for_each(|writer| writer.send(()).expect("the writer waits"));
    }
}

fn occupy(db: &Db, entered: mpsc::Sender<()>) -> mpsc::Sender<()> {
    let (open, closed) = mpsc::channel::<()>();
    let closed = Arc::new(Mutex::new(closed));
    let db = db.clone();
    std::thread::spawn(move || {
        db.write_blocking(move |_| {
            entered.send(()).expect("the test waits");
            closed.lock().expect("only one waits").recv().expect("the gate is opened");
            Ok(())
        })
    });
    open
}
