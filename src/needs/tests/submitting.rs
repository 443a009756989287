//! Submitting, through the services.

use serde_json::{Value, json};

use super::fixture::{self, Here};
use super::*;
use crate::error::{FieldCode, RefusalCode};
use crate::incidents::model::{IncidentState, Intake};
use crate::ledger::fold;
use crate::ledger::model::{Source, Stage};
use crate::needs::submitting::model::Submitted;
use crate::support::TestDb;

fn fields(result: Result<Submitted, Error>) -> Vec<(String, FieldCode)> {
    match result {
        Err(Error::Invalid(errors)) => errors.into_iter().map(|error| (error.pointer, error.code)).collect(),
        other => panic!("{other:?}"),
    }
}

/// The folded need of a row.
fn folded(db: &TestDb, need: i64) -> crate::ledger::state::Need {
    let events = db.read_blocking(Lane::Fast, move |r| crate::ledger::store::events_of(r, &[need])).unwrap();
    fold(&events, None).needs.remove(&need).unwrap()
}

fn verified(db: &TestDb, here: &Here) -> bool {
    let incident = here.incident.id;
    db.read_blocking(Lane::Slow, move |r| crate::ledger::verify::verify(r, incident)).unwrap().is_empty()
}

crate::support::on_both! {
    fn a_need_is_taken_in_with_all_that_belongs_to_it(db) {
        let here = fixture::incident(&db);
        let body = fixture::example(json!({
            "people": {"count": 3, "named": [{"name": "孙二", "phone": "13900002222"}, {"name": "李三"}], "groups": ["elderly_alone"]},
            "lines": [
                {"item": "大米", "quantity": 4000, "unit": "袋", "approximate": true},
                {"item": "热餐", "quantity": 3, "unit": "份", "recurrence": {"first_day": "2026-06-01", "last_day": "2026-06-07"}},
            ],
            "address": "某某小区 1 号楼",
        }));
        let submitted = fixture::submit(&db, &here, &Actor::anonymous(), body).unwrap();
        let link = submitted.secret_link.unwrap();
        assert_eq!((link.len(), link.starts_with("/i/flood/n/")), ("/i/flood/n/".len() + 26, true));
        let need = folded(&db, submitted.needs[0].id);
        assert_eq!((need.people, need.persons.len(), need.contacts, need.source), (3, 2, 1, Source::Web));
        assert_eq!((need.lines[0].wanted, need.lines[1].days.len(), need.submitted_at), (4000, 7, db.db.clock().now()));
        assert_eq!((need.place.district.as_str(), submitted.needs[0].stage), ("610113000000", Stage::Collected));
        assert!(verified(&db, &here));
    }

    fn a_person_with_a_phone_is_one_in_the_incident(db) {
        let here = fixture::incident(&db);
        let people = |named: Value| fixture::example(json!({"people": {"count": 2, "named": named}}));
        let named = json!([{"name": "孙二", "phone": "139 0000 2222"}, {"name": "李三"}]);
        let persons = |submitted: &Submitted, i: usize| folded(&db, submitted.needs[i].id).persons;
        let one = fixture::submit(&db, &here, &Actor::anonymous(), people(named.clone())).unwrap();
        let other = fixture::submit(&db, &here, &Actor::anonymous(), people(named.clone())).unwrap();
        assert_eq!(persons(&one, 0)[0], persons(&other, 0)[0]);
        assert_ne!(persons(&one, 0)[1], persons(&other, 0)[1]);
        let part = json!({"category": "medicine", "region": null, "urgency": "urgent", "people": {"count": 2, "named": named},
            "lines": [{"item": "胰岛素", "quantity": 2, "unit": "支", "medicine": {"name": "门冬胰岛素", "prescription": true}}]});
        let contacts = json!([{"role": "relative", "name": "孙大", "phone": "+86 139-0000-3333", "flags": ["night_calls"]}]);
        let several = json!({"contacts": contacts, "needs": [part.clone(), part]});
        let both = fixture::submit_several(&db, &here, &Actor::anonymous(), several).unwrap();
        assert_eq!((persons(&both, 0)[0].clone(), persons(&both, 1)[0].clone()), (persons(&one, 0)[0].clone(), persons(&one, 0)[0].clone()));
        assert_ne!(persons(&both, 0)[1], persons(&both, 1)[1]);
        assert_eq!((folded(&db, both.needs[0].id).first, folded(&db, both.needs[1].id).first), (true, false));
        assert!(verified(&db, &here));
    }

    fn the_same_person_sent_in_at_once_by_many_is_one(db) {
        let here = fixture::incident(&db);
        let body = fixture::example(json!({"people": {"count": 1, "named": [{"name": "孙二", "phone": "13900002222"}]}}));
        let all: Vec<Submitted> = std::thread::scope(|scope| {
            let senders: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| (0..4).map(|_| fixture::submit(&db, &here, &Actor::anonymous(), body.clone()).unwrap()).collect::<Vec<_>>()))
                .collect();
            senders.into_iter().flat_map(|sender| sender.join().unwrap()).collect()
        });
        let persons: std::collections::BTreeSet<String> = all.iter().flat_map(|s| folded(&db, s.needs[0].id).persons).collect();
        assert_eq!((all.len(), persons.len()), (32, 1));
    }

    fn intake_is_as_the_incident_says(db) {
        let here = fixture::incident(&db);
        let operator = fixture::account(&db, &here, Role::Operator, "值班", "");
        let code = |state, intake, actor: &Actor| {
            let mut here = here.clone();
            (here.incident.state, here.incident.intake) = (state, intake);
            match fixture::submit(&db, &here, actor, fixture::example(json!({}))) {
                Ok(_) => None,
                Err(Error::Refused(refusal)) => Some(refusal.code),
                Err(other) => panic!("{other}"),
            }
        };
        let (public, closed) = (Actor::anonymous(), Some(RefusalCode::IntakeClosed));
        assert_eq!(code(IncidentState::Active, Intake::PhoneOnly, &public), closed);
        assert_eq!(code(IncidentState::Active, Intake::Paused, &public), closed);
        assert_eq!(code(IncidentState::Active, Intake::PhoneOnly, &operator), None);
        assert_eq!(code(IncidentState::Paused, Intake::Open, &operator), closed);
        assert_eq!(code(IncidentState::Closed, Intake::Open, &operator), Some(RefusalCode::IncidentClosed));
    }

    fn only_staff_says_when_and_how_it_came_in(db) {
        let here = fixture::incident(&db);
        let community = fixture::account(&db, &here, Role::CommunityWorker, "长丰园", DISTRICT);
        let late = json!({"occurred_at": "2026-05-31T06:00:00+08:00", "late_reason": "断网", "source": "paper"});
        let submitted = fixture::submit(&db, &here, &community, fixture::example(late.clone())).unwrap();
        assert_eq!((submitted.submitted_at.as_str(), submitted.secret_link), ("2026-05-31T06:00:00+08:00", None));
        let id = submitted.needs[0].id;
        assert_eq!(folded(&db, id).source, Source::Paper);
        let words = db.read_blocking(Lane::Fast, move |r| texts::store::of_needs(r, &[id])).unwrap();
        assert_eq!(texts::open(&here.keys, &words[0].act, &words[0].words).unwrap(), "断网");
        let plain = fixture::submit(&db, &here, &community, fixture::example(json!({}))).unwrap();
        assert_eq!(folded(&db, plain.needs[0].id).source, Source::Community);
        let public = fixture::submit(&db, &here, &Actor::anonymous(), fixture::example(late));
        assert_eq!(fields(public).iter().map(|(at, _)| at.as_str()).collect::<Vec<_>>(), ["/source", "/occurred_at", "/late_reason"]);
        for (change, field, code) in [
            (json!({"occurred_at": "2026-05-31T06:00:00+08:00"}), "/late_reason", FieldCode::Missing),
            (json!({"occurred_at": "2026-06-01T09:00:00+08:00"}), "/occurred_at", FieldCode::InTheFuture),
            (json!({"source": "web"}), "/source", FieldCode::Inconsistent),
        ] {
            assert_eq!(fields(fixture::submit(&db, &here, &community, fixture::example(change))), [(field.to_owned(), code)]);
        }
    }

    fn everything_wrong_is_told_at_once_and_nothing_is_written(db) {
        let here = fixture::incident(&db);
        let body = fixture::example(json!({
            "region": "999999999999",
            "lines": [{"item": "", "quantity": 0, "unit": "斗米"}],
            "people": {"count": 0, "named": [{"name": "a", "phone": "1"}], "groups": ["child", "child"]},
            "contacts": [{"role": "person", "name": "x\u{202e}", "phone": "119"}],
            "description": "长".repeat(2001),
            "address": "",
        }));
        let all = fields(fixture::submit(&db, &here, &Actor::anonymous(), body));
        let at: Vec<&str> = all.iter().map(|(at, _)| at.as_str()).collect();
        assert_eq!(at, [
            "/contacts/0/name", "/contacts/0/phone", "/lines/0/item", "/lines/0/unit", "/lines/0/quantity", "/people/count",
            "/people/named/0/phone", "/people/groups/1", "/description", "/address",
        ]);
        let unknown = |region: &str| fields(fixture::submit(&db, &here, &Actor::anonymous(), fixture::example(json!({"region": region}))));
        assert_eq!(unknown("999999999999"), [("/region".to_owned(), FieldCode::NotARegion)]);
        for (people, field, code) in [
            (json!({"count": 1, "named": [{"name": "a"}, {"name": "b"}]}), "/people/named", FieldCode::TooMany),
            (json!({"count": 2, "named": [{"name": "a"}, {"name": "Ａ"}]}), "/people/named/1", FieldCode::Duplicate),
            (json!({"count": 100_001}), "/people/count", FieldCode::TooLarge),
        ] {
            let body = fixture::example(json!({"people": people}));
            assert_eq!(fields(fixture::submit(&db, &here, &Actor::anonymous(), body)), [(field.to_owned(), code)]);
        }
        let several = json!({"contacts": [], "needs": []});
        let several = fields(fixture::submit_several(&db, &here, &Actor::anonymous(), several));
        assert_eq!(several, [("/contacts".to_owned(), FieldCode::Empty), ("/needs".to_owned(), FieldCode::Empty)]);
        let incident = here.incident.id;
        assert!(db.read_blocking(Lane::Slow, move |r| crate::ledger::store::all_events(r, incident, None)).unwrap().is_empty());
    }
}
