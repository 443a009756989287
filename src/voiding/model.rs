//! Voids: as they are sent in and answered.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::Reference;
use crate::ledger::model::Stage;

/// A void, as it is sent in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVoid {
    /// Why.
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
    /// Takes back all events of the act it belongs to.
    #[serde(default)]
    pub whole_act: bool,
}

/// An event to be taken back.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Its row.
    pub id: i64,
    /// Its reference.
    pub reference: String,
    /// The need it is recorded on: row and reference.
    pub need: (i64, Reference),
    /// The act it belongs to.
    pub act: String,
}

/// What was taken back.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Voided {
    /// Reference of the event that takes the asked one back.
    pub reference: String,
    /// References of all events that were taken back.
    pub voided: Vec<String>,
    /// Reference of the need that stands for the one it was recorded on.
    pub need: String,
    /// That need's stage.
    pub stage: Stage,
    /// That need's version.
    pub version: i64,
}
