//! Words that several parts of this feature share. Codes and meanings are those of the domain handbook.

use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::model::Role;
use crate::ledger::model::{Closure, DeliveryAxis, Matching, Phone, Urgent};

/// Who reads needs, masked.
pub const READERS: &[Role] = &[Role::CommunityWorker, Role::Operator, Role::CaseWorker, Role::Coordinator, Role::Supervisor];

/// Who sees masked contacts in lists: those who speak with the requesters.
pub const SPEAKERS: &[Role] = &[Role::CommunityWorker, Role::Operator];

/// The axes of a need.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Axes {
    /// Phone follow-up.
    pub phone: Phone,
    /// Urgent response.
    pub urgent: Urgent,
    /// Matching.
    pub matching: Matching,
    /// Delivery.
    pub delivery: DeliveryAxis,
    /// Closure.
    pub closure: Closure,
}

/// A region in an answer.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RegionView {
    /// Its code.
    pub code: String,
    /// Names from the province down.
    pub name: String,
}

crate::codes! {
    /// Who a contact is to those whom the need is for.
    pub ContactRole {
        Person = "person", Relative = "relative", Community = "community", Neighbour = "neighbour", Organisation = "organisation",
        Other = "other",
    }
}

crate::codes! {
    /// What whoever calls should know.
    pub ContactFlag {
        /// Can't hear: text only.
        TextOnly = "text_only",
        /// Call before coming.
        CallFirst = "call_first",
        /// Speak slowly.
        SpeakSlowly = "speak_slowly",
        /// Speaks a dialect.
        Dialect = "dialect",
        /// May be called at night.
        NightCalls = "night_calls",
    }
}

crate::codes! {
    /// Who pays.
    pub Payer {
        /// 自付
        OwnMeans = "self",
        /// 需资助
        AidWanted = "aid_wanted",
        /// 医保
        Insurance = "insurance",
        /// 待确认
        Unknown = "unknown",
    }
}

/// Most characters of a name.
pub const NAME_LIMIT: usize = 40;

/// A name as lists show it: its first character.
pub fn masked_name(name: &str) -> String {
    name.chars().next().map_or_else(String::new, |first| format!("{first}*"))
}
