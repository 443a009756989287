//! What the lanes promise to one closure: a transaction of its own, one snapshot, an answer in any case.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use futures_util::future::join_all;
use heli::db::schema::meta;
use heli::db::{Conn, Lane};
use heli::error::{Error, Result};

use crate::common::{Gate, committed, names, put};
use crate::support::on_both;

on_both! {
    fn a_failing_closure_rolls_back_alone(db) {
        db.write_blocking(|w| put(w, "a")).unwrap();
        let failed = db.write_blocking(|w| {
            put(w, "b")?;
            Err::<(), _>(Error::NotFound)
        });
        assert!(matches!(failed, Err(Error::NotFound)));
        db.write_blocking(|w| put(w, "c")).unwrap();
        assert_eq!(committed(&db), ["a", "c"]);
    }

    fn a_panic_rolls_back_alone(db) {
        let nested = |w: &mut heli::db::Write<'_>| -> Result<()> {
            put(w, "b")?;
            // A panic inside a savepoint of Diesel's: its count of open savepoints has to be put right too.
            #[expect(clippy::disallowed_methods, reason = "what a store function must not do")]
            w.conn().transaction(|c| -> Result<()> {
                diesel::insert_into(meta::table).values((meta::name.eq("n"), meta::value.eq(""))).execute(c)?;
                panic!("planted")
            })
        };
        for _ in 0..2 {
            assert!(matches!(db.write_blocking(nested), Err(Error::Internal(_))));
            assert!(matches!(db.write_blocking(|_| -> Result<()> { panic!("planted") }), Err(Error::Internal(_))));
            assert!(matches!(db.read_blocking(Lane::Slow, |_| -> Result<()> { panic!("planted") }), Err(Error::Internal(_))));
        }
        db.write_blocking(|w| put(w, "c")).unwrap();
        assert_eq!(db.read_blocking(Lane::Slow, names).unwrap(), ["c"]);
    }

    fn a_closure_that_goes_on_after_a_database_error_is_rolled_back(db) {
        db.write_blocking(|w| put(w, "a")).unwrap();
        let swallowed = db.write_blocking(|w| {
            put(w, "b")?;
            let twice = put(w, "a");
            assert!(twice.is_err());
            let _ = put(w, "c");
            Ok(())
        });
        assert!(matches!(swallowed, Err(Error::Internal(_))), "{swallowed:?}");
        assert_eq!(committed(&db), ["a"]);
    }

    fn a_closure_may_answer_a_database_error_with_its_own(db) {
        db.write_blocking(|w| put(w, "a")).unwrap();
        let refused = db.write_blocking(|w| put(w, "a").map_err(|_| Error::NotFound));
        assert!(matches!(refused, Err(Error::NotFound)));
    }

    fn a_read_sees_one_snapshot(db) {
        db.write_blocking(|w| put(w, "a")).unwrap();
        let writer = db.db.clone();
        for lane in [Lane::Fast, Lane::Slow] {
            let writer = writer.clone();
            let (before, after) = db.read_blocking(lane, move |r| {
                let before = names(r)?;
                writer.write_blocking(move |w| put(w, &format!("{lane:?}"))).unwrap();
                Ok((before, names(r)?))
            }).unwrap();
            assert_eq!(before, after);
        }
        assert_eq!(committed(&db), ["Fast", "Slow", "a"]);
    }

    fn a_read_can_t_write(db) {
        let written = db.read_blocking(Lane::Fast, |r| {
            Ok(diesel::insert_into(meta::table).values((meta::name.eq("a"), meta::value.eq(""))).execute(r.conn())?)
        });
        assert!(written.is_err());
        assert_eq!(committed(&db), Vec::<String>::new());
    }

    fn a_slow_report_holds_no_page_up(db) {
        let (release, held) = mpsc::channel::<()>();
        let slow = db.db.clone();
        let report = std::thread::spawn(move || slow.read_blocking(Lane::Slow, move |_| { held.recv().unwrap(); Ok(()) }));
        for _ in 0..100 {
            db.read_blocking(Lane::Fast, |_| Ok(())).unwrap();
        }
        release.send(()).unwrap();
        report.join().unwrap().unwrap();
    }

    async fn a_full_queue_says_so_at_once(db) {
        let writers = if db.options.url.starts_with("sqlite:") { 1 } else { 4 };
        let gate = Gate::close(&db, writers);
        let write = |i: usize| db.write(move |w| put(w, &format!("{i:05}")));
        let queued = std::sync::atomic::AtomicBool::new(false);
        let all = join_all((0..5000).map(write));
        let open = async {
            queued.store(true, SeqCst);
            gate.open();
        };
        let (answers, ()) = tokio::join!(all, open);
        let refused = answers.iter().filter(|answer| matches!(answer, Err(Error::Unavailable(_)))).count();
        assert_eq!(refused, 5000 - 4096);
        assert_eq!(db.read(Lane::Fast, names).await.unwrap().len(), 4096);
    }

    fn closing_runs_what_is_queued(db) {
        let gate = Gate::close(&db, if db.options.url.starts_with("sqlite:") { 1 } else { 4 });
        let writes: Vec<_> = (0..50).map(|i| {
            let db = db.db.clone();
            std::thread::spawn(move || db.write_blocking(move |w| put(w, &format!("{i:02}"))))
        }).collect();
        while db.activity().write_waiting < 50 {
            std::thread::sleep(Duration::from_millis(1));
        }
        let closing = { let db = db.db.clone(); std::thread::spawn(move || db.close()) };
        while db.activity().write_waiting > 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(50));
        assert!(!closing.is_finished(), "closures are still running");
        assert!(matches!(db.write_blocking(|w| put(w, "late")), Err(Error::Unavailable(_))));
        assert!(matches!(db.read_blocking(Lane::Fast, names), Err(Error::Unavailable(_))));
        gate.open();
        closing.join().unwrap();
        writes.into_iter().for_each(|write| write.join().unwrap().unwrap());
        if let Some(path) = db.options.url.strip_prefix("sqlite:") {
            assert!(!std::path::Path::new(&format!("{path}-wal")).exists(), "the last connection folds the WAL in");
        }
        let again = heli::db::Db::open(&db.options, db.clock.clone()).unwrap();
        assert_eq!(committed(&again).len(), 50);
    }

    fn the_last_one_dropped_ends_the_threads(db) {
        let ended = Arc::new(AtomicUsize::new(0));
        struct Ends(Arc<AtomicUsize>);
        impl Drop for Ends {
            fn drop(&mut self) { self.0.fetch_add(1, SeqCst); }
        }
        let other = heli::db::Db::open(&db.options, db.clock.clone()).unwrap();
        let mut told = other.notices();
        let ends = Ends(ended.clone());
        other.write_blocking(move |_| { let _held = &ends; Ok(()) }).unwrap();
        drop(other);
        let until = std::time::Instant::now() + Duration::from_secs(5);
        while !matches!(told.try_recv(), Err(tokio::sync::broadcast::error::TryRecvError::Closed)) {
            assert!(std::time::Instant::now() < until, "the threads still hold their ends");
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(ended.load(SeqCst), 1);
    }

    fn the_clock_is_read_at_every_attempt(db) {
        let before = db.write_blocking(|w| Ok(w.now())).unwrap();
        db.clock.advance(5);
        assert_eq!(db.write_blocking(|w| Ok(w.now())).unwrap(), before.plus(5));
    }

    fn foreign_keys_are_watched(db) {
        let orphan = db.write_blocking(|w| Ok(w.conn().batch_execute(
            "INSERT INTO incident_organisations (incident, organisation, joined_at) VALUES (1, 1, 1)")?));
        assert!(matches!(orphan, Err(Error::Database(diesel::result::Error::DatabaseError(
            diesel::result::DatabaseErrorKind::ForeignKeyViolation, _)))), "{orphan:?}");
    }

    fn the_settings_hold_on_every_connection(db) {
        let text = |conn: &mut Conn, query: &str| -> Result<String> { Ok(diesel::dsl::sql::<diesel::sql_types::Text>(query).get_result(conn)?) };
        if db.options.url.starts_with("postgres") {
            let commit = db.write_blocking(move |w| text(w.conn(), "SELECT current_setting('synchronous_commit')")).unwrap();
            assert_eq!(commit, "off", "the tests' cluster does not sync");
            let durable = heli::db::Options { fsync: true, ..db.options.clone() };
            let durable = heli::db::Db::open(&durable, db.clock.clone()).unwrap();
            for (name, value) in [("synchronous_commit", "on"), ("transaction_isolation", "read committed"), ("TimeZone", "UTC")] {
                let is = durable.write_blocking(move |w| text(w.conn(), &format!("SELECT current_setting('{name}')"))).unwrap();
                assert_eq!(is, value, "{name}");
            }
        } else {
            let durable = heli::db::Options { fsync: true, ..db.options.clone() };
            let durable = heli::db::Db::open(&durable, db.clock.clone()).unwrap();
            let wanted = [
                ("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"), ("secure_delete", "1"), ("trusted_schema", "0"),
                ("cell_size_check", "1"), ("busy_timeout", "5000"), ("query_only", "0"),
            ];
            for (name, value) in wanted {
                let query = format!("SELECT CAST(p.\"{}\" AS TEXT) FROM pragma_{name} p", if name == "busy_timeout" { "timeout" } else { name });
                let read = query.clone();
                assert_eq!(durable.write_blocking(move |w| text(w.conn(), &query)).unwrap(), value, "{name}");
                let value = if name == "query_only" { "1" } else { value };
                assert_eq!(durable.read_blocking(Lane::Fast, move |r| text(r.conn(), &read)).unwrap(), value, "{name}");
            }
        }
    }
}
