//! Who submits what and when, and what is to become of it: drawn for the whole story before any of it is written.

use super::super::random::Random;
use super::catalogue::{Asker, KINDS, Kind, Met};
use super::rhythm::{self, HEADLINE};
use crate::clock::{DAY, HOUR, Time};
use crate::ledger::model::*;

/// What has become of a root by the headline's instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Followed up by phone, and matched.
    Matched,
    /// Followed up by phone, not matched.
    Phoned(Phoned),
    /// Not followed up by phone, nor matched.
    Waiting(Waiting),
    /// Collected later.
    Later,
}

/// Why a root that was followed up is not matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phoned {
    /// It comes next.
    Lately,
    /// It was not genuine.
    NotGenuine,
    /// It was solved when they called.
    Solved,
    /// Others must do it.
    OutOfScope,
    /// The call was entered on the wrong need; this is found later.
    ByMistake,
}

/// Why a root was not followed up by phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// It came just now.
    Lately,
    /// Nobody answers.
    Unreachable,
    /// Somebody went there instead.
    Visited,
    /// It was withdrawn before the call.
    Withdrawn,
    /// Its call was entered on another need; this is found later.
    Overlooked,
}

/// What is special about a submission of two needs, or of one that somebody submits again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Double {
    /// Nothing.
    No,
    /// The same is submitted again; merged soon.
    Again,
    /// Again, and the later one survives.
    Onward,
    /// Twice again, merged in a chain.
    Chain,
    /// Two people of a community ask for the same goods; both are claimed before it is noticed.
    BothClaimed,
    /// Both have a case, and the person is one.
    SamePerson,
    /// Two needs taken for one, and parted soon.
    Parted,
    /// Two needs taken for one; parted after the headline's figures were known.
    PartedLater,
    /// Two needs that are one; merged after the headline's figures were known.
    JoinedLater,
}

/// One submission.
#[derive(Clone, Debug)]
pub struct Origin {
    /// When it is submitted.
    pub at: Time,
    /// The kind of each need.
    pub kinds: Vec<&'static Kind>,
    /// What has become of its needs by the headline.
    pub outcome: Outcome,
    /// What is special about it.
    pub double: Double,
    /// Which way it comes in.
    pub source: Source,
    /// The case of each need, where it has one.
    pub cases: Vec<Option<CasePlan>>,
    /// Rejected at first, by mistake.
    pub rejected_once: bool,
}

/// Whom a case reaches.
#[derive(Clone, Debug)]
pub struct CasePlan {
    /// People with names that are reached here first.
    pub named: usize,
    /// How many of them have an own phone.
    pub keyed: usize,
    /// People without names.
    pub unnamed: i64,
    /// The person was reached in this submission's first case already.
    pub shared: bool,
}

/// Pairs and triples among the submissions of the 896; two roots parted again and one that is joined later come in as second needs.
const PAIRS: usize = 60;
const TRIPLES: usize = 14;
const SECOND_ROOTS: usize = 3;
const SINGLES: usize = 896 - 2 * PAIRS - 3 * TRIPLES - SECOND_ROOTS;

/// The last submissions before the headline: some wait for their call, before them some are called and not yet matched, others are.
const WAITING_LATELY: usize = 6;
const CALLED_LATELY: usize = 22;
const PHONED_LATELY: usize = 14;

/// Those that lie further back and are not matched, and how many of each.
const EARLIER: [(usize, Outcome); 8] = [
    (3, Outcome::Waiting(Waiting::Unreachable)),
    (1, Outcome::Waiting(Waiting::Visited)),
    (2, Outcome::Waiting(Waiting::Withdrawn)),
    (1, Outcome::Waiting(Waiting::Overlooked)),
    (1, Outcome::Phoned(Phoned::ByMistake)),
    (8, Outcome::Phoned(Phoned::NotGenuine)),
    (6, Outcome::Phoned(Phoned::Solved)),
    (2, Outcome::Phoned(Phoned::OutOfScope)),
];

/// Doubles, and how many of each.
const DOUBLES: [(usize, Double); 8] = [
    (1, Double::PartedLater),
    (1, Double::JoinedLater),
    (7, Double::BothClaimed),
    (3, Double::SamePerson),
    (2, Double::Parted),
    (18, Double::Again),
    (5, Double::Onward),
    (2, Double::Chain),
];

