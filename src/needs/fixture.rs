//! An incident and needs for tests of this and other features.

use std::sync::Arc;

use diesel::prelude::*;

use crate::accounts::model::Actor;
use crate::clock::Time;
use crate::crypto::{FreshPair, KeyPair, Keyring};
use crate::db::Lane;
use crate::db::schema::{need_lines, needs, submissions};
use crate::ids::Reference;
use crate::incidents::model::{Incident, NewIncident, PublicFigures};
use crate::ledger::event::{Kind, LineSpec, Place};
use crate::ledger::model::*;
use crate::ledger::{Act, Draft, append, open};
use crate::support::TestDb;
use crate::{incidents, regions};

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
    let (incident, region) = (here.incident.clone(), region.map(str::to_owned));
    let (reference, seed) = (Reference::random(), crate::ids::seed());
    db.write_blocking(move |w| {
        let path = region.as_deref().map(|code| regions::store::path(w, code)).transpose()?.flatten();
        let district = regions::rules::district(&incident.area_path, path.as_deref());
        let submission = (
            submissions::incident.eq(incident.id),
            submissions::reference.eq(reference.as_str()),
            submissions::source.eq("phone"),
            submissions::submitted_at.eq(w.now().0),
        );
        let submission: i64 = diesel::insert_into(submissions::table).values(submission).returning(submissions::id).get_result(w.conn())?;
        let row = (needs::incident.eq(incident.id), needs::submission.eq(submission), needs::reference.eq(reference.as_str()));
        let id: i64 = diesel::insert_into(needs::table).values(row).returning(needs::id).get_result(w.conn())?;
        let line = (need_lines::need.eq(id), need_lines::n.eq(1), need_lines::incident.eq(incident.id), need_lines::item.eq("大米"));
        let rest = (need_lines::unit.eq("箱"), need_lines::approximate.eq(false), need_lines::payer.eq("self"), need_lines::version.eq(1));
        diesel::insert_into(need_lines::table).values((line, rest)).execute(w.conn())?;
        let kind = Kind::Submitted {
            reference: reference.to_string(),
            category: Category::DailySupplies,
            place: Place { region: region.clone(), path: path.unwrap_or_default(), district: district.as_str().to_owned() },
            urgency: Urgency::Normal,
            groups: Vec::new(),
            people: 1,
            persons: Vec::new(),
            contacts: 1,
            lines: vec![LineSpec { n: 1, quantity: 10, first_day: 0, last_day: 0 }],
            source: Source::Phone,
            first: true,
        };
        let act = Act { seed, actor: None, organisation: None, device_at: None };
        let locked = open(w, incident.id)?;
        append(w, locked, &act, vec![Draft::new(id, w.now(), kind)])?;
        Ok(Submitted { id, reference: reference.clone() })
    })
    .unwrap()
}
