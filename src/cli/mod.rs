//! The command line: one file per group of commands. Every command but `serve` and `openapi` also works beside a running server.

mod openapi;
mod serve;

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
    #[arg(long, env = "HELI_LOG", default_value = "info", global = true)]
    log: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve pages and the API
    Serve(serve::Args),
    /// Print the OpenAPI document
    Openapi,
}

impl Cli {
    /// Carries out the command.
    pub fn run(self) -> anyhow::Result<()> {
        crate::telemetry::start_log(&self.log);
        match self.command {
            Command::Serve(args) => serve::run(&self.store, args),
            Command::Openapi => openapi::run(),
        }
    }
}

/// Opens the house for a command.
fn open(store: &Store) -> anyhow::Result<House> {
    app::open(store, Arc::new(SystemClock))
}
