//! What a scenario is before it is played: commands in the order of time, as clients would send them. Pure values; needs, claims and
//! deliveries are numbers here and get their references when they are played.

use crate::clock::Time;
use crate::ledger::model::*;
use crate::needs::model::{ContactFlag, ContactRole};
use crate::organisations::model::Kind as OrganisationKind;

/// A need's number in the plan.
pub type NeedNo = usize;
/// A claim's.
pub type ClaimNo = usize;
/// A delivery's.
pub type DeliveryNo = usize;
/// An organisation's.
pub type OrganisationNo = usize;

/// A whole scenario.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Its organisations; commands name them by their place here.
    pub organisations: Vec<OrganisationPlan>,
    /// The commands, by the instant they are recorded at.
    pub steps: Vec<Step>,
}

/// An organisation that takes part.
#[derive(Clone, Debug)]
pub struct OrganisationPlan {
    /// Its invented name.
    pub name: String,
    /// Its kind.
    pub kind: OrganisationKind,
    /// Code of its region.
    pub region: Option<String>,
}

/// One command.
#[derive(Clone, Debug)]
pub struct Step {
    /// The instant the platform learns of it: what the clock shows.
    pub at: Time,
    /// When it occurred, where that is told; else at that instant.
    pub occurred: Option<Time>,
    /// Why it is entered late, where it lies back.
    pub late: Option<&'static str>,
    /// Who sends it.
    pub by: By,
    /// The command.
    pub command: Command,
    /// What a later command takes back is found by this number.
    pub label: Option<u32>,
}

impl Step {
    /// When it counts.
    pub fn occurred_at(&self) -> Time {
        self.occurred.unwrap_or(self.at)
    }
}

/// Who sends a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Somebody without account.
    Public,
    /// An operator of the desk.
    Operator,
    /// A community worker of an organisation.
    Worker(OrganisationNo),
    /// A case worker of an organisation.
    CaseWorker(OrganisationNo),
    /// A coordinator of an organisation.
    Coordinator(OrganisationNo),
    /// The program: jobs, and the closing of the incident.
    Program,
}

/// What is sent.
#[derive(Clone, Debug)]
pub enum Command {
    /// One submission with its needs, which get the numbers from `first` on.
    Submit { first: NeedNo, needs: Vec<NeedPlan>, contacts: Vec<Contact>, source: Source },
    /// Spam and tests.
    Reject { need: NeedNo },
    /// One call, with a conclusion for each need where there is one.
    Call {
        direction: Direction,
        medium: Medium,
        purpose: Purpose,
        outcome: Outcome,
        about: Vec<(NeedNo, Option<Conclusion>, Option<Urgency>)>,
    },
    /// A visit at home.
    Visit { need: NeedNo, conclusion: Conclusion },
    /// Urgency, without a call.
    Assess { need: NeedNo, urgency: Urgency },
    /// What others may see of the need, in words.
    Summarise { need: NeedNo, text: String },
    /// A case is opened.
    OpenCase { need: NeedNo },
    /// People in danger are reached.
    Respond { need: NeedNo, reached: i64, people: Vec<Named>, group_reason: Option<&'static str> },
    /// A case ends.
    EndCase { need: NeedNo, end: CaseEnd },
    /// A line asks for another quantity.
    ChangeLine { need: NeedNo, n: i64, quantity: i64 },
    /// The rest of a line is not needed.
    CloseShort { need: NeedNo, n: i64 },
    /// The contacts of a need are corrected.
    CorrectContacts { need: NeedNo, contacts: Vec<Contact> },
    /// The category is corrected.
    CorrectCategory { need: NeedNo, category: Category },
    /// The region is corrected.
    CorrectRegion { need: NeedNo, region: String },
    /// A quantity of a line is taken on, out of own means.
    Claim { claim: ClaimNo, need: NeedNo, n: i64, quantity: i64, held: bool, days: Option<(i64, i64)>, planned_at: Option<Time> },
    /// A held claim is confirmed.
    Confirm { claim: ClaimNo, quantity: i64, planned_at: Time },
    /// Progress is logged, and a held claim lives on.
    Progress { claim: ClaimNo, text: &'static str },
    /// A claim is given up.
    Release { claim: ClaimNo, reason: &'static str },
    /// A part of a confirmed claim is given back.
    GiveBack { claim: ClaimNo, quantity: i64 },
    /// A delivery begins.
    Deliver { delivery: DeliveryNo, claim: ClaimNo, day: Option<i64>, quantity: i64, step: DeliveryStep, at_gate: bool },
    /// A delivery goes on.
    Advance { delivery: DeliveryNo, step: DeliveryStep, quantity: Option<i64>, at_gate: bool },
    /// The desk answers by itself.
    Answer { need: NeedNo, text: &'static str },
    /// Handed to the body that decides.
    Refer { need: NeedNo, n: i64, body: &'static str, due_at: Time },
    /// That body accepts.
    AcceptReferral { need: NeedNo, n: i64, accepted_by: &'static str, receipt: String },
    /// Work is done.
    Close { need: NeedNo },
    /// The need is withdrawn.
    Cancel { need: NeedNo, reason: CancelReason },
    /// Work goes on.
    Reopen { need: NeedNo },
    /// Two needs are one; pairs of people who are one, by name.
    Merge { from: NeedNo, into: NeedNo, same_people: Vec<(Named, Named)> },
    /// They are not.
    Unmerge { need: NeedNo },
    /// The labelled command is taken back.
    Void { label: u32, reason: &'static str },
    /// What is due is appended, as the job does.
    Sweep,
    /// The incident ends.
    CloseIncident,
}

pub use crate::cases::model::End as CaseEnd;
pub use crate::ledger::model::Step as DeliveryStep;

/// A need as it is submitted.
#[derive(Clone, Debug)]
pub struct NeedPlan {
    /// What is asked for.
    pub category: Category,
    /// Code of its region, where it is known.
    pub region: Option<String>,
    /// How urgent it is said to be.
    pub urgency: Urgency,
    /// Its lines.
    pub lines: Vec<LinePlan>,
    /// How many people it is for.
    pub people: i64,
    /// Who of them is named.
    pub named: Vec<Named>,
    /// Which groups they belong to.
    pub groups: Vec<PeopleGroup>,
    /// The description, in the requester's words.
    pub description: String,
    /// Where to, within the region.
    pub address: Option<String>,
}

/// A line as it is submitted.
#[derive(Clone, Debug)]
pub struct LinePlan {
    /// The item or service.
    pub item: &'static str,
    /// How much (per day, where it recurs).
    pub quantity: i64,
    /// In what unit.
    pub unit: &'static str,
    /// First and last day, where it recurs: days since 1970-01-01.
    pub days: Option<(i64, i64)>,
}

/// A person with a name, and an own phone where there is one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Named {
    /// The invented name.
    pub name: String,
    /// The phone, of a range that is in use nowhere.
    pub phone: Option<String>,
}

/// Whom to call about a need.
#[derive(Clone, Debug)]
pub struct Contact {
    /// Who that is to the people.
    pub role: ContactRole,
    /// The invented name.
    pub name: String,
    /// The phone, of a range that is in use nowhere.
    pub phone: String,
    /// What a caller should know.
    pub flags: Vec<ContactFlag>,
}
