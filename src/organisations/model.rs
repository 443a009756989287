//! What an organisation is, its kinds and states.

use crate::clock::Time;
use crate::ids::Reference;

crate::codes! {
    /// What kind of body it is.
    pub Kind {
        /// 社区(村)
        Community = "community",
        /// 社会组织
        Social = "social",
        /// 政府部门
        Government = "government",
        /// 企业
        Enterprise = "enterprise",
        /// 值班台: those who verify, triage and count, one for each incident.
        Desk = "desk",
    }
}

crate::codes! {
    /// Where it stands. Whatever its members hold counts only while it is verified.
    pub OrganisationState {
        /// Not looked at yet.
        Pending = "pending",
        /// Known to be what it says it is.
        Verified = "verified",
        /// Shut out for the time being.
        Suspended = "suspended",
    }
}

/// An organisation.
#[derive(Clone, Debug, PartialEq)]
pub struct Organisation {
    /// Its row.
    pub id: i64,
    /// What stands for it outside.
    pub reference: Reference,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// Where it stands.
    pub state: OrganisationState,
    /// Its unified social credit code (统一社会信用代码).
    pub credit_code: Option<String>,
    /// Code of the region it belongs to.
    pub region: Option<String>,
    /// Rises with every change of this row.
    pub version: i64,
    /// When it was created here.
    pub created_at: Time,
}

/// An organisation to be created.
#[derive(Clone, Debug)]
pub struct NewOrganisation {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// Its credit code, as it was typed.
    pub credit_code: Option<String>,
    /// Code of the region it belongs to.
    pub region: Option<String>,
    /// Whether it is verified at once.
    pub verified: bool,
}

/// What is to change; the rest stays.
#[derive(Clone, Debug, Default)]
pub struct OrganisationChange {
    /// Its name.
    pub name: Option<String>,
    /// Its kind.
    pub kind: Option<Kind>,
    /// Its credit code, as it was typed.
    pub credit_code: Option<String>,
    /// Code of the region it belongs to.
    pub region: Option<String>,
}

/// Which organisations a list shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Those that joined this incident.
    pub incident: Option<i64>,
    /// Those in this state.
    pub state: Option<OrganisationState>,
    /// Those of this kind.
    pub kind: Option<Kind>,
    /// Those after the one that was created then, by its row.
    pub after: Option<(Time, i64)>,
    /// At most so many.
    pub limit: i64,
}
