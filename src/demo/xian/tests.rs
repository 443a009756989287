//! Counts the plan by hand, from its commands alone, as the handbook words it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::super::plan::{ClaimNo, Command, Named, NeedNo, NeedPlan, Plan, Step};
use super::*;
use crate::ledger::model::{Category, Conclusion, Outcome, Purpose};

/// What makes a person one: the name and phone, or the name in one need.
type Key = (Option<NeedNo>, Named);

/// What is known of the plan at an instant.
#[derive(Default)]
struct Known {
    submitted: BTreeMap<NeedNo, (Time, NeedPlan)>,
    parent: HashMap<NeedNo, NeedNo>,
    rejected: HashSet<NeedNo>,
    phoned: BTreeMap<NeedNo, Time>,
    matched: BTreeMap<NeedNo, Time>,
    responses: Vec<(NeedNo, Time, i64, Vec<Named>)>,
    same: Vec<((NeedNo, Named), (NeedNo, Named))>,
    cancelled: HashSet<NeedNo>,
    calls: HashMap<NeedNo, usize>,
    claims: HashMap<ClaimNo, (NeedNo, i64)>,
}

impl Known {
    fn at(plan: &Plan, known_at: Time) -> Known {
        let steps: Vec<&Step> = plan.steps.iter().filter(|step| step.at <= known_at).collect();
        let voided: HashSet<u32> =
            steps.iter().filter_map(|s| if let Command::Void { label, .. } = s.command { Some(label) } else { None }).collect();
        let mut known = Known::default();
        for step in steps.iter().filter(|step| step.label.is_none_or(|label| !voided.contains(&label))) {
            known.learn(step.occurred_at(), &step.command);
        }
        known
    }

    fn learn(&mut self, at: Time, command: &Command) {
        let earliest = |map: &mut BTreeMap<NeedNo, Time>, need: NeedNo| {
            map.entry(need).and_modify(|known| *known = (*known).min(at)).or_insert(at);
        };
        match command {
            Command::Submit { first, needs, .. } => {
                for (i, need) in needs.iter().enumerate() {
                    self.submitted.insert(first + i, (at, need.clone()));
                }
            }
            Command::Reject { need } => drop(self.rejected.insert(*need)),
            Command::Call { outcome, about, .. } => {
                for (need, conclusion, _) in about {
                    *self.calls.entry(*need).or_default() += 1;
                    let spoke = matches!(outcome, Outcome::Answered | Outcome::AnsweredByOther);
                    if spoke && conclusion.is_some_and(|c| c != Conclusion::Unverifiable) {
                        earliest(&mut self.phoned, *need);
                    }
                }
            }
            Command::Respond { need, reached, people, .. } => self.responses.push((*need, at, *reached, people.clone())),
            Command::Claim { claim, need, n, held, .. } => {
                self.claims.insert(*claim, (*need, *n));
                if !held {
                    earliest(&mut self.matched, *need);
                }
            }
            Command::Confirm { claim, .. } => earliest(&mut self.matched, self.claims[claim].0),
            Command::Answer { need, .. } | Command::AcceptReferral { need, .. } => earliest(&mut self.matched, *need),
            Command::Cancel { need, .. } => drop(self.cancelled.insert(*need)),
            Command::Merge { from, into, same_people } => {
                self.parent.insert(*from, self.root(*into));
                self.same.extend(same_people.iter().map(|(a, b)| ((*into, a.clone()), (*from, b.clone()))));
            }
            Command::Unmerge { need } => drop(self.parent.remove(need)),
            _ => {}
        }
    }

    fn root(&self, need: NeedNo) -> NeedNo {
        let mut at = need;
        while let Some(parent) = self.parent.get(&at) {
            at = *parent;
        }
        at
    }

