//! The four counters and what stands beside them: C(T, K) counts what occurred up to T, as known from the facts recorded up to K.

use std::collections::BTreeMap;

use super::facts::{Fact, What, in_force, undone};
use super::world::World;
use crate::vocabulary::*;

/// Figures of one row: the total, a district or a category.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub collected: i64,
    pub tried: i64,
    pub phone_verified: i64,
    /// By the conclusion of the first concluded conversation.
    pub conclusions: BTreeMap<&'static str, i64>,
    pub by_visit: i64,
    pub urgent_people: i64,
    pub urgent_episodes: i64,
    pub urgent_in_groups: i64,
    pub resource_matched: i64,
    /// By what came first: claim, answer, referral.
    pub matched_by: BTreeMap<&'static str, i64>,
    pub matched_before_phone: i64,
    pub fully_matched: i64,
    pub delivered: i64,
    /// Gaps, counted as sets.
    pub not_phoned: i64,
    pub not_matched: i64,
    pub phoned_not_matched: i64,
}

/// All rows at one (T, K).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counters {
    /// Submissions have a total only.
    pub submissions: i64,
    pub total: Figures,
    pub districts: Vec<(Region, Figures)>,
    pub categories: Vec<(Category, Figures)>,
}

/// What is known at one K: the story of every root, and everybody's first response.
pub struct Known {
    submissions: Vec<Time>,
    stories: Vec<Story>,
    /// Of each person (persons who are one counted once): when, in which root's response, and whether in a group over 10.
    first_reached: Vec<(Time, NeedId, bool)>,
}

struct Story {
    root: NeedId,
    region: Region,
    category: Category,
    collected: Time,
    tried: Option<Time>,
    phoned: Option<(Time, Conclusion)>,
    visited: Option<Time>,
    matched: Option<(Time, &'static str)>,
    fully: Option<Time>,
    delivered: Option<Time>,
    responses: Vec<Response>,
}

struct Response {
    at: Time,
    id: FactId,
    reached: i64,
    people: Vec<PersonId>,
}

impl Known {
    /// What is known at K.
    pub fn at(facts: &[Fact], k: Time) -> Known {
        let facts: Vec<Fact> = facts.iter().filter(|f| f.recorded_at <= k).cloned().collect();
        let world = World::after(&facts);
        let roots = (0..world.needs.len()).filter(|&n| !matches!(world.closure(n), Closure::Merged | Closure::Rejected));
        let firsts = Firsts::of(&facts);
        let stories: Vec<Story> = roots.map(|root| story(&world, &firsts, root)).collect();
        let submissions = world.events.iter().filter(|(_, f)| matches!(f.what, What::Submitted { first: true, .. }));
        let submissions = submissions.filter(|(_, f)| world.closure(f.need) != Closure::Rejected).map(|(_, f)| f.occurred_at).collect();
        let first_reached = first_reached(&world, &undone(&facts), &stories);
        Known { submissions, stories: join_classes(&world, &undone(&facts), stories), first_reached }
    }

    /// The counters at T.
    pub fn counters(&self, t: Time) -> Counters {
        Counters {
            submissions: self.submissions.iter().filter(|at| **at <= t).count() as i64,
            total: self.figures(t, |_| true),
            districts: Region::all().into_iter().map(|r| (r, self.figures(t, |s| s.region == r))).collect(),
            categories: Category::ALL.iter().map(|&c| (c, self.figures(t, |s| s.category == c))).collect(),
        }
    }

