//! Calls and visits: as they are sent in, and as they were read.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::Reference;
use crate::ledger::model::{Conclusion, Direction, Medium, Outcome, Purpose, Urgency};
use crate::ledger::when::Told;
use crate::needs::acting::{Command, Done};

/// A call, as it is sent in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCall {
    /// Who called whom.
    pub direction: Direction,
    /// By voice where nothing is said.
    pub medium: Option<Medium>,
    /// What it was for.
    pub purpose: Purpose,
    /// How it ended.
    pub outcome: Outcome,
    /// The needs it was about.
    #[schema(min_items = 1, max_items = 30)]
    pub needs: Vec<NewAbout>,
    /// A note beside it.
    #[schema(min_length = 1, max_length = 1000)]
    pub note: Option<String>,
    /// When it was, RFC 3339; now where nothing is said.
    #[schema(format = DateTime)]
    pub occurred_at: Option<String>,
    /// Why it is entered late; needed after 15 minutes.
    #[schema(min_length = 1, max_length = 500)]
    pub late_reason: Option<String>,
    /// What the device said the time was.
    #[schema(format = DateTime)]
    pub device_at: Option<String>,
}

/// One of the needs a call was about.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAbout {
    /// The need's reference.
    pub reference: String,
    /// What the conversation found.
    pub conclusion: Option<Conclusion>,
    /// How urgent it sounded.
    pub assessed_urgency: Option<Urgency>,
}

/// A home visit, as it is sent in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVisit {
    /// What it found.
    pub conclusion: Conclusion,
    /// How urgent it looked.
    pub assessed_urgency: Option<Urgency>,
    /// A note beside it.
    #[schema(min_length = 1, max_length = 1000)]
    pub note: Option<String>,
    /// When it was, RFC 3339; now where nothing is said.
    #[schema(format = DateTime)]
    pub occurred_at: Option<String>,
    /// Why it is entered late; needed after 15 minutes.
    #[schema(min_length = 1, max_length = 500)]
    pub late_reason: Option<String>,
    /// What the device said the time was.
    #[schema(format = DateTime)]
    pub device_at: Option<String>,
}

/// A call that was read.
#[derive(Clone, Debug)]
pub struct Call {
    pub direction: Direction,
    pub medium: Medium,
    pub purpose: Purpose,
    pub outcome: Outcome,
    pub about: Vec<About>,
    pub note: Option<String>,
    pub told: Told,
}

/// One of the needs it was about.
#[derive(Clone, Debug, PartialEq)]
pub struct About {
    pub need: Reference,
    pub conclusion: Option<Conclusion>,
    pub assessed: Option<Urgency>,
}

/// A visit that was read.
#[derive(Clone, Debug)]
pub struct Visit {
    pub conclusion: Conclusion,
    pub assessed: Option<Urgency>,
    pub note: Option<String>,
    pub told: Told,
}

/// A call ready for the write.
#[derive(Clone, Debug)]
pub struct PreparedCall {
    pub(super) reference: Reference,
    pub(super) call: Call,
    pub(super) command: Command,
}

/// A visit ready for the write.
#[derive(Clone, Debug)]
pub struct PreparedVisit {
    pub(super) visit: Visit,
    pub(super) command: Command,
}

/// A call that was logged.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Logged {
    /// The call's reference.
    pub reference: Reference,
    /// Its events, one for each need it was about; needs that are merged are one.
    pub needs: Vec<Done>,
}
