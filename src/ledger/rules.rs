//! The rules: whether an event may follow what is folded. Commands are judged by it before they are appended, and the remaining history
//! when an event is to be voided. Pure; typed refusals say what can be done instead.

use super::event::{Attachment, Event, Kind};
use super::fold::fold;
use super::model::*;
use super::state::*;
use crate::clock::Time;
use crate::error::{Refusal, RefusalCode as Code};

/// Whether `kind` may be recorded on `need` now.
pub fn admit(state: &State, need: i64, kind: &Kind) -> Result<(), Refusal> {
    if let Kind::Submitted { .. } = kind {
        return if state.needs.contains_key(&need) { Err(Code::StateUnchanged.into()) } else { Ok(()) };
    }
    let Some(own) = state.needs.get(&need) else { return Err(Code::NotOpen.into()) };
    let root = &state.needs[&state.root(need)];
    if let Kind::Erased {} = kind {
        return refuse_if(own.erased, Code::AlreadyErased);
    }
    if root.closure == Closure::Rejected && !matches!(kind, Kind::Voided { .. }) {
        return Err(Code::Rejected.into());
    }
    match kind {
        Kind::Rejected {} => rejectable(state, root),
        Kind::Called { outcome, conclusion, .. } => refuse_if(
            conclusion.is_some_and(|c| !outcome.is_conversation() && (c.is_final() || *outcome != Outcome::RefusedToTalk)),
            Code::ConclusionWithoutConversation,
        ),
        Kind::CaseOpened {} => {
            refuse_if(!is_unfinished(root), Code::NotOpen)?;
            refuse_if(root.axes.urgent.is_open(), Code::CaseAlreadyOpen)
        }
        Kind::Responded { reached, people, group_reason } => {
            refuse_if(!root.axes.urgent.is_open(), Code::CaseNotOpen)?;
            refuse_if(people.len() as i64 > *reached, Code::MorePeopleThanReached)?;
            refuse_if(*reached > GROUP_LIMIT && !group_reason, Code::GroupReasonMissing)
        }
        Kind::Stabilised {} | Kind::HandedOn {} | Kind::StoodDown {} | Kind::LostContact {} => {
            refuse_if(!root.axes.urgent.is_open(), Code::CaseNotOpen)
        }
        Kind::LineAdded { line } => refuse_if(root.lines.iter().any(|l| l.n == line.n), Code::LineInUse),
        Kind::LineChanged { n, wanted } => {
            let line = root.lines.iter().find(|l| l.n == *n).ok_or(Code::LineUnknown)?;
            refuse_if(line.short, Code::LineClosedShort)?;
            refuse_if(line.wanted == *wanted, Code::NothingToChange)
        }
        Kind::LineClosedShort { n } => {
            let line = root.lines.iter().find(|l| l.n == *n).ok_or(Code::LineUnknown)?;
            refuse_if(line.short, Code::LineClosedShort)
        }
        Kind::Answered {} => {
            refuse_if(root.answered.is_some(), Code::AlreadyAnswered)?;
            refuse_if(root.closure != Closure::Open, Code::NotOpen)
        }
        Kind::Referred { .. } => refuse_if(root.closure != Closure::Open, Code::NotOpen),
        Kind::ReferralAccepted { n } => {
            let referral = root.referrals.iter().find(|r| r.n == *n).ok_or(Code::ReferralUnknown)?;
            refuse_if(referral.state != ReferralState::Pending, Code::ReferralNotPending)?;
            refuse_if(root.closure != Closure::Open, Code::NotOpen)
        }
        Kind::Closed {} | Kind::Cancelled {} => refuse_if(!is_unfinished(root), Code::NotOpen),
        Kind::Reopened {} => refuse_if(root.closure == Closure::Open, Code::AlreadyOpen),
        Kind::Merged { into, .. } => mergeable(state, own, into),
        Kind::Unmerged {} => refuse_if(own.parent.is_none(), Code::NotMerged),
        Kind::Claimed { .. } => claimable(state, root, kind),
        Kind::Visited { .. }
        | Kind::Assessed { .. }
        | Kind::Summarised {}
        | Kind::PeopleCorrected { .. }
        | Kind::ContactsCorrected { .. }
        | Kind::CategoryCorrected { .. }
        | Kind::PlaceCorrected { .. }
        | Kind::ReferralReturned { .. }
        | Kind::ClosedUnanswered {}
        | Kind::ClaimExpired { .. }
        | Kind::Voided { .. }
        | Kind::Submitted { .. }
        | Kind::Erased {} => Ok(()),
        Kind::ClaimConfirmed { .. }
        | Kind::ClaimReleased { .. }
        | Kind::ClaimExtended { .. }
        | Kind::GivenBack { .. }
        | Kind::ClaimSettled { .. }
        | Kind::DeliveryStarted { .. }
        | Kind::DeliveryStepped { .. } => on_claim(state, kind),
    }
}

