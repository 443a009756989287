//! What the histories of a run have reached.

use std::collections::BTreeMap;
use std::fmt;

use crate::command::Command;
use crate::model::Model;

/// Every command, as `Act::kind` calls it.
const COMMANDS: &[&str] = &[
    "submit",
    "submit several",
    "reject",
    "call out",
    "call in",
    "call about several",
    "visit",
    "assess",
    "open case",
    "respond",
    "stabilised",
    "handed_on",
    "stood_down",
    "lost_contact",
    "summarise",
    "change line",
    "add line",
    "close short",
    "correct category",
    "correct region",
    "correct people",
    "correct contacts",
    "claim held",
    "claim confirmed",
    "claim by day",
    "confirm",
    "release",
    "give back",
    "progress",
    "deliver",
    "step delivery",
    "answer",
    "refer",
    "accept",
    "close",
    "cancel",
    "reopen",
    "merge",
    "unmerge",
    "void",
    "void an act",
    "erase",
];

/// Every code with which one of them is refused.
const REFUSALS: &[&str] = &[
    "already_answered",
    "already_erased",
    "already_merged",
    "already_open",
    "already_voided",
    "before_submission",
    "case_already_open",
    "case_not_open",
    "claim_expired",
    "claim_in_transit",
    "claim_not_confirmed",
    "claim_not_held",
    "claim_not_live",
    "conclusion_without_conversation",
    "day_outside_claim",
    "day_outside_line",
    "delivery_finished",
    "event_in_the_way",
    "exceeds_claim",
    "group_reason_missing",
    "in_the_future",
    "late_reason_missing",
    "line_closed_short",
    "line_unknown",
    "more_people_than_reached",
    "not_enough_left",
    "not_merged",
    "not_open",
    "not_rejectable",
    "not_verified",
    "not_voidable",
    "nothing_to_change",
    "person_unknown",
    "referral_not_pending",
    "referral_unknown",
    "rejected",
    "same_need",
    "step_backwards",
    "would_exceed_line",
];

/// Everything that falls due.
const DUE: &[&str] = &["claim_expired", "referral_returned", "closed_unanswered"];

/// Counts of a run.
#[derive(Default)]
pub struct Coverage {
    accepted: BTreeMap<&'static str, usize>,
    refused: BTreeMap<&'static str, usize>,
    due: BTreeMap<&'static str, usize>,
    refusals: BTreeMap<&'static str, usize>,
    histories: usize,
    steps: usize,
    fewest_steps: Option<usize>,
    busy_roots: usize,
    merge_chains: usize,
}

impl Coverage {
    /// One command and what came of it.
    pub fn note(&mut self, command: &Command, outcome: &Result<(), &'static str>) {
        let kind = command.act.kind();
        match outcome {
            Ok(()) => *self.accepted.entry(kind).or_default() += 1,
            Err(code) => {
                *self.refused.entry(kind).or_default() += 1;
                *self.refusals.entry(code).or_default() += 1;
            }
        }
    }

    /// One history that has ended, after so many steps that did something.
    pub fn note_end(&mut self, model: &Model, steps: usize) {
        let world = model.world();
        self.histories += 1;
        self.steps += steps;
        self.fewest_steps = Some(self.fewest_steps.map_or(steps, |fewest| fewest.min(steps)));
        let roots = (0..world.needs.len()).filter(|&n| world.root(n) == n);
        self.busy_roots += usize::from(roots.clone().any(|root| world.group_events(root).count() >= 15));
        let chained = |&n: &usize| world.needs[n].merged.is_some_and(|(_, into)| world.needs[into].merged.is_some());
        self.merge_chains += usize::from((0..world.needs.len()).any(|n| chained(&n)));
        for fact in model.facts.iter().filter(|f| f.what.is_due()) {
            *self.due.entry(fact.what.word()).or_default() += 1;
        }
    }

    /// Everything that was reached less often than so many times.
    pub fn below(&self, least: usize) -> Vec<&'static str> {
        let rare = |counts: &BTreeMap<&'static str, usize>, word: &str| counts.get(word).copied().unwrap_or(0) < least;
        let commands = COMMANDS.iter().filter(|c| rare(&self.accepted, c));
        let codes = REFUSALS.iter().filter(|c| rare(&self.refusals, c));
        let due = DUE.iter().filter(|c| rare(&self.due, c));
        commands.chain(codes).chain(due).copied().collect()
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (histories, steps, fewest) = (self.histories, self.steps, self.fewest_steps.unwrap_or(0));
        writeln!(f, "{histories} histories, {steps} steps that did something or were refused, at least {fewest} in each")?;
        writeln!(f, "with 15 events or more on one root: {}; with a chain of merges at the end: {}", self.busy_roots, self.merge_chains)?;
        for (kind, accepted) in &self.accepted {
            writeln!(f, "  {kind:<20} accepted {accepted:>5}  refused {:>5}", self.refused.get(kind).unwrap_or(&0))?;
        }
        for (what, counts) in [("due", &self.due), ("refused", &self.refusals)] {
            for (code, n) in counts {
                writeln!(f, "  {what} {code:<32} {n:>5}")?;
            }
        }
        Ok(())
    }
}
