//! An event: one thing that happened to a need. Payloads hold codes, references and quantities only, never a name, phone, address or
//! free text. A payload whose meaning changes becomes a kind of its own, so the kind is the version.

use serde::{Deserialize, Serialize};

use super::model::*;
use crate::clock::Time;

/// One thing that happened, as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Row number; what `voids` points to.
    pub id: i64,
    /// Public reference.
    pub reference: String,
    /// The act it belongs to: one command may append several events.
    pub act: String,
    /// The need it is recorded on.
    pub need: i64,
    /// Order among the events of its need.
    pub seq: i64,
    /// When it happened.
    pub occurred_at: Time,
    /// When the ledger learned of it.
    pub recorded_at: Time,
    /// Who did it; none for the machine and for people without account.
    pub actor: Option<i64>,
    /// The organisation they acted for.
    pub organisation: Option<i64>,
    /// A code from a closed list, where the command takes one.
    pub reason: Option<String>,
    /// What happened.
    pub kind: Kind,
    /// The event it takes back.
    pub voids: Option<i64>,
}

/// What one line asks for when it is written: a quantity, on each day of a span where it recurs (days since 1970-01-01, 0 and 0 else).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineSpec {
    /// Number within the need, from 1.
    pub n: i64,
    /// Quantity (per day).
    pub quantity: i64,
    /// First day, 0 for a one-off line.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub first_day: i64,
    /// Last day, 0 for a one-off line.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub last_day: i64,
}

/// Where a need is: its region and what lists and counters need of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Code of the region, none where it is unknown.
    pub region: Option<String>,
    /// Codes from the root down, each followed by '/'; empty without region.
    pub path: String,
    /// District code inside the incident's area, `outside` or `unlocated`.
    pub district: String,
}

/// What becomes of one claim when its need is merged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    /// The claim.
    pub claim: String,
    /// The survivor's line it stands on from now on; none: released as surplus.
    pub n: Option<i64>,
    /// What is kept of it; the rest is released as surplus.
    pub quantity: i64,
}

/// The kinds of events and their payloads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Submitted {
        /// The need's own reference.
        reference: String,
        category: Category,
        place: Place,
        urgency: Urgency,
        groups: Vec<PeopleGroup>,
        people: i64,
        persons: Vec<String>,
        contacts: i64,
        lines: Vec<LineSpec>,
        source: Source,
        /// The first need of its submission carries the submission's count.
        first: bool,
    },
    Rejected {},
    Called {
        call: String,
        direction: Direction,
        medium: Medium,
        purpose: Purpose,
        outcome: Outcome,
        conclusion: Option<Conclusion>,
        assessed: Option<Urgency>,
    },
    Visited {
        conclusion: Conclusion,
        assessed: Option<Urgency>,
    },
    Assessed {
        urgency: Urgency,
    },
    CaseOpened {},
    Responded {
        reached: i64,
        people: Vec<String>,
        group_reason: bool,
    },
    Stabilised {},
    HandedOn {},
    StoodDown {},
    LostContact {},
    Summarised {},
    LineAdded {
        line: LineSpec,
    },
    LineChanged {
        n: i64,
        wanted: i64,
    },
    LineClosedShort {
        n: i64,
    },
    PeopleCorrected {
        people: Option<i64>,
        groups: Option<Vec<PeopleGroup>>,
        added: Vec<String>,
        same: Vec<(String, String)>,
    },
    ContactsCorrected {
        contacts: i64,
    },
    CategoryCorrected {
        category: Category,
    },
    PlaceCorrected {
        place: Place,
    },
    Claimed {
        claim: String,
        n: i64,
        quantity: i64,
        state: ClaimState,
        #[serde(default, skip_serializing_if = "is_zero")]
        first_day: i64,
        #[serde(default, skip_serializing_if = "is_zero")]
        last_day: i64,
        planned_at: Option<Time>,
        expires_at: Option<Time>,
        /// Matched before phone follow-up, as an emergency exception with a reason.
        early: bool,
        offer: Option<String>,
    },
    ClaimConfirmed {
        claim: String,
        quantity: i64,
        planned_at: Option<Time>,
    },
    ClaimReleased {
        claim: String,
    },
    ClaimExpired {
        claim: String,
    },
    ClaimExtended {
        claim: String,
        expires_at: Time,
    },
    GivenBack {
        claim: String,
        quantity: i64,
    },
    /// How a claim stood when needs were parted, where their own events alone would leave it otherwise.
    ClaimSettled {
        claim: String,
        state: ClaimState,
        quantity: i64,
    },
    DeliveryStarted {
        delivery: String,
        claim: String,
        #[serde(default, skip_serializing_if = "is_zero")]
        day: i64,
        quantity: i64,
        step: Step,
        at_gate: bool,
    },
    DeliveryStepped {
        delivery: String,
        claim: String,
        step: Step,
        quantity: Option<i64>,
        at_gate: bool,
    },
    Answered {},
    Referred {
        n: i64,
        due_at: Time,
    },
    ReferralAccepted {
        n: i64,
    },
    ReferralReturned {
        n: i64,
    },
    Closed {},
    ClosedUnanswered {},
    Cancelled {},
    Reopened {},
    Merged {
        into: String,
        attach: Vec<Attachment>,
        same: Vec<(String, String)>,
    },
    Unmerged {},
    Voided {
        event: String,
    },
    Erased {},
}

