//! Lines: as they are sent in, and as they were read.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::Time;
use crate::ledger::event::LineSpec;
use crate::needs::model::Payer;

/// A line, as it is sent in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLine {
    /// What is asked for. Others may see it: no phone numbers.
    #[schema(min_length = 1, max_length = 60)]
    pub item: String,
    /// How much (each day, where it recurs).
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub quantity: i64,
    /// In which unit, such as 箱, 份, 人 or kg.
    #[schema(min_length = 1, max_length = 16)]
    pub unit: String,
    /// Whether the quantity is only roughly known.
    #[serde(default)]
    pub approximate: bool,
    /// When it is needed at the latest, RFC 3339.
    pub needed_by: Option<String>,
    /// When what there is runs out, RFC 3339.
    pub runs_out_at: Option<String>,
    /// In which hours it can be brought.
    pub window: Option<Window>,
    /// On which days it is needed again.
    pub recurrence: Option<Recurrence>,
    /// Which medicine.
    pub medicine: Option<Medicine>,
    /// Who pays; unknown where nothing is said.
    pub payer: Option<Payer>,
}

/// Hours of a day.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// From this hour, such as 08:30.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub from: String,
    /// To this one; the next day, where it is earlier.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub to: String,
}

/// A span of days, both included; at most 60.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Recurrence {
    /// The first day, such as 2022-01-09.
    #[schema(format = Date)]
    pub first_day: String,
    /// The last day.
    #[schema(format = Date)]
    pub last_day: String,
}

/// A medicine.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Medicine {
    /// Its name.
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    /// Its strength, such as 0.25 g.
    #[schema(min_length = 1, max_length = 60)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strength: Option<String>,
    /// Whether it needs a prescription.
    pub prescription: bool,
}

/// A line that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub item: String,
    pub quantity: i64,
    pub unit: &'static str,
    pub approximate: bool,
    pub needed_by: Option<Time>,
    pub runs_out_at: Option<Time>,
    pub window: Option<Window>,
    /// First and last day since 1970-01-01; zeros where it does not recur.
    pub days: (i64, i64),
    pub medicine: Option<Medicine>,
    pub payer: Payer,
}

impl Line {
    /// What the ledger needs of it.
    pub fn spec(&self, n: i64) -> LineSpec {
        LineSpec { n, quantity: self.quantity, first_day: self.days.0, last_day: self.days.1 }
    }
}