    /// When each root was collected, and when a condition of its members held first.
    fn roots(&self) -> BTreeMap<NeedNo, Time> {
        let mut roots: BTreeMap<NeedNo, Time> = BTreeMap::new();
        for (need, (at, _)) in &self.submitted {
            let root = self.root(*need);
            if !self.rejected.contains(&root) {
                roots.entry(root).and_modify(|known| *known = (*known).min(*at)).or_insert(*at);
            }
        }
        roots
    }

    fn first(&self, times: &BTreeMap<NeedNo, Time>) -> BTreeMap<NeedNo, Time> {
        let roots = self.roots();
        let mut firsts: BTreeMap<NeedNo, Time> = BTreeMap::new();
        for (need, at) in times {
            if let Some(collected) = roots.get(&self.root(*need)) {
                let at = (*at).max(*collected);
                firsts.entry(self.root(*need)).and_modify(|known| *known = (*known).min(at)).or_insert(at);
            }
        }
        firsts
    }

    /// People reached by an instant.
    fn people(&self, until: Time) -> i64 {
        let mut classes: HashMap<Key, Key> = HashMap::new();
        let key = |need: NeedNo, person: &Named| (person.phone.is_none().then_some(need), person.clone());
        for ((a, one), (b, other)) in &self.same {
            classes.insert(key(*b, other), key(*a, one));
        }
        let class = |need: NeedNo, person: &Named| {
            let key = key(need, person);
            classes.get(&key).cloned().unwrap_or(key)
        };
        let mut named: BTreeSet<Key> = BTreeSet::new();
        let mut of_root: BTreeMap<NeedNo, (i64, BTreeSet<Key>)> = BTreeMap::new();
        for (need, at, reached, people) in &self.responses {
            let (largest, ever) = of_root.entry(self.root(*need)).or_default();
            ever.extend(people.iter().map(|person| class(*need, person)));
            if *at <= until {
                *largest = (*largest).max(*reached);
                named.extend(people.iter().map(|person| class(*need, person)));
            }
        }
        named.len() as i64 + of_root.values().map(|(largest, ever)| (largest - ever.len() as i64).max(0)).sum::<i64>()
    }
}

fn by(times: &BTreeMap<NeedNo, Time>, until: Time) -> HashSet<NeedNo> {
    times.iter().filter(|(_, at)| **at <= until).map(|(need, _)| *need).collect()
}

#[test]
fn the_figures_of_the_headline() {
    let plan = plan();
    for known_at in [HEADLINE.plus(30 * MINUTE), END] {
        let known = Known::at(&plan, known_at);
        let collected = by(&known.roots(), HEADLINE);
        let phoned = by(&known.first(&known.phoned), HEADLINE);
        let matched = by(&known.first(&known.matched), HEADLINE);
        let figures = (collected.len(), phoned.len(), known.people(HEADLINE), matched.len());
        assert_eq!(figures, (896, 883, 492, 852), "known at {}", known_at.0);
        assert!(phoned.is_subset(&collected) && matched.is_subset(&phoned));
        assert_eq!((collected.len() - phoned.len(), collected.len() - matched.len(), phoned.difference(&matched).count()), (13, 44, 31));
    }
}

