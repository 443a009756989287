//! Cases and responses: as they are sent in, and as they were read.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::ids::Reference;
use crate::ledger::when::Told;
use crate::needs::acting::Command;
use crate::needs::people::{Person, PreparedPerson};

crate::codes! {
    /// How a case ends.
    pub End {
        /// 已稳定
        Stabilised = "stabilised",
        /// 已转交
        HandedOn = "handed_on",
        /// 已撤销
        StoodDown = "stood_down",
        /// 失联
        LostContact = "lost_contact",
    }
}

/// Opening or ending a case, as it is sent in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTurn {
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

/// A response, as it is sent in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewResponse {
    /// How many people it reached.
    #[schema(minimum = 1, maximum = 10_000)]
    pub reached: i64,
    /// Those of them who are known by name.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub people: Vec<NewReached>,
    /// Why it reached a group; needed where it reached more than ten.
    #[schema(min_length = 1, max_length = 1000)]
    pub group_reason: Option<String>,
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

/// Somebody who was reached: a person of the need by reference, or by name.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReached {
    /// Reference of a person of the need; then neither name nor phone.
    pub person: Option<String>,
    /// The name.
    #[schema(min_length = 1, max_length = 40)]
    pub name: Option<String>,
    /// The person's own phone.
    #[schema(max_length = 40)]
    pub phone: Option<String>,
}

/// Opening or ending a case, read.
#[derive(Clone, Debug, Default)]
pub struct Turn {
    pub note: Option<String>,
    pub told: Told,
}

/// A response that was read.
#[derive(Clone, Debug)]
pub struct Response {
    pub reached: i64,
    pub people: Vec<Reached>,
    pub group_reason: Option<String>,
    pub note: Option<String>,
    pub told: Told,
}

/// Somebody who was reached.
#[derive(Clone, Debug, PartialEq)]
pub enum Reached {
    /// A person of the need.
    Known(Reference),
    /// By name.
    Named(Person),
}

/// A response ready for the write.
#[derive(Clone, Debug)]
pub struct PreparedResponse {
    pub(super) reached: i64,
    pub(super) people: Vec<PreparedReached>,
    pub(super) group_reason: bool,
    /// The root for which named people are sealed.
    pub(super) root: Reference,
    pub(super) command: Command,
}

/// Somebody who was reached, sealed.
#[derive(Clone, Debug)]
pub(super) enum PreparedReached {
    Known(Reference),
    Named(PreparedPerson),
}
