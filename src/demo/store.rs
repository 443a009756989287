//! How far a scenario is played: a row of `meta`, moved on in the transaction of what was played.

use diesel::prelude::*;

use crate::db::schema::{incidents, meta};
use crate::db::{Portable, Read, Write};
use crate::error::{Error, Result};

fn key(slug: &str) -> String {
    format!("demo {slug}")
}

/// The number of its commands that are played, of how many; `None` where nothing is.
pub fn progress(r: &mut Read<'_>, slug: &str) -> Result<Option<Progress>> {
    let value: Option<String> = meta::table.find(key(slug)).select(meta::value).get_result(r.conn()).optional()?;
    value.map(|text| Progress::parse(&text)).transpose()
}

/// Begins to count; does nothing where that has been done.
pub fn begin(w: &mut Write<'_>, slug: &str, begun: Progress) -> Result<()> {
    let row = (meta::name.eq(key(slug)), meta::value.eq(begun.text()));
    Portable(diesel::insert_into(meta::table).values(row).on_conflict_do_nothing()).execute(w.conn())?;
    Ok(())
}

/// Moves on; false where somebody else has.
pub fn advance(w: &mut Write<'_>, slug: &str, from: Progress, to: Progress) -> Result<bool> {
    let row = meta::table.filter(meta::name.eq(key(slug))).filter(meta::value.eq(from.text()));
    Ok(diesel::update(row).set(meta::value.eq(to.text())).execute(w.conn())? == 1)
}

/// Whether there is an incident that no scenario has made.
pub fn has_real_incident(r: &mut Read<'_>) -> Result<bool> {
    let real = incidents::table.filter(incidents::demo.eq(false)).select(incidents::id).limit(1);
    Ok(real.get_result::<i64>(r.conn()).optional()?.is_some())
}

/// How far a scenario is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Commands played.
    pub played: usize,
    /// When loading began: the present of scenarios of the present, in milliseconds.
    pub began: i64,
    /// All commands are played.
    pub done: bool,
}

impl Progress {
    fn text(self) -> String {
        format!("{} {} {}", self.played, self.began, if self.done { "done" } else { "loading" })
    }

    fn parse(text: &str) -> Result<Progress> {
        let mut words = text.split(' ');
        let mut number = || words.next().and_then(|word| word.parse::<i64>().ok());
        match (number(), number(), text.rsplit(' ').next()) {
            (Some(played), Some(began), Some(state)) => Ok(Progress { played: played as usize, began, done: state == "done" }),
            _ => Err(Error::internal("the progress of a scenario can't be read")),
        }
    }
}
