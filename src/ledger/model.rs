//! The words of the ledger: what can happen to a need, and the values of its axes. Codes and meanings are those of the domain handbook.

use crate::clock::{HOUR, MINUTE};

crate::codes! {
    /// What is asked for.
    pub Category {
        DailySupplies = "daily_supplies", Food = "food", InfantSupplies = "infant_supplies", Medicine = "medicine",
        MedicalEscort = "medical_escort", DialysisChemo = "dialysis_chemo", Maternity = "maternity", Psychosocial = "psychosocial",
        Ppe = "ppe", Disinfection = "disinfection", VolunteerSupport = "volunteer_support", Transport = "transport", Shelter = "shelter",
        ReturnStranded = "return_stranded", Information = "information", DigitalHelp = "digital_help", AidReferral = "aid_referral",
        Pet = "pet", Other = "other",
    }
}

crate::codes! {
    /// Whom a need is for.
    pub PeopleGroup {
        ElderlyAlone = "elderly_alone", Frail = "frail", Pregnant = "pregnant", Infant = "infant", Child = "child", Disabled = "disabled",
        ChronicIllness = "chronic_illness", SeriousIllness = "serious_illness", MentalIllness = "mental_illness",
        StrandedPerson = "stranded_person", Isolated = "isolated", MigrantWorker = "migrant_worker", Hardship = "hardship",
        ChildInNeed = "child_in_need", Frontline = "frontline", Driver = "driver", Student = "student",
    }
}

crate::codes! {
    /// How urgent, from danger to life down.
    pub Urgency { Critical = "critical", Urgent = "urgent", High = "high", Normal = "normal" }
}

impl Urgency {
    /// Sorts the most urgent first.
    pub const fn rank(self) -> i64 {
        self as i64
    }

    /// How long a held claim lives, in milliseconds.
    pub const fn claim_lifetime(self) -> i64 {
        match self {
            Urgency::Critical => 30 * MINUTE,
            Urgency::Urgent => 2 * HOUR,
            Urgency::High => 24 * HOUR,
            Urgency::Normal => 72 * HOUR,
        }
    }
}

/// How long a need awaits feedback before it closes unanswered, in milliseconds.
pub const FEEDBACK_WAIT: i64 = 72 * HOUR;

/// A response that reached more people than this needs a reason and is printed apart.
pub const GROUP_LIMIT: i64 = 10;

crate::codes! {
    /// How a submission came in.
    pub Source { Web = "web", Community = "community", Phone = "phone", Import = "import", Paper = "paper", Partner = "partner" }
}

crate::codes! {
    /// Who called whom.
    pub Direction { Outgoing = "outgoing", Incoming = "incoming" }
}

crate::codes! {
    /// By voice, or a text talk with people who can't hear.
    pub Medium { Voice = "voice", Text = "text" }
}

crate::codes! {
    /// What a call is for.
    pub Purpose { Verify = "verify", CallBack = "call_back", StillNeeded = "still_needed" }
}

crate::codes! {
    /// How a call ended.
    pub Outcome {
        Answered = "answered", NoAnswer = "no_answer", Busy = "busy", Off = "off", WrongNumber = "wrong_number", Declined = "declined",
        RefusedToTalk = "refused_to_talk", Voicemail = "voicemail", CallBack = "call_back", AnsweredByOther = "answered_by_other",
    }
}

impl Outcome {
    /// Somebody spoke about the need.
    pub const fn is_conversation(self) -> bool {
        matches!(self, Outcome::Answered | Outcome::AnsweredByOther)
    }

    /// Nobody was reached.
    pub const fn is_miss(self) -> bool {
        matches!(self, Outcome::NoAnswer | Outcome::Busy | Outcome::Off | Outcome::WrongNumber | Outcome::Declined | Outcome::Voicemail)
    }
}

crate::codes! {
    /// What a conversation or visit found.
    pub Conclusion {
        Genuine = "genuine", GenuineChanged = "genuine_changed", AlreadySolved = "already_solved", NotGenuine = "not_genuine",
        Unverifiable = "unverifiable",
    }
}

