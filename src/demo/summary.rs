//! What a loaded scenario amounts to, in words: figures as of an instant, districts that add up, and how long things took.

use std::collections::HashMap;
use std::fmt::{self, Display, Formatter};

use crate::clock::{MINUTE, Time};
use crate::counters::model::{Counter, Marks, Subject};
use crate::db::Read;
use crate::error::Result;
use crate::figures::model::{Counters, Figure, Row};
use crate::figures::rules::Sight;
use crate::figures::service::{When, counters};
use crate::incidents;
use crate::ledger::event::{Event, Kind};
use crate::ledger::{store, verify};

/// A scenario in figures.
pub struct Summary {
    name: String,
    events: usize,
    counters: Counters,
    delays: Vec<(&'static str, Delay)>,
}

/// How long something took: median, and where the shortest and longest tenth begin, in milliseconds.
struct Delay {
    count: usize,
    p10: i64,
    median: i64,
    p90: i64,
}

impl Summary {
    /// Reads it, as of an instant.
    pub fn read(r: &mut Read<'_>, slug: &str, at: Time, now: Time) -> Result<Summary> {
        let incident = incidents::store::by_slug(r, slug)?;
        let events = store::all_events(r, incident.id, None)?;
        let marks = verify::rebuild(r, incident.id, None)?.marks;
        let between = |from, to| Delay::of(spans(&marks, from, to));
        Ok(Summary {
            name: incident.name.clone(),
            events: events.len(),
            counters: counters(r, &incident, &Sight::Exact, When { at, now })?,
            delays: vec![
                ("submitted → followed up by phone", between(Counter::Collected, Counter::PhoneVerified)),
                ("followed up → matched", between(Counter::PhoneVerified, Counter::ResourceMatched)),
                ("matched → delivered", between(Counter::ResourceMatched, Counter::Delivered)),
                ("case opened → first response", Delay::of(responses(&events))),
            ],
        })
    }
}

/// For each root, from one mark to another.
fn spans(marks: &Marks, from: Counter, to: Counter) -> Vec<i64> {
    let needs = marks.iter().filter(|((subject, counter, _), _)| matches!(subject, Subject::Need(_)) && *counter == from);
    needs.filter_map(|((subject, _, _), mark)| Some(marks.get(&(*subject, to, 0))?.at.0 - mark.at.0)).collect()
}

/// For each case, from its opening to its first response.
fn responses(events: &[Event]) -> Vec<i64> {
    let voided: Vec<i64> = events.iter().filter_map(|event| event.voids).collect();
    let mut open: HashMap<i64, Time> = HashMap::new();
    let mut spans = Vec::new();
    for event in events.iter().filter(|event| !voided.contains(&event.id)) {
        match event.kind {
            Kind::CaseOpened {} => drop(open.insert(event.need, event.occurred_at)),
            Kind::Responded { .. } => spans.extend(open.remove(&event.need).map(|opened| event.occurred_at.0 - opened.0)),
            _ => {}
        }
    }
    spans
}

impl Delay {
    fn of(mut spans: Vec<i64>) -> Delay {
        spans.sort_unstable();
        let at = |part: usize| spans.get((spans.len().max(1) - 1) * part / 100).copied().unwrap_or(0);
        Delay { count: spans.len(), p10: at(10), median: at(50), p90: at(90) }
    }
}

impl Display for Summary {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Counters { collected, phone_verified, urgent_response: urgent, resource_matched, gaps, .. } = &self.counters;
        writeln!(f, "{}: {} events", self.name, self.events)?;
        writeln!(f, "As of {}:", self.counters.as_of)?;
        writeln!(f, "  收集需求信息 {collected} 项 ({} submissions)", self.counters.submissions)?;
        writeln!(f, "  电话核实跟进 {phone_verified} 项")?;
        writeln!(f, "  个案紧急回应 {} 人, {} 人次 (其中集体 {} 人)", urgent.people, urgent.episodes, urgent.in_groups)?;
        writeln!(f, "  资源匹配 {resource_matched} 项, in full {}, delivered {}", self.counters.fully_matched, self.counters.delivered)?;
        write!(f, "  not followed up {}, not matched {}, ", gaps.not_phoned, gaps.not_matched)?;
        writeln!(f, "followed up and not matched {}", gaps.phoned_not_matched)?;
        writeln!(f, "  {:<8} {:>6} {:>6} {:>6} {:>6}", "", "收集", "核实", "紧急", "匹配")?;
        let mut sums = [0; 4];
        for row in &self.counters.districts {
            let amounts = four(row);
            sums.iter_mut().zip(amounts).for_each(|(sum, amount)| *sum += amount);
            line(f, row.name.as_deref().unwrap_or(&row.code), amounts)?;
        }
        line(f, "合计", sums)?;
        for (what, delay) in &self.delays {
            let Delay { count, p10, median, p90 } = delay;
            writeln!(f, "  {what}: median {}, from {} (p10) to {} (p90), {count} times", Span(*median), Span(*p10), Span(*p90))?;
        }
        Ok(())
    }
}

fn four(row: &Row) -> [i64; 4] {
    [row.collected, row.phone_verified, row.urgent_response, row.resource_matched].map(|figure| match figure {
        Figure::Exact(amount) => amount,
        Figure::Step { from, .. } => from,
    })
}

fn line(f: &mut Formatter<'_>, name: &str, [collected, phoned, urgent, matched]: [i64; 4]) -> fmt::Result {
    // A Chinese character is two columns wide.
    let pad = 8usize.saturating_sub(2 * name.chars().count());
    writeln!(f, "  {name}{:pad$} {collected:>8} {phoned:>8} {urgent:>8} {matched:>8}", "")
}

/// A length of time in hours and minutes.
struct Span(i64);

impl Display for Span {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let minutes = self.0 / MINUTE;
        if minutes < 60 { write!(f, "{minutes} min") } else { write!(f, "{} h {:02} min", minutes / 60, minutes % 60) }
    }
}
