//! What is on record: a list of facts, in the order in which they were recorded. Nothing in it is ever changed.

use crate::command::NewLine;
use crate::vocabulary::*;

/// One thing that happened, on one need.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The need it is recorded on: the root of its time, for what belongs to a claim the need the claim was made on.
    pub need: NeedId,
    /// Facts of one command share their act.
    pub act: usize,
    /// When it happened.
    pub occurred_at: Time,
    /// When it was written down.
    pub recorded_at: Time,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum What {
    /// A need came in; `first` of its submission.
    Submitted {
        first: bool,
        category: Category,
        region: Region,
        lines: Vec<NewLine>,
        urgency: Urgency,
        contacts: usize,
    },
    Rejected,
    Called {
        direction: Direction,
        outcome: Outcome,
        conclusion: Option<Conclusion>,
        assessed: Option<Urgency>,
    },
    Visited {
        conclusion: Conclusion,
    },
    Assessed {
        urgency: Urgency,
    },
    CaseOpened,
    Responded {
        reached: i64,
        people: Vec<PersonId>,
        group_reason: bool,
    },
    CaseEnded {
        how: Case,
    },
    Summarised,
    LineChanged {
        n: usize,
        wanted: i64,
    },
    LineAdded {
        n: usize,
        line: NewLine,
    },
    ClosedShort {
        n: usize,
    },
    CategoryCorrected {
        category: Category,
    },
    RegionCorrected {
        region: Region,
    },
    PeopleCorrected {
        same: Vec<(PersonId, PersonId)>,
    },
    ContactsCorrected {
        contacts: usize,
    },
    Claimed {
        claim: ClaimId,
        n: usize,
        quantity: i64,
        days: Option<(Day, Day)>,
        confirmed: bool,
        early: bool,
        lifetime: Time,
    },
    Confirmed {
        claim: ClaimId,
        quantity: i64,
    },
    Released {
        claim: ClaimId,
    },
    GaveBack {
        claim: ClaimId,
        quantity: i64,
    },
    /// With how long a claim lives by the urgency of that time.
    Progressed {
        claim: ClaimId,
        lifetime: Time,
    },
    /// Due: nobody confirmed in time.
    Expired {
        claim: ClaimId,
    },
    DeliveryMade {
        delivery: DeliveryId,
        claim: ClaimId,
        day: Option<Day>,
        quantity: i64,
        step: Step,
        at_gate: bool,
    },
    DeliveryStepped {
        delivery: DeliveryId,
        step: Step,
        quantity: Option<i64>,
        at_gate: bool,
    },
    Answered,
    Referred {
        n: usize,
        due_at: Time,
    },
    Accepted {
        n: usize,
    },
    /// Due: not accepted by its date.
    Returned {
        n: usize,
    },
    Closed,
    /// Due: 72 hours without an answer.
    Unanswered,
    Cancelled,
    Reopened,
    /// With what the merge did to each claim, as the merging person was shown it.
    Merged {
        into: NeedId,
        same: Vec<(PersonId, PersonId)>,
        placements: Vec<Placement>,
    },
    Unmerged {
        merge: FactId,
    },
    Voided {
        fact: FactId,
    },
    Erased,
}

/// What a merge does to one claim of the merged need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// Which claim.
    pub claim: ClaimId,
    /// The survivor's line it stands on from now; `None`: it is surplus.
    pub to: Option<LineOf>,
    /// How much of it stands; the rest is surplus.
    pub keep: i64,
}

impl What {
    /// The claim it belongs to, where it belongs to one that was made before.
    pub fn claim(&self) -> Option<ClaimId> {
        match *self {
            What::Confirmed { claim, .. }
            | What::Released { claim }
            | What::GaveBack { claim, .. }
            | What::Progressed { claim, .. }
            | What::Expired { claim }
            | What::DeliveryMade { claim, .. } => Some(claim),
            _ => None,
        }
    }

    /// The machine wrote it because a time had come.
    pub fn is_due(&self) -> bool {
        matches!(self, What::Expired { .. } | What::Returned { .. } | What::Unanswered)
    }

    /// It can be voided at all.
    pub fn voidable(&self) -> bool {
        let never =
            matches!(self, What::Submitted { .. } | What::Merged { .. } | What::Unmerged { .. } | What::Voided { .. } | What::Erased);
        !never && !self.is_due()
    }

    /// The word under which an event of this kind is shown.
    pub fn word(&self) -> &'static str {
        match self {
            What::Submitted { .. } => "submitted",
            What::Rejected => "rejected",
            What::Called { .. } => "called",
            What::Visited { .. } => "visited",
            What::Assessed { .. } => "assessed",
            What::CaseOpened => "case_opened",
            What::Responded { .. } => "responded",
            What::CaseEnded { how } => how.word(),
            What::Summarised => "summarised",
            What::LineChanged { .. } => "line_changed",
            What::LineAdded { .. } => "line_added",
            What::ClosedShort { .. } => "line_closed_short",
            What::CategoryCorrected { .. } => "category_corrected",
            What::RegionCorrected { .. } => "region_corrected",
            What::PeopleCorrected { .. } => "people_corrected",
            What::ContactsCorrected { .. } => "contacts_corrected",
            What::Claimed { .. } => "claimed",
            What::Confirmed { .. } => "claim_confirmed",
            What::Released { .. } => "claim_released",
            What::GaveBack { .. } => "claim_given_back",
            What::Progressed { .. } => "claim_progressed",
            What::Expired { .. } => "claim_expired",
            What::DeliveryMade { .. } => "delivery_made",
            What::DeliveryStepped { .. } => "delivery_stepped",
            What::Answered => "answered",
            What::Referred { .. } => "referred",
            What::Accepted { .. } => "referral_accepted",
            What::Returned { .. } => "referral_returned",
            What::Closed => "closed",
            What::Unanswered => "closed_unanswered",
            What::Cancelled => "cancelled",
            What::Reopened => "reopened",
            What::Merged { .. } => "merged",
            What::Unmerged { .. } => "unmerged",
            What::Voided { .. } => "voided",
            What::Erased => "erased",
        }
    }
}

/// The facts that are in force as known at the end of the list: all but those voided by a later one.
pub fn in_force(facts: &[Fact]) -> Vec<(FactId, &Fact)> {
    let voided: Vec<FactId> = facts.iter().filter_map(|f| if let What::Voided { fact } = f.what { Some(fact) } else { None }).collect();
    facts.iter().enumerate().filter(|(id, _)| !voided.contains(id)).collect()
}

/// The merges that a later fact of the list undid.
pub fn undone(facts: &[Fact]) -> Vec<FactId> {
    facts.iter().filter_map(|f| if let What::Unmerged { merge } = f.what { Some(merge) } else { None }).collect()
}
