//! Loads scenarios and looks at what the ledger makes of them.

use std::collections::BTreeMap;
use std::time::Instant;

use super::*;
use crate::clock::{MINUTE, Time};
use crate::counters::model::{Amounts, Counter, Marks};
use crate::counters::store as counters;
use crate::crypto::Keyring;
use crate::db::Lane;
use crate::incidents;
use crate::incidents::model::{Incident, IncidentState};
use crate::ledger::verify;
use crate::support::TestDb;
use xian::rhythm::HEADLINE;

fn keyring(db: &TestDb) -> Keyring {
    Keyring::open(db, &tempfile::tempdir().unwrap().path().join("heli.key")).unwrap().0
}

fn incident(db: &TestDb, scenario: Scenario) -> Incident {
    db.read_blocking(Lane::Fast, move |r| incidents::store::by_slug(r, scenario.as_str())).unwrap()
}

/// Collected, followed up, people, matched; not followed up, not matched, followed up and not matched.
fn figures(amounts: &Amounts) -> [i64; 7] {
    let get = |counter| amounts.get(counter);
    let (collected, phoned, matched) = (get(Counter::Collected), get(Counter::PhoneVerified), get(Counter::ResourceMatched));
    let people = get(Counter::UrgentPeople);
    [collected, phoned, people, matched, collected - phoned, collected - matched, phoned - get(Counter::PhonedAndMatched)]
}

const EXPECTED: [i64; 7] = [896, 883, 492, 852, 13, 44, 31];

fn added_up(marks: &Marks, until: Time) -> Amounts {
    let mut amounts = Amounts::default();
    marks.iter().filter(|(_, mark)| mark.at <= until).for_each(|((_, counter, _), mark)| amounts.add(*counter, mark.amount));
    amounts
}

fn events(db: &TestDb, incident: i64) -> usize {
    db.read_blocking(Lane::Slow, move |r| crate::ledger::store::all_events(r, incident, None)).unwrap().len()
}

crate::support::on_both! {
    fn the_case_is_replayed(db) {
        let keys = keyring(&db);
        let began = Instant::now();
        assert_eq!(Scenario::Xian.load(&db, &keys).unwrap(), Loaded::Now);
        let incident = incident(&db, Scenario::Xian);
        let (id, calendar) = (incident.id, incident.calendar());
        println!("{} events in {:?}", events(&db, id), began.elapsed());
        let now = db.read_blocking(Lane::Slow, move |r| counters::as_of(r, id, calendar, HEADLINE)).unwrap();
        let mut total = Amounts::default();
        now.values().for_each(|amounts| total.add_all(amounts));
        assert_eq!(figures(&total), EXPECTED, "as known now");
        assert!(total.get(Counter::UrgentEpisodes) > 492 && total.get(Counter::UrgentInGroups) == 70);
        let then = db.read_blocking(Lane::Slow, move |r| verify::rebuild(r, id, Some(HEADLINE.plus(30 * MINUTE)))).unwrap();
        assert_eq!(figures(&added_up(&then.marks, HEADLINE)), EXPECTED, "as known at 19:30");
        assert_eq!(db.read_blocking(Lane::Slow, move |r| verify::verify(r, id)).unwrap(), []);
        assert_eq!(incident.state, IncidentState::Closed);

        let before = events(&db, id);
        let summary = db.read_blocking(Lane::Slow, |r| Summary::read(r, "xian-2022", HEADLINE, HEADLINE)).unwrap().to_string();
        println!("{summary}");
        assert_eq!(Scenario::Xian.load(&db, &keys).unwrap(), Loaded::Already);
        assert_eq!(events(&db, id), before);
    }

    fn practice_is_loaded(db) {
        let keys = keyring(&db);
        assert_eq!(Scenario::Practice.load(&db, &keys).unwrap(), Loaded::Now);
        let incident = incident(&db, Scenario::Practice);
        assert!(incident.practice && incident.demo && incident.state == IncidentState::Active);
        let id = incident.id;
        assert_eq!(db.read_blocking(Lane::Slow, move |r| verify::verify(r, id)).unwrap(), []);
        let mut stages: BTreeMap<&'static str, usize> = BTreeMap::new();
        let rows = db.read_blocking(Lane::Slow, move |r| verify::rebuild(r, id, None)).unwrap().standing;
        rows.values().for_each(|row| *stages.entry(row.stage).or_default() += 1);
        for stage in ["collected", "verified", "urgent_response", "resource_matched", "delivered", "closed", "cancelled", "merged"] {
            assert!(stages.contains_key(stage), "{stage} is missing: {stages:?}");
        }
        let ring = keys.clone();
        let roles = db.read_blocking(Lane::Fast, move |r| accounts(r, &ring)).unwrap();
        assert_eq!(roles.len(), 9);
        assert!(!has_real_incident(&db).unwrap());
        assert_eq!(Scenario::Practice.load(&db, &keys).unwrap(), Loaded::Already);
    }
}
