//! From an intent and its dice to a command, given what exists.

use super::{HistoryStep, Intent, When, claims, people, undoing};
use crate::command::{Act, Command, Name};
use crate::model::{Claim, Model, Referral, World};
use crate::vocabulary::*;

/// What a step comes to.
#[derive(Clone, Debug)]
pub enum Plan {
    /// One command.
    One(Command),
    /// Two submissions at once.
    Together([Command; 2]),
    /// The job that appends what is due.
    RunDue,
    /// There is nothing to do it to.
    Nothing,
}

/// Most needs of a history.
const MOST_NEEDS: usize = 8;

/// Chance, read from left to right.
pub struct Dice<'d>(std::slice::Iter<'d, u16>);

impl<'d> Dice<'d> {
    /// These, to be read from left to right.
    pub fn of(rolls: &'d [u16]) -> Dice<'d> {
        Dice(rolls.iter())
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % n.max(1)
    }

    /// Whether the plain thing happens, so many times of a hundred.
    pub fn usually(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of these.
    pub fn one<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        of.get(self.below(of.len())).cloned()
    }
}

/// What exists when a step's turn comes.
pub struct Scene<'m> {
    /// The model.
    pub model: &'m Model,
    /// How things stand.
    pub world: World<'m>,
}

/// The command a step comes to.
pub fn resolve(model: &Model, now: Time, step: &HistoryStep) -> Plan {
    let scene = &Scene { model, world: model.world() };
    let mut dice = Dice::of(&step.dice);
    let needs = scene.world.needs.len();
    if step.intent == Intent::RunDue {
        return Plan::RunDue;
    }
    let submits = matches!(step.intent, Intent::Submit | Intent::SubmitTogether);
    if submits && needs >= MOST_NEEDS || !submits && needs == 0 {
        return Plan::Nothing;
    }
    if step.intent == Intent::SubmitTogether {
        let shared = Name { name: dice.below(4), phone: Some(dice.below(4)) };
        let commands = [people::submission(&mut dice, Some(shared)), people::submission(&mut dice, Some(shared))];
        return Plan::Together(commands.map(|act| Command { occurred_at: None, late_reason: false, act }));
    }
    let groundwork = step.dice[6] % 10 < 8;
    let intent = if groundwork { first_things_first(scene, step.intent, step.dice[6]) } else { step.intent };
    match act(scene, now, intent, &mut dice) {
        Some(act) => Plan::One(dated(scene, now, step, act)),
        None => Plan::Nothing,
    }
}

/// Where nothing is ready for an intent, what would make something ready.
fn first_things_first(scene: &Scene<'_>, intent: Intent, chance: u16) -> Intent {
    let world = &scene.world;
    let roots: Vec<NeedId> = (0..world.needs.len()).filter(|&n| world.root(n) == n).collect();
    let any_claim = |state: ClaimState| world.claims.values().any(|c| c.state == state);
    let moved_and_held = |c: &Claim| c.state == ClaimState::Held && !c.moves.is_empty();
    match intent {
        Intent::Claim | Intent::Call if chance % 40 < 20 && undoing::too_much(world).is_some() => Intent::Unmerge,
        Intent::Claim | Intent::Call if chance % 40 < 28 && world.claims.values().any(moved_and_held) => Intent::Confirm,
        Intent::Confirm | Intent::Progress if !any_claim(ClaimState::Held) => first_things_first(scene, Intent::Claim, chance),
        Intent::Release | Intent::GiveBack | Intent::Deliver if !any_claim(ClaimState::Confirmed) => {
            first_things_first(scene, Intent::Claim, chance)
        }
        Intent::StepDelivery if world.deliveries.is_empty() => first_things_first(scene, Intent::Deliver, chance),
        Intent::Claim if !roots.iter().any(|&n| claims::claimable(world, n)) => {
            if roots.iter().any(|&n| world.closure(n) == Closure::Open) { Intent::Call } else { Intent::Submit }
        }
        Intent::Respond | Intent::EndCase if !roots.iter().any(|&n| world.case_is_open(n)) => Intent::OpenCase,
        Intent::Accept if !roots.iter().any(|&n| pending(world, n)) => Intent::Refer,
        Intent::Unmerge if roots.len() == world.needs.len() => Intent::Merge,
        other => other,
    }
}

fn pending(world: &World<'_>, need: NeedId) -> bool {
    world.closure(need) == Closure::Open && world.needs[need].referrals.values().any(|r| matches!(r, Referral::Pending(_)))
}

/// Says when it happened.
fn dated(scene: &Scene<'_>, now: Time, step: &HistoryStep, act: Act) -> Command {
    let world = &scene.world;
    let earliest = scene.model.addressed(&act).iter().map(|&n| world.collected_at(world.root(n))).max();
    let since = now - earliest.unwrap_or(now - 3 * HOUR);
    let share = Time::from(step.dice[7]);
    let back = |span: Time| now - (1 + share * 7919 % span.max(1)).min(span.max(0));
    let undated = matches!(act, Act::Void { .. } | Act::Merge { .. } | Act::Unmerge { .. } | Act::Erase { .. });
    let late = since > 16 * MINUTE;
    let (occurred_at, late_reason) = match step.when {
        _ if undated => (None, false),
        When::Ahead => (Some(now + 1 + share), false),
        When::JustNow => (Some(back(since.min(15 * MINUTE))), false),
        When::Earlier => (Some(back(since)), true),
        When::EarlierWithoutReason if late => (Some(now - since.min(16 * MINUTE + share)), false),
        When::TooEarly => (earliest.map(|at| at - 1 - share * 150), true),
        When::Future => (Some(now + 2 * MINUTE + 1 + share), true),
        _ => (None, false),
    };
    Command { occurred_at, late_reason, act }
}

