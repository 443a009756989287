//! What is found out after the headline's figures were known: merges and unmerges, calls on the wrong need, responses entered anew. They
//! change which needs are counted, and leave each of the figures of that instant as it was.

use super::super::plan::*;
use super::doubles::copy;
use super::origins::Outcome as Fate;
use super::rhythm::{self, HEADLINE};
use super::story::{Story, Thread};
use super::submitting::Sent;
use super::supply::Rest;
use crate::clock::{DAY, HOUR, MINUTE};
use crate::ledger::model::*;

const FOUND_IN_REVIEW: &str = "周一复核台账时发现";

impl Thread<'_> {
    /// Two needs, both delivered, are taken for one; the day after the headline they are parted.
    pub fn parted_later(&mut self, sent: &Sent) {
        let other = self.second_root(sent);
        let at = self.at.plus(50 * MINUTE);
        let taken = self.confirmed(1, self.lines[0].quantity, at, None);
        self.deliver(&taken);
        let mut thread = self.story.thread(&other);
        let at = thread.at.plus(70 * MINUTE);
        let taken = thread.confirmed(1, thread.lines[0].quantity, at, None);
        thread.deliver(&taken);
        let at = thread.at.max(self.at).plus(40 * MINUTE);
        self.now(at, By::Operator, Command::Merge { from: other.need, into: self.need, same_people: Vec::new() });
        let at = monday().plus(40 * MINUTE);
        self.now(at, By::Operator, Command::Unmerge { need: other.need });
    }

    /// Two needs that are one, both confirmed; the day after the headline they are merged, and then delivered.
    pub fn joined_later(&mut self, sent: &Sent) {
        let other = self.second_root(sent);
        let all = self.lines[0].quantity;
        let at = self.at.plus(50 * MINUTE);
        let mine = self.confirmed(1, all * 6 / 10, at, None);
        let mut thread = self.story.thread(&other);
        let at = thread.at.plus(70 * MINUTE);
        let theirs = thread.confirmed(1, all - all * 6 / 10, at, Some(mine.organisation));
        let at = monday().plus(75 * MINUTE);
        self.now(at, By::Operator, Command::Merge { from: other.need, into: self.need, same_people: Vec::new() });
        self.arrive(&[mine, theirs], Rest::Nothing);
    }

    fn second_root(&mut self, sent: &Sent) -> Sent {
        let at = sent.at.plus(20 * MINUTE);
        let other = self.story.submit_again(sent, at, Vec::new());
        let at = self.at.max(other.at).plus(8 * MINUTE);
        let about = vec![(other.need, Some(Conclusion::Genuine), None)];
        let (direction, medium, purpose) = (Direction::Outgoing, Medium::Voice, Purpose::Verify);
        let command = Command::Call { direction, medium, purpose, outcome: Outcome::Answered, about };
        self.story.push(at, 40_000, By::Operator, command);
        Sent { at: at.plus(40_000), ..other }
    }
}

impl Story {
    /// A call about one need was entered on another. This is put right; both go their way.
    pub fn wrong_need(&mut self, called: &Sent, meant: &Sent) {
        let talked = called.at.max(meant.at).plus(2 * HOUR);
        let talked = rhythm::awake(&mut self.random, talked);
        let call = |need| {
            let about = vec![(need, Some(Conclusion::Genuine), None)];
            let (direction, medium, purpose) = (Direction::Outgoing, Medium::Voice, Purpose::Verify);
            Command::Call { direction, medium, purpose, outcome: Outcome::Answered, about }
        };
        let mut thread = self.thread(called);
        thread.told(talked, 60_000, By::Operator, call(called.need));
        let label = thread.labelled();
        thread.now(monday(), By::Operator, Command::Void { label, reason: "电话记在了另一条需求上" });
        let at = thread.at;
        thread.told(at.plus(20 * MINUTE), 70_000, By::Operator, call(called.need));
        thread.course(called, Fate::Later);
        // The call on the need that was meant counts when it was made.
        let entered = at.plus(4 * MINUTE);
        self.push(talked, entered.0 - talked.0, By::Operator, call(meant.need));
        if let Some(step) = self.steps.last_mut() {
            step.late = Some(FOUND_IN_REVIEW);
        }
        self.thread(&Sent { at: entered, ..copy(meant) }).course(meant, Fate::Later);
    }

    /// Takes back what is to be corrected and enters it anew, as having occurred when it did.
    pub fn correct(&mut self) {
        for (i, (label, step)) in std::mem::take(&mut self.corrections).into_iter().enumerate() {
            let at = monday().plus(DAY + i as i64 * 9 * MINUTE);
            self.push(at, 0, By::Operator, Command::Void { label, reason: "重新核对名单" });
            let occurred = step.occurred_at();
            self.push(occurred, at.plus(3 * MINUTE).0 - occurred.0, step.by, step.command);
            if let Some(step) = self.steps.last_mut() {
                step.late = Some(FOUND_IN_REVIEW);
            }
        }
    }
}

/// The morning after the headline's evening, at nine.
fn monday() -> crate::clock::Time {
    rhythm::on_day(rhythm::day_of(HEADLINE) + 1, 9)
}
