//! Claims through their services, on both engines. `Scene` serves the tests of other features that need something claimed.

use serde_json::json;

use super::model::*;
use super::{scope, service, store};
use crate::accounts::model::{Actor, Role};
use crate::clock::HOUR;
use crate::db::{Lane, Write};
use crate::error::{Error, FieldCode, RefusalCode, Result};
use crate::ids::{Draw, Reference};
use crate::ledger::model::*;
use crate::ledger::when::Told;
use crate::needs::acting::Command;
use crate::needs::fixture::{self, Here, Submitted};
use crate::support::TestDb;

pub(crate) struct Scene<'d> {
    pub db: &'d TestDb,
    pub here: Here,
    pub operator: Actor,
    pub coordinator: Actor,
}

impl<'d> Scene<'d> {
    pub fn new(db: &'d TestDb) -> Scene<'d> {
        let here = fixture::incident(db);
        let operator = fixture::account(db, &here, Role::Operator, "核实组", "");
        let coordinator = fixture::account(db, &here, Role::Coordinator, "志愿车队", "");
        Scene { db, here, operator, coordinator }
    }

    pub fn write<T: Send + 'static>(&self, f: impl Fn(&mut Write<'_>) -> Result<T> + Send + 'static) -> Result<T> {
        self.db.write_blocking(f)
    }

    pub fn need(&self, quantity: i64) -> Submitted {
        let lines = json!([{"item": "大米", "quantity": quantity, "unit": "箱"}]);
        self.need_of(json!({"lines": lines}))
    }

    pub fn need_of(&self, change: serde_json::Value) -> Submitted {
        let submitted = fixture::submit(self.db, &self.here, &Actor::anonymous(), fixture::example(change)).unwrap();
        let need = submitted.needs.into_iter().next().unwrap();
        Submitted { id: need.id, reference: need.reference }
    }

    /// Concludes a conversation about a need as genuine.
    pub fn verify(&self, need: &Reference) {
        use crate::calls::{model, service};
        let about = vec![model::About { need: need.clone(), conclusion: Some(Conclusion::Genuine), assessed: None }];
        let (direction, medium, purpose, outcome) = (Direction::Outgoing, Medium::Voice, Purpose::Verify, Outcome::Answered);
        let call = model::Call { direction, medium, purpose, outcome, about, note: None, told: Told::default() };
        let prepared = service::prepare_call(&self.here.keys, &self.operator, call, &mut Draw::random());
        let (incident, actor) = (self.here.incident.clone(), self.operator.clone());
        self.write(move |w| service::log(w, &incident, &actor, &prepared)).unwrap();
    }

    pub fn verified(&self, quantity: i64) -> Submitted {
        let need = self.need(quantity);
        self.verify(&need.reference);
        need
    }

    pub fn claim(&self, actor: &Actor, need: &Reference, claim: Claim) -> Result<Claimed> {
        let prepared = service::prepare(&self.here.keys, actor, claim, &mut Draw::random());
        let (incident, actor, need) = (self.here.incident.clone(), actor.clone(), need.clone());
        self.write(move |w| service::claim(w, &incident, &actor, &need, 1, &prepared))
    }

    pub fn take(&self, need: &Reference, quantity: i64, taken: Taken) -> Result<Claimed> {
        self.claim(&self.coordinator, need, of(quantity, taken))
    }

    pub fn turn(&self, actor: &Actor, claim: &str, turn: Turn) -> Result<Claimed> {
        let command = Command::new(&self.here.keys, actor, Told::default(), &mut Draw::random());
        let (incident, actor, claim) = (self.here.incident.clone(), actor.clone(), Reference::parse(claim).unwrap());
        self.write(move |w| service::turn(w, &incident, &actor, &claim, &turn, &command))
    }

    pub fn assert_sound(&self) {
        let incident = self.here.incident.id;
        let wrong = self.db.read_blocking(Lane::Slow, move |r| crate::ledger::verify::verify(r, incident)).unwrap();
        assert_eq!(wrong, []);
    }
}

pub(crate) fn of(quantity: i64, taken: Taken) -> Claim {
    Claim {
        quantity,
        taken,
        planned_at: None,
        first_day: None,
        last_day: None,
        early_reason: None,
        organisation: None,
        note: None,
        told: Told::default(),
    }
}

