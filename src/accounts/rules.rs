//! Who may give which roles, and whose accounts an admin may change.

use super::model::{Actor, Role};
use crate::error::{Refusal, RefusalCode};

/// Whether an actor may give a role to members of an organisation. An admin of the incident may give any; who administers an organisation may
/// give those that work inside it, to its own members.
pub fn may_give(actor: &Actor, organisation: i64, role: Role) -> bool {
    let inside = matches!(role, Role::CommunityWorker | Role::CaseWorker | Role::Coordinator | Role::OrgAdmin | Role::Volunteer);
    actor.has(Role::Admin) || (inside && administers(actor, organisation))
}

/// Whether an actor administers an organisation: its own, or any as an admin of the incident.
pub fn administers(actor: &Actor, organisation: i64) -> bool {
    actor.has(Role::Admin) || actor.grants_of(Role::OrgAdmin).any(|grant| grant.organisation == organisation)
}

/// An account may be suspended, or given a new password, only by somebody who administers every incident in which it holds a role: else an
/// admin of one incident could act in another.
pub fn only_within(held: &[(i64, Role)], administers: &[i64]) -> Result<(), Refusal> {
    if held.iter().all(|(incident, _)| administers.contains(incident)) {
        return Ok(());
    }
    Err(Refusal::new(RefusalCode::HoldsRolesElsewhere))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::model::Grant;

    #[test]
    fn an_organisation_gives_no_power_beyond_itself() {
        let actor = |role| Actor { grants: vec![Grant { role, region_path: String::new(), organisation: 7 }], ..Actor::default() };
        assert!(may_give(&actor(Role::Admin), 8, Role::Operator));
        assert!(may_give(&actor(Role::OrgAdmin), 7, Role::Coordinator));
        assert!(!may_give(&actor(Role::OrgAdmin), 8, Role::Coordinator));
        for role in [Role::Admin, Role::Operator, Role::Supervisor, Role::DataOfficer] {
            assert!(!may_give(&actor(Role::OrgAdmin), 7, role));
        }
        assert!(!may_give(&actor(Role::Coordinator), 7, Role::Volunteer));
    }

    #[test]
    fn an_admin_reaches_into_no_other_incident() {
        assert!(only_within(&[(1, Role::Operator)], &[1, 2]).is_ok());
        assert!(only_within(&[(1, Role::Operator), (3, Role::Volunteer)], &[1, 2]).is_err());
    }
}
