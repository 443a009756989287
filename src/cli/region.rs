//! `heli region …`

use std::path::PathBuf;

use anyhow::{Context, bail};

use crate::config::Store;
use crate::regions::service::{self, ImportError};

/// Commands about regions.
#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Import a list of regions (CSV; the format is in data/README.md)
    Import(Import),
    /// Name a group of regions that lies across the tree, such as a development zone (开发区); its members replace those it had
    Group(Group),
}

/// A list to be imported.
#[derive(clap::Args)]
pub(super) struct Import {
    /// The file
    file: PathBuf,
    /// The year of the list
    #[arg(long, value_parser = clap::value_parser!(i64).range(1900..=2200))]
    edition: i64,
}

/// A group to be set.
#[derive(clap::Args)]
pub(super) struct Group {
    /// Its name
    name: String,
    /// Codes of the regions in it, each with all that lies in it
    #[arg(long, value_delimiter = ',', required = true)]
    regions: Vec<String>,
}

/// Faults that are printed before the rest is only counted.
const SHOWN: usize = 50;

/// Carries out a command.
pub(super) fn run(store: &Store, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Import(import) => self::import(store, &import),
        Command::Group(group) => self::group(store, group),
    }
}

fn import(store: &Store, import: &Import) -> anyhow::Result<()> {
    let file = import.file.display();
    let csv = std::fs::read(&import.file).with_context(|| format!("{file} can't be read"))?;
    let house = super::open(store)?;
    match service::import(&house.db, import.edition, &csv) {
        Ok(done) if done.added + done.changed == 0 => {
            println!("Edition {}: all {} regions are known; nothing was changed", import.edition, done.unchanged)
        }
        Ok(done) => println!(
            "Edition {}: {} regions added ({} of them parents that the list lacks), {} changed, {} as they were",
            import.edition, done.added, done.made, done.changed, done.unchanged
        ),
        Err(ImportError::Faults(faults)) => {
            for fault in faults.iter().take(SHOWN) {
                eprintln!("{file}, {fault}");
            }
            let more = faults.len().saturating_sub(SHOWN);
            if more > 0 {
                eprintln!("… and {more} more");
            }
            bail!("nothing was imported: mend the lines named above, then run it again");
        }
        Err(ImportError::Failed(error)) => return Err(error).context("the import was broken off; run it again to complete it"),
    }
    Ok(())
}

fn group(store: &Store, group: Group) -> anyhow::Result<()> {
    let house = super::open(store)?;
    let Group { name, regions } = group;
    let set = house.db.write_blocking(move |w| service::set_group(w, &name, &regions));
    let group = set.map_err(|error| super::words::explain(error, &GROUP_FLAGS))?;
    println!("{}: {} regions", group.name, group.codes.len());
    Ok(())
}

const GROUP_FLAGS: [super::words::Flag; 2] = [
    super::words::Flag { pointer: "/name", name: "NAME", mend: "give one line of text" },
    super::words::Flag { pointer: "/regions", name: "--regions", mend: "give codes of known regions, joined by commas" },
];
