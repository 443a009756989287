//! What is counted, and one mark of it.

use crate::clock::Time;

crate::codes! {
    /// Everything that is added up. Each is a column of `cells`; the four counters of the handbook are `collected`, `phone_verified`,
    /// `urgent_people` and `resource_matched`, the others stand beside them.
    pub Counter {
        /// Acts of sending in; one may hold several needs.
        Submissions = "submissions",
        /// Roots submitted and not rejected.
        Collected = "collected",
        /// Roots with a call of any kind.
        Tried = "tried",
        /// Roots with a concluded phone conversation.
        PhoneVerified = "phone_verified",
        /// Of these, first concluded genuine.
        Genuine = "genuine",
        /// Of these, first concluded genuine with changes.
        GenuineChanged = "genuine_changed",
        /// Of these, first concluded already solved.
        AlreadySolved = "already_solved",
        /// Of these, first concluded not genuine.
        NotGenuine = "not_genuine",
        /// Roots verified by a home visit.
        ByVisit = "by_visit",
        /// People reached in danger, each once (人).
        UrgentPeople = "urgent_people",
        /// People reached over all responses (人次).
        UrgentEpisodes = "urgent_episodes",
        /// Of the people, those who came in through a response to a group (其中集体).
        UrgentInGroups = "urgent_in_groups",
        /// Roots with a confirmed claim, the desk's answer or an accepted referral.
        ResourceMatched = "resource_matched",
        /// Of these, first by a claim.
        MatchedByClaim = "matched_by_claim",
        /// Of these, first by the desk's answer.
        MatchedByAnswer = "matched_by_answer",
        /// Of these, first by an accepted referral.
        MatchedByReferral = "matched_by_referral",
        /// Of these, matched before phone follow-up.
        MatchedBeforePhone = "matched_before_phone",
        /// Roots both followed up and matched.
        PhonedAndMatched = "phoned_and_matched",
        /// Roots whose matching became full.
        FullyMatched = "fully_matched",
        /// Roots whose delivery became complete.
        Delivered = "delivered",
    }
}

impl Counter {
    /// How many there are.
    pub const COUNT: usize = Counter::ALL.len();
}

/// One amount for each counter, in the order of `Counter::ALL`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts(pub [i64; Counter::COUNT]);

impl Amounts {
    /// The amount of one counter.
    pub fn get(&self, counter: Counter) -> i64 {
        self.0[counter as usize]
    }

    /// Adds to one counter.
    pub fn add(&mut self, counter: Counter, amount: i64) {
        self.0[counter as usize] += amount;
    }

    /// Adds all of another.
    pub fn add_all(&mut self, other: &Amounts) {
        self.0.iter_mut().zip(other.0).for_each(|(mine, theirs)| *mine += theirs);
    }

    /// What is left when all of another is taken away.
    pub fn less(&self, other: &Amounts) -> Amounts {
        Amounts(std::array::from_fn(|i| self.0[i] - other.0[i]))
    }

    /// Whether nothing is counted.
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|&n| n == 0)
    }
}

/// Whose mark it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A need: a root, or any need for its submission.
    Need(i64),
    /// A keyed or named person; of several that are one, the lowest.
    Person(i64),
}

impl Subject {
    /// The code of the subject's kind.
    pub const fn kind(self) -> &'static str {
        match self {
            Subject::Need(_) => "need",
            Subject::Person(_) => "person",
        }
    }

    /// Its row.
    pub const fn id(self) -> i64 {
        match self {
            Subject::Need(id) | Subject::Person(id) => id,
        }
    }
}

/// What identifies a mark within its incident. `ordinal` numbers the amounts of a series.
pub type MarkKey = (Subject, Counter, i64);

/// When a counter's condition first held, for how much, and where it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The instant.
    pub at: Time,
    /// 1, or the amount of a series.
    pub amount: i64,
    /// District code, `outside` or `unlocated`.
    pub district: String,
    /// Category code.
    pub category: String,
}

/// Marks by key.
pub type Marks = std::collections::BTreeMap<MarkKey, Mark>;

crate::codes! {
    /// What cells add up by.
    pub Grain {
        HourDistrict = "hour_district",
        DayDistrict = "day_district",
        DayCategory = "day_category",
    }
}

/// What identifies a cell: incident, grain, district or category, end of its hour or report day. Ends in the time.
pub type CellKey = (i64, Grain, String, Time);
