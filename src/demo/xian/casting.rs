//! Which needs get a case, and whom it reaches: the people of the headline are spread over the cases before anything is written.

use super::super::random::Random;
use super::catalogue::Asker;
use super::origins::{CasePlan, Double, Origin, Outcome};
use super::rhythm::HEADLINE;
use crate::clock::HOUR;
use crate::ledger::model::Category;

/// People reached by the headline's instant.
const PEOPLE: i64 = 492;
/// Of these, those reached as groups of so many.
const GROUPS: [i64; 4] = [23, 18, 16, 13];
/// Submissions whose first two needs both have a case, for one person among others.
const SHARED: usize = 18;
/// People of one case, but for groups.
const MOST: i64 = 6;

/// Where a case is: submission and need.
type Place = (usize, usize);

/// Gives cases to needs of the headline's submissions, so that together they reach its people.
pub fn cast(random: &mut Random, origins: &mut [Origin]) {
    let groups = place_groups(random, origins);
    let mut sizes: Vec<(Place, i64)> = Vec::new();
    let mut shared = 0;
    for (i, origin) in origins.iter().enumerate().filter(|(_, origin)| takes_cases(origin)) {
        let both = origin.kinds.len() > 1 && shared < SHARED && origin.kinds.iter().take(2).all(|kind| kind.asker == Asker::Household);
        shared += usize::from(both);
        for (j, kind) in origin.kinds.iter().enumerate() {
            let chosen = random.chance(kind.in_danger) || (both && j < 2) || origin.double == Double::SamePerson;
            if chosen && !groups.contains(&(i, j)) {
                sizes.push(((i, j), 1));
            }
        }
    }
    let mut left = PEOPLE - GROUPS.iter().sum::<i64>() - sizes.len() as i64;
    while left > 0 {
        let at = random.range(0, sizes.len() as i64 - 1) as usize;
        let ((i, _), size) = &mut sizes[at];
        if *size < MOST && origins[*i].double != Double::SamePerson {
            *size += 1;
            left -= 1;
        }
    }
    for ((i, j), size) in sizes {
        let shared = j == 1 && origins[i].cases[0].is_some() && origins[i].kinds.len() > 1;
        origins[i].cases[j] = Some(compose(random, &origins[i], size, shared));
    }
}

/// Gives cases to later needs, as it comes.
pub fn cast_freely(random: &mut Random, origins: &mut [Origin]) {
    for origin in origins {
        if random.chance(origin.kinds[0].in_danger) && origin.double == Double::No {
            let size = random.weighted(&[(60, 1), (25, 2), (15, 3)]);
            origin.cases[0] = Some(compose(random, origin, size, false));
        }
    }
}

fn takes_cases(origin: &Origin) -> bool {
    origin.outcome == Outcome::Matched && origin.at < HEADLINE.plus(-10 * HOUR) && matches!(origin.double, Double::No | Double::SamePerson)
}

fn place_groups(random: &mut Random, origins: &mut [Origin]) -> Vec<Place> {
    let for_many = |category| matches!(category, Category::Food | Category::Shelter | Category::ReturnStranded);
    let fits = |o: &Origin| takes_cases(o) && o.kinds.len() == 1 && o.double == Double::No && o.kinds[0].asker == Asker::Household;
    let mut able: Vec<usize> = (0..origins.len()).filter(|&i| fits(&origins[i]) && for_many(origins[i].kinds[0].category)).collect();
    random.shuffle(&mut able);
    able.truncate(GROUPS.len());
    for (place, size) in able.iter().zip(GROUPS) {
        origins[*place].cases[0] = Some(CasePlan { named: 0, keyed: 0, unnamed: size, shared: false });
    }
    able.into_iter().map(|place| (place, 0)).collect()
}

fn compose(random: &mut Random, origin: &Origin, size: i64, shared: bool) -> CasePlan {
    // Who is reached again in the next need of the submission has a name and an own phone.
    let first_of_two = !shared && origin.kinds.len() > 1;
    let named = match (origin.double, size) {
        (Double::SamePerson, _) => 1,
        (_, 1) => i64::from(first_of_two || random.chance(82)),
        _ => random.range(i64::from(first_of_two), size.min(3)),
    };
    let keyed = match origin.double {
        Double::SamePerson => 0,
        _ => (0..named).filter(|i| (first_of_two && *i == 0) || random.chance(55)).count(),
    };
    CasePlan { named: named as usize, keyed, unnamed: size - named, shared }
}
