//! The figures of an incident as of any instant, for everybody who may see them. `/` opens on the replay at its headline instant.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{NaiveDateTime, TimeZone};
use minijinja::context;
use serde::Deserialize;

use super::{Page, Viewer, failed, refusal};
use crate::clock::Time;
use crate::db::Lane;
use crate::demo::xian;
use crate::error::{Error, Result};
use crate::figures::model::{Counters, Day, Totals};
use crate::figures::rules::{Sight, sight};
use crate::figures::service::{self, When};
use crate::http::{Allowed, Problem};
use crate::incidents::{self, model::Incident, model::PublicFigures};
use crate::pages::words::Language;

crate::permissions! {
    /// Open the first page.
    pub OpenHome: OnPlatform = "pages.home" => public;
    /// See the figures of an incident.
    pub SeeFigures: InIncident = "pages.figures" => public;
}

pub(super) fn mount(config: &mut web::ServiceConfig) {
    config.route("/", web::get().to(home)).route("/i/{incident}", web::get().to(figures));
}

#[derive(Deserialize, Default)]
struct Asked {
    at: Option<String>,
    as_of: Option<String>,
}

async fn home(a: Result<Allowed<OpenHome>, Problem>, req: HttpRequest) -> HttpResponse {
    let a = match a {
        Ok(a) => a,
        Err(problem) => return refusal(&req, &problem),
    };
    let known = a.db().read(Lane::Fast, |r| incidents::store::known(r, None, None, 20)).await;
    let known = match known {
        Ok(known) => known,
        Err(error) => return failed(&req, error),
    };
    let live = known.into_iter().filter(|i| i.public_figures == PublicFigures::Live);
    let first = live.min_by_key(|i| (i.slug != xian::SLUG, i.practice, i.id));
    match first {
        Some(incident) => {
            let headline = (incident.slug == xian::SLUG).then_some(xian::HEADLINE);
            let sight = Sight::Within(Vec::new());
            let viewer = Viewer::of(&a, Some(&incident));
            show(&req, a.db(), incident, sight, headline, (a.now(), viewer)).await
        }
        None => {
            let page = Page::new(&req, Viewer::of(&a, None), None, "");
            page.message(200, &page.language.say("welcome.title", &[]), &page.language.say("welcome.text", &[]))
        }
    }
}

async fn figures(a: Result<Allowed<SeeFigures>, Problem>, req: HttpRequest) -> HttpResponse {
    let a = match a {
        Ok(a) => a,
        Err(problem) => return refusal(&req, &problem),
    };
    let incident = a.incident().clone();
    match sight(a.actor(), incident.public_figures, &incident.area_path) {
        Some(sight) => {
            let viewer = Viewer::of(&a, Some(&incident));
            show(&req, a.db(), incident, sight, None, (a.now(), viewer)).await
        }
        None => failed(&req, Error::NotFound),
    }
}

async fn show(
    req: &HttpRequest,
    db: &crate::db::Db,
    incident: Incident,
    sight: Sight,
    headline: Option<Time>,
    (now, viewer): (Time, Viewer),
) -> HttpResponse {
    let page = Page::new(req, viewer, Some(&incident), "figures");
    let asked = web::Query::<Asked>::from_query(req.query_string()).map(web::Query::into_inner).unwrap_or_default();
    let typed = asked.at.or(asked.as_of).filter(|text| !text.trim().is_empty());
    let (at, wrong) = match typed.as_deref().map(|text| instant(text, &incident).filter(|at| *at <= now)) {
        None => (headline.unwrap_or(now), None),
        Some(Some(at)) => (at, None),
        Some(None) => (headline.unwrap_or(now), typed.clone()),
    };
    let when = When { at, now };
    let (shown, seen) = (incident.clone(), sight.clone());
    let read = db.read(Lane::Fast, move |r| Ok((service::counters(r, &shown, &seen, when)?, service::days(r, &shown, when)?.days))).await;
    match read {
        Ok((counters, days)) => fill(&page, &incident, &counters, &days, &sight, wrong),
        Err(error) => failed(req, error),
    }
}

