//! The practice course tells no future and has work for every role.

use super::super::plan::{By, Command};
use super::*;
use crate::clock::{DAY, HOUR};

#[test]
fn the_course_lies_in_the_two_days_before() {
    let now = Time(1_000 * DAY);
    let plan = plan(now);
    assert!(plan.steps.is_sorted_by_key(|step| step.at));
    assert!(plan.steps.iter().all(|step| (now.plus(-50 * HOUR)..now).contains(&step.at)));
    let needs = plan.steps.iter().filter(|step| matches!(step.command, Command::Submit { .. })).count();
    assert!(needs >= 12);
    for by in [By::Public, By::Operator, By::Worker(0), By::CaseWorker(1), By::Coordinator(2), By::Coordinator(3)] {
        assert!(plan.steps.iter().any(|step| step.by == by), "{by:?}");
    }
}
