//! A random course of events, driven through the ledger itself: submissions, calls, cases, claims, deliveries, merges and what undoes them.

use diesel::prelude::*;

use crate::clock::{HOUR, MINUTE, SECOND, Time};
use crate::db::schema::{organisations, persons};
use crate::error::{Error, Result};
use crate::ids::{Reference, seed};
use crate::ledger::event::{Kind, Place};
use crate::ledger::model::*;
use crate::ledger::{Act, Draft, append, lock};
use crate::needs::fixture::{self, Here, Submitted};
use crate::support::TestDb;

/// Numbers that look random and are the same in every run.
pub struct Random(pub u64);

impl Random {
    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end as u64) as usize
    }

    /// One of several.
    pub fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }
}

/// Communities of five districts, a region outside the area, and none.
const REGIONS: [Option<&str>; 7] = [
    Some("610113003020"),
    Some("610116001201"),
    Some("610116001228"),
    Some("610102002011"),
    Some("610104006007"),
    Some("610000000000"),
    None,
];

/// An incident in which things happen.
pub struct Course<'d> {
    pub db: &'d TestDb,
    pub here: Here,
    pub needs: Vec<Submitted>,
    pub persons: Vec<String>,
    claims: Vec<(i64, String)>,
    deliveries: Vec<(i64, String, String)>,
    organisation: i64,
    random: Random,
}

impl<'d> Course<'d> {
    /// An incident in which nothing has happened yet.
    pub fn new(db: &'d TestDb, number: u64) -> Self {
        let here = fixture::incident(db);
        let incident = here.incident.id;
        let (organisation, persons) = db
            .write_blocking(move |w| {
                let row = (
                    organisations::reference.eq(Reference::from_number(number).to_string()),
                    organisations::name.eq("合力"),
                    organisations::kind.eq("social"),
                    organisations::state.eq("verified"),
                    organisations::version.eq(1),
                    organisations::created_at.eq(0),
                );
                let organisation =
                    diesel::insert_into(organisations::table).values(row).returning(organisations::id).get_result(w.conn())?;
                let mut people = Vec::new();
                for person in 0..8_u64 {
                    let reference = Reference::from_number(1_000 + person).to_string();
                    let row = (persons::incident.eq(incident), persons::reference.eq(&reference), persons::version.eq(1));
                    diesel::insert_into(persons::table).values(row).execute(w.conn())?;
                    people.push(reference);
                }
                Ok((organisation, people))
            })
            .unwrap();
        Course { db, here, needs: Vec::new(), persons, claims: Vec::new(), deliveries: Vec::new(), organisation, random: Random(number) }
    }

    /// A need submitted now.
    pub fn submit(&mut self, region: Option<&str>) -> Submitted {
        let need = fixture::need(self.db, &self.here, region);
        self.needs.push(need.clone());
        need
    }

    /// Records something on a need's root.
    pub fn record(&self, need: i64, at: Time, kind: Kind) -> Result<()> {
        self.append(need, &[need], at, kind, None)
    }

    fn append(&self, need: i64, locked: &[i64], at: Time, kind: Kind, voids: Option<i64>) -> Result<()> {
        let (incident, locked, organisation) = (self.here.incident.id, locked.to_vec(), self.organisation);
        let act = Act { seed: seed(), actor: None, organisation: Some(organisation), device_at: None };
        self.db.write_blocking(move |w| {
            let locked = lock(w, incident, &locked)?;
            let on = match &kind {
                Kind::ClaimConfirmed { claim, .. }
                | Kind::ClaimReleased { claim }
                | Kind::DeliveryStarted { claim, .. }
                | Kind::DeliveryStepped { claim, .. } => locked.state(need)?.claim(claim).map_or(need, |claim| claim.home.0),
                Kind::Unmerged {} => need,
                _ => locked.root(need)?.id,
            };
            append(w, locked, &act, vec![Draft { voids, ..Draft::new(on, at, kind.clone()) }]).map(drop)
        })
    }

    /// Lets so many things happen; what the rules refuse does not.
    pub fn go_on(&mut self, steps: usize) {
        for _ in 0..steps {
            let pause = self.random.of(&[SECOND, 7 * MINUTE, 31 * MINUTE, HOUR, 3 * HOUR]);
            self.db.clock.advance(pause);
            if self.needs.len() < 3 || self.random.below(6) == 0 {
                let region = self.random.of(&REGIONS);
                self.submit(region);
            } else {
                let need = self.random.of(&self.needs).id;
                let at = self.some_time();
                match self.something(need, at) {
                    Ok(()) | Err(Error::Refused(_)) => {}
                    Err(fault) => panic!("{fault}"),
                }
            }
        }
    }

    /// Now, a while ago, or exactly on a boundary that lies behind.
    fn some_time(&mut self) -> Time {
        let now = self.db.clock().now();
        match self.random.below(4) {
            0 => now.plus(-(self.random.below(20) as i64) * HOUR),
            1 => self.here.incident.calendar().hour_reached(now),
            2 => self.here.incident.calendar().cut_off_reached(now),
            _ => now,
        }
    }

    fn something(&mut self, need: i64, at: Time) -> Result<()> {
        match self.random.below(18) {
            0..3 => {
                let call = self.random_call();
                self.record(need, at, call)
            }
            3 => {
                let conclusion = self.random.of(Conclusion::ALL);
                self.record(need, at, Kind::Visited { conclusion, assessed: None })
            }
            4 => self.record(need, at, Kind::CaseOpened {}),
            5 | 6 => self.respond(need, at),
            7 | 8 => self.claim(need, at),
            9..14 => self.deliver(at),
            14 => self.correct(need, at),
            15 => {
                let kinds = [Kind::Answered {}, Kind::Closed {}, Kind::Cancelled {}, Kind::Reopened {}, Kind::Rejected {}];
                let kind = self.random.of(&kinds);
                self.record(need, at, kind)
            }
            16 => self.merge(need, at),
            _ => self.take_back(need, at),
        }
    }

