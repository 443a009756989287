//! Several nodes on one database: what one commits, the others hear of.

use std::time::{Duration, Instant};

use heli::db::{Db, Notice, Write};
use heli::error::{Error, Result};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::TryRecvError;

use crate::common::{committed, put};
use crate::support::{Engine, on_both, run};

fn heard(listener: &mut Receiver<Notice>, within: Duration) -> Vec<Notice> {
    let until = Instant::now() + within;
    let mut all = Vec::new();
    loop {
        match listener.try_recv() {
            Ok(notice) => all.push(notice),
            Err(TryRecvError::Empty) if all.is_empty() && Instant::now() < until => std::thread::sleep(Duration::from_millis(5)),
            Err(TryRecvError::Empty) => return all,
            Err(lost) => panic!("{lost}"),
        }
    }
}

fn announce(w: &mut Write<'_>) -> Result<()> {
    w.announce(Notice::Incident { incident: 7, need: Some("ABCDEFGHJK".into()) });
    w.announce(Notice::Account(3));
    Ok(())
}

fn announced() -> [Notice; 2] {
    [Notice::Incident { incident: 7, need: Some("ABCDEFGHJK".into()) }, Notice::Account(3)]
}

on_both! {
    fn what_is_committed_is_told_once_and_what_is_not_isn_t(db) {
        let mut listener = db.notices();
        let _ = db.write_blocking(|w| { announce(w)?; Err::<(), _>(Error::NotFound) });
        db.write_blocking(announce).unwrap();
        assert_eq!(heard(&mut listener, Duration::from_secs(5)), announced());
        assert_eq!(heard(&mut listener, Duration::from_millis(300)), []);
    }
}

on_both! {
    /// On SQLite: the command line beside a running server.
    fn two_that_write_at_once_both_get_their_turn(db) {
        let other = other_node(&db);
        std::thread::scope(|scope| {
            for (node, db) in [(0, &db.db), (1, &other)] {
                for thread in 0..4 {
                    scope.spawn(move || (0..50).for_each(|i| {
                        db.write_blocking(move |w| put(w, &format!("{node}-{thread}-{i}"))).unwrap();
                    }));
                }
            }
        });
        assert_eq!(committed(&db).len(), 400);
    }
}

fn other_node(db: &crate::support::TestDb) -> Db {
    Db::open(&db.options, db.clock.clone()).unwrap()
}

#[test]
fn another_node_hears_of_a_commit() {
    run(Engine::Postgres, |db| {
        let other = other_node(&db);
        let mut there = other.notices();
        let mut here = db.notices();
        // The other's thread may not listen yet.
        let until = Instant::now() + Duration::from_secs(5);
        let first = loop {
            db.write_blocking(announce).unwrap();
            let first = heard(&mut there, Duration::from_millis(300));
            if !first.is_empty() || Instant::now() > until {
                break first;
            }
        };
        assert_eq!(first, announced());
        heard(&mut here, Duration::from_millis(100));
        let began = Instant::now();
        db.write_blocking(announce).unwrap();
        assert_eq!(heard(&mut there, Duration::from_secs(5)), announced());
        println!("heard after {:?}", began.elapsed());
        assert!(began.elapsed() < Duration::from_secs(1));
        std::thread::sleep(Duration::from_millis(200));
        assert_eq!(heard(&mut here, Duration::ZERO), announced(), "its own come back to nobody");
    });
}

#[test]
fn many_notices_fit_into_few_payloads() {
    run(Engine::Postgres, |db| {
        let other = other_node(&db);
        let mut there = other.notices();
        let until = Instant::now() + Duration::from_secs(5);
        while heard(&mut there, Duration::from_millis(100)).is_empty() && Instant::now() < until {
            db.write_blocking(announce).unwrap();
        }
        std::thread::sleep(Duration::from_millis(300));
        heard(&mut there, Duration::ZERO);
        let many = |w: &mut Write<'_>| {
            (0..900).for_each(|incident| w.announce(Notice::Incident { incident, need: Some("ABCDEFGHJK".into()) }));
            Ok(())
        };
        db.write_blocking(many).unwrap();
        let mut all = Vec::new();
        let until = Instant::now() + Duration::from_secs(5);
        while all.len() < 900 && Instant::now() < until {
            all.extend(heard(&mut there, Duration::from_millis(100)));
        }
        assert_eq!(all.len(), 900);
    });
}

#[test]
fn a_node_whose_connections_broke_hears_again() {
    use diesel::Connection;
    use diesel::connection::SimpleConnection;
    run(Engine::Postgres, |db| {
        let other = other_node(&db);
        let mut there = other.notices();
        let mut beside = diesel::PgConnection::establish(&db.options.url).unwrap();
        let break_all =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        beside.batch_execute(break_all).unwrap();
        let until = Instant::now() + Duration::from_secs(10);
        while heard(&mut there, Duration::from_millis(200)).is_empty() {
            assert!(Instant::now() < until, "it never hears again");
            db.write_blocking(announce).unwrap();
        }
    });
}
