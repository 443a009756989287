//! Whether an actor finds a need, from what is known about it. Pure.

use super::model::Part;
use crate::accounts::model::{Actor, Role};

/// What decides it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Where it and its root lie: codes from the root of the regions down; empty without region.
    pub places: Vec<String>,
    /// The organisations that submitted it and its root.
    pub submitted_by: Vec<i64>,
    /// Work on its root goes on.
    pub open: bool,
    /// The organisations that hold live claims on its root's group; looked up only where they matter.
    pub claimed_by: Vec<i64>,
}

/// Whether a grant of one of the roles finds it.
pub fn finds(actor: &Actor, roles: &[Role], facts: &Facts) -> bool {
    actor.grants.iter().filter(|grant| roles.contains(&grant.role)).any(|grant| {
        let covered = facts.places.iter().any(|place| grant.covers(place));
        match grant.role {
            Role::CommunityWorker => covered || facts.submitted_by.contains(&grant.organisation),
            Role::Coordinator => (covered && facts.open) || facts.claimed_by.contains(&grant.organisation),
            _ => covered,
        }
    })
}

/// Whether claims could make the difference.
pub fn claims_matter(actor: &Actor, roles: &[Role]) -> bool {
    roles.contains(&Role::Coordinator) && actor.has(Role::Coordinator)
}

/// The parts that together are what an actor's grants of the roles may list; empty: nothing.
pub fn scope_filter(actor: &Actor, roles: &[Role]) -> Vec<Part> {
    let mut parts = Vec::new();
    for grant in actor.grants.iter().filter(|grant| roles.contains(&grant.role)) {
        match grant.role {
            Role::Coordinator => {
                parts.push(Part::OpenUnder(grant.region_path.clone()));
                parts.push(Part::ClaimedBy(grant.organisation));
            }
            _ if grant.region_path.is_empty() => return vec![Part::All],
            Role::CommunityWorker => {
                parts.push(Part::Under(grant.region_path.clone()));
                parts.push(Part::SubmittedBy(grant.organisation));
            }
            _ => parts.push(Part::Under(grant.region_path.clone())),
        }
    }
    let mut distinct: Vec<Part> = Vec::new();
    for part in parts {
        if !distinct.contains(&part) {
            distinct.push(part);
        }
    }
    distinct
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::model::Grant;

    const HERE: &str = "61/6101/610113/";

    fn actor(role: Role, region_path: &str) -> Actor {
        Actor { grants: vec![Grant { role, region_path: region_path.into(), organisation: 7 }], ..Actor::default() }
    }

    fn facts(place: &str, open: bool, submitted_by: &[i64], claimed_by: &[i64]) -> Facts {
        Facts { places: vec![place.into()], submitted_by: submitted_by.into(), open, claimed_by: claimed_by.into() }
    }

    #[test]
    fn who_finds_what() {
        use Role::*;
        let below = "61/6101/610113/610113003/";
        for (role, granted, facts, finds_it) in [
            (Operator, HERE, facts(below, false, &[], &[]), true),
            (Operator, HERE, facts("61/6101/610112/", true, &[7], &[7]), false),
            (Operator, HERE, facts("", true, &[], &[]), false),
            (Operator, "", facts("", true, &[], &[]), true),
            (Supervisor, HERE, facts(below, true, &[], &[]), true),
            (CaseWorker, HERE, facts(below, true, &[], &[]), true),
            (CommunityWorker, HERE, facts(below, false, &[], &[]), true),
            (CommunityWorker, HERE, facts("", true, &[7], &[]), true),
            (CommunityWorker, HERE, facts("", true, &[8], &[7]), false),
            (Coordinator, HERE, facts(below, true, &[], &[]), true),
            (Coordinator, HERE, facts(below, false, &[7], &[]), false),
            (Coordinator, HERE, facts("61/6101/610112/", true, &[], &[]), false),
            (Coordinator, HERE, facts("61/6101/610112/", false, &[], &[8, 7]), true),
            (Coordinator, "", facts("", true, &[], &[]), true),
            (Volunteer, "", facts(below, true, &[7], &[7]), false),
            (Admin, "", facts(below, true, &[7], &[7]), false),
        ] {
            let asked = [Operator, Supervisor, CaseWorker, CommunityWorker, Coordinator];
            assert_eq!(finds(&actor(role, granted), &asked, &facts), finds_it, "{role} {granted} {facts:?}");
            assert!(!finds(&actor(role, granted), &[], &facts), "no role was asked");
        }
    }

    #[test]
    fn what_is_merged_opens_from_both_places() {
        let both = Facts { places: vec![HERE.into(), "61/6101/610112/".into()], ..Facts::default() };
        assert!(finds(&actor(Role::Operator, HERE), &[Role::Operator], &both));
        assert!(finds(&actor(Role::Operator, "61/6101/610112/"), &[Role::Operator], &both));
    }

    #[test]
    fn lists_show_the_parts_of_all_grants() {
        let mut actor = actor(Role::CommunityWorker, HERE);
        let asked = [Role::CommunityWorker, Role::Coordinator, Role::Operator];
        assert_eq!(scope_filter(&actor, &asked), [Part::Under(HERE.into()), Part::SubmittedBy(7)]);
        actor.grants.push(Grant { role: Role::Coordinator, region_path: String::new(), organisation: 7 });
        let coordinates = [Part::OpenUnder(String::new()), Part::ClaimedBy(7)];
        assert_eq!(scope_filter(&actor, &asked)[2..], coordinates);
        assert_eq!(scope_filter(&actor, &[Role::Coordinator]), coordinates);
        actor.grants.push(Grant { role: Role::Operator, region_path: String::new(), organisation: 9 });
        assert_eq!(scope_filter(&actor, &asked), [Part::All]);
        assert_eq!(scope_filter(&actor, &[Role::Supervisor]), []);
    }
}
