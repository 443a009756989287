//! The only SQL over marks and cells: writing differences, and reading figures as of any instant.

use std::any::Any;
use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::upsert::excluded;

use super::model::*;
use crate::calendar::Calendar;
use crate::clock::Time;
use crate::db::schema::{cells, marks};
use crate::db::{Buffered, Conn, Portable, Read, Write};
use crate::error::Result;

/// Writes what changed between two sets of marks, and adds the differences to the cells.
pub fn write_difference(w: &mut Write<'_>, incident: i64, calendar: Calendar, before: &Marks, after: &Marks) -> Result<()> {
    for (key, mark) in before {
        if after.get(key) != Some(mark) {
            w.buffer::<CellDifferences>().add(incident, calendar, key.1, mark, -1);
            if !after.contains_key(key) {
                diesel::delete(marks::table.find(row_key(incident, key))).execute(w.conn())?;
            }
        }
    }
    for (key, mark) in after {
        match before.get(key) {
            Some(known) if known == mark => continue,
            Some(_) => update_mark(w, incident, key, mark)?,
            None => insert_mark(w, incident, key, mark)?,
        }
        w.buffer::<CellDifferences>().add(incident, calendar, key.1, mark, 1);
    }
    Ok(())
}

fn row_key(incident: i64, (subject, counter, ordinal): &MarkKey) -> (i64, &'static str, i64, &'static str, i64) {
    (incident, subject.kind(), subject.id(), counter.as_str(), *ordinal)
}

fn insert_mark(w: &mut Write<'_>, incident: i64, (subject, counter, ordinal): &MarkKey, mark: &Mark) -> Result<()> {
    diesel::insert_into(marks::table)
        .values((
            marks::incident.eq(incident),
            marks::subject_kind.eq(subject.kind()),
            marks::subject.eq(subject.id()),
            marks::counter.eq(counter.as_str()),
            marks::ordinal.eq(ordinal),
            marks::at.eq(mark.at.0),
            marks::amount.eq(mark.amount),
            marks::district.eq(&mark.district),
            marks::category.eq(&mark.category),
        ))
        .execute(w.conn())?;
    Ok(())
}