fn fill(page: &Page, incident: &Incident, c: &Counters, days: &[Day], sight: &Sight, wrong: Option<String>) -> HttpResponse {
    let language = page.language;
    let error = wrong.as_ref().map(|text| language.say("as_of.wrong", &[("text", text)]));
    let conclusions = &c.phone.conclusions;
    let status = if error.is_some() { 422 } else { 200 };
    let rows: Vec<_> = days
        .iter()
        .rev()
        .map(|day| context! { year => day.to.get(..5), day => day_of(&day.to, incident), numbers => numbers(&day.new, &day.cumulative) })
        .collect();
    let own = context! {
        c => minijinja::Value::from(minijinja::value::Serde(c)),
        genuine => conclusions.genuine + conclusions.genuine_changed + conclusions.already_solved,
        error => error,
        at_words => written(&c.as_of),
        sentence_date => spoken(language, &c.as_of),
        at_field => wrong.unwrap_or_else(|| local(&c.as_of)),
        districts_words => written(&c.districts_as_of),
        zone => incident.zone.name(),
        hour => format!("{:02}", incident.cut_off_hour),
        exact => *sight == Sight::Exact,
        days => rows,
    };
    page.fill(status, "figures", own)
}

fn numbers(new: &Totals, total: &Totals) -> Vec<minijinja::Value> {
    let pairs = [
        (new.collected, total.collected),
        (new.phone_verified, total.phone_verified),
        (new.resource_matched, total.resource_matched),
        (new.urgent_response, total.urgent_response),
    ];
    pairs.into_iter().map(|(new, total)| context! { new => new, total => total }).collect()
}

/// An instant as a field sends it (in the incident's zone, without offset) or as RFC 3339.
fn instant(text: &str, incident: &Incident) -> Option<Time> {
    let text = text.trim().replace(' ', "+");
    let local = || ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"].iter().find_map(|form| NaiveDateTime::parse_from_str(&text, form).ok());
    Time::parse(&text).or_else(|| {
        let at = incident.zone.from_local_datetime(&local()?).earliest()?;
        Some(Time(at.timestamp_millis())).filter(|at| at.0 >= 0)
    })
}

/// The date of a report day without its year; with the time where the day goes on.
fn day_of(to: &str, incident: &Incident) -> String {
    let (date, time) = (to.get(5..10).unwrap_or_default(), to.get(11..16).unwrap_or_default());
    if to.get(11..19) == Some(&format!("{:02}:00:00", incident.cut_off_hour)) { date.to_owned() } else { format!("{date} {time}") }
}

/// An RFC 3339 instant as `datetime-local` wants it.
fn local(text: &str) -> String {
    text.get(..19).unwrap_or(text).to_owned()
}

/// 2022-01-09 19:00:00 +08:00, without zero seconds.
fn written(text: &str) -> String {
    let time = text.get(11..19).unwrap_or_default();
    let time = time.strip_suffix(":00").unwrap_or(time);
    format!("{} {} ({})", text.get(..10).unwrap_or_default(), time, text.get(text.len().saturating_sub(6)..).unwrap_or_default())
}

/// The instant in the grammar of the article: 2022年1月9日19时.
fn spoken(language: Language, text: &str) -> String {
    let number = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default().trim_start_matches('0').to_owned();
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    let (hour, minute) = (text.get(11..13).unwrap_or_default(), text.get(14..16).unwrap_or_default());
    match language {
        Language::Chinese if minute == "00" => format!("{year}年{month}月{day}日{}时", hour.strip_prefix('0').unwrap_or(hour)),
        Language::Chinese => format!("{year}年{month}月{day}日{}时{minute}分", hour.strip_prefix('0').unwrap_or(hour)),
        Language::English => format!("{} {hour}:{minute}", text.get(..10).unwrap_or_default()),
    }
}
