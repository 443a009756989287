//! Which claims an actor finds. What it doesn't find answers exactly as what does not exist.

pub mod store;

use crate::accounts::model::{Actor, Role};
use crate::db::Read;
use crate::error::{Error, Result};
use crate::ids::Reference;
use crate::needs::scope::find as find_need;

/// A claim that the actor may find.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its reference.
    pub reference: String,
    /// The need it was made on: its events are recorded there.
    pub need: i64,
    /// The organisation that claimed.
    pub organisation: i64,
    /// The actor coordinates for that organisation.
    pub own: bool,
}

/// The claim of a reference: of an organisation that the actor coordinates for, or on a need that a grant of another of the roles finds.
pub fn find(r: &mut Read<'_>, incident: i64, actor: &Actor, reference: &Reference, roles: &[Role]) -> Result<Found> {
    let row = store::claim(r, incident, reference)?.ok_or(Error::NotFound)?;
    let own = roles.contains(&Role::Coordinator) && actor.grants_of(Role::Coordinator).any(|grant| grant.organisation == row.organisation);
    if !own {
        let others: Vec<Role> = roles.iter().copied().filter(|role| *role != Role::Coordinator).collect();
        find_need(r, incident, actor, &Reference::stored(row.need_reference), &others)?;
    }
    Ok(Found { reference: reference.to_string(), need: row.need, organisation: row.organisation, own })
}
