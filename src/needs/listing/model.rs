//! What a list is asked for, and what it shows.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::clock::Time;
use crate::ids::Reference;
use crate::ledger::model::*;
use crate::needs::contacts::model::MaskedContact;
use crate::needs::model::{Axes, RegionView};
use crate::needs::scope::model::Part;

/// Query parameters of the list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// True: only needs whose work goes on, the most urgent first. False: only the others.
    pub open: Option<bool>,
    /// Only this stage.
    pub stage: Option<Stage>,
    /// Only this category.
    pub category: Option<Category>,
    /// Only this urgency in force.
    pub urgency: Option<Urgency>,
    /// Only this region and what lies in it, by its code.
    #[param(pattern = "^[0-9]{12}$")]
    pub region: Option<String>,
    /// Only for people of this group.
    pub group: Option<PeopleGroup>,
    /// Only this phone follow-up.
    pub phone: Option<Phone>,
    /// Only this urgent response.
    pub urgent: Option<Urgent>,
    /// Only this matching.
    pub matching: Option<Matching>,
    /// Only this delivery.
    pub delivery: Option<DeliveryAxis>,
    /// Only this closure.
    pub closure: Option<Closure>,
    /// Only what came in this way.
    pub source: Option<Source>,
    /// Only what this organisation submitted or has claimed, by its reference.
    pub organisation: Option<String>,
    /// Only what was submitted more than so many hours ago.
    #[param(minimum = 0, maximum = 100_000)]
    pub older_than: Option<i64>,
    /// Only this need.
    pub reference: Option<String>,
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

/// A list to be read, with everything looked up.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub incident: i64,
    /// What the actor may list; empty: nothing.
    pub parts: Vec<Part>,
    pub open: Option<bool>,
    pub stage: Option<Stage>,
    pub category: Option<Category>,
    pub urgency: Option<Urgency>,
    /// Path of the region.
    pub region_path: Option<String>,
    pub group: Option<PeopleGroup>,
    pub phone: Option<Phone>,
    pub urgent: Option<Urgent>,
    pub matching: Option<Matching>,
    pub delivery: Option<DeliveryAxis>,
    pub closure: Option<Closure>,
    pub source: Option<Source>,
    /// Row of the organisation.
    pub organisation: Option<i64>,
    pub submitted_before: Option<Time>,
    /// Only these rows.
    pub needs: Option<Vec<i64>>,
}

/// Where a need stands in the order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Rank of its urgency; counts among open needs only.
    pub rank: i64,
    /// When it was submitted.
    pub submitted_at: i64,
    /// Its row.
    pub need: i64,
}

/// A position as a cursor holds it: no rows leave the house.
#[derive(Debug, Serialize, Deserialize)]
pub struct Cursor(pub i64, pub i64, pub String);

/// A page of needs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page {
    /// The needs.
    pub items: Vec<Brief>,
    /// The cursor of the next page, absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Looks needs up by a phone number, which never stands in an address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhoneSearch {
    /// The number, however it is written.
    #[schema(min_length = 5, max_length = 40)]
    pub phone: String,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundByPhone {
    /// The needs, the newest first, at most 100.
    pub items: Vec<Brief>,
}

/// A need in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Brief {
    /// Its reference.
    pub reference: Reference,
    /// The need it is merged into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<Reference>,
    /// Where it stands.
    pub stage: Stage,
    /// The axes.
    pub axes: Axes,
    /// Whether work on it goes on.
    pub open: bool,
    /// What is asked for.
    pub category: Category,
    /// The urgency in force.
    pub urgency: Urgency,
    /// The urgency it was submitted with.
    pub urgency_asked: Urgency,
    /// Where; absent where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionView>,
    /// The district it counts in: a code, `outside` or `unlocated`.
    pub district: String,
    /// For how many people.
    pub people: i64,
    /// Groups they belong to.
    pub groups: Vec<PeopleGroup>,
    /// What others see of it.
    pub summary: String,
    /// Which way it came in.
    pub source: Source,
    /// When it was submitted, RFC 3339.
    pub submitted_at: String,
    /// Its lines.
    pub lines: Vec<BriefLine>,
    /// Quantity that is held (已占用), over all lines.
    pub held: i64,
    /// Whom to call, masked; for those who speak with the requesters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<MaskedContact>,
}

/// A line in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BriefLine {
    /// Its number.
    pub n: i64,
    /// What; absent once it was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// How much stands (each day, where it recurs).
    pub quantity: i64,
    /// What of it nobody has taken (on the day that has least, where it recurs).
    pub left: i64,
    /// In which unit.
    pub unit: String,
    /// Whether the quantity is only roughly known.
    pub approximate: bool,
    /// Whether it recurs.
    pub daily: bool,
}