/// The favourite half of the time, so that much happens to one root; else any.
pub fn need(scene: &Scene<'_>, dice: &mut Dice<'_>) -> NeedId {
    let world = &scene.world;
    if dice.usually(50) { world.root(0) } else { dice.below(world.needs.len()) }
}

/// Mostly a root for which the thing makes sense; else whatever comes.
pub fn ready(scene: &Scene<'_>, dice: &mut Dice<'_>, sensible: impl Fn(&World<'_>, NeedId) -> bool) -> NeedId {
    let world = &scene.world;
    let favourite = world.root(0);
    let ready: Vec<NeedId> = (0..world.needs.len()).filter(|&n| world.root(n) == n && sensible(world, n)).collect();
    match dice.below(10) {
        0..=4 if ready.contains(&favourite) => favourite,
        0..=8 if !ready.is_empty() => ready[dice.below(ready.len())],
        _ => need(scene, dice),
    }
}

fn act(scene: &Scene<'_>, now: Time, intent: Intent, dice: &mut Dice<'_>) -> Option<Act> {
    Some(match intent {
        Intent::Submit => people::submission(dice, None),
        Intent::Call | Intent::CallSeveral => people::call(scene, intent, dice),
        Intent::Void => return undoing::void(scene, dice),
        Intent::Merge => undoing::merge(scene, dice),
        Intent::Unmerge => Act::Unmerge { need: undoing::merged_or_any(scene, dice) },
        Intent::Respond => people::respond(scene, dice),
        Intent::Confirm | Intent::Release | Intent::GiveBack | Intent::Progress | Intent::Deliver | Intent::StepDelivery => {
            return claims::on_claim(scene, intent, dice);
        }
        Intent::Claim => claims::claim(scene, dice),
        Intent::ChangeLine => claims::change_line(scene, dice),
        Intent::AddLine => Act::AddLine { need: need(scene, dice), line: people::line(dice) },
        Intent::CloseShort => Act::CloseShort { need: need(scene, dice), n: 1 + dice.below(3) },
        Intent::Reject => Act::Reject { need: undoing::newest_or_any(scene, dice) },
        Intent::Visit => Act::Visit { need: need(scene, dice), conclusion: people::conclusion(dice) },
        Intent::Assess => Act::Assess { need: need(scene, dice), urgency: dice.one(Urgency::ALL)? },
        Intent::OpenCase => Act::OpenCase { need: ready(scene, dice, |w, n| w.closure(n) == Closure::Open && !w.case_is_open(n)) },
        Intent::EndCase => Act::EndCase {
            need: ready(scene, dice, |w, n| w.case_is_open(n)),
            how: dice.one(&[Case::Stabilised, Case::HandedOn, Case::StoodDown, Case::LostContact])?,
        },
        Intent::Summarise => Act::Summarise { need: need(scene, dice) },
        Intent::CorrectCategory => Act::CorrectCategory { need: need(scene, dice), category: people::category(dice) },
        Intent::CorrectRegion => Act::CorrectRegion { need: need(scene, dice), region: people::region(dice) },
        Intent::CorrectPeople => {
            let need = need(scene, dice);
            let named = (0..dice.below(2)).map(|_| people::name(dice)).collect();
            Act::CorrectPeople { need, named, same: people::pairs(scene, need, need, dice) }
        }
        Intent::CorrectContacts => Act::CorrectContacts { need: need(scene, dice), contacts: people::phones(dice) },
        Intent::Answer => {
            let answered = (0..scene.world.needs.len()).any(|n| scene.world.root(n) == n && scene.world.needs[n].answered);
            let again = answered && !dice.usually(50);
            Act::Answer { need: ready(scene, dice, |w, n| if again { w.needs[n].answered } else { w.closure(n) == Closure::Open }) }
        }
        Intent::Refer => {
            Act::Refer { need: ready(scene, dice, |w, n| w.closure(n) == Closure::Open), due_at: now + HOUR * (1 + dice.below(72) as Time) }
        }
        Intent::Accept => {
            let any = dice.below(3) == 2;
            let need = ready(scene, dice, |w, n| if any { !w.needs[n].referrals.is_empty() } else { pending(w, n) });
            let made = scene.world.needs[scene.world.root(need)].referrals.keys().max().copied().unwrap_or(0);
            Act::Accept { need, n: if dice.usually(85) { made.max(1) } else { made + 1 } }
        }
        Intent::Close => Act::Close { need: need(scene, dice) },
        Intent::Cancel => Act::Cancel { need: need(scene, dice) },
        Intent::Reopen => Act::Reopen { need: undoing::ended_or_any(scene, dice) },
        Intent::Erase => Act::Erase { need: dice.below(scene.world.needs.len().min(4)) },
        Intent::SubmitTogether | Intent::RunDue => return None,
    })
}
