//! Who may read contacts, and whether a reason must be typed. Pure.

use crate::accounts::model::{Actor, Grant, Role};
use crate::needs::scope::rules::Facts;

/// Who ever may.
pub const ROLES: &[Role] = &[Role::CommunityWorker, Role::Operator, Role::CaseWorker, Role::Coordinator];

/// What decides, besides where the need lies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Involved {
    /// Organisations with a claim on its root's group that is held, confirmed, or fulfilled while work on the need goes on.
    pub claimants: Vec<i64>,
    /// Whether a case was opened.
    pub case: bool,
    /// Organisations that took part in the case.
    pub responders: Vec<i64>,
}

/// What an actor may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// Whether a reason must be typed.
    pub reason: bool,
    /// Whether also of what is merged with the need.
    pub group: bool,
}

/// What the actor may read of a need: `own` says where it itself lies, `either` where it or its root does. `None`: nothing.
pub fn access(actor: &Actor, own: &Facts, either: &Facts, involved: &Involved) -> Option<Access> {
    let granted = |grant: &&Grant| ROLES.contains(&grant.role);
    let each = actor.grants.iter().filter(granted).filter_map(|grant| by_grant(grant, own, either, involved));
    each.reduce(|a, b| Access { reason: a.reason && b.reason, group: a.group || b.group })
}

fn by_grant(grant: &Grant, own: &Facts, either: &Facts, involved: &Involved) -> Option<Access> {
    let covers = |facts: &Facts| facts.places.iter().any(|place| grant.covers(place));
    let (reason, group) = match grant.role {
        Role::CommunityWorker if covers(own) || own.submitted_by.contains(&grant.organisation) => (false, false),
        Role::Coordinator if involved.claimants.contains(&grant.organisation) => (false, false),
        Role::CaseWorker if involved.case && covers(either) => (!involved.responders.contains(&grant.organisation), false),
        Role::Operator if covers(either) => (true, true),
        _ => return None,
    };
    Some(Access { reason, group })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "61/6101/610113/";

    fn actor(roles: &[Role]) -> Actor {
        let grant = |role: &Role| Grant { role: *role, region_path: HERE.into(), organisation: 7 };
        Actor { grants: roles.iter().map(grant).collect(), ..Actor::default() }
    }

    fn facts(place: &str, submitted_by: &[i64]) -> Facts {
        Facts { places: vec![place.into()], submitted_by: submitted_by.into(), ..Facts::default() }
    }

    #[test]
    fn a_reason_is_typed_outside_what_is_own() {
        use Role::*;
        let (here, there, ours) = (facts(HERE, &[]), facts("61/6101/610112/", &[]), facts("61/6101/610112/", &[7]));
        let nothing = Involved::default();
        let claimed = Involved { claimants: vec![7], ..Involved::default() };
        let (theirs, own) =
            (Involved { case: true, ..Involved::default() }, Involved { case: true, responders: vec![7], ..Involved::default() });
        let access = |roles: &[Role], facts: &Facts, involved: &Involved| {
            super::access(&actor(roles), facts, facts, involved).map(|access| (access.reason, access.group))
        };
        for (roles, facts, involved, expected) in [
            (&[CommunityWorker][..], &here, &nothing, Some((false, false))),
            (&[CommunityWorker], &there, &claimed, None),
            (&[CommunityWorker], &ours, &nothing, Some((false, false))),
            (&[Coordinator], &here, &nothing, None),
            (&[Coordinator], &there, &claimed, Some((false, false))),
            (&[CaseWorker], &here, &nothing, None),
            (&[CaseWorker], &here, &theirs, Some((true, false))),
            (&[CaseWorker], &here, &own, Some((false, false))),
            (&[CaseWorker], &there, &own, None),
            (&[Operator], &here, &nothing, Some((true, true))),
            (&[Operator], &there, &claimed, None),
            (&[Operator, CommunityWorker], &here, &nothing, Some((false, true))),
            (&[Supervisor, Admin, DataOfficer, Volunteer, OrgAdmin], &here, &own, None),
        ] {
            assert_eq!(access(roles, facts, involved), expected, "{roles:?} {facts:?} {involved:?}");
        }
    }

    #[test]
    fn a_merged_need_of_elsewhere_keeps_its_own_contact() {
        let (own, either) =
            (facts("61/6101/610112/", &[]), Facts { places: vec!["61/6101/610112/".into(), HERE.into()], ..Facts::default() });
        assert_eq!(access(&actor(&[Role::CommunityWorker]), &own, &either, &Involved::default()), None);
        assert!(access(&actor(&[Role::Operator]), &own, &either, &Involved::default()).is_some());
    }
}
