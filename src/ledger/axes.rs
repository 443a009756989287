//! The axes that are folded over all members of a root's group: phone follow-up, urgent response, and the urgency last assessed.

use std::collections::BTreeMap;

use super::model::*;

/// The axes of a root.
#[derive(Clone, Debug, PartialEq)]
pub struct Axes {
    /// Phone follow-up.
    pub phone: Phone,
    /// Urgent response.
    pub urgent: Urgent,
    /// The urgency last assessed.
    pub assessed: Option<Urgency>,
    misses: i64,
    wrong_numbers: i64,
    /// How many numbers each member has.
    contacts: BTreeMap<i64, i64>,
}

/// What moves the axes; kept per need so that a merge can fold two histories in recorded order.
#[derive(Clone, Copy, Debug)]
pub(super) enum AxisFact {
    Call { outgoing: bool, outcome: Outcome, conclusion: Option<Conclusion> },
    Visit(Conclusion),
    Assessed(Urgency),
    Contacts { need: i64, numbers: i64, corrected: bool },
    Case(Urgent),
}

impl Default for Axes {
    fn default() -> Self {
        Axes { phone: Phone::Unverified, urgent: Urgent::None, assessed: None, misses: 0, wrong_numbers: 0, contacts: BTreeMap::new() }
    }
}

impl Axes {
    /// Moves the axes by one fact.
    pub(super) fn apply(&mut self, fact: AxisFact) {
        match fact {
            AxisFact::Call { outgoing, outcome, conclusion } => {
                self.misses = if outgoing && outcome.is_miss() { self.misses + 1 } else { 0 };
                self.wrong_numbers += i64::from(outgoing && outcome == Outcome::WrongNumber);
                match conclusion {
                    Some(conclusion) => self.conclude(conclusion),
                    None => self.tried(),
                }
            }
            AxisFact::Visit(conclusion) => self.conclude(conclusion),
            AxisFact::Assessed(urgency) => self.assessed = Some(urgency),
            AxisFact::Contacts { need, numbers, corrected } => {
                self.contacts.insert(need, numbers);
                if corrected {
                    self.wrong_numbers = 0;
                }
            }
            AxisFact::Case(urgent) => self.urgent = urgent,
        }
    }

    fn conclude(&mut self, conclusion: Conclusion) {
        self.phone = match conclusion {
            Conclusion::Genuine | Conclusion::GenuineChanged | Conclusion::AlreadySolved => Phone::Verified,
            Conclusion::NotGenuine => Phone::NotGenuine,
            Conclusion::Unverifiable => Phone::InfoNeeded,
        };
    }

    fn tried(&mut self) {
        let every_number_wrong = self.wrong_numbers > 0 && self.wrong_numbers >= self.contacts.values().sum();
        self.phone = match self.phone {
            Phone::Verified | Phone::NotGenuine => self.phone,
            _ if self.misses >= 3 || every_number_wrong => Phone::Unreachable,
            Phone::InfoNeeded => Phone::InfoNeeded,
            _ => Phone::Verifying,
        };
    }
}
