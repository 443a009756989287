//! The story while it is written: commands so far, numbers handed out, and the thread of one root.

use super::super::plan::*;
use super::super::random::Random;
use super::catalogue::Kind;
use super::names::People;
use super::places::Places;
use super::rhythm;
use crate::clock::{MINUTE, SECOND, Time};
use crate::ledger::model::Urgency;

/// Everything that is written so far, and what the rest is drawn from.
pub struct Story {
    /// What is drawn while it is written.
    pub random: Random,
    /// Who does not exist.
    pub people: People,
    /// Where needs come from.
    pub places: Places,
    /// The commands, not in the order of time yet.
    pub steps: Vec<Step>,
    needs: NeedNo,
    claims: ClaimNo,
    deliveries: DeliveryNo,
    labels: u32,
    turns: [usize; Turn::COUNT],
    /// Commands that are found to be wrong once the headline's figures are known: their labels and what is entered instead.
    pub corrections: Vec<(u32, Step)>,
}

/// What happens by turns, so that each of its ways comes about often enough.
#[derive(Clone, Copy, Debug)]
pub enum Turn {
    /// How a household's goods are matched.
    Supply,
    /// How a community's large line is matched.
    Share,
    /// How goods get there.
    Delivery,
    /// Whether a need that is matched is withdrawn, or opened again later.
    Ending,
    /// How a need ends.
    Feedback,
    /// How a first call goes.
    Call,
    /// How a referral goes.
    Referral,
    /// How a case goes.
    Case,
}

impl Turn {
    const COUNT: usize = 8;
}

impl Story {
    /// Nothing is written yet.
    pub fn new(seed: u64, list: &str) -> Self {
        let random = Random::new(seed);
        Story {
            people: People::new(random.part(1), 0),
            places: Places::new(random.part(2), list),
            random: random.part(3),
            steps: Vec::new(),
            needs: 0,
            claims: 0,
            deliveries: 0,
            labels: 0,
            turns: [0; Turn::COUNT],
            corrections: Vec::new(),
        }
    }

    /// Hands out numbers of needs; answers the first.
    pub fn needs(&mut self, count: usize) -> NeedNo {
        self.needs += count;
        self.needs - count
    }

    /// Hands out a number of a claim.
    pub fn claim(&mut self) -> ClaimNo {
        self.claims += 1;
        self.claims - 1
    }

    /// Hands out a number of a delivery.
    pub fn delivery(&mut self) -> DeliveryNo {
        self.deliveries += 1;
        self.deliveries - 1
    }

    /// Hands out a label.
    pub fn label(&mut self) -> u32 {
        self.labels += 1;
        self.labels
    }

    /// How often it has been this turn before.
    pub fn turn(&mut self, turn: Turn) -> usize {
        self.turns[turn as usize] += 1;
        self.turns[turn as usize] - 1
    }

    /// A command that the platform learns of some time after it occurred.
    pub fn push(&mut self, occurred: Time, lag: i64, by: By, command: Command) {
        let late = (lag > 15 * MINUTE).then(|| *self.random.pick(&LATE_REASONS));
        let told = (lag > 0).then_some(occurred);
        self.steps.push(Step { at: occurred.plus(lag), occurred: told, late, by, command, label: None });
    }
}

const LATE_REASONS: [&str; 4] =
    ["现场手机没电，回站后补录", "社区断网，按纸质登记表补录", "夜间值守先处理，早上补录", "车队统一交接后补录"];

/// One root while its course is written: each command comes after the one before.
pub struct Thread<'s> {
    /// The story it is part of.
    pub story: &'s mut Story,
    /// The need that commands name.
    pub need: NeedNo,
    /// Its kind.
    pub kind: &'static Kind,
    /// Its lines as they stand.
    pub lines: Vec<LinePlan>,
    /// The urgency in force.
    pub urgency: Urgency,
    /// The organisation that posted it, if it was one.
    pub posted_by: Option<OrganisationNo>,
    /// When it was submitted.
    pub submitted: Time,
    /// When the platform last learned something about it.
    pub at: Time,
}

impl Thread<'_> {
    /// What the course is drawn from.
    pub fn random(&mut self) -> &mut Random {
        &mut self.story.random
    }

    /// A command sent as it happens. Answers when.
    pub fn now(&mut self, at: Time, by: By, command: Command) -> Time {
        self.told(at, 0, by, command)
    }

    /// A command about what happened before. Answers when it happened.
    pub fn told(&mut self, occurred: Time, lag: i64, by: By, command: Command) -> Time {
        let occurred = occurred.max(self.at.plus(SECOND));
        self.story.push(occurred, lag, by, command);
        self.at = occurred.plus(lag);
        occurred
    }

    /// The last command gets a label, so that it can be taken back.
    pub fn labelled(&mut self) -> u32 {
        let label = self.story.label();
        if let Some(step) = self.story.steps.last_mut() {
            step.label = Some(label);
        }
        label
    }

    /// Some time after the last command; in the day, unless it is urgent.
    pub fn after(&mut self, median: i64) -> Time {
        let at = self.at;
        let at = at.plus(self.random().spread(median));
        if self.urgency <= Urgency::Urgent { at } else { rhythm::awake(self.random(), at) }
    }
}
