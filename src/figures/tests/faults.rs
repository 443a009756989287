//! Every projection against planted faults: `heli verify` is clean before and names the row after.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use diesel::prelude::*;
use diesel::sql_query;

use super::course::Course;
use crate::app::CHECKS;
use crate::db::{Lane, Read};
use crate::error::{Error, Result};
use crate::ledger::verify::Difference;
use crate::support::{Engine, TestDb, run};

fn verify(r: &mut Read<'_>, incident: i64) -> Result<Vec<Difference>> {
    let mut found = Vec::new();
    for check in CHECKS {
        found.extend(check(r, incident)?);
    }
    Ok(found)
}

/// What is found once a statement has been executed; its transaction is rolled back.
fn found_after(db: &TestDb, incident: i64, statement: &str) -> Vec<Difference> {
    let (found, statement) = (Arc::new(Mutex::new(None)), statement.to_owned());
    let keep = found.clone();
    let undone: Result<()> = db.write_blocking(move |w| {
        let rows = sql_query(&statement).execute(w.conn())?;
        assert!(rows > 0, "{statement} changes nothing");
        *keep.lock().unwrap() = Some(verify(w, incident)?);
        Err(Error::NotFound)
    });
    assert!(matches!(undone, Err(Error::NotFound)), "{undone:?}");
    found.lock().unwrap().take().unwrap()
}

/// Columns of `standing` with a value each that some need does not have; the columns of lists as well as the axes.
const STANDING: [(&str, &str); 21] = [
    ("root", "(SELECT max(id) FROM needs)"),
    ("phone", "'unreachable'"),
    ("urgent", "'lost_contact'"),
    ("matching", "'no such code'"),
    ("delivery", "'no such code'"),
    ("closure", "'no such code'"),
    ("stage", "'no such code'"),
    ("open", "NOT open"),
    ("category", "'no such code'"),
    ("region", "'999999999999'"),
    ("region_path", "'999999999999/'"),
    ("district", "'999999999999'"),
    ("urgency_asked", "'critical'"),
    ("urgency", "'critical'"),
    ("urgency_rank", "9"),
    ("groups", "' driver '"),
    ("people", "people + 1"),
    ("source", "'paper'"),
    ("held", "held + 1"),
    ("submitted_at", "submitted_at - 1"),
    ("due_at", "coalesce(due_at, 0) + 1"),
];

/// Statements that plant a fault, with the table that must be named.
const FAULTS: [(&str, &str); 31] = [
    ("marks", "UPDATE marks SET at = at + 1 WHERE counter = 'collected'"),
    ("marks", "UPDATE marks SET at = at - 3600000 WHERE counter = 'phone_verified'"),
    ("marks", "UPDATE marks SET amount = amount + 1 WHERE counter = 'urgent_episodes'"),
    ("marks", "UPDATE marks SET district = 'unlocated' WHERE district <> 'unlocated'"),
    ("marks", "UPDATE marks SET category = 'pet' WHERE category <> 'pet'"),
    ("marks", "UPDATE marks SET counter = 'fully_matched', ordinal = 5 WHERE counter = 'delivered'"),
    ("marks", "DELETE FROM marks WHERE counter = 'resource_matched'"),
    ("marks", "DELETE FROM marks WHERE subject_kind = 'person'"),
    (
        "marks",
        "INSERT INTO marks SELECT incident, subject_kind, subject, 'tried', 7, at, amount, district, category FROM marks WHERE counter = 'collected'",
    ),
    ("cells", "UPDATE cells SET collected = collected + 1 WHERE grain = 'hour_district' AND collected > 0"),
    ("cells", "UPDATE cells SET phone_verified = 0 WHERE grain = 'day_district' AND phone_verified > 0"),
    ("cells", "UPDATE cells SET resource_matched = resource_matched - 1 WHERE grain = 'day_category' AND resource_matched > 0"),
    ("cells", "UPDATE cells SET bucket = bucket + 1 WHERE grain = 'day_district' AND collected > 0"),
    ("cells", "UPDATE cells SET dimension = 'nowhere' WHERE grain = 'hour_district' AND dimension = 'unlocated' AND collected > 0"),
    ("cells", "DELETE FROM cells WHERE grain = 'day_category' AND submissions > 0"),
    (
        "cells",
        "INSERT INTO cells (incident, grain, dimension, bucket, tried) SELECT DISTINCT incident, grain, 'nowhere', bucket, 1 FROM cells WHERE grain = 'day_category'",
    ),
    ("line_days", "UPDATE line_days SET quantity = quantity + 1"),
    ("line_days", "UPDATE line_days SET confirmed = confirmed - 1 WHERE confirmed > 0"),
    ("line_days", "UPDATE line_days SET held = held + 1, quantity = quantity + 1"),
    ("line_days", "UPDATE line_days SET delivered = delivered + 1"),
    ("line_days", "UPDATE line_days SET wanted = wanted + 1"),
    ("line_days", "DELETE FROM line_days WHERE confirmed > 0"),
    ("claims", "UPDATE claims SET quantity = quantity + 1 WHERE state = 'confirmed'"),
    ("claims", "UPDATE claims SET state = 'held' WHERE state = 'confirmed'"),
    ("claims", "UPDATE claims SET on_n = 2"),
    ("claims", "DELETE FROM claims WHERE state = 'confirmed'"),
    ("responses", "UPDATE responses SET reached = reached + 1"),
    ("responses", "UPDATE responses SET occurred_at = occurred_at - 1"),
    ("responses", "DELETE FROM responses"),
    ("person_links", "DELETE FROM person_links"),
    ("person_links", "UPDATE person_links SET need = need + 1"),
];

