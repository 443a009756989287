//! Makes a failing history small. Steps depend on one another, so whole runs of them are taken away first, then each step is made plain.

use crate::history::{History, HistoryStep, When};
use crate::vocabulary::*;

/// The smallest history found that still fails, and why; it tries no more than `tries` histories.
pub fn shrink(history: History, why: String, tries: usize, fails: impl FnMut(&History) -> Option<String>) -> (History, String) {
    let mut shrinking = Shrinking { best: history, why, tries, fails };
    while shrinking.tries > 0 {
        let before = shrinking.tries;
        let smaller = shrinking.remove_steps() | shrinking.make_plain();
        if !smaller || shrinking.tries == before {
            break;
        }
    }
    (shrinking.best, shrinking.why)
}

struct Shrinking<F> {
    best: History,
    why: String,
    tries: usize,
    fails: F,
}

impl<F: FnMut(&History) -> Option<String>> Shrinking<F> {
    fn accept(&mut self, candidate: History) -> bool {
        if self.tries == 0 {
            return false;
        }
        self.tries -= 1;
        let Some(why) = (self.fails)(&candidate) else { return false };
        self.best = candidate;
        self.why = why;
        true
    }

    /// Takes away halves, quarters and so on down to single steps, from the end.
    fn remove_steps(&mut self) -> bool {
        let mut smaller = false;
        let mut size = self.best.steps.len() / 2;
        while size > 0 {
            let mut end = self.best.steps.len();
            while end >= size && end > 0 {
                let mut candidate = self.best.clone();
                candidate.steps.drain(end - size..end);
                smaller |= self.accept(candidate);
                end -= size;
                end = end.min(self.best.steps.len());
            }
            size /= 2;
        }
        smaller
    }

    /// Every step as plain as it can be.
    fn make_plain(&mut self) -> bool {
        let mut smaller = false;
        for i in 0..self.best.steps.len() {
            smaller |= self.change(i, |step| step.when = When::Now);
            smaller |= self.change(i, |step| step.wait = SECOND);
            for die in 0..self.best.steps[i].dice.len() {
                smaller |= self.change(i, |step| step.dice[die] = 0);
            }
        }
        smaller
    }

    fn change(&mut self, i: usize, change: impl Fn(&mut HistoryStep)) -> bool {
        let mut candidate = self.best.clone();
        change(&mut candidate.steps[i]);
        candidate.steps[i] != self.best.steps[i] && self.accept(candidate)
    }
}