fn update_mark(w: &mut Write<'_>, incident: i64, key: &MarkKey, mark: &Mark) -> Result<()> {
    diesel::update(marks::table.find(row_key(incident, key)))
        .set((
            marks::at.eq(mark.at.0),
            marks::amount.eq(mark.amount),
            marks::district.eq(&mark.district),
            marks::category.eq(&mark.category),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Marks as stored: those of one subject, or all of an incident.
pub fn marks(r: &mut Read<'_>, incident: i64, subject: Option<Subject>) -> Result<Marks> {
    let mut query = marks::table.filter(marks::incident.eq(incident)).into_boxed();
    if let Some(subject) = subject {
        query = query.filter(marks::subject_kind.eq(subject.kind())).filter(marks::subject.eq(subject.id()));
    }
    let rows: Vec<(i64, String, i64, String, i64, i64, i64, String, String)> = query.load(r.conn())?;
    rows.into_iter()
        .map(|(_, kind, id, counter, ordinal, at, amount, district, category)| {
            let subject = if kind == "person" { Subject::Person(id) } else { Subject::Need(id) };
            Ok(((subject, counter.parse::<Counter>()?, ordinal), Mark { at: Time(at), amount, district, category }))
        })
        .collect()
}

/// Differences of cells, merged over a batch and written once before its COMMIT.
#[derive(Default)]
pub struct CellDifferences(BTreeMap<CellKey, Amounts>);

impl CellDifferences {
    fn add(&mut self, incident: i64, calendar: Calendar, counter: Counter, mark: &Mark, sign: i64) {
        for key in cells_of(incident, calendar, mark) {
            self.0.entry(key).or_default().add(counter, sign * mark.amount);
        }
    }
}

/// The three cells that a mark is part of.
pub fn cells_of(incident: i64, calendar: Calendar, mark: &Mark) -> [CellKey; 3] {
    let day = calendar.report_day_end(mark.at);
    [
        (incident, Grain::HourDistrict, mark.district.clone(), calendar.hour_end(mark.at)),
        (incident, Grain::DayDistrict, mark.district.clone(), day),
        (incident, Grain::DayCategory, mark.category.clone(), day),
    ]
}

/// Everything that must be said once for each counter's column.
macro_rules! with_columns {
    ($($column:ident),+) => {
        impl Buffered for CellDifferences {
            fn merge(&mut self, other: Box<dyn Any>) {
                if let Ok(other) = other.downcast::<CellDifferences>() {
                    other.0.into_iter().for_each(|(key, amounts)| self.0.entry(key).or_default().add_all(&amounts));
                }
            }

            fn flush(&self, conn: &mut Conn) -> Result<()> {
                for ((incident, grain, dimension, bucket), amounts) in self.0.iter().filter(|(_, amounts)| !amounts.is_zero()) {
                    let [$($column),+] = amounts.0;
                    Portable(
                        diesel::insert_into(cells::table)
                            .values((
                                cells::incident.eq(incident),
                                cells::grain.eq(grain.as_str()),
                                cells::dimension.eq(dimension),
                                cells::bucket.eq(bucket.0),
                                $(cells::$column.eq($column)),+
                            ))
                            .on_conflict((cells::incident, cells::grain, cells::dimension, cells::bucket))
                            .do_update()
                            .set(($(cells::$column.eq(cells::$column + excluded(cells::$column))),+)),
                    )
                    .execute(conn)?;
                }
                Ok(())
            }
        }

        /// A cell, or several added up.
        #[derive(QueryableByName)]
        struct CellRow {
            #[diesel(sql_type = Text)]
            key: String,
            #[diesel(sql_type = BigInt)]
            bucket: i64,
            $(#[diesel(sql_type = BigInt)] $column: i64),+
        }

        impl CellRow {
            fn amounts(&self) -> Amounts {
                Amounts([$(self.$column),+])
            }
        }

        const SUMS: &str = concat!($(", CAST(SUM(", stringify!($column), ") AS BIGINT) AS ", stringify!($column)),+);
        const COLUMNS: &str = concat!($(", ", stringify!($column)),+);
    };
}

with_columns!(
    submissions,
    collected,
    tried,
    phone_verified,
    genuine,
    genuine_changed,
    already_solved,
    not_genuine,
    by_visit,
    urgent_people,
    urgent_episodes,
    urgent_in_groups,
    resource_matched,
    matched_by_claim,
    matched_by_answer,
    matched_by_referral,
    matched_before_phone,
    phoned_and_matched,
    fully_matched,
    delivered
);

#[derive(QueryableByName)]
struct MarksRow {
    #[diesel(sql_type = Text)]
    counter: String,
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = BigInt)]
    amount: i64,
}

/// Amounts by district as of an instant: whole report days, whole hours since, and the marks of the hour that has begun.
pub fn as_of(r: &mut Read<'_>, incident: i64, calendar: Calendar, at: Time) -> Result<BTreeMap<String, Amounts>> {
    let day = calendar.cut_off_reached(at);
    let hour = calendar.hour_reached(at).max(day);
    let mut districts = by_dimension(r, incident, Grain::DayDistrict, BEFORE_ALL, day)?;
    let hours = by_dimension(r, incident, Grain::HourDistrict, day, hour)?;
    for (district, amounts) in hours.into_iter().chain(between(r, incident, "district", hour, at)?) {
        districts.entry(district).or_default().add_all(&amounts);
    }
    Ok(districts)
}

/// Amounts by category as of a cut-off.
pub fn categories_until(r: &mut Read<'_>, incident: i64, cut_off: Time) -> Result<BTreeMap<String, Amounts>> {
    by_dimension(r, incident, Grain::DayCategory, BEFORE_ALL, cut_off)
}

/// Marks that fall in (after, until], added up by category: what a report day that has not ended yet holds so far.
pub fn categories_between(r: &mut Read<'_>, incident: i64, after: Time, until: Time) -> Result<BTreeMap<String, Amounts>> {
    between(r, incident, "category", after, until)
}

/// Amounts of each report day that ends at or before an instant and holds any.
pub fn by_day(r: &mut Read<'_>, incident: i64, until: Time) -> Result<BTreeMap<Time, Amounts>> {
    let text = format!("SELECT CAST('' AS TEXT) AS key, bucket{SUMS} {CELLS} GROUP BY bucket");
    let days = cell_rows(r, text, incident, Grain::DayDistrict, BEFORE_ALL, until)?.into_iter();
    Ok(days.map(|row| (Time(row.bucket), row.amounts())).filter(|(_, amounts)| !amounts.is_zero()).collect())
}

/// When the first mark was reached.
pub fn first_mark(r: &mut Read<'_>, incident: i64) -> Result<Option<Time>> {
    let first = marks::table.filter(marks::incident.eq(incident)).order(marks::at).select(marks::at).first::<i64>(r.conn()).optional()?;
    Ok(first.map(Time))
}

/// Every cell of one grain that ends in (after, until], as (district or category, end, amounts), ordered by end, then key.
pub fn cells(r: &mut Read<'_>, incident: i64, grain: Grain, after: Time, until: Time) -> Result<Vec<(String, Time, Amounts)>> {
    let text = format!("SELECT dimension AS key, bucket{COLUMNS} {CELLS} ORDER BY bucket, dimension");
    let rows = cell_rows(r, text, incident, grain, after, until)?.into_iter();
    Ok(rows.map(|row| (row.key.clone(), Time(row.bucket), row.amounts())).collect())
}

/// Every cell of an incident that is not all zero.
pub fn all_cells(r: &mut Read<'_>, incident: i64) -> Result<BTreeMap<CellKey, Amounts>> {
    let mut all = BTreeMap::new();
    for grain in Grain::ALL {
        let rows = cells(r, incident, *grain, Time(i64::MIN), Time(i64::MAX))?;
        let rows = rows.into_iter().filter(|(_, _, amounts)| !amounts.is_zero());
        all.extend(rows.map(|(dimension, bucket, amounts)| ((incident, *grain, dimension, bucket), amounts)));
    }
    Ok(all)
}

/// Instants are never before 1970.
const BEFORE_ALL: Time = Time(-1);

const CELLS: &str = "FROM cells WHERE incident = $1 AND grain = $2 AND bucket > $3 AND bucket <= $4";

fn by_dimension(r: &mut Read<'_>, incident: i64, grain: Grain, after: Time, until: Time) -> Result<BTreeMap<String, Amounts>> {
    let text = format!("SELECT dimension AS key, CAST(0 AS BIGINT) AS bucket{SUMS} {CELLS} GROUP BY dimension");
    let rows = cell_rows(r, text, incident, grain, after, until)?.into_iter();
    Ok(rows.map(|row| (row.key.clone(), row.amounts())).collect())
}

fn cell_rows(r: &mut Read<'_>, text: String, incident: i64, grain: Grain, after: Time, until: Time) -> Result<Vec<CellRow>> {
    Ok(diesel::sql_query(text)
        .bind::<BigInt, _>(incident)
        .bind::<Text, _>(grain.as_str())
        .bind::<BigInt, _>(after.0)
        .bind::<BigInt, _>(until.0)
        .load(r.conn())?)
}

/// Marks in (after, until] added up by a column.
fn between(r: &mut Read<'_>, incident: i64, column: &str, after: Time, until: Time) -> Result<BTreeMap<String, Amounts>> {
    let rows: Vec<MarksRow> = diesel::sql_query(format!(
        "SELECT counter, {column} AS key, CAST(SUM(amount) AS BIGINT) AS amount FROM marks \
         WHERE incident = $1 AND at > $2 AND at <= $3 GROUP BY counter, {column}"
    ))
    .bind::<BigInt, _>(incident)
    .bind::<BigInt, _>(after.0)
    .bind::<BigInt, _>(until.0)
    .load(r.conn())?;
    let mut all: BTreeMap<String, Amounts> = BTreeMap::new();
    for row in rows {
        all.entry(row.key).or_default().add(row.counter.parse()?, row.amount);
    }
    Ok(all)
}
