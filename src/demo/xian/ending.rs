//! How needs end: with a call back, by the desk, by nobody's answer, withdrawn after all, or opened once more.

use super::super::plan::*;
use super::catalogue::{Asker, Met};
use super::origins::{Outcome as Fate, Phoned, Waiting};
use super::rhythm;
use super::story::{Thread, Turn};
use super::submitting::Sent;
use super::supply::{Rest, Taken};
use crate::clock::{HOUR, MINUTE, Time};
use crate::ledger::model::*;

impl Thread<'_> {
    /// The course of a root after the call that followed it up.
    pub fn course(&mut self, sent: &Sent, fate: Fate) {
        match fate {
            Fate::Waiting(Waiting::Withdrawn) => {}
            Fate::Phoned(Phoned::NotGenuine) => self.not_genuine(),
            Fate::Phoned(Phoned::Solved) => self.cancel(40 * MINUTE, CancelReason::SolvedByCommunity),
            Fate::Phoned(Phoned::OutOfScope) => self.cancel(2 * HOUR, CancelReason::OutOfScope),
            _ => {
                let at = self.first_match(fate);
                self.matched(sent, at);
            }
        }
    }

    fn not_genuine(&mut self) {
        if self.random().chance(50) {
            self.cancel(HOUR, CancelReason::ByMistake);
        } else {
            let at = self.after(HOUR);
            self.now(at, By::Operator, Command::Close { need: self.need });
        }
    }

    fn cancel(&mut self, wait: i64, reason: CancelReason) {
        let at = self.after(wait);
        self.now(at, By::Operator, Command::Cancel { need: self.need, reason });
    }

    /// Matches the need at an instant, brings it to its end.
    pub fn matched(&mut self, sent: &Sent, at: Time) {
        match self.kind.met {
            Met::Answer => {
                self.answer(at);
                self.feedback();
            }
            Met::Referral => {
                self.refer(at);
                self.close_referred();
            }
            _ => {
                let (taken, rest) = self.supply(at);
                let turn = self.story.turn(Turn::Ending);
                if turn % 60 == 25 && sent.lines.len() == 1 {
                    return self.withdrawn(&taken);
                }
                self.arrive(&taken, rest);
                if turn % 45 == 20 && self.kind.asker == Asker::Household {
                    self.once_more();
                }
            }
        }
    }

    /// Everything that was taken on is delivered; the rest of a line is let go, and the need ends.
    pub fn arrive(&mut self, taken: &[Taken], rest: Rest) {
        for one in taken {
            self.deliver(one);
        }
        if let Rest::CloseShort(n) = rest {
            let (at, by) = (self.after(HOUR), self.posted_by.map_or(By::Operator, By::Worker));
            self.now(at, by, Command::CloseShort { need: self.need, n });
        }
        if self.lines[0].days.is_some() {
            let at = self.after(6 * HOUR);
            self.now(at, By::Operator, Command::Close { need: self.need });
        } else {
            self.feedback();
        }
    }

    /// Within three days somebody asks whether it is well, or the desk closes it; else it closes by itself.
    fn feedback(&mut self) {
        let complete = self.at;
        let turn = self.story.turn(Turn::Feedback);
        let at = complete.plus(self.random().spread(10 * HOUR).min(60 * HOUR));
        let at = rhythm::awake(self.random(), at);
        match turn % 20 {
            0..=5 => {
                if turn % 40 == 3 {
                    self.call_back(Outcome::NoAnswer, at.plus(-40 * MINUTE).max(complete.plus(MINUTE)));
                }
                self.call_back(Outcome::Answered, at);
                let at = self.at.plus(MINUTE);
                self.now(at, By::Operator, Command::Close { need: self.need });
            }
            6 | 7 => {
                let by = self.posted_by.map_or(By::Operator, By::Worker);
                self.now(at, by, Command::Close { need: self.need });
            }
            _ => {}
        }
    }

    fn call_back(&mut self, outcome: Outcome, at: Time) {
        let about = vec![(self.need, None, None)];
        let (direction, medium, purpose) = (Direction::Outgoing, Medium::Voice, Purpose::CallBack);
        let lag = rhythm::writing(self.random());
        self.told(at, lag, By::Operator, Command::Call { direction, medium, purpose, outcome, about });
    }

    /// Others were faster: the need is withdrawn, and what was confirmed is given up.
    fn withdrawn(&mut self, taken: &[Taken]) {
        self.cancel(90 * MINUTE, CancelReason::SolvedByCommunity);
        for one in taken {
            let at = self.after(30 * MINUTE);
            let release = Command::Release { claim: one.claim, reason: "需求已撤销" };
            self.now(at, By::Coordinator(one.organisation), release);
        }
    }

    /// A week on, the same household needs more than was asked: the need is opened again, and more is brought.
    fn once_more(&mut self) {
        let at = self.at.plus(74 * HOUR);
        let at = rhythm::awake(self.random(), at);
        self.now(at, By::Operator, Command::Reopen { need: self.need });
        let more = 1 + self.lines[0].quantity / 4;
        self.lines[0].quantity += more;
        let (at, quantity) = (self.at.plus(2 * MINUTE), self.lines[0].quantity);
        self.now(at, By::Operator, Command::ChangeLine { need: self.need, n: 1, quantity });
        let at = self.after(2 * HOUR);
        let taken = self.confirmed(1, more, at, None);
        self.deliver(&taken);
        self.feedback();
    }
}
