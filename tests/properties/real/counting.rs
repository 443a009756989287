//! The counters as the program counts them: as stored for now, from the events recorded up to K for any other K.

use std::collections::BTreeMap;

use heli::clock::Time as Instant;
use heli::counters::model::{Amounts, Counter, Marks};
use heli::counters::store;
use heli::db::Lane;
use heli::incidents::model::Incident;
use heli::ledger::verify;

use super::Node;
use super::node::district_code;
use crate::model::{Counters, Figures};
use crate::vocabulary::*;

/// C(T, K).
pub fn counters(node: &Node, incident: &Incident, t: Instant, k: Option<Instant>) -> Counters {
    let (id, calendar) = (incident.id, incident.calendar());
    let (marks, cells) = node
        .db
        .read_blocking(Lane::Slow, move |r| {
            let marks = match k {
                None => store::marks(r, id, None)?,
                Some(k) => verify::rebuild(r, id, Some(k))?.marks,
            };
            Ok((marks, if k.is_none() { Some(store::as_of(r, id, calendar, t)?) } else { None }))
        })
        .expect("the counters can be read");
    let districts = added_up(&marks, t, |district, _| district);
    if let Some(cells) = cells {
        let counted = |all: &BTreeMap<String, Amounts>| all.clone().into_iter().filter(|(_, a)| !a.is_zero()).collect::<Vec<_>>();
        assert_eq!(counted(&cells), counted(&districts), "days, hours and marks add up to the marks");
    }
    let categories = added_up(&marks, t, |_, category| category);
    let mut total = Amounts::default();
    districts.values().for_each(|amounts| total.add_all(amounts));
    let row = |all: &BTreeMap<String, Amounts>, code: &str| figures(&all.get(code).copied().unwrap_or_default());
    Counters {
        submissions: total.get(Counter::Submissions),
        total: figures(&total),
        districts: Region::all().into_iter().map(|region| (region, row(&districts, &district_code(region)))).collect(),
        categories: Category::ALL.iter().map(|&category| (category, row(&categories, category.word()))).collect(),
    }
}

fn added_up(marks: &Marks, t: Instant, by: impl Fn(String, String) -> String) -> BTreeMap<String, Amounts> {
    let mut all: BTreeMap<String, Amounts> = BTreeMap::new();
    for ((_, counter, _), mark) in marks.iter().filter(|(_, mark)| mark.at <= t) {
        all.entry(by(mark.district.clone(), mark.category.clone())).or_default().add(*counter, mark.amount);
    }
    all
}

fn figures(amounts: &Amounts) -> Figures {
    use Counter::*;
    let of = |counter| amounts.get(counter);
    Figures {
        collected: of(Collected),
        tried: of(Tried),
        phone_verified: of(PhoneVerified),
        conclusions: [Genuine, GenuineChanged, AlreadySolved, NotGenuine].map(|c| (c.as_str(), of(c))).into(),
        by_visit: of(ByVisit),
        urgent_people: of(UrgentPeople),
        urgent_episodes: of(UrgentEpisodes),
        urgent_in_groups: of(UrgentInGroups),
        resource_matched: of(ResourceMatched),
        matched_by: [("claim", of(MatchedByClaim)), ("answer", of(MatchedByAnswer)), ("referral", of(MatchedByReferral))].into(),
        matched_before_phone: of(MatchedBeforePhone),
        fully_matched: of(FullyMatched),
        delivered: of(Delivered),
        not_phoned: of(Collected) - of(PhoneVerified),
        not_matched: of(Collected) - of(ResourceMatched),
        phoned_not_matched: of(PhoneVerified) - of(PhonedAndMatched),
    }
}