impl Kind {
    /// The kind's code: the variant's name in snake case.
    pub const fn code(&self) -> &'static str {
        match self {
            Kind::Submitted { .. } => "submitted",
            Kind::Rejected {} => "rejected",
            Kind::Called { .. } => "called",
            Kind::Visited { .. } => "visited",
            Kind::Assessed { .. } => "assessed",
            Kind::CaseOpened {} => "case_opened",
            Kind::Responded { .. } => "responded",
            Kind::Stabilised {} => "stabilised",
            Kind::HandedOn {} => "handed_on",
            Kind::StoodDown {} => "stood_down",
            Kind::LostContact {} => "lost_contact",
            Kind::Summarised {} => "summarised",
            Kind::LineAdded { .. } => "line_added",
            Kind::LineChanged { .. } => "line_changed",
            Kind::LineClosedShort { .. } => "line_closed_short",
            Kind::PeopleCorrected { .. } => "people_corrected",
            Kind::ContactsCorrected { .. } => "contacts_corrected",
            Kind::CategoryCorrected { .. } => "category_corrected",
            Kind::PlaceCorrected { .. } => "place_corrected",
            Kind::Claimed { .. } => "claimed",
            Kind::ClaimConfirmed { .. } => "claim_confirmed",
            Kind::ClaimReleased { .. } => "claim_released",
            Kind::ClaimExpired { .. } => "claim_expired",
            Kind::ClaimExtended { .. } => "claim_extended",
            Kind::GivenBack { .. } => "given_back",
            Kind::ClaimSettled { .. } => "claim_settled",
            Kind::DeliveryStarted { .. } => "delivery_started",
            Kind::DeliveryStepped { .. } => "delivery_stepped",
            Kind::Answered {} => "answered",
            Kind::Referred { .. } => "referred",
            Kind::ReferralAccepted { .. } => "referral_accepted",
            Kind::ReferralReturned { .. } => "referral_returned",
            Kind::Closed {} => "closed",
            Kind::ClosedUnanswered {} => "closed_unanswered",
            Kind::Cancelled {} => "cancelled",
            Kind::Reopened {} => "reopened",
            Kind::Merged { .. } => "merged",
            Kind::Unmerged {} => "unmerged",
            Kind::Voided { .. } => "voided",
            Kind::Erased {} => "erased",
        }
    }

    /// The subject of the event besides its need, as kind and reference.
    pub fn subject(&self) -> Option<(&'static str, &str)> {
        match self {
            Kind::Claimed { claim, .. }
            | Kind::ClaimConfirmed { claim, .. }
            | Kind::ClaimReleased { claim }
            | Kind::ClaimExpired { claim }
            | Kind::ClaimExtended { claim, .. }
            | Kind::GivenBack { claim, .. }
            | Kind::ClaimSettled { claim, .. } => Some(("claim", claim)),
            Kind::DeliveryStarted { delivery, .. } | Kind::DeliveryStepped { delivery, .. } => Some(("delivery", delivery)),
            Kind::Called { call, .. } => Some(("call", call)),
            _ => None,
        }
    }

    /// Corrects what is on record: still possible when the incident is closed.
    pub const fn corrects(&self) -> bool {
        matches!(
            self,
            Kind::PeopleCorrected { .. }
                | Kind::ContactsCorrected { .. }
                | Kind::CategoryCorrected { .. }
                | Kind::PlaceCorrected { .. }
                | Kind::Summarised {}
                | Kind::Merged { .. }
                | Kind::Unmerged {}
                | Kind::ClaimSettled { .. }
                | Kind::Voided { .. }
                | Kind::Erased {}
        )
    }

    /// Appended by the machine when a deadline passes.
    pub const fn is_due(&self) -> bool {
        matches!(self, Kind::ClaimExpired { .. } | Kind::ReferralReturned { .. } | Kind::ClosedUnanswered {})
    }

    /// Whether it can be taken back. What founds a need, joins or parts needs, erases or follows by itself can't.
    pub const fn is_voidable(&self) -> bool {
        let founds_or_follows = matches!(
            self,
            Kind::Submitted { .. }
                | Kind::Merged { .. }
                | Kind::Unmerged {}
                | Kind::ClaimSettled { .. }
                | Kind::Voided { .. }
                | Kind::Erased {}
        );
        !self.is_due() && !founds_or_follows
    }
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}
