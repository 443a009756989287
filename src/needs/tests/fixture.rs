//! An incident and needs for tests of this and other features.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::accounts::model::{Actor, Grant, Role};
use crate::accounts::store as users;
use crate::clock::Time;
use crate::crypto::{FreshPair, KeyPair, Keyring};
use crate::db::Lane;
use crate::error::Result;
use crate::ids::{self, Draw, Reference};
use crate::incidents::model::{Incident, NewIncident, PublicFigures};
use crate::needs::submitting::{model, rules, service};
use crate::organisations::model::{Kind, NewOrganisation};
use crate::support::TestDb;
use crate::{incidents, organisations, regions};

/// An incident with its keys.
#[derive(Clone)]
pub struct Here {
    pub incident: Incident,
    pub keys: Arc<KeyPair>,
}

/// A need that was submitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Submitted {
    pub id: i64,
    pub reference: Reference,
}

/// An incident over Xi'an.
pub fn incident(db: &TestDb) -> Here {
    regions::service::ensure_shipped(db).unwrap();
    let keyring = Keyring::open(db, &tempfile::tempdir().unwrap().path().join("heli.key")).unwrap().0;
    let new = NewIncident {
        slug: "flood".into(),
        name: "暴雨".into(),
        zone: "Asia/Shanghai".into(),
        area: "610100000000".into(),
        started_at: Time(0),
        cut_off_hour: 19,
        public_figures: PublicFigures::None,
        practice: true,
        early_matching: false,
        demo: false,
    };
    let (ring, fresh) = (keyring.clone(), FreshPair::new());
    let incident = db.write_blocking(move |w| incidents::service::create(w, &Actor::system(), "test", &ring, &fresh, &new)).unwrap();
    let id = incident.id;
    let keys = db.read_blocking(Lane::Fast, move |r| keyring.incident(r, id)).unwrap();
    Here { incident, keys }
}

/// A need for ten boxes of rice, in a region or without one, submitted now; one contact.
pub fn need(db: &TestDb, here: &Here, region: Option<&str>) -> Submitted {
    let submitted = submit(db, here, &Actor::anonymous(), example(json!({"region": region}))).unwrap();
    let need = submitted.needs.into_iter().next().unwrap();
    Submitted { id: need.id, reference: need.reference }
}

/// The body of a need, with some members changed.
pub fn example(change: Value) -> Value {
    let mut body = json!({
        "category": "daily_supplies",
        "region": "610113003020",
        "lines": [{"item": "大米", "quantity": 10, "unit": "箱"}],
        "people": {"count": 1},
        "urgency": "normal",
        "contacts": [{"role": "person", "name": "钱一", "phone": "13800001111"}],
        "description": "家中已无米",
    });
    for (member, value) in change.as_object().unwrap() {
        body[member] = value.clone();
    }
    body
}

/// Submits the body of one need, as the API does.
pub fn submit(db: &TestDb, here: &Here, actor: &Actor, body: Value) -> Result<model::Submitted> {
    let new: model::NewNeed = serde_json::from_value(body).unwrap();
    send(db, here, actor, new.into(), true)
}

/// Submits the body of several needs, as the API does.
pub fn submit_several(db: &TestDb, here: &Here, actor: &Actor, body: Value) -> Result<model::Submitted> {
    send(db, here, actor, serde_json::from_value(body).unwrap(), false)
}

fn send(db: &TestDb, here: &Here, actor: &Actor, new: model::NewSubmission, single: bool) -> Result<model::Submitted> {
    let submission = rules::read(new, single, actor, db.db.clock().now())?;
    let staff = rules::is_staff(actor);
    let prepared = service::prepare(&here.keys, actor, submission, &mut Draw::random(), (!staff).then(ids::secret));
    let incident = here.incident.clone();
    db.write_blocking(move |w| service::submit(w, &incident, staff, &prepared))
}

/// An account with a role in the incident, in an organisation of the name.
pub fn account(db: &TestDb, here: &Here, role: Role, organisation: &str, region_path: &str) -> Actor {
    let name = organisation.to_owned();
    let new = NewOrganisation { name, kind: Kind::Social, credit_code: None, region: None, verified: true };
    let (incident, region_path) = (here.incident.id, region_path.to_owned());
    let (organisation, user) = (Reference::random(), Reference::random());
    db.write_blocking(move |w| {
        let (organisation, _) = organisations::service::ensure(w, &Actor::system(), "test", incident, &organisation, &new)?;
        let login = user.as_str().as_bytes();
        let row = users::NewUser { reference: &user, login_token: login, login_sealed: login, name_sealed: None, password_hash: None };
        users::insert(w, &row)?;
        let id = users::by_login(w, login)?.map(|user| user.id);
        let grant = Grant { role, region_path: region_path.clone(), organisation: organisation.id };
        Ok(Actor { user: id, organisation: Some(organisation.id), session: None, grants: vec![grant] })
    })
    .unwrap()
}