    fn figures(&self, t: Time, row: impl Fn(&Story) -> bool) -> Figures {
        let by = |at: Option<Time>| at.is_some_and(|at| at <= t);
        let roots: Vec<&Story> = self.stories.iter().filter(|s| row(s) && s.collected <= t).collect();
        let count = |which: &dyn Fn(&Story) -> bool| roots.iter().filter(|s| which(s)).count() as i64;
        let phoned = |s: &Story| by(s.phoned.map(|(at, _)| at));
        let matched = |s: &Story| by(s.matched.map(|(at, _)| at));
        let conclusions = Conclusion::ALL.iter().filter(|c| c.concludes());
        let first = |s: &Story, c: Conclusion| phoned(s) && s.phoned.is_some_and(|(_, first)| first == c);
        let kinds = ["claim", "answer", "referral"];
        let in_row = |root: NeedId| roots.iter().any(|s| s.root == root);
        let named: Vec<_> = self.first_reached.iter().filter(|(at, root, _)| *at <= t && in_row(*root)).collect();
        let unnamed: Vec<(i64, i64)> = roots.iter().map(|s| s.unnamed(t)).collect();
        Figures {
            collected: roots.len() as i64,
            tried: count(&|s| by(s.tried)),
            phone_verified: count(&phoned),
            conclusions: conclusions.map(|&c| (c.word(), count(&|s| first(s, c)))).collect(),
            by_visit: count(&|s| by(s.visited)),
            urgent_people: named.len() as i64 + unnamed.iter().map(|(people, _)| people).sum::<i64>(),
            urgent_episodes: roots.iter().flat_map(|s| &s.responses).filter(|r| r.at <= t).map(|r| r.reached).sum(),
            urgent_in_groups: named.iter().filter(|(_, _, group)| *group).count() as i64 + unnamed.iter().map(|(_, g)| g).sum::<i64>(),
            resource_matched: count(&matched),
            matched_by: kinds.map(|k| (k, count(&|s| matched(s) && s.matched.is_some_and(|(_, kind)| kind == k)))).into(),
            matched_before_phone: count(&|s| matched(s) && s.matched_before_phone()),
            fully_matched: count(&|s| by(s.fully)),
            delivered: count(&|s| by(s.delivered)),
            not_phoned: count(&|s| !phoned(s)),
            not_matched: count(&|s| !matched(s)),
            phoned_not_matched: count(&|s| phoned(s) && !matched(s)),
        }
    }
}

impl Story {
    /// People reached at T whom nobody has named, and those of them who came with a group over 10: the largest number reached in one
    /// response, less the people of the root who are named at any time.
    fn unnamed(&self, t: Time) -> (i64, i64) {
        let mut named: Vec<PersonId> = self.responses.iter().flat_map(|r| r.people.clone()).collect();
        named.sort_unstable();
        named.dedup();
        let (mut people, mut in_groups) = (0, 0);
        for response in self.responses.iter().filter(|r| r.at <= t) {
            let more = (response.reached - named.len() as i64 - people).max(0);
            people += more;
            in_groups += if response.reached > 10 { more } else { 0 };
        }
        (people, in_groups)
    }