impl Conclusion {
    /// The need was found to be, or to have been, real.
    pub const fn is_genuine(self) -> bool {
        matches!(self, Conclusion::Genuine | Conclusion::GenuineChanged | Conclusion::AlreadySolved)
    }

    /// Counts as followed up.
    pub const fn is_final(self) -> bool {
        !matches!(self, Conclusion::Unverifiable)
    }
}

crate::codes! {
    /// A claim's state.
    pub ClaimState { Held = "held", Confirmed = "confirmed", Fulfilled = "fulfilled", Released = "released", Expired = "expired" }
}

impl ClaimState {
    /// It takes quantity from its line.
    pub const fn is_live(self) -> bool {
        matches!(self, ClaimState::Held | ClaimState::Confirmed | ClaimState::Fulfilled)
    }

    /// Its quantity counts as matched.
    pub const fn is_matched(self) -> bool {
        matches!(self, ClaimState::Confirmed | ClaimState::Fulfilled)
    }
}

crate::codes! {
    /// How far a delivery is. The first five follow one another; the last two end it.
    pub Step {
        Pledged = "pledged", Packed = "packed", InTransit = "in_transit", HandedOver = "handed_over", SignedFor = "signed_for",
        Failed = "failed", Refused = "refused",
    }
}

crate::codes! {
    /// Axis: phone follow-up.
    pub Phone {
        Unverified = "unverified", Verifying = "verifying", Verified = "verified", NotGenuine = "not_genuine", InfoNeeded = "info_needed",
        Unreachable = "unreachable",
    }
}

crate::codes! {
    /// Axis: urgent response.
    pub Urgent {
        None = "none", Opened = "opened", Responded = "responded", Stabilised = "stabilised", HandedOn = "handed_on",
        StoodDown = "stood_down", LostContact = "lost_contact",
    }
}

impl Urgent {
    /// A case is open.
    pub const fn is_open(self) -> bool {
        matches!(self, Urgent::Opened | Urgent::Responded)
    }
}

crate::codes! {
    /// Axis: matching.
    pub Matching { None = "none", Partial = "partial", Full = "full" }
}

crate::codes! {
    /// Axis: delivery.
    pub DeliveryAxis { None = "none", Partial = "partial", Complete = "complete" }
}

crate::codes! {
    /// Axis: closure.
    pub Closure {
        Open = "open", AwaitingFeedback = "awaiting_feedback", Closed = "closed", Cancelled = "cancelled", Merged = "merged",
        Rejected = "rejected", Referred = "referred",
    }
}

crate::codes! {
    /// The stage people see: the furthest that holds now, or why there is none.
    pub Stage {
        Collected = "collected", Verified = "verified", UrgentResponse = "urgent_response", ResourceMatched = "resource_matched",
        Delivered = "delivered", Closed = "closed", NotGenuine = "not_genuine", Cancelled = "cancelled", Merged = "merged",
        Rejected = "rejected",
    }
}

crate::codes! {
    /// What first matched a need.
    pub MatchedBy { Claim = "claim", Answer = "answer", Referral = "referral" }
}

crate::codes! {
    /// Why a need was withdrawn.
    pub CancelReason {
        SolvedBySelf = "solved_by_self", SolvedByCommunity = "solved_by_community", SolvedElsewhere = "solved_elsewhere",
        Duplicate = "duplicate", ByMistake = "by_mistake", NoLongerNeeded = "no_longer_needed", ConditionsForbid = "conditions_forbid",
        Unreachable = "unreachable", OutOfScope = "out_of_scope", PersonDied = "person_died", ErasureRequested = "erasure_requested",
    }
}

/// Where a need stands: its root's reference, stage and version.
#[derive(Clone, Debug, PartialEq)]
pub struct Stands {
    /// Reference of the root.
    pub need: String,
    /// Its stage.
    pub stage: Stage,
    /// Its version.
    pub version: i64,
}
