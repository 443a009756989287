//! `heli verify`: rebuilds everything from the events and names every row that is missing, extra or different.

use anyhow::bail;

use crate::app;
use crate::config::Store;
use crate::db::{Lane, Read};
use crate::error::Result;
use crate::incidents;
use crate::ledger::verify::Difference;

/// What to verify.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The figures of a snapshot (定版数据) instead, by its number
    #[arg(long, value_name = "N")]
    snapshot: Option<i64>,
}

/// Verifies every incident in one snapshot of the database, and fails where anything differs.
pub(super) fn run(store: &Store, args: &Args) -> anyhow::Result<()> {
    if let Some(number) = args.snapshot {
        bail!("this database holds no snapshots, so there is no number {number}; leave --snapshot out to verify every incident");
    }
    let house = super::open(store)?;
    let verified = house.db.read_blocking(Lane::Slow, verified)?;
    let (mut rows, mut wrong) = (0, 0);
    for (slug, found) in &verified {
        for difference in found {
            println!("{slug}: {difference}");
        }
        match found.len() {
            0 => println!("{slug}: everything is as the events say"),
            count => println!("{slug}: {count} differences"),
        }
        rows += found.len();
        wrong += usize::from(!found.is_empty());
    }
    if rows > 0 {
        bail!(
            "{rows} rows differ from what the events say, in {wrong} of {} incidents; keep a copy of the database and report them",
            verified.len()
        );
    }
    println!("{} incidents verified", verified.len());
    Ok(())
}

fn verified(r: &mut Read<'_>) -> Result<Vec<(String, Vec<Difference>)>> {
    let mut all = Vec::new();
    for incident in incidents::store::all(r)? {
        let mut found = Vec::new();
        for check in app::CHECKS {
            found.extend(check(r, incident.id)?);
        }
        found.sort();
        all.push((incident.slug, found));
    }
    Ok(all)
}
