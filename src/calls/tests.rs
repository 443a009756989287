//! Calls and visits through their services, on both engines.

use super::model::*;
use super::service;
use crate::accounts::model::{Actor, Grant, Role};
use crate::error::{Error, FieldCode, RefusalCode, Result};
use crate::ids::{Draw, Reference};
use crate::ledger::model::*;
use crate::ledger::when::Told;
use crate::needs::fixture::{self, Here};
use crate::support::TestDb;

fn operator() -> Actor {
    Actor { grants: vec![Grant { role: Role::Operator, region_path: String::new(), organisation: 1 }], ..Actor::default() }
}

fn call(outcome: Outcome, about: &[(&Reference, Option<Conclusion>)]) -> Call {
    let about = about.iter().map(|(need, conclusion)| About { need: (*need).clone(), conclusion: *conclusion, assessed: None }).collect();
    let (direction, medium, purpose) = (Direction::Outgoing, Medium::Voice, Purpose::Verify);
    Call { direction, medium, purpose, outcome, about, note: Some("由女儿代述".into()), told: Told::default() }
}

fn log(db: &TestDb, here: &Here, call: Call) -> Result<Logged> {
    let prepared = service::prepare_call(&here.keys, &operator(), call, &mut Draw::random());
    let incident = here.incident.clone();
    db.write_blocking(move |w| service::log(w, &incident, &operator(), &prepared))
}

crate::support::on_both! {
    fn one_call_about_several_needs_is_one_act(db) {
        let here = fixture::incident(&db);
        let (a, b) = (fixture::need(&db, &here, None), fixture::need(&db, &here, None));
        let genuine = Some(Conclusion::Genuine);
        let logged = log(&db, &here, call(Outcome::Answered, &[(&a.reference, genuine), (&b.reference, Some(Conclusion::NotGenuine))])).unwrap();
        let stages: Vec<_> = logged.needs.iter().map(|done| (done.need.as_str(), done.stage, done.version)).collect();
        assert_eq!(stages, [(a.reference.as_str(), Stage::Verified, 2), (b.reference.as_str(), Stage::NotGenuine, 2)]);
        let twice = log(&db, &here, call(Outcome::Answered, &[(&a.reference, genuine), (&a.reference, None)])).unwrap();
        assert_eq!(twice.needs.len(), 1);
        let refused = log(&db, &here, call(Outcome::Busy, &[(&a.reference, genuine)]));
        assert!(matches!(refused, Err(Error::Refused(refusal)) if refusal.code == RefusalCode::ConclusionWithoutConversation));
    }

    fn a_need_that_is_not_found_is_named_and_nothing_is_written(db) {
        let here = fixture::incident(&db);
        let a = fixture::need(&db, &here, None);
        let Err(Error::Invalid(errors)) = log(&db, &here, call(Outcome::Answered, &[(&a.reference, None), (&Reference::random(), None)])) else { panic!() };
        assert_eq!((errors[0].pointer.as_str(), errors[0].code), ("/needs/1/reference", FieldCode::Unknown));
        assert_eq!(log(&db, &here, call(Outcome::Answered, &[(&a.reference, None)])).unwrap().needs[0].version, 2);
    }

    fn a_community_worker_visits_the_needs_of_its_place(db) {
        let here = fixture::incident(&db);
        let (near, far) = (fixture::need(&db, &here, Some("610113003020")), fixture::need(&db, &here, Some("610102002011")));
        let visit = |need: &Reference| {
            let grant = Grant { role: Role::CommunityWorker, region_path: "610000000000/610100000000/610113000000/".into(), organisation: 1 };
            let actor = Actor { grants: vec![grant], ..Actor::default() };
            let visit = Visit { conclusion: Conclusion::Genuine, assessed: Some(Urgency::Urgent), note: None, told: Told::default() };
            let prepared = service::prepare_visit(&here.keys, &actor, visit, &mut Draw::random());
            let (incident, need) = (here.incident.clone(), need.clone());
            db.write_blocking(move |w| service::visit(w, &incident, &actor, &need, &prepared))
        };
        assert_eq!(visit(&near.reference).unwrap().stage, Stage::Verified);
        assert!(matches!(visit(&far.reference), Err(Error::NotFound)));
    }
}
