//! Turns in a need's life, as they are sent in and as they were read.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::ledger::model::{CancelReason, Urgency};
use crate::ledger::when::Told;

crate::codes! {
    /// What becomes of a need.
    pub Turn {
        /// Spam or a test: counts nowhere.
        Rejection = "rejection",
        /// Withdrawn.
        Cancellation = "cancellation",
        /// Done.
        Closure = "closure",
        /// Not done after all.
        Reopening = "reopening",
        /// The desk's own answer met it.
        Answer = "answer",
    }
}

/// A turn, as it is sent in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTurn {
    /// A code of the list of reasons, or own words.
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: Option<String>,
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

/// An assessment, as it is sent in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAssessment {
    /// How urgent it is.
    pub urgency: Urgency,
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

/// Why: a code goes with the event, own words are sealed beside it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Why {
    /// From the closed list.
    pub code: Option<CancelReason>,
    /// Own words.
    pub words: Option<String>,
}

/// A turn that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadTurn {
    /// Why.
    pub why: Why,
    /// What it says of its own time.
    pub told: Told,
}
