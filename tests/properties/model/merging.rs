//! Merging and unmerging: what happens to the claims of both sides.

use super::facts::Placement;
use super::world::{World, days_of};
use crate::vocabulary::*;

impl World<'_> {
    /// What merging `need` into the root `into` would do to the claims on the lines of `need`: each goes, in the order of making, to the
    /// first line of the same item, unit and days that has something left, as far as it has. What is on the road, delivered or
    /// fulfilled stays where it is and is not in the answer.
    pub fn placements(&self, need: NeedId, into: NeedId) -> Vec<Placement> {
        let mut trial = self.clone();
        let mut placements = vec![];
        let movable: Vec<ClaimId> = self.claims.iter().filter(|(_, c)| c.on.0 == need && c.is_live()).map(|(&id, _)| id).collect();
        for claim in movable.into_iter().filter(|&c| !self.in_transit(c) && !self.any_delivered(c)) {
            let placement = trial.place(claim, into);
            trial.put(&placement);
            placements.push(placement);
        }
        placements
    }

    fn place(&self, claim: ClaimId, into: NeedId) -> Placement {
        let claimed = &self.claims[&claim];
        let from = &self.needs[claimed.on.0].lines[&claimed.on.1];
        for (&n, line) in &self.needs[into].lines {
            let same = line.item == from.item && line.unit == from.unit && line.days == from.days && !line.short;
            let left = self.left((into, n), claimed.per_day.keys().copied());
            if same && left > 0 {
                return Placement { claim, to: Some((into, n)), keep: left.min(claimed.quantity()) };
            }
        }
        Placement { claim, to: None, keep: 0 }
    }

    fn put(&mut self, placement: &Placement) {
        let Some(claim) = self.claims.get_mut(&placement.claim) else { return };
        match placement.to {
            Some(line) => {
                claim.on = line;
                claim.per_day.values_mut().for_each(|q| *q = (*q).min(placement.keep));
            }
            None => claim.state = ClaimState::Released,
        }
    }

    /// A merge that was undone is a ghost: only what it released stays released. So it is for a claim that only an undone merge had
    /// brought to the lines of `need`.
    pub(super) fn merge(&mut self, merge: FactId, need: NeedId, into: NeedId, placements: &[Placement]) {
        let ghost = self.ghosts.contains(&merge);
        if !ghost {
            self.needs[need].merged = Some((merge, into));
        }
        for placement in placements {
            let Some(from) = self.claims.get(&placement.claim).map(|c| c.on) else { continue };
            self.put(placement);
            let claim = self.claims.get_mut(&placement.claim).expect("it was there");
            if ghost || from.0 != need {
                claim.on = from;
            } else if placement.to.is_some() {
                claim.moves.push((merge, from));
            }
        }
    }

    /// The claims that this merge moved go back to where they were, in their present state; those of needs merged in before come along.
    pub(super) fn unmerge(&mut self, need: NeedId, merge: FactId) {
        if self.ghosts.contains(&merge) {
            return;
        }
        self.needs[need].merged = None;
        for claim in self.claims.values_mut() {
            if let Some(i) = claim.moves.iter().position(|(m, _)| *m == merge) {
                claim.on = claim.moves[i].1;
                claim.moves.truncate(i);
            }
        }
    }

    /// A line of `need` would hold more than is wanted of it if the merge were undone.
    pub fn would_exceed(&self, need: NeedId) -> bool {
        let mut trial = self.clone();
        if let Some((merge, _)) = self.needs[need].merged {
            trial.unmerge(need, merge);
        }
        trial.needs[need].lines.iter().any(|(&n, line)| {
            days_of(line.days).into_iter().any(|day| {
                let figures = trial.line_day((need, n), day);
                figures.held + figures.confirmed + figures.fulfilled > line.wanted
            })
        })
    }
}
