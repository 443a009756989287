//! Which needs an actor finds. What it doesn't find answers exactly as what does not exist.
//!
//! A grant of an asked role finds the needs of its region subtree; one that spans the whole incident also those outside the area or without
//! a region. Besides, a community worker finds what its organisation submitted. A coordinator finds open needs and those its organisation
//! holds a claim on. Both a merged need and its root open for whoever finds one of them.

pub mod model;
pub mod rules;
pub mod store;

use crate::accounts::model::{Actor, Role};
use crate::db::Read;
use crate::error::{Error, Result};
use crate::ids::Reference;

/// A need that the actor may find.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The need that was asked for.
    pub id: i64,
    /// Its reference.
    pub reference: Reference,
    /// The need that survives the merges in force: itself, or another.
    pub root: i64,
    /// Where it lies: codes from the root of the regions down; empty without region.
    pub region_path: String,
    /// The organisation that submitted it.
    pub organisation: Option<i64>,
}

/// The need of a reference, where a grant of one of the roles finds it.
pub fn find(r: &mut Read<'_>, incident: i64, actor: &Actor, reference: &Reference, roles: &[Role]) -> Result<Found> {
    let need = store::need(r, incident, reference)?;
    let mut facts = need.facts();
    if !rules::finds(actor, roles, &facts) {
        if !rules::claims_matter(actor, roles) {
            return Err(Error::NotFound);
        }
        facts.claimed_by = store::claimed_by(r, incident, need.root)?;
        if !rules::finds(actor, roles, &facts) {
            return Err(Error::NotFound);
        }
    }
    Ok(Found { id: need.id, reference: reference.clone(), root: need.root, region_path: need.region_path, organisation: need.organisation })
}