/// Whether a recorded event follows from what came before it: the rule of its kind, and for what fell due, that it was due.
pub fn follows(state: &State, event: &Event) -> Result<(), Refusal> {
    let due_by = |deadline: Option<Time>| deadline.is_some_and(|at| at <= event.recorded_at);
    match &event.kind {
        Kind::ClaimExpired { claim } => {
            let claim = state.claim(claim).ok_or(Code::ClaimNotLive)?;
            refuse_if(claim.state != ClaimState::Held || !due_by(claim.expires_at), Code::ClaimNotHeld)
        }
        Kind::ReferralReturned { n } => {
            let need = state.needs.get(&event.need).ok_or(Code::NotOpen)?;
            let pending = need.referrals.iter().find(|r| r.n == *n && r.state == ReferralState::Pending);
            refuse_if(!due_by(pending.map(|r| r.due_at)), Code::ReferralNotPending)
        }
        Kind::ClosedUnanswered {} => {
            let need = state.needs.get(&event.need).ok_or(Code::NotOpen)?;
            refuse_if(!due_by(need.awaiting_since.map(|since| since.plus(FEEDBACK_WAIT))), Code::NotOpen)
        }
        kind => admit(state, event.need, kind),
    }
}

fn refuse_if(condition: bool, code: Code) -> Result<(), Refusal> {
    if condition { Err(code.into()) } else { Ok(()) }
}

/// Work on the need goes on, or waits for feedback or the receiving body.
fn is_unfinished(root: &Need) -> bool {
    matches!(root.closure, Closure::Open | Closure::AwaitingFeedback | Closure::Referred)
}

/// Spam and tests only: before anybody spoke about it, came by, responded, confirmed, answered or accepted.
fn rejectable(state: &State, root: &Need) -> Result<(), Refusal> {
    let touched = root.firsts.human_contact || root.firsts.matched.is_some();
    let has_members = state.needs.values().any(|n| n.parent == Some(root.id));
    refuse_if(touched || has_members || root.closure != Closure::Open, Code::NotRejectable)
}

fn mergeable(state: &State, own: &Need, into: &str) -> Result<(), Refusal> {
    refuse_if(own.parent.is_some(), Code::AlreadyMerged)?;
    let survivor = state.need_of(into).map(|n| &state.needs[&state.root(n.id)]).ok_or(Code::NotOpen)?;
    refuse_if(survivor.id == own.id, Code::SameNeed)?;
    refuse_if(survivor.closure == Closure::Rejected, Code::Rejected)?;
    refuse_if(!is_unfinished(survivor), Code::NotOpen)
}

fn claimable(state: &State, root: &Need, kind: &Kind) -> Result<(), Refusal> {
    let Kind::Claimed { claim, n, quantity, first_day, last_day, early, .. } = kind else { return Ok(()) };
    refuse_if(state.claim(claim).is_some(), Code::StateUnchanged)?;
    refuse_if(root.closure != Closure::Open, Code::NotOpen)?;
    refuse_if(root.axes.phone != Phone::Verified && !early, Code::NotVerified)?;
    let line = root.lines.iter().find(|l| l.n == *n).ok_or(Code::LineUnknown)?;
    refuse_if(line.short, Code::LineClosedShort)?;
    refuse_if(!line.covers(*first_day, *last_day), Code::DayOutsideLine)?;
    enough(*quantity, line.least_left(*first_day, *last_day))
}

