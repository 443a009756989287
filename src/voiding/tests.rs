//! Voiding through its service, on both engines.

use super::model::Voided;
use super::service;
use crate::accounts::model::Role;
use crate::calls::model::{About, Call};
use crate::calls::service as calls;
use crate::claims::model::Taken;
use crate::claims::tests::{Scene, code};
use crate::error::{Error, RefusalCode, Result};
use crate::ids::{Draw, Reference};
use crate::ledger::model::*;
use crate::ledger::when::Told;
use crate::needs::acting::Command;
use crate::needs::fixture;

fn void(scene: &Scene<'_>, event: &str, whole_act: bool) -> Result<Voided> {
    let command = Command::new(&scene.here.keys, &scene.operator, Told::default(), &mut Draw::random());
    let (incident, actor, event) = (scene.here.incident.clone(), scene.operator.clone(), Reference::parse(event).unwrap());
    scene.write(move |w| service::void(w, &incident, &actor, &event, whole_act, &command))
}

crate::support::on_both! {
    fn an_act_is_voided_singly_or_together(db) {
        let scene = Scene::new(&db);
        let needs = [scene.need(10), scene.need(10)];
        let about = needs.iter().map(|n| About { need: n.reference.clone(), conclusion: Some(Conclusion::Genuine), assessed: None }).collect();
        let (direction, medium, purpose, outcome) = (Direction::Outgoing, Medium::Voice, Purpose::Verify, Outcome::Answered);
        let call = Call { direction, medium, purpose, outcome, about, note: None, told: Told::default() };
        let prepared = calls::prepare_call(&scene.here.keys, &scene.operator, call, &mut Draw::random());
        let (incident, actor) = (scene.here.incident.clone(), scene.operator.clone());
        let logged = scene.write(move |w| calls::log(w, &incident, &actor, &prepared)).unwrap();
        let claimed = scene.take(&needs[1].reference, 4, Taken::Confirmed).unwrap();
        let Err(Error::Refused(refusal)) = void(&scene, &logged.needs[0].reference, true) else { panic!() };
        assert_eq!((refusal.code, &refusal.details["event"]), (RefusalCode::EventInTheWay, &serde_json::json!(claimed.event)));
        let one = void(&scene, &logged.needs[0].reference, false).unwrap();
        assert_eq!((one.stage, one.voided.as_slice()), (Stage::Collected, &[logged.needs[0].reference.clone()][..]));
        assert_eq!(code(void(&scene, &logged.needs[0].reference, false)), RefusalCode::AlreadyVoided);
        void(&scene, &claimed.event, false).unwrap();
        let rest = void(&scene, &logged.needs[0].reference, true).unwrap();
        assert_eq!(rest.voided, [logged.needs[1].reference.clone()]);
        assert_eq!(code(void(&scene, &logged.needs[0].reference, true)), RefusalCode::AlreadyVoided);
        assert_eq!(code(void(&scene, &one.reference, false)), RefusalCode::NotVoidable);
        scene.assert_sound();
    }

    fn what_is_not_found_is_not_voided(db) {
        let mut scene = Scene::new(&db);
        let need = scene.verified(10);
        let claimed = scene.take(&need.reference, 4, Taken::Held).unwrap();
        assert!(matches!(void(&scene, Reference::random().as_str(), false), Err(Error::NotFound)));
        scene.operator = fixture::account(&db, &scene.here, Role::Operator, "核实组", "610000000000/610100000000/610102000000/");
        assert!(matches!(void(&scene, &claimed.event, false), Err(Error::NotFound)));
    }
}
