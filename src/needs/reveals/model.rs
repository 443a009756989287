//! What a reveal asks for and answers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::Reference;
use crate::ledger::texts::Words;
use crate::needs::model::{ContactFlag, ContactRole};

/// Asks for contacts.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// Why; not needed within the own community, for an own claim or an own case.
    #[schema(max_length = 1000)]
    pub reason: Option<String>,
}

/// Contacts in full.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Revealed {
    /// The need that was asked for.
    pub reference: Reference,
    /// It, and for operators what is merged with it.
    pub needs: Vec<RevealedNeed>,
    /// Words beside its events; for operators.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<RevealedWords>,
}

/// One need in full.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RevealedNeed {
    /// Its reference.
    pub reference: Reference,
    /// Whom to call.
    pub contacts: Vec<RevealedContact>,
    /// Whom it is for, as far as they are named.
    pub people: Vec<RevealedPerson>,
    /// Where to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The matter in own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// Whom to call.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RevealedContact {
    /// Its number within the need.
    pub n: i64,
    /// Who that is.
    pub role: ContactRole,
    /// The name.
    pub name: String,
    /// The phone, as it is dialled in mainland China.
    pub phone: String,
    /// What whoever calls should know.
    pub flags: Vec<ContactFlag>,
}

/// A named person.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RevealedPerson {
    /// The person's reference.
    pub reference: Reference,
    /// The name.
    pub name: String,
    /// The own phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// Words beside an event.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RevealedWords {
    /// The event.
    pub event: Reference,
    /// What they are.
    pub kind: Words,
    /// The words.
    pub text: String,
}
