//! What follows from counted amounts, and who sees which rows exactly.

use super::model::*;
use crate::accounts::model::{Actor, Role};
use crate::counters::model::{Amounts, Counter};
use crate::incidents::model::PublicFigures;

/// Which rows somebody sees exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// All of them.
    Exact,
    /// The districts in these regions (paths of codes), none where there are none.
    Within(Vec<String>),
}

impl Sight {
    /// Whether a row is seen exactly: by the path of its district, none for what is counted in no district.
    pub fn sees(&self, path: Option<&str>) -> bool {
        match self {
            Sight::Exact => true,
            Sight::Within(regions) => path.is_some_and(|path| regions.iter().any(|region| path.starts_with(region))),
        }
    }

    /// Whether any row can be seen exactly.
    pub fn is_public(&self) -> bool {
        matches!(self, Sight::Within(regions) if regions.is_empty())
    }
}

/// What somebody sees of an incident's figures; none where it does not even learn of them. The data officer sees every row exactly, the
/// supervisor those of its regions, other members what the public would; the public only what the incident publishes.
pub fn sight(actor: &Actor, published: PublicFigures, area_path: &str) -> Option<Sight> {
    if actor.grants.is_empty() && published != PublicFigures::Live {
        return None;
    }
    let supervised: Vec<String> = actor.grants_of(Role::Supervisor).map(|grant| grant.region_path.clone()).collect();
    if actor.has(Role::DataOfficer) || supervised.iter().any(|region| area_path.starts_with(region)) {
        return Some(Sight::Exact);
    }
    Some(Sight::Within(supervised))
}

/// The gaps, as differences of sets.
pub fn gaps(total: &Amounts) -> Gaps {
    let [collected, phoned, matched, both] =
        [Counter::Collected, Counter::PhoneVerified, Counter::ResourceMatched, Counter::PhonedAndMatched].map(|c| total.get(c));
    Gaps {
        not_phoned: collected - phoned,
        not_matched: collected - matched,
        phoned_not_matched: phoned - both,
        bridge: (matched > both).then_some(matched - both),
    }
}

/// What stands beside the phone follow-up.
pub fn phone_follow_up(total: &Amounts) -> PhoneFollowUp {
    PhoneFollowUp {
        conclusions: Conclusions {
            genuine: total.get(Counter::Genuine),
            genuine_changed: total.get(Counter::GenuineChanged),
            already_solved: total.get(Counter::AlreadySolved),
            not_genuine: total.get(Counter::NotGenuine),
        },
        tried: total.get(Counter::Tried) - total.get(Counter::PhoneVerified),
        by_visit: total.get(Counter::ByVisit),
    }
}

/// The people of the urgent response.
pub fn urgent_response(total: &Amounts) -> UrgentResponse {
    UrgentResponse {
        people: total.get(Counter::UrgentPeople),
        episodes: total.get(Counter::UrgentEpisodes),
        in_groups: total.get(Counter::UrgentInGroups),
    }
}

/// What matched first.
pub fn matched_by(total: &Amounts) -> MatchedFirstBy {
    MatchedFirstBy {
        claim: total.get(Counter::MatchedByClaim),
        answer: total.get(Counter::MatchedByAnswer),
        referral: total.get(Counter::MatchedByReferral),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::model::Grant;

    const CITY: &str = "61/6101/";

    fn actor(grants: &[(Role, &str)]) -> Actor {
        let grants = grants.iter().map(|(role, path)| Grant { role: *role, region_path: (*path).into(), organisation: 1 }).collect();
        Actor { user: Some(1), grants, ..Actor::default() }
    }

    #[test]
    fn the_public_sees_what_is_published_and_members_always_something() {
        for published in [PublicFigures::None, PublicFigures::Issued] {
            assert_eq!(sight(&Actor::anonymous(), published, CITY), None);
            assert_eq!(sight(&actor(&[]), published, CITY), None, "an account of another incident");
            assert_eq!(sight(&actor(&[(Role::Operator, "")]), published, CITY), Some(Sight::Within(Vec::new())));
            assert_eq!(sight(&actor(&[(Role::DataOfficer, "61/6101/610112/")]), published, CITY), Some(Sight::Exact));
        }
        assert!(sight(&Actor::anonymous(), PublicFigures::Live, CITY).is_some_and(|sight| sight.is_public()));
    }

    #[test]
    fn a_supervisor_sees_its_districts_exactly() {
        let whole = actor(&[(Role::Supervisor, "")]);
        assert_eq!(sight(&whole, PublicFigures::None, CITY), Some(Sight::Exact));
        let some = sight(&actor(&[(Role::Supervisor, "61/6101/610112/")]), PublicFigures::None, CITY).unwrap();
        assert!(some.sees(Some("61/6101/610112/")));
        assert!(!some.sees(Some("61/6101/610113/")) && !some.sees(None));
        let street = sight(&actor(&[(Role::Supervisor, "61/6101/610112/610112001/")]), PublicFigures::None, CITY).unwrap();
        assert!(!street.sees(Some("61/6101/610112/")), "a street is not its district");
    }

    #[test]
    fn gaps_are_sets() {
        let mut total = Amounts::default();
        for (counter, amount) in [(Counter::Collected, 896), (Counter::PhoneVerified, 883), (Counter::ResourceMatched, 852)] {
            total.add(counter, amount);
        }
        total.add(Counter::PhonedAndMatched, 852);
        assert_eq!(gaps(&total), Gaps { not_phoned: 13, not_matched: 44, phoned_not_matched: 31, bridge: None });
        total.add(Counter::PhonedAndMatched, -3);
        assert_eq!(gaps(&total), Gaps { not_phoned: 13, not_matched: 44, phoned_not_matched: 34, bridge: Some(3) });
    }

    #[test]
    fn steps_are_of_five() {
        for (amount, from) in [(0, 0), (4, 0), (5, 5), (9, 5), (896, 895)] {
            assert_eq!(Figure::step(amount), Figure::Step { from, to: from + 4 });
        }
    }
}
