//! Following up by phone: calls that miss, calls that don't, wrong numbers, visits, and what they conclude.

use super::super::plan::*;
use super::origins::{Outcome as Fate, Phoned, Waiting};
use super::rhythm::{self, HEADLINE};
use super::story::{Thread, Turn};
use super::submitting::Sent;
use crate::clock::{HOUR, MINUTE, Time};
use crate::ledger::model::*;
use crate::needs::model::ContactFlag;

/// One try, before the call that concludes.
#[derive(Clone, Copy, PartialEq)]
enum Try {
    /// A call without conversation about the need.
    Call(Outcome),
    /// The number is wrong; the right one is found.
    WrongNumber,
    /// They spoke, and it could not be told.
    Unverifiable,
    /// Somebody went there.
    Visit,
    /// The conclusion was entered on the wrong need and is taken back.
    Mistaken,
}

impl Thread<'_> {
    /// Follows up by phone all needs of a submission, as their fate says; answers when, where it came to a conversation.
    pub fn follow_up(&mut self, sent: &[Sent], fate: Fate) -> Option<Time> {
        match fate {
            Fate::Waiting(Waiting::Withdrawn) => {
                let at = self.after(40 * MINUTE).min(HEADLINE.plus(-HOUR));
                let by = self.requester();
                self.now(at, by, Command::Cancel { need: self.need, reason: CancelReason::SolvedBySelf });
                return None;
            }
            _ if sent[0].source == Source::Phone && !matches!(fate, Fate::Waiting(_)) => self.incoming(sent, fate),
            _ => self.outgoing(sent, fate),
        }
        let at = self.at;
        self.put_right(sent);
        Some(at)
    }

    /// The call during which the need was written.
    fn incoming(&mut self, sent: &[Sent], fate: Fate) {
        let began = sent[0].submitted.plus(-self.random().range(2 * MINUTE, 12 * MINUTE));
        let command = self.concluding(sent, Direction::Incoming, Outcome::Answered, conclusion(fate));
        let lag = sent[0].at.0 - began.0 + self.random().range(20_000, 70_000);
        // The story tells when the call began; the platform counts it at the submission.
        self.story.push(began, lag.min(15 * MINUTE), By::Operator, command);
        self.at = began.plus(lag.min(15 * MINUTE));
    }

    fn outgoing(&mut self, sent: &[Sent], fate: Fate) {
        let tries = self.tries(fate);
        let (times, answered) = self.times(&tries, fate);
        for (tried, at) in tries.into_iter().zip(times) {
            self.try_once(sent, tried, at);
        }
        let outcome = if self.random().chance(87) { Outcome::Answered } else { Outcome::AnsweredByOther };
        let found = match conclusion(fate) {
            Conclusion::Genuine if self.random().chance(16) => Conclusion::GenuineChanged,
            found => found,
        };
        let command = self.concluding(sent, Direction::Outgoing, outcome, found);
        let lag = rhythm::writing(self.random());
        self.told(answered, lag, By::Operator, command);
    }

    fn tries(&mut self, fate: Fate) -> Vec<Try> {
        let miss = |thread: &mut Self| {
            use Outcome::*;
            Try::Call(thread.random().weighted(&[(52, NoAnswer), (24, Busy), (14, Off), (6, Declined), (4, Voicemail)]))
        };
        match fate {
            Fate::Waiting(Waiting::Unreachable) => return vec![miss(self), miss(self), miss(self)],
            Fate::Waiting(Waiting::Visited) => return vec![miss(self), miss(self), Try::Visit],
            Fate::Waiting(_) => return Vec::new(),
            _ => {}
        }
        match self.story.turn(Turn::Call) % 50 {
            4 | 29 => vec![Try::WrongNumber],
            9 | 36 => vec![Try::Call(Outcome::CallBack)],
            13 => vec![Try::Call(Outcome::RefusedToTalk)],
            17 => vec![Try::Unverifiable],
            22 => vec![miss(self), miss(self), Try::Visit],
            41 => vec![miss(self), miss(self), miss(self), Try::Visit],
            47 if matches!(fate, Fate::Matched | Fate::Later) => vec![Try::Mistaken],
            turn if turn % 7 == 2 => vec![miss(self)],
            turn if turn % 9 == 3 => vec![miss(self), miss(self)],
            turn if turn % 25 == 5 => vec![miss(self), miss(self), miss(self)],
            _ => Vec::new(),
        }
    }

    /// When each try is made, and when the conversation comes about: as it would, or early or late enough for the need's fate.
    fn times(&mut self, tries: &[Try], fate: Fate) -> (Vec<Time>, Time) {
        let wait = [9 * MINUTE, 24 * MINUTE, 55 * MINUTE, 90 * MINUTE][self.urgency as usize];
        let mut times = Vec::new();
        let mut at = self.after(wait);
        for _ in tries {
            times.push(at);
            let next = at.plus(self.random().spread(50 * MINUTE));
            at = if self.urgency <= Urgency::Urgent { next } else { rhythm::awake(self.random(), next) };
        }
        let latest = match fate {
            Fate::Matched => self.at.plus((HEADLINE.0 - self.at.0) * 60 / 100),
            Fate::Phoned(_) => HEADLINE.plus(-6 * MINUTE),
            Fate::Waiting(_) if !tries.is_empty() => HEADLINE.plus(-30 * MINUTE),
            _ => Time(i64::MAX),
        };
        let last = if let Fate::Waiting(_) = fate { times.last().copied().unwrap_or(at) } else { at };
        if last > latest {
            let (from, room) = (self.at.0, (latest.0 - self.at.0) * self.random().range(70, 96) / 100);
            let squeeze = |time: Time| Time(from + (time.0 - from) * room / (last.0 - from));
            times.iter_mut().for_each(|time| *time = squeeze(*time));
            at = squeeze(at);
        }
        if let Fate::Waiting(_) = fate {
            let evening = HEADLINE.plus(self.random().spread(45 * MINUTE) + 4 * MINUTE);
            at = at.max(rhythm::awake(self.random(), evening));
        }
        (times, at)
    }

    fn try_once(&mut self, sent: &[Sent], tried: Try, at: Time) {
        let lag = self.random().range(10_000, 90_000);
        match tried {
            Try::Call(outcome) => {
                let command = self.calling(sent, outcome, None);
                self.told(at, lag, By::Operator, command);
            }
            Try::WrongNumber => {
                let command = self.calling(sent, Outcome::WrongNumber, None);
                self.told(at, lag, By::Operator, command);
                let phone = self.story.people.phone();
                for one in sent {
                    let contacts = vec![Contact { phone: phone.clone(), ..one.contact.clone() }];
                    self.now(at.plus(lag + 3 * MINUTE), By::Operator, Command::CorrectContacts { need: one.need, contacts });
                }
            }
            Try::Unverifiable => {
                let command = self.calling(sent, Outcome::Answered, Some(Conclusion::Unverifiable));
                self.told(at, lag, By::Operator, command);
            }
            Try::Visit => {
                let (by, lag) = (self.posted_by.map_or(By::Operator, By::Worker), self.random().range(4 * MINUTE, 13 * MINUTE));
                for one in sent {
                    self.told(at, lag, by, Command::Visit { need: one.need, conclusion: Conclusion::Genuine });
                }
            }
            Try::Mistaken => {
                let command = self.calling(&sent[..1], Outcome::Answered, Some(Conclusion::NotGenuine));
                self.told(at, lag, By::Operator, command);
                let label = self.labelled();
                self.now(at.plus(lag + 5 * MINUTE), By::Operator, Command::Void { label, reason: "记错了需求编号" });
            }
        }
    }

    fn calling(&mut self, sent: &[Sent], outcome: Outcome, conclusion: Option<Conclusion>) -> Command {
        let about = sent.iter().map(|one| (one.need, conclusion, None)).collect();
        Command::Call { direction: Direction::Outgoing, medium: medium(sent), purpose: Purpose::Verify, outcome, about }
    }

    /// A call that concludes; now and then it shows another urgency than was asked.
    fn concluding(&mut self, sent: &[Sent], direction: Direction, outcome: Outcome, found: Conclusion) -> Command {
        let mut about = Vec::new();
        for one in sent {
            let assessed = (sent.len() == 1 && self.random().chance(18)).then(|| match (one.urgency, self.random().chance(60)) {
                (Urgency::Critical, _) | (Urgency::High, true) => Urgency::Urgent,
                (Urgency::Urgent, _) | (Urgency::Normal, _) => Urgency::High,
                (Urgency::High, false) => Urgency::Normal,
            });
            if one.need == self.need {
                self.urgency = assessed.unwrap_or(self.urgency);
            }
            about.push((one.need, Some(found), assessed));
        }
        Command::Call { direction, medium: medium(sent), purpose: Purpose::Verify, outcome, about }
    }

    /// What the call has brought to light is put right: a region that was missing, a summary for others.
    fn put_right(&mut self, sent: &[Sent]) {
        for one in sent {
            if one.region.is_none() && self.random().chance(55) {
                let region = self.story.places.anywhere();
                let at = self.at.plus(50_000);
                self.now(at, By::Operator, Command::CorrectRegion { need: one.need, region });
            }
            if self.random().chance(25) {
                let (at, text) = (self.at.plus(self.random().range(30_000, 4 * MINUTE)), summary(one));
                self.now(at, By::Operator, Command::Summarise { need: one.need, text });
            }
        }
    }

    /// Who sends what the requester wants: the community that posted it, else the desk that is told on the phone.
    pub fn requester(&self) -> By {
        self.posted_by.map_or(By::Operator, By::Worker)
    }
}

fn medium(sent: &[Sent]) -> Medium {
    if sent[0].contact.flags.contains(&ContactFlag::TextOnly) { Medium::Text } else { Medium::Voice }
}

fn conclusion(fate: Fate) -> Conclusion {
    match fate {
        Fate::Phoned(Phoned::NotGenuine) => Conclusion::NotGenuine,
        Fate::Phoned(Phoned::Solved) => Conclusion::AlreadySolved,
        _ => Conclusion::Genuine,
    }
}

/// What others may read: what is asked for and how much, nobody's name.
fn summary(sent: &Sent) -> String {
    let lines: Vec<String> = sent.lines.iter().map(|line| format!("{}{}{}", line.item, line.quantity, line.unit)).collect();
    lines.join("、")
}
