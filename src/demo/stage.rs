//! What stands before a scenario's first command: regions, the incident with its keys, organisations, accounts.

use std::collections::HashMap;
use std::sync::Arc;

use super::accounts::ACCOUNTS;
use super::plan::{By, OrganisationNo, OrganisationPlan};
use crate::accounts::login::Login;
use crate::accounts::model::{Actor, Grant, Role};
use crate::accounts::service::{Draft, Enrolment, enrol};
use crate::clock::{SetClock, Time};
use crate::crypto::{FreshPair, KeyPair, Keyring};
use crate::db::{Db, Lane};
use crate::error::{Error, RefusalCode, Result};
use crate::ids::Reference;
use crate::incidents::model::{Incident, NewIncident};
use crate::organisations::model::{Kind, NewOrganisation, Organisation};
use crate::{incidents, organisations};

/// What the audit writes in place of a request.
pub const REQUEST: &str = "scenario";

/// How many operators the desk has.
const OPERATORS: usize = 5;

/// A stage that is set.
pub struct Stage {
    /// The incident.
    pub incident: Incident,
    /// Its keys.
    pub keys: Arc<KeyPair>,
    actors: HashMap<(Role, Option<OrganisationNo>), Vec<Actor>>,
    nobody: Actor,
}

impl Stage {
    /// Who sends a command; several operators take turns.
    pub fn actor(&self, by: By, turn: usize) -> Result<&Actor> {
        let (role, organisation) = match by {
            By::Public | By::Program => return Ok(&self.nobody),
            By::Operator => (Role::Operator, None),
            By::Worker(organisation) => (Role::CommunityWorker, Some(organisation)),
            By::CaseWorker(organisation) => (Role::CaseWorker, Some(organisation)),
            By::Coordinator(organisation) => (Role::Coordinator, Some(organisation)),
        };
        let able = self.actors.get(&(role, organisation)).filter(|actors| !actors.is_empty());
        able.map(|actors| &actors[turn % actors.len()]).ok_or_else(|| Error::internal(format!("nobody in the scenario is {by:?}")))
    }
}

/// Sets the stage, as of an instant. What is there already stays.
pub fn set(db: &Db, keys: &Keyring, new: &NewIncident, plan: &[OrganisationPlan], at: Time) -> Result<Stage> {
    let clock = SetClock::at(at);
    let incident = incident(db, keys, new, &clock)?;
    let id = incident.id;
    let mut stage = Stage { incident, keys: keys_of(db, keys, id)?, actors: HashMap::new(), nobody: Actor::system() };
    let setting = Setting { db, keys, clock, incident: id };
    let desk = setting.desk()?;
    let mut known: HashMap<&str, Organisation> = HashMap::new();
    for (number, planned) in plan.iter().enumerate() {
        let organisation = setting.organisation(planned)?;
        let roles = if planned.kind == Kind::Community { vec![Role::CommunityWorker] } else { vec![Role::Coordinator, Role::CaseWorker] };
        let login = format!("{}-member-{}", new.slug, number + 1);
        let actor = setting.enrol(&login, None, &organisation, roles.clone())?;
        for role in roles {
            stage.actors.entry((role, Some(number))).or_default().push(actor.clone());
        }
        known.insert(&planned.name, organisation);
    }
    for number in 1..=OPERATORS {
        let actor = setting.enrol(&format!("{}-operator-{number}", new.slug), None, &desk, vec![Role::Operator])?;
        stage.actors.entry((Role::Operator, None)).or_default().push(actor);
    }
    for account in &ACCOUNTS {
        let organisation = account.organisation.map_or(Some(&desk), |name| known.get(name));
        let organisation = organisation.ok_or_else(|| Error::internal("an account of the demo has no organisation"))?;
        setting.enrol(account.login, Some(account.name), organisation, vec![account.role])?;
    }
    Ok(stage)
}

fn incident(db: &Db, keys: &Keyring, new: &NewIncident, clock: &Arc<SetClock>) -> Result<Incident> {
    let (keys, new, fresh, clock) = (keys.clone(), new.clone(), FreshPair::new(), clock.clone());
    db.write_blocking(move |w| {
        w.follow(&clock);
        match incidents::service::create(w, &Actor::system(), REQUEST, &keys, &fresh, &new) {
            Err(Error::Refused(refusal)) if refusal.code == RefusalCode::SlugTaken => incidents::store::by_slug(w, &new.slug),
            made => made,
        }
    })
}

fn keys_of(db: &Db, keys: &Keyring, incident: i64) -> Result<Arc<KeyPair>> {
    let keys = keys.clone();
    db.read_blocking(Lane::Fast, move |r| keys.incident(r, incident))
}

/// Sets one thing after the other.
struct Setting<'a> {
    db: &'a Db,
    keys: &'a Keyring,
    clock: Arc<SetClock>,
    incident: i64,
}

impl Setting<'_> {
    fn desk(&self) -> Result<Organisation> {
        let (reference, incident, clock) = (Reference::random(), self.incident, self.clock.clone());
        self.db.write_blocking(move |w| {
            w.follow(&clock);
            organisations::service::desk(w, &Actor::system(), REQUEST, incident, &reference)
        })
    }

    fn organisation(&self, planned: &OrganisationPlan) -> Result<Organisation> {
        let new = NewOrganisation {
            name: planned.name.clone(),
            kind: planned.kind,
            credit_code: None,
            region: planned.region.clone(),
            verified: true,
        };
        let (reference, incident, clock) = (Reference::random(), self.incident, self.clock.clone());
        self.db.write_blocking(move |w| {
            w.follow(&clock);
            organisations::service::ensure(w, &Actor::system(), REQUEST, incident, &reference, &new).map(|(organisation, _)| organisation)
        })
    }

    fn enrol(&self, login: &str, name: Option<&str>, organisation: &Organisation, roles: Vec<Role>) -> Result<Actor> {
        let login = Login::parse(login).ok_or_else(|| Error::internal("an account of a scenario has no login"))?;
        let draft = Draft::new(self.keys, &login, name);
        let enrolment =
            Enrolment { incident: self.incident, organisation: organisation.clone(), roles: roles.clone(), region: None, at_once: true };
        let (clock, region) = (self.clock.clone(), organisation.region.clone());
        let (user, path) = self.db.write_blocking(move |w| {
            w.follow(&clock);
            let (user, _) = enrol(w, &Actor::system(), REQUEST, &draft, &enrolment)?;
            let path = region.as_deref().map(|code| crate::regions::store::path(w, code)).transpose()?.flatten();
            Ok((user, path.unwrap_or_default()))
        })?;
        let grant = |role: Role| Grant {
            role,
            region_path: if role == Role::CommunityWorker { path.clone() } else { String::new() },
            organisation: organisation.id,
        };
        let grants = roles.into_iter().map(grant).collect();
        Ok(Actor { user: Some(user.id), organisation: Some(organisation.id), session: None, grants })
    }
}
