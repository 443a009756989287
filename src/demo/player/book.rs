//! Which references the numbers of a plan stand for. They follow from the scenario's seed, so they are known before anything is written.

use std::collections::HashMap;

use super::super::plan::{ClaimNo, DeliveryNo, Named, NeedNo};
use crate::error::{Error, Result};
use crate::ids::{Draw, Reference};
use crate::ledger::Act;

/// The references so far.
#[derive(Default)]
pub struct Book {
    /// Needs by number.
    pub needs: Entries<NeedNo>,
    /// Claims by number.
    pub claims: Entries<ClaimNo>,
    /// Deliveries by number.
    pub deliveries: Entries<DeliveryNo>,
    /// People named in a need.
    pub people: Entries<(NeedNo, Named)>,
    /// First events of labelled commands.
    pub events: Entries<u32>,
}

/// References by number.
pub struct Entries<K>(HashMap<K, Reference>);

impl<K> Default for Entries<K> {
    fn default() -> Self {
        Entries(HashMap::new())
    }
}

impl<K: std::hash::Hash + Eq> Entries<K> {
    /// Writes one down.
    pub fn add(&mut self, number: K, reference: Reference) {
        self.0.insert(number, reference);
    }

    /// Looks one up.
    pub fn find(&self, number: &K) -> Result<Reference> {
        self.0.get(number).cloned().ok_or_else(|| Error::internal("a scenario names what it has not made"))
    }
}

impl Book {
    /// Writes down the first event of a labelled command: an act's seed is the first number that is drawn.
    pub fn label(&mut self, label: u32, mut draw: Draw) {
        let act = Act { seed: draw.number(), actor: None, organisation: None, device_at: None };
        self.events.add(label, act.event_reference(0));
    }
}
