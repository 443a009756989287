//! Matching: claims held, confirmed, given up and taken over, in parts where much is asked for; answers of the desk; referrals.

use super::super::plan::*;
use super::catalogue::{Asker, Met};
use super::organisations;
use super::origins::Outcome as Fate;
use super::rhythm::{self, HEADLINE};
use super::story::{Thread, Turn};
use crate::clock::{HOUR, MINUTE, SECOND, Time};
use crate::ledger::model::Urgency;

/// A claim that is confirmed and to be delivered.
#[derive(Clone, Copy)]
pub struct Taken {
    /// Its number.
    pub claim: ClaimNo,
    /// Who has taken it on.
    pub organisation: OrganisationNo,
    /// How much.
    pub quantity: i64,
    /// First and last day, where the line recurs.
    pub days: Option<(i64, i64)>,
}

/// What of a line is still to be done once all its claims are confirmed.
pub enum Rest {
    Nothing,
    /// The rest of the line is not needed.
    CloseShort(i64),
}

impl Thread<'_> {
    /// When the need is matched first: as it would be, or on the side of the headline's instant where its fate puts it.
    pub fn first_match(&mut self, fate: Fate) -> Time {
        let wait = [25 * MINUTE, 80 * MINUTE, 170 * MINUTE, 5 * HOUR][self.urgency as usize];
        let natural = self.after(wait);
        if fate == Fate::Matched {
            return self.before_headline(natural, 3);
        }
        let evening = HEADLINE.plus(self.random().spread(3 * HOUR) + 25 * MINUTE);
        natural.max(rhythm::awake(self.random(), evening))
    }

    /// Matches the need, first at the given instant, and answers what is to be delivered.
    pub fn supply(&mut self, first: Time) -> (Vec<Taken>, Rest) {
        let mut taken = Vec::new();
        let mut rest = Rest::Nothing;
        for (i, line) in self.lines.clone().iter().enumerate() {
            let n = i as i64 + 1;
            let at = if i == 0 { first } else { self.after(2 * HOUR) };
            if self.kind.asker == Asker::Community && self.kind.met == Met::Goods && line.quantity >= 15 {
                let (parts, left) = self.share(n, line, at);
                taken.extend(parts);
                if let Rest::CloseShort(_) = left {
                    rest = left;
                }
            } else {
                taken.push(self.take(n, line, at));
            }
        }
        (taken, rest)
    }

    /// A large line, in one of the ways that large lines go.
    fn share(&mut self, n: i64, line: &LinePlan, at: Time) -> (Vec<Taken>, Rest) {
        let all = line.quantity;
        let parts: Vec<i64> = match self.story.turn(Turn::Share) % 7 {
            0 | 6 => vec![all],
            1 => vec![all * 6 / 10, all - all * 6 / 10],
            2 => return (vec![self.take(n, line, at)], Rest::Nothing),
            3 => vec![all / 2, all / 4, all - all / 2 - all / 4],
            4 => return (self.lowered(n, line, at), Rest::Nothing),
            _ => return (vec![self.confirmed(n, all * 8 / 10, at, None)], Rest::CloseShort(n)),
        };
        let mut taken: Vec<Taken> = Vec::new();
        for quantity in parts {
            let at = if taken.is_empty() { at } else { self.after(3 * HOUR) };
            let last = taken.last().map(|part| part.organisation);
            taken.push(self.confirmed(n, quantity, at, last));
        }
        (taken, Rest::Nothing)
    }

    /// Two have confirmed when less is needed; the second gives a part back.
    fn lowered(&mut self, n: i64, line: &LinePlan, at: Time) -> Vec<Taken> {
        let (a, b) = (line.quantity * 7 / 10, line.quantity * 2 / 10);
        let first = self.confirmed(n, a, at, None);
        let at = self.after(2 * HOUR);
        let mut second = self.confirmed(n, b, at, Some(first.organisation));
        let back = (b / 2).max(1);
        let (at, by) = (self.after(90 * MINUTE), self.posted_by.map_or(By::Operator, By::Worker));
        self.now(at, by, Command::ChangeLine { need: self.need, n, quantity: a + b - back });
        let at = self.after(40 * MINUTE);
        self.now(at, By::Coordinator(second.organisation), Command::GiveBack { claim: second.claim, quantity: back });
        second.quantity -= back;
        self.lines[n as usize - 1].quantity = a + b - back;
        if second.quantity > 0 { vec![first, second] } else { vec![first] }
    }

    /// A whole line by one organisation, in one of the ways this goes. Whoever is to be first stays first.
    fn take(&mut self, n: i64, line: &LinePlan, at: Time) -> Taken {
        let room = at.0 - self.at.0;
        let lifetime = self.urgency.claim_lifetime();
        match self.story.turn(Turn::Supply) % 24 {
            3 | 8 | 11 | 14 | 19 | 22 => self.held_first(n, line, at, false),
            5 if room > lifetime + 30 * MINUTE => self.expired_first(n, line, at),
            6 | 20 if room > HOUR => self.released_first(n, line, at),
            10 if room > HOUR => self.held_first(n, line, at, true),
            12 => self.replaced(n, line, at),
            17 if room > 30 * MINUTE => self.claimed_wrong(n, line, at),
            _ => self.confirmed_days(n, line, line.quantity, at, None),
        }
    }

    /// A part of a line, confirmed in one act.
    pub fn confirmed(&mut self, n: i64, quantity: i64, at: Time, not: Option<OrganisationNo>) -> Taken {
        let line = self.lines[n as usize - 1].clone();
        self.confirmed_days(n, &line, quantity, at, not)
    }

    /// Confirmed in one act, with quantity and time.
    fn confirmed_days(&mut self, n: i64, line: &LinePlan, quantity: i64, at: Time, not: Option<OrganisationNo>) -> Taken {
        let (organisation, planned_at) = (self.organisation(not), Some(self.planned(at)));
        let claim = self.claim(organisation, n, line, quantity, planned_at, at);
        Taken { claim, organisation, quantity, days: line.days }
    }

    /// Confirmed where a planned time is given, else held.
    pub fn claim(
        &mut self,
        organisation: OrganisationNo,
        n: i64,
        line: &LinePlan,
        quantity: i64,
        planned_at: Option<Time>,
        at: Time,
    ) -> ClaimNo {
        let claim = self.story.claim();
        let (need, days, held) = (self.need, line.days, planned_at.is_none());
        self.now(at, By::Coordinator(organisation), Command::Claim { claim, need, n, quantity, held, days, planned_at });
        claim
    }

    fn held_first(&mut self, n: i64, line: &LinePlan, at: Time, progress: bool) -> Taken {
        let organisation = self.organisation(None);
        let least = (at.0 - self.at.0 - 5 * SECOND).max(0);
        let before = self.random().range(4 * MINUTE, 22 * MINUTE).min(least);
        let claim = self.claim(organisation, n, line, line.quantity, None, at.plus(-before));
        if progress {
            let logged = at.plus(-before / 2);
            self.now(logged, By::Coordinator(organisation), Command::Progress { claim, text: "货源已落实，正在安排车辆" });
        }
        let planned_at = self.planned(at);
        self.now(at, By::Coordinator(organisation), Command::Confirm { claim, quantity: line.quantity, planned_at });
        Taken { claim, organisation, quantity: line.quantity, days: line.days }
    }

    fn expired_first(&mut self, n: i64, line: &LinePlan, at: Time) -> Taken {
        let (first, held) = (self.organisation(None), self.at.plus(6 * MINUTE));
        self.claim(first, n, line, line.quantity, None, held);
        self.confirmed_days(n, line, line.quantity, at, Some(first))
    }

    fn released_first(&mut self, n: i64, line: &LinePlan, at: Time) -> Taken {
        let (first, held) = (self.organisation(None), self.at.plus(5 * MINUTE));
        let claim = self.claim(first, n, line, line.quantity, None, held);
        // Before it would expire, where a life hangs on it.
        let released = held.plus(((at.0 - held.0) / 2).min(22 * MINUTE));
        self.now(released, By::Coordinator(first), Command::Release { claim, reason: "车辆安排不上" });
        self.confirmed_days(n, line, line.quantity, at, Some(first))
    }

    fn replaced(&mut self, n: i64, line: &LinePlan, at: Time) -> Taken {
        let first = self.confirmed_days(n, line, line.quantity, at, None);
        let given_up = self.after(2 * HOUR);
        let release = Command::Release { claim: first.claim, reason: "通行证没有批下来，退回重新对接" };
        self.now(given_up, By::Coordinator(first.organisation), release);
        let again = self.after(80 * MINUTE);
        self.confirmed_days(n, line, line.quantity, again, Some(first.organisation))
    }

    /// The organisation claims on the wrong need and takes it back.
    fn claimed_wrong(&mut self, n: i64, line: &LinePlan, at: Time) -> Taken {
        let (wrong, planned_at, early) = (self.organisation(None), Some(self.planned(at)), self.at.plus(4 * MINUTE));
        self.claim(wrong, n, line, line.quantity, planned_at, early);
        let label = self.labelled();
        let void = Command::Void { label, reason: "认领时选错了需求" };
        self.now(early.plus(7 * MINUTE), By::Operator, void);
        self.confirmed_days(n, line, line.quantity, at, None)
    }

    /// Somebody who takes on needs of this kind.
    pub fn organisation(&mut self, not: Option<OrganisationNo>) -> OrganisationNo {
        let category = self.kind.category;
        organisations::for_category(self.random(), category, not)
    }

    /// When it is planned to be there.
    pub fn planned(&mut self, at: Time) -> Time {
        let wait = if self.urgency <= Urgency::Urgent { 3 * HOUR } else { 9 * HOUR };
        let at = at.plus(self.random().spread(wait));
        rhythm::awake(self.random(), at)
    }
}
