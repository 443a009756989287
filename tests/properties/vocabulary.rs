//! The handbook's words as the model knows them. Written down here a second time on purpose: the model shares nothing with the program.

/// An instant in milliseconds.
pub type Time = i64;
/// A day of a line that recurs; a one-off line has day 0 only.
pub type Day = i64;
/// Needs, claims, deliveries, persons and facts are numbered in the order in which they come into being.
pub type NeedId = usize;
/// A claim's number.
pub type ClaimId = usize;
/// A delivery's number.
pub type DeliveryId = usize;
/// A person's number.
pub type PersonId = usize;
/// The number of a fact: its place in the list.
pub type FactId = usize;
/// A line of a need, and where a claim stands.
pub type LineOf = (NeedId, usize);
/// The code of a refusal.
pub type Code = &'static str;

/// Milliseconds.
pub const SECOND: Time = 1_000;
/// A minute.
pub const MINUTE: Time = 60 * SECOND;
/// An hour.
pub const HOUR: Time = 60 * MINUTE;
/// A day.
pub const DAY: Time = 24 * HOUR;

/// A list of words that is closed.
pub trait Word: Sized + 'static {
    /// Every word of the list.
    const ALL: &'static [Self];

    /// The word as the API writes it.
    fn word(self) -> &'static str;
}

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $(#[doc = $word] $variant),+ }

        impl Word for $name {
            const ALL: &'static [$name] = &[$($name::$variant),+];

            fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }
    };
}

words!(
    /// What kind of thing is asked for.
    Category {
        DailySupplies = "daily_supplies", Food = "food", InfantSupplies = "infant_supplies", Medicine = "medicine",
        MedicalEscort = "medical_escort", DialysisChemo = "dialysis_chemo", Maternity = "maternity", Psychosocial = "psychosocial",
        Ppe = "ppe", Disinfection = "disinfection", VolunteerSupport = "volunteer_support", Transport = "transport",
        Shelter = "shelter", ReturnStranded = "return_stranded", Information = "information", DigitalHelp = "digital_help",
        AidReferral = "aid_referral", Pet = "pet", Other = "other",
    }
);
words!(
    /// How soon: a held claim lives by it.
    Urgency { Critical = "critical", Urgent = "urgent", High = "high", Normal = "normal" }
);
words!(
    /// Outgoing or incoming.
    Direction { Outgoing = "outgoing", Incoming = "incoming" }
);
words!(
    /// How a call ended.
    Outcome {
        Answered = "answered", AnsweredByOther = "answered_by_other", RefusedToTalk = "refused_to_talk", CallBack = "call_back",
        NoAnswer = "no_answer", Busy = "busy", Off = "off", WrongNumber = "wrong_number", Declined = "declined", Voicemail = "voicemail",
    }
);
words!(
    /// What a call or visit found.
    Conclusion {
        Genuine = "genuine", GenuineChanged = "genuine_changed", AlreadySolved = "already_solved", NotGenuine = "not_genuine",
        Unverifiable = "unverifiable",
    }
);
words!(
    /// How far a delivery is.
    Step {
        Pledged = "pledged", Packed = "packed", InTransit = "in_transit", HandedOver = "handed_over", SignedFor = "signed_for",
        Failed = "failed", Refused = "refused",
    }
);
words!(
    /// Axis: phone follow-up.
    Phone {
        Unverified = "unverified", Verifying = "verifying", Verified = "verified", NotGenuine = "not_genuine",
        InfoNeeded = "info_needed", Unreachable = "unreachable",
    }
);
words!(
    /// Axis: urgent response.
    Case {
        None = "none", Opened = "opened", Responded = "responded", Stabilised = "stabilised", HandedOn = "handed_on",
        StoodDown = "stood_down", LostContact = "lost_contact",
    }
);
words!(
    /// Axis: matching.
    Matching { None = "none", Partial = "partial", Full = "full" }
);
words!(
    /// Axis: delivery.
    Delivered { None = "none", Partial = "partial", Complete = "complete" }
);
words!(
    /// Axis: closure.
    Closure {
        Open = "open", AwaitingFeedback = "awaiting_feedback", Closed = "closed", Cancelled = "cancelled", Merged = "merged",
        Rejected = "rejected", Referred = "referred",
    }
);
words!(
    /// What people see.
    Stage {
        Collected = "collected", Verified = "verified", UrgentResponse = "urgent_response", ResourceMatched = "resource_matched",
        Delivered = "delivered", Closed = "closed", NotGenuine = "not_genuine", Cancelled = "cancelled", Merged = "merged",
        Rejected = "rejected",
    }
);
words!(
    /// Where a claim stands.
    ClaimState { Held = "held", Confirmed = "confirmed", Fulfilled = "fulfilled", Released = "released", Expired = "expired" }
);

/// Where a need is: one of the 13 districts, outside the incident's area, or nowhere yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Region {
    /// A community of this district.
    District(usize),
    /// 市外.
    Outside,
    /// 未定位.
    Unlocated,
}

/// How many districts the area has.
pub const DISTRICTS: usize = 13;

impl Region {
    /// Every row of the district table.
    pub fn all() -> Vec<Region> {
        (0..DISTRICTS).map(Region::District).chain([Region::Outside, Region::Unlocated]).collect()
    }
}

impl Urgency {
    /// How long a held claim lives: 30 min, 2 h, 24 h, 72 h.
    pub fn lifetime(self) -> Time {
        match self {
            Urgency::Critical => 30 * MINUTE,
            Urgency::Urgent => 2 * HOUR,
            Urgency::High => 24 * HOUR,
            Urgency::Normal => 72 * HOUR,
        }
    }
}

impl Outcome {
    /// Somebody spoke with us, the person or another.
    pub fn is_conversation(self) -> bool {
        matches!(self, Outcome::Answered | Outcome::AnsweredByOther)
    }

    /// A try that reached nobody.
    pub fn is_miss(self) -> bool {
        use Outcome::*;
        matches!(self, NoAnswer | Busy | Off | WrongNumber | Declined | Voicemail)
    }
}

impl Conclusion {
    /// The need was confirmed as such.
    pub fn verifies(self) -> bool {
        matches!(self, Conclusion::Genuine | Conclusion::GenuineChanged | Conclusion::AlreadySolved)
    }

    /// It counts as followed up when a conversation ended so.
    pub fn concludes(self) -> bool {
        self != Conclusion::Unverifiable
    }
}

impl Step {
    /// The order of the steps on the way; failed and refused stand outside it.
    pub fn place(self) -> usize {
        self as usize
    }

    /// Did not arrive.
    pub fn lost(self) -> bool {
        matches!(self, Step::Failed | Step::Refused)
    }
}