    fn random_call(&mut self) -> Kind {
        let outcome = self.random.of(&[Outcome::Answered, Outcome::AnsweredByOther, Outcome::NoAnswer, Outcome::Answered]);
        let conclusion = outcome.is_conversation().then(|| self.random.of(Conclusion::ALL));
        call(outcome, conclusion)
    }

    fn respond(&mut self, need: i64, at: Time) -> Result<()> {
        let people: Vec<String> = (0..self.random.below(4)).map(|_| self.random.of(&self.persons)).collect();
        let people: std::collections::BTreeSet<String> = people.into_iter().collect();
        let reached = people.len() as i64 + self.random.of(&[0, 1, 2, 12]);
        self.record(need, at, Kind::Responded { reached: reached.max(1), people: people.into_iter().collect(), group_reason: true })
    }

    fn claim(&mut self, need: i64, at: Time) -> Result<()> {
        let (home, known) = if self.claims.is_empty() { (need, String::new()) } else { self.random.of(&self.claims) };
        match self.random.below(4) {
            0 if !known.is_empty() => self.record(home, at, Kind::ClaimReleased { claim: known }),
            1 if !known.is_empty() => self.record(home, at, Kind::ClaimConfirmed { claim: known, quantity: 4, planned_at: Some(at) }),
            _ => {
                let claim = Reference::random().to_string();
                let state = self.random.of(&[ClaimState::Held, ClaimState::Confirmed, ClaimState::Confirmed]);
                let quantity = self.random.of(&[4, 6, 10, 10]);
                self.claims.push((need, claim.clone()));
                self.record(need, at, claimed(claim, quantity, state, at))
            }
        }
    }

    fn deliver(&mut self, at: Time) -> Result<()> {
        if self.claims.is_empty() {
            return Ok(());
        }
        if !self.deliveries.is_empty() && self.random.below(2) == 0 {
            let (need, delivery, claim) = self.random.of(&self.deliveries);
            let step = self.random.of(&[Step::HandedOver, Step::SignedFor, Step::Failed]);
            return self.record(need, at, Kind::DeliveryStepped { delivery, claim, step, quantity: None, at_gate: false });
        }
        let latest = self.claims[self.claims.len().saturating_sub(8)..].to_vec();
        let (need, claim) = self.random.of(&latest);
        let (delivery, quantity) = (Reference::random().to_string(), self.random.of(&[4, 6, 10]));
        let step = self.random.of(&[Step::Pledged, Step::InTransit, Step::HandedOver, Step::HandedOver]);
        self.deliveries.push((need, delivery.clone(), claim.clone()));
        self.record(need, at, Kind::DeliveryStarted { delivery, claim, day: 0, quantity, step, at_gate: false })
    }

    fn correct(&mut self, need: i64, at: Time) -> Result<()> {
        match self.random.below(4) {
            0 => {
                let category = self.random.of(Category::ALL);
                self.record(need, at, Kind::CategoryCorrected { category })
            }
            1 => {
                let district = self.random.of(&["610112000000", "610113000000", "outside", "unlocated"]);
                let place = Place { region: None, path: String::new(), district: district.into() };
                self.record(need, at, Kind::PlaceCorrected { place })
            }
            2 => {
                let same = vec![(self.random.of(&self.persons), self.random.of(&self.persons))];
                self.record(need, at, Kind::PeopleCorrected { people: Some(3), groups: None, added: Vec::new(), same })
            }
            _ => {
                let wanted = self.random.of(&[4, 6, 10, 12]);
                self.record(need, at, Kind::LineChanged { n: 1, wanted })
            }
        }
    }

    fn merge(&mut self, need: i64, at: Time) -> Result<()> {
        let into = self.random.of(&self.needs);
        let same = vec![(self.random.of(&self.persons), self.random.of(&self.persons))];
        let kind = Kind::Merged { into: into.reference.to_string(), attach: Vec::new(), same };
        self.append(need, &[need, into.id], at, kind, None)
    }

    fn take_back(&mut self, need: i64, at: Time) -> Result<()> {
        if self.random.below(3) == 0 {
            return self.append(need, &[need], at, Kind::Unmerged {}, None);
        }
        let incident = self.here.incident.id;
        let events = self.db.write_blocking(move |w| {
            let locked = lock(w, incident, &[need])?;
            let events = locked.events(need)?.to_vec();
            let act = Act { seed: seed(), actor: None, organisation: None, device_at: None };
            append(w, locked, &act, Vec::new()).map(|_| events)
        })?;
        let event = self.random.of(&events);
        self.append(need, &[need], at, Kind::Voided { event: event.reference.clone() }, Some(event.id))
    }
}

/// An outgoing call.
pub fn call(outcome: Outcome, conclusion: Option<Conclusion>) -> Kind {
    Kind::Called {
        call: Reference::random().to_string(),
        direction: Direction::Outgoing,
        medium: Medium::Voice,
        purpose: Purpose::Verify,
        outcome,
        conclusion,
        assessed: None,
    }
}

/// A claim of the one line, allowed before the phone follow-up.
pub fn claimed(claim: String, quantity: i64, state: ClaimState, at: Time) -> Kind {
    let expires_at = (state == ClaimState::Held).then(|| at.plus(2 * HOUR));
    Kind::Claimed { claim, n: 1, quantity, state, first_day: 0, last_day: 0, planned_at: Some(at), expires_at, early: true, offer: None }
}
