//! The one error type of services and stores. It knows nothing of HTTP; `http::problem` turns it into an RFC 9457 answer.

use serde_json::{Map, Value};

/// What services, stores and rules return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

crate::codes! {
    /// Why a well-formed command was not carried out. The frontend translates these; they never change their meaning.
    pub RefusalCode {
        NotEnoughLeft = "not_enough_left",
        NotVerified = "not_verified",
        NotOpen = "not_open",
        AlreadyMerged = "already_merged",
        NotMerged = "not_merged",
        SameNeed = "same_need",
        MergedElsewhere = "merged_elsewhere",
        Rejected = "rejected",
        NotRejectable = "not_rejectable",
        AlreadyOpen = "already_open",
        CaseNotOpen = "case_not_open",
        CaseAlreadyOpen = "case_already_open",
        GroupReasonMissing = "group_reason_missing",
        MorePeopleThanReached = "more_people_than_reached",
        ConclusionMissing = "conclusion_missing",
        ConclusionWithoutConversation = "conclusion_without_conversation",
        LineClosedShort = "line_closed_short",
        LineInUse = "line_in_use",
        LineUnknown = "line_unknown",
        ClaimNotHeld = "claim_not_held",
        ClaimExpired = "claim_expired",
        ClaimNotLive = "claim_not_live",
        ClaimNotConfirmed = "claim_not_confirmed",
        ClaimInTransit = "claim_in_transit",
        DeliveryFinished = "delivery_finished",
        StepBackwards = "step_backwards",
        ExceedsClaim = "exceeds_claim",
        DayOutsideLine = "day_outside_line",
        DayOutsideClaim = "day_outside_claim",
        HeldCapReached = "held_cap_reached",
        ReferralUnknown = "referral_unknown",
        ReferralNotPending = "referral_not_pending",
        AlreadyAnswered = "already_answered",
        EventInTheWay = "event_in_the_way",
        AlreadyVoided = "already_voided",
        NotVoidable = "not_voidable",
        BeforeSubmission = "before_submission",
        InTheFuture = "in_the_future",
        LateReasonMissing = "late_reason_missing",
        ReasonMissing = "reason_missing",
        IncidentClosed = "incident_closed",
        IntakeClosed = "intake_closed",
        AlreadyErased = "already_erased",
        PersonUnknown = "person_unknown",
        OrganisationNotVerified = "organisation_not_verified",
        OrganisationNotJoined = "organisation_not_joined",
        NameTaken = "name_taken",
        LastAdmin = "last_admin",
        SlugTaken = "slug_taken",
        ZoneFixed = "zone_fixed",
        LoginTaken = "login_taken",
        LinkUsed = "link_used",
        HoldsRolesElsewhere = "holds_roles_elsewhere",
        WouldExceedLine = "would_exceed_line",
        NothingToChange = "nothing_to_change",
        StateUnchanged = "state_unchanged",
    }
}

/// A rule's no: its code, and what the caller needs to do something else (what is left, the event in the way).
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The reason.
    pub code: RefusalCode,
    /// Members of the problem body beside the code.
    pub details: Map<String, Value>,
}

impl Refusal {
    /// A refusal that needs no details.
    pub fn new(code: RefusalCode) -> Self {
        Refusal { code, details: Map::new() }
    }

    /// Adds one member, as in `not_enough_left` with `left`.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }
}

crate::codes! {
    /// What is wrong with one field of an input.
    pub FieldCode {
        Missing = "missing",
        Unknown = "unknown",
        UnknownField = "unknown_field",
        WrongType = "wrong_type",
        Empty = "empty",
        TooLong = "too_long",
        TooShort = "too_short",
        TooMany = "too_many",
        TooSmall = "too_small",
        TooLarge = "too_large",
        NotANumber = "not_a_number",
        NotATime = "not_a_time",
        NotADate = "not_a_date",
        NotAnHour = "not_an_hour",
        NotAPhone = "not_a_phone",
        NotALogin = "not_a_login",
        NotAReference = "not_a_reference",
        NotAZone = "not_a_zone",
        NotASlug = "not_a_slug",
        NotACreditCode = "not_a_credit_code",
        NotARegion = "not_a_region",
        ControlCharacter = "control_character",
        BidiCharacter = "bidi_character",
        InTheFuture = "in_the_future",
        BeforeSubmission = "before_submission",
        Duplicate = "duplicate",
        Inconsistent = "inconsistent",
        HoldsAContact = "holds_a_contact",
        WeakPassword = "weak_password",
        WrongPassword = "wrong_password",
    }
}

/// One field that must be mended, named by a JSON pointer (or a query parameter's name).
#[derive(Clone, Debug, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// Where: `/lines/0/quantity`.
    pub pointer: String,
    /// What is wrong with it.
    pub code: FieldCode,
    /// The limit that was missed, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
}

impl FieldError {
    /// An error at a pointer.
    pub fn new(pointer: impl Into<String>, code: FieldCode) -> Self {
        FieldError { pointer: pointer.into(), code, limit: None }
    }

    /// What was read, or none and the error beside the others: so that everything that is wrong is told at once.
    pub fn collect<T>(errors: &mut Vec<FieldError>, read: Result<T, FieldError>) -> Option<T> {
        read.map_err(|error| errors.push(error)).ok()
    }

    /// The same with the limit that was missed.
    pub fn limit(mut self, limit: i64) -> Self {
        self.limit = Some(limit);
        self
    }
}

/// Everything that can go wrong in a service or store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A domain rule said no.
    #[error("refused: {}", .0.code)]
    Refused(Refusal),
    /// The input is not one: every field that must be mended.
    #[error("invalid input")]
    Invalid(Vec<FieldError>),
    /// It does not exist, or this caller may not know that it does.
    #[error("not found")]
    NotFound,
    /// Nobody is signed in, or the token is no longer good.
    #[error("not signed in")]
    Unauthenticated,
    /// Signed in, and known to lack the permission.
    #[error("not permitted")]
    Forbidden,
    /// `If-Match` names another version than the current one.
    #[error("changed meanwhile")]
    Stale {
        /// The version that stands.
        current: i64,
    },
    /// The same idempotency key came with another body.
    #[error("idempotency key reused")]
    KeyReused,
    /// Too many attempts; try again after so many seconds.
    #[error("too many attempts")]
    TooMany {
        /// Seconds to wait.
        retry_after: u32,
    },
    /// The database can't be reached or written to, or a queue is full. Nothing was written.
    #[error("unavailable: {0}")]
    Unavailable(&'static str),
    /// The connection broke during COMMIT: the write may stand. Repeating with the same idempotency key settles it.
    #[error("outcome unknown")]
    OutcomeUnknown,
    /// A fault of the program or its data; the text goes to the log only.
    #[error("internal: {0}")]
    Internal(String),
    /// The database said no.
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
}

impl Error {
    /// A fault of the program or its data.
    pub fn internal(what: impl Into<String>) -> Self {
        Error::Internal(what.into())
    }

    /// An input with one wrong field.
    pub fn field(pointer: impl Into<String>, code: FieldCode) -> Self {
        Error::Invalid(vec![FieldError::new(pointer, code)])
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Error::Refused(refusal)
    }
}

impl From<RefusalCode> for Error {
    fn from(code: RefusalCode) -> Self {
        Error::Refused(Refusal::new(code))
    }
}

impl From<RefusalCode> for Refusal {
    fn from(code: RefusalCode) -> Self {
        Refusal::new(code)
    }
}
