//! How needs and claims stand, from the rows that lists and pages are made of.

use diesel::prelude::*;
use heli::db::schema::{claims, line_days, standing};
use heli::db::{Lane, Read};
use heli::ids::Reference;
use heli::ledger::Kind;
use heli::ledger::store::events_of;

use super::Node;
use crate::model::LineDay;
use crate::system::{ClaimView, NeedView};
use crate::vocabulary::*;

/// 2021-12-31, the day before a line's first day, in days since 1970.
pub const DAY_ZERO: i64 = 18_992;

fn word<T: Word + Copy>(code: &str) -> T {
    *T::ALL.iter().find(|word| word.word() == code).unwrap_or_else(|| panic!("{code} is no word of the handbook's list"))
}

fn day(stored: i64) -> Day {
    if stored == 0 { 0 } else { stored - DAY_ZERO }
}

fn number(needs: &[(i64, Reference)], row: i64) -> NeedId {
    needs.iter().position(|(id, _)| *id == row).expect("a need of this incident")
}

type Axes = (i64, String, String, String, String, String, String, String);
type Days = (i64, i64, i64, i64, i64, i64, i64, i64);

/// How a need stands.
pub fn need(node: &Node, needs: &[(i64, Reference)], need: NeedId) -> NeedView {
    let row = needs[need].0;
    let read = move |r: &mut Read<'_>| {
        let axes: Axes = standing::table
            .find(row)
            .select((
                standing::root,
                standing::phone,
                standing::urgent,
                standing::matching,
                standing::delivery,
                standing::closure,
                standing::stage,
                standing::urgency,
            ))
            .get_result(r.conn())?;
        let lines: Vec<Days> = line_days::table
            .filter(line_days::need.eq(row))
            .order((line_days::n, line_days::day))
            .select((
                line_days::n,
                line_days::day,
                line_days::wanted,
                line_days::quantity,
                line_days::held,
                line_days::confirmed,
                line_days::fulfilled,
                line_days::delivered,
            ))
            .load(r.conn())?;
        Ok((axes, lines))
    };
    let ((root, phone, case, matching, delivered, closure, stage, urgency), lines) =
        node.db.read_blocking(Lane::Fast, read).expect("the need's rows");
    let axes = (word(&phone), word(&case), word(&matching), word(&delivered), word(&urgency));
    NeedView {
        root: number(needs, root),
        closure: word(&closure),
        stage: word(&stage),
        axes: (root == row).then_some(axes),
        lines: lines
            .into_iter()
            .map(|(n, on, wanted, quantity, held, confirmed, fulfilled, delivered)| {
                (n as usize, day(on), LineDay { wanted, quantity, held, confirmed, fulfilled, delivered })
            })
            .collect(),
    }
}

/// How a claim stands.
pub fn claim(node: &Node, needs: &[(i64, Reference)], reference: &Reference) -> ClaimView {
    let wanted = reference.to_string();
    let read = move |r: &mut Read<'_>| {
        let row: (String, i64, i64, i64, i64, Option<i64>) = claims::table
            .filter(claims::reference.eq(wanted))
            .select((claims::state, claims::on_need, claims::on_n, claims::quantity, claims::give_back, claims::expires_at))
            .get_result(r.conn())?;
        Ok(row)
    };
    let (state, on_need, on_n, quantity, give_back, expires_at) = node.db.read_blocking(Lane::Fast, read).expect("the claim's row");
    let state: ClaimState = word(&state);
    let stands = !matches!(state, ClaimState::Released | ClaimState::Expired);
    ClaimView {
        state,
        on: (number(needs, on_need), on_n as usize),
        quantity: if stands { quantity } else { 0 },
        give_back,
        expires_at: expires_at.filter(|_| state == ClaimState::Held),
    }
}

/// References of the people whom the events of needs name, in the order in which they name them.
pub fn people_named(node: &Node, rows: Vec<i64>) -> Vec<String> {
    let mut named = vec![];
    for row in rows {
        let events = node.db.read_blocking(Lane::Fast, move |r| events_of(r, &[row])).expect("the need's events");
        for event in events {
            match event.kind {
                Kind::Submitted { persons, .. } => named.extend(persons),
                Kind::Responded { people, .. } => named.extend(people),
                _ => {}
            }
        }
    }
    named
}
