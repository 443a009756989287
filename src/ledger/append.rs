//! The one way in: `lock` the roots, let the rules decide, `append` the events, write the difference to the projections.
//!
//! Locking raises the roots' versions in the order of their rows (on PostgreSQL that makes writers take turns), loads and folds the events
//! of all needs of each root and appends what is due. An event that the rules refuse is never appended.

use std::collections::BTreeSet;

use super::event::{Event, Kind};
use super::flush::flush;
use super::group::Group;
use super::state::{Need, State};
use super::store::{self, Frame};
use crate::clock::Time;
use crate::db::Write;
use crate::error::{Error, RefusalCode, Result};
use crate::ids::Reference;

/// One command of one actor: everything random is in `seed`, made before the transaction, so that a retry appends the same.
#[derive(Clone, Debug)]
pub struct Act {
    /// A random number: the act's and its events' references follow from it.
    pub seed: u64,
    /// Who acts; none for people without account and for the machine.
    pub actor: Option<i64>,
    /// The organisation they act for.
    pub organisation: Option<i64>,
    /// What a device said the time was: kept, never counted.
    pub device_at: Option<Time>,
}

impl Act {
    /// The act's own reference.
    pub fn reference(&self) -> Reference {
        Reference::from_number(mix(self.seed))
    }

    /// The reference of one of its events, from 0 on.
    pub fn event_reference(&self, index: u64) -> Reference {
        Reference::from_number(mix(self.seed.wrapping_add(index + 1)))
    }
}

/// SplitMix64's finaliser: spreads neighbouring numbers over all references.
fn mix(number: u64) -> u64 {
    let z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// An event to be appended.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The need it is recorded on.
    pub need: i64,
    /// When it happened.
    pub occurred_at: Time,
    /// What happened.
    pub kind: Kind,
    /// A code from a closed list, where the command takes one.
    pub reason: Option<String>,
    /// The event it takes back, with `Kind::Voided`.
    pub voids: Option<i64>,
}

impl Draft {
    /// A draft without reason.
    pub fn new(need: i64, occurred_at: Time, kind: Kind) -> Self {
        Draft { need, occurred_at, kind, reason: None, voids: None }
    }
}

/// Roots that are locked in this transaction, folded, with what was due appended.
pub struct Locked {
    pub(super) frame: Frame,
    now: Time,
    pub(super) groups: Vec<Group>,
}

/// What was appended.
#[derive(Clone, Debug, PartialEq)]
pub struct Appended {
    /// The event's row.
    pub id: i64,
    /// Its reference.
    pub reference: String,
    /// The need it is recorded on.
    pub need: i64,
}

/// Starts with nothing locked: for needs that are submitted in this transaction.
pub fn open(w: &mut Write<'_>, incident: i64) -> Result<Locked> {
    Ok(Locked { frame: store::frame(w, incident)?, now: w.now(), groups: Vec::new() })
}

/// Locks the roots of the needs, in the order of their rows, and appends what is due on them.
pub fn lock(w: &mut Write<'_>, incident: i64, needs: &[i64]) -> Result<Locked> {
    let mut locked = open(w, incident)?;
    locked.add(w, needs)?;
    Ok(locked)
}

impl Locked {
    /// The state that a need is part of.
    pub fn state(&self, need: i64) -> Result<&State> {
        self.group(need).map(|i| &self.groups[i].state)
    }

    /// The root of a need.
    pub fn root(&self, need: i64) -> Result<&Need> {
        let state = self.state(need)?;
        state.needs.get(&state.root(need)).ok_or(Error::NotFound)
    }

    /// The events of a need's group, in recorded order.
    pub fn events(&self, need: i64) -> Result<&[Event]> {
        self.group(need).map(|i| self.groups[i].events.as_slice())
    }

    /// The instant of this attempt, on the injected clock.
    pub fn now(&self) -> Time {
        self.now
    }

    pub(super) fn group(&self, need: i64) -> Result<usize> {
        self.groups.iter().position(|g| g.state.needs.contains_key(&need)).ok_or(Error::NotFound)
    }

    pub(super) fn add(&mut self, w: &mut Write<'_>, needs: &[i64]) -> Result<()> {
        let mut wanted: BTreeSet<i64> = BTreeSet::new();
        loop {
            let roots: BTreeSet<i64> = store::roots(w, self.frame.incident, needs)?.into_iter().map(|(_, root)| root).collect();
            let fresh: Vec<i64> = roots.into_iter().filter(|root| self.group(*root).is_err() && wanted.insert(*root)).collect();
            if fresh.is_empty() {
                break;
            }
            for root in fresh {
                store::raise_version(w, root)?;
            }
        }
        for root in wanted {
            let members = store::members(w, root)?;
            // A root that was merged away between the look-up and its lock has no needs of its own any more.
            if members.contains(&root) {
                let group = Group::load(w, self.frame.incident, &members)?;
                self.groups.push(group);
                let last = self.groups.len() - 1;
                self.append_due(w, last, root)?;
            }
        }
        Ok(())
    }

