//! What an incident is, and its states.

use chrono_tz::Tz;

use crate::calendar::Calendar;
use crate::clock::Time;

crate::codes! {
    /// Where an incident stands.
    pub IncidentState {
        /// Needs come in, work goes on.
        Active = "active",
        /// Intake is off, work goes on.
        Paused = "paused",
        /// Nothing expires or is called any more.
        Closed = "closed",
        /// Its keys are gone: personal data can't be read any more. Figures stay.
        Destroyed = "destroyed",
    }
}

crate::codes! {
    /// What of the figures the public sees.
    pub PublicFigures {
        /// Nothing.
        None = "none",
        /// Issued bulletins only.
        Issued = "issued",
        /// Totals at any instant.
        Live = "live",
    }
}

crate::codes! {
    /// How needs may come in from the public.
    pub Intake {
        /// By form and by phone.
        Open = "open",
        /// By phone only; the form says which number.
        PhoneOnly = "phone_only",
        /// Not at the moment; the form says why.
        Paused = "paused",
    }
}

/// One emergency operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    /// Its row.
    pub id: i64,
    /// What stands in addresses: `xian-2022`.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The zone its days and hours are counted in. Fixed once it has events.
    pub zone: Tz,
    /// Code of the region it covers.
    pub area: String,
    /// Codes from the root down to the area, each followed by `/`.
    pub area_path: String,
    /// When the emergency began.
    pub started_at: Time,
    /// The full hour at which a report day ends. Fixed once it has events.
    pub cut_off_hour: u32,
    /// Where it stands.
    pub state: IncidentState,
    /// An exercise (演练): works like any other, marked on every page and export.
    pub practice: bool,
    /// What the public sees.
    pub public_figures: PublicFigures,
    /// How needs may come in.
    pub intake: Intake,
    /// What the form says beside a closed intake; may be empty.
    pub intake_text: String,
    /// Whether matching before the phone follow-up is allowed, as an emergency exception.
    pub early_matching: bool,
    /// Made by a scenario of the demo.
    pub demo: bool,
    /// Nothing is recorded at or before this instant any more: a snapshot has frozen it.
    pub closed_until: Time,
    /// Rises with every change of this row.
    pub version: i64,
    /// When it was created here.
    pub created_at: Time,
}

/// An incident to be created.
#[derive(Clone, Debug)]
pub struct NewIncident {
    /// What stands in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Name of its zone.
    pub zone: String,
    /// Code of the region it covers.
    pub area: String,
    /// When it began.
    pub started_at: Time,
    /// The full hour at which a report day ends.
    pub cut_off_hour: i64,
    /// What the public sees.
    pub public_figures: PublicFigures,
    /// Whether it is an exercise.
    pub practice: bool,
    /// Whether matching before the phone follow-up is allowed.
    pub early_matching: bool,
    /// Whether a scenario of the demo makes it.
    pub demo: bool,
}

/// What is to change; the rest stays.
#[derive(Clone, Debug, Default)]
pub struct IncidentChange {
    /// Its name.
    pub name: Option<String>,
    /// Where it stands.
    pub state: Option<IncidentState>,
    /// What the public sees.
    pub public_figures: Option<PublicFigures>,
    /// How needs may come in.
    pub intake: Option<Intake>,
    /// What the form says beside a closed intake.
    pub intake_text: Option<String>,
    /// Whether matching before the phone follow-up is allowed.
    pub early_matching: Option<bool>,
    /// Name of its zone; only while it has no events.
    pub zone: Option<String>,
    /// The hour at which a report day ends; only while it has no events.
    pub cut_off_hour: Option<i64>,
    /// Code of the region it covers; only while it has no events.
    pub area: Option<String>,
}

impl Incident {
    /// Its hours and report days.
    pub fn calendar(&self) -> Calendar {
        Calendar { zone: self.zone, cut_off_hour: self.cut_off_hour }
    }
}
