//! What decides about reveals, and the sealed rows that they open.

use diesel::prelude::*;

use super::rules::Involved;
use crate::db::Read;
use crate::db::schema::{claims, events, need_people, need_texts, needs, persons, standing};
use crate::error::Result;

const CASE_KINDS: [&str; 6] = ["case_opened", "responded", "stabilised", "handed_on", "stood_down", "lost_contact"];

/// Who is involved in a root's group.
pub fn involved(r: &mut Read<'_>, root: i64) -> Result<Involved> {
    let (open, urgent): (bool, String) = standing::table.find(root).select((standing::open, standing::urgent)).get_result(r.conn())?;
    let members = group(r, root)?;
    let live: &[&str] = if open { &["held", "confirmed", "fulfilled"] } else { &["held", "confirmed"] };
    let claimants = claims::table
        .filter(claims::need.eq_any(members.clone()).or(claims::on_need.eq_any(members.clone())))
        .filter(claims::state.eq_any(live.to_vec()))
        .select(claims::organisation)
        .distinct()
        .load(r.conn())?;
    let case = urgent != "none";
    let responders: Vec<Option<i64>> = match case {
        true => events::table
            .filter(events::need.eq_any(members.into_iter().map(Some).collect::<Vec<_>>()))
            .filter(events::kind.eq_any(CASE_KINDS))
            .select(events::organisation)
            .distinct()
            .load(r.conn())?,
        false => Vec::new(),
    };
    let responders = responders.into_iter().flatten().collect();
    Ok(Involved { claimants, case, responders })
}

/// The needs of a root's group, the root first.
pub fn group(r: &mut Read<'_>, root: i64) -> Result<Vec<i64>> {
    let mut members: Vec<i64> =
        standing::table.filter(standing::root.eq(root)).order(standing::need).select(standing::need).load(r.conn())?;
    members.sort_by_key(|need| (*need != root, *need));
    Ok(members)
}

/// A need with what was written: reference, address and description, sealed.
pub type TextRow = (String, Option<Vec<u8>>, Option<Vec<u8>>);

/// What was written in a need.
pub fn texts(r: &mut Read<'_>, need: i64) -> Result<TextRow> {
    let (reference, texts): (String, Option<(Option<Vec<u8>>, Option<Vec<u8>>)>) = needs::table
        .left_join(need_texts::table.on(need_texts::need.eq(needs::id)))
        .filter(needs::id.eq(need))
        .select((needs::reference, (need_texts::address_sealed, need_texts::description_sealed).nullable()))
        .get_result(r.conn())?;
    let (address, description) = texts.unwrap_or_default();
    Ok((reference, address, description))
}

/// A named person: reference, name and phone, sealed.
pub type PersonRow = (String, Option<Vec<u8>>, Option<Vec<u8>>);

/// The people who are named in a need.
pub fn people(r: &mut Read<'_>, need: i64) -> Result<Vec<PersonRow>> {
    Ok(need_people::table
        .inner_join(persons::table.on(persons::id.eq(need_people::person)))
        .filter(need_people::need.eq(need))
        .order(need_people::person)
        .select((persons::reference, need_people::name_sealed, need_people::phone_sealed))
        .load(r.conn())?)
}
