//! Cases, responses and notes through their services, on both engines.

use super::model::*;
use super::notes::model::PreparedNote;
use super::{notes, service};
use crate::accounts::model::{Actor, Grant, Role};
use crate::db::Lane;
use crate::error::{Error, RefusalCode, Result};
use crate::ids::{Draw, Reference};
use crate::ledger::event::Kind;
use crate::ledger::model::Stage;
use crate::ledger::when::Told;
use crate::needs::acting::Done;
use crate::needs::fixture::{self, Here};
use crate::needs::people::Person;
use crate::phone::Phone;
use crate::support::TestDb;

fn worker(organisation: i64) -> Actor {
    let grant = Grant { role: Role::CaseWorker, region_path: String::new(), organisation };
    Actor { grants: vec![grant], ..Actor::default() }
}

fn open(db: &TestDb, here: &Here, need: &Reference) -> Result<Done> {
    let command = service::prepare_turn(&here.keys, &worker(1), Turn::default(), &mut Draw::random());
    let (incident, need) = (here.incident.clone(), need.clone());
    db.write_blocking(move |w| service::open(w, &incident, &worker(1), &need, &command))
}

fn end(db: &TestDb, here: &Here, need: &Reference, how: End) -> Result<Done> {
    let command = service::prepare_turn(&here.keys, &worker(1), Turn::default(), &mut Draw::random());
    let (incident, need) = (here.incident.clone(), need.clone());
    db.write_blocking(move |w| service::end(w, &incident, &worker(1), &need, how, &command))
}

fn named(name: &str, phone: Option<&str>) -> Reached {
    Reached::Named(Person { name: name.into(), phone: phone.and_then(Phone::parse) })
}

fn respond(db: &TestDb, here: &Here, need: &Reference, reached: i64, people: Vec<Reached>, group: Option<&str>) -> Result<Done> {
    let response = Response { reached, people, group_reason: group.map(str::to_owned), note: None, told: Told::default() };
    let prepared = service::prepare_response(&here.keys, &worker(1), need, response, &mut Draw::random());
    let (incident, need) = (here.incident.clone(), need.clone());
    db.write_blocking(move |w| service::respond(w, &incident, &worker(1), &need, &prepared))
}

fn people_of(db: &TestDb, need: i64) -> Vec<Vec<String>> {
    let events = db.read_blocking(Lane::Fast, move |r| crate::ledger::store::events_of(r, &[need])).unwrap();
    let named = events.into_iter().filter_map(|e| if let Kind::Responded { people, .. } = e.kind { Some(people) } else { None });
    named.collect()
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> RefusalCode {
    let Err(Error::Refused(refusal)) = result else { panic!("{result:?}") };
    refusal.code
}

crate::support::on_both! {
    fn a_case_from_its_opening_to_its_end(db) {
        let here = fixture::incident(&db);
        let need = fixture::need(&db, &here, None);
        assert_eq!(code(respond(&db, &here, &need.reference, 1, Vec::new(), None)), RefusalCode::CaseNotOpen);
        assert_eq!(open(&db, &here, &need.reference).unwrap().stage, Stage::Collected);
        assert_eq!(code(open(&db, &here, &need.reference)), RefusalCode::CaseAlreadyOpen);
        let three = || vec![named("张三", Some("13800000001")), named("李四", None), named(" 张 三", Some("+86 138 0000 0001"))];
        assert_eq!(code(respond(&db, &here, &need.reference, 1, three(), None)), RefusalCode::MorePeopleThanReached);
        assert_eq!(code(respond(&db, &here, &need.reference, 11, three(), None)), RefusalCode::GroupReasonMissing);
        respond(&db, &here, &need.reference, 11, three(), Some("整栋楼停电")).unwrap();
        let first = people_of(&db, need.id).remove(0);
        assert_eq!(first.len(), 2, "one person is named twice");
        let known = first.iter().map(|p| Reached::Known(Reference::parse(p).unwrap())).collect();
        respond(&db, &here, &need.reference, 2, known, None).unwrap();
        respond(&db, &here, &need.reference, 2, vec![named("李四", None)], None).unwrap();
        assert_eq!(people_of(&db, need.id)[1..], [first.clone(), vec![first[1].clone()]]);
        let other = fixture::need(&db, &here, None);
        open(&db, &here, &other.reference).unwrap();
        let stranger = || vec![Reached::Known(Reference::parse(&first[0]).unwrap())];
        assert_eq!(code(respond(&db, &here, &other.reference, 1, stranger(), None)), RefusalCode::PersonUnknown);
        respond(&db, &here, &other.reference, 1, vec![named("张三", Some("13800000001"))], None).unwrap();
        assert_eq!(people_of(&db, other.id), [vec![first[0].clone()]]);
        end(&db, &here, &need.reference, End::Stabilised).unwrap();
        assert_eq!(code(end(&db, &here, &need.reference, End::LostContact)), RefusalCode::CaseNotOpen);
        let incident = here.incident.id;
        let wrong = db.read_blocking(Lane::Slow, move |r| crate::ledger::verify::verify(r, incident)).unwrap();
        assert_eq!(wrong, []);
    }

    fn people_sealed_for_a_need_that_was_merged_meanwhile_are_sealed_anew(db) {
        let here = fixture::incident(&db);
        let (need, other) = (fixture::need(&db, &here, None), fixture::need(&db, &here, None));
        open(&db, &here, &need.reference).unwrap();
        let response = Response { reached: 1, people: vec![named("张三", None)], group_reason: None, note: None, told: Told::default() };
        let prepared = service::prepare_response(&here.keys, &worker(1), &other.reference, response, &mut Draw::random());
        let incident = here.incident.clone();
        let late = db.write_blocking(move |w| service::respond(w, &incident, &worker(1), &need.reference, &prepared));
        assert!(matches!(late, Err(Error::Unavailable(_))));
    }

    fn notes_are_read_by_the_organisation_that_wrote_them(db) {
        let here = fixture::incident(&db);
        let need = fixture::need(&db, &here, None);
        let [ours, colleague, theirs] =
            ["社工站", "社工站", "另一家"].map(|organisation| fixture::account(&db, &here, Role::CaseWorker, organisation, ""));
        let (incident, asked) = (here.incident.clone(), need.reference.clone());
        let note = PreparedNote::new(&here.keys, Reference::random(), "情绪不稳，周三再联系");
        db.write_blocking(move |w| notes::service::write(w, &incident, &ours, &asked, &note)).unwrap();
        let read = |actor: Actor| {
            let (incident, asked) = (here.incident.id, need.reference.clone());
            let page = db.read_blocking(Lane::Fast, move |r| notes::service::page(r, incident, &actor, &asked, None, 10));
            page.map(|kept| kept.iter().map(|note| note.text(&here.keys).unwrap()).collect::<Vec<_>>())
        };
        assert_eq!(read(colleague.clone()).unwrap(), ["情绪不稳，周三再联系"]);
        assert_eq!(read(theirs).unwrap(), Vec::<String>::new());
        let operator = Grant { role: Role::Operator, region_path: String::new(), organisation: colleague.grants[0].organisation };
        assert!(matches!(read(Actor { grants: vec![operator], ..Actor::default() }), Err(Error::NotFound)));
    }
}
