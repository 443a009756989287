//! Finds the claim of a delivery, in the event that started it.

use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::db::Read;
use crate::db::schema::events;
use crate::error::{Error, Result};
use crate::ids::Reference;
use crate::ledger::Kind;

/// The claim that a delivery is of.
pub fn claim_of(r: &mut Read<'_>, incident: i64, delivery: &Reference) -> Result<Reference> {
    let started = events::table.filter(events::incident.eq(incident)).filter(events::subject.eq(delivery.as_str()));
    let started = started.filter(diesel::dsl::sql::<Bool>("kind = 'delivery_started'"));
    let payload: Option<String> = started.select(events::payload).get_result(r.conn()).optional()?;
    let payload = payload.ok_or(Error::NotFound)?;
    match serde_json::from_str(&format!("{{\"delivery_started\":{payload}}}")) {
        Ok(Kind::DeliveryStarted { claim, .. }) => Ok(Reference::stored(claim)),
        _ => Err(Error::internal("the event that started a delivery can't be read")),
    }
}
