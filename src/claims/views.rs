//! Claims as the API shows them.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::{Beside, Delivery, Row};
use crate::clock::{Time, day_text};
use crate::ledger::model::{ClaimState, Step};

/// Which claims to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Only those in this state.
    pub state: Option<ClaimState>,
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

/// A page of claims.
#[derive(Serialize, ToSchema)]
pub struct Page {
    /// The claims.
    pub items: Vec<ClaimView>,
    /// The cursor of the next page, absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A claim.
#[derive(Serialize, ToSchema)]
pub struct ClaimView {
    /// Its reference.
    pub reference: String,
    /// Reference of the organisation that claimed.
    pub organisation: String,
    /// Where it stands.
    pub state: ClaimState,
    /// How much it takes (each day).
    pub quantity: i64,
    /// How much of it the line no longer needs and asks back.
    pub give_back: i64,
    /// The first day, where its line recurs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub first_day: Option<String>,
    /// The last day, where its line recurs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub last_day: Option<String>,
    /// When it was made, RFC 3339.
    #[schema(format = DateTime)]
    pub claimed_at: String,
    /// When it will be there, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub planned_at: Option<String>,
    /// When it expires unless it is confirmed, RFC 3339; while it is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
    /// Its planned time has passed and it is not fulfilled.
    pub overdue: bool,
    /// The need and line it was made on.
    pub need: ClaimedNeed,
    /// Its deliveries; with a single claim only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deliveries: Option<Vec<DeliveryView>>,
}

/// The need that a claim was made on, as others may see it.
#[derive(Serialize, ToSchema)]
pub struct ClaimedNeed {
    /// Its reference.
    pub reference: String,
    /// Reference of the need that stands for it.
    pub root: String,
    /// The number of the line.
    pub line: i64,
    /// What the line asks for; absent once it was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Its unit.
    pub unit: String,
    /// The root's stage.
    pub stage: String,
    /// Its category.
    pub category: String,
    /// Its urgency.
    pub urgency: String,
    /// Code of its region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Its summary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// When the item is needed at the latest, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub needed_by: Option<String>,
    /// When what there is runs out, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub runs_out_at: Option<String>,
}

/// A delivery of a claim.
#[derive(Serialize, ToSchema)]
pub struct DeliveryView {
    /// Its reference.
    pub reference: String,
    /// The day it is for, where the claim is by day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub day: Option<String>,
    /// How much.
    pub quantity: i64,
    /// How far it is.
    pub step: Step,
    /// Handed over at the gate: it counts only once signed for.
    pub at_gate: bool,
}

impl ClaimView {
    /// Of a claim's row and what stands beside it.
    pub fn new(row: Row, beside: Beside, deliveries: Option<Vec<Delivery>>, now: Time, zone: Tz) -> ClaimView {
        let text = |at: Option<Time>| at.map(|at| at.to_rfc3339(zone));
        let day = |day: i64| (row.days != (0, 0)).then(|| day_text(day));
        ClaimView {
            first_day: day(row.days.0),
            last_day: day(row.days.1),
            deliveries: deliveries.map(|all| all.into_iter().map(DeliveryView::new).collect()),
            reference: row.reference,
            organisation: row.organisation.1,
            state: row.state,
            quantity: row.quantity,
            give_back: row.give_back,
            claimed_at: row.claimed_at.to_rfc3339(zone),
            planned_at: text(row.planned_at),
            expires_at: text(row.expires_at.filter(|_| row.state == ClaimState::Held)),
            overdue: row.state == ClaimState::Confirmed && row.planned_at.is_some_and(|at| at < now),
            need: ClaimedNeed {
                reference: row.need.1,
                root: beside.root,
                line: row.need.2,
                item: beside.item,
                unit: beside.unit,
                stage: beside.stage,
                category: beside.category,
                urgency: beside.urgency,
                region: beside.region,
                summary: beside.summary,
                needed_by: text(beside.needed_by),
                runs_out_at: text(beside.runs_out_at),
            },
        }
    }
}

impl DeliveryView {
    fn new(delivery: Delivery) -> Self {
        let Delivery { reference, day, quantity, step, at_gate } = delivery;
        DeliveryView { reference, day: (day != 0).then(|| day_text(day)), quantity, step, at_gate }
    }
}
