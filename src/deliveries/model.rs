//! Deliveries: as they are sent in, as they were read, and as they are answered.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::Reference;
use crate::ledger::model::{Stage, Step};
use crate::ledger::when::Told;
use crate::needs::acting::Command;

/// A delivery, as it is sent in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDelivery {
    /// How much.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub quantity: i64,
    /// How far it is.
    pub step: Step,
    /// The day it is for, such as 2022-01-09; needed where the claim spans several days.
    #[schema(format = Date)]
    pub day: Option<String>,
    /// Handed over at the gate: it counts only once it is signed for.
    #[serde(default)]
    pub at_gate: bool,
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

/// A step, as it is sent in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStep {
    /// How far the delivery is now.
    pub step: Step,
    /// How much it is, where that has changed.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub quantity: Option<i64>,
    /// Handed over at the gate: it counts only once it is signed for.
    #[serde(default)]
    pub at_gate: bool,
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

/// A delivery that was read.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub quantity: i64,
    pub step: Step,
    /// Days since 1970-01-01.
    pub day: Option<i64>,
    pub at_gate: bool,
    pub note: Option<String>,
    pub told: Told,
}

/// A step that was read.
#[derive(Clone, Debug)]
pub struct Stepped {
    pub step: Step,
    pub quantity: Option<i64>,
    pub at_gate: bool,
    pub note: Option<String>,
    pub told: Told,
}

/// A delivery ready for the write.
#[derive(Clone, Debug)]
pub struct PreparedDelivery {
    pub(super) reference: Reference,
    pub(super) delivery: Delivery,
    pub(super) command: Command,
}

/// A step ready for the write.
#[derive(Clone, Debug)]
pub struct PreparedStep {
    pub(super) stepped: Stepped,
    pub(super) command: Command,
}

/// A delivery after a command.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Delivered {
    /// The delivery's reference.
    pub reference: String,
    /// How far it is.
    pub step: Step,
    /// Reference of the event.
    pub event: String,
    /// Reference of the need that stands for the one it was claimed on.
    pub need: String,
    /// That need's stage.
    pub stage: Stage,
    /// That need's version.
    pub version: i64,
}
