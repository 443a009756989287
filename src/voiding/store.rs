//! Events to be taken back.

use diesel::prelude::*;

use super::model::Target;
use crate::db::schema::{events, needs};
use crate::db::{Multi, Read};
use crate::error::{Error, Result};
use crate::ids::Reference;

/// The event of a reference, where it concerns a need.
pub fn event(r: &mut Read<'_>, incident: i64, reference: &Reference) -> Result<Target> {
    let one = events::table.filter(events::incident.eq(incident)).filter(events::reference.eq(reference.to_string())).into_boxed();
    load(r, one)?.pop().ok_or(Error::NotFound)
}

/// The events of an act that nothing has taken back, the newest first.
pub fn standing_of_act(r: &mut Read<'_>, incident: i64, act: &str) -> Result<Vec<Target>> {
    let all = load(r, events::table.filter(events::incident.eq(incident)).filter(events::act.eq(act.to_owned())).into_boxed())?;
    let ids: Vec<Option<i64>> = all.iter().map(|target| Some(target.id)).collect();
    let voided: Vec<Option<i64>> = events::table.filter(events::voids.eq_any(ids)).select(events::voids).load(r.conn())?;
    Ok(all.into_iter().filter(|target| !voided.contains(&Some(target.id))).collect())
}

fn load(r: &mut Read<'_>, which: events::BoxedQuery<'_, Multi>) -> Result<Vec<Target>> {
    let order = (events::recorded_at.desc(), events::need.desc(), events::seq.desc());
    let columns = (events::id, events::reference, events::need.assume_not_null(), events::act);
    let found: Vec<(i64, String, i64, String)> = which.filter(events::need.is_not_null()).order(order).select(columns).load(r.conn())?;
    let of_needs = needs::table.filter(needs::id.eq_any(found.iter().map(|row| row.2).collect::<Vec<_>>()));
    let of_needs: Vec<(i64, String)> = of_needs.select((needs::id, needs::reference)).load(r.conn())?;
    found
        .into_iter()
        .map(|(id, reference, need, act)| {
            let of = of_needs.iter().find(|(other, _)| *other == need).ok_or(Error::NotFound)?;
            Ok(Target { id, reference, need: (need, Reference::stored(of.1.clone())), act })
        })
        .collect()
}
