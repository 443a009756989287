//! Claims: as they are sent in, as they were read, and as they are answered.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::Time;
use crate::ids::Reference;
use crate::ledger::model::{ClaimState, Stage};
use crate::ledger::when::Told;
use crate::needs::acting::Command;

/// Most claims that an organisation may hold at a time in one incident, so that claiming, reading and releasing harvests nothing.
pub const MOST_HELD: i64 = 100;

crate::codes! {
    /// How a claim is made.
    pub Taken {
        /// 先占住: quantity is set aside for a while.
        Held = "held",
        /// 已确认: quantity and time are settled.
        Confirmed = "confirmed",
    }
}

/// A claim, as it is sent in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClaim {
    /// How much (each day, where the line recurs).
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub quantity: i64,
    /// Held first, or confirmed at once.
    pub state: Taken,
    /// When it will be there, RFC 3339; with a confirmed claim only.
    #[schema(format = DateTime)]
    pub planned_at: Option<String>,
    /// The first day of a line that recurs, such as 2022-01-09; the line's first where nothing is said.
    #[schema(format = Date)]
    pub first_day: Option<String>,
    /// The last day; the line's last where nothing is said.
    #[schema(format = Date)]
    pub last_day: Option<String>,
    /// Why it can't wait for the phone follow-up; only where the incident allows it.
    #[schema(min_length = 1, max_length = 1000)]
    pub early_reason: Option<String>,
    /// The desk only: reference of the organisation that claims.
    pub organisation: Option<String>,
    /// A note beside it.
    #[schema(min_length = 1, max_length = 1000)]
    pub note: Option<String>,
    /// The desk only: when it was, RFC 3339; now where nothing is said.
    #[schema(format = DateTime)]
    pub occurred_at: Option<String>,
    /// Why it is entered late; needed after 15 minutes.
    #[schema(min_length = 1, max_length = 500)]
    pub late_reason: Option<String>,
    /// What the device said the time was.
    #[schema(format = DateTime)]
    pub device_at: Option<String>,
}

/// A confirmation, as it is sent in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConfirmation {
    /// How much (each day).
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub quantity: i64,
    /// When it will be there, RFC 3339.
    #[schema(format = DateTime)]
    pub planned_at: Option<String>,
    /// When it was confirmed, RFC 3339; now where nothing is said.
    #[schema(format = DateTime)]
    pub occurred_at: Option<String>,
    /// Why it is entered late; needed after 15 minutes.
    #[schema(min_length = 1, max_length = 500)]
    pub late_reason: Option<String>,
    /// What the device said the time was.
    #[schema(format = DateTime)]
    pub device_at: Option<String>,
}

/// A release, as it is sent in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRelease {
    /// Why.
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
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

/// Quantity given back, as it is sent in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGiveBack {
    /// How much (each day).
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub quantity: i64,
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

/// Progress, as it is sent in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProgress {
    /// What has been done.
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

/// A claim that was read.
#[derive(Clone, Debug)]
pub struct Claim {
    pub quantity: i64,
    pub taken: Taken,
    pub planned_at: Option<Time>,
    /// Days since 1970-01-01.
    pub first_day: Option<i64>,
    pub last_day: Option<i64>,
    pub early_reason: Option<String>,
    /// The organisation that the desk claims for.
    pub organisation: Option<Reference>,
    pub note: Option<String>,
    pub told: Told,
}

/// A claim ready for the write.
#[derive(Clone, Debug)]
pub struct PreparedClaim {
    pub(super) reference: Reference,
    pub(super) claim: Claim,
    pub(super) command: Command,
}

/// What becomes of a claim.
#[derive(Clone, Debug, PartialEq)]
pub enum Turn {
    /// Quantity and time are settled.
    Confirm { quantity: i64, planned_at: Option<Time> },
    /// It is given up.
    Release,
    /// Part of it is given back.
    GiveBack { quantity: i64 },
    /// Work goes on: it lives longer.
    Progress,
}

/// A claim after a command.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Claimed {
    /// The claim's reference.
    pub reference: String,
    /// Where it stands.
    pub state: ClaimState,
    /// How much it takes (each day).
    pub quantity: i64,
    /// How much of it the line no longer needs and asks back.
    pub give_back: i64,
    /// When it will be there, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub planned_at: Option<String>,
    /// When it expires unless it is confirmed, RFC 3339; while it is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
    /// Reference of the event.
    pub event: String,
    /// Reference of the need that stands for the one it was made on.
    pub need: String,
    /// That need's stage.
    pub stage: Stage,
    /// That need's version.
    pub version: i64,
}

/// A claim as lists show it.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its reference.
    pub reference: String,
    /// The need it was made on, and the line.
    pub need: (i64, String, i64),
    /// The organisation that claimed: row and reference.
    pub organisation: (i64, String),
    /// Where it stands.
    pub state: ClaimState,
    /// How much it takes (each day).
    pub quantity: i64,
    /// How much of it is asked back.
    pub give_back: i64,
    /// First and last day; zeros where its line does not recur.
    pub days: (i64, i64),
    /// When it was made.
    pub claimed_at: Time,
    /// When it will be there.
    pub planned_at: Option<Time>,
    /// When it expires.
    pub expires_at: Option<Time>,
}

/// What a list shows beside a claim of the need it was made on.
#[derive(Clone, Debug)]
pub struct Beside {
    /// Reference of the need that stands for it.
    pub root: String,
    /// Its stage, category and urgency.
    pub stage: String,
    pub category: String,
    pub urgency: String,
    /// Code of its region.
    pub region: Option<String>,
    /// What others may see of it.
    pub summary: Option<String>,
    /// What the line asks for; none once erased.
    pub item: Option<String>,
    pub unit: String,
    pub needed_by: Option<Time>,
    pub runs_out_at: Option<Time>,
}

/// A delivery of a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    pub reference: String,
    /// Days since 1970-01-01; 0 where the claim is not by day.
    pub day: i64,
    pub quantity: i64,
    pub step: crate::ledger::model::Step,
    pub at_gate: bool,
}
