//! The command line: one file per group of commands. Every command but `serve` and `openapi` also works beside a running server.

mod demo;
mod incident;
mod openapi;
mod organisation;
mod region;
mod serve;
mod user;
mod verify;
mod words;

use std::sync::Arc;

use clap::{Parser, Subcommand};

use crate::app::{self, House};
use crate::clock::SystemClock;
use crate::config::Store;

/// Heli (合力): needs, phone verification, urgent response, matching and true numbers for communities in an emergency
#[derive(Parser)]
#[command(version, about)]
pub struct Cli {
    #[command(flatten)]
    store: Store,
    /// What the log holds, such as info or warn,heli=debug
    #[arg(long, env = "HELI_LOG", default_value = "info,actix_server=warn", global = true)]
    log: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve pages and the API
    Serve(serve::Args),
    /// Scenarios that show what Heli does
    #[command(subcommand)]
    Demo(demo::Command),
    /// Incidents
    #[command(subcommand)]
    Incident(incident::Command),
    /// Regions
    #[command(subcommand)]
    Region(region::Command),
    /// Organisations
    #[command(subcommand)]
    Organisation(organisation::Command),
    /// Accounts
    #[command(subcommand)]
    User(user::Command),
    /// Rebuild everything from the events and name every row that differs
    Verify(verify::Args),
    /// Print the OpenAPI document
    Openapi,
}

impl Cli {
    /// Carries out the command.
    pub fn run(self) -> anyhow::Result<()> {
        crate::telemetry::start_log(&self.log);
        match self.command {
            Command::Serve(args) => serve::run(&self.store, args),
            Command::Demo(command) => demo::run(&self.store, command),
            Command::Incident(command) => incident::run(&self.store, command),
            Command::Region(command) => region::run(&self.store, command),
            Command::Organisation(command) => organisation::run(&self.store, command),
            Command::User(command) => user::run(&self.store, command),
            Command::Verify(args) => verify::run(&self.store, &args),
            Command::Openapi => openapi::run(),
        }
    }
}

/// Opens the house for a command.
fn open(store: &Store) -> anyhow::Result<House> {
    app::open(store, Arc::new(SystemClock))
}
