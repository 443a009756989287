//! The scenarios by name, and loading one.

use super::plan::Plan;
use super::store::{self, Progress};
use super::{player, practice, stage, xian};
use crate::clock::{DAY, Time};
use crate::crypto::Keyring;
use crate::db::{Db, Lane};
use crate::error::Result;
use crate::incidents::model::{NewIncident, PublicFigures};
use crate::regions;
use crate::regions::service::ImportError;

crate::codes! {
    /// A scenario; its code is the slug of the incident it makes.
    pub Scenario {
        /// The replay of the case of Xi'an.
        Xian = "xian-2022",
        /// An open practice incident of the present.
        Practice = "practice",
    }
}

/// What loading did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loaded {
    /// The scenario is there now.
    Now,
    /// It was there already; nothing was changed.
    Already,
}

/// Whether the database holds an incident that no scenario has made.
pub fn has_real_incident(db: &Db) -> Result<bool> {
    db.read_blocking(Lane::Fast, store::has_real_incident)
}

impl Scenario {
    /// Loads the scenario where it is not there yet. Runs on a thread of its own.
    pub fn load(self, db: &Db, keys: &Keyring) -> Result<Loaded> {
        let slug = self.as_str();
        let begun = Progress { played: 0, began: db.clock().now().0, done: false };
        let progress = match db.read_blocking(Lane::Fast, move |r| store::progress(r, slug))? {
            Some(Progress { done: true, .. }) => return Ok(Loaded::Already),
            Some(progress) => progress,
            None => begun,
        };
        let present = Time(progress.began);
        let (plan, new) = (self.plan(present), self.incident(present));
        self.regions(db)?;
        let stage = stage::set(db, keys, &new, &plan.organisations, new.started_at)?;
        db.write_blocking(move |w| store::begin(w, slug, progress))?;
        player::play(db, &stage, slug, &plan, xian::SEED, progress)?;
        Ok(Loaded::Now)
    }

    /// The instant whose figures it is about; `now` for scenarios of the present.
    pub fn headline(self, now: Time) -> Time {
        match self {
            Scenario::Xian => xian::rhythm::HEADLINE,
            Scenario::Practice => now,
        }
    }

    /// Its commands; `present` is when loading began.
    fn plan(self, present: Time) -> Plan {
        match self {
            Scenario::Xian => xian::plan(),
            Scenario::Practice => practice::plan(present),
        }
    }

    fn incident(self, present: Time) -> NewIncident {
        let (name, started_at) = match self {
            Scenario::Xian => ("合力抗疫·西安社会组织联合行动（示例）", xian::rhythm::START),
            Scenario::Practice => ("值班演练", present.plus(-3 * DAY)),
        };
        NewIncident {
            slug: self.as_str().to_owned(),
            name: name.to_owned(),
            zone: "Asia/Shanghai".to_owned(),
            area: "610100000000".to_owned(),
            started_at,
            cut_off_hour: 19,
            public_figures: PublicFigures::Live,
            practice: self == Scenario::Practice,
            early_matching: false,
            demo: true,
        }
    }

    fn regions(self, db: &Db) -> Result<()> {
        regions::service::ensure_shipped(db)?;
        let list = regions::service::import(db, 2021, xian::OUTSIDE_LIST.as_bytes());
        list.map(drop).map_err(|error| match error {
            ImportError::Faults(faults) => crate::error::Error::internal(format!("the scenario's regions: {}", faults[0])),
            ImportError::Failed(error) => error,
        })
    }
}
