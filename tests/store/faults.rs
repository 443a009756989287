//! PostgreSQL's faults: deadlocks, locks that aren't given, connections that break before and during COMMIT, aborted transactions.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use heli::db::{Db, Lane, Write};
use heli::error::{Error, Result};

use crate::common::{committed, names, put};
use crate::support::{Engine, TestDb, run};

fn execute(w: &mut Write<'_>, statement: &str) -> Result<()> {
    Ok(w.conn().batch_execute(statement)?)
}

/// A connection of the test's own.
fn beside(db: &TestDb) -> PgConnection {
    PgConnection::establish(&db.options.url).unwrap()
}

#[test]
fn a_deadlock_is_run_again() {
    run(Engine::Postgres, |db| {
        db.write_blocking(|w| execute(w, "INSERT INTO meta VALUES ('a', '0'), ('b', '0')")).unwrap();
        let attempts = Arc::new(AtomicUsize::new(0));
        let both_hold_one = Arc::new(Barrier::new(2));
        let cross = |db: Db, first: &'static str, second: &'static str| {
            let (attempts, barrier) = (attempts.clone(), both_hold_one.clone());
            std::thread::spawn(move || {
                let mine = AtomicUsize::new(0);
                db.write_blocking(move |w| {
                    attempts.fetch_add(1, SeqCst);
                    execute(w, &format!("UPDATE meta SET value = value || '{first}' WHERE name = '{first}'"))?;
                    if mine.fetch_add(1, SeqCst) == 0 {
                        barrier.wait();
                    }
                    execute(w, &format!("UPDATE meta SET value = value || '{first}' WHERE name = '{second}'"))
                })
            })
        };
        let crossing = [cross(db.db.clone(), "a", "b"), cross(db.db.clone(), "b", "a")];
        crossing.into_iter().for_each(|closure| closure.join().unwrap().unwrap());
        let attempts = attempts.load(SeqCst);
        assert!(attempts > 2, "one of the two was the victim and ran again");
        assert_eq!(db.activity().retried, attempts as u64 - 2);
    });
}

#[test]
fn a_lock_that_is_not_given_is_asked_for_again() {
    run(Engine::Postgres, |db| {
        db.write_blocking(|w| put(w, "a")).unwrap();
        let mut holder = beside(&db);
        holder.batch_execute("BEGIN; UPDATE meta SET value = 'held' WHERE name = 'a'").unwrap();
        let attempts = Arc::new(AtomicUsize::new(0));
        let counted = attempts.clone();
        let waiting = db.db.clone();
        let write = std::thread::spawn(move || {
            waiting.write_blocking(move |w| {
                counted.fetch_add(1, SeqCst);
                execute(w, "UPDATE meta SET value = value || ' then written' WHERE name = 'a'")
            })
        });
        std::thread::sleep(Duration::from_millis(2500));
        holder.batch_execute("COMMIT").unwrap();
        write.join().unwrap().unwrap();
        assert_eq!(attempts.load(SeqCst), 2, "the first waited for two seconds in vain");

        holder.batch_execute("BEGIN; UPDATE meta SET value = 'held' WHERE name = 'a'").unwrap();
        let began = Instant::now();
        let never = db.write_blocking(|w| execute(w, "UPDATE meta SET value = '' WHERE name = 'a'"));
        assert!(matches!(never, Err(Error::Unavailable("locked"))), "{never:?}");
        assert!(began.elapsed() < Duration::from_secs(10), "it is bounded: {:?}", began.elapsed());
    });
}

#[test]
fn a_connection_lost_before_commit_is_replaced() {
    run(Engine::Postgres, |db| {
        let attempts = Arc::new(AtomicUsize::new(0));
        let counted = attempts.clone();
        db.write_blocking(move |w| {
            put(w, "a")?;
            if counted.fetch_add(1, SeqCst) == 0 {
                execute(w, "SELECT pg_terminate_backend(pg_backend_pid())")?;
            }
            Ok(())
        })
        .unwrap();
        assert_eq!(attempts.load(SeqCst), 2);
        assert_eq!(committed(&db), ["a"]);
    });
}

