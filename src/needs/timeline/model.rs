//! What a timeline shows.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use crate::ids::Reference;

crate::codes! {
    /// On whose side it happened.
    pub By {
        /// Somebody with an account.
        Account = "account",
        /// The requester, or whoever sent the need in without an account.
        Requester = "requester",
        /// The machine, when a deadline passed.
        Machine = "machine",
    }
}

/// Query parameters of the timeline.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

/// A page of events.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page {
    /// The events, the newest first.
    pub items: Vec<Item>,
    /// The cursor of the next page, absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// An event.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Item {
    /// Its reference.
    pub reference: Reference,
    /// The act it belongs to: one command may be several events.
    pub act: Reference,
    /// What happened.
    pub kind: &'static str,
    /// The need it is recorded on.
    pub need: Reference,
    /// When it happened, RFC 3339.
    pub occurred_at: String,
    /// When it was recorded, RFC 3339.
    pub recorded_at: String,
    /// On whose side it happened.
    pub by: By,
    /// The organisation that somebody acted for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// Why, where the reason is one of a closed list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The event it takes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voids: Option<Reference>,
    /// The event that took it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voided_by: Option<Reference>,
    /// Codes, references, quantities, days and times.
    pub data: Map<String, Value>,
}
