//! Who may give which roles, and whose accounts somebody may change.

use super::model::{Actor, Grant, Held, Role};
use crate::error::{Refusal, RefusalCode};

/// Roles that work inside an organisation, so that who administers it may give them.
const fn inside(role: Role) -> bool {
    matches!(role, Role::CommunityWorker | Role::CaseWorker | Role::Coordinator | Role::OrgAdmin | Role::Volunteer)
}

/// Whether an actor may give a role to members of an organisation. An admin of the incident may give any; who administers an organisation may
/// give those that work inside it, to its own members.
pub fn may_give(actor: &Actor, organisation: i64, role: Role) -> bool {
    actor.has(Role::Admin) || (inside(role) && administers(actor, organisation))
}

/// Whether an actor administers an organisation: its own, or any as an admin of the incident.
pub fn administers(actor: &Actor, organisation: i64) -> bool {
    actor.has(Role::Admin) || actor.grants_of(Role::OrgAdmin).any(|grant| grant.organisation == organisation)
}

/// An account may be suspended, or given a new password, only by somebody who could have given it every role that it holds, in whichever
/// incident: else an admin of one incident could act in another.
pub fn within(held: &[Held], caller: &[(i64, Grant)]) -> Result<(), Refusal> {
    let could_give = |held: &Held| {
        caller.iter().filter(|(incident, _)| *incident == held.incident).any(|(_, grant)| match grant.role {
            Role::Admin => true,
            Role::OrgAdmin => grant.organisation == held.organisation && inside(held.role),
            _ => false,
        })
    };
    if held.iter().all(could_give) { Ok(()) } else { Err(Refusal::new(RefusalCode::HoldsRolesElsewhere)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(role: Role) -> Grant {
        Grant { role, region_path: String::new(), organisation: 7 }
    }

    #[test]
    fn an_organisation_gives_no_power_beyond_itself() {
        let actor = |role| Actor { grants: vec![grant(role)], ..Actor::default() };
        assert!(may_give(&actor(Role::Admin), 8, Role::Operator));
        assert!(may_give(&actor(Role::OrgAdmin), 7, Role::Coordinator));
        assert!(!may_give(&actor(Role::OrgAdmin), 8, Role::Coordinator));
        for role in [Role::Admin, Role::Operator, Role::Supervisor, Role::DataOfficer] {
            assert!(!may_give(&actor(Role::OrgAdmin), 7, role));
        }
        assert!(!may_give(&actor(Role::Coordinator), 7, Role::Volunteer));
    }

    #[test]
    fn nobody_reaches_beyond_what_they_could_have_given() {
        let held = |incident, organisation, role| Held { incident, organisation, role };
        let admin = [(1, grant(Role::Admin))];
        assert!(within(&[held(1, 9, Role::Operator)], &admin).is_ok());
        assert!(within(&[held(1, 9, Role::Operator), held(3, 9, Role::Volunteer)], &admin).is_err());
        let head = [(1, grant(Role::OrgAdmin))];
        assert!(within(&[held(1, 7, Role::Coordinator)], &head).is_ok());
        for beyond in [held(1, 8, Role::Coordinator), held(2, 7, Role::Coordinator), held(1, 7, Role::Admin)] {
            assert!(within(&[beyond], &head).is_err(), "{beyond:?}");
        }
        assert!(within(&[], &head).is_ok());
    }
}
