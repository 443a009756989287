//! Merges: as they are sent in, as they were read, and what one would do.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ids::Reference;
use crate::ledger::when::Told;
use crate::needs::acting::Command;

/// A merge, as it is sent in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMerge {
    /// Reference of the need that survives, or of one that was merged into it.
    pub into: String,
    /// Pairs of people, by reference, who are one and the same.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub same_people: Vec<(String, String)>,
    /// A note beside it.
    #[schema(min_length = 1, max_length = 1000)]
    pub note: Option<String>,
}

/// Parting, as it is sent in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewParting {
    /// A note beside it.
    #[schema(min_length = 1, max_length = 1000)]
    pub note: Option<String>,
}

/// Into which need.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Reference of the need that would survive.
    pub into: String,
}

/// A merge that was read.
#[derive(Clone, Debug)]
pub struct Merge {
    pub into: Reference,
    pub same: Vec<(Reference, Reference)>,
    pub note: Option<String>,
}

/// A merge ready for the write.
#[derive(Clone, Debug)]
pub struct PreparedMerge {
    pub(super) into: Reference,
    pub(super) same: Vec<(Reference, Reference)>,
    pub(super) command: Command,
}

impl PreparedMerge {
    /// A merge with its command.
    pub fn new(merge: Merge, command: Command) -> Self {
        PreparedMerge { into: merge.into, same: merge.same, command }
    }
}

/// What is said of a merge's time: that it is now.
pub fn now() -> Told {
    Told::default()
}

/// What a merge would do, before it is done.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Preview {
    /// Reference of the need that would survive.
    pub into: String,
    /// What becomes of the other's claims.
    pub claims: Vec<Fate>,
    /// People on both sides whose names agree; they are one only if the merge names them so.
    pub same_people: Vec<Pair>,
}

/// What becomes of a claim.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Fate {
    /// The claim's reference.
    pub claim: String,
    /// How much it takes (each day).
    pub quantity: i64,
    /// It stays where it is, because it is on the road, delivered or fulfilled.
    pub stays: bool,
    /// The survivor's line it would stand on; absent where it finds none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<i64>,
    /// How much would be kept.
    pub kept: i64,
    /// How much would be released as surplus.
    pub surplus: i64,
}

/// Two people whose names agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Pair {
    /// Reference of the one.
    pub a: String,
    /// Reference of the other.
    pub b: String,
    /// Their name, masked.
    pub name: String,
}
