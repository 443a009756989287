//! Deliveries through their services, on both engines.

use super::model::*;
use super::service;
use crate::accounts::model::{Actor, Role};
use crate::claims::model::{Taken, Turn};
use crate::claims::tests::{Scene, code};
use crate::error::{Error, RefusalCode, Result};
use crate::ids::{Draw, Reference};
use crate::ledger::model::*;
use crate::ledger::when::Told;
use crate::needs::fixture;

fn start(scene: &Scene<'_>, actor: &Actor, claim: &str, quantity: i64, step: Step) -> Result<Delivered> {
    let delivery = Delivery { quantity, step, day: None, at_gate: false, note: None, told: Told::default() };
    let prepared = service::prepare(&scene.here.keys, actor, delivery, &mut Draw::random());
    let (incident, actor, claim) = (scene.here.incident.clone(), actor.clone(), Reference::parse(claim).unwrap());
    scene.write(move |w| service::start(w, &incident, &actor, &claim, &prepared))
}

fn step(scene: &Scene<'_>, actor: &Actor, delivery: &str, step: Step, quantity: Option<i64>) -> Result<Delivered> {
    let stepped = Stepped { step, quantity, at_gate: false, note: None, told: Told::default() };
    let prepared = service::prepare_step(&scene.here.keys, actor, stepped, &mut Draw::random());
    let (incident, actor, delivery) = (scene.here.incident.clone(), actor.clone(), Reference::parse(delivery).unwrap());
    scene.write(move |w| service::step(w, &incident, &actor, &delivery, &prepared))
}

crate::support::on_both! {
    fn from_the_pledge_to_the_signature(db) {
        let scene = Scene::new(&db);
        let need = scene.verified(10);
        let held = scene.take(&need.reference, 10, Taken::Held).unwrap();
        let by = &scene.coordinator;
        assert_eq!(code(start(&scene, by, &held.reference, 4, Step::Pledged)), RefusalCode::ClaimNotConfirmed);
        scene.turn(by, &held.reference, Turn::Confirm { quantity: 10, planned_at: None }).unwrap();
        let first = start(&scene, by, &held.reference, 4, Step::Pledged).unwrap();
        assert_eq!(code(start(&scene, by, &held.reference, 7, Step::Packed)), RefusalCode::ExceedsClaim);
        let second = start(&scene, by, &held.reference, 6, Step::InTransit).unwrap();
        assert_eq!(code(scene.turn(by, &held.reference, Turn::Release)), RefusalCode::ClaimInTransit);
        let worker = fixture::account(&db, &scene.here, Role::CommunityWorker, "社区", "610000000000/610100000000/610113000000/");
        assert!(matches!(step(&scene, &worker, &first.reference, Step::InTransit, None), Err(Error::Forbidden)));
        assert!(matches!(start(&scene, &worker, &held.reference, 1, Step::HandedOver), Err(Error::NotFound)));
        step(&scene, by, &first.reference, Step::HandedOver, Some(3)).unwrap();
        let signed = step(&scene, &worker, &second.reference, Step::SignedFor, None).unwrap();
        assert_eq!((signed.step, signed.stage), (Step::SignedFor, Stage::ResourceMatched));
        let third = start(&scene, &scene.operator, &held.reference, 1, Step::SignedFor).unwrap();
        assert_eq!(third.stage, Stage::Delivered);
        assert_eq!(code(step(&scene, by, &second.reference, Step::Refused, None)), RefusalCode::DeliveryFinished);
        let far = fixture::account(&db, &scene.here, Role::CommunityWorker, "远处", "610000000000/610100000000/610102000000/");
        assert!(matches!(step(&scene, &far, &first.reference, Step::SignedFor, None), Err(Error::NotFound)));
        assert!(matches!(step(&scene, by, Reference::random().as_str(), Step::SignedFor, None), Err(Error::NotFound)));
        scene.assert_sound();
    }
}
