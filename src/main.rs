//! The program: reads the command line and says what went wrong, in words.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match heli::cli::Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("heli: {error:#}");
            ExitCode::FAILURE
        }
    }
}
