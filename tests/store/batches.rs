//! What the lanes promise to closures that share a transaction: each stands or falls by itself, their buffers are written once, and what
//! ends the transaction ends it for all.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use heli::db::schema::meta;
use heli::db::{Buffered, Conn, Db, Lane, Read, Write};
use heli::error::{Error, Result};

use crate::common::{Gate, committed, names, put};
use crate::support::{Engine, on_both, run};

static FLUSHES: AtomicUsize = AtomicUsize::new(0);

/// Sums per name, added up in `meta.value`; a name that begins with `!` can't be written, `!!` panics.
#[derive(Default)]
struct Sums(BTreeMap<String, i64>);

impl Buffered for Sums {
    fn merge(&mut self, other: Box<dyn Any>) {
        let other = other.downcast::<Sums>().expect("the same type");
        other.0.into_iter().for_each(|(name, n)| *self.0.entry(name).or_default() += n);
    }

    fn flush(&self, conn: &mut Conn) -> Result<()> {
        FLUSHES.fetch_add(1, SeqCst);
        for (name, n) in &self.0 {
            assert!(!name.starts_with("!!"), "planted");
            if name.starts_with('!') {
                conn.batch_execute("INSERT INTO meta (name, value) VALUES ('null', NULL)")?;
            }
            diesel::sql_query(
                "INSERT INTO meta (name, value) VALUES ($1, $2)
                 ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(meta.value AS BIGINT) + CAST(excluded.value AS BIGINT) AS TEXT)",
            )
            .bind::<diesel::sql_types::Text, _>(name)
            .bind::<diesel::sql_types::Text, _>(n.to_string())
            .execute(conn)?;
        }
        Ok(())
    }
}

fn add(w: &mut Write<'_>, name: &str, n: i64) {
    *w.buffer::<Sums>().0.entry(name.to_owned()).or_default() += n;
}

fn value(r: &mut Read<'_>, name: &str) -> Result<Option<String>> {
    Ok(meta::table.find(name).select(meta::value).get_result(r.conn()).optional()?)
}

type Closure = Box<dyn Fn(&mut Write<'_>) -> Result<()> + Send>;

/// Runs the closures in one batch of SQLite's; says whether they came into one.
async fn together(db: &Db, closures: Vec<Closure>) -> (Vec<Result<()>>, bool) {
    let gate = Gate::close(db, 1);
    let before = db.activity().commits;
    let all = futures_util::future::join_all(closures.into_iter().map(|closure| db.write(closure)));
    let (answers, ()) = tokio::join!(all, async { gate.open() });
    (answers, db.activity().commits <= before + 2)
}

on_both! {
    async fn buffers_are_written_once_and_of_good_closures_only(db) {
        let flushes = FLUSHES.load(SeqCst);
        let (answers, one) = together(&db, vec![
            Box::new(|w| { add(w, "a", 1); Ok(()) }),
            Box::new(|w| { add(w, "a", 10); Err(Error::NotFound) }),
            Box::new(|w| { add(w, "a", 100); panic!("planted") }),
            Box::new(|w| { add(w, "a", 1000); add(w, "b", 1); Ok(()) }),
        ]).await;
        assert_eq!(answers.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, false, true]);
        assert_eq!(db.read(Lane::Fast, |r| value(r, "a")).await.unwrap().as_deref(), Some("1001"));
        if one && db.options.url.starts_with("sqlite:") {
            // The gate's own batch has no buffer; under nextest nothing else counts here.
            assert!(FLUSHES.load(SeqCst) > flushes);
        }
    }

    async fn one_closure_fails_among_many(db) {
        let (answers, _) = together(&db, vec![
            Box::new(|w| put(w, "a")),
            Box::new(|w| { put(w, "b")?; put(w, "a") }),
            Box::new(|w| { put(w, "c")?; panic!("planted") }),
            Box::new(|w| put(w, "d")),
        ]).await;
        assert_eq!(answers.iter().map(Result::is_ok).collect::<Vec<_>>()[2..], [false, true]);
        let names = db.read(Lane::Fast, names).await.unwrap();
        assert!(names.contains(&"d".to_owned()) && !names.contains(&"c".to_owned()), "{names:?}");
    }

    async fn a_buffer_that_can_t_be_written_fails_its_closure_alone(db) {
        let (answers, _) = together(&db, vec![
            Box::new(|w| { add(w, "a", 1); put(w, "x") }),
            Box::new(|w| { add(w, "!", 1); put(w, "y") }),
            Box::new(|w| { add(w, "!!", 1); put(w, "z") }),
            Box::new(|w| { add(w, "a", 2); Ok(()) }),
        ]).await;
        assert_eq!(answers.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, false, true], "{answers:?}");
        assert!(matches!(&answers[1], Err(Error::Database(_))), "{answers:?}");
        assert_eq!(db.read(Lane::Fast, |r| value(r, "a")).await.unwrap().as_deref(), Some("3"));
        assert_eq!(db.read(Lane::Fast, names).await.unwrap(), ["a", "x"]);
    }
}