    fn append_due(&mut self, w: &mut Write<'_>, group: usize, root: i64) -> Result<()> {
        while self.frame.runs
            && let Some((at, need, kind)) = self.groups[group].state.due(root).filter(|(at, _, _)| *at <= self.now)
        {
            let seed = mix(need as u64).wrapping_add(self.groups[group].next_seq(need) as u64);
            let act = Act { seed, actor: None, organisation: None, device_at: None };
            self.push(w, group, &act, 0, Draft::new(need, at, kind))?;
        }
        Ok(())
    }

    /// Records one event: inserts it and moves the group's state on.
    fn push(&mut self, w: &mut Write<'_>, group: usize, act: &Act, index: u64, draft: Draft) -> Result<Appended> {
        let incident = self.frame.incident;
        if !self.frame.runs && !draft.kind.corrects() {
            return Err(RefusalCode::IncidentClosed.into());
        }
        let recorded_at = self.recorded_at(draft.need);
        let group = &mut self.groups[group];
        let mut event = Event {
            id: 0,
            reference: act.event_reference(index).to_string(),
            act: act.reference().to_string(),
            need: draft.need,
            seq: group.next_seq(draft.need),
            occurred_at: draft.occurred_at,
            recorded_at,
            actor: act.actor,
            organisation: act.organisation,
            reason: draft.reason,
            kind: draft.kind,
            voids: draft.voids,
        };
        group.judge(&event)?;
        let need_reference = match (&event.kind, group.state.needs.get(&event.need)) {
            (Kind::Submitted { reference, .. }, _) => reference.clone(),
            (_, Some(need)) => need.reference.clone(),
            (_, None) => return Err(Error::NotFound),
        };
        event.id = store::insert_event(w, incident, &event, &need_reference, act.device_at)?;
        let appended = Appended { id: event.id, reference: event.reference.clone(), need: event.need };
        group.take(event);
        Ok(appended)
    }

    /// max(now, `closed_until` + 1, the last of these roots), and one more where the order by need would put it before that.
    fn recorded_at(&self, need: i64) -> Time {
        let floor = self.now.max(self.frame.closed_until.plus(1));
        match self.groups.iter().filter_map(|g| g.events.last()).max_by_key(|e| (e.recorded_at, e.need)) {
            Some(last) => floor.max(if last.need > need { last.recorded_at.plus(1) } else { last.recorded_at }),
            None => floor,
        }
    }

    /// Joins the groups of two needs into one, so that an event can merge them.
    pub fn join(&mut self, need: i64, into: &str) -> Result<()> {
        let a = self.group(need)?;
        let Some(b) = self.groups.iter().position(|g| g.state.need_of(into).is_some()) else { return Err(Error::NotFound) };
        if a != b {
            let other = self.groups.remove(a.max(b));
            self.groups[a.min(b)].absorb(other);
        }
        Ok(())
    }
}

/// Appends one act's events and writes what they change. With no drafts it still writes what was due.
pub fn append(w: &mut Write<'_>, mut locked: Locked, act: &Act, drafts: Vec<Draft>) -> Result<Vec<Appended>> {
    let mut appended = Vec::new();
    let mut settled = drafts.len() as u64;
    for (index, draft) in drafts.into_iter().enumerate() {
        if let Kind::Merged { into, .. } = &draft.kind {
            locked.join(draft.need, into)?;
        }
        let group = match locked.group(draft.need) {
            Ok(group) => group,
            Err(_) if matches!(draft.kind, Kind::Submitted { .. }) => {
                locked.groups.push(Group::default());
                locked.groups.len() - 1
            }
            Err(missing) => return Err(missing),
        };
        let stood = matches!(draft.kind, Kind::Unmerged {}).then(|| locked.groups[group].state.clone());
        let at = draft.occurred_at;
        appended.push(locked.push(w, group, act, index as u64, draft)?);
        for (need, kind) in stood.map(|before| locked.groups[group].state.unsettled(&before)).unwrap_or_default() {
            locked.push(w, group, act, settled, Draft::new(need, at, kind))?;
            settled += 1;
        }
    }
    flush(w, &mut locked)?;
    Ok(appended)
}