#[test]
fn what_else_the_course_has() {
    let plan = plan();
    let known = Known::at(&plan, END);
    let needs = known.submitted.len();
    let merged = known.parent.len();
    let gone = merged + known.rejected.len() + known.cancelled.iter().filter(|need| !known.parent.contains_key(need)).count();
    assert!(gone * 100 >= needs * 6, "{gone} of {needs}");
    assert!(merged >= 20);
    let claimed: HashSet<NeedNo> = known.claims.values().map(|(need, _)| *need).collect();
    let both = known.parent.iter().filter(|(from, into)| claimed.contains(from) && claimed.contains(into)).count();
    assert!(both >= 5, "{both}");
    let often = known.calls.values().filter(|calls| **calls >= 3).count();
    assert!(often * 100 >= needs * 5, "{often} of {needs}");
    let mut needs_of: BTreeMap<&Named, BTreeSet<NeedNo>> = BTreeMap::new();
    for (need, (_, plan)) in &known.submitted {
        for person in plan.named.iter().filter(|person| person.phone.is_some()) {
            needs_of.entry(person).or_default().insert(*need);
        }
    }
    assert!(needs_of.values().filter(|needs| needs.len() > 1).count() >= 15);
    let unnamed = known.responses.iter().filter(|(_, _, reached, people)| *reached > people.len() as i64).count();
    assert!(unnamed >= 20, "{unnamed}");
    let mut parts: HashMap<(NeedNo, i64), usize> = HashMap::new();
    known.claims.values().for_each(|line| *parts.entry(*line).or_default() += 1);
    assert!(parts.values().filter(|parts| **parts > 1).count() >= 30);
    let regions: Vec<&str> = known.submitted.values().filter_map(|(_, need)| need.region.as_deref()).collect();
    let inside = regions.iter().filter(|code| code.starts_with("6101")).collect::<Vec<_>>();
    assert_eq!(inside.iter().map(|code| &code[..6]).collect::<HashSet<_>>().len(), 13);
    assert!(inside.iter().map(|code| &code[..9]).collect::<HashSet<_>>().len() >= 120);
    assert!(inside.len() < regions.len() && regions.len() < needs, "some come from outside, some from nowhere known");
    assert!(places::OF_THE_ARTICLE.iter().all(|code| regions.contains(code)));
    let categories: HashSet<Category> = known.submitted.values().map(|(_, need)| need.category).collect();
    assert!(categories.len() >= 15);
}

#[test]
fn every_kind_of_thing_happens() {
    let plan = plan();
    let count = |what: fn(&Step) -> bool| plan.steps.iter().filter(|step| what(step)).count();
    for (least, what, happens) in [
        (20, "wrong numbers", (|s| matches!(s.command, Command::Call { outcome: Outcome::WrongNumber, .. })) as fn(&Step) -> bool),
        (15, "promised call backs", |s| matches!(s.command, Command::Call { outcome: Outcome::CallBack, .. })),
        (100, "calls back", |s| matches!(s.command, Command::Call { purpose: Purpose::CallBack, .. })),
        (10, "releases", |s| matches!(s.command, Command::Release { .. })),
        (40, "back-entries", |s| s.late.is_some()),
        (8, "voids", |s| matches!(s.command, Command::Void { .. })),
        (10, "given back", |s| matches!(s.command, Command::GiveBack { .. })),
        (5, "second referrals", |s| matches!(s.command, Command::Refer { n: 2, .. })),
        (10, "closed short", |s| matches!(s.command, Command::CloseShort { .. })),
        (4, "reopened", |s| matches!(s.command, Command::Reopen { .. })),
        (3, "unmerged", |s| matches!(s.command, Command::Unmerge { .. })),
        (8, "progress", |s| matches!(s.command, Command::Progress { .. })),
        (10, "visits", |s| matches!(s.command, Command::Visit { .. })),
        (500, "life afterwards", |s| s.at > HEADLINE && !matches!(s.command, Command::Sweep)),
    ] {
        let times = count(happens);
        assert!(times >= least, "{what}: {times}");
    }
}

#[test]
fn commands_come_in_the_order_of_time_and_tell_no_future() {
    let plan = plan();
    assert!(plan.steps.is_sorted_by_key(|step| step.at));
    for step in &plan.steps {
        assert!(step.occurred_at() <= step.at, "{step:?}");
        assert_eq!(step.late.is_some(), step.at.0 - step.occurred_at().0 > 15 * MINUTE, "{step:?}");
        assert!((START..=END).contains(&step.occurred_at()), "{step:?}");
    }
    let commands = |plan: Plan| plan.steps.iter().map(|step| format!("{step:?}")).collect::<Vec<_>>();
    assert_eq!(commands(plan), commands(super::plan()), "the same every time");
}
