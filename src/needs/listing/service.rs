//! Reading a page of needs.

use std::collections::BTreeMap;

use super::model::*;
use super::store::{self, DayRow, LineRow, Row};
use crate::accounts::model::{Actor, Role};
use crate::audit::{self, Action, Entry};
use crate::clock::{HOUR, Time};
use crate::crypto::KeyPair;
use crate::db::{Read, Write};
use crate::error::{Error, FieldCode, FieldError, Result};
use crate::ids::Reference;
use crate::incidents::model::Incident;
use crate::needs::contacts;
use crate::needs::model::{Axes, READERS, RegionView, SPEAKERS};
use crate::needs::scope::rules::{self as scope, Facts};
use crate::needs::summary::rules as summary;
use crate::phone::Phone;
use crate::{organisations, regions};

/// Most needs that a phone finds.
const MOST_FOUND: i64 = 100;

/// What the actor may list and asks for; everything that is wrong with it is told at once.
pub fn filter(r: &mut Read<'_>, incident: &Incident, actor: &Actor, asked: &Asked, now: Time) -> Result<Filter> {
    let mut errors = Vec::new();
    let region_path = match &asked.region {
        Some(code) => {
            let path = regions::store::path(r, code)?;
            FieldError::collect(&mut errors, path.ok_or_else(|| FieldError::new("region", FieldCode::NotARegion)))
        }
        None => None,
    };
    let organisation = match &asked.organisation {
        Some(text) => {
            let row = organisation(r, incident.id, text)?;
            FieldError::collect(&mut errors, row.ok_or_else(|| FieldError::new("organisation", FieldCode::Unknown)))
        }
        None => None,
    };
    let needs = match &asked.reference {
        Some(text) => {
            let reference = Reference::parse(text).ok_or_else(|| FieldError::new("reference", FieldCode::NotAReference));
            let reference = FieldError::collect(&mut errors, reference);
            let row = reference.map(|reference| store::row_of(r, incident.id, reference.as_str())).transpose()?;
            row.map(|row| row.into_iter().collect())
        }
        None => None,
    };
    if asked.older_than.is_some_and(|hours| !(0..=100_000).contains(&hours)) {
        errors.push(FieldError::new("older_than", FieldCode::TooLarge).limit(100_000));
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    Ok(Filter {
        incident: incident.id,
        parts: scope::scope_filter(actor, READERS),
        open: asked.open,
        stage: asked.stage,
        category: asked.category,
        urgency: asked.urgency,
        region_path,
        group: asked.group,
        phone: asked.phone,
        urgent: asked.urgent,
        matching: asked.matching,
        delivery: asked.delivery,
        closure: asked.closure,
        source: asked.source,
        organisation,
        submitted_before: asked.older_than.map(|hours| now.plus(-hours * HOUR)),
        needs,
    })
}

fn organisation(r: &mut Read<'_>, incident: i64, text: &str) -> Result<Option<i64>> {
    let Some(reference) = Reference::parse(text) else { return Ok(None) };
    let found = match organisations::store::by_reference(r, &reference) {
        Err(Error::NotFound) => return Ok(None),
        found => found?,
    };
    Ok(organisations::store::has_joined(r, incident, found.id)?.then_some(found.id))
}

/// A page of the list, and where the next one begins.
pub fn read(
    r: &mut Read<'_>,
    keys: &KeyPair,
    incident: &Incident,
    actor: &Actor,
    filter: &Filter,
    limit: i64,
    cursor: Option<Cursor>,
) -> Result<(Vec<Brief>, Option<Cursor>)> {
    let after = cursor.map(|cursor| position(r, incident.id, cursor)).transpose()?;
    let (mut positions, end) = store::positions(r, filter, after, limit + 1)?;
    let more = positions.len() as i64 > limit;
    positions.truncate(limit as usize);
    let last = if more { positions.last().copied() } else { end };
    let next = match last {
        Some(last) => Some(Cursor(last.rank, last.submitted_at, store::reference_of(r, last.need)?)),
        None => None,
    };
    let needs: Vec<i64> = positions.iter().map(|position| position.need).collect();
    Ok((briefs(r, keys, incident, actor, &needs)?, next))
}

/// Needs that name a phone, the newest first; that somebody looked is recorded, not for what.
pub fn by_phone(w: &mut Write<'_>, keys: &KeyPair, incident: &Incident, actor: &Actor, phone: &Phone, request: &str) -> Result<Vec<Brief>> {
    audit::append(w, &Entry::new(actor, Some(incident.id), Action::PhoneSearched, "", request))?;
    let needs = contacts::store::needs_of_phone(w, incident.id, &contacts::model::phone_token(keys, phone))?;
    let parts = scope::scope_filter(actor, &[Role::Operator]);
    let filter = Filter { incident: incident.id, parts, needs: Some(needs), ..Filter::default() };
    Ok(read(w, keys, incident, actor, &filter, MOST_FOUND, None)?.0)
}

fn position(r: &mut Read<'_>, incident: i64, Cursor(rank, submitted_at, reference): Cursor) -> Result<Position> {
    let need = store::row_of(r, incident, &reference)?.ok_or_else(|| Error::field("cursor", FieldCode::Unknown))?;
    Ok(Position { rank, submitted_at, need })
}

/// Needs as lists show them, in the order given.
pub fn briefs(r: &mut Read<'_>, keys: &KeyPair, incident: &Incident, actor: &Actor, needs: &[i64]) -> Result<Vec<Brief>> {
    let mut rows: BTreeMap<i64, Row> = store::rows(r, needs)?.into_iter().map(|row| (row.need, row)).collect();
    let (words, days) = (store::lines(r, needs)?, store::days(r, needs)?);
    let shown: Vec<i64> = rows.values().filter(|row| speaks_with(actor, row)).map(|row| row.need).collect();
    let contacts = contacts::store::of_needs(r, &shown, true)?;
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for code in rows.values().filter_map(|row| row.region.as_ref()) {
        if !names.contains_key(code) {
            names.insert(code.clone(), regions::store::by_code(r, code)?.map(|region| region.full_name).unwrap_or_default());
        }
    }
    let mut briefs = Vec::with_capacity(needs.len());
    for row in needs.iter().filter_map(|need| rows.remove(need)) {
        let root = if row.root == row.need { None } else { Some(Reference::stored(store::reference_of(r, row.root)?)) };
        let region = row.region.as_ref().map(|code| RegionView { code: code.clone(), name: names.get(code).cloned().unwrap_or_default() });
        let contact = contacts.iter().find(|contact| contact.need == row.need).map(|contact| contact.masked(keys)).transpose()?;
        let lines = brief_lines(row.need, &words, &days);
        briefs.push(brief(row, incident, root, region, contact, lines)?);
    }
    Ok(briefs)
}

/// Whether the actor speaks with the requester of the need.
fn speaks_with(actor: &Actor, row: &Row) -> bool {
    let facts = Facts { places: vec![row.region_path.clone()], submitted_by: row.organisation.into_iter().collect(), ..Facts::default() };
    scope::finds(actor, SPEAKERS, &facts)
}

fn brief_lines(need: i64, words: &[LineRow], days: &[DayRow]) -> Vec<BriefLine> {
    let line = |words: &LineRow| {
        let own = days.iter().filter(|day| (day.0, day.1) == (need, words.n));
        let fullest = own.clone().min_by_key(|day| day.3 - day.4);
        BriefLine {
            n: words.n,
            item: words.item.clone(),
            quantity: fullest.map_or(0, |day| day.3),
            left: fullest.map_or(0, |day| day.3 - day.4),
            unit: words.unit.clone(),
            approximate: words.approximate,
            daily: fullest.is_some_and(|day| day.2 > 0),
        }
    };
    words.iter().filter(|words| words.need == need).map(line).collect()
}

fn brief(
    row: Row,
    incident: &Incident,
    root: Option<Reference>,
    region: Option<RegionView>,
    contact: Option<contacts::model::MaskedContact>,
    lines: Vec<BriefLine>,
) -> Result<Brief> {
    let groups = row.groups.split_whitespace().map(str::parse).collect::<Result<Vec<_>>>()?;
    let (category, submitted_at) = (row.category.parse()?, Time(row.submitted_at));
    let items: Vec<summary::Item<'_>> = lines.iter().map(BriefLine::summarised).collect();
    let summary = row.summary.unwrap_or_else(|| summary::prefilled(category, &items, row.people, &groups, submitted_at, incident.zone));
    Ok(Brief {
        reference: Reference::stored(row.reference),
        root,
        stage: row.stage.parse()?,
        axes: Axes {
            phone: row.phone.parse()?,
            urgent: row.urgent.parse()?,
            matching: row.matching.parse()?,
            delivery: row.delivery.parse()?,
            closure: row.closure.parse()?,
        },
        open: row.open,
        category,
        urgency: row.urgency.parse()?,
        urgency_asked: row.urgency_asked.parse()?,
        region,
        district: row.district,
        people: row.people,
        groups,
        summary,
        source: row.source.parse()?,
        submitted_at: submitted_at.to_rfc3339(incident.zone),
        held: row.held,
        lines,
        contact,
    })
}

impl BriefLine {
    fn summarised(&self) -> summary::Item<'_> {
        let BriefLine { quantity, approximate, daily, .. } = *self;
        summary::Item { item: self.item.as_deref(), quantity, unit: &self.unit, approximate, daily }
    }
}
