//! Where a need stands: the axes that follow from lines and claims, the stage people see, and what a lowered line asks back.

use super::model::*;
use super::state::*;

impl State {
    /// The matching axis of a root.
    pub fn matching(&self, need: &Need) -> Matching {
        if need.answered.is_some() || need.accepted.is_some() {
            return Matching::Full;
        }
        let matched = |line: &Line| line.days.iter().map(Totals::matched).sum::<i64>();
        let mut standing = need.lines.iter().filter(|l| !l.short).peekable();
        if standing.peek().is_none() {
            return if need.lines.iter().map(matched).sum::<i64>() > 0 { Matching::Full } else { Matching::None };
        }
        let (mut total, mut covered) = (0, true);
        for line in standing {
            total += matched(line);
            covered &= line.days.iter().all(|day| day.matched() >= line.quantity(day));
        }
        match (total, covered) {
            (0, _) => Matching::None,
            (_, true) => Matching::Full,
            (_, false) => Matching::Partial,
        }
    }

    /// The delivery axis of a root.
    pub fn delivery_axis(&self, need: &Need) -> DeliveryAxis {
        let delivered: i64 = need.lines.iter().flat_map(|l| &l.days).map(|day| day.delivered).sum();
        let covered = need.lines.iter().filter(|l| !l.short).all(|l| l.days.iter().all(|day| day.delivered >= l.quantity(day)));
        match (delivered, covered) {
            (0, _) => DeliveryAxis::None,
            (_, true) => DeliveryAxis::Complete,
            (_, false) => DeliveryAxis::Partial,
        }
    }

    /// The closure people see: a merged need shows that.
    pub fn closure(&self, need: &Need) -> Closure {
        if need.parent.is_some() { Closure::Merged } else { need.closure }
    }

    /// Whether any claim on the need's lines is held or confirmed: somebody is still to bring something.
    pub fn has_live_claim(&self, need: &Need) -> bool {
        need.lines.iter().flat_map(|l| &l.days).any(|day| day.held + day.confirmed > 0)
    }

    /// The stage people see.
    pub fn stage(&self, need: &Need) -> Stage {
        let verified = need.axes.phone == Phone::Verified;
        match self.closure(need) {
            Closure::Merged => Stage::Merged,
            Closure::Rejected => Stage::Rejected,
            Closure::Cancelled => Stage::Cancelled,
            _ if need.axes.phone == Phone::NotGenuine => Stage::NotGenuine,
            Closure::Closed => Stage::Closed,
            _ if self.delivery_axis(need) == DeliveryAxis::Complete => Stage::Delivered,
            _ if self.matching(need) != Matching::None => Stage::ResourceMatched,
            _ if verified && need.axes.urgent.is_open() && !self.has_live_claim(need) => Stage::UrgentResponse,
            _ if verified => Stage::Verified,
            _ => Stage::Collected,
        }
    }

    /// How much of a confirmed claim its line no longer needs and asks back: newest claims first, never what is delivered.
    pub fn give_back(&self, index: usize) -> i64 {
        let claim = &self.claims[index];
        let (Some(need), Some(line)) = (self.needs.get(&claim.on.0), self.line(claim.on.0, claim.on.1)) else { return 0 };
        let wanted = if need.closure == Closure::Cancelled { 0 } else { line.wanted };
        if claim.state != ClaimState::Confirmed {
            return 0;
        }
        let mut most = 0;
        for day in claim.days() {
            let mut excess = (line.days[(day - line.first_day) as usize].matched() - wanted).max(0);
            for &i in line.claims.iter().rev() {
                let other = &self.claims[i];
                if other.state != ClaimState::Confirmed || !other.days().contains(&day) {
                    continue;
                }
                let share = excess.min(other.on_day(day) - self.delivered(other, day)).max(0);
                if i == index {
                    most = most.max(share);
                    break;
                }
                excess -= share;
            }
        }
        most
    }
}
