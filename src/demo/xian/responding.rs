//! Cases: the people behind a need are reached, looked after, and handed on.

use super::super::plan::*;
use super::organisations;
use super::origins::{CasePlan, Outcome as Fate};
use super::rhythm::{self, HEADLINE};
use super::story::{Thread, Turn};
use super::submitting::Sent;
use crate::clock::{HOUR, MINUTE, Time};
use crate::ledger::model::{GROUP_LIMIT, Urgency};

const LATE_RESPONSE: &str = "社工入户时无信号，返回后补录";
/// The case whose first response is entered anew later: one that is still open then.
const CORRECTED: usize = 39;
const GROUP_REASON: &str = "同一处所的滞留人员，现场逐一确认";

impl Thread<'_> {
    /// Opens the case, responds and sees it to its end; what comes after the first response is written beside the rest of the need's course.
    pub fn respond(&mut self, sent: &Sent, plan: &CasePlan, fate: Fate) {
        let Reached { turn, grows, all, mut beside } = self.reach(sent, plan, fate);
        if turn == CORRECTED {
            self.correct_later();
        }
        if grows || turn % 5 == 1 {
            let again = beside.at.plus(self.random().range(5 * HOUR, 26 * HOUR));
            let mut again = rhythm::awake(self.random(), again);
            if grows && fate == Fate::Matched {
                again = rhythm::by(self.random(), beside.at, again, HEADLINE.plus(-HOUR));
            }
            beside.told(self, again, all);
        }
        self.case_ends(turn, beside);
    }

    /// Opens the case and responds.
    pub fn reach(&mut self, sent: &Sent, plan: &CasePlan, fate: Fate) -> Reached {
        let worker = By::CaseWorker(organisations::for_cases(self.random()));
        let at = self.at.plus(self.random().range(2 * MINUTE, 25 * MINUTE));
        let at = self.now(at, By::Operator, Command::OpenCase { need: self.need });
        let reached = sent.named.len() as i64 + plan.unnamed;
        // Who is reached twice is counted once; the second time more of them may be met, and named.
        let turn = self.story.turn(Turn::Case);
        let grows = reached > 1 && reached <= GROUP_LIMIT && turn % 6 == 2;
        if turn % 55 == 40 {
            self.typed_wrong(worker, at, reached + 3);
        }
        let wait = [18 * MINUTE, 38 * MINUTE, 75 * MINUTE, 2 * HOUR][self.urgency as usize];
        let natural = at.plus(self.random().spread(wait));
        let natural = if self.urgency <= Urgency::Urgent { natural } else { rhythm::awake(self.random(), natural) };
        let at = if fate == Fate::Matched { self.before_headline(natural, 50) } else { natural };
        let group_reason = (reached > GROUP_LIMIT).then_some(GROUP_REASON);
        let response = |reached, people| Command::Respond { need: self.need, reached, people, group_reason };
        let all = response(reached, sent.named.clone());
        let first = if grows { response(reached - 1, Vec::new()) } else { all.clone() };
        let lag = self.random().range(MINUTE, 13 * MINUTE);
        self.told(at, lag, worker, first);
        Reached { turn, grows, all, beside: Beside { at: self.at, worker } }
    }

    /// A response is entered with a slip, taken back and entered again.
    fn typed_wrong(&mut self, worker: By, opened: Time, reached: i64) {
        let command =
            Command::Respond { need: self.need, reached, people: Vec::new(), group_reason: (reached > 10).then_some(GROUP_REASON) };
        self.now(opened.plus(6 * MINUTE), worker, command);
        let label = self.labelled();
        let at = self.at.plus(2 * MINUTE);
        self.now(at, By::Operator, Command::Void { label, reason: "人数填写有误" });
    }

    /// The last command is taken back once the headline's figures are known, and entered anew with the same figures.
    fn correct_later(&mut self) {
        let label = self.labelled();
        if let Some(step) = self.story.steps.last().cloned() {
            self.story.corrections.push((label, step));
        }
    }

    fn case_ends(&mut self, turn: usize, mut beside: Beside) {
        let end = match turn % 20 {
            0..=11 => CaseEnd::Stabilised,
            12..=15 => CaseEnd::HandedOn,
            16 => CaseEnd::StoodDown,
            17 => CaseEnd::LostContact,
            _ => return,
        };
        let at = beside.at.plus(self.random().spread(14 * HOUR));
        let at = rhythm::awake(self.random(), at);
        beside.told(self, at, Command::EndCase { need: self.need, end });
    }

    /// An instant that lies before the headline's, with so many of a hundred parts of the way there left for what is still to come.
    pub fn before_headline(&mut self, at: Time, percent: i64) -> Time {
        let latest = self.at.plus((HEADLINE.0 - self.at.0) * (100 - percent) / 100);
        let from = self.at;
        rhythm::by(self.random(), from, at, latest)
    }
}

/// A case whose first response is written.
pub struct Reached {
    turn: usize,
    /// The first response met fewer than the next.
    grows: bool,
    /// The response that reaches all.
    all: Command,
    beside: Beside,
}

/// What goes on beside the other commands of a need.
struct Beside {
    at: Time,
    worker: By,
}

impl Beside {
    fn told(&mut self, thread: &mut Thread<'_>, at: Time, command: Command) {
        let at = at.max(self.at.plus(MINUTE));
        let random = thread.random();
        let lag = if random.chance(12) { random.range(HOUR, 4 * HOUR) } else { random.range(0, 12 * MINUTE) };
        // What is known of the headline's instant is known soon after it.
        let lag = if at <= HEADLINE && at.plus(lag) > HEADLINE { lag.min(9 * MINUTE) } else { lag };
        thread.story.push(at, lag, self.worker, command);
        if lag > 15 * MINUTE
            && let Some(step) = thread.story.steps.last_mut()
        {
            step.late = Some(LATE_RESPONSE);
        }
        self.at = at.plus(lag);
    }
}