crate::support::on_both! {
    fn a_planted_fault_is_named(db) {
        let mut course = Course::new(&db, 40);
        course.go_on(300);
        let incident = course.here.incident.id;
        let clean = db.read_blocking(Lane::Slow, move |r| verify(r, incident)).unwrap();
        assert!(clean.is_empty(), "{clean:#?}");
        for (column, value) in STANDING {
            // One row of those that do not have the value yet.
            let other = format!("SELECT min(need) FROM standing WHERE {column} IS NULL OR {column} <> {value}");
            let statement = format!("UPDATE standing SET {column} = {value} WHERE need = ({other})");
            let found = found_after(&db, incident, &statement);
            assert_eq!(found.len(), 1, "{column}: {found:#?}");
            assert_eq!(found[0].table, "standing");
            assert!(found[0].to_string().contains(&format!("{column}: ")), "{}", found[0]);
        }
        let found = found_after(&db, incident, "DELETE FROM standing WHERE need = (SELECT max(need) FROM standing)");
        assert!(found[0].stored.is_none() && found[0].table == "standing", "{found:#?}");
        for (table, statement) in FAULTS {
            let found = found_after(&db, incident, statement);
            let named: BTreeSet<&str> = found.iter().map(|difference| difference.table).collect();
            assert!(named.contains(table), "{statement}: {named:?}");
        }
        let found = found_after(&db, incident, "UPDATE claims SET quantity = quantity + 1 WHERE reference = (SELECT min(reference) FROM claims WHERE state = 'confirmed')");
        assert_eq!(found.iter().map(|difference| difference.table).collect::<Vec<_>>(), ["claims", "line_days"], "named by both");
        let found = found_after(&db, incident, "DELETE FROM marks WHERE subject_kind = 'person' AND counter = 'urgent_people'");
        assert!(found.iter().any(|difference| difference.table == "people"), "{found:#?}");
        let clean = db.read_blocking(Lane::Slow, move |r| verify(r, incident)).unwrap();
        assert!(clean.is_empty(), "{clean:#?}");
    }
}

#[test]
fn what_the_ledger_writes_is_what_the_events_say() {
    for number in 20..32 {
        run(if number % 4 == 0 { Engine::Postgres } else { Engine::Sqlite }, move |db| {
            let mut course = Course::new(&db, number);
            course.go_on(150);
            let incident = course.here.incident.id;
            let found = db.read_blocking(Lane::Slow, move |r| verify(r, incident)).unwrap();
            assert!(found.is_empty(), "course {number}: {found:#?}");
        });
    }
}
