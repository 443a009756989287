//! What anybody can ask of the system, with the model's numbers in place of references.

use crate::vocabulary::*;

/// One command: what, when it happened where that is not now, and whether a reason for its lateness came with it.
#[derive(Clone, Debug)]
pub struct Command {
    /// When it happened; `None` is now.
    pub occurred_at: Option<Time>,
    /// A reason for entering it late came with it.
    pub late_reason: bool,
    /// What.
    pub act: Act,
}

/// A person as somebody names them: numbers of a name and of a phone of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// The number of the name.
    pub name: usize,
    /// The number of their own phone.
    pub phone: Option<usize>,
}

/// Whom a response names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// A person known already.
    Known(PersonId),
    /// By name.
    Named(Name),
}

/// A line as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewLine {
    /// The number of the item.
    pub item: usize,
    /// The number of the unit.
    pub unit: usize,
    /// How much, each day where it recurs.
    pub quantity: i64,
    /// First and last day where it recurs.
    pub days: Option<(Day, Day)>,
}

/// A need as it is asked for.
#[derive(Clone, Debug)]
pub struct NewNeed {
    /// Category.
    pub category: Category,
    /// Region.
    pub region: Region,
    /// At least one line.
    pub lines: Vec<NewLine>,
    /// The people who are named.
    pub people: Vec<Name>,
    /// Urgency as asked.
    pub urgency: Urgency,
}

/// A claim as it is made.
#[derive(Clone, Copy, Debug)]
pub struct NewClaim {
    /// How much, each day where the line recurs.
    pub quantity: i64,
    /// First and last day where the line recurs.
    pub days: Option<(Day, Day)>,
    /// Confirmed at once, or held.
    pub confirmed: bool,
    /// A reason to match before the phone follow-up came with it.
    pub early_reason: bool,
}

/// What a command does.
#[derive(Clone, Debug)]
pub enum Act {
    /// One submission with its needs and the phones of its contacts.
    Submit { needs: Vec<NewNeed>, contacts: Vec<usize> },
    /// Spam, test.
    Reject { need: NeedId },
    /// One call about one or more needs, each with its conclusion and the urgency that was heard.
    Call { direction: Direction, outcome: Outcome, about: Vec<(NeedId, Option<Conclusion>, Option<Urgency>)> },
    /// A home visit.
    Visit { need: NeedId, conclusion: Conclusion },
    /// Urgency assessed.
    Assess { need: NeedId, urgency: Urgency },
    /// A case opened.
    OpenCase { need: NeedId },
    /// A response.
    Respond { need: NeedId, reached: i64, people: Vec<Who>, group_reason: bool },
    /// Stabilised, handed on, stood down or lost contact.
    EndCase { need: NeedId, how: Case },
    /// The summary others may see.
    Summarise { need: NeedId },
    /// Another quantity for a line.
    ChangeLine { need: NeedId, n: usize, wanted: i64 },
    /// One more line.
    AddLine { need: NeedId, line: NewLine },
    /// The rest of a line is not needed.
    CloseShort { need: NeedId, n: usize },
    /// Category corrected.
    CorrectCategory { need: NeedId, category: Category },
    /// Region corrected.
    CorrectRegion { need: NeedId, region: Region },
    /// People corrected: more names, and pairs who are one.
    CorrectPeople { need: NeedId, named: Vec<Name>, same: Vec<(PersonId, PersonId)> },
    /// The contacts of the addressed need replaced.
    CorrectContacts { need: NeedId, contacts: Vec<usize> },
    /// A claim on a line.
    Claim { need: NeedId, n: usize, claim: NewClaim },
    /// Held becomes confirmed.
    Confirm { claim: ClaimId, quantity: i64 },
    /// A claim given up.
    Release { claim: ClaimId },
    /// Part of a confirmed claim given back.
    GiveBack { claim: ClaimId, quantity: i64 },
    /// Progress on a held claim.
    Progress { claim: ClaimId },
    /// A delivery; the day where the claim is by day.
    Deliver { claim: ClaimId, day: Option<Day>, quantity: i64, step: Step, at_gate: bool },
    /// A later step of a delivery.
    StepDelivery { delivery: DeliveryId, step: Step, quantity: Option<i64>, at_gate: bool },
    /// The desk's own answer.
    Answer { need: NeedId },
    /// Referred to another body, which accepts by `due_at`.
    Refer { need: NeedId, due_at: Time },
    /// The n-th referral of the need's root accepted.
    Accept { need: NeedId, n: usize },
    /// Closed by the desk or by feedback.
    Close { need: NeedId },
    /// Cancelled.
    Cancel { need: NeedId },
    /// Reopened.
    Reopen { need: NeedId },
    /// The need becomes part of another; pairs of persons who are one.
    Merge { need: NeedId, into: NeedId, same: Vec<(PersonId, PersonId)> },
    /// The merge of this need undone.
    Unmerge { need: NeedId },
    /// One event voided, or its whole act.
    Void { fact: FactId, whole_act: bool },
    /// The requester's personal data erased.
    Erase { need: NeedId },
}

impl Act {
    /// What coverage counts it as.
    pub fn kind(&self) -> &'static str {
        match self {
            Act::Submit { needs, .. } if needs.len() > 1 => "submit several",
            Act::Submit { .. } => "submit",
            Act::Reject { .. } => "reject",
            Act::Call { direction: Direction::Incoming, .. } => "call in",
            Act::Call { about, .. } if about.len() > 1 => "call about several",
            Act::Call { .. } => "call out",
            Act::Visit { .. } => "visit",
            Act::Assess { .. } => "assess",
            Act::OpenCase { .. } => "open case",
            Act::Respond { .. } => "respond",
            Act::EndCase { how, .. } => how.word(),
            Act::Summarise { .. } => "summarise",
            Act::ChangeLine { .. } => "change line",
            Act::AddLine { .. } => "add line",
            Act::CloseShort { .. } => "close short",
            Act::CorrectCategory { .. } => "correct category",
            Act::CorrectRegion { .. } => "correct region",
            Act::CorrectPeople { .. } => "correct people",
            Act::CorrectContacts { .. } => "correct contacts",
            Act::Claim { claim, .. } if claim.days.is_some() => "claim by day",
            Act::Claim { claim, .. } if claim.confirmed => "claim confirmed",
            Act::Claim { .. } => "claim held",
            Act::Confirm { .. } => "confirm",
            Act::Release { .. } => "release",
            Act::GiveBack { .. } => "give back",
            Act::Progress { .. } => "progress",
            Act::Deliver { .. } => "deliver",
            Act::StepDelivery { .. } => "step delivery",
            Act::Answer { .. } => "answer",
            Act::Refer { .. } => "refer",
            Act::Accept { .. } => "accept",
            Act::Close { .. } => "close",
            Act::Cancel { .. } => "cancel",
            Act::Reopen { .. } => "reopen",
            Act::Merge { .. } => "merge",
            Act::Unmerge { .. } => "unmerge",
            Act::Void { whole_act: true, .. } => "void an act",
            Act::Void { .. } => "void",
            Act::Erase { .. } => "erase",
        }
    }
}
