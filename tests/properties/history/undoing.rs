//! Intents that join needs, take them apart again, or void what was recorded.

use super::people::pairs;
use super::resolve::{Dice, Scene, need, ready};
use crate::command::Act;
use crate::model::World;
use crate::vocabulary::*;

/// Often one with claims into another; seldom one that was merged already.
pub fn merge(scene: &Scene<'_>, dice: &mut Dice<'_>) -> Act {
    let world = &scene.world;
    let roots: Vec<NeedId> = (0..world.needs.len()).filter(|&n| world.root(n) == n).collect();
    let claimed = |n: &NeedId| world.claims.values().any(|c| c.on.0 == *n && c.is_live());
    let claimed: Vec<NeedId> = roots.iter().copied().filter(claimed).collect();
    let overfull = |n: &NeedId| world.open_line_days(*n).iter().any(|d| d.confirmed + d.fulfilled > d.wanted);
    let overfull: Vec<NeedId> = claimed.iter().copied().filter(overfull).collect();
    let claimed = if overfull.is_empty() { claimed } else { overfull };
    let from = match dice.below(10) {
        0..=4 if !claimed.is_empty() => claimed[dice.below(claimed.len())],
        0..=7 => roots[dice.below(roots.len())],
        _ => dice.below(world.needs.len()),
    };
    let into = ready(scene, dice, |w, n| n != from && w.closure(n) == Closure::Open);
    Act::Merge { need: from, into, same: pairs(scene, from, into, dice) }
}

pub fn merged_or_any(scene: &Scene<'_>, dice: &mut Dice<'_>) -> NeedId {
    let world = &scene.world;
    let merged: Vec<NeedId> = (0..world.needs.len()).filter(|&n| world.root(n) != n).collect();
    if let Some(need) = too_much(world).filter(|_| dice.usually(60)) {
        return need;
    }
    let moved = |n: &NeedId| world.claims.values().any(|c| c.moves.iter().any(|(_, from)| from.0 == *n));
    let moved: Vec<NeedId> = merged.iter().copied().filter(moved).collect();
    if !moved.is_empty() && dice.usually(60) {
        return moved[0];
    }
    if dice.usually(85) { dice.one(&merged) } else { None }.unwrap_or_else(|| dice.below(world.needs.len()))
}

/// A merged need that can't be unmerged.
pub fn too_much(world: &World<'_>) -> Option<NeedId> {
    (0..world.needs.len()).find(|&n| world.needs[n].merged.is_some() && world.would_exceed(n))
}

pub fn newest_or_any(scene: &Scene<'_>, dice: &mut Dice<'_>) -> NeedId {
    let needs = scene.world.needs.len();
    if dice.usually(60) { needs - 1 } else { dice.below(needs) }
}

pub fn ended_or_any(scene: &Scene<'_>, dice: &mut Dice<'_>) -> NeedId {
    let world = &scene.world;
    let ended =
        |n: &NeedId| matches!(world.closure(*n), Closure::AwaitingFeedback | Closure::Closed | Closure::Cancelled | Closure::Referred);
    let ended: Vec<NeedId> = (0..world.needs.len()).filter(ended).collect();
    if dice.usually(85) { dice.one(&ended) } else { None }.unwrap_or_else(|| need(scene, dice))
}

/// Mostly something recent that can be voided; sometimes what was voided already, or anything.
pub fn void(scene: &Scene<'_>, dice: &mut Dice<'_>) -> Option<Act> {
    let facts = &scene.model.facts;
    let voidable: Vec<FactId> = (0..facts.len()).rev().filter(|&id| facts[id].what.voidable()).collect();
    let standing = |id: FactId| scene.world.events.iter().any(|(other, _)| *other == id);
    let (recent, voided): (Vec<FactId>, Vec<FactId>) = voidable.into_iter().partition(|&id| standing(id));
    let fact = match dice.below(20) {
        16 | 18 if !voided.is_empty() => voided[dice.below(voided.len())],
        17.. => dice.below(facts.len()),
        _ => dice.one(&recent[..recent.len().min(25)])?,
    };
    Some(Act::Void { fact, whole_act: !dice.usually(80) })
}
