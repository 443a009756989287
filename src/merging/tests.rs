//! Merging and parting through their services, on both engines.

use serde_json::json;

use super::model::*;
use super::service;
use crate::claims::model::Taken;
use crate::claims::tests::{Scene, code};
use crate::db::Lane;
use crate::error::{Error, FieldCode, RefusalCode, Result};
use crate::ids::{Draw, Reference};
use crate::ledger::model::*;
use crate::needs::acting::{Command, Done};

fn command(scene: &Scene<'_>) -> Command {
    Command::new(&scene.here.keys, &scene.operator, now(), &mut Draw::random())
}

fn merge(scene: &Scene<'_>, need: &Reference, into: &Reference, same: Vec<(Reference, Reference)>) -> Result<Done> {
    let prepared = PreparedMerge::new(Merge { into: into.clone(), same, note: None }, command(scene));
    let (incident, actor, need) = (scene.here.incident.clone(), scene.operator.clone(), need.clone());
    scene.write(move |w| service::merge(w, &incident, &actor, &need, &prepared))
}

fn part(scene: &Scene<'_>, need: &Reference) -> Result<Done> {
    let (incident, actor, need, command) = (scene.here.incident.clone(), scene.operator.clone(), need.clone(), command(scene));
    scene.write(move |w| service::part(w, &incident, &actor, &need, &command))
}

fn preview(scene: &Scene<'_>, need: &Reference, into: &Reference) -> Result<Preview> {
    let (here, actor, need, into) = (scene.here.clone(), scene.operator.clone(), need.clone(), into.clone());
    scene.db.read_blocking(Lane::Fast, move |r| service::preview(r, &here.keys, here.incident.id, &actor, &need, &into))
}

crate::support::on_both! {
    fn a_merge_does_what_was_shown_first_and_is_undone(db) {
        let scene = Scene::new(&db);
        let people = json!({"count": 2, "named": [{"name": "张三"}]});
        let lines = |item: &str| json!([{"item": item, "quantity": 10, "unit": "箱"}]);
        let a = scene.need_of(json!({"people": people, "lines": lines("大米")}));
        let b = scene.need_of(json!({"people": people, "lines": lines("大 米")}));
        [&a, &b].into_iter().for_each(|need| scene.verify(&need.reference));
        let ours = scene.take(&b.reference, 7, Taken::Confirmed).unwrap();
        let theirs = scene.take(&a.reference, 5, Taken::Confirmed).unwrap();
        let shown = preview(&scene, &a.reference, &b.reference).unwrap();
        let fate = Fate { claim: theirs.reference.clone(), quantity: 5, stays: false, line: Some(1), kept: 3, surplus: 2 };
        assert_eq!((shown.into.as_str(), shown.claims.as_slice()), (b.reference.as_str(), &[fate][..]));
        let [pair] = shown.same_people.as_slice() else { panic!("{shown:?}") };
        assert_eq!(pair.name, "张*");
        let pair = [&pair.a, &pair.b].map(|person| Reference::parse(person).unwrap());
        let stranger = vec![(pair[0].clone(), Reference::random())];
        assert_eq!(code(merge(&scene, &a.reference, &b.reference, stranger)), RefusalCode::PersonUnknown);
        let [one, other] = pair;
        let done = merge(&scene, &a.reference, &b.reference, vec![(one, other)]).unwrap();
        assert_eq!((done.need.as_str(), done.stage), (b.reference.as_str(), Stage::ResourceMatched));
        assert_eq!(code(merge(&scene, &a.reference, &b.reference, Vec::new())), RefusalCode::AlreadyMerged);
        assert_eq!(code(merge(&scene, &b.reference, &a.reference, Vec::new())), RefusalCode::SameNeed);
        assert_eq!(code(scene.take(&a.reference, 1, Taken::Confirmed)), RefusalCode::NotEnoughLeft);
        scene.assert_sound();
        let parted = part(&scene, &a.reference).unwrap();
        assert_eq!((parted.need.as_str(), parted.stage), (a.reference.as_str(), Stage::ResourceMatched));
        assert_eq!(code(part(&scene, &a.reference)), RefusalCode::NotMerged);
        let released = scene.turn(&scene.coordinator, &ours.reference, crate::claims::model::Turn::Release).unwrap();
        assert_eq!(released.stage, Stage::Verified);
        assert_eq!(scene.take(&a.reference, 7, Taken::Confirmed).unwrap().state, ClaimState::Confirmed);
        scene.assert_sound();
    }

    fn parting_settles_what_gave_way_meanwhile(db) {
        let scene = Scene::new(&db);
        let (a, b) = (scene.verified(10), scene.verified(10));
        let held = scene.take(&a.reference, 5, Taken::Held).unwrap();
        let own = scene.take(&b.reference, 4, Taken::Held).unwrap();
        merge(&scene, &a.reference, &b.reference, Vec::new()).unwrap();
        let (incident, need) = (scene.here.incident.id, b.id);
        scene.write(move |w| {
            use crate::ledger::{Act, Draft, Kind, append, lock};
            let locked = lock(w, incident, &[need])?;
            let act = Act { seed: 99, actor: None, organisation: None, device_at: None };
            append(w, locked, &act, vec![Draft::new(need, w.now(), Kind::LineChanged { n: 1, wanted: 6 })])
        }).unwrap();
        part(&scene, &a.reference).unwrap();
        let claims = |claim: String| db.read_blocking(Lane::Fast, move |r| crate::claims::store::by_reference(r, incident, &claim)).unwrap();
        let (held, own) = (claims(held.reference), claims(own.reference));
        assert_eq!(((held.state, held.quantity), (own.state, own.quantity)), ((ClaimState::Held, 5), (ClaimState::Held, 1)));
        scene.assert_sound();
        assert_eq!(scene.take(&a.reference, 5, Taken::Held).unwrap().quantity, 5);
        assert_eq!(scene.take(&b.reference, 5, Taken::Held).unwrap().quantity, 5);
        scene.assert_sound();
    }

    fn what_can_not_be_merged_is_said_beforehand(db) {
        let scene = Scene::new(&db);
        let (a, b) = (scene.need(1), scene.need(1));
        let unknown = preview(&scene, &a.reference, &Reference::random());
        assert!(matches!(unknown, Err(Error::Invalid(errors)) if errors[0].pointer == "/into" && errors[0].code == FieldCode::Unknown));
        assert_eq!(code(preview(&scene, &a.reference, &a.reference)), RefusalCode::SameNeed);
        merge(&scene, &a.reference, &b.reference, Vec::new()).unwrap();
        assert_eq!(code(preview(&scene, &a.reference, &b.reference)), RefusalCode::AlreadyMerged);
    }
}
