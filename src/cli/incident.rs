//! `heli incident …`

use anyhow::anyhow;

use super::words::{self, explain};
use crate::accounts::model::Actor;
use crate::clock::Time;
use crate::config::Store;
use crate::crypto::FreshPair;
use crate::db::Lane;
use crate::error::FieldCode;
use crate::incidents::model::{NewIncident, PublicFigures};
use crate::incidents::{rules, service};
use crate::regions;

/// Commands about incidents.
#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Create an incident (应急行动)
    Create(Create),
}

/// An incident to be created.
#[derive(clap::Args)]
pub(super) struct Create {
    /// What stands in addresses, such as xian-2022
    slug: String,
    /// Its name
    #[arg(long)]
    name: String,
    /// The zone its days and hours are counted in, such as Asia/Shanghai
    #[arg(long)]
    zone: String,
    /// When it began, such as 2021-12-22T00:00:00+08:00
    #[arg(long)]
    start: String,
    /// Code of the region it covers, such as 610100000000
    #[arg(long)]
    area: String,
    /// The hour at which a report day ends
    #[arg(long, default_value_t = rules::DEFAULT_CUT_OFF, allow_negative_numbers = true)]
    cut_off: i64,
    /// What the public sees of the figures: none, issued or live
    #[arg(long, default_value = "none", value_parser = public)]
    public: PublicFigures,
    /// An exercise (演练), marked as such on every page and export
    #[arg(long)]
    practice: bool,
}

const FLAGS: [words::Flag; 6] = [
    words::Flag { pointer: "/slug", name: "SLUG", mend: "give 1 to 40 of a-z, 0-9 and single dashes, such as xian-2022" },
    words::Flag { pointer: "/name", name: "--name", mend: "give one line of text" },
    words::Flag { pointer: "/zone", name: "--zone", mend: "name a zone of the tz database, such as Asia/Shanghai" },
    words::Flag {
        pointer: "/started_at",
        name: "--start",
        mend: "give time and offset, such as 2021-12-22T00:00:00+08:00, at most a year ahead",
    },
    words::Flag {
        pointer: "/area",
        name: "--area",
        mend: "give a 12-digit code, such as 610100000000 for 西安市; heli region import adds regions",
    },
    words::Flag { pointer: "/cut_off_hour", name: "--cut-off", mend: "give a full hour from 0 to 23" },
];

/// Carries out a command.
pub(super) fn run(store: &Store, command: Command) -> anyhow::Result<()> {
    let Command::Create(create) = command;
    let started_at =
        Time::parse(&create.start).ok_or_else(|| explain(crate::error::Error::field("/started_at", FieldCode::NotATime), &FLAGS))?;
    let house = super::open(store)?;
    regions::service::ensure_shipped(&house.db)?;
    let new = NewIncident {
        slug: create.slug,
        name: create.name,
        zone: create.zone,
        area: create.area,
        started_at,
        cut_off_hour: create.cut_off,
        public_figures: create.public,
        practice: create.practice,
        early_matching: false,
        demo: false,
    };
    let (keys, fresh) = (house.keys.clone(), FreshPair::new());
    let created = house.db.write_blocking(move |w| service::create(w, &Actor::system(), "command line", &keys, &fresh, &new));
    let incident = created.map_err(|error| explain(error, &FLAGS))?;
    let area = incident.area.clone();
    let area = house.db.read_blocking(Lane::Fast, move |r| regions::store::by_code(r, &area))?.map_or(incident.area, |area| area.full_name);
    let (slug, name, zone, hour) = (incident.slug, incident.name, incident.zone, incident.cut_off_hour);
    let practice = if incident.practice { ", practice" } else { "" };
    println!(
        "Created {slug}: {name}, {area}, {zone}, report days end at {hour:02}:00, public figures {}{practice}",
        incident.public_figures
    );
    Ok(())
}

fn public(text: &str) -> anyhow::Result<PublicFigures> {
    PublicFigures::parse(text).ok_or_else(|| anyhow!("give none, issued or live"))
}