/// The submissions whose roots are the 896 of the headline, in the order of time.
pub fn before_the_headline(random: &mut Random) -> Vec<Origin> {
    let times = rhythm::before_the_headline(random, SINGLES + PAIRS + TRIPLES);
    let earlier = times.iter().filter(|at| **at < HEADLINE.plus(-DAY)).count();
    let mut sizes = vec![1; earlier];
    sizes[..PAIRS].fill(2);
    sizes[PAIRS..PAIRS + TRIPLES].fill(3);
    random.shuffle(&mut sizes);
    sizes.resize(times.len(), 1);
    let mut origins: Vec<Origin> = times.iter().zip(&sizes).map(|(at, size)| origin(random, *at, *size, Outcome::Matched)).collect();
    place_outcomes(random, &mut origins);
    place_doubles(random, &mut origins);
    if let Some(origin) = spare(random, &origins, |_| true) {
        origins[origin].rejected_once = true;
    }
    origins
}

/// The submissions after it.
pub fn after_the_headline(random: &mut Random) -> Vec<Origin> {
    let times = rhythm::after_the_headline(random, 76);
    let mut origins: Vec<Origin> = times.iter().map(|at| origin(random, *at, 1, Outcome::Later)).collect();
    for (place, double) in [(9, Double::Again), (21, Double::Again), (33, Double::Onward), (40, Double::Again)] {
        origins[place].double = double;
    }
    origins
}

fn origin(random: &mut Random, at: Time, size: usize, outcome: Outcome) -> Origin {
    let all: Vec<(i64, &'static Kind)> = KINDS.iter().map(|kind| (kind.weight, kind)).collect();
    let mut kinds = vec![random.weighted(&all)];
    while kinds.len() < size {
        let next = random.weighted(&all);
        if next.asker == kinds[0].asker && kinds.iter().all(|kind| kind.category != next.category) {
            kinds.push(next);
        }
    }
    let source = random.weighted(match kinds[0].asker {
        Asker::Household => &[(41, Source::Web), (25, Source::Phone), (26, Source::Community), (5, Source::Paper), (3, Source::Partner)],
        Asker::Community => &[(74, Source::Community), (8, Source::Web), (10, Source::Phone), (5, Source::Paper), (3, Source::Import)],
    });
    let cases = vec![None; size];
    Origin { at, kinds, outcome, double: Double::No, source, cases, rejected_once: false }
}

fn place_outcomes(random: &mut Random, origins: &mut [Origin]) {
    let count = origins.len();
    for origin in &mut origins[count - WAITING_LATELY..] {
        origin.outcome = Outcome::Waiting(Waiting::Lately);
    }
    let called = count - WAITING_LATELY - CALLED_LATELY;
    let mut lately: Vec<usize> = (called..called + CALLED_LATELY).collect();
    random.shuffle(&mut lately);
    // What came last was hardly matched at once.
    lately.sort_by_key(|place| *place < count - WAITING_LATELY - 6);
    for place in &lately[..PHONED_LATELY] {
        origins[*place].outcome = Outcome::Phoned(Phoned::Lately);
    }
    for (times, outcome) in EARLIER {
        for _ in 0..times {
            let household = |origin: &Origin| origin.kinds[0].asker == Asker::Household && origin.kinds[0].met != Met::Answer;
            if let Some(place) = spare(random, origins, household) {
                origins[place].outcome = outcome;
            }
        }
    }
}

fn place_doubles(random: &mut Random, origins: &mut [Origin]) {
    for (times, double) in DOUBLES {
        let goods = |origin: &Origin| origin.kinds[0].asker == Asker::Community && origin.kinds[0].met == Met::Goods;
        let danger = |origin: &Origin| origin.kinds[0].in_danger >= 30 && origin.kinds[0].met == Met::Goods;
        let fits = |origin: &Origin| match double {
            Double::BothClaimed => goods(origin),
            Double::PartedLater | Double::JoinedLater => goods(origin) && origin.at > HEADLINE.plus(-3 * DAY),
            Double::SamePerson => danger(origin),
            _ => origin.kinds[0].met == Met::Goods,
        };
        for _ in 0..times {
            if let Some(place) = spare(random, origins, fits) {
                origins[place].double = double;
            }
        }
    }
}

/// A submission of one need about which nothing is special yet, from the second day to the last but one.
fn spare(random: &mut Random, origins: &[Origin], fits: impl Fn(&Origin) -> bool) -> Option<usize> {
    let plain = |o: &Origin| o.outcome == Outcome::Matched && o.double == Double::No && o.kinds.len() == 1 && !o.rejected_once;
    let days = rhythm::START.plus(DAY)..HEADLINE.plus(-DAY - 6 * HOUR);
    let able: Vec<usize> =
        (0..origins.len()).filter(|&i| plain(&origins[i]) && days.contains(&origins[i].at) && fits(&origins[i])).collect();
    (!able.is_empty()).then(|| *random.pick(&able))
}