/// Many closures, few commits: what group commit is for.
#[test]
fn closures_that_wait_share_a_commit() {
    run(Engine::Sqlite, |db| {
        actix_web::rt::System::new().block_on(async {
            let before = db.activity();
            let all = (0..2000).map(|i| db.write(move |w| put(w, &format!("{i}"))));
            futures_util::future::join_all(all).await.into_iter().for_each(|answer| answer.unwrap());
            let after = db.activity();
            assert_eq!(after.written - before.written, 2000);
            assert!((after.commits - before.commits) * 10 <= 2000, "{after:?}");
        });
    });
}

/// A full disk ends SQLite's transaction in the midst of a batch: whoever was in it hears 503, also the one whose closure had succeeded.
#[test]
fn a_full_disk_acknowledges_nothing() {
    run(Engine::Sqlite, |db| {
        actix_web::rt::System::new().block_on(async {
            for _ in 0..20 {
                let (answers, _) = together(
                    &db,
                    vec![
                        Box::new(|w| put(w, "before")),
                        Box::new(|w| {
                            let pages: i32 = diesel::dsl::sql::<diesel::sql_types::Integer>("PRAGMA page_count").get_result(w.conn())?;
                            w.conn().batch_execute(&format!("PRAGMA max_page_count={}", pages + 2))?;
                            put(w, &"x".repeat(100_000))
                        }),
                        Box::new(|w| put(w, "after")),
                    ],
                )
                .await;
                assert!(matches!(answers[1], Err(Error::Unavailable(_))), "{answers:?}");
                let stands = db.read(Lane::Fast, names).await.unwrap();
                assert_eq!(answers[0].is_ok(), stands.contains(&"before".to_owned()), "{answers:?} {stands:?}");
                assert_eq!(answers[2].is_ok(), stands.contains(&"after".to_owned()), "{answers:?} {stands:?}");
                if answers[0].is_err() {
                    // They shared a batch. What waited behind it got a new connection: nothing needs a restart.
                    assert!(answers[2].is_ok(), "{answers:?}");
                    return;
                }
                db.write(|w| Ok(w.conn().batch_execute("DELETE FROM meta")?)).await.unwrap();
            }
            panic!("the closures never shared a batch");
        });
    });
}

/// The same for a closure that swallows the error and goes on: its later statements must not stand on their own.
#[test]
fn a_full_disk_swallowed_acknowledges_nothing() {
    run(Engine::Sqlite, |db| {
        let swallowed = db.write_blocking(|w| {
            put(w, "a")?;
            let pages: i32 = diesel::dsl::sql::<diesel::sql_types::Integer>("PRAGMA page_count").get_result(w.conn())?;
            w.conn().batch_execute(&format!("PRAGMA max_page_count={}", pages + 2))?;
            let _ = put(w, &"x".repeat(100_000));
            Ok(())
        });
        assert!(matches!(swallowed, Err(Error::Unavailable(_))), "{swallowed:?}");
        assert_eq!(committed(&db), Vec::<String>::new());
        db.write_blocking(|w| put(w, "b")).unwrap();
    });
}

/// Erased pages leave the disk: the WAL is empty soon after a write that asked for it, even with a reader in the way for a while.
#[test]
fn the_log_is_emptied_after_an_erasure() {
    run(Engine::Sqlite, |db| {
        let wal = format!("{}-wal", db.options.url.strip_prefix("sqlite:").unwrap());
        let size = || std::fs::metadata(&wal).map_or(0, |wal| wal.len());
        db.write_blocking(|w| put(w, "planted-name")).unwrap();
        let (release, held) = std::sync::mpsc::channel::<()>();
        let (begun, wait) = std::sync::mpsc::channel();
        let reader = db.db.clone();
        let reading = std::thread::spawn(move || {
            reader.read_blocking(Lane::Slow, move |r| {
                names(r)?;
                begun.send(()).unwrap();
                held.recv().unwrap();
                Ok(())
            })
        });
        wait.recv().unwrap();
        let erase = |w: &mut Write<'_>| {
            diesel::delete(meta::table).execute(w.conn())?;
            w.empty_log();
            Ok(())
        };
        db.write_blocking(erase).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(200));
        assert!(size() > 0, "the reader still needs it");
        db.write_blocking(|w| put(w, "other")).unwrap();
        release.send(()).unwrap();
        reading.join().unwrap().unwrap();
        let until = std::time::Instant::now() + std::time::Duration::from_secs(5);
        while size() > 0 {
            assert!(std::time::Instant::now() < until, "{} bytes are left", size());
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        let file = std::fs::read(db.options.url.strip_prefix("sqlite:").unwrap()).unwrap();
        assert!(!file.windows(12).any(|bytes| bytes == b"planted-name"));
    });
}