#[test]
fn idle_connections_that_broke_are_replaced_unnoticed() {
    run(Engine::Postgres, |db| {
        for _ in 0..3 {
            let others =
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
            beside(&db).batch_execute(others).unwrap();
            std::thread::sleep(Duration::from_millis(100));
            for i in 0..8 {
                db.write_blocking(move |w| execute(w, &format!("INSERT INTO meta VALUES ('{i}', '') ON CONFLICT DO NOTHING"))).unwrap();
                assert!(!db.read_blocking(Lane::Fast, names).unwrap().is_empty());
                db.read_blocking(Lane::Slow, names).unwrap();
            }
        }
    });
}

/// A trigger that runs at COMMIT and breaks the connection there: the one place where nobody can know.
#[test]
fn a_connection_lost_during_commit_is_an_unknown_outcome() {
    run(Engine::Postgres, |db| {
        beside(&db)
            .batch_execute(
                "CREATE FUNCTION break() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
                 CREATE CONSTRAINT TRIGGER break AFTER INSERT ON meta DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new.name = 'break') EXECUTE FUNCTION break();",
            )
            .unwrap();
        let attempts = Arc::new(AtomicUsize::new(0));
        let counted = attempts.clone();
        let unknown = db.write_blocking(move |w| {
            counted.fetch_add(1, SeqCst);
            put(w, "break")
        });
        assert!(matches!(unknown, Err(Error::OutcomeUnknown)), "{unknown:?}");
        assert_eq!(attempts.load(SeqCst), 1, "it may stand, so it is not run again");
        db.write_blocking(|w| put(w, "after")).unwrap();
    });
}

/// A constraint that is looked at during COMMIT fails the closure, and only it.
#[test]
fn a_rule_broken_at_commit_is_the_closure_s_error() {
    run(Engine::Postgres, |db| {
        beside(&db)
            .batch_execute(
                "CREATE TABLE parents (id BIGINT PRIMARY KEY);
                 CREATE TABLE children (parent BIGINT REFERENCES parents DEFERRABLE INITIALLY DEFERRED);",
            )
            .unwrap();
        let broken = db.write_blocking(|w| execute(w, "INSERT INTO children VALUES (1)"));
        assert!(matches!(broken, Err(Error::Database(_))), "{broken:?}");
        db.write_blocking(|w| execute(w, "INSERT INTO parents VALUES (1); INSERT INTO children VALUES (1)")).unwrap();
    });
}

/// Why the lane never sends a bare COMMIT: in an aborted transaction it is answered with success, and rolls back.
#[test]
fn an_aborted_transaction_is_never_reported_as_committed() {
    run(Engine::Postgres, |db| {
        let mut bare = beside(&db);
        bare.batch_execute("BEGIN; INSERT INTO meta VALUES ('a', '')").unwrap();
        assert!(bare.batch_execute("INSERT INTO meta VALUES ('a', '')").is_err());
        assert!(bare.batch_execute("COMMIT").is_ok(), "PostgreSQL says yes");
        assert_eq!(committed(&db), Vec::<String>::new(), "and has rolled back");

        bare.batch_execute("BEGIN; INSERT INTO meta VALUES ('a', '')").unwrap();
        assert!(bare.batch_execute("INSERT INTO meta VALUES ('a', '')").is_err());
        assert!(bare.batch_execute("SELECT 1; COMMIT").is_err(), "a statement before it tells");

        let swallowed = db.write_blocking(|w| {
            put(w, "a")?;
            let _ = put(w, "a");
            Ok(())
        });
        assert!(matches!(swallowed, Err(Error::Internal(_))), "{swallowed:?}");
        assert_eq!(committed(&db), Vec::<String>::new());
    });
}

/// A mistake that would come again is not tried for long, and is no 503.
#[test]
fn a_mistake_is_reported_soon() {
    run(Engine::Postgres, |db| {
        let attempts = Arc::new(AtomicUsize::new(0));
        let counted = attempts.clone();
        let mistake = db.write_blocking(move |w| {
            counted.fetch_add(1, SeqCst);
            execute(w, "SELECT 1/0")
        });
        assert!(matches!(mistake, Err(Error::Database(_))), "{mistake:?}");
        assert!(attempts.load(SeqCst) <= 2);
    });
}