    fn matched_before_phone(&self) -> bool {
        match (self.matched, self.phoned) {
            (Some((matched, _)), Some((phoned, _))) => phoned > matched,
            (matched, _) => matched.is_some(),
        }
    }
}

/// When each need's matching was first full and its delivery first complete, as its own lines went on record; undone merges are ghosts.
#[derive(Default)]
struct Firsts {
    fully: BTreeMap<NeedId, Time>,
    delivered: BTreeMap<NeedId, Time>,
}

impl Firsts {
    fn of(facts: &[Fact]) -> Firsts {
        let mut firsts = Firsts::default();
        let mut world = World { ghosts: undone(facts), ..World::default() };
        for (id, fact) in in_force(facts) {
            world.take(id, fact);
            for need in (0..world.needs.len()).filter(|&n| world.needs[n].merged.is_none()) {
                if world.matching(need) == Matching::Full && !firsts.fully.contains_key(&need) {
                    firsts.fully.insert(need, made_full_at(&world, need, fact));
                }
                if world.delivered_axis(need) == Delivered::Complete && !firsts.delivered.contains_key(&need) {
                    firsts.delivered.insert(need, made_complete_at(&world, need));
                }
            }
        }
        firsts
    }
}

/// The latest of what made the matching full: the answer or acceptance, else the confirmations that count and the lines' quantities.
fn made_full_at(world: &World<'_>, need: NeedId, fact: &Fact) -> Time {
    if world.needs[need].answered || world.needs[need].accepted {
        return fact.occurred_at;
    }
    let confirmed = world.claims.values().filter(|c| c.on.0 == need && c.counts()).filter_map(|c| c.confirmed_at);
    confirmed.chain(lines_changed_at(world, need)).max().expect("a need has lines")
}

/// The latest of what made the delivery complete: the deliveries that count and the lines' quantities.
fn made_complete_at(world: &World<'_>, need: NeedId) -> Time {
    let of_need = |claim: ClaimId| world.claims.get(&claim).is_some_and(|c| c.on.0 == need && c.counts());
    let delivered = world.deliveries.values().filter(|d| of_need(d.claim)).filter_map(|d| d.counted_at);
    delivered.chain(lines_changed_at(world, need)).max().expect("a need has lines")
}

fn lines_changed_at<'w>(world: &'w World<'_>, need: NeedId) -> impl Iterator<Item = Time> + 'w {
    world.needs[need].lines.values().map(|line| line.changed_at)
}

fn story(world: &World<'_>, firsts: &Firsts, root: NeedId) -> Story {
    let collected = world.collected_at(root);
    let events: Vec<(FactId, &Fact, Time)> = world.group_events(root).map(|(id, f)| (id, f, f.occurred_at.max(collected))).collect();
    let earliest = |which: &dyn Fn(&What) -> bool| events.iter().filter(|(_, f, _)| which(&f.what)).min_by_key(|(id, _, at)| (*at, *id));
    let phoned = earliest(&|what| concluded(what).is_some());
    let matched = earliest(&|what| matched_by(what).is_some());
    let mut responses: Vec<Response> = events
        .iter()
        .filter_map(|(id, f, at)| match &f.what {
            What::Responded { reached, people, .. } => Some(Response { at: *at, id: *id, reached: *reached, people: people.clone() }),
            _ => None,
        })
        .collect();
    responses.sort_by_key(|r| (r.at, r.id));
    Story {
        root,
        region: world.needs[root].region,
        category: world.needs[root].category,
        collected,
        tried: earliest(&|what| matches!(what, What::Called { .. })).map(|(_, _, at)| *at),
        phoned: phoned.and_then(|(_, f, at)| Some((*at, concluded(&f.what)?))),
        visited: earliest(&|what| matches!(what, What::Visited { conclusion } if conclusion.verifies())).map(|(_, _, at)| *at),
        matched: matched.and_then(|(_, f, at)| Some((*at, matched_by(&f.what)?))),
        fully: firsts.fully.get(&root).map(|at| *at.max(&collected)),
        delivered: firsts.delivered.get(&root).map(|at| *at.max(&collected)),
        responses,
    }
}

/// The conclusion of a concluded conversation.
fn concluded(what: &What) -> Option<Conclusion> {
    match what {
        What::Called { outcome, conclusion: Some(c), .. } if outcome.is_conversation() && c.concludes() => Some(*c),
        _ => None,
    }
}

/// What kind of match a fact is.
fn matched_by(what: &What) -> Option<&'static str> {
    match what {
        What::Claimed { confirmed: true, .. } | What::Confirmed { .. } => Some("claim"),
        What::Answered => Some("answer"),
        What::Accepted { .. } => Some("referral"),
        _ => None,
    }
}

/// The person who stands for everybody whom merges and corrections in force name as one with this one.
fn one(person: PersonId, world: &World<'_>, undone: &[FactId]) -> PersonId {
    let mut class = vec![person];
    let mut grown = true;
    while grown {
        grown = false;
        for (id, fact) in &world.events {
            let pairs = match &fact.what {
                What::Merged { same, .. } if !undone.contains(id) => same,
                What::PeopleCorrected { same } => same,
                _ => continue,
            };
            for &(a, b) in pairs {
                if class.contains(&a) != class.contains(&b) {
                    class.push(if class.contains(&a) { b } else { a });
                    grown = true;
                }
            }
        }
    }
    class.into_iter().min().expect("it holds the person")
}

fn join_classes(world: &World<'_>, undone: &[FactId], mut stories: Vec<Story>) -> Vec<Story> {
    for person in stories.iter_mut().flat_map(|s| &mut s.responses).flat_map(|r| &mut r.people) {
        *person = one(*person, world, undone);
    }
    stories
}

fn first_reached(world: &World<'_>, undone: &[FactId], stories: &[Story]) -> Vec<(Time, NeedId, bool)> {
    let mut firsts: BTreeMap<PersonId, (Time, FactId, NeedId, bool)> = BTreeMap::new();
    for story in stories {
        for response in &story.responses {
            let this = (response.at, response.id, story.root, response.reached > 10);
            for person in &response.people {
                let first = firsts.entry(one(*person, world, undone)).or_insert(this);
                *first = (*first).min(this);
            }
        }
    }
    firsts.into_values().map(|(at, _, root, group)| (at, root, group)).collect()
}
