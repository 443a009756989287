//! Figures over the API: the counters as of any instant, by report day, by category.

use actix_web::get;
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use utoipa::IntoParams;

use super::model::{Categories, Counters, Days};
use super::rules::{self, Sight};
use super::service::{self, When};
use crate::clock::{MINUTE, Time};
use crate::db::Lane;
use crate::error::{Error, FieldCode, Result};
use crate::http::{Allowed, Answer, Api, found};

crate::permissions! {
    /// Read the figures of an incident: who sees how much of them is decided by `rules::sight`.
    pub ReadCounters: InIncident = "counters.read" => public;
}

/// As of when.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AsOf {
    /// An instant (RFC 3339); now, where none is given.
    as_of: Option<String>,
}

/// Of which report day.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct OfDay {
    /// The date of the cut-off that ends it; the last report day that has ended, where none is given.
    #[param(format = Date)]
    day: Option<String>,
}

/// The counters as of an instant.
#[utoipa::path(params(AsOf), responses((status = 200, body = Counters)))]
#[get("/incidents/{incident}/counters")]
async fn counters(a: Allowed<ReadCounters>) -> Answer {
    let (sight, when) = (sight(&a)?, as_of(&a)?);
    let incident = a.incident().clone();
    found(&a.db().read(Lane::Fast, move |r| service::counters(r, &incident, &sight, when)).await?)
}

/// The totals by report day, up to an instant.
#[utoipa::path(params(AsOf), responses((status = 200, body = Days)))]
#[get("/incidents/{incident}/counters/days")]
async fn days(a: Allowed<ReadCounters>) -> Answer {
    sight(&a)?;
    let (incident, when) = (a.incident().clone(), as_of(&a)?);
    found(&a.db().read(Lane::Fast, move |r| service::days(r, &incident, when)).await?)
}

/// The counters by category, as of a daily cut-off.
#[utoipa::path(params(OfDay), responses((status = 200, body = Categories)))]
#[get("/incidents/{incident}/counters/categories")]
async fn categories(a: Allowed<ReadCounters>) -> Answer {
    let (sight, when) = (sight(&a)?, of_day(&a)?);
    let incident = a.incident().clone();
    found(&a.db().read(Lane::Fast, move |r| service::categories(r, &incident, &sight, when)).await?)
}

fn sight(a: &Allowed<ReadCounters>) -> Result<Sight> {
    let incident = a.incident();
    rules::sight(a.actor(), incident.public_figures, &incident.area_path).ok_or(Error::NotFound)
}

/// An instant a little ahead (another clock) is now; one further ahead is refused.
fn as_of(a: &Allowed<ReadCounters>) -> Result<When> {
    let (asked, now): (AsOf, Time) = (a.query()?, a.now());
    let Some(text) = asked.as_of else { return Ok(When { at: now, now }) };
    // A plus sign that was not escaped in the address arrives as a space.
    let at = Time::parse(&text.replace(' ', "+")).ok_or_else(|| Error::field("as_of", FieldCode::NotATime))?;
    if at > now.plus(2 * MINUTE) {
        return Err(Error::field("as_of", FieldCode::InTheFuture));
    }
    Ok(When { at: at.min(now), now })
}

/// The end of a report day, or now where the day goes on.
fn of_day(a: &Allowed<ReadCounters>) -> Result<When> {
    let (asked, now, calendar): (OfDay, _, _) = (a.query()?, a.now(), a.incident().calendar());
    let Some(text) = asked.day else { return Ok(When { at: calendar.cut_off_reached(now), now }) };
    let date = text.parse().ok().filter(|date: &NaiveDate| (1970..=9999).contains(&date.year()));
    let date = date.ok_or_else(|| Error::field("day", FieldCode::NotATime))?;
    if date > calendar.date(calendar.report_day_end(now)) {
        return Err(Error::field("day", FieldCode::InTheFuture));
    }
    Ok(When { at: calendar.cut_off_of(date).min(now), now })
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    api.section("figures").route::<ReadCounters>(counters).route::<ReadCounters>(days).route::<ReadCounters>(categories);
}
