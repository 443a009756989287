//! What must always hold, whatever happened.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use crate::model::{Counters, Figures, Known, Model, days_of};
use crate::vocabulary::*;

/// Nothing is claimed beyond a root's line, and nothing is negative.
pub fn of_quantities(model: &Model) -> Result<(), TestCaseError> {
    let world = model.world();
    for root in (0..world.needs.len()).filter(|&n| world.root(n) == n) {
        for (&n, line) in &world.needs[root].lines {
            for day in days_of(line.days) {
                let figures = world.line_day((root, n), day);
                prop_assert!(figures.left() >= 0, "need {} line {} day {}: {:?}", root, n, day, figures);
                prop_assert!(figures.held >= 0 && figures.confirmed >= 0 && figures.fulfilled >= 0, "{:?}", figures);
            }
        }
    }
    Ok(())
}

/// The counters are monotone in T at every K, and each figure agrees with its neighbours.
pub fn of_counters(model: &Model, from: Time, to: Time) -> Result<(), TestCaseError> {
    let instants = |n: Time| (0..=n).map(move |i| from - HOUR + (to - from + 2 * HOUR) * i / n);
    for k in instants(2) {
        let known = Known::at(&model.facts, k);
        let mut before: Option<Counters> = None;
        for t in instants(8) {
            let counters = known.counters(t);
            agree(&counters)?;
            if let Some(before) = &before {
                grows(before, &counters)?;
            }
            before = Some(counters);
        }
    }
    let world = model.world();
    let roots = (0..world.needs.len()).filter(|&n| !matches!(world.closure(n), Closure::Merged | Closure::Rejected)).count();
    prop_assert_eq!(Known::at(&model.facts, to).counters(to).total.collected, roots as i64, "cancelled counts, merged counts once");
    Ok(())
}

fn agree(counters: &Counters) -> Result<(), TestCaseError> {
    let total = &counters.total;
    prop_assert_eq!(&sum(counters.districts.iter().map(|(_, f)| f)), &numbers(total), "districts, outside and unlocated = total");
    prop_assert_eq!(&sum(counters.categories.iter().map(|(_, f)| f)), &numbers(total), "categories = total");
    prop_assert_eq!(counters.districts.len(), DISTRICTS + 2);
    for (_, row) in &counters.districts {
        within(row)?;
    }
    within(total)
}

fn within(row: &Figures) -> Result<(), TestCaseError> {
    prop_assert!(row.phone_verified <= row.collected && row.resource_matched <= row.collected, "{:?}", row);
    prop_assert!(row.phone_verified <= row.tried && row.fully_matched <= row.resource_matched, "{:?}", row);
    prop_assert!(row.urgent_in_groups <= row.urgent_people, "{:?}", row);
    prop_assert_eq!(row.conclusions.values().sum::<i64>(), row.phone_verified);
    prop_assert_eq!(row.matched_by.values().sum::<i64>(), row.resource_matched);
    prop_assert_eq!(row.not_phoned, row.collected - row.phone_verified);
    prop_assert_eq!(row.not_matched, row.collected - row.resource_matched);
    let matched_not_phoned = row.phoned_not_matched - (row.phone_verified - row.resource_matched);
    prop_assert!((0..=row.matched_before_phone).contains(&matched_not_phoned), "the bridge 34 = 883 - 852 + 3: {:?}", row);
    Ok(())
}

fn grows(before: &Counters, after: &Counters) -> Result<(), TestCaseError> {
    prop_assert!(before.submissions <= after.submissions);
    let rows = |c: &Counters| -> Vec<Figures> {
        let districts = c.districts.iter().map(|(_, f)| f.clone());
        districts.chain(c.categories.iter().map(|(_, f)| f.clone())).chain([c.total.clone()]).collect()
    };
    for (earlier, later) in rows(before).iter().zip(rows(after)) {
        let falls = numbers(earlier).iter().zip(numbers(&later)).take(GROWING).any(|(b, a)| *b > a);
        prop_assert!(!falls, "a counter fell as T grew: {:?} then {:?}", earlier, later);
    }
    Ok(())
}

/// So many of the numbers can only grow with T; the gaps behind them may shrink.
const GROWING: usize = 18;

fn numbers(f: &Figures) -> Vec<i64> {
    let mut all = vec![
        f.collected,
        f.tried,
        f.phone_verified,
        f.by_visit,
        f.urgent_people,
        f.urgent_episodes,
        f.urgent_in_groups,
        f.resource_matched,
        f.matched_before_phone,
        f.fully_matched,
        f.delivered,
    ];
    all.extend(f.conclusions.values().chain(f.matched_by.values()));
    assert_eq!(all.len(), GROWING, "the gaps come after what only grows");
    all.extend([f.not_phoned, f.not_matched, f.phoned_not_matched]);
    all
}

fn sum<'f>(rows: impl Iterator<Item = &'f Figures>) -> Vec<i64> {
    rows.map(numbers).reduce(|a, b| a.iter().zip(b).map(|(a, b)| a + b).collect()).unwrap_or_default()
}
