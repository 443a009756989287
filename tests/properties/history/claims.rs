//! Intents about lines, claims and deliveries.

use super::Intent;
use super::resolve::{Dice, Scene, ready};
use crate::command::{Act, NewClaim};
use crate::model::{LineDay, World, days_of};
use crate::vocabulary::*;

/// An open and verified need with something left.
pub fn claimable(world: &World<'_>, need: NeedId) -> bool {
    let left = |day: &LineDay| day.left() > 0;
    world.closure(need) == Closure::Open && world.phone(need) == Phone::Verified && world.open_line_days(need).iter().any(left)
}

/// A claim, mostly of what is left of a line.
pub fn claim(scene: &Scene<'_>, dice: &mut Dice<'_>) -> Act {
    let need = ready(scene, dice, claimable);
    let world = &scene.world;
    let root = world.root(need);
    let n = some_line(world, root, dice);
    let span = world.line((root, n)).and_then(|line| line.days);
    let days = span.map(|(first, last)| {
        let from = first + dice.below((last - first + 1) as usize) as Day;
        let to = from + dice.below(3) as Day;
        (from, if dice.usually(90) { to.min(last) } else { last + 1 })
    });
    let left = world.line((root, n)).map_or(1, |_| world.left((root, n), days.map_or(vec![0], |d| days_of(Some(d)))));
    let quantity = if dice.usually(88) { 1 + dice.below(left.max(1) as usize) as i64 } else { left.max(0) + 1 + dice.below(3) as i64 };
    let roll = dice.below(100);
    let claim = NewClaim { quantity, days, confirmed: roll >= 45, early_reason: roll % 3 == 2 };
    Act::Claim { need, n, claim }
}

/// Another quantity for a line: mostly less, often less than is claimed already.
pub fn change_line(scene: &Scene<'_>, dice: &mut Dice<'_>) -> Act {
    let claimed = |w: &World<'_>, n: NeedId| w.claims.values().any(|c| c.on.0 == n && c.is_live());
    let need = ready(scene, dice, claimed);
    let world = &scene.world;
    let root = world.root(need);
    let n = some_line(world, root, dice);
    let Some(line) = world.line((root, n)) else { return Act::ChangeLine { need, n, wanted: 5 } };
    let figures = world.line_day((root, n), days_of(line.days)[0]);
    let taken = figures.held + figures.confirmed + figures.fulfilled;
    let wanted = match dice.below(10) {
        0..=3 => taken - 1 - dice.below(4) as i64,
        4 => figures.confirmed + figures.fulfilled,
        5 => line.wanted,
        6 | 7 => line.wanted - 1 - dice.below(5) as i64,
        _ => line.wanted + 1 + dice.below(20) as i64,
    };
    Act::ChangeLine { need, n, wanted: wanted.max(1) }
}

/// Mostly a line there is.
fn some_line(world: &World<'_>, need: NeedId, dice: &mut Dice<'_>) -> usize {
    let roll = dice.below(40);
    let lines: Vec<usize> = world.needs[need].lines.keys().copied().collect();
    if roll == 39 { 9 } else { lines[roll % lines.len()] }
}

/// What is done to a claim or a delivery: mostly to one that is ready for it.
pub fn on_claim(scene: &Scene<'_>, intent: Intent, dice: &mut Dice<'_>) -> Option<Act> {
    let world = &scene.world;
    if intent == Intent::StepDelivery {
        return step_delivery(world, dice);
    }
    let ready = match intent {
        Intent::Confirm | Intent::Progress => ClaimState::Held,
        _ => ClaimState::Confirmed,
    };
    let all: Vec<ClaimId> = world.claims.keys().copied().collect();
    let ready: Vec<ClaimId> = all.iter().copied().filter(|c| world.claims[c].state == ready).collect();
    let moved: Vec<ClaimId> = ready.iter().copied().filter(|c| !world.claims[c].moves.is_empty()).collect();
    let ready = if intent == Intent::Confirm && !moved.is_empty() { moved } else { ready };
    let by_day: Vec<ClaimId> = ready.iter().copied().filter(|c| world.claims[c].per_day.len() > 1).collect();
    let ready = if intent == Intent::Deliver && !by_day.is_empty() && dice.usually(40) { by_day } else { ready };
    let on_the_road: Vec<ClaimId> = ready.iter().copied().filter(|&c| world.in_transit(c)).collect();
    let ready = if intent == Intent::Release && !on_the_road.is_empty() { on_the_road } else { ready };
    let claim = if dice.usually(85) { dice.one(&ready) } else { None }.or_else(|| dice.one(&all))?;
    let claimed = &world.claims[&claim];
    let quantity = claimed.quantity();
    Some(match intent {
        Intent::Confirm => {
            let most = quantity + world.left(claimed.on, claimed.per_day.keys().copied()).max(0);
            let quantity = if dice.usually(88) { (most - dice.below(4) as i64).max(1) } else { most + 1 };
            Act::Confirm { claim, quantity }
        }
        Intent::Progress => Act::Progress { claim },
        Intent::Release => Act::Release { claim },
        Intent::GiveBack => {
            let too_much = usize::from(!dice.usually(80));
            Act::GiveBack { claim, quantity: 1 + dice.below(quantity as usize + too_much) as i64 }
        }
        _ => {
            let by_day = world.line(claimed.home).is_some_and(|line| line.days.is_some());
            let days: Vec<Day> = claimed.per_day.keys().copied().collect();
            let day = if dice.usually(if by_day { 50 } else { 100 }) { dice.one(&days)? } else { days[days.len() - 1] + 1 };
            let open = quantity - world.delivered(claim, day);
            let quantity = if dice.usually(60) { open.max(1) } else { 1 + dice.below(quantity as usize + 2) as i64 };
            let step = [Step::HandedOver, Step::InTransit, Step::Pledged, Step::SignedFor, Step::InTransit, Step::Packed][dice.below(6)];
            Act::Deliver { claim, day: by_day.then_some(day), quantity, step, at_gate: step == Step::HandedOver && dice.below(3) == 2 }
        }
    })
}

fn step_delivery(world: &World<'_>, dice: &mut Dice<'_>) -> Option<Act> {
    let all: Vec<DeliveryId> = world.deliveries.keys().copied().collect();
    let finished = |d: &DeliveryId| world.deliveries[d].step == Step::SignedFor || world.deliveries[d].step.lost();
    let under_way: Vec<DeliveryId> = all.iter().copied().filter(|d| !finished(d)).collect();
    let delivery = if dice.usually(88) { dice.one(&under_way) } else { None }.or_else(|| dice.one(&all))?;
    let now = &world.deliveries[&delivery];
    let later: Vec<Step> = Step::ALL.iter().copied().filter(|s| s.place() > now.step.place()).collect();
    let step = if dice.usually(85) { dice.one(&later) } else { dice.one(Step::ALL) }.unwrap_or(Step::SignedFor);
    let roll = dice.below(6);
    let quantity = if step.lost() || roll < 4 { None } else { Some((now.quantity + [-1, 2][roll - 4]).max(1)) };
    Some(Act::StepDelivery { delivery, step, quantity, at_gate: step == Step::HandedOver && dice.below(3) == 2 })
}
