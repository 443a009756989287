//! `heli organisation …`

use anyhow::anyhow;

use super::words::{self, explain};
use crate::accounts::model::Actor;
use crate::config::Store;
use crate::ids::Reference;
use crate::organisations::model::{Kind, NewOrganisation};
use crate::organisations::service::{self, Ensured};
use crate::{incidents, regions};

/// Commands about organisations.
#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Create an organisation (组织) and let it join an incident
    Create(Create),
}

/// An organisation to be created.
#[derive(clap::Args)]
pub(super) struct Create {
    /// Its name
    name: String,
    /// community, social, government, enterprise or desk
    #[arg(long, value_parser = kind)]
    kind: Kind,
    /// Slug of the incident it joins
    #[arg(long)]
    incident: String,
    /// Code of the region it belongs to
    #[arg(long)]
    region: Option<String>,
    /// Its unified social credit code (统一社会信用代码)
    #[arg(long)]
    credit_code: Option<String>,
    /// Known to be what it says it is; otherwise an admin verifies it before its members can do anything
    #[arg(long)]
    verified: bool,
}

const FLAGS: [words::Flag; 3] = [
    words::Flag { pointer: "/name", name: "NAME", mend: "give one line of text" },
    words::Flag {
        pointer: "/region",
        name: "--region",
        mend: "give a 12-digit code, such as 610113003020; heli region import adds regions",
    },
    words::Flag { pointer: "/credit_code", name: "--credit-code", mend: "give the 18 characters as they are printed on the certificate" },
];

/// Carries out a command.
pub(super) fn run(store: &Store, command: Command) -> anyhow::Result<()> {
    let Command::Create(Create { name, kind, incident, region, credit_code, verified }) = command;
    let house = super::open(store)?;
    regions::service::ensure_shipped(&house.db)?;
    let new = NewOrganisation { name, kind, credit_code, region, verified };
    let (reference, slug) = (Reference::random(), incident.clone());
    let ensured = house.db.write_blocking(move |w| {
        let incident = incidents::store::by_slug(w, &slug)?;
        service::ensure(w, &Actor::system(), "command line", incident.id, &reference, &new)
    });
    let (organisation, done) = ensured.map_err(|error| explain(error, &FLAGS))?;
    let (name, reference, state) = (organisation.name, organisation.reference, organisation.state);
    match done {
        Ensured::Created => println!("Created {name} ({reference}), {state}, in {incident}"),
        Ensured::Joined => println!("{name} ({reference}), {state}, was known and has joined {incident}"),
        Ensured::Unchanged => println!("{name} ({reference}), {state}, is in {incident} already; nothing was changed"),
    }
    Ok(())
}

fn kind(text: &str) -> anyhow::Result<Kind> {
    Kind::parse(text).ok_or_else(|| anyhow!("give community, social, government, enterprise or desk"))
}
