//! Lists from `standing`: positions first, from covering indexes alone, then the rows of one page.

use diesel::expression::BoxableExpression;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use super::model::{Filter, Position};
use crate::db::schema::{claims, line_days, need_lines, need_texts, needs, standing};
use crate::db::{Multi, Read};
use crate::error::{Error, Result};
use crate::needs::scope::model::Part;
use crate::regions::rules::subtree;

/// How much of a list one page looks at.
pub const STRETCH: i64 = 25_000;

type Condition = Box<dyn BoxableExpression<standing::table, Multi, SqlType = Bool>>;
type Query = standing::BoxedQuery<'static, Multi, (BigInt, BigInt, BigInt)>;

/// Positions after one in the order of the list, at most so many; and the end of the stretch that was looked at, where more follows it.
pub fn positions(r: &mut Read<'_>, filter: &Filter, after: Option<Position>, limit: i64) -> Result<(Vec<Position>, Option<Position>)> {
    let by_urgency = filter.open == Some(true);
    let end = match filter.needs {
        Some(_) => None,
        None => load(r, ordered(filter.incident, by_urgency, after).offset(STRETCH).limit(1))?.pop(),
    };
    let mut query = ordered(filter.incident, by_urgency, after);
    if let Some(end) = end {
        query = query.filter(not_beyond(by_urgency, end));
    }
    for condition in conditions(filter) {
        query = query.filter(condition);
    }
    Ok((load(r, query.limit(limit))?, end))
}

fn load(r: &mut Read<'_>, query: Query) -> Result<Vec<Position>> {
    let rows: Vec<(i64, i64, i64)> = query.load(r.conn())?;
    Ok(rows.into_iter().map(|(rank, submitted_at, need)| Position { rank, submitted_at, need }).collect())
}

/// Everything after a position. Open needs by urgency, then the oldest first; all needs the newest first.
fn ordered(incident: i64, by_urgency: bool, after: Option<Position>) -> Query {
    let query = standing::table
        .select((standing::urgency_rank, standing::submitted_at, standing::need))
        .filter(standing::incident.eq(incident))
        .into_boxed();
    let query = match after {
        Some(after) => query.filter(beyond(by_urgency, after)),
        None => query,
    };
    if by_urgency {
        query.filter(standing::open).order((standing::urgency_rank, standing::submitted_at, standing::need))
    } else {
        query.order((standing::submitted_at.desc(), standing::need.desc()))
    }
}

fn beyond(by_urgency: bool, at: Position) -> Condition {
    match by_urgency {
        true => key("(standing.urgency_rank, standing.submitted_at, standing.need) > (", at, true),
        false => key("(standing.submitted_at, standing.need) < (", at, false),
    }
}

fn not_beyond(by_urgency: bool, at: Position) -> Condition {
    match by_urgency {
        true => key("(standing.urgency_rank, standing.submitted_at, standing.need) <= (", at, true),
        false => key("(standing.submitted_at, standing.need) >= (", at, false),
    }
}

fn key(compare: &'static str, at: Position, ranked: bool) -> Condition {
    let start = diesel::dsl::sql::<Bool>(compare);
    let Position { rank, submitted_at, need } = at;
    if ranked {
        let ranked = start.bind::<BigInt, _>(rank).sql(", ");
        return Box::new(ranked.bind::<BigInt, _>(submitted_at).sql(", ").bind::<BigInt, _>(need).sql(")"));
    }
    Box::new(start.bind::<BigInt, _>(submitted_at).sql(", ").bind::<BigInt, _>(need).sql(")"))
}

fn conditions(filter: &Filter) -> Vec<Condition> {
    let mut all: Vec<Condition> = vec![within(filter)];
    macro_rules! equal {
        ($($field:ident),+) => { $(if let Some(code) = filter.$field { all.push(Box::new(standing::$field.eq(code.as_str()))); })+ };
    }
    equal!(stage, category, urgency, phone, urgent, matching, delivery, closure, source);
    if filter.open == Some(false) {
        all.push(Box::new(diesel::dsl::not(standing::open)));
    }
    if let Some(path) = &filter.region_path {
        all.push(under(path));
    }
    if let Some(group) = filter.group {
        all.push(Box::new(standing::groups.like(format!("% {group} %"))));
    }
    if let Some(organisation) = filter.organisation {
        all.push(Box::new(submitted_by(filter.incident, organisation).or(claimed_by(filter.incident, organisation))));
    }
    if let Some(before) = filter.submitted_before {
        all.push(Box::new(standing::submitted_at.lt(before.0)));
    }
    if let Some(needs) = &filter.needs {
        all.push(Box::new(standing::need.eq_any(needs.clone())));
    }
    all
}

