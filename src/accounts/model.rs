//! Accounts, memberships, roles, grants, and the actor of a command.

use crate::ids::Reference;

crate::codes! {
    /// What a person may do, granted per incident and region subtree.
    pub Role {
        /// 社区工作者: needs of its community.
        CommunityWorker = "community_worker",
        /// 核实员: calls, triage, merging.
        Operator = "operator",
        /// 个案社工: urgent response.
        CaseWorker = "case_worker",
        /// 对接专员: offers, claims, deliveries.
        Coordinator = "coordinator",
        /// 组织管理员: members of its organisation.
        OrgAdmin = "org_admin",
        /// 志愿者: stops of own shifts.
        Volunteer = "volunteer",
        /// 督导员: its regions, masked.
        Supervisor = "supervisor",
        /// 数据专员: figures, exact.
        DataOfficer = "data_officer",
        /// 管理员: organisations, users, policy; no contacts.
        Admin = "admin",
    }
}

impl Role {
    /// Whether the desk (值班台) takes this role where no organisation is named.
    pub const fn of_the_desk(self) -> bool {
        matches!(self, Role::Operator | Role::Supervisor | Role::DataOfficer | Role::Admin)
    }
}

crate::codes! {
    /// Where a membership stands. Only active members of verified organisations can do anything.
    pub MembershipState {
        /// Asked, has not signed in yet.
        Invited = "invited",
        /// Belongs to the organisation.
        Active = "active",
        /// No longer does.
        Ended = "ended",
    }
}

crate::codes! {
    /// Where an account stands.
    pub UserState {
        /// May sign in.
        Active = "active",
        /// May not.
        Suspended = "suspended",
    }
}

/// An account as it is stored.
#[derive(Clone)]
pub struct User {
    /// Its row.
    pub id: i64,
    /// What stands for it outside.
    pub reference: Reference,
    /// Its login, sealed.
    pub login_sealed: Vec<u8>,
    /// The name it is known by, sealed.
    pub name_sealed: Option<Vec<u8>>,
    /// The hash of its password; none until one is chosen.
    pub password_hash: Option<String>,
    /// Where it stands.
    pub state: UserState,
    /// Rises with every change of its state.
    pub version: i64,
}

/// An account's place in an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Its row.
    pub id: i64,
    /// What stands for it outside.
    pub reference: Reference,
    /// Row of the account.
    pub account: i64,
    /// Row of the organisation.
    pub organisation: i64,
    /// Where it stands.
    pub state: MembershipState,
    /// Rises with every change of its state or roles.
    pub version: i64,
}

/// A role that an account holds, whether it counts at the moment or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Row of the incident.
    pub incident: i64,
    /// Row of the organisation.
    pub organisation: i64,
    /// The role.
    pub role: Role,
}

/// A role in one incident that counts now: the membership is active, the organisation verified and joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Codes from the root down to the granted region, each followed by `/`; empty where the grant spans the whole incident.
    pub region_path: String,
    /// Row of the organisation it is held in.
    pub organisation: i64,
}

impl Grant {
    /// Whether a place (its codes from the root down) lies in the granted subtree.
    pub fn covers(&self, region_path: &str) -> bool {
        region_path.starts_with(&self.region_path)
    }
}

/// Who acts, within one incident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actor {
    /// Row of the account; none for the public and the system.
    pub user: Option<i64>,
    /// Row of the organisation acted for: the one whose grant opened the door.
    pub organisation: Option<i64>,
    /// Row of the session.
    pub session: Option<i64>,
    /// What the account may do in this incident.
    pub grants: Vec<Grant>,
}

impl Actor {
    /// Somebody without an account.
    pub fn anonymous() -> Self {
        Actor::default()
    }

    /// The program itself: jobs, scenarios, the command line.
    pub fn system() -> Self {
        Actor::default()
    }

    /// Whether it holds a role anywhere in the incident.
    pub fn has(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }

    /// Whether it holds one of the roles anywhere in the incident.
    pub fn has_any(&self, roles: &[Role]) -> bool {
        self.grants.iter().any(|grant| roles.contains(&grant.role))
    }

    /// Whether it holds a role over a place.
    pub fn has_over(&self, role: Role, region_path: &str) -> bool {
        self.grants.iter().any(|grant| grant.role == role && grant.covers(region_path))
    }

    /// Its grants of one role.
    pub fn grants_of(&self, role: Role) -> impl Iterator<Item = &Grant> {
        self.grants.iter().filter(move |grant| grant.role == role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_covers_its_subtree_and_nothing_beside_it() {
        let grant = |path: &str| Grant { role: Role::CommunityWorker, region_path: path.into(), organisation: 1 };
        let actor = Actor { grants: vec![grant("61/6101/610113/")], ..Actor::default() };
        assert!(actor.has_over(Role::CommunityWorker, "61/6101/610113/610113003/"));
        assert!(!actor.has_over(Role::CommunityWorker, "61/6101/610112/"));
        assert!(!actor.has_over(Role::Operator, "61/6101/610113/"));
        assert!(grant("").covers("61/"));
    }
}
