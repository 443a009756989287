//! Reads the counters and puts together what is shown of them.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::model::*;
use super::publishing::model::{Breakdown, Dimension, Rows};
use super::publishing::store as published;
use super::rules::{self, Sight};
use crate::clock::Time;
use crate::counters::model::{Amounts, Counter, Grain};
use crate::counters::store as counted;
use crate::db::Read;
use crate::error::Result;
use crate::incidents::model::Incident;
use crate::ledger::model::Category;
use crate::regions;

/// As of which instant, and what is now.
#[derive(Clone, Copy, Debug)]
pub struct When {
    /// What occurred up to and including this instant is counted.
    pub at: Time,
    /// As known now.
    pub now: Time,
}

/// Report days that one answer holds.
const MOST_DAYS: usize = 400;

/// The counters as of an instant.
pub fn counters(r: &mut Read<'_>, incident: &Incident, sight: &Sight, when: When) -> Result<Counters> {
    let counted = counted::as_of(r, incident.id, incident.calendar(), when.at)?;
    let mut total = Amounts::default();
    counted.values().for_each(|amounts| total.add_all(amounts));
    let exact: Rows = counted.into_iter().map(|(code, amounts)| (code, shown(&amounts))).collect();
    let (districts, districts_as_of) = districts(r, incident, sight, when.at, &exact)?;
    Ok(Counters {
        as_of: when.at.to_rfc3339(incident.zone),
        known_at: when.now.to_rfc3339(incident.zone),
        collected: total.get(Counter::Collected),
        phone_verified: total.get(Counter::PhoneVerified),
        urgent_response: rules::urgent_response(&total),
        resource_matched: total.get(Counter::ResourceMatched),
        fully_matched: total.get(Counter::FullyMatched),
        delivered: total.get(Counter::Delivered),
        submissions: total.get(Counter::Submissions),
        gaps: rules::gaps(&total),
        matched_by: rules::matched_by(&total),
        matched_before_phone: total.get(Counter::MatchedBeforePhone),
        phone: rules::phone_follow_up(&total),
        districts_as_of: districts_as_of.to_rfc3339(incident.zone),
        districts,
    })
}

/// The rows of districts, and what they are as of: where some are exact and others not, the others say so themselves.
fn districts(r: &mut Read<'_>, incident: &Incident, sight: &Sight, at: Time, exact: &Rows) -> Result<(Vec<Row>, Time)> {
    let breakdown = match sight {
        Sight::Exact => None,
        Sight::Within(_) => Some(standing(r, incident, Dimension::District, at)?),
    };
    let steps = breakdown.as_ref().map_or(exact, |breakdown| &breakdown.rows);
    let places = places(r, incident, [exact, steps])?;
    let some_exact = places.iter().any(|place| sight.sees(place.path.as_deref()));
    let as_of = breakdown.as_ref().filter(|_| !some_exact).map_or(at, |breakdown| breakdown.cut_off);
    let mut rows = Vec::with_capacity(places.len());
    for place in places {
        let sees = sight.sees(place.path.as_deref());
        let amounts = if sees { exact } else { steps }.get(&place.code).copied().unwrap_or_default();
        let mut row = Row::new(&place.code, Some(&place.name), &amounts, sees);
        if let Some(breakdown) = breakdown.as_ref().filter(|_| some_exact && !sees) {
            row.as_of = Some(breakdown.cut_off.to_rfc3339(incident.zone));
        }
        rows.push(row);
    }
    Ok((rows, as_of))
}

/// A row of districts: code, name, and the path of its region where it is one.
struct Place {
    code: String,
    name: String,
    path: Option<String>,
}

impl Place {
    fn of(region: regions::model::Region) -> Place {
        Place { code: region.code, name: region.name, path: Some(region.path) }
    }
}

/// Every district of the area, those that are counted in though the area no longer has them, `outside` and `unlocated`.
fn places(r: &mut Read<'_>, incident: &Incident, counted: [&Rows; 2]) -> Result<Vec<Place>> {
    let mut places: Vec<Place> = regions::store::districts(r, &incident.area)?.into_iter().map(Place::of).collect();
    for code in counted.into_iter().flat_map(|rows| rows.keys()) {
        if !NO_DISTRICT.iter().any(|(other, _)| code == other) && !places.iter().any(|place| place.code == *code) {
            let former = regions::store::by_code(r, code)?.map(Place::of);
            places.push(former.unwrap_or_else(|| Place { code: code.clone(), name: code.clone(), path: None }));
        }
    }
    places.extend(NO_DISTRICT.map(|(code, name)| Place { code: code.into(), name: name.into(), path: None }));
    Ok(places)
}

const NO_DISTRICT: [(&str, &str); 2] = [("outside", "市外"), ("unlocated", "未定位")];