pub(crate) fn code<T: std::fmt::Debug>(result: Result<T>) -> RefusalCode {
    let Err(Error::Refused(refusal)) = result else { panic!("{result:?}") };
    refusal.code
}

crate::support::on_both! {
    fn a_claim_from_holding_to_release(db) {
        let scene = Scene::new(&db);
        let need = scene.need(10);
        assert_eq!(code(scene.take(&need.reference, 4, Taken::Held)), RefusalCode::NotVerified);
        scene.verify(&need.reference);
        let held = scene.take(&need.reference, 4, Taken::Held).unwrap();
        let expires_at = db.db.clock().now().plus(72 * HOUR).to_rfc3339(scene.here.incident.zone);
        assert_eq!((held.state, held.quantity, held.expires_at), (ClaimState::Held, 4, Some(expires_at)));
        let Err(Error::Refused(refusal)) = scene.take(&need.reference, 7, Taken::Confirmed) else { panic!() };
        assert_eq!((refusal.code, &refusal.details["left"]), (RefusalCode::NotEnoughLeft, &json!(6)));
        db.clock.advance(71 * HOUR);
        assert!(scene.turn(&scene.coordinator, &held.reference, Turn::Progress).unwrap().expires_at.is_some());
        db.clock.advance(71 * HOUR);
        let confirmed = scene.turn(&scene.coordinator, &held.reference, Turn::Confirm { quantity: 10, planned_at: None }).unwrap();
        assert_eq!((confirmed.state, confirmed.quantity, confirmed.stage, confirmed.expires_at), (ClaimState::Confirmed, 10, Stage::ResourceMatched, None));
        assert_eq!(scene.turn(&scene.coordinator, &held.reference, Turn::GiveBack { quantity: 3 }).unwrap().quantity, 7);
        assert_eq!(code(scene.turn(&scene.coordinator, &held.reference, Turn::GiveBack { quantity: 8 })), RefusalCode::ExceedsClaim);
        let released = scene.turn(&scene.operator, &held.reference, Turn::Release).unwrap();
        assert_eq!((released.state, released.stage), (ClaimState::Released, Stage::Verified));
        let late = scene.take(&need.reference, 4, Taken::Held).unwrap();
        db.clock.advance(72 * HOUR);
        assert_eq!(code(scene.turn(&scene.coordinator, &late.reference, Turn::Confirm { quantity: 4, planned_at: None })), RefusalCode::ClaimExpired);
        scene.assert_sound();
    }

    fn a_claim_is_found_by_its_own_organisation_and_the_desk(db) {
        let scene = Scene::new(&db);
        let need = scene.verified(10);
        let claimed = scene.take(&need.reference, 4, Taken::Confirmed).unwrap();
        let stranger = fixture::account(&db, &scene.here, Role::Coordinator, "另一支车队", "");
        let turn = Turn::GiveBack { quantity: 1 };
        assert!(matches!(scene.turn(&stranger, &claimed.reference, turn.clone()), Err(Error::NotFound)));
        let colleague = fixture::account(&db, &scene.here, Role::Coordinator, "志愿车队", "");
        assert_eq!(scene.turn(&colleague, &claimed.reference, turn.clone()).unwrap().quantity, 3);
        let elsewhere = fixture::account(&db, &scene.here, Role::Operator, "核实组", "610000000000/610100000000/610102000000/");
        assert!(matches!(scene.turn(&elsewhere, &claimed.reference, turn), Err(Error::NotFound)));
        let worker = fixture::account(&db, &scene.here, Role::CommunityWorker, "社区", "610000000000/610100000000/610113000000/");
        let claim = Reference::parse(&claimed.reference).unwrap();
        let incident = scene.here.incident.id;
        let sees = |actor: Actor, roles: &'static [Role]| {
            let claim = claim.clone();
            db.read_blocking(Lane::Fast, move |r| scope::find(r, incident, &actor, &claim, roles)).is_ok()
        };
        assert!(sees(worker.clone(), &[Role::CommunityWorker]) && !sees(worker, service::CLAIMERS));
        let theirs = service::coordinates_for(&scene.coordinator);
        let page = |theirs: Vec<i64>, state| db.read_blocking(Lane::Fast, move |r| store::page(r, incident, &theirs, state, None, 10)).unwrap().len();
        assert_eq!((page(theirs.clone(), None), page(theirs, Some(ClaimState::Held))), (1, 0));
        assert_eq!(page(service::coordinates_for(&stranger), None), 0);
    }

    fn the_desk_names_the_organisation_it_claims_for(db) {
        let scene = Scene::new(&db);
        let need = scene.verified(10);
        let unnamed = scene.claim(&scene.operator, &need.reference, of(1, Taken::Confirmed));
        assert!(matches!(unnamed, Err(Error::Invalid(errors)) if errors[0].pointer == "/organisation" && errors[0].code == FieldCode::Missing));
        let for_whom = |organisation: Reference| Claim { organisation: Some(organisation), ..of(1, Taken::Confirmed) };
        let unknown = scene.claim(&scene.operator, &need.reference, for_whom(Reference::random()));
        assert!(matches!(unknown, Err(Error::Invalid(errors)) if errors[0].code == FieldCode::Unknown));
        let theirs = scene.coordinator.organisation.unwrap();
        let organisation = db.read_blocking(Lane::Fast, move |r| crate::organisations::store::by_id(r, theirs)).unwrap();
        let claimed = scene.claim(&scene.operator, &need.reference, for_whom(organisation.reference.clone())).unwrap();
        assert_eq!(scene.turn(&scene.coordinator, &claimed.reference, Turn::Release).unwrap().state, ClaimState::Released);
        assert!(matches!(scene.claim(&scene.coordinator, &need.reference, for_whom(organisation.reference.clone())), Err(Error::NotFound)));
        let suspended = crate::organisations::model::OrganisationState::Suspended;
        scene.write(move |w| crate::organisations::service::set_state(w, &Actor::system(), "test", theirs, organisation.version, suspended)).unwrap();
        assert_eq!(code(scene.take(&need.reference, 1, Taken::Held)), RefusalCode::OrganisationNotVerified);
    }

    fn held_claims_are_capped(db) {
        let scene = Scene::new(&db);
        let need = scene.verified(1_000);
        for _ in 0..MOST_HELD {
            scene.take(&need.reference, 1, Taken::Held).unwrap();
        }
        assert_eq!(code(scene.take(&need.reference, 1, Taken::Held)), RefusalCode::HeldCapReached);
        scene.take(&need.reference, 1, Taken::Confirmed).unwrap();
        db.clock.advance(72 * HOUR);
        scene.take(&need.reference, 1, Taken::Held).unwrap();
    }

    fn before_the_phone_follow_up_only_as_an_exception(db) {
        let mut scene = Scene::new(&db);
        let need = scene.need(10);
        let early = || Claim { early_reason: Some("婴儿断奶粉".into()), ..of(2, Taken::Confirmed) };
        assert_eq!(code(scene.claim(&scene.coordinator, &need.reference, early())), RefusalCode::NotVerified);
        scene.here.incident.early_matching = true;
        assert_eq!(code(scene.take(&need.reference, 2, Taken::Confirmed)), RefusalCode::NotVerified);
        let claimed = scene.claim(&scene.coordinator, &need.reference, early()).unwrap();
        assert_eq!((claimed.state, claimed.stage), (ClaimState::Confirmed, Stage::ResourceMatched));
    }

    fn a_line_that_recurs_is_claimed_by_day(db) {
        let scene = Scene::new(&db);
        let recurrence = json!({"first_day": "2026-06-02", "last_day": "2026-06-08"});
        let need = scene.need_of(json!({"lines": [{"item": "盒饭", "quantity": 5, "unit": "份", "recurrence": recurrence}]}));
        scene.verify(&need.reference);
        let day = |text| crate::clock::parse_day(text);
        let span = |first, last| Claim { first_day: day(first), last_day: day(last), ..of(4, Taken::Confirmed) };
        scene.claim(&scene.coordinator, &need.reference, span("2026-06-03", "2026-06-04")).unwrap();
        assert_eq!(code(scene.take(&need.reference, 2, Taken::Confirmed)), RefusalCode::NotEnoughLeft);
        assert_eq!(code(scene.claim(&scene.coordinator, &need.reference, span("2026-06-08", "2026-06-09"))), RefusalCode::DayOutsideLine);
        scene.claim(&scene.coordinator, &need.reference, span("2026-06-05", "2026-06-08")).unwrap();
        assert_eq!(scene.take(&need.reference, 1, Taken::Confirmed).unwrap().quantity, 1);
        scene.assert_sound();
    }
}