fn enough(quantity: i64, left: i64) -> Result<(), Refusal> {
    if quantity > left { Err(Refusal::new(Code::NotEnoughLeft).with("left", left)) } else { Ok(()) }
}

fn on_claim(state: &State, kind: &Kind) -> Result<(), Refusal> {
    let reference = match kind {
        Kind::ClaimConfirmed { claim, .. }
        | Kind::ClaimReleased { claim }
        | Kind::ClaimExtended { claim, .. }
        | Kind::GivenBack { claim, .. }
        | Kind::ClaimSettled { claim, .. }
        | Kind::DeliveryStarted { claim, .. }
        | Kind::DeliveryStepped { claim, .. } => claim,
        _ => return Ok(()),
    };
    let claim = state.claim(reference).ok_or(Code::ClaimNotLive)?;
    match kind {
        Kind::ClaimConfirmed { quantity, .. } => {
            held(claim)?;
            let line = state.line(claim.on.0, claim.on.1).ok_or(Code::LineUnknown)?;
            enough(*quantity, claim.quantity() + line.least_left(claim.first_day, claim.last_day))
        }
        Kind::ClaimExtended { .. } => held(claim),
        Kind::ClaimReleased { .. } => {
            refuse_if(!matches!(claim.state, ClaimState::Held | ClaimState::Confirmed), Code::ClaimNotLive)?;
            refuse_if(claim.deliveries.iter().any(|&i| state.deliveries[i].is_on_the_road()), Code::ClaimInTransit)
        }
        Kind::GivenBack { quantity, .. } => {
            refuse_if(claim.state != ClaimState::Confirmed, Code::ClaimNotConfirmed)?;
            let free = claim.days().filter(|day| claim.on_day(*day) > 0).map(|day| claim.on_day(day) - bound(state, claim, day));
            within_claim(*quantity, free.min().unwrap_or(0))
        }
        Kind::DeliveryStarted { day, quantity, .. } => {
            refuse_if(claim.state != ClaimState::Confirmed, Code::ClaimNotConfirmed)?;
            refuse_if(!claim.days().contains(day), Code::DayOutsideClaim)?;
            within_claim(*quantity, claim.on_day(*day) - state.under_way(claim, *day))
        }
        Kind::DeliveryStepped { delivery, step, quantity, .. } => step_follows(state, claim, delivery, *step, *quantity),
        _ => Ok(()),
    }
}

fn held(claim: &Claim) -> Result<(), Refusal> {
    match claim.state {
        ClaimState::Held => Ok(()),
        ClaimState::Expired => Err(Code::ClaimExpired.into()),
        _ => Err(Code::ClaimNotHeld.into()),
    }
}

/// What of a claim is delivered or on the road on a day and can't be given back.
fn bound(state: &State, claim: &Claim, day: i64) -> i64 {
    let deliveries = claim.deliveries.iter().map(|&i| &state.deliveries[i]);
    deliveries.filter(|d| d.day == day && (d.counts() || d.is_on_the_road())).map(|d| d.quantity).sum()
}

fn within_claim(quantity: i64, left: i64) -> Result<(), Refusal> {
    if quantity > left { Err(Refusal::new(Code::ExceedsClaim).with("left", left.max(0))) } else { Ok(()) }
}

fn step_follows(state: &State, claim: &Claim, delivery: &str, step: Step, quantity: Option<i64>) -> Result<(), Refusal> {
    let delivery = state.delivery(delivery).ok_or(Code::DeliveryFinished)?;
    let ends = matches!(step, Step::Failed | Step::Refused);
    let backwards = match delivery.step {
        Step::SignedFor | Step::Failed | Step::Refused => return Err(Code::DeliveryFinished.into()),
        Step::HandedOver if ends => !(delivery.at_gate && step == Step::Refused),
        at => !ends && step <= at,
    };
    refuse_if(backwards, Code::StepBackwards)?;
    refuse_if(!claim.state.is_matched(), Code::ClaimNotConfirmed)?;
    let others = state.under_way(claim, delivery.day) - delivery.quantity;
    if ends { Ok(()) } else { within_claim(quantity.unwrap_or(delivery.quantity), claim.on_day(delivery.day) - others) }
}

