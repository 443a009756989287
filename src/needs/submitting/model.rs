//! Submissions: as they are sent in, as they were read, and as they go into the database.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::Reference;
use crate::ledger::Act;
use crate::ledger::model::{Category, PeopleGroup, Source, Stage, Urgency};
use crate::ledger::texts::SealedWords;
use crate::ledger::when::Told;
use crate::needs::contacts::{Contact, NewContact, SealedContact};
use crate::needs::lines::model::{Line, NewLine};
use crate::needs::people::{NewPerson, Person, PreparedPerson};

/// One need that is sent in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNeed {
    /// What is asked for.
    pub category: Category,
    /// Code of the region it is in; null where it is not known.
    #[schema(pattern = "^[0-9]{12}$")]
    pub region: Option<String>,
    /// What is asked for in detail, 1 to 50 lines.
    #[schema(min_items = 1, max_items = 50)]
    pub lines: Vec<NewLine>,
    /// Whom it is for.
    pub people: NewPeople,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Whom to call, 1 to 8.
    #[schema(min_items = 1, max_items = 8)]
    pub contacts: Vec<NewContact>,
    /// The matter in own words; only shown with the contacts.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub description: String,
    /// Where to; only shown with the contacts.
    #[schema(max_length = 200)]
    pub address: Option<String>,
    /// Which way it came in; for operators and community workers.
    pub source: Option<Source>,
    /// When it was sent in, RFC 3339: for what comes from paper or an offline phone.
    pub occurred_at: Option<String>,
    /// Why it is entered late.
    #[schema(max_length = 500)]
    pub late_reason: Option<String>,
    /// What the device said the time was; kept, not counted.
    pub device_at: Option<String>,
}

/// Several needs that are sent in at once, with the same contacts.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSubmission {
    /// Whom to call, 1 to 8.
    #[schema(min_items = 1, max_items = 8)]
    pub contacts: Vec<NewContact>,
    /// The needs, 1 to 30.
    #[schema(min_items = 1, max_items = 30)]
    pub needs: Vec<NewPart>,
    /// Which way it came in; for operators and community workers.
    pub source: Option<Source>,
    /// When it was sent in, RFC 3339: for what comes from paper or an offline phone.
    pub occurred_at: Option<String>,
    /// Why it is entered late.
    #[schema(max_length = 500)]
    pub late_reason: Option<String>,
    /// What the device said the time was; kept, not counted.
    pub device_at: Option<String>,
}

/// One need of several.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPart {
    /// What is asked for.
    pub category: Category,
    /// Code of the region it is in; null where it is not known.
    #[schema(pattern = "^[0-9]{12}$")]
    pub region: Option<String>,
    /// What is asked for in detail, 1 to 50 lines.
    #[schema(min_items = 1, max_items = 50)]
    pub lines: Vec<NewLine>,
    /// Whom it is for.
    pub people: NewPeople,
    /// How urgent it is.
    pub urgency: Urgency,
    /// The matter in own words; only shown with the contacts.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub description: String,
    /// Where to; only shown with the contacts.
    #[schema(max_length = 200)]
    pub address: Option<String>,
}

/// Whom a need is for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPeople {
    /// How many.
    #[schema(minimum = 1, maximum = 100_000)]
    pub count: i64,
    /// Those who are named.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub named: Vec<NewPerson>,
    /// Groups they belong to.
    #[serde(default)]
    #[schema(max_items = 17)]
    pub groups: Vec<PeopleGroup>,
}

impl From<NewNeed> for NewSubmission {
    fn from(new: NewNeed) -> Self {
        let NewNeed { category, region, lines, people, urgency, description, address, .. } = new;
        NewSubmission {
            contacts: new.contacts,
            needs: vec![NewPart { category, region, lines, people, urgency, description, address }],
            source: new.source,
            occurred_at: new.occurred_at,
            late_reason: new.late_reason,
            device_at: new.device_at,
        }
    }
}

/// A submission that was read.
#[derive(Clone, Debug)]
pub struct Submission {
    pub contacts: Vec<Contact>,
    pub needs: Vec<Part>,
    pub source: Source,
    pub told: Told,
}

/// One of its needs.
#[derive(Clone, Debug)]
pub struct Part {
    /// Where it stood in the body: empty, or `/needs/0`.
    pub pointer: String,
    pub category: Category,
    pub region: Option<String>,
    pub lines: Vec<Line>,
    pub people: i64,
    pub named: Vec<Person>,
    pub groups: Vec<PeopleGroup>,
    pub urgency: Urgency,
    pub description: String,
    pub address: Option<String>,
}

/// A submission with everything that is random or sealed, ready for the write.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub(super) reference: Reference,
    pub(super) act: Act,
    pub(super) source: Source,
    pub(super) told: Told,
    pub(super) late_reason: Option<SealedWords>,
    /// The secret of its link, for whoever has no account.
    pub(super) secret: Option<String>,
    pub(super) needs: Vec<PreparedNeed>,
}

impl Prepared {
    /// The references that its needs will have, in their order, each with those of the people it names, unless they are known already.
    pub fn references(&self) -> impl Iterator<Item = (&Reference, Vec<&Reference>)> {
        self.needs.iter().map(|need| (&need.reference, need.named.iter().map(PreparedPerson::reference).collect()))
    }
}

/// One of its needs.
#[derive(Clone, Debug)]
pub struct PreparedNeed {
    pub(super) reference: Reference,
    pub(super) part: Part,
    /// How many numbers can be called.
    pub(super) numbers: i64,
    pub(super) description_sealed: Option<Vec<u8>>,
    pub(super) address_sealed: Option<Vec<u8>>,
    pub(super) contacts: Vec<SealedContact>,
    pub(super) named: Vec<PreparedPerson>,
}

/// What was submitted.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Submitted {
    /// The submission's reference.
    pub reference: Reference,
    /// Its needs, in the order they were sent in.
    pub needs: Vec<SubmittedNeed>,
    /// When it counts as submitted, RFC 3339.
    pub submitted_at: String,
    /// The page that only who knows it can open; given once, to whoever has no account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_link: Option<String>,
}

/// One of its needs.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SubmittedNeed {
    /// Its row.
    #[serde(skip)]
    pub id: i64,
    /// Its reference.
    pub reference: Reference,
    /// Where it stands.
    pub stage: Stage,
}
