//! Referrals through their services, on both engines.

use super::model::*;
use super::service;
use crate::claims::tests::{Scene, code};
use crate::clock::{HOUR, Time};
use crate::db::Lane;
use crate::error::{Error, FieldCode, RefusalCode, Result};
use crate::ids::{Draw, Reference};
use crate::ledger::model::Stage;
use crate::ledger::texts::{self, Words};
use crate::ledger::when::Told;
use crate::needs::acting::Done;

fn refer(scene: &Scene<'_>, need: &Reference, due_at: Time) -> Result<Referred> {
    let referral = Referral { body: "街道办民政科".into(), due_at, note: None, told: Told::default() };
    let prepared = service::prepare(&scene.here.keys, &scene.operator, referral, &mut Draw::random());
    let (incident, actor, need) = (scene.here.incident.clone(), scene.operator.clone(), need.clone());
    scene.write(move |w| service::refer(w, &incident, &actor, &need, &prepared))
}

fn accept(scene: &Scene<'_>, need: &Reference, n: i64) -> Result<Done> {
    let acceptance = Acceptance { accepted_by: "值班员".into(), receipt: Some("R-7".into()), note: None, told: Told::default() };
    let command = service::prepare_acceptance(&scene.here.keys, &scene.operator, acceptance, &mut Draw::random());
    let (incident, actor, need) = (scene.here.incident.clone(), scene.operator.clone(), need.clone());
    scene.write(move |w| service::accept(w, &incident, &actor, &need, n, &command))
}

crate::support::on_both! {
    fn a_referral_is_accepted_or_comes_back(db) {
        let scene = Scene::new(&db);
        let need = scene.need(10);
        let now = db.db.clock().now();
        let past = refer(&scene, &need.reference, now);
        assert!(matches!(past, Err(Error::Invalid(errors)) if errors[0].pointer == "/due_at" && errors[0].code == FieldCode::TooSmall));
        assert_eq!(refer(&scene, &need.reference, now.plus(HOUR)).unwrap().n, 1);
        assert_eq!(refer(&scene, &need.reference, now.plus(9 * HOUR)).unwrap().n, 2);
        db.clock.advance(HOUR);
        assert!(!crate::ledger::sweep(&db).unwrap());
        assert_eq!(code(accept(&scene, &need.reference, 1)), RefusalCode::ReferralNotPending);
        assert_eq!(code(accept(&scene, &need.reference, 3)), RefusalCode::ReferralUnknown);
        assert_eq!(accept(&scene, &need.reference, 2).unwrap().stage, Stage::ResourceMatched);
        assert_eq!(code(refer(&scene, &need.reference, now.plus(20 * HOUR))), RefusalCode::NotOpen);
        let read = db.read_blocking(Lane::Fast, move |r| texts::store::of_needs(r, &[need.id])).unwrap();
        let receipt = read.iter().find(|stored| stored.words.kind == Words::Receipt).unwrap();
        assert_eq!(texts::open(&scene.here.keys, &receipt.act, &receipt.words).unwrap(), "R-7");
        scene.assert_sound();
    }
}
