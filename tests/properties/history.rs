//! Random histories that shrink: steps of abstract intents and dice, made into commands against what exists when their turn comes.

mod claims;
mod people;
mod resolve;
mod undoing;

pub use resolve::{Plan, resolve};

use proptest::array::uniform8;
use proptest::prelude::*;

use crate::vocabulary::*;

/// A history: how the incident is set and what is tried one after another.
#[derive(Clone, Debug)]
pub struct History {
    /// The incident lets needs be matched before the phone follow-up.
    pub early_matching: bool,
    /// What is tried.
    pub steps: Vec<HistoryStep>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryStep {
    /// How long after the step before.
    pub wait: Time,
    /// What is tried.
    pub intent: Intent,
    /// When it is said to have happened.
    pub when: When,
    /// Chance, read from left to right; 0 is always the plainest choice.
    pub dice: [u16; 8],
}

/// When a command is said to have happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Nothing is said: now.
    Now,
    /// A little ahead, which is taken as now.
    Ahead,
    /// Within the last quarter of an hour, for which no reason is needed.
    JustNow,
    /// Earlier, with a reason.
    Earlier,
    /// Earlier, and the reason is missing.
    EarlierWithoutReason,
    /// Before there was a need.
    TooEarly,
    /// In the future.
    Future,
}

/// What a step tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    Submit,
    SubmitTogether,
    Reject,
    Call,
    CallSeveral,
    Visit,
    Assess,
    OpenCase,
    Respond,
    EndCase,
    Summarise,
    ChangeLine,
    AddLine,
    CloseShort,
    CorrectCategory,
    CorrectRegion,
    CorrectPeople,
    CorrectContacts,
    Claim,
    Confirm,
    Release,
    GiveBack,
    Progress,
    Deliver,
    StepDelivery,
    Answer,
    Refer,
    Accept,
    Close,
    Cancel,
    Reopen,
    Merge,
    Unmerge,
    Void,
    Erase,
    RunDue,
}

/// How often each is tried, of about 200.
const WEIGHTS: &[(u32, Intent)] = &[
    (5, Intent::Submit),
    (2, Intent::SubmitTogether),
    (2, Intent::Reject),
    (16, Intent::Call),
    (5, Intent::CallSeveral),
    (4, Intent::Visit),
    (4, Intent::Assess),
    (6, Intent::OpenCase),
    (12, Intent::Respond),
    (5, Intent::EndCase),
    (2, Intent::Summarise),
    (9, Intent::ChangeLine),
    (3, Intent::AddLine),
    (3, Intent::CloseShort),
    (3, Intent::CorrectCategory),
    (3, Intent::CorrectRegion),
    (3, Intent::CorrectPeople),
    (2, Intent::CorrectContacts),
    (30, Intent::Claim),
    (12, Intent::Confirm),
    (7, Intent::Release),
    (6, Intent::GiveBack),
    (6, Intent::Progress),
    (15, Intent::Deliver),
    (12, Intent::StepDelivery),
    (4, Intent::Answer),
    (5, Intent::Refer),
    (6, Intent::Accept),
    (1, Intent::Close),
    (1, Intent::Cancel),
    (6, Intent::Reopen),
    (10, Intent::Merge),
    (6, Intent::Unmerge),
    (10, Intent::Void),
    (3, Intent::Erase),
    (2, Intent::RunDue),
];

impl Intent {
    /// All of them.
    pub fn all() -> Vec<Intent> {
        WEIGHTS.iter().map(|(_, intent)| *intent).collect()
    }
}

/// Histories of at least `least` steps that try these things.
pub fn histories(least: usize, intents: &[Intent]) -> impl Strategy<Value = History> {
    let opening = prop::collection::vec(step(Just(Intent::Submit)), 2..4);
    let weighted = WEIGHTS.iter().filter(|(_, intent)| intents.contains(intent));
    let intents = proptest::strategy::Union::new_weighted(weighted.map(|&(weight, intent)| (weight, Just(intent))).collect());
    let rest = prop::collection::vec(step(intents), least..least + 20);
    (prop::bool::weighted(0.25), opening, rest)
        .prop_map(|(early_matching, opening, rest)| History { early_matching, steps: [opening, rest].concat() })
}

fn step(intent: impl Strategy<Value = Intent>) -> impl Strategy<Value = HistoryStep> {
    (wait(), intent, when(), uniform8(any::<u16>())).prop_map(|(wait, intent, when, dice)| HistoryStep { wait, intent, when, dice })
}

/// Mostly moments, sometimes long enough that a claim expires, a referral comes back or a need closes by itself.
fn wait() -> impl Strategy<Value = Time> {
    prop_oneof![
        700 => SECOND..2 * MINUTE,
        180 => 2 * MINUTE..20 * MINUTE,
        80 => 30 * MINUTE..4 * HOUR,
        25 => DAY..2 * DAY,
        15 => 3 * DAY..4 * DAY,
    ]
}

fn when() -> impl Strategy<Value = When> {
    prop_oneof![
        150 => Just(When::Now),
        6 => Just(When::Ahead),
        14 => Just(When::JustNow),
        30 => Just(When::Earlier),
        2 => Just(When::EarlierWithoutReason),
        2 => Just(When::TooEarly),
        2 => Just(When::Future),
    ]
}