/// What the actor may list.
fn within(filter: &Filter) -> Condition {
    let part = |part: &Part| -> Condition {
        match part {
            Part::All => Box::new(diesel::dsl::sql::<Bool>("1 = 1")),
            Part::Under(path) => under(path),
            Part::OpenUnder(path) if path.is_empty() => Box::new(standing::open),
            Part::OpenUnder(path) => Box::new(standing::open.and(under(path))),
            Part::SubmittedBy(organisation) => submitted_by(filter.incident, *organisation),
            Part::ClaimedBy(organisation) => claimed_by(filter.incident, *organisation),
        }
    };
    let all = filter.parts.iter().map(part).reduce(|a, b| Box::new(a.or(b)));
    all.unwrap_or_else(|| Box::new(diesel::dsl::sql::<Bool>("1 = 0")))
}

fn under(path: &str) -> Condition {
    let (from, to) = subtree(path);
    Box::new(standing::region_path.ge(from).and(standing::region_path.lt(to)))
}

fn submitted_by(incident: i64, organisation: i64) -> Condition {
    let own = needs::table.filter(needs::incident.eq(incident)).filter(needs::organisation.eq(organisation)).select(needs::id);
    Box::new(standing::need.eq_any(own))
}

/// Has a live claim on it.
fn claimed_by(incident: i64, organisation: i64) -> Condition {
    let live = || {
        let own = claims::table.filter(claims::incident.eq(incident)).filter(claims::organisation.eq(organisation));
        own.filter(claims::state.eq_any(["held", "confirmed", "fulfilled"]))
    };
    Box::new(standing::need.eq_any(live().select(claims::on_need)).or(standing::need.eq_any(live().select(claims::need))))
}

/// The row of a need by its reference; for cursors and the filter by reference.
pub fn row_of(r: &mut Read<'_>, incident: i64, reference: &str) -> Result<Option<i64>> {
    let query = needs::table.filter(needs::incident.eq(incident)).filter(needs::reference.eq(reference));
    Ok(query.select(needs::id).get_result(r.conn()).optional()?)
}

/// The reference of a need's row.
pub fn reference_of(r: &mut Read<'_>, need: i64) -> Result<String> {
    needs::table.find(need).select(needs::reference).get_result(r.conn()).optional()?.ok_or(Error::NotFound)
}

/// A need in a list, as it is stored.
#[derive(Queryable)]
pub struct Row {
    pub need: i64,
    pub reference: String,
    pub organisation: Option<i64>,
    pub root: i64,
    pub stage: String,
    pub phone: String,
    pub urgent: String,
    pub matching: String,
    pub delivery: String,
    pub closure: String,
    pub open: bool,
    pub category: String,
    pub urgency: String,
    pub urgency_asked: String,
    pub region: Option<String>,
    pub region_path: String,
    pub district: String,
    pub people: i64,
    pub groups: String,
    pub source: String,
    pub held: i64,
    pub submitted_at: i64,
    pub summary: Option<String>,
}

/// Rows of needs.
pub fn rows(r: &mut Read<'_>, wanted: &[i64]) -> Result<Vec<Row>> {
    let joined = standing::table
        .inner_join(needs::table.on(needs::id.eq(standing::need)))
        .left_join(need_texts::table.on(need_texts::need.eq(standing::need)));
    let columns = (
        standing::need,
        needs::reference,
        needs::organisation,
        standing::root,
        standing::stage,
        standing::phone,
        standing::urgent,
        standing::matching,
        standing::delivery,
        standing::closure,
        standing::open,
        standing::category,
        standing::urgency,
        standing::urgency_asked,
        standing::region,
        standing::region_path,
        standing::district,
        standing::people,
        standing::groups,
        standing::source,
        standing::held,
        standing::submitted_at,
        need_texts::summary.nullable(),
    );
    Ok(joined.filter(standing::need.eq_any(wanted.to_vec())).select(columns).load(r.conn())?)
}

/// A line of a need: its words.
#[derive(Queryable)]
pub struct LineRow {
    pub need: i64,
    pub n: i64,
    pub item: Option<String>,
    pub unit: String,
    pub approximate: bool,
}

/// Lines of needs.
pub fn lines(r: &mut Read<'_>, wanted: &[i64]) -> Result<Vec<LineRow>> {
    let columns = (need_lines::need, need_lines::n, need_lines::item, need_lines::unit, need_lines::approximate);
    let query = need_lines::table.filter(need_lines::need.eq_any(wanted.to_vec())).order((need_lines::need, need_lines::n));
    Ok(query.select(columns).load(r.conn())?)
}

/// A day of a line, in figures: need, n, day, quantity, and what is taken.
pub type DayRow = (i64, i64, i64, i64, i64);

/// Days of lines of needs.
pub fn days(r: &mut Read<'_>, wanted: &[i64]) -> Result<Vec<DayRow>> {
    let taken = line_days::held + line_days::confirmed + line_days::fulfilled;
    let columns = (line_days::need, line_days::n, line_days::day, line_days::quantity, taken);
    Ok(line_days::table.filter(line_days::need.eq_any(wanted.to_vec())).select(columns).load(r.conn())?)
}
