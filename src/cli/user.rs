//! `heli user`: accounts from the command line, for the first administrator and for scripts.

use std::io::Read as _;

use anyhow::{Context, bail, ensure};
use clap::Subcommand;
use secrecy::{ExposeSecret, SecretString};

use crate::accounts::login::Login;
use crate::accounts::model::{Actor, Role};
use crate::accounts::passwords::Cost;
use crate::accounts::service::{Draft, Enrolment, enrol};
use crate::accounts::store::by_login;
use crate::app::House;
use crate::config::Store;
use crate::db::{Lane, Write};
use crate::error::{Error, Result};
use crate::ids::Reference;
use crate::organisations::model::Organisation;
use crate::{incidents, organisations};

/// What the audit writes in place of a request.
const REQUEST: &str = "command line";

/// What can be done with accounts.
#[derive(Subcommand)]
pub(super) enum Command {
    /// Create an account, or add roles to it
    Create(Create),
}

/// Options of `heli user create`.
#[derive(clap::Args)]
pub(super) struct Create {
    /// E-mail address, phone number or name to sign in with
    #[arg(long)]
    login: String,
    /// A role; may be given several times
    #[arg(long = "role", required = true, value_parser = role)]
    roles: Vec<Role>,
    /// The incident the roles are for
    #[arg(long, value_name = "SLUG")]
    incident: String,
    /// The organisation the person belongs to [default: the incident's desk, for operator, supervisor, data_officer and admin]
    #[arg(long, value_name = "NAME")]
    organisation: Option<String>,
    /// The roles count for this region and what lies in it [default: the whole incident; for community workers their community's region]
    #[arg(long, value_name = "CODE")]
    region: Option<String>,
    /// Read the password from the standard input
    #[arg(long, required = true)]
    password_stdin: bool,
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| {
        let all: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
        format!("no such role; there are {}", all.join(", "))
    })
}

/// Carries out the command.
pub(super) fn run(store: &Store, command: Command) -> anyhow::Result<()> {
    let Command::Create(create) = command;
    let login = Login::parse(&create.login).context(
        "--login is neither an e-mail address nor a phone number nor 3 to 64 small letters, digits, dots, dashes and underscores",
    )?;
    if create.organisation.is_none()
        && let Some(role) = create.roles.iter().find(|role| !role.of_the_desk())
    {
        bail!("the role {role} belongs to an organisation. Name it with --organisation");
    }
    let password = read_password()?;
    let house = super::open(store)?;
    add(&house, create, &login, password)
}

fn read_password() -> anyhow::Result<SecretString> {
    let mut text = String::new();
    std::io::stdin().take(4096).read_to_string(&mut text).context("the password can't be read from the standard input")?;
    let password = SecretString::from(text.trim_end_matches(['\r', '\n']));
    ensure!(password.expose_secret().chars().count() >= 8, "the password has fewer than 8 characters. Give a longer one");
    ensure!(password.expose_secret().len() <= 1024, "the password is longer than 1024 bytes");
    Ok(password)
}

fn add(house: &House, create: Create, login: &Login, password: SecretString) -> anyhow::Result<()> {
    let draft = Draft::new(&house.keys, login, None);
    let token = draft.login_token().to_vec();
    let known = house.db.read_blocking(Lane::Fast, move |r| by_login(r, &token))?;
    let stands = known.and_then(|user| user.password_hash);
    let same = stands.map(|hash| Cost::default().fits(&password, &hash)).transpose()?.unwrap_or(false);
    let draft = draft.password(if same { None } else { Some(Cost::default().hash(&password)?) });
    let (desk, name) = (Reference::random(), create.organisation.clone());
    let made = house.db.write_blocking(move |w| {
        let incident = incidents::store::by_slug(w, &create.incident)?;
        let organisation = match &create.organisation {
            Some(name) => named(w, incident.id, name, create.region.as_deref())?,
            None => Some(organisations::service::desk(w, &Actor::system(), REQUEST, incident.id, &desk)?),
        };
        let Some(organisation) = organisation else { return Ok(None) };
        let (roles, region) = (create.roles.clone(), create.region.clone());
        let enrolment = Enrolment { incident: incident.id, organisation: organisation.clone(), roles, region, at_once: true };
        let (user, _) = enrol(w, &Actor::system(), REQUEST, &draft, &enrolment)?;
        Ok(Some((user.reference, organisation)))
    });
    let (user, organisation) = match made {
        Ok(Some(made)) => made,
        Ok(None) => bail!(
            "no organisation {:?} has joined the incident. Run: heli organisation create NAME --kind KIND --incident SLUG",
            name.unwrap_or_default()
        ),
        Err(Error::NotFound) => bail!("there is no such incident. Run: heli incident create SLUG"),
        Err(Error::Invalid(_)) => bail!("--region is no code of a known region. Run: heli region import FILE --edition YEAR"),
        Err(error) => return Err(error.into()),
    };
    println!("{user}");
    if organisation.state != organisations::model::OrganisationState::Verified {
        eprintln!("heli: the organisation {:?} is not verified: its members can do nothing until it is", organisation.name);
    }
    Ok(())
}

/// The organisation of a name that joined the incident; where several share it, the one of the region.
fn named(w: &mut Write<'_>, incident: i64, name: &str, region: Option<&str>) -> Result<Option<Organisation>> {
    let mut joined = Vec::new();
    for organisation in organisations::store::by_name(w, name)? {
        if organisations::store::has_joined(w, incident, organisation.id)? {
            joined.push(organisation);
        }
    }
    let of_region = joined.iter().position(|organisation| organisation.region.as_deref() == region);
    Ok(if joined.is_empty() { None } else { Some(joined.swap_remove(of_region.unwrap_or(0))) })
}
