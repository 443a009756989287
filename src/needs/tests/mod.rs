//! Needs through their services, on both engines.

pub(crate) mod fixture;
mod submitting;

use super::scope::{self, Found};
use crate::accounts::model::{Actor, Grant, Role};
use crate::db::Lane;
use crate::error::Error;
use crate::ids::Reference;
use crate::ledger::event::Kind;
use crate::ledger::texts::{self, Words};
use crate::ledger::{Act, Draft, append, lock};

fn actor(role: Role, region_path: &str) -> Actor {
    Actor { grants: vec![Grant { role, region_path: region_path.into(), organisation: 7 }], ..Actor::default() }
}

const COMMUNITY: &str = "610113003020";
const DISTRICT: &str = "610000000000/610100000000/610113000000/";

crate::support::on_both! {
    fn words_stand_beside_their_event_until_they_are_erased(db) {
        let here = fixture::incident(&db);
        let need = fixture::need(&db, &here, None).id;
        let act = Act { seed: 7, actor: None, organisation: None, device_at: None };
        let words = vec![
            texts::seal(&here.keys, &act, Words::Reason, "重复提交"),
            texts::seal(&here.keys, &act, Words::Note, "已电话说明"),
        ];
        let incident = here.incident.id;
        db.write_blocking(move |w| {
            let locked = lock(w, incident, &[need])?;
            let event = append(w, locked, &act, vec![Draft::new(need, w.now(), Kind::Cancelled {})])?.remove(0);
            texts::keep(w, incident, &event, &words)
        }).unwrap();
        let read = db.read_blocking(Lane::Fast, move |r| texts::store::of_needs(r, &[need])).unwrap();
        let opened: Vec<String> = read.iter().map(|kept| texts::open(&here.keys, &kept.act, &kept.words).unwrap()).collect();
        assert_eq!(opened, ["已电话说明", "重复提交"]);
        db.write_blocking(move |w| texts::store::erase(w, need)).unwrap();
        assert!(db.read_blocking(Lane::Fast, move |r| texts::store::of_needs(r, &[need])).unwrap().is_empty());
    }

    fn what_an_actor_does_not_find_does_not_exist(db) {
        let here = fixture::incident(&db);
        let (placed, lost) = (fixture::need(&db, &here, Some(COMMUNITY)), fixture::need(&db, &here, None));
        let find = |actor: &Actor, reference: &Reference| {
            let (incident, actor, reference) = (here.incident.id, actor.clone(), reference.clone());
            db.read_blocking(Lane::Fast, move |r| scope::find(r, incident, &actor, &reference, &[Role::Operator, Role::Coordinator]))
        };
        let operator = actor(Role::Operator, DISTRICT);
        let Found { id, root, region_path, .. } = find(&operator, &placed.reference).unwrap();
        assert_eq!((id, root, region_path.starts_with(DISTRICT)), (placed.id, placed.id, true));
        for (actor, reference) in [
            (&operator, &lost.reference),
            (&operator, &Reference::random()),
            (&actor(Role::Operator, "610000000000/610100000000/610112000000/"), &placed.reference),
            (&actor(Role::Supervisor, ""), &placed.reference),
            (&Actor::anonymous(), &placed.reference),
        ] {
            assert!(matches!(find(actor, reference), Err(Error::NotFound)));
        }
        assert_eq!(find(&actor(Role::Operator, ""), &lost.reference).unwrap().id, lost.id);
        assert_eq!(find(&actor(Role::Coordinator, ""), &lost.reference).unwrap().id, lost.id);
        let incident = here.incident.id;
        db.write_blocking(move |w| {
            let locked = lock(w, incident, &[lost.id])?;
            let act = Act { seed: 1, actor: None, organisation: None, device_at: None };
            append(w, locked, &act, vec![Draft::new(lost.id, w.now(), Kind::Cancelled {})])
        }).unwrap();
        assert!(matches!(find(&actor(Role::Coordinator, ""), &lost.reference), Err(Error::NotFound)));
        assert_eq!(find(&actor(Role::Operator, ""), &lost.reference).unwrap().id, lost.id);
    }
}
