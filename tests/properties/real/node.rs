//! A database with regions and staff, on which histories run one after another, each in an incident of its own.

use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::prelude::*;
use heli::accounts::model::{Actor, Grant, Role};
use heli::accounts::store as users;
use heli::clock::Time as Instant;
use heli::crypto::{FreshPair, Keyring};
use heli::db::Lane;
use heli::db::schema::incidents as rows;
use heli::ids::Reference;
use heli::incidents::model::{NewIncident, PublicFigures};
use heli::organisations::model::{Kind, NewOrganisation};
use heli::{incidents, organisations, regions};

use super::Real;
use crate::history::History;
use crate::run::START;
use crate::support::TestDb;
use crate::vocabulary::*;

/// A community of each district of the area.
const COMMUNITIES: [&str; DISTRICTS] = [
    "610102001001",
    "610103001002",
    "610104001001",
    "610111001001",
    "610112001001",
    "610113001001",
    "610114001001",
    "610115001001",
    "610116001001",
    "610117001001",
    "610118001001",
    "610122001001",
    "610124001001",
];

/// A community of another city.
const ELSEWHERE: &str = "610402001001";

/// A database of one engine.
pub struct Node {
    pub db: TestDb,
    keyring: Keyring,
    user: i64,
    incidents: AtomicUsize,
}

/// The code of a region.
pub fn region_code(region: Region) -> Option<&'static str> {
    match region {
        Region::District(n) => Some(COMMUNITIES[n]),
        Region::Outside => Some(ELSEWHERE),
        Region::Unlocated => None,
    }
}

/// What stands for a region in the rows of districts.
pub fn district_code(region: Region) -> String {
    match region {
        Region::District(n) => format!("{}000000", &COMMUNITIES[n][..6]),
        Region::Outside => "outside".into(),
        Region::Unlocated => "unlocated".into(),
    }
}

impl Node {
    /// Gives a fresh database its regions and its desk.
    pub fn new(db: TestDb) -> Node {
        db.clock.set(Instant(START));
        let mut list = "code,name,level\n".to_owned();
        for code in COMMUNITIES.iter().chain([&ELSEWHERE]) {
            list.push_str(&format!("{}000000,{},county\n", &code[..6], &code[..6]));
            list.push_str(&format!("{}000,{},town\n{code},{code},village\n", &code[..9], &code[..9]));
        }
        let imported = regions::service::import(&db, 2021, list.as_bytes());
        assert!(imported.is_ok(), "the regions are imported");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (keyring, _) = Keyring::open(&db, &folder.path().join("heli.key")).unwrap_or_else(|_| panic!("the keyring opens"));
        let user = db
            .write_blocking(|w| {
                let reference = Reference::from_number(7);
                let row = users::NewUser {
                    reference: &reference,
                    login_token: b"desk",
                    login_sealed: b"desk",
                    name_sealed: None,
                    password_hash: None,
                };
                users::insert(w, &row)?;
                Ok(users::by_login(w, b"desk")?.map(|user| user.id))
            })
            .expect("an account is made");
        Node { db, keyring, user: user.expect("it was made"), incidents: AtomicUsize::new(0) }
    }

    /// An incident of its own for a history.
    pub fn incident(&self, history: &History) -> Real<'_> {
        self.db.clock.set(Instant(START));
        let n = self.incidents.fetch_add(1, Ordering::Relaxed);
        let new = NewIncident {
            slug: format!("history-{n}"),
            name: format!("演练{n}"),
            zone: "Asia/Shanghai".into(),
            area: "610100000000".into(),
            started_at: Instant(START),
            cut_off_hour: 19,
            public_figures: PublicFigures::None,
            practice: true,
            early_matching: history.early_matching,
            demo: false,
        };
        let (ring, fresh) = (self.keyring.clone(), FreshPair::new());
        let desk = NewOrganisation { name: format!("值班台{n}"), kind: Kind::Desk, credit_code: None, region: None, verified: true };
        let helpers = ["甲社工", "乙义工", "丙基金"].map(|name| NewOrganisation { name: name.into(), kind: Kind::Social, ..desk.clone() });
        let (incident, organisation, organisations) = self
            .db
            .write_blocking(move |w| {
                let incident = incidents::service::create(w, &Actor::system(), "test", &ring, &fresh, &new)?;
                let (system, reference) = (Actor::system(), Reference::random());
                let (organisation, _) = organisations::service::ensure(w, &system, "test", incident.id, &reference, &desk)?;
                let mut organisations = vec![];
                for helper in &helpers {
                    let reference = Reference::random();
                    let (helper, _) = organisations::service::ensure(w, &system, "test", incident.id, &reference, helper)?;
                    organisations.push(helper.reference.to_string());
                }
                Ok((incident, organisation.id, organisations))
            })
            .expect("an incident is made");
        let (id, keyring) = (incident.id, self.keyring.clone());
        let keys = self.db.read_blocking(Lane::Fast, move |r| keyring.incident(r, id)).expect("it has keys");
        let grants = Role::ALL.iter().map(|&role| Grant { role, region_path: String::new(), organisation }).collect();
        let staff = Actor { user: Some(self.user), organisation: Some(organisation), session: None, grants };
        Real { node: self, incident, keys, staff, needs: vec![], persons: vec![], claims: vec![], deliveries: vec![], organisations }
    }
}

impl Drop for Real<'_> {
    /// The history is over: the job leaves a closed incident alone.
    fn drop(&mut self) {
        let id = self.incident.id;
        let closed = self
            .node
            .db
            .write_blocking(move |w| Ok(diesel::update(rows::table.find(id)).set(rows::state.eq("closed")).execute(w.conn())?));
        assert!(closed.is_ok() || std::thread::panicking(), "the incident is closed");
    }
}
