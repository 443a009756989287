//! `heli demo`: scenarios that show what the house does.

use anyhow::anyhow;

use crate::app::House;
use crate::config::Store;
use crate::db::Lane;
use crate::demo::{self, Loaded, Scenario};

/// Commands about scenarios.
#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Load a scenario; loading it again changes nothing
    Load {
        /// Which one: xian-2022 or practice
        #[arg(value_parser = scenario)]
        name: Scenario,
    },
}

fn scenario(text: &str) -> anyhow::Result<Scenario> {
    Scenario::parse(text).ok_or_else(|| {
        let all: Vec<&str> = Scenario::ALL.iter().map(|scenario| scenario.as_str()).collect();
        anyhow!("there is no such scenario; there are {}", all.join(" and "))
    })
}

/// Carries out a command.
pub(super) fn run(store: &Store, command: Command) -> anyhow::Result<()> {
    let Command::Load { name } = command;
    load(&super::open(store)?, name)
}

fn load(house: &House, scenario: Scenario) -> anyhow::Result<()> {
    println!("Loading {scenario} …");
    match scenario.load(&house.db, &house.keys)? {
        Loaded::Now => println!("Loaded {scenario}"),
        Loaded::Already => println!("{scenario} is loaded already; nothing was changed"),
    }
    let now = house.db.clock().now();
    let summary = house.db.read_blocking(Lane::Slow, move |r| demo::Summary::read(r, scenario.as_str(), scenario.headline(now), now))?;
    print!("{summary}");
    Ok(())
}

/// Loads every scenario that is not there yet, for `heli serve --demo`; refused where somebody's real incident is.
pub(super) fn ensure(house: &House) -> anyhow::Result<()> {
    if demo::has_real_incident(&house.db)? {
        return Err(anyhow!(
            "--demo is refused: this database holds an incident that is no demo, and the demo signs anybody in. Choose another HELI_DATA_DIR"
        ));
    }
    for scenario in Scenario::ALL {
        load(house, *scenario)?;
    }
    Ok(())
}
