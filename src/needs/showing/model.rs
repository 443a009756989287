//! What is shown of a need.

use serde::Serialize;
use utoipa::ToSchema;

use crate::ids::Reference;
use crate::ledger::model::*;
use crate::ledger::state::ReferralState;
use crate::needs::contacts::model::MaskedContact;
use crate::needs::lines::model::{Medicine, Window};
use crate::needs::model::{Axes, Payer, RegionView};

/// A need.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NeedView {
    /// The reference of the need that survives the merges in force: what was asked for, or what that was merged into.
    pub reference: Reference,
    /// The same.
    pub root: Reference,
    /// The reference that was asked for, where it is merged into this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Reference>,
    /// Rises with everything that happens to it.
    pub version: i64,
    /// Rises with every correction of place, category, people, contacts and summary: what `If-Match` compares there.
    pub details_version: i64,
    /// Its submission.
    pub submission: Reference,
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
    /// The urgency as last assessed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgency_assessed: Option<Urgency>,
    /// Where; absent where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionView>,
    /// The district it counts in: a code, `outside` or `unlocated`.
    pub district: String,
    /// For how many people.
    pub people: i64,
    /// Those who are named, by reference.
    pub persons: Vec<Reference>,
    /// Groups they belong to.
    pub groups: Vec<PeopleGroup>,
    /// What others see of it.
    pub summary: String,
    /// Which way it came in.
    pub source: Source,
    /// The organisation that submitted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submitted_by: Option<String>,
    /// When it counts as submitted, RFC 3339.
    pub submitted_at: String,
    /// Its lines.
    pub lines: Vec<LineView>,
    /// Quantity that is held (已占用), over all lines.
    pub held: i64,
    /// Claims on its lines and on those of what is merged into it, in the order they were made.
    pub claims: Vec<ClaimView>,
    /// Deliveries, in the order they were started.
    pub deliveries: Vec<DeliveryView>,
    /// Referrals.
    pub referrals: Vec<ReferralView>,
    /// The urgent response; absent where no case was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseView>,
    /// When the 72 hours of awaiting feedback began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub awaiting_since: Option<String>,
    /// Needs that are merged into it.
    pub merged: Vec<MergedView>,
    /// Whom to call, masked; for those who speak with the requesters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<NeedContact>,
    /// Whether its personal data was erased.
    pub erased: bool,
}

/// A line. Where it recurs its figures are those of the day that has least left; `days` has them all.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LineView {
    /// Its number.
    pub n: i64,
    /// Rises when its words or its quantity are corrected: what `If-Match` compares.
    pub version: i64,
    /// What; absent once it was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// In which unit.
    pub unit: String,
    /// The figures.
    #[serde(flatten)]
    pub figures: Figures,
    /// Whether the quantity is only roughly known.
    pub approximate: bool,
    /// Whether the rest is not needed.
    pub short: bool,
    /// When it is needed at the latest, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needed_by: Option<String>,
    /// When what there is runs out, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs_out_at: Option<String>,
    /// In which hours it can be brought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// Which medicine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub medicine: Option<Medicine>,
    /// Who pays.
    pub payer: Payer,
    /// Day by day, where it recurs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<DayView>,
}

/// Quantities of a line, or of one of its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Figures {
    /// What is wanted.
    pub wanted: i64,
    /// What stands: never less than what is confirmed; where the rest is not needed, just that.
    pub quantity: i64,
    /// Held, to be confirmed.
    pub held: i64,
    /// Confirmed, not all delivered.
    pub confirmed: i64,
    /// By claims that are delivered in full.
    pub fulfilled: i64,
    /// Delivered.
    pub delivered: i64,
    /// What nobody has taken.
    pub left: i64,
}

/// One day of a line.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DayView {
    /// The day.
    pub day: String,
    /// Its figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// A claim.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClaimView {
    /// Its reference.
    pub reference: Reference,
    /// The need whose line it stands on.
    pub need: Reference,
    /// The line.
    pub n: i64,
    /// Who claimed.
    pub organisation: String,
    /// Whether that is the caller's organisation.
    pub own: bool,
    /// Where it stands.
    pub state: ClaimState,
    /// Why it was released by itself: `lowered`, `closed`, `surplus`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released_because: Option<&'static str>,
    /// How much (each day).
    pub quantity: i64,
    /// What the line no longer needs of it and asks back.
    pub give_back: i64,
    /// First day, where the line recurs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_day: Option<String>,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_day: Option<String>,
    /// When it is to be brought, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned_at: Option<String>,
    /// When it expires, where it is held, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// Made before the phone follow-up, as an emergency exception.
    pub early: bool,
}

/// A delivery.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeliveryView {
    /// Its reference.
    pub reference: Reference,
    /// Of which claim.
    pub claim: Reference,
    /// For which day, where the line recurs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
    /// How much.
    pub quantity: i64,
    /// How far it is.
    pub step: Step,
    /// Left at the gate: counts once it is signed for.
    pub at_gate: bool,
    /// Since when it counts as delivered, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counted_at: Option<String>,
}

/// A referral.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReferralView {
    /// Its number.
    pub n: i64,
    /// Whether it waits, was accepted, or came back.
    pub state: ReferralState,
    /// When it comes back unless it is accepted, RFC 3339.
    pub due_at: String,
}

/// The urgent response.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CaseView {
    /// Where it stands.
    pub state: Urgent,
    /// How often people were reached.
    pub responses: i64,
    /// How many, over all responses (人次).
    pub reached: i64,
}

/// A need that is merged into the one shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MergedView {
    /// Its reference.
    pub reference: Reference,
    /// When it counts as submitted, RFC 3339.
    pub submitted_at: String,
}

/// A contact of the need or of one that is merged into it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NeedContact {
    /// The need.
    pub need: Reference,
    /// The contact, masked.
    #[serde(flatten)]
    pub contact: MaskedContact,
}
