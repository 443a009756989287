//! What speaks against a fact: the same rules decide on the next command and on what remains when an earlier fact is voided.

use super::facts::{Fact, What};
use super::world::{Referral, World, days_of};
use crate::vocabulary::*;

/// Yes, or the code of the refusal.
pub type Verdict = Result<(), Code>;

fn unless(wrong: bool, code: Code) -> Verdict {
    if wrong { Err(code) } else { Ok(()) }
}

impl World<'_> {
    /// Whether the fact may come next.
    pub fn admits(&self, fact: &Fact) -> Verdict {
        if let What::Submitted { .. } = fact.what {
            return Ok(());
        }
        let root = self.root(fact.need);
        let past_rejection = matches!(fact.what, What::Voided { .. } | What::Erased);
        unless(self.closure(root) == Closure::Rejected && !past_rejection, "rejected")?;
        match &fact.what {
            What::Rejected => self.admits_rejection(root),
            What::Called { outcome, conclusion, .. } => admits_conclusion(*outcome, *conclusion),
            What::CaseOpened => {
                unless(!self.works(root), "not_open")?;
                unless(self.case_is_open(root), "case_already_open")
            }
            What::Responded { reached, people, group_reason } => {
                unless(!self.case_is_open(root), "case_not_open")?;
                unless(people.len() as i64 > *reached, "more_people_than_reached")?;
                unless(*reached > 10 && !group_reason, "group_reason_missing")
            }
            What::CaseEnded { .. } => unless(!self.case_is_open(root), "case_not_open"),
            What::LineChanged { n, wanted } => {
                let line = self.line((root, *n)).ok_or("line_unknown")?;
                unless(line.short, "line_closed_short")?;
                unless(line.wanted == *wanted, "nothing_to_change")
            }
            What::ClosedShort { n } => unless(self.line((root, *n)).ok_or("line_unknown")?.short, "line_closed_short"),
            What::CategoryCorrected { category } => unless(self.needs[root].category == *category, "nothing_to_change"),
            What::RegionCorrected { region } => unless(self.needs[root].region == *region, "nothing_to_change"),
            What::Answered | What::Referred { .. } | What::Accepted { .. } | What::Returned { .. } => self.admits_answer(root, fact),
            What::Closed | What::Cancelled => unless(!self.works(root), "not_open"),
            What::Unanswered => {
                let due = self.needs[root].feedback_due.is_some_and(|due| due <= fact.recorded_at);
                unless(self.closure(root) != Closure::AwaitingFeedback || !due, "not_open")
            }
            What::Reopened => unless(self.closure(root) == Closure::Open, "already_open"),
            What::Merged { into, .. } => self.admits_merge(fact.need, *into),
            What::Unmerged { .. } => {
                unless(self.needs[fact.need].merged.is_none(), "not_merged")?;
                unless(self.would_exceed(fact.need), "would_exceed_line")
            }
            What::Erased => {
                unless(self.events.iter().any(|(_, f)| f.need == fact.need && matches!(f.what, What::Erased)), "already_erased")
            }
            _ => self.admits_of_claim(root, fact),
        }
    }

    /// Open, awaiting feedback or referred: there is still something to do or to hear.
    fn works(&self, root: NeedId) -> bool {
        matches!(self.closure(root), Closure::Open | Closure::AwaitingFeedback | Closure::Referred)
    }

    fn admits_rejection(&self, root: NeedId) -> Verdict {
        let happened = self.group_events(root).any(|(_, f)| match &f.what {
            What::Called { outcome, .. } => outcome.is_conversation(),
            What::Claimed { confirmed, .. } => *confirmed,
            What::Visited { .. } | What::Responded { .. } | What::Confirmed { .. } | What::Answered | What::Accepted { .. } => true,
            _ => false,
        });
        let has_members = self.group(root).len() > 1;
        unless(self.closure(root) != Closure::Open || has_members || happened, "not_rejectable")
    }

    fn admits_answer(&self, root: NeedId, fact: &Fact) -> Verdict {
        let need = &self.needs[fact.need];
        match fact.what {
            What::Answered => {
                unless(need.answered, "already_answered")?;
                unless(self.closure(root) != Closure::Open, "not_open")
            }
            What::Referred { .. } => unless(self.closure(root) != Closure::Open, "not_open"),
            What::Accepted { n } => {
                let referral = need.referrals.get(&n).ok_or("referral_unknown")?;
                unless(!matches!(referral, Referral::Pending(_)), "referral_not_pending")?;
                unless(self.closure(root) != Closure::Open, "not_open")
            }
            What::Returned { n } => {
                let due = matches!(need.referrals.get(&n), Some(Referral::Pending(due)) if *due <= fact.recorded_at);
                unless(!due, "referral_not_pending")
            }
            _ => Ok(()),
        }
    }

    fn admits_merge(&self, need: NeedId, into: NeedId) -> Verdict {
        unless(self.needs[need].merged.is_some(), "already_merged")?;
        unless(self.root(into) == need, "same_need")?;
        unless(self.closure(self.root(into)) == Closure::Rejected, "rejected")?;
        unless(!self.works(self.root(into)), "not_open")
    }

    fn admits_of_claim(&self, root: NeedId, fact: &Fact) -> Verdict {
        match fact.what {
            What::Claimed { n, quantity, days, early, .. } => {
                unless(self.closure(root) != Closure::Open, "not_open")?;
                unless(self.phone(root) != Phone::Verified && !early, "not_verified")?;
                let line = self.line((root, n)).ok_or("line_unknown")?;
                unless(line.short, "line_closed_short")?;
                unless(!within(days, line.days), "day_outside_line")?;
                unless(quantity > self.left((root, n), days_of(days)), "not_enough_left")
            }
            What::DeliveryStepped { delivery, step, quantity, .. } => self.admits_step(delivery, step, quantity),
            _ => fact.what.claim().map_or(Ok(()), |claim| self.admits_on_claim(claim, fact)),
        }
    }

    fn admits_on_claim(&self, id: ClaimId, fact: &Fact) -> Verdict {
        let claim = self.claims.get(&id).ok_or("claim_not_live")?;
        match fact.what {
            What::Expired { .. } => unless(claim.state != ClaimState::Held || claim.deadline > fact.recorded_at, "claim_not_held"),
            What::Progressed { .. } | What::Confirmed { .. } if claim.state == ClaimState::Expired => Err("claim_expired"),
            What::Progressed { .. } => unless(claim.state != ClaimState::Held, "claim_not_held"),
            What::Confirmed { quantity, .. } => {
                unless(claim.state != ClaimState::Held, "claim_not_held")?;
                let left = self.left(claim.on, claim.per_day.keys().copied());
                unless(quantity > claim.quantity() + left, "not_enough_left")
            }
            What::Released { .. } => {
                unless(!claim.is_live(), "claim_not_live")?;
                unless(self.in_transit(id), "claim_in_transit")
            }
            What::GaveBack { quantity, .. } => {
                unless(claim.state != ClaimState::Confirmed, "claim_not_confirmed")?;
                let free = |(&day, q): (&Day, &i64)| q - self.delivered(id, day) - self.on_the_road(id, day);
                unless(claim.per_day.iter().map(free).any(|free| quantity > free), "exceeds_claim")
            }
            What::DeliveryMade { day, quantity, .. } => {
                unless(claim.state != ClaimState::Confirmed, "claim_not_confirmed")?;
                let of_day = claim.per_day.get(&day.unwrap_or(0)).ok_or("day_outside_claim")?;
                unless(self.under_way(id, day.unwrap_or(0)) + quantity > *of_day, "exceeds_claim")
            }
            _ => Ok(()),
        }
    }

    fn admits_step(&self, id: DeliveryId, step: Step, quantity: Option<i64>) -> Verdict {
        let delivery = self.deliveries.get(&id).ok_or("claim_not_confirmed")?;
        let finished = delivery.step == Step::SignedFor || delivery.step.lost();
        unless(finished, "delivery_finished")?;
        let refused_at_gate = step == Step::Refused && delivery.step == Step::HandedOver && delivery.at_gate;
        let backwards = match step.lost() {
            true => delivery.step == Step::HandedOver && !refused_at_gate,
            false => step.place() <= delivery.step.place(),
        };
        unless(backwards, "step_backwards")?;
        unless(!self.claims.get(&delivery.claim).is_some_and(|c| c.counts()), "claim_not_confirmed")?;
        let claim = &self.claims[&delivery.claim];
        let of_day = claim.per_day.get(&delivery.day).copied().unwrap_or(0);
        let others = self.under_way(delivery.claim, delivery.day) - delivery.quantity;
        unless(!step.lost() && others + quantity.unwrap_or(delivery.quantity) > of_day, "exceeds_claim")
    }

    /// What is on the road out of a claim for one of its days.
    fn on_the_road(&self, claim: ClaimId, day: Day) -> i64 {
        self.deliveries_of(claim, day).filter(|d| d.on_the_road()).map(|d| d.quantity).sum()
    }

    /// Every delivery out of a claim for one of its days but those that were lost.
    fn under_way(&self, claim: ClaimId, day: Day) -> i64 {
        self.deliveries_of(claim, day).filter(|d| !d.step.lost()).map(|d| d.quantity).sum()
    }
}

/// A conclusion needs somebody who spoke.
fn admits_conclusion(outcome: Outcome, conclusion: Option<Conclusion>) -> Verdict {
    let spoke = match conclusion {
        None => true,
        Some(Conclusion::Unverifiable) => outcome.is_conversation() || outcome == Outcome::RefusedToTalk,
        Some(_) => outcome.is_conversation(),
    };
    unless(!spoke, "conclusion_without_conversation")
}

/// The claimed days lie inside the line's; a one-off line has none.
fn within(days: Option<(Day, Day)>, line: Option<(Day, Day)>) -> bool {
    match (days, line) {
        (None, None) => true,
        (Some((first, last)), Some((from, to))) => from <= first && first <= last && last <= to,
        _ => false,
    }
}