/// The breakdown that stands for the public as of an instant: the newest published one; before there is any, that of the last cut-off at
/// which nothing was counted yet.
fn standing(r: &mut Read<'_>, incident: &Incident, dimension: Dimension, at: Time) -> Result<Breakdown> {
    if let Some(breakdown) = published::latest(r, incident.id, dimension, at)? {
        return Ok(breakdown);
    }
    let calendar = incident.calendar();
    let begins = counted::first_mark(r, incident.id)?.map_or(at, |first| first.plus(-1));
    let cut_off = calendar.cut_off_reached(at.min(incident.started_at).min(begins));
    Ok(Breakdown { cut_off, known_at: cut_off, published: true, rows: Rows::new() })
}

/// The counters by report day, the last one up to the instant.
pub fn days(r: &mut Read<'_>, incident: &Incident, when: When) -> Result<Days> {
    let calendar = incident.calendar();
    let counted = counted::by_day(r, incident.id, calendar.report_day_end(when.at))?;
    let first = counted.keys().next().copied();
    let begins = calendar.report_day_end(incident.started_at.min(when.at));
    let mut ends = vec![calendar.report_day_end(when.at)];
    while ends.len() < MOST_DAYS && ends.last().is_some_and(|last| *last > first.map_or(begins, |first| first.min(begins))) {
        ends.extend(ends.last().map(|last| calendar.cut_off_reached(last.plus(-1))));
    }
    ends.reverse();
    let mut now = Amounts::default();
    counted::as_of(r, incident.id, calendar, when.at)?.values().for_each(|amounts| now.add_all(amounts));
    let mut before = Amounts::default();
    let earlier = ends.first().copied().unwrap_or_default();
    counted.range(..earlier).for_each(|(_, amounts)| before.add_all(amounts));
    let mut days = Vec::with_capacity(ends.len());
    for end in ends {
        let mut cumulative = before;
        match counted.get(&end) {
            _ if end >= when.at => cumulative = now,
            Some(amounts) => cumulative.add_all(amounts),
            None => {}
        }
        days.push(Day {
            from: calendar.cut_off_reached(end.plus(-1)).to_rfc3339(incident.zone),
            to: end.min(when.at).to_rfc3339(incident.zone),
            iso_week: iso_week(calendar.date(end)),
            new: Totals::from(&cumulative.less(&before)),
            cumulative: Totals::from(&cumulative),
        });
        before = cumulative;
    }
    Ok(Days { as_of: when.at.to_rfc3339(incident.zone), known_at: when.now.to_rfc3339(incident.zone), days })
}

fn iso_week(date: NaiveDate) -> String {
    let week = date.iso_week();
    format!("{}-W{:02}", week.year(), week.week())
}

/// The counters by category: exact as of the instant, or as last published before it.
pub fn categories(r: &mut Read<'_>, incident: &Incident, sight: &Sight, when: When) -> Result<Categories> {
    if *sight == Sight::Exact {
        return exact_categories(r, incident, when);
    }
    let breakdown = standing(r, incident, Dimension::Category, when.at)?;
    Ok(Categories {
        as_of: breakdown.cut_off.to_rfc3339(incident.zone),
        known_at: breakdown.known_at.to_rfc3339(incident.zone),
        categories: category_rows(&breakdown.rows, false),
        new: None,
    })
}

fn exact_categories(r: &mut Read<'_>, incident: &Incident, when: When) -> Result<Categories> {
    let calendar = incident.calendar();
    let cut_off = calendar.cut_off_reached(when.at);
    let mut all = counted::categories_until(r, incident.id, cut_off)?;
    let mut new: BTreeMap<String, Amounts> = counted::categories_between(r, incident.id, cut_off, when.at)?;
    for (category, amounts) in &new {
        all.entry(category.clone()).or_default().add_all(amounts);
    }
    if cut_off == when.at {
        let day = counted::cells(r, incident.id, Grain::DayCategory, cut_off.plus(-1), cut_off)?;
        new = day.into_iter().map(|(category, _, amounts)| (category, amounts)).collect();
    }
    let rows = |amounts: BTreeMap<String, Amounts>| {
        let rows: Rows = amounts.iter().map(|(category, amounts)| (category.clone(), shown(amounts))).collect();
        category_rows(&rows, true)
    };
    Ok(Categories {
        as_of: when.at.to_rfc3339(incident.zone),
        known_at: when.now.to_rfc3339(incident.zone),
        categories: rows(all),
        new: Some(rows(new)),
    })
}

fn category_rows(rows: &Rows, exact: bool) -> Vec<Row> {
    let amounts = |code: &str| rows.get(code).copied().unwrap_or_default();
    Category::ALL.iter().map(|category| Row::new(category.as_str(), None, &amounts(category.as_str()), exact)).collect()
}
