//! The axes and the stage, each derived from the facts of a root and of what was merged into it, in the order they were recorded.

use super::facts::What;
use super::quantities::LineDay;
use super::world::World;
use crate::vocabulary::*;

impl World<'_> {
    /// Phone follow-up.
    pub fn phone(&self, root: NeedId) -> Phone {
        let mut axis = Phone::Unverified;
        let mut misses_in_a_row = 0;
        let mut wrong_numbers = 0;
        let mut contacts = std::collections::BTreeMap::new();
        for (_, fact) in self.group_events(root) {
            match &fact.what {
                What::Submitted { contacts: n, .. } => drop(contacts.insert(fact.need, *n)),
                What::ContactsCorrected { contacts: n } => {
                    contacts.insert(fact.need, *n);
                    wrong_numbers = 0;
                }
                What::Visited { conclusion } => axis = concluded(*conclusion),
                What::Called { direction, outcome, conclusion, .. } => {
                    let miss = *direction == Direction::Outgoing && outcome.is_miss();
                    misses_in_a_row = if miss { misses_in_a_row + 1 } else { 0 };
                    wrong_numbers += usize::from(miss && *outcome == Outcome::WrongNumber);
                    let every_number_wrong = wrong_numbers > 0 && wrong_numbers >= contacts.values().sum::<usize>();
                    let nobody = misses_in_a_row >= 3 || every_number_wrong;
                    axis = match (conclusion, axis) {
                        (Some(conclusion), _) => concluded(*conclusion),
                        (None, Phone::Verified | Phone::NotGenuine) => axis,
                        (None, _) if nobody => Phone::Unreachable,
                        (None, Phone::InfoNeeded) => axis,
                        (None, _) => Phone::Verifying,
                    };
                }
                _ => {}
            }
        }
        axis
    }

    /// Urgent response.
    pub fn case(&self, root: NeedId) -> Case {
        self.group_events(root).fold(Case::None, |axis, (_, fact)| match fact.what {
            What::CaseOpened => Case::Opened,
            What::Responded { .. } => Case::Responded,
            What::CaseEnded { how } => how,
            _ => axis,
        })
    }

    /// The case is open.
    pub fn case_is_open(&self, root: NeedId) -> bool {
        matches!(self.case(root), Case::Opened | Case::Responded)
    }

    /// Matching, over the need's own lines that are not closed short; where all are, anything confirmed is everything.
    pub fn matching(&self, need: NeedId) -> Matching {
        if self.needs[need].answered || self.needs[need].accepted {
            return Matching::Full;
        }
        if !self.claims.values().any(|c| c.on.0 == need && c.counts()) {
            return Matching::None;
        }
        let days = self.open_line_days(need);
        let taken = |d: &LineDay| d.confirmed + d.fulfilled;
        if days.iter().all(|d| taken(d) >= d.quantity) {
            Matching::Full
        } else if days.iter().any(|d| taken(d) > 0) {
            Matching::Partial
        } else {
            Matching::None
        }
    }

    /// Delivery, over the same lines.
    pub fn delivered_axis(&self, need: NeedId) -> Delivered {
        let any = self.claims.iter().any(|(&id, c)| c.on.0 == need && c.counts() && self.any_delivered(id));
        if !any {
            Delivered::None
        } else if self.open_line_days(need).iter().all(|d| d.delivered >= d.quantity) {
            Delivered::Complete
        } else {
            Delivered::Partial
        }
    }

    /// Closure.
    pub fn closure(&self, need: NeedId) -> Closure {
        if self.needs[need].merged.is_some() { Closure::Merged } else { self.needs[need].closure }
    }

    /// The furthest that holds now.
    pub fn stage(&self, need: NeedId) -> Stage {
        let verified = self.phone(need) == Phone::Verified;
        let live_claim = self.claims.values().any(|c| c.on.0 == need && c.is_live());
        match self.closure(need) {
            Closure::Merged => Stage::Merged,
            Closure::Rejected => Stage::Rejected,
            Closure::Cancelled => Stage::Cancelled,
            _ if self.phone(need) == Phone::NotGenuine => Stage::NotGenuine,
            Closure::Closed => Stage::Closed,
            _ if self.delivered_axis(need) == Delivered::Complete => Stage::Delivered,
            _ if self.matching(need) != Matching::None => Stage::ResourceMatched,
            _ if verified && self.case_is_open(need) && !live_claim => Stage::UrgentResponse,
            _ if verified => Stage::Verified,
            _ => Stage::Collected,
        }
    }

    /// Urgency: the last assessed, else as asked.
    pub fn urgency(&self, root: NeedId) -> Urgency {
        self.group_events(root).fold(self.needs[root].asked, |urgency, (_, fact)| match fact.what {
            What::Assessed { urgency } | What::Called { assessed: Some(urgency), .. } => urgency,
            _ => urgency,
        })
    }
}

fn concluded(conclusion: Conclusion) -> Phone {
    match conclusion {
        Conclusion::Genuine | Conclusion::GenuineChanged | Conclusion::AlreadySolved => Phone::Verified,
        Conclusion::NotGenuine => Phone::NotGenuine,
        Conclusion::Unverifiable => Phone::InfoNeeded,
    }
}
