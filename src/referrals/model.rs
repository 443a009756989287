//! Referrals: as they are sent in, as they were read, and as they are answered.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::Time;
use crate::ledger::model::Stage;
use crate::ledger::when::Told;
use crate::needs::acting::Command;

/// A referral, as it is sent in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReferral {
    /// The body that it goes to.
    #[schema(min_length = 1, max_length = 100)]
    pub body: String,
    /// Until when it is to be accepted, RFC 3339; then it comes back.
    #[schema(format = DateTime)]
    pub due_at: String,
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

/// An acceptance, as it is sent in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAcceptance {
    /// Who accepted it there.
    #[schema(min_length = 1, max_length = 100)]
    pub accepted_by: String,
    /// The number of the receipt.
    #[schema(min_length = 1, max_length = 100)]
    pub receipt: Option<String>,
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

/// A referral that was read.
#[derive(Clone, Debug)]
pub struct Referral {
    pub body: String,
    pub due_at: Time,
    pub note: Option<String>,
    pub told: Told,
}

/// An acceptance that was read.
#[derive(Clone, Debug)]
pub struct Acceptance {
    pub accepted_by: String,
    pub receipt: Option<String>,
    pub note: Option<String>,
    pub told: Told,
}

/// A referral ready for the write.
#[derive(Clone, Debug)]
pub struct PreparedReferral {
    pub(super) due_at: Time,
    pub(super) command: Command,
}

/// A referral that was made.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Referred {
    /// Its number within the need.
    pub n: i64,
    /// Reference of the event.
    pub reference: String,
    /// Reference of the need that stands for it: itself, or what it was merged into.
    pub need: String,
    /// That need's stage.
    pub stage: Stage,
    /// That need's version.
    pub version: i64,
}
