//! What falls due by itself: held claims expire, referrals come back, needs that await feedback close unanswered.

use super::event::Kind;
use super::model::*;
use super::state::*;
use crate::clock::Time;

impl State {
    /// What falls due next on a root: when, on which need the event is recorded, and what it is.
    pub fn due(&self, root: i64) -> Option<(Time, i64, Kind)> {
        let need = self.needs.get(&root)?;
        let held = need.lines.iter().flat_map(|l| &l.claims).map(|&i| &self.claims[i]).filter(|c| c.state == ClaimState::Held);
        let expiries = held.filter_map(|c| Some((c.expires_at?, c.home.0, Kind::ClaimExpired { claim: c.reference.clone() })));
        let rejected = need.closure == Closure::Rejected;
        let referrals = self.members(root).flat_map(|member| member.referrals.iter().map(|r| (member.id, r)));
        let pending = referrals.filter(|(_, r)| !rejected && r.state == ReferralState::Pending);
        let returns = pending.map(|(member, r)| (r.due_at, member, Kind::ReferralReturned { n: r.n }));
        let unanswered = need.awaiting_since.map(|since| (since.plus(FEEDBACK_WAIT), root, Kind::ClosedUnanswered {}));
        expiries.chain(returns).chain(unanswered).min_by_key(|(at, need, _)| (*at, *need))
    }
}
