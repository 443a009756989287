//! `heli serve`: runs until it is told to stop.

use std::time::Duration;

use anyhow::ensure;
use tokio::signal::unix::{SignalKind, signal};

use crate::accounts::links::service::first_start;
use crate::app;
use crate::config::{self, Store};

/// Options of the server.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    serve: config::Serve,
}

/// Opens the house, serves, and stops in order.
pub(super) fn run(store: &Store, args: Args) -> anyhow::Result<()> {
    args.serve.settings()?;
    ensure!(
        !args.serve.demo || args.serve.listen.ip().is_loopback(),
        "--demo lets anybody in, so it serves this machine alone. Listen on 127.0.0.1"
    );
    let house = super::open(store)?;
    crate::regions::service::ensure_shipped(&house.db)?;
    if house.new_key_file {
        let file = store.key_file();
        println!("A key file was made: {}. Copy it elsewhere now; without it contacts are lost.", file.display());
    }
    if args.serve.demo {
        super::demo::ensure(&house)?;
    }
    let first = first_start(&house.db)?;
    actix_web::rt::System::new().block_on(async move {
        let running = app::start(&house, &args.serve)?;
        let place = args.serve.public_url.clone().unwrap_or_else(|| format!("http://{}", running.address));
        println!("Heli is at {place}");
        if let Some(link) = first {
            println!("Nobody administers it yet. This link works once, for 30 minutes: {}{}", place.trim_end_matches('/'), link.path());
        }
        let drain = told_to_stop(args.serve.drain_seconds).await?;
        running.stop(drain).await;
        tracing::info!("stopped");
        Ok(())
    })
}

/// Waits for the signal; somebody at the keyboard does not want to wait for a load balancer.
async fn told_to_stop(drain_seconds: u64) -> anyhow::Result<Duration> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => Ok(Duration::from_secs(drain_seconds)),
        _ = interrupt.recv() => Ok(Duration::ZERO),
    }
}