/// A line of the merged need, as merging compares it: number and the item it asks for.
pub struct MergeLine<'a> {
    /// Need and number.
    pub line: (i64, i64),
    /// Item and unit, normalised; none where the item was erased.
    pub item: Option<(&'a str, &'a str)>,
}

/// What becomes of the claims of `from` when it is merged into `survivor`: by same item, unit and days up to what is open, the rest is
/// surplus. Claims in transit, delivered or fulfilled are not listed: they stay where they are.
pub fn plan_merge(state: &State, from: i64, survivor: i64, items: &[MergeLine<'_>]) -> Vec<Attachment> {
    let item = |line: (i64, i64)| items.iter().find(|i| i.line == line).and_then(|i| i.item);
    let (Some(from_need), Some(to)) = (state.needs.get(&from), state.needs.get(&survivor)) else { return Vec::new() };
    let mut indices: Vec<usize> = from_need.lines.iter().flat_map(|l| l.claims.iter().copied()).collect();
    indices.sort_unstable();
    let mut taken: Vec<(i64, Vec<i64>)> = to.lines.iter().map(|l| (l.n, vec![0; l.days.len()])).collect();
    let mut plan = Vec::new();
    for claim in indices.into_iter().map(|i| &state.claims[i]).filter(|c| c.state.is_live() && !state.has_left(c)) {
        let Some(source) = state.line(from, claim.on.1) else { continue };
        let fits = |l: &&Line| {
            !l.short
                && item((survivor, l.n)).is_some()
                && item((survivor, l.n)) == item((from, source.n))
                && (l.first_day, l.last_day) == (source.first_day, source.last_day)
        };
        let mut attachment = Attachment { claim: claim.reference.clone(), n: None, quantity: 0 };
        for line in to.lines.iter().filter(fits) {
            let Some((_, used)) = taken.iter_mut().find(|(n, _)| *n == line.n) else { continue };
            let days = claim.days().map(|day| (day - line.first_day) as usize);
            let left = days.clone().map(|i| line.left(&line.days[i]) - used[i]).min().unwrap_or(0);
            if left > 0 {
                attachment.n = Some(line.n);
                attachment.quantity = left.min(claim.quantity());
                days.for_each(|i| used[i] += attachment.quantity);
                break;
            }
        }
        plan.push(attachment);
    }
    plan
}

/// Whether a merge can be undone: the claims that return to the merged need must fit what its lines want.
pub fn partable(events: &[Event], state: &State, need: i64, unmerge: &Event) -> Result<(), Refusal> {
    let mut all = events.to_vec();
    all.push(unmerge.clone());
    let parted = fold(&all, None);
    let takes = |c: &Claim, day: i64| state.claim(&c.reference).map_or(0, |now| if now.state.is_live() { now.on_day(day) } else { 0 });
    for line in parted.needs.get(&need).map(|n| n.lines.as_slice()).unwrap_or_default() {
        let returning = line.claims.iter().map(|&i| &parted.claims[i]).collect::<Vec<_>>();
        for day in line.first_day..=line.last_day {
            let sum: i64 = returning.iter().filter(|c| c.days().contains(&day)).map(|c| takes(c, day)).sum();
            if sum > line.wanted {
                return Err(Refusal::new(Code::WouldExceedLine).with("line", line.n).with("by", sum - line.wanted));
            }
        }
    }
    Ok(())
}

/// Whether an event can be taken back: what remains must break no rule it kept before.
pub fn voidable(events: &[Event], state: &State, event: &Event) -> Result<(), Refusal> {
    refuse_if(events.iter().any(|e| e.voids == Some(event.id)), Code::AlreadyVoided)?;
    refuse_if(!event.kind.is_voidable(), Code::NotVoidable)?;
    let remaining = fold(events, Some(event.id));
    let in_the_way = remaining.violations.iter().find(|id| !state.violations.contains(id));
    match in_the_way.and_then(|id| events.iter().find(|e| e.id == *id)) {
        Some(later) => Err(Refusal::new(Code::EventInTheWay).with("event", later.reference.clone()).with("kind", later.kind.code())),
        None => Ok(()),
    }
}
